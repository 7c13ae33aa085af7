/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-person.h"

#include "core/error.h"
#include "directory/ldap-groups.h"

#include <string.h>

#define PPOLICY_LOCK "pwdAccountLockedTime" /* OpenLDAP's ppolicy overlay */
#define DS_LOCK      "nsAccountLock"        /* 389-ds, FreeIPA */

/* What ppolicy writes when an administrator locks; a time of day is a lock by wrong passwords,
 * which anybody can bring about and must not end a session that is under way. */
#define LOCKED_FOR_EVER "000001010000Z"

/**
 * floe_ldap_person_attributes:
 *
 * Returns: (transfer container) (array zero-terminated=1): what a search has to ask for, lock state
 *   included; servers leave out what they do not know
 */
const gchar **
floe_ldap_person_attributes (const FloeLdapSettings *settings)
{
  const gchar *const names[] = { settings->id_attribute,
                                 settings->name_attribute,
                                 settings->display_name_attribute,
                                 settings->group_attribute,
                                 PPOLICY_LOCK,
                                 DS_LOCK,
                                 NULL };

  return g_memdup2 (names, sizeof names);
}

/* The first value that is text. */
static gchar *
read_text (LDAP *ld, LDAPMessage *entry, const gchar *attribute)
{
  struct berval **values = ldap_get_values_len (ld, entry, attribute);
  gchar *text = NULL;

  for (guint i = 0; values != NULL && values[i] != NULL && text == NULL; i++)
    if (values[i]->bv_len > 0 && g_utf8_validate_len (values[i]->bv_val, values[i]->bv_len, NULL))
      text = g_strndup (values[i]->bv_val, values[i]->bv_len);
  ldap_value_free_len (values);
  return text;
}

static gboolean
is_disabled (LDAP *ld, LDAPMessage *entry)
{
  g_autofree gchar *ppolicy = read_text (ld, entry, PPOLICY_LOCK);
  g_autofree gchar *ds = read_text (ld, entry, DS_LOCK);

  return g_strcmp0 (ppolicy, LOCKED_FOR_EVER) == 0
         || (ds != NULL && g_ascii_strcasecmp (ds, "true") == 0);
}

static GStrv
read_groups (const FloeLdapSettings *settings, LDAP *ld, LDAPMessage *entry)
{
  struct berval **values = ldap_get_values_len (ld, entry, settings->group_attribute);
  GStrv groups = floe_ldap_groups (values, settings->group_base);

  ldap_value_free_len (values);
  return groups;
}

static gchar *
read_dn (LDAP *ld, LDAPMessage *entry)
{
  char *dn = ldap_get_dn (ld, entry);
  gchar *copy = dn != NULL && *dn != '\0' ? g_strdup (dn) : NULL;

  ldap_memfree (dn);
  return copy;
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
  g_autofree gchar *dn = read_dn (ld, entry);
  g_autofree gchar *id = read_text (ld, entry, settings->id_attribute);
  g_autofree gchar *name = read_text (ld, entry, settings->name_attribute);
  g_autofree gchar *display_name = read_text (ld, entry, settings->display_name_attribute);
  g_autofree gchar *folded_id = NULL;
  g_auto (GStrv) groups = NULL;
  FloeLdapPerson *self;

  if (dn == NULL || id == NULL || name == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                   "the entry \"%s\" has no readable \"%s\" or \"%s\"", dn != NULL ? dn : "",
                   settings->id_attribute, settings->name_attribute);
      return NULL;
    }
  folded_id = g_ascii_strdown (id, -1);
  groups = read_groups (settings, ld, entry);
  self = g_new0 (FloeLdapPerson, 1);
  self->dn = g_steal_pointer (&dn);
  self->user = floe_user_new (folded_id, name, display_name, (const gchar *const *)groups);
  self->disabled = is_disabled (ld, entry);
  return self;
}

void
floe_ldap_person_free (FloeLdapPerson *self)
{
  if (self == NULL)
    return;
  g_free (self->dn);
  g_clear_pointer (&self->user, floe_user_free);
  g_free (self);
}
