/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "ctl/command.h"
#include "ctl/listing.h"
#include "ctl/output.h"
#include "ctl/pool-path.h"

/* How pools are used over time, and when they get too small. */

#define BAR 40

/* 0 for what is not there, or not known */
static gint64
get_number (JsonNode *node, const gchar *field)
{
  JsonNode *value = floe_json_get_value (node, field, G_TYPE_INT64);

  return value != NULL ? json_node_get_int (value) : 0;
}

static gchar *
describe_soon (JsonNode *forecast)
{
  g_autofree gchar *on = floe_json_get_shown (forecast, "on");
  g_autofree gchar *earliest = floe_json_get_shown (forecast, "earliest");
  g_autofree gchar *latest = floe_json_get_shown (forecast, "latest");

  if (floe_json_get_text (forecast, "latest") == NULL)
    /* Translators: dates; the second one is the earliest that is likely */
    return g_strdup_printf (_ ("too small from about %s on (%s, or much later)"), on, earliest);
  /* Translators: dates; the second and the third say how far off that may be */
  return g_strdup_printf (_ ("too small from about %s on (between %s and %s)"), on, earliest,
                          latest);
}

static gchar *
describe (JsonNode *forecast)
{
  const gchar *verdict = floe_json_get_text (forecast, "verdict");

  if (g_strcmp0 (verdict, "soon") == 0)
    return describe_soon (forecast);
  if (g_strcmp0 (verdict, "now") == 0)
    return g_strdup (_ ("too small already on busy days"));
  if (g_strcmp0 (verdict, "enough") == 0)
    return g_strdup (_ ("large enough for the next 90 days"));
  return g_strdup (_ ("too little is known yet"));
}

static void
add_number (FloeTable *table, gint64 value)
{
  g_autofree gchar *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  floe_table_add (table, text);
}

static void
add_shown (FloeTable *table, JsonNode *node, const gchar *path)
{
  g_autofree gchar *text = floe_json_get_shown_at (node, path);

  floe_table_add (table, text);
}

static void
add_seconds (FloeTable *table, gint64 ms)
{
  g_autofree gchar *text = g_strdup_printf ("%.1f", (gdouble)ms / 1000);

  floe_table_add (table, text);
}

static gint64
count_unserved (JsonNode *seen)
{
  JsonNode *unserved = floe_json_get (seen, "unserved");

  return get_number (unserved, "left") + get_number (unserved, "failed")
         + get_number (unserved, "full") + get_number (unserved, "closed");
}

static void
print_pools (JsonNode *answer)
{
  static const gchar *const headings[] = {
    N_ ("POOL"),     N_ ("SIZE"),           N_ ("LENT"),     N_ ("SPARES"),
    N_ ("WAITING"),  N_ ("PEAK 24 H"),      N_ ("AT ONCE"),  N_ ("LATER"),
    N_ ("UNSERVED"), N_ ("LONGEST WAIT S"), N_ ("FORECAST"), NULL,
  };
  g_autoptr (FloeTable) table = floe_table_new_with (headings);

  for (guint i = 0; i < floe_json_get_length (answer, "items"); i++)
    {
      JsonNode *pool = floe_json_get_element (answer, "items", i);
      JsonNode *day = floe_json_get (pool, "day");
      g_autofree gchar *forecast = describe (floe_json_get (pool, "forecast"));

      add_shown (table, pool, "pool");
      add_shown (table, pool, "now.size");
      add_shown (table, pool, "now.used");
      add_shown (table, pool, "now.spares");
      add_shown (table, pool, "now.waiting");
      add_shown (table, day, "demand");
      add_shown (table, day, "served_at_once");
      add_shown (table, day, "served_later");
      add_number (table, count_unserved (day));
      add_seconds (table, get_number (day, "longest_wait_ms"));
      floe_table_add (table, forecast);
    }
  floe_table_print (table);
}

/* most: what the whole bar stands for */
static gchar *
draw_bar (JsonNode *slot, gint64 most)
{
  gint64 used = get_number (slot, "used");
  gint64 demand = MAX (get_number (slot, "demand"), used);
  gint64 size = get_number (slot, "size");
  GString *bar = g_string_new (NULL);

  for (gint64 i = 0; i < BAR; i++)
    {
      gint64 at = i * most / BAR;

      g_string_append_c (bar, at < used ? '#' : at < demand ? '!' : at < size ? '.' : ' ');
    }
  return g_string_free (bar, FALSE);
}

