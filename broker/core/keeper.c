/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/keeper.h"

#include <string.h>

#include "core/consoles.h"
#include "core/end-calls.h"
#include "core/error.h"
#include "core/host-notes.h"
#include "core/job-calls.h"
#include "core/keeper-transactions.h"
#include "core/made.h"
#include "core/news.h"
#include "core/power-calls.h"
#include "core/sync.h"
#include "core/term.h"
#include "core/timers.h"
#include "core/transition.h"

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

static FloeKeeperEvent *
event_new (FloeKeeper *self, const gchar *desktop_id, FloeEvent event)
{
  return floe_keeper_event_new (desktop_id, event, floe_clock_now (self->clock));
}

/* What was recorded while this broker led, and is answered when it does not any more, is for the
 * next leader to act on. */
static void
handle_change (FloeKeeper *self, const FloeChange *change)
{
  gboolean leading = floe_term_is_leading (self->term);

  if (leading)
    {
      floe_timers_note (self->timers, change->due);
      floe_end_calls_run (self->end_calls, change);
    }
  if (change->changed || change->actions != 0)
    floe_keeper_handle (self, change->desktop, leading ? change->actions : 0);
}

static void
event_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeKeeper) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeChange) change = floe_store_finish (FLOE_STORE (source), result, &error);

  if (change != NULL)
    handle_change (self, change);
  else if (!g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    g_warning ("an event was not recorded: %s", error->message);
}

/* Takes @input. */
static void
record (FloeKeeper *self, FloeTransaction func, FloeKeeperEvent *input)
{
  floe_store_write_async (self->store, func, input, (GDestroyNotify)floe_keeper_event_free,
                          (GDestroyNotify)floe_change_free, event_answered, g_object_ref (self));
}

/* Power. */

/* After an answer that leaves the outcome open, the intent stays: the host's next listing tells. */
static gboolean
outcome_is_open (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CANCELLED);
}

static void
on_power_answered (FloePowerCalls *power, const gchar *desktop_id, gboolean on, const GError *error,
                   FloeKeeper *self)
{
  FloeKeeperEvent *input;

  g_signal_emit (self, signals[ENDED], 0, on ? "start" : "reset", error);
  if (error != NULL && outcome_is_open (error))
    {
      g_message ("%s of %s is open until its host is heard of: %s", on ? "start" : "reset",
                 desktop_id, error->message);
      return;
    }
  if (on)
    input = event_new (self, desktop_id,
                       error == NULL ? FLOE_EVENT_POWERED_ON : FLOE_EVENT_START_FAILED);
  else
    input = event_new (self, desktop_id,
                       error == NULL ? FLOE_EVENT_POWERED_OFF : FLOE_EVENT_RESET_FAILED);
  input->only_with = on ? FLOE_INTENT_START : FLOE_INTENT_RESET;
  input->problem = error != NULL ? g_strdup (error->message) : NULL;
  record (self, on ? floe_keeper_record_event : floe_made_record_off, input);
}

/* Jobs. */

static const struct
{
  FloeJobKind kind;
  FloeActions action;
  FloeEvent done;
  FloeEvent failed;
  FloeIntent intent;
  FloeTransaction record_done; /* NULL for floe_keeper_record_event */
} jobs[] = {
  { FLOE_JOB_CREATE, FLOE_ACTION_CREATE, FLOE_EVENT_CREATED, FLOE_EVENT_CREATE_FAILED,
    FLOE_INTENT_CREATE, NULL },
  { FLOE_JOB_REMOVE, FLOE_ACTION_REMOVE, FLOE_EVENT_REMOVED, FLOE_EVENT_REMOVE_FAILED,
    FLOE_INTENT_REMOVE, floe_made_record_removed },
  { FLOE_JOB_SHUT_DOWN, FLOE_ACTION_SHUT_DOWN, FLOE_EVENT_POWERED_OFF, FLOE_EVENT_STOP_FAILED,
    FLOE_INTENT_STOP, NULL },
  { FLOE_JOB_MOVE, FLOE_ACTION_MOVE, FLOE_EVENT_MOVED, FLOE_EVENT_MOVE_FAILED, FLOE_INTENT_MOVE,
    floe_made_record_moved },
  { FLOE_JOB_ATTACH, FLOE_ACTION_ATTACH, FLOE_EVENT_ATTACHED, FLOE_EVENT_ATTACH_FAILED,
    FLOE_INTENT_ATTACH, floe_made_record_attached },
  { FLOE_JOB_PERSONALIZE, FLOE_ACTION_PREPARE, FLOE_EVENT_GUEST_READY, FLOE_EVENT_GUEST_AWAY,
    FLOE_INTENT_NONE, floe_made_record_prepared },
};

