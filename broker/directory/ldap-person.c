/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-person.h"

#include "core/error.h"
#include "directory/ldap-id.h"
#include "directory/ldap-values.h"

static gboolean
is_active_directory (const FloeLdapSettings *settings)
{
  return floe_ldap_profile_find (settings->profile)->account == FLOE_LDAP_ACCOUNT_AD;
}

static gchar *
sid_text (const gchar *attribute, const struct berval *value)
{
  return floe_ldap_sid_to_text (value);
}

/**
 * floe_ldap_person_attributes:
 * @proof: what the person shows
 *
 * Returns: (transfer container) (array zero-terminated=1): what a search has to ask for
 */
const gchar **
floe_ldap_person_attributes (const FloeLdapSettings *settings, FloeLdapProof proof)
{
  GPtrArray *names = g_ptr_array_new ();

  g_ptr_array_add (names, settings->id_attribute);
  g_ptr_array_add (names, settings->name_attribute);
  g_ptr_array_add (names, settings->display_name_attribute);
  if (floe_ldap_settings_reads_groups (settings))
    g_ptr_array_add (names, settings->group_attribute);
  if (is_active_directory (settings))
    g_ptr_array_add (names, (gpointer)FLOE_LDAP_SID);
  floe_ldap_account_add_attributes (names, proof);
  g_ptr_array_add (names, NULL);
  return (const gchar **)g_ptr_array_free (names, FALSE);
}

static GStrv
read_groups (const FloeLdapSettings *settings, LDAP *ld, LDAPMessage *entry)
{
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (g_free);

  if (floe_ldap_settings_reads_groups (settings))
    floe_ldap_read_texts (ld, entry, settings->group_attribute, groups);
  g_ptr_array_add (groups, NULL);
  return (GStrv)g_ptr_array_steal (groups, NULL);
}

/**
 * floe_ldap_person_new:
 * @settings: the directory's
 * @ld: what @entry came from
 * @entry: a search entry
 *
 * Returns: (transfer full): the person; or %NULL with %FLOE_ERROR_INTERNAL when the entry has no
 *   DN, no id or no name, which is for the administrator to set right
 */
FloeLdapPerson *
floe_ldap_person_new (const FloeLdapSettings *settings, LDAP *ld, LDAPMessage *entry,
                      GError **error)
{
  g_autoptr (FloeLdapPerson) self = g_new0 (FloeLdapPerson, 1);

  self->dn = floe_ldap_read_dn (ld, entry);
  self->id = floe_ldap_read_first (ld, entry, settings->id_attribute, floe_ldap_id_read);
  self->name = floe_ldap_read_text (ld, entry, settings->name_attribute);
  self->display_name = floe_ldap_read_text (ld, entry, settings->display_name_attribute);
  if (self->dn == NULL || self->id == NULL || self->name == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                   "the entry \"%s\" has no readable \"%s\" or \"%s\"",
                   self->dn != NULL ? self->dn : "", settings->id_attribute,
                   settings->name_attribute);
      return NULL;
    }
  if (is_active_directory (settings))
    self->sid = floe_ldap_read_first (ld, entry, FLOE_LDAP_SID, sid_text);
  self->groups = read_groups (settings, ld, entry);
  floe_ldap_account_read (&self->account, floe_ldap_profile_find (settings->profile)->account, ld,
                          entry, g_get_real_time () / G_USEC_PER_SEC);
  return g_steal_pointer (&self);
}

/**
 * floe_ldap_person_has_sid:
 * @sid: (nullable): what a ticket says; %NULL when it does not
 * @error: %FLOE_ERROR_DENIED, reason "unknown-person"
 *
 * Returns: whether the entry is of the account that the ticket was given to, as far as both tell.
 *   Where people are not known by SIDs there is nothing to compare
 */
gboolean
floe_ldap_person_has_sid (const FloeLdapPerson *self, const gchar *sid, GError **error)
{
  if (sid == NULL || self->sid == NULL || g_str_equal (sid, self->sid))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "unknown-person",
                         "the ticket is of another account, which had this name before");
  return FALSE;
}

void
floe_ldap_person_free (FloeLdapPerson *self)
{
  if (self == NULL)
    return;
  g_free (self->dn);
  g_free (self->id);
  g_free (self->sid);
  g_free (self->name);
  g_free (self->display_name);
  g_strfreev (self->groups);
  g_free (self);
}
