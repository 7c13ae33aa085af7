/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The thin wrappers of the transaction's port; what each does stands beside #FloeTx in store.h. */

G_DEFINE_INTERFACE (FloeTx, floe_tx, G_TYPE_OBJECT)

static void
floe_tx_default_init (FloeTxInterface *iface)
{
}

/**
 * floe_tx_expect_claim:
 * @reads: what will be read next
 *
 * A store at the other end of a network asks for all of it at once, and keeps a free desktop for
 * this transaction. Changes nothing else: what is read, and when it is too old to be used, is as
 * without.
 */
void
floe_tx_expect_claim (FloeTx *self, const FloeClaimReads *reads)
{
  if (FLOE_TX_GET_IFACE (self)->expect_claim != NULL)
    FLOE_TX_GET_IFACE (self)->expect_claim (self, reads);
}

gboolean
floe_tx_put_user (FloeTx *self, const FloeUser *user, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_user (self, user, now, error);
}

FloeUser *
floe_tx_get_user (FloeTx *self, const gchar *id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_user (self, id, error);
}

/**
 * floe_tx_find_user:
 * @name: a log-in name, in whatever case, or an id
 * @seen: (out) (optional): when they were seen last, to the hour; microseconds since 1970 UTC
 *
 * For administrators, who know people by name. Of several who had that name one after the other the
 * one who was seen last is meant.
 *
 * Returns: (transfer full): the user; or %NULL with %FLOE_ERROR_NOT_FOUND or a store's error
 */
FloeUser *
floe_tx_find_user (FloeTx *self, const gchar *name, gint64 *seen, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_user (self, name, seen, error);
}

GPtrArray *
floe_tx_list_active_users (FloeTx *self, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_active_users (self, now, error);
}

gboolean
floe_tx_put_token (FloeTx *self, const FloeToken *token, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_token (self, token, error);
}

FloeToken *
floe_tx_get_token (FloeTx *self, const gchar *hash, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_token (self, hash, error);
}

gboolean
floe_tx_touch_login (FloeTx *self, const gchar *login_id, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->touch_login (self, login_id, now, error);
}

/**
 * floe_tx_has_login:
 * @has: (out): whether an access token of this log-in is left: nobody logged it out, and its
 *   account was not ended
 */
gboolean
floe_tx_has_login (FloeTx *self, const gchar *login_id, gint64 now, gboolean *has, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->has_login (self, login_id, now, has, error);
}

gboolean
floe_tx_delete_tokens_of_login (FloeTx *self, const gchar *login_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_tokens_of_login (self, login_id, error);
}

gboolean
floe_tx_delete_tokens_of_user (FloeTx *self, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_tokens_of_user (self, user_id, error);
}

gboolean
floe_tx_delete_tokens_of_desktop (FloeTx *self, const gchar *desktop_id, const gchar *except_login,
                                  GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_tokens_of_desktop (self, desktop_id, except_login, error);
}

gboolean
floe_tx_delete_ended_tokens (FloeTx *self, gint64 now, gint64 idle, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_ended_tokens (self, now, idle, error);
}

GPtrArray *
floe_tx_list_pools (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_pools (self, error);
}

GPtrArray *
floe_tx_list_pools_of_user (FloeTx *self, const FloeUser *user, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_pools_of_user (self, user, error);
}

/**
 * floe_tx_list_pools_of_helpdesk:
 *
 * Returns: (transfer full): the names of the pools of which they are the helpdesk, in order
 */
GStrv
floe_tx_list_pools_of_helpdesk (FloeTx *self, const FloeUser *user, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_pools_of_helpdesk (self, user, error);
}

FloePool *
floe_tx_get_pool (FloeTx *self, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_pool (self, name, error);
}

gboolean
floe_tx_put_pool (FloeTx *self, const FloePool *pool, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_pool (self, pool, error);
}

gboolean
floe_tx_delete_pool (FloeTx *self, const gchar *name, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_pool (self, name, error);
}

FloeDesktop *
floe_tx_get_desktop (FloeTx *self, const gchar *id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_desktop (self, id, error);
}

GPtrArray *
floe_tx_list_desktops_of_pool (FloeTx *self, const gchar *pool, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_desktops_of_pool (self, pool, error);
}

GPtrArray *
floe_tx_list_desktops_of_host (FloeTx *self, const gchar *host, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_desktops_of_host (self, host, error);
}

GPtrArray *
floe_tx_list_desktops_of_user (FloeTx *self, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_desktops_of_user (self, user_id, error);
}

/**
 * floe_tx_find_free_desktop:
 * @user_id: (nullable): one that is on another host than this person's data disk is passed over
 */
