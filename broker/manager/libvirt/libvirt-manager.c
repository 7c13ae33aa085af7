/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-manager.h"

#include "core/error.h"
#include "manager/libvirt/libvirt-event.h"
#include "manager/libvirt/libvirt-host.h"

struct _FloeLibvirtManager
{
  GObject parent_instance;

  GHashTable *hosts; /* name -> FloeLibvirtHost */
};

static void manager_iface_init (FloeManagerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeLibvirtManager, floe_libvirt_manager, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_MANAGER, manager_iface_init))

static FloeManagerKind
manager_get_kind (FloeManager *manager, const gchar *host)
{
  return FLOE_MANAGER_OWNED;
}

static void
manager_start (FloeManager *manager)
{
  FloeLibvirtManager *self = FLOE_LIBVIRT_MANAGER (manager);
  GHashTableIter iter;
  gpointer host;

  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, NULL, &host))
    floe_libvirt_host_start (host);
}

static void
manager_stop (FloeManager *manager)
{
  FloeLibvirtManager *self = FLOE_LIBVIRT_MANAGER (manager);
  GHashTableIter iter;
  gpointer host;

  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, NULL, &host))
    floe_libvirt_host_stop (host);
}

static FloeLibvirtHost *
find_host (FloeManager *manager, const gchar *name, GError **error)
{
  FloeLibvirtHost *host = g_hash_table_lookup (FLOE_LIBVIRT_MANAGER (manager)->hosts, name);

  if (host == NULL)
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "there is no host %s", name);
  return host;
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gpointer value = floe_libvirt_lanes_finish (FLOE_LIBVIRT_LANES (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, g_task_get_task_data (task));
}

static void
switch_power (FloeManager *manager, const gchar *host_name, const gchar *domain_id, gboolean on,
              GTask *made)
{
  g_autoptr (GTask) task = made;
  GError *error = NULL;
  FloeLibvirtHost *host = find_host (manager, host_name, &error);
  FloeLibvirtLanes *lanes = host != NULL ? floe_libvirt_host_get_lanes (host, &error) : NULL;

  g_task_set_source_tag (task, switch_power);
  g_task_set_check_cancellable (task, FALSE);
  if (lanes == NULL)
    g_task_return_error (task, error);
  else
    floe_libvirt_lanes_power (lanes, domain_id, on, g_task_get_cancellable (task), answered,
                              g_object_ref (task));
}

static void
manager_power_on_async (FloeManager *manager, const gchar *host, const gchar *domain_id,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  switch_power (manager, host, domain_id, TRUE,
                g_task_new (manager, cancellable, callback, user_data));
}

static void
manager_power_off_async (FloeManager *manager, const gchar *host, const gchar *domain_id,
                         const gchar *request, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  switch_power (manager, host, domain_id, FALSE,
                g_task_new (manager, cancellable, callback, user_data));
}

static gboolean
manager_power_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, manager), FALSE);
  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}

static void
manager_set_ticket_async (FloeManager *manager, const gchar *host_name, const gchar *domain_id,
                          const FloeTicketOrder *order, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (manager, cancellable, callback, user_data);
  GError *error = NULL;
  FloeLibvirtHost *host = find_host (manager, host_name, &error);
  FloeLibvirtLanes *lanes = host != NULL ? floe_libvirt_host_get_lanes (host, &error) : NULL;
  FloeLibvirtRequest *request;

  g_task_set_source_tag (task, manager_set_ticket_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, floe_display_free, NULL);
  if (lanes == NULL || !floe_libvirt_host_check_clock (host, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  request = floe_libvirt_request_new (domain_id);
  request->ticket = floe_ticket_copy (order->ticket);
  request->mode = order->mode;
  request->policy = order->policy != NULL ? floe_policy_copy (order->policy) : NULL;
  floe_libvirt_lanes_set_ticket (lanes, request, cancellable, answered, g_object_ref (task));
}

static FloeDisplay *
manager_set_ticket_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, manager), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
manager_screenshot_async (FloeManager *manager, const gchar *host_name, const gchar *domain_id,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (manager, cancellable, callback, user_data);
  GError *error = NULL;
  FloeLibvirtHost *host = find_host (manager, host_name, &error);
  FloeLibvirtLanes *lanes = host != NULL ? floe_libvirt_host_get_lanes (host, &error) : NULL;

  g_task_set_source_tag (task, manager_screenshot_async);
  g_task_set_task_data (task, floe_secret_unref, NULL);
  if (lanes == NULL)
    g_task_return_error (task, error);
  else
    floe_libvirt_lanes_screenshot (lanes, domain_id, cancellable, answered, g_object_ref (task));
}

static FloeSecret *
manager_screenshot_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, manager), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_two_hosted (const FloeJob *job)
{
  return job->kind == FLOE_JOB_CARRY || job->kind == FLOE_JOB_MOVE;
}

