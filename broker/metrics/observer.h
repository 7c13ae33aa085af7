/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assigner.h"
#include "core/directory.h"
#include "core/keeper.h"
#include "metrics/metrics.h"
#include "util/workers.h"

G_BEGIN_DECLS

/**
 * FloeObserverParts:
 * @metrics: where it is told
 * @keeper: starts, resets, hosts and lines
 * @assigner: connects and tickets
 * @login: anything that emits "phase", "ended", "let-in", "account-ended" and "doubted" as a
 *   #FloeLogin does
 * @directory: whether it answers
 *
 * What is looked at.
 */
typedef struct
{
  FloeMetrics *metrics;
  FloeKeeper *keeper;
  FloeAssigner *assigner;
  GObject *login;
  FloeDirectory *directory;
} FloeObserverParts;

/**
 * FloeLoadFunc:
 * @data: its own
 * @load: (out caller-allocates): how busy the queue is
 */
typedef void (*FloeLoadFunc) (gpointer data, FloeLoad *load);

/**
 * FloeCountFunc:
 * @data: its own
 *
 * Returns: how often it happened so far
 */
typedef guint64 (*FloeCountFunc) (gpointer data);

/**
 * FloeUpFunc:
 * @data: its own
 *
 * Returns: whether it answers
 */
typedef gboolean (*FloeUpFunc) (gpointer data);

/**
 * FloeObserver:
 *
 * Turns what the rooms tell, and what they can be asked, into metrics. The rooms know nothing of
 * it.
 */
#define FLOE_TYPE_OBSERVER (floe_observer_get_type ())
G_DECLARE_FINAL_TYPE (FloeObserver, floe_observer, FLOE, OBSERVER, GObject)

FloeObserver *floe_observer_new (const FloeObserverParts *parts);
void floe_observer_add_queue (FloeObserver *self, const gchar *name, const gchar *host,
                              FloeLoadFunc func, gpointer data, GDestroyNotify data_free);
void floe_observer_add_directory (FloeObserver *self, const gchar *name, FloeCountFunc func,
                                  gpointer data, GDestroyNotify data_free);
void floe_observer_add_server (FloeObserver *self, const gchar *directory, const gchar *uri,
                               FloeUpFunc func, gpointer data, GDestroyNotify data_free);

G_END_DECLS
