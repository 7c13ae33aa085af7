/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-name.h"

#include "core/error.h"
#include "directory/ldap-text.h"

#include <string.h>

/* Scripts that belong together in one name; all others stand alone. Latin is at home in Japan,
 * China and Korea (UTS 39, "highly restrictive"). */
enum
{
  LATIN = 1 << 0,
  HAN = 1 << 1,
  KANA = 1 << 2,
  BOPOMOFO = 1 << 3,
  HANGUL = 1 << 4,
};

static const guint together[] = { LATIN | HAN | KANA, LATIN | HAN | BOPOMOFO,
                                  LATIN | HAN | HANGUL };

/* Invisible, though Unicode does not call them format characters. */
static gboolean
is_ignorable (gunichar c)
{
  return c == 0x034f || (c >= 0x115f && c <= 0x1160) || (c >= 0x17b4 && c <= 0x17b5)
         || (c >= 0x180b && c <= 0x180f) || c == 0x2800 || c == 0x3164
         || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xffa0 || (c >= 0xe0000 && c <= 0xe0fff);
}

static gboolean
is_visible (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return !is_ignorable (c);
    }
}

/* One of the bits above, or 0 for a script that stands alone. */
static guint
family_of (GUnicodeScript script)
{
  switch (script)
    {
    case G_UNICODE_SCRIPT_LATIN:
      return LATIN;
    case G_UNICODE_SCRIPT_HAN:
      return HAN;
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
      return KANA;
    case G_UNICODE_SCRIPT_BOPOMOFO:
      return BOPOMOFO;
    case G_UNICODE_SCRIPT_HANGUL:
      return HANGUL;
    default:
      return 0;
    }
}

static gboolean
go_together (guint families)
{
  for (guint i = 0; i < G_N_ELEMENTS (together); i++)
    if ((families & ~together[i]) == 0)
      return TRUE;
  return FALSE;
}

/* Whether the letters of a part are of scripts that one person would mix. */
static gboolean
is_of_one_hand (const gchar *part, gsize length)
{
  GUnicodeScript alone = G_UNICODE_SCRIPT_INVALID_CODE;
  guint families = 0;

  for (const gchar *p = part; p < part + length; p = g_utf8_next_char (p))
    {
      GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (p));
      guint family = family_of (script);

      if (script == G_UNICODE_SCRIPT_COMMON || script == G_UNICODE_SCRIPT_INHERITED)
        continue;
      families |= family;
      if (family != 0)
        continue;
      if (alone != G_UNICODE_SCRIPT_INVALID_CODE && alone != script)
        return FALSE;
      alone = script;
    }
  return alone == G_UNICODE_SCRIPT_INVALID_CODE ? go_together (families) : families == 0;
}

/**
 * floe_ldap_name_fold:
 * @text: UTF-8
 *
 * Returns: (transfer full): @text with compatibility characters resolved (NFKC), in lower case and
 *   without blanks around it. Each character is folded by itself, whatever the locale, so that
 *   "ß" stays what it is to directories
 */
