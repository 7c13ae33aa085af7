/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/clock.h"
#include "core/manager.h"
#include "core/pool-plan.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeRevisionJobs:
 *
 * Has a manager make the images of templates, bring them to hosts and delete them, one job of a
 * kind at a time for a pool and host, and records what came of it.
 *
 * Signals, on the main thread:
 * - "changed" (const gchar *pool): something about a pool's revisions or images changed.
 */
#define FLOE_TYPE_REVISION_JOBS (floe_revision_jobs_get_type ())
G_DECLARE_FINAL_TYPE (FloeRevisionJobs, floe_revision_jobs, FLOE, REVISION_JOBS, GObject)

FloeRevisionJobs *floe_revision_jobs_new (FloeStore *store, FloeManager *manager, FloeClock *clock);
void floe_revision_jobs_publish (FloeRevisionJobs *self, const FloePool *pool, guint revision,
                                 const gchar *const *hosts);
void floe_revision_jobs_carry (FloeRevisionJobs *self, const FloePool *pool,
                               const FloeRevision *revision, const gchar *host,
                               const gchar *target);
void floe_revision_jobs_forget (FloeRevisionJobs *self, const FloePool *pool,
                                const FloeRevision *revision, const gchar *const *hosts);

G_END_DECLS
