/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/waiting-room.h"

#include <string.h>

#include "core/capacity.h"
#include "core/error.h"
#include "core/line.h"
#include "core/waiting-room-parts.h"

/* How long an answer stays to be fetched after a request is over, and how long one may take. */
#define OVER_FOR   (60 * G_USEC_PER_SEC)
#define MAX_AGE    (15 * 60 * G_USEC_PER_SEC)
#define LOOK_EVERY (5 * G_USEC_PER_SEC)

enum
{
  PHASE,
  FAILED,
  WAITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeWaitingRoom, floe_waiting_room, G_TYPE_OBJECT)

FloeWaitingVisit *
floe_waiting_room_visit_new (FloeWaitingRoom *self, const FloeWaiter *wait)
{
  FloeWaitingVisit *visit = g_new0 (FloeWaitingVisit, 1);

  visit->room = g_object_ref (self);
  visit->request_id = g_strdup (floe_connect_request_get_id (wait->request));
  return visit;
}

void
floe_waiting_room_visit_free (FloeWaitingVisit *visit)
{
  g_object_unref (visit->room);
  g_free (visit->request_id);
  g_free (visit->desktop_id);
  floe_desktop_free (visit->reported);
  g_free (visit);
}

static void
tell_wait (FloeWaitingRoom *self, const FloeWaiter *wait, FloeServed how)
{
  g_signal_emit (self, signals[WAITED], 0, floe_connect_request_get_pool (wait->request), (gint)how,
                 floe_clock_elapsed (self->clock) - wait->began);
}

void
floe_waiting_room_fail_with (FloeWaitingRoom *self, FloeWaiter *wait, const GError *error)
{
  FloeServed how;

  if (floe_connect_request_is_over (wait->request))
    return;
  floe_connect_request_fail (wait->request, error);
  g_signal_emit (self, signals[FAILED], 0, error);
  if (floe_served_from_error (error, &how))
    tell_wait (self, wait, how);
}

void
floe_waiting_room_fail (FloeWaitingRoom *self, FloeWaiter *wait, FloeError code,
                        const gchar *reason, const gchar *text)
{
  g_autoptr (GError) error = NULL;

  floe_set_error_reason (&error, code, reason, "%s", text);
  floe_waiting_room_fail_with (self, wait, error);
}

void
floe_waiting_room_give (FloeWaitingRoom *self, FloeWaiter *wait, const FloeDesktop *desktop)
{
  floe_waiters_give (self->waiters, wait, desktop, floe_clock_elapsed (self->clock));
}

/* Into the line of the pool, which has nothing left for them. */
void
floe_waiting_room_line_up (FloeWaitingRoom *self, FloeWaiter *wait)
{
  floe_waiting_room_give (self, wait, NULL);
  wait->since = floe_clock_elapsed (self->clock);
  g_hash_table_remove (self->starts, wait);
  floe_lines_add (self->lines, wait->request);
}

static void
tell_phase (FloeWaitingRoom *self, FloeWaiter *wait, FloeVisitPhase phase, gint64 took)
{
  wait->took[phase] += took;
  g_signal_emit (self, signals[PHASE], 0, floe_connect_request_get_pool (wait->request),
                 floe_visit_phase_name (phase), took);
}

/* Tells how long the state took that is left now; a step back ends none. */
void
floe_waiting_room_set_state (FloeWaitingRoom *self, FloeWaiter *wait, FloeRequestState state,
                             guint place)
{
  static const FloeVisitPhase phases[] = { FLOE_PHASE_QUEUE, FLOE_PHASE_WAIT, FLOE_PHASE_START,
                                           FLOE_PHASE_GUEST };
  FloeRequestState before = floe_connect_request_get_state (wait->request);
  gint64 now = floe_clock_elapsed (self->clock);
  gint64 since = wait->since;

  if (since < 0 || state != before)
    wait->since = now;
  if (state == FLOE_REQUEST_WAITING)
    g_hash_table_add (self->starts, wait);
  else
    g_hash_table_remove (self->starts, wait);
  floe_connect_request_set_state (wait->request, state, place);
  if (since >= 0 && state > before)
    tell_phase (self, wait, phases[before], now - since);
  if (state == FLOE_REQUEST_READY && before != FLOE_REQUEST_READY)
    tell_wait (self, wait, wait->own ? FLOE_SERVED_OWN : FLOE_SERVED_LATER);
}

