/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-watch.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-json.h"

#define SECOND        ((gint64)G_USEC_PER_SEC)
#define TICK          SECOND
#define CALM          (30 * SECOND) /* between two lists of a pool in which nothing goes on */
#define HOT           (3 * SECOND)  /* and of one in which something does */
#define EVENTS_EVERY  (3 * SECOND)
#define LOST_AFTER    (15 * SECOND)
#define LONGEST_PAUSE (30 * SECOND)
#define AT_ONCE       3 /* lists under way; the rest of the connections is for people */
#define MAX_EVENTS    500
#define MAX_QUESTIONS 5 /* about VMs that a list left out, at a time */

/* When a pool was listed, and is to be again. */
typedef struct
{
  gint64 listed; /* elapsed */
  gboolean busy;
  gboolean hurry;
  gboolean fresh; /* listed since the engine was found, or everything was asked for */
} Turn;

struct _FloeEngineWatch
{
  GObject parent_instance;

  gchar *name;
  FloeEngineClient *client;
  FloeClock *clock;
  FloeEnginePicture *picture;
  GHashTable *turns; /* id of a pool to Turn */
  guint timer;       /* 0 before it is started, and once it is stopped: answers are heard no more */
  guint n_lists;
  guint n_questions;
  gboolean pools_busy;
  gboolean pools_due;
  gboolean knows_pools; /* since the engine was found */
  gboolean events_busy;
  gint64 pools_listed;  /* elapsed */
  gint64 events_listed; /* elapsed */
  gint64 last_event;    /* its id; -1 while nobody knows */
  gint64 last_good;     /* when the engine answered last, elapsed */
  gint64 not_before;    /* when it is asked again that did not answer, elapsed */
  gint64 pause;
  gint64 told_all; /* elapsed */
  gboolean lost_told;
};

G_DEFINE_FINAL_TYPE (FloeEngineWatch, floe_engine_watch, G_TYPE_OBJECT)

static gint64
elapsed (FloeEngineWatch *self)
{
  return floe_clock_elapsed (self->clock);
}

static Turn *
get_turn (FloeEngineWatch *self, const gchar *pool_id)
{
  Turn *turn = g_hash_table_lookup (self->turns, pool_id);

  if (turn == NULL)
    {
      turn = g_new0 (Turn, 1);
      g_hash_table_insert (self->turns, g_strdup (pool_id), turn);
    }
  return turn;
}

static gboolean
is_complete (FloeEngineWatch *self)
{
  GHashTableIter iter;
  gpointer turn;

  g_hash_table_iter_init (&iter, self->turns);
  while (g_hash_table_iter_next (&iter, NULL, &turn))
    if (!((Turn *)turn)->fresh)
      return FALSE;
  return self->knows_pools;
}

static void
forget_freshness (FloeEngineWatch *self)
{
  GHashTableIter iter;
  gpointer turn;

  g_hash_table_iter_init (&iter, self->turns);
  while (g_hash_table_iter_next (&iter, NULL, &turn))
    ((Turn *)turn)->fresh = FALSE;
}

static void
tell_all_if_due (FloeEngineWatch *self)
{
  if (!is_complete (self)
      || (floe_engine_picture_is_up (self->picture) && elapsed (self) - self->told_all < CALM))
    return;
  self->lost_told = FALSE;
  self->told_all = elapsed (self);
  floe_engine_picture_tell_all (self->picture);
}

/* An engine that does not answer. */

static void
note_good (FloeEngineWatch *self)
{
  self->last_good = elapsed (self);
  self->not_before = 0;
  self->pause = SECOND;
}

