/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/desktop.h"
#include "core/explain.h"
#include "core/identity.h"
#include "core/keeper.h"
#include "core/pool.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloePoolReport:
 * @pool: the definition
 * @total: desktops that belong to it
 * @free: that could be lent now
 * @held: that are lent
 * @dirty: that wait for their reset, or are in it
 * @broken: that failed
 * @refused: that are not fit to be lent; each desktop says why
 * @wanted: spares that should run and be ready now
 * @ready: that are
 * @starting: desktops that are being started, for whomever
 * @making: that are being made
 * @maintenance: (nullable): when sessions in it are ended
 * @state: what the keeper remembers of it: what failed, and how long it waits
 * @revisions: (element-type FloeRevision): of its template, the newest first
 * @problem: (nullable): what an administrator should look at, in words
 * @desktops: (nullable) (element-type FloeDesktop): with one pool only: its first thousand, by name
 * @has_engine: with one pool only: its engine has told of it
 * @engine: what it has told
 */
typedef struct
{
  FloePool *pool;
  guint total;
  guint free;
  guint held;
  guint dirty;
  guint broken;
  guint refused;
  guint wanted;
  guint ready;
  guint starting;
  guint making;
  FloeMaintenance *maintenance;
  FloePoolState *state;
  GPtrArray *revisions;
  gchar *problem;
  GPtrArray *desktops;
  gboolean has_engine;
  FloeEngineFacts engine;
} FloePoolReport;

void floe_pool_report_free (FloePoolReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePoolReport, floe_pool_report_free)

/**
 * FloePoolApplied:
 * @report: the pool as it is now; in a dry run, as it would be
 * @changes: (array zero-terminated=1): what changed, in words; empty when nothing did
 * @before: (nullable): the entity tag of the pool as it was; %NULL for none
 */
typedef struct
{
  FloePoolReport *report;
  GStrv changes;
  gchar *before;
} FloePoolApplied;

void floe_pool_applied_free (FloePoolApplied *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePoolApplied, floe_pool_applied_free)

/**
 * FloeHelpdesk:
 *
 * What the staff does. Every change is an audit row in its own transaction. The caller has checked
 * that the actor may do such a thing, floe_identity_may(); in which pools, and to whom, is decided
 * here.
 */
#define FLOE_TYPE_HELPDESK (floe_helpdesk_get_type ())
G_DECLARE_FINAL_TYPE (FloeHelpdesk, floe_helpdesk, FLOE, HELPDESK, GObject)

FloeHelpdesk *floe_helpdesk_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock,
                                 FloeRoleGroups *groups);

void floe_helpdesk_list_pools_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *floe_helpdesk_list_pools_finish (FloeHelpdesk *self, GAsyncResult *result,
                                            GError **error);
void floe_helpdesk_get_pool_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
FloePoolReport *floe_helpdesk_get_pool_finish (FloeHelpdesk *self, GAsyncResult *result,
                                               GError **error);
void floe_helpdesk_apply_pool_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const FloePool *pool, gboolean dry_run,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
FloePoolApplied *floe_helpdesk_apply_pool_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                  GError **error);
void floe_helpdesk_delete_pool_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                      const gchar *name, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_delete_pool_finish (FloeHelpdesk *self, GAsyncResult *result,
                                           GError **error);
void floe_helpdesk_release_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const gchar *desktop_id, const gchar *reason,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean floe_helpdesk_release_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);
void floe_helpdesk_assign_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                 const gchar *desktop_id, const gchar *user, const gchar *reason,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean floe_helpdesk_assign_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);
void floe_helpdesk_explain_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *user,
                                  const gchar *pool, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
FloeExplanation *floe_helpdesk_explain_finish (FloeHelpdesk *self, GAsyncResult *result,
                                               GError **error);

G_END_DECLS
