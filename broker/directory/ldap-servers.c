/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-servers.h"

typedef struct
{
  gchar *uri;
  gboolean down;
  gboolean trying;   /* somebody is finding out whether it is up again */
  gboolean held;     /* by nobody who is in a hurry */
  gint64 hold_until; /* nobody asks it before */
  gint64 probe_at;
  gint64 heard_at; /* when it last answered, or somebody went to see whether it does */
  gint64 backoff;
} Server;

struct _FloeLdapServers
{
  gint64 (*now) (void);
  gint reached; /* atomic: whether the last caller found a server */

  GMutex lock; /* guards what follows */
  GCond changed;
  guint n;
  Server *servers;
};

/* How often a caller that waits for another one's trial looks whether it is still wanted itself. */
#define WAIT_SLICE (G_USEC_PER_SEC / 4)

/**
 * floe_ldap_servers_new:
 * @uris: (array zero-terminated=1): in the order of preference
 * @now: (nullable): the monotonic clock, in microseconds; g_get_monotonic_time() when %NULL
 *
 * Returns: (transfer full): servers that are all taken to be up
 */
FloeLdapServers *
floe_ldap_servers_new (const gchar *const *uris, gint64 (*now) (void))
{
  FloeLdapServers *self = g_new0 (FloeLdapServers, 1);

  self->now = now != NULL ? now : g_get_monotonic_time;
  self->reached = TRUE;
  self->n = g_strv_length ((gchar **)uris);
  self->servers = g_new0 (Server, self->n);
  for (guint i = 0; i < self->n; i++)
    self->servers[i] = (Server){ .uri = g_strdup (uris[i]), .heard_at = self->now () };
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return self;
}

void
floe_ldap_servers_free (FloeLdapServers *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n; i++)
    g_free (self->servers[i].uri);
  g_free (self->servers);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

static gint
find_up (FloeLdapServers *self, guint tried)
{
  for (guint i = 0; i < self->n; i++)
    if ((tried & (1u << i)) == 0 && !self->servers[i].down)
      return (gint)i;
  return -1;
}

/* The first that nobody tries already; @others tells whether somebody tries one. */
static gint
find_trial (FloeLdapServers *self, guint tried, gboolean *others)
{
  *others = FALSE;
  for (guint i = 0; i < self->n; i++)
    {
      Server *server = &self->servers[i];

      if ((tried & (1u << i)) != 0 || server->held)
        continue;
      if (!server->trying)
        return (gint)i;
      *others = TRUE;
    }
  return -1;
}

/**
 * floe_ldap_servers_pick:
 * @self: the servers
 * @tried: a bit for each server that the caller found dead already
 * @until: monotonic time at which the caller gives up
 * @cancellable: (nullable): ends the waiting
 *
 * Picks the server to ask: the first that is up. When none is, the first that may be tried; where
 * somebody else does that already, waits for what comes of it.
 *
 * Returns: its index, to be given to one of floe_ldap_servers_reached(), floe_ldap_servers_failed()
 *   and floe_ldap_servers_release(); -1 when there is none to ask
 */
gint
floe_ldap_servers_pick (FloeLdapServers *self, guint tried, gint64 until, GCancellable *cancellable)
{
  gboolean others;
  gint found;

  g_mutex_lock (&self->lock);
  for (;;)
    {
      found = find_up (self, tried);
      if (found >= 0)
        break;
      found = find_trial (self, tried, &others);
      if (found >= 0)
        {
          self->servers[found].trying = TRUE;
          break;
        }
      if (!others || g_get_monotonic_time () >= until || g_cancellable_is_cancelled (cancellable))
        break;
      g_cond_wait_until (&self->changed, &self->lock,
                         MIN (until, g_get_monotonic_time () + WAIT_SLICE));
    }
  g_mutex_unlock (&self->lock);
  if (found < 0)
    g_atomic_int_set (&self->reached, FALSE);
  return found;
}

/**
 * floe_ldap_servers_count_up:
 * @tried: a bit for each server that does not count
 *
 * Returns: how many others are not known to be down
 */
guint
floe_ldap_servers_count_up (FloeLdapServers *self, guint tried)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->n; i++)
    n += (tried & (1u << i)) == 0 && !self->servers[i].down ? 1 : 0;
  g_mutex_unlock (&self->lock);
  return n;
}

/**
 * floe_ldap_servers_reached:
 *
 * Notes that @server answered, whatever it said.
 */
