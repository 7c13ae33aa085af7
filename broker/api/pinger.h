/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

/**
 * FLOE_PING_SECONDS:
 *
 * How often each is called.
 */
#define FLOE_PING_SECONDS 15

/**
 * FloePing:
 * @func: called every %FLOE_PING_SECONDS, until it is removed
 * @data: its user data
 *
 * Part of whatever wants to be called; all but @func and @data is the pinger's.
 */
typedef struct
{
  void (*func) (gpointer data);
  gpointer data;

  GList node;
  gint64 due; /* on the clock that nobody can set back */
  gboolean is_added;
} FloePing;

/**
 * FloePinger:
 *
 * Calls many every now and then, with one time-out for all: GLib looks at each of its time-outs in
 * every turn of the main loop, and each terminal has a stream.
 */
typedef struct _FloePinger FloePinger;

FloePinger *floe_pinger_new (FloeClock *clock);
void floe_pinger_free (FloePinger *self);

void floe_pinger_add (FloePinger *self, FloePing *ping);
void floe_pinger_remove (FloePinger *self, FloePing *ping);

G_END_DECLS
