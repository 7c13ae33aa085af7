/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/keeper.h"

#include "core/error.h"
#include "core/keeper-parts.h"

enum
{
  DESKTOP_CHANGED,
  LINE_MOVED,
  POOLS_CHANGED,
  WAITS_CHANGED,
  SERVED,
  ENDED,
  LEADING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeKeeper, floe_keeper, G_TYPE_OBJECT)

void
floe_keeper_tell_ended (FloeKeeper *self, const gchar *action, const GError *error)
{
  g_signal_emit (self, signals[ENDED], 0, action, error);
}

static void
on_line_moved (FloePowerCalls *power, FloeKeeper *self)
{
  g_signal_emit (self, signals[LINE_MOVED], 0);
}

static void
act (FloeKeeper *self, const FloeDesktop *desktop, FloeActions actions, const gchar *request)
{
  if (desktop->facts.intent != FLOE_INTENT_START)
    floe_power_calls_give_up_start (self->power, desktop->id);
  else if ((actions & FLOE_ACTION_POWER_ON)
           && floe_desktop_get_nature (desktop) == FLOE_NATURE_ENGINE_KEPT)
    floe_job_calls_run (self->jobs, desktop, FLOE_JOB_START, request); /* finds out for whom */
  else if (actions & FLOE_ACTION_POWER_ON)
    floe_power_calls_switch_on (self->power, desktop->host, desktop->id);
  if (actions & FLOE_ACTION_POWER_OFF)
    floe_power_calls_switch_off (self->power, desktop->host, desktop->id, request);
  floe_keeper_run_jobs (self, desktop, actions, request);
}

static void
handle (FloeKeeper *self, const FloeDesktop *desktop, FloeActions actions, const gchar *request)
{
  if (desktop->facts.power == FLOE_POWER_OFF || desktop->facts.power == FLOE_POWER_CRASHED)
    floe_console_watch_forget (self->watch, desktop->id);
  if (floe_term_is_leading (self->term))
    act (self, desktop, floe_term_filter (self->term, desktop, actions), request);
  if (actions & FLOE_ACTION_CLOSE_DISPLAY)
    floe_consoles_spend_ticket (self->consoles, desktop, FLOE_TICKET_DISCONNECT, request);
  g_signal_emit (self, signals[DESKTOP_CHANGED], 0, desktop);
}

/**
 * floe_keeper_handle:
 * @self: the keeper
 * @change: as it was committed
 *
 * Does what the lifecycle asked for, and tells everybody who listens. Called after each commit that
 * changed a desktop, by whoever ran the transaction. Where another broker leads, that one hears of
 * the change and does what there is to do; only a ticket that was just set is taken back here.
 */
void
floe_keeper_handle (FloeKeeper *self, const FloeChange *change)
{
  handle (self, change->desktop, change->actions, change->request);
}

/* What was recorded while this broker led, and is answered when it does not any more, is for the
 * next leader to act on. */
void
floe_keeper_handle_change (FloeKeeper *self, const FloeChange *change)
{
  gboolean leading = floe_term_is_leading (self->term);

  if (leading)
    {
      floe_timers_note (self->timers, change->due);
      floe_end_calls_run (self->end_calls, change);
    }
  if (change->changed || change->actions != 0)
    handle (self, change->desktop, leading ? change->actions : 0, change->request);
}

static void
on_changed (GObject *part, const FloeChange *change, FloeKeeper *self)
{
  floe_keeper_handle_change (self, change);
}

/* Several brokers. */

static void
on_news (FloeNews *news, const FloeChange *change, gboolean leading, FloeKeeper *self)
{
  const FloeDesktop *desktop = change->desktop;

  if (desktop->facts.console == FLOE_CONSOLE_CONNECTING)
    floe_console_watch_hold (self->watch, desktop->id);
  if (leading) /* the other one may have set timers */
    floe_timers_note (self->timers, floe_clock_now (self->clock));
  handle (self, desktop,
          leading ? floe_lifecycle_resume (floe_desktop_get_nature (desktop), &desktop->facts) : 0,
          change->request);
}

/**
 * floe_keeper_hear:
 * @entry: what another broker changed
 *
 * Tells everybody who listens here; the leader does what there is to do about it.
 */
void
floe_keeper_hear (FloeKeeper *self, const FloeFeedEntry *entry)
{
  if (g_str_equal (entry->kind, "desktop"))
    floe_news_add (self->news, entry->subject);
  else if (g_str_equal (entry->kind, "pool"))
    floe_keeper_refresh_pools (self);
  else if (g_str_equal (entry->kind, "wait"))
    g_signal_emit (self, signals[WAITS_CHANGED], 0, entry->subject);
  else if (g_str_equal (entry->kind, "served"))
    g_signal_emit (self, signals[SERVED], 0, entry->subject);
  else
    g_signal_emit (self, signals[POOLS_CHANGED], 0);
}

