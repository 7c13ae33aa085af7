/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeDisplayNotices:
 *
 * What whoever sits at a desktop should know, as bars over it, each until it is closed.
 */
#define FLOE_TYPE_DISPLAY_NOTICES (floe_display_notices_get_type ())
G_DECLARE_FINAL_TYPE (FloeDisplayNotices, floe_display_notices, FLOE, DISPLAY_NOTICES, GtkBox)

void floe_display_notices_set (FloeDisplayNotices *self, const gchar *key, GtkMessageType type,
                               const gchar *heading, const gchar *text);
void floe_display_notices_clear (FloeDisplayNotices *self);

G_END_DECLS
