/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/waiters.h"

#include <string.h>

struct _FloeWaiters
{
  GHashTable *by_request; /* request id to FloeWaiter, which it owns */
  GHashTable *by_desktop; /* desktop id to a GPtrArray of them */
  GHashTable *by_login;   /* log-in id to a GPtrArray of them */
};

static void
waiter_free (gpointer data)
{
  FloeWaiter *waiter = data;

  g_object_unref (waiter->request);
  g_free (waiter->desktop_id);
  g_free (waiter);
}

FloeWaiters *
floe_waiters_new (void)
{
  FloeWaiters *self = g_new0 (FloeWaiters, 1);
  GDestroyNotify free_list = (GDestroyNotify)g_ptr_array_unref;

  self->by_request = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, waiter_free);
  self->by_desktop = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_list);
  self->by_login = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_list);
  return self;
}

void
floe_waiters_free (FloeWaiters *self)
{
  g_hash_table_unref (self->by_desktop);
  g_hash_table_unref (self->by_login);
  g_hash_table_unref (self->by_request);
  g_free (self);
}

static void
index_add (GHashTable *index, const gchar *key, FloeWaiter *waiter)
{
  GPtrArray *list = g_hash_table_lookup (index, key);

  if (list == NULL)
    {
      list = g_ptr_array_new ();
      g_hash_table_insert (index, g_strdup (key), list);
    }
  g_ptr_array_add (list, waiter);
}

static void
index_remove (GHashTable *index, const gchar *key, FloeWaiter *waiter)
{
  GPtrArray *list = key != NULL ? g_hash_table_lookup (index, key) : NULL;

  if (list != NULL && g_ptr_array_remove_fast (list, waiter) && list->len == 0)
    g_hash_table_remove (index, key);
}

static const gchar *
login_of (const FloeWaiter *waiter)
{
  return floe_connect_request_get_identity (waiter->request)->login_id;
}

/**
 * floe_waiters_add:
 *
 * Returns: (transfer none): the one who waits by @request, who has no desktop yet
 */
FloeWaiter *
floe_waiters_add (FloeWaiters *self, FloeConnectRequest *request, gint64 began)
{
  FloeWaiter *waiter = g_new0 (FloeWaiter, 1);

  waiter->request = g_object_ref (request);
  waiter->began = began;
  waiter->since = -1;
  g_hash_table_insert (self->by_request, (gpointer)floe_connect_request_get_id (request), waiter);
  index_add (self->by_login, login_of (waiter), waiter);
  return waiter;
}

/**
 * floe_waiters_give:
 * @desktop: (nullable): what they wait for from now on; %NULL for whatever becomes free
 * @now: elapsed microseconds
 */
void
floe_waiters_give (FloeWaiters *self, FloeWaiter *waiter, const FloeDesktop *desktop, gint64 now)
{
  index_remove (self->by_desktop, waiter->desktop_id, waiter);
  g_free (waiter->desktop_id);
  waiter->desktop_id = g_strdup (desktop != NULL ? desktop->id : NULL);
  waiter->given = now;
  waiter->since = -1;
  if (desktop != NULL)
    index_add (self->by_desktop, desktop->id, waiter);
  floe_connect_request_set_desktop (waiter->request, waiter->desktop_id,
                                    desktop != NULL ? desktop->name : NULL);
}

/**
 * floe_waiters_find:
 *
 * Returns: (transfer none) (nullable): who waits by that request
 */
FloeWaiter *
floe_waiters_find (FloeWaiters *self, const gchar *request_id)
{
  return g_hash_table_lookup (self->by_request, request_id);
}

/**
 * floe_waiters_find_open:
 * @desktop_id: (nullable): %NULL for one who has none yet
 *
 * Returns: (transfer none) (nullable): who waits by that log-in for that desktop
 */
FloeWaiter *
floe_waiters_find_open (FloeWaiters *self, const gchar *login_id, const gchar *pool,
                        const gchar *desktop_id)
{
  GPtrArray *list = g_hash_table_lookup (self->by_login, login_id);

  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      FloeWaiter *waiter = list->pdata[i];

      if (!floe_connect_request_is_over (waiter->request)
          && g_strcmp0 (waiter->desktop_id, desktop_id) == 0
          && strcmp (floe_connect_request_get_pool (waiter->request), pool) == 0)
        return waiter;
    }
  return NULL;
}

/**
 * floe_waiters_list:
 * @desktop_id: (nullable): only those who wait for this one
 *
 * Returns: (transfer container) (element-type FloeWaiter): as they are now
 */
GPtrArray *
floe_waiters_list (FloeWaiters *self, const gchar *desktop_id)
{
  GPtrArray *list = desktop_id != NULL ? g_hash_table_lookup (self->by_desktop, desktop_id) : NULL;
  GPtrArray *all;
  GHashTableIter iter;
  gpointer waiter;

  if (list != NULL)
    return g_ptr_array_copy (list, NULL, NULL);
  all = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->by_request);
  while (desktop_id == NULL && g_hash_table_iter_next (&iter, NULL, &waiter))
    g_ptr_array_add (all, waiter);
  return all;
}

void
floe_waiters_remove (FloeWaiters *self, FloeWaiter *waiter)
{
  index_remove (self->by_desktop, waiter->desktop_id, waiter);
  index_remove (self->by_login, login_of (waiter), waiter);
  g_hash_table_remove (self->by_request, floe_connect_request_get_id (waiter->request));
}
