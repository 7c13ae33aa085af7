/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "metrics/metric.h"

G_BEGIN_DECLS

/**
 * FloeMetrics:
 *
 * The registry: all metrics, and who brings those up to date that are read only when somebody asks.
 * For the main thread.
 */
#define FLOE_TYPE_METRICS (floe_metrics_get_type ())
G_DECLARE_FINAL_TYPE (FloeMetrics, floe_metrics, FLOE, METRICS, GObject)

/**
 * FloeMetricsReader:
 * @data: its own
 *
 * Sets the values of metrics that somebody else counts. Must be quick.
 */
typedef void (*FloeMetricsReader) (gpointer data);

FloeMetrics *floe_metrics_new (void);
FloeMetric *floe_metrics_add (FloeMetrics *self, const FloeMetricKind *kind);
void floe_metrics_add_reader (FloeMetrics *self, FloeMetricsReader func, gpointer data,
                              GDestroyNotify data_free);
gchar *floe_metrics_write (FloeMetrics *self);

G_END_DECLS
