/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/keeper.h"

#include "core/console-watch.h"
#include "core/error.h"
#include "core/start-line.h"
#include "core/sync.h"
#include "core/timers.h"
#include "core/transition.h"

/* After this the grace of a desktop on a lost host is looked at again. */
#define LOST_AGAIN (60 * G_USEC_PER_SEC)

struct _FloeKeeper
{
  GObject parent_instance;

  FloeStore *store;
  FloeManager *manager;
  FloeClock *clock;
  FloeTimers *timers;
  FloeConsoleWatch *consoles;
  FloeStartLine *line;
  GHashTable *hosts;     /* name to whether it answers */
  GHashTable *in_flight; /* power calls under way: "+id" and "-id" */
  GHashTable *doubted;   /* ids of desktops that were seen off while they are being started */
  gboolean running;
};

enum
{
  DESKTOP_CHANGED,
  LINE_MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeKeeper, floe_keeper, G_TYPE_OBJECT)

typedef struct
{
  gchar *desktop_id;
  FloeEvent event;
  gint64 now;
  FloeIntent only_with; /* the event is stale unless this intent is still open; NONE for any */
  gchar *timer;         /* removed in the same transaction; or NULL */
  gchar *detail;
  gchar *problem;
} EventInput;

typedef struct
{
  FloeKeeper *keeper;
  gchar *desktop_id;
  gchar *host;
  gchar *key;
  gboolean on;
} PowerCall;

static void
event_input_free (gpointer data)
{
  EventInput *input = data;

  g_free (input->desktop_id);
  g_free (input->timer);
  g_free (input->detail);
  g_free (input->problem);
  g_free (input);
}

static EventInput *
event_input_new (FloeKeeper *self, const gchar *desktop_id, FloeEvent event)
{
  EventInput *input = g_new0 (EventInput, 1);

  input->desktop_id = g_strdup (desktop_id);
  input->event = event;
  input->now = floe_clock_now (self->clock);
  return input;
}

static gpointer
event_transaction (FloeTx *tx, gconstpointer data, GError **error)
{
  const EventInput *input = data;
  const FloeCause cause = { .now = input->now, .detail = input->detail, .problem = input->problem };
  FloeDesktop *desktop = floe_tx_get_desktop (tx, input->desktop_id, error);
  g_autoptr (FloeChange) change = NULL;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  if (input->timer != NULL && !floe_tx_delete_timer (tx, input->timer, desktop->id, error))
    return NULL;
  if (input->only_with != FLOE_INTENT_NONE && desktop->facts.intent != input->only_with)
    return g_steal_pointer (&change);
  if (!floe_change_event (change, tx, input->event, &cause, error))
    return NULL;
  if (change->changed && !floe_change_save (change, tx, error))
    return NULL;
  return g_steal_pointer (&change);
}

static void
handle_change (FloeKeeper *self, const FloeChange *change)
{
  floe_timers_note (self->timers, change->due);
  if (change->changed || change->actions != 0)
    floe_keeper_handle (self, change->desktop, change->actions);
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
run_event (FloeKeeper *self, EventInput *input)
{
  floe_store_write_async (self->store, event_transaction, input, event_input_free,
                          (GDestroyNotify)floe_change_free, event_answered, g_object_ref (self));
}

/* Power. */

static void run_line (FloeKeeper *self, const gchar *host);

/* After an answer that leaves the outcome open, the intent stays: the host's next listing tells. */
static gboolean
outcome_is_open (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CANCELLED);
}

