/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/announcement.h"
#include "core/api-token.h"
#include "core/capacity.h"
#include "core/desktop.h"
#include "core/engine-token.h"
#include "core/factors.h"
#include "core/identity.h"
#include "core/kept-time.h"
#include "core/letter.h"
#include "core/lists.h"
#include "core/maintenance.h"
#include "core/message.h"
#include "core/once.h"
#include "core/pool.h"
#include "core/session-quality.h"
#include "core/shadow.h"
#include "core/terminal-settings.h"
#include "core/terminal.h"
#include "core/tries.h"
#include "core/visit.h"
#include "core/webhook.h"

G_BEGIN_DECLS

typedef enum
{
  FLOE_TOKEN_ACCESS,
  FLOE_TOKEN_RECONNECT,
} FloeTokenKind;

/**
 * FloeToken:
 * @hash: SHA-256 of the token, lower hex; behind the time of one of a log-in
 * @kind: an access token opens the API; a reconnect token only gets a new access token
 * @login_id: the log-in that it belongs to
 * @user: who; their groups are as of the directory's last answer
 * @staff: they were more than a user when it was issued; who comes to be it later logs in again
 * @desktop_id: (nullable): for a reconnect token: the desktop whose lease it lives with
 * @address: from where it was asked for
 * @terminal: (nullable): the terminal that may use it, as in #FloeCaller; %NULL for any. An access
 *   token of a person may be used anywhere
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
  gboolean staff;
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
 * @pools: (nullable) (array zero-terminated=1): only rows about these pools and the desktops that
 *   they have now, and none about people's log-ins; %NULL for all rows
 * @hosts: with @pools, rows about hosts too
 */
typedef struct
{
  guint limit;
  gint64 before;
  gchar *actor;
  gchar *object;
  const gchar *const *pools;
  gboolean hosts;
} FloeAuditFilter;

/**
 * FloeTrailSeal:
 * @number: from 1 on, without gaps
 * @first: which rows it is about: from this id on, which follows the last one of the seal before
 * @last: to this id, which is there
 * @at: when it was made
 * @keyed: with a key, see #FloeTrailKey
 * @marks: "ID:MARK ID:MARK ...", of each row
 * @hash: of all that and of the seal before it, lower hex
 *
 * Says how some rows of the audit trail were. Each seal is chained to the one before it.
 */
typedef struct
{
  gint64 number;
  gint64 first;
  gint64 last;
  gint64 at;
  gboolean keyed;
  gchar *marks;
  gchar *hash;
} FloeTrailSeal;

FloeTrailSeal *floe_trail_seal_new (gint64 number);
void floe_trail_seal_free (FloeTrailSeal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTrailSeal, floe_trail_seal_free)

/**
 * FloeTimer:
 * @kind: "grace", "retry", "ticket", "limit", "idle", "log-off", "asked-off", "lost",
 *   "restart", "maintenance", "drain" or "close"
 * @subject: a desktop's id; of "drain", a host's name, and of "close", a pool's
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
 * FloeRevisionState:
 * @FLOE_REVISION_MAKING: its image is being made
 * @FLOE_REVISION_CANARY: tried on a share of the pool
 * @FLOE_REVISION_CURRENT: what new desktops are made from
 * @FLOE_REVISION_FAILED: too many of its desktops did not become ready; nothing is made from it
 * @FLOE_REVISION_OLD: desktops that were made from it are renewed when nobody has them
 */
typedef enum
{
  FLOE_REVISION_MAKING,
  FLOE_REVISION_CANARY,
  FLOE_REVISION_CURRENT,
  FLOE_REVISION_FAILED,
  FLOE_REVISION_OLD,
} FloeRevisionState;

const gchar *floe_revision_state_name (FloeRevisionState state);
FloeRevisionState floe_revision_state_from_name (const gchar *name);

/**
 * FloeRevision:
 * @pool: whose
 * @number: from 1 on, never used again
 * @state: see #FloeRevisionState
 * @host: (nullable): where its image was made
 * @volume: (nullable): the image, in the template's storage
 * @sha256: (nullable): of the image, lower hex
 * @xml: (nullable): the template's definition then
 * @memory_mib: what a clone takes
 * @since: when it came into this state; while it is made, when that failed last
 * @tries: of a canary, how many of its desktops were started for the first time
 * @failures: and how many of them did not become ready; later, how many one after the other; while
 *   it is made, how often that failed
 * @problem: (nullable): why it, or its making, failed, in words
 *
 * A template as it was at one moment.
 */
typedef struct
{
  gchar *pool;
  guint number;
  FloeRevisionState state;
  gchar *host;
  gchar *volume;
  gchar *sha256;
  gchar *xml;
  guint memory_mib;
  gint64 since;
  guint tries;
  guint failures;
  gchar *problem;
} FloeRevision;

FloeRevision *floe_revision_new (const gchar *pool, guint number);
void floe_revision_free (FloeRevision *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeRevision, floe_revision_free)

/**
 * FloeImage:
 * @there: it is complete, and its sum was right; otherwise it is on its way
 * @not_before: not carried again before, after it failed
 * @problem: (nullable): why, in words
 *
 * A revision's image at a host whose storage is its own.
 */
typedef struct
{
  gchar *pool;
  guint revision;
  gchar *host;
  gboolean there;
  gint64 not_before;
  gchar *problem;
} FloeImage;

FloeImage *floe_image_new (const gchar *pool, guint revision, const gchar *host);
void floe_image_free (FloeImage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeImage, floe_image_free)

/**
 * FloeHostNote:
 * @name: a configured host's
 * @draining: no new desktops; those that nobody has go elsewhere
 * @since: since when
 * @by: (nullable): who said so
 * @message: (nullable): what people who sit on its desktops are told
 * @ends: when those that are still lent are ended; 0 for never
 * @lost_since: since when it does not answer; 0 while it does
 *
 * What administrators and the broker have noted of a host.
 */
