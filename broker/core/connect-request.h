/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/identity.h"

G_BEGIN_DECLS

/**
 * FloeRequestState:
 * @FLOE_REQUEST_QUEUED: in the line of a pool that has no desktop left
 * @FLOE_REQUEST_WAITING: for the start of their desktop, in its host's line of starts
 * @FLOE_REQUEST_STARTING: it is being started
 * @FLOE_REQUEST_GUEST: it runs; its guest is getting ready
 * @FLOE_REQUEST_READY: connecting again opens it
 * @FLOE_REQUEST_FAILED: see floe_connect_request_get_error()
 */
typedef enum
{
  FLOE_REQUEST_QUEUED,
  FLOE_REQUEST_WAITING,
  FLOE_REQUEST_STARTING,
  FLOE_REQUEST_GUEST,
  FLOE_REQUEST_READY,
  FLOE_REQUEST_FAILED,
} FloeRequestState;

const gchar *floe_request_state_name (FloeRequestState state);

/**
 * FloeConnectRequest:
 *
 * A connect that is not answered yet: what a client waits for. Emits "changed" whenever its state
 * or place changes; READY and FAILED are its last. After READY the client connects again and gets
 * its connection at once. It only informs: losing it loses nothing, since the lease is in the
 * store.
 */
#define FLOE_TYPE_CONNECT_REQUEST (floe_connect_request_get_type ())
G_DECLARE_FINAL_TYPE (FloeConnectRequest, floe_connect_request, FLOE, CONNECT_REQUEST, GObject)

FloeConnectRequest *floe_connect_request_new (const FloeIdentity *identity, const gchar *pool,
                                              gint64 since);
const gchar *floe_connect_request_get_id (FloeConnectRequest *self);
const FloeIdentity *floe_connect_request_get_identity (FloeConnectRequest *self);
const gchar *floe_connect_request_get_pool (FloeConnectRequest *self);
const gchar *floe_connect_request_get_desktop_id (FloeConnectRequest *self);
const gchar *floe_connect_request_get_desktop_name (FloeConnectRequest *self);
gint64 floe_connect_request_get_since (FloeConnectRequest *self);
FloeRequestState floe_connect_request_get_state (FloeConnectRequest *self);
guint floe_connect_request_get_place (FloeConnectRequest *self);
guint floe_connect_request_get_estimate (FloeConnectRequest *self);
const gchar *floe_connect_request_get_data_host (FloeConnectRequest *self);
gboolean floe_connect_request_is_data_lost (FloeConnectRequest *self);
const GError *floe_connect_request_get_error (FloeConnectRequest *self);
gboolean floe_connect_request_is_over (FloeConnectRequest *self);

void floe_connect_request_hold (FloeConnectRequest *self);
void floe_connect_request_unhold (FloeConnectRequest *self, gint64 now);
void floe_connect_request_touch (FloeConnectRequest *self, gint64 now);
gboolean floe_connect_request_is_heard (FloeConnectRequest *self, gint64 since);

void floe_connect_request_set_desktop (FloeConnectRequest *self, const gchar *id,
                                       const gchar *name);
void floe_connect_request_set_state (FloeConnectRequest *self, FloeRequestState state, guint place);
void floe_connect_request_set_data_host (FloeConnectRequest *self, const gchar *host,
                                         gboolean lost);
void floe_connect_request_queue (FloeConnectRequest *self, guint place, guint estimate_seconds);
void floe_connect_request_fail (FloeConnectRequest *self, const GError *error);

G_END_DECLS
