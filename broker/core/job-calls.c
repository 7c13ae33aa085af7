/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/job-calls.h"

#include "core/error.h"

/* A data disk that is still plugged in elsewhere, or a full queue, is asked for again after this.
 */
#define AGAIN_AFTER (2 * G_USEC_PER_SEC)
/* So often; then whoever waits for it is told. */
#define MAX_TRIES 150
/* How long a guest has to end by itself. */
#define SHUT_DOWN_SECONDS  60
#define LAST_WORDS_SECONDS 30

struct _FloeJobCalls
{
  GObject parent_instance;

  FloeStore *store;
  FloeManager *manager;
  FloeClock *clock;
  GHashTable *known; /* keys of calls that wait or are under way */
  GHashTable *lines; /* host, with " start" behind it for those, to Line */
  gboolean closed;
};

typedef struct
{
  guint busy;
  guint most;
  GQueue waiting; /* Call */
} Line;

typedef struct
{
  FloeJobCalls *calls;
  gchar *desktop_id;
  gchar *host;
  gchar *key;
  gchar *request; /* NULL: nobody asked for it */
  FloeJobKind kind;
  guint tries;
} Call;

static guint answered_signal;

G_DEFINE_FINAL_TYPE (FloeJobCalls, floe_job_calls, G_TYPE_OBJECT)

static void run_line (FloeJobCalls *self, Line *line);

static void
call_free (gpointer data)
{
  Call *call = data;

  g_object_unref (call->calls);
  g_free (call->desktop_id);
  g_free (call->host);
  g_free (call->key);
  g_free (call->request);
  g_free (call);
}

static void
line_free (gpointer data)
{
  Line *line = data;

  g_queue_clear_full (&line->waiting, call_free);
  g_free (line);
}

/* Takes @call. */
static void
forget_call (gpointer data)
{
  Call *call = data;

  g_hash_table_remove (call->calls->known, call->key);
  call_free (call);
}

/* get_line: what starts has one of its own, since somebody waits for each of them, and shut-downs
 * take long */
static Line *
get_line (FloeJobCalls *self, const Call *call)
{
  gboolean starts = call->kind == FLOE_JOB_START;
  g_autofree gchar *key = g_strconcat (call->host, starts ? " start" : "", NULL);
  Line *line = g_hash_table_lookup (self->lines, key);

  if (line != NULL)
    return line;
  line = g_new0 (Line, 1);
  line->most = starts ? FLOE_STARTS_AT_ONCE : FLOE_JOBS_AT_ONCE;
  g_queue_init (&line->waiting);
  g_hash_table_insert (self->lines, g_steal_pointer (&key), line);
  return line;
}

/* What a job needs to know. */

typedef struct
{
  gchar *desktop_id;
  FloeJobKind kind;
} Input;

static void
input_free (gpointer data)
{
  Input *input = data;

  g_free (input->desktop_id);
  g_free (input);
}

static gboolean
describe_clone (FloeTx *tx, FloeJob *job, const FloeDesktop *desktop, const FloePool *pool,
                GError **error)
{
  g_autoptr (FloeRevision) revision = NULL;

  if (pool->template == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "pool %s has no template any more",
                   pool->name);
      return FALSE;
    }
  revision = floe_tx_get_revision (tx, pool->name, desktop->revision, error);
  if (revision == NULL || !floe_tx_get_installation (tx, &job->installation, error))
    return FALSE;
  job->revision = revision->number;
  job->volume = g_strdup (revision->volume);
  job->sha256 = g_strdup (revision->sha256);
  job->xml = g_strdup (revision->xml);
  job->script = g_strdup (pool->template->first_boot);
  job->policy = floe_policy_copy (pool->policy);
  return TRUE;
}

