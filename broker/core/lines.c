/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lines.h"

#include "core/line-members.h"
#include "core/line.h"

/* A line that moves tells of it once a second, however fast it moves. */
#define TELL_EVERY (G_USEC_PER_SEC)
#define HEAR_EVERY (30 * G_USEC_PER_SEC)

struct _FloeLines
{
  GObject parent_instance;

  FloeStore *store;
  FloeKeeper *keeper;
  FloeClock *clock;
  GHashTable *lines; /* pool to Line; one for each pool that ever had a line */
  guint hear;
};

typedef struct
{
  FloeLines *lines;
  gchar *pool;
  FloeLineMembers *members;
  guint tell;       /* the source that looks and tells */
  gint64 told;      /* when it last did; elapsed */
  gboolean looking; /* the line is being read */
  gboolean serving; /* a desktop is being given away */
  gboolean serve_again;
} Line;

enum
{
  SERVED,
  LOST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeLines, floe_lines, G_TYPE_OBJECT)

static void serve (Line *line);
static void look (Line *line);

static void
line_free (gpointer data)
{
  Line *line = data;

  floe_clock_clear_timeout (line->lines->clock, &line->tell);
  floe_line_members_free (line->members);
  g_free (line->pool);
  g_free (line);
}

static Line *
get_line (FloeLines *self, const gchar *pool)
{
  Line *line = g_hash_table_lookup (self->lines, pool);

  if (line != NULL)
    return line;
  line = g_new0 (Line, 1);
  line->lines = self;
  line->pool = g_strdup (pool);
  line->members = floe_line_members_new ();
  g_hash_table_insert (self->lines, line->pool, line);
  return line;
}

static FloeLineInput *
input_new (FloeLines *self, const gchar *pool)
{
  return floe_line_input_new (pool, floe_clock_now (self->clock));
}

/* Members. */

static void
tell_lost (Line *line, const gchar *user_id)
{
  g_autoptr (GPtrArray) requests = floe_line_members_take (line->members, user_id);

  for (guint i = 0; requests != NULL && i < requests->len; i++)
    g_signal_emit (line->lines, signals[LOST], 0, requests->pdata[i]);
}

static void
tell_served (Line *line, const gchar *user_id, FloeDesktop *desktop)
{
  g_autoptr (GPtrArray) requests = floe_line_members_take (line->members, user_id);

  for (guint i = 0; requests != NULL && i < requests->len; i++)
    g_signal_emit (line->lines, signals[SERVED], 0, requests->pdata[i], desktop);
}

/* Looking: how everybody stands. */

/* tell_all: @complete says that nobody joined or is being served meanwhile, so that who has no
 * place stands in the line no more */
static void
tell_all (Line *line, gboolean complete)
{
  g_auto (GStrv) without =
      floe_line_members_tell (line->members, floe_clock_elapsed (line->lines->clock));

  for (guint i = 0; complete && without[i] != NULL; i++)
    tell_lost (line, without[i]);
}

/* The answer finds its line by name: nothing else outlives what is under way. */
typedef struct
{
  FloeLines *lines;
  gchar *pool;
  guint joined; /* how many had joined when it began */
} Visit;

static Visit *
visit_new (Line *line)
{
  Visit *visit = g_new0 (Visit, 1);

  visit->lines = g_object_ref (line->lines);
  visit->pool = g_strdup (line->pool);
  visit->joined = floe_line_members_get_joined (line->members);
  return visit;
}

static void
visit_free (Visit *visit)
{
  g_object_unref (visit->lines);
  g_free (visit->pool);
  g_free (visit);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Visit, visit_free)

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Visit) visit = data;
  Line *line = get_line (visit->lines, visit->pool);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) waits = floe_store_finish (FLOE_STORE (source), result, &error);
  gboolean complete;

  line->looking = FALSE;
  if (waits == NULL)
    {
      g_warning ("the line of pool %s was not read: %s", line->pool, error->message);
      return;
    }
  complete = visit->joined == floe_line_members_get_joined (line->members) && !line->serving;
  floe_line_members_set_places (line->members, waits);
  if (!complete)
    look (line);
  tell_all (line, complete);
}

static gboolean
tell_due (gpointer data)
{
  Line *line = data;

  line->tell = 0;
  line->told = floe_clock_elapsed (line->lines->clock);
  if (line->looking)
    look (line); /* what is under way may be older than what is asked for */
  else
    {
      line->looking = TRUE;
      floe_store_read_async (line->lines->store, floe_line_read,
                             input_new (line->lines, line->pool),
                             (GDestroyNotify)floe_line_input_free,
                             (GDestroyNotify)g_ptr_array_unref, NULL, looked, visit_new (line));
    }
  return G_SOURCE_REMOVE;
}

