/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trail-sealer.h"

#include "core/date.h"
#include "core/error.h"

#define LOOK_EVERY G_USEC_PER_SEC
#define TELL_EVERY G_TIME_SPAN_HOUR
/* A place in the trail is given before the commit and shows after it; a place that is empty for
 * longer than any transaction takes stays empty. */
#define GAP_FOR (30 * G_USEC_PER_SEC)

struct _FloeTrailSealer
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  FloeTrailKey *key;
  guint look;
  gboolean looking;
  gboolean failing;
  gint64 told_at; /* elapsed microseconds */
};

typedef struct
{
  FloeTrailKey *key;
  gint64 now;
} Input;

G_DEFINE_FINAL_TYPE (FloeTrailSealer, floe_trail_sealer, G_TYPE_OBJECT)

static void
input_free (gpointer data)
{
  Input *input = data;

  floe_trail_key_unref (input->key);
  g_free (input);
}

/* Of what follows the last seal, so much as nothing can come between any more. */
static void
cut_at_gap (GPtrArray *rows, gint64 next, gint64 now)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      if (row->id != next && row->at > now - GAP_FOR && row->at < now + FLOE_DATE_SET_BACK)
        {
          g_ptr_array_set_size (rows, (gint)i);
          return;
        }
      next = row->id + 1;
    }
}

/* Returns: (transfer full): the next seal, whose number is 0 when there is nothing to seal */
static gpointer
make_seal (FloeTx *tx, gconstpointer data, GError **error)
{
  const Input *input = data;
  g_autoptr (FloeTrailSeal) before = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  gint64 last;

  if (!floe_tx_find_last_seal (tx, &before, error))
    return NULL;
  last = before != NULL ? before->last : 0;
  rows = floe_tx_list_trail (tx, last, G_MAXINT64, FLOE_TRAIL_BATCH, error);
  if (rows == NULL)
    return NULL;
  cut_at_gap (rows, last + 1, input->now);
  return rows->len > 0 ? floe_trail_key_seal (input->key, before, rows, input->now)
                       : floe_trail_seal_new (0);
}

static gpointer
put_seal (FloeTx *tx, gconstpointer seal, GError **error)
{
  return floe_tx_put_seal (tx, seal, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
complain (FloeTrailSealer *self, const GError *error)
{
  /* Another broker, which has taken the lead, may have sealed the same. */
  if (!self->failing && !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CONFLICT))
    g_warning ("the audit trail is not sealed: %s", error->message);
  self->failing = TRUE;
}

static void
tell (FloeTrailSealer *self, const FloeTrailSeal *seal)
{
  gint64 now = floe_clock_elapsed (self->clock);

  if (self->told_at != 0 && now - self->told_at < TELL_EVERY)
    return;
  self->told_at = now;
  g_info ("the audit trail is sealed up to row %" G_GINT64_FORMAT ", seal %" G_GINT64_FORMAT ":%s",
          seal->last, seal->number, seal->hash);
}

typedef struct
{
  FloeTrailSealer *sealer;
  FloeTrailSeal *seal;
} Sealing;

static void
sealed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Sealing *sealing = data;
  g_autoptr (FloeTrailSealer) self = sealing->sealer;
  g_autoptr (FloeTrailSeal) seal = sealing->seal;
  g_autoptr (GError) error = NULL;

  self->looking = FALSE;
  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    {
      complain (self, error);
      return;
    }
  self->failing = FALSE;
  tell (self, seal);
}

static FloeTrailSeal *
copy_seal (const FloeTrailSeal *seal)
{
  FloeTrailSeal *copy = floe_trail_seal_new (seal->number);

  copy->first = seal->first;
  copy->last = seal->last;
  copy->at = seal->at;
  copy->keyed = seal->keyed;
  copy->marks = g_strdup (seal->marks);
  copy->hash = g_strdup (seal->hash);
  return copy;
}

static void
made (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeTrailSealer) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTrailSeal) seal = floe_store_finish (FLOE_STORE (source), result, &error);
  Sealing *sealing;

  if (seal == NULL || seal->number == 0 || self->look == 0)
    {
      self->looking = FALSE;
      if (seal == NULL)
        complain (self, error);
      return;
    }
  sealing = g_new (Sealing, 1);
  sealing->sealer = g_object_ref (self);
  sealing->seal = copy_seal (seal);
  floe_store_note_async (self->store, put_seal, g_steal_pointer (&seal),
                         (GDestroyNotify)floe_trail_seal_free, NULL, sealed, sealing);
}

static gboolean
look_due (gpointer data)
{
  FloeTrailSealer *self = data;
  Input *input;

  if (self->looking)
    return G_SOURCE_CONTINUE;
  self->looking = TRUE;
  input = g_new (Input, 1);
  input->key = floe_trail_key_ref (self->key);
  input->now = floe_date_of (floe_clock_now (self->clock));
  floe_store_read_async (self->store, make_seal, input, input_free,
                         (GDestroyNotify)floe_trail_seal_free, NULL, made, g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

/**
 * floe_trail_sealer_start:
 *
 * Begins to seal, from where the last one ended. One broker of several does.
 */
void
floe_trail_sealer_start (FloeTrailSealer *self)
{
  if (self->look == 0)
    self->look = floe_clock_add_timeout (self->clock, LOOK_EVERY, look_due, self, NULL);
}

void
floe_trail_sealer_stop (FloeTrailSealer *self)
{
  floe_clock_clear_timeout (self->clock, &self->look);
}

static void
floe_trail_sealer_finalize (GObject *object)
{
  FloeTrailSealer *self = FLOE_TRAIL_SEALER (object);

  floe_trail_sealer_stop (self);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  floe_trail_key_unref (self->key);
  G_OBJECT_CLASS (floe_trail_sealer_parent_class)->finalize (object);
}

static void
floe_trail_sealer_class_init (FloeTrailSealerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_trail_sealer_finalize;
}

static void
floe_trail_sealer_init (FloeTrailSealer *self)
{
}

FloeTrailSealer *
floe_trail_sealer_new (FloeStore *store, FloeClock *clock, FloeTrailKey *key)
{
  FloeTrailSealer *self = g_object_new (FLOE_TYPE_TRAIL_SEALER, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->key = floe_trail_key_ref (key);
  return self;
}
