/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "metrics/scraper.h"

#include "metrics/census.h"

#define MAX_POOLS   1000
#define COUNT_EVERY (5 * G_USEC_PER_SEC)

/* A count serves for so many times as long as it took: of a very large house it is taken less
 * often, rather than keep one of the store's threads busy. */
#define COUNT_SHARE 20

struct _FloeScraper
{
  GObject parent_instance;

  FloeMetrics *metrics;
  FloeStore *store;
  FloeClock *clock;
  FloeMetric *desktops; /* theirs */
  FloeMetric *terminals;
  FloeMetric *held;
  FloeMetric *failures;
  FloeLimitsFunc limits; /* NULL where nobody is held back */
  gpointer limits_data;
  GDestroyNotify limits_free;
  GPtrArray *waiting; /* GTask: who waits for the store */
  gint64 asked_at;    /* elapsed: since when the store counts, or did so last */
  gint64 good_until;  /* elapsed: how long the counts serve */
};

G_DEFINE_FINAL_TYPE (FloeScraper, floe_scraper, G_TYPE_OBJECT)

static const FloeMetricKind desktops_kind = { FLOE_METRIC_GAUGE,
                                              "floe_desktops",
                                              "Desktops of each pool by state, each in one state.",
                                              { "pool", "state" },
                                              .max_series = MAX_POOLS * FLOE_N_DESKTOP_STATES };
static const FloeMetricKind terminals_kind = { FLOE_METRIC_GAUGE,
                                               "floe_terminals",
                                               "Terminals by state.",
                                               { "state" },
                                               .max_series = FLOE_N_TERMINAL_STATES };
static const FloeMetricKind held_kind = { FLOE_METRIC_GAUGE,
                                          "floe_held_back",
                                          "People and networks whose passwords are not passed on "
                                          "now, since too many were wrong.",
                                          { "who" } };
static const FloeMetricKind failures_kind = { FLOE_METRIC_COUNTER, "floe_scrape_failures_total",
                                              "Scrapes that could not count the desktops." };

static void
set_counts (FloeScraper *self, const FloeCensus *census)
{
  floe_metric_clear (self->desktops);
  floe_metric_clear (self->terminals);
  floe_metric_clear (self->held);
  if (census == NULL)
    return;
  floe_metric_set (self->held, (gdouble)census->held.people, FLOE_LABELS ("people"));
  floe_metric_set (self->held, (gdouble)census->held.networks, FLOE_LABELS ("networks"));
  for (guint state = 0; state < FLOE_N_TERMINAL_STATES; state++)
    floe_metric_set (self->terminals, (gdouble)census->terminals[state],
                     FLOE_LABELS (floe_terminal_state_name (state)));
  for (guint i = 0; i < census->pools->len; i++)
    {
      const FloePoolCount *count = census->pools->pdata[i];

      for (guint state = 0; state < FLOE_N_DESKTOP_STATES; state++)
        floe_metric_set (self->desktops, count->n[state],
                         FLOE_LABELS (count->pool, floe_desktop_state_word (state)));
    }
}

static void
answer (FloeScraper *self, GTask *task)
{
  g_task_return_pointer (task, floe_metrics_write (self->metrics), g_free);
}

/* A store that does not answer is one more thing that the metrics tell: the rest is told as ever,
 * and the desktops are left out, since what is not known is not none. */
static void
counted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeScraper) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeCensus) census = floe_store_finish (FLOE_STORE (source), result, &error);
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);
  gint64 now = floe_clock_elapsed (self->clock);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  set_counts (self, census);
  if (census != NULL)
    self->good_until = now + MAX (COUNT_EVERY, COUNT_SHARE * (now - self->asked_at));
  else
    {
      g_info ("the desktops were not counted: %s", error->message);
      floe_metric_add (self->failures, waiting->len, NULL);
    }
  for (guint i = 0; i < waiting->len; i++)
    answer (self, waiting->pdata[i]);
}

static FloeCensusInput *
input_new (FloeScraper *self)
{
  FloeCensusInput *input = g_new0 (FloeCensusInput, 1);

  input->now = floe_clock_now (self->clock);
  input->holds_back = self->limits != NULL && self->limits (self->limits_data, &input->limits);
  return input;
}

/**
 * floe_scraper_run_async:
 * @cancellable: (nullable): gives up waiting
 *
 * Writes all metrics, as soon as the desktops are counted.
 */
void
floe_scraper_run_async (FloeScraper *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_scraper_run_async);
  if (floe_clock_elapsed (self->clock) < self->good_until)
    {
      answer (self, task);
      return;
    }
  g_ptr_array_add (self->waiting, g_steal_pointer (&task));
  if (self->waiting->len > 1)
    return;
  self->asked_at = floe_clock_elapsed (self->clock);
  floe_store_read_async (self->store, floe_census_read, input_new (self), g_free,
                         (GDestroyNotify)floe_census_free, NULL, counted, g_object_ref (self));
}

/**
 * floe_scraper_run_finish:
 *
 * Returns: (transfer full): the text, as #FLOE_EXPOSITION_TYPE; or %NULL when it was given up
 */
gchar *
floe_scraper_run_finish (FloeScraper *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_scraper_set_limits:
 * @func: tells from when on somebody is held back
 * @data: for @func
 * @data_free: (nullable): frees @data
 *
 * Has those counted as well. Once.
 */
void
floe_scraper_set_limits (FloeScraper *self, FloeLimitsFunc func, gpointer data,
                         GDestroyNotify data_free)
{
  self->limits = func;
  self->limits_data = data;
  self->limits_free = data_free;
}

static void
floe_scraper_finalize (GObject *object)
{
  FloeScraper *self = FLOE_SCRAPER (object);

  if (self->limits_free != NULL)
    self->limits_free (self->limits_data);

  g_ptr_array_unref (self->waiting);
  g_object_unref (self->metrics);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_scraper_parent_class)->finalize (object);
}

static void
floe_scraper_class_init (FloeScraperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_scraper_finalize;
}

static void
floe_scraper_init (FloeScraper *self)
{
  self->good_until = G_MININT64;
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * floe_scraper_new:
 * @metrics: what is told
 * @store: where the desktops are
 * @clock: the time
 *
 * Returns: (transfer full): a scraper, which brought metrics of its own
 */
FloeScraper *
floe_scraper_new (FloeMetrics *metrics, FloeStore *store, FloeClock *clock)
{
  FloeScraper *self = g_object_new (FLOE_TYPE_SCRAPER, NULL);

  self->metrics = g_object_ref (metrics);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->desktops = floe_metrics_add (metrics, &desktops_kind);
  self->terminals = floe_metrics_add (metrics, &terminals_kind);
  self->held = floe_metrics_add (metrics, &held_kind);
  self->failures = floe_metrics_add (metrics, &failures_kind);
  return self;
}
