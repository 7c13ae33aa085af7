/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sim-book.h"

#include <string.h>

#include "sim-world.h"

/* The port's own functions, and the book that listens to them; there is one simulation. */
static FloeTxInterface real;
static SimBook *listener;

static void
entry_clear (gpointer data)
{
  SimEntry *entry = data;

  switch (entry->what)
    {
    case SIM_WROTE_DESKTOP:
      floe_desktop_free (entry->value);
      break;
    case SIM_WROTE_POOL:
      floe_pool_free (entry->value);
      break;
    case SIM_WROTE_USER:
      floe_user_free (entry->value);
      break;
    case SIM_WROTE_AUDIT:
      floe_audit_free (entry->value);
      break;
    case SIM_WROTE_TIMER:
      floe_timer_free (entry->value);
      break;
    case SIM_WROTE_WAIT:
      floe_wait_free (entry->value);
      break;
    case SIM_WROTE_STATE:
      floe_pool_state_free (entry->value);
      break;
    case SIM_WROTE_DISK:
      floe_data_disk_free (entry->value);
      break;
    default:
      g_free (entry->value);
    }
  g_free (entry->second);
}

static void
note (SimWrote what, gpointer value, const gchar *second)
{
  SimEntry entry = { what, value, g_strdup (second) };

  g_array_append_val (listener->journal, entry);
}

static gboolean
put_desktop (FloeTx *tx, const FloeDesktop *desktop, GError **error)
{
  note (SIM_WROTE_DESKTOP, floe_desktop_copy (desktop), NULL);
  return real.put_desktop (tx, desktop, error);
}

static gboolean
delete_desktop (FloeTx *tx, const gchar *id, GError **error)
{
  note (SIM_WROTE_DESKTOP_AWAY, g_strdup (id), NULL);
  return real.delete_desktop (tx, id, error);
}

static gboolean
put_pool (FloeTx *tx, const FloePool *pool, GError **error)
{
  note (SIM_WROTE_POOL, floe_pool_copy (pool), NULL);
  return real.put_pool (tx, pool, error);
}

static gboolean
delete_pool (FloeTx *tx, const gchar *name, GError **error)
{
  note (SIM_WROTE_POOL_AWAY, g_strdup (name), NULL);
  return real.delete_pool (tx, name, error);
}

static gboolean
put_user (FloeTx *tx, const FloeUser *user, gint64 now, GError **error)
{
  note (SIM_WROTE_USER, floe_user_copy (user), NULL);
  return real.put_user (tx, user, now, error);
}

static gboolean
put_audit (FloeTx *tx, const FloeAudit *row, GError **error)
{
  FloeAudit *copy = floe_audit_new (row->at, row->action, row->object, row->outcome);

  g_free (copy->actor);
  copy->actor = g_strdup (row->actor);
  copy->detail = g_strdup (row->detail);
  note (SIM_WROTE_AUDIT, copy, NULL);
  return real.put_audit (tx, row, error);
}

static gboolean
put_timer (FloeTx *tx, const FloeTimer *timer, GError **error)
{
  note (SIM_WROTE_TIMER, floe_timer_new (timer->kind, timer->subject, timer->due), NULL);
  return real.put_timer (tx, timer, error);
}

static gboolean
delete_timer (FloeTx *tx, const gchar *kind, const gchar *subject, GError **error)
{
  note (SIM_WROTE_TIMER_AWAY, g_strdup (kind), subject);
  return real.delete_timer (tx, kind, subject, error);
}

static gboolean
take_timer (FloeTx *tx, const gchar *kind, const gchar *subject, gint64 due_before, gboolean *taken,
            GError **error)
{
  gboolean done = real.take_timer (tx, kind, subject, due_before, taken, error);

  if (done && *taken)
    note (SIM_WROTE_TIMER_AWAY, g_strdup (kind), subject);
  return done;
}

static gboolean
put_wait (FloeTx *tx, const FloeWait *wait, GError **error)
{
  note (SIM_WROTE_WAIT, floe_wait_copy (wait), NULL);
  return real.put_wait (tx, wait, error);
}

static gboolean
delete_wait (FloeTx *tx, const gchar *pool, const gchar *user_id, GError **error)
{
  note (SIM_WROTE_WAIT_AWAY, g_strdup (pool), user_id);
  return real.delete_wait (tx, pool, user_id, error);
}

static gboolean
put_pool_state (FloeTx *tx, const FloePoolState *state, GError **error)
{
  FloePoolState *copy = floe_pool_state_new (state->pool);

  copy->failures = state->failures;
  copy->not_before = state->not_before;
  note (SIM_WROTE_STATE, copy, NULL);
  return real.put_pool_state (tx, state, error);
}

