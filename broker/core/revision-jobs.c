/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/revision-jobs.h"

#include "core/error.h"
#include "core/lost-image.h"
#include "core/made.h"

/* An image that could not be carried is left alone for so long. */
#define CARRY_AGAIN (60 * G_USEC_PER_SEC)

struct _FloeRevisionJobs
{
  GObject parent_instance;

  FloeStore *store;
  FloeManager *manager;
  FloeClock *clock;
  GHashTable *known; /* keys of what is under way */
};

/* One thing that is under way; also what its record's transaction is given. */
typedef struct
{
  FloeRevisionJobs *jobs; /* on the main thread only */
  gchar *key;
  GQueue hosts; /* names still to be tried, or to be done */
  FloeJob *job;
  FloeJobResult *result;
  gboolean canary;
  gint64 now;
  gchar *problem;
  gboolean lost; /* the image is not where it was to come from */
} Work;

static guint changed_signal;

G_DEFINE_FINAL_TYPE (FloeRevisionJobs, floe_revision_jobs, G_TYPE_OBJECT)

static void
work_free (gpointer data)
{
  Work *work = data;

  g_hash_table_remove (work->jobs->known, work->key);
  g_object_unref (work->jobs);
  g_free (work->key);
  g_queue_clear_full (&work->hosts, g_free);
  floe_job_free (work->job);
  floe_job_result_free (work->result);
  g_free (work->problem);
  g_free (work);
}

/* Returns: (transfer full) (nullable): %NULL while the same is under way already. */
static Work *
work_new (FloeRevisionJobs *self, FloeJobKind kind, const FloePool *pool, guint revision,
          const gchar *where)
{
  g_autofree gchar *key = g_strdup_printf ("%s %s %u %s", floe_job_kind_name (kind), pool->name,
                                           revision, where != NULL ? where : "");
  Work *work;

  if (pool->template == NULL || !g_hash_table_add (self->known, g_strdup (key)))
    return NULL;
  work = g_new0 (Work, 1);
  work->jobs = g_object_ref (self);
  work->key = g_steal_pointer (&key);
  g_queue_init (&work->hosts);
  work->job = floe_job_new (kind, NULL);
  work->job->pool = g_strdup (pool->name);
  work->job->revision = revision;
  work->job->storage = g_strdup (pool->template->storage);
  work->job->shared = pool->template->shared;
  work->canary = pool->template->canary_percent > 0;
  return work;
}

/* Recording. */

/* It waits by itself, so that the pool goes on with the revision that it has. */
static gboolean
note_failure (FloeTx *tx, const Work *work, GError **error)
{
  g_autoptr (FloeRevision) revision =
      floe_tx_get_revision (tx, work->job->pool, work->job->revision, error);

  if (revision == NULL)
    return FALSE;
  revision->failures++;
  revision->since = work->now;
  g_free (revision->problem);
  revision->problem = g_strdup (work->problem);
  return floe_tx_put_revision (tx, revision, error);
}

/* Without an older one that people work on there is nothing to try a canary against. */
static gboolean
has_current (GPtrArray *revisions)
{
  for (guint i = 0; i < revisions->len; i++)
    if (((FloeRevision *)revisions->pdata[i])->state == FLOE_REVISION_CURRENT)
      return TRUE;
  return FALSE;
}

