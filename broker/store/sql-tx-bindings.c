/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "store/sql-tx.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static GPtrArray *
list_groups (FloeTx *tx, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_group_binding_free);
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error, "SELECT DISTINCT subject, folded FROM entitlements WHERE kind = 'group'", "");
  gboolean row = rows != NULL;

  while (row)
    {
      const gchar *name, *folded;
      g_autofree gchar *plain = NULL;

      if (!floe_sql_rows_next (rows, &row, error))
        return NULL;
      if (!row)
        break;
      name = floe_sql_rows_get_text (rows, 0);
      folded = floe_sql_rows_get_text (rows, 1);
      plain = g_utf8_casefold (name, -1);
      g_ptr_array_add (list,
                       floe_group_binding_new (name, strcmp (plain, folded) != 0 ? folded : NULL));
    }
  return rows != NULL ? g_steal_pointer (&list) : NULL;
}

static gboolean
bind_group (FloeTx *tx, const gchar *name, const gchar *id, GStrv *pools, GError **error)
{
  g_autofree gchar *plain = g_utf8_casefold (name, -1);
  g_autoptr (GStrvBuilder) bound = g_strv_builder_new ();
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error,
      "UPDATE entitlements SET folded = $1 WHERE kind = 'group' AND folded = $2 AND subject = $3"
      " RETURNING pool",
      "sss", id, plain, name);
  gboolean row = rows != NULL;

  while (row)
    {
      if (!floe_sql_rows_next (rows, &row, error))
        return FALSE;
      if (row)
        g_strv_builder_add (bound, floe_sql_rows_get_text (rows, 0));
    }
  *pools = rows != NULL ? g_strv_builder_end (bound) : NULL;
  return rows != NULL;
}

void
floe_sql_tx_bindings_iface_init (FloeTxInterface *iface)
{
  iface->list_groups = list_groups;
  iface->bind_group = bind_group;
}