/* A canary none of whose clones ever becomes ready is never for all. */
static gboolean
put_revision (FloeTx *tx, const FloeRevision *revision, GError **error)
{
  g_autofree gchar *key = g_strdup_printf ("%s %u", revision->pool, revision->number);
  g_autoptr (FloeRevision) before =
      floe_tx_get_revision (tx, revision->pool, revision->number, NULL);

  if (before != NULL && before->state == FLOE_REVISION_CANARY
      && revision->state == FLOE_REVISION_CURRENT
      && g_hash_table_contains (listener->sim->world->bad_revisions, key))
    sim_violation (listener->sim, "canary",
                   "revision %u of pool %s is good for nothing, and current", revision->number,
                   revision->pool);
  return real.put_revision (tx, revision, error);
}

static gboolean
put_disk (FloeTx *tx, const FloeDataDisk *disk, GError **error)
{
  FloeDataDisk *copy = floe_data_disk_new (disk->pool, disk->user_id, disk->volume);

  copy->host = g_strdup (disk->host);
  copy->made = disk->made;
  note (SIM_WROTE_DISK, copy, NULL);
  return real.put_disk (tx, disk, error);
}

/* Hears of each row that is written from now on. */
void
sim_book_spy_on (SimBook *self, FloeTx *tx)
{
  FloeTxInterface *iface = FLOE_TX_GET_IFACE (tx);

  listener = self;
  real = *iface;
  iface->put_desktop = put_desktop;
  iface->delete_desktop = delete_desktop;
  iface->put_pool = put_pool;
  iface->delete_pool = delete_pool;
  iface->put_user = put_user;
  iface->put_audit = put_audit;
  iface->put_timer = put_timer;
  iface->delete_timer = delete_timer;
  iface->take_timer = take_timer;
  iface->put_wait = put_wait;
  iface->delete_wait = delete_wait;
  iface->put_pool_state = put_pool_state;
  iface->put_revision = put_revision;
  iface->put_disk = put_disk;
}

SimBook *
sim_book_new (Sim *sim)
{
  SimBook *self = g_new0 (SimBook, 1);

  self->sim = sim;
  self->journal = g_array_new (FALSE, FALSE, sizeof (SimEntry));
  g_array_set_clear_func (self->journal, entry_clear);
  self->desktops =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)floe_desktop_free);
  self->pools =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)floe_pool_free);
  self->users =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)floe_user_free);
  self->timers =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_timer_free);
  self->waits =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_wait_free);
  self->disks =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_data_disk_free);
  self->states =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)floe_pool_state_free);
  self->intents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->wrong_since = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
sim_book_free (SimBook *self)
{
  g_array_unref (self->journal);
  g_hash_table_unref (self->desktops);
  g_hash_table_unref (self->pools);
  g_hash_table_unref (self->users);
  g_hash_table_unref (self->timers);
  g_hash_table_unref (self->waits);
  g_hash_table_unref (self->disks);
  g_hash_table_unref (self->states);
  g_hash_table_unref (self->intents);
  g_hash_table_unref (self->wrong_since);
  g_free (self);
}

void
sim_book_begin (SimBook *self)
{
  self->in_tx = TRUE;
  g_array_set_size (self->journal, 0);
}

void
sim_book_undo (SimBook *self)
{
  self->in_tx = FALSE;
  g_array_set_size (self->journal, 0);
}

static gboolean
is_of_pool (gpointer key, gpointer value, gpointer pool)
{
  return strcmp (((const FloeDesktop *)value)->pool, pool) == 0;
}

/* Each desktop as it is at the end of the transaction, once, with how it was before. */
static void
take_desktops (SimBook *self, GPtrArray *changed)
{
  for (guint i = self->journal->len; i > 0; i--)
    {
      SimEntry *entry = &g_array_index (self->journal, SimEntry, i - 1);
      FloeDesktop *after = entry->value;
      gboolean known = FALSE;

      if (entry->what != SIM_WROTE_DESKTOP)
        continue;
      for (guint k = 0; !known && k < changed->len; k++)
        known = strcmp (((FloeDesktop *)changed->pdata[k])->id, after->id) == 0;
      if (known)
        continue;
      /* The store says itself that it is lent when there is a lease. */
      after->facts.lease = after->lease != NULL ? FLOE_LEASE_HELD : FLOE_LEASE_NONE;
      g_ptr_array_add (changed, after);
      sim_rules_check (self, g_hash_table_lookup (self->desktops, after->id), after);
      g_hash_table_replace (self->desktops, after->id, after);
      entry->value = NULL;
      entry->what = SIM_WROTE_DESKTOP_AWAY; /* only so that it is not freed as a desktop */
    }
}

/* Who has a place keeps it. */
static void
put_place (SimBook *self, FloeWait *wait)
{
  g_autofree gchar *key = g_strdup_printf ("%s %s", wait->pool, wait->user_id);
  const FloeWait *before = g_hash_table_lookup (self->waits, key);

  if (before != NULL)
    wait->since = before->since;
  g_hash_table_replace (self->waits, g_steal_pointer (&key), wait);
}

