/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeSigningKey:
 *
 * An Ed25519 key with which the broker signs what it must be known by later, away from it.
 */
typedef struct _FloeSigningKey FloeSigningKey;

FloeSecret *floe_signing_key_make (GError **error);
FloeSigningKey *floe_signing_key_new (const FloeSecret *text, GError **error);
void floe_signing_key_free (FloeSigningKey *self);

const gchar *floe_signing_key_get_public (const FloeSigningKey *self);
gchar *floe_signing_key_sign (const FloeSigningKey *self, const gchar *purpose, const gchar *text,
                              gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSigningKey, floe_signing_key_free)

G_END_DECLS
