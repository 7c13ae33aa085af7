/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/guest-watch.h"

#define ROUND (20 * G_USEC_PER_SEC)
/* Questions under way on one host: its lane for agents has other work, too. */
#define AT_ONCE 2
/* Of one pool; more than a broker is made for. */
#define MAX_DESKTOPS 100000
#define AWAY_AFTER   2

struct _FloeGuestWatch
{
  GObject parent_instance;

  FloeStore *store;
  FloeManager *manager;
  FloeClock *clock;
  gboolean running;
  gboolean looking;
  guint wake;
  GHashTable *hosts;  /* name to Host */
  GHashTable *guests; /* desktop id to Guest */
};

typedef struct
{
  GQueue waiting; /* (owned) desktop ids */
  guint asked;
} Host;

/*
 * Guest:
 * @logged_in: as the store had it in the last round
 * @away: how often in a row its agent said that nobody is logged in
 * @open: it waits to be asked, or was asked and has not answered
 * @seen: in the last round
 */
typedef struct
{
  gboolean logged_in;
  guint away;
  gboolean open;
  gboolean seen;
} Guest;

typedef struct
{
  FloeGuestWatch *watch;
  gchar *host;
  gchar *desktop_id;
} Question;

static guint heard_signal;

G_DEFINE_FINAL_TYPE (FloeGuestWatch, floe_guest_watch, G_TYPE_OBJECT)

static void
host_free (gpointer data)
{
  Host *host = data;

  g_queue_clear_full (&host->waiting, g_free);
  g_free (host);
}

static void
question_free (Question *question)
{
  g_object_unref (question->watch);
  g_free (question->host);
  g_free (question->desktop_id);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static Host *
get_host (FloeGuestWatch *self, const gchar *name)
{
  Host *host = g_hash_table_lookup (self->hosts, name);

  if (host == NULL)
    {
      host = g_new0 (Host, 1);
      g_queue_init (&host->waiting);
      g_hash_table_insert (self->hosts, g_strdup (name), host);
    }
  return host;
}

static void
note_answer (FloeGuestWatch *self, const gchar *desktop_id, guint logged_in)
{
  Guest *guest = g_hash_table_lookup (self->guests, desktop_id);

  if (guest == NULL)
    return;
  guest->away = logged_in > 0 ? 0 : guest->away + 1;
  if (logged_in > 0 && !guest->logged_in)
    {
      guest->logged_in = TRUE;
      g_signal_emit (self, heard_signal, 0, desktop_id, FLOE_EVENT_GUEST_LOGGED_IN);
    }
  else if (guest->away >= AWAY_AFTER && guest->logged_in)
    {
      guest->logged_in = FALSE;
      g_signal_emit (self, heard_signal, 0, desktop_id, FLOE_EVENT_GUEST_LOGGED_OFF);
    }
}

static void ask_next (FloeGuestWatch *self, const gchar *name);

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  FloeGuestWatch *self = question->watch;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeJobResult) answer =
      floe_manager_run_finish (FLOE_MANAGER (source), result, &error);
  Guest *guest = g_hash_table_lookup (self->guests, question->desktop_id);

  get_host (self, question->host)->asked--;
  if (guest != NULL)
    guest->open = FALSE;
  if (!self->running)
    return;
  /* An agent that does not answer says nothing about who is logged in. */
  if (answer != NULL)
    note_answer (self, question->desktop_id, answer->logged_in);
  else
    g_debug ("the agent of %s does not say who is logged in: %s", question->desktop_id,
             error->message);
  ask_next (self, question->host);
}

static void
ask_next (FloeGuestWatch *self, const gchar *name)
{
  Host *host = get_host (self, name);

  while (host->asked < AT_ONCE && host->waiting.length > 0)
    {
      g_autoptr (FloeJob) job = floe_job_new (FLOE_JOB_ASK, name);
      Question *question = g_new (Question, 1);

      question->watch = g_object_ref (self);
      question->host = g_strdup (name);
      question->desktop_id = g_queue_pop_head (&host->waiting);
      job->domain_id = g_strdup (question->desktop_id);
      host->asked++;
      floe_manager_run_async (self->manager, job, NULL, answered, question);
    }
}

static gboolean
is_worth_asking (const FloeDesktop *desktop)
{
  return desktop->has_agent
         && (desktop->facts.guest == FLOE_GUEST_READY
             || desktop->facts.guest == FLOE_GUEST_LOGGED_IN);
}

