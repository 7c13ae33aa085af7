/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/directories-private.h"

#include <string.h>

#include "core/error.h"

static gboolean
has_domain (const FloeDirectoriesMember *member, const gchar *domain, gsize length)
{
  g_autofree gchar *wanted = g_utf8_casefold (domain, (gssize)length);

  for (guint i = 0; member->domains != NULL && member->domains[i] != NULL; i++)
    {
      g_autofree gchar *own = g_utf8_casefold (member->domains[i], -1);

      if (strcmp (own, wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

/* find_domain: whether a directory has it, and which one */
static gboolean
find_domain (FloeDirectories *self, const gchar *domain, gsize length, guint *nth)
{
  for (guint i = 0; i < self->members->len; i++)
    if (has_domain (self->members->pdata[i], domain, length))
      {
        *nth = i;
        return TRUE;
      }
  return FALSE;
}

static gchar *
resolve (const gchar *text)
{
  gchar *resolved = g_utf8_normalize (text, -1, G_NORMALIZE_NFKC);

  return resolved != NULL ? resolved : g_strdup (text);
}

/* find_by_name: by USER@DOMAIN or DOMAIN\USER, whose domain can be that of a mail address */
static gboolean
find_by_name (FloeDirectories *self, const gchar *name, guint *nth)
{
  g_autofree gchar *typed = resolve (name);
  const gchar *slash = strchr (typed, '\\');
  const gchar *at = strrchr (typed, '@');

  if (slash != NULL)
    return find_domain (self, typed, (gsize)(slash - typed), nth);
  return at != NULL && find_domain (self, at + 1, strlen (at + 1), nth);
}

/**
 * floe_directories_find:
 * @name: a log-in name as it was typed
 *
 * A name without a domain, and one with a domain that is nobody's, is of the usual one.
 *
 * Returns: which of them is asked about it, in the order in which they were added; 0 for the first
 */
guint
floe_directories_find (FloeDirectories *self, const gchar *name)
{
  guint nth = self->usual;

  find_by_name (self, name, &nth);
  return nth;
}

const FloeDirectoriesMember *
floe_directories_choose (FloeDirectories *self, const gchar *name)
{
  return self->members->pdata[floe_directories_find (self, name)];
}

gboolean
floe_directories_has_prefix (const gchar *text, const gchar *name)
{
  gsize length = strlen (name);

  return strncmp (text, name, length) == 0 && text[length] == ':';
}

/* Returns: (nullable): %NULL when the configuration has it no more */
const FloeDirectoriesMember *
floe_directories_choose_by_id (FloeDirectories *self, const gchar *id)
{
  for (guint i = 1; i < self->members->len; i++)
    {
      const FloeDirectoriesMember *member = self->members->pdata[i];

      if (floe_directories_has_prefix (id, member->name))
        return member;
    }
  return strchr (id, ':') == NULL ? self->members->pdata[0] : NULL;
}

/**
 * floe_directories_set_usual:
 * @domain: of whom who types none is
 *
 * Returns: whether a directory has it
 */
gboolean
floe_directories_set_usual (FloeDirectories *self, const gchar *domain)
{
  return find_domain (self, domain, strlen (domain), &self->usual);
}

static const gchar *
first_domain (const FloeDirectoriesMember *member)
{
  return member->domains != NULL ? member->domains[0] : NULL;
}

/**
 * floe_directories_get_usual:
 *
 * Returns: (transfer none) (nullable): the domain of those who type none
 */
const gchar *
floe_directories_get_usual (FloeDirectories *self)
{
  return first_domain (self->members->pdata[self->usual]);
}

/**
 * floe_directories_list_domains:
 *
 * Returns: (transfer full): what people choose one by: the first domain of each that has one
 */
GStrv
floe_directories_list_domains (FloeDirectories *self)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; i < self->members->len; i++)
    {
      const gchar *domain = first_domain (self->members->pdata[i]);

      if (domain != NULL)
        g_strv_builder_add (list, domain);
    }
  return g_strv_builder_end (list);
}

/**
 * floe_directories_place:
 * @name: a log-in name as it was typed
 * @domain: what was chosen beside it
 * @error: %FLOE_ERROR_INVALID, reason "unknown-domain", when no directory has @domain
 *
 * Returns: (transfer full): what to ask for: @name itself where it says of which domain it is, else
 *   @name in @domain. A name with a domain that is nobody's, such as a mail address, is looked for
 *   as it is in the directory of @domain
 */
gchar *
floe_directories_place (FloeDirectories *self, const gchar *name, const gchar *domain,
                        GError **error)
{
  g_autofree gchar *chosen = resolve (domain);
  guint nth;

  if (!find_domain (self, chosen, strlen (chosen), &nth))
    {
      floe_set_error_reason (error, FLOE_ERROR_INVALID, "unknown-domain",
                             "no directory has the domain that was chosen");
      return NULL;
    }
  if (find_by_name (self, name, &nth))
    return g_strdup (name);
  return strpbrk (name, "@\\") == NULL ? g_strconcat (name, "@", chosen, NULL)
                                       : g_strconcat (chosen, "\\", name, NULL);
}
