/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gio.h>
#include <gio/gsettingsbackend.h>

#include "settings/managed.h"

G_BEGIN_DECLS

/**
 * FloeManagedBackend:
 *
 * A back end of GSettings for one schema: what an administrator set is read and cannot be written,
 * everything else is another back end's. So whoever has the #GSettings needs to know nothing of
 * administrators, and what is bound to a locked key is insensitive by itself.
 */
#define FLOE_TYPE_MANAGED_BACKEND (floe_managed_backend_get_type ())
G_DECLARE_FINAL_TYPE (FloeManagedBackend, floe_managed_backend, FLOE, MANAGED_BACKEND,
                      GSettingsBackend)

GSettingsBackend *floe_managed_backend_new (GSettingsSchema *schema, GSettingsBackend *below,
                                            FloeManaged *managed);

G_END_DECLS
