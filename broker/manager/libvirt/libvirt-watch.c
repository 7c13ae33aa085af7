/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-watch.h"

#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>

#include "core/error.h"
#include "core/manager.h"
#include "manager/libvirt/libvirt-connection.h"
#include "manager/libvirt/libvirt-error.h"
#include "manager/libvirt/libvirt-event.h"
#include "manager/libvirt/libvirt-values.h"

/* How long libvirt's loop may take to free what was deregistered. */
#define FREE_WAIT (10 * G_USEC_PER_SEC)

struct _FloeLibvirtWatch
{
  gatomicrefcount refs;
  GMainContext *main;
  FloeLibvirtWatchFunc func; /* main thread only; NULL once detached */
  gpointer data;

  virConnectPtr connection; /* worker only */
  GArray *callbacks;        /* worker only: ids */
  gint monitor;             /* worker only: id or -1 */
  gboolean has_close;       /* worker only */

  GMutex lock;
  GCond freed;
  guint live; /* guarded: callbacks that libvirt has not freed yet */
};

typedef struct
{
  FloeLibvirtEvent event;
  FloeLibvirtWatch *watch;
} Posted;

/**
 * floe_libvirt_watch_new:
 * @func: called on the main thread for each event, until floe_libvirt_watch_detach()
 * @data: for @func
 *
 * Returns: (transfer full): a watch that is not open
 */
FloeLibvirtWatch *
floe_libvirt_watch_new (FloeLibvirtWatchFunc func, gpointer data)
{
  FloeLibvirtWatch *self = g_new0 (FloeLibvirtWatch, 1);

  g_atomic_ref_count_init (&self->refs);
  self->main = g_main_context_ref_thread_default ();
  self->func = func;
  self->data = data;
  self->callbacks = g_array_new (FALSE, FALSE, sizeof (int));
  self->monitor = -1;
  g_mutex_init (&self->lock);
  g_cond_init (&self->freed);
  return self;
}

FloeLibvirtWatch *
floe_libvirt_watch_ref (FloeLibvirtWatch *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
floe_libvirt_watch_unref (FloeLibvirtWatch *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_main_context_unref (self->main);
  g_array_unref (self->callbacks);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->freed);
  g_free (self);
}

/**
 * floe_libvirt_watch_detach:
 *
 * No event comes any more, not even one that is on its way.
 */
void
floe_libvirt_watch_detach (FloeLibvirtWatch *self)
{
  self->func = NULL;
}

static void
posted_free (gpointer data)
{
  Posted *posted = data;

  g_free (posted->event.id);
  g_free (posted->event.peer);
  floe_libvirt_watch_unref (posted->watch);
  g_free (posted);
}

static gboolean
deliver (gpointer data)
{
  Posted *posted = data;
  FloeLibvirtWatch *watch = posted->watch;

  if (watch->func != NULL)
    watch->func (watch, &posted->event, watch->data);
  return G_SOURCE_REMOVE;
}

static FloeLibvirtEvent *
event_new (FloeLibvirtWatch *self, FloeLibvirtEventKind kind, virDomainPtr domain)
{
  Posted *posted = g_new0 (Posted, 1);
  char id[VIR_UUID_STRING_BUFLEN];

  posted->watch = floe_libvirt_watch_ref (self);
  posted->event.kind = kind;
  if (domain != NULL && virDomainGetUUIDString (domain, id) == 0)
    posted->event.id = g_strdup (id);
  return &posted->event;
}

/* Not g_main_context_invoke(): that may run it right here. One priority for all keeps their order.
 */
static void
event_post (FloeLibvirtEvent *event)
{
  Posted *posted = (Posted *)event; /* its first member */
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, posted, posted_free);
  g_source_attach (source, posted->watch->main);
  g_source_unref (source);
}

/* What follows runs on libvirt's event thread. */

static int
on_lifecycle (virConnectPtr connection, virDomainPtr domain, int code, int detail, void *opaque)
{
  FloeLibvirtEvent *event = event_new (opaque, FLOE_LIBVIRT_EVENT_LIFECYCLE, domain);

  event->code = code;
  event->detail = detail;
  event_post (event);
  return 0;
}

