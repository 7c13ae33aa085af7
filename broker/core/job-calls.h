/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/clock.h"
#include "core/desktop.h"
#include "core/manager.h"
#include "core/store.h"

G_BEGIN_DECLS

/* On one host; the others wait. */
#define FLOE_JOBS_AT_ONCE 8
/* And starts, which an engine has limits of its own for; each asks it a few short questions. */
#define FLOE_STARTS_AT_ONCE 64

/**
 * FloeJobCalls:
 *
 * Has a manager do what takes long for one desktop: make, remove, shut down, move, prepare it, and
 * plug in its holder's data disk. One job of each kind at a time for a desktop, a few at a time on
 * a host; the others wait in line.
 *
 * Signals, on the main thread:
 * - "answered" (const gchar *desktop_id, gint FloeJobKind, const GError *error): a job ended;
 *   @error is %NULL when it did what it was to do.
 */
#define FLOE_TYPE_JOB_CALLS (floe_job_calls_get_type ())
G_DECLARE_FINAL_TYPE (FloeJobCalls, floe_job_calls, FLOE, JOB_CALLS, GObject)

FloeJobCalls *floe_job_calls_new (FloeStore *store, FloeManager *manager, FloeClock *clock);
void floe_job_calls_open (FloeJobCalls *self);
void floe_job_calls_close (FloeJobCalls *self);
void floe_job_calls_run (FloeJobCalls *self, const FloeDesktop *desktop, FloeJobKind kind,
                         const gchar *request);
guint floe_job_calls_get_length (FloeJobCalls *self);

G_END_DECLS
