/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool-keeper.h"

#include "core/date.h"
#include "core/error.h"
#include "core/foreign-names.h"
#include "core/pool-hosts.h"
#include "core/pool-pass.h"
#include "core/pool-schedule.h"
#include "core/pool-steps.h"
#include "core/revision-jobs.h"

/* Several changes that come together bring one pass; a pool that is slow to look at is looked at
 * less often, so that passes never take more than a part of the time. */
#define DEBOUNCE     (100 * 1000)
#define SHARE        10
#define LOOK_EVERY   (30 * G_USEC_PER_SEC)
#define FAILED_AGAIN (5 * G_USEC_PER_SEC)

struct _FloePoolKeeper
{
  GObject parent_instance;

  FloeStore *store;
  FloeKeeper *keeper;
  FloeManager *manager;
  FloeClock *clock;
  FloeRevisionJobs *revisions;
  FloeForeignNames *foreign;
  FloePoolHosts *hosts;
  GHashTable *pools; /* name to Pass */
  guint look;
  gboolean running;
};

typedef struct
{
  gboolean busy;
  gboolean again;
  gint64 cost;
  guint wake;
  gint64 wake_at; /* elapsed */
} Pass;

/* A pass that is under way. */
typedef struct
{
  FloePoolKeeper *self;
  gchar *pool;
  gint64 began;
  FloePoolPicture *picture;
  FloePassInput *input; /* while it is being recorded: the store's */
} Walk;

G_DEFINE_FINAL_TYPE (FloePoolKeeper, floe_pool_keeper, G_TYPE_OBJECT)

static void
walk_free (Walk *walk)
{
  floe_pool_picture_free (walk->picture);
  g_object_unref (walk->self);
  g_free (walk->pool);
  g_free (walk);
}

static void look_later (FloePoolKeeper *self, const gchar *pool, gint64 delay);

/* Ends a pass; what changed meanwhile brings the next. Takes @walk. */
static void
end_walk (Walk *walk, gint64 again_after)
{
  FloePoolKeeper *self = walk->self;
  Pass *pass = g_hash_table_lookup (self->pools, walk->pool);

  if (pass != NULL)
    {
      pass->busy = FALSE;
      if (pass->again || again_after > 0)
        look_later (self, walk->pool, MAX (again_after, MAX (DEBOUNCE, pass->cost * SHARE)));
      pass->again = FALSE;
    }
  walk_free (walk);
}

/* Doing what was recorded. */

static void
recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  Walk *walk = data;
  FloePoolKeeper *self = walk->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = floe_store_finish (FLOE_STORE (source), result, &error);

  if (changes == NULL)
    {
      if (!g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
        g_warning ("pool %s: what it needs was not recorded: %s", walk->pool, error->message);
      floe_pass_input_free (walk->input);
      end_walk (walk, FAILED_AGAIN);
      return;
    }
  for (guint i = 0; i < changes->len; i++)
    floe_keeper_handle (self->keeper, changes->pdata[i]);
  for (guint i = 0; i < walk->input->steps->len && self->running; i++)
    floe_pool_steps_run (self->revisions, self->hosts, walk->picture,
                         &g_array_index (walk->input->steps, FloeStep, i));
  floe_pass_input_free (walk->input);
  end_walk (walk, 0);
}

/* Planning. */

static FloePlan *
make_plan (FloePoolKeeper *self, const FloePoolPicture *picture, gint64 *until)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (
      floe_date_of (floe_clock_now (self->clock)) / G_USEC_PER_SEC);
  g_autoptr (GArray) places = floe_pool_hosts_list (self->hosts, picture);
  FloePlanInput input = { .pool = picture->pool,
                          .now = floe_clock_now (self->clock),
                          .waiting = picture->waiting,
                          .needs = picture->needs,
                          .stuck = picture->stuck,
                          .counts = picture->counts,
                          .places = places,
                          .revisions = picture->revisions,
                          .images = picture->images,
                          .state = picture->state };

  input.spares = floe_pool_spares_at (picture->pool, local, until);
  return floe_plan_new (&input);
}

