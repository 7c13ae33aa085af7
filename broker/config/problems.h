/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeProblems:
 *
 * Everything that is wrong with one configuration file, so that an administrator mends it in one
 * go.
 */
typedef struct _FloeProblems FloeProblems;

FloeProblems *floe_problems_new (const gchar *file);
void floe_problems_free (FloeProblems *self);
void floe_problems_add (FloeProblems *self, guint line, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);
guint floe_problems_count (const FloeProblems *self);
GPtrArray *floe_problems_to_strings (FloeProblems *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeProblems, floe_problems_free)

G_END_DECLS
