/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-desktop-rows.h"

static void
read_facts (FloeSqlRows *rows, FloeDesktop *desktop)
{
  FloeFacts *facts = &desktop->facts;

  facts->power = floe_power_from_name (floe_sql_rows_get_text (rows, 5));
  facts->guest = floe_guest_from_name (floe_sql_rows_get_text (rows, 7));
  facts->console = floe_console_from_name (floe_sql_rows_get_text (rows, 9));
  facts->lease = floe_sql_rows_is_null (rows, 27) ? FLOE_LEASE_NONE : FLOE_LEASE_HELD;
  facts->clean = floe_clean_from_name (floe_sql_rows_get_text (rows, 12));
  facts->intent = floe_intent_from_name (floe_sql_rows_get_text (rows, 14));
  desktop->times[0] = floe_sql_rows_get_int (rows, 6);
  desktop->times[1] = floe_sql_rows_get_int (rows, 8);
  desktop->times[2] = floe_sql_rows_get_int (rows, 10);
  desktop->times[3] = floe_sql_rows_get_int (rows, 11);
  desktop->times[4] = floe_sql_rows_get_int (rows, 13);
  desktop->times[5] = floe_sql_rows_get_int (rows, 15);
  desktop->intent_by = floe_sql_rows_dup_text (rows, 16);
}

static void
read_lease_and_end (FloeSqlRows *rows, FloeDesktop *desktop)
{
  if (desktop->facts.lease == FLOE_LEASE_HELD)
    {
      desktop->lease =
          floe_lease_new (floe_sql_rows_get_text (rows, 27), floe_sql_rows_get_text (rows, 28),
                          floe_sql_rows_get_int (rows, 29));
      desktop->lease->login_id = floe_sql_rows_dup_text (rows, 30);
      desktop->lease->address = floe_sql_rows_dup_text (rows, 31);
      desktop->lease->terminal = floe_sql_rows_dup_text (rows, 32);
      desktop->lease->slot = (guint)floe_sql_rows_get_int (rows, 40);
    }
  if (!floe_sql_rows_is_null (rows, 22))
    {
      desktop->end = g_new0 (FloeEnd, 1);
      desktop->end->reason = floe_sql_rows_dup_text (rows, 22);
      desktop->end->at = floe_sql_rows_get_int (rows, 23);
      desktop->end->by = floe_sql_rows_dup_text (rows, 24);
      desktop->end->where = floe_sql_rows_dup_text (rows, 25);
      desktop->end->user = floe_sql_rows_dup_text (rows, 26);
    }
}

/**
 * floe_sql_read_desktop:
 * @rows: of a query that begins with #FLOE_SQL_SELECT_DESKTOPS
 *
 * Returns: (transfer full): a #FloeDesktop
 */
gpointer
floe_sql_read_desktop (FloeSqlRows *rows)
{
  FloeDesktop *desktop =
      floe_desktop_new (floe_sql_rows_get_text (rows, 0), floe_sql_rows_get_text (rows, 1),
                        floe_sql_rows_get_text (rows, 2));

  floe_pool_kind_from_name (floe_sql_rows_get_text (rows, 3), &desktop->kind);
  desktop->host = floe_sql_rows_dup_text (rows, 4);
  read_facts (rows, desktop);
  desktop->present = floe_sql_rows_get_int (rows, 17) != 0;
  desktop->has_agent = floe_sql_rows_get_int (rows, 18) != 0;
  desktop->refusal = floe_sql_rows_dup_text (rows, 19);
  desktop->problem = floe_sql_rows_dup_text (rows, 20);
  desktop->not_before = floe_sql_rows_get_int (rows, 21);
  desktop->grace_seconds = (guint)floe_sql_rows_get_int (rows, 33);
  desktop->ready_seconds = (guint)floe_sql_rows_get_int (rows, 34);
  desktop->made = floe_sql_rows_get_int (rows, 35) != 0;
  desktop->revision = (guint)floe_sql_rows_get_int (rows, 36);
  desktop->number = (guint)floe_sql_rows_get_int (rows, 37);
  desktop->memory_mib = (guint)floe_sql_rows_get_int (rows, 38);
  desktop->target = floe_sql_rows_dup_text (rows, 39);
  desktop->data_gib = (guint)floe_sql_rows_get_int (rows, 41);
  desktop->prepared = floe_sql_rows_get_int (rows, 42) != 0;
  desktop->failures = (guint)floe_sql_rows_get_int (rows, 43);
  desktop->engine = floe_pool_manager_is_engine (floe_sql_rows_get_text (rows, 44));
  desktop->folded = floe_sql_rows_dup_text (rows, 45);
  desktop->maintenance = floe_sql_rows_get_int (rows, 46) != 0;
  desktop->engine_user = floe_sql_rows_dup_text (rows, 47);
  read_lease_and_end (rows, desktop);
  return desktop;
}