/* Where storage is shared it is everywhere; one that was never made is where this desktop is. */
static void
name_disk (FloeDataDisk *disk, const FloeDesktop *desktop, const FloePool *pool)
{
  if (!disk->made || !floe_pool_binds_data (pool))
    g_clear_pointer (&disk->host, g_free);
  if (floe_pool_binds_data (pool) && disk->host == NULL)
    disk->host = g_strdup (desktop->host);
  if (disk->gib == 0)
    disk->gib = desktop->data_gib;
  if (disk->desktop_id == NULL)
    disk->desktop_id = g_strdup (desktop->id);
}

static FloeDataDisk *
find_disk (FloeTx *tx, const FloeDesktop *desktop, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloeDataDisk *disk = floe_tx_get_disk (tx, desktop->pool, desktop->lease->holder, &local_error);
  g_autofree gchar *sum = NULL;
  g_autofree gchar *volume = NULL;

  if (disk != NULL)
    return disk;
  if (!g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  /* Directories choose ids; a sum of one can stand in a file name whatever it is. */
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, desktop->lease->holder, -1);
  volume = g_strdup_printf ("floe-data-%s-%.32s.qcow2", desktop->pool, sum);
  return floe_data_disk_new (desktop->pool, desktop->lease->holder, volume);
}

/* The row says where a disk is before it is plugged in, so that it never is on two desktops. */
static gboolean
describe_disk (FloeTx *tx, FloeJob *job, const FloeDesktop *desktop, const FloePool *pool,
               GError **error)
{
  g_autoptr (FloeDataDisk) disk = NULL;

  if (desktop->lease == NULL)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CANCELLED, "its lease has ended");
      return FALSE;
    }
  disk = find_disk (tx, desktop, error);
  if (disk == NULL)
    return FALSE;
  if (disk->desktop_id != NULL && g_strcmp0 (disk->desktop_id, desktop->id) != 0)
    {
      floe_set_error_reason (error, FLOE_ERROR_BUSY, "disk-in-use",
                             "the data disk is still plugged in at another desktop");
      return FALSE;
    }
  name_disk (disk, desktop, pool);
  if (disk->host != NULL && g_strcmp0 (disk->host, desktop->host) != 0)
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "disk-elsewhere",
                             "the data disk is at host %s, whose storage is not shared",
                             disk->host);
      return FALSE;
    }
  job->volume = g_strdup (disk->volume);
  job->gib = disk->gib;
  job->exists = disk->made;
  return floe_tx_put_disk (tx, disk, error);
}

/* Whose it was stands in why it ended for them. What the broker's own account has, and nobody
 * wrote down for whom, is that account's. */
static gboolean
describe_holder (FloeTx *tx, FloeJob *job, const FloeDesktop *desktop, const FloePool *pool,
                 GError **error)
{
  const gchar *id = desktop->lease != NULL ? desktop->lease->holder
                    : desktop->end != NULL ? desktop->end->user
                                           : NULL;
  g_autoptr (FloeUser) user = id != NULL ? floe_tx_get_user (tx, id, error) : NULL;

  job->service = pool->assign == FLOE_ASSIGN_SERVICE;
  if (id == NULL && job->service && job->kind == FLOE_JOB_GIVE_BACK)
    return TRUE;
  if (id == NULL)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                         "nobody knows whose it was: take it from them at its engine");
  if (user == NULL)
    return FALSE;
  job->person = g_strdup (user->name);
  job->person_id = g_strdup (user->id);
  job->engine_user = g_strdup (desktop->engine_user);
  return TRUE;
}

