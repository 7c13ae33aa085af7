/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLOE_METRIC_MAX_LABELS 2

/**
 * FLOE_METRIC_MAX_SERIES:
 *
 * How many series a metric has at most, unless its kind says otherwise. Whatever comes beyond goes
 * into one more, all of whose labels are %FLOE_METRIC_OTHER: nobody's names can make memory grow.
 */
#define FLOE_METRIC_MAX_SERIES 4096
#define FLOE_METRIC_OTHER      "(other)"

typedef enum
{
  FLOE_METRIC_COUNTER,
  FLOE_METRIC_GAUGE,
  FLOE_METRIC_HISTOGRAM,
} FloeMetricType;

/**
 * FloeMetricKind:
 * @type: what it is
 * @name: "floe_" and so on, with its unit at the end, and "_total" behind a counter's
 * @help: what it says, one sentence
 * @labels: (array zero-terminated=1): the names of its labels
 * @buckets: (nullable): of a histogram: the upper bounds, ascending, without infinity
 * @n_buckets: how many
 * @max_series: its own bound; 0 for %FLOE_METRIC_MAX_SERIES
 *
 * What a metric is. What it points to is static.
 */
typedef struct
{
  FloeMetricType type;
  const gchar *name;
  const gchar *help;
  const gchar *labels[FLOE_METRIC_MAX_LABELS + 1];
  const gdouble *buckets;
  gsize n_buckets;
  guint max_series;
} FloeMetricKind;

/**
 * FLOE_LABELS:
 *
 * The values of a metric's labels, in their order, for the functions below.
 */
#define FLOE_LABELS(...) ((const gchar *const[]){ __VA_ARGS__, NULL })

/**
 * FloeMetric:
 *
 * One metric with all its series: one for each combination of values of its labels. For one thread.
 * Values that are no finite numbers, and negative ones where there can be none, are a mistake of
 * the caller and change nothing.
 */
typedef struct _FloeMetric FloeMetric;

FloeMetric *floe_metric_new (const FloeMetricKind *kind);
void floe_metric_free (FloeMetric *self);
void floe_metric_add (FloeMetric *self, gdouble amount, const gchar *const *values);
void floe_metric_set (FloeMetric *self, gdouble value, const gchar *const *values);
void floe_metric_observe (FloeMetric *self, gdouble value, const gchar *const *values);
void floe_metric_clear (FloeMetric *self);
guint floe_metric_count_series (FloeMetric *self);
void floe_metric_write (FloeMetric *self, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeMetric, floe_metric_free)

G_END_DECLS
