/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeSecretText:
 *
 * A growing text that may hold secrets: where it moves while it grows, the old place is wiped.
 */
typedef struct
{
  gchar *bytes;
  gsize length;
  gsize allocated;
} FloeSecretText;

void floe_secret_text_append (FloeSecretText *self, const gchar *bytes, gssize length);
FloeSecret *floe_secret_text_steal (FloeSecretText *self);
void floe_secret_text_clear (FloeSecretText *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FloeSecretText, floe_secret_text_clear)

G_END_DECLS
