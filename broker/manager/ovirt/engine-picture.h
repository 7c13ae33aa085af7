/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/manager.h"
#include "manager/ovirt/engine-values.h"

G_BEGIN_DECLS

/**
 * FloeEngineMoment:
 * @number: of all moments at which something was asked for, or heard
 * @at: microseconds since 1970 UTC
 */
typedef struct
{
  guint64 number;
  gint64 at;
} FloeEngineMoment;

/**
 * FloeEnginePicture:
 *
 * What is known of an engine's pools and of their VMs, and what core is told of it: all at once
 * when it is complete, then what is new.
 *
 * Also which of them are about to be told to stop, and which the engine has just given to somebody:
 * a slow engine may do the one after the other.
 *
 * Signals:
 * - "vm" (FloeEngineVm *vm): one of them is not as it was.
 * - "given" (const gchar *vm_id): the engine has given one to somebody, for whom it is being read.
 */
#define FLOE_TYPE_ENGINE_PICTURE (floe_engine_picture_get_type ())
G_DECLARE_FINAL_TYPE (FloeEnginePicture, floe_engine_picture, FLOE, ENGINE_PICTURE, GObject)

FloeEnginePicture *floe_engine_picture_new (FloeManager *manager, const gchar *name,
                                            FloeClock *clock);
void floe_engine_picture_take_pools (FloeEnginePicture *self, JsonObject *root);
void floe_engine_picture_take_pool (FloeEnginePicture *self, JsonObject *object);
FloeEngineMoment floe_engine_picture_begin (FloeEnginePicture *self);
gboolean floe_engine_picture_take_list (FloeEnginePicture *self, const gchar *pool_id,
                                        GPtrArray *vms, FloeEngineMoment begun);
gboolean floe_engine_picture_take (FloeEnginePicture *self, FloeEngineVm *vm,
                                   FloeEngineMoment begun);
void floe_engine_picture_take_certain (FloeEnginePicture *self, FloeEngineVm *vm);
GStrv floe_engine_picture_list_missing (FloeEnginePicture *self, const gchar *pool_id);
void floe_engine_picture_remove (FloeEnginePicture *self, const gchar *vm_id);
const FloeEngineVm *floe_engine_picture_find_marked (FloeEnginePicture *self, const gchar *pool_id,
                                                     const gchar *person_id,
                                                     const gchar *const *skipped);
void floe_engine_picture_take_given (FloeEnginePicture *self, const gchar *const *vm_ids);
void floe_engine_picture_tell_all (FloeEnginePicture *self);
void floe_engine_picture_lose (FloeEnginePicture *self, const gchar *reason);
gboolean floe_engine_picture_is_up (FloeEnginePicture *self);
GPtrArray *floe_engine_picture_list_pools (FloeEnginePicture *self);
GHashTable *floe_engine_picture_list_hot (FloeEnginePicture *self);
const FloeEnginePool *floe_engine_picture_find_pool (FloeEnginePicture *self, const gchar *name);
const FloeEnginePool *floe_engine_picture_find_pool_of (FloeEnginePicture *self,
                                                        const gchar *vm_id);
const FloeEngineVm *floe_engine_picture_find_vm (FloeEnginePicture *self, const gchar *vm_id);

void floe_engine_picture_begin_stop (FloeEnginePicture *self, const gchar *vm_id);
void floe_engine_picture_end_stop (FloeEnginePicture *self, const gchar *vm_id);
gboolean floe_engine_picture_is_stopping (FloeEnginePicture *self, const gchar *vm_id);
void floe_engine_picture_begin_giving (FloeEnginePicture *self, const gchar *vm_id);
void floe_engine_picture_end_giving (FloeEnginePicture *self, const gchar *vm_id);
gboolean floe_engine_picture_is_giving (FloeEnginePicture *self, const gchar *vm_id);

G_END_DECLS