static void
power_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  PowerCall *call = data;
  FloeKeeper *self = call->keeper;
  g_autoptr (GError) error = NULL;
  gboolean ok = floe_manager_power_finish (FLOE_MANAGER (source), result, &error);
  EventInput *input =
      event_input_new (self, call->desktop_id,
                       call->on ? (ok ? FLOE_EVENT_POWERED_ON : FLOE_EVENT_START_FAILED)
                                : (ok ? FLOE_EVENT_POWERED_OFF : FLOE_EVENT_RESET_FAILED));

  g_hash_table_remove (self->in_flight, call->key);
  input->only_with = call->on ? FLOE_INTENT_START : FLOE_INTENT_RESET;
  input->problem = error != NULL ? g_strdup (error->message) : NULL;
  if (call->on)
    floe_start_line_started (self->line, call->host);
  if (ok || !outcome_is_open (error))
    run_event (self, g_steal_pointer (&input));
  else
    g_message ("%s of %s is open until its host is heard of: %s", call->on ? "start" : "reset",
               call->desktop_id, error->message);
  g_clear_pointer (&input, event_input_free);
  if (call->on && g_hash_table_remove (self->doubted, call->desktop_id))
    floe_manager_refresh (self->manager, call->host);
  if (call->on)
    run_line (self, call->host);
  g_object_unref (self);
  g_free (call->desktop_id);
  g_free (call->host);
  g_free (call->key);
  g_free (call);
}

static void
call_power (FloeKeeper *self, const gchar *host, const gchar *desktop_id, gboolean on)
{
  g_autofree gchar *key = g_strconcat (on ? "+" : "-", desktop_id, NULL);
  PowerCall *call;

  if (!g_hash_table_add (self->in_flight, g_strdup (key)))
    return; /* a listing asked for what is under way already */
  call = g_new0 (PowerCall, 1);

  call->keeper = g_object_ref (self);
  call->desktop_id = g_strdup (desktop_id);
  call->host = g_strdup (host);
  call->key = g_steal_pointer (&key);
  call->on = on;
  if (on)
    floe_manager_power_on_async (self->manager, host, desktop_id, NULL, power_answered, call);
  else
    floe_manager_power_off_async (self->manager, host, desktop_id, NULL, power_answered, call);
}

static void
run_line (FloeKeeper *self, const gchar *host)
{
  gchar *desktop_id;
  gboolean moved = FALSE;

  while (self->running && (desktop_id = floe_start_line_next (self->line, host)) != NULL)
    {
      call_power (self, host, desktop_id, TRUE);
      g_free (desktop_id);
      moved = TRUE;
    }
  if (moved)
    g_signal_emit (self, signals[LINE_MOVED], 0);
}

static void
spent_ticket_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree gchar *desktop_id = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDisplay) display =
      floe_manager_set_ticket_finish (FLOE_MANAGER (source), result, &error);

  /* Without it the ticket still ends by the host's clock within FLOE_TICKET_SECONDS. */
  if (display == NULL && !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CONFLICT)
      && !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED))
    g_message ("the ticket of %s was not replaced: %s", desktop_id, error->message);
}

static void
spend_ticket (FloeKeeper *self, const gchar *host, const gchar *desktop_id, FloeTicketMode mode)
{
  g_autoptr (FloeTicket) ticket = floe_ticket_new_spent ();

  floe_manager_set_ticket_async (self->manager, host, desktop_id, ticket, mode, NULL,
                                 spent_ticket_set, g_strdup (desktop_id));
}

/**
 * floe_keeper_handle:
 * @self: the keeper
 * @desktop: as it was committed
 * @actions: what the lifecycle asked for
 *
 * Does it, and tells everybody who listens. Called after each commit that changed a desktop, by the
 * keeper itself and by whoever else ran a transaction.
 */
void
floe_keeper_handle (FloeKeeper *self, const FloeDesktop *desktop, FloeActions actions)
{
  g_autofree gchar *starting = g_strconcat ("+", desktop->id, NULL);

  if (desktop->facts.power == FLOE_POWER_OFF || desktop->facts.power == FLOE_POWER_CRASHED)
    floe_console_watch_forget (self->consoles, desktop->id);
  if (desktop->facts.intent != FLOE_INTENT_START
      && floe_start_line_remove (self->line, desktop->id))
    g_signal_emit (self, signals[LINE_MOVED], 0);
  if ((actions & FLOE_ACTION_POWER_ON) && desktop->facts.intent == FLOE_INTENT_START
      && !g_hash_table_contains (self->in_flight, starting)
      && floe_start_line_add (self->line, desktop->host, desktop->id))
    run_line (self, desktop->host);
  if (actions & FLOE_ACTION_POWER_OFF)
    call_power (self, desktop->host, desktop->id, FALSE);
  if (actions & FLOE_ACTION_CLOSE_DISPLAY)
    spend_ticket (self, desktop->host, desktop->id, FLOE_TICKET_DISCONNECT);
  g_signal_emit (self, signals[DESKTOP_CHANGED], 0, desktop);
}