static gboolean
describe (FloeTx *tx, FloeJob *job, const FloeDesktop *desktop, const FloePool *pool,
          GError **error)
{
  const FloeTemplate *template = pool->template;

  job->domain_id = g_strdup (desktop->id);
  job->name = g_strdup (desktop->name);
  job->pool = g_strdup (pool->name);
  job->target = g_strdup (desktop->target);
  if (template != NULL)
    {
      job->storage = g_strdup (template->storage);
      job->shared = template->shared;
      job->personality = template->personality;
    }
  switch (job->kind)
    {
    case FLOE_JOB_CREATE:
      return describe_clone (tx, job, desktop, pool, error);
    case FLOE_JOB_PERSONALIZE:
      job->script = template != NULL ? g_strdup (template->first_boot) : NULL;
      return TRUE;
    case FLOE_JOB_REMOVE:
      job->script = template != NULL ? g_strdup (template->last_words) : NULL;
      if (desktop->facts.power == FLOE_POWER_ON)
        job->seconds = desktop->data_gib > 0 ? SHUT_DOWN_SECONDS
                       : job->script != NULL ? LAST_WORDS_SECONDS
                                             : 0;
      return TRUE;
    case FLOE_JOB_SHUT_DOWN:
      job->seconds = SHUT_DOWN_SECONDS;
      return TRUE;
    case FLOE_JOB_ATTACH:
      return describe_disk (tx, job, desktop, pool, error);
    case FLOE_JOB_START:
    case FLOE_JOB_GIVE_BACK:
      return describe_holder (tx, job, desktop, pool, error);
    default:
      return TRUE;
    }
}

static FloeIntent
intent_of (FloeJobKind kind)
{
  switch (kind)
    {
    case FLOE_JOB_CREATE:
      return FLOE_INTENT_CREATE;
    case FLOE_JOB_REMOVE:
      return FLOE_INTENT_REMOVE;
    case FLOE_JOB_SHUT_DOWN:
      return FLOE_INTENT_STOP;
    case FLOE_JOB_MOVE:
      return FLOE_INTENT_MOVE;
    case FLOE_JOB_ATTACH:
      return FLOE_INTENT_ATTACH;
    case FLOE_JOB_START:
      return FLOE_INTENT_START;
    case FLOE_JOB_GIVE_BACK:
      return FLOE_INTENT_RESET;
    default:
      return FLOE_INTENT_NONE;
    }
}

static gpointer
prepare (FloeTx *tx, gconstpointer data, GError **error)
{
  const Input *input = data;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, input->desktop_id, error);
  g_autoptr (FloePool) pool = desktop != NULL ? floe_tx_get_pool (tx, desktop->pool, error) : NULL;
  g_autoptr (FloeJob) job = NULL;

  if (pool == NULL)
    return NULL;
  if (intent_of (input->kind) != FLOE_INTENT_NONE
      && desktop->facts.intent != intent_of (input->kind))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CANCELLED, "it is not wanted any more");
      return NULL;
    }
  job = floe_job_new (input->kind, desktop->host);
  return describe (tx, job, desktop, pool, error) ? g_steal_pointer (&job) : NULL;
}

/* Calls. */

static void
queue_call (FloeJobCalls *self, Call *call)
{
  Line *line = get_line (self, call);

  g_queue_push_tail (&line->waiting, call);
  run_line (self, line);
}

static gboolean
call_again (gpointer data)
{
  Call *call = g_steal_pointer ((Call **)data);

  if (call->calls->closed)
    forget_call (call);
  else
    queue_call (call->calls, call);
  return G_SOURCE_REMOVE;
}

static void
box_free (gpointer data)
{
  Call **box = data;

  if (*box != NULL)
    call_free (*box);
  g_free (box);
}

/* Takes @call. */
static void
retry_later (Call *call)
{
  Call **box = g_new (Call *, 1);

  *box = call;
  floe_clock_add_timeout (call->calls->clock, AGAIN_AFTER, call_again, box, box_free);
}

/* Takes @call. */
static void
end_call (Call *call, const GError *error)
{
  FloeJobCalls *self = call->calls;
  Line *line = get_line (self, call);

  line->busy--;
  if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_BUSY) && ++call->tries < MAX_TRIES)
    {
      run_line (self, line);
      retry_later (call);
      return;
    }
  g_hash_table_remove (self->known, call->key);
  g_signal_emit (self, answered_signal, 0, call->desktop_id, call->kind, error);
  run_line (self, line);
  call_free (call);
}

static void
done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  floe_job_result_free (floe_manager_run_finish (FLOE_MANAGER (source), result, &error));
  end_call (data, error);
}

