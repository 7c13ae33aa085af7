/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/lockout.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeThrottlePolicy:
 * @seconds: how long a pause has to be after which wrong tries do not count any more
 * @person_tries: how many wrong tries of one person reach the directory without such a pause. Fewer
 *   than the directory's own lockout takes, so that nobody is locked there through the broker.
 *   Networks where that person never logged in have half of them together, so that a stranger
 *   leaves some to them; and if they log in at terminals, one is kept for these
 * @network_tries: how many wrong tries one network has, whoever they are for; then only those may
 *   try from there who logged in from there before
 * @network_seconds: after how long the tries of a network do not count any more; set by
 *   floe_throttle_new() to @seconds, which a directory may lengthen for people alone
 * @heeds_lockout: where a directory is stricter, so is the broker
 * @shared: other brokers may be asking about the same people at this moment
 *
 * How often passwords may be guessed.
 */
typedef struct
{
  guint seconds;
  guint person_tries;
  guint network_tries;
  gboolean heeds_lockout;
  gboolean shared;
  guint network_seconds;
} FloeThrottlePolicy;

gint64 floe_throttle_policy_network_since (const FloeThrottlePolicy *self, gint64 now);
gint64 floe_throttle_policy_since (const FloeThrottlePolicy *self, gint64 now);
void floe_throttle_policy_get_limits (const FloeThrottlePolicy *self, gint64 now,
                                      FloeTryLimits *limits);

/**
 * FloeTryOutcome:
 * @FLOE_TRY_RIGHT: the password was right, whatever became of the log-in
 * @FLOE_TRY_WRONG: it was not, or nobody has that name
 * @FLOE_TRY_UNASKED: no directory has said anything
 */
typedef enum
{
  FLOE_TRY_RIGHT,
  FLOE_TRY_WRONG,
  FLOE_TRY_UNASKED,
} FloeTryOutcome;

/**
 * FloeAdmission:
 *
 * The leave to ask a directory about one password.
 */
typedef struct _FloeAdmission FloeAdmission;

/**
 * FloeThrottle:
 *
 * Counts wrong passwords by person and by network in the store, for all brokers together. A try is
 * counted before the directory is asked, so that of many at once no more reach it than may; but for
 * one of somebody who has no wrong ones, from where they are known, while no other broker
 * can be asking about them: this one counts that with those that it asks about meanwhile.
 */
#define FLOE_TYPE_THROTTLE (floe_throttle_get_type ())
G_DECLARE_FINAL_TYPE (FloeThrottle, floe_throttle, FLOE, THROTTLE, GObject)

FloeThrottle *floe_throttle_new (FloeStore *store, FloeClock *clock,
                                 const FloeThrottlePolicy *policy);
void floe_throttle_admit_async (FloeThrottle *self, const gchar *name, const FloeCaller *caller,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
FloeAdmission *floe_throttle_admit_finish (FloeThrottle *self, GAsyncResult *result,
                                           GError **error);
void floe_throttle_settle (FloeThrottle *self, FloeAdmission *admission, FloeTryOutcome outcome,
                           const gchar *user_id);
void floe_throttle_greet_person (FloeThrottle *self, const gchar *name, const FloeCaller *caller,
                                 const gchar *user_id);
void floe_throttle_set_lockout (FloeThrottle *self, const FloeLockout *lockout);
void floe_throttle_get_limits (FloeThrottle *self, FloeTryLimits *limits);
guint floe_throttle_get_under_way (FloeThrottle *self);
void floe_throttle_prune (FloeThrottle *self);

G_END_DECLS
