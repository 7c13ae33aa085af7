/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLOE_STARTS_AT_ONCE 4

/**
 * FloeStartLine:
 *
 * The lines of desktops that wait to be started, one for each host: only so many may be starting on
 * a host at once. Knows no manager and no clock.
 */
typedef struct _FloeStartLine FloeStartLine;

FloeStartLine *floe_start_line_new (void);
void floe_start_line_free (FloeStartLine *self);
void floe_start_line_set_limit (FloeStartLine *self, const gchar *host, guint limit);
gboolean floe_start_line_add (FloeStartLine *self, const gchar *host, const gchar *desktop_id);
gboolean floe_start_line_remove (FloeStartLine *self, const gchar *desktop_id);
void floe_start_line_clear (FloeStartLine *self);
void floe_start_line_started (FloeStartLine *self, const gchar *host);
gchar *floe_start_line_next (FloeStartLine *self, const gchar *host);
guint floe_start_line_count (FloeStartLine *self, const gchar *host);
guint floe_start_line_get_place (FloeStartLine *self, const gchar *desktop_id);
guint floe_start_line_get_length (FloeStartLine *self, const gchar *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeStartLine, floe_start_line_free)

G_END_DECLS