static void
on_agent (virConnectPtr connection, virDomainPtr domain, int state, int reason, void *opaque)
{
  FloeLibvirtEvent *event = event_new (opaque, FLOE_LIBVIRT_EVENT_AGENT, domain);

  event->code = state == VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED;
  event_post (event);
}

static void
on_graphics (virConnectPtr connection, virDomainPtr domain, int phase,
             const virDomainEventGraphicsAddress *local,
             const virDomainEventGraphicsAddress *remote, const char *scheme,
             const virDomainEventGraphicsSubject *subject, void *opaque)
{
  FloeLibvirtEvent *event = event_new (opaque, FLOE_LIBVIRT_EVENT_CHANNEL, domain);

  event->code = phase == VIR_DOMAIN_EVENT_GRAPHICS_CONNECT      ? FLOE_CHANNEL_OPENED
                : phase == VIR_DOMAIN_EVENT_GRAPHICS_INITIALIZE ? FLOE_CHANNEL_AUTHENTICATED
                                                                : FLOE_CHANNEL_CLOSED;
  event->peer = floe_libvirt_peer (remote->node, remote->service);
  event_post (event);
}

static void
on_reboot (virConnectPtr connection, virDomainPtr domain, void *opaque)
{
  event_post (event_new (opaque, FLOE_LIBVIRT_EVENT_CHANGED, domain));
}

static void
on_device (virConnectPtr connection, virDomainPtr domain, const char *alias, void *opaque)
{
  event_post (event_new (opaque, FLOE_LIBVIRT_EVENT_CHANGED, domain));
}

static void
on_metadata (virConnectPtr connection, virDomainPtr domain, int type, const char *uri, void *opaque)
{
  event_post (event_new (opaque, FLOE_LIBVIRT_EVENT_CHANGED, domain));
}

static void
on_monitor (virConnectPtr connection, virDomainPtr domain, const char *name, long long seconds,
            unsigned int micros, const char *details, void *opaque)
{
  FloeLibvirtEvent *event = event_new (opaque, FLOE_LIBVIRT_EVENT_CLOCK, NULL);

  event->host_time = (gint64)seconds * G_USEC_PER_SEC + micros;
  event_post (event);
}

static void
on_close (virConnectPtr connection, int reason, void *opaque)
{
  FloeLibvirtEvent *event = event_new (opaque, FLOE_LIBVIRT_EVENT_CLOSED, NULL);

  event->code = reason;
  event_post (event);
}

static void
callback_freed (void *opaque)
{
  FloeLibvirtWatch *self = opaque;

  g_mutex_lock (&self->lock);
  self->live--;
  g_cond_signal (&self->freed);
  g_mutex_unlock (&self->lock);
  floe_libvirt_watch_unref (self);
}

/* What follows runs on a worker. */

static FloeLibvirtWatch *
callback_data (FloeLibvirtWatch *self)
{
  g_mutex_lock (&self->lock);
  self->live++;
  g_mutex_unlock (&self->lock);
  return floe_libvirt_watch_ref (self);
}

static gboolean
listen_to (FloeLibvirtWatch *self, int what, virConnectDomainEventGenericCallback callback)
{
  int id = virConnectDomainEventRegisterAny (self->connection, NULL, what, callback,
                                             callback_data (self), callback_freed);

  if (id < 0)
    callback_freed (self);
  else
    g_array_append_val (self->callbacks, id);
  return id >= 0;
}

static gboolean
listen_to_clock (FloeLibvirtWatch *self)
{
  self->monitor = virConnectDomainQemuMonitorEventRegister (
      self->connection, NULL, NULL, on_monitor, callback_data (self), callback_freed, 0);
  if (self->monitor < 0)
    callback_freed (self);
  return self->monitor >= 0;
}

static gboolean
listen_to_close (FloeLibvirtWatch *self)
{
  self->has_close = virConnectRegisterCloseCallback (self->connection, on_close,
                                                     callback_data (self), callback_freed)
                    == 0;
  if (!self->has_close)
    callback_freed (self);
  return self->has_close;
}