static void
prepared (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeJob) job = floe_store_finish (FLOE_STORE (source), result, &error);

  if (job == NULL)
    {
      end_call (call, error);
      return;
    }
  job->request = g_strdup (call->request);
  floe_manager_run_async (call->calls->manager, job, NULL, done, call);
}

static void
run_line (FloeJobCalls *self, Line *line)
{
  while (!self->closed && line->busy < line->most && !g_queue_is_empty (&line->waiting))
    {
      Call *call = g_queue_pop_head (&line->waiting);
      Input *input = g_new0 (Input, 1);

      line->busy++;
      input->desktop_id = g_strdup (call->desktop_id);
      input->kind = call->kind;
      if (call->kind == FLOE_JOB_ATTACH)
        floe_store_write_async (self->store, prepare, input, input_free,
                                (GDestroyNotify)floe_job_free, prepared, call);
      else
        floe_store_read_async (self->store, prepare, input, input_free,
                               (GDestroyNotify)floe_job_free, NULL, prepared, call);
    }
}

/**
 * floe_job_calls_run:
 * @desktop: as it was committed
 * @kind: what is to be done with it; does nothing while that waits or is under way
 * @request: (nullable): the id of the request that it is done for
 */
void
floe_job_calls_run (FloeJobCalls *self, const FloeDesktop *desktop, FloeJobKind kind,
                    const gchar *request)
{
  g_autofree gchar *key = g_strdup_printf ("%s %s", floe_job_kind_name (kind), desktop->id);
  Call *call;

  if (self->closed || !g_hash_table_add (self->known, g_strdup (key)))
    return;
  call = g_new0 (Call, 1);
  call->calls = g_object_ref (self);
  call->desktop_id = g_strdup (desktop->id);
  call->host = g_strdup (desktop->host);
  call->key = g_steal_pointer (&key);
  call->request = g_strdup (request);
  call->kind = kind;
  queue_call (self, call);
}

/**
 * floe_job_calls_get_length:
 *
 * Returns: how many jobs wait or are under way
 */
guint
floe_job_calls_get_length (FloeJobCalls *self)
{
  return g_hash_table_size (self->known);
}

/**
 * floe_job_calls_close:
 *
 * Begins nothing more, and forgets what waits: whoever goes on finds it in the store.
 */
void
floe_job_calls_close (FloeJobCalls *self)
{
  GHashTableIter iter;
  gpointer line;

  self->closed = TRUE;
  g_hash_table_iter_init (&iter, self->lines);
  while (g_hash_table_iter_next (&iter, NULL, &line))
    g_queue_clear_full (&((Line *)line)->waiting, forget_call);
}

/**
 * floe_job_calls_open:
 *
 * Goes on after floe_job_calls_close().
 */
void
floe_job_calls_open (FloeJobCalls *self)
{
  self->closed = FALSE;
}

static void
floe_job_calls_finalize (GObject *object)
{
  FloeJobCalls *self = FLOE_JOB_CALLS (object);

  g_hash_table_unref (self->known);
  g_hash_table_unref (self->lines);
  g_object_unref (self->store);
  g_object_unref (self->manager);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_job_calls_parent_class)->finalize (object);
}

static void
floe_job_calls_class_init (FloeJobCallsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_job_calls_finalize;
  answered_signal = g_signal_new ("answered", FLOE_TYPE_JOB_CALLS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 3, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
                                  G_TYPE_INT, G_TYPE_POINTER);
}

static void
floe_job_calls_init (FloeJobCalls *self)
{
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, line_free);
}

/**
 * floe_job_calls_new:
 * @store: where a job's parts are kept
 * @manager: who does them
 * @clock: the time
 *
 * Returns: (transfer full): nothing is under way
 */
FloeJobCalls *
floe_job_calls_new (FloeStore *store, FloeManager *manager, FloeClock *clock)
{
  FloeJobCalls *self = g_object_new (FLOE_TYPE_JOB_CALLS, NULL);

  self->store = g_object_ref (store);
  self->manager = g_object_ref (manager);
  self->clock = g_object_ref (clock);
  return self;
}
