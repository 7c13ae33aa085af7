/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-session.h"

#include "core/error.h"
#include "directory/ldap-handle.h"
#include "directory/ldap-membership.h"
#include "directory/ldap-outcome.h"
#include "directory/ldap-person.h"
#include "directory/ldap-text.h"
#include "directory/ldap-values.h"

/* A server that took its time to fail is not asked again at once, so that a queue of log-ins is
 * told "no directory" now and not one time-out after the other. */
#define HOLD_SLOW G_USEC_PER_SEC

/* A service account that is refused would soon be locked, too. */
#define HOLD_REFUSED (30 * G_USEC_PER_SEC)

#define COMPLAINT_PAUSE (60 * G_USEC_PER_SEC)

struct _FloeLdapSession
{
  FloeLdapShared *shared;
  gint server; /* which one both handles are for */
  FloeLdapHandle *service;
  FloeLdapHandle *user;
};

/* One try at one server. */
typedef struct
{
  const FloeLdapQuestion *question;
  GCancellable *cancellable;
  gboolean kept;      /* began on connections of an earlier call, which may be dead */
  gboolean unfit;     /* the server does not take our own account */
  gboolean bind_sent; /* the person's password went out */
  gint last_code;
} Attempt;

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

static FloeLdapLimit
limit_for (const Attempt *attempt, guint seconds)
{
  gint64 until = g_get_monotonic_time () + (gint64)seconds * G_USEC_PER_SEC;

  return (FloeLdapLimit){ MIN (until, attempt->question->until), attempt->cancellable };
}

static FloeLdapVerdict
judge (Attempt *attempt, FloeLdapStep step, const FloeLdapReply *reply, GError **error)
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
open_handle (FloeLdapShared *shared, guint server, Attempt *attempt, GError **error)
{
  const FloeLdapSettings *settings = shared->settings;
  FloeLdapLimit limit = limit_for (attempt, settings->connect_timeout);

  return floe_ldap_handle_open (settings, settings->uris[server], shared->guard, &limit, error);
}

static FloeLdapVerdict
open_service (FloeLdapShared *shared, guint server, Attempt *attempt, FloeLdapHandle **handle,
              GError **error)
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
  limit = limit_for (attempt, settings->operation_timeout);
  floe_ldap_handle_bind (opened, settings->bind_dn, settings->bind_password, &limit, &reply);
  verdict = judge (attempt, FLOE_LDAP_SERVICE_BIND, &reply, error);
  attempt->unfit = verdict == FLOE_LDAP_REFUSED && reply.code >= 0;
  if (verdict == FLOE_LDAP_FINE)
    *handle = g_steal_pointer (&opened);
  return verdict;
}

/* The connections that this session has for @server, as far as they are still good. */
static void
keep_what_is_good (FloeLdapSession *self, gint server, Attempt *attempt)
{
  if (self->server != server)
    drop_connections (self);
  self->server = server;
  if (self->service != NULL && !floe_ldap_handle_is_usable (self->service))
    g_clear_pointer (&self->service, floe_ldap_handle_free);
  if (self->user != NULL && !floe_ldap_handle_is_usable (self->user))
    g_clear_pointer (&self->user, floe_ldap_handle_free);
  attempt->kept = self->service != NULL || self->user != NULL;
}

static FloeLdapVerdict
require_service (FloeLdapSession *self, Attempt *attempt, GError **error)
{
  if (self->service != NULL)
    return FLOE_LDAP_FINE;
  return open_service (self->shared, (guint)self->server, attempt, &self->service, error);
}

static FloeLdapVerdict
require_user (FloeLdapSession *self, Attempt *attempt, GError **error)
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

static gchar *
filter_for (const FloeLdapSettings *settings, const FloeLdapQuestion *question)
{
  if (question->name != NULL)
    return floe_ldap_filter_for_either (settings->user_filter, question->name->user,
                                        question->name->whole);
  return floe_ldap_filter_for_id (settings->user_filter, settings->id_attribute, question->id);
}

