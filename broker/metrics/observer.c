/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "metrics/observer.h"

#include "core/error.h"
#include "metrics/kinds.h"

struct _FloeObserver
{
  GObject parent_instance;

  FloeObserverParts parts;
  FloeMetric *metrics[FLOE_N_OBSERVED]; /* the registry's */
};

typedef struct
{
  FloeObserver *observer;
  gchar *name;
  gchar *host;
  FloeLoadFunc func;
  gpointer data;
  GDestroyNotify data_free;
} Queue;

typedef struct
{
  FloeObserver *observer;
  gchar *name;
  FloeCountFunc func;
  gpointer data;
  GDestroyNotify data_free;
} Directory;

typedef struct
{
  FloeObserver *observer;
  gchar *directory;
  gchar *uri;
  FloeUpFunc func;
  gpointer data;
  GDestroyNotify data_free;
} Server;

G_DEFINE_FINAL_TYPE (FloeObserver, floe_observer, G_TYPE_OBJECT)

/* What is told. */

static void
on_phase (FloeObserver *self, const gchar *pool, const gchar *phase, gint64 microseconds,
          GObject *teller)
{
  gdouble seconds = (gdouble)microseconds / (gdouble)G_USEC_PER_SEC;

  if (pool != NULL)
    floe_metric_observe (self->metrics[FLOE_OBSERVED_DESKTOP_SECONDS], seconds,
                         FLOE_LABELS (pool, phase));
  else
    floe_metric_observe (self->metrics[FLOE_OBSERVED_LOGIN_SECONDS], seconds, FLOE_LABELS (phase));
}

static const gchar *
reason_of (const GError *error)
{
  const gchar *reason = floe_error_reason (error);

  if (reason != NULL)
    return reason;
  return floe_error_name (error->domain == FLOE_ERROR ? (FloeError)error->code
                                                      : FLOE_ERROR_INTERNAL);
}

static void
on_ended (FloeObserver *self, const gchar *action, const GError *error, GObject *teller)
{
  floe_metric_add (self->metrics[FLOE_OBSERVED_ACTIONS], 1, FLOE_LABELS (action));
  if (error != NULL)
    floe_metric_add (self->metrics[FLOE_OBSERVED_FAILURES], 1,
                     FLOE_LABELS (action, reason_of (error)));
}

static void
on_let_in (FloeObserver *self, const gchar *way, GObject *teller)
{
  floe_metric_add (self->metrics[FLOE_OBSERVED_LOGINS], 1, FLOE_LABELS (way));
}

static void
on_account_ended (FloeObserver *self, GObject *teller)
{
  floe_metric_add (self->metrics[FLOE_OBSERVED_ACCOUNTS_ENDED], 1, NULL);
}

static void
on_doubted (FloeObserver *self, guint n, GObject *teller)
{
  floe_metric_set (self->metrics[FLOE_OBSERVED_DOUBTED], n, NULL);
}

/* What is asked. */

static void
read_hosts (FloeObserver *self)
{
  g_auto (GStrv) hosts = floe_keeper_list_hosts (self->parts.keeper);

  for (guint i = 0; hosts[i] != NULL; i++)
    {
      const gchar *const *labels = FLOE_LABELS (hosts[i]);

      floe_metric_set (self->metrics[FLOE_OBSERVED_HOST_UP],
                       floe_keeper_host_is_up (self->parts.keeper, hosts[i]), labels);
      floe_metric_set (self->metrics[FLOE_OBSERVED_LINE],
                       floe_keeper_get_line_length (self->parts.keeper, hosts[i]), labels);
    }
}

static void
read_rooms (gpointer data)
{
  FloeObserver *self = data;

  read_hosts (self);
  for (FloeRequestState state = FLOE_REQUEST_QUEUED; state <= FLOE_REQUEST_GUEST; state++)
    floe_metric_set (self->metrics[FLOE_OBSERVED_REQUESTS],
                     floe_assigner_count_requests (self->parts.assigner, state),
                     FLOE_LABELS (floe_request_state_name (state)));
  floe_metric_set (self->metrics[FLOE_OBSERVED_JOBS], floe_keeper_count_jobs (self->parts.keeper),
                   NULL);
  floe_metric_set (self->metrics[FLOE_OBSERVED_LEADING],
                   floe_keeper_is_leading (self->parts.keeper), NULL);
  floe_metric_set (self->metrics[FLOE_OBSERVED_DIRECTORY_UP],
                   floe_directory_is_up (self->parts.directory), NULL);
}

static void
read_queue (gpointer data)
{
  Queue *queue = data;
  FloeMetric **metrics = queue->observer->metrics;
  const gchar *const *labels = FLOE_LABELS (queue->name, queue->host);
  FloeLoad load;

  queue->func (queue->data, &load);
  floe_metric_set (metrics[FLOE_OBSERVED_QUEUED], load.queued, labels);
  floe_metric_set (metrics[FLOE_OBSERVED_OVERDUE], load.overdue, labels);
  floe_metric_set (metrics[FLOE_OBSERVED_TIMED_OUT], load.timed_out, labels);
}

static void
queue_free (gpointer data)
{
  Queue *queue = data;

  if (queue->data_free != NULL)
    queue->data_free (queue->data);
  g_object_unref (queue->observer);
  g_free (queue->name);
  g_free (queue->host);
  g_free (queue);
}

/**
 * floe_observer_add_queue:
 * @name: such as "store-read"
 * @host: (nullable): whose queue it is, if it is a host's
 * @func: tells how busy it is
 * @data: for @func
 * @data_free: (nullable): frees @data
 *
 * Tells of one more queue of calls, until the end of the registry.
 */