static GHashTable *
find_foreign (FloePoolKeeper *self, const FloePoolPicture *picture)
{
  return picture->pool->template != NULL
             ? floe_foreign_names_find (self->foreign, picture->pool, picture->installation)
             : NULL;
}

static void
look_when_due (FloePoolKeeper *self, const FloePoolPicture *picture, gint64 until_date)
{
  gint64 now = floe_clock_now (self->clock);
  const gint64 dues[] = { picture->state->not_before, floe_plan_publish_due (picture->revisions) };
  gint64 due = until_date != 0 ? floe_date_get_time (until_date) : 0;

  for (guint i = 0; i < G_N_ELEMENTS (dues); i++)
    if (dues[i] > now && (due == 0 || dues[i] < due))
      due = dues[i];
  if (due > now && due - now < LOOK_EVERY)
    look_later (self, picture->pool->name, due - now);
}

static void
picture_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Walk *walk = data;
  FloePoolKeeper *self = walk->self;
  Pass *pass = g_hash_table_lookup (self->pools, walk->pool);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePlan) plan = NULL;
  g_autoptr (GHashTable) foreign = NULL;
  g_autofree gchar *note = NULL;
  gint64 until = 0;

  walk->picture = floe_store_finish (FLOE_STORE (source), result, &error);
  if (pass != NULL)
    pass->cost = g_get_monotonic_time () - walk->began;
  if (walk->picture == NULL)
    g_warning ("pool %s cannot be looked at: %s", walk->pool, error->message);
  if (walk->picture == NULL || walk->picture->pool == NULL || !self->running)
    {
      end_walk (walk, 0);
      return;
    }
  plan = make_plan (self, walk->picture, &until);
  look_when_due (self, walk->picture, until);
  foreign = find_foreign (self, walk->picture);
  note = plan->problem != NULL || foreign == NULL ? g_strdup (plan->problem)
                                                  : floe_foreign_names_describe (foreign);
  if (plan->steps->len == 0 && walk->picture->late->len == 0
      && g_strcmp0 (note, walk->picture->state->note) == 0)
    {
      end_walk (walk, 0);
      return;
    }
  walk->input = floe_pass_input_new (walk->pool, floe_clock_now (self->clock));
  for (guint i = 0; i < plan->steps->len; i++)
    floe_pass_input_add (walk->input, &g_array_index (plan->steps, FloeStep, i));
  for (guint i = 0; i < walk->picture->late->len; i++)
    g_ptr_array_add (walk->input->late, g_strdup (walk->picture->late->pdata[i]));
  walk->input->canary = walk->picture->canary;
  walk->input->note = g_steal_pointer (&note);
  walk->input->foreign = g_steal_pointer (&foreign);
  floe_store_write_async (self->store, floe_pass_record, walk->input, NULL,
                          (GDestroyNotify)g_ptr_array_unref, recorded, walk);
}

static void
begin_pass (FloePoolKeeper *self, const gchar *pool, Pass *pass)
{
  Walk *walk = g_new0 (Walk, 1);

  pass->busy = TRUE;
  walk->self = g_object_ref (self);
  walk->pool = g_strdup (pool);
  walk->began = g_get_monotonic_time (); /* what it costs, whatever time the clock tells */
  floe_store_read_async (self->store, floe_pass_read,
                         floe_pass_input_new (pool, floe_clock_now (self->clock)),
                         (GDestroyNotify)floe_pass_input_free,
                         (GDestroyNotify)floe_pool_picture_free, NULL, picture_read, walk);
}

/* When. */

typedef struct
{
  FloePoolKeeper *self;
  gchar *pool;
} Wake;

static void
wake_free (gpointer data)
{
  Wake *wake = data;

  g_free (wake->pool);
  g_free (wake);
}

