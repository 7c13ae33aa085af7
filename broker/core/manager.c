/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/manager.h"

#include "core/error.h"

enum
{
  HOST_LISTED,
  HOST_LOST,
  DOMAIN_CHANGED,
  DOMAIN_GONE,
  CHANNEL,
  CHANNELS_LISTED,
  HOST_MEASURED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (FloeManager, floe_manager, G_TYPE_OBJECT)

static guint
new_signal (const gchar *name, guint n_params, const GType *types)
{
  return g_signal_newv (name, FLOE_TYPE_MANAGER, G_SIGNAL_RUN_LAST, NULL, NULL, NULL, NULL,
                        G_TYPE_NONE, n_params, (GType *)types);
}

static void
floe_manager_default_init (FloeManagerInterface *iface)
{
  const GType plain = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;

  signals[HOST_LISTED] = new_signal ("host-listed", 2, (GType[]){ plain, G_TYPE_PTR_ARRAY });
  signals[HOST_LOST] = new_signal ("host-lost", 2, (GType[]){ plain, plain });
  signals[DOMAIN_CHANGED] = new_signal ("domain-changed", 1, (GType[]){ G_TYPE_POINTER });
  signals[DOMAIN_GONE] = new_signal ("domain-gone", 2, (GType[]){ plain, plain });
  signals[CHANNEL] = new_signal ("channel", 3, (GType[]){ plain, G_TYPE_INT, plain });
  signals[CHANNELS_LISTED] = new_signal ("channels-listed", 2, (GType[]){ plain, G_TYPE_POINTER });
  signals[HOST_MEASURED] = new_signal ("host-measured", 1, (GType[]){ G_TYPE_POINTER });
}

/**
 * floe_manager_get_kind:
 * @host: one of its hosts
 *
 * Returns: who decides about the domains of that host
 */
FloeManagerKind
floe_manager_get_kind (FloeManager *self, const gchar *host)
{
  return FLOE_MANAGER_GET_IFACE (self)->get_kind (self, host);
}

/**
 * floe_manager_start:
 * @self: a manager
 *
 * Begins to connect to its hosts and to emit signals; reconnects for ever with growing pauses.
 */
void
floe_manager_start (FloeManager *self)
{
  FLOE_MANAGER_GET_IFACE (self)->start (self);
}

/**
 * floe_manager_stop:
 * @self: a manager
 *
 * Closes all connections; no signal comes afterwards. Calls that are under way still answer.
 */
void
floe_manager_stop (FloeManager *self)
{
  FLOE_MANAGER_GET_IFACE (self)->stop (self);
}

/**
 * floe_manager_refresh:
 * @self: a manager
 * @host: the configured name of a host
 *
 * Asks for a new "host-listed" of that host, soon.
 */
void
floe_manager_refresh (FloeManager *self, const gchar *host)
{
  FLOE_MANAGER_GET_IFACE (self)->refresh (self, host);
}

/**
 * floe_manager_power_on_async:
 * @self: a manager
 * @host: the configured name of the host
 * @domain_id: which domain
 * @cancellable: (nullable): gives up waiting, never undoes what was begun
 *
 * Starts a domain. One that runs already is a success.
 */
void
floe_manager_power_on_async (FloeManager *self, const gchar *host, const gchar *domain_id,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  FLOE_MANAGER_GET_IFACE (self)->power_on_async (self, host, domain_id, cancellable, callback,
                                                 user_data);
}

/**
 * floe_manager_power_off_async:
 * @request: (nullable): the id of the request that it is done for, which an engine has in its log
 *
 * Ends a domain at once, without its guest's consent; with transient disks all that it wrote is
 * gone. One that is off already is a success.
 */
void
floe_manager_power_off_async (FloeManager *self, const gchar *host, const gchar *domain_id,
                              const gchar *request, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_MANAGER_GET_IFACE (self)->power_off_async (self, host, domain_id, request, cancellable,
                                                  callback, user_data);
}

/**
 * floe_manager_power_finish:
 *
 * Returns: %TRUE once the manager said so; %FALSE with %FLOE_ERROR_UNAVAILABLE (reason
 *   "host-down"), %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_CONFLICT, %FLOE_ERROR_BUSY,
 *   %FLOE_ERROR_TIMED_OUT, %FLOE_ERROR_CANCELLED or %FLOE_ERROR_INTERNAL
 */
gboolean
floe_manager_power_finish (FloeManager *self, GAsyncResult *result, GError **error)
{
  return FLOE_MANAGER_GET_IFACE (self)->power_finish (self, result, error);
}

/**
 * floe_manager_set_ticket_async:
 * @order: copied
 *
 * Makes its ticket the only one that opens the display, and asks where the display is.
 */
void
floe_manager_set_ticket_async (FloeManager *self, const gchar *host, const gchar *domain_id,
                               const FloeTicketOrder *order, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_MANAGER_GET_IFACE (self)->set_ticket_async (self, host, domain_id, order, cancellable,
                                                   callback, user_data);
}

/**
 * floe_manager_set_ticket_finish:
 *
 * Returns: (transfer full): where the display is; or %NULL with the errors of
 *   floe_manager_power_finish(), %FLOE_ERROR_CONFLICT with reason "not-running", or
 *   %FLOE_ERROR_DENIED with reason "no-ticketing" (it runs without SPICE ticketing),
 *   "plain-display" (only a plain port, and the administrator did not allow that for this host),
 *   "policy-not-enforced" (what runs lets through what the order's policy forbids) or
 *   "host-clock" (the host's clock is more than 5 s off)
 */
FloeDisplay *
floe_manager_set_ticket_finish (FloeManager *self, GAsyncResult *result, GError **error)
{
  return FLOE_MANAGER_GET_IFACE (self)->set_ticket_finish (self, result, error);
}

/**
 * floe_manager_screenshot_async:
 *
 * Asks for a picture of a domain's first screen.
 */
void
floe_manager_screenshot_async (FloeManager *self, const gchar *host, const gchar *domain_id,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  FloeManagerInterface *iface = FLOE_MANAGER_GET_IFACE (self);
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  if (iface->screenshot_async != NULL)
    {
      iface->screenshot_async (self, host, domain_id, cancellable, callback, user_data);
      return;
    }
  task = g_task_new (self, cancellable, callback, user_data);
  floe_set_error_reason (&error, FLOE_ERROR_CONFLICT, "engine",
                         "engine %s gives no pictures of screens", host);
  g_task_return_error (task, error);
}

/**
 * floe_manager_screenshot_finish:
 *
 * Returns: (transfer full): a PNG; or %NULL with the errors of floe_manager_power_finish(), or
 *   %FLOE_ERROR_CONFLICT with the reason "engine" where a manager has none
 */
FloeSecret *
floe_manager_screenshot_finish (FloeManager *self, GAsyncResult *result, GError **error)
{
  FloeManagerInterface *iface = FLOE_MANAGER_GET_IFACE (self);

  return iface->screenshot_finish != NULL ? iface->screenshot_finish (self, result, error)
                                          : g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_manager_allocate_async:
 * @self: a manager of the kind %FLOE_MANAGER_ENGINE
 * @allocation: copied
 * @cancellable: (nullable): gives up waiting, never undoes what was begun
 *
 * Asks an engine for a VM for somebody. This cannot be repeated without harm: an engine gives
 * another one each time, up to its limit for a person.
 */
void
floe_manager_allocate_async (FloeManager *self, const FloeAllocation *allocation,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  FLOE_MANAGER_GET_IFACE (self)->allocate_async (self, allocation, cancellable, callback,
                                                 user_data);
}

/**
 * floe_manager_allocate_finish:
 *
 * Returns: (transfer full): the VM, which need not run yet; or %NULL with %FLOE_ERROR_EXHAUSTED
 *   (reason "no-desktop-free"), %FLOE_ERROR_CONFLICT (reason "limit-reached"), %FLOE_ERROR_DENIED
 *   (reason "engine-rights" or "engine-login"), %FLOE_ERROR_BUSY, %FLOE_ERROR_UNAVAILABLE; or
 *   %FLOE_ERROR_TIMED_OUT, after which nobody knows whether there was one
 */
FloeDomain *
floe_manager_allocate_finish (FloeManager *self, GAsyncResult *result, GError **error)
{
  return FLOE_MANAGER_GET_IFACE (self)->allocate_finish (self, result, error);
}

/**
 * floe_manager_log_in_async:
 * @self: a manager of the kind %FLOE_MANAGER_ENGINE
 * @person: a log-in name
 *
 * Logs somebody in at an engine, to act there as they.
 */
void
floe_manager_log_in_async (FloeManager *self, const gchar *host, const gchar *person,
                           FloeSecret *password, GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_MANAGER_GET_IFACE (self)->log_in_async (self, host, person, password, callback, user_data);
}

/**
 * floe_manager_log_in_finish:
 *
 * Returns: (transfer full): a token, for floe_manager_allocate_async(); or %NULL with
 *   %FLOE_ERROR_DENIED (reason "engine-login") or %FLOE_ERROR_UNAVAILABLE
 */
FloeSecret *
floe_manager_log_in_finish (FloeManager *self, GAsyncResult *result, GError **error)
{
  return FLOE_MANAGER_GET_IFACE (self)->log_in_finish (self, result, error);
}

/**
 * floe_manager_renew_async:
 * @token: that the engine would forget if nobody used it
 */
void
floe_manager_renew_async (FloeManager *self, const gchar *host, FloeSecret *token,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_MANAGER_GET_IFACE (self)->renew_async (self, host, token, callback, user_data);
}

/**
 * floe_manager_renew_finish:
 *
 * Returns: %TRUE; or %FALSE with the reason "engine-login" where the engine has forgotten it, or
 * with another error, of which nobody knows what it means for the token
 */
gboolean
floe_manager_renew_finish (FloeManager *self, GAsyncResult *result, GError **error)
{
  return FLOE_MANAGER_GET_IFACE (self)->renew_finish (self, result, error);
}

/**
 * floe_manager_log_out:
 * @token: that nobody needs any more
 */
void
floe_manager_log_out (FloeManager *self, const gchar *host, FloeSecret *token)
{
  FLOE_MANAGER_GET_IFACE (self)->log_out (self, host, token);
}

/**
 * floe_manager_describe_pool:
 * @pool: what its engine calls it
 * @facts: (out): what that said last
 *
 * Returns: whether it has said anything
 */
gboolean
floe_manager_describe_pool (FloeManager *self, const gchar *host, const gchar *pool,
                            FloeEngineFacts *facts)
{
  FloeManagerInterface *iface = FLOE_MANAGER_GET_IFACE (self);

  return iface->describe_pool != NULL && iface->describe_pool (self, host, pool, facts);
}

/**
 * floe_manager_edit_pool_async:
 * @self: a manager of the kind %FLOE_MANAGER_ENGINE
 * @edit: copied
 *
 * Changes what an engine decides of a pool of its own, as far as it lets us.
 */
void
floe_manager_edit_pool_async (FloeManager *self, const FloeEngineEdit *edit,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_MANAGER_GET_IFACE (self)->edit_pool_async (self, edit, callback, user_data);
}

/**
 * floe_manager_edit_pool_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_INVALID, %FLOE_ERROR_NOT_FOUND (no such group there),
 *   %FLOE_ERROR_DENIED (reason "engine-rights"), %FLOE_ERROR_CONFLICT, %FLOE_ERROR_BUSY or
 *   %FLOE_ERROR_UNAVAILABLE
 */
gboolean
floe_manager_edit_pool_finish (FloeManager *self, GAsyncResult *result, GError **error)
{
  return FLOE_MANAGER_GET_IFACE (self)->edit_pool_finish (self, result, error);
}

void
floe_manager_emit_host_listed (FloeManager *self, const gchar *host, GPtrArray *domains)
{
  g_signal_emit (self, signals[HOST_LISTED], 0, host, domains);
}

void
floe_manager_emit_host_lost (FloeManager *self, const gchar *host, const gchar *reason)
{
  g_signal_emit (self, signals[HOST_LOST], 0, host, reason);
}

void
floe_manager_emit_domain_changed (FloeManager *self, const FloeDomain *domain)
{
  g_signal_emit (self, signals[DOMAIN_CHANGED], 0, domain);
}

void
floe_manager_emit_domain_gone (FloeManager *self, const gchar *host, const gchar *domain_id)
{
  g_signal_emit (self, signals[DOMAIN_GONE], 0, host, domain_id);
}

void
floe_manager_emit_channel (FloeManager *self, const gchar *domain_id, FloeChannelEvent event,
                           const gchar *peer)
{
  g_signal_emit (self, signals[CHANNEL], 0, domain_id, event, peer);
}

void
floe_manager_emit_channels_listed (FloeManager *self, const gchar *domain_id,
                                   const gchar *const *peers)
{
  g_signal_emit (self, signals[CHANNELS_LISTED], 0, domain_id, peers);
}

/**
 * floe_manager_run_async:
 * @self: a manager
 * @job: what is to be done; copied
 *
 * Does something that takes long, in a lane of its own, jobs of one domain in the order given.
 */
void
floe_manager_run_async (FloeManager *self, const FloeJob *job, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_MANAGER_GET_IFACE (self)->run_async (self, job, cancellable, callback, user_data);
}

/**
 * floe_manager_run_finish:
 *
 * Returns: (transfer full): what came of it, also when it was done before; or %NULL with
 *   %FLOE_ERROR_NOT_FOUND (reasons "no-template", "no-storage", "no-image", "no-disk": a data disk
 *   that was made and is not there), %FLOE_ERROR_CONFLICT (reason "foreign-domain": a domain of
 *   that name is not ours, and was not touched; "template-running"; "bad-sum": an image that is not
 *   what it must be; "disk-in-use"), %FLOE_ERROR_EXHAUSTED (reason "storage-full", "memory-full"),
 *   %FLOE_ERROR_INVALID (a template that cannot be cloned, with why), %FLOE_ERROR_UNAVAILABLE
 *   (reason "host-down", "agent-down"), %FLOE_ERROR_TIMED_OUT (whether it happened is unknown; run
 *   it again) or another one
 */
FloeJobResult *
floe_manager_run_finish (FloeManager *self, GAsyncResult *result, GError **error)
{
  return FLOE_MANAGER_GET_IFACE (self)->run_finish (self, result, error);
}

void
floe_manager_emit_host_measured (FloeManager *self, const FloeHostCapacity *capacity)
{
  g_signal_emit (self, signals[HOST_MEASURED], 0, capacity);
}

FloeHostCapacity *
floe_host_capacity_copy (const FloeHostCapacity *self)
{
  FloeHostCapacity *copy = g_new0 (FloeHostCapacity, 1);

  *copy = *self;
  copy->host = g_strdup (self->host);
  return copy;
}

void
floe_host_capacity_free (FloeHostCapacity *self)
{
  if (self == NULL)
    return;
  g_free (self->host);
  g_free (self);
}
