/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FLOE_FIRST_BOOT_STATUS:
 *
 * Where a clone keeps what its first-boot script ended with, a number in decimal.
 */
#define FLOE_FIRST_BOOT_STATUS "/var/lib/floe/first-boot.status"

GBytes *floe_seed_image_new (const gchar *id, const gchar *name, const gchar *script,
                             GError **error);

G_END_DECLS
