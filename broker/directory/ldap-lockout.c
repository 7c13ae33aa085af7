/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-lockout.h"

#include "directory/ldap-look.h"
#include "directory/ldap-profile.h"
#include "directory/ldap-values.h"

#include <string.h>

#define POLICIES_MAX 100

typedef struct
{
  FloeLdapHandle *handle;
  const FloeLdapSettings *settings;
  GCancellable *cancellable;
  FloeLockout *lockout;
} Reading;

/* What it says of an entry's policy. */
typedef void (*Note) (LDAP *ld, LDAPMessage *entry, FloeLockout *lockout);

static FloeLdapLimit
limit_of (const Reading *self)
{
  return floe_ldap_limit_new (self->settings->operation_timeout, G_MAXINT64, self->cancellable);
}

static LDAPMessage *
look_at (const Reading *self, const gchar *dn, const gchar *const *attributes)
{
  FloeLdapLimit limit = limit_of (self);

  return floe_ldap_look_at (self->handle, dn, attributes, &limit);
}

static void
note_one (const Reading *self, const gchar *dn, const gchar *const *attributes, Note note)
{
  LDAP *ld = floe_ldap_handle_get (self->handle);
  g_autoptr (FloeLdapMessage) result = look_at (self, dn, attributes);
  LDAPMessage *entry = result != NULL ? ldap_first_entry (ld, result) : NULL;

  if (entry != NULL)
    note (ld, entry, self->lockout);
}

static void
note_all (const Reading *self, const FloeLdapQuery *query, Note note)
{
  LDAP *ld = floe_ldap_handle_get (self->handle);
  FloeLdapLimit limit = limit_of (self);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = floe_ldap_look_for (self->handle, query, &limit, &reply);
  LDAPMessage *entry = result != NULL ? ldap_first_entry (ld, result) : NULL;

  for (; entry != NULL; entry = ldap_next_entry (ld, entry))
    note (ld, entry, self->lockout);
}

/* --- Active Directory --------------------------------------------------------------------------*/

/* Active Directory counts backwards. */
static void
note_ticks (LDAP *ld, LDAPMessage *entry, const gchar *tries_name, const gchar *window_name,
            FloeLockout *lockout)
{
  gint64 tries = floe_ldap_read_number (ld, entry, tries_name, -1);

  if (tries >= 0)
    floe_lockout_note (lockout, tries,
                       -(floe_ldap_read_number (ld, entry, window_name, -1) / FLOE_LDAP_AD_TICKS));
}

static void
note_domain (LDAP *ld, LDAPMessage *entry, FloeLockout *lockout)
{
  note_ticks (ld, entry, "lockoutThreshold", "lockOutObservationWindow", lockout);
}

static void
note_fine_grained (LDAP *ld, LDAPMessage *entry, FloeLockout *lockout)
{
  note_ticks (ld, entry, "msDS-LockoutThreshold", "msDS-LockoutObservationWindow", lockout);
}

/* Besides the domain's policy there may be finer ones, for groups and people. Only administrators
 * read them unless they let others: those that cannot be read are not known. */
static void
read_domain (const Reading *self, const gchar *domain)
{
  static const gchar *const of_domain[] = { "lockoutThreshold", "lockOutObservationWindow", NULL };
  static const gchar *const of_policy[] = { "msDS-LockoutThreshold",
                                            "msDS-LockoutObservationWindow", NULL };
  g_autofree gchar *container =
      g_strconcat ("CN=Password Settings Container,CN=System,", domain, NULL);
  const FloeLdapQuery finer = { container, LDAP_SCOPE_ONELEVEL,
                                "(objectClass=msDS-PasswordSettings)", of_policy, POLICIES_MAX };

  note_one (self, domain, of_domain, note_domain);
  note_all (self, &finer, note_fine_grained);
}

/* --- the others --------------------------------------------------------------------------------*/

static void
note_policy (LDAP *ld, LDAPMessage *entry, FloeLockout *lockout)
{
  g_autofree gchar *locks = floe_ldap_read_text (ld, entry, "pwdLockout");
  gint64 kerberos = floe_ldap_read_number (ld, entry, "krbPwdMaxFailure", -1);
  gint64 tries = floe_ldap_read_number (ld, entry, "pwdMaxFailure", -1);

  if (kerberos >= 0)
    floe_lockout_note (lockout, kerberos,
                       floe_ldap_read_number (ld, entry, "krbPwdFailureCountInterval", -1));
  else if (locks != NULL && g_ascii_strcasecmp (locks, "TRUE") == 0)
    floe_lockout_note (lockout, tries,
                       floe_ldap_read_number (ld, entry, "pwdFailureCountInterval", -1));
  else if (locks != NULL)
    floe_lockout_note (lockout, 0, 0);
}

