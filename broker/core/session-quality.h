/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What clients say is told to nobody when it is older than this: they say it once a minute, and
 * what stays the same is written every five. */
#define FLOE_QUALITY_GOOD_FOR (10 * G_TIME_SPAN_MINUTE)

/**
 * FloeQualityLevel:
 * @FLOE_LEVEL_NONE: nobody said
 * @FLOE_LEVEL_GOOD: nobody notices the network
 * @FLOE_LEVEL_FAIR: one notices it when typing
 * @FLOE_LEVEL_POOR: it is in the way
 * @FLOE_LEVEL_SILENT: what was sent has not been answered for seconds
 */
typedef enum
{
  FLOE_LEVEL_NONE,
  FLOE_LEVEL_GOOD,
  FLOE_LEVEL_FAIR,
  FLOE_LEVEL_POOR,
  FLOE_LEVEL_SILENT,
} FloeQualityLevel;

const gchar *floe_quality_level_name (FloeQualityLevel level);
gboolean floe_quality_level_from_name (const gchar *name, FloeQualityLevel *level);

/**
 * FloeSessionQuality:
 * @desktop_id: of which desktop's session
 * @user_id: whose
 * @at: when its client said so, microseconds since 1970 UTC
 * @level: what that comes to
 * @rtt_ms: the round trip of its slowest connection
 * @retransmits: what it had to send again in the last minute
 * @rate: bytes that came in a second of it
 * @picture_ms: how long the first picture took, said once; 0 for not now
 *
 * How good somebody's connection to their desktop's display is, as their client measured.
 */
typedef struct
{
  gchar *desktop_id;
  gchar *user_id;
  gint64 at;
  FloeQualityLevel level;
  gint64 rtt_ms;
  gint64 retransmits;
  gint64 rate;
  gint64 picture_ms;
} FloeSessionQuality;

FloeSessionQuality *floe_session_quality_copy (const FloeSessionQuality *self);
void floe_session_quality_free (FloeSessionQuality *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSessionQuality, floe_session_quality_free)

G_END_DECLS
