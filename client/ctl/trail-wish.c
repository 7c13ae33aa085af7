/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/trail-wish.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ctl/listing.h"

void
floe_trail_wish_clear (FloeTrailWish *self)
{
  g_free (self->user);
  g_free (self->desktop);
  g_free (self->action);
  g_free (self->since);
  g_free (self->until);
}

/* A time without a zone is one of this machine's, and a day alone is its beginning. */
static gboolean
read_time (gchar **text, const gchar *option, GError **error)
{
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  gboolean day = *text != NULL && strpbrk (*text, "Tt ") == NULL;
  g_autofree gchar *whole = day ? g_strconcat (*text, "T00:00:00", NULL) : g_strdup (*text);
  g_autoptr (GDateTime) time = whole != NULL ? g_date_time_new_from_iso8601 (whole, local) : NULL;
  g_autoptr (GDateTime) utc = time != NULL ? g_date_time_to_utc (time) : NULL;

  if (*text == NULL)
    return TRUE;
  if (utc == NULL)
    {
      floe_ctl_set_usage (error, _ ("%s: expected a time such as 2026-11-23T14:00:00Z"), option);
      return FALSE;
    }
  g_free (*text);
  *text = g_date_time_format (utc, "%Y-%m-%dT%H:%M:%SZ");
  return TRUE;
}

/**
 * floe_trail_wish_check:
 *
 * Makes its times what the broker takes: UTC, to the second.
 *
 * Returns: %FALSE when one is no time
 */
gboolean
floe_trail_wish_check (FloeTrailWish *self, GError **error)
{
  return read_time (&self->since, "--since", error) && read_time (&self->until, "--until", error);
}

/**
 * floe_trail_wish_add:
 * @path: the audit trail's, with its first parameter
 */
void
floe_trail_wish_add (const FloeTrailWish *self, GString *path)
{
  floe_ctl_add_query (path, "user", self->user);
  floe_ctl_add_query (path, "desktop", self->desktop);
  floe_ctl_add_query (path, "action", self->action);
  floe_ctl_add_query (path, "since", self->since);
  floe_ctl_add_query (path, "until", self->until);
}
