/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-change.h"

#include "core/error.h"
#include "directory/ldap-profile.h"
#include "directory/ldap-session-private.h"
#include "directory/ldap-text.h"

static gboolean
changes_for_people (const FloeLdapSettings *settings)
{
  return floe_ldap_profile_find (settings->profile)->changes_for_people;
}

static gboolean
fits (const FloeLdapSettings *settings, const FloeSecret *password)
{
  g_autoptr (FloeSecret) quoted = NULL;

  if (!floe_ldap_password_is_acceptable (password))
    return FALSE;
  if (!changes_for_people (settings))
    return TRUE;
  quoted = floe_ldap_password_quote (password);
  return quoted != NULL;
}

/**
 * floe_ldap_change_check:
 * @passwords: as typed
 * @error: as of a change that the directory refused
 *
 * Returns: whether the directory may be asked
 */
gboolean
floe_ldap_change_check (const FloeLdapSettings *settings, const FloeLdapPasswords *passwords,
                        GError **error)
{
  if (!fits (settings, passwords->old))
    floe_ldap_set_wrong_credentials (error);
  else if (floe_secret_is_empty (passwords->new))
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "password-refused",
                           "the new password is empty");
  else if (!fits (settings, passwords->new))
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "password-refused",
                           "the new password is too long, or holds what no password may");
  else
    return TRUE;
  return FALSE;
}

/* What a log-in is refused for and a change is made for. */
static gboolean
is_too_old (const GError *error)
{
  const gchar *reason = floe_error_reason (error);

  return g_strcmp0 (reason, "must-change") == 0 || g_strcmp0 (reason, "expired") == 0;
}

/* The password is right, and the account one that may be used but for the password's age. */
static FloeLdapVerdict
prove (FloeLdapSession *self, FloeLdapAttempt *attempt, const FloeLdapPerson *person,
       GError **error)
{
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (GError) problem = NULL;
  FloeLdapVerdict verdict =
      floe_ldap_session_try_password (self, attempt, person, &reply, &problem);

  if (verdict != FLOE_LDAP_FINE && !is_too_old (problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return verdict;
    }
  return floe_ldap_account_check (&person->account, FLOE_LDAP_PROOF_NONE, error)
             ? FLOE_LDAP_FINE
             : FLOE_LDAP_REFUSED;
}

/* A connection on which a password was changed is not the one that it was before: a must-change
 * session stays restricted, and one of an expired password is nobody's. */
static FloeLdapVerdict
change_own (FloeLdapSession *self, FloeLdapAttempt *attempt, const FloeLdapPerson *person,
            GError **error)
{
  const FloeLdapPasswords passwords = { attempt->question->password,
                                        attempt->question->new_password };
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  FloeLdapVerdict verdict = prove (self, attempt, person, error);
  FloeLdapLimit limit;

  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  limit = floe_ldap_attempt_limit (attempt, self->shared->settings->operation_timeout);
  floe_ldap_password_change_own (self->user, &passwords, &limit, &reply);
  g_clear_pointer (&self->user, floe_ldap_handle_free);
  return floe_ldap_attempt_judge (attempt, FLOE_LDAP_CHANGE, &reply, error);
}

/* The directory itself would change the password of an account that is out of use. Whoever proves
 * to know that password is told what a log-in would tell. */
static FloeLdapVerdict
change_for (FloeLdapSession *self, FloeLdapAttempt *attempt, const FloeLdapPerson *person,
            GError **error)
{
  const FloeLdapPasswords passwords = { attempt->question->password,
                                        attempt->question->new_password };
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  FloeLdapVerdict verdict = FLOE_LDAP_FINE;
  FloeLdapLimit limit;

  if (!floe_ldap_account_check (&person->account, FLOE_LDAP_PROOF_NONE, NULL))
    verdict = prove (self, attempt, person, error);
  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  limit = floe_ldap_attempt_limit (attempt, self->shared->settings->operation_timeout);
  floe_ldap_password_change_unicode (self->service, person->dn, &passwords, &limit, &reply);
  return floe_ldap_attempt_judge (attempt, FLOE_LDAP_CHANGE, &reply, error);
}

/**
 * floe_ldap_session_change:
 * @person: whose password the question's is to be changed; as found on the service connection
 * @error: what became of it, see floe_directory_change_password_finish()
 *
 * Changes a password in the way of the directory's kind.
 */
FloeLdapVerdict
floe_ldap_session_change (FloeLdapSession *self, FloeLdapAttempt *attempt,
                          const FloeLdapPerson *person, GError **error)
{
  return changes_for_people (self->shared->settings) ? change_for (self, attempt, person, error)
                                                     : change_own (self, attempt, person, error);
}
