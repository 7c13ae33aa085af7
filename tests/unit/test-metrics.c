/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "exposition-reader.h"
#include "metrics/exposition.h"
#include "metrics/metrics.h"

static const FloeMetricKind counter_kind = {
  FLOE_METRIC_COUNTER, "floe_tries_total", "Tries.", { "who", "why" }
};
static const FloeMetricKind gauge_kind = {
  FLOE_METRIC_GAUGE, "floe_things", "Things.", { "name" }
};
static const FloeMetricKind plain_kind = { FLOE_METRIC_GAUGE, "floe_up", "Whether it is up." };
static const gdouble bounds[] = { 0.25, 1, 60 };
static const FloeMetricKind histogram_kind = {
  FLOE_METRIC_HISTOGRAM, "floe_wait_seconds", "Waits.", { "pool" }, bounds, G_N_ELEMENTS (bounds)
};

static gchar *
text_of (FloeMetric *metric)
{
  GString *out = g_string_new (NULL);

  floe_metric_write (metric, out);
  return g_string_free (out, FALSE);
}

static void
test_text (void)
{
  g_autoptr (FloeMetric) counter = floe_metric_new (&counter_kind);
  g_autoptr (FloeMetric) histogram = floe_metric_new (&histogram_kind);
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;

  floe_metric_add (counter, 2, FLOE_LABELS ("me", "so"));
  floe_metric_add (counter, 1, FLOE_LABELS ("me", ""));
  floe_metric_add (counter, 0.5, FLOE_LABELS ("me", "so"));
  first = text_of (counter);
  g_assert_cmpstr (first, ==,
                   "# HELP floe_tries_total Tries.\n"
                   "# TYPE floe_tries_total counter\n"
                   "floe_tries_total{who=\"me\",why=\"so\"} 2.5\n"
                   "floe_tries_total{who=\"me\"} 1\n");
  floe_metric_observe (histogram, 0.25, FLOE_LABELS ("office"));
  floe_metric_observe (histogram, 0.5, FLOE_LABELS ("office"));
  floe_metric_observe (histogram, 0, FLOE_LABELS ("office"));
  floe_metric_observe (histogram, 61, FLOE_LABELS ("office"));
  second = text_of (histogram);
  g_assert_cmpstr (second, ==,
                   "# HELP floe_wait_seconds Waits.\n"
                   "# TYPE floe_wait_seconds histogram\n"
                   "floe_wait_seconds_bucket{pool=\"office\",le=\"0.25\"} 2\n"
                   "floe_wait_seconds_bucket{pool=\"office\",le=\"1\"} 3\n"
                   "floe_wait_seconds_bucket{pool=\"office\",le=\"60\"} 3\n"
                   "floe_wait_seconds_bucket{pool=\"office\",le=\"+Inf\"} 4\n"
                   "floe_wait_seconds_sum{pool=\"office\"} 61.75\n"
                   "floe_wait_seconds_count{pool=\"office\"} 4\n");
  exposition_free (exposition_read (first));
  exposition_free (exposition_read (second));
}

/* Whatever a name holds, it is read back as it was, and makes no line of its own. */
static void
test_escapes (void)
{
  static const gchar *const names[] = { "\"",   "\\",       "\n", "\\n", "a\"} 1\nfloe_evil 2\n",
                                        "{,}=", "Zürich 森" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (FloeMetric) metric = floe_metric_new (&gauge_kind);
      g_autofree gchar *text = NULL;
      g_autoptr (Exposition) read = NULL;

      floe_metric_set (metric, 1, FLOE_LABELS (names[i]));
      text = text_of (metric);
      read = exposition_read (text);
      g_assert_cmpuint (read->samples->len, ==, 1);
      g_assert_cmpstr (exposition_label (read->samples->pdata[0], "name"), ==, names[i]);
    }
}

static void
test_help_escapes (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  floe_exposition_write_head (out, "floe_a", "gauge", "a \"word\", a \\ and\na line");
  g_assert_cmpstr (out->str, ==,
                   "# HELP floe_a a \"word\", a \\\\ and\\na line\n# TYPE floe_a gauge\n");
}

