/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk.h"

#include "core/helpdesk-assign.h"
#include "core/helpdesk-parts.h"
#include "core/transition.h"

G_DEFINE_FINAL_TYPE (FloeHelpdesk, floe_helpdesk, G_TYPE_OBJECT)

FloeAdminInput *
floe_helpdesk_input_new (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name)
{
  FloeAdminInput *input = g_new0 (FloeAdminInput, 1);

  input->actor = actor != NULL ? floe_identity_copy (actor) : NULL;
  input->groups = floe_role_groups_ref (self->groups);
  input->name = g_strdup (name);
  input->now = floe_clock_now (self->clock);
  return input;
}

/* The asynchronous side. */

void
floe_helpdesk_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gpointer value = floe_store_finish (FLOE_STORE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, g_task_get_task_data (task));
}

GTask *
floe_helpdesk_task_new (FloeHelpdesk *self, GDestroyNotify result_free, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, (gpointer)result_free, NULL);
  return task;
}

void
floe_helpdesk_list_pools_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)g_ptr_array_unref, cancellable,
                                        callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_list_pools_async);
  floe_store_read_async (self->store, floe_helpdesk_read_pools,
                         floe_helpdesk_input_new (self, actor, NULL),
                         (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)g_ptr_array_unref,
                         cancellable, floe_helpdesk_answered, task);
}

/* What an engine says is in no store. */
static void
add_engine_facts (FloeHelpdesk *self, FloePoolReport *report)
{
  if (floe_pool_is_engine (report->pool))
    report->has_engine =
        floe_manager_describe_pool (floe_keeper_get_manager (self->keeper), report->pool->manager,
                                    report->pool->engine_pool, &report->engine);
}

/**
 * floe_helpdesk_list_pools_finish:
 *
 * Returns: (transfer full) (element-type FloePoolReport): by name, the pools that the actor may
 *   see, without their desktops
 */
GPtrArray *
floe_helpdesk_list_pools_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  GPtrArray *reports = g_task_propagate_pointer (G_TASK (result), error);

  for (guint i = 0; reports != NULL && i < reports->len; i++)
    add_engine_facts (self, reports->pdata[i]);
  return reports;
}

void
floe_helpdesk_get_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_pool_report_free, cancellable,
                                        callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_get_pool_async);
  floe_store_read_async (
      self->store, floe_helpdesk_read_pool, floe_helpdesk_input_new (self, actor, name),
      (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)floe_pool_report_free, cancellable,
      floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_get_pool_finish:
 *
 * Returns: (transfer full): the pool with its desktops; or %NULL with %FLOE_ERROR_NOT_FOUND, or
 *   %FLOE_ERROR_DENIED (reason "not-your-pool")
 */
FloePoolReport *
floe_helpdesk_get_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  FloePoolReport *report = g_task_propagate_pointer (G_TASK (result), error);

  if (report != NULL)
    add_engine_facts (self, report);
  return report;
}

typedef struct
{
  FloeAdminInput *input; /* for writing */
  FloePoolApplied *planned;
  gboolean dry_run;
} Applying;

static void
applying_free (gpointer data)
{
  Applying *applying = data;

  g_clear_pointer (&applying->input, floe_admin_input_free);
  floe_pool_applied_free (applying->planned);
  g_free (applying);
}

static void
recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  Applying *applying = g_task_get_task_data (task);
  GError *error = NULL;
  GStrv changes = floe_store_finish (FLOE_STORE (source), result, &error);

  if (changes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* Another administrator may have been quicker. */
  g_strfreev (applying->planned->changes);
  applying->planned->changes = changes;
  floe_keeper_refresh_pools (self->keeper);
  g_task_return_pointer (task, g_steal_pointer (&applying->planned),
                         (GDestroyNotify)floe_pool_applied_free);
}

static void
planned (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  Applying *applying = g_task_get_task_data (task);
  GError *error = NULL;

  applying->planned = floe_store_finish (FLOE_STORE (source), result, &error);
  if (applying->planned == NULL)
    g_task_return_error (task, error);
  else if (applying->dry_run)
    g_task_return_pointer (task, g_steal_pointer (&applying->planned),
                           (GDestroyNotify)floe_pool_applied_free);
  else
    floe_store_write_async (self->store, floe_helpdesk_record_pool,
                            g_steal_pointer (&applying->input),
                            (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)g_strfreev,
                            recorded, g_steal_pointer (&task));
}

static FloeAdminInput *
pool_input_new (FloeHelpdesk *self, const FloeIdentity *actor, const FloePool *pool)
{
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, pool->name);

  input->pool = floe_pool_copy (pool);
  return input;
}

/**
 * floe_helpdesk_apply_pool_async:
 * @self: the helpdesk
 * @actor: who does it
 * @pool: the pool as it is to be
 * @dry_run: only tell what would change
 * @cancellable: (nullable): gives up waiting
 *
 * Makes or changes a pool. Applying what is there already changes nothing and says so. What it
 * comes to is counted on a reading thread, since claims wait for whoever writes.
 */
