/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/sessions.h"

#include "core/error.h"
#include "core/service.h"

/* A heartbeat that comes sooner after the last one that was written is not: clients send one a
 * minute, and not to the second. */
#define WRITE_AFTER (55 * G_USEC_PER_SEC)
/* Somebody who was not idle for long enough when they were last heard of is not ended before the
 * next heartbeat that is written can say that they came back. */
#define PATIENCE (120 * G_USEC_PER_SEC)
/* A stream that was interrupted is there again by then; what is older, nobody waits for. */
#define TELL_FOR (10 * G_TIME_SPAN_MINUTE)
/* How good a connection is that stays as good is told again after so long. */
#define SAME_FOR (4 * G_TIME_SPAN_MINUTE + 30 * G_USEC_PER_SEC)
/* What is remembered of heartbeats is thrown away beyond this: it only saves work. */
#define MAX_REMEMBERED 100000

struct _FloeSessions
{
  GObject parent_instance;

  FloeStore *store;
  FloeKeeper *keeper;
  FloeClock *clock;
  GHashTable *beats; /* desktop id to Beat */
};

/*
 * Beat:
 * @user_id: whose
 * @login_id: of which log-in
 * @at: when it was written, by floe_clock_elapsed()
 * @limit: the pool's idle_seconds; 0 when nothing follows from being idle
 * @idle: what it said
 * @level: how good it said that its connection is
 * @level_at: when that was told, likewise
 */
typedef struct
{
  gchar *user_id;
  gchar *login_id;
  gint64 at;
  guint limit;
  guint idle;
  FloeQualityLevel level;
  gint64 level_at;
} Beat;

typedef struct
{
  FloeIdentity *identity;
  gchar *desktop_id;
  FloeDesktop *desktop; /* of the outlook */
  gchar *holder;
  guint idle;
  FloeSessionQuality *quality; /* nullable */
  gint64 now;
} Input;

typedef struct
{
  guint limit;
  gint64 due;
} Beaten;

enum
{
  MEASURED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeSessions, floe_sessions, G_TYPE_OBJECT)

void
floe_outlook_free (FloeOutlook *self)
{
  if (self == NULL)
    return;
  g_free (self->notice);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  floe_shadow_free (self->shadow);
  g_free (self);
}

static void
beat_free (gpointer data)
{
  Beat *beat = data;

  g_free (beat->user_id);
  g_free (beat->login_id);
  g_free (beat);
}

static void
input_free (gpointer data)
{
  Input *input = data;

  floe_identity_free (input->identity);
  g_free (input->desktop_id);
  floe_desktop_free (input->desktop);
  g_free (input->holder);
  floe_session_quality_free (input->quality);
  g_free (input);
}

/* Heartbeats. */

static gboolean
set_idle_timer (FloeTx *tx, const Input *in, Beaten *beaten, GError **error)
{
  gint64 idle = (gint64)in->idle * G_USEC_PER_SEC;
  gint64 limit = (gint64)beaten->limit * G_USEC_PER_SEC;
  g_autoptr (FloeTimer) timer = NULL;

  beaten->due = idle >= limit ? in->now : MAX (in->now - idle + limit, in->now + PATIENCE);
  timer = floe_timer_new ("idle", in->desktop_id, beaten->due);
  return floe_tx_put_timer (tx, timer, error);
}

/* A client whose desktop was taken over goes on for a moment: it says nothing about who sits at it
 * now. */
static gboolean
is_its_session (const FloeDesktop *desktop, const FloeIdentity *identity)
{
  return desktop->facts.console == FLOE_CONSOLE_CONNECTED
         && g_strcmp0 (desktop->lease->login_id, identity->login_id) == 0;
}

static gpointer
record_beat (FloeTx *tx, gconstpointer input, GError **error)
{
  const Input *in = input;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, in->desktop_id, error);
  g_autoptr (FloePool) pool = NULL;
  g_autofree Beaten *beaten = g_new0 (Beaten, 1);

  if (desktop == NULL)
    return NULL;
  if (!floe_desktop_is_held_by (desktop, in->identity->user->id))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such desktop");
      return NULL;
    }
  pool = floe_tx_get_pool (tx, desktop->pool, error);
  if (pool == NULL)
    return NULL;
  if (pool->on_idle != FLOE_ACT_KEEP)
    beaten->limit = pool->idle_seconds;
  if (beaten->limit > 0 && is_its_session (desktop, in->identity)
      && !set_idle_timer (tx, in, beaten, error))
    return NULL;
  return g_steal_pointer (&beaten);
}

