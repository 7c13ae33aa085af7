/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/types.h"

G_BEGIN_DECLS

/**
 * FLOE_VV_MAX_BYTES:
 *
 * Larger files are refused unread: what is in one is a page of text and a certificate or two.
 */
#define FLOE_VV_MAX_BYTES (64 * 1024)

/**
 * FloeVvFile:
 * @connection: how to open the display; without a desktop, a pool or a right to come back
 * @fullscreen: begin in full screen
 * @delete_this_file: it may be used once
 * @auto_usb: USB devices that are plugged in are handed over by themselves
 * @toggle_fullscreen: (nullable): keys as "shift+f11"
 * @release_cursor: (nullable): likewise
 * @secure_attention: (nullable): likewise; the guest gets Ctrl+Alt+Del
 *
 * What a file of the type application/x-virt-viewer says. It was made for remote-viewer, and other
 * brokers hand it out, too.
 */
typedef struct
{
  FloeConnection *connection;
  gboolean fullscreen;
  gboolean delete_this_file;
  gboolean auto_usb;
  gchar *toggle_fullscreen;
  gchar *release_cursor;
  gchar *secure_attention;
} FloeVvFile;

FloeVvFile *floe_vv_file_parse (gchar *text, gsize length, GError **error);
FloeVvFile *floe_vv_file_read (const gchar *path, GError **error);
FloeVvFile *floe_vv_file_copy (const FloeVvFile *self);
void floe_vv_file_free (FloeVvFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeVvFile, floe_vv_file_free)

G_END_DECLS
