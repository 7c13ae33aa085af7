/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/guard.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeFencedStore:
 *
 * A store before another one, for what only the leader records. Each transaction that may write
 * asks the guard as the last thing before its commit: by then it has locked all that it read, so if
 * this broker led at that moment, nobody who led later can have changed any of it in between. When
 * the guard says no, the transaction leaves nothing behind.
 */
#define FLOE_TYPE_FENCED_STORE (floe_fenced_store_get_type ())
G_DECLARE_FINAL_TYPE (FloeFencedStore, floe_fenced_store, FLOE, FENCED_STORE, GObject)

FloeStore *floe_fenced_store_new (FloeStore *inner, FloeGuard guard, gpointer guard_data);

G_END_DECLS
