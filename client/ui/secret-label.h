/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "api/secret.h"

G_BEGIN_DECLS

/**
 * FloeSecretLabel:
 *
 * Shows a secret, of one or several lines, without the copies that a #GtkLabel keeps of its text.
 * The secret is also its accessible name, for people who do not see it.
 */
#define FLOE_TYPE_SECRET_LABEL (floe_secret_label_get_type ())
G_DECLARE_FINAL_TYPE (FloeSecretLabel, floe_secret_label, FLOE, SECRET_LABEL, GtkDrawingArea)

void floe_secret_label_set_secret (FloeSecretLabel *self, FloeSecret *secret);

G_END_DECLS
