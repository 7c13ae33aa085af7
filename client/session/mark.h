/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeMark:
 *
 * Is on the disk, or what serves as one, while something is under way, and stays there when this
 * program is ended in the middle of it. Who is started next can tell.
 */
typedef struct _FloeMark FloeMark;

FloeMark *floe_mark_new (const gchar *dir);
void floe_mark_free (FloeMark *self);
gboolean floe_mark_sweep (const gchar *dir);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeMark, floe_mark_free)

G_END_DECLS
