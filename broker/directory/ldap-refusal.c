/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-refusal.h"

#include <ldap.h>
#include <string.h>

/* What a server's own sentence may be long, in bytes. */
#define WORDS_MAX 200

/* The words of the usual reasons, which the client knows to translate. */
static const gchar refused[] = "the directory's rules do not allow this password";
static const gchar too_short[] = "the new password is too short";
static const gchar too_simple[] = "the new password is too simple";
static const gchar used_before[] = "the new password was used before";
static const gchar too_young[] = "the password was changed only a short while ago";
static const gchar not_allowed[] = "people may not change this password themselves";

static const struct
{
  gint ppolicy;
  const gchar *words;
} by_control[] = {
  { PP_passwordModNotAllowed, not_allowed },
  { PP_mustSupplyOldPassword, not_allowed },
  { PP_insufficientPasswordQuality, too_simple },
  { PP_passwordTooShort, too_short },
  { PP_passwordTooYoung, too_young },
  { PP_passwordInHistory, used_before },
};

/* What Samba and 389-ds write, in lower case. The first one counts. */
static const struct
{
  const gchar *part;
  const gchar *words;
} by_text[] = {
  { "too young", too_young },      { "within password minimum age", too_young },
  { "too short", too_short },      { "complexity", too_simple },
  { "too simple", too_simple },    { "history", used_before },
  { "already used", used_before },
};

static const gchar *
known_words (const FloeLdapReply *reply, const gchar *text)
{
  g_autofree gchar *lower = text != NULL ? g_ascii_strdown (text, -1) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (by_control); i++)
    if (by_control[i].ppolicy == reply->ppolicy)
      return by_control[i].words;
  for (guint i = 0; lower != NULL && i < G_N_ELEMENTS (by_text); i++)
    if (strstr (lower, by_text[i].part) != NULL)
      return by_text[i].words;
  return NULL;
}

/* In place: one blank for each run of control characters and blanks. */
static void
squeeze (gchar *text)
{
  gchar *to = text;

  for (const gchar *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gsize n = (gsize)(g_utf8_next_char (p) - p);

      if (!g_unichar_iscntrl (c) && !g_unichar_isspace (c)
          && g_unichar_type (c) != G_UNICODE_FORMAT)
        {
          memmove (to, p, n);
          to += n;
        }
      else if (to > text && to[-1] != ' ')
        *to++ = ' ';
    }
  *to = '\0';
  g_strchomp (text);
}

/* What a server says beside its codes; NULL where that is meant for programmers. */
static gchar *
clean (const gchar *text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  gsize length;

  squeeze (valid);
  length = strlen (valid);
  if (length == 0 || length > WORDS_MAX || strstr (valid, "DSID-") != NULL
      || (length > 8 && strspn (valid, "0123456789abcdefABCDEF") == 8 && valid[8] == ':'))
    return NULL;
  while (length > 0 && strchr (" .!", valid[length - 1]) != NULL)
    valid[--length] = '\0';
  return length > 0 ? g_steal_pointer (&valid) : NULL;
}

/**
 * floe_ldap_refusal_words:
 * @reply: the answer to a change of a password that the policy does not allow
 *
 * Returns: (transfer full): why not, in a sentence for people: one of our own where the reason is
 *   known, else the server's, without codes and control characters; lower case, no full stop
 */
gchar *
floe_ldap_refusal_words (const FloeLdapReply *reply)
{
  const gchar *known = known_words (reply, reply->text);
  gchar *words;

  if (known != NULL)
    return g_strdup (known);
  words = reply->text != NULL ? clean (reply->text) : NULL;
  return words != NULL ? words : g_strdup (refused);
}
