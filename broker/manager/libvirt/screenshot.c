/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/screenshot.h"

#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/libvirt-connection.h"
#include "manager/libvirt/libvirt-error.h"
#include "util/png.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, virDomainFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStream, virStreamFree)

#define PIECE (64 * 1024)
/* More than the largest screen that is told of elsewhere. */
#define MOST_BYTES (128 * 1024 * 1024)

static const guint8 png_signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };

static gboolean
receive (virStreamPtr stream, GByteArray *bytes, GError **error)
{
  g_autofree char *piece = g_malloc (PIECE);
  int n;

  while ((n = virStreamRecv (stream, piece, PIECE)) > 0 && bytes->len <= MOST_BYTES)
    g_byte_array_append (bytes, (const guint8 *)piece, (guint)n);
  if (n == 0 && virStreamFinish (stream) == 0)
    return TRUE;
  if (n > 0)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                         "the picture of the screen is too large");
  else
    floe_libvirt_set_error (error, "cannot read the picture of the screen");
  virStreamAbort (stream);
  return FALSE;
}

/* What QEMU wrote: a PPM, or of newer ones a PNG. */
static FloeSecret *
to_png (const GByteArray *bytes, GError **error)
{
  g_autoptr (GByteArray) png = NULL;

  if (bytes->len > sizeof png_signature
      && memcmp (bytes->data, png_signature, sizeof png_signature) == 0)
    return floe_secret_new ((const gchar *)bytes->data, bytes->len);
  png = floe_png_from_ppm (bytes->data, bytes->len, error);
  return png != NULL ? floe_secret_new ((const gchar *)png->data, png->len) : NULL;
}

static gpointer
take (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
      GError **error)
{
  FloeLibvirtRequest *request = input;
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (connection, request->id);
  g_autoptr (virStream) stream = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  char *type;

  if (domain == NULL)
    {
      floe_libvirt_set_error (error, "cannot look up the domain");
      return NULL;
    }
  stream = virStreamNew (connection, 0);
  type = stream != NULL ? virDomainScreenshot (domain, stream, 0, 0) : NULL;
  if (type == NULL)
    {
      floe_libvirt_set_error (error, "cannot take a picture of the screen");
      return NULL;
    }
  free (type);
  return receive (stream, bytes, error) ? to_png (bytes, error) : NULL;
}

/**
 * floe_libvirt_screenshot:
 * @input: a #FloeLibvirtRequest
 *
 * Returns: (transfer full): a #FloeSecret, the first screen as a PNG
 */
gpointer
floe_libvirt_screenshot (gpointer context, gpointer input, GCancellable *cancellable,
                         GError **error)
{
  return floe_libvirt_connection_call (context, take, input, cancellable, error);
}
