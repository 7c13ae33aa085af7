/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/capacity-tally.h"
#include "core/forecast.h"
#include "core/helpdesk.h"

G_BEGIN_DECLS

/* So many slots are told at once, at most. */
#define FLOE_CAPACITY_MAX_SLOTS 1000

/**
 * FloePoolCapacity:
 * @pool: its name
 * @now: how it is
 * @day: what was seen in the last 24 hours, from the beginning of an hour on
 * @forecast: when it gets too small
 * @step: with one pool only: how long slots are; and with it the rest
 * @since: from when on
 * @until: and before when they begin
 * @slots: (nullable) (element-type FloeCapacitySlot): by time; there is none where nothing was seen
 *
 * How a pool is used.
 */
typedef struct
{
  gchar *pool;
  FloeCapacityLook *now;
  FloeCapacitySlot *day;
  FloeForecast forecast;
  FloeCapacityStep step;
  gint64 since;
  gint64 until;
  GPtrArray *slots;
} FloePoolCapacity;

void floe_pool_capacity_free (FloePoolCapacity *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePoolCapacity, floe_pool_capacity_free)

/**
 * FloeCapacityQuery:
 * @step: how long slots are
 * @since: from when on; 0 for as long as is usual for the step
 * @until: before when; 0 for now
 *
 * Of which time it is asked.
 */
typedef struct
{
  FloeCapacityStep step;
  gint64 since;
  gint64 until;
} FloeCapacityQuery;

void floe_helpdesk_list_capacity_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
GPtrArray *floe_helpdesk_list_capacity_finish (FloeHelpdesk *self, GAsyncResult *result,
                                               GError **error);
void floe_helpdesk_get_capacity_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                       const gchar *pool, const FloeCapacityQuery *query,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
FloePoolCapacity *floe_helpdesk_get_capacity_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                     GError **error);

G_END_DECLS