static gboolean
wake_due (gpointer data)
{
  Wake *wake = data;
  Pass *pass = g_hash_table_lookup (wake->self->pools, wake->pool);

  pass->wake = 0;
  if (pass->busy)
    pass->again = TRUE;
  else if (wake->self->running)
    begin_pass (wake->self, wake->pool, pass);
  return G_SOURCE_REMOVE;
}

/* The earlier of two wishes counts: what changes now does not wait for the end of a back-off. */
static void
look_later (FloePoolKeeper *self, const gchar *pool, gint64 delay)
{
  gint64 at = floe_clock_elapsed (self->clock) + delay;
  Pass *pass = g_hash_table_lookup (self->pools, pool);
  Wake *wake;

  if (pass == NULL)
    {
      pass = g_new0 (Pass, 1);
      g_hash_table_insert (self->pools, g_strdup (pool), pass);
    }
  if (!self->running || (pass->wake != 0 && pass->wake_at <= at))
    return;
  floe_clock_clear_timeout (self->clock, &pass->wake);
  wake = g_new0 (Wake, 1);
  wake->self = self;
  wake->pool = g_strdup (pool);
  pass->wake_at = at;
  pass->wake = floe_clock_add_timeout (self->clock, delay, wake_due, wake, wake_free);
}

/**
 * floe_pool_keeper_look:
 * @pool: the name of a pool in which something changed
 */
void
floe_pool_keeper_look (FloePoolKeeper *self, const gchar *pool)
{
  Pass *pass = g_hash_table_lookup (self->pools, pool);

  if (pass != NULL && pass->busy)
    pass->again = TRUE;
  else
    look_later (self, pool, pass != NULL ? MAX (DEBOUNCE, pass->cost * SHARE) : DEBOUNCE);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloePoolKeeper) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = floe_store_finish (FLOE_STORE (source), result, &error);

  if (names == NULL)
    g_warning ("the pools cannot be listed: %s", error->message);
  for (guint i = 0; names != NULL && i < names->len; i++)
    floe_pool_keeper_look (self, names->pdata[i]);
}

/**
 * floe_pool_keeper_look_at_all:
 *
 * Looks at every pool soon: hosts changed, or definitions of pools.
 */
void
floe_pool_keeper_look_at_all (FloePoolKeeper *self)
{
  if (self->running)
    floe_store_read_async (self->store, floe_pass_list_pools, NULL, NULL,
                           (GDestroyNotify)g_ptr_array_unref, NULL, listed, g_object_ref (self));
}

static gboolean
look_due (gpointer data)
{
  floe_pool_keeper_look_at_all (data);
  return G_SOURCE_CONTINUE;
}

static void
on_desktop_changed (FloeKeeper *keeper, const FloeDesktop *desktop, FloePoolKeeper *self)
{
  floe_pool_keeper_look (self, desktop->pool);
}

/* Those who wait are counted as wanting a desktop. */
static void
on_waits_changed (FloeKeeper *keeper, const gchar *pool, FloePoolKeeper *self)
{
  floe_pool_keeper_look (self, pool);
}

static void
on_revisions_changed (FloeRevisionJobs *jobs, const gchar *pool, FloePoolKeeper *self)
{
  floe_pool_keeper_look (self, pool);
}

static void
on_host_measured (FloeManager *manager, const FloeHostCapacity *capacity, FloePoolKeeper *self)
{
  floe_pool_hosts_measure (self->hosts, capacity);
}

/* What was known of a host that came or went is not true any more. */
static void
on_host_listed (FloeManager *manager, const gchar *name, GPtrArray *domains, FloePoolKeeper *self)
{
  floe_pool_keeper_look_at_all (self);
}

static void
on_host_lost (FloeManager *manager, const gchar *name, const gchar *reason, FloePoolKeeper *self)
{
  floe_pool_hosts_forget (self->hosts, name);
  floe_pool_keeper_look_at_all (self);
}

