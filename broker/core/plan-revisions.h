/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool-plan.h"

G_BEGIN_DECLS

/* The parts of a plan: what is about the template's revisions, and about the hosts that people in
 * line need. Private to the plan. */

typedef struct
{
  const FloePlanInput *input;
  FloePlan *plan;
  FloeNature nature;
  guint total;
  guint made;
  guint held;
  guint making;
  guint removing;
  guint ready;
  guint coming;
  guint off;
  guint wanted;
  guint planned_canaries;
  gboolean made_room;
  const FloeRevision *next;
} FloePlanState;

FloeStep *floe_plan_add (FloePlanState *state, FloeStepKind kind, guint n);
void floe_plan_tell (FloePlanState *state, gchar *text);
gboolean floe_plan_is_free (const FloePlanState *state, const FloeDesktopCount *count);
guint floe_plan_start (FloePlanState *state, const FloeDesktopCount *count, guint missing);
gboolean floe_plan_can_make (const FloePlanState *state, const FloePlace *place);
void floe_plan_make (FloePlanState *state, FloePlace *place, const FloeRevision *revision);

void floe_plan_needs (FloePlanState *state, gboolean resting);

void floe_plan_revisions (FloePlanState *state, gboolean resting);
const FloeRevision *floe_plan_next_revision (FloePlanState *state);
guint floe_plan_wanted_revision (FloePlanState *state);
guint floe_plan_count_outdated (FloePlanState *state);
guint floe_plan_missing_canaries (FloePlanState *state);
gboolean floe_plan_is_trying (FloePlanState *state, guint *revision);
gboolean floe_plan_has_image (const FloePlanState *state, const gchar *host);
gboolean floe_plan_is_bad (const FloePlanState *state, guint revision);

G_END_DECLS