static void
note_desktop (FloeGuestWatch *self, const FloeDesktop *desktop)
{
  Guest *guest = g_hash_table_lookup (self->guests, desktop->id);

  if (guest == NULL)
    {
      guest = g_new0 (Guest, 1);
      g_hash_table_insert (self->guests, g_strdup (desktop->id), guest);
    }
  guest->seen = TRUE;
  guest->logged_in = desktop->facts.guest == FLOE_GUEST_LOGGED_IN;
  if (guest->open)
    return;
  guest->open = TRUE;
  g_queue_push_tail (&get_host (self, desktop->host)->waiting, g_strdup (desktop->id));
  ask_next (self, desktop->host);
}

static gboolean
forget_unseen (gpointer id, gpointer value, gpointer data)
{
  Guest *guest = value;
  gboolean gone = !guest->seen && !guest->open;

  guest->seen = FALSE;
  return gone;
}

static gpointer
list_guests (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_free);
  g_autoptr (GPtrArray) pools = floe_tx_list_pools (tx, error);

  if (pools == NULL)
    return NULL;
  for (guint i = 0; i < pools->len; i++)
    {
      const FloePool *pool = pools->pdata[i];
      const FloeDesktopFilter filter = { .pool = pool->name,
                                         .powers = 1u << FLOE_POWER_ON,
                                         .leases = 1u << FLOE_LEASE_HELD,
                                         .limit = MAX_DESKTOPS };
      g_autoptr (GPtrArray) some = NULL;

      if (pool->on_log_off == FLOE_ACT_KEEP)
        continue;
      some = floe_tx_list_desktops (tx, &filter, error);
      if (some == NULL)
        return NULL;
      g_ptr_array_extend_and_steal (all, g_steal_pointer (&some));
    }
  return g_steal_pointer (&all);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeGuestWatch) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) desktops = floe_store_finish (FLOE_STORE (source), result, &error);

  self->looking = FALSE;
  if (!self->running)
    return;
  if (desktops == NULL)
    {
      g_warning ("nobody can be asked who is logged in: %s", error->message);
      return;
    }
  for (guint i = 0; i < desktops->len; i++)
    if (is_worth_asking (desktops->pdata[i]))
      note_desktop (self, desktops->pdata[i]);
  g_hash_table_foreach_remove (self->guests, forget_unseen, NULL);
}

static gboolean
look (gpointer data)
{
  FloeGuestWatch *self = data;

  if (self->looking)
    return G_SOURCE_CONTINUE;
  self->looking = TRUE;
  floe_store_read_async (self->store, list_guests, NULL, NULL, (GDestroyNotify)g_ptr_array_unref,
                         NULL, listed, g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

void
floe_guest_watch_start (FloeGuestWatch *self)
{
  self->running = TRUE;
  if (self->wake == 0)
    self->wake = floe_clock_add_timeout (self->clock, ROUND, look, self, NULL);
}

/**
 * floe_guest_watch_stop:
 *
 * Asks nobody any more; what is answered from now on is not told.
 */
void
floe_guest_watch_stop (FloeGuestWatch *self)
{
  self->running = FALSE;
  floe_clock_clear_timeout (self->clock, &self->wake);
}

static void
floe_guest_watch_finalize (GObject *object)
{
  FloeGuestWatch *self = FLOE_GUEST_WATCH (object);

  floe_guest_watch_stop (self);
  g_hash_table_unref (self->hosts);
  g_hash_table_unref (self->guests);
  g_object_unref (self->store);
  g_object_unref (self->manager);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_guest_watch_parent_class)->finalize (object);
}

static void
floe_guest_watch_class_init (FloeGuestWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_guest_watch_finalize;
  heard_signal = g_signal_new ("heard", FLOE_TYPE_GUEST_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);
}

static void
floe_guest_watch_init (FloeGuestWatch *self)
{
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, host_free);
  self->guests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * floe_guest_watch_new:
 * @store: where desktops are kept
 * @manager: who reaches the agents
 * @clock: the time
 *
 * Returns: (transfer full): a watch that asks nobody before floe_guest_watch_start()
 */
FloeGuestWatch *
floe_guest_watch_new (FloeStore *store, FloeManager *manager, FloeClock *clock)
{
  FloeGuestWatch *self = g_object_new (FLOE_TYPE_GUEST_WATCH, NULL);

  self->store = g_object_ref (store);
  self->manager = g_object_ref (manager);
  self->clock = g_object_ref (clock);
  return self;
}
