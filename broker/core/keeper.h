/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/clock.h"
#include "core/desktop.h"
#include "core/guard.h"
#include "core/hosts.h"
#include "core/manager.h"
#include "core/store.h"
#include "core/transition.h"

G_BEGIN_DECLS

/**
 * FloeKeeper:
 *
 * Keeps desktops and the store in step: hears the manager, runs every event through the lifecycle
 * inside a transaction, and does what the table asks for. At start-up it finishes or undoes what a
 * crash left half done. Of several brokers only the one that leads does all that; the keepers of
 * the others know which hosts answer and pass on what changed.
 *
 * Signals, on the main thread:
 * - "desktop-changed" (FloeDesktop *desktop): a snapshot after each change that was committed.
 * - "pools-changed": somebody defined, changed or deleted a pool.
 * - "waits-changed" (const gchar *pool): at another broker somebody joined or left a pool's line.
 * - "served" (const gchar *desktop_id): another broker gave this one to somebody who stood in a
 * line.
 * - "line-moved": somebody's place in the line of starts changed.
 * - "leading": floe_keeper_lead() took effect.
 * - "ended" (const gchar *action, const GError *error): a "start", a "reset" or a job, by the name
 *   of its kind, was answered; @error is %NULL when it went well.
 */
#define FLOE_TYPE_KEEPER (floe_keeper_get_type ())
G_DECLARE_FINAL_TYPE (FloeKeeper, floe_keeper, FLOE, KEEPER, GObject)

FloeKeeper *floe_keeper_new (FloeStore *store, FloeManager *manager, FloeClock *clock);
void floe_keeper_set_starts_at_once (FloeKeeper *self, const gchar *host, guint n);
void floe_keeper_start (FloeKeeper *self);
void floe_keeper_stop (FloeKeeper *self);

void floe_keeper_set_guard (FloeKeeper *self, FloeGuard guard, gpointer guard_data);
void floe_keeper_lead (FloeKeeper *self, gint64 quiet);
void floe_keeper_follow (FloeKeeper *self);
gboolean floe_keeper_is_leading (FloeKeeper *self);
void floe_keeper_hear (FloeKeeper *self, const FloeFeedEntry *entry);

FloeManager *floe_keeper_get_manager (FloeKeeper *self);
void floe_keeper_handle (FloeKeeper *self, const FloeChange *change);
void floe_keeper_note_ticket (FloeKeeper *self, const gchar *desktop_id, gint64 due);
void floe_keeper_note_refusal (FloeKeeper *self, const gchar *desktop_id, const GError *error);
void floe_keeper_note_timer (FloeKeeper *self, gint64 due);
void floe_keeper_refresh_pools (FloeKeeper *self);
guint floe_keeper_count_starts (FloeKeeper *self, const gchar *host);
guint floe_keeper_get_place (FloeKeeper *self, const gchar *desktop_id);
guint floe_keeper_get_line_length (FloeKeeper *self, const gchar *host);
guint floe_keeper_count_jobs (FloeKeeper *self);
gboolean floe_keeper_host_is_up (FloeKeeper *self, const gchar *host);
FloeHosts *floe_keeper_get_hosts (FloeKeeper *self);
GStrv floe_keeper_list_hosts (FloeKeeper *self);

G_END_DECLS
