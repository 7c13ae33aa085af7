/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/consoles.h"
#include "core/end-calls.h"
#include "core/job-calls.h"
#include "core/keeper-transactions.h"
#include "core/keeper.h"
#include "core/news.h"
#include "core/power-calls.h"
#include "core/term.h"
#include "core/timers.h"

G_BEGIN_DECLS

/* What the files of the keeper share. */

struct _FloeKeeper
{
  GObject parent_instance;

  FloeStore *store;
  FloeManager *manager;
  FloeClock *clock;
  FloeTimers *timers;
  FloeConsoles *consoles;
  FloeConsoleWatch *watch; /* theirs */
  FloePowerCalls *power;
  FloeJobCalls *jobs;
  FloeEndCalls *end_calls;
  FloeHosts *hosts;
  FloeTerm *term;
  gboolean started;
  FloeNews *news;
};

/* keeper.c */
void floe_keeper_handle_change (FloeKeeper *self, const FloeChange *change);
void floe_keeper_tell_ended (FloeKeeper *self, const gchar *action, const GError *error);

/* keeper-calls.c */
FloeKeeperEvent *floe_keeper_new_event (FloeKeeper *self, const gchar *desktop_id, FloeEvent event);
void floe_keeper_record (FloeKeeper *self, FloeTransaction func, FloeKeeperEvent *input);
void floe_keeper_run_jobs (FloeKeeper *self, const FloeDesktop *desktop, FloeActions actions,
                           const gchar *request);
void floe_keeper_connect_calls (FloeKeeper *self);

/* keeper-events.c */
void floe_keeper_connect_events (FloeKeeper *self);

G_END_DECLS
