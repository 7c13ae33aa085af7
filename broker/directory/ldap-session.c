/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-session-private.h"

#include "core/error.h"
#include "directory/ldap-membership.h"
#include "directory/ldap-named.h"
#include "directory/ldap-standing.h"

/* A server that took its time to fail is not asked again at once, and then in the background, so
 * that log-ins are told "no directory" now and not one time-out after the other. */
#define HOLD_SLOW G_USEC_PER_SEC
#define SLOW      (G_USEC_PER_SEC / 4)

/* A service account that is refused would soon be locked, too. */
#define HOLD_REFUSED (30 * G_USEC_PER_SEC)

/* How long servers may keep a log-in that another one could serve, all of them together; and what
 * each of many gets at least. */
#define PATIENCE       (1250 * 1000)
#define PATIENCE_LEAST (400 * 1000)

#define COMPLAINT_PAUSE (60 * G_USEC_PER_SEC)

/**
 * floe_ldap_session_new:
 *
 * Returns: (transfer full): a session without connections yet
 */
FloeLdapSession *
floe_ldap_session_new (FloeLdapShared *shared)
{
  FloeLdapSession *self = g_new0 (FloeLdapSession, 1);

  self->shared = shared;
  self->server = -1;
  return self;
}

static void
drop_connections (FloeLdapSession *self)
{
  g_clear_pointer (&self->service, floe_ldap_handle_free);
  g_clear_pointer (&self->user, floe_ldap_handle_free);
}

void
floe_ldap_session_free (FloeLdapSession *self)
{
  drop_connections (self);
  g_free (self);
}

FloeLdapLimit
floe_ldap_attempt_limit (const FloeLdapAttempt *attempt, guint seconds)
{
  return floe_ldap_limit_new (seconds, attempt->question->until, attempt->cancellable);
}

/* For what may be asked again of another server: everything before the person's password is sent.
 */
FloeLdapLimit
floe_ldap_attempt_short_limit (const FloeLdapAttempt *attempt, guint seconds)
{
  FloeLdapLimit limit = floe_ldap_attempt_limit (attempt, seconds);

  if (attempt->patience > 0)
    limit.until = MIN (limit.until, g_get_monotonic_time () + attempt->patience);
  return limit;
}

FloeLdapVerdict
floe_ldap_attempt_judge (FloeLdapAttempt *attempt, FloeLdapStep step, const FloeLdapReply *reply,
                         GError **error)
{
  attempt->last_code = reply->code;
  return floe_ldap_judge (step, reply, error);
}

/* An error of our own making is no reason to ask the next server; no connection is. */
static FloeLdapVerdict
open_verdict (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE) ? FLOE_LDAP_UNREACHED
                                                                     : FLOE_LDAP_REFUSED;
}

static FloeLdapHandle *
open_handle (FloeLdapShared *shared, guint server, FloeLdapAttempt *attempt, GError **error)
{
  const FloeLdapSettings *settings = shared->settings;
  FloeLdapLimit limit = floe_ldap_attempt_short_limit (attempt, settings->connect_timeout);
  FloeLdapHandle *handle =
      floe_ldap_handle_open (settings, settings->uris[server], shared->guard, &limit, error);

  /* A new connection says something about the server, whatever another one was kept from. */
  if (handle == NULL)
    attempt->kept = FALSE;
  return handle;
}

FloeLdapVerdict
floe_ldap_shared_open_service (FloeLdapShared *shared, guint server, FloeLdapAttempt *attempt,
                               FloeLdapHandle **handle, GError **error)
{
  const FloeLdapSettings *settings = shared->settings;
  g_autoptr (FloeLdapHandle) opened = NULL;
  g_autoptr (GError) problem = NULL;
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  FloeLdapVerdict verdict;
  FloeLdapLimit limit;

  opened = open_handle (shared, server, attempt, &problem);
  if (opened == NULL)
    {
      verdict = open_verdict (problem);
      g_propagate_error (error, g_steal_pointer (&problem));
      return verdict;
    }
  limit = floe_ldap_attempt_short_limit (attempt, settings->operation_timeout);
  floe_ldap_handle_bind (opened, settings->bind_dn, settings->bind_password, &limit, &reply);
  verdict = floe_ldap_attempt_judge (attempt, FLOE_LDAP_SERVICE_BIND, &reply, error);
  attempt->unfit = verdict == FLOE_LDAP_REFUSED && reply.code >= 0;
  if (verdict == FLOE_LDAP_FINE)
    *handle = g_steal_pointer (&opened);
  return verdict;
}

