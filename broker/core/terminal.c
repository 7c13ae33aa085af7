/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/terminal.h"

#include <string.h>

#include "core/error.h"
#include "core/pool.h"
#include "core/tag.h"

#define MAX_DESCRIPTION 256
#define MAX_GROUPS      64

/* None of its 32 characters is taken for another one. */
#define CODE_CHARS "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
#define CODE_HALF  4

FloeTerminal *
floe_terminal_new (const gchar *name)
{
  FloeTerminal *self = g_new0 (FloeTerminal, 1);

  self->name = g_strdup (name);
  self->groups = g_new0 (gchar *, 1);
  return self;
}

FloeTerminal *
floe_terminal_copy (const FloeTerminal *self)
{
  FloeTerminal *copy = g_new0 (FloeTerminal, 1);

  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->description = g_strdup (self->description);
  copy->groups = g_strdupv (self->groups);
  copy->fingerprint = g_strdup (self->fingerprint);
  copy->code = g_strdup (self->code);
  if (self->report != NULL)
    copy->report = floe_terminal_report_copy (self->report);
  return copy;
}

void
floe_terminal_free (FloeTerminal *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->description);
  g_strfreev (self->groups);
  g_free (self->fingerprint);
  g_free (self->code);
  floe_terminal_report_free (self->report);
  g_free (self);
}

static gboolean
invalid (GError **error, const gchar *text)
{
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, text);
  return FALSE;
}

/**
 * floe_terminal_validate:
 *
 * Returns: %TRUE; or %FALSE with %FLOE_ERROR_INVALID naming the field and what is expected
 */
gboolean
floe_terminal_validate (const FloeTerminal *self, GError **error)
{
  if (!floe_pool_name_is_valid (self->name))
    return invalid (error, "name: expected 1 to 64 of a-z, 0-9 and -, not beginning with -");
  if (self->description != NULL
      && (strlen (self->description) > MAX_DESCRIPTION
          || !g_utf8_validate (self->description, -1, NULL)))
    return invalid (error, "description: expected at most 256 bytes of text");
  if (g_strv_length (self->groups) > MAX_GROUPS)
    return invalid (error, "groups: expected at most 64 names");
  for (guint i = 0; self->groups[i] != NULL; i++)
    if (!floe_pool_name_is_valid (self->groups[i]))
      return invalid (error,
                      "groups: expected names of 1 to 64 of a-z, 0-9 and -, not beginning with -");
  return TRUE;
}

static void
add (GStrvBuilder *out, const gchar *key, const gchar *sign, const gchar *value)
{
  g_autofree gchar *line = g_strdup_printf ("%s: %s%s", key, sign, value);

  g_strv_builder_add (out, line);
}

/**
 * floe_terminal_diff:
 * @before: (nullable): %NULL for a new one
 *
 * Returns: (transfer full): what an administrator changed, in words; nothing for nothing
 */
GStrv
floe_terminal_diff (const FloeTerminal *before, const FloeTerminal *after)
{
  g_autoptr (FloeTerminal) none = floe_terminal_new (after->name);
  g_autoptr (GStrvBuilder) out = g_strv_builder_new ();

  if (before == NULL)
    {
      add (out, "name", "", after->name);
      before = none;
    }
  if (g_strcmp0 (before->description, after->description) != 0)
    add (out, "description", "", after->description != NULL ? after->description : "(none)");
  for (guint i = 0; after->groups[i] != NULL; i++)
    if (!g_strv_contains ((const gchar *const *)before->groups, after->groups[i]))
      add (out, "groups", "+ ", after->groups[i]);
  for (guint i = 0; before->groups[i] != NULL; i++)
    if (!g_strv_contains ((const gchar *const *)after->groups, before->groups[i]))
      add (out, "groups", "- ", before->groups[i]);
  if (!before->is_public != !after->is_public)
    add (out, "public", "", after->is_public ? "yes" : "no");
  return g_strv_builder_end (out);
}

/**
 * floe_terminal_tag:
 *
 * Returns: (transfer full): the entity tag of what an administrator may change of it, see
 *   floe_tag_new()
 */
gchar *
floe_terminal_tag (const FloeTerminal *self)
{
  g_auto (GStrv) lines = floe_terminal_diff (NULL, self);
  g_autofree gchar *text = g_strjoinv ("\n", lines);

  return floe_tag_new (text, -1);
}

/**
 * floe_terminal_new_user:
 *
 * Returns: (transfer full): who holds a desktop where nobody logged in: the terminal. Its groups
 *   are those of the place where it is, see #FloeSeat
 */
FloeUser *
floe_terminal_new_user (const FloeTerminal *self)
{
  g_autofree gchar *id = g_strconcat (FLOE_TERMINAL_USER, self->name, NULL);

  return floe_user_new (id, id, self->description, NULL);
}

/**
 * floe_user_is_terminal:
 *
 * Returns: whether it is a terminal, of which no directory knows. No directory gives such an id
 */
gboolean
floe_user_is_terminal (const FloeUser *user)
{
  return g_str_has_prefix (user->id, FLOE_TERMINAL_USER);
}

/**
 * floe_terminal_judge:
 *
 * Says how it is, from what it last said and when.
 */
void
floe_terminal_judge (FloeTerminal *self, gint64 now)
{
  gint64 since = now - FLOE_TERMINAL_SILENT_SECONDS * (gint64)G_USEC_PER_SEC;

  if (self->fingerprint == NULL)
    self->state = FLOE_TERMINAL_NEW;
  else
    self->state = self->report != NULL && self->report->at > since ? FLOE_TERMINAL_ONLINE
                                                                   : FLOE_TERMINAL_SILENT;
}

/**
 * floe_terminal_state_name:
 *
 * Returns: (transfer none): as everybody writes it
 */
const gchar *
floe_terminal_state_name (FloeTerminalState state)
{
  static const gchar *const names[] = { "new", "online", "silent" };

  return names[state];
}

/**
 * floe_terminal_code_new:
 *
 * Returns: (transfer full): a new one, such as "K7WM-3XQP": 40 bits, for somebody to read aloud
 */
FloeSecret *
floe_terminal_code_new (void)
{
  static const gchar base64url[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  g_autoptr (FloeSecret) random = floe_secret_new_random (2 * CODE_HALF);
  const gchar *from = floe_secret_get (random, NULL);
  gchar *code = g_new0 (gchar, 2 * CODE_HALF + 2);
  gchar *to = code;

  /* Each of its characters stands for 6 bits, of which 5 are taken. */
  for (guint i = 0; i < 2 * CODE_HALF; i++)
    {
      if (i == CODE_HALF)
        *to++ = '-';
      *to++ = CODE_CHARS[(strchr (base64url, from[i]) - base64url) % (sizeof CODE_CHARS - 1)];
    }
  return floe_secret_new_take (code, 2 * CODE_HALF + 1);
}

/**
 * floe_terminal_code_hash:
 * @code: as given out, or as somebody typed it
 *
 * Returns: (transfer full): what the store keeps of it
 */
gchar *
floe_terminal_code_hash (const FloeSecret *code)
{
  gsize length;
  const gchar *from = floe_secret_get (code, &length);
  gchar *to = g_malloc (length + 1);
  g_autoptr (FloeSecret) plain = NULL;
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    if (from[i] != ' ' && from[i] != '-')
      to[n++] = g_ascii_toupper (from[i]);
  to[n] = '\0';
  plain = floe_secret_new_take (to, n);
  return floe_secret_hash (plain);
}