gchar *
floe_ldap_name_fold (const gchar *text)
{
  g_autofree gchar *resolved = NULL;
  g_autoptr (GString) lower = NULL;
  gchar *folded;

  if (g_str_is_ascii (text))
    return g_strstrip (g_ascii_strdown (text, -1));
  resolved = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  lower = g_string_new (NULL);
  for (const gchar *p = resolved; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (lower, g_unichar_tolower (g_utf8_get_char (p)));
  folded = g_utf8_normalize (lower->str, -1, G_NORMALIZE_ALL_COMPOSE);
  return g_strstrip (folded);
}

static gboolean
is_acceptable (const gchar *folded)
{
  gsize length = strlen (folded);

  if (length == 0 || length > FLOE_LDAP_NAME_MAX)
    return FALSE;
  for (const gchar *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_visible (g_utf8_get_char (p)))
      return FALSE;
  /* A name may be written in other letters than the domain beside it. */
  while (*folded != '\0')
    {
      length = strcspn (folded, "@\\");
      if (!is_of_one_hand (folded, length))
        return FALSE;
      folded += length + (folded[length] != '\0');
    }
  return TRUE;
}

static gboolean
is_domain (const gchar *text, gsize length, const gchar *const *domains)
{
  g_autofree gchar *given = g_strndup (text, length);

  for (guint i = 0; domains[i] != NULL; i++)
    {
      g_autofree gchar *folded = floe_ldap_name_fold (domains[i]);

      if (g_str_equal (folded, given))
        return TRUE;
    }
  return FALSE;
}

static gchar *
without_domain (const gchar *whole, const gchar *const *domains)
{
  const gchar *slash = strchr (whole, '\\');
  const gchar *at = strrchr (whole, '@');

  if (slash != NULL && slash[1] != '\0' && is_domain (whole, slash - whole, domains))
    return g_strdup (slash + 1);
  if (at != NULL && at != whole && is_domain (at + 1, strlen (at + 1), domains))
    return g_strndup (whole, at - whole);
  return g_strdup (whole);
}

/**
 * floe_ldap_name_new:
 * @typed: a log-in name as typed: `user`, `user@domain` or `DOMAIN\user`
 * @domains: (array zero-terminated=1): the names of this directory's domain
 *
 * Brings all spellings of a name together. Full-width and other compatibility characters are
 * folded; a name that looks like another one is refused: with invisible characters, or with letters
 * of scripts that nobody mixes.
 *
 * Returns: (transfer full) (nullable): the name; %NULL when no server shall be asked for it
 */
FloeLdapName *
floe_ldap_name_new (const gchar *typed, const gchar *const *domains)
{
  g_autofree gchar *whole = NULL;
  FloeLdapName *self;

  if (!floe_ldap_name_is_acceptable (typed))
    return NULL;
  whole = floe_ldap_name_fold (typed);
  if (!is_acceptable (whole))
    return NULL;
  self = g_new0 (FloeLdapName, 1);
  self->user = without_domain (whole, domains);
  self->whole = g_steal_pointer (&whole);
  return self;
}

/* In ASCII only: what looks like a realm is not that realm. */
static gboolean
is_realm (const gchar *realm, const gchar *const *domains)
{
  for (guint i = 0; domains[i] != NULL; i++)
    if (g_ascii_strcasecmp (domains[i], realm) == 0)
      return TRUE;
  return FALSE;
}

/* Whether the small letter of a letter beyond ASCII is one of ASCII's, as of the dotted capital I.
 */
static gboolean
folds_into_ascii (const gchar *user)
{
  for (const gchar *at = user; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c >= 0x80 && g_unichar_tolower (c) < 0x80)
        return TRUE;
    }
  return FALSE;
}

/* Nothing but the case may be changed by folding: what looks like somebody's name is another
 * principal. One of several parts is a service, or somebody in another capacity. */
static gboolean
is_plain (const gchar *user)
{
  g_autofree gchar *resolved = NULL;
  g_autofree gchar *stripped = g_strstrip (g_strdup (user));

  if (*user == '\0' || strpbrk (user, "/\\@") != NULL || !g_utf8_validate (user, -1, NULL))
    return FALSE;
  resolved = g_utf8_normalize (user, -1, G_NORMALIZE_ALL_COMPOSE);
  return g_str_equal (resolved, user) && g_str_equal (stripped, user) && !folds_into_ascii (user);
}

/**
 * floe_ldap_name_new_for_principal:
 * @principal: `NAME@REALM`
 * @domains: (array zero-terminated=1): the names of this directory's domain
 * @error: %FLOE_ERROR_DENIED, reason "unknown-realm" or "unknown-person"
 *
 * Returns: (transfer full): the name that the directory knows the person by
 */
FloeLdapName *
floe_ldap_name_new_for_principal (const gchar *principal, const gchar *const *domains,
                                  GError **error)
{
  const gchar *at = strrchr (principal, '@');
  g_autofree gchar *user = NULL;
  FloeLdapName *self = NULL;

  if (at == NULL || !is_realm (at + 1, domains))
    {
      floe_set_error_reason (error, FLOE_ERROR_DENIED, "unknown-realm",
                             "no directory has the Kerberos realm of this ticket");
      return NULL;
    }
  user = g_strndup (principal, at - principal);
  if (is_plain (user))
    self = floe_ldap_name_new (principal, domains);
  if (self != NULL)
    {
      /* No password proves that a name with the realm behind it, or a mail address, is meant. */
      g_free (self->whole);
      self->whole = g_strdup (self->user);
    }
  else
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "unknown-person",
                           "the directory has nobody of that name");
  return self;
}

void
floe_ldap_name_free (FloeLdapName *self)
{
  if (self == NULL)
    return;
  g_free (self->whole);
  g_free (self->user);
  g_free (self);
}
