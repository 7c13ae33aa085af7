/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"
#include "core/store.h"

G_BEGIN_DECLS

/* A batch has so many rows of the trail, at most. */
#define FLOE_TRAIL_BATCH 1000

/**
 * FloeTrailKey:
 *
 * What rows and seals are authenticated with (HMAC-SHA-256). Without one they are only hashed,
 * which whoever can write the database can do again. Immutable, counted, and shared by threads.
 */
typedef struct _FloeTrailKey FloeTrailKey;

FloeTrailKey *floe_trail_key_new (const FloeSecret *text, GError **error);
FloeTrailKey *floe_trail_key_ref (FloeTrailKey *self);
void floe_trail_key_unref (FloeTrailKey *self);
gboolean floe_trail_key_is_secret (const FloeTrailKey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTrailKey, floe_trail_key_unref)

gchar *floe_trail_key_mark (const FloeTrailKey *self, const FloeAudit *row);
gchar *floe_trail_key_hash (const FloeTrailKey *self, const FloeTrailSeal *seal,
                            const gchar *before);
FloeTrailSeal *floe_trail_key_seal (const FloeTrailKey *self, const FloeTrailSeal *before,
                                    GPtrArray *rows, gint64 now);

G_END_DECLS