static void
refresh_hosts (FloeKeeper *self)
{
  g_auto (GStrv) hosts = floe_hosts_list (self->hosts);

  for (guint i = 0; hosts[i] != NULL; i++)
    if (floe_hosts_is_up (self->hosts, hosts[i]))
      floe_manager_refresh (self->manager, hosts[i]);
}

static void
on_term_began (FloeTerm *term, FloeKeeper *self)
{
  floe_power_calls_open (self->power);
  floe_job_calls_open (self->jobs);
  floe_consoles_set_leading (self->consoles, TRUE);
  if (self->started)
    {
      floe_timers_start (self->timers);
      floe_end_calls_start (self->end_calls);
      refresh_hosts (self);
    }
  g_signal_emit (self, signals[LEADING], 0);
}

/**
 * floe_keeper_lead:
 * @quiet: until when calls of whoever led before may take effect, elapsed microseconds; 0 for none
 *
 * Begins to record what hosts say, to fire timers, and to act. A keeper that was told nothing does
 * so from its start on.
 */
void
floe_keeper_lead (FloeKeeper *self, gint64 quiet)
{
  floe_term_begin (self->term, quiet);
}

/**
 * floe_keeper_follow:
 *
 * Leaves all that to another broker.
 */
void
floe_keeper_follow (FloeKeeper *self)
{
  floe_term_end (self->term);
  floe_consoles_set_leading (self->consoles, FALSE);
  floe_power_calls_close (self->power);
  floe_job_calls_close (self->jobs);
  floe_end_calls_close (self->end_calls);
  floe_timers_stop (self->timers);
}

/**
 * floe_keeper_set_guard:
 * @guard: whether this broker leads, at any moment
 * @guard_data: must outlive the keeper
 */
void
floe_keeper_set_guard (FloeKeeper *self, FloeGuard guard, gpointer guard_data)
{
  floe_term_set_guard (self->term, guard, guard_data);
}

gboolean
floe_keeper_is_leading (FloeKeeper *self)
{
  return floe_term_is_leading (self->term);
}

/* Life. */

/**
 * floe_keeper_start:
 *
 * Begins to listen; the first listing of each host finishes or undoes what a crash left half done.
 */
void
floe_keeper_start (FloeKeeper *self)
{
  floe_keeper_connect_events (self);
  self->started = TRUE;
  if (floe_term_is_leading (self->term))
    {
      floe_timers_start (self->timers);
      floe_end_calls_start (self->end_calls);
    }
  floe_manager_start (self->manager);
}

/**
 * floe_keeper_stop:
 *
 * Starts nothing more. What is under way is finished by the next start of the program.
 */
void
floe_keeper_stop (FloeKeeper *self)
{
  floe_consoles_close (self->consoles);
  floe_power_calls_close (self->power);
  floe_job_calls_close (self->jobs);
  floe_end_calls_close (self->end_calls);
  floe_timers_stop (self->timers);
  floe_manager_stop (self->manager);
  g_signal_handlers_disconnect_by_data (self->manager, self);
}

/**
 * floe_keeper_note_ticket:
 * @desktop_id: a desktop that is about to get a new ticket
 * @due: when its timer is due, as the claim that recorded it says
 */
void
floe_keeper_note_ticket (FloeKeeper *self, const gchar *desktop_id, gint64 due)
{
  floe_console_watch_hold (self->watch, desktop_id);
  floe_timers_note (self->timers, due);
}

/**
 * floe_keeper_note_timer:
 * @due: when a timer that was just committed is due; 0 for none
 */
void
floe_keeper_note_timer (FloeKeeper *self, gint64 due)
{
  floe_timers_note (self->timers, due);
}

/**
 * floe_keeper_refresh_pools:
 *
 * Asks what there is on every host, after pools were changed.
 */
void
floe_keeper_refresh_pools (FloeKeeper *self)
{
  refresh_hosts (self);
  g_signal_emit (self, signals[POOLS_CHANGED], 0);
}

void
floe_keeper_set_starts_at_once (FloeKeeper *self, const gchar *host, guint n)
{
  floe_power_calls_set_starts_at_once (self->power, host, n);
}

/**
 * floe_keeper_get_manager:
 *
 * Returns: (transfer none): where the desktops run
 */
FloeManager *
floe_keeper_get_manager (FloeKeeper *self)
{
  return self->manager;
}

/**
 * floe_keeper_get_place:
 *
 * Returns: the place of a desktop in its host's line of starts, see floe_start_line_get_place()
 */
