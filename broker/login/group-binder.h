/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/directory.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeGroupBinder:
 *
 * Finds out which groups the plain names in pools stand for. From then on a name stands for that
 * group, by its lasting id: whoever makes another group of that name, or calls one so, opens no
 * pool by it, and a group that is called something else keeps its pools.
 */
#define FLOE_TYPE_GROUP_BINDER (floe_group_binder_get_type ())
G_DECLARE_FINAL_TYPE (FloeGroupBinder, floe_group_binder, FLOE, GROUP_BINDER, GObject)

FloeGroupBinder *floe_group_binder_new (FloeDirectory *directory, FloeStore *store,
                                        FloeClock *clock);
void floe_group_binder_start (FloeGroupBinder *self);
void floe_group_binder_pass (FloeGroupBinder *self);
void floe_group_binder_stop (FloeGroupBinder *self);

G_END_DECLS
