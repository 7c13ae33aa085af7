/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/placement.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeStepKind:
 * @FLOE_STEP_CREATE: make @n desktops of @revision on @host
 * @FLOE_STEP_REMOVE: remove @n desktops that nobody has: on @host, not of @revision, as set
 * @FLOE_STEP_START: start @n spares on @host
 * @FLOE_STEP_STOP: stop @n spares too many, on any host or on @host
 * @FLOE_STEP_MOVE: move @n desktops that are off from @host to @target
 * @FLOE_STEP_PUBLISH: make the image of @revision
 * @FLOE_STEP_CARRY: bring the image of @revision from @host to @target
 * @FLOE_STEP_PROMOTE: @revision is good: it is current from now on
 * @FLOE_STEP_FAIL: @revision is not good: nothing is made from it any more
 * @FLOE_STEP_FORGET: nothing stands on @revision any more: its images go
 */
typedef enum
{
  FLOE_STEP_CREATE,
  FLOE_STEP_REMOVE,
  FLOE_STEP_START,
  FLOE_STEP_STOP,
  FLOE_STEP_MOVE,
  FLOE_STEP_PUBLISH,
  FLOE_STEP_CARRY,
  FLOE_STEP_PROMOTE,
  FLOE_STEP_FAIL,
  FLOE_STEP_FORGET,
} FloeStepKind;

/**
 * FloeStep:
 * @not_revision: with REMOVE: only those of another revision; 0 for any
 * @running: with REMOVE: those that run, too
 *
 * One thing that a pool needs. Names are borrowed from the plan's input.
 */
typedef struct
{
  FloeStepKind kind;
  const gchar *host;
  const gchar *target;
  guint revision;
  guint not_revision;
  guint n;
  gboolean running;
} FloeStep;

/**
 * FloePlanNeed:
 * @host: a host's name, which may not be configured any more; borrowed
 * @n: how many people in line can only use a desktop there, because their data is there
 */
typedef struct
{
  const gchar *host;
  guint n;
} FloePlanNeed;

/**
 * FloePlanInput:
 * @pool: the pool
 * @now: microseconds since 1970 UTC
 * @spares: how many are wanted at this time
 * @waiting: how many people stand in line
 * @needs: (nullable) (element-type FloePlanNeed): which hosts some of them need
 * @counts: (element-type FloeDesktopCount): what there is
 * @places: (element-type FloePlace): the hosts; written to
 * @revisions: (element-type FloeRevision): the newest first
 * @images: (element-type FloeImage): where revisions are
 * @stuck: (nullable) (element-type FloeDesktop): see floe_stuck_list()
 * @state: what is remembered of it
 */
typedef struct
{
  const FloePool *pool;
  gint64 now;
  guint spares;
  guint waiting;
  GArray *needs;
  GPtrArray *counts;
  GArray *places;
  GPtrArray *revisions;
  GPtrArray *images;
  GPtrArray *stuck;
  const FloePoolState *state;
} FloePlanInput;

/**
 * FloePlan:
 * @steps: (element-type FloeStep): what to do now
 * @ready: spares that run and could be lent
 * @coming: spares that are being started
 * @wanted: how many of both there should be
 * @problem: (nullable): what an administrator should know, in words
 */
typedef struct
{
  GArray *steps;
  guint ready;
  guint coming;
  guint wanted;
  gchar *problem;
} FloePlan;

GArray *floe_plan_count_needs (GPtrArray *waits);
FloePlan *floe_plan_new (const FloePlanInput *input);
void floe_plan_free (FloePlan *self);
gint64 floe_plan_publish_due (GPtrArray *revisions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePlan, floe_plan_free)

G_END_DECLS
