/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spice-client.h>

G_BEGIN_DECLS

/**
 * FloePulse:
 *
 * Notices that a SPICE session's network is dead. The kernel sees to it where the way ends at the
 * host itself; where something in between goes on taking what we send, only what the host says
 * tells that it is there: it pings its main channel every few seconds.
 */
typedef struct _FloePulse FloePulse;

typedef void (*FloePulseFunc) (gpointer data);

FloePulse *floe_pulse_new (SpiceSession *spice, guint silence_ms, FloePulseFunc silent,
                           gpointer data);
void floe_pulse_free (FloePulse *self);

void floe_pulse_guard_socket (GSocket *socket);
void floe_pulse_guard_channel (SpiceChannel *channel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePulse, floe_pulse_free)

G_END_DECLS
