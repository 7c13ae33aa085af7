/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "manager/libvirt/host-settings.h"

G_BEGIN_DECLS

/**
 * FloeLibvirtEventKind:
 * @FLOE_LIBVIRT_EVENT_LIFECYCLE: code and detail are virDomainEventType and its detail
 * @FLOE_LIBVIRT_EVENT_AGENT: code says whether the guest agent answers
 * @FLOE_LIBVIRT_EVENT_CHANNEL: code is a #FloeChannelEvent, peer its other end
 * @FLOE_LIBVIRT_EVENT_CHANGED: something about the domain that only a look can tell
 * @FLOE_LIBVIRT_EVENT_CLOCK: host_time is what QEMU stamped on some event
 * @FLOE_LIBVIRT_EVENT_CLOSED: the connection broke; code is a virConnectCloseReason
 */
typedef enum
{
  FLOE_LIBVIRT_EVENT_LIFECYCLE,
  FLOE_LIBVIRT_EVENT_AGENT,
  FLOE_LIBVIRT_EVENT_CHANNEL,
  FLOE_LIBVIRT_EVENT_CHANGED,
  FLOE_LIBVIRT_EVENT_CLOCK,
  FLOE_LIBVIRT_EVENT_CLOSED,
} FloeLibvirtEventKind;

typedef struct
{
  FloeLibvirtEventKind kind;
  gchar *id; /* the domain's UUID, or NULL */
  gint code;
  gint detail;
  gint64 host_time;
  gchar *peer;
} FloeLibvirtEvent;

/**
 * FloeLibvirtWatch:
 *
 * The connection that a host's events come by. Made, listened to and detached on the main thread;
 * opened on a worker.
 */
typedef struct _FloeLibvirtWatch FloeLibvirtWatch;

typedef void (*FloeLibvirtWatchFunc) (FloeLibvirtWatch *watch, const FloeLibvirtEvent *event,
                                      gpointer data);

FloeLibvirtWatch *floe_libvirt_watch_new (FloeLibvirtWatchFunc func, gpointer data);
FloeLibvirtWatch *floe_libvirt_watch_ref (FloeLibvirtWatch *self);
void floe_libvirt_watch_unref (FloeLibvirtWatch *self);
void floe_libvirt_watch_detach (FloeLibvirtWatch *self);

gpointer floe_libvirt_watch_open (gpointer context, gpointer input, GCancellable *cancellable,
                                  GError **error);
void floe_libvirt_watch_close (FloeLibvirtWatch *self);

G_END_DECLS