static void
manager_run_async (FloeManager *manager, const FloeJob *job, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (manager, cancellable, callback, user_data);
  GError *error = NULL;
  FloeLibvirtHost *host = find_host (manager, job->host, &error);
  FloeLibvirtLanes *lanes = host != NULL ? floe_libvirt_host_get_lanes (host, &error) : NULL;
  FloeLibvirtHost *target = NULL;

  g_task_set_source_tag (task, manager_run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, floe_job_result_free, NULL);
  if (lanes != NULL && is_two_hosted (job))
    target = find_host (manager, job->target != NULL ? job->target : "", &error);
  if (target != NULL)
    floe_libvirt_host_get_lanes (target, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  floe_libvirt_lanes_run_job (
      lanes,
      floe_libvirt_task_new (job, target != NULL ? floe_libvirt_host_get_settings (target) : NULL),
      cancellable, answered, g_object_ref (task));
}

static FloeJobResult *
manager_run_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, manager), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
manager_refresh (FloeManager *manager, const gchar *name)
{
  FloeLibvirtHost *host = g_hash_table_lookup (FLOE_LIBVIRT_MANAGER (manager)->hosts, name);

  if (host != NULL)
    floe_libvirt_host_refresh (host);
}

/**
 * floe_libvirt_manager_get_load:
 * @host: one of its hosts
 * @lane: which of the host's lanes
 * @load: (out caller-allocates): how busy that is
 */
void
floe_libvirt_manager_get_load (FloeLibvirtManager *self, const gchar *host, FloeLibvirtLane lane,
                               FloeLoad *load)
{
  FloeLibvirtHost *found = g_hash_table_lookup (self->hosts, host);

  g_return_if_fail (found != NULL);
  floe_libvirt_host_get_load (found, lane, load);
}

static void
manager_iface_init (FloeManagerInterface *iface)
{
  iface->refresh = manager_refresh;
  iface->get_kind = manager_get_kind;
  iface->start = manager_start;
  iface->stop = manager_stop;
  iface->power_on_async = manager_power_on_async;
  iface->power_off_async = manager_power_off_async;
  iface->power_finish = manager_power_finish;
  iface->set_ticket_async = manager_set_ticket_async;
  iface->set_ticket_finish = manager_set_ticket_finish;
  iface->screenshot_async = manager_screenshot_async;
  iface->screenshot_finish = manager_screenshot_finish;
  iface->run_async = manager_run_async;
  iface->run_finish = manager_run_finish;
}

static void
floe_libvirt_manager_finalize (GObject *object)
{
  FloeLibvirtManager *self = FLOE_LIBVIRT_MANAGER (object);

  manager_stop (FLOE_MANAGER (self));
  g_hash_table_unref (self->hosts);
  G_OBJECT_CLASS (floe_libvirt_manager_parent_class)->finalize (object);
}

static void
floe_libvirt_manager_class_init (FloeLibvirtManagerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_libvirt_manager_finalize;
}

static void
floe_libvirt_manager_init (FloeLibvirtManager *self)
{
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/**
 * floe_libvirt_manager_new:
 * @host_settings: (element-type FloeLibvirtHostSettings): the hosts, of different names; copied
 * @clock: the time
 *
 * Also makes libvirt ready for this process, see floe_libvirt_event_register(). Letting go of the
 * last reference joins threads and so may block: for the end of the program.
 *
 * Returns: (transfer full): a manager that was not started yet
 */
FloeManager *
floe_libvirt_manager_new (GPtrArray *host_settings, FloeClock *clock)
{
  FloeLibvirtManager *self = g_object_new (FLOE_TYPE_LIBVIRT_MANAGER, NULL);

  floe_libvirt_event_register ();
  for (guint i = 0; i < host_settings->len; i++)
    {
      const FloeLibvirtHostSettings *settings = g_ptr_array_index (host_settings, i);

      g_hash_table_insert (self->hosts, g_strdup (settings->name),
                           floe_libvirt_host_new (settings, clock, FLOE_MANAGER (self)));
    }
  return FLOE_MANAGER (self);
}
