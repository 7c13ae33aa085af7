/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * FloeVolume:
 *
 * How loud the machine is: ALSA's mixer, which is there with or without a sound server, and which
 * these offer as well.
 */
#define FLOE_TYPE_VOLUME (floe_volume_get_type ())
G_DECLARE_FINAL_TYPE (FloeVolume, floe_volume, FLOE, VOLUME, GObject)

FloeVolume *floe_volume_new (const gchar *device);

gboolean floe_volume_is_there (FloeVolume *self);
gdouble floe_volume_get (FloeVolume *self);
void floe_volume_set (FloeVolume *self, gdouble part);

G_END_DECLS