static void
drop_unusable (FloeLdapSession *self)
{
  if (self->service != NULL && !floe_ldap_handle_is_usable (self->service))
    g_clear_pointer (&self->service, floe_ldap_handle_free);
  if (self->user != NULL && !floe_ldap_handle_is_usable (self->user))
    g_clear_pointer (&self->user, floe_ldap_handle_free);
}

/* The connections that this session has for @server, as far as they are still good. */
static void
keep_what_is_good (FloeLdapSession *self, gint server, FloeLdapAttempt *attempt)
{
  if (self->server != server)
    drop_connections (self);
  self->server = server;
  drop_unusable (self);
  attempt->kept = self->service != NULL || self->user != NULL;
}

static FloeLdapVerdict
require_service (FloeLdapSession *self, FloeLdapAttempt *attempt, GError **error)
{
  if (self->service != NULL)
    return FLOE_LDAP_FINE;
  return floe_ldap_shared_open_service (self->shared, (guint)self->server, attempt, &self->service,
                                        error);
}

static FloeLdapVerdict
require_user (FloeLdapSession *self, FloeLdapAttempt *attempt, GError **error)
{
  g_autoptr (GError) problem = NULL;
  FloeLdapVerdict verdict;

  if (self->user != NULL)
    return FLOE_LDAP_FINE;
  self->user = open_handle (self->shared, (guint)self->server, attempt, &problem);
  if (self->user != NULL)
    return FLOE_LDAP_FINE;
  verdict = open_verdict (problem);
  g_propagate_error (error, g_steal_pointer (&problem));
  return verdict;
}

/* The other connection's server, with a question that costs it nothing. */
static gboolean
answers (gpointer service)
{
  static const gchar *const nothing[] = { LDAP_NO_ATTRS, NULL };
  FloeLdapLimit limit = { .until = g_get_monotonic_time () + PATIENCE / 2 };
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) message = NULL;
  gint id =
      floe_ldap_handle_send_search (service, "", LDAP_SCOPE_BASE, "(objectClass=*)", nothing, 1);

  if (id >= 0)
    message = floe_ldap_handle_receive (service, id, &limit, &reply);
  return message != NULL;
}

/* A password that was sent is tried nowhere else, so a server that is only slow with it is waited
 * for. One that is silent altogether is not, when another one is there for everybody else. */
static FloeLdapLimit
bind_limit (FloeLdapSession *self, const FloeLdapAttempt *attempt)
{
  FloeLdapLimit limit =
      floe_ldap_attempt_limit (attempt, self->shared->settings->operation_timeout);

  if (attempt->patience == 0 || self->service == NULL)
    return limit;
  limit.doubt_at = g_get_monotonic_time () + PATIENCE / 2;
  limit.is_alive = answers;
  limit.data = self->service;
  return limit;
}

/* A success proves that the password belongs to this entry: the DN came from the search, so it is
 * the server's own and not empty; the password is not empty, so the bind cannot have been an
 * unauthenticated one; referrals are not followed. A whoami would tell nothing more. */
FloeLdapVerdict
floe_ldap_session_try_password (FloeLdapSession *self, FloeLdapAttempt *attempt,
                                const FloeLdapPerson *person, FloeLdapReply *reply, GError **error)
{
  FloeLdapVerdict verdict = require_user (self, attempt, error);
  FloeLdapLimit limit;

  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  limit = bind_limit (self, attempt);
  attempt->bind_sent = TRUE;
  attempt->doubtful = TRUE;
  floe_ldap_handle_bind (self->user, person->dn, attempt->question->password, &limit, reply);
  attempt->doubtful = reply->code < 0;
  return floe_ldap_attempt_judge (attempt, FLOE_LDAP_USER_BIND, reply, error);
}

