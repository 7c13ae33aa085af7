/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/qr.h"

#include <qrencode.h>

struct _FloeQr
{
  QRcode *code;
};

/**
 * floe_qr_new:
 * @text: what a reader shall read
 *
 * libqrencode keeps no copy of it, but does not wipe what it frees.
 *
 * Returns: (transfer full) (nullable): the code; %NULL if it is longer than any code can hold
 */
FloeQr *
floe_qr_new (const FloeSecret *text)
{
  gsize length;
  const gchar *bytes = floe_secret_get (text, &length);
  QRcode *code = NULL;
  FloeQr *self;

  if (length > 0 && length <= 2000)
    code = QRcode_encodeData ((int)length, (const unsigned char *)bytes, 0, QR_ECLEVEL_M);
  if (code == NULL)
    return NULL;
  self = g_new0 (FloeQr, 1);
  self->code = code;
  return self;
}

void
floe_qr_free (FloeQr *self)
{
  if (self == NULL)
    return;
  floe_wipe (self->code->data, (gsize)self->code->width * (gsize)self->code->width);
  QRcode_free (self->code);
  g_free (self);
}

/**
 * floe_qr_get_size:
 * @self: a code
 *
 * Returns: how many modules are in a row, with the border on both sides
 */
gint
floe_qr_get_size (const FloeQr *self)
{
  return self->code->width + 2 * FLOE_QR_QUIET;
}

/**
 * floe_qr_is_dark:
 * @self: a code
 * @x: which module from the left
 * @y: which one from the top
 *
 * Returns: whether it is dark; what is not there is light
 */
gboolean
floe_qr_is_dark (const FloeQr *self, gint x, gint y)
{
  gint width = self->code->width;

  x -= FLOE_QR_QUIET;
  y -= FLOE_QR_QUIET;
  return x >= 0 && x < width && y >= 0 && y < width && (self->code->data[y * width + x] & 1) != 0;
}
