/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-connection.h"

#include <libvirt/virterror.h>

#include "core/error.h"
#include "manager/libvirt/libvirt-error.h"

/* A dead peer is noticed after INTERVAL * (COUNT + 1) seconds. */
#define KEEPALIVE_INTERVAL 3
#define KEEPALIVE_COUNT    3

struct _FloeLibvirtConnection
{
  const FloeLibvirtHostSettings *settings;
  virConnectPtr connection;
};

/**
 * floe_libvirt_open:
 * @uri: where
 *
 * Opens a connection that notices a dead peer. Blocks, without a limit when the daemon takes the
 * connection and then says nothing: libvirt sends no keepalive before the connection is open.
 *
 * Returns: (transfer full): the connection, or %NULL with @error set
 */
virConnectPtr
floe_libvirt_open (const gchar *uri, GError **error)
{
  virConnectPtr connection = virConnectOpen (uri);

  if (connection == NULL)
    {
      g_autoptr (GError) local = NULL;

      /* Whatever it was: a host that cannot be opened is a host that is down. */
      floe_libvirt_set_error (&local, "cannot connect to libvirt");
      floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "host-down", "%s", local->message);
      return NULL;
    }
  if (virConnectSetKeepAlive (connection, KEEPALIVE_INTERVAL, KEEPALIVE_COUNT) < 0)
    virResetLastError (); /* a driver inside this process: there is no peer to lose */
  return connection;
}

/**
 * floe_libvirt_connection_new:
 * @settings: must outlive it
 *
 * Returns: (transfer full): a connection that is not open yet
 */
FloeLibvirtConnection *
floe_libvirt_connection_new (const FloeLibvirtHostSettings *settings)
{
  FloeLibvirtConnection *self = g_new0 (FloeLibvirtConnection, 1);

  self->settings = settings;
  return self;
}

static void
drop (FloeLibvirtConnection *self)
{
  if (self->connection != NULL)
    virConnectClose (self->connection);
  self->connection = NULL;
}

void
floe_libvirt_connection_free (FloeLibvirtConnection *self)
{
  drop (self);
  g_free (self);
}

const FloeLibvirtHostSettings *
floe_libvirt_connection_get_settings (FloeLibvirtConnection *self)
{
  return self->settings;
}

/**
 * floe_libvirt_connection_call:
 * @self: this thread's connection
 * @call: what to do
 * @input: for @call
 * @cancellable: nothing is begun once it is cancelled
 *
 * Returns: (transfer full) (nullable): what @call returned, or %NULL with its error, or with
 *   %FLOE_ERROR_UNAVAILABLE (reason "host-down") when there is no connection
 */
gpointer
floe_libvirt_connection_call (FloeLibvirtConnection *self, FloeLibvirtCall call, gpointer input,
                              GCancellable *cancellable, GError **error)
{
  for (;;)
    {
      g_autoptr (GError) local = NULL;
      gboolean fresh = FALSE;
      gpointer result;

      if (self->connection == NULL || virConnectIsAlive (self->connection) != 1)
        {
          drop (self);
          self->connection = floe_libvirt_open (self->settings->uri, error);
          fresh = TRUE;
        }
      if (self->connection == NULL)
        return NULL;
      if (g_cancellable_is_cancelled (cancellable))
        {
          g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CANCELLED, "given up before it began");
          return NULL;
        }
      result = call (self->connection, self->settings, input, &local);
      if (result != NULL)
        return result;
      if (virConnectIsAlive (self->connection) == 1)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      drop (self);
      if (fresh)
        {
          floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "host-down",
                                 "the connection broke: %s", local->message);
          return NULL;
        }
    }
}
