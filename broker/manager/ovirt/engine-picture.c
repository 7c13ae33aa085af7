/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-picture.h"

#include "manager/ovirt/engine-comment.h"
#include "manager/ovirt/engine-json.h"

/* A guest whose agent never tells anything is not waited for any longer. */
#define HOT_FOR (120 * (gint64)G_USEC_PER_SEC)
/* What was given to somebody was written down by then, however slow the engine is. */
#define GIVEN_AFTER (5 * 60 * (gint64)G_USEC_PER_SEC)

typedef struct
{
  FloeEngineVm *vm;
  gint64 since;  /* of its status, elapsed */
  guint round;   /* of lists, when it was read last */
  guint64 heard; /* number of that moment */
  gint64 asked;  /* microseconds since 1970 UTC */
} Seen;

struct _FloeEnginePicture
{
  GObject parent_instance;

  FloeManager *manager; /* not owned: it owns us */
  gchar *name;
  FloeClock *clock;
  GHashTable *pools; /* id to FloeEnginePool */
  GHashTable *vms;   /* id to Seen */
  gboolean knows_given;
  GHashTable *given;    /* ids of VMs that the service account has to gint64: since when, elapsed */
  GHashTable *stopping; /* ids of VMs to how many calls that stop them have no answer */
  GHashTable *giving;   /* ids of VMs that the engine gave, and that nobody has yet */
  guint round;          /* of lists */
  guint64 moments;      /* at which something was asked for, or heard */
  gboolean up;
  gboolean gap; /* who is connected has to be told anew */
};

static guint vm_signal;
static guint given_signal;

G_DEFINE_FINAL_TYPE (FloeEnginePicture, floe_engine_picture, G_TYPE_OBJECT)

static void
seen_free (gpointer data)
{
  Seen *seen = data;

  floe_engine_vm_free (seen->vm);
  g_free (seen);
}

static const FloeEnginePool *
find_pool_of (FloeEnginePicture *self, const FloeEngineVm *vm)
{
  return vm->pool_id != NULL ? g_hash_table_lookup (self->pools, vm->pool_id) : NULL;
}

/* What is told. */

/* One that somebody's name is on is theirs, even if nobody knows of them any more, as behind a
 * backup: whoever it is asks for it, or an administrator empties its comment. */
static gboolean
was_given (FloeEnginePicture *self, const FloeEngineVm *vm, const FloeEnginePool *pool)
{
  const gint64 *since = g_hash_table_lookup (self->given, vm->id);

  if (since == NULL || !self->knows_given
      || floe_clock_elapsed (self->clock) - *since < GIVEN_AFTER)
    return FALSE;
  return pool == NULL || !pool->manual || vm->mark == NULL;
}

static FloeDomain *
make_domain (FloeEnginePicture *self, const Seen *seen)
{
  const FloeEngineVm *vm = seen->vm;
  const FloeEnginePool *pool = find_pool_of (self, vm);
  FloeDomain *domain = floe_engine_vm_to_domain (vm, self->name, pool != NULL ? pool->name : NULL);

  if (pool != NULL && domain->refusal == NULL)
    domain->refusal = g_strdup (floe_engine_pool_refuse (pool));
  if (pool != NULL)
    floe_engine_pool_fit (pool, domain);
  domain->given = was_given (self, vm, pool);
  domain->asked = seen->asked;
  return domain;
}

static void
tell_peers (FloeEnginePicture *self, const FloeEngineVm *vm)
{
  floe_manager_emit_channels_listed (self->manager, vm->id, (const gchar *const *)vm->peers);
}

/**
 * floe_engine_picture_tell_all:
 *
 * Tells all that there is: each pool was listed.
 */
void
floe_engine_picture_tell_all (FloeEnginePicture *self)
{
  g_autoptr (GPtrArray) domains = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_domain_free);
  g_autoptr (GPtrArray) running = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  self->up = TRUE;
  g_hash_table_iter_init (&iter, self->vms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Seen *seen = value;

      g_ptr_array_add (domains, make_domain (self, seen));
      if (seen->vm->power != FLOE_POWER_OFF)
        g_ptr_array_add (running, seen->vm);
    }
  floe_manager_emit_host_listed (self->manager, self->name, domains);
  for (guint i = 0; self->gap && i < running->len; i++)
    tell_peers (self, running->pdata[i]);
  self->gap = FALSE;
}

/**
 * floe_engine_picture_lose:
 *
 * Nobody knows any more what the VMs do; what they did is remembered.
 */
void
floe_engine_picture_lose (FloeEnginePicture *self, const gchar *reason)
{
  self->up = FALSE;
  self->gap = TRUE;
  g_hash_table_remove_all (self->given);
  floe_manager_emit_host_lost (self->manager, self->name, reason);
}