typedef struct
{
  gchar *name;
  gboolean draining;
  gint64 since;
  gchar *by;
  gchar *message;
  gint64 ends;
  gint64 lost_since;
} FloeHostNote;

FloeHostNote *floe_host_note_new (const gchar *name);
FloeHostNote *floe_host_note_copy (const FloeHostNote *self);
void floe_host_note_free (FloeHostNote *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeHostNote, floe_host_note_free)

/**
 * FloeWait:
 * @pool: for a desktop of which pool
 * @user_id: who
 * @user_name: for people to read
 * @login_id: by which log-in
 * @since: since when; the oldest is served first
 * @seen: when their client was last heard of
 * @data_host: (nullable): where their data disk of that pool is, when it is on a host's own
 * storage; only read
 * @data_lost: that host does not answer; only read
 *
 * Somebody's place in the line of a pool that has no desktop left for them.
 */
typedef struct
{
  gchar *pool;
  gchar *user_id;
  gchar *user_name;
  gchar *login_id;
  gint64 since;
  gint64 seen;
  gchar *data_host;
  gboolean data_lost;
} FloeWait;

FloeWait *floe_wait_new (const gchar *pool, const gchar *user_id, const gchar *user_name,
                         const gchar *login_id, gint64 since);
FloeWait *floe_wait_copy (const FloeWait *self);
void floe_wait_free (FloeWait *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeWait, floe_wait_free)

/**
 * FloeDataDisk:
 * @pool: of which pool
 * @user_id: whose
 * @volume: in the template's storage
 * @host: (nullable): where it is, when storage is not shared
 * @gib: its size
 * @desktop_id: (nullable): where it is plugged in, or is about to be; unique
 * @made: it was made; before, only its name is known
 *
 * Somebody's data in a pool, kept through resets.
 */
typedef struct
{
  gchar *pool;
  gchar *user_id;
  gchar *volume;
  gchar *host;
  guint gib;
  gchar *desktop_id;
  gboolean made;
} FloeDataDisk;

FloeDataDisk *floe_data_disk_new (const gchar *pool, const gchar *user_id, const gchar *volume);
void floe_data_disk_free (FloeDataDisk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDataDisk, floe_data_disk_free)

/**
 * FloePoolState:
 * @pool: whose
 * @failures: creations and starts that failed one after the other
 * @not_before: nothing is made or started for spares before
 * @problem: (nullable): what went wrong last, in words; without @failures, with somebody's data
 * @note: (nullable): what the keeper says of it now, in words
 * @renew: an administrator asked for a new revision of the template
 *
 * What the keeper remembers of a pool.
 */
typedef struct
{
  gchar *pool;
  guint failures;
  gint64 not_before;
  gchar *problem;
  gchar *note;
  gboolean renew;
} FloePoolState;

FloePoolState *floe_pool_state_new (const gchar *pool);
void floe_pool_state_free (FloePoolState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePoolState, floe_pool_state_free)

/**
 * FloeDesktopCount:
 * @host: the host
 * @facts: of each of them; console is not looked at and is %FLOE_CONSOLE_NONE
 * @revision: of each of them; 0 for one that was not made
 * @usable: they are present, not refused, and not in maintenance
 * @resting: they are to be left alone for a while, see #FloeDesktop.not_before
 * @n: how many
 * @memory_mib: what all of them take when they run
 *
 * So many desktops of one pool are alike.
 */
typedef struct
{
  gchar *host;
  FloeFacts facts;
  guint revision;
  gboolean usable;
  gboolean resting;
  guint n;
  guint64 memory_mib;
} FloeDesktopCount;

void floe_desktop_count_free (FloeDesktopCount *self);

/**
 * FloeDesktopFilter:
 * @pool: (nullable): only of this pool
 * @host: (nullable): only on this host
 * @powers: a set of bits, 1 << #FloePower; 0 for any
 * @guests: 1 << #FloeGuest; 0 for any
 * @cleans: 1 << #FloeClean; 0 for any
 * @intents: 1 << #FloeIntent; 0 for any
 * @leases: 1 << #FloeLeaseFact; 0 for any
 * @made: only those that the broker made and that nobody works on
 * @usable: only those that are present, not refused, and not in maintenance
 * @not_revision: only those of another revision; 0 for any
 * @now: only those that need not be left alone then; 0 for any
 * @power_before: only those whose power has been as it is since before then; 0 for any
 * @limit: so many at most
 *
 * Which desktops to list.
 */
typedef struct
{
  const gchar *pool;
  const gchar *host;
  guint powers;
  guint guests;
  guint cleans;
  guint intents;
  guint leases;
  gboolean made;
  gboolean usable;
  guint not_revision;
  gint64 now;
  gint64 power_before;
  guint limit;
} FloeDesktopFilter;

/**
 * FloeFeedEntry:
 * @seq: its place; grows
 * @kind: "desktop", "pool", "host", "wait" (a pool whose line changed) or "served" (a desktop that
 *   was given to somebody who stood in its pool's line)
 * @subject: its id or name
 * @own: this broker's own store wrote it
 *
 * Something that a broker changed, for the others to look at.
 */
typedef struct
{
  gint64 seq;
  gchar *kind;
  gchar *subject;
  gboolean own;
} FloeFeedEntry;

FloeFeedEntry *floe_feed_entry_new (gint64 seq, const gchar *kind, const gchar *subject);
void floe_feed_entry_free (FloeFeedEntry *self);

/**
 * FloeGroupBinding:
 * @name: a group as pools have it
 * @id: (nullable): the lasting id that it stands for there; %NULL where it stands for itself
 */
typedef struct
{
  gchar *name;
  gchar *id;
} FloeGroupBinding;

FloeGroupBinding *floe_group_binding_new (const gchar *name, const gchar *id);
void floe_group_binding_free (FloeGroupBinding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeGroupBinding, floe_group_binding_free)

