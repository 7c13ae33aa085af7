/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/keytab.h"

#include "config/file.h"
#include "core/error.h"

#include <string.h>

/*
 * A keytab, far enough to see whom its keys are for. It is 0x05 0x02 and then entries, each behind
 * its length in four bytes; a negative one is a hole. An entry begins with the number of the name's
 * components, the realm and the components, each behind its length in two bytes; numbers have their
 * high byte first.
 */

#define MAX_BYTES (1024 * 1024)

typedef struct
{
  const guint8 *at;
  gsize left;
} Cursor;

static gboolean
take_number (Cursor *cursor, guint n_bytes, guint32 *number)
{
  if (cursor->left < n_bytes)
    return FALSE;
  *number = 0;
  for (guint i = 0; i < n_bytes; i++)
    *number = *number << 8 | cursor->at[i];
  cursor->at += n_bytes;
  cursor->left -= n_bytes;
  return TRUE;
}

static gboolean
take_bytes (Cursor *cursor, guint32 length, Cursor *bytes)
{
  if (cursor->left < length)
    return FALSE;
  *bytes = (Cursor){ cursor->at, length };
  cursor->at += length;
  cursor->left -= length;
  return TRUE;
}

static gchar *
take_text (Cursor *cursor)
{
  guint32 length;
  Cursor text;

  if (!take_number (cursor, 2, &length) || !take_bytes (cursor, length, &text))
    return NULL;
  return g_strndup ((const gchar *)text.at, text.left);
}

/* Of `SERVICE/HOST`, else nothing. */
static void
read_entry (Cursor *entry, const gchar *service, GStrvBuilder *hosts)
{
  guint32 n_components;
  g_autofree gchar *realm = NULL;
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;

  if (!take_number (entry, 2, &n_components) || n_components != 2)
    return;
  realm = take_text (entry);
  first = realm != NULL ? take_text (entry) : NULL;
  second = first != NULL ? take_text (entry) : NULL;
  if (second != NULL && g_str_equal (first, service))
    g_strv_builder_add (hosts, second);
}

static gboolean
read_entries (Cursor *file, const gchar *service, GStrvBuilder *hosts)
{
  guint32 size;
  Cursor entry;

  while (take_number (file, 4, &size) && size != 0)
    {
      gboolean hole = (size & 0x80000000u) != 0;

      if (!take_bytes (file, hole ? 0u - size : size, &entry))
        return FALSE;
      if (!hole)
        read_entry (&entry, service, hosts);
    }
  return TRUE;
}

/**
 * floe_keytab_list_hosts:
 * @path: a file with keys of Kerberos
 * @service: such as "HTTP"
 * @error: %FLOE_ERROR_INVALID, without the path
 *
 * Returns: (transfer full): the hosts of which it has a key for @service; empty if of none
 */
GStrv
floe_keytab_list_hosts (const gchar *path, const gchar *service, GError **error)
{
  g_autoptr (GStrvBuilder) hosts = g_strv_builder_new ();
  gsize length = 0;
  gchar *bytes = floe_file_read (path, MAX_BYTES, &length, error);
  Cursor file = { (const guint8 *)bytes, length };
  guint32 version;
  gboolean good;

  if (bytes == NULL)
    return NULL;
  good =
      take_number (&file, 2, &version) && version == 0x0502 && read_entries (&file, service, hosts);
  explicit_bzero (bytes, length);
  g_free (bytes);
  if (good)
    return g_strv_builder_end (hosts);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "it is no keytab");
  return NULL;
}

static gboolean
is_one_of (const gchar *const *host_names, const gchar *host)
{
  for (guint i = 0; host_names[i] != NULL; i++)
    if (g_ascii_strcasecmp (host_names[i], host) == 0)
      return TRUE;
  return FALSE;
}

/**
 * floe_keytab_fits:
 * @path: a file with keys of Kerberos
 * @service: such as "HTTP"
 * @host_names: (array zero-terminated=1): hosts
 *
 * Returns: whether it has a key for @service on one of them
 */
gboolean
floe_keytab_fits (const gchar *path, const gchar *service, const gchar *const *host_names)
{
  g_auto (GStrv) hosts = floe_keytab_list_hosts (path, service, NULL);

  for (guint i = 0; hosts != NULL && hosts[i] != NULL; i++)
    if (is_one_of (host_names, hosts[i]))
      return TRUE;
  return FALSE;
}