static void
apply (SimBook *self, SimEntry *entry)
{
  gpointer value = entry->value;

  switch (entry->what)
    {
    case SIM_WROTE_POOL:
      g_hash_table_replace (self->pools, ((FloePool *)value)->name, value);
      break;
    case SIM_WROTE_POOL_AWAY:
      g_hash_table_remove (self->pools, value);
      g_hash_table_foreach_remove (self->desktops, is_of_pool, value);
      return;
    case SIM_WROTE_USER:
      g_hash_table_replace (self->users, ((FloeUser *)value)->id, value);
      break;
    case SIM_WROTE_AUDIT:
      sim_rules_check_audit (self, value);
      return;
    case SIM_WROTE_TIMER:
      g_hash_table_replace (
          self->timers,
          g_strdup_printf ("%s %s", ((FloeTimer *)value)->kind, ((FloeTimer *)value)->subject),
          value);
      break;
    case SIM_WROTE_TIMER_AWAY:
      {
        g_autofree gchar *key = g_strdup_printf ("%s %s", (gchar *)value, entry->second);

        g_hash_table_remove (self->timers, key);
        return;
      }
    case SIM_WROTE_WAIT:
      put_place (self, value);
      break;
    case SIM_WROTE_WAIT_AWAY:
      {
        g_autofree gchar *key = g_strdup_printf ("%s %s", (gchar *)value, entry->second);

        g_hash_table_remove (self->waits, key);
        return;
      }
    case SIM_WROTE_DISK:
      {
        const FloeDataDisk *disk = value;

        g_hash_table_replace (self->disks, g_strdup_printf ("%s %s", disk->pool, disk->user_id),
                              value);
        break;
      }
    case SIM_WROTE_STATE:
      g_hash_table_replace (self->states, ((FloePoolState *)value)->pool, value);
      break;
    default:
      return;
    }
  entry->value = NULL;
  entry->what = SIM_WROTE_DESKTOP_AWAY;
}

void
sim_book_commit (SimBook *self)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new ();
  g_autoptr (GPtrArray) gone = g_ptr_array_new ();

  self->in_tx = FALSE;
  if (self->journal->len == 0)
    return;
  for (guint i = 0; i < self->journal->len; i++)
    {
      SimEntry *entry = &g_array_index (self->journal, SimEntry, i);

      if (entry->what == SIM_WROTE_DESKTOP_AWAY)
        g_ptr_array_add (gone, entry->value);
      else if (entry->what == SIM_WROTE_USER || entry->what == SIM_WROTE_POOL)
        apply (self, entry);
    }
  take_desktops (self, changed);
  for (guint i = 0; i < self->journal->len; i++)
    apply (self, &g_array_index (self->journal, SimEntry, i));
  sim_rules_check_end (self, changed);
  for (guint i = 0; i < gone->len; i++)
    if (gone->pdata[i] != NULL)
      g_hash_table_remove (self->desktops, gone->pdata[i]);
  g_array_set_size (self->journal, 0);
}

/* Questions. */

const FloeDesktop *
sim_book_find (SimBook *self, const gchar *id)
{
  return g_hash_table_lookup (self->desktops, id);
}

FloePool *
sim_book_find_pool (SimBook *self, const gchar *name)
{
  return g_hash_table_lookup (self->pools, name);
}

/* The only host whose desktops of that pool are any use to somebody; NULL for any. */
const gchar *
sim_book_find_data_host (SimBook *self, const gchar *pool, const gchar *user)
{
  g_autofree gchar *key = g_strdup_printf ("%s %s", pool, user);
  const FloePool *of = g_hash_table_lookup (self->pools, pool);
  const FloeDataDisk *disk = g_hash_table_lookup (self->disks, key);

  return of != NULL && floe_pool_binds_data (of) && disk != NULL && disk->made ? disk->host : NULL;
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(FloeDesktop *const *)a)->id, (*(FloeDesktop *const *)b)->id);
}

GPtrArray *
sim_book_list (SimBook *self)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer desktop;

  g_hash_table_iter_init (&iter, self->desktops);
  while (g_hash_table_iter_next (&iter, NULL, &desktop))
    g_ptr_array_add (list, desktop);
  g_ptr_array_sort (list, compare_ids);
  return list;
}

guint
sim_book_count_held (SimBook *self)
{
  GHashTableIter iter;
  gpointer desktop;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->desktops);
  while (g_hash_table_iter_next (&iter, NULL, &desktop))
    n += ((FloeDesktop *)desktop)->lease != NULL;
  return n;
}

/* By chance; NULL when there is none. */
const FloeDesktop *
sim_book_pick (SimBook *self, gboolean held)
{
  g_autoptr (GPtrArray) list = sim_book_list (self);
  guint first = sim_below (self->sim, list->len);

  for (guint i = 0; i < list->len; i++)
    {
      const FloeDesktop *desktop = list->pdata[(first + i) % list->len];

      if ((desktop->lease != NULL) == held)
        return desktop;
    }
  return NULL;
}
