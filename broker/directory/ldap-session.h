/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/lockout.h"
#include "core/secret.h"
#include "core/standing.h"
#include "core/user.h"
#include "directory/ldap-group-cache.h"
#include "directory/ldap-guard.h"
#include "directory/ldap-name.h"
#include "directory/ldap-servers.h"
#include "directory/ldap-settings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FloeLdapShared:
 * @lockout: guarded by @lock: when accounts are locked, as a server told last
 * @lockout_due: guarded by @lock: monotonic time at which to ask for it again
 *
 * What all sessions have together; outlives them.
 */
typedef struct
{
  FloeLdapSettings *settings;
  FloeLdapServers *servers;
  FloeLdapGuard *guard;
  FloeLdapGroupCache *groups;
  gint closing;              /* atomic: no more work is begun */
  guint64 group_round_trips; /* guarded by @lock; a metric */
  gint64 next_complaint;     /* guarded by @lock: when the next entry of two is worth a log line */
  FloeLockout lockout;
  gint64 lockout_due;
  GMutex lock;
} FloeLdapShared;

/**
 * FloeLdapQuestion:
 * @name: (nullable): who wants to log in, with @password, or without one if somebody vouches for
 * them
 * @password: (nullable): theirs
 * @new_password: (nullable): what @password is to be changed into
 * @sid: (nullable): of the account that somebody vouches for, where they told
 * @id: (nullable): whom to look up, or to examine, without a password
 * @group: (nullable): or which groups are called that
 * @until: monotonic time at which the answer is no longer wanted
 *
 * What is asked.
 */
typedef struct
{
  FloeLdapName *name;
  FloeSecret *password;
  FloeSecret *new_password;
  gchar *sid;
  gchar *id;
  gchar *group;
  gint64 until;
} FloeLdapQuestion;

/**
 * FloeLdapSession:
 *
 * One worker's two connections to one server: one bound as the service account, for searches, and
 * one on which people's passwords are tried, since a bind changes who a connection is. Both are
 * kept from one log-in to the next.
 */
typedef struct _FloeLdapSession FloeLdapSession;

FloeLdapSession *floe_ldap_session_new (FloeLdapShared *shared);
void floe_ldap_session_free (FloeLdapSession *self);
FloeUser *floe_ldap_session_ask (FloeLdapSession *self, const FloeLdapQuestion *question,
                                 GCancellable *cancellable, GError **error);
GStrv floe_ldap_session_find_group (FloeLdapSession *self, const FloeLdapQuestion *question,
                                    GCancellable *cancellable, GError **error);
FloeStanding *floe_ldap_session_examine (FloeLdapSession *self, const FloeLdapQuestion *question,
                                         GCancellable *cancellable, GError **error);
gboolean floe_ldap_shared_take_lockout (FloeLdapShared *shared);
void floe_ldap_session_read_lockout (FloeLdapShared *shared, GCancellable *cancellable);
void floe_ldap_session_probe (FloeLdapShared *shared, guint server, GCancellable *cancellable);

G_END_DECLS
