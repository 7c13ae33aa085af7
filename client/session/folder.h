/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spice-client.h>

#include "api/policy.h"

G_BEGIN_DECLS

/**
 * FloeFolderShare:
 *
 * A folder of this computer that the guest sees, by WebDAV. None is, until somebody chooses one,
 * and none is any more when the session ends.
 *
 * Signal: "changed" () when the folder, or whether the guest can see one, did.
 */
#define FLOE_TYPE_FOLDER_SHARE (floe_folder_share_get_type ())
G_DECLARE_FINAL_TYPE (FloeFolderShare, floe_folder_share, FLOE, FOLDER_SHARE, GObject)

FloeFolderShare *floe_folder_share_new (SpiceSession *spice, FloeFolder rule);
gboolean floe_folder_share_is_possible (FloeFolderShare *self);
gboolean floe_folder_share_may_write (FloeFolderShare *self);
void floe_folder_share_set (FloeFolderShare *self, const gchar *path, gboolean read_only);
const gchar *floe_folder_share_get_path (FloeFolderShare *self);
gboolean floe_folder_share_is_read_only (FloeFolderShare *self);

G_END_DECLS