/**
 * FloeTx:
 *
 * A transaction of the store, seen from the function that runs in it, on a thread of the store.
 * Every function that can fail sets an #FLOE_ERROR; a function that fails ends its transaction,
 * which leaves nothing behind.
 */
#define FLOE_TYPE_TX (floe_tx_get_type ())
G_DECLARE_INTERFACE (FloeTx, floe_tx, FLOE, TX, GObject)

/**
 * FloeClaimReads:
 * @login_id, @now: for floe_tx_has_login()
 * @pool: for floe_tx_get_pool(), and with @n_waits for floe_tx_list_waits()
 * @user_id: for floe_tx_get_user() and floe_tx_list_desktops_of_user(), and whom
 *   floe_tx_find_free_desktop() is for
 *
 * What a claim is about to read.
 */
typedef struct
{
  const gchar *login_id;
  const gchar *pool;
  const gchar *user_id;
  guint n_waits;
  gint64 now;
} FloeClaimReads;

struct _FloeTxInterface
{
  GTypeInterface parent_iface;

  void (*expect_claim) (FloeTx *self, const FloeClaimReads *reads); /* nullable */

  gboolean (*put_user) (FloeTx *self, const FloeUser *user, gint64 now, GError **error);
  FloeUser *(*get_user) (FloeTx *self, const gchar *id, GError **error);
  FloeUser *(*find_user) (FloeTx *self, const gchar *name, gint64 *seen, GError **error);
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
  GStrv (*list_pools_of_helpdesk) (FloeTx *self, const FloeUser *user, GError **error);
  FloePool *(*get_pool) (FloeTx *self, const gchar *name, GError **error);
  gboolean (*put_pool) (FloeTx *self, const FloePool *pool, GError **error);
  gboolean (*delete_pool) (FloeTx *self, const gchar *name, GError **error);

  FloeDesktop *(*get_desktop) (FloeTx *self, const gchar *id, GError **error);
  GPtrArray *(*list_desktops_of_pool) (FloeTx *self, const gchar *pool, GError **error);
  GPtrArray *(*list_first_desktops) (FloeTx *self, const gchar *pool, guint limit, GError **error);
  GPtrArray *(*list_desktops_of_host) (FloeTx *self, const gchar *host, GError **error);
  GPtrArray *(*list_desktops_of_user) (FloeTx *self, const gchar *user_id, GError **error);
  FloeDesktop *(*find_free_desktop) (FloeTx *self, const FloePool *pool, const gchar *user_id,
                                     gint64 now, GError **error);
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
  gboolean (*get_timer) (FloeTx *self, const gchar *kind, const gchar *subject, gint64 *due,
                         GError **error);

  gboolean (*put_audit) (FloeTx *self, const FloeAudit *row, GError **error);
  GPtrArray *(*list_audit) (FloeTx *self, const FloeAuditFilter *filter, GError **error);

  gboolean (*put_revision) (FloeTx *self, const FloeRevision *revision, GError **error);
  FloeRevision *(*get_revision) (FloeTx *self, const gchar *pool, guint number, GError **error);
  GPtrArray *(*list_revisions) (FloeTx *self, const gchar *pool, GError **error);
  gboolean (*delete_revision) (FloeTx *self, const gchar *pool, guint number, GError **error);
  gboolean (*put_image) (FloeTx *self, const FloeImage *image, GError **error);
  GPtrArray *(*list_images) (FloeTx *self, const gchar *pool, GError **error);
  gboolean (*put_host) (FloeTx *self, const FloeHostNote *host, GError **error);
  GPtrArray *(*list_hosts) (FloeTx *self, GError **error);
  gboolean (*put_wait) (FloeTx *self, const FloeWait *wait, GError **error);
  gboolean (*delete_wait) (FloeTx *self, const gchar *pool, const gchar *user_id, GError **error);
  GPtrArray *(*list_waits) (FloeTx *self, const gchar *pool, guint limit, GError **error);
  gboolean (*put_disk) (FloeTx *self, const FloeDataDisk *disk, GError **error);
  FloeDataDisk *(*get_disk) (FloeTx *self, const gchar *pool, const gchar *user_id, GError **error);
  gboolean (*delete_disk) (FloeTx *self, const gchar *pool, const gchar *user_id, GError **error);
  FloeDataDisk *(*find_disk_of_desktop) (FloeTx *self, const gchar *desktop_id, GError **error);
  FloePoolState *(*get_pool_state) (FloeTx *self, const gchar *pool, GError **error);
  gboolean (*put_pool_state) (FloeTx *self, const FloePoolState *state, GError **error);
  GPtrArray *(*count_desktops) (FloeTx *self, const gchar *pool, gint64 now, GError **error);
  gboolean (*find_free_number) (FloeTx *self, const gchar *pool, guint after, guint *number,
                                GError **error);
  GPtrArray *(*list_desktops) (FloeTx *self, const FloeDesktopFilter *filter, GError **error);
  gboolean (*get_installation) (FloeTx *self, gchar **id, GError **error);
  gboolean (*put_installation) (FloeTx *self, const gchar *id, GError **error);
  GPtrArray *(*list_groups) (FloeTx *self, GError **error);
  gboolean (*bind_group) (FloeTx *self, const gchar *name, const gchar *id, GStrv *pools,
                          GError **error);
  gboolean (*get_date) (FloeTx *self, gint64 *date, GError **error);
  gboolean (*get_time) (FloeTx *self, const gchar *boot, FloeKeptTime *kept, GError **error);
  gboolean (*put_time) (FloeTx *self, const FloeKeptTime *kept, GError **error);
  gboolean (*put_boot) (FloeTx *self, const gchar *boot, const FloeKeptTime *kept, GError **error);
  gboolean (*take_lead) (FloeTx *self, const gchar *broker, gint64 microseconds, gint64 *epoch,
                         GError **error);
  gboolean (*put_feed) (FloeTx *self, const gchar *kind, const gchar *subject, GError **error);
  GPtrArray *(*list_feed) (FloeTx *self, gint64 after, guint limit, GError **error);
  gboolean (*get_feed_end) (FloeTx *self, gint64 *seq, GError **error);
  gboolean (*prune_feed) (FloeTx *self, gint64 before, GError **error);