/**
 * floe_pool_keeper_add_host:
 * @name: a configured host's
 * @starts_at_once: how many desktops may be starting on it at once
 */
void
floe_pool_keeper_add_host (FloePoolKeeper *self, const gchar *name, guint starts_at_once)
{
  floe_pool_hosts_add (self->hosts, name, starts_at_once);
}

/**
 * floe_pool_keeper_start:
 *
 * Begins to keep pools: after the start of the only broker, or when a broker comes to lead.
 */
void
floe_pool_keeper_start (FloePoolKeeper *self)
{
  if (self->running)
    return;
  self->running = TRUE;
  g_signal_connect_object (self->keeper, "desktop-changed", G_CALLBACK (on_desktop_changed), self,
                           0);
  g_signal_connect_object (self->keeper, "pools-changed", G_CALLBACK (floe_pool_keeper_look_at_all),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keeper, "waits-changed", G_CALLBACK (on_waits_changed), self, 0);
  g_signal_connect_object (self->manager, "host-measured", G_CALLBACK (on_host_measured), self, 0);
  g_signal_connect_object (self->manager, "host-listed", G_CALLBACK (on_host_listed), self,
                           G_CONNECT_AFTER);
  g_signal_connect_object (self->manager, "host-lost", G_CALLBACK (on_host_lost), self,
                           G_CONNECT_AFTER);
  self->look = floe_clock_add_timeout (self->clock, LOOK_EVERY, look_due, self, NULL);
  floe_pool_keeper_look_at_all (self);
}

/**
 * floe_pool_keeper_stop:
 *
 * Begins nothing more. What is under way goes on, and is found in the store by whoever keeps the
 * pools next.
 */
void
floe_pool_keeper_stop (FloePoolKeeper *self)
{
  GHashTableIter iter;
  gpointer pass;

  if (!self->running)
    return;
  self->running = FALSE;
  g_signal_handlers_disconnect_by_data (self->keeper, self);
  g_signal_handlers_disconnect_by_data (self->manager, self);
  floe_clock_clear_timeout (self->clock, &self->look);
  g_hash_table_iter_init (&iter, self->pools);
  while (g_hash_table_iter_next (&iter, NULL, &pass))
    floe_clock_clear_timeout (self->clock, &((Pass *)pass)->wake);
}

static void
floe_pool_keeper_finalize (GObject *object)
{
  FloePoolKeeper *self = FLOE_POOL_KEEPER (object);

  floe_pool_keeper_stop (self);
  floe_pool_hosts_free (self->hosts);
  g_hash_table_unref (self->pools);
  g_object_unref (self->revisions);
  g_object_unref (self->foreign);
  g_object_unref (self->store);
  g_object_unref (self->keeper);
  g_object_unref (self->manager);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_pool_keeper_parent_class)->finalize (object);
}

static void
floe_pool_keeper_class_init (FloePoolKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_pool_keeper_finalize;
}

static void
floe_pool_keeper_init (FloePoolKeeper *self)
{
  self->pools = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * floe_pool_keeper_new:
 * @store: where pools and desktops are kept
 * @keeper: who does what is planned for single desktops
 * @clock: the time
 *
 * Returns: (transfer full): a pool keeper that does nothing before floe_pool_keeper_start()
 */
FloePoolKeeper *
floe_pool_keeper_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock)
{
  FloePoolKeeper *self = g_object_new (FLOE_TYPE_POOL_KEEPER, NULL);

  self->store = g_object_ref (store);
  self->keeper = g_object_ref (keeper);
  self->manager = g_object_ref (floe_keeper_get_manager (keeper));
  self->clock = g_object_ref (clock);
  self->hosts = floe_pool_hosts_new (keeper);
  self->revisions = floe_revision_jobs_new (store, self->manager, clock);
  self->foreign = floe_foreign_names_new (self->manager);
  g_signal_connect_object (self->revisions, "changed", G_CALLBACK (on_revisions_changed), self, 0);
  return self;
}
