/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/term.h"

#define AGAIN_AFTER  G_USEC_PER_SEC
#define MAX_DESKTOPS 100000

/* A late start hits a desktop that is being started again, or one that was reset since and is
 * started, clean, before its time: neither harms. All else could end somebody's session. */
#define MUST_WAIT                                                                                  \
  (FLOE_ACTION_POWER_OFF | FLOE_ACTION_CREATE | FLOE_ACTION_REMOVE | FLOE_ACTION_SHUT_DOWN         \
   | FLOE_ACTION_MOVE | FLOE_ACTION_ATTACH | FLOE_ACTION_GIVE_BACK)

struct _FloeTerm
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  FloeGuard guard; /* nullable */
  gpointer guard_data;
  gboolean leading;
  guint number; /* of this term: an answer to a question of an earlier one is late */
  gint64 quiet; /* elapsed microseconds */
  guint wake;
  GHashTable *taken_over; /* id of a desktop to the time of its intent */
};

typedef struct
{
  FloeTerm *term;
  guint number;
} Question;

enum
{
  BEGAN,
  QUIET_OVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeTerm, floe_term, G_TYPE_OBJECT)

static gint64
time_of_intent (const FloeDesktop *desktop)
{
  return desktop->times[FLOE_N_FACTS - 1];
}

static gpointer
list_open (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeDesktopFilter filter = { .intents = ~(1u << FLOE_INTENT_NONE), .limit = MAX_DESKTOPS };

  return floe_tx_list_desktops (tx, &filter, error);
}

static gboolean
quiet_over (gpointer data)
{
  FloeTerm *self = data;

  self->wake = 0;
  g_hash_table_remove_all (self->taken_over);
  g_signal_emit (self, signals[QUIET_OVER], 0);
  return G_SOURCE_REMOVE;
}

static void
begin (FloeTerm *self, GPtrArray *open)
{
  for (guint i = 0; i < open->len; i++)
    {
      const FloeDesktop *desktop = open->pdata[i];
      gint64 *at = g_new (gint64, 1);

      *at = time_of_intent (desktop);
      g_hash_table_insert (self->taken_over, g_strdup (desktop->id), at);
    }
  if (open->len > 0)
    {
      gint64 left = MAX (self->quiet - floe_clock_elapsed (self->clock), 0);

      g_message ("%u desktops are under way since before this broker led: waits %" G_GINT64_FORMAT
                 " s for late calls",
                 open->len, left / G_USEC_PER_SEC);
      self->wake = floe_clock_add_timeout (self->clock, left, quiet_over, self, NULL);
    }
  self->leading = TRUE;
  g_signal_emit (self, signals[BEGAN], 0);
}

static void ask (FloeTerm *self);

static gboolean
ask_again (gpointer data)
{
  FloeTerm *self = data;

  self->wake = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Question *question = data;
  g_autoptr (FloeTerm) self = question->term;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) open = floe_store_finish (FLOE_STORE (source), result, &error);

  if (question->number != self->number)
    return;
  if (open != NULL)
    {
      begin (self, open);
      return;
    }
  g_warning ("what is under way is not known: %s", error->message);
  self->wake = floe_clock_add_timeout (self->clock, AGAIN_AFTER, ask_again, self, NULL);
}

static void
ask (FloeTerm *self)
{
  Question *question = g_new (Question, 1);

  question->term = g_object_ref (self);
  question->number = self->number;
  floe_store_read_async (self->store, list_open, NULL, NULL, (GDestroyNotify)g_ptr_array_unref,
                         NULL, answered, question);
}

/**
 * floe_term_begin:
 * @quiet: see floe_lead_get_quiet(); 0 when nobody led before
 *
 * Leads, once it is known what is under way.
 */
void
floe_term_begin (FloeTerm *self, gint64 quiet)
{
  floe_term_end (self);
  self->quiet = quiet;
  if (quiet > 0)
    {
      ask (self);
      return;
    }
  self->leading = TRUE;
  g_signal_emit (self, signals[BEGAN], 0);
}

void
floe_term_end (FloeTerm *self)
{
  self->leading = FALSE;
  self->number++;
  floe_clock_clear_timeout (self->clock, &self->wake);
  g_hash_table_remove_all (self->taken_over);
}

/**
 * floe_term_set_guard:
 * @guard: says whether this broker leads, before anybody has told the keeper that it does not
 */
void
floe_term_set_guard (FloeTerm *self, FloeGuard guard, gpointer guard_data)
{
  self->guard = guard;
  self->guard_data = guard_data;
}

gboolean
floe_term_is_leading (FloeTerm *self)
{
  return self->leading && (self->guard == NULL || self->guard (self->guard_data));
}

/**
 * floe_term_filter:
 * @desktop: as it was committed
 * @actions: what the lifecycle asked for
 *
 * Returns: what of it may be done now
 */
FloeActions
floe_term_filter (FloeTerm *self, const FloeDesktop *desktop, FloeActions actions)
{
  const gint64 *at = g_hash_table_lookup (self->taken_over, desktop->id);

  if (at != NULL && desktop->facts.intent != FLOE_INTENT_NONE && *at == time_of_intent (desktop))
    return actions & ~MUST_WAIT;
  return actions;
}

static void
floe_term_finalize (GObject *object)
{
  FloeTerm *self = FLOE_TERM (object);

  floe_clock_clear_timeout (self->clock, &self->wake);
  g_hash_table_unref (self->taken_over);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_term_parent_class)->finalize (object);
}

static void
floe_term_class_init (FloeTermClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_term_finalize;
  signals[BEGAN] = g_signal_new ("began", FLOE_TYPE_TERM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  signals[QUIET_OVER] = g_signal_new ("quiet-over", FLOE_TYPE_TERM, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_term_init (FloeTerm *self)
{
  self->leading = TRUE;
  self->taken_over = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

FloeTerm *
floe_term_new (FloeStore *store, FloeClock *clock)
{
  FloeTerm *self = g_object_new (FLOE_TYPE_TERM, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  return self;
}
