/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lifecycle-table.h"
#include "core/names.h"

/* The words of the lifecycle: in the store, in the API, and in the table as it is printed. */

static const gchar *const event_names[FLOE_N_EVENTS] = {
  "claim",
  "connect",
  "release",
  "not-collected",
  "reset-due",
  "remove-due",
  "start-due",
  "stop-due",
  "force-off-due",
  "shut-down-due",
  "move-due",
  "attach-due",
  "created",
  "removed",
  "moved",
  "attached",
  "given-back",
  "taken-away",
  "powered-on",
  "powered-off",
  "paused",
  "crashed",
  "host-lost",
  "gone",
  "guest-ready",
  "guest-away",
  "guest-logged-in",
  "guest-logged-off",
  "ticket-set",
  "ticket-unused",
  "console-connected",
  "console-ended",
  "start-failed",
  "reset-failed",
  "create-failed",
  "remove-failed",
  "stop-failed",
  "move-failed",
  "attach-failed",
  "guest-failed",
};
static const gchar *const kind_names[] = { "floating", "dedicated", "static" };
static const gchar *const nature_names[] = { "floating", "disposable", "kept", "engine",
                                             "engine-kept" };
static const gchar *const guest_names[] = { "unknown", "booting", "ready", "logged-in" };
static const gchar *const console_names[] = { "none", "connecting", "connected", "lost" };
static const gchar *const lease_names[] = { "none", "held" };
static const gchar *const clean_names[] = { "clean", "dirty", "resetting", "broken" };
static const gchar *const intent_names[] = { "none",   "start", "reset", "create",
                                             "remove", "stop",  "move",  "attach" };
static const gchar *const action_names[] = { "power on",    "power off",    "close display",
                                             "start grace", "cancel grace", "retry later",
                                             "create",      "remove",       "shut down",
                                             "move",        "attach",       "note lost",
                                             "prepare",     "give back" };

#define NAME_OF(names, value) ((guint)(value) < G_N_ELEMENTS (names) ? (names)[value] : "unknown")

static guint
value_of (const gchar *const *names, guint n, const gchar *name)
{
  gint found = floe_names_find (names, n, name);

  return found >= 0 ? (guint)found : 0;
}

const gchar *
floe_event_name (FloeEvent event)
{
  return NAME_OF (event_names, event);
}

const gchar *
floe_nature_name (FloeNature nature)
{
  return NAME_OF (nature_names, nature);
}

const gchar *
floe_lease_fact_name (FloeLeaseFact lease)
{
  return NAME_OF (lease_names, lease);
}

const gchar *
floe_pool_kind_name (FloePoolKind kind)
{
  return NAME_OF (kind_names, kind);
}

gboolean
floe_pool_kind_from_name (const gchar *name, FloePoolKind *kind)
{
  *kind = value_of (kind_names, G_N_ELEMENTS (kind_names), name);
  return g_strcmp0 (kind_names[*kind], name) == 0;
}

const gchar *
floe_guest_name (FloeGuest guest)
{
  return NAME_OF (guest_names, guest);
}

FloeGuest
floe_guest_from_name (const gchar *name)
{
  return value_of (guest_names, G_N_ELEMENTS (guest_names), name);
}

const gchar *
floe_console_name (FloeConsole console)
{
  return NAME_OF (console_names, console);
}

FloeConsole
floe_console_from_name (const gchar *name)
{
  return value_of (console_names, G_N_ELEMENTS (console_names), name);
}

const gchar *
floe_clean_name (FloeClean clean)
{
  return NAME_OF (clean_names, clean);
}

/* A name that nobody knows is broken, never clean: nothing is lent because of damaged data. */
FloeClean
floe_clean_from_name (const gchar *name)
{
  FloeClean clean = value_of (clean_names, G_N_ELEMENTS (clean_names), name);

  return g_strcmp0 (clean_names[clean], name) == 0 ? clean : FLOE_CLEAN_BROKEN;
}

const gchar *
floe_intent_name (FloeIntent intent)
{
  return NAME_OF (intent_names, intent);
}

FloeIntent
floe_intent_from_name (const gchar *name)
{
  return value_of (intent_names, G_N_ELEMENTS (intent_names), name);
}

/* Printing. */

static void
print_set (GString *out, guint8 set, const gchar *const *names, guint n)
{
  const gchar *between = "";

  g_string_append (out, "| ");
  for (guint i = 0; set != ANY && i < n; i++)
    if (set & ONE (i))
      {
        g_string_append_printf (out, "%s%s", between, names[i]);
        between = ", ";
      }
  g_string_append_c (out, ' ');
}

static void
print_to (GString *out, const gchar *fact, guint8 to, const gchar *const *names)
{
  if (to != KEEP)
    g_string_append_printf (out, "%s %s; ", fact, names[to - 1]);
}

static const gchar *const power_list[] = { "unknown", "off",      "starting", "on",
                                           "paused",  "stopping", "crashed" };

static void
print_row (GString *out, const FloeLifecycleRow *row)
{
  g_string_append_printf (out, "| %s ", event_names[row->event]);
  print_set (out, row->nature, nature_names, G_N_ELEMENTS (nature_names));
  print_set (out, row->power, power_list, G_N_ELEMENTS (power_list));
  print_set (out, row->guest, guest_names, G_N_ELEMENTS (guest_names));
  print_set (out, row->console, console_names, G_N_ELEMENTS (console_names));
  print_set (out, row->lease, lease_names, G_N_ELEMENTS (lease_names));
  print_set (out, row->clean, clean_names, G_N_ELEMENTS (clean_names));
  print_set (out, row->intent, intent_names, G_N_ELEMENTS (intent_names));
  g_string_append (out, "| ");
  print_to (out, "power", row->to_power, power_list);
  print_to (out, "guest", row->to_guest, guest_names);
  print_to (out, "console", row->to_console, console_names);
  print_to (out, "lease", row->to_lease, lease_names);
  print_to (out, "clean", row->to_clean, clean_names);
  print_to (out, "intent", row->to_intent, intent_names);
  g_string_append (out, "| ");
  for (guint i = 0; i < G_N_ELEMENTS (action_names); i++)
    if (row->actions & (1u << i))
      g_string_append_printf (out, "%s; ", action_names[i]);
  g_string_append_printf (out, "| %s |\n", row->why);
}

/**
 * floe_lifecycle_print:
 *
 * Returns: (transfer full): the table in Markdown, as docs/lifecycle.md holds it
 */
gchar *
floe_lifecycle_print (void)
{
  GString *out = g_string_new (
      "| event | nature | power | guest | console | lease | clean | intent | becomes | actions | "
      "why |\n|---|---|---|---|---|---|---|---|---|---|---|\n");

  for (guint i = 0; i < floe_lifecycle_rows_length; i++)
    print_row (out, &floe_lifecycle_rows[i]);
  return g_string_free (out, FALSE);
}