static void
on_line_moved (FloeKeeper *keeper, FloeWaitingRoom *self)
{
  guint n;
  g_autofree gpointer *waiters = g_hash_table_get_keys_as_array (self->starts, &n);

  for (guint i = 0; i < n; i++)
    {
      FloeWaiter *wait = waiters[i];

      /* Those that stand in no line any more are told by what becomes of their desktop. */
      if (!wait->claiming && floe_connect_request_get_state (wait->request) == FLOE_REQUEST_WAITING)
        floe_waiting_room_set_place (self, wait, wait->desktop_id);
    }
}

/* The pool's line. */

static void
on_served (FloeLines *lines, FloeConnectRequest *request, const FloeDesktop *desktop,
           FloeWaitingRoom *self)
{
  FloeWaiter *wait = floe_waiters_find (self->waiters, floe_connect_request_get_id (request));
  gint64 now = floe_clock_elapsed (self->clock);

  if (wait == NULL)
    return;
  tell_phase (self, wait, FLOE_PHASE_QUEUE, now - wait->since);
  floe_waiting_room_give (self, wait, desktop);
  floe_waiting_room_update (self, wait, desktop);
}

/* Their place is gone: their log-in has ended, or another broker served them, or they were silent
 * for too long. Asking again tells which it is. */
static void
on_lost (FloeLines *lines, FloeConnectRequest *request, FloeWaitingRoom *self)
{
  FloeWaiter *wait = floe_waiters_find (self->waiters, floe_connect_request_get_id (request));
  gint64 since = floe_clock_elapsed (self->clock) - FLOE_LINE_SILENCE;

  if (wait == NULL || floe_connect_request_is_over (request))
    return;
  if (floe_connect_request_is_heard (request, since))
    floe_waiting_room_claim_again (self, wait);
  else
    floe_waiting_room_fail (self, wait, FLOE_ERROR_CONFLICT, "left",
                            "nobody was heard of for too long");
}

/* Looking in from time to time: a guest whose agent never answers is handed out all the same after
 * its time, which no event brings; and who fetched their answer, or never will, leaves. */

static gpointer
read_desktop (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_get_desktop (tx, input, error);
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  FloeWaitingVisit *visit = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDesktop) desktop = floe_store_finish (FLOE_STORE (source), result, &error);
  FloeWaiter *wait = floe_waiters_find (visit->room->waiters, visit->request_id);
  const FloeDesktop *now = desktop;

  gboolean gone = g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);

  if (gone)
    now = visit->reported;
  if (wait != NULL && now != NULL && g_strcmp0 (wait->desktop_id, now->id) == 0)
    floe_waiting_room_update (visit->room, wait, now);
  else if (wait != NULL && gone && g_strcmp0 (wait->desktop_id, visit->desktop_id) == 0)
    floe_waiting_room_lose (visit->room, wait);
  floe_waiting_room_visit_free (visit);
}

static void
read_again (FloeWaitingRoom *self, FloeWaiter *wait, const FloeDesktop *reported)
{
  FloeWaitingVisit *visit = floe_waiting_room_visit_new (self, wait);

  visit->desktop_id = g_strdup (wait->desktop_id);
  visit->reported = reported != NULL ? floe_desktop_copy (reported) : NULL;
  floe_store_read_async (self->store, read_desktop, g_strdup (wait->desktop_id), g_free,
                         (GDestroyNotify)floe_desktop_free, NULL, looked, visit);
}

/* A store that commits several transactions at once may tell of a reset after it told of the claim
 * that followed it. So what looks like the end of their lease is looked up. */
static void
on_desktop_changed (FloeKeeper *keeper, const FloeDesktop *desktop, FloeWaitingRoom *self)
{
  g_autoptr (GPtrArray) waiters = floe_waiters_list (self->waiters, desktop->id);

  for (guint i = 0; i < waiters->len; i++)
    if (floe_waiting_room_is_lost (waiters->pdata[i], desktop))
      read_again (self, waiters->pdata[i], desktop);
    else
      floe_waiting_room_update (self, waiters->pdata[i], desktop);
}

static void
look_at (FloeWaitingRoom *self, FloeWaiter *wait)
{
  if (wait->desktop_id == NULL)
    return;
  if (floe_clock_elapsed (self->clock) - wait->given > MAX_AGE)
    floe_waiting_room_fail (self, wait, FLOE_ERROR_TIMED_OUT, "start-failed",
                            "the desktop was not ready in time");
  else
    read_again (self, wait, NULL);
}

