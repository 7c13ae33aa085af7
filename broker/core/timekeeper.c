/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/timekeeper.h"

#include "core/date.h"

#include <string.h>

/* How often the machine's own clocks are looked at, which costs nothing, */
#define TICK G_USEC_PER_SEC
/* the store's, */
#define ASK_EVERY (10 * G_USEC_PER_SEC)
/* and how often is written what time it is. */
#define KEEP_EVERY (60 * G_USEC_PER_SEC)
/* By so much more or less than time went by was the machine's calendar set. */
#define SET_BY (2 * G_USEC_PER_SEC)
/* A date that was so long on its way tells nothing, unless there is no better one. */
#define TOO_SLOW    G_USEC_PER_SEC
#define BEGIN_LOOKS 5
/* So often is looked before this broker's time is taken for wrong: who leads has looked by then,
 * too, and if that wrote what it keeps, it did not say that it was the calendar that was set. */
#define LOOKS_TO_FOLLOW 3
/* Who has just begun may have done so with a calendar of which that is said a moment later. */
#define FRESH (60 * G_USEC_PER_SEC)

/* As the kernel writes it, with its NUL. */
#define BOOT_SIZE 37

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

struct _FloeTimekeeper
{
  GObject parent_instance;

  FloeStore *store;
  FloeStore *recorder;
  FloeClock *clock;
  FloeLead *lead;
  gchar boot[BOOT_SIZE];
  gint64 base;
  gint64 apart;    /* the machine's calendar from its elapsed time, at the last tick */
  gint64 asked_at; /* elapsed, as is the next */
  gint64 keep_at;
  guint tick;
  gint64 fresh_until;
  gint64 ahead_then; /* what was kept when it began */
  gint64 other_seen; /* what was kept when this broker's time was another one first */
  guint others;      /* and so often in a row it was */
  gboolean asking;
  gboolean failing;
};

typedef struct
{
  FloeClock *clock;
  gchar boot[BOOT_SIZE];
  gint64 base;
  gboolean leads;
  gboolean keep;
} Input;

typedef struct
{
  FloeKeptTime kept;
  gint64 seen; /* as it was kept until then */
  FloeCalendar calendar;
  gboolean known;
} Answer;

G_DEFINE_FINAL_TYPE (FloeTimekeeper, floe_timekeeper, G_TYPE_OBJECT)

typedef struct
{
  FloeKeptTime kept;
  gint64 ahead_then; /* as it was kept until then */
} Begun;

static void
input_free (gpointer data)
{
  Input *input = data;

  g_object_unref (input->clock);
  g_free (input);
}

static Input *
input_new (FloeTimekeeper *self)
{
  Input *input = g_new0 (Input, 1);

  input->clock = g_object_ref (self->clock);
  memcpy (input->boot, self->boot, sizeof self->boot);
  input->base = self->base;
  return input;
}

static gboolean
take_look (FloeTx *tx, const Input *input, FloeTimeLook *look, GError **error)
{
  gint64 began = floe_clock_elapsed (input->clock);
  gint64 took;

  if (!floe_tx_get_date (tx, &look->date, error))
    return FALSE;
  if (look->date == 0)
    look->date = floe_clock_calendar (input->clock);
  took = floe_clock_elapsed (input->clock) - began;
  look->doubt = took / 2;
  look->elapsed = began + look->doubt;
  return TRUE;
}

static gpointer
begin (FloeTx *tx, gconstpointer data, GError **error)
{
  const Input *input = data;
  FloeTimeLook look = { .doubt = TOO_SLOW };
  g_autofree Begun *begun = g_new0 (Begun, 1);
  FloeKeptTime *kept = &begun->kept;
  gboolean was_known;

  for (guint i = 0; i < BEGIN_LOOKS && look.doubt >= TOO_SLOW / 2; i++)
    if (!take_look (tx, input, &look, error))
      return NULL;
  if (!floe_tx_get_time (tx, input->boot, kept, error))
    return NULL;
  was_known = kept->is_known;
  begun->ahead_then = kept->ahead;
  floe_kept_time_begin (kept, &look);
  if ((!was_known || input->leads) && !floe_tx_put_time (tx, kept, error))
    return NULL;
  return floe_tx_put_boot (tx, input->boot, kept, error) ? g_steal_pointer (&begun) : NULL;
}

