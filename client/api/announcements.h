/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  FLOE_SEVERITY_INFO,
  FLOE_SEVERITY_WARNING,
  FLOE_SEVERITY_CRITICAL,
} FloeSeverity;

/**
 * FloeAnnouncement:
 * @severity: how much it should stand out
 * @text: plain text, perhaps of several lines
 *
 * What everybody is told before they log in.
 */
typedef struct
{
  FloeSeverity severity;
  gchar *text;
} FloeAnnouncement;

void floe_announcement_free (FloeAnnouncement *self);
GPtrArray *floe_announcements_read (JsonNode *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeAnnouncement, floe_announcement_free)

G_END_DECLS
