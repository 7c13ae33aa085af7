/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "api/secret.h"
#include "api/types.h"

G_BEGIN_DECLS

/**
 * FloeBroker:
 *
 * One broker, and the log-in that is held there. Every call is asynchronous on the thread-default
 * main context that it is made from; its callback comes exactly once and never before the call
 * returns. A failure is of #FLOE_CLIENT_ERROR, or %G_IO_ERROR_CANCELLED. Several calls may be under
 * way at once. Redirects are not followed, answers end at 1 MiB, and TLS is always verified.
 *
 * Logging in and reconnecting keep the token inside; the other calls send it. A log-in that needs a
 * second factor keeps its challenge there, too, and the calls of broker-factor.h go on with it.
 */
#define FLOE_TYPE_BROKER (floe_broker_get_type ())
G_DECLARE_FINAL_TYPE (FloeBroker, floe_broker, FLOE, BROKER, GObject)

FloeBroker *floe_broker_new (const gchar *url, const gchar *ca_file, GError **error);
gchar *floe_broker_normalize_url (const gchar *text, GError **error);

const gchar *floe_broker_get_url (FloeBroker *self);
gboolean floe_broker_set_terminal_key (FloeBroker *self, const gchar *file, GError **error);
void floe_broker_set_timeouts (FloeBroker *self, guint connect_ms, guint answer_ms);

FloeSecret *floe_broker_get_token (FloeBroker *self);
void floe_broker_set_token (FloeBroker *self, FloeSecret *token);
void floe_broker_set_domain (FloeBroker *self, const gchar *domain);
void floe_broker_drop_challenge (FloeBroker *self);

void floe_broker_log_in_async (FloeBroker *self, const gchar *username, FloeSecret *password,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
void floe_broker_log_in_with_ticket_async (FloeBroker *self, FloeSecret *token,
                                           GCancellable *cancellable, GAsyncReadyCallback callback,
                                           gpointer user_data);
FloeLogin *floe_broker_log_in_finish (FloeBroker *self, GAsyncResult *result, GError **error);

void floe_broker_log_in_terminal_async (FloeBroker *self, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
FloeLogin *floe_broker_log_in_terminal_finish (FloeBroker *self, GAsyncResult *result,
                                               GError **error);

void floe_broker_change_password_async (FloeBroker *self, const gchar *username, FloeSecret *old,
                                        FloeSecret *new, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_broker_change_password_finish (FloeBroker *self, GAsyncResult *result,
                                             GError **error);

void floe_broker_log_out_async (FloeBroker *self, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_broker_log_out_finish (FloeBroker *self, GAsyncResult *result, GError **error);

void floe_broker_reconnect_async (FloeBroker *self, FloeSecret *reconnect_token,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
FloeLogin *floe_broker_reconnect_finish (FloeBroker *self, GAsyncResult *result, GError **error);

void floe_broker_get_me_async (FloeBroker *self, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
FloeLogin *floe_broker_get_me_finish (FloeBroker *self, GAsyncResult *result, GError **error);

void floe_broker_list_pools_async (FloeBroker *self, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *floe_broker_list_pools_finish (FloeBroker *self, GAsyncResult *result, GError **error);

void floe_broker_connect_async (FloeBroker *self, const gchar *pool, const FloeConnectWish *wish,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
FloeConnectAnswer *floe_broker_connect_finish (FloeBroker *self, GAsyncResult *result,
                                               GError **error);

void floe_broker_get_request_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
FloeConnectRequest *floe_broker_get_request_finish (FloeBroker *self, GAsyncResult *result,
                                                    GError **error);

void floe_broker_leave_request_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_broker_leave_request_finish (FloeBroker *self, GAsyncResult *result, GError **error);

void floe_broker_get_desktop_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
FloeDesktop *floe_broker_get_desktop_finish (FloeBroker *self, GAsyncResult *result,
                                             GError **error);

/**
 * FloeBeat:
 * @idle_seconds: for how long nobody has used the desktop
 * @quality: (nullable): how good the connection to its display is: "good", "fair", "poor" or
 *   "silent"; %NULL when that is not known, and then the rest is unset
 * @rtt_ms: its round trip
 * @retransmits: what had to be sent again since the last time
 * @rate: bytes that came in a second since then
 * @picture_ms: how long the first picture took, told once; 0 for not now
 *
 * What is said of a session that lives.
 */
typedef struct
{
  guint idle_seconds;
  const gchar *quality;
  guint rtt_ms;
  guint retransmits;
  guint64 rate;
  guint picture_ms;
} FloeBeat;

void floe_broker_beat_async (FloeBroker *self, const gchar *id, const FloeBeat *beat,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean floe_broker_beat_finish (FloeBroker *self, GAsyncResult *result, GError **error);

void floe_broker_act_async (FloeBroker *self, const gchar *id, const gchar *action,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean floe_broker_act_finish (FloeBroker *self, GAsyncResult *result, GError **error);
void floe_broker_release_desktop_async (FloeBroker *self, const gchar *id,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean floe_broker_release_desktop_finish (FloeBroker *self, GAsyncResult *result,
                                             GError **error);

void floe_broker_call_async (FloeBroker *self, const gchar *method, const gchar *path,
                             const gchar *body, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
JsonNode *floe_broker_call_finish (FloeBroker *self, GAsyncResult *result, GError **error);

G_END_DECLS
