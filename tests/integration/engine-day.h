/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-fixture.h"
#include "manager/ovirt/engine-manager.h"

G_BEGIN_DECLS

#define ENGINE_DAY_POOLS 10

/**
 * EngineDay:
 * @size: VMs of a pool
 * @engine: with ten pools
 * @manager: that follows it
 * @second: of the day, which comes when both are done with the one before
 * @n_listed: how often all VMs were told
 * @listed_at: when they were last
 * @up: the engine is there
 * @lags: some of the engine's answers take their time, see its fault "lag"
 * @held: id of a VM that somebody has to whether it was seen to run
 * @n_lost: how many were told to be off that nobody had given back
 * @n_given: how many VMs people got
 * @n_refused: how often they got none
 * @n_open: how many wait for one
 *
 * Hours of an engine and its people, in minutes: time stands still while anything is under way.
 */
typedef struct
{
  guint size;
  EngineFixture *engine;
  FloeManager *manager;
  FloeClock *clock;
  guint second;
  guint n_listed;
  guint listed_at;
  gboolean up;
  gboolean lags;
  GHashTable *held;
  guint n_lost;
  guint n_given;
  guint n_refused;
  guint n_open;
  guint n_people;
} EngineDay;

EngineDay *engine_day_new (guint size);
void engine_day_free (EngineDay *self);
void engine_day_pass (EngineDay *self, guint seconds);
void engine_day_arrive (EngineDay *self);
void engine_day_leave (EngineDay *self);
guint engine_day_count_requests (EngineDay *self);
gdouble engine_day_get_busy (EngineDay *self);
void engine_day_settle (EngineDay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineDay, engine_day_free)

G_END_DECLS