/* What is no UTF-8 becomes it, and what is too long is cut, between characters. */
static void
test_odd_names (void)
{
  g_autofree gchar *longer = g_strnfill (127, 'a');
  g_autofree gchar *split = g_strconcat (longer, "森森", NULL);
  g_autoptr (FloeMetric) metric = floe_metric_new (&gauge_kind);
  g_autofree gchar *text = NULL;
  g_autoptr (Exposition) read = NULL;

  floe_metric_set (metric, 1, FLOE_LABELS ("a\xff\xfe"));
  floe_metric_set (metric, 2, FLOE_LABELS (split));
  text = text_of (metric);
  read = exposition_read (text);
  g_assert_cmpuint (read->samples->len, ==, 2);
  g_assert_cmpstr (exposition_label (read->samples->pdata[0], "name"), ==,
                   "a\xef\xbf\xbd\xef\xbf\xbd");
  g_assert_cmpstr (exposition_label (read->samples->pdata[1], "name"), ==, longer);
}

static void
test_numbers (void)
{
  static const struct
  {
    gdouble value;
    const gchar *text;
  } cases[] = {
    { 0, "0" },
    { -1, "-1" },
    { 0.1, "0.1" },
    { 1e21, "1e+21" },
    { 1.0 / 3.0, NULL },
    { 9007199254740991.0, "9007199254740991" },
    { 5e-324, NULL },
    { INFINITY, "+Inf" },
    { -INFINITY, "-Inf" },
    { NAN, "NaN" },
    { 123456789012345.0, "123456789012345" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      FloeSample sample = { .name = "a", .suffix = "" };

      floe_exposition_write_sample (out, &sample, cases[i].value);
      g_assert_true (g_str_has_prefix (out->str, "a ") && g_str_has_suffix (out->str, "\n"));
      g_string_truncate (out, out->len - 1);
      if (cases[i].text != NULL)
        g_assert_cmpstr (out->str + 2, ==, cases[i].text);
      else
        g_assert_true (g_ascii_strtod (out->str + 2, NULL) == cases[i].value);
    }
}

static void
expect_refusal (void)
{
  g_test_expect_message ("floe-metrics", G_LOG_LEVEL_CRITICAL, "*assertion*failed*");
}

/* A division by nothing somewhere must not spoil a sum for ever. */
static void
test_no_nonsense (void)
{
  g_autoptr (FloeMetric) counter = floe_metric_new (&counter_kind);
  g_autoptr (FloeMetric) gauge = floe_metric_new (&plain_kind);
  g_autoptr (FloeMetric) histogram = floe_metric_new (&histogram_kind);
  g_autofree gchar *text = NULL;

  floe_metric_add (counter, 1, FLOE_LABELS ("a", "b"));
  expect_refusal ();
  floe_metric_add (counter, -1, FLOE_LABELS ("a", "b"));
  expect_refusal ();
  floe_metric_add (counter, NAN, FLOE_LABELS ("a", "b"));
  expect_refusal ();
  floe_metric_set (gauge, INFINITY, NULL);
  expect_refusal ();
  floe_metric_observe (histogram, NAN, FLOE_LABELS ("a"));
  expect_refusal ();
  floe_metric_observe (histogram, -0.5, FLOE_LABELS ("a"));
  expect_refusal ();
  floe_metric_observe (gauge, 1, NULL);
  expect_refusal ();
  floe_metric_set (histogram, 1, FLOE_LABELS ("a"));
  g_test_assert_expected_messages ();
  text = text_of (counter);
  g_assert_nonnull (strstr (text, "floe_tries_total{who=\"a\",why=\"b\"} 1\n"));
  g_assert_cmpuint (floe_metric_count_series (histogram), ==, 0);
}

/* A metric without labels is there from the start, so that an alert on it has something to read. */
static void
test_plain (void)
{
  g_autoptr (FloeMetric) gauge = floe_metric_new (&plain_kind);
  g_autofree gchar *before = text_of (gauge);
  g_autofree gchar *after = NULL;

  g_assert_nonnull (strstr (before, "\nfloe_up 0\n"));
  floe_metric_set (gauge, 1, NULL);
  after = text_of (gauge);
  g_assert_nonnull (strstr (after, "\nfloe_up 1\n"));
}

static void
test_bounded (void)
{
  g_autoptr (FloeMetric) counter = floe_metric_new (&counter_kind);
  const guint n = 50000;
  g_autofree gchar *text = NULL;
  g_autoptr (Exposition) read = NULL;
  gdouble sum = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("pool-%u", i);

      floe_metric_add (counter, 1, FLOE_LABELS (name, "x"));
    }
  g_assert_cmpuint (floe_metric_count_series (counter), ==, FLOE_METRIC_MAX_SERIES + 1);
  text = text_of (counter);
  read = exposition_read (text);
  for (guint i = 0; i < read->samples->len; i++)
    sum += ((const ReadSample *)read->samples->pdata[i])->value;
  g_assert_cmpfloat (sum, ==, n); /* nothing is lost */
  g_assert_cmpfloat (exposition_get (read, "floe_tries_total",
                                     "{who=\"" FLOE_METRIC_OTHER "\",why=\"" FLOE_METRIC_OTHER
                                     "\"}"),
                     ==, n - FLOE_METRIC_MAX_SERIES);
}

