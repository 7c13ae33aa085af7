/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FLOE_FIRST_BOOT_DIR "/var/lib/floe"

/**
 * FLOE_FIRST_BOOT_STATUS:
 *
 * Where a clone keeps what its first-boot script ended with, a number in decimal, or
 * %FLOE_FIRST_BOOT_UNFINISHED before that. A clone without a script has no such file.
 */
#define FLOE_FIRST_BOOT_STATUS FLOE_FIRST_BOOT_DIR "/first-boot.status"

#define FLOE_FIRST_BOOT_UNFINISHED "unfinished"

GBytes *floe_seed_image_new (const gchar *id, const gchar *name, const gchar *script,
                             GError **error);

G_END_DECLS
