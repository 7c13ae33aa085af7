/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session-quality.h"

#include <string.h>

static const gchar *const names[] = { "none", "good", "fair", "poor", "silent" };

const gchar *
floe_quality_level_name (FloeQualityLevel level)
{
  return names[level];
}

/**
 * floe_quality_level_from_name:
 *
 * Returns: whether it is one that can be said
 */
gboolean
floe_quality_level_from_name (const gchar *name, FloeQualityLevel *level)
{
  for (guint i = FLOE_LEVEL_GOOD; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0)
      {
        *level = (FloeQualityLevel)i;
        return TRUE;
      }
  return FALSE;
}

FloeSessionQuality *
floe_session_quality_copy (const FloeSessionQuality *self)
{
  FloeSessionQuality *copy = g_memdup2 (self, sizeof *self);

  copy->desktop_id = g_strdup (self->desktop_id);
  copy->user_id = g_strdup (self->user_id);
  return copy;
}

void
floe_session_quality_free (FloeSessionQuality *self)
{
  if (self == NULL)
    return;
  g_free (self->desktop_id);
  g_free (self->user_id);
  g_free (self);
}