/* What the manager says. */

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

/* A look from before a start that is under way took effect says "off", which would end a reset that
 * came in between. The start's own answer tells, and then the host is asked again. */
static void
doubt (FloeKeeper *self, FloeDomain *domain)
{
  g_autofree gchar *starting = g_strconcat ("+", domain->id, NULL);

  if ((domain->power != FLOE_POWER_OFF && domain->power != FLOE_POWER_CRASHED)
      || !g_hash_table_contains (self->in_flight, starting))
    return;
  domain->power = FLOE_POWER_UNKNOWN;
  g_hash_table_add (self->doubted, g_strdup (domain->id));
}

static void
on_host_listed (FloeManager *manager, const gchar *host, GPtrArray *domains, FloeKeeper *self)
{
  FloeSyncInput *input = floe_sync_input_new (floe_clock_now (self->clock), host, domains);

  if (!floe_keeper_host_is_up (self, host))
    g_message ("host %s: %u domains", host, domains->len);
  for (guint i = 0; i < input->domains->len; i++)
    doubt (self, input->domains->pdata[i]);
  input->complete = TRUE;
  /* A power call that is under way answers for itself: handle() leaves such a desktop alone. */
  input->resume = TRUE;
  g_hash_table_insert (self->hosts, g_strdup (host), GINT_TO_POINTER (TRUE));
  run_sync (self, floe_sync_domains, input);
}

static void
on_host_lost (FloeManager *manager, const gchar *host, const gchar *reason, FloeKeeper *self)
{
  g_warning ("host %s is lost: %s", host, reason);
  g_hash_table_insert (self->hosts, g_strdup (host), GINT_TO_POINTER (FALSE));
  run_sync (self, floe_sync_host_lost,
            floe_sync_input_new (floe_clock_now (self->clock), host, NULL));
}

static void
on_domain_changed (FloeManager *manager, const FloeDomain *domain, FloeKeeper *self)
{
  FloeSyncInput *input = floe_sync_input_new (floe_clock_now (self->clock), domain->host, NULL);

  g_ptr_array_add (input->domains, floe_domain_copy (domain));
  doubt (self, input->domains->pdata[0]);
  run_sync (self, floe_sync_domains, input);
}

static gpointer
gone_transaction (FloeTx *tx, gconstpointer data, GError **error)
{
  const EventInput *input = data;
  const FloeCause cause = { .now = input->now, .problem = input->problem };
  FloeDesktop *desktop = floe_tx_get_desktop (tx, input->desktop_id, error);
  g_autoptr (FloeChange) change = NULL;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  desktop->present = FALSE;
  if (!floe_change_event (change, tx, FLOE_EVENT_GONE, &cause, error)
      || !floe_change_save (change, tx, error))
    return NULL;
  return g_steal_pointer (&change);
}

static void
on_domain_gone (FloeManager *manager, const gchar *host, const gchar *domain_id, FloeKeeper *self)
{
  EventInput *input = event_input_new (self, domain_id, FLOE_EVENT_GONE);

  input->problem = g_strdup ("its domain is not defined any more");
  floe_store_write_async (self->store, gone_transaction, input, event_input_free,
                          (GDestroyNotify)floe_change_free, event_answered, g_object_ref (self));
}

static void
on_channel (FloeManager *manager, const gchar *domain_id, gint event, const gchar *peer,
            FloeKeeper *self)
{
  floe_console_watch_channel (self->consoles, domain_id, event, peer);
}

static void
on_channels_listed (FloeManager *manager, const gchar *domain_id, gchar **peers, FloeKeeper *self)
{
  floe_console_watch_list (self->consoles, domain_id, (const gchar *const *)peers);
}

static void
on_console_connected (FloeConsoleWatch *watch, const gchar *domain_id, FloeKeeper *self)
{
  run_event (self, event_input_new (self, domain_id, FLOE_EVENT_CONSOLE_CONNECTED));
}

