/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-client.h"
#include "manager/ovirt/engine-picture.h"

G_BEGIN_DECLS

/**
 * FloeEngineWatch:
 *
 * Follows what all VMs of an engine's pools do: by one list a pool, now and then, oftener while
 * something goes on in it, and at once when the engine's events speak of it; never by a call a VM.
 *
 * An engine that does not answer, or with pages or halves of something, is being started or
 * upgraded. What it told before stands until it has not answered for a while; nothing is gone
 * before it says so of that one VM.
 */
#define FLOE_TYPE_ENGINE_WATCH (floe_engine_watch_get_type ())
G_DECLARE_FINAL_TYPE (FloeEngineWatch, floe_engine_watch, FLOE, ENGINE_WATCH, GObject)

FloeEngineWatch *floe_engine_watch_new (const gchar *name, FloeEngineClient *client,
                                        FloeEnginePicture *picture, FloeClock *clock);
void floe_engine_watch_start (FloeEngineWatch *self);
void floe_engine_watch_stop (FloeEngineWatch *self);
void floe_engine_watch_refresh (FloeEngineWatch *self);
void floe_engine_watch_hurry (FloeEngineWatch *self, const gchar *pool_id);

/**
 * FloeEngineParts:
 *
 * What an engine is spoken to and watched with, and who may switch its VMs off. Borrowed for the
 * time of a call.
 */
typedef struct
{
  FloeEngineClient *client;
  FloeEngineWatch *watch;
  FloeEnginePicture *picture;
  FloeClock *clock;
  FloeGuard guard;
  gpointer guard_data;
} FloeEngineParts;

G_END_DECLS
