/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *floe_fold (const gchar *text);
gchar *floe_fold_loosely (const gchar *text);
GStrv floe_fold_words (const gchar *folded);

G_END_DECLS
