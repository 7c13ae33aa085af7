/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/domain.h"

G_BEGIN_DECLS

/*
 * libvirt's and QEMU's values in our words. Pure.
 */

FloePower floe_libvirt_power_from_state (gint state, gint reason);
FloePower floe_libvirt_power_from_event (gint event, gint detail);
gchar *floe_libvirt_peer (const gchar *node, const gchar *service);
GStrv floe_libvirt_parse_channels (const gchar *reply, GError **error);

G_END_DECLS