FloeDesktop *
floe_tx_find_free_desktop (FloeTx *self, const FloePool *pool, const gchar *user_id, gint64 now,
                           GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_free_desktop (self, pool, user_id, now, error);
}

FloeDesktop *
floe_tx_find_held_desktop (FloeTx *self, const gchar *pool, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_held_desktop (self, pool, user_id, error);
}

gboolean
floe_tx_put_desktop (FloeTx *self, const FloeDesktop *desktop, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_desktop (self, desktop, error);
}

gboolean
floe_tx_delete_desktop (FloeTx *self, const gchar *id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_desktop (self, id, error);
}

gboolean
floe_tx_put_timer (FloeTx *self, const FloeTimer *timer, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_timer (self, timer, error);
}

gboolean
floe_tx_delete_timer (FloeTx *self, const gchar *kind, const gchar *subject, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_timer (self, kind, subject, error);
}

/**
 * floe_tx_take_timer:
 * @due_before: a row that is due later than this was set anew meanwhile and stays
 * @taken: (out): whether there was a row, which is gone now
 */
gboolean
floe_tx_take_timer (FloeTx *self, const gchar *kind, const gchar *subject, gint64 due_before,
                    gboolean *taken, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->take_timer (self, kind, subject, due_before, taken, error);
}

GPtrArray *
floe_tx_list_timers (FloeTx *self, gint64 due_before, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_timers (self, due_before, error);
}

gboolean
floe_tx_get_next_due (FloeTx *self, gint64 after, gint64 *due, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_next_due (self, after, due, error);
}

/**
 * floe_tx_get_timer:
 * @due: (out): when it is due, microseconds since 1970 UTC; 0 when there is none
 */
gboolean
floe_tx_get_timer (FloeTx *self, const gchar *kind, const gchar *subject, gint64 *due,
                   GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_timer (self, kind, subject, due, error);
}

gboolean
floe_tx_put_audit (FloeTx *self, const FloeAudit *row, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_audit (self, row, error);
}

GPtrArray *
floe_tx_list_audit (FloeTx *self, const FloeAuditFilter *filter, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_audit (self, filter, error);
}

gboolean
floe_tx_put_revision (FloeTx *self, const FloeRevision *revision, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_revision (self, revision, error);
}

/**
 * floe_tx_get_revision:
 * Returns: (transfer full): the revision; or %NULL with %FLOE_ERROR_NOT_FOUND or a store's error
 */
FloeRevision *
floe_tx_get_revision (FloeTx *self, const gchar *pool, guint number, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_revision (self, pool, number, error);
}

/**
 * floe_tx_list_revisions:
 * Returns: (transfer full) (element-type FloeRevision): the newest first; or %NULL
 */
GPtrArray *
floe_tx_list_revisions (FloeTx *self, const gchar *pool, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_revisions (self, pool, error);
}

gboolean
floe_tx_delete_revision (FloeTx *self, const gchar *pool, guint number, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_revision (self, pool, number, error);
}

gboolean
floe_tx_put_image (FloeTx *self, const FloeImage *image, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_image (self, image, error);
}

/**
 * floe_tx_list_images:
 * Returns: (transfer full) (element-type FloeImage): of all its revisions and hosts; or %NULL
 */
GPtrArray *
floe_tx_list_images (FloeTx *self, const gchar *pool, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_images (self, pool, error);
}

gboolean
floe_tx_put_host (FloeTx *self, const FloeHostNote *host, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_host (self, host, error);
}

/**
 * floe_tx_list_hosts:
 * Returns: (transfer full) (element-type FloeHostNote): all of which something is noted; or %NULL
 */
GPtrArray *
floe_tx_list_hosts (FloeTx *self, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_hosts (self, error);
}

/**
 * floe_tx_put_wait:
 * A place that somebody has already keeps its @since.
 */
gboolean
floe_tx_put_wait (FloeTx *self, const FloeWait *wait, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_wait (self, wait, error);
}

gboolean
floe_tx_delete_wait (FloeTx *self, const gchar *pool, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_wait (self, pool, user_id, error);
}

/**
 * floe_tx_list_waits:
 * @pool: (nullable): of this pool; %NULL for all
 *
 * Returns: (transfer full) (element-type FloeWait): the oldest first; or %NULL
 */
GPtrArray *
floe_tx_list_waits (FloeTx *self, const gchar *pool, guint limit, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_waits (self, pool, limit, error);
}

/**
 * floe_tx_put_disk:
 * Fails with %FLOE_ERROR_CONFLICT when another disk is plugged in at its desktop.
 */
gboolean
floe_tx_put_disk (FloeTx *self, const FloeDataDisk *disk, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_disk (self, disk, error);
}

