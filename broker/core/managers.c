/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/managers.h"

#include "core/error.h"

struct _FloeManagers
{
  GObject parent_instance;

  FloeManager *others;
  GHashTable *by_host; /* name to FloeManager */
};

static void managers_iface_init (FloeManagerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeManagers, floe_managers, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_MANAGER, managers_iface_init))

static FloeManager *
find (FloeManager *manager, const gchar *host)
{
  FloeManagers *self = FLOE_MANAGERS (manager);
  FloeManager *found = host != NULL ? g_hash_table_lookup (self->by_host, host) : NULL;

  return found != NULL ? found : self->others;
}

static FloeManagerKind
managers_get_kind (FloeManager *manager, const gchar *host)
{
  return floe_manager_get_kind (find (manager, host), host);
}

static void
for_each (FloeManager *manager, void (*func) (FloeManager *manager))
{
  FloeManagers *self = FLOE_MANAGERS (manager);
  GHashTableIter iter;
  gpointer one;

  func (self->others);
  g_hash_table_iter_init (&iter, self->by_host);
  while (g_hash_table_iter_next (&iter, NULL, &one))
    func (one);
}

static void
managers_start (FloeManager *manager)
{
  for_each (manager, floe_manager_start);
}

static void
managers_stop (FloeManager *manager)
{
  for_each (manager, floe_manager_stop);
}

static void
managers_refresh (FloeManager *manager, const gchar *host)
{
  floe_manager_refresh (find (manager, host), host);
}

/* Answers are passed on: the task of a call is ours, and its value is the manager's. */

typedef struct
{
  gpointer (*finish) (FloeManager *manager, GAsyncResult *result, GError **error);
  GDestroyNotify free;
} Kind;

static gpointer
finish_power (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return floe_manager_power_finish (manager, result, error) ? manager : NULL;
}

static gpointer
finish_ticket (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return floe_manager_set_ticket_finish (manager, result, error);
}

static gpointer
finish_run (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return floe_manager_run_finish (manager, result, error);
}

static gpointer
finish_allocate (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return floe_manager_allocate_finish (manager, result, error);
}

static gpointer
finish_log_in (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return floe_manager_log_in_finish (manager, result, error);
}

static gpointer
finish_renew (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return floe_manager_renew_finish (manager, result, error) ? manager : NULL;
}

static gpointer
finish_edit_pool (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return floe_manager_edit_pool_finish (manager, result, error) ? manager : NULL;
}

static const Kind edit_kind = { finish_edit_pool, NULL };

static gpointer
finish_screenshot (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return floe_manager_screenshot_finish (manager, result, error);
}

static const Kind screenshot_kind = { finish_screenshot, (GDestroyNotify)floe_secret_unref };
static const Kind log_in_kind = { finish_log_in, (GDestroyNotify)floe_secret_unref };
static const Kind renew_kind = { finish_renew, NULL };
static const Kind power_kind = { finish_power, NULL };
static const Kind ticket_kind = { finish_ticket, (GDestroyNotify)floe_display_free };
static const Kind run_kind = { finish_run, (GDestroyNotify)floe_job_result_free };
static const Kind allocate_kind = { finish_allocate, (GDestroyNotify)floe_domain_free };

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Kind *kind = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer value = kind->finish (FLOE_MANAGER (source), result, &error);

  if (value != NULL)
    g_task_return_pointer (task, value, kind->free);
  else
    g_task_return_error (task, error);
}

static GTask *
new_task (FloeManager *manager, const Kind *kind, GCancellable *cancellable,
          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (manager, cancellable, callback, user_data);

  g_task_set_source_tag (task, new_task);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, (gpointer)kind, NULL);
  return task;
}

static gpointer
propagate (FloeManager *manager, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, manager), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
managers_power_on_async (FloeManager *manager, const gchar *host, const gchar *domain_id,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  floe_manager_power_on_async (find (manager, host), host, domain_id, cancellable, answered,
                               new_task (manager, &power_kind, cancellable, callback, user_data));
}

static void
managers_power_off_async (FloeManager *manager, const gchar *host, const gchar *domain_id,
                          const gchar *request, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  floe_manager_power_off_async (find (manager, host), host, domain_id, request, cancellable,
                                answered,
                                new_task (manager, &power_kind, cancellable, callback, user_data));
}

static gboolean
managers_power_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return propagate (manager, result, error) != NULL;
}

static void
managers_set_ticket_async (FloeManager *manager, const gchar *host, const gchar *domain_id,
                           const FloeTicketOrder *order, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  floe_manager_set_ticket_async (
      find (manager, host), host, domain_id, order, cancellable, answered,
      new_task (manager, &ticket_kind, cancellable, callback, user_data));
}

static FloeDisplay *
managers_set_ticket_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return propagate (manager, result, error);
}

static void
managers_screenshot_async (FloeManager *manager, const gchar *host, const gchar *domain_id,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  floe_manager_screenshot_async (
      find (manager, host), host, domain_id, cancellable, answered,
      new_task (manager, &screenshot_kind, cancellable, callback, user_data));
}

static FloeSecret *
managers_screenshot_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return propagate (manager, result, error);
}

static void
managers_run_async (FloeManager *manager, const FloeJob *job, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  floe_manager_run_async (find (manager, job->host), job, cancellable, answered,
                          new_task (manager, &run_kind, cancellable, callback, user_data));
}

static FloeJobResult *
managers_run_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return propagate (manager, result, error);
}

/* A pool may name an engine that is not configured any more. */

static gboolean
is_engine (FloeManager *engine, const gchar *host, GTask *task)
{
  if (floe_manager_get_kind (engine, host) == FLOE_MANAGER_ENGINE)
    return TRUE;
  g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, "no engine %s is configured",
                           host);
  return FALSE;
}