gboolean
floe_engine_picture_is_up (FloeEnginePicture *self)
{
  return self->up;
}

static gboolean
has_same_peers (const FloeEngineVm *a, const FloeEngineVm *b)
{
  return g_strv_equal ((const gchar *const *)a->peers, (const gchar *const *)b->peers);
}

/**
 * floe_engine_picture_begin:
 *
 * Returns: the moment, of something that is asked for now
 */
FloeEngineMoment
floe_engine_picture_begin (FloeEnginePicture *self)
{
  return (FloeEngineMoment){ ++self->moments, floe_clock_now (self->clock) };
}

static void
tell_new (FloeEnginePicture *self, Seen *seen, FloeEngineVm *vm)
{
  g_autoptr (FloeEngineVm) before = seen->vm;
  g_autoptr (FloeDomain) domain = NULL;
  gboolean other, others;

  seen->vm = vm;
  if (before == NULL || !g_str_equal (before->status, vm->status))
    seen->since = floe_clock_elapsed (self->clock);
  other = before == NULL || !floe_engine_vm_equal (before, vm);
  others = before == NULL ? vm->peers[0] != NULL : !has_same_peers (before, vm);
  if (self->up && other)
    {
      domain = make_domain (self, seen);
      floe_manager_emit_domain_changed (self->manager, domain);
    }
  if (self->up && others)
    tell_peers (self, vm);
  if (other || others)
    g_signal_emit (self, vm_signal, 0, vm);
}

/**
 * floe_engine_picture_take:
 * @vm: (transfer full): as it was just read
 * @begun: when it was asked for
 *
 * Tells what is new of it. What was asked for before the last was heard of it may be from before
 * that: an engine may take long to answer, and a VM that it has just given to somebody was off
 * then.
 *
 * Returns: whether it was heard
 */
gboolean
floe_engine_picture_take (FloeEnginePicture *self, FloeEngineVm *vm, FloeEngineMoment begun)
{
  Seen *seen = g_hash_table_lookup (self->vms, vm->id);
  gboolean heard;

  if (seen == NULL)
    {
      seen = g_new0 (Seen, 1);
      g_hash_table_insert (self->vms, g_strdup (vm->id), seen);
    }
  seen->round = self->round;
  heard = begun.number > seen->heard;
  if (heard)
    {
      seen->heard = ++self->moments;
      seen->asked = begun.at;
      tell_new (self, seen, vm);
    }
  else
    floe_engine_vm_free (vm);
  return heard;
}

/**
 * floe_engine_picture_take_certain:
 * @vm: (transfer full): as it was just read, and asked for when all that was heard meanwhile may be
 *   from before that
 */
void
floe_engine_picture_take_certain (FloeEnginePicture *self, FloeEngineVm *vm)
{
  floe_engine_picture_take (self, vm, floe_engine_picture_begin (self));
}

/**
 * floe_engine_picture_take_list:
 * @vms: (element-type FloeEngineVm): the engine's list of a pool's VMs, which are taken out of it
 * @begun: when it was asked for
 *
 * A pool's name may be a part of another's, or have what the search takes for more than a letter:
 * so only those count that name the pool themselves.
 *
 * Returns: whether all of them were heard
 */
gboolean
floe_engine_picture_take_list (FloeEnginePicture *self, const gchar *pool_id, GPtrArray *vms,
                               FloeEngineMoment begun)
{
  gboolean heard = TRUE;
  gsize n;
  g_autofree gpointer *list = g_ptr_array_steal (vms, &n);

  self->round++;
  for (gsize i = 0; i < n; i++)
    {
      FloeEngineVm *vm = list[i];

      if (g_strcmp0 (vm->pool_id, pool_id) == 0)
        heard &= floe_engine_picture_take (self, vm, begun);
      else
        floe_engine_vm_free (vm);
    }
  return heard;
}

/**
 * floe_engine_picture_list_missing:
 *
 * Returns: (transfer full): the VMs of a pool that its list, which was just taken, left out
 */
GStrv
floe_engine_picture_list_missing (FloeEnginePicture *self, const gchar *pool_id)
{
  g_autoptr (GStrvBuilder) missing = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer id, value;

  g_hash_table_iter_init (&iter, self->vms);
  while (g_hash_table_iter_next (&iter, &id, &value))
    {
      const Seen *seen = value;

      if (g_strcmp0 (seen->vm->pool_id, pool_id) == 0 && seen->round != self->round)
        g_strv_builder_add (missing, id);
    }
  return g_strv_builder_end (missing);
}