static gboolean
look_due (gpointer data)
{
  FloeWaitingRoom *self = data;
  gint64 now = floe_clock_elapsed (self->clock);
  g_autoptr (GPtrArray) waiters = floe_waiters_list (self->waiters, NULL);

  for (guint i = 0; i < waiters->len; i++)
    {
      FloeWaiter *wait = waiters->pdata[i];

      if (!floe_connect_request_is_over (wait->request))
        look_at (self, wait);
      else if (wait->over_since == 0)
        wait->over_since = now;
      else if (now - wait->over_since >= OVER_FOR)
        {
          g_hash_table_remove (self->starts, wait);
          floe_waiters_remove (self->waiters, wait);
        }
    }
  if (waiters->len > 0)
    return G_SOURCE_CONTINUE;
  self->look = 0;
  return G_SOURCE_REMOVE;
}

static FloeWaiter *
add (FloeWaitingRoom *self, const FloeIdentity *identity, const gchar *pool, gboolean another,
     gint64 asked)
{
  g_autoptr (FloeConnectRequest) request =
      floe_connect_request_new (identity, pool, floe_clock_now (self->clock));
  FloeWaiter *wait = floe_waiters_add (self->waiters, request, asked);

  floe_connect_request_touch (request, floe_clock_elapsed (self->clock));
  wait->another = another;
  if (self->look == 0)
    self->look = floe_clock_add_timeout (self->clock, LOOK_EVERY, look_due, self, NULL);
  return wait;
}

/**
 * floe_waiting_room_enter:
 * @self: the waiting room
 * @identity: who waits
 * @pool: for a desktop of which pool
 * @another: they asked for a further one
 * @claim: what they were given
 * @asked: when they did, elapsed microseconds
 *
 * Returns: (transfer none): their request; the one that this log-in has already for that desktop
 */
FloeConnectRequest *
floe_waiting_room_enter (FloeWaitingRoom *self, const FloeIdentity *identity, const gchar *pool,
                         gboolean another, const FloeClaim *claim, gint64 asked)
{
  const FloeDesktop *desktop = claim->change->desktop;
  FloeWaiter *wait = floe_waiters_find_open (self->waiters, identity->login_id, pool, desktop->id);

  if (wait == NULL)
    {
      wait = add (self, identity, pool, another, asked);
      wait->tries = 1;
      wait->own = !claim->taken;
      floe_waiting_room_give (self, wait, desktop);
    }
  floe_waiting_room_update (self, wait, desktop);
  return wait->request;
}

/**
 * floe_waiting_room_queue:
 * @self: the waiting room
 * @identity: who stands in the pool's line, as the store has it
 * @pool: for a desktop of which pool
 * @another: they asked for a further one
 * @asked: when they did, elapsed microseconds
 *
 * Returns: (transfer none): their request; the one that this log-in has already for that line
 */
FloeConnectRequest *
floe_waiting_room_queue (FloeWaitingRoom *self, const FloeIdentity *identity, const gchar *pool,
                         gboolean another, gint64 asked)
{
  FloeWaiter *wait = floe_waiters_find_open (self->waiters, identity->login_id, pool, NULL);

  if (wait == NULL)
    wait = add (self, identity, pool, another, asked);
  floe_connect_request_touch (wait->request, floe_clock_elapsed (self->clock));
  floe_waiting_room_line_up (self, wait);
  return wait->request;
}

/* Leaving. */

