/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeSecret:
 *
 * Bytes that must not outlive their use: a password or a ticket. The bytes are wiped when the last
 * reference goes, never printed, and always followed by a NUL that is not counted.
 */
typedef struct _FloeSecret FloeSecret;

FloeSecret *floe_secret_new (const gchar *bytes, gssize length);
FloeSecret *floe_secret_new_take (gchar *bytes, gsize length);
FloeSecret *floe_secret_new_random (gsize n_bytes);
FloeSecret *floe_secret_new_marked (const gchar *mark, gsize n_bytes);
FloeSecret *floe_secret_ref (FloeSecret *self);
void floe_secret_unref (FloeSecret *self);

const gchar *floe_secret_get (const FloeSecret *self, gsize *length);
gboolean floe_secret_is_empty (const FloeSecret *self);
gboolean floe_secret_has_nul (const FloeSecret *self);
gchar *floe_secret_hash (const FloeSecret *self);

void floe_wipe (gpointer bytes, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSecret, floe_secret_unref)

G_END_DECLS