static void
note_bad (FloeEngineWatch *self, const GError *error)
{
  gboolean up = floe_engine_picture_is_up (self->picture);
  gint64 now = elapsed (self);

  self->not_before = now + self->pause;
  self->pause = MIN (self->pause * 2, LONGEST_PAUSE);
  if (self->lost_told || (up && now - self->last_good < LOST_AFTER))
    {
      g_debug ("engine %s: %s", self->name, error->message);
      return;
    }
  self->lost_told = TRUE;
  self->knows_pools = FALSE;
  self->last_event = -1; /* more may happen than is told of, and an engine that was set up anew
                          * counts anew */
  forget_freshness (self);
  floe_engine_picture_lose (self->picture, error->message);
}

/* Returns: (transfer full) (nullable): what the engine said, if anybody is to hear it */
static gpointer
take_answer (FloeEngineWatch *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  gpointer answer;

  if (self->timer == 0)
    return NULL; /* the result frees what is in it */
  answer = floe_engine_client_call_finish (self->client, result, &error);
  if (answer != NULL)
    note_good (self);
  else
    note_bad (self, error);
  return answer;
}

/* Lists. */

typedef struct
{
  FloeEngineWatch *watch;
  gchar *id;
  FloeEngineMoment begun;
} Question;

static Question *
question_new (FloeEngineWatch *self, const gchar *id)
{
  Question *question = g_new0 (Question, 1);

  question->watch = g_object_ref (self);
  question->id = g_strdup (id);
  question->begun = floe_engine_picture_begin (self->picture);
  return question;
}

static void
question_free (Question *question)
{
  g_object_unref (question->watch);
  g_free (question->id);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* Only this one VM's own 404 says that it is gone. */
static void
asked_of_missing (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  FloeEngineWatch *self = question->watch;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  g_autoptr (FloeEngineVm) vm = floe_engine_vm_new (floe_engine_json_root (answer));

  self->n_questions--;
  if (self->timer == 0)
    return;
  if (vm != NULL)
    floe_engine_picture_take (self->picture, g_steal_pointer (&vm), question->begun);
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    floe_engine_picture_remove (self->picture, question->id);
}

static void
ask_of_missing (FloeEngineWatch *self, const gchar *vm_id)
{
  g_autofree gchar *path = g_strdup_printf ("/vms/%s?follow=sessions", vm_id);
  const FloeEngineCall call = { .method = "GET", .path = path, .repeatable = TRUE };

  self->n_questions++;
  floe_engine_client_call_async (self->client, &call, asked_of_missing, question_new (self, vm_id));
}

static void
look_for_missing (FloeEngineWatch *self, const gchar *pool_id)
{
  g_auto (GStrv) missing = floe_engine_picture_list_missing (self->picture, pool_id);

  for (guint i = 0; missing[i] != NULL && self->n_questions < MAX_QUESTIONS; i++)
    ask_of_missing (self, missing[i]);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Question) question = data;
  FloeEngineWatch *self = question->watch;
  g_autoptr (GPtrArray) vms = take_answer (self, result);
  Turn *turn = get_turn (self, question->id);

  self->n_lists--;
  turn->busy = FALSE;
  if (vms == NULL)
    return;
  turn->listed = elapsed (self);
  turn->fresh = TRUE;
  if (!floe_engine_picture_take_list (self->picture, question->id, vms, question->begun))
    turn->hurry = TRUE;
  look_for_missing (self, question->id);
  tell_all_if_due (self);
}