static void
on_job_answered (FloeJobCalls *calls, const gchar *desktop_id, gint kind, const GError *error,
                 FloeKeeper *self)
{
  FloeTransaction func = floe_keeper_record_event;
  FloeKeeperEvent *input;
  guint i = 0;

  g_signal_emit (self, signals[ENDED], 0, floe_job_kind_name (kind), error);
  while (i < G_N_ELEMENTS (jobs) - 1 && (gint)jobs[i].kind != kind)
    i++;
  if (error != NULL && outcome_is_open (error))
    {
      g_message ("%s of %s is open until its host is heard of: %s", floe_job_kind_name (kind),
                 desktop_id, error->message);
      return;
    }
  input = event_new (self, desktop_id, error == NULL ? jobs[i].done : jobs[i].failed);
  input->only_with = jobs[i].intent;
  input->problem = error != NULL ? g_strdup (error->message) : NULL;
  if (jobs[i].record_done != NULL && (error == NULL || kind == FLOE_JOB_PERSONALIZE))
    func = jobs[i].record_done;
  record (self, func, input);
}

static void
run_jobs (FloeKeeper *self, const FloeDesktop *desktop, FloeActions actions)
{
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    if (actions & jobs[i].action)
      floe_job_calls_run (self->jobs, desktop, jobs[i].kind);
}

static void
on_line_moved (FloePowerCalls *power, FloeKeeper *self)
{
  g_signal_emit (self, signals[LINE_MOVED], 0);
}

static void
act (FloeKeeper *self, const FloeDesktop *desktop, FloeActions actions)
{
  if (desktop->facts.intent != FLOE_INTENT_START)
    floe_power_calls_give_up_start (self->power, desktop->id);
  else if (actions & FLOE_ACTION_POWER_ON)
    floe_power_calls_switch_on (self->power, desktop->host, desktop->id);
  if (actions & FLOE_ACTION_POWER_OFF)
    floe_power_calls_switch_off (self->power, desktop->host, desktop->id);
  run_jobs (self, desktop, actions);
}

/**
 * floe_keeper_handle:
 * @self: the keeper
 * @desktop: as it was committed
 * @actions: what the lifecycle asked for
 *
 * Does it, and tells everybody who listens. Called after each commit that changed a desktop, by the
 * keeper itself and by whoever else ran a transaction. Where another broker leads, that one hears
 * of the change and does what there is to do; only a ticket that was just set is taken back here.
 */
void
floe_keeper_handle (FloeKeeper *self, const FloeDesktop *desktop, FloeActions actions)
{
  if (desktop->facts.power == FLOE_POWER_OFF || desktop->facts.power == FLOE_POWER_CRASHED)
    floe_console_watch_forget (self->watch, desktop->id);
  if (floe_term_is_leading (self->term))
    act (self, desktop, floe_term_filter (self->term, desktop, actions));
  if (actions & FLOE_ACTION_CLOSE_DISPLAY)
    floe_consoles_spend_ticket (self->consoles, desktop->host, desktop->id, FLOE_TICKET_DISCONNECT);
  g_signal_emit (self, signals[DESKTOP_CHANGED], 0, desktop);
}

/* What the manager says. Every broker notes which hosts answer; the rest is the leader's. */

static void
synced (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeKeeper) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = floe_store_finish (FLOE_STORE (source), result, &error);

  if (changes == NULL)
    g_warning ("what the host said was not recorded: %s", error->message);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    handle_change (self, changes->pdata[i]);
}

/* Takes @input. */
static void
run_sync (FloeKeeper *self, FloeTransaction func, FloeSyncInput *input)
{
  floe_store_write_async (self->store, func, input, (GDestroyNotify)floe_sync_input_free,
                          (GDestroyNotify)g_ptr_array_unref, synced, g_object_ref (self));
}

static void
on_host_listed (FloeManager *manager, const gchar *host, GPtrArray *domains, FloeKeeper *self)
{
  FloeSyncInput *input;

  if (!floe_keeper_host_is_up (self, host))
    g_message ("host %s: %u domains", host, domains->len);
  floe_hosts_set_up (self->hosts, host, TRUE);
  if (!floe_term_is_leading (self->term))
    return;
  input = floe_sync_input_new (floe_clock_now (self->clock), host, domains);
  for (guint i = 0; i < input->domains->len; i++)
    floe_power_calls_doubt (self->power, input->domains->pdata[i]);
  input->complete = TRUE;
  /* A power call that is under way answers for itself: handle() leaves such a desktop alone. */
  input->resume = TRUE;
  run_sync (self, floe_sync_domains, input);
}

