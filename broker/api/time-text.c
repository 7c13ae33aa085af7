/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/time-text.h"

#include <string.h>
#include <time.h>

static void
write_digits (gchar *at, gint value, gint n)
{
  for (gint i = n - 1; i >= 0; i--, value /= 10)
    at[i] = (gchar)('0' + value % 10);
}

/**
 * floe_time_write:
 * @time: microseconds since 1970 UTC
 * @text: (out caller-allocates): #FLOE_TIME_TEXT_SIZE bytes: it in RFC 3339, UTC, whole seconds,
 *   rounded down; 1970 for a time that no calendar has. A list has hundreds of them
 */
void
floe_time_write (gint64 time, gchar *text)
{
  time_t seconds = time / G_USEC_PER_SEC - (time % G_USEC_PER_SEC < 0);
  struct tm t;

  memcpy (text, "1970-01-01T00:00:00Z", FLOE_TIME_TEXT_SIZE);
  if (gmtime_r (&seconds, &t) == NULL || t.tm_year + 1900 < 1 || t.tm_year + 1900 > 9999)
    return;
  write_digits (text, t.tm_year + 1900, 4);
  write_digits (text + 5, t.tm_mon + 1, 2);
  write_digits (text + 8, t.tm_mday, 2);
  write_digits (text + 11, t.tm_hour, 2);
  write_digits (text + 14, t.tm_min, 2);
  write_digits (text + 17, t.tm_sec, 2);
}

/**
 * floe_time_read:
 * @text: such as "2026-11-23T09:30:00Z"; a zone is needed
 * @time: (out): microseconds since 1970 UTC
 *
 * Returns: whether it is a time after 1970
 */
gboolean
floe_time_read (const gchar *text, gint64 *time)
{
  g_autoptr (GDateTime) parsed = g_date_time_new_from_iso8601 (text, NULL);

  if (parsed == NULL || g_date_time_to_unix (parsed) <= 0)
    return FALSE;
  *time = g_date_time_to_unix (parsed) * G_USEC_PER_SEC;
  return TRUE;
}
