/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void floe_libvirt_event_register (void);
void floe_libvirt_event_flush (void);

G_END_DECLS
