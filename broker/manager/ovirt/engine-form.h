/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-exchange.h"

G_BEGIN_DECLS

/**
 * FloeEngineForm:
 * @session: whose authorities count
 * @url: of the engine
 * @path: below that
 * @fields: (transfer full): URL-encoded
 * @deadline: microseconds for all of it
 *
 * A form that holds a secret.
 */
typedef struct
{
  SoupSession *session;
  const gchar *url;
  const gchar *path;
  GString *fields;
  gint64 deadline;
} FloeEngineForm;

void floe_engine_form_wipe (GString *text);
void floe_engine_form_post_async (const FloeEngineForm *form, FloeClock *clock,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
FloeEngineReply *floe_engine_form_post_finish (GAsyncResult *result, GError **error);
gboolean floe_engine_form_is_busy (SoupSession *session);

G_END_DECLS