void
floe_ldap_servers_reached (FloeLdapServers *self, guint server)
{
  Server *one = &self->servers[server];
  gboolean was_down;

  g_mutex_lock (&self->lock);
  was_down = one->down;
  one->down = FALSE;
  one->held = FALSE;
  one->heard_at = self->now ();
  one->hold_until = 0;
  one->backoff = 0;
  if (one->trying)
    {
      one->trying = FALSE;
      g_cond_broadcast (&self->changed);
    }
  g_mutex_unlock (&self->lock);
  g_atomic_int_set (&self->reached, TRUE);
  if (was_down)
    g_info ("directory server %s answers again", one->uri);
}

/**
 * floe_ldap_servers_failed:
 * @self: the servers
 * @server: which one
 * @hold: microseconds in which nobody shall ask it, even when there is no other, and after which it
 *   is asked in the background first; 0 where it is known at once what comes of asking
 * @text: why, for the log
 *
 * Notes that @server could not be used.
 */
void
floe_ldap_servers_failed (FloeLdapServers *self, guint server, gint64 hold, const gchar *text)
{
  Server *one = &self->servers[server];
  gint64 now = self->now ();
  gboolean was_up, none_up;

  g_mutex_lock (&self->lock);
  was_up = !one->down;
  one->down = TRUE;
  one->trying = FALSE;
  one->held = hold > 0;
  one->hold_until = now + hold;
  one->backoff =
      one->backoff == 0 ? FLOE_LDAP_FIRST_PROBE : MIN (one->backoff * 2, FLOE_LDAP_LAST_PROBE);
  one->probe_at = now + one->backoff;
  none_up = find_up (self, 0) < 0;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (none_up)
    g_atomic_int_set (&self->reached, FALSE);
  if (was_up)
    g_warning ("directory server %s cannot be used: %s", one->uri, text);
}

/**
 * floe_ldap_servers_release:
 *
 * Gives a picked server back without having learnt anything about it.
 */
void
floe_ldap_servers_release (FloeLdapServers *self, guint server)
{
  g_mutex_lock (&self->lock);
  self->servers[server].trying = FALSE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* Where no server is up, callers find out themselves about those that are not held. */
static gboolean
is_due (FloeLdapServers *self, guint i, gint64 now)
{
  const Server *server = &self->servers[i];
  gboolean other = find_up (self, 1u << i) >= 0;

  if (!server->down)
    return other && now - server->heard_at >= FLOE_LDAP_UNHEARD;
  if (server->trying || now < server->hold_until)
    return FALSE;
  return other ? now >= server->probe_at : server->held;
}

/**
 * floe_ldap_servers_take_probe:
 *
 * A server that is down is due from time to time, and so is one that nobody has asked for a minute,
 * since others are asked first: else nobody knew that it is dead before the last of them is, too.
 *
 * Returns: a server to be tried in the background, to be given back as with
 *   floe_ldap_servers_pick(); -1 when there is none
 */
gint
floe_ldap_servers_take_probe (FloeLdapServers *self)
{
  gint found = -1;
  gint64 now;

  g_mutex_lock (&self->lock);
  now = self->now ();
  for (guint i = 0; i < self->n && found < 0; i++)
    if (is_due (self, i, now))
      found = (gint)i;
  if (found >= 0 && self->servers[found].down)
    self->servers[found].trying = TRUE;
  if (found >= 0)
    self->servers[found].heard_at = now;
  g_mutex_unlock (&self->lock);
  return found;
}

/**
 * floe_ldap_servers_need_probes:
 *
 * Returns: whether no server is up, and one will be only when the background has found out
 */
gboolean
floe_ldap_servers_need_probes (FloeLdapServers *self)
{
  gboolean held = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->n; i++)
    held |= self->servers[i].held;
  held = held && find_up (self, 0) < 0;
  g_mutex_unlock (&self->lock);
  return held;
}

gboolean
floe_ldap_servers_is_up (FloeLdapServers *self)
{
  return g_atomic_int_get (&self->reached);
}

/**
 * floe_ldap_servers_count:
 *
 * Returns: how many there are
 */
guint
floe_ldap_servers_count (const FloeLdapServers *self)
{
  return self->n;
}

/**
 * floe_ldap_servers_get_uri:
 *
 * Returns: (transfer none): what @server is called
 */
const gchar *
floe_ldap_servers_get_uri (const FloeLdapServers *self, guint server)
{
  return self->servers[server].uri;
}

/**
 * floe_ldap_servers_server_is_up:
 *
 * Returns: whether @server is not known to be down
 */
gboolean
floe_ldap_servers_server_is_up (FloeLdapServers *self, guint server)
{
  gboolean up;

  g_mutex_lock (&self->lock);
  up = !self->servers[server].down;
  g_mutex_unlock (&self->lock);
  return up;
}
