/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-session-private.h"

#include "core/error.h"
#include "directory/ldap-text.h"
#include "directory/ldap-values.h"

static gchar *
filter_for (const FloeLdapSettings *settings, const FloeLdapQuestion *question)
{
  if (question->name != NULL)
    return floe_ldap_filter_for_either (settings->user_filter, question->name->user,
                                        question->name->whole);
  return floe_ldap_filter_for_id (settings->user_filter, settings->id_attribute, question->id);
}

/* What the search told about nobody, and about more than one. A log-in says "wrong name or
 * password" to both: whoever types a name shall not learn that it is a special one. */
static void
set_not_one (FloeLdapSession *self, const FloeLdapAttempt *attempt, LDAPMessage *result, gint n,
             GError **error)
{
  LDAP *ld = floe_ldap_handle_get (self->service);
  g_autofree gchar *dn = NULL;

  if (attempt->question->password != NULL)
    floe_ldap_set_wrong_credentials (error);
  else if (attempt->question->name != NULL)
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "unknown-person",
                           "the directory has nobody of that name");
  else if (n == 0)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such person");
  else
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "several entries have one id");
  if (n == 0 || !floe_ldap_shared_may_complain (self->shared))
    return;
  /* Not what was typed: people type passwords into the field for the name. */
  dn = floe_ldap_read_dn (ld, ldap_first_entry (ld, result));
  g_warning ("the user filter finds several entries for one name, of which \"%s\" is the first; "
             "none of them can log in",
             dn != NULL ? dn : "");
}

static FloeLdapVerdict
read_person (FloeLdapSession *self, FloeLdapAttempt *attempt, LDAPMessage *result,
             FloeLdapPerson **person, GError **error)
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
receive_disabled (FloeLdapSession *self, FloeLdapAttempt *attempt, gint id, gboolean *disabled,
                  GError **error)
{
  FloeLdapLimit limit =
      floe_ldap_attempt_short_limit (attempt, self->shared->settings->operation_timeout);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = NULL;
  FloeLdapVerdict verdict;

  result = floe_ldap_handle_receive (self->service, id, &limit, &reply);
  verdict = floe_ldap_attempt_judge (attempt, FLOE_LDAP_SEARCH, &reply, error);
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
receive_person (FloeLdapSession *self, FloeLdapAttempt *attempt, gint id, FloeLdapPerson **person,
                GError **error)
{
  FloeLdapLimit limit =
      floe_ldap_attempt_short_limit (attempt, self->shared->settings->operation_timeout);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = NULL;
  FloeLdapVerdict verdict;

  if (id < 0)
    reply.code = id;
  else
    result = floe_ldap_handle_receive (self->service, id, &limit, &reply);
  verdict = floe_ldap_attempt_judge (attempt, FLOE_LDAP_SEARCH, &reply, error);
  return verdict == FLOE_LDAP_FINE ? read_person (self, attempt, result, person, error) : verdict;
}

/**
 * floe_ldap_session_search:
 * @person: (out): who is asked about
 *
 * Looks for the one person, on a service connection that is there.
 */
FloeLdapVerdict
floe_ldap_session_search (FloeLdapSession *self, FloeLdapAttempt *attempt, FloeLdapPerson **person,
                          GError **error)
{
  static const gchar *const nothing[] = { LDAP_NO_ATTRS, NULL };
  const FloeLdapSettings *settings = self->shared->settings;
  g_autofree const gchar **attributes =
      floe_ldap_person_attributes (settings, floe_ldap_question_proof (attempt->question));
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
