/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/virterror.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/libvirt-error.h"
#include "manager/libvirt/libvirt-storage.h"

/* The bytes of volumes. One piece at a time is in memory, whatever a volume's size. */
#define PIECE (256 * 1024)

/* Where the pieces of a volume go. */
typedef gboolean (*Take) (const gchar *bytes, gsize length, gpointer data, GError **error);

static virStreamPtr
open_stream (virConnectPtr connection, virStorageVolPtr volume, gboolean upload, guint64 length,
             GError **error)
{
  g_autoptr (virStream) stream = virStreamNew (connection, 0);
  gboolean open = stream != NULL
                  && (upload ? virStorageVolUpload (volume, stream, 0, length, 0)
                             : virStorageVolDownload (volume, stream, 0, 0, 0))
                         == 0;

  if (open)
    return g_steal_pointer (&stream);
  floe_libvirt_set_error (error, upload ? "cannot write a volume" : "cannot read a volume");
  return NULL;
}

static void
abort_stream (virStreamPtr stream)
{
  virStreamAbort (stream);
  virResetLastError ();
}

static gboolean
pull (virConnectPtr connection, virStorageVolPtr volume, Take take, gpointer data, GError **error)
{
  g_autoptr (virStream) stream = open_stream (connection, volume, FALSE, 0, error);
  g_autofree gchar *piece = g_malloc (PIECE);
  int n;

  if (stream == NULL)
    return FALSE;
  while ((n = virStreamRecv (stream, piece, PIECE)) > 0)
    if (!take (piece, (gsize)n, data, error))
      {
        abort_stream (stream);
        return FALSE;
      }
  if (n == 0 && virStreamFinish (stream) == 0)
    return TRUE;
  floe_libvirt_set_error (error, "cannot read a volume");
  if (n < 0)
    abort_stream (stream);
  return FALSE;
}

static gboolean
push (const gchar *bytes, gsize length, gpointer data, GError **error)
{
  virStreamPtr stream = data;

  while (length > 0)
    {
      int n = virStreamSend (stream, bytes, MIN (length, PIECE));

      if (n < 0)
        {
          floe_libvirt_set_error (error, "cannot write a volume");
          return FALSE;
        }
      bytes += n;
      length -= (gsize)n;
    }
  return TRUE;
}

static gboolean
finish_upload (virStreamPtr stream, GError **error)
{
  if (virStreamFinish (stream) == 0)
    return TRUE;
  floe_libvirt_set_error (error, "cannot write a volume");
  return FALSE;
}

typedef struct
{
  GString *text;
  gsize limit;
} Text;

static gboolean
take_text (const gchar *bytes, gsize length, gpointer data, GError **error)
{
  Text *text = data;

  if (text->text->len + length > text->limit)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "the volume is too long");
      return FALSE;
    }
  g_string_append_len (text->text, bytes, (gssize)length);
  return TRUE;
}

/**
 * floe_storage_read:
 * @limit: it must not be longer
 *
 * Returns: (transfer full): all that is in a small volume
 */
gchar *
floe_storage_read (virConnectPtr connection, virStorageVolPtr volume, gsize limit, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  Text text = { out, limit };

  if (!pull (connection, volume, take_text, &text, error))
    return NULL;
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gboolean
take_hash (const gchar *bytes, gsize length, gpointer data, GError **error)
{
  g_checksum_update (data, (const guchar *)bytes, (gssize)length);
  return TRUE;
}

/**
 * floe_storage_hash:
 *
 * Returns: (transfer full): the SHA-256 of a volume's file, lower hex; all of it comes over the
 *   connection
 */
gchar *
floe_storage_hash (virConnectPtr connection, virStorageVolPtr volume, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  if (!pull (connection, volume, take_hash, sum, error))
    return NULL;
  return g_strdup (g_checksum_get_string (sum));
}

static gboolean
write_all (virConnectPtr connection, virStorageVolPtr volume, GBytes *bytes, GError **error)
{
  gsize length;
  const gchar *start = g_bytes_get_data (bytes, &length);
  g_autoptr (virStream) stream = open_stream (connection, volume, TRUE, length, error);

  if (stream == NULL)
    return FALSE;
  if (push (start, length, stream, error))
    return finish_upload (stream, error);
  abort_stream (stream);
  return FALSE;
}

/**
 * floe_storage_write:
 * @volume: as long as @bytes
 *
 * Writes a small volume and reads it back.
 */
gboolean
floe_storage_write (virConnectPtr connection, virStorageVolPtr volume, GBytes *bytes,
                    GError **error)
{
  g_autofree gchar *wanted = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree gchar *sum = NULL;

  if (!write_all (connection, volume, bytes, error)
      || (sum = floe_storage_hash (connection, volume, error)) == NULL)
    return FALSE;
  if (strcmp (sum, wanted) == 0)
    return TRUE;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "a volume was not written whole");
  return FALSE;
}

/**
 * floe_storage_carry:
 * @target: as long as @source, on another host
 *
 * Copies a volume through this process.
 */
gboolean
floe_storage_carry (virConnectPtr from, virStorageVolPtr source, virConnectPtr to,
                    virStorageVolPtr target, GError **error)
{
  g_autoptr (virStream) stream = open_stream (to, target, TRUE, 0, error);

  if (stream == NULL)
    return FALSE;
  if (pull (from, source, push, stream, error))
    return finish_upload (stream, error);
  abort_stream (stream);
  return FALSE;
}
