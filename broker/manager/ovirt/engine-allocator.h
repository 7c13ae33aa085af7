/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/manager.h"
#include "manager/ovirt/engine-client.h"
#include "manager/ovirt/engine-watch.h"

G_BEGIN_DECLS

/**
 * FloeEngineAllocator:
 *
 * Asks an engine for VMs of its pools. An engine gives a VM to whoever asks, and one at a time to
 * each of them in each pool: so what the service account asks for stands in line here. A request is
 * never sent twice unless the engine said that nothing was done; where its answer was lost, or
 * named no VM, the engine's events tell what became of it.
 */
#define FLOE_TYPE_ENGINE_ALLOCATOR (floe_engine_allocator_get_type ())
G_DECLARE_FINAL_TYPE (FloeEngineAllocator, floe_engine_allocator, FLOE, ENGINE_ALLOCATOR, GObject)

FloeEngineAllocator *floe_engine_allocator_new (const gchar *name, const gchar *profile,
                                                const FloeEngineParts *parts);
void floe_engine_allocator_run_async (FloeEngineAllocator *self, const FloeAllocation *allocation,
                                      GAsyncReadyCallback callback, gpointer user_data);
FloeDomain *floe_engine_allocator_run_finish (FloeEngineAllocator *self, GAsyncResult *result,
                                              GError **error);

G_END_DECLS