  gboolean (*count_tries) (FloeTx *self, const FloeTryQuery *query, FloeTryCounts *counts,
                           GError **error);
  gboolean (*count_held_back) (FloeTx *self, const FloeTryLimits *limits, FloeHeldBack *held,
                               GError **error);
  gboolean (*take_try) (FloeTx *self, const FloeTry *one, gboolean *taken, GError **error);
  gboolean (*give_back_try) (FloeTx *self, const FloeTry *one, GError **error);
  gboolean (*put_network_try) (FloeTx *self, const gchar *network, gint64 at, gint64 since,
                               GError **error);
  gboolean (*delete_tries_of) (FloeTx *self, const gchar *person, GError **error);
  gboolean (*put_known_name) (FloeTx *self, const gchar *name, const gchar *user_id,
                              GError **error);
  gboolean (*put_known_network) (FloeTx *self, const gchar *user_id, const gchar *network,
                                 gint64 now, GError **error);
  gboolean (*prune_tries) (FloeTx *self, gint64 before, gint64 unseen_since, GError **error);

  gboolean (*put_challenge) (FloeTx *self, const FloeChallenge *challenge, GError **error);
  FloeChallenge *(*get_challenge) (FloeTx *self, const gchar *hash, GError **error);
  gboolean (*take_code_try) (FloeTx *self, const gchar *hash, gint64 now, guint most,
                             gboolean *taken, GError **error);
  gboolean (*delete_challenge) (FloeTx *self, const gchar *hash, GError **error);
  gboolean (*prune_challenges) (FloeTx *self, gint64 before, GError **error);
  FloeFactor *(*get_factor) (FloeTx *self, const gchar *user_id, GError **error);
  gboolean (*put_factor) (FloeTx *self, const gchar *user_id, const gchar *sealed, gboolean *put,
                          GError **error);
  gboolean (*confirm_factor) (FloeTx *self, const gchar *user_id, const gchar *sealed, gint64 now,
                              gint64 step, gboolean *done, GError **error);
  gboolean (*use_step) (FloeTx *self, const gchar *user_id, gint64 step, const gchar *sealed,
                        gboolean *used, GError **error);
  gboolean (*delete_factor) (FloeTx *self, const gchar *user_id, gboolean *deleted, GError **error);
  gboolean (*put_recovery_code) (FloeTx *self, const gchar *user_id, const gchar *hash,
                                 GError **error);
  gboolean (*take_recovery_code) (FloeTx *self, const gchar *user_id, const gchar *hash,
                                  gboolean *taken, GError **error);

  gboolean (*begin_once) (FloeTx *self, const FloeOnce *once, gboolean *fresh, GError **error);
  FloeOnce *(*get_once) (FloeTx *self, const gchar *actor, const gchar *key, GError **error);
  gboolean (*end_once) (FloeTx *self, const FloeOnce *once, GError **error);
  gboolean (*drop_once) (FloeTx *self, const gchar *actor, const gchar *key, GError **error);
  gboolean (*prune_once) (FloeTx *self, gint64 before, GError **error);
  gboolean (*put_webhook) (FloeTx *self, const FloeWebhook *hook, GError **error);
  GPtrArray *(*list_webhooks) (FloeTx *self, GError **error);
  gboolean (*note_webhook) (FloeTx *self, const FloeWebhook *hook, GError **error);
  gboolean (*drop_webhook) (FloeTx *self, const gchar *name, GError **error);
  gboolean (*put_happening) (FloeTx *self, const FloeAudit *row, gint64 before, GError **error);
  GPtrArray *(*list_happenings) (FloeTx *self, gint64 after, guint limit, GError **error);
  gboolean (*lock_edits) (FloeTx *self, GError **error);
  gboolean (*put_api_token) (FloeTx *self, const FloeApiToken *token, GError **error);
  FloeApiToken *(*get_api_token) (FloeTx *self, const gchar *hash, GError **error);
  GPtrArray *(*list_api_tokens) (FloeTx *self, GError **error);
  gboolean (*touch_api_token) (FloeTx *self, const gchar *name, gint64 now, const gchar *address,
                               GError **error);
  gboolean (*drop_api_token) (FloeTx *self, const gchar *name, GError **error);
  gboolean (*put_engine_token) (FloeTx *self, const FloeEngineToken *token, gint64 now,
                                GError **error);
  FloeEngineToken *(*get_engine_token) (FloeTx *self, const gchar *user_id, const gchar *manager,
                                        GError **error);
  gboolean (*confirm_engine_token) (FloeTx *self, const FloeEngineToken *token, gint64 now,
                                    GError **error);
  gboolean (*delete_engine_token) (FloeTx *self, const FloeEngineToken *token, GError **error);
  GPtrArray *(*take_idle_engine_tokens) (FloeTx *self, const gchar *user_id, gint64 before,
                                         GError **error);
  GPtrArray *(*renew_engine_tokens) (FloeTx *self, gint64 before, gint64 fresh, guint limit,
                                     GError **error);

