/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/time-text.h"

#include <time.h>

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
  time_t seconds = time / G_USEC_PER_SEC - (time % G_USEC_PER_SEC < 0);
  struct tm t;

  if (gmtime_r (&seconds, &t) == NULL || t.tm_year + 1900 < 1 || t.tm_year + 1900 > 9999)
    return g_strdup ("1970-01-01T00:00:00Z");
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900, t.tm_mon + 1,
                          t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}