static void
print_slots (JsonNode *answer)
{
  static const gchar *const headings[] = { N_ ("AT"),    N_ ("LENT"),     N_ ("PEAK"),
                                           N_ ("SIZE"),  N_ ("SPARES"),   N_ ("AT ONCE"),
                                           N_ ("LATER"), N_ ("UNSERVED"), N_ ("LONGEST WAIT S"),
                                           NULL };
  g_autoptr (FloeTable) table = floe_table_new_with (headings);
  guint n = floe_json_get_length (answer, "slots");
  gint64 most = 1;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *slot = floe_json_get_element (answer, "slots", i);

      most = MAX (most, MAX (get_number (slot, "size"), get_number (slot, "demand")));
    }
  for (guint i = 0; i < n; i++)
    {
      JsonNode *slot = floe_json_get_element (answer, "slots", i);
      g_autofree gchar *bar = draw_bar (slot, most);

      add_shown (table, slot, "at");
      floe_table_add (table, bar);
      add_shown (table, slot, "demand");
      add_shown (table, slot, "size");
      add_shown (table, slot, "spares");
      add_shown (table, slot, "served_at_once");
      add_shown (table, slot, "served_later");
      add_number (table, count_unserved (slot));
      add_seconds (table, get_number (slot, "longest_wait_ms"));
    }
  floe_table_print (table);
}

static void
print_pool (JsonNode *answer)
{
  g_autofree gchar *name = floe_json_get_shown (answer, "pool");
  g_autofree gchar *forecast = describe (floe_json_get (answer, "forecast"));

  /* Translators: a pool's name, and what is to be expected of it */
  g_print (_ ("%s: %s\n"), name, forecast);
  if (floe_json_get_length (answer, "slots") == 0)
    return;
  g_print ("%s\n\n", _ ("# lent, ! waited for beyond that, . what else there is"));
  print_slots (answer);
}

static gboolean
show_pool (FloeCtl *self, const gchar *pool, const gchar *const *query, GError **error)
{
  static const gchar *const names[] = { "step", "since", "until" };
  g_autofree gchar *plain = floe_ctl_pool_path (pool, "capacity", error);
  g_autoptr (GString) path = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (plain == NULL)
    return FALSE;
  path = g_string_new (plain);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    floe_ctl_add_query (path, names[i], query[i]);
  answer = floe_ctl_call_as_user (self, "GET", path->str, NULL, error);
  if (answer == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (answer);
  else
    print_pool (answer);
  return TRUE;
}

static gboolean
show_all (FloeCtl *self, GError **error)
{
  g_autoptr (JsonNode) answer = floe_ctl_list (self, "admin/capacity?limit=500", 0, error);

  if (answer == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (answer);
  else if (floe_json_get_length (answer, "items") == 0)
    g_print ("%s\n", _ ("There is no pool."));
  else
    print_pools (answer);
  return TRUE;
}

static gboolean
run_capacity (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *step = NULL;
  g_autofree gchar *since = NULL;
  g_autofree gchar *until = NULL;
  const GOptionEntry entries[] = { { "step", 0, 0, G_OPTION_ARG_STRING, &step, NULL, NULL },
                                   { "since", 0, 0, G_OPTION_ARG_STRING, &since, NULL, NULL },
                                   { "until", 0, 0, G_OPTION_ARG_STRING, &until, NULL, NULL },
                                   { NULL } };

  if (!floe_ctl_parse (self, &args, entries, 0, 1, error))
    return FALSE;
  if (args[1] != NULL)
    return show_pool (self, args[1], (const gchar *const[]){ step, since, until }, error);
  if (step == NULL && since == NULL && until == NULL)
    return show_all (self, error);
  floe_ctl_set_usage (error, _ ("--step, --since and --until need a POOL"));
  return FALSE;
}

const FloeCtlCommand floe_ctl_capacity_commands[] = {
  { "capacity", N_ ("[POOL [--step 5m|hour|day] [--since TIME] [--until TIME]]"),
    N_ ("Show how pools are used over time, who waited, and when they get too small"),
    run_capacity },
  { NULL },
};
