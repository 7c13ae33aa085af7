/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeSealKeys:
 *
 * The keys of a key file. What is to be kept is sealed with the first of them and opened with
 * whichever it was sealed with, so that a key can be changed. Immutable, counted, and shared by
 * threads; the keys are wiped with it.
 */
typedef struct _FloeSealKeys FloeSealKeys;

FloeSealKeys *floe_seal_keys_new (const FloeSecret *text, GError **error);
FloeSealKeys *floe_seal_keys_ref (FloeSealKeys *self);
void floe_seal_keys_unref (FloeSealKeys *self);

gchar *floe_seal_keys_seal (const FloeSealKeys *self, const FloeSecret *plain, const gchar *owner,
                            GError **error);
FloeSecret *floe_seal_keys_open (const FloeSealKeys *self, const gchar *sealed, const gchar *owner,
                                 gboolean *old, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSealKeys, floe_seal_keys_unref)

G_END_DECLS
