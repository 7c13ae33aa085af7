/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-tx.h"

#include <string.h>

struct _FloeSqliteTx
{
  GObject parent_instance;

  FloeSqliteDb *db; /* not owned */
};

static void
tx_iface_init (FloeTxInterface *iface)
{
  floe_sqlite_tx_people_iface_init (iface);
  floe_sqlite_tx_pools_iface_init (iface);
  floe_sqlite_tx_desktops_iface_init (iface);
  floe_sqlite_tx_trail_iface_init (iface);
  floe_sqlite_tx_provision_iface_init (iface);
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeSqliteTx, floe_sqlite_tx, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_TX, tx_iface_init))

static void
floe_sqlite_tx_class_init (FloeSqliteTxClass *klass)
{
}

static void
floe_sqlite_tx_init (FloeSqliteTx *self)
{
}

/**
 * floe_sqlite_tx_new:
 * @db: (transfer none): a connection that outlives it; its owner begins and ends transactions
 *
 * Returns: (transfer full): the port on it
 */
FloeSqliteTx *
floe_sqlite_tx_new (FloeSqliteDb *db)
{
  FloeSqliteTx *self = g_object_new (FLOE_TYPE_SQLITE_TX, NULL);

  self->db = db;
  return self;
}

FloeSqliteDb *
floe_sqlite_tx_get_db (FloeSqliteTx *self)
{
  return self->db;
}

static void
pack_string (GString *out, const gchar *text)
{
  g_string_append_c (out, '"');
  for (const gchar *p = text; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (out, "\\%c", *p);
    else if ((guchar)*p < 0x20)
      g_string_append_printf (out, "\\u%04x", (guchar)*p);
    else
      g_string_append_c (out, *p);
  g_string_append_c (out, '"');
}

/**
 * floe_sqlite_pack_strings:
 * @strings: (array zero-terminated=1): UTF-8
 *
 * Returns: (transfer full): a JSON array for SQLite's json_each()
 */
gchar *
floe_sqlite_pack_strings (const gchar *const *strings)
{
  GString *out = g_string_new ("[");

  for (guint i = 0; strings[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      pack_string (out, strings[i]);
    }
  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

static gchar *
unpack_string (const gchar **cursor)
{
  GString *out = g_string_new (NULL);
  const gchar *p = *cursor + 1;

  for (; *p != '"' && *p != '\0'; p++)
    if (p[0] == '\\' && p[1] == 'u' && strlen (p) >= 6)
      {
        gchar hex[5] = { p[2], p[3], p[4], p[5] };

        g_string_append_c (out, (gchar)g_ascii_strtoull (hex, NULL, 16));
        p += 5;
      }
    else if (p[0] == '\\' && p[1] != '\0')
      g_string_append_c (out, *++p);
    else
      g_string_append_c (out, *p);
  *cursor = *p == '"' ? p + 1 : p;
  return g_string_free (out, FALSE);
}

/**
 * floe_sqlite_unpack_strings:
 * @packed: from floe_sqlite_pack_strings()
 *
 * Returns: (transfer full): the strings
 */
GStrv
floe_sqlite_unpack_strings (const gchar *packed)
{
  g_autoptr (GStrvBuilder) out = g_strv_builder_new ();
  const gchar *p = packed;

  while (*p != '\0')
    if (*p == '"')
      {
        g_autofree gchar *text = unpack_string (&p);

        g_strv_builder_add (out, text);
      }
    else
      p++;
  return g_strv_builder_end (out);
}
