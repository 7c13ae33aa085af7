/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk.h"

#include <string.h>

#include "core/error.h"
#include "core/transition.h"

#define MAX_AUDIT_ROWS 1000

struct _FloeHelpdesk
{
  GObject parent_instance;

  FloeStore *store;
  FloeKeeper *keeper;
  FloeClock *clock;
};

G_DEFINE_FINAL_TYPE (FloeHelpdesk, floe_helpdesk, G_TYPE_OBJECT)

typedef struct
{
  FloeIdentity *actor;
  FloePool *pool;
  gchar *name;
  gchar *reason;
  gboolean dry_run;
  gint64 now;
} AdminInput;

void
floe_pool_report_free (FloePoolReport *self)
{
  if (self == NULL)
    return;
  floe_pool_free (self->pool);
  g_free (self->problem);
  g_clear_pointer (&self->desktops, g_ptr_array_unref);
  g_free (self);
}

void
floe_pool_applied_free (FloePoolApplied *self)
{
  if (self == NULL)
    return;
  floe_pool_report_free (self->report);
  g_strfreev (self->changes);
  g_free (self);
}

static void
admin_input_free (gpointer data)
{
  AdminInput *input = data;

  floe_identity_free (input->actor);
  floe_pool_free (input->pool);
  g_free (input->name);
  g_free (input->reason);
  g_free (input);
}

static AdminInput *
admin_input_new (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name)
{
  AdminInput *input = g_new0 (AdminInput, 1);

  input->actor = actor != NULL ? floe_identity_copy (actor) : NULL;
  input->name = g_strdup (name);
  input->now = floe_clock_now (self->clock);
  return input;
}

/* Reports. */

static void
count (FloePoolReport *report, const FloeDesktop *desktop)
{
  const FloeFacts *facts = &desktop->facts;

  report->total++;
  if (desktop->lease != NULL)
    report->held++;
  else if (desktop->refusal != NULL || !desktop->present)
    report->refused++;
  else if (facts->clean == FLOE_CLEAN_BROKEN)
    report->broken++;
  else if (facts->intent != FLOE_INTENT_NONE
           || (desktop->kind == FLOE_POOL_FLOATING && facts->clean != FLOE_CLEAN_CLEAN))
    report->dirty++;
  else if (facts->power == FLOE_POWER_ON || facts->power == FLOE_POWER_OFF)
    report->free++;
  else
    report->broken++;
}

static const FloeDesktop *
find_refused (GPtrArray *desktops)
{
  for (guint i = 0; i < desktops->len; i++)
    if (((FloeDesktop *)desktops->pdata[i])->refusal != NULL)
      return desktops->pdata[i];
  return NULL;
}

static void
note_problem (FloePoolReport *report, GPtrArray *desktops)
{
  const FloePool *pool = report->pool;
  const FloeDesktop *refused = find_refused (desktops);

  if (report->total == 0 && pool->pattern != NULL)
    report->problem =
        g_strdup_printf ("no domain of any host matches the pattern \"%s\"", pool->pattern);
  else if (report->total == 0)
    report->problem =
        g_strdup_printf ("no domain of any host names pool %s in its metadata", pool->name);
  else if (pool->groups[0] == NULL && pool->users[0] == NULL)
    report->problem = g_strdup ("nobody is entitled to it");
  else if (refused != NULL)
    report->problem = g_strdup_printf ("%u of %u desktops cannot be lent; %s: %s", report->refused,
                                       report->total, refused->name, refused->refusal);
  else if (report->broken > 0)
    report->problem =
        g_strdup_printf ("%u of %u desktops are broken", report->broken, report->total);
}

static FloePoolReport *
make_report (const FloePool *pool, GPtrArray *desktops, gboolean with_desktops)
{
  FloePoolReport *report = g_new0 (FloePoolReport, 1);

  report->pool = floe_pool_copy (pool);
  for (guint i = 0; i < desktops->len; i++)
    count (report, desktops->pdata[i]);
  note_problem (report, desktops);
  if (with_desktops)
    report->desktops = g_ptr_array_ref (desktops);
  return report;
}

static gpointer
list_pools (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (GPtrArray) reports =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_report_free);
  g_autoptr (GPtrArray) pools = floe_tx_list_pools (tx, error);

  if (pools == NULL)
    return NULL;
  for (guint i = 0; i < pools->len; i++)
    {
      const FloePool *pool = pools->pdata[i];
      g_autoptr (GPtrArray) desktops = floe_tx_list_desktops_of_pool (tx, pool->name, error);

      if (desktops == NULL)
        return NULL;
      g_ptr_array_add (reports, make_report (pool, desktops, FALSE));
    }
  return g_steal_pointer (&reports);
}

static gpointer
get_pool (FloeTx *tx, gconstpointer data, GError **error)
{
  const AdminInput *input = data;
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, input->name, error);
  g_autoptr (GPtrArray) desktops =
      pool != NULL ? floe_tx_list_desktops_of_pool (tx, pool->name, error) : NULL;

  return desktops != NULL ? make_report (pool, desktops, TRUE) : NULL;
}