/* Not with every log-in: an administrator reads it once and as well. */
static gboolean
may_complain (FloeLdapShared *shared)
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

/* What the search told about nobody, and about more than one. A log-in says "wrong name or
 * password" to both: whoever types a name shall not learn that it is a special one. */
static void
set_not_one (FloeLdapSession *self, const Attempt *attempt, LDAPMessage *result, gint n,
             GError **error)
{
  LDAP *ld = floe_ldap_handle_get (self->service);
  g_autofree gchar *dn = NULL;

  if (attempt->question->name != NULL)
    floe_ldap_set_wrong_credentials (error);
  else if (n == 0)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such person");
  else
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "several entries have one id");
  if (n == 0 || !may_complain (self->shared))
    return;
  /* Not what was typed: people type passwords into the field for the name. */
  dn = floe_ldap_read_dn (ld, ldap_first_entry (ld, result));
  g_warning ("the user filter finds several entries for one name, of which \"%s\" is the first; "
             "none of them can log in",
             dn != NULL ? dn : "");
}

static FloeLdapVerdict
read_person (FloeLdapSession *self, Attempt *attempt, LDAPMessage *result, FloeLdapPerson **person,
             GError **error)
{
  LDAP *ld = floe_ldap_handle_get (self->service);
  gint n = ldap_count_entries (ld, result); /* references are not counted, and not followed */

  if (n != 1)
    set_not_one (self, attempt, result, n, error);
  else
    *person =
        floe_ldap_person_new (self->shared->settings, ld, ldap_first_entry (ld, result), error);
  return *person != NULL ? FLOE_LDAP_FINE : FLOE_LDAP_REFUSED;
}

/* Whether an entry matches the administrator's filter, only the server can tell. The second search
 * goes out with the first and costs no round trip of its own. */
static FloeLdapVerdict
receive_disabled (FloeLdapSession *self, Attempt *attempt, gint id, gboolean *disabled,
                  GError **error)
{
  FloeLdapLimit limit = limit_for (attempt, self->shared->settings->operation_timeout);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = NULL;
  FloeLdapVerdict verdict;

  result = floe_ldap_handle_receive (self->service, id, &limit, &reply);
  verdict = judge (attempt, FLOE_LDAP_SEARCH, &reply, error);
  if (verdict == FLOE_LDAP_FINE)
    *disabled = ldap_count_entries (floe_ldap_handle_get (self->service), result) > 0;
  return verdict;
}

static gint
send_search (FloeLdapSession *self, const gchar *filter, const gchar *const *attributes, gint max)
{
  return floe_ldap_handle_send_search (self->service, self->shared->settings->base,
                                       LDAP_SCOPE_SUBTREE, filter, attributes, max);
}

static FloeLdapVerdict
receive_person (FloeLdapSession *self, Attempt *attempt, gint id, FloeLdapPerson **person,
                GError **error)
{
  FloeLdapLimit limit = limit_for (attempt, self->shared->settings->operation_timeout);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = NULL;
  FloeLdapVerdict verdict;

  if (id < 0)
    reply.code = id;
  else
    result = floe_ldap_handle_receive (self->service, id, &limit, &reply);
  verdict = judge (attempt, FLOE_LDAP_SEARCH, &reply, error);
  return verdict == FLOE_LDAP_FINE ? read_person (self, attempt, result, person, error) : verdict;
}

