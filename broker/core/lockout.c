/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lockout.h"

#define LONGEST_PAUSE (24 * 3600u)

static guint
stricter (guint a, guint b)
{
  return a == 0 ? b : b == 0 ? a : MIN (a, b);
}

/**
 * floe_lockout_merge:
 *
 * Makes @self as strict as both are together.
 */
void
floe_lockout_merge (FloeLockout *self, const FloeLockout *other)
{
  self->n_policies += other->n_policies;
  self->tries = stricter (self->tries, other->tries);
  self->window = MAX (self->window, other->window);
  self->for_ever = self->for_ever || other->for_ever;
  self->hidden = self->hidden || other->hidden;
}

/**
 * floe_lockout_note:
 * @tries: wrong passwords that lock, as a directory has it; 0 or less for never
 * @window: seconds after which they are forgotten; 0 or less for never
 *
 * Adds one more policy. The window of one that locks nobody says nothing.
 */
void
floe_lockout_note (FloeLockout *self, gint64 tries, gint64 window)
{
  FloeLockout one = { .n_policies = 1 };

  if (tries > 0)
    {
      one.tries = (guint)MIN (tries, G_MAXINT);
      one.window = (guint)CLAMP (window, 0, G_MAXINT);
      one.for_ever = window <= 0;
    }
  floe_lockout_merge (self, &one);
}

/**
 * floe_lockout_tighten:
 * @tries: (inout): how many wrong passwords of one person are passed on
 * @seconds: (inout): for how long they count
 *
 * Makes both no looser than the directory: one try fewer than what locks, counted for as long as
 * the directory does, though not for longer than a day. Where no time is long enough, since the
 * directory waits for a right password, @seconds stays what it is: whoever mistyped must be let in
 * again some day.
 *
 * Returns: whether that changed anything
 */
gboolean
floe_lockout_tighten (const FloeLockout *self, guint *tries, guint *seconds)
{
  guint most = self->tries > 0 ? MAX (self->tries - 1, 1) : G_MAXUINT;
  guint least = MIN (self->window, LONGEST_PAUSE);
  gboolean tightened = *tries > most || *seconds < least;

  *tries = MIN (*tries, most);
  *seconds = MAX (*seconds, least);
  return tightened;
}
