/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/desktop.h"
#include "core/identity.h"
#include "core/pool.h"

G_BEGIN_DECLS

typedef enum
{
  FLOE_TOKEN_ACCESS,
  FLOE_TOKEN_RECONNECT,
} FloeTokenKind;

/**
 * FloeToken:
 * @hash: SHA-256 of the token, lower hex
 * @kind: an access token opens the API; a reconnect token only gets a new access token
 * @login_id: the log-in that it belongs to
 * @user: who; their groups are as of the directory's last answer
 * @role: what they might do when it was issued
 * @desktop_id: (nullable): for a reconnect token: the desktop whose lease it lives with
 * @address: from where it was asked for
 * @terminal: (nullable): the terminal that may use it, as in #FloeCaller; %NULL for any
 * @issued: all times in microseconds since 1970 UTC
 * @last_used: when it was last seen in use
 * @ends: its absolute end
 * @in_use: a console of that log-in is connected now, which counts as use
 */
typedef struct
{
  gchar *hash;
  FloeTokenKind kind;
  gchar *login_id;
  FloeUser *user;
  FloeRole role;
  gchar *desktop_id;
  gchar *address;
  gchar *terminal;
  gint64 issued;
  gint64 last_used;
  gint64 ends;
  gboolean in_use;
} FloeToken;

void floe_token_free (FloeToken *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeToken, floe_token_free)

/**
 * FloeAudit:
 *
 * One row of the audit trail. Strings that are %NULL are not known or do not apply.
 */
typedef struct
{
  gint64 id;
  gint64 at;
  gchar *actor;
  gchar *action;
  gchar *object;
  gchar *outcome;
  gchar *detail;
  gchar *address;
  gchar *terminal;
  gchar *request;
} FloeAudit;

FloeAudit *floe_audit_new (gint64 at, const gchar *action, const gchar *object,
                           const gchar *outcome);
void floe_audit_set_identity (FloeAudit *self, const FloeIdentity *identity);
void floe_audit_set_caller (FloeAudit *self, const FloeCaller *caller);
void floe_audit_free (FloeAudit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeAudit, floe_audit_free)

/**
 * FloeAuditFilter:
 * @limit: rows at most
 * @before: only rows with a smaller id; 0 for the newest
 * @actor: (nullable): only rows of this actor
 * @object: (nullable): only rows about this object
 */
typedef struct
{
  guint limit;
  gint64 before;
  gchar *actor;
  gchar *object;
} FloeAuditFilter;

/**
 * FloeTimer:
 * @kind: "grace", "retry" or "ticket"
 * @subject: a desktop's id
 * @due: microseconds since 1970 UTC
 *
 * A moment that must not be forgotten over a restart. One for each kind and subject.
 */
typedef struct
{
  gchar *kind;
  gchar *subject;
  gint64 due;
} FloeTimer;

FloeTimer *floe_timer_new (const gchar *kind, const gchar *subject, gint64 due);
void floe_timer_free (FloeTimer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTimer, floe_timer_free)

/**
 * FloeTx:
 *
 * A transaction of the store, seen from the function that runs in it, on a thread of the store.
 * Every function that can fail sets an #FLOE_ERROR; a function that fails ends its transaction,
 * which leaves nothing behind.
 */
#define FLOE_TYPE_TX (floe_tx_get_type ())
G_DECLARE_INTERFACE (FloeTx, floe_tx, FLOE, TX, GObject)

struct _FloeTxInterface
{
  GTypeInterface parent_iface;

  gboolean (*put_user) (FloeTx *self, const FloeUser *user, gint64 now, GError **error);
  FloeUser *(*get_user) (FloeTx *self, const gchar *id, GError **error);
  GPtrArray *(*list_active_users) (FloeTx *self, gint64 now, GError **error);

