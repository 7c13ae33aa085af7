/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/pool-show.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl/listing.h"
#include "ctl/output.h"

#define LABEL_WIDTH 24

static void
print_text (const gchar *label, const gchar *text)
{
  gint fill = MAX (1, LABEL_WIDTH - (gint)floe_text_width (label));

  g_print ("%s:%*s%s\n", label, fill, "", text);
}

static void
print_line (const gchar *label, JsonNode *node, const gchar *field)
{
  g_autofree gchar *shown = floe_json_get_shown (node, field);

  print_text (label, shown);
}

static void
print_window (const gchar *label, JsonNode *window)
{
  g_autofree gchar *days = floe_json_get_shown (window, "days");
  g_autofree gchar *from = floe_json_get_shown (window, "from");
  g_autofree gchar *to = floe_json_get_shown (window, "to");
  g_autofree gchar *spares = floe_json_get_shown (window, "spares");
  g_autofree gchar *text = g_strdup_printf ("%s %s-%s: %s", days, from, to, spares);

  print_text (label, text);
}

/* Scripts are for --json. */
static void
print_script (const gchar *label, JsonNode *template, const gchar *field)
{
  const gchar *script = floe_json_get_text (template, field);
  g_autofree gchar *text = NULL;

  if (script != NULL)
    text =
        g_strdup_printf (ngettext ("%u byte", "%u bytes", strlen (script)), (guint)strlen (script));
  print_text (label, text != NULL ? text : "-");
}

static void
print_template (JsonNode *template)
{
  print_line (_ ("Template"), template, "domain");
  print_line (_ ("Storage"), template, "storage");
  print_line (_ ("Shared storage"), template, "shared");
  print_line (_ ("Prefix"), template, "prefix");
  print_line (_ ("At least"), template, "minimum");
  print_line (_ ("At most"), template, "maximum");
  print_line (_ ("Canary (percent)"), template, "canary_percent");
  print_line (_ ("Personality"), template, "personality");
  print_script (_ ("First boot"), template, "first_boot");
  print_script (_ ("Last words"), template, "last_words");
}

/* What the engine decides. */
static void
print_engine (JsonNode *says)
{
  if (says == NULL)
    return;
  print_line (_ ("VMs there"), says, "size");
  print_line (_ ("Kept running there"), says, "prestarted");
  print_line (_ ("For each person there"), says, "per_user");
  print_line (_ ("Type there"), says, "type");
}

static void
print_source (JsonNode *pool)
{
  JsonNode *domains = floe_json_get (pool, "domains");
  JsonNode *template = floe_json_get (pool, "template");
  JsonNode *engine = floe_json_get (pool, "engine");

  if (engine != NULL)
    {
      print_line (_ ("Engine"), pool, "manager");
      print_line (_ ("Its pool"), engine, "pool");
      print_line (_ ("Assigned by"), engine, "assign");
      print_engine (floe_json_get (pool, "engine_says"));
    }
  else if (template != NULL)
    print_template (template);
  else if (floe_json_get (domains, "pattern") != NULL)
    print_line (_ ("Domains like"), domains, "pattern");
  else
    print_line (_ ("Domains by metadata"), domains, "metadata");
}

static void
print_sizes (JsonNode *pool)
{
  print_line (_ ("For each person"), pool, "per_user");
  print_line (_ ("Spares"), pool, "spares");
  for (guint i = 0; i < floe_json_get_length (pool, "schedule"); i++)
    print_window (_ ("Spares at times"), floe_json_get_element (pool, "schedule", i));
  print_line (_ ("Data disk (GiB)"), pool, "data_gib");
}

static void
print_ends (JsonNode *pool)
{
  print_line (_ ("Ready (seconds)"), pool, "ready_seconds");
  print_line (_ ("Host lost (seconds)"), pool, "host_loss_seconds");
  print_line (_ ("Grace (seconds)"), pool, "grace_seconds");
  print_line (_ ("After a disconnect"), pool, "on_disconnect");
  print_line (_ ("After a log-off"), pool, "on_log_off");
  print_line (_ ("After a shut-down"), pool, "on_shut_down");
  print_line (_ ("After the account's end"), pool, "on_account_end");
  print_line (_ ("Idle (seconds)"), pool, "idle_seconds");
  print_line (_ ("When idle"), pool, "on_idle");
  print_line (_ ("Limit (seconds)"), pool, "limit_seconds");
  print_line (_ ("At the limit"), pool, "on_limit");
  print_line (_ ("Holders may"), pool, "actions");
  print_line (_ ("VNC"), pool, "vnc");
  print_line (_ ("Screenshots"), pool, "screenshots");
}