  gboolean (*put_announcement) (FloeTx *self, const FloeAnnouncement *announcement, GError **error);
  gboolean (*drop_announcement) (FloeTx *self, const gchar *id, GError **error);
  GPtrArray *(*list_announcements) (FloeTx *self, GError **error);
  gboolean (*put_message) (FloeTx *self, const FloeMessage *message, GError **error);
  GPtrArray *(*list_messages) (FloeTx *self, const gchar *desktop_id, const gchar *holder,
                               gint64 since, GError **error);
  gboolean (*prune_messages) (FloeTx *self, gint64 before, GError **error);
  gboolean (*put_shadow) (FloeTx *self, const FloeShadow *shadow, GError **error);
  FloeShadow *(*get_shadow) (FloeTx *self, const gchar *id, GError **error);
  GPtrArray *(*list_shadows) (FloeTx *self, const gchar *desktop_id, GError **error);
  gboolean (*prune_shadows) (FloeTx *self, gint64 before, GError **error);
  gboolean (*put_letter) (FloeTx *self, const FloeLetter *letter, GError **error);
  GPtrArray *(*list_letters) (FloeTx *self, const gchar *recipient, gint64 after, GError **error);
  GPtrArray *(*list_unread) (FloeTx *self, const gchar *sender, gint64 after, GError **error);
  gboolean (*delete_letter) (FloeTx *self, gint64 id, GError **error);
  gboolean (*prune_letters) (FloeTx *self, const gchar *sender, const gchar *recipient,
                             gint64 before, GError **error);

  GPtrArray *(*list_terminals) (FloeTx *self, GError **error);
  FloeTerminal *(*get_terminal) (FloeTx *self, const gchar *name, GError **error);
  FloeTerminal *(*find_terminal) (FloeTx *self, const gchar *fingerprint, GError **error);
  FloeTerminal *(*find_terminal_of_code) (FloeTx *self, const gchar *code, GError **error);
  gboolean (*put_terminal) (FloeTx *self, const FloeTerminal *terminal, GError **error);
  gboolean (*delete_terminal) (FloeTx *self, const gchar *name, GError **error);
  gboolean (*touch_terminal) (FloeTx *self, const gchar *fingerprint, gint64 now, GError **error);
  GPtrArray *(*list_users_of_terminal) (FloeTx *self, const gchar *fingerprint, gint64 now,
                                        GError **error);
  gboolean (*delete_tokens_of_terminal) (FloeTx *self, const gchar *fingerprint, GError **error);
  FloeCaller *(*find_caller_of_login) (FloeTx *self, const gchar *login_id, GError **error);
  gboolean (*put_terminal_report) (FloeTx *self, const FloeTerminalReport *report, GError **error);
  gboolean (*count_terminals) (FloeTx *self, gint64 now, gint64 *counts, GError **error);
  gboolean (*put_unlock_secret) (FloeTx *self, const gchar *name, const gchar *sealed,
                                 GError **error);
  gchar *(*get_unlock_secret) (FloeTx *self, const gchar *name, GError **error);
  gboolean (*take_settings_revision) (FloeTx *self, gint64 now, gint64 *revision, GError **error);
  GPtrArray *(*list_terminal_settings) (FloeTx *self, GError **error);
  FloeTerminalSettings *(*get_terminal_settings) (FloeTx *self, gboolean of_group,
                                                  const gchar *name, GError **error);
  gboolean (*put_terminal_settings) (FloeTx *self, const FloeTerminalSettings *settings,
                                     GError **error);
  gboolean (*delete_terminal_settings) (FloeTx *self, gboolean of_group, const gchar *name,
                                        GError **error);
  gchar *(*keep_sealed) (FloeTx *self, const gchar *name, const gchar *sealed, GError **error);

  gboolean (*read_desktop_rows) (FloeTx *self, const FloeRange *range, FloePage *page,
                                 GError **error);
  GPtrArray *(*list_people) (FloeTx *self, const gchar *prefix, const gchar *const *after,
                             guint limit, GError **error);
  GPtrArray *(*list_trail) (FloeTx *self, gint64 after, gint64 last, guint limit, GError **error);
  gboolean (*count_trail) (FloeTx *self, gint64 after, gint64 *n, gint64 *first, gint64 *last,
                           GError **error);
  gboolean (*put_seal) (FloeTx *self, const FloeTrailSeal *seal, GError **error);
  GPtrArray *(*list_seals) (FloeTx *self, gint64 after, guint limit, GError **error);
  gboolean (*find_last_seal) (FloeTx *self, FloeTrailSeal **seal, GError **error);
  gboolean (*put_maintenance) (FloeTx *self, const FloeMaintenance *maintenance, GError **error);
  gboolean (*find_maintenance) (FloeTx *self, const gchar *desktop_id, const gchar *pool,
                                FloeMaintenance **found, GError **error);
  gboolean (*delete_maintenance) (FloeTx *self, const gchar *desktop_id, const gchar *pool,
                                  GError **error);
  GPtrArray *(*list_timers_of) (FloeTx *self, const gchar *subject, GError **error);
  gboolean (*add_capacity) (FloeTx *self, const FloeCapacitySlot *slot, GError **error);
  GPtrArray *(*list_capacity) (FloeTx *self, const gchar *pool, FloeCapacityStep step, gint64 since,
                               gint64 until, GError **error);
  gboolean (*prune_capacity) (FloeTx *self, FloeCapacityStep step, gint64 before, gint64 after,
                              GError **error);
  gboolean (*put_visit) (FloeTx *self, const FloeVisit *visit, GError **error);
  GPtrArray *(*list_visits) (FloeTx *self, const gchar *user_id, GError **error);
  gboolean (*add_picture) (FloeTx *self, const gchar *user_id, const gchar *desktop_id, gint64 took,
                           GError **error);
  gboolean (*put_quality) (FloeTx *self, const FloeSessionQuality *quality, GError **error);
  GPtrArray *(*list_qualities) (FloeTx *self, const gchar *user_id, gint64 since, GError **error);
};