static void
left (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (floe_lines_leave_finish (FLOE_LINES (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * floe_waiting_room_leave_async:
 * @identity: who
 * @id: their request's
 *
 * Somebody waits no more. In a line this gives up their place, unless they wait elsewhere, too; a
 * desktop that they were given already stays theirs for its grace.
 */
void
floe_waiting_room_leave_async (FloeWaitingRoom *self, const FloeIdentity *identity, const gchar *id,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  FloeConnectRequest *request = floe_waiting_room_find (self, identity, id, &error);
  gboolean stays;

  g_task_set_source_tag (task, floe_waiting_room_leave_async);
  if (request == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  stays = floe_connect_request_get_state (request) != FLOE_REQUEST_QUEUED
          || floe_lines_remove (self->lines, request);
  floe_waiting_room_fail (self, floe_waiters_find (self->waiters, id), FLOE_ERROR_CONFLICT, "left",
                          "it is waited for no more");
  if (stays)
    g_task_return_boolean (task, TRUE);
  else
    floe_lines_leave_async (self->lines, identity, floe_connect_request_get_pool (request), left,
                            g_object_ref (task));
}

gboolean
floe_waiting_room_leave_finish (FloeWaitingRoom *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * floe_waiting_room_fetch:
 * @identity: who gets a connection now
 * @desktop_id: to which desktop
 *
 * Returns: (transfer none) (nullable): who they were here, if they waited until it was ready and
 *   did not come for it yet
 */
const FloeWaiter *
floe_waiting_room_fetch (FloeWaitingRoom *self, const FloeIdentity *identity,
                         const gchar *desktop_id)
{
  g_autoptr (GPtrArray) waiters = floe_waiters_list (self->waiters, desktop_id);

  for (guint i = 0; i < waiters->len; i++)
    {
      FloeWaiter *wait = waiters->pdata[i];
      FloeConnectRequest *request = wait->request;

      if (wait->fetched || floe_connect_request_get_state (request) != FLOE_REQUEST_READY
          || strcmp (floe_connect_request_get_identity (request)->login_id, identity->login_id)
                 != 0)
        continue;
      wait->fetched = TRUE;
      return wait;
    }
  return NULL;
}

/**
 * floe_waiting_room_count:
 *
 * Returns: how many requests are in @state
 */
guint
floe_waiting_room_count (FloeWaitingRoom *self, FloeRequestState state)
{
  g_autoptr (GPtrArray) waiters = floe_waiters_list (self->waiters, NULL);
  guint n = 0;

  for (guint i = 0; i < waiters->len; i++)
    n += floe_connect_request_get_state (((FloeWaiter *)waiters->pdata[i])->request) == state;
  return n;
}

/**
 * floe_waiting_room_find:
 *
 * Returns: (transfer none): a request of this person's; or %NULL with %FLOE_ERROR_NOT_FOUND
 */
FloeConnectRequest *
floe_waiting_room_find (FloeWaitingRoom *self, const FloeIdentity *identity, const gchar *id,
                        GError **error)
{
  FloeWaiter *wait = floe_waiters_find (self->waiters, id);

  if (wait != NULL
      && strcmp (floe_connect_request_get_identity (wait->request)->user->id, identity->user->id)
             == 0)
    return wait->request;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such request");
  return NULL;
}

/**
 * floe_waiting_room_start:
 *
 * Takes up the lines that there were when the broker went away.
 */
void
floe_waiting_room_start (FloeWaitingRoom *self)
{
  floe_lines_start (self->lines);
}

static void
floe_waiting_room_finalize (GObject *object)
{
  FloeWaitingRoom *self = FLOE_WAITING_ROOM (object);

  floe_clock_clear_timeout (self->clock, &self->look);
  g_hash_table_unref (self->starts);
  floe_waiters_free (self->waiters);
  g_object_unref (self->lines);
  g_object_unref (self->store);
  g_object_unref (self->keeper);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_waiting_room_parent_class)->finalize (object);
}

static void
floe_waiting_room_class_init (FloeWaitingRoomClass *klass)
{
  const GType plain = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;

  G_OBJECT_CLASS (klass)->finalize = floe_waiting_room_finalize;
  signals[PHASE] = g_signal_new ("phase", FLOE_TYPE_WAITING_ROOM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 3, plain, plain, G_TYPE_INT64);
  signals[FAILED] = g_signal_new ("failed", FLOE_TYPE_WAITING_ROOM, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[WAITED] = g_signal_new ("waited", FLOE_TYPE_WAITING_ROOM, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 3, plain, G_TYPE_INT, G_TYPE_INT64);
}

static void
floe_waiting_room_init (FloeWaitingRoom *self)
{
  self->waiters = floe_waiters_new ();
  self->starts = g_hash_table_new (NULL, NULL);
}

FloeWaitingRoom *
floe_waiting_room_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock)
{
  FloeWaitingRoom *self = g_object_new (FLOE_TYPE_WAITING_ROOM, NULL);

  self->store = g_object_ref (store);
  self->keeper = g_object_ref (keeper);
  self->clock = g_object_ref (clock);
  self->lines = floe_lines_new (store, keeper, clock);
  g_signal_connect_object (self->lines, "served", G_CALLBACK (on_served), self, 0);
  g_signal_connect_object (self->lines, "lost", G_CALLBACK (on_lost), self, 0);
  g_signal_connect_object (keeper, "desktop-changed", G_CALLBACK (on_desktop_changed), self, 0);
  g_signal_connect_object (keeper, "line-moved", G_CALLBACK (on_line_moved), self, 0);
  return self;
}
