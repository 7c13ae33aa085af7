/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "metrics/metrics.h"

struct _FloeMetrics
{
  GObject parent_instance;

  GPtrArray *metrics; /* FloeMetric */
  GPtrArray *readers; /* Reader */
};

typedef struct
{
  FloeMetricsReader func;
  gpointer data;
  GDestroyNotify data_free;
} Reader;

G_DEFINE_FINAL_TYPE (FloeMetrics, floe_metrics, G_TYPE_OBJECT)

static void
reader_free (gpointer data)
{
  Reader *reader = data;

  if (reader->data_free != NULL)
    reader->data_free (reader->data);
  g_free (reader);
}

/**
 * floe_metrics_add:
 * @kind: what it is, of a name that no other has
 *
 * Returns: (transfer none): the new metric, which lives as long as the registry
 */
FloeMetric *
floe_metrics_add (FloeMetrics *self, const FloeMetricKind *kind)
{
  FloeMetric *metric = floe_metric_new (kind);

  g_ptr_array_add (self->metrics, metric);
  return metric;
}

/**
 * floe_metrics_add_reader:
 * @func: called each time before the metrics are written
 * @data: for @func
 * @data_free: (nullable): frees @data at the end of the registry
 */
void
floe_metrics_add_reader (FloeMetrics *self, FloeMetricsReader func, gpointer data,
                         GDestroyNotify data_free)
{
  Reader *reader = g_new (Reader, 1);

  *reader = (Reader){ func, data, data_free };
  g_ptr_array_add (self->readers, reader);
}

/**
 * floe_metrics_write:
 *
 * Returns: (transfer full): all metrics as of now, as #FLOE_EXPOSITION_TYPE
 */
gchar *
floe_metrics_write (FloeMetrics *self)
{
  GString *out = g_string_sized_new (16 * 1024);

  for (guint i = 0; i < self->readers->len; i++)
    {
      const Reader *reader = self->readers->pdata[i];

      reader->func (reader->data);
    }
  for (guint i = 0; i < self->metrics->len; i++)
    floe_metric_write (self->metrics->pdata[i], out);
  return g_string_free (out, FALSE);
}

static void
floe_metrics_finalize (GObject *object)
{
  FloeMetrics *self = FLOE_METRICS (object);

  g_ptr_array_unref (self->readers);
  g_ptr_array_unref (self->metrics);
  G_OBJECT_CLASS (floe_metrics_parent_class)->finalize (object);
}

static void
floe_metrics_class_init (FloeMetricsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_metrics_finalize;
}

static void
floe_metrics_init (FloeMetrics *self)
{
  self->metrics = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_metric_free);
  self->readers = g_ptr_array_new_with_free_func (reader_free);
}

FloeMetrics *
floe_metrics_new (void)
{
  return g_object_new (FLOE_TYPE_METRICS, NULL);
}