  gboolean (*put_token) (FloeTx *self, const FloeToken *token, GError **error);
  FloeToken *(*get_token) (FloeTx *self, const gchar *hash, GError **error);
  gboolean (*touch_login) (FloeTx *self, const gchar *login_id, gint64 now, GError **error);
  gboolean (*has_login) (FloeTx *self, const gchar *login_id, gint64 now, gboolean *has,
                         GError **error);
  gboolean (*delete_tokens_of_login) (FloeTx *self, const gchar *login_id, GError **error);
  gboolean (*delete_tokens_of_user) (FloeTx *self, const gchar *user_id, GError **error);
  gboolean (*delete_tokens_of_desktop) (FloeTx *self, const gchar *desktop_id,
                                        const gchar *except_login, GError **error);
  gboolean (*delete_ended_tokens) (FloeTx *self, gint64 now, gint64 idle, GError **error);

  GPtrArray *(*list_pools) (FloeTx *self, GError **error);
  GPtrArray *(*list_pools_of_user) (FloeTx *self, const FloeUser *user, GError **error);
  FloePool *(*get_pool) (FloeTx *self, const gchar *name, GError **error);
  gboolean (*put_pool) (FloeTx *self, const FloePool *pool, GError **error);
  gboolean (*delete_pool) (FloeTx *self, const gchar *name, GError **error);

  FloeDesktop *(*get_desktop) (FloeTx *self, const gchar *id, GError **error);
  GPtrArray *(*list_desktops_of_pool) (FloeTx *self, const gchar *pool, GError **error);
  GPtrArray *(*list_desktops_of_host) (FloeTx *self, const gchar *host, GError **error);
  GPtrArray *(*list_desktops_of_user) (FloeTx *self, const gchar *user_id, GError **error);
  FloeDesktop *(*find_free_desktop) (FloeTx *self, const FloePool *pool, gint64 now,
                                     GError **error);
  FloeDesktop *(*find_held_desktop) (FloeTx *self, const gchar *pool, const gchar *user_id,
                                     GError **error);
  gboolean (*put_desktop) (FloeTx *self, const FloeDesktop *desktop, GError **error);
  gboolean (*delete_desktop) (FloeTx *self, const gchar *id, GError **error);

  gboolean (*put_timer) (FloeTx *self, const FloeTimer *timer, GError **error);
  gboolean (*delete_timer) (FloeTx *self, const gchar *kind, const gchar *subject, GError **error);
  gboolean (*take_timer) (FloeTx *self, const gchar *kind, const gchar *subject, gint64 due_before,
                          gboolean *taken, GError **error);
  GPtrArray *(*list_timers) (FloeTx *self, gint64 due_before, GError **error);
  gboolean (*get_next_due) (FloeTx *self, gint64 after, gint64 *due, GError **error);

  gboolean (*put_audit) (FloeTx *self, const FloeAudit *row, GError **error);
  GPtrArray *(*list_audit) (FloeTx *self, const FloeAuditFilter *filter, GError **error);
};

gboolean floe_tx_put_user (FloeTx *self, const FloeUser *user, gint64 now, GError **error);
FloeUser *floe_tx_get_user (FloeTx *self, const gchar *id, GError **error);
GPtrArray *floe_tx_list_active_users (FloeTx *self, gint64 now, GError **error);
gboolean floe_tx_put_token (FloeTx *self, const FloeToken *token, GError **error);
FloeToken *floe_tx_get_token (FloeTx *self, const gchar *hash, GError **error);
gboolean floe_tx_touch_login (FloeTx *self, const gchar *login_id, gint64 now, GError **error);
gboolean floe_tx_has_login (FloeTx *self, const gchar *login_id, gint64 now, gboolean *has,
                            GError **error);
gboolean floe_tx_delete_tokens_of_login (FloeTx *self, const gchar *login_id, GError **error);
gboolean floe_tx_delete_tokens_of_user (FloeTx *self, const gchar *user_id, GError **error);
gboolean floe_tx_delete_tokens_of_desktop (FloeTx *self, const gchar *desktop_id,
                                           const gchar *except_login, GError **error);