void floe_tx_expect_claim (FloeTx *self, const FloeClaimReads *reads);
gboolean floe_tx_put_user (FloeTx *self, const FloeUser *user, gint64 now, GError **error);
FloeUser *floe_tx_get_user (FloeTx *self, const gchar *id, GError **error);
FloeUser *floe_tx_find_user (FloeTx *self, const gchar *name, gint64 *seen, GError **error);
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
GStrv floe_tx_list_pools_of_helpdesk (FloeTx *self, const FloeUser *user, GError **error);
FloePool *floe_tx_get_pool (FloeTx *self, const gchar *name, GError **error);
gboolean floe_tx_put_pool (FloeTx *self, const FloePool *pool, GError **error);
gboolean floe_tx_delete_pool (FloeTx *self, const gchar *name, GError **error);
FloeDesktop *floe_tx_get_desktop (FloeTx *self, const gchar *id, GError **error);
GPtrArray *floe_tx_list_desktops_of_pool (FloeTx *self, const gchar *pool, GError **error);
GPtrArray *floe_tx_list_first_desktops (FloeTx *self, const gchar *pool, guint limit,
                                        GError **error);
GPtrArray *floe_tx_list_desktops_of_host (FloeTx *self, const gchar *host, GError **error);
GPtrArray *floe_tx_list_desktops_of_user (FloeTx *self, const gchar *user_id, GError **error);
FloeDesktop *floe_tx_find_free_desktop (FloeTx *self, const FloePool *pool, const gchar *user_id,
                                        gint64 now, GError **error);
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
gboolean floe_tx_get_timer (FloeTx *self, const gchar *kind, const gchar *subject, gint64 *due,
                            GError **error);
gboolean floe_tx_put_audit (FloeTx *self, const FloeAudit *row, GError **error);
GPtrArray *floe_tx_list_audit (FloeTx *self, const FloeAuditFilter *filter, GError **error);
gboolean floe_tx_put_revision (FloeTx *self, const FloeRevision *revision, GError **error);
FloeRevision *floe_tx_get_revision (FloeTx *self, const gchar *pool, guint number, GError **error);
GPtrArray *floe_tx_list_revisions (FloeTx *self, const gchar *pool, GError **error);
gboolean floe_tx_delete_revision (FloeTx *self, const gchar *pool, guint number, GError **error);
gboolean floe_tx_put_image (FloeTx *self, const FloeImage *image, GError **error);
GPtrArray *floe_tx_list_images (FloeTx *self, const gchar *pool, GError **error);
gboolean floe_tx_put_host (FloeTx *self, const FloeHostNote *host, GError **error);
GPtrArray *floe_tx_list_hosts (FloeTx *self, GError **error);
gboolean floe_tx_put_wait (FloeTx *self, const FloeWait *wait, GError **error);
gboolean floe_tx_delete_wait (FloeTx *self, const gchar *pool, const gchar *user_id,
                              GError **error);
GPtrArray *floe_tx_list_waits (FloeTx *self, const gchar *pool, guint limit, GError **error);
gboolean floe_tx_put_disk (FloeTx *self, const FloeDataDisk *disk, GError **error);
FloeDataDisk *floe_tx_get_disk (FloeTx *self, const gchar *pool, const gchar *user_id,
                                GError **error);
gboolean floe_tx_delete_disk (FloeTx *self, const gchar *pool, const gchar *user_id,
                              GError **error);
FloeDataDisk *floe_tx_find_disk_of_desktop (FloeTx *self, const gchar *desktop_id, GError **error);
FloePoolState *floe_tx_get_pool_state (FloeTx *self, const gchar *pool, GError **error);
gboolean floe_tx_put_pool_state (FloeTx *self, const FloePoolState *state, GError **error);
GPtrArray *floe_tx_count_desktops (FloeTx *self, const gchar *pool, gint64 now, GError **error);
gboolean floe_tx_find_free_number (FloeTx *self, const gchar *pool, guint after, guint *number,
                                   GError **error);
GPtrArray *floe_tx_list_desktops (FloeTx *self, const FloeDesktopFilter *filter, GError **error);
gboolean floe_tx_get_installation (FloeTx *self, gchar **id, GError **error);
gboolean floe_tx_put_installation (FloeTx *self, const gchar *id, GError **error);
GPtrArray *floe_tx_list_groups (FloeTx *self, GError **error);
gboolean floe_tx_bind_group (FloeTx *self, const gchar *name, const gchar *id, GStrv *pools,
                             GError **error);
gboolean floe_tx_get_date (FloeTx *self, gint64 *date, GError **error);
gboolean floe_tx_get_time (FloeTx *self, const gchar *boot, FloeKeptTime *kept, GError **error);
gboolean floe_tx_put_time (FloeTx *self, const FloeKeptTime *kept, GError **error);
gboolean floe_tx_put_boot (FloeTx *self, const gchar *boot, const FloeKeptTime *kept,
                           GError **error);
gboolean floe_tx_take_lead (FloeTx *self, const gchar *broker, gint64 microseconds, gint64 *epoch,
                            GError **error);
gboolean floe_tx_put_feed (FloeTx *self, const gchar *kind, const gchar *subject, GError **error);
GPtrArray *floe_tx_list_feed (FloeTx *self, gint64 after, guint limit, GError **error);
gboolean floe_tx_get_feed_end (FloeTx *self, gint64 *seq, GError **error);
gboolean floe_tx_prune_feed (FloeTx *self, gint64 before, GError **error);
gboolean floe_tx_count_tries (FloeTx *self, const FloeTryQuery *query, FloeTryCounts *counts,
                              GError **error);
gboolean floe_tx_count_held_back (FloeTx *self, const FloeTryLimits *limits, FloeHeldBack *held,
                                  GError **error);
gboolean floe_tx_take_try (FloeTx *self, const FloeTry *one, gboolean *taken, GError **error);
gboolean floe_tx_give_back_try (FloeTx *self, const FloeTry *one, GError **error);
gboolean floe_tx_put_network_try (FloeTx *self, const gchar *network, gint64 at, gint64 since,
                                  GError **error);
