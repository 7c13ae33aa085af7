/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/manager.h"

G_BEGIN_DECLS

/**
 * FloeManagers:
 *
 * Several managers as one: what is about a host goes to the manager whose it is, and what each of
 * them tells is told as it comes. None waits for another.
 */
#define FLOE_TYPE_MANAGERS (floe_managers_get_type ())
G_DECLARE_FINAL_TYPE (FloeManagers, floe_managers, FLOE, MANAGERS, GObject)

FloeManagers *floe_managers_new (FloeManager *others);
void floe_managers_add (FloeManagers *self, const gchar *host, FloeManager *manager);

G_END_DECLS
