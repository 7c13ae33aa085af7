/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/manager.h"
#include "manager/ovirt/engine-client.h"

G_BEGIN_DECLS

/**
 * FloeEngineManager:
 *
 * The manager port on one oVirt or RHEV-M engine, which stands for a host of the same name: on
 * which of its hosts a VM runs is the engine's business. Lives on the main thread; nothing in it
 * blocks.
 */
#define FLOE_TYPE_ENGINE_MANAGER (floe_engine_manager_get_type ())
G_DECLARE_FINAL_TYPE (FloeEngineManager, floe_engine_manager, FLOE, ENGINE_MANAGER, GObject)

FloeManager *floe_engine_manager_new (const FloeEngineSettings *settings, FloeClock *clock,
                                      GError **error);
guint floe_engine_manager_count_calls (FloeEngineManager *self);

G_END_DECLS
