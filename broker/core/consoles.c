/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/consoles.h"

#include "core/error.h"
#include "core/keeper-transactions.h"

/* After this what a display told is recorded again that could not be. */
#define AGAIN_AFTER (5 * G_USEC_PER_SEC)
/* A broker that came to lead may have learnt of the hosts only just now: so long after, it knows
 * their channels. */
#define COMPARE_AFTER (10 * G_USEC_PER_SEC)
#define MAX_DESKTOPS  100000

struct _FloeConsoles
{
  GObject parent_instance;

  FloeStore *store;
  FloeManager *manager;
  FloeClock *clock;
  FloeConsoleWatch *watch;
  GHashTable *hosts; /* names of those that answer */
  guint compare;
  gboolean leading;
  gboolean closed;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (FloeConsoles, floe_consoles, G_TYPE_OBJECT)

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

/**
 * floe_consoles_spend_ticket:
 * @desktop: whose display is closed to everybody who is not in yet
 * @mode: whether those who are in stay
 * @request: (nullable): the id of the request that it is done for
 */
void
floe_consoles_spend_ticket (FloeConsoles *self, const FloeDesktop *desktop, FloeTicketMode mode,
                            const gchar *request)
{
  g_autoptr (FloeTicket) ticket = floe_ticket_new_spent ();
  const FloeTicketOrder order = { .ticket = ticket, .mode = mode, .request = request };

  floe_manager_set_ticket_async (self->manager, desktop->host, desktop->id, &order, NULL,
                                 spent_ticket_set, g_strdup (desktop->id));
}

/* Nothing tells again what a display told once, and a lease that hangs on it would never end or end
 * under somebody's hands: what could not be recorded is tried again, as it is then. */

typedef struct
{
  FloeConsoles *consoles;
  gchar *domain_id;
} News;

static void tell (FloeConsoles *self, const gchar *domain_id, FloeEvent event);

static void
news_free (gpointer data)
{
  News *news = data;

  g_object_unref (news->consoles);
  g_free (news->domain_id);
  g_free (news);
}

static gboolean
tell_again (gpointer data)
{
  const News *news = data;
  FloeConsoles *self = news->consoles;

  if (!self->closed)
    tell (self, news->domain_id,
          floe_console_watch_is_connected (self->watch, news->domain_id)
              ? FLOE_EVENT_CONSOLE_CONNECTED
              : FLOE_EVENT_CONSOLE_ENDED);
  return G_SOURCE_REMOVE;
}

static void
told (GObject *source, GAsyncResult *result, gpointer data)
{
  News *news = data;
  FloeConsoles *self = news->consoles;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeChange) change = floe_store_finish (FLOE_STORE (source), result, &error);

  if (change == NULL && !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_warning ("what a display told was not recorded: %s", error->message);
      floe_clock_add_timeout (self->clock, AGAIN_AFTER, tell_again, news, news_free);
      return;
    }
  if (change != NULL)
    g_signal_emit (self, changed_signal, 0, change);
  news_free (news);
}

static void
tell (FloeConsoles *self, const gchar *domain_id, FloeEvent event)
{
  News *news;

  if (!self->leading)
    return;
  news = g_new0 (News, 1);
  news->consoles = g_object_ref (self);
  news->domain_id = g_strdup (domain_id);
  floe_store_write_async (self->store, floe_keeper_record_event,
                          floe_keeper_event_new (domain_id, event, floe_clock_now (self->clock)),
                          (GDestroyNotify)floe_keeper_event_free, (GDestroyNotify)floe_change_free,
                          told, news);
}

static void
on_connected (FloeConsoleWatch *watch, const gchar *domain_id, FloeConsoles *self)
{
  tell (self, domain_id, FLOE_EVENT_CONSOLE_CONNECTED);
}

static void
on_ended (FloeConsoleWatch *watch, const gchar *domain_id, FloeConsoles *self)
{
  tell (self, domain_id, FLOE_EVENT_CONSOLE_ENDED);
}

static gpointer
host_of_desktop (FloeTx *tx, gconstpointer data, GError **error)
{
  return floe_tx_get_desktop (tx, data, error);
}

static void
settled_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeConsoles) self = data;
  g_autoptr (FloeDesktop) desktop = floe_store_finish (FLOE_STORE (source), result, NULL);

  /* A ticket that was set meanwhile for a take-over lives on: its own row brings its end. */
  if (desktop != NULL && desktop->facts.console == FLOE_CONSOLE_CONNECTED
      && floe_console_watch_is_settled (self->watch, desktop->id))
    floe_consoles_spend_ticket (self, desktop, FLOE_TICKET_KEEP, NULL);
}