static void
look (Line *line)
{
  gint64 since = floe_clock_elapsed (line->lines->clock) - line->told;

  if (line->tell == 0)
    line->tell = floe_clock_add_timeout (line->lines->clock, MAX (TELL_EVERY - since, 0), tell_due,
                                         line, NULL);
}

/* Serving. */

static void
served (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Visit) visit = data;
  Line *line = get_line (visit->lines, visit->pool);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeLineServed) outcome = floe_store_finish (FLOE_STORE (source), result, &error);
  gboolean again = line->serve_again || (outcome != NULL && outcome->more);

  line->serving = line->serve_again = FALSE;
  if (outcome == NULL)
    g_warning ("the line of pool %s was not served: %s", line->pool, error->message);
  for (guint i = 0; outcome != NULL && outcome->gone[i] != NULL; i++)
    tell_lost (line, outcome->gone[i]);
  if (outcome != NULL && outcome->change != NULL)
    {
      floe_line_members_note_served (line->members, floe_clock_elapsed (line->lines->clock));
      tell_served (line, outcome->user_id, outcome->change->desktop);
      floe_keeper_note_ticket (line->lines->keeper, outcome->change->desktop->id,
                               outcome->change->due);
      floe_keeper_handle (line->lines->keeper, outcome->change);
    }
  if (outcome != NULL && (outcome->change != NULL || outcome->gone[0] != NULL))
    look (line);
  if (again)
    serve (line);
}

static void
serve (Line *line)
{
  line->serve_again = line->serving;
  if (line->serving)
    return;
  line->serving = TRUE;
  floe_store_write_async (line->lines->store, floe_line_serve, input_new (line->lines, line->pool),
                          (GDestroyNotify)floe_line_input_free,
                          (GDestroyNotify)floe_line_served_free, served, visit_new (line));
}

static gboolean
may_be_free (const FloeDesktop *desktop)
{
  const FloeFacts *facts = &desktop->facts;

  return facts->lease == FLOE_LEASE_NONE && facts->intent == FLOE_INTENT_NONE
         && (facts->clean == FLOE_CLEAN_CLEAN
             || (desktop->kind != FLOE_POOL_FLOATING && facts->clean == FLOE_CLEAN_DIRTY));
}

static void
on_desktop_changed (FloeKeeper *keeper, const FloeDesktop *desktop, FloeLines *self)
{
  Line *line = g_hash_table_lookup (self->lines, desktop->pool);

  if (line == NULL)
    return;
  if (floe_line_members_get_length (line->members) > 0 && may_be_free (desktop))
    serve (line);
  else if (desktop->lease != NULL && floe_line_members_has (line->members, desktop->lease->holder))
    look (line); /* they may have got it by another way than the line */
}

static void
on_pools_changed (FloeKeeper *keeper, FloeLines *self)
{
  GHashTableIter iter;
  gpointer line;

  g_hash_table_iter_init (&iter, self->lines);
  while (g_hash_table_iter_next (&iter, NULL, &line))
    if (floe_line_members_get_length (((Line *)line)->members) > 0)
      serve (line);
}

/* What other brokers do with the line. */

static void
on_waits_changed (FloeKeeper *keeper, const gchar *pool, FloeLines *self)
{
  Line *line = g_hash_table_lookup (self->lines, pool);

  if (line != NULL)
    look (line);
}

static void
served_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeLines) self = data;
  g_autoptr (FloeDesktop) desktop = floe_store_finish (FLOE_STORE (source), result, NULL);
  Line *line = desktop != NULL ? g_hash_table_lookup (self->lines, desktop->pool) : NULL;

  if (line == NULL || desktop->lease == NULL)
    return;
  floe_line_members_note_served (line->members, floe_clock_elapsed (self->clock));
  tell_served (line, desktop->lease->holder, desktop);
}

/* Who waits here is told which desktop it is; should that fail, a look finds that they wait no
 * more. */
static void
on_served_elsewhere (FloeKeeper *keeper, const gchar *desktop_id, FloeLines *self)
{
  floe_store_read_async (self->store, floe_line_read_desktop, g_strdup (desktop_id), g_free,
                         (GDestroyNotify)floe_desktop_free, NULL, served_read, g_object_ref (self));
}

/* Hearing: who is still there. */

static void
hear (Line *line)
{
  FloeLineInput *input = input_new (line->lines, line->pool);

  input->heard = floe_line_members_list_heard (
      line->members, floe_clock_elapsed (line->lines->clock) - HEAR_EVERY);
  line->looking = TRUE;
  floe_store_write_async (line->lines->store, floe_line_hear, input,
                          (GDestroyNotify)floe_line_input_free, (GDestroyNotify)g_ptr_array_unref,
                          looked, visit_new (line));
}

