/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/post.h"

G_BEGIN_DECLS

/**
 * FloeLetterKeys:
 *
 * What letters between brokers are sealed with, see #FloePostKeys: an X25519 key of this run (RFC
 * 7748), whose public half is the address. Each two brokers have a key of AES-256-GCM for either
 * direction, from both their keys by HKDF with SHA-256 (RFC 5869).
 */
#define FLOE_TYPE_LETTER_KEYS (floe_letter_keys_get_type ())
G_DECLARE_FINAL_TYPE (FloeLetterKeys, floe_letter_keys, FLOE, LETTER_KEYS, GObject)

FloePostKeys *floe_letter_keys_new (GError **error);

G_END_DECLS
