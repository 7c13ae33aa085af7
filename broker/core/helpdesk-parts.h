/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk-transactions.h"
#include "core/trail-seal.h"

G_BEGIN_DECLS

/* What the files of the helpdesk share. */

struct _FloeHelpdesk
{
  GObject parent_instance;

  FloeStore *store;
  FloeKeeper *keeper;
  FloeClock *clock;
  FloeRoleGroups *groups;
  FloeTrailKey *trail_key;

  GPtrArray *announced; /* what the store had of FloeAnnouncement a moment ago, or NULL */
  gint64 announced_at;
};

FloeAdminInput *floe_helpdesk_input_new (FloeHelpdesk *self, const FloeIdentity *actor,
                                         const gchar *name);

/* A task whose result, the transaction's, is freed by @result_free. */
GTask *floe_helpdesk_task_new (FloeHelpdesk *self, GDestroyNotify result_free,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
void floe_helpdesk_answered (GObject *source, GAsyncResult *result, gpointer task);
void floe_helpdesk_done_to_desktop (GObject *source, GAsyncResult *result, gpointer task);

G_END_DECLS