static gboolean
hear_due (gpointer data)
{
  FloeLines *self = data;
  guint n = 0;
  GHashTableIter iter;
  gpointer line;

  g_hash_table_iter_init (&iter, self->lines);
  while (g_hash_table_iter_next (&iter, NULL, &line))
    if (floe_line_members_is_known (((Line *)line)->members))
      {
        hear (line);
        serve (line); /* a desktop may be free again by nothing but the time */
        n++;
      }
  if (n > 0)
    return G_SOURCE_CONTINUE;
  self->hear = 0;
  return G_SOURCE_REMOVE;
}

static void
begin_to_hear (FloeLines *self)
{
  if (self->hear == 0)
    self->hear = floe_clock_add_timeout (self->clock, HEAR_EVERY, hear_due, self, NULL);
}

/**
 * floe_lines_add:
 * @request: of somebody who stands in its pool's line, as the store has it already
 */
void
floe_lines_add (FloeLines *self, FloeConnectRequest *request)
{
  Line *line = get_line (self, floe_connect_request_get_pool (request));

  floe_line_members_add (line->members, request, floe_clock_elapsed (self->clock));
  look (line);
  begin_to_hear (self);
  /* They stand behind others who may be served at once, or may be gone. */
  serve (line);
}

/**
 * floe_lines_remove:
 * @request: one that waits in no line any more
 *
 * Returns: whether another request of theirs still does
 */
gboolean
floe_lines_remove (FloeLines *self, FloeConnectRequest *request)
{
  Line *line = get_line (self, floe_connect_request_get_pool (request));

  return floe_line_members_remove (line->members, request);
}

static void
left (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeLines *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  look (get_line (self, g_task_get_task_data (task)));
  g_task_return_boolean (task, TRUE);
}

/**
 * floe_lines_leave_async:
 *
 * Gives up somebody's place.
 */
void
floe_lines_leave_async (FloeLines *self, const FloeIdentity *identity, const gchar *pool,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  FloeLineInput *input = input_new (self, pool);

  g_task_set_source_tag (task, floe_lines_leave_async);
  g_task_set_task_data (task, g_strdup (pool), g_free);
  input->identity = floe_identity_copy (identity);
  floe_store_write_async (self->store, floe_line_leave, input, (GDestroyNotify)floe_line_input_free,
                          NULL, left, task);
}

gboolean
floe_lines_leave_finish (FloeLines *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Life. */

static void
revived (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeLines) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) waits = floe_store_finish (FLOE_STORE (source), result, &error);

  if (waits == NULL)
    g_warning ("the lines of pools were not read: %s", error->message);
  for (guint i = 0; waits != NULL && i < waits->len; i++)
    {
      const FloeWait *wait = waits->pdata[i];
      Line *line = get_line (self, wait->pool);

      floe_line_members_add_place (line->members, wait->user_id);
      look (line);
      begin_to_hear (self);
    }
}

/**
 * floe_lines_start:
 *
 * Takes up the lines that there were when the broker went away.
 */
void
floe_lines_start (FloeLines *self)
{
  floe_store_write_async (self->store, floe_line_revive, input_new (self, NULL),
                          (GDestroyNotify)floe_line_input_free, (GDestroyNotify)g_ptr_array_unref,
                          revived, g_object_ref (self));
}

static void
floe_lines_finalize (GObject *object)
{
  FloeLines *self = FLOE_LINES (object);

  floe_clock_clear_timeout (self->clock, &self->hear);
  g_hash_table_unref (self->lines);
  g_object_unref (self->store);
  g_object_unref (self->keeper);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_lines_parent_class)->finalize (object);
}

static void
floe_lines_class_init (FloeLinesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_lines_finalize;
  signals[SERVED] = g_signal_new ("served", FLOE_TYPE_LINES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, FLOE_TYPE_CONNECT_REQUEST, G_TYPE_POINTER);
  signals[LOST] = g_signal_new ("lost", FLOE_TYPE_LINES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, FLOE_TYPE_CONNECT_REQUEST);
}

static void
floe_lines_init (FloeLines *self)
{
  self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, line_free);
}

FloeLines *
floe_lines_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock)
{
  FloeLines *self = g_object_new (FLOE_TYPE_LINES, NULL);

  self->store = g_object_ref (store);
  self->keeper = g_object_ref (keeper);
  self->clock = g_object_ref (clock);
  g_signal_connect_object (keeper, "desktop-changed", G_CALLBACK (on_desktop_changed), self, 0);
  g_signal_connect_object (keeper, "pools-changed", G_CALLBACK (on_pools_changed), self, 0);
  g_signal_connect_object (keeper, "waits-changed", G_CALLBACK (on_waits_changed), self, 0);
  g_signal_connect_object (keeper, "served", G_CALLBACK (on_served_elsewhere), self, 0);
  return self;
}
