/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"
#include "core/term.h"

G_BEGIN_DECLS

/**
 * FloeNews:
 *
 * Reads the desktops that other brokers changed. The leader acts on what it reads, so it reads it
 * as it writes: in order with what it records itself, and with the desktops locked. Else an intent
 * that was just ended would seem to be open, and its desktop would be switched off once more.
 *
 * Signals, on the main thread:
 * - "desktop" (const FloeChange *change, gboolean leading): as it is, and for which request what is
 *   under way was begun, where an engine has it; @leading when it may be acted on.
 */
#define FLOE_TYPE_NEWS (floe_news_get_type ())
G_DECLARE_FINAL_TYPE (FloeNews, floe_news, FLOE, NEWS, GObject)

FloeNews *floe_news_new (FloeStore *store, FloeTerm *term);
void floe_news_add (FloeNews *self, const gchar *desktop_id);

G_END_DECLS
