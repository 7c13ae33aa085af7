/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WireFault:
 * @WIRE_DROP: all connections are closed, and so is whatever connects meanwhile
 * @WIRE_RESET: the same, the rude way
 * @WIRE_STALL: nothing is handed on; the connections stand, and new ones are taken
 * @WIRE_DELAY: everything takes a fifth of a second longer
 *
 * How a network fails.
 */
typedef enum
{
  WIRE_DROP,
  WIRE_RESET,
  WIRE_STALL,
  WIRE_DELAY,
} WireFault;

/**
 * FaultWire:
 *
 * The network between a client and a server on this machine, as a relay on a port of its own, which
 * fails when a test says so and heals by itself.
 */
typedef struct _FaultWire FaultWire;

FaultWire *fault_wire_new (guint16 server_port);
void fault_wire_free (FaultWire *self);
guint16 fault_wire_get_port (FaultWire *self);

/* It fails when so many bytes in all have come from the server, for so long. */
void fault_wire_fail (FaultWire *self, WireFault fault, gsize after_bytes, guint milliseconds);
gboolean fault_wire_is_whole (FaultWire *self);
gboolean fault_wire_has_failed (FaultWire *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultWire, fault_wire_free)

G_END_DECLS