static GHashTable *
new_given (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * floe_engine_picture_find_marked:
 * @skipped: (nullable): ids of VMs that are not meant
 *
 * Returns: (nullable): a VM of that pool whose comment says that the service account has it for
 *   @person_id; valid until the main loop turns
 */
const FloeEngineVm *
floe_engine_picture_find_marked (FloeEnginePicture *self, const gchar *pool_id,
                                 const gchar *person_id, const gchar *const *skipped)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->vms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const FloeEngineVm *vm = ((const Seen *)value)->vm;

      if (g_strcmp0 (vm->pool_id, pool_id) == 0 && floe_engine_comment_is_of (vm->mark, person_id)
          && (skipped == NULL || !g_strv_contains (skipped, vm->id)))
        return vm;
    }
  return NULL;
}

/**
 * floe_engine_picture_take_given:
 * @vm_ids: (nullable): the VMs that the engine has given to the service account; %NULL when nobody
 *   knows
 *
 * It is told with the next list of everything.
 */
void
floe_engine_picture_take_given (FloeEnginePicture *self, const gchar *const *vm_ids)
{
  g_autoptr (GHashTable) before = NULL;
  gint64 now = floe_clock_elapsed (self->clock);

  self->knows_given = vm_ids != NULL;
  if (vm_ids == NULL)
    return;
  before = g_steal_pointer (&self->given);
  self->given = new_given ();
  for (guint i = 0; vm_ids[i] != NULL; i++)
    {
      const gint64 *since = g_hash_table_lookup (before, vm_ids[i]);

      g_hash_table_insert (self->given, g_strdup (vm_ids[i]),
                           g_memdup2 (since != NULL ? since : &now, sizeof now));
    }
}

/**
 * floe_engine_picture_remove:
 *
 * The engine said of that one VM that there is none.
 */
void
floe_engine_picture_remove (FloeEnginePicture *self, const gchar *vm_id)
{
  if (g_hash_table_remove (self->vms, vm_id) && self->up)
    floe_manager_emit_domain_gone (self->manager, self->name, vm_id);
}

/**
 * floe_engine_picture_take_pool:
 * @object: what the engine says of one pool
 */
void
floe_engine_picture_take_pool (FloeEnginePicture *self, JsonObject *object)
{
  FloeEnginePool *pool = floe_engine_pool_new (object);

  if (pool != NULL)
    g_hash_table_replace (self->pools, g_strdup (pool->id), pool);
}

/**
 * floe_engine_picture_take_pools:
 * @root: the engine's list of pools
 *
 * One that is not in it any more takes nothing with it: its VMs are asked for one by one.
 */
void
floe_engine_picture_take_pools (FloeEnginePicture *self, JsonObject *root)
{
  JsonArray *list = floe_engine_json_list (root, "vm_pool");
  guint n = floe_engine_json_length (list);

  for (guint i = 0; i < n; i++)
    floe_engine_picture_take_pool (self, floe_engine_json_item (list, i));
}

/* Something that lists will tell the end of, and events may not. */
static gboolean
is_going_on (const Seen *seen, gint64 now)
{
  const FloeEngineVm *vm = seen->vm;

  return now - seen->since < HOT_FOR
         && (vm->power == FLOE_POWER_STARTING || vm->power == FLOE_POWER_STOPPING || vm->restoring
             || (vm->power == FLOE_POWER_ON && !vm->agent));
}

/**
 * floe_engine_picture_list_hot:
 *
 * Returns: (transfer container): ids of the pools in which something goes on; valid until the main
 *   loop turns
 */
GHashTable *
floe_engine_picture_list_hot (FloeEnginePicture *self)
{
  GHashTable *hot = g_hash_table_new (g_str_hash, g_str_equal);
  gint64 now = floe_clock_elapsed (self->clock);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->vms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Seen *seen = value;

      if (seen->vm->pool_id != NULL && is_going_on (seen, now))
        g_hash_table_add (hot, seen->vm->pool_id);
    }
  return hot;
}

/**
 * floe_engine_picture_list_pools:
 *
 * Returns: (transfer container) (element-type FloeEnginePool): all of them; valid until the main
 *   loop turns
 */
GPtrArray *
floe_engine_picture_list_pools (FloeEnginePicture *self)
{
  GPtrArray *pools = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer pool;

  g_hash_table_iter_init (&iter, self->pools);
  while (g_hash_table_iter_next (&iter, NULL, &pool))
    g_ptr_array_add (pools, pool);
  return pools;
}

/**
 * floe_engine_picture_find_pool:
 *
 * Returns: (transfer none) (nullable): the pool of that name; valid until the main loop turns
 */
