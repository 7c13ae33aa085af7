/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lead.h"

#include <unistd.h>

#define LEASE     (3 * G_USEC_PER_SEC)
#define ASK_EVERY G_USEC_PER_SEC
/* Clocks of two machines do not run alike to the last digit. */
#define SPARE (100 * 1000)
/* What must be left of the lead for a call to begin: it takes that long to leave. */
#define TO_BEGIN (200 * 1000)
/* A call that the last leader began just before its end may take effect so much later: the deadline
 * of power calls, which is longer than a host keeps one waiting. */
#define LONGEST_CALL (60 * G_USEC_PER_SEC)

struct _FloeLead
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  gchar *id;
  gboolean running;
  gboolean asking;
  gboolean failing; /* the store did not answer the last time */
  guint ask;
  guint end;
  gint64 epoch; /* 0 while another one leads */
  gint64 last_epoch;
  gint64 quiet;

  GMutex lock;
  gint64 until; /* guarded; elapsed microseconds, 0 while another one leads */
};

typedef struct
{
  FloeLead *lead;
  gint64 asked;
} Question;

enum
{
  GAINED,
  LOST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeLead, floe_lead, G_TYPE_OBJECT)

static void
set_until (FloeLead *self, gint64 until)
{
  g_mutex_lock (&self->lock);
  self->until = until;
  g_mutex_unlock (&self->lock);
}

static void
lose (FloeLead *self)
{
  set_until (self, 0);
  floe_clock_clear_timeout (self->clock, &self->end);
  if (self->epoch == 0)
    return;
  self->epoch = 0;
  g_message ("this broker, %s, does not lead any more", self->id);
  g_signal_emit (self, signals[LOST], 0);
}

static gboolean
end_due (gpointer data)
{
  FloeLead *self = data;

  self->end = 0;
  lose (self);
  return G_SOURCE_REMOVE;
}

/* Whoever led before has no call under way that it began within its lead, if it was nobody or this
 * broker itself. */
static void
gain (FloeLead *self, gint64 epoch)
{
  gboolean after_another = epoch != 1 && epoch != self->last_epoch;

  self->quiet = after_another ? floe_clock_elapsed (self->clock) + LONGEST_CALL : 0;
  self->epoch = self->last_epoch = epoch;
  g_message ("this broker, %s, leads, number %" G_GINT64_FORMAT, self->id, epoch);
  g_signal_emit (self, signals[GAINED], 0, epoch);
}

static void
prolong (FloeLead *self, gint64 epoch, gint64 asked)
{
  gint64 left = asked + LEASE - SPARE - floe_clock_elapsed (self->clock);

  /* While the guard said no, things were left undone: to gain the lead anew takes them up again. */
  if (epoch == 0 || left <= 0 || self->epoch != epoch || !floe_lead_guard (self))
    lose (self);
  if (epoch == 0 || left <= 0)
    return;
  set_until (self, asked + LEASE - SPARE);
  floe_clock_clear_timeout (self->clock, &self->end);
  self->end = floe_clock_add_timeout (self->clock, left, end_due, self, NULL);
  if (self->epoch == 0)
    gain (self, epoch);
}

static gpointer
take (FloeTx *tx, gconstpointer input, GError **error)
{
  gint64 epoch;
  gint64 *answer;

  if (!floe_tx_take_lead (tx, input, LEASE, &epoch, error))
    return NULL;
  answer = g_new (gint64, 1);
  *answer = epoch;
  return answer;
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Question *question = data;
  g_autoptr (FloeLead) self = question->lead;
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *epoch = floe_store_finish (FLOE_STORE (source), result, &error);

  self->asking = FALSE;
  if (!self->running)
    return;
  if (epoch != NULL)
    prolong (self, *epoch, question->asked);
  else if (!self->failing) /* it is told once, and the lead runs out by itself */
    g_warning ("who leads cannot be asked: %s", error->message);
  self->failing = epoch == NULL;
}