static gboolean
listen (FloeLibvirtWatch *self, gboolean with_clock)
{
  return listen_to_close (self)
         && listen_to (self, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                       VIR_DOMAIN_EVENT_CALLBACK (on_lifecycle))
         && listen_to (self, VIR_DOMAIN_EVENT_ID_GRAPHICS, VIR_DOMAIN_EVENT_CALLBACK (on_graphics))
         && listen_to (self, VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE,
                       VIR_DOMAIN_EVENT_CALLBACK (on_agent))
         && listen_to (self, VIR_DOMAIN_EVENT_ID_REBOOT, VIR_DOMAIN_EVENT_CALLBACK (on_reboot))
         && listen_to (self, VIR_DOMAIN_EVENT_ID_DEVICE_ADDED,
                       VIR_DOMAIN_EVENT_CALLBACK (on_device))
         && listen_to (self, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED,
                       VIR_DOMAIN_EVENT_CALLBACK (on_device))
         && listen_to (self, VIR_DOMAIN_EVENT_ID_METADATA_CHANGE,
                       VIR_DOMAIN_EVENT_CALLBACK (on_metadata))
         && (!with_clock || listen_to_clock (self));
}

static void
wait_for_frees (FloeLibvirtWatch *self)
{
  gint64 end = g_get_monotonic_time () + FREE_WAIT;

  g_mutex_lock (&self->lock);
  while (self->live > 0 && g_cond_wait_until (&self->freed, &self->lock, end))
    ;
  g_mutex_unlock (&self->lock);
}

/* virConnectClose() leaves the connection open, and its socket with it, while a callback is still
 * registered or not freed yet. */
static void
close_connection (FloeLibvirtWatch *self)
{
  if (self->connection == NULL)
    return;
  for (guint i = 0; i < self->callbacks->len; i++)
    virConnectDomainEventDeregisterAny (self->connection, g_array_index (self->callbacks, int, i));
  g_array_set_size (self->callbacks, 0);
  if (self->monitor >= 0)
    virConnectDomainQemuMonitorEventDeregister (self->connection, self->monitor);
  self->monitor = -1;
  if (self->has_close)
    virConnectUnregisterCloseCallback (self->connection, on_close);
  self->has_close = FALSE;
  wait_for_frees (self);
  /* libvirt frees our data and then lets go of the connection. Were that the last reference, the
   * event thread would say good-bye to the daemon, and with one that hangs no event of any host,
   * nor the keepalive that ends it, would come any more. */
  floe_libvirt_event_flush ();
  if (virConnectClose (self->connection) > 0)
    g_info ("libvirt keeps a closed connection");
  self->connection = NULL;
  virResetLastError ();
}

/**
 * floe_libvirt_watch_open:
 *
 * A #FloeWork with the watch as its input: connects and registers for everything.
 *
 * Returns: (transfer full): the watch; a result that comes too late is freed with
 *   floe_libvirt_watch_close()
 */
gpointer
floe_libvirt_watch_open (gpointer context, gpointer input, GCancellable *cancellable,
                         GError **error)
{
  const FloeLibvirtHostSettings *settings = floe_libvirt_connection_get_settings (context);
  FloeLibvirtWatch *self = input;

  self->connection = floe_libvirt_open (settings->uri, error);
  if (self->connection == NULL)
    return NULL;
  if (!listen (self, !floe_libvirt_host_settings_is_local (settings)))
    {
      floe_libvirt_set_error (error, "cannot listen to libvirt's events");
      close_connection (self);
      return NULL;
    }
  if (g_cancellable_is_cancelled (cancellable))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CANCELLED, "connected too late");
      close_connection (self);
      return NULL;
    }
  return floe_libvirt_watch_ref (self);
}

static gpointer
close_in_thread (gpointer data)
{
  FloeLibvirtWatch *self = data;

  close_connection (self);
  floe_libvirt_watch_unref (self);
  return NULL;
}

/**
 * floe_libvirt_watch_close:
 * @self: (transfer full): a watch that was opened
 *
 * Detaches and closes it, on a thread of its own: a daemon that hangs blocks that until keepalive
 * gives it up, and then neither the main thread nor a lane may wait for it.
 */
void
floe_libvirt_watch_close (FloeLibvirtWatch *self)
{
  floe_libvirt_watch_detach (self);
  g_thread_unref (g_thread_new ("floe-libvirt-end", close_in_thread, self));
}