static gchar *
make_search (const FloeEnginePool *pool)
{
  gboolean plain =
      strspn (pool->name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.") == strlen (pool->name);
  g_autofree gchar *text = g_strdup_printf (plain ? "pool=%s" : "pool=\"%s\"", pool->name);
  g_autofree gchar *escaped = g_uri_escape_string (text, NULL, FALSE);

  return g_strdup_printf ("/vms?search=%s&max=%u&follow=sessions", escaped,
                          MAX (1000, 2 * pool->size));
}

static void
list_pool (FloeEngineWatch *self, const FloeEnginePool *pool, Turn *turn)
{
  g_autofree gchar *path = make_search (pool);
  const FloeEngineCall call = { .method = "GET",
                                .path = path,
                                .read = floe_engine_vms_new,
                                .read_free = (GDestroyNotify)g_ptr_array_unref };

  turn->busy = TRUE;
  turn->hurry = FALSE;
  self->n_lists++;
  floe_engine_client_call_async (self->client, &call, listed, question_new (self, pool->id));
}

static void
got_pools (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeEngineWatch) self = data;
  g_autoptr (JsonNode) answer = take_answer (self, result);
  g_autoptr (GPtrArray) pools = NULL;

  self->pools_busy = FALSE;
  if (answer == NULL)
    return;
  floe_engine_picture_take_pools (self->picture, floe_engine_json_root (answer));
  pools = floe_engine_picture_list_pools (self->picture);
  for (guint i = 0; i < pools->len; i++)
    get_turn (self, ((const FloeEnginePool *)pools->pdata[i])->id);
  self->knows_pools = TRUE;
  self->pools_listed = elapsed (self);
  tell_all_if_due (self);
}

static void
ask_for_pools (FloeEngineWatch *self)
{
  const FloeEngineCall call = { .method = "GET", .path = "/vmpools" };

  self->pools_busy = TRUE;
  self->pools_due = FALSE;
  floe_engine_client_call_async (self->client, &call, got_pools, g_object_ref (self));
}

/* Events. */

static void
take_event (FloeEngineWatch *self, JsonObject *event)
{
  const gchar *vm_id = floe_engine_json_text_in (event, "vm", "id");
  const FloeEnginePool *pool =
      vm_id != NULL ? floe_engine_picture_find_pool_of (self->picture, vm_id) : NULL;

  if (pool != NULL)
    floe_engine_watch_hurry (self, pool->id);
  else if (vm_id != NULL)
    self->pools_due = TRUE; /* a VM that is new, so maybe of a new pool */
}

static void
got_events (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeEngineWatch) self = data;
  g_autoptr (JsonNode) answer = take_answer (self, result);
  JsonArray *list = floe_engine_json_list (floe_engine_json_root (answer), "event");
  gboolean first = self->last_event < 0;
  guint n = floe_engine_json_length (list);

  self->events_busy = FALSE;
  if (answer == NULL)
    return;
  self->last_event = MAX (self->last_event, 0);
  for (guint i = 0; i < n; i++)
    {
      JsonObject *event = floe_engine_json_item (list, i);

      self->last_event = MAX (self->last_event, floe_engine_json_number (event, "id", 0));
      if (!first)
        take_event (self, event);
    }
  if (n >= MAX_EVENTS) /* there are older ones that were not told */
    floe_engine_watch_refresh (self);
}

static void
ask_for_events (FloeEngineWatch *self)
{
  g_autofree gchar *path = self->last_event < 0
                               ? g_strdup ("/events?max=1")
                               : g_strdup_printf ("/events?from=%" G_GINT64_FORMAT "&max=%u",
                                                  self->last_event, MAX_EVENTS);
  const FloeEngineCall call = { .method = "GET", .path = path };

  self->events_busy = TRUE;
  self->events_listed = elapsed (self);
  floe_engine_client_call_async (self->client, &call, got_events, g_object_ref (self));
}

/* When what is asked. */

static gboolean
is_due (const Turn *turn, gboolean hot, gint64 now)
{
  if (turn->busy)
    return FALSE;
  return turn->hurry || !turn->fresh || now - turn->listed >= (hot ? HOT : CALM);
}

/* Of those that are due the one that has waited longest: where all are, all have their turn. */
static const FloeEnginePool *
find_due (FloeEngineWatch *self, GPtrArray *pools, GHashTable *hot)
{
  const FloeEnginePool *found = NULL;
  gint64 now = elapsed (self);

  for (guint i = 0; i < pools->len; i++)
    {
      const FloeEnginePool *pool = pools->pdata[i];
      const Turn *turn = get_turn (self, pool->id);

      if (is_due (turn, g_hash_table_contains (hot, pool->id), now)
          && (found == NULL || turn->listed < get_turn (self, found->id)->listed))
        found = pool;
    }
  return found;
}