static gboolean
ask_due (gpointer data)
{
  FloeLead *self = data;
  Question *question;

  if (self->asking)
    return G_SOURCE_CONTINUE;
  self->asking = TRUE;
  question = g_new (Question, 1);
  question->lead = g_object_ref (self);
  question->asked = floe_clock_elapsed (self->clock);
  floe_store_write_async (self->store, take, g_strdup (self->id), g_free, g_free, answered,
                          question);
  return G_SOURCE_CONTINUE;
}

/**
 * floe_lead_start:
 *
 * Asks for the lead now and every second.
 */
void
floe_lead_start (FloeLead *self)
{
  if (self->running)
    return;
  self->running = TRUE;
  self->ask = floe_clock_add_timeout (self->clock, ASK_EVERY, ask_due, self, NULL);
  ask_due (self);
}

/**
 * floe_lead_stop:
 *
 * Does not prolong it any more, and does not lead from now on.
 */
void
floe_lead_stop (FloeLead *self)
{
  self->running = FALSE;
  floe_clock_clear_timeout (self->clock, &self->ask);
  lose (self);
}

/**
 * floe_lead_get_id:
 *
 * Returns: the id of this run of a broker
 */
const gchar *
floe_lead_get_id (FloeLead *self)
{
  return self->id;
}

/**
 * floe_lead_get_epoch:
 *
 * Returns: the fencing number of the lead; 0 when this broker does not lead
 */
gint64
floe_lead_get_epoch (FloeLead *self)
{
  return self->epoch;
}

/**
 * floe_lead_get_quiet:
 *
 * Returns: until when, elapsed microseconds, calls that the leader before began may still take
 *   effect; 0 when there can be none
 */
gint64
floe_lead_get_quiet (FloeLead *self)
{
  return self->quiet;
}

/**
 * floe_lead_holds:
 * @needed: microseconds for which it must last from now on
 *
 * May be called on any thread.
 *
 * Returns: whether this broker leads, and will for that long
 */
gboolean
floe_lead_holds (FloeLead *self, gint64 needed)
{
  gint64 until;

  g_mutex_lock (&self->lock);
  until = self->until;
  g_mutex_unlock (&self->lock);
  return until != 0 && floe_clock_elapsed (self->clock) + needed < until;
}

/**
 * floe_lead_guard:
 * @lead: a #FloeLead
 *
 * A #FloeGuard: whether a call may begin now.
 */
gboolean
floe_lead_guard (gpointer lead)
{
  return floe_lead_holds (lead, TO_BEGIN);
}

static void
floe_lead_finalize (GObject *object)
{
  FloeLead *self = FLOE_LEAD (object);

  floe_clock_clear_timeout (self->clock, &self->ask);
  floe_clock_clear_timeout (self->clock, &self->end);
  g_mutex_clear (&self->lock);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  g_free (self->id);
  G_OBJECT_CLASS (floe_lead_parent_class)->finalize (object);
}

static void
floe_lead_class_init (FloeLeadClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_lead_finalize;
  signals[GAINED] = g_signal_new ("gained", FLOE_TYPE_LEAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[LOST] =
      g_signal_new ("lost", FLOE_TYPE_LEAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_lead_init (FloeLead *self)
{
  g_mutex_init (&self->lock);
}

/**
 * floe_lead_new:
 * @store: what the brokers share
 * @clock: the time
 * @name: (nullable): what people call this broker; %NULL for the machine's name
 *
 * Returns: (transfer full): a broker that does not lead, and does not ask before floe_lead_start()
 */
FloeLead *
floe_lead_new (FloeStore *store, FloeClock *clock, const gchar *name)
{
  FloeLead *self = g_object_new (FLOE_TYPE_LEAD, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->id = g_strdup_printf ("%s %d %08x", name != NULL ? name : g_get_host_name (),
                              (gint)getpid (), g_random_int ());
  return self;
}