static void
on_settled (FloeConsoleWatch *watch, const gchar *domain_id, FloeConsoles *self)
{
  if (!self->leading)
    return;
  floe_store_read_async (self->store, host_of_desktop, g_strdup (domain_id), g_free,
                         (GDestroyNotify)floe_desktop_free, NULL, settled_found,
                         g_object_ref (self));
}

/**
 * floe_consoles_get_watch:
 *
 * Returns: (transfer none): who has to be told what the manager says of displays
 */
FloeConsoleWatch *
floe_consoles_get_watch (FloeConsoles *self)
{
  return self->watch;
}

/* Coming to lead: what the displays told meanwhile was recorded by the leader before, or, in
 * between, by nobody. */

static gpointer
list_running (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeDesktopFilter filter = { .powers = 1u << FLOE_POWER_ON, .limit = MAX_DESKTOPS };

  return floe_tx_list_desktops (tx, &filter, error);
}

static void
compared (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeConsoles) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) desktops = floe_store_finish (FLOE_STORE (source), result, &error);
  const gchar *const nobody[] = { NULL };

  if (desktops == NULL)
    g_warning ("displays that were left are not known: %s", error->message);
  for (guint i = 0; desktops != NULL && i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];

      if (desktop->facts.console == FLOE_CONSOLE_CONNECTED
          && g_hash_table_contains (self->hosts, desktop->host)
          && !floe_console_watch_is_connected (self->watch, desktop->id))
        floe_console_watch_list (self->watch, desktop->id, nobody);
    }
}

static gboolean
compare_due (gpointer data)
{
  FloeConsoles *self = data;

  self->compare = 0;
  floe_store_read_async (self->store, list_running, NULL, NULL, (GDestroyNotify)g_ptr_array_unref,
                         NULL, compared, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/**
 * floe_consoles_set_leading:
 * @leading: whether what is told is recorded here
 */
void
floe_consoles_set_leading (FloeConsoles *self, gboolean leading)
{
  g_auto (GStrv) connected = NULL;

  floe_clock_clear_timeout (self->clock, &self->compare);
  if (!leading || self->leading)
    {
      self->leading = leading;
      return;
    }
  self->leading = TRUE;
  connected = floe_console_watch_list_connected (self->watch);
  for (guint i = 0; connected[i] != NULL; i++)
    tell (self, connected[i], FLOE_EVENT_CONSOLE_CONNECTED);
  self->compare = floe_clock_add_timeout (self->clock, COMPARE_AFTER, compare_due, self, NULL);
}

static void
on_host_listed (FloeManager *manager, const gchar *host, GPtrArray *domains, FloeConsoles *self)
{
  g_hash_table_add (self->hosts, g_strdup (host));
}

static void
on_host_lost (FloeManager *manager, const gchar *host, const gchar *reason, FloeConsoles *self)
{
  g_hash_table_remove (self->hosts, host);
}

/**
 * floe_consoles_close:
 *
 * Tries nothing again from now on.
 */
void
floe_consoles_close (FloeConsoles *self)
{
  self->closed = TRUE;
  floe_clock_clear_timeout (self->clock, &self->compare);
}

static void
floe_consoles_finalize (GObject *object)
{
  FloeConsoles *self = FLOE_CONSOLES (object);

  floe_clock_clear_timeout (self->clock, &self->compare);
  g_object_unref (self->watch);
  g_hash_table_unref (self->hosts);
  g_object_unref (self->store);
  g_object_unref (self->manager);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_consoles_parent_class)->finalize (object);
}

static void
floe_consoles_class_init (FloeConsolesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_consoles_finalize;
  changed_signal = g_signal_new ("changed", FLOE_TYPE_CONSOLES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
floe_consoles_init (FloeConsoles *self)
{
  self->leading = TRUE;
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * floe_consoles_new:
 * @store: where desktops are kept
 * @manager: where they run
 * @clock: the time
 *
 * Returns: (transfer full): knows of no display yet
 */
FloeConsoles *
floe_consoles_new (FloeStore *store, FloeManager *manager, FloeClock *clock)
{
  FloeConsoles *self = g_object_new (FLOE_TYPE_CONSOLES, NULL);

  self->store = g_object_ref (store);
  self->manager = g_object_ref (manager);
  self->clock = g_object_ref (clock);
  self->watch = floe_console_watch_new (clock);
  g_signal_connect_object (manager, "host-listed", G_CALLBACK (on_host_listed), self, 0);
  g_signal_connect_object (manager, "host-lost", G_CALLBACK (on_host_lost), self, 0);
  g_signal_connect_object (self->watch, "connected", G_CALLBACK (on_connected), self, 0);
  g_signal_connect_object (self->watch, "ended", G_CALLBACK (on_ended), self, 0);
  g_signal_connect_object (self->watch, "settled", G_CALLBACK (on_settled), self, 0);
  return self;
}
