/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-handle.h"
#include "directory/ldap-outcome.h"
#include "directory/ldap-person.h"
#include "directory/ldap-session.h"

G_BEGIN_DECLS

/* A session is one struct in several files: servers, connections and log-ins (ldap-session.c),
 * finding the person (ldap-search.c), changing a password (ldap-change.c), whether a server is back
 * and when it locks accounts (ldap-upkeep.c). */

struct _FloeLdapSession
{
  FloeLdapShared *shared;
  gint server; /* which one both handles are for */
  FloeLdapHandle *service;
  FloeLdapHandle *user;
};

/**
 * FloeLdapAttempt:
 * @question: what is asked
 * @cancellable: (nullable): cancelled when nobody waits any more
 * @kept: it began on connections of an earlier call, which may be dead
 * @unfit: the server does not take our own account
 * @patience: microseconds for which this server is waited for at a time, since another one is not
 *   known to be down; 0 for as long as it may take
 * @bind_sent: the person's password went out
 * @doubtful: it was not answered, now or on a connection that broke
 * @last_code: the last LDAP result
 *
 * One try at one server.
 */
typedef struct
{
  const FloeLdapQuestion *question;
  GCancellable *cancellable;
  gboolean kept;
  gboolean unfit;
  gint64 patience;
  gboolean bind_sent;
  gboolean doubtful;
  gint last_code;
} FloeLdapAttempt;

/* ldap-session.c */
FloeLdapLimit floe_ldap_attempt_limit (const FloeLdapAttempt *attempt, guint seconds);
FloeLdapVerdict floe_ldap_attempt_judge (FloeLdapAttempt *attempt, FloeLdapStep step,
                                         const FloeLdapReply *reply, GError **error);
FloeLdapLimit floe_ldap_attempt_short_limit (const FloeLdapAttempt *attempt, guint seconds);
FloeLdapProof floe_ldap_question_proof (const FloeLdapQuestion *question);
FloeLdapVerdict floe_ldap_shared_open_service (FloeLdapShared *shared, guint server,
                                               FloeLdapAttempt *attempt, FloeLdapHandle **handle,
                                               GError **error);
void floe_ldap_shared_note_failure (FloeLdapShared *shared, guint server, gint64 began,
                                    const FloeLdapAttempt *attempt, const GError *error);
gboolean floe_ldap_shared_may_complain (FloeLdapShared *shared);
FloeLdapVerdict floe_ldap_session_try_password (FloeLdapSession *self, FloeLdapAttempt *attempt,
                                                const FloeLdapPerson *person, FloeLdapReply *reply,
                                                GError **error);

/* ldap-search.c */
FloeLdapVerdict floe_ldap_session_search (FloeLdapSession *self, FloeLdapAttempt *attempt,
                                          FloeLdapPerson **person, GError **error);

/* ldap-change.c */
FloeLdapVerdict floe_ldap_session_change (FloeLdapSession *self, FloeLdapAttempt *attempt,
                                          const FloeLdapPerson *person, GError **error);

G_END_DECLS