/* Each broker keeps what is of its machine, and who leads what is of all. */
static gboolean
keep (FloeTx *tx, const Input *input, const Answer *answer, GError **error)
{
  gboolean was_set = answer->calendar == FLOE_CALENDAR_SET;

  if (input->leads && (input->keep || was_set) && !floe_tx_put_time (tx, &answer->kept, error))
    return FALSE;
  return !input->keep || answer->calendar == FLOE_CALENDAR_OTHER
         || floe_tx_put_boot (tx, input->boot, &answer->kept, error);
}

static gpointer
compare (FloeTx *tx, gconstpointer data, GError **error)
{
  const Input *input = data;
  g_autofree Answer *answer = g_new0 (Answer, 1);
  FloeTimeLook look;

  if (!take_look (tx, input, &look, error)
      || !floe_tx_get_time (tx, input->boot, &answer->kept, error))
    return NULL;
  answer->seen = answer->kept.seen;
  answer->known = look.doubt < TOO_SLOW / 2;
  if (!answer->known)
    return g_steal_pointer (&answer);
  answer->calendar = floe_kept_time_compare (&answer->kept, input->base, &look, input->leads);
  return keep (tx, input, answer, error) ? g_steal_pointer (&answer) : NULL;
}

static void
set_machine_ahead (FloeTimekeeper *self)
{
  floe_date_set_machine_ahead (floe_clock_calendar (self->clock) - floe_clock_elapsed (self->clock)
                               - self->base);
}

static void
set (FloeTimekeeper *self, gint64 base, gint64 ahead)
{
  self->base = base;
  floe_clock_set_base (self->clock, base);
  floe_date_set_ahead (ahead);
  set_machine_ahead (self);
}

/* Whether this broker's time is wrong, and not the calendar: its machine stood still, or it began
 * with a calendar that was just set. */
static gboolean
is_to_follow (FloeTimekeeper *self, const Answer *answer)
{
  if (self->others++ == 0)
    self->other_seen = answer->seen;
  if (floe_clock_elapsed (self->clock) < self->fresh_until
      && answer->kept.ahead != self->ahead_then)
    return TRUE;
  return self->others >= LOOKS_TO_FOLLOW && answer->seen != self->other_seen;
}

static void
follow (FloeTimekeeper *self, const Answer *answer)
{
  const FloeKeptTime *kept = &answer->kept;
  gint64 set_by = kept->ahead - floe_date_get_ahead ();

  if (answer->calendar == FLOE_CALENDAR_OTHER && !is_to_follow (self, answer))
    return;
  if (answer->calendar == FLOE_CALENDAR_OTHER)
    g_warning ("this broker's time was off by %.1f s, as if its machine had stood still; it takes"
               " that of the others",
               (gdouble)(kept->base - self->base) / G_USEC_PER_SEC);
  else if (ABS (set_by) > SET_BY)
    g_message (
        "the clock was set by %+.1f s; log-ins and sessions last as long as if it had not been",
        (gdouble)set_by / G_USEC_PER_SEC);
  self->others = 0;
  set (self, kept->base, kept->ahead);
}

static void
compared (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeTimekeeper) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree Answer *answer = floe_store_finish (FLOE_STORE (source), result, &error);

  self->asking = FALSE;
  if (answer != NULL && answer->known && self->tick != 0)
    follow (self, answer);
  else if (answer == NULL && !self->failing) /* told once; the time goes on all the same */
    g_info ("the clocks cannot be compared: %s", error->message);
  self->failing = answer == NULL;
}

static void
ask (FloeTimekeeper *self)
{
  Input *input = input_new (self);

  self->asking = TRUE;
  self->asked_at = floe_clock_elapsed (self->clock);
  input->leads = self->lead == NULL || floe_lead_get_epoch (self->lead) != 0;
  input->keep = self->asked_at >= self->keep_at;
  if (input->keep)
    self->keep_at = self->asked_at + KEEP_EVERY;
  if (input->leads || input->keep)
    floe_store_note_async (input->leads ? self->recorder : self->store, compare, input, input_free,
                           g_free, compared, g_object_ref (self));
  else
    floe_store_read_async (self->store, compare, input, input_free, g_free, NULL, compared,
                           g_object_ref (self));
}

