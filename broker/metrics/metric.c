/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "metrics/metric.h"

#include <math.h>
#include <string.h>

#include "metrics/exposition.h"

/* Between the values in a series' key. No value has it: it would not be UTF-8. */
#define BETWEEN '\xff'

/* What is kept of a label's value. */
#define MAX_VALUE_BYTES 128

typedef struct
{
  gchar *values[FLOE_METRIC_MAX_LABELS];
  gdouble value; /* of a histogram: the sum */
  guint64 count; /* of a histogram */
  gboolean is_other;
  guint64 buckets[]; /* of a histogram: how many fell into each, not cumulative */
} Series;

struct _FloeMetric
{
  FloeMetricKind kind;
  guint n_labels;
  GHashTable *index; /* key to Series, borrowed */
  GPtrArray *series; /* in the order in which they came */
  GStrv bounds;      /* of a histogram: how its buckets' are written */
};

static void
series_free (gpointer data)
{
  Series *series = data;

  for (guint i = 0; i < FLOE_METRIC_MAX_LABELS; i++)
    g_free (series->values[i]);
  g_free (series);
}

void
floe_metric_free (FloeMetric *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->index);
  g_ptr_array_unref (self->series);
  g_strfreev (self->bounds);
  g_free (self);
}

/* clean: at most so much of it, and UTF-8, whatever it was */
static gchar *
clean (const gchar *value)
{
  g_autofree gchar *start = g_strndup (value, MAX_VALUE_BYTES);
  const gchar *end;

  /* Not what a cut in the middle of a character left. */
  if (!g_utf8_validate (start, -1, &end) && strlen (value) > MAX_VALUE_BYTES
      && g_utf8_get_char_validated (end, -1) == (gunichar)-2)
    start[end - start] = '\0';
  return g_utf8_make_valid (start, -1);
}

static Series *
add_series (FloeMetric *self, const gchar *key, gchar **values)
{
  gsize extra = self->kind.n_buckets * sizeof (guint64);
  Series *series = g_malloc0 (sizeof (Series) + extra);

  for (guint i = 0; i < FLOE_METRIC_MAX_LABELS && self->kind.labels[i] != NULL; i++)
    series->values[i] = g_strdup (values[i]);
  g_hash_table_insert (self->index, g_strdup (key), series);
  g_ptr_array_add (self->series, series);
  return series;
}

static gchar *
make_key (FloeMetric *self, gchar **values)
{
  GString *key = g_string_new (NULL);

  for (guint i = 0; i < FLOE_METRIC_MAX_LABELS && self->kind.labels[i] != NULL; i++)
    {
      g_string_append (key, values[i]);
      g_string_append_c (key, BETWEEN);
    }
  return g_string_free (key, FALSE);
}

static Series *
get_other (FloeMetric *self)
{
  gchar *others[FLOE_METRIC_MAX_LABELS] = { (gchar *)FLOE_METRIC_OTHER,
                                            (gchar *)FLOE_METRIC_OTHER };
  g_autofree gchar *key = make_key (self, others);
  Series *series = g_hash_table_lookup (self->index, key);

  if (series == NULL)
    series = add_series (self, key, others);
  series->is_other = TRUE;
  return series;
}

static Series *
get_series (FloeMetric *self, const gchar *const *values)
{
  gchar *cleaned[FLOE_METRIC_MAX_LABELS] = { NULL };
  g_autofree gchar *key = NULL;
  Series *series;

  for (guint i = 0; i < self->n_labels; i++)
    cleaned[i] = clean (values[i]);
  key = make_key (self, cleaned);
  series = g_hash_table_lookup (self->index, key);
  if (series == NULL)
    series = self->series->len < self->kind.max_series ? add_series (self, key, cleaned)
                                                       : get_other (self);
  for (guint i = 0; i < self->n_labels; i++)
    g_free (cleaned[i]);
  return series;
}

static GStrv
write_bounds (const FloeMetricKind *kind)
{
  GStrv bounds = g_new0 (gchar *, kind->n_buckets + 1);

  for (gsize i = 0; i < kind->n_buckets; i++)
    {
      bounds[i] = g_malloc (FLOE_NUMBER_BYTES);
      floe_exposition_format_number (kind->buckets[i], bounds[i]);
    }
  return bounds;
}

/**
 * floe_metric_new:
 * @kind: what it is; copied
 *
 * Returns: (transfer full): a metric without series; one without labels has its one at once
 */