/**
 * floe_tx_get_disk:
 * Returns: (transfer full): the disk; or %NULL with %FLOE_ERROR_NOT_FOUND or a store's error
 */
FloeDataDisk *
floe_tx_get_disk (FloeTx *self, const gchar *pool, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_disk (self, pool, user_id, error);
}

gboolean
floe_tx_delete_disk (FloeTx *self, const gchar *pool, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_disk (self, pool, user_id, error);
}

/**
 * floe_tx_find_disk_of_desktop:
 * Returns: (transfer full): the disk that is plugged in there; or %NULL with %FLOE_ERROR_NOT_FOUND
 *   or a store's error
 */
FloeDataDisk *
floe_tx_find_disk_of_desktop (FloeTx *self, const gchar *desktop_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_disk_of_desktop (self, desktop_id, error);
}

/**
 * floe_tx_get_pool_state:
 * Returns: (transfer full): what is remembered of it, which may be nothing; or %NULL
 */
FloePoolState *
floe_tx_get_pool_state (FloeTx *self, const gchar *pool, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_pool_state (self, pool, error);
}

gboolean
floe_tx_put_pool_state (FloeTx *self, const FloePoolState *state, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_pool_state (self, state, error);
}

/**
 * floe_tx_count_desktops:
 * @pool: whose
 * @now: tells which are to be left alone
 *
 * Returns: (transfer full) (element-type FloeDesktopCount): in one pass; or %NULL
 */
GPtrArray *
floe_tx_count_desktops (FloeTx *self, const gchar *pool, gint64 now, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->count_desktops (self, pool, now, error);
}

/**
 * floe_tx_list_desktops:
 * Returns: (transfer full) (element-type FloeDesktop): those that were left alone longest first; or
 *   %NULL
 */
GPtrArray *
floe_tx_list_desktops (FloeTx *self, const FloeDesktopFilter *filter, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_desktops (self, filter, error);
}

/**
 * floe_tx_get_installation:
 * @id: (out) (nullable): which installation this is, for those who share a host with another one;
 *   the same for all brokers of a database; %NULL before it was put
 */
gboolean
floe_tx_get_installation (FloeTx *self, gchar **id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_installation (self, id, error);
}

/**
 * floe_tx_put_installation:
 * @id: what it is called from now on, unless it has an id already
 */
gboolean
floe_tx_put_installation (FloeTx *self, const gchar *id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_installation (self, id, error);
}

/**
 * floe_tx_take_lead:
 * @broker: the id of this run of a broker
 * @microseconds: for how long, by the database's clock
 * @epoch: (out): the fencing number of its lead, which grows with each new leader; 0 when another
 *   broker leads
 *
 * Takes or prolongs the lead.
 */
gboolean
floe_tx_take_lead (FloeTx *self, const gchar *broker, gint64 microseconds, gint64 *epoch,
                   GError **error)
{
  return FLOE_TX_GET_IFACE (self)->take_lead (self, broker, microseconds, epoch, error);
}

/**
 * floe_tx_put_feed:
 * Tells the other brokers, when this commits; does nothing where there cannot be any.
 */
gboolean
floe_tx_put_feed (FloeTx *self, const gchar *kind, const gchar *subject, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_feed (self, kind, subject, error);
}

/**
 * floe_tx_list_feed:
 * @after: only what has a greater place
 * @limit: so many at most
 *
 * Places are given when an entry is written and show when it is committed: one that is left out may
 * still come.
 *
 * Returns: (transfer full) (element-type FloeFeedEntry): in order of their place; or %NULL
 */
GPtrArray *
floe_tx_list_feed (FloeTx *self, gint64 after, guint limit, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_feed (self, after, limit, error);
}

/**
 * floe_tx_get_feed_end:
 * @seq: (out): a place behind which nothing was told yet that whoever begins to follow must hear
 */
gboolean
floe_tx_get_feed_end (FloeTx *self, gint64 *seq, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_feed_end (self, seq, error);
}

/**
 * floe_tx_prune_feed:
 * @before: microseconds since 1970 UTC: entries that were made before are forgotten
 */
gboolean
floe_tx_prune_feed (FloeTx *self, gint64 before, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->prune_feed (self, before, error);
}

/**
 * floe_tx_find_free_number:
 * @after: the number must be greater
 * @number: (out): the smallest one that no desktop of @pool has
 */
gboolean
floe_tx_find_free_number (FloeTx *self, const gchar *pool, guint after, guint *number,
                          GError **error)
{
  return FLOE_TX_GET_IFACE (self)->find_free_number (self, pool, after, number, error);
}
