/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "core/clock.h"
#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeEngineLogin:
 * @url: the engine's
 * @user: NAME@PROFILE
 * @password: (nullable): of that user; %NULL for a log-in on behalf
 * @client_id: (nullable): with no password: who vouches
 * @client_secret: (nullable): its secret
 *
 * Who wants a token. Borrowed for the time of a call.
 */
typedef struct
{
  const gchar *url;
  const gchar *user;
  FloeSecret *password;
  const gchar *client_id;
  FloeSecret *client_secret;
} FloeEngineLogin;

SoupMessage *floe_engine_message_new (const gchar *method, const gchar *url, GError **error);
void floe_engine_login_async (SoupSession *session, const FloeEngineLogin *login, FloeClock *clock,
                              gint64 deadline, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
FloeSecret *floe_engine_login_finish (GAsyncResult *result, GError **error);
void floe_engine_logout (SoupSession *session, const gchar *url, FloeSecret *token,
                         FloeClock *clock);

G_END_DECLS