/* Changes. */

static gboolean
put_row (FloeTx *tx, const AdminInput *input, const gchar *action, const gchar *object,
         const gchar *detail, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (input->now, action, object, "done");

  floe_audit_set_identity (row, input->actor);
  row->detail = g_strdup (detail);
  return floe_tx_put_audit (tx, row, error);
}

static guint
count_held (GPtrArray *desktops)
{
  guint n = 0;

  for (guint i = 0; i < desktops->len; i++)
    if (((FloeDesktop *)desktops->pdata[i])->lease != NULL)
      n++;
  return n;
}

static gboolean
check_kind (const FloePool *before, const FloePool *after, GPtrArray *desktops, GError **error)
{
  guint held = count_held (desktops);

  if (before == NULL || before->kind == after->kind || held == 0)
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
               "kind: %u desktops of pool %s are lent; release them before its kind changes", held,
               after->name);
  return FALSE;
}

/* Before the hosts are asked again nobody knows whether these desktops fit their new kind. */
static gboolean
change_kind (FloeTx *tx, const FloePool *before, const FloePool *after, GPtrArray *desktops,
             GError **error)
{
  for (guint i = 0; before != NULL && before->kind != after->kind && i < desktops->len; i++)
    {
      FloeDesktop *desktop = desktops->pdata[i];

      floe_lifecycle_change_kind (after->kind, &desktop->facts);
      desktop->kind = after->kind;
      if (!floe_tx_put_desktop (tx, desktop, error))
        return FALSE;
    }
  return TRUE;
}

static FloePool *
get_before (FloeTx *tx, const gchar *name, gboolean *ok, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloePool *pool = floe_tx_get_pool (tx, name, &local_error);

  *ok = pool != NULL || g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  if (!*ok)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return pool;
}

static gpointer
apply_pool (FloeTx *tx, gconstpointer data, GError **error)
{
  const AdminInput *input = data;
  gboolean ok;
  g_autoptr (FloePool) before = get_before (tx, input->pool->name, &ok, error);
  g_autoptr (GPtrArray) desktops =
      ok ? floe_tx_list_desktops_of_pool (tx, input->pool->name, error) : NULL;
  g_autoptr (FloePoolApplied) applied = g_new0 (FloePoolApplied, 1);

  if (desktops == NULL || !check_kind (before, input->pool, desktops, error))
    return NULL;
  applied->changes = floe_pool_diff (before, input->pool);
  if (applied->changes[0] != NULL && !input->dry_run)
    {
      g_autofree gchar *detail = g_strjoinv ("; ", applied->changes);

      if (!floe_tx_put_pool (tx, input->pool, error)
          || !change_kind (tx, before, input->pool, desktops, error)
          || !put_row (tx, input, before == NULL ? "pool-create" : "pool-change", input->pool->name,
                       detail, error))
        return NULL;
    }
  applied->report = make_report (input->pool, desktops, FALSE);
  if (before == NULL)
    g_clear_pointer (&applied->report->problem, g_free); /* the hosts were not asked yet */
  return g_steal_pointer (&applied);
}

static gpointer
delete_pool (FloeTx *tx, gconstpointer data, GError **error)
{
  const AdminInput *input = data;
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, input->name, error);
  g_autoptr (GPtrArray) desktops =
      pool != NULL ? floe_tx_list_desktops_of_pool (tx, pool->name, error) : NULL;

  if (desktops == NULL)
    return NULL;
  for (guint i = 0; i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];

      if (desktop->lease == NULL && desktop->facts.intent == FLOE_INTENT_NONE)
        continue;
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                   "pool %s: desktop %s is lent or being reset; release it first", pool->name,
                   desktop->name);
      return NULL;
    }
  return floe_tx_delete_pool (tx, pool->name, error)
                 && put_row (tx, input, "pool-delete", pool->name, NULL, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

static gpointer
release (FloeTx *tx, gconstpointer data, GError **error)
{
  const AdminInput *input = data;
  const FloeCause cause = {
    .now = input->now, .identity = input->actor, .detail = input->reason, .end_reason = "admin"
  };
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, input->name, error);

  if (desktop == NULL)
    return NULL;
  if (desktop->lease == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT, "desktop %s is lent to nobody",
                   desktop->name);
      return NULL;
    }
  return put_row (tx, input, "release", desktop->name, input->reason, error)
             ? floe_change_one (tx, desktop->id, FLOE_EVENT_RELEASE, &cause, error)
             : NULL;
}

static gpointer
list_audit (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_list_audit (tx, input, error);
}

/* The asynchronous side. */

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gpointer value = floe_store_finish (FLOE_STORE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, g_task_get_task_data (task));
}

static GTask *
task_new (FloeHelpdesk *self, GDestroyNotify result_free, GCancellable *cancellable,
          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, (gpointer)result_free, NULL);
  return task;
}

