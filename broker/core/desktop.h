/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/identity.h"
#include "core/lifecycle.h"

G_BEGIN_DECLS

/**
 * FloeLease:
 * @holder: the #FloeUser id
 * @holder_name: their log-in name
 * @since: microseconds since 1970 UTC
 * @login_id: the log-in that used it last
 * @address: from where
 * @terminal: (nullable): from which terminal, as in #FloeCaller
 * @slot: which of the desktops that the pool allows its holder this is, from 1
 *
 * Who a desktop is lent to. A desktop that an administrator assigned, or that came up for somebody
 * in the waiting room, has no @login_id before its holder first connects.
 */
typedef struct
{
  gchar *holder;
  gchar *holder_name;
  gint64 since;
  gchar *login_id;
  gchar *address;
  gchar *terminal;
  guint slot;
} FloeLease;

/**
 * FloeEnd:
 * @reason: "taken-over", "powered-off", "crashed", "released", "admin", "host-lost", "network",
 *   "idle", "limit", "logged-off", "drained", "unknown"
 * @at: microseconds since 1970 UTC
 * @by: (nullable): the person or "broker"
 * @where: (nullable): the address that took it over
 * @user: whose session it was: nobody else is told
 *
 * Why the last console session of a desktop, or its lease, ended.
 */
typedef struct
{
  gchar *reason;
  gint64 at;
  gchar *by;
  gchar *where;
  gchar *user;
} FloeEnd;

/**
 * FloeDesktop:
 * @id: the manager's identifier of the domain
 * @name: the domain's name
 * @pool: the pool that it belongs to
 * @kind: that pool's kind
 * @engine: an engine runs its pool
 * @data_gib: the size of its holder's data disk, as its pool says; 0 for none
 * @grace_seconds: that pool's grace after a disconnect
 * @ready_seconds: how long its guest is waited for
 * @host: where it is
 * @facts: see #FloeFacts
 * @times: since when each fact is so, in the order of #FloeFacts; microseconds since 1970 UTC
 * @intent_by: (nullable): who wanted what is under way
 * @made: the broker made it from its pool's template, and may remove it
 * @revision: the template's revision that it was made from; 0 for one that was not made
 * @number: its number in its pool, unique there, from 1; 0 for one that was not made
 * @memory_mib: what it takes when it runs; 0 when nobody knows
 * @prepared: it has its personality, or needs none from us; before, it is not ready
 * @target: (nullable): with %FLOE_INTENT_MOVE, the host where it goes
 * @present: it was in its host's last listing
 * @has_agent: "ready" can wait for a guest agent
 * @refusal: (nullable): why it is not lent, in words
 * @problem: (nullable): what went wrong last, in words
 * @failures: how often it failed, one after the other
 * @not_before: not lent before this time (after a failure); microseconds since 1970 UTC, 0 for none
 * @lease: (nullable): who has it
 * @end: (nullable): why the last session ended
 * @engine_user: (nullable): the id at its engine of whom it was given to there last, where that is
 *   known and it stays theirs
 * @maintenance: somebody works on it, see #FloeMaintenance; only read, as floe_tx_put_maintenance()
 *   left it
 * @folded: (nullable): the store's own: as what it is found by its name now
 *
 * A snapshot of a desktop as the store has it. Immutable once it left the store.
 */
typedef struct
{
  gchar *id;
  gchar *name;
  gchar *pool;
  FloePoolKind kind;
  guint grace_seconds;
  guint ready_seconds;
  gchar *host;
  FloeFacts facts;
  gint64 times[FLOE_N_FACTS];
  gchar *intent_by;
  gboolean made;
  guint revision;
  guint number;
  guint memory_mib;
  gchar *target;
  gboolean prepared;
  gboolean engine;
  guint data_gib;
  gboolean present;
  gboolean has_agent;
  gchar *refusal;
  gchar *problem;
  guint failures;
  gint64 not_before;
  FloeLease *lease;
  FloeEnd *end;
  gchar *engine_user;
  gboolean maintenance;
  gchar *folded;
} FloeDesktop;

FloeDesktop *floe_desktop_new (const gchar *id, const gchar *name, const gchar *pool);
FloeDesktop *floe_desktop_copy (const FloeDesktop *self);
void floe_desktop_free (FloeDesktop *self);
void floe_desktop_set_lease (FloeDesktop *self, const FloeIdentity *holder, gint64 since);
void floe_desktop_set_end (FloeDesktop *self, const gchar *reason, gint64 at, const gchar *by,
                           const gchar *where);
FloeNature floe_desktop_get_nature (const FloeDesktop *self);
const gchar *floe_desktop_state_name (const FloeDesktop *self);
gboolean floe_desktop_is_ready (const FloeDesktop *self, gint64 now);
gboolean floe_desktop_is_held_by (const FloeDesktop *self, const gchar *user_id);
gboolean floe_desktop_is_owed (const FloeDesktop *self);

FloeLease *floe_lease_new (const gchar *holder, const gchar *holder_name, gint64 since);
FloeLease *floe_lease_copy (const FloeLease *self);
void floe_lease_free (FloeLease *self);
FloeEnd *floe_end_new (const gchar *reason, gint64 at, const gchar *by, const gchar *where,
                       const gchar *user);
FloeEnd *floe_end_copy (const FloeEnd *self);
void floe_end_free (FloeEnd *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDesktop, floe_desktop_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLease, floe_lease_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeEnd, floe_end_free)

G_END_DECLS