static void
on_host_lost (FloeManager *manager, const gchar *host, const gchar *reason, FloeKeeper *self)
{
  g_warning ("host %s is lost: %s", host, reason);
  floe_hosts_set_up (self->hosts, host, FALSE);
  if (!floe_term_is_leading (self->term))
    return;
  run_sync (self, floe_sync_host_lost,
            floe_sync_input_new (floe_clock_now (self->clock), host, NULL));
}

static void
on_domain_changed (FloeManager *manager, const FloeDomain *domain, FloeKeeper *self)
{
  FloeSyncInput *input;

  if (!floe_term_is_leading (self->term))
    return;
  input = floe_sync_input_new (floe_clock_now (self->clock), domain->host, NULL);
  g_ptr_array_add (input->domains, floe_domain_copy (domain));
  floe_power_calls_doubt (self->power, input->domains->pdata[0]);
  run_sync (self, floe_sync_domains, input);
}

static void
on_domain_gone (FloeManager *manager, const gchar *host, const gchar *domain_id, FloeKeeper *self)
{
  FloeKeeperEvent *input;

  if (!floe_term_is_leading (self->term))
    return;
  input = event_new (self, domain_id, FLOE_EVENT_GONE);
  input->host = g_strdup (host);
  input->problem = g_strdup ("its domain is not defined any more");
  record (self, floe_keeper_record_gone, input);
}

static void
on_channel (FloeManager *manager, const gchar *domain_id, gint event, const gchar *peer,
            FloeKeeper *self)
{
  floe_console_watch_channel (self->watch, domain_id, event, peer);
}

static void
on_channels_listed (FloeManager *manager, const gchar *domain_id, gchar **peers, FloeKeeper *self)
{
  floe_console_watch_list (self->watch, domain_id, (const gchar *const *)peers);
}

static void
on_changed (GObject *part, const FloeChange *change, FloeKeeper *self)
{
  handle_change (self, change);
}

/* Timers. */

static void
on_timer_due (FloeTimers *timers, const FloeTimer *timer, FloeKeeper *self)
{
  FloeKeeperEvent *input;

  if (strcmp (timer->kind, "drain") == 0)
    {
      floe_store_write_async (self->store, floe_host_note_end_drain,
                              floe_drain_input_new (timer->subject, floe_clock_now (self->clock)),
                              (GDestroyNotify)floe_drain_input_free,
                              (GDestroyNotify)g_ptr_array_unref, synced, g_object_ref (self));
      return;
    }
  input = event_new (self, timer->subject, FLOE_EVENT_TICKET_UNUSED);
  input->timer = g_strdup (timer->kind);
  record (self, floe_keeper_record_timer, input);
}

/* Several brokers. */

static void
on_news (FloeNews *news, const FloeDesktop *desktop, gboolean leading, FloeKeeper *self)
{
  if (desktop->facts.console == FLOE_CONSOLE_CONNECTING)
    floe_console_watch_hold (self->watch, desktop->id);
  if (leading) /* the other one may have set timers */
    floe_timers_note (self->timers, floe_clock_now (self->clock));
  floe_keeper_handle (self, desktop, leading ? floe_lifecycle_resume (&desktop->facts) : 0);
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
  g_signal_connect_object (self->manager, "host-listed", G_CALLBACK (on_host_listed), self, 0);
  g_signal_connect_object (self->manager, "host-lost", G_CALLBACK (on_host_lost), self, 0);
  g_signal_connect_object (self->manager, "domain-changed", G_CALLBACK (on_domain_changed), self,
                           0);
  g_signal_connect_object (self->manager, "domain-gone", G_CALLBACK (on_domain_gone), self, 0);
  g_signal_connect_object (self->manager, "channel", G_CALLBACK (on_channel), self, 0);
  g_signal_connect_object (self->manager, "channels-listed", G_CALLBACK (on_channels_listed), self,
                           0);
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
  g_signal_connect_object (self->power, "answered", G_CALLBACK (on_power_answered), self, 0);
  g_signal_connect_object (self->jobs, "answered", G_CALLBACK (on_job_answered), self, 0);
  g_signal_connect_object (self->power, "line-moved", G_CALLBACK (on_line_moved), self, 0);
  g_signal_connect_object (self->timers, "due", G_CALLBACK (on_timer_due), self, 0);
  g_signal_connect_object (self->consoles, "changed", G_CALLBACK (on_changed), self, 0);
  g_signal_connect_object (self->end_calls, "changed", G_CALLBACK (on_changed), self, 0);
  return self;
}