/**
 * floe_sql_read_desktops:
 * @rows: (transfer full) (nullable): of such a query
 *
 * Returns: (transfer full) (element-type FloeDesktop): the desktops; or %NULL, also without @rows
 */
GPtrArray *
floe_sql_read_desktops (FloeSqlRows *rows, GError **error)
{
  return floe_sql_read_all (rows, floe_sql_read_desktop, (GDestroyNotify)floe_desktop_free, error);
}

/**
 * floe_sql_read_count:
 * @rows: (host, power, guest, held, clean, intent, revision, usable, resting) and more
 *
 * Returns: one desktop; its host is the row's
 */
FloeDesktopCount
floe_sql_read_count (const FloeSqlRows *rows)
{
  FloeDesktopCount count = { .host = (gchar *)floe_sql_rows_get_text (rows, 0), .n = 1 };

  count.facts.power = floe_power_from_name (floe_sql_rows_get_text (rows, 1));
  count.facts.guest = floe_guest_from_name (floe_sql_rows_get_text (rows, 2));
  count.facts.lease = floe_sql_rows_get_int (rows, 3) != 0 ? FLOE_LEASE_HELD : FLOE_LEASE_NONE;
  count.facts.clean = floe_clean_from_name (floe_sql_rows_get_text (rows, 4));
  count.facts.intent = floe_intent_from_name (floe_sql_rows_get_text (rows, 5));
  count.revision = (guint)floe_sql_rows_get_int (rows, 6);
  count.usable = floe_sql_rows_get_int (rows, 7) != 0;
  count.resting = floe_sql_rows_get_int (rows, 8) != 0;
  return count;
}

static const gchar *
power_name (guint value)
{
  return floe_power_name (value);
}

static const gchar *
guest_name (guint value)
{
  return floe_guest_name (value);
}

static const gchar *
clean_name (guint value)
{
  return floe_clean_name (value);
}

static const gchar *
intent_name (guint value)
{
  return floe_intent_name (value);
}

static GStrv
list_words (guint set, guint n, const gchar *(*name) (guint))
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; i < n; i++)
    if (set == 0 || (set & (1u << i)))
      g_strv_builder_add (words, name (i));
  return g_strv_builder_end (words);
}

/**
 * floe_sql_list_powers:
 * @set: of bits, as in #FloeDesktopFilter
 *
 * Returns: (transfer full): their words; all of them when none is set
 */
GStrv
floe_sql_list_powers (guint set)
{
  return list_words (set, FLOE_POWER_CRASHED + 1, power_name);
}

/* Likewise. */
GStrv
floe_sql_list_guests (guint set)
{
  return list_words (set, FLOE_GUEST_LOGGED_IN + 1, guest_name);
}

GStrv
floe_sql_list_cleans (guint set)
{
  return list_words (set, FLOE_CLEAN_BROKEN + 1, clean_name);
}

GStrv
floe_sql_list_intents (guint set)
{
  return list_words (set, FLOE_INTENT_ATTACH + 1, intent_name);
}
