/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeLockout:
 * @n_policies: how many a directory told of; 0 where nothing is known
 * @tries: wrong passwords after which it locks an account; 0 for never
 * @window: seconds after which it forgets them
 * @for_ever: it does not: only a right password lets it forget
 * @hidden: it may have one more, in a place that it does not show us
 *
 * When a directory locks an account: the strictest of all its policies, since one of them may hold
 * for just the person who is asked about.
 */
typedef struct
{
  guint n_policies;
  guint tries;
  guint window;
  gboolean for_ever;
  gboolean hidden;
} FloeLockout;

void floe_lockout_note (FloeLockout *self, gint64 tries, gint64 window);
gboolean floe_lockout_tighten (const FloeLockout *self, guint *tries, guint *seconds);
void floe_lockout_merge (FloeLockout *self, const FloeLockout *other);

G_END_DECLS
