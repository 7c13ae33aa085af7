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
/* A date that was so long on its way tells nothing. */
#define TOO_SLOW G_USEC_PER_SEC
/* Who leads has looked by then, and says whether it was the calendar that was set. */
#define LOOKS_TO_FOLLOW 4

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

struct _FloeTimekeeper
{
  GObject parent_instance;

  FloeStore *store;
  FloeStore *recorder;
  FloeClock *clock;
  FloeLead *lead;
  gchar boot[FLOE_BOOT_SIZE];
  gint64 base;
  gint64 apart;    /* the machine's calendar from its elapsed time, at the last tick */
  gint64 asked_at; /* elapsed, as is the next */
  gint64 keep_at;
  guint tick;
  guint others; /* so often in a row was this broker's time another one */
  gboolean asking;
  gboolean failing;
};

typedef struct
{
  FloeClock *clock;
  FloeTimeLook look;
  gint64 base;
  gboolean leads;
  gboolean keep;
} Input;

typedef struct
{
  FloeKeptTime kept;
  FloeCalendar calendar;
  gboolean known;
} Answer;

G_DEFINE_FINAL_TYPE (FloeTimekeeper, floe_timekeeper, G_TYPE_OBJECT)

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
  memcpy (input->look.boot, self->boot, sizeof self->boot);
  input->base = self->base;
  return input;
}

/* take_look: @took: how long the date was on its way, at most */
static gboolean
take_look (FloeTx *tx, const Input *input, FloeTimeLook *look, gint64 *took, GError **error)
{
  gint64 began = floe_clock_elapsed (input->clock);

  *look = input->look;
  if (!floe_tx_get_date (tx, &look->date, error))
    return FALSE;
  if (look->date == 0)
    look->date = floe_clock_calendar (input->clock);
  *took = floe_clock_elapsed (input->clock) - began;
  look->elapsed = began + *took / 2;
  return TRUE;
}

static gpointer
begin (FloeTx *tx, gconstpointer data, GError **error)
{
  FloeKeptTime kept;
  FloeTimeLook look;
  gint64 took;

  if (!take_look (tx, data, &look, &took, error) || !floe_tx_get_time (tx, &kept, error))
    return NULL;
  floe_kept_time_begin (&kept, &look);
  return floe_tx_put_time (tx, &kept, error) ? g_memdup2 (&kept, sizeof kept) : NULL;
}

static gpointer
compare (FloeTx *tx, gconstpointer data, GError **error)
{
  const Input *input = data;
  g_autofree Answer *answer = g_new0 (Answer, 1);
  FloeTimeLook look;
  gint64 took;

  if (!take_look (tx, input, &look, &took, error) || !floe_tx_get_time (tx, &answer->kept, error))
    return NULL;
  answer->known = took < TOO_SLOW;
  if (!answer->known)
    return g_steal_pointer (&answer);
  answer->calendar = floe_kept_time_compare (&answer->kept, input->base, &look, input->leads);
  if (input->leads && (input->keep || answer->calendar == FLOE_CALENDAR_SET)
      && !floe_tx_put_time (tx, &answer->kept, error))
    return NULL;
  return g_steal_pointer (&answer);
}

static void
set (FloeTimekeeper *self, gint64 base, gint64 ahead)
{
  self->base = base;
  floe_clock_set_base (self->clock, base);
  floe_date_set_ahead (ahead);
}

static void
follow (FloeTimekeeper *self, const Answer *answer)
{
  const FloeKeptTime *kept = &answer->kept;
  gint64 set_by = kept->ahead - floe_date_get_ahead ();

  self->others = answer->calendar == FLOE_CALENDAR_OTHER ? self->others + 1 : 0;
  if (answer->calendar == FLOE_CALENDAR_OTHER && self->others < LOOKS_TO_FOLLOW)
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
  if (input->leads && input->keep)
    self->keep_at = self->asked_at + KEEP_EVERY;
  if (input->leads)
    floe_store_note_async (self->recorder, compare, input, input_free, g_free, compared,
                           g_object_ref (self));
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

  if (self->asking || (!was_set && elapsed < self->asked_at + ASK_EVERY))
    return G_SOURCE_CONTINUE;
  self->apart = apart;
  ask (self);
  return G_SOURCE_CONTINUE;
}

typedef struct
{
  FloeKeptTime *kept;
  gboolean done;
  GError **error;
} Beginning;

static void
begun (GObject *source, GAsyncResult *result, gpointer data)
{
  Beginning *beginning = data;

  beginning->kept = floe_store_finish (FLOE_STORE (source), result, beginning->error);
  beginning->done = TRUE;
}

/**
 * floe_timekeeper_begin:
 *
 * Takes the time up where it was left, before anybody asks for it. Blocks: for the start of the
 * program.
 *
 * Returns: %FALSE with a store's error
 */
gboolean
floe_timekeeper_begin (FloeTimekeeper *self, GError **error)
{
  Beginning beginning = { NULL, FALSE, error };

  floe_store_write_async (self->store, begin, input_new (self), input_free, g_free, begun,
                          &beginning);
  while (!beginning.done)
    g_main_context_iteration (NULL, TRUE);
  if (beginning.kept == NULL)
    return FALSE;
  set (self, beginning.kept->base, beginning.kept->ahead);
  if (ABS (beginning.kept->ahead) > SET_BY)
    g_message (
        "the clock is %+.1f s from where it was, since it was set; log-ins and sessions last as"
        " long as if it had not been",
        (gdouble)beginning.kept->ahead / G_USEC_PER_SEC);
  g_free (beginning.kept);
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
    g_strlcpy (boot, text, FLOE_BOOT_SIZE);
  else
    {
      g_autofree gchar *random = g_uuid_string_random ();

      g_strlcpy (boot, random, FLOE_BOOT_SIZE);
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