/* With a grace log-in the password has expired already. */
static FloeLdapVerdict
log_in (FloeLdapSession *self, FloeLdapAttempt *attempt, FloeLdapPerson *person, GError **error)
{
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  FloeLdapVerdict verdict = floe_ldap_session_try_password (self, attempt, person, &reply, error);

  if (reply.grace >= 0)
    person->account.password_ends = g_get_real_time () / G_USEC_PER_SEC;
  else if (reply.expires >= 0)
    person->account.password_ends = g_get_real_time () / G_USEC_PER_SEC + reply.expires;
  return verdict;
}

/* Not with every log-in: an administrator reads it once and as well. */
gboolean
floe_ldap_shared_may_complain (FloeLdapShared *shared)
{
  gint64 now = g_get_monotonic_time ();
  gboolean may;

  g_mutex_lock (&shared->lock);
  may = now >= shared->next_complaint;
  if (may)
    shared->next_complaint = now + COMPLAINT_PAUSE;
  g_mutex_unlock (&shared->lock);
  return may;
}

static void
note_groups (FloeLdapShared *shared, const FloeLdapMembership *call, const FloeLdapPerson *person)
{
  g_mutex_lock (&shared->lock);
  shared->group_round_trips += call->round_trips;
  g_mutex_unlock (&shared->lock);
  if (call->cut && floe_ldap_shared_may_complain (shared))
    g_warning ("\"%s\" is in more than %d groups, or more than the server shows, or some are "
               "nested deeper than %d; the rest does not count",
               person->dn, FLOE_LDAP_GROUPS_MAX, FLOE_LDAP_DEPTH_MAX);
}

static FloeLdapVerdict
read_groups (FloeLdapSession *self, FloeLdapAttempt *attempt, const FloeLdapPerson *person,
             FloeUser **user, GError **error)
{
  FloeLdapMembership call = { .settings = self->shared->settings,
                              .cache = self->shared->groups,
                              .service = self->service,
                              .until = attempt->question->until,
                              .cancellable = attempt->cancellable };
  g_auto (GStrv) groups = NULL;
  gint64 began = g_get_monotonic_time ();
  FloeLdapVerdict verdict = floe_ldap_membership_read (&call, person, &groups, error);

  attempt->last_code = call.code;
  note_groups (self->shared, &call, person);
  if (verdict == FLOE_LDAP_FINE)
    {
      *user = floe_user_new (person->id, person->name, person->display_name,
                             (const gchar *const *)groups);
      (*user)->password_expires = person->account.password_ends * G_USEC_PER_SEC;
      (*user)->groups_took = g_get_monotonic_time () - began;
    }
  return verdict;
}

static FloeLdapVerdict
change (FloeLdapSession *self, FloeLdapAttempt *attempt, const FloeLdapPerson *person,
        FloeUser **user, GError **error)
{
  FloeLdapVerdict verdict = floe_ldap_session_change (self, attempt, person, error);

  if (verdict == FLOE_LDAP_FINE)
    *user = floe_user_new (person->id, person->name, person->display_name, NULL);
  return verdict;
}

FloeLdapProof
floe_ldap_question_proof (const FloeLdapQuestion *question)
{
  if (question->password != NULL)
    return FLOE_LDAP_PROOF_PASSWORD;
  return question->name != NULL ? FLOE_LDAP_PROOF_TICKET : FLOE_LDAP_PROOF_NONE;
}

/* What is asked for: one of them. */
typedef struct
{
  FloeUser **user;
  FloeStanding **standing;
  GStrv *groups;
} Answer;

static FloeLdapVerdict
examine (FloeLdapSession *self, FloeLdapAttempt *attempt, const FloeLdapPerson *person,
         FloeStanding **standing, GError **error)
{
  const FloeLdapCall call = { .settings = self->shared->settings,
                              .handle = self->service,
                              .until = attempt->question->until,
                              .cancellable = attempt->cancellable };

  return floe_ldap_standing_read (&call, person, standing, error);
}

