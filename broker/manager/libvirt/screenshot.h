/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/libvirt/libvirt-calls.h"

G_BEGIN_DECLS

gpointer floe_libvirt_screenshot (gpointer context, gpointer input, GCancellable *cancellable,
                                  GError **error);

G_END_DECLS
