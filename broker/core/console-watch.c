/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/console-watch.h"

#define END_AFTER     (2 * G_USEC_PER_SEC)
#define SETTLED_AFTER (5 * G_USEC_PER_SEC)

struct _FloeConsoleWatch
{
  GObject parent_instance;

  FloeClock *clock;
  GHashTable *consoles; /* domain id to Console */
};

typedef struct
{
  FloeConsoleWatch *watch; /* not owned */
  gchar *domain_id;
  GHashTable *peers; /* authenticated ones, each to how many channels it has */
  gboolean told;     /* "connected" was emitted and "ended" was not yet */
  guint end_timer;
  guint settle_timer;
  gboolean settled; /* its ticket has done its work, and none was set since */
} Console;

enum
{
  CONNECTED,
  ENDED,
  SETTLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeConsoleWatch, floe_console_watch, G_TYPE_OBJECT)

static void
console_free (gpointer data)
{
  Console *console = data;

  floe_clock_clear_timeout (console->watch->clock, &console->end_timer);
  floe_clock_clear_timeout (console->watch->clock, &console->settle_timer);
  g_hash_table_unref (console->peers);
  g_free (console->domain_id);
  g_free (console);
}

static Console *
get_console (FloeConsoleWatch *self, const gchar *domain_id)
{
  Console *console = g_hash_table_lookup (self->consoles, domain_id);

  if (console != NULL)
    return console;
  console = g_new0 (Console, 1);
  console->watch = self;
  console->domain_id = g_strdup (domain_id);
  console->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (self->consoles, console->domain_id, console);
  return console;
}

/* Domains come and go, also such as are nobody's desktop: what is over is not kept. */
static gboolean
end_due (gpointer data)
{
  Console *console = data;
  FloeConsoleWatch *self = console->watch;
  g_autofree gchar *domain_id = g_strdup (console->domain_id);

  console->end_timer = 0;
  g_hash_table_remove (self->consoles, domain_id);
  g_signal_emit (self, signals[ENDED], 0, domain_id);
  return G_SOURCE_REMOVE;
}

static gboolean
settle_due (gpointer data)
{
  Console *console = data;

  console->settle_timer = 0;
  console->settled = TRUE;
  g_signal_emit (console->watch, signals[SETTLED], 0, console->domain_id);
  return G_SOURCE_REMOVE;
}

static void
restart (Console *console, guint *timer, gint64 delay, GSourceFunc func)
{
  floe_clock_clear_timeout (console->watch->clock, timer);
  *timer = floe_clock_add_timeout (console->watch->clock, delay, func, console, NULL);
}

static void
note_present (Console *console)
{
  floe_clock_clear_timeout (console->watch->clock, &console->end_timer);
  restart (console, &console->settle_timer, SETTLED_AFTER, settle_due);
  console->settled = FALSE;
  if (console->told)
    return;
  console->told = TRUE;
  g_signal_emit (console->watch, signals[CONNECTED], 0, console->domain_id);
}

static void
expect_end (Console *console)
{
  if (console->end_timer == 0)
    restart (console, &console->end_timer, END_AFTER, end_due);
}

static void
note_absent (Console *console)
{
  if (console->told)
    expect_end (console);
}

static void
add_peer (Console *console, const gchar *peer)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (console->peers, peer));

  g_hash_table_insert (console->peers, g_strdup (peer), GUINT_TO_POINTER (n + 1));
}

static void
remove_peer (Console *console, const gchar *peer)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (console->peers, peer));

  if (n > 1)
    g_hash_table_insert (console->peers, g_strdup (peer), GUINT_TO_POINTER (n - 1));
  else
    g_hash_table_remove (console->peers, peer);
}

/**
 * floe_console_watch_channel:
 * @self: the watch
 * @domain_id: whose display
 * @event: what happened to a channel
 * @peer: its other end; several channels may share a string when a peer has no address
 */
void
floe_console_watch_channel (FloeConsoleWatch *self, const gchar *domain_id, FloeChannelEvent event,
                            const gchar *peer)
{
  Console *console;

  if (event == FLOE_CHANNEL_AUTHENTICATED)
    {
      console = get_console (self, domain_id);
      add_peer (console, peer);
      note_present (console);
    }
  else if (event == FLOE_CHANNEL_CLOSED
           && (console = g_hash_table_lookup (self->consoles, domain_id)) != NULL)
    {
      remove_peer (console, peer);
      if (g_hash_table_size (console->peers) == 0)
        note_absent (console);
    }
}

