/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/time-text.h"

/**
 * floe_time_to_text:
 * @time: microseconds since 1970 UTC
 *
 * Returns: (transfer full): it in RFC 3339, UTC, whole seconds, rounded down; 1970 for a time that
 *   no calendar has
 */
gchar *
floe_time_to_text (gint64 time)
{
  gint64 seconds = time / G_USEC_PER_SEC - (time % G_USEC_PER_SEC < 0);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);

  if (date == NULL || g_date_time_get_year (date) < 1)
    return g_strdup ("1970-01-01T00:00:00Z");
  return g_date_time_format (date, "%Y-%m-%dT%H:%M:%SZ");
}
