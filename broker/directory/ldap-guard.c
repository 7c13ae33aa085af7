/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-guard.h"

#include <sys/socket.h>

typedef struct
{
  gint fd;
  gint64 until;
  gboolean fired;
} Watch;

struct _FloeLdapGuard
{
  GThread *thread;
  GMutex lock; /* guards what follows; held during the shutdown, so that no other file gets hit */
  GCond wake;
  GArray *watches;
  gint64 next; /* when the thread wakes by itself */
  gboolean closing;
};

static gint64
fire_due (FloeLdapGuard *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->watches->len; i++)
    {
      Watch *watch = &g_array_index (self->watches, Watch, i);

      if (watch->fired)
        continue;
      if (watch->until > now)
        {
          next = MIN (next, watch->until);
          continue;
        }
      shutdown (watch->fd, SHUT_RDWR);
      watch->fired = TRUE;
    }
  return next;
}

static gpointer
guard_main (gpointer data)
{
  FloeLdapGuard *self = data;

  g_mutex_lock (&self->lock);
  while (!self->closing)
    {
      self->next = fire_due (self);
      if (self->next == G_MAXINT64)
        g_cond_wait (&self->wake, &self->lock);
      else
        g_cond_wait_until (&self->wake, &self->lock, self->next);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

/**
 * floe_ldap_guard_new:
 *
 * Returns: (transfer full): a guard with its thread
 */
FloeLdapGuard *
floe_ldap_guard_new (void)
{
  FloeLdapGuard *self = g_new0 (FloeLdapGuard, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  self->watches = g_array_new (FALSE, FALSE, sizeof (Watch));
  self->next = G_MAXINT64;
  self->thread = g_thread_new ("floe-ldap-guard", guard_main, self);
  return self;
}

void
floe_ldap_guard_free (FloeLdapGuard *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->closing = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  g_array_unref (self->watches);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);
  g_free (self);
}

/**
 * floe_ldap_guard_arm:
 * @self: the guard
 * @fd: a connected socket that stays open until floe_ldap_guard_disarm()
 * @until: monotonic time at which it is shut down
 */
void
floe_ldap_guard_arm (FloeLdapGuard *self, gint fd, gint64 until)
{
  Watch watch = { fd, until, FALSE };

  g_mutex_lock (&self->lock);
  g_array_append_val (self->watches, watch);
  /* While the thread wakes early enough anyway it is left alone: an arm costs no system call. */
  if (until < self->next)
    g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

/**
 * floe_ldap_guard_disarm:
 *
 * Returns: whether @fd was in time; %FALSE when it has been shut down
 */
gboolean
floe_ldap_guard_disarm (FloeLdapGuard *self, gint fd)
{
  gboolean in_time = TRUE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->watches->len; i++)
    {
      Watch *watch = &g_array_index (self->watches, Watch, i);

      if (watch->fd != fd)
        continue;
      in_time = !watch->fired;
      g_array_remove_index_fast (self->watches, i);
      break;
    }
  g_mutex_unlock (&self->lock);
  return in_time;
}