FloeMetric *
floe_metric_new (const FloeMetricKind *kind)
{
  FloeMetric *self = g_new0 (FloeMetric, 1);

  self->kind = *kind;
  if (self->kind.max_series == 0)
    self->kind.max_series = FLOE_METRIC_MAX_SERIES;
  while (self->kind.labels[self->n_labels] != NULL)
    self->n_labels++;
  self->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->series = g_ptr_array_new_with_free_func (series_free);
  self->bounds = write_bounds (kind);
  if (self->n_labels == 0 && kind->type != FLOE_METRIC_HISTOGRAM)
    get_series (self, NULL);
  return self;
}

/**
 * floe_metric_add:
 * @self: a counter or a gauge
 * @amount: how much more; not negative for a counter
 * @values: (nullable): of its labels, if it has some
 */
void
floe_metric_add (FloeMetric *self, gdouble amount, const gchar *const *values)
{
  g_return_if_fail (self->kind.type != FLOE_METRIC_HISTOGRAM && isfinite (amount));
  g_return_if_fail (self->kind.type == FLOE_METRIC_GAUGE || amount >= 0);

  get_series (self, values)->value += amount;
}

/**
 * floe_metric_set:
 * @self: a gauge; or a counter of what is counted elsewhere
 * @value: how much
 * @values: (nullable): of its labels, if it has some
 *
 * What falls into the series of the others is added there, so floe_metric_clear() is called before
 * a whole new set of values.
 */
void
floe_metric_set (FloeMetric *self, gdouble value, const gchar *const *values)
{
  Series *series;

  g_return_if_fail (self->kind.type != FLOE_METRIC_HISTOGRAM && isfinite (value));
  g_return_if_fail (self->kind.type == FLOE_METRIC_GAUGE || value >= 0);

  series = get_series (self, values);
  series->value = series->is_other ? series->value + value : value;
}

/**
 * floe_metric_observe:
 * @self: a histogram
 * @value: what was measured, not negative
 * @values: (nullable): of its labels, if it has some
 */
void
floe_metric_observe (FloeMetric *self, gdouble value, const gchar *const *values)
{
  Series *series;

  g_return_if_fail (self->kind.type == FLOE_METRIC_HISTOGRAM && isfinite (value) && value >= 0);

  series = get_series (self, values);
  series->count++;
  series->value += value;
  for (gsize i = 0; i < self->kind.n_buckets; i++)
    if (value <= self->kind.buckets[i])
      {
        series->buckets[i]++;
        return;
      }
}

/**
 * floe_metric_clear:
 *
 * Drops all series, before a gauge gets a whole new set of values.
 */
void
floe_metric_clear (FloeMetric *self)
{
  g_hash_table_remove_all (self->index);
  g_ptr_array_set_size (self->series, 0);
}

guint
floe_metric_count_series (FloeMetric *self)
{
  return self->series->len;
}

static void
write_histogram (FloeMetric *self, const Series *series, FloeSample *sample, GString *out)
{
  guint64 so_far = 0;

  sample->suffix = "_bucket";
  for (gsize i = 0; i < self->kind.n_buckets; i++)
    {
      so_far += series->buckets[i];
      sample->bucket = self->bounds[i];
      floe_exposition_write_sample (out, sample, so_far);
    }
  sample->bucket = "+Inf";
  floe_exposition_write_sample (out, sample, series->count);
  sample->bucket = NULL;
  sample->suffix = "_sum";
  floe_exposition_write_sample (out, sample, series->value);
  sample->suffix = "_count";
  floe_exposition_write_sample (out, sample, series->count);
}

/**
 * floe_metric_write:
 * @out: what its text is appended to
 */
void
floe_metric_write (FloeMetric *self, GString *out)
{
  static const gchar *const types[] = { "counter", "gauge", "histogram" };

  floe_exposition_write_head (out, self->kind.name, types[self->kind.type], self->kind.help);
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *series = self->series->pdata[i];
      FloeSample sample = { .name = self->kind.name,
                            .suffix = "",
                            .labels = self->kind.labels,
                            .values = (const gchar *const *)series->values };

      if (self->kind.type == FLOE_METRIC_HISTOGRAM)
        write_histogram (self, series, &sample, out);
      else
        floe_exposition_write_sample (out, &sample, series->value);
    }
}
