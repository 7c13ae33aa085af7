/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/outlook-words.h"

#include <glib/gi18n.h>

/* Who is told earlier has forgotten it by then. */
#define BEFORE_LIMIT (15 * G_TIME_SPAN_MINUTE)

static gchar *
time_of (gint64 at)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  /* TRANSLATORS: a time of day in GDateTime's format, hours and minutes */
  return local != NULL ? g_date_time_format (local, _ ("%H:%M")) : g_strdup ("-");
}

/* The one that comes first, if any is near enough to be told. */
static gchar *
tell_end (const FloeDesktop *desktop, gint64 now)
{
  gboolean drained = desktop->ends_at > now;
  gboolean limited = desktop->limit_at > now && desktop->limit_at - now <= BEFORE_LIMIT;
  g_autofree gchar *at = NULL;

  if (drained && !(limited && desktop->limit_at < desktop->ends_at))
    {
      at = time_of (desktop->ends_at);
      /* TRANSLATORS: the argument is a time like 10:41 */
      return g_strdup_printf (_ ("This desktop is closed at %s for maintenance. Save your work."),
                              at);
    }
  if (!limited)
    return NULL;
  at = time_of (desktop->limit_at);
  /* TRANSLATORS: the argument is a time like 10:41 */
  return g_strdup_printf (_ ("Your session ends at %s: it may not last longer. Save your work."),
                          at);
}

/**
 * floe_outlook_words:
 * @desktop: what the broker says about the desktop that is seen
 * @now: microseconds since 1970 UTC
 * @again: (out): when to ask again, unless there is news before; 0 for never
 *
 * Returns: (transfer full) (nullable): what whoever sits there should know of what is to come;
 *   %NULL for nothing
 */
gchar *
floe_outlook_words (const FloeDesktop *desktop, gint64 now, gint64 *again)
{
  g_autofree gchar *end = tell_end (desktop, now);
  gboolean has_notice = desktop->notice != NULL && *desktop->notice != '\0';

  *again = desktop->limit_at - BEFORE_LIMIT > now ? desktop->limit_at - BEFORE_LIMIT : 0;
  if (has_notice && end != NULL)
    /* TRANSLATORS: what an administrator wrote, and a sentence of ours about when that is */
    return g_strdup_printf (_ ("Your administrators say: “%s” %s"), desktop->notice, end);
  if (has_notice)
    /* TRANSLATORS: the argument is what an administrator wrote */
    return g_strdup_printf (_ ("Your administrators say: “%s”"), desktop->notice);
  return g_steal_pointer (&end);
}

static gchar *
tell_left (guint minutes)
{
  if (minutes >= 60)
    /* TRANSLATORS: hours and minutes until a session ends, for a small space */
    return g_strdup_printf (_ ("%u h %02u min left"), minutes / 60, minutes % 60);
  /* TRANSLATORS: minutes until a session ends, for a small space */
  return g_strdup_printf (_ ("%u min left"), minutes);
}

/**
 * floe_outlook_time_left:
 * @desktop: what the broker says about the desktop that is seen
 * @now: microseconds since 1970 UTC
 * @again: (out): when to ask again; 0 for never
 *
 * Returns: (transfer full) (nullable): how long the session may still last, in a few words; %NULL
 *   for as long as anybody wants
 */
gchar *
floe_outlook_time_left (const FloeDesktop *desktop, gint64 now, gint64 *again)
{
  gint64 end = desktop->limit_at;
  gint64 minutes;

  *again = 0;
  if (desktop->ends_at > 0 && (end == 0 || desktop->ends_at < end))
    end = desktop->ends_at;
  if (end <= now)
    return NULL;
  /* what has begun counts, so that it never says that there is no time left */
  minutes = (end - now + G_TIME_SPAN_MINUTE - 1) / G_TIME_SPAN_MINUTE;
  *again = end - (minutes - 1) * G_TIME_SPAN_MINUTE;
  return tell_left ((guint)MIN (minutes, G_MAXUINT));
}
