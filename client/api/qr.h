/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/secret.h"

G_BEGIN_DECLS

/* The light border that readers need, in modules. */
#define FLOE_QR_QUIET 4

/**
 * FloeQr:
 *
 * A QR code as a square of modules, which are dark or light.
 */
typedef struct _FloeQr FloeQr;

FloeQr *floe_qr_new (const FloeSecret *text);
void floe_qr_free (FloeQr *self);

gint floe_qr_get_size (const FloeQr *self);
gboolean floe_qr_is_dark (const FloeQr *self, gint x, gint y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeQr, floe_qr_free)

G_END_DECLS
