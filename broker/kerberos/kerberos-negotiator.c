/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kerberos/kerberos-negotiator.h"

#include "kerberos/acceptor.h"

/* To look at a token takes a fraction of a millisecond and asks no server, but it waits for the
 * disk, and for a lock on the cache of used ones. */
#define THREADS     2
#define QUEUE_LIMIT 512
#define DEADLINE    (5 * G_USEC_PER_SEC)

struct _FloeKerberosNegotiator
{
  GObject parent_instance;

  FloeAcceptor *acceptor;
  FloeWorkers *workers;
};

static void floe_kerberos_negotiator_iface_init (FloeNegotiatorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeKerberosNegotiator, floe_kerberos_negotiator, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_NEGOTIATOR,
                                                      floe_kerberos_negotiator_iface_init))

static gpointer
context_new (gpointer acceptor)
{
  return acceptor;
}

static gpointer
accept_work (gpointer acceptor, gpointer token, GCancellable *cancellable, GError **error)
{
  return floe_acceptor_run (acceptor, token, error);
}

static void
accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  FloePrincipal *principal = floe_workers_run_finish (FLOE_WORKERS (source), result, &error);

  if (principal != NULL)
    g_task_return_pointer (task, principal, (GDestroyNotify)floe_principal_free);
  else
    g_task_return_error (task, error);
}

static void
accept_async (FloeNegotiator *negotiator, FloeSecret *token, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer user_data)
{
  FloeKerberosNegotiator *self = FLOE_KERBEROS_NEGOTIATOR (negotiator);
  /* Without the cancellable: the workers answer when it is cancelled. */
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, accept_async);
  floe_workers_run_async (self->workers, accept_work, floe_secret_ref (token),
                          (GDestroyNotify)floe_secret_unref, (GDestroyNotify)floe_principal_free,
                          DEADLINE, cancellable, accepted, task);
}

static FloePrincipal *
accept_finish (FloeNegotiator *negotiator, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, negotiator), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
floe_kerberos_negotiator_iface_init (FloeNegotiatorInterface *iface)
{
  iface->accept_async = accept_async;
  iface->accept_finish = accept_finish;
}

static void
floe_kerberos_negotiator_finalize (GObject *object)
{
  FloeKerberosNegotiator *self = FLOE_KERBEROS_NEGOTIATOR (object);

  floe_workers_close (self->workers);
  g_object_unref (self->workers);
  floe_acceptor_free (self->acceptor);
  G_OBJECT_CLASS (floe_kerberos_negotiator_parent_class)->finalize (object);
}

static void
floe_kerberos_negotiator_class_init (FloeKerberosNegotiatorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_kerberos_negotiator_finalize;
}

static void
floe_kerberos_negotiator_init (FloeKerberosNegotiator *self)
{
}

/**
 * floe_kerberos_negotiator_new:
 * @keytab: the path of a file with the keys of `HTTP/HOST`, which is read for each token
 * @used: (nullable): the path of the file in which tokens are noted that were used; %NULL for one
 * of the library's choice
 * @host_names: (array zero-terminated=1): which hosts we are
 *
 * The last reference has to be dropped on the main thread, and may then wait for a call that is
 * under way.
 *
 * Returns: (transfer full): the negotiator
 */
FloeNegotiator *
floe_kerberos_negotiator_new (const gchar *keytab, const gchar *used,
                              const gchar *const *host_names)
{
  FloeKerberosNegotiator *self = g_object_new (FLOE_TYPE_KERBEROS_NEGOTIATOR, NULL);

  self->acceptor = floe_acceptor_new (keytab, used, host_names);
  self->workers =
      floe_workers_new ("kerberos", THREADS, QUEUE_LIMIT, context_new, self->acceptor, NULL);
  return FLOE_NEGOTIATOR (self);
}

/**
 * floe_kerberos_negotiator_get_load:
 * @load: (out caller-allocates): how busy its threads are
 */
void
floe_kerberos_negotiator_get_load (FloeKerberosNegotiator *self, FloeLoad *load)
{
  floe_workers_get_load (self->workers, load);
}
