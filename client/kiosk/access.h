/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeAccess:
 *
 * What helps people to see what is on the screen: larger text, more contrast, a voice that reads.
 */
#define FLOE_TYPE_ACCESS (floe_access_get_type ())
G_DECLARE_FINAL_TYPE (FloeAccess, floe_access, FLOE, ACCESS, GObject)

FloeAccess *floe_access_new (GtkSettings *settings, const gchar *reader);

void floe_access_set_large_text (FloeAccess *self, gboolean large);
void floe_access_set_high_contrast (FloeAccess *self, gboolean high);
gboolean floe_access_has_reader (FloeAccess *self);
void floe_access_set_reader (FloeAccess *self, gboolean reads);

G_END_DECLS
