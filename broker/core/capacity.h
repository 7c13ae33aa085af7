/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FloeServed:
 * @FLOE_SERVED_AT_ONCE: they got a desktop that was running and ready
 * @FLOE_SERVED_LATER: they waited for one, because it had to be started or made, or to become free
 * @FLOE_SERVED_OWN: they waited for one that was theirs already
 * @FLOE_UNSERVED_LEFT: they gave up waiting
 * @FLOE_UNSERVED_FAILED: what they were given did not become ready
 * @FLOE_UNSERVED_FULL: nothing was left, and there was no line to stand in
 * @FLOE_UNSERVED_CLOSED: the pool was closed, or an administrator gives out its desktops and gave
 *   them none
 *
 * How it ended that somebody asked for a desktop. Coming back to one that is ready is no such end.
 */
typedef enum
{
  FLOE_SERVED_AT_ONCE,
  FLOE_SERVED_LATER,
  FLOE_SERVED_OWN,
  FLOE_UNSERVED_LEFT,
  FLOE_UNSERVED_FAILED,
  FLOE_UNSERVED_FULL,
  FLOE_UNSERVED_CLOSED,
  FLOE_N_SERVED
} FloeServed;

gboolean floe_served_from_error (const GError *error, FloeServed *how);

/**
 * FloeCapacityStep:
 * @FLOE_STEP_MINUTES: five minutes
 * @FLOE_STEP_HOUR: an hour
 * @FLOE_STEP_DAY: a day of the broker's time zone
 *
 * For how long one row counts.
 */
typedef enum
{
  FLOE_STEP_MINUTES,
  FLOE_STEP_HOUR,
  FLOE_STEP_DAY,
  FLOE_N_STEPS
} FloeCapacityStep;

const gchar *floe_capacity_step_name (FloeCapacityStep step);
gboolean floe_capacity_step_from_name (const gchar *name, FloeCapacityStep *step);
gint64 floe_capacity_step_length (FloeCapacityStep step);
gint64 floe_capacity_step_kept (FloeCapacityStep step);
gint64 floe_capacity_step_begin (FloeCapacityStep step, gint64 at);

/**
 * FloeCapacitySlot:
 * @pool: whose
 * @step: how long it is
 * @at: when it begins, microseconds since 1970 UTC
 * @looks: how often the leader looked at the pool; when it is 0, the next four are not known
 * @size: how many desktops the pool could lend in all, at the last look
 * @used: the most that were lent at once
 * @demand: the most that were lent and waited for at once
 * @spares: the fewest that nobody had and that were running and ready
 * @served: how many asks ended how
 * @waited: how many of them did after a wait
 * @wait_sum: how long all these waited, microseconds
 * @wait_longest: and the one who waited longest
 *
 * What was seen of a pool in some time. Two about the same can be added up: what is counted is
 * added, of what is looked at the extremes stay.
 */
typedef struct
{
  gchar *pool;
  FloeCapacityStep step;
  gint64 at;
  gint64 looks;
  gint64 size;
  gint64 used;
  gint64 demand;
  gint64 spares;
  gint64 served[FLOE_N_SERVED];
  gint64 waited;
  gint64 wait_sum;
  gint64 wait_longest;
} FloeCapacitySlot;

FloeCapacitySlot *floe_capacity_slot_new (const gchar *pool, FloeCapacityStep step, gint64 at);
void floe_capacity_slot_free (FloeCapacitySlot *self);
void floe_capacity_slot_count (FloeCapacitySlot *self, FloeServed how, gint64 waited);
void floe_capacity_slot_add (FloeCapacitySlot *self, const FloeCapacitySlot *later);
GPtrArray *floe_capacity_roll_up (GPtrArray *slots);

/**
 * FloeCapacityLook:
 * @pool: whose
 * @size: how many desktops it can lend in all: those that it may make, or those that there are and
 *   that are fit for it
 * @used: how many are lent
 * @spares: how many nobody has, and are running and ready
 * @waiting: how many people stand in its line
 *
 * A pool at one moment.
 */
typedef struct
{
  gchar *pool;
  guint size;
  guint used;
  guint spares;
  guint waiting;
} FloeCapacityLook;

void floe_capacity_look_free (FloeCapacityLook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeCapacitySlot, floe_capacity_slot_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeCapacityLook, floe_capacity_look_free)

G_END_DECLS