static FloeLdapVerdict
find_group (FloeLdapSession *self, FloeLdapAttempt *attempt, GStrv *ids, GError **error)
{
  const FloeLdapCall call = { .settings = self->shared->settings,
                              .handle = self->service,
                              .until = attempt->question->until,
                              .cancellable = attempt->cancellable };

  return floe_ldap_named_find (&call, attempt->question->group, ids, &attempt->last_code, error);
}

static FloeLdapVerdict
serve (FloeLdapSession *self, FloeLdapAttempt *attempt, FloeLdapPerson *person,
       const Answer *answer, GError **error)
{
  FloeLdapProof proof = floe_ldap_question_proof (attempt->question);
  FloeLdapVerdict verdict = FLOE_LDAP_FINE;

  if (answer->standing != NULL)
    return examine (self, attempt, person, answer->standing, error);
  if (attempt->question->new_password != NULL)
    return change (self, attempt, person, answer->user, error);
  if (proof == FLOE_LDAP_PROOF_PASSWORD)
    verdict = log_in (self, attempt, person, error);
  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  /* Only now, so that a log-in hears of it only with the right password. */
  if (!floe_ldap_person_has_sid (person, attempt->question->sid, error)
      || !floe_ldap_account_check (&person->account, proof, error))
    return FLOE_LDAP_REFUSED;
  return read_groups (self, attempt, person, answer->user, error);
}

/* An error of somebody who was found says who that is, for whoever counts wrong passwords. */
static FloeLdapVerdict
try_server (FloeLdapSession *self, FloeLdapAttempt *attempt, const Answer *answer, GError **error)
{
  g_autoptr (FloeLdapPerson) person = NULL;
  FloeLdapVerdict verdict = require_service (self, attempt, error);

  if (verdict == FLOE_LDAP_FINE && answer->groups != NULL)
    return find_group (self, attempt, answer->groups, error);
  if (verdict == FLOE_LDAP_FINE)
    verdict = floe_ldap_session_search (self, attempt, &person, error);
  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  verdict = serve (self, attempt, person, answer, error);
  if (verdict != FLOE_LDAP_FINE)
    floe_error_set_subject (*error, person->id);
  return verdict;
}

void
floe_ldap_shared_note_failure (FloeLdapShared *shared, guint server, gint64 began,
                               const FloeLdapAttempt *attempt, const GError *error)
{
  gboolean slow = g_get_monotonic_time () - began > SLOW;
  gint64 hold = attempt->unfit ? HOLD_REFUSED : slow ? HOLD_SLOW : 0;

  floe_ldap_servers_failed (shared->servers, server, hold, error->message);
}

static gboolean
is_given_up (FloeLdapShared *shared, GCancellable *cancellable)
{
  return g_atomic_int_get (&shared->closing) || g_cancellable_is_cancelled (cancellable);
}

/* Nobody waited for the server's answer, or it sent none to what may not be asked again. */
static gboolean
is_silence (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CANCELLED)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT);
}

/* Notes what the attempt taught about the server; returns whether another attempt makes sense. */
static gboolean
conclude (FloeLdapSession *self, FloeLdapVerdict verdict, const FloeLdapAttempt *attempt,
          gint64 began, guint *tried, GError *error)
{
  FloeLdapServers *servers = self->shared->servers;
  guint server = (guint)self->server;

  drop_unusable (self);
  if (verdict != FLOE_LDAP_UNREACHED && !attempt->unfit)
    {
      if (is_silence (error))
        floe_ldap_servers_release (servers, server);
      else
        floe_ldap_servers_reached (servers, server);
      return FALSE;
    }
  drop_connections (self);
  /* Kept connections may have died unnoticed, which says nothing about the server: once more, on
   * new ones. A server that is silent on a live connection is what a time-out means. */
  if (verdict == FLOE_LDAP_UNREACHED && attempt->kept && attempt->last_code != LDAP_TIMEOUT)
    {
      floe_ldap_servers_release (servers, server);
      return TRUE;
    }
  floe_ldap_shared_note_failure (self->shared, server, began, attempt, error);
  *tried |= 1u << server;
  /* A password that was sent and never answered may have been counted as wrong already, also by a
   * server that has gone since. */
  return !attempt->unfit && !attempt->doubtful
         && !(attempt->bind_sent && attempt->last_code == LDAP_TIMEOUT);
}