static gboolean
make_old (FloeTx *tx, GPtrArray *revisions, gint64 now, GError **error)
{
  for (guint i = 0; i < revisions->len; i++)
    {
      FloeRevision *one = revisions->pdata[i];

      if (one->state != FLOE_REVISION_CURRENT)
        continue;
      one->state = FLOE_REVISION_OLD;
      one->since = now;
      if (!floe_tx_put_revision (tx, one, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_published (FloeTx *tx, const Work *work, GError **error)
{
  g_autoptr (GPtrArray) revisions = floe_tx_list_revisions (tx, work->job->pool, error);
  g_autoptr (FloeRevision) revision = floe_revision_new (work->job->pool, work->job->revision);
  gboolean canary;

  if (revisions == NULL)
    return FALSE;
  canary = work->canary && has_current (revisions);
  revision->state = canary ? FLOE_REVISION_CANARY : FLOE_REVISION_CURRENT;
  revision->since = work->now;
  revision->host = g_strdup (work->job->host);
  revision->volume = g_strdup (work->result->volume);
  revision->sha256 = g_strdup (work->result->sha256);
  revision->xml = g_strdup (work->result->xml);
  revision->memory_mib = work->result->memory_mib;
  /* What failed until now was made from an older one. */
  return (canary || make_old (tx, revisions, work->now, error))
         && floe_tx_put_revision (tx, revision, error)
         && floe_made_forget_failures (tx, revision->pool, error);
}

static gboolean
audit (FloeTx *tx, const Work *work, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (work->now, "revision-make", work->job->pool,
                                              work->problem == NULL ? "done" : "failed");

  row->detail = work->problem != NULL ? g_strdup (work->problem)
                                      : g_strdup_printf ("revision %u", work->job->revision);
  return floe_tx_put_audit (tx, row, error);
}

static gpointer
record_published (FloeTx *tx, gconstpointer input, GError **error)
{
  const Work *work = input;

  return (work->problem == NULL ? put_published (tx, work, error) : note_failure (tx, work, error))
                 && audit (tx, work, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

static gpointer
record_carried (FloeTx *tx, gconstpointer input, GError **error)
{
  const Work *work = input;
  g_autoptr (FloeImage) image =
      floe_image_new (work->job->pool, work->job->revision, work->job->target);

  image->there = work->problem == NULL;
  image->not_before = image->there ? 0 : work->now + CARRY_AGAIN;
  image->problem = g_strdup (work->problem);
  return (!work->lost
          || floe_image_record_lost (tx, work->job->pool, work->job->revision, work->job->host,
                                     work->problem, error))
                 && floe_tx_put_image (tx, image, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

static gpointer
record_forgotten (FloeTx *tx, gconstpointer input, GError **error)
{
  const Work *work = input;

  return floe_tx_delete_revision (tx, work->job->pool, work->job->revision, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

static void
recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  g_autoptr (FloeRevisionJobs) self = g_object_ref (work->jobs);
  g_autofree gchar *pool = g_strdup (work->job->pool);
  g_autoptr (GError) error = NULL;

  /* A pool that was deleted meanwhile has no rows to write. */
  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_message ("pool %s: what came of its template was not recorded: %s", pool, error->message);
  work_free (work);
  g_signal_emit (self, changed_signal, 0, pool);
}

/* Takes @work. */
static void
record (Work *work, FloeTransaction func)
{
  work->now = floe_clock_now (work->jobs->clock);
  floe_store_write_async (work->jobs->store, func, work, NULL, NULL, recorded, work);
}

/* Publishing: the template is on one of the hosts, and only they know on which. */

static void publish_next (Work *work);

static void
published (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  work->result = floe_manager_run_finish (FLOE_MANAGER (source), result, &error);
  if (work->result == NULL && g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND)
      && g_strcmp0 (floe_error_reason (error), "no-template") == 0
      && !g_queue_is_empty (&work->hosts))
    {
      publish_next (work);
      return;
    }
  if (work->result == NULL)
    work->problem = g_strdup_printf ("host %s: %s", work->job->host, error->message);
  record (work, record_published);
}

static void
publish_next (Work *work)
{
  g_free (work->job->host);
  work->job->host = g_queue_pop_head (&work->hosts);
  floe_manager_run_async (work->jobs->manager, work->job, NULL, published, work);
}

/**
 * floe_revision_jobs_publish:
 * @hosts: (array zero-terminated=1): where the template may be; those that answer
 */
void
floe_revision_jobs_publish (FloeRevisionJobs *self, const FloePool *pool, guint revision,
                            const gchar *const *hosts)
{
  Work *work = hosts[0] != NULL ? work_new (self, FLOE_JOB_PUBLISH, pool, revision, NULL) : NULL;

  if (work == NULL)
    return;
  for (guint i = 0; hosts[i] != NULL; i++)
    g_queue_push_tail (&work->hosts, g_strdup (hosts[i]));
  work->job->name = g_strdup (pool->template->domain);
  publish_next (work);
}

/* Carrying. */

static void
carried (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  work->result = floe_manager_run_finish (FLOE_MANAGER (source), result, &error);
  if (work->result == NULL)
    {
      work->problem = g_strdup (error->message);
      work->lost = g_strcmp0 (floe_error_reason (error), "no-image") == 0;
    }
  record (work, record_carried);
}

void
floe_revision_jobs_carry (FloeRevisionJobs *self, const FloePool *pool,
                          const FloeRevision *revision, const gchar *host, const gchar *target)
{
  Work *work = work_new (self, FLOE_JOB_CARRY, pool, revision->number, target);

  if (work == NULL)
    return;
  work->job->host = g_strdup (host);
  work->job->target = g_strdup (target);
  work->job->volume = g_strdup (revision->volume);
  work->job->sha256 = g_strdup (revision->sha256);
  floe_manager_run_async (self->manager, work->job, NULL, carried, work);
}

/* Forgetting: a host that does not answer keeps its image, and the revision its row, until later.
 */

static void forget_next (Work *work);

static void
dropped (GObject *source, GAsyncResult *result, gpointer data)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  floe_job_result_free (work->result);
  work->result = floe_manager_run_finish (FLOE_MANAGER (source), result, &error);
  if (work->result != NULL || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    forget_next (work);
  else
    {
      g_message ("pool %s: the image of revision %u is still at host %s: %s", work->job->pool,
                 work->job->revision, work->job->host, error->message);
      work_free (work);
    }
}

static void
forget_next (Work *work)
{
  if (g_queue_is_empty (&work->hosts))
    {
      record (work, record_forgotten);
      return;
    }
  g_free (work->job->host);
  work->job->host = g_queue_pop_head (&work->hosts);
  floe_manager_run_async (work->jobs->manager, work->job, NULL, dropped, work);
}

/**
 * floe_revision_jobs_forget:
 * @hosts: (array zero-terminated=1): where its image is; maybe none
 */
void
floe_revision_jobs_forget (FloeRevisionJobs *self, const FloePool *pool,
                           const FloeRevision *revision, const gchar *const *hosts)
{
  Work *work = work_new (self, FLOE_JOB_DROP_IMAGE, pool, revision->number, NULL);

  if (work == NULL)
    return;
  for (guint i = 0; revision->volume != NULL && hosts[i] != NULL; i++)
    g_queue_push_tail (&work->hosts, g_strdup (hosts[i]));
  work->job->volume = g_strdup (revision->volume);
  forget_next (work);
}

static void
floe_revision_jobs_finalize (GObject *object)
{
  FloeRevisionJobs *self = FLOE_REVISION_JOBS (object);

  g_hash_table_unref (self->known);
  g_object_unref (self->store);
  g_object_unref (self->manager);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_revision_jobs_parent_class)->finalize (object);
}

static void
floe_revision_jobs_class_init (FloeRevisionJobsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_revision_jobs_finalize;
  changed_signal = g_signal_new ("changed", FLOE_TYPE_REVISION_JOBS, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
floe_revision_jobs_init (FloeRevisionJobs *self)
{
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

FloeRevisionJobs *
floe_revision_jobs_new (FloeStore *store, FloeManager *manager, FloeClock *clock)
{
  FloeRevisionJobs *self = g_object_new (FLOE_TYPE_REVISION_JOBS, NULL);

  self->store = g_object_ref (store);
  self->manager = g_object_ref (manager);
  self->clock = g_object_ref (clock);
  return self;
}
