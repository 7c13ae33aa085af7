/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-desktop-rows.h"

#include "core/error.h"

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

static FloeDesktop *
read_desktop (FloeSqlRows *rows)
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
  read_lease_and_end (rows, desktop);
  return desktop;
}

/**
 * floe_postgres_read_desktops:
 * @rows: (nullable): of a query that begins with #FLOE_POSTGRES_SELECT_DESKTOPS
 *
 * Returns: (transfer full) (element-type FloeDesktop): the desktops; or %NULL, also without @rows
 */
GPtrArray *
floe_postgres_read_desktops (FloeSqlRows *rows, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_free);
  gboolean row = rows != NULL;

  while (row)
    {
      if (!floe_sql_rows_next (rows, &row, error))
        return NULL;
      if (row)
        g_ptr_array_add (list, read_desktop (rows));
    }
  return rows != NULL ? g_steal_pointer (&list) : NULL;
}

/**
 * floe_postgres_take_desktop:
 * @list: (transfer full) (nullable): from floe_postgres_read_desktops()
 *
 * Returns: (transfer full): its first; or %NULL with %FLOE_ERROR_NOT_FOUND when there is none, and
 *   with the @error that is there when there is no list
 */
FloeDesktop *
floe_postgres_take_desktop (GPtrArray *list, GError **error)
{
  FloeDesktop *desktop = NULL;

  if (list == NULL)
    return NULL;
  if (list->len > 0)
    desktop = g_ptr_array_steal_index (list, 0);
  else
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such desktop");
  g_ptr_array_unref (list);
  return desktop;
}
