/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/announcement.h"

#include "core/error.h"
#include "core/names.h"
#include "core/pool.h"
#include "core/tag.h"

#define MAX_GROUPS 16

static const gchar *const severity_names[] = { "info", "warning", "critical" };

const gchar *
floe_severity_name (FloeSeverity severity)
{
  return (guint)severity < G_N_ELEMENTS (severity_names) ? severity_names[severity] : "info";
}

gboolean
floe_severity_from_name (const gchar *name, FloeSeverity *severity)
{
  gint found = floe_names_find (severity_names, G_N_ELEMENTS (severity_names), name);

  if (found >= 0)
    *severity = (FloeSeverity)found;
  return found >= 0;
}

/**
 * floe_announcement_new:
 * @id: its own, or empty
 *
 * Returns: (transfer full): one without words; the maker fills it before it lets go of it
 */
FloeAnnouncement *
floe_announcement_new (const gchar *id)
{
  FloeAnnouncement *self = g_new0 (FloeAnnouncement, 1);

  self->id = g_strdup (id);
  self->groups = g_new0 (gchar *, 1);
  return self;
}

FloeAnnouncement *
floe_announcement_copy (const FloeAnnouncement *self)
{
  FloeAnnouncement *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->text = g_strdup (self->text);
  copy->groups = g_strdupv (self->groups);
  copy->by = g_strdup (self->by);
  return copy;
}

void
floe_announcement_free (FloeAnnouncement *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->text);
  g_strfreev (self->groups);
  g_free (self->by);
  g_free (self);
}

static gboolean
is_plain (const gchar *text)
{
  for (const gchar *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (*c != '\n' && !g_unichar_isprint (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

static gboolean
are_groups (GStrv groups)
{
  for (guint i = 0; groups[i] != NULL; i++)
    if (!floe_pool_name_is_valid (groups[i]) || i >= MAX_GROUPS)
      return FALSE;
  return TRUE;
}

static const gchar *
find_fault (const FloeAnnouncement *self)
{
  if (self->text == NULL || *self->text == '\0')
    return "text: expected some words";
  if (g_utf8_strlen (self->text, -1) > FLOE_MAX_ANNOUNCEMENT_TEXT || !is_plain (self->text))
    return "text: expected 1000 characters at most, which can be shown, and line feeds";
  if (self->until != 0 && self->until <= self->from)
    return "until: expected a time after \"from\"";
  if (!are_groups (self->groups))
    return "terminal_groups: expected 16 names at most, each 1 to 64 of a-z, 0-9 and -";
  return NULL;
}

/**
 * floe_announcement_validate:
 *
 * Returns: %TRUE; or %FALSE with %FLOE_ERROR_INVALID naming the field and what is expected
 */
gboolean
floe_announcement_validate (const FloeAnnouncement *self, GError **error)
{
  const gchar *fault = find_fault (self);

  if (fault == NULL)
    return TRUE;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, fault);
  return FALSE;
}

/**
 * floe_announcement_is_due:
 * @now: microseconds since 1970 UTC
 * @groups: (nullable): the terminal groups of whoever asks
 *
 * Returns: whether it is to be seen there now
 */
gboolean
floe_announcement_is_due (const FloeAnnouncement *self, gint64 now, const gchar *const *groups)
{
  gboolean here = self->groups[0] == NULL;

  if (now < self->from || (self->until != 0 && now >= self->until))
    return FALSE;
  for (guint i = 0; !here && groups != NULL && groups[i] != NULL; i++)
    here = g_strv_contains ((const gchar *const *)self->groups, groups[i]);
  return here;
}

static void
append_time (GString *out, const gchar *word, gint64 time)
{
  g_autoptr (GDateTime) at = NULL;
  g_autofree gchar *text = NULL;

  if (time == 0)
    return;
  at = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  text = at != NULL ? g_date_time_format_iso8601 (at) : NULL;
  g_string_append_printf (out, ", %s %s", word, text != NULL ? text : "?");
}

/**
 * floe_announcement_describe:
 *
 * Returns: (transfer full): it in one line, for the audit trail
 */
gchar *
floe_announcement_describe (const FloeAnnouncement *self)
{
  g_autoptr (GString) out = g_string_new (floe_severity_name (self->severity));
  g_autofree gchar *groups = g_strjoinv (" ", self->groups);
  g_autofree gchar *line = g_strdelimit (g_strdup (self->text), "\n", ' ');

  append_time (out, "from", self->from);
  append_time (out, "until", self->until);
  if (*groups != '\0')
    g_string_append_printf (out, ", at terminals of %s", groups);
  g_string_append_printf (out, ": \"%s\"", line);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * floe_announcement_tag:
 *
 * Returns: (transfer full): its entity tag, see floe_tag_new()
 */
gchar *
floe_announcement_tag (const FloeAnnouncement *self)
{
  g_autofree gchar *words = floe_announcement_describe (self);
  g_autofree gchar *text =
      g_strdup_printf ("%s\n%s\n%" G_GINT64_FORMAT, words, self->text, self->at);

  return floe_tag_new (text, -1);
}