static void
on_console_ended (FloeConsoleWatch *watch, const gchar *domain_id, FloeKeeper *self)
{
  run_event (self, event_input_new (self, domain_id, FLOE_EVENT_CONSOLE_ENDED));
}

static gpointer
host_of_desktop (FloeTx *tx, gconstpointer data, GError **error)
{
  return floe_tx_get_desktop (tx, data, error);
}

static void
settled_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeKeeper) self = data;
  g_autoptr (FloeDesktop) desktop = floe_store_finish (FLOE_STORE (source), result, NULL);

  /* A ticket that was set meanwhile for a take-over lives on: its own row brings its end. */
  if (desktop != NULL && desktop->facts.console == FLOE_CONSOLE_CONNECTED)
    spend_ticket (self, desktop->host, desktop->id, FLOE_TICKET_KEEP);
}

static void
on_console_settled (FloeConsoleWatch *watch, const gchar *domain_id, FloeKeeper *self)
{
  floe_store_read_async (self->store, host_of_desktop, g_strdup (domain_id), g_free,
                         (GDestroyNotify)floe_desktop_free, NULL, settled_found,
                         g_object_ref (self));
}

/* Timers. */

static gpointer
grace_transaction (FloeTx *tx, gconstpointer data, GError **error)
{
  const EventInput *input = data;
  const FloeCause cause = { .now = input->now,
                            .detail = "nobody came back within the grace",
                            .end_reason = "released" };
  FloeDesktop *desktop = floe_tx_get_desktop (tx, input->desktop_id, error);
  g_autoptr (FloeChange) change = NULL;
  g_autoptr (FloeAudit) row = NULL;

  if (desktop == NULL || !floe_tx_delete_timer (tx, "grace", input->desktop_id, error))
    {
      floe_desktop_free (desktop);
      return NULL;
    }
  change = floe_change_new (desktop);
  if (desktop->facts.lease != FLOE_LEASE_HELD || desktop->facts.console == FLOE_CONSOLE_CONNECTED)
    return g_steal_pointer (&change);
  /* Nobody knows whether somebody is there: the lease survives the host's absence. */
  if (desktop->facts.power == FLOE_POWER_UNKNOWN)
    return floe_change_set_timer (change, tx, "grace", input->now + LOST_AGAIN, error)
               ? g_steal_pointer (&change)
               : NULL;
  if (desktop->kind == FLOE_POOL_DEDICATED)
    return floe_tx_delete_tokens_of_desktop (tx, desktop->id, NULL, error)
               ? g_steal_pointer (&change)
               : NULL;
  row = floe_cause_audit (&cause, "release", desktop->name, "done");
  if (!floe_tx_put_audit (tx, row, error)
      || !floe_change_event (change, tx, FLOE_EVENT_RELEASE, &cause, error)
      || !floe_change_save (change, tx, error))
    return NULL;
  return g_steal_pointer (&change);
}

static gpointer
drop_timer_transaction (FloeTx *tx, gconstpointer data, GError **error)
{
  const EventInput *input = data;

  if (!floe_tx_delete_timer (tx, input->timer, input->desktop_id, error))
    return NULL;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "unknown timer");
  return NULL;
}

/* A broken desktop is reset again; one that was mended meanwhile has nothing to retry. */
static gpointer
retry_transaction (FloeTx *tx, gconstpointer data, GError **error)
{
  const EventInput *input = data;
  const FloeCause cause = { .now = input->now };
  FloeDesktop *desktop = floe_tx_get_desktop (tx, input->desktop_id, error);
  g_autoptr (FloeChange) change = NULL;

  if (desktop == NULL)
    return NULL;
  change = floe_change_new (desktop);
  if (!floe_tx_delete_timer (tx, "retry", desktop->id, error))
    return NULL;
  if (desktop->facts.clean != FLOE_CLEAN_BROKEN || desktop->facts.lease == FLOE_LEASE_HELD
      || desktop->facts.intent != FLOE_INTENT_NONE)
    return g_steal_pointer (&change);
  if (!floe_change_event (change, tx, FLOE_EVENT_RESET_DUE, &cause, error)
      || !floe_change_save (change, tx, error))
    return NULL;
  return g_steal_pointer (&change);
}

