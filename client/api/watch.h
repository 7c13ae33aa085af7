/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker.h"

G_BEGIN_DECLS

/**
 * FloeEventWatch:
 *
 * Follows one connect request, or the caller's desktops, for as long as it is started. It listens
 * to the broker's event stream, and polls while no stream delivers: before the first byte, after
 * the stream broke, and behind a proxy that holds answers back. Attempts are 1 to 15 seconds apart
 * with jitter.
 *
 * A watch of a request ends by itself once the request is ready or failed.
 */
#define FLOE_TYPE_EVENT_WATCH (floe_event_watch_get_type ())
G_DECLARE_FINAL_TYPE (FloeEventWatch, floe_event_watch, FLOE, EVENT_WATCH, GObject)

/**
 * FloeEventWatch::request:
 * @self: the watch
 * @request: (type FloeConnectRequest): how it stands now
 *
 * The request changed. Comes first with the state at the start, then once for each change; a state
 * that was passed through quickly may be left out.
 */

/**
 * FloeEventWatch::desktop:
 * @self: the watch
 * @desktop: (type FloeDesktop): how it stands now
 *
 * One of the caller's desktops changed, or is seen for the first time.
 */

/**
 * FloeEventWatch::message:
 * @self: the watch
 * @message: (type FloeMessage): what the helpdesk says
 *
 * Whoever sits at one of the caller's desktops is told something; after an interruption perhaps
 * what they were told before.
 */

/**
 * FloeEventWatch::shadow:
 * @self: the watch
 * @shadow: (type FloeShadow): how it stands now
 *
 * Somebody of the helpdesk asks to look at the screen of one of the caller's desktops, or what
 * became of that; perhaps not for the first time.
 */

/**
 * FloeEventWatch::interrupted:
 * @self: the watch
 * @error: (type GError): why
 *
 * The broker is out of reach; the watch goes on trying. Comes once until it is reached again, which
 * the next "request" or "desktop", or "resumed" when nothing changed, tells.
 */

/**
 * FloeEventWatch::resumed:
 * @self: the watch
 *
 * The broker answers again after "interrupted".
 */

/**
 * FloeEventWatch::failed:
 * @self: the watch
 * @error: (type GError): why
 *
 * The watch gave up and has stopped: the log-in ended, the request is gone, or what answers is not
 * to be trusted or understood.
 */

FloeEventWatch *floe_event_watch_new_request (FloeBroker *broker, const gchar *request_id);
FloeEventWatch *floe_event_watch_new_desktops (FloeBroker *broker);

void floe_event_watch_start (FloeEventWatch *self);
void floe_event_watch_stop (FloeEventWatch *self);

void floe_event_watch_set_timing (FloeEventWatch *self, guint second_ms, guint silence_seconds);

G_END_DECLS