/* An older broker has no policy. */
static void
print_policy (JsonNode *policy)
{
  JsonNode *usb = floe_json_get (policy, "usb");

  if (policy == NULL)
    return;
  print_line (_ ("Clipboard"), policy, "clipboard");
  print_line (_ ("Files"), policy, "files");
  print_line (_ ("Shared folder"), policy, "folder");
  print_line (_ ("USB devices"), usb, "allowed");
  print_line (_ ("USB filter"), usb, "filter");
  print_line (_ ("USB at the beginning"), usb, "connect");
  print_line (_ ("Playback"), policy, "playback");
  print_line (_ ("Microphone"), policy, "record");
  print_line (_ ("Smartcards"), policy, "smartcard");
}

static void
print_from (JsonNode *from)
{
  print_line (_ ("From terminals"), from, "terminals");
  print_line (_ ("From terminal groups"), from, "terminal_groups");
  print_line (_ ("From networks"), from, "networks");
}

static void
print_definition (JsonNode *pool)
{
  JsonNode *entitlements = floe_json_get (pool, "entitlements");

  print_line (_ ("Name"), pool, "name");
  print_line (_ ("Description"), pool, "description");
  print_line (_ ("Kind"), pool, "kind");
  print_line (_ ("Manager"), pool, "manager");
  print_source (pool);
  print_line (_ ("Groups"), entitlements, "groups");
  print_line (_ ("Users"), entitlements, "users");
  print_line (_ ("Helpdesk"), pool, "helpdesk_groups");
  print_from (floe_json_get (pool, "from"));
  print_sizes (pool);
  print_ends (pool);
  print_policy (floe_json_get (pool, "policy"));
  print_line (_ ("Closed"), pool, "closed");
  print_line (_ ("Message"), pool, "message");
  print_line (_ ("Drain"), pool, "drain");
}

/* What the broker is about in it; an older one does not say. */
static void
print_keeper (JsonNode *keeper)
{
  if (keeper == NULL)
    return;
  print_line (_ ("Spares wanted"), keeper, "spares_wanted");
  print_line (_ ("Spares ready"), keeper, "spares_ready");
  print_line (_ ("Being started"), keeper, "starting");
  print_line (_ ("Being made"), keeper, "making");
  print_line (_ ("Broker says"), keeper, "note");
  print_line (_ ("Failures in a row"), keeper, "failures");
  print_line (_ ("Waits until"), keeper, "not_before");
  print_line (_ ("To be renewed"), keeper, "renew");
}

static const FloeListing revisions = {
  NULL,
  (const gchar *const[]){ N_ ("REVISION"), N_ ("STATE"), N_ ("SINCE"), N_ ("TRIED"), N_ ("FAILED"),
                          N_ ("PROBLEM"), NULL },
  (const gchar *const[]){ "number", "state", "since", "tries", "failures", "problem", NULL },
  NULL,
};

static const FloeListing members = {
  NULL,
  (const gchar *const[]){ N_ ("DESKTOP"), N_ ("HOST"), N_ ("REVISION"), N_ ("POWER"), N_ ("CLEAN"),
                          N_ ("HOLDER"), N_ ("TERMINAL"), N_ ("REFUSAL"), N_ ("PROBLEM"), NULL },
  (const gchar *const[]){ "name", "host", "revision", "power", "clean", "holder", "terminal",
                          "refusal", "problem", NULL },
  NULL,
};

/* Nothing when it is empty. */
static void
print_part (JsonNode *answer, const gchar *name, const FloeListing *listing)
{
  if (floe_json_get_length (answer, name) == 0)
    return;
  g_print ("\n");
  floe_ctl_print_listing (listing, answer, name);
}

/* The broker tells of the first ones only. */
static void
print_rest (JsonNode *pool)
{
  JsonNode *total = floe_json_get_value (floe_json_get (pool, "counts"), "total", G_TYPE_INT64);
  gint64 rest = total != NULL && floe_json_get (pool, "desktops") != NULL
                    ? json_node_get_int (total) - floe_json_get_length (pool, "desktops")
                    : 0;

  if (rest > 0)
    /* Translators: a number of desktops */
    g_print (ngettext ("and %u more; see \"floectl desktop list\"\n",
                       "and %u more; see \"floectl desktop list\"\n", (gulong)rest),
             (guint)rest);
}

/**
 * floe_ctl_print_pool:
 * @pool: what the broker answered
 *
 * Prints a pool for people: how it is defined, how it is, and its desktops.
 */
void
floe_ctl_print_pool (JsonNode *pool)
{
  JsonNode *counts = floe_json_get (pool, "counts");
  JsonNode *keeper = floe_json_get (pool, "keeper");

  print_definition (pool);
  print_line (_ ("Free"), counts, "free");
  print_line (_ ("Held"), counts, "held");
  print_line (_ ("Total"), counts, "total");
  print_line (_ ("Problem"), pool, "problem");
  print_keeper (keeper);
  print_part (keeper, "revisions", &revisions);
  print_part (pool, "desktops", &members);
  print_rest (pool);
}