static void
on_timer_due (FloeTimers *timers, const FloeTimer *timer, FloeKeeper *self)
{
  EventInput *input = event_input_new (self, timer->subject, FLOE_EVENT_TICKET_UNUSED);
  FloeTransaction func = drop_timer_transaction;

  input->timer = g_strdup (timer->kind);
  if (g_strcmp0 (timer->kind, "grace") == 0)
    func = grace_transaction;
  else if (g_strcmp0 (timer->kind, "retry") == 0)
    func = retry_transaction;
  else if (g_strcmp0 (timer->kind, "ticket") == 0)
    func = event_transaction;
  floe_store_write_async (self->store, func, input, event_input_free,
                          (GDestroyNotify)floe_change_free, event_answered, g_object_ref (self));
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
  self->running = TRUE;
  g_signal_connect_object (self->manager, "host-listed", G_CALLBACK (on_host_listed), self, 0);
  g_signal_connect_object (self->manager, "host-lost", G_CALLBACK (on_host_lost), self, 0);
  g_signal_connect_object (self->manager, "domain-changed", G_CALLBACK (on_domain_changed), self,
                           0);
  g_signal_connect_object (self->manager, "domain-gone", G_CALLBACK (on_domain_gone), self, 0);
  g_signal_connect_object (self->manager, "channel", G_CALLBACK (on_channel), self, 0);
  g_signal_connect_object (self->manager, "channels-listed", G_CALLBACK (on_channels_listed), self,
                           0);
  floe_timers_start (self->timers);
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
  self->running = FALSE;
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
  floe_console_watch_hold (self->consoles, desktop_id);
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
  GHashTableIter iter;
  gpointer host, up;

  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, &host, &up))
    if (up)
      floe_manager_refresh (self->manager, host);
}

void
floe_keeper_set_starts_at_once (FloeKeeper *self, const gchar *host, guint n)
{
  floe_start_line_set_limit (self->line, host, n);
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
  return floe_start_line_get_place (self->line, desktop_id);
}

gboolean
floe_keeper_host_is_up (FloeKeeper *self, const gchar *host)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (self->hosts, host));
}

/**
 * floe_keeper_list_hosts:
 *
 * Returns: (transfer full): the names of all hosts that were heard of or lost
 */
GStrv
floe_keeper_list_hosts (FloeKeeper *self)
{
  g_autoptr (GStrvBuilder) out = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer host;

  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, &host, NULL))
    g_strv_builder_add (out, host);
  return g_strv_builder_end (out);
}

static void
floe_keeper_finalize (GObject *object)
{
  FloeKeeper *self = FLOE_KEEPER (object);

  floe_timers_stop (self->timers);
  g_object_unref (self->timers);
  g_object_unref (self->consoles);
  floe_start_line_free (self->line);
  g_hash_table_unref (self->hosts);
  g_hash_table_unref (self->in_flight);
  g_hash_table_unref (self->doubted);
  g_object_unref (self->store);
  g_object_unref (self->manager);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_keeper_parent_class)->finalize (object);
}

static void
floe_keeper_class_init (FloeKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_keeper_finalize;
  signals[DESKTOP_CHANGED] = g_signal_new ("desktop-changed", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[LINE_MOVED] = g_signal_new ("line-moved", FLOE_TYPE_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_keeper_init (FloeKeeper *self)
{
  self->line = floe_start_line_new ();
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->in_flight = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->doubted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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
  self->consoles = floe_console_watch_new (clock);
  g_signal_connect_object (self->timers, "due", G_CALLBACK (on_timer_due), self, 0);
  g_signal_connect_object (self->consoles, "connected", G_CALLBACK (on_console_connected), self, 0);
  g_signal_connect_object (self->consoles, "ended", G_CALLBACK (on_console_ended), self, 0);
  g_signal_connect_object (self->consoles, "settled", G_CALLBACK (on_console_settled), self, 0);
  return self;
}