static void
list_due_pools (FloeEngineWatch *self)
{
  g_autoptr (GHashTable) hot = floe_engine_picture_list_hot (self->picture);
  g_autoptr (GPtrArray) pools = floe_engine_picture_list_pools (self->picture);
  const FloeEnginePool *pool;

  while (self->n_lists < AT_ONCE && (pool = find_due (self, pools, hot)) != NULL)
    list_pool (self, pool, get_turn (self, pool->id));
}

/* Events are asked for first: what happens between them and the lists is in the lists. */
static gboolean
tick (gpointer data)
{
  FloeEngineWatch *self = data;
  gint64 now = elapsed (self);

  if (now < self->not_before)
    return G_SOURCE_CONTINUE;
  if (!self->events_busy && (self->last_event < 0 || now - self->events_listed >= EVENTS_EVERY))
    ask_for_events (self);
  if (self->last_event < 0)
    return G_SOURCE_CONTINUE;
  if (!self->pools_busy
      && (self->pools_due || !self->knows_pools || now - self->pools_listed >= CALM))
    ask_for_pools (self);
  if (self->knows_pools)
    list_due_pools (self);
  return G_SOURCE_CONTINUE;
}

/**
 * floe_engine_watch_start:
 *
 * Begins to ask.
 */
void
floe_engine_watch_start (FloeEngineWatch *self)
{
  if (self->timer != 0)
    return;
  self->last_good = elapsed (self);
  self->timer = floe_clock_add_timeout (self->clock, TICK, tick, self, NULL);
  tick (self);
}

void
floe_engine_watch_stop (FloeEngineWatch *self)
{
  floe_clock_clear_timeout (self->clock, &self->timer);
}

/**
 * floe_engine_watch_refresh:
 *
 * Lists everything anew, and tells all of it.
 */
void
floe_engine_watch_refresh (FloeEngineWatch *self)
{
  self->told_all = MIN (self->told_all, elapsed (self) - CALM);
  forget_freshness (self);
}

/**
 * floe_engine_watch_hurry:
 *
 * Something was done in that pool: it is listed with the next turn.
 */
void
floe_engine_watch_hurry (FloeEngineWatch *self, const gchar *pool_id)
{
  Turn *turn = g_hash_table_lookup (self->turns, pool_id);

  if (turn != NULL)
    turn->hurry = TRUE;
}

static void
floe_engine_watch_finalize (GObject *object)
{
  FloeEngineWatch *self = FLOE_ENGINE_WATCH (object);

  floe_clock_clear_timeout (self->clock, &self->timer);
  g_hash_table_unref (self->turns);
  g_free (self->name);
  g_object_unref (self->picture);
  g_object_unref (self->client);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_engine_watch_parent_class)->finalize (object);
}

static void
floe_engine_watch_class_init (FloeEngineWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_engine_watch_finalize;
}

static void
floe_engine_watch_init (FloeEngineWatch *self)
{
  self->turns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->last_event = -1;
  self->pause = SECOND;
}

/**
 * floe_engine_watch_new:
 * @name: the engine's
 * @picture: what is filled
 *
 * Returns: (transfer full): a watch that was not started
 */
FloeEngineWatch *
floe_engine_watch_new (const gchar *name, FloeEngineClient *client, FloeEnginePicture *picture,
                       FloeClock *clock)
{
  FloeEngineWatch *self = g_object_new (FLOE_TYPE_ENGINE_WATCH, NULL);

  self->name = g_strdup (name);
  self->client = g_object_ref (client);
  self->picture = g_object_ref (picture);
  self->clock = g_object_ref (clock);
  return self;
}
