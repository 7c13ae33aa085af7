/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/clock.h"
#include "core/store.h"
#include "metrics/metrics.h"

G_BEGIN_DECLS

/**
 * FloeLimitsFunc:
 * @data: its own
 * @limits: (out caller-allocates): from when on somebody is held back at this moment
 *
 * Returns: whether anybody ever is
 */
typedef gboolean (*FloeLimitsFunc) (gpointer data, FloeTryLimits *limits);

/**
 * FloeScraper:
 *
 * Answers who asks for the metrics. It counts the desktops of each pool then, and the like, with
 * one reading of the store that serves for 5 seconds, or longer if it took long, whoever asks and
 * how often.
 */
#define FLOE_TYPE_SCRAPER (floe_scraper_get_type ())
G_DECLARE_FINAL_TYPE (FloeScraper, floe_scraper, FLOE, SCRAPER, GObject)

FloeScraper *floe_scraper_new (FloeMetrics *metrics, FloeStore *store, FloeClock *clock);
void floe_scraper_set_limits (FloeScraper *self, FloeLimitsFunc func, gpointer data,
                              GDestroyNotify data_free);
void floe_scraper_run_async (FloeScraper *self, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gchar *floe_scraper_run_finish (FloeScraper *self, GAsyncResult *result, GError **error);

G_END_DECLS