/* What is told is of somebody who has the desktop: that was looked up when this was remembered. */
static void
note_quality (FloeSessions *self, const Input *in)
{
  Beat *beat = g_hash_table_lookup (self->beats, in->desktop_id);
  gint64 now = floe_clock_elapsed (self->clock);

  if (in->quality == NULL || beat == NULL
      || (beat->level == in->quality->level && now < beat->level_at + SAME_FOR
          && in->quality->picture_ms == 0))
    return;
  beat->level = in->quality->level;
  beat->level_at = now;
  g_signal_emit (self, signals[MEASURED], 0, in->quality);
}

static void
remember (FloeSessions *self, const Input *in, guint limit)
{
  const Beat *before = g_hash_table_lookup (self->beats, in->desktop_id);
  Beat *beat = g_new0 (Beat, 1);

  if (before != NULL && g_strcmp0 (before->login_id, in->identity->login_id) == 0)
    {
      beat->level = before->level;
      beat->level_at = before->level_at;
    }

  if (g_hash_table_size (self->beats) >= MAX_REMEMBERED)
    g_hash_table_remove_all (self->beats);
  beat->user_id = g_strdup (in->identity->user->id);
  beat->login_id = g_strdup (in->identity->login_id);
  beat->at = floe_clock_elapsed (self->clock);
  beat->limit = limit;
  beat->idle = in->idle;
  g_hash_table_insert (self->beats, g_strdup (in->desktop_id), beat);
}

