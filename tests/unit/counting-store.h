/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

/* A store before another one that knows how many of its calls have no answer yet, so that a test
 * can wait for rest instead of hoping for it. */
#define COUNTING_TYPE_STORE (counting_store_get_type ())
G_DECLARE_FINAL_TYPE (CountingStore, counting_store, COUNTING, STORE, GObject)

FloeStore *counting_store_new (FloeStore *inner);
guint counting_store_get_open (CountingStore *self);
void counting_store_conflict (CountingStore *self, guint n);

G_END_DECLS