guint
floe_keeper_get_place (FloeKeeper *self, const gchar *desktop_id)
{
  return floe_power_calls_get_place (self->power, desktop_id);
}

/**
 * floe_keeper_count_starts:
 *
 * Returns: how many desktops are being started on a host, or wait in its line
 */
guint
floe_keeper_count_starts (FloeKeeper *self, const gchar *host)
{
  return floe_power_calls_count_starts (self->power, host);
}

/**
 * floe_keeper_get_line_length:
 *
 * Returns: how many desktops wait on @host for their turn to be started
 */
guint
floe_keeper_get_line_length (FloeKeeper *self, const gchar *host)
{
  return floe_power_calls_get_line_length (self->power, host);
}

/**
 * floe_keeper_count_jobs:
 *
 * Returns: how many jobs wait or are under way, see #FloeJobCalls
 */
guint
floe_keeper_count_jobs (FloeKeeper *self)
{
  return floe_job_calls_get_length (self->jobs);
}

gboolean
floe_keeper_host_is_up (FloeKeeper *self, const gchar *host)
{
  return floe_hosts_is_up (self->hosts, host);
}

/**
 * floe_keeper_list_hosts:
 *
 * Returns: (transfer full): the names of all hosts that were heard of or lost
 */
GStrv
floe_keeper_list_hosts (FloeKeeper *self)
{
  return floe_hosts_list (self->hosts);
}

/**
 * floe_keeper_get_hosts:
 *
 * Returns: (transfer none): what is known of hosts right now
 */
FloeHosts *
floe_keeper_get_hosts (FloeKeeper *self)
{
  return self->hosts;
}

static void
floe_keeper_finalize (GObject *object)
{
  FloeKeeper *self = FLOE_KEEPER (object);

  floe_timers_stop (self->timers);
  g_object_unref (self->timers);
  g_object_unref (self->consoles);
  g_object_unref (self->power);
  g_object_unref (self->jobs);
  g_object_unref (self->end_calls);
  g_object_unref (self->hosts);
  g_object_unref (self->term);
  g_object_unref (self->news);
  g_object_unref (self->store);
  g_object_unref (self->manager);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_keeper_parent_class)->finalize (object);
}

static void
floe_keeper_class_init (FloeKeeperClass *klass)
{
  const GType plain = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;

  G_OBJECT_CLASS (klass)->finalize = floe_keeper_finalize;
  signals[DESKTOP_CHANGED] = g_signal_new ("desktop-changed", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[POOLS_CHANGED] = g_signal_new ("pools-changed", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LINE_MOVED] = g_signal_new ("line-moved", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
  signals[WAITS_CHANGED] = g_signal_new ("waits-changed", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, plain);
  signals[SERVED] = g_signal_new ("served", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, plain);
  signals[LEADING] = g_signal_new ("leading", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new ("ended", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, plain, G_TYPE_POINTER);
}

static void
floe_keeper_init (FloeKeeper *self)
{
}

/**
 * floe_keeper_new:
 * @store: where desktops are kept
 * @manager: where they run
 * @clock: the time
 *
 * Returns: (transfer full): a keeper that does nothing before floe_keeper_start()
 */
FloeKeeper *
floe_keeper_new (FloeStore *store, FloeManager *manager, FloeClock *clock)
{
  FloeKeeper *self = g_object_new (FLOE_TYPE_KEEPER, NULL);

  self->store = g_object_ref (store);
  self->manager = g_object_ref (manager);
  self->clock = g_object_ref (clock);
  self->timers = floe_timers_new (store, clock);
  self->consoles = floe_consoles_new (store, manager, clock);
  self->watch = floe_consoles_get_watch (self->consoles);
  self->power = floe_power_calls_new (manager);
  self->hosts = floe_hosts_new (manager);
  self->jobs = floe_job_calls_new (store, manager, clock);
  self->end_calls = floe_end_calls_new (store, manager, clock);
  self->term = floe_term_new (store, clock);
  self->news = floe_news_new (store, self->term);
  g_signal_connect_object (self->news, "desktop", G_CALLBACK (on_news), self, 0);
  g_signal_connect_object (self->term, "began", G_CALLBACK (on_term_began), self, 0);
  g_signal_connect_object (self->term, "quiet-over", G_CALLBACK (refresh_hosts), self,
                           G_CONNECT_SWAPPED);
  floe_keeper_connect_calls (self);
  g_signal_connect_object (self->power, "line-moved", G_CALLBACK (on_line_moved), self, 0);
  g_signal_connect_object (self->consoles, "changed", G_CALLBACK (on_changed), self, 0);
  g_signal_connect_object (self->end_calls, "changed", G_CALLBACK (on_changed), self, 0);
  return self;
}