void
floe_observer_add_queue (FloeObserver *self, const gchar *name, const gchar *host,
                         FloeLoadFunc func, gpointer data, GDestroyNotify data_free)
{
  Queue *queue = g_new0 (Queue, 1);

  queue->observer = g_object_ref (self);
  queue->name = g_strdup (name);
  queue->host = g_strdup (host != NULL ? host : "");
  queue->func = func;
  queue->data = data;
  queue->data_free = data_free;
  floe_metrics_add_reader (self->parts.metrics, read_queue, queue, queue_free);
}

static void
read_directory (gpointer data)
{
  Directory *directory = data;

  floe_metric_set (directory->observer->metrics[FLOE_OBSERVED_GROUP_TRIPS],
                   (gdouble)directory->func (directory->data), FLOE_LABELS (directory->name));
}

static void
directory_free (gpointer data)
{
  Directory *directory = data;

  if (directory->data_free != NULL)
    directory->data_free (directory->data);
  g_object_unref (directory->observer);
  g_free (directory->name);
  g_free (directory);
}

/**
 * floe_observer_add_directory:
 * @name: (nullable): what it is called beside others
 * @func: tells how often groups had to wait for it so far
 * @data: for @func
 * @data_free: (nullable): frees @data
 *
 * Tells what people's groups cost, until the end of the registry.
 */
void
floe_observer_add_directory (FloeObserver *self, const gchar *name, FloeCountFunc func,
                             gpointer data, GDestroyNotify data_free)
{
  Directory *directory = g_new0 (Directory, 1);

  directory->observer = g_object_ref (self);
  directory->name = g_strdup (name != NULL ? name : "");
  directory->func = func;
  directory->data = data;
  directory->data_free = data_free;
  floe_metrics_add_reader (self->parts.metrics, read_directory, directory, directory_free);
}

static void
read_server (gpointer data)
{
  Server *server = data;

  floe_metric_set (server->observer->metrics[FLOE_OBSERVED_SERVER_UP], server->func (server->data),
                   FLOE_LABELS (server->directory, server->uri));
}

static void
server_free (gpointer data)
{
  Server *server = data;

  if (server->data_free != NULL)
    server->data_free (server->data);
  g_object_unref (server->observer);
  g_free (server->directory);
  g_free (server->uri);
  g_free (server);
}

/**
 * floe_observer_add_server:
 * @directory: (nullable): what its directory is called beside others
 * @uri: what it is called
 * @func: tells whether it answers
 * @data: for @func
 * @data_free: (nullable): frees @data
 *
 * Tells of one more server of a directory, until the end of the registry.
 */
void
floe_observer_add_server (FloeObserver *self, const gchar *directory, const gchar *uri,
                          FloeUpFunc func, gpointer data, GDestroyNotify data_free)
{
  Server *server = g_new0 (Server, 1);

  server->observer = g_object_ref (self);
  server->directory = g_strdup (directory != NULL ? directory : "");
  server->uri = g_strdup (uri);
  server->func = func;
  server->data = data;
  server->data_free = data_free;
  floe_metrics_add_reader (self->parts.metrics, read_server, server, server_free);
}

static void
floe_observer_finalize (GObject *object)
{
  FloeObserver *self = FLOE_OBSERVER (object);

  g_object_unref (self->parts.keeper);
  g_object_unref (self->parts.assigner);
  g_object_unref (self->parts.login);
  g_object_unref (self->parts.directory);
  G_OBJECT_CLASS (floe_observer_parent_class)->finalize (object);
}

static void
floe_observer_class_init (FloeObserverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_observer_finalize;
}

static void
floe_observer_init (FloeObserver *self)
{
}

static void
listen_to_login (FloeObserver *self, GObject *login)
{
  g_signal_connect_object (login, "let-in", G_CALLBACK (on_let_in), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (login, "account-ended", G_CALLBACK (on_account_ended), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (login, "doubted", G_CALLBACK (on_doubted), self, G_CONNECT_SWAPPED);
  on_doubted (self, 0, login);
}

static void
listen_to (FloeObserver *self, gpointer teller, gboolean has_phases)
{
  g_signal_connect_object (teller, "ended", G_CALLBACK (on_ended), self, G_CONNECT_SWAPPED);
  if (has_phases)
    g_signal_connect_object (teller, "phase", G_CALLBACK (on_phase), self, G_CONNECT_SWAPPED);
}

/**
 * floe_observer_new:
 * @parts: what is looked at; it takes references, but for the registry, which holds the observer
 *
 * Returns: (transfer full): an observer, which brought its metrics
 */
FloeObserver *
floe_observer_new (const FloeObserverParts *parts)
{
  FloeObserver *self = g_object_new (FLOE_TYPE_OBSERVER, NULL);

  self->parts = *parts;
  g_object_ref (parts->keeper);
  g_object_ref (parts->assigner);
  g_object_ref (parts->login);
  g_object_ref (parts->directory);
  for (guint i = 0; i < FLOE_N_OBSERVED; i++)
    self->metrics[i] = floe_metrics_add (parts->metrics, &floe_observed_kinds ()[i]);
  floe_metric_set (self->metrics[FLOE_OBSERVED_BUILD], 1, FLOE_LABELS (FLOE_VERSION));
  floe_metrics_add_reader (parts->metrics, read_rooms, g_object_ref (self), g_object_unref);
  listen_to (self, parts->keeper, FALSE);
  listen_to (self, parts->assigner, TRUE);
  listen_to (self, parts->login, TRUE);
  listen_to_login (self, parts->login);
  return self;
}