static FloeLdapVerdict
search (FloeLdapSession *self, Attempt *attempt, FloeLdapPerson **person, GError **error)
{
  static const gchar *const nothing[] = { LDAP_NO_ATTRS, NULL };
  const FloeLdapSettings *settings = self->shared->settings;
  g_autofree const gchar **attributes = floe_ldap_person_attributes (settings);
  g_autofree gchar *filter = filter_for (settings, attempt->question);
  g_autofree gchar *disabled_filter = NULL;
  gboolean disabled = FALSE;
  FloeLdapVerdict verdict;
  gint id, disabled_id = -1;

  if (filter == NULL) /* nobody can have such an id */
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such person");
      return FLOE_LDAP_REFUSED;
    }
  id = send_search (self, filter, attributes, 2);
  if (id >= 0 && settings->disabled_filter != NULL)
    {
      disabled_filter = floe_ldap_filter_and (filter, settings->disabled_filter);
      disabled_id = send_search (self, disabled_filter, nothing, 1);
      id = disabled_id < 0 ? disabled_id : id;
    }
  verdict = receive_person (self, attempt, id, person, error);
  if (disabled_id < 0)
    return verdict;
  if (verdict != FLOE_LDAP_FINE)
    {
      /* Its answer is still to come: take it, so that the connection is clean for the next. */
      if (verdict == FLOE_LDAP_REFUSED)
        receive_disabled (self, attempt, disabled_id, &disabled, NULL);
      return verdict;
    }
  verdict = receive_disabled (self, attempt, disabled_id, &disabled, error);
  (*person)->account.disabled |= disabled;
  return verdict;
}

/* A success proves that the password belongs to this entry: the DN came from the search, so it is
 * the server's own and not empty; the password is not empty, so the bind cannot have been an
 * unauthenticated one; referrals are not followed. A whoami would tell nothing more. */
static FloeLdapVerdict
try_password (FloeLdapSession *self, Attempt *attempt, const FloeLdapPerson *person, GError **error)
{
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  FloeLdapVerdict verdict = require_user (self, attempt, error);
  FloeLdapLimit limit;

  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  limit = limit_for (attempt, self->shared->settings->operation_timeout);
  attempt->bind_sent = TRUE;
  floe_ldap_handle_bind (self->user, person->dn, attempt->question->password, &limit, &reply);
  verdict = judge (attempt, FLOE_LDAP_USER_BIND, &reply, error);
  if (!floe_ldap_handle_is_usable (self->user))
    g_clear_pointer (&self->user, floe_ldap_handle_free);
  return verdict;
}

static void
note_groups (FloeLdapShared *shared, const FloeLdapMembership *call, const FloeLdapPerson *person)
{
  g_mutex_lock (&shared->lock);
  shared->group_round_trips += call->round_trips;
  g_mutex_unlock (&shared->lock);
  if (call->cut && may_complain (shared))
    g_warning ("\"%s\" is in more than %d groups, or some are nested deeper than %d; the rest does "
               "not count",
               person->dn, FLOE_LDAP_GROUPS_MAX, FLOE_LDAP_DEPTH_MAX);
}

static FloeLdapVerdict
read_groups (FloeLdapSession *self, Attempt *attempt, const FloeLdapPerson *person, FloeUser **user,
             GError **error)
{
  FloeLdapMembership call = { .settings = self->shared->settings,
                              .cache = self->shared->groups,
                              .service = self->service,
                              .until = attempt->question->until,
                              .cancellable = attempt->cancellable };
  g_auto (GStrv) groups = NULL;
  FloeLdapVerdict verdict = floe_ldap_membership_read (&call, person, &groups, error);

  attempt->last_code = call.code;
  note_groups (self->shared, &call, person);
  if (verdict == FLOE_LDAP_FINE)
    *user = floe_user_new (person->id, person->name, person->display_name,
                           (const gchar *const *)groups);
  return verdict;
}

static FloeLdapVerdict
try_server (FloeLdapSession *self, Attempt *attempt, FloeUser **user, GError **error)
{
  gboolean with_password = attempt->question->password != NULL;
  g_autoptr (FloeLdapPerson) person = NULL;
  FloeLdapVerdict verdict = require_service (self, attempt, error);

  if (verdict == FLOE_LDAP_FINE)
    verdict = search (self, attempt, &person, error);
  if (verdict == FLOE_LDAP_FINE && with_password)
    verdict = try_password (self, attempt, person, error);
  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  /* Only now, so that a log-in hears of it only with the right password. */
  if (!floe_ldap_account_check (&person->account, with_password, error))
    return FLOE_LDAP_REFUSED;
  return read_groups (self, attempt, person, user, error);
}