void
floe_helpdesk_list_pools_async (FloeHelpdesk *self, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task =
      task_new (self, (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_list_pools_async);
  floe_store_read_async (self->store, list_pools, NULL, NULL, (GDestroyNotify)g_ptr_array_unref,
                         cancellable, answered, task);
}

/**
 * floe_helpdesk_list_pools_finish:
 *
 * Returns: (transfer full) (element-type FloePoolReport): all pools by name, without their desktops
 */
GPtrArray *
floe_helpdesk_list_pools_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
floe_helpdesk_get_pool_async (FloeHelpdesk *self, const gchar *name, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task =
      task_new (self, (GDestroyNotify)floe_pool_report_free, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_get_pool_async);
  floe_store_read_async (self->store, get_pool, admin_input_new (self, NULL, name),
                         admin_input_free, (GDestroyNotify)floe_pool_report_free, cancellable,
                         answered, task);
}

/**
 * floe_helpdesk_get_pool_finish:
 *
 * Returns: (transfer full): the pool with its desktops; or %NULL with %FLOE_ERROR_NOT_FOUND
 */
FloePoolReport *
floe_helpdesk_get_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
applied (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  FloePoolApplied *value = floe_store_finish (FLOE_STORE (source), result, &error);

  if (value == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  floe_keeper_refresh_pools (self->keeper);
  g_task_return_pointer (task, value, (GDestroyNotify)floe_pool_applied_free);
}

/**
 * floe_helpdesk_apply_pool_async:
 * @self: the helpdesk
 * @actor: who does it
 * @pool: the pool as it is to be
 * @dry_run: only tell what would change
 * @cancellable: (nullable): gives up waiting
 *
 * Makes or changes a pool. Applying what is there already changes nothing and says so.
 */
void
floe_helpdesk_apply_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const FloePool *pool,
                                gboolean dry_run, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task =
      task_new (self, (GDestroyNotify)floe_pool_applied_free, cancellable, callback, user_data);
  AdminInput *input;
  GError *error = NULL;

  g_task_set_source_tag (task, floe_helpdesk_apply_pool_async);
  if (!floe_pool_validate (pool, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  input = admin_input_new (self, actor, pool->name);
  input->pool = floe_pool_copy (pool);
  input->dry_run = dry_run;
  if (dry_run)
    floe_store_read_async (self->store, apply_pool, input, admin_input_free,
                           (GDestroyNotify)floe_pool_applied_free, cancellable, answered, task);
  else
    floe_store_write_async (self->store, apply_pool, input, admin_input_free,
                            (GDestroyNotify)floe_pool_applied_free, applied, task);
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
  GTask *task = task_new (self, NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_delete_pool_async);
  floe_store_write_async (self->store, delete_pool, admin_input_new (self, actor, name),
                          admin_input_free, NULL, answered, task);
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

static void
released (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeChange) change = floe_store_finish (FLOE_STORE (source), result, &error);

  if (change == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  floe_keeper_handle (self->keeper, change->desktop, change->actions);
  g_task_return_pointer (task, GINT_TO_POINTER (TRUE), NULL);
}

/**
 * floe_helpdesk_release_async:
 * @desktop_id: whose lease ends, whoever has it
 * @reason: why; for the audit trail
 *
 * Takes a desktop away from its holder; its guest session is ended before anybody else gets it.
 */
void
floe_helpdesk_release_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *desktop_id,
                             const gchar *reason, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = task_new (self, NULL, cancellable, callback, user_data);
  AdminInput *input = admin_input_new (self, actor, desktop_id);

  g_task_set_source_tag (task, floe_helpdesk_release_async);
  input->reason = g_strdup (reason);
  floe_store_write_async (self->store, release, input, admin_input_free,
                          (GDestroyNotify)floe_change_free, released, task);
}

gboolean
floe_helpdesk_release_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

static void
filter_free (gpointer data)
{
  FloeAuditFilter *filter = data;

  g_free (filter->actor);
  g_free (filter->object);
  g_free (filter);
}

void
floe_helpdesk_list_audit_async (FloeHelpdesk *self, const FloeAuditFilter *filter,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task =
      task_new (self, (GDestroyNotify)g_ptr_array_unref, cancellable, callback, user_data);
  FloeAuditFilter *input = g_new0 (FloeAuditFilter, 1);

  g_task_set_source_tag (task, floe_helpdesk_list_audit_async);
  input->limit = CLAMP (filter->limit, 1, MAX_AUDIT_ROWS);
  input->before = filter->before;
  input->actor = g_strdup (filter->actor);
  input->object = g_strdup (filter->object);
  floe_store_read_async (self->store, list_audit, input, filter_free,
                         (GDestroyNotify)g_ptr_array_unref, cancellable, answered, task);
}

/**
 * floe_helpdesk_list_audit_finish:
 *
 * Returns: (transfer full) (element-type FloeAudit): the newest first
 */
GPtrArray *
floe_helpdesk_list_audit_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
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

FloeHelpdesk *
floe_helpdesk_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock)
{
  FloeHelpdesk *self = g_object_new (FLOE_TYPE_HELPDESK, NULL);

  self->store = g_object_ref (store);
  self->keeper = g_object_ref (keeper);
  self->clock = g_object_ref (clock);
  return self;
}
