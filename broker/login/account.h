/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "login/login.h"

G_BEGIN_DECLS

/**
 * FloeAccount:
 * @state: "usable"; the first reason why it is not, as a #FloeStanding has them; "gone" when the
 *   directory has nobody of that id; "terminal" for one that no directory knows of; "unknown" when
 *   the directory does not answer
 * @text: (nullable): why, in words
 * @standing: (nullable): all that it says
 * @at: when it was asked, microseconds since 1970 UTC
 *
 * What the directory says of somebody now.
 */
typedef struct
{
  gchar *state;
  gchar *text;
  FloeStanding *standing;
  gint64 at;
} FloeAccount;

void floe_account_free (FloeAccount *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeAccount, floe_account_free)

void floe_login_get_account_async (FloeLogin *self, const FloeIdentity *actor, const gchar *user,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
FloeAccount *floe_login_get_account_finish (FloeLogin *self, GAsyncResult *result, GError **error);

G_END_DECLS