static void
managers_log_in_async (FloeManager *manager, const gchar *host, const gchar *person,
                       FloeSecret *password, GAsyncReadyCallback callback, gpointer user_data)
{
  FloeManager *engine = find (manager, host);
  g_autoptr (GTask) task = new_task (manager, &log_in_kind, NULL, callback, user_data);

  if (is_engine (engine, host, task))
    floe_manager_log_in_async (engine, host, person, password, answered, g_object_ref (task));
}

static FloeSecret *
managers_log_in_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return propagate (manager, result, error);
}

static void
managers_renew_async (FloeManager *manager, const gchar *host, FloeSecret *token,
                      GAsyncReadyCallback callback, gpointer user_data)
{
  FloeManager *engine = find (manager, host);
  g_autoptr (GTask) task = new_task (manager, &renew_kind, NULL, callback, user_data);

  if (is_engine (engine, host, task))
    floe_manager_renew_async (engine, host, token, answered, g_object_ref (task));
}

static gboolean
managers_renew_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return propagate (manager, result, error) != NULL;
}

static void
managers_log_out (FloeManager *manager, const gchar *host, FloeSecret *token)
{
  FloeManager *engine = find (manager, host);

  if (floe_manager_get_kind (engine, host) == FLOE_MANAGER_ENGINE)
    floe_manager_log_out (engine, host, token);
}

static void
managers_allocate_async (FloeManager *manager, const FloeAllocation *allocation,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  FloeManager *engine = find (manager, allocation->host);
  g_autoptr (GTask) task = new_task (manager, &allocate_kind, cancellable, callback, user_data);

  if (is_engine (engine, allocation->host, task))
    floe_manager_allocate_async (engine, allocation, cancellable, answered, g_object_ref (task));
}

static FloeDomain *
managers_allocate_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return propagate (manager, result, error);
}

static gboolean
managers_describe_pool (FloeManager *manager, const gchar *host, const gchar *pool,
                        FloeEngineFacts *facts)
{
  return floe_manager_describe_pool (find (manager, host), host, pool, facts);
}

static void
managers_edit_pool_async (FloeManager *manager, const FloeEngineEdit *edit,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  FloeManager *engine = find (manager, edit->host);
  g_autoptr (GTask) task = new_task (manager, &edit_kind, NULL, callback, user_data);

  if (is_engine (engine, edit->host, task))
    floe_manager_edit_pool_async (engine, edit, answered, g_object_ref (task));
}

static gboolean
managers_edit_pool_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return propagate (manager, result, error) != NULL;
}

static void
managers_iface_init (FloeManagerInterface *iface)
{
  iface->get_kind = managers_get_kind;
  iface->start = managers_start;
  iface->stop = managers_stop;
  iface->refresh = managers_refresh;
  iface->power_on_async = managers_power_on_async;
  iface->power_off_async = managers_power_off_async;
  iface->power_finish = managers_power_finish;
  iface->set_ticket_async = managers_set_ticket_async;
  iface->screenshot_async = managers_screenshot_async;
  iface->screenshot_finish = managers_screenshot_finish;
  iface->set_ticket_finish = managers_set_ticket_finish;
  iface->run_async = managers_run_async;
  iface->run_finish = managers_run_finish;
  iface->allocate_async = managers_allocate_async;
  iface->allocate_finish = managers_allocate_finish;
  iface->log_in_async = managers_log_in_async;
  iface->log_in_finish = managers_log_in_finish;
  iface->renew_async = managers_renew_async;
  iface->renew_finish = managers_renew_finish;
  iface->log_out = managers_log_out;
  iface->describe_pool = managers_describe_pool;
  iface->edit_pool_async = managers_edit_pool_async;
  iface->edit_pool_finish = managers_edit_pool_finish;
}

static void
connect_signals (FloeManagers *self, FloeManager *manager)
{
  const struct
  {
    const gchar *name;
    GCallback emit;
  } signals[] = {
    { "host-listed", G_CALLBACK (floe_manager_emit_host_listed) },
    { "host-lost", G_CALLBACK (floe_manager_emit_host_lost) },
    { "domain-changed", G_CALLBACK (floe_manager_emit_domain_changed) },
    { "domain-gone", G_CALLBACK (floe_manager_emit_domain_gone) },
    { "channel", G_CALLBACK (floe_manager_emit_channel) },
    { "channels-listed", G_CALLBACK (floe_manager_emit_channels_listed) },
    { "host-measured", G_CALLBACK (floe_manager_emit_host_measured) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (manager, signals[i].name, signals[i].emit, self, G_CONNECT_SWAPPED);
}

static void
floe_managers_finalize (GObject *object)
{
  FloeManagers *self = FLOE_MANAGERS (object);

  g_hash_table_unref (self->by_host);
  g_object_unref (self->others);
  G_OBJECT_CLASS (floe_managers_parent_class)->finalize (object);
}

static void
floe_managers_class_init (FloeManagersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_managers_finalize;
}

static void
floe_managers_init (FloeManagers *self)
{
  self->by_host = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/**
 * floe_managers_new:
 * @others: whose all hosts are that are nobody else's
 *
 * Returns: (transfer full): that one manager
 */
FloeManagers *
floe_managers_new (FloeManager *others)
{
  FloeManagers *self = g_object_new (FLOE_TYPE_MANAGERS, NULL);

  self->others = g_object_ref (others);
  connect_signals (self, others);
  return self;
}

/**
 * floe_managers_add:
 * @host: the name of a host
 * @manager: whose it is, and nothing else
 */
void
floe_managers_add (FloeManagers *self, const gchar *host, FloeManager *manager)
{
  g_hash_table_insert (self->by_host, g_strdup (host), g_object_ref (manager));
  connect_signals (self, manager);
}
