/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "core/display.h"
#include "core/domain.h"

G_BEGIN_DECLS

/* The engine's role UserRole: what an allocation gives its user on the VM, and a group on a pool
 * for its people to be lent its VMs; others are an administrator's. */
#define FLOE_ENGINE_USER_ROLE "00000000-0000-0000-0001-000000000001"

/**
 * FloeEnginePool:
 * @id: the engine's
 * @name: what administrators call it there
 * @size: VMs that it has
 * @prestarted: how many the engine keeps running that nobody has
 * @per_user: how many somebody may have
 * @manual: a VM stays its user's until an administrator takes it back; else it is taken back and
 *   restored when it goes down
 * @stateful: VMs run with what was written, also in an automatic pool
 *
 * A pool as its engine says. Immutable.
 */
typedef struct
{
  gchar *id;
  gchar *name;
  guint size;
  guint prestarted;
  guint per_user;
  gboolean manual;
  gboolean stateful;
} FloeEnginePool;

FloeEnginePool *floe_engine_pool_new (JsonObject *object);
void floe_engine_pool_free (FloeEnginePool *self);
const gchar *floe_engine_pool_refuse (const FloeEnginePool *self);
const gchar *floe_engine_pool_misfit (const FloeEnginePool *self, gboolean keeps);
void floe_engine_pool_fit (const FloeEnginePool *self, FloeDomain *domain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeEnginePool, floe_engine_pool_free)

/**
 * FloeEngineVm:
 * @id: the engine's
 * @name: its name
 * @pool_id: (nullable): the pool that it is in
 * @status: the engine's word
 * @power: ours for it
 * @restoring: its disk is being restored: it is off, and nobody can have it yet
 * @agent: the guest agent has told something since it was started
 * @memory_mib: what it takes
 * @graphics: (nullable): "spice" or "vnc"
 * @peers: (array zero-terminated=1): addresses of clients that are connected to its console
 * @logged_in: how many are logged in to the guest
 * @mark: (nullable): its comment, if that says whom the broker gave it to
 * @openings: what goes between its guest and a client, as far as its engine tells
 *
 * A VM as its engine says. Immutable.
 */
typedef struct
{
  gchar *id;
  gchar *name;
  gchar *pool_id;
  gchar *status;
  FloePower power;
  gboolean restoring;
  gboolean agent;
  guint memory_mib;
  gchar *graphics;
  GStrv peers;
  guint logged_in;
  gchar *mark;
  FloeOpenings *openings;
} FloeEngineVm;

FloeEngineVm *floe_engine_vm_new (JsonObject *object);
gpointer floe_engine_vms_new (JsonObject *root);
void floe_engine_vm_free (FloeEngineVm *self);
gboolean floe_engine_vm_equal (const FloeEngineVm *a, const FloeEngineVm *b);
FloeDomain *floe_engine_vm_to_domain (const FloeEngineVm *self, const gchar *engine,
                                      const gchar *pool);
FloeOpenings *floe_engine_openings_new (JsonObject *vm);
FloeDisplay *floe_engine_display_new (JsonObject *vm, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeEngineVm, floe_engine_vm_free)

G_END_DECLS
