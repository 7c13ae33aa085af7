/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More of them nobody reads before a log-in. */
#define FLOE_MAX_ANNOUNCEMENTS 20

/* Characters. */
#define FLOE_MAX_ANNOUNCEMENT_TEXT 1000

/**
 * FloeSeverity:
 *
 * How much an announcement should stand out.
 */
typedef enum
{
  FLOE_SEVERITY_INFO,
  FLOE_SEVERITY_WARNING,
  FLOE_SEVERITY_CRITICAL,
} FloeSeverity;

const gchar *floe_severity_name (FloeSeverity severity);
gboolean floe_severity_from_name (const gchar *name, FloeSeverity *severity);

/**
 * FloeAnnouncement:
 * @id: its own; empty for one that is not made yet
 * @severity: how much it should stand out
 * @text: plain text, perhaps of several lines
 * @from: from when it is shown, microseconds since 1970 UTC; 0 for at once
 * @until: until when; 0 for as long as it is there
 * @groups: (array zero-terminated=1): the terminal groups where it is shown; everywhere when empty
 * @by: who wrote it, as people are called
 * @at: when it was written, or changed
 *
 * What everybody is told before they log in. There is nothing secret in it: nobody need be anybody
 * to read one.
 */
typedef struct
{
  gchar *id;
  FloeSeverity severity;
  gchar *text;
  gint64 from;
  gint64 until;
  GStrv groups;
  gchar *by;
  gint64 at;
} FloeAnnouncement;

FloeAnnouncement *floe_announcement_new (const gchar *id);
FloeAnnouncement *floe_announcement_copy (const FloeAnnouncement *self);
void floe_announcement_free (FloeAnnouncement *self);
gboolean floe_announcement_validate (const FloeAnnouncement *self, GError **error);
gchar *floe_announcement_tag (const FloeAnnouncement *self);
gboolean floe_announcement_is_due (const FloeAnnouncement *self, gint64 now,
                                   const gchar *const *groups);
gchar *floe_announcement_describe (const FloeAnnouncement *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeAnnouncement, floe_announcement_free)

G_END_DECLS
