/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeSeat:
 * @address: (nullable): the network address
 * @terminal: (nullable): the enrolled terminal whose certificate is on the connection
 *
 * From where somebody asks.
 */
typedef struct
{
  gchar *address;
  FloeTerminal *terminal;
} FloeSeat;

FloeSeat *floe_seat_find (FloeTx *tx, const FloeCaller *caller, GError **error);
void floe_seat_free (FloeSeat *self);
FloeUser *floe_seat_fill (const FloeSeat *self, const FloeUser *user);
gboolean floe_seat_opens (const FloeSeat *self, const FloePool *pool);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSeat, floe_seat_free)

G_END_DECLS