/**
 * floe_console_watch_list:
 *
 * Takes over the exact set after a gap in the events.
 */
void
floe_console_watch_list (FloeConsoleWatch *self, const gchar *domain_id, const gchar *const *peers)
{
  Console *console = get_console (self, domain_id);

  g_hash_table_remove_all (console->peers);
  for (guint i = 0; peers[i] != NULL; i++)
    add_peer (console, peers[i]);
  /* What was told before the gap need not be what the store says after it: a host that was lost
   * made it doubt. So it is told again, whichever it is, and so is somebody who comes before the
   * end is told. */
  console->told = FALSE;
  if (g_hash_table_size (console->peers) > 0)
    note_present (console);
  else
    expect_end (console);
}

/**
 * floe_console_watch_hold:
 *
 * A new ticket was set: "settled" waits for the channels that come with it, since what follows from
 * it would end the new ticket too.
 */
void
floe_console_watch_hold (FloeConsoleWatch *self, const gchar *domain_id)
{
  Console *console = g_hash_table_lookup (self->consoles, domain_id);

  if (console == NULL)
    return;
  floe_clock_clear_timeout (self->clock, &console->settle_timer);
  console->settled = FALSE;
}

/**
 * floe_console_watch_is_connected:
 *
 * Returns: whether a channel is connected now
 */
gboolean
floe_console_watch_is_connected (FloeConsoleWatch *self, const gchar *domain_id)
{
  const Console *console = g_hash_table_lookup (self->consoles, domain_id);

  return console != NULL && g_hash_table_size (console->peers) > 0;
}

/**
 * floe_console_watch_list_connected:
 *
 * Returns: (transfer full): the domains of which floe_console_watch_is_connected() is true
 */
GStrv
floe_console_watch_list_connected (FloeConsoleWatch *self)
{
  g_autoptr (GStrvBuilder) out = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer id, console;

  g_hash_table_iter_init (&iter, self->consoles);
  while (g_hash_table_iter_next (&iter, &id, &console))
    if (g_hash_table_size (((Console *)console)->peers) > 0)
      g_strv_builder_add (out, id);
  return g_strv_builder_end (out);
}

/**
 * floe_console_watch_is_settled:
 *
 * Returns: whether "settled" was told of the channels that are connected now, and no new ticket was
 *   set since
 */
gboolean
floe_console_watch_is_settled (FloeConsoleWatch *self, const gchar *domain_id)
{
  const Console *console = g_hash_table_lookup (self->consoles, domain_id);

  return console != NULL && console->settled;
}

/**
 * floe_console_watch_get_size:
 *
 * Returns: of how many displays anything is remembered
 */
guint
floe_console_watch_get_size (FloeConsoleWatch *self)
{
  return g_hash_table_size (self->consoles);
}

/**
 * floe_console_watch_forget:
 *
 * The domain stopped, which sends no event for its channels: the session is over, and who stopped
 * it says so.
 */
void
floe_console_watch_forget (FloeConsoleWatch *self, const gchar *domain_id)
{
  g_hash_table_remove (self->consoles, domain_id);
}

static void
floe_console_watch_finalize (GObject *object)
{
  FloeConsoleWatch *self = FLOE_CONSOLE_WATCH (object);

  g_hash_table_unref (self->consoles);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_console_watch_parent_class)->finalize (object);
}

static guint
new_signal (const gchar *name)
{
  return g_signal_new (name, FLOE_TYPE_CONSOLE_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
floe_console_watch_class_init (FloeConsoleWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_console_watch_finalize;
  signals[CONNECTED] = new_signal ("connected");
  signals[ENDED] = new_signal ("ended");
  signals[SETTLED] = new_signal ("settled");
}

static void
floe_console_watch_init (FloeConsoleWatch *self)
{
  self->consoles = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, console_free);
}

FloeConsoleWatch *
floe_console_watch_new (FloeClock *clock)
{
  FloeConsoleWatch *self = g_object_new (FLOE_TYPE_CONSOLE_WATCH, NULL);

  self->clock = g_object_ref (clock);
  return self;
}