gboolean floe_tx_delete_ended_tokens (FloeTx *self, gint64 now, gint64 idle, GError **error);
GPtrArray *floe_tx_list_pools (FloeTx *self, GError **error);
GPtrArray *floe_tx_list_pools_of_user (FloeTx *self, const FloeUser *user, GError **error);
FloePool *floe_tx_get_pool (FloeTx *self, const gchar *name, GError **error);
gboolean floe_tx_put_pool (FloeTx *self, const FloePool *pool, GError **error);
gboolean floe_tx_delete_pool (FloeTx *self, const gchar *name, GError **error);
FloeDesktop *floe_tx_get_desktop (FloeTx *self, const gchar *id, GError **error);
GPtrArray *floe_tx_list_desktops_of_pool (FloeTx *self, const gchar *pool, GError **error);
GPtrArray *floe_tx_list_desktops_of_host (FloeTx *self, const gchar *host, GError **error);
GPtrArray *floe_tx_list_desktops_of_user (FloeTx *self, const gchar *user_id, GError **error);
FloeDesktop *floe_tx_find_free_desktop (FloeTx *self, const FloePool *pool, gint64 now,
                                        GError **error);
FloeDesktop *floe_tx_find_held_desktop (FloeTx *self, const gchar *pool, const gchar *user_id,
                                        GError **error);
gboolean floe_tx_put_desktop (FloeTx *self, const FloeDesktop *desktop, GError **error);
gboolean floe_tx_delete_desktop (FloeTx *self, const gchar *id, GError **error);
gboolean floe_tx_put_timer (FloeTx *self, const FloeTimer *timer, GError **error);
gboolean floe_tx_delete_timer (FloeTx *self, const gchar *kind, const gchar *subject,
                               GError **error);
gboolean floe_tx_take_timer (FloeTx *self, const gchar *kind, const gchar *subject,
                             gint64 due_before, gboolean *taken, GError **error);
GPtrArray *floe_tx_list_timers (FloeTx *self, gint64 due_before, GError **error);
gboolean floe_tx_get_next_due (FloeTx *self, gint64 after, gint64 *due, GError **error);
gboolean floe_tx_put_audit (FloeTx *self, const FloeAudit *row, GError **error);
GPtrArray *floe_tx_list_audit (FloeTx *self, const FloeAuditFilter *filter, GError **error);

/**
 * FloeTransaction:
 * @tx: the transaction
 * @input: the function's own copy of its arguments
 * @error: what went wrong
 *
 * Runs on a thread of the store, maybe again from the start when the database asks for a retry, so
 * it touches nothing but @tx and what it makes itself. Must not be slow and must not call out.
 *
 * Returns: (transfer full): the result; or %NULL with @error set, which undoes everything
 */
typedef gpointer (*FloeTransaction) (FloeTx *tx, gconstpointer input, GError **error);

/**
 * FloeStoreMode:
 * @FLOE_STORE_READ: reads only
 * @FLOE_STORE_WRITE: answered when it is durable: not even a power cut takes it back
 * @FLOE_STORE_NOTE: answered when it is committed: the end of the process cannot take it back, a
 *   power cut within the next moments can, and then all of it. Whatever is durable later makes it
 *   durable too
 *
 * What a transaction does, and when it is answered.
 */
typedef enum
{
  FLOE_STORE_READ,
  FLOE_STORE_WRITE,
  FLOE_STORE_NOTE,
} FloeStoreMode;

/**
 * FloeStore:
 *
 * The store port: the only memory that outlives the process.
 */
#define FLOE_TYPE_STORE (floe_store_get_type ())
G_DECLARE_INTERFACE (FloeStore, floe_store, FLOE, STORE, GObject)

struct _FloeStoreInterface
{
  GTypeInterface parent_iface;

  void (*run_async) (FloeStore *self, FloeStoreMode mode, FloeTransaction func, gpointer input,
                     GDestroyNotify input_free, GDestroyNotify result_free,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gpointer (*run_finish) (FloeStore *self, GAsyncResult *result, GError **error);
};

void floe_store_write_async (FloeStore *self, FloeTransaction func, gpointer input,
                             GDestroyNotify input_free, GDestroyNotify result_free,
                             GAsyncReadyCallback callback, gpointer user_data);
void floe_store_note_async (FloeStore *self, FloeTransaction func, gpointer input,
                            GDestroyNotify input_free, GDestroyNotify result_free,
                            GAsyncReadyCallback callback, gpointer user_data);
void floe_store_read_async (FloeStore *self, FloeTransaction func, gpointer input,
                            GDestroyNotify input_free, GDestroyNotify result_free,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
gpointer floe_store_finish (FloeStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