void
floe_helpdesk_apply_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const FloePool *pool,
                                gboolean dry_run, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Applying *applying;
  GError *error = NULL;

  g_task_set_source_tag (task, floe_helpdesk_apply_pool_async);
  if (!floe_pool_validate (pool, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  applying = g_new0 (Applying, 1);
  applying->input = pool_input_new (self, actor, pool);
  applying->dry_run = dry_run;
  g_task_set_task_data (task, applying, applying_free);
  floe_store_read_async (self->store, floe_helpdesk_plan_pool, pool_input_new (self, actor, pool),
                         (GDestroyNotify)floe_admin_input_free,
                         (GDestroyNotify)floe_pool_applied_free, cancellable, planned,
                         g_steal_pointer (&task));
}

/**
 * floe_helpdesk_apply_pool_finish:
 *
 * Returns: (transfer full): what changed; or %NULL with %FLOE_ERROR_INVALID, %FLOE_ERROR_CONFLICT
 * or a store's error
 */
FloePoolApplied *
floe_helpdesk_apply_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
floe_helpdesk_delete_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_delete_pool_async);
  floe_store_write_async (
      self->store, floe_helpdesk_record_deletion, floe_helpdesk_input_new (self, actor, name),
      (GDestroyNotify)floe_admin_input_free, NULL, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_delete_pool_finish:
 *
 * Returns: %TRUE once it is gone; its domains are left alone. %FALSE with %FLOE_ERROR_NOT_FOUND, or
 *   %FLOE_ERROR_CONFLICT while a desktop of it is lent or being reset
 */
gboolean
floe_helpdesk_delete_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

/* Returns: (transfer full): what was done; a refusal that was recorded is an error here. */
static FloeDeed *
finish_deed (FloeStore *store, GAsyncResult *result, GError **error)
{
  g_autoptr (FloeDeed) deed = floe_store_finish (store, result, error);

  if (deed == NULL)
    return NULL;
  if (deed->refusal == NULL)
    return g_steal_pointer (&deed);
  g_propagate_error (error, g_steal_pointer (&deed->refusal));
  return NULL;
}

/* A callback of deeds about one desktop, whose task returns a boolean. */
void
floe_helpdesk_done_to_desktop (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeDeed) deed = finish_deed (FLOE_STORE (source), result, &error);

  if (deed == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  floe_keeper_note_timer (self->keeper, deed->change->due);
  floe_keeper_handle (self->keeper, deed->change);
  g_task_return_boolean (task, TRUE);
}

/**
 * floe_helpdesk_release_async:
 * @desktop_id: whose lease ends, whoever has it
 * @reason: (nullable): why; for the audit trail
 *
 * Takes a desktop away from its holder; its guest session is ended before anybody else gets it.
 */
void
floe_helpdesk_release_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *desktop_id,
                             const gchar *reason, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, NULL, cancellable, callback, user_data);
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, desktop_id);

  g_task_set_source_tag (task, floe_helpdesk_release_async);
  input->reason = g_strdup (reason);
  floe_store_write_async (self->store, floe_helpdesk_record_release, input,
                          (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)floe_deed_free,
                          floe_helpdesk_done_to_desktop, task);
}

gboolean
floe_helpdesk_release_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * floe_helpdesk_assign_async:
 * @desktop_id: one of a dedicated or static pool
 * @user: to whom: a log-in name or an id
 * @reason: (nullable): why; for the audit trail
 *
 * Gives a desktop to somebody for good, see floe_helpdesk_record_assignment().
 */
void
floe_helpdesk_assign_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *desktop_id,
                            const gchar *user, const gchar *reason, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, NULL, cancellable, callback, user_data);
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, desktop_id);

  g_task_set_source_tag (task, floe_helpdesk_assign_async);
  input->user = g_strdup (user);
  input->reason = g_strdup (reason);
  floe_store_write_async (self->store, floe_helpdesk_record_assignment, input,
                          (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)floe_deed_free,
                          floe_helpdesk_done_to_desktop, task);
}

gboolean
floe_helpdesk_assign_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * floe_helpdesk_explain_async:
 * @user: a log-in name or an id
 * @pool: a pool's name
 *
 * Why somebody gets a desktop of a pool, or none; see floe_explain().
 */
void
floe_helpdesk_explain_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *user,
                             const gchar *pool, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_explanation_free, cancellable,
                                        callback, user_data);
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, pool);

  g_task_set_source_tag (task, floe_helpdesk_explain_async);
  input->user = g_strdup (user);
  floe_store_read_async (
      self->store, floe_helpdesk_explain, input, (GDestroyNotify)floe_admin_input_free,
      (GDestroyNotify)floe_explanation_free, cancellable, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_explain_finish:
 *
 * Returns: (transfer full): the explanation; or %NULL with %FLOE_ERROR_NOT_FOUND when there is no
 *   such pool, %FLOE_ERROR_DENIED when it is none of theirs, or with a store's error
 */
FloeExplanation *
floe_helpdesk_explain_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
floe_helpdesk_finalize (GObject *object)
{
  FloeHelpdesk *self = FLOE_HELPDESK (object);

  g_object_unref (self->store);
  g_object_unref (self->keeper);
  g_object_unref (self->clock);
  floe_role_groups_unref (self->groups);
  floe_trail_key_unref (self->trail_key);
  g_clear_pointer (&self->announced, g_ptr_array_unref);
  G_OBJECT_CLASS (floe_helpdesk_parent_class)->finalize (object);
}

static void
floe_helpdesk_class_init (FloeHelpdeskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_helpdesk_finalize;
}

static void
floe_helpdesk_init (FloeHelpdesk *self)
{
}

/**
 * floe_helpdesk_new:
 * @groups: what makes somebody what, which it takes a reference to
 *
 * Returns: (transfer full): the helpdesk
 */
FloeHelpdesk *
floe_helpdesk_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock, FloeRoleGroups *groups)
{
  FloeHelpdesk *self = g_object_new (FLOE_TYPE_HELPDESK, NULL);

  self->store = g_object_ref (store);
  self->keeper = g_object_ref (keeper);
  self->clock = g_object_ref (clock);
  self->groups = floe_role_groups_ref (groups);
  self->trail_key = floe_trail_key_new (NULL, NULL);
  return self;
}