static gboolean
on_tick (gpointer data)
{
  FloeTimekeeper *self = data;
  gint64 elapsed = floe_clock_elapsed (self->clock);
  gint64 apart = floe_clock_calendar (self->clock) - elapsed;
  gboolean was_set = ABS (apart - self->apart) > SET_BY;

  set_machine_ahead (self);
  if (self->asking || (!was_set && elapsed < self->asked_at + ASK_EVERY))
    return G_SOURCE_CONTINUE;
  self->apart = apart;
  ask (self);
  return G_SOURCE_CONTINUE;
}

typedef struct
{
  Begun *begun;
  gboolean done;
  GError **error;
} Beginning;

static void
begun (GObject *source, GAsyncResult *result, gpointer data)
{
  Beginning *beginning = data;

  beginning->begun = floe_store_finish (FLOE_STORE (source), result, beginning->error);
  beginning->done = TRUE;
}

/**
 * floe_timekeeper_begin:
 * @alone: no other broker can be
 *
 * Takes the time up where it was left, before anybody asks for it. Blocks: for the start of the
 * program.
 *
 * Returns: %FALSE with a store's error
 */
gboolean
floe_timekeeper_begin (FloeTimekeeper *self, gboolean alone, GError **error)
{
  Beginning beginning = { NULL, FALSE, error };
  Input *input = input_new (self);
  const FloeKeptTime *kept;

  input->leads = alone;
  floe_store_write_async (self->store, begin, input, input_free, g_free, begun, &beginning);
  while (!beginning.done)
    g_main_context_iteration (NULL, TRUE);
  if (beginning.begun == NULL)
    return FALSE;
  kept = &beginning.begun->kept;
  self->ahead_then = beginning.begun->ahead_then;
  set (self, kept->base, kept->ahead);
  if (ABS (kept->ahead) > SET_BY)
    g_message (
        "the clock is %+.1f s from where it was, since it was set; log-ins and sessions last as"
        " long as if it had not been",
        (gdouble)kept->ahead / G_USEC_PER_SEC);
  g_free (beginning.begun);
  return TRUE;
}

/**
 * floe_timekeeper_start:
 * @recorder: for what only the leader writes
 * @lead: (nullable): who leads; %NULL where there is one broker
 *
 * Looks from now on whether a calendar was set.
 */
void
floe_timekeeper_start (FloeTimekeeper *self, FloeStore *recorder, FloeLead *lead)
{
  if (self->tick != 0)
    return;
  g_set_object (&self->recorder, recorder);
  g_set_object (&self->lead, lead);
  self->asked_at = floe_clock_elapsed (self->clock);
  self->apart = floe_clock_calendar (self->clock) - self->asked_at;
  self->keep_at = self->asked_at + KEEP_EVERY;
  self->fresh_until = self->asked_at + FRESH;
  self->tick = floe_clock_add_timeout (self->clock, TICK, on_tick, self, NULL);
}

void
floe_timekeeper_stop (FloeTimekeeper *self)
{
  floe_clock_clear_timeout (self->clock, &self->tick);
}

static void
floe_timekeeper_finalize (GObject *object)
{
  FloeTimekeeper *self = FLOE_TIMEKEEPER (object);

  floe_timekeeper_stop (self);
  g_object_unref (self->store);
  g_clear_object (&self->recorder);
  g_clear_object (&self->lead);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_timekeeper_parent_class)->finalize (object);
}

static void
floe_timekeeper_class_init (FloeTimekeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_timekeeper_finalize;
}

static void
floe_timekeeper_init (FloeTimekeeper *self)
{
}

/* A machine that does not say in which boot it is counts as one that was started anew. */
static void
read_boot (gchar *boot)
{
  g_autofree gchar *text = NULL;

  if (g_file_get_contents (BOOT_ID, &text, NULL, NULL) && strlen (g_strchomp (text)) > 0)
    g_strlcpy (boot, text, BOOT_SIZE);
  else
    {
      g_autofree gchar *random = g_uuid_string_random ();

      g_strlcpy (boot, random, BOOT_SIZE);
    }
}

/**
 * floe_timekeeper_new:
 * @store: where the time is kept
 * @clock: what is set right
 *
 * Returns: (transfer full): one that does nothing before floe_timekeeper_begin()
 */
FloeTimekeeper *
floe_timekeeper_new (FloeStore *store, FloeClock *clock)
{
  FloeTimekeeper *self = g_object_new (FLOE_TYPE_TIMEKEEPER, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  read_boot (self->boot);
  return self;
}