static void
test_bounded_gauge (void)
{
  FloeMetricKind kind = gauge_kind;
  g_autoptr (FloeMetric) gauge = NULL;

  kind.max_series = 2;
  gauge = floe_metric_new (&kind);
  for (guint round = 0; round < 3; round++)
    {
      g_autofree gchar *text = NULL;
      g_autoptr (Exposition) read = NULL;

      floe_metric_clear (gauge);
      for (guint i = 0; i < 5; i++)
        {
          g_autofree gchar *name = g_strdup_printf ("%u", i);

          floe_metric_set (gauge, 10, FLOE_LABELS (name));
        }
      text = text_of (gauge);
      read = exposition_read (text);
      g_assert_cmpuint (read->samples->len, ==, 3);
      g_assert_cmpfloat (exposition_get (read, "floe_things", "{name=\"0\"}"), ==, 10);
      g_assert_cmpfloat (exposition_get (read, "floe_things", "{name=\"" FLOE_METRIC_OTHER "\"}"),
                         ==, 30);
    }
}

/* Somebody who has the name of the others is one of them. */
static void
test_other_by_name (void)
{
  FloeMetricKind kind = gauge_kind;
  g_autoptr (FloeMetric) gauge = NULL;
  g_autofree gchar *text = NULL;

  kind.max_series = 1;
  gauge = floe_metric_new (&kind);
  floe_metric_add (gauge, 1, FLOE_LABELS (FLOE_METRIC_OTHER));
  floe_metric_add (gauge, 1, FLOE_LABELS (""));
  floe_metric_add (gauge, 1, FLOE_LABELS ("else"));
  text = text_of (gauge);
  g_assert_true (g_str_has_suffix (text, "\nfloe_things{name=\"(other)\"} 3\n"));
}

typedef struct
{
  FloeMetric *metric;
  guint reads;
  guint frees;
} Source;

static void
read_source (gpointer data)
{
  Source *source = data;

  floe_metric_set (source->metric, ++source->reads, NULL);
}

static void
free_source (gpointer data)
{
  ((Source *)data)->frees++;
}

static void
test_registry (void)
{
  FloeMetrics *metrics = floe_metrics_new ();
  Source up = { floe_metrics_add (metrics, &plain_kind), 0, 0 };
  FloeMetric *things = floe_metrics_add (metrics, &gauge_kind);

  floe_metrics_add_reader (metrics, read_source, &up, free_source);
  floe_metric_set (things, 3, FLOE_LABELS ("a"));
  for (guint i = 1; i <= 3; i++)
    {
      g_autofree gchar *text = floe_metrics_write (metrics);
      g_autoptr (Exposition) read = exposition_read (text);

      g_assert_cmpfloat (exposition_get (read, "floe_up", ""), ==, i);
      g_assert_cmpfloat (exposition_get (read, "floe_things", "{name=\"a\"}"), ==, 3);
      g_assert_cmpstr (g_hash_table_lookup (read->types, "floe_up"), ==, "gauge");
    }
  g_assert_finalize_object (metrics);
  g_assert_cmpuint (up.frees, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/write/text", test_text);
  g_test_add_func ("/metrics/write/escapes", test_escapes);
  g_test_add_func ("/metrics/write/help-escapes", test_help_escapes);
  g_test_add_func ("/metrics/write/odd-names", test_odd_names);
  g_test_add_func ("/metrics/write/numbers", test_numbers);
  g_test_add_func ("/metrics/series/no-nonsense", test_no_nonsense);
  g_test_add_func ("/metrics/series/plain", test_plain);
  g_test_add_func ("/metrics/series/bounded", test_bounded);
  g_test_add_func ("/metrics/series/bounded-gauge", test_bounded_gauge);
  g_test_add_func ("/metrics/series/other-by-name", test_other_by_name);
  g_test_add_func ("/metrics/registry/readers", test_registry);
  return g_test_run ();
}
