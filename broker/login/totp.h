/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"

G_BEGIN_DECLS

/* Codes of one use: those of an app (RFC 6238: SHA-1, 30 seconds, 6 digits, which every app knows),
 * and those that one keeps on paper. */

#define FLOE_TOTP_STEP_SECONDS 30
#define FLOE_TOTP_DIGITS       6

/* How many codes on paper somebody gets. */
#define FLOE_RECOVERY_CODES 10

FloeSecret *floe_totp_new_secret (void);
FloeSecret *floe_totp_to_base32 (const FloeSecret *secret);
FloeSecret *floe_totp_to_uri (const FloeSecret *secret, const gchar *issuer, const gchar *name);
gboolean floe_totp_make (const FloeSecret *secret, gint64 step, guint digits, gchar *code);
gint64 floe_totp_find_step (const FloeSecret *secret, const gchar *code, gint64 now);

FloeSecret *floe_recovery_code_new (void);
gchar *floe_recovery_code_hash (const FloeSecret *code);

FloeSecret *floe_code_normalize (const FloeSecret *typed);
gboolean floe_code_is_totp (const FloeSecret *code);

G_END_DECLS
