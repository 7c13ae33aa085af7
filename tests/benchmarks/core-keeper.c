/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>

#include "core-loop.h"
#include "core/pool-pass.h"

/* Passes over a great pool with a template, and connects beside them. */

#define RUNNING 1000
/* Spares that are wanted and not there: more than all passes start, so that each has something to
 * record. */
#define MISSING 1000
#define PASSES  9
#define ROUNDS  3
#define USERS   1000
#define AT_ONCE 8

/* As often as the pool keeper looks when something changes all the time: passes take a tenth of the
 * time, and come no more often than this. */
#define SHARE    10
#define DEBOUNCE (100 * 1000)

typedef struct
{
  Bench *bench;
  GMainLoop *loop; /* quit after each pass, when they are made one by one */
  FloePoolPicture *picture;
  FloePassInput *input;
  gint64 begun;
  guint timer;
  gboolean busy;
  gboolean again;
  guint done;
  FloeSamples samples;
} Passes;

static void
plan (Passes *self, gint64 now)
{
  g_autoptr (GArray) places = g_array_new (FALSE, TRUE, sizeof (FloePlace));
  const FloePlace both[] = { { .name = "host1", .up = TRUE, .starts_at_once = 4 },
                             { .name = "host2", .up = TRUE, .starts_at_once = 4 } };
  const FloePlanInput input = { .pool = self->picture->pool,
                                .now = now,
                                .spares = self->picture->pool->spares,
                                .waiting = self->picture->waiting,
                                .counts = self->picture->counts,
                                .places = places,
                                .revisions = self->picture->revisions,
                                .images = self->picture->images,
                                .state = self->picture->state };
  g_autoptr (FloePlan) made = NULL;

  g_array_append_vals (places, both, G_N_ELEMENTS (both));
  made = floe_plan_new (&input);
  if (made->steps->len == 0)
    bench_die ("the pass has nothing to record", NULL);
  self->input = floe_pass_input_new ("office", now);
  for (guint i = 0; i < made->steps->len; i++)
    floe_pass_input_add (self->input, &g_array_index (made->steps, FloeStep, i));
}

static gboolean pass_due (gpointer data);

static void
pass_ended (Passes *self)
{
  gint64 cost = g_get_monotonic_time () - self->begun;

  floe_samples_add (&self->samples, cost);
  self->done++;
  self->busy = FALSE;
  if (self->again)
    self->timer = g_timeout_add ((guint)(MAX (DEBOUNCE, cost * SHARE) / 1000), pass_due, self);
  else if (self->loop != NULL)
    g_main_loop_quit (self->loop);
}

static void
recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  Passes *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = floe_store_finish (FLOE_STORE (source), result, &error);

  if (changes == NULL)
    bench_die ("cannot record what the pool needs", error);
  g_clear_pointer (&self->input, floe_pass_input_free);
  g_clear_pointer (&self->picture, floe_pool_picture_free);
  pass_ended (self);
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  Passes *self = data;
  g_autoptr (GError) error = NULL;

  self->picture = floe_store_finish (FLOE_STORE (source), result, &error);
  if (self->picture == NULL)
    bench_die ("cannot look at the pool", error);
  plan (self, floe_clock_now (self->bench->clock));
  floe_store_write_async (self->bench->store, floe_pass_record, self->input, NULL,
                          (GDestroyNotify)g_ptr_array_unref, recorded, self);
}

static gboolean
pass_due (gpointer data)
{
  Passes *self = data;

  self->timer = 0;
  self->busy = TRUE;
  self->begun = g_get_monotonic_time ();
  floe_store_read_async (self->bench->store, floe_pass_read,
                         floe_pass_input_new ("office", floe_clock_now (self->bench->clock)),
                         (GDestroyNotify)floe_pass_input_free,
                         (GDestroyNotify)floe_pool_picture_free, NULL, looked, self);
  return G_SOURCE_REMOVE;
}

/* The slowest per cent of the connects of one round, in microseconds. */
static gdouble
claim_round (Passes *passes, gboolean with, gdouble seconds)
{
  Bench *bench = passes->bench;
  guint before = passes->done;
  gdouble slowest;

  passes->again = with;
  if (with)
    pass_due (passes);
  bench_claim (bench, AT_ONCE, seconds);
  passes->again = FALSE;
  g_clear_handle_id (&passes->timer, g_source_remove);
  while (passes->busy)
    g_main_context_iteration (NULL, TRUE);
  if (with && passes->done == before)
    bench_die ("there was no pass beside the connects", NULL);
  slowest = floe_samples_percentile_ms (&bench->samples, 0.99) * 1000;
  floe_samples_clear (&bench->samples);
  return slowest;
}

static gpointer
put_revision (FloeTx *tx, gconstpointer data, GError **error)
{
  g_autoptr (FloeRevision) revision = floe_revision_new ("office", 1);

  revision->state = FLOE_REVISION_CURRENT;
  revision->host = g_strdup ("host1");
  revision->volume = g_strdup ("floe-office-r1.qcow2");
  revision->memory_mib = 2048;
  return floe_tx_put_revision (tx, revision, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
set_up (Bench *bench, const gchar *path, guint n)
{
  g_autoptr (FloePool) pool = bench_new_pool ();

  pool->template = floe_template_new ("golden", "images", "office");
  pool->template->shared = TRUE;
  pool->template->minimum = n;
  pool->template->maximum = n;
  pool->spares = RUNNING + MISSING;
  bench_open (bench, path, pool);
  bench_write (bench, put_revision, NULL);
  bench_fill_users (bench, USERS);
  bench_fill_desktops (bench, n, RUNNING, TRUE);
}

void
bench_keeper (const gchar *path, guint n, gdouble seconds)
{
  Bench bench = { 0 };
  Passes passes = { .bench = &bench };
  FloeSamples with, without;

  if (n < 2 * (RUNNING + MISSING))
    bench_die ("too few desktops", NULL);
  set_up (&bench, path, n);
  floe_samples_init (&passes.samples);
  floe_samples_init (&with);
  floe_samples_init (&without);
  passes.loop = bench.loop;
  for (guint i = 0; i < PASSES; i++)
    {
      pass_due (&passes);
      g_main_loop_run (bench.loop);
    }
  printf ("{\"failed\":0,\"pass_ms\":%.1f", floe_samples_percentile_ms (&passes.samples, 0.5));
  passes.loop = NULL;
  for (guint i = 0; i < ROUNDS; i++)
    {
      floe_samples_add (&without, (gint64)claim_round (&passes, FALSE, seconds));
      floe_samples_add (&with, (gint64)claim_round (&passes, TRUE, seconds));
    }
  printf (",\"connect_p99_ms\":%.2f,\"alone_p99_ms\":%.2f,\"done\":%u}\n",
          floe_samples_percentile_ms (&with, 0.5), floe_samples_percentile_ms (&without, 0.5),
          bench.done);
}