const FloeEnginePool *
floe_engine_picture_find_pool (FloeEnginePicture *self, const gchar *name)
{
  GHashTableIter iter;
  gpointer pool;

  g_hash_table_iter_init (&iter, self->pools);
  while (g_hash_table_iter_next (&iter, NULL, &pool))
    if (g_str_equal (((FloeEnginePool *)pool)->name, name))
      return pool;
  return NULL;
}

/**
 * floe_engine_picture_find_vm:
 *
 * Returns: (transfer none) (nullable): what is known of it; valid until the main loop turns
 */
const FloeEngineVm *
floe_engine_picture_find_vm (FloeEnginePicture *self, const gchar *vm_id)
{
  const Seen *seen = g_hash_table_lookup (self->vms, vm_id);

  return seen != NULL ? seen->vm : NULL;
}

/**
 * floe_engine_picture_find_pool_of:
 *
 * Returns: (transfer none) (nullable): the pool of a VM; valid until the main loop turns
 */
const FloeEnginePool *
floe_engine_picture_find_pool_of (FloeEnginePicture *self, const gchar *vm_id)
{
  const FloeEngineVm *vm = floe_engine_picture_find_vm (self, vm_id);

  return vm != NULL ? find_pool_of (self, vm) : NULL;
}

/* What changes hands. */

static void
count_stop (FloeEnginePicture *self, const gchar *vm_id, gint more)
{
  gint n = GPOINTER_TO_INT (g_hash_table_lookup (self->stopping, vm_id)) + more;

  if (n > 0)
    g_hash_table_insert (self->stopping, g_strdup (vm_id), GINT_TO_POINTER (n));
  else
    g_hash_table_remove (self->stopping, vm_id);
}

void
floe_engine_picture_begin_stop (FloeEnginePicture *self, const gchar *vm_id)
{
  count_stop (self, vm_id, 1);
}

void
floe_engine_picture_end_stop (FloeEnginePicture *self, const gchar *vm_id)
{
  count_stop (self, vm_id, -1);
}

/**
 * floe_engine_picture_is_stopping:
 *
 * Returns: whether a call that stops it has no answer yet, so that the engine may do it at any time
 */
gboolean
floe_engine_picture_is_stopping (FloeEnginePicture *self, const gchar *vm_id)
{
  return g_hash_table_contains (self->stopping, vm_id);
}

/**
 * floe_engine_picture_begin_giving:
 *
 * The engine gave a VM to somebody: whoever wanted to see it off has seen enough, since it was, and
 * is to stop nothing any more.
 */
void
floe_engine_picture_begin_giving (FloeEnginePicture *self, const gchar *vm_id)
{
  g_hash_table_add (self->giving, g_strdup (vm_id));
  g_signal_emit (self, given_signal, 0, vm_id);
}

void
floe_engine_picture_end_giving (FloeEnginePicture *self, const gchar *vm_id)
{
  g_hash_table_remove (self->giving, vm_id);
}

gboolean
floe_engine_picture_is_giving (FloeEnginePicture *self, const gchar *vm_id)
{
  return g_hash_table_contains (self->giving, vm_id);
}

static void
floe_engine_picture_finalize (GObject *object)
{
  FloeEnginePicture *self = FLOE_ENGINE_PICTURE (object);

  g_hash_table_unref (self->pools);
  g_hash_table_unref (self->vms);
  g_hash_table_unref (self->given);
  g_hash_table_unref (self->stopping);
  g_hash_table_unref (self->giving);
  g_free (self->name);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_engine_picture_parent_class)->finalize (object);
}

static void
floe_engine_picture_class_init (FloeEnginePictureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_engine_picture_finalize;
  vm_signal = g_signal_new ("vm", FLOE_TYPE_ENGINE_PICTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                            G_TYPE_NONE, 1, G_TYPE_POINTER);
  given_signal = g_signal_new ("given", FLOE_TYPE_ENGINE_PICTURE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
floe_engine_picture_init (FloeEnginePicture *self)
{
  self->pools = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)floe_engine_pool_free);
  self->vms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, seen_free);
  self->given = new_given ();
  self->stopping = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->giving = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->gap = TRUE;
}

/**
 * floe_engine_picture_new:
 * @manager: whose signals are emitted; it outlives the picture
 *
 * Returns: (transfer full): nothing is known yet
 */
FloeEnginePicture *
floe_engine_picture_new (FloeManager *manager, const gchar *name, FloeClock *clock)
{
  FloeEnginePicture *self = g_object_new (FLOE_TYPE_ENGINE_PICTURE, NULL);

  self->manager = manager;
  self->name = g_strdup (name);
  self->clock = g_object_ref (clock);
  return self;
}
