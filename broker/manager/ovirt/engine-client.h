/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "core/clock.h"
#include "core/guard.h"
#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeEngineSettings:
 * @name: what administrators call this engine: the section `[manager NAME]`
 * @url: `https://HOST/ovirt-engine`
 * @ca_file: (nullable): PEM that the engine's web certificate is checked against; the system's
 *   store when %NULL
 * @user: the service account, NAME@PROFILE
 * @password: (nullable): its password
 * @client_id: (nullable): an SSO client that may log people in on behalf
 * @client_secret: (nullable): its secret
 * @connections: how many at a time, default 8
 * @timeout: how long a call may take, microseconds
 * @profile: in which the engine knows the people of our directory
 * @plain_display: consoles without TLS are allowed on this engine
 * @guard: (nullable): asked directly before a VM is switched off, which only the leader does
 * @guard_data: for @guard; must outlive the manager
 *
 * How an engine is reached. Borrowed for the time of a call.
 */
typedef struct
{
  const gchar *name;
  const gchar *url;
  const gchar *ca_file;
  const gchar *user;
  FloeSecret *password;
  const gchar *client_id;
  FloeSecret *client_secret;
  guint connections;
  gint64 timeout;
  const gchar *profile;
  gboolean plain_display;
  FloeGuard guard;
  gpointer guard_data;
} FloeEngineSettings;

SoupSession *floe_engine_session_new (const FloeEngineSettings *settings, GError **error);

/**
 * FloeEngineRead:
 * @root: what the engine answered
 *
 * Makes of an answer what is wanted of it. It may run on another thread, so it looks at nothing
 * else.
 *
 * Returns: (transfer full): that
 */
typedef gpointer (*FloeEngineRead) (JsonObject *root);

/**
 * FloeEngineCall:
 * @method: "GET", "POST", "PUT" or "DELETE"
 * @path: below the API's base, escaped, with its query: "/vms?search=..."
 * @body: (nullable): JSON; %NULL for none
 * @token: (nullable): whose call it is; %NULL for the service account's
 * @correlation: (nullable): what stands in the engine's log beside it
 * @repeatable: doing it twice is as good as once, so an answer that was lost is asked for again
 * @whole: with what the engine only tells when asked for everything
 * @read: (nullable): for an answer that is long: what is wanted of it
 * @read_free: what frees that
 *
 * One call. Borrowed for the time of floe_engine_client_call_async().
 */
typedef struct
{
  const gchar *method;
  const gchar *path;
  const gchar *body;
  FloeSecret *token;
  const gchar *correlation;
  gboolean repeatable;
  gboolean whole;
  FloeEngineRead read;
  GDestroyNotify read_free;
} FloeEngineCall;

/**
 * FloeEngineClient:
 *
 * Speaks the REST API of one engine: tokens, deadlines, faults; on the main thread.
 */
#define FLOE_TYPE_ENGINE_CLIENT (floe_engine_client_get_type ())
G_DECLARE_FINAL_TYPE (FloeEngineClient, floe_engine_client, FLOE, ENGINE_CLIENT, GObject)

FloeEngineClient *floe_engine_client_new (const FloeEngineSettings *settings, FloeClock *clock,
                                          GError **error);
void floe_engine_client_call_async (FloeEngineClient *self, const FloeEngineCall *call,
                                    GAsyncReadyCallback callback, gpointer user_data);
gpointer floe_engine_client_call_finish (FloeEngineClient *self, GAsyncResult *result,
                                         GError **error);
gboolean floe_engine_client_can_act_for (FloeEngineClient *self);
void floe_engine_client_act_for_async (FloeEngineClient *self, const gchar *name,
                                       GAsyncReadyCallback callback, gpointer user_data);
void floe_engine_client_log_in_async (FloeEngineClient *self, const gchar *name,
                                      FloeSecret *password, GAsyncReadyCallback callback,
                                      gpointer user_data);
FloeSecret *floe_engine_client_act_for_finish (FloeEngineClient *self, GAsyncResult *result,
                                               GError **error);
void floe_engine_client_end_token (FloeEngineClient *self, FloeSecret *token);
guint floe_engine_client_count_calls (FloeEngineClient *self);
void floe_engine_client_close (FloeEngineClient *self);
gboolean floe_engine_client_has_forms (FloeEngineClient *self);

G_END_DECLS