/* When all but one are silent, whoever comes first has met each of them: they share the time. */
static gint64
patience_for (FloeLdapShared *shared, guint but, gint64 since)
{
  guint others = floe_ldap_servers_count_up (shared->servers, but);
  gint64 left = since + PATIENCE - g_get_monotonic_time ();

  return others > 0 ? MAX (left / others, PATIENCE_LEAST) : 0;
}

/* Asks the servers in their order until one answers. */
static gboolean
ask (FloeLdapSession *self, const FloeLdapQuestion *question, const Answer *answer,
     GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;
  FloeLdapVerdict verdict = FLOE_LDAP_UNREACHED;
  gint64 since = g_get_monotonic_time ();
  guint tried = 0;
  gboolean again = TRUE;
  gboolean doubtful = FALSE;

  while (again && !is_given_up (self->shared, cancellable))
    {
      FloeLdapAttempt attempt = { .question = question,
                                  .cancellable = cancellable,
                                  .doubtful = doubtful };
      gint64 began = g_get_monotonic_time ();
      gint server =
          floe_ldap_servers_pick (self->shared->servers, tried, question->until, cancellable);

      if (server < 0)
        break;
      attempt.patience = patience_for (self->shared, tried | 1u << server, since);
      g_clear_error (&problem);
      began = g_get_monotonic_time ();
      keep_what_is_good (self, server, &attempt);
      verdict = try_server (self, &attempt, answer, &problem);
      again = conclude (self, verdict, &attempt, began, &tried, problem)
              && g_get_monotonic_time () < question->until;
      doubtful = attempt.doubtful;
      if (doubtful)
        tried = ~(1u << server); /* which alone may see the password again */
    }
  if (verdict == FLOE_LDAP_FINE)
    return TRUE;
  if (is_given_up (self->shared, cancellable))
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CANCELLED, "given up");
  else if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down",
                           "no directory server answers");
  return FALSE;
}

/**
 * floe_ldap_session_ask:
 * @self: this thread's session
 * @question: what to ask
 * @cancellable: (nullable): cancelled when nobody waits any more
 *
 * Asks the servers in their order until one answers. Blocks.
 *
 * Returns: (transfer full): the person, whose password is changed if that was asked for; or %NULL
 * with an error as the directory port has it
 */
FloeUser *
floe_ldap_session_ask (FloeLdapSession *self, const FloeLdapQuestion *question,
                       GCancellable *cancellable, GError **error)
{
  FloeUser *user = NULL;

  ask (self, question, &(const Answer){ .user = &user }, cancellable, error);
  return user;
}

/**
 * floe_ldap_session_examine:
 * @question: about whom, by their id
 *
 * As floe_ldap_session_ask().
 *
 * Returns: (transfer full): how their account stands
 */
FloeStanding *
floe_ldap_session_examine (FloeLdapSession *self, const FloeLdapQuestion *question,
                           GCancellable *cancellable, GError **error)
{
  FloeStanding *standing = NULL;

  ask (self, question, &(const Answer){ .standing = &standing }, cancellable, error);
  return standing;
}

/**
 * floe_ldap_session_find_group:
 * @question: which name
 *
 * As floe_ldap_session_ask().
 *
 * Returns: (transfer full): the lasting ids of the groups that are called that
 */
GStrv
floe_ldap_session_find_group (FloeLdapSession *self, const FloeLdapQuestion *question,
                              GCancellable *cancellable, GError **error)
{
  GStrv ids = NULL;

  ask (self, question, &(const Answer){ .groups = &ids }, cancellable, error);
  return ids;
}
