/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-session-private.h"

#include "directory/ldap-lockout.h"

/* What a server is asked that is about nobody. */

/* Policies are seldom changed; where they could not be read, the server may be back soon. */
#define LOCKOUT_PAUSE (10 * 60 * G_USEC_PER_SEC)
#define LOCKOUT_RETRY (10 * G_USEC_PER_SEC)

/**
 * floe_ldap_session_probe:
 * @shared: what the sessions share
 * @server: a server that floe_ldap_servers_take_probe() gave
 * @cancellable: (nullable): not looked at while libldap works
 *
 * Finds out whether a server can be used again, on connections that no log-in waits for. Blocks.
 */
void
floe_ldap_session_probe (FloeLdapShared *shared, guint server, GCancellable *cancellable)
{
  gint64 began = g_get_monotonic_time ();
  gint64 seconds = (gint64)shared->settings->connect_timeout + shared->settings->operation_timeout;
  FloeLdapQuestion question = { .until = began + seconds * G_USEC_PER_SEC };
  FloeLdapAttempt attempt = { .question = &question, .cancellable = cancellable };
  g_autoptr (FloeLdapHandle) handle = NULL;
  g_autoptr (GError) problem = NULL;

  if (floe_ldap_shared_open_service (shared, server, &attempt, &handle, &problem) == FLOE_LDAP_FINE)
    floe_ldap_servers_reached (shared->servers, server);
  else
    floe_ldap_shared_note_failure (shared, server, began, &attempt, problem);
}

/**
 * floe_ldap_shared_take_lockout:
 *
 * Returns: whether floe_ldap_session_read_lockout() is due, which is then the caller's to call
 */
gboolean
floe_ldap_shared_take_lockout (FloeLdapShared *shared)
{
  gint64 now = g_get_monotonic_time ();
  gboolean due;

  g_mutex_lock (&shared->lock);
  due = now >= shared->lockout_due;
  if (due)
    shared->lockout_due = now + LOCKOUT_RETRY;
  g_mutex_unlock (&shared->lock);
  return due;
}

static void
keep_lockout (FloeLdapShared *shared, const FloeLockout *lockout)
{
  g_mutex_lock (&shared->lock);
  shared->lockout = *lockout;
  shared->lockout_due = g_get_monotonic_time () + LOCKOUT_PAUSE;
  g_mutex_unlock (&shared->lock);
}

/**
 * floe_ldap_session_read_lockout:
 * @shared: what the sessions share
 * @cancellable: (nullable): gives up
 *
 * Asks a server when it locks accounts, on a connection that no log-in waits for. What was known
 * stays known where none answers. Blocks.
 */
void
floe_ldap_session_read_lockout (FloeLdapShared *shared, GCancellable *cancellable)
{
  gint64 seconds = (gint64)shared->settings->connect_timeout + shared->settings->operation_timeout;
  gint64 began = g_get_monotonic_time ();
  FloeLdapQuestion question = { .until = began + seconds * G_USEC_PER_SEC };
  FloeLdapAttempt attempt = { .question = &question, .cancellable = cancellable };
  gint server = floe_ldap_servers_pick (shared->servers, 0, began, cancellable);
  g_autoptr (FloeLdapHandle) handle = NULL;
  g_autoptr (GError) problem = NULL;
  FloeLockout lockout;
  gboolean told;

  if (server < 0)
    return;
  if (floe_ldap_shared_open_service (shared, (guint)server, &attempt, &handle, &problem)
      != FLOE_LDAP_FINE)
    {
      floe_ldap_servers_release (shared->servers, (guint)server); /* for a log-in to find out */
      return;
    }
  floe_ldap_servers_reached (shared->servers, (guint)server);
  told = floe_ldap_lockout_read (handle, shared->settings, cancellable, &lockout);
  g_clear_pointer (&handle, floe_ldap_handle_free);
  if (told)
    keep_lockout (shared, &lockout);
}
