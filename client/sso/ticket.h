/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "api/secret.h"

G_BEGIN_DECLS

/**
 * FloeTicket:
 * @owner: whose, such as `alice@EXAMPLE.ORG`
 * @token: what the broker is sent, in base64; good once
 *
 * A ticket of Kerberos for a broker.
 */
typedef struct
{
  gchar *owner;
  FloeSecret *token;
} FloeTicket;

void floe_ticket_free (FloeTicket *self);
void floe_ticket_get_async (const gchar *url, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
FloeTicket *floe_ticket_get_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTicket, floe_ticket_free)

G_END_DECLS