gboolean floe_tx_delete_tries_of (FloeTx *self, const gchar *person, GError **error);
gboolean floe_tx_put_known_name (FloeTx *self, const gchar *name, const gchar *user_id,
                                 GError **error);
gboolean floe_tx_put_known_network (FloeTx *self, const gchar *user_id, const gchar *network,
                                    gint64 now, GError **error);
gboolean floe_tx_prune_tries (FloeTx *self, gint64 before, gint64 unseen_since, GError **error);
gboolean floe_tx_put_engine_token (FloeTx *self, const FloeEngineToken *token, gint64 now,
                                   GError **error);
FloeEngineToken *floe_tx_get_engine_token (FloeTx *self, const gchar *user_id, const gchar *manager,
                                           GError **error);
gboolean floe_tx_confirm_engine_token (FloeTx *self, const FloeEngineToken *token, gint64 now,
                                       GError **error);
gboolean floe_tx_delete_engine_token (FloeTx *self, const FloeEngineToken *token, GError **error);
GPtrArray *floe_tx_take_idle_engine_tokens (FloeTx *self, const gchar *user_id, gint64 before,
                                            GError **error);
GPtrArray *floe_tx_renew_engine_tokens (FloeTx *self, gint64 before, gint64 fresh, guint limit,
                                        GError **error);
gboolean floe_tx_put_challenge (FloeTx *self, const FloeChallenge *challenge, GError **error);
FloeChallenge *floe_tx_get_challenge (FloeTx *self, const gchar *hash, GError **error);
gboolean floe_tx_take_code_try (FloeTx *self, const gchar *hash, gint64 now, guint most,
                                gboolean *taken, GError **error);
gboolean floe_tx_delete_challenge (FloeTx *self, const gchar *hash, GError **error);
gboolean floe_tx_prune_challenges (FloeTx *self, gint64 before, GError **error);
FloeFactor *floe_tx_get_factor (FloeTx *self, const gchar *user_id, GError **error);
gboolean floe_tx_put_factor (FloeTx *self, const gchar *user_id, const gchar *sealed, gboolean *put,
                             GError **error);
gboolean floe_tx_confirm_factor (FloeTx *self, const gchar *user_id, const gchar *sealed,
                                 gint64 now, gint64 step, gboolean *done, GError **error);
gboolean floe_tx_use_step (FloeTx *self, const gchar *user_id, gint64 step, const gchar *sealed,
                           gboolean *used, GError **error);
gboolean floe_tx_delete_factor (FloeTx *self, const gchar *user_id, gboolean *deleted,
                                GError **error);
gboolean floe_tx_put_recovery_code (FloeTx *self, const gchar *user_id, const gchar *hash,
                                    GError **error);
gboolean floe_tx_take_recovery_code (FloeTx *self, const gchar *user_id, const gchar *hash,
                                     gboolean *taken, GError **error);
gboolean floe_tx_begin_once (FloeTx *self, const FloeOnce *once, gboolean *fresh, GError **error);
FloeOnce *floe_tx_get_once (FloeTx *self, const gchar *actor, const gchar *key, GError **error);
gboolean floe_tx_end_once (FloeTx *self, const FloeOnce *once, GError **error);
gboolean floe_tx_drop_once (FloeTx *self, const gchar *actor, const gchar *key, GError **error);
gboolean floe_tx_prune_once (FloeTx *self, gint64 before, GError **error);
gboolean floe_tx_put_webhook (FloeTx *self, const FloeWebhook *hook, GError **error);
GPtrArray *floe_tx_list_webhooks (FloeTx *self, GError **error);
gboolean floe_tx_note_webhook (FloeTx *self, const FloeWebhook *hook, GError **error);
gboolean floe_tx_drop_webhook (FloeTx *self, const gchar *name, GError **error);
gboolean floe_tx_put_happening (FloeTx *self, const FloeAudit *row, gint64 before, GError **error);
GPtrArray *floe_tx_list_happenings (FloeTx *self, gint64 after, guint limit, GError **error);
gboolean floe_webhook_tell (FloeTx *tx, const gchar *action, const gchar *object,
                            const gchar *actor, const gchar *why, gint64 now, GError **error);
gboolean floe_tx_lock_edits (FloeTx *self, GError **error);
gboolean floe_tx_put_api_token (FloeTx *self, const FloeApiToken *token, GError **error);
FloeApiToken *floe_tx_get_api_token (FloeTx *self, const gchar *hash, GError **error);
GPtrArray *floe_tx_list_api_tokens (FloeTx *self, GError **error);
gboolean floe_tx_touch_api_token (FloeTx *self, const gchar *name, gint64 now, const gchar *address,
                                  GError **error);
gboolean floe_tx_drop_api_token (FloeTx *self, const gchar *name, GError **error);
gboolean floe_tx_put_announcement (FloeTx *self, const FloeAnnouncement *announcement,
                                   GError **error);
gboolean floe_tx_drop_announcement (FloeTx *self, const gchar *id, GError **error);
GPtrArray *floe_tx_list_announcements (FloeTx *self, GError **error);
GPtrArray *floe_tx_list_trail (FloeTx *self, gint64 after, gint64 last, guint limit,
                               GError **error);
gboolean floe_tx_count_trail (FloeTx *self, gint64 after, gint64 *n, gint64 *first, gint64 *last,
                              GError **error);
gboolean floe_tx_put_seal (FloeTx *self, const FloeTrailSeal *seal, GError **error);
GPtrArray *floe_tx_list_seals (FloeTx *self, gint64 after, guint limit, GError **error);
gboolean floe_tx_find_last_seal (FloeTx *self, FloeTrailSeal **seal, GError **error);
gboolean floe_tx_put_maintenance (FloeTx *self, const FloeMaintenance *maintenance, GError **error);
gboolean floe_tx_find_maintenance (FloeTx *self, const gchar *desktop_id, const gchar *pool,
                                   FloeMaintenance **found, GError **error);