static void
note_failure (FloeLdapShared *shared, guint server, gint64 began, const Attempt *attempt,
              const GError *error)
{
  gboolean slow = g_get_monotonic_time () - began > HOLD_SLOW / 2;
  gint64 hold = attempt->unfit ? HOLD_REFUSED : slow ? HOLD_SLOW : 0;

  floe_ldap_servers_failed (shared->servers, server, hold, error->message);
}

static gboolean
is_given_up (FloeLdapShared *shared, GCancellable *cancellable)
{
  return g_atomic_int_get (&shared->closing) || g_cancellable_is_cancelled (cancellable);
}

/* Notes what the attempt taught about the server; returns whether another attempt makes sense. */
static gboolean
conclude (FloeLdapSession *self, FloeLdapVerdict verdict, const Attempt *attempt, gint64 began,
          guint *tried, GError *error)
{
  FloeLdapServers *servers = self->shared->servers;
  guint server = (guint)self->server;

  if (verdict != FLOE_LDAP_UNREACHED && !attempt->unfit)
    {
      if (error == NULL || !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CANCELLED))
        floe_ldap_servers_reached (servers, server);
      else
        floe_ldap_servers_release (servers, server);
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
  note_failure (self->shared, server, began, attempt, error);
  *tried |= 1u << server;
  /* A password that was sent and never answered may have been counted as wrong already. */
  return !attempt->unfit && !(attempt->bind_sent && attempt->last_code == LDAP_TIMEOUT);
}

/**
 * floe_ldap_session_ask:
 * @self: this thread's session
 * @question: what to ask
 * @cancellable: (nullable): cancelled when nobody waits any more
 *
 * Asks the servers in their order until one answers. Blocks.
 *
 * Returns: (transfer full): the person, or %NULL with an error as the directory port has it
 */
FloeUser *
floe_ldap_session_ask (FloeLdapSession *self, const FloeLdapQuestion *question,
                       GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;
  FloeUser *user = NULL;
  guint tried = 0;
  gboolean again = TRUE;

  while (again && !is_given_up (self->shared, cancellable))
    {
      Attempt attempt = { .question = question, .cancellable = cancellable };
      gint64 began = g_get_monotonic_time ();
      FloeLdapVerdict verdict;
      gint server =
          floe_ldap_servers_pick (self->shared->servers, tried, question->until, cancellable);

      if (server < 0)
        break;
      g_clear_error (&problem);
      began = g_get_monotonic_time ();
      keep_what_is_good (self, server, &attempt);
      verdict = try_server (self, &attempt, &user, &problem);
      again = conclude (self, verdict, &attempt, began, &tried, problem)
              && g_get_monotonic_time () < question->until;
    }
  if (user != NULL)
    return user;
  if (is_given_up (self->shared, cancellable))
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CANCELLED, "given up");
  else if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down",
                           "no directory server answers");
  return NULL;
}

/**
 * floe_ldap_session_probe:
 * @shared: what the sessions share
 * @server: a server that floe_ldap_servers_take_probe() gave
 * @cancellable: (nullable): not looked at while libldap works
 *
 * Finds out whether a server can be used again, on connections that no log-in waits for. Blocks.
 */
void
floe_ldap_session_probe (FloeLdapShared *shared, guint server, GCancellable *cancellable)
{
  gint64 began = g_get_monotonic_time ();
  gint64 seconds = (gint64)shared->settings->connect_timeout + shared->settings->operation_timeout;
  FloeLdapQuestion question = { .until = began + seconds * G_USEC_PER_SEC };
  Attempt attempt = { .question = &question, .cancellable = cancellable };
  g_autoptr (FloeLdapHandle) handle = NULL;
  g_autoptr (GError) problem = NULL;

  if (open_service (shared, server, &attempt, &handle, &problem) == FLOE_LDAP_FINE)
    floe_ldap_servers_reached (shared->servers, server);
  else
    note_failure (shared, server, began, &attempt, problem);
}
