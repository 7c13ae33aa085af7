/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FLOE_DATE_SET_BACK:
 *
 * What is dated later than now by so much is from before the calendar was set back; less is what
 * the clocks of several brokers differ. In microseconds.
 */
#define FLOE_DATE_SET_BACK G_TIME_SPAN_MINUTE

gint64 floe_date_of (gint64 time);
gint64 floe_date_get_time (gint64 date);
gint64 floe_date_get_ahead (void);
gint64 floe_date_of_machine (gint64 time);
void floe_date_set_ahead (gint64 ahead);
void floe_date_set_machine_ahead (gint64 ahead);

G_END_DECLS