gboolean floe_tx_delete_maintenance (FloeTx *self, const gchar *desktop_id, const gchar *pool,
                                     GError **error);
gboolean floe_tx_put_message (FloeTx *self, const FloeMessage *message, GError **error);
GPtrArray *floe_tx_list_messages (FloeTx *self, const gchar *desktop_id, const gchar *holder,
                                  gint64 since, GError **error);
gboolean floe_tx_prune_messages (FloeTx *self, gint64 before, GError **error);
gboolean floe_tx_put_shadow (FloeTx *self, const FloeShadow *shadow, GError **error);
FloeShadow *floe_tx_get_shadow (FloeTx *self, const gchar *id, GError **error);
GPtrArray *floe_tx_list_shadows (FloeTx *self, const gchar *desktop_id, GError **error);
gboolean floe_tx_prune_shadows (FloeTx *self, gint64 before, GError **error);
gboolean floe_tx_put_letter (FloeTx *self, const FloeLetter *letter, GError **error);
GPtrArray *floe_tx_list_letters (FloeTx *self, const gchar *recipient, gint64 after,
                                 GError **error);
GPtrArray *floe_tx_list_unread (FloeTx *self, const gchar *sender, gint64 after, GError **error);
gboolean floe_tx_delete_letter (FloeTx *self, gint64 id, GError **error);
gboolean floe_tx_prune_letters (FloeTx *self, const gchar *sender, const gchar *recipient,
                                gint64 before, GError **error);
GPtrArray *floe_tx_list_terminals (FloeTx *self, GError **error);
FloeTerminal *floe_tx_get_terminal (FloeTx *self, const gchar *name, GError **error);
FloeTerminal *floe_tx_find_terminal (FloeTx *self, const gchar *fingerprint, GError **error);
FloeTerminal *floe_tx_find_terminal_of_code (FloeTx *self, const gchar *code, GError **error);
gboolean floe_tx_put_terminal (FloeTx *self, const FloeTerminal *terminal, GError **error);
gboolean floe_tx_delete_terminal (FloeTx *self, const gchar *name, GError **error);
gboolean floe_tx_touch_terminal (FloeTx *self, const gchar *fingerprint, gint64 now,
                                 GError **error);
GPtrArray *floe_tx_list_users_of_terminal (FloeTx *self, const gchar *fingerprint, gint64 now,
                                           GError **error);
gboolean floe_tx_delete_tokens_of_terminal (FloeTx *self, const gchar *fingerprint, GError **error);
gboolean floe_tx_put_terminal_report (FloeTx *self, const FloeTerminalReport *report,
                                      GError **error);
gboolean floe_tx_count_terminals (FloeTx *self, gint64 now, gint64 *counts, GError **error);
gboolean floe_tx_put_unlock_secret (FloeTx *self, const gchar *name, const gchar *sealed,
                                    GError **error);
gchar *floe_tx_get_unlock_secret (FloeTx *self, const gchar *name, GError **error);
gboolean floe_tx_take_settings_revision (FloeTx *self, gint64 now, gint64 *revision,
                                         GError **error);
GPtrArray *floe_tx_list_terminal_settings (FloeTx *self, GError **error);
FloeTerminalSettings *floe_tx_get_terminal_settings (FloeTx *self, gboolean of_group,
                                                     const gchar *name, GError **error);
gboolean floe_tx_put_terminal_settings (FloeTx *self, const FloeTerminalSettings *settings,
                                        GError **error);
gboolean floe_tx_delete_terminal_settings (FloeTx *self, gboolean of_group, const gchar *name,
                                           GError **error);
gchar *floe_tx_keep_sealed (FloeTx *self, const gchar *name, const gchar *sealed, GError **error);
gboolean floe_tx_read_desktop_rows (FloeTx *self, const FloeRange *range, FloePage *page,
                                    GError **error);
GPtrArray *floe_tx_list_people (FloeTx *self, const gchar *prefix, const gchar *const *after,
                                guint limit, GError **error);
GPtrArray *floe_tx_list_timers_of (FloeTx *self, const gchar *subject, GError **error);
FloeCaller *floe_tx_find_caller_of_login (FloeTx *self, const gchar *login_id, GError **error);
gboolean floe_tx_add_capacity (FloeTx *self, const FloeCapacitySlot *slot, GError **error);
GPtrArray *floe_tx_list_capacity (FloeTx *self, const gchar *pool, FloeCapacityStep step,
                                  gint64 since, gint64 until, GError **error);
gboolean floe_tx_prune_capacity (FloeTx *self, FloeCapacityStep step, gint64 before, gint64 after,
                                 GError **error);
gboolean floe_tx_put_visit (FloeTx *self, const FloeVisit *visit, GError **error);
GPtrArray *floe_tx_list_visits (FloeTx *self, const gchar *user_id, GError **error);
gboolean floe_tx_add_picture (FloeTx *self, const gchar *user_id, const gchar *desktop_id,
                              gint64 took, GError **error);
gboolean floe_tx_put_quality (FloeTx *self, const FloeSessionQuality *quality, GError **error);
GPtrArray *floe_tx_list_qualities (FloeTx *self, const gchar *user_id, gint64 since,
                                   GError **error);

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
 * @FLOE_STORE_LOOK: reads a row or two before something is written, in the order of what is written
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
  FLOE_STORE_LOOK,
  FLOE_STORE_WRITE,
  FLOE_STORE_NOTE,
} FloeStoreMode;

static inline gboolean
floe_store_mode_writes (FloeStoreMode mode)
{
  return mode == FLOE_STORE_WRITE || mode == FLOE_STORE_NOTE;
}

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
void floe_store_look_async (FloeStore *self, FloeTransaction func, gpointer input,
                            GDestroyNotify input_free, GDestroyNotify result_free,
                            GAsyncReadyCallback callback, gpointer user_data);
gpointer floe_store_finish (FloeStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