static void
beaten (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeSessions *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autofree Beaten *done = floe_store_finish (FLOE_STORE (source), result, &error);

  if (done == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  remember (self, g_task_get_task_data (task), done->limit);
  note_quality (self, g_task_get_task_data (task));
  floe_keeper_note_timer (self->keeper, done->due);
  g_task_return_boolean (task, TRUE);
}

/* What is known already: nothing new within a minute; and what follows from being idle was done
 * once, and is done again only after somebody came back. */
static gboolean
is_old_news (FloeSessions *self, const Input *in)
{
  const Beat *beat = g_hash_table_lookup (self->beats, in->desktop_id);

  if (beat == NULL || g_strcmp0 (beat->user_id, in->identity->user->id) != 0
      || g_strcmp0 (beat->login_id, in->identity->login_id) != 0)
    return FALSE;
  return floe_clock_elapsed (self->clock) < beat->at + WRITE_AFTER
         || (beat->limit > 0 && beat->idle >= beat->limit && in->idle >= beat->idle);
}

static Input *
beat_input_new (FloeSessions *self, const FloeIdentity *identity, const gchar *desktop_id,
                guint idle_seconds, const FloeSessionQuality *quality)
{
  Input *input = g_new0 (Input, 1);

  input->identity = floe_identity_copy (identity);
  input->desktop_id = g_strdup (desktop_id);
  input->idle = idle_seconds;
  input->now = floe_clock_now (self->clock);
  if (quality == NULL)
    return input;
  input->quality = floe_session_quality_copy (quality);
  input->quality->desktop_id = g_strdup (desktop_id);
  input->quality->user_id = g_strdup (identity->user->id);
  input->quality->at = input->now;
  return input;
}

/**
 * floe_sessions_beat_async:
 * @identity: who holds it
 * @desktop_id: the desktop
 * @idle_seconds: for how long nobody has used it
 * @quality: (nullable): how good its connection is; whose and when is filled in here
 *
 * A client says that its session lives. Of a client that never does, nobody knows whether it is
 * idle, and nothing is ended because of it.
 */
void
floe_sessions_beat_async (FloeSessions *self, const FloeIdentity *identity, const gchar *desktop_id,
                          guint idle_seconds, const FloeSessionQuality *quality,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Input *input = beat_input_new (self, identity, desktop_id, idle_seconds, quality);

  g_task_set_source_tag (task, floe_sessions_beat_async);
  g_task_set_task_data (task, input, input_free);
  if (is_old_news (self, input))
    {
      note_quality (self, input);
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  floe_store_note_async (self->store, record_beat,
                         beat_input_new (self, identity, desktop_id, idle_seconds, NULL),
                         input_free, g_free, beaten, task);
}

/**
 * floe_sessions_beat_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND when the caller does not hold it, or a store's error
 */
gboolean
floe_sessions_beat_finish (FloeSessions *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The outlook. */

/* The last one is the one that is open, if any is; of one that is over they are told for a while.
 */
static gboolean
read_shadow (FloeTx *tx, const Input *in, FloeOutlook *outlook, GError **error)
{
  g_autoptr (GPtrArray) all = floe_tx_list_shadows (tx, in->desktop_id, error);
  const FloeShadow *last;

  if (all == NULL)
    return FALSE;
  last = all->len > 0 ? all->pdata[0] : NULL;
  if (last != NULL && g_strcmp0 (last->holder, in->holder) == 0
      && (floe_shadow_is_open (last) || last->ended > in->now - TELL_FOR))
    outlook->shadow = g_ptr_array_steal_index (all, 0);
  return TRUE;
}

static gpointer
read_outlook (FloeTx *tx, gconstpointer input, GError **error)
{
  const Input *in = input;
  g_autoptr (FloeOutlook) outlook = g_new0 (FloeOutlook, 1);
  g_autoptr (FloeMaintenance) found = NULL;

  if (!floe_service_find_maintenance (tx, in->desktop, &found, error)
      || !floe_tx_get_timer (tx, "limit", in->desktop_id, &outlook->limit_at, error))
    return NULL;
  outlook->messages =
      floe_tx_list_messages (tx, in->desktop_id, in->holder, in->now - TELL_FOR, error);
  if (outlook->messages == NULL || !read_shadow (tx, in, outlook, error))
    return NULL;
  if (found != NULL)
    {
      outlook->notice = g_strdup (found->message);
      outlook->ends_at = found->ends;
    }
  return g_steal_pointer (&outlook);
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  FloeOutlook *outlook = floe_store_finish (FLOE_STORE (source), result, &error);

  if (outlook == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, outlook, (GDestroyNotify)floe_outlook_free);
}

/**
 * floe_sessions_look_async:
 * @desktop: one that the asker holds
 */
void
floe_sessions_look_async (FloeSessions *self, const FloeDesktop *desktop, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Input *input = g_new0 (Input, 1);

  g_task_set_source_tag (task, floe_sessions_look_async);
  input->desktop_id = g_strdup (desktop->id);
  input->desktop = floe_desktop_copy (desktop);
  input->holder = g_strdup (desktop->lease != NULL ? desktop->lease->holder : "");
  input->now = floe_clock_now (self->clock);
  floe_store_read_async (self->store, read_outlook, input, input_free,
                         (GDestroyNotify)floe_outlook_free, cancellable, looked, task);
}

FloeOutlook *
floe_sessions_look_finish (FloeSessions *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What its holder does with it. */

static void
handle (FloeSessions *self, const FloeChange *change)
{
  floe_keeper_note_timer (self->keeper, change->due);
  floe_keeper_handle (self->keeper, change);
}

static void
acted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeSessions *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeOwnActed) done = floe_store_finish (FLOE_STORE (source), result, &error);

  if (done == NULL || done->refusal != NULL)
    {
      g_task_return_error (task, done == NULL ? error : g_steal_pointer (&done->refusal));
      return;
    }
  handle (self, done->change);
  if (done->fresh != NULL)
    handle (self, done->fresh);
  g_task_return_boolean (task, TRUE);
}

/**
 * floe_sessions_act_async:
 * @desktop_id: a desktop of theirs
 * @act: what is done with it
 *
 * Begins it; what comes of it shows in the desktop. Whoever wanted a fresh one connects to the pool
 * again.
 */
void
floe_sessions_act_async (FloeSessions *self, const FloeIdentity *identity, const gchar *desktop_id,
                         FloeOwnAct act, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, floe_sessions_act_async);
  floe_store_write_async (
      self->store, floe_own_act,
      floe_own_act_input_new (identity, desktop_id, act, floe_clock_now (self->clock)),
      (GDestroyNotify)floe_own_act_input_free, (GDestroyNotify)floe_own_acted_free, acted, task);
}

/**
 * floe_sessions_act_finish:
 *
 * Returns: %TRUE once it is recorded; or %FALSE with the errors of floe_own_act()
 */
gboolean
floe_sessions_act_finish (FloeSessions *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
floe_sessions_finalize (GObject *object)
{
  FloeSessions *self = FLOE_SESSIONS (object);

  g_hash_table_unref (self->beats);
  g_object_unref (self->store);
  g_object_unref (self->keeper);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_sessions_parent_class)->finalize (object);
}

static void
floe_sessions_class_init (FloeSessionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_sessions_finalize;
  signals[MEASURED] = g_signal_new ("measured", FLOE_TYPE_SESSIONS, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
floe_sessions_init (FloeSessions *self)
{
  self->beats = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, beat_free);
}

/* Where nobody sits any more, whoever sits down next says how good it is. */
static void
on_desktop_changed (FloeKeeper *keeper, const FloeDesktop *desktop, FloeSessions *self)
{
  Beat *beat = g_hash_table_lookup (self->beats, desktop->id);

  if (beat != NULL && desktop->facts.console != FLOE_CONSOLE_CONNECTED)
    beat->level = FLOE_LEVEL_NONE;
}

FloeSessions *
floe_sessions_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock)
{
  FloeSessions *self = g_object_new (FLOE_TYPE_SESSIONS, NULL);

  self->store = g_object_ref (store);
  self->keeper = g_object_ref (keeper);
  self->clock = g_object_ref (clock);
  g_signal_connect_object (keeper, "desktop-changed", G_CALLBACK (on_desktop_changed), self, 0);
  return self;
}