/* OpenLDAP does not say which policy is the default one, and anybody may have another: all count.
 */
static void
read_policies (const Reading *self, const gchar *suffix)
{
  static const gchar *const attributes[] = { "pwdLockout",
                                             "pwdMaxFailure",
                                             "pwdFailureCountInterval",
                                             "krbPwdMaxFailure",
                                             "krbPwdFailureCountInterval",
                                             NULL };
  const FloeLdapQuery query = { suffix, LDAP_SCOPE_SUBTREE,
                                "(|(objectClass=pwdPolicy)(objectClass=krbPwdPolicy))", attributes,
                                POLICIES_MAX };

  note_all (self, &query, note_policy);
}

static void
note_server (LDAP *ld, LDAPMessage *entry, FloeLockout *lockout)
{
  g_autofree gchar *locks = floe_ldap_read_text (ld, entry, "passwordLockout");
  gboolean on = locks != NULL && g_ascii_strcasecmp (locks, "on") == 0;

  if (locks != NULL)
    floe_lockout_note (lockout,
                       on ? floe_ldap_read_number (ld, entry, "passwordMaxFailure", -1) : 0,
                       floe_ldap_read_number (ld, entry, "passwordResetFailureCount", -1));
}

static gboolean
is_389 (const Reading *self, LDAPMessage *root)
{
  g_autofree gchar *vendor =
      floe_ldap_read_text (floe_ldap_handle_get (self->handle), root, "vendorName");

  return vendor != NULL && strstr (vendor, "389") != NULL;
}

/* 389-ds keeps its own for the whole server, where few may read it. */
static void
read_server (const Reading *self, LDAPMessage *root)
{
  static const gchar *const attributes[] = { "passwordLockout", "passwordMaxFailure",
                                             "passwordResetFailureCount", NULL };
  guint known = self->lockout->n_policies;

  note_one (self, "cn=config", attributes, note_server);
  self->lockout->hidden = self->lockout->n_policies == known && is_389 (self, root);
}

static void
read_others (const Reading *self, LDAPMessage *root)
{
  g_autoptr (GPtrArray) suffixes = g_ptr_array_new_with_free_func (g_free);

  floe_ldap_read_texts (floe_ldap_handle_get (self->handle), root, "namingContexts", suffixes);
  for (guint i = 0; i < suffixes->len; i++)
    read_policies (self, suffixes->pdata[i]);
  read_server (self, root);
}

/**
 * floe_ldap_lockout_read:
 * @handle: bound as the service account
 * @cancellable: (nullable): gives up
 * @lockout: (out caller-allocates): when accounts are locked, as far as that account may know
 *
 * Reads when the directory locks accounts. Blocks, for a few searches.
 *
 * Returns: whether the server was still there at the end
 */
gboolean
floe_ldap_lockout_read (FloeLdapHandle *handle, const FloeLdapSettings *settings,
                        GCancellable *cancellable, FloeLockout *lockout)
{
  static const gchar *const attributes[] = { "defaultNamingContext", "namingContexts", "vendorName",
                                             NULL };
  const Reading reading = { handle, settings, cancellable, lockout };
  LDAP *ld = floe_ldap_handle_get (handle);
  g_autoptr (FloeLdapMessage) result = look_at (&reading, "", attributes);
  LDAPMessage *root = result != NULL ? ldap_first_entry (ld, result) : NULL;
  g_autofree gchar *domain = NULL;

  *lockout = (FloeLockout){ 0 };
  if (root == NULL)
    return FALSE;
  if (floe_ldap_profile_find (settings->profile)->account != FLOE_LDAP_ACCOUNT_AD)
    read_others (&reading, root);
  else
    {
      domain = floe_ldap_read_text (ld, root, "defaultNamingContext");
      if (domain != NULL)
        read_domain (&reading, domain);
    }
  return floe_ldap_handle_is_usable (handle);
}
