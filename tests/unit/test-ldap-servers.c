/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-guard.h"
#include "directory/ldap-servers.h"

#include <sys/socket.h>
#include <unistd.h>

static gint64 the_time;
static guint warnings; /* from several threads: atomic */

static gint64
fake_now (void)
{
  return the_time;
}

/* The one warning for a server that goes is wanted; any other line goes on and may be fatal. */
static GLogWriterOutput
count_warnings (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (level == G_LOG_LEVEL_WARNING && g_str_equal (fields[i].key, "MESSAGE")
        && g_str_has_prefix (fields[i].value, "directory server ldaps://"))
      {
        g_atomic_int_inc (&warnings);
        return G_LOG_WRITER_HANDLED;
      }
  return g_log_writer_default (level, fields, n_fields, data);
}

static FloeLdapServers *
servers_new (guint n)
{
  const gchar *const uris[] = { "ldaps://one", "ldaps://two", "ldaps://three" };
  const gchar *some[4] = { NULL };

  for (guint i = 0; i < n; i++)
    some[i] = uris[i];
  the_time = 1000 * G_USEC_PER_SEC;
  warnings = 0;
  return floe_ldap_servers_new (some, fake_now);
}

static gint
pick (FloeLdapServers *servers, guint tried)
{
  return floe_ldap_servers_pick (servers, tried, g_get_monotonic_time () + G_USEC_PER_SEC, NULL);
}

static void
test_preference (void)
{
  g_autoptr (FloeLdapServers) servers = servers_new (3);

  g_assert_true (floe_ldap_servers_is_up (servers));
  g_assert_cmpint (pick (servers, 0), ==, 0);
  g_assert_cmpint (pick (servers, 1), ==, 1);
  g_assert_cmpint (pick (servers, 3), ==, 2);
  g_assert_cmpint (pick (servers, 7), ==, -1);
  g_assert_false (floe_ldap_servers_is_up (servers));
  floe_ldap_servers_reached (servers, 0);
  g_assert_true (floe_ldap_servers_is_up (servers));
}

static void
test_skip (void)
{
  g_autoptr (FloeLdapServers) servers = servers_new (2);

  floe_ldap_servers_failed (servers, 0, 0, "gone");
  floe_ldap_servers_failed (servers, 0, 0, "still gone");
  g_assert_cmpuint (warnings, ==, 1);
  the_time += 3600 * (gint64)G_USEC_PER_SEC;
  g_assert_cmpint (pick (servers, 0), ==, 1);
  floe_ldap_servers_reached (servers, 0);
  g_assert_cmpint (pick (servers, 0), ==, 0);
}

/* Not those that were tried, nor those that are known to be down. */
static void
test_other (void)
{
  g_autoptr (FloeLdapServers) servers = servers_new (3);

  g_assert_cmpuint (floe_ldap_servers_count_up (servers, 1), ==, 2);
  floe_ldap_servers_failed (servers, 1, 0, "gone");
  g_assert_cmpuint (floe_ldap_servers_count_up (servers, 1), ==, 1);
  g_assert_cmpuint (floe_ldap_servers_count_up (servers, 1 | 4), ==, 0);
  floe_ldap_servers_failed (servers, 2, 0, "gone");
  g_assert_cmpuint (floe_ldap_servers_count_up (servers, 1), ==, 0);
  floe_ldap_servers_reached (servers, 2);
  g_assert_cmpuint (floe_ldap_servers_count_up (servers, 1), ==, 1);
}

static void
test_probe (void)
{
  g_autoptr (FloeLdapServers) servers = servers_new (2);
  gint64 wait = FLOE_LDAP_FIRST_PROBE;

  g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, -1);
  for (guint i = 0; i < 8; i++)
    {
      floe_ldap_servers_failed (servers, 0, 0, "gone");
      the_time += wait - 1;
      g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, -1);
      the_time += 1;
      g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, 0);
      g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, -1); /* it is under way */
      wait = MIN (wait * 2, FLOE_LDAP_LAST_PROBE);
    }
  floe_ldap_servers_reached (servers, 0);
  floe_ldap_servers_failed (servers, 0, 0, "gone");
  the_time += FLOE_LDAP_FIRST_PROBE; /* the patience of before is forgotten */
  g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, 0);
  floe_ldap_servers_release (servers, 0);
  floe_ldap_servers_failed (servers, 1, 0, "gone, too");
  g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, -1); /* callers try themselves */
}

/* One that nobody asks is looked at each minute, unless no other is up. */
static void
test_unheard (void)
{
  g_autoptr (FloeLdapServers) servers = servers_new (3);

  the_time += FLOE_LDAP_UNHEARD - 1;
  floe_ldap_servers_reached (servers, 0); /* as with each log-in */
  g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, -1);
  the_time += 1;
  g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, 1);
  g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, 2);
  g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, -1); /* both are under way */
  g_assert_cmpint (pick (servers, 0), ==, 0);
  g_assert_cmpint (pick (servers, 1), ==, 1); /* and nobody has to wait for that */
  floe_ldap_servers_reached (servers, 1);
  floe_ldap_servers_failed (servers, 2, 0, "dead");
  g_assert_cmpuint (warnings, ==, 1);
  g_assert_true (floe_ldap_servers_server_is_up (servers, 1));
  g_assert_false (floe_ldap_servers_server_is_up (servers, 2));
  g_assert_true (floe_ldap_servers_is_up (servers));
  floe_ldap_servers_failed (servers, 1, 0, "dead");
  the_time += FLOE_LDAP_UNHEARD;
  g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, 1);
  g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, 2);
  g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, -1); /* 0 is the last one */
}

static void
test_told (void)
{
  g_autoptr (FloeLdapServers) servers = servers_new (2);

  g_assert_cmpuint (floe_ldap_servers_count (servers), ==, 2);
  g_assert_cmpstr (floe_ldap_servers_get_uri (servers, 1), ==, "ldaps://two");
  g_assert_true (floe_ldap_servers_server_is_up (servers, 1));
  floe_ldap_servers_failed (servers, 1, 0, "gone");
  g_assert_false (floe_ldap_servers_server_is_up (servers, 1));
  floe_ldap_servers_reached (servers, 1);
  g_assert_true (floe_ldap_servers_server_is_up (servers, 1));
}

/* What is silent is tried in the background, and nobody waits for that. */
static void
test_hold (void)
{
  g_autoptr (FloeLdapServers) servers = servers_new (2);

  floe_ldap_servers_failed (servers, 0, G_USEC_PER_SEC, "silent");
  g_assert_false (floe_ldap_servers_need_probes (servers)); /* there is another one */
  floe_ldap_servers_failed (servers, 1, 0, "refused");
  g_assert_true (floe_ldap_servers_need_probes (servers));
  for (guint i = 0; i < 5; i++) /* without losing patience */
    {
      g_assert_cmpint (pick (servers, 2), ==, -1);
      the_time += G_USEC_PER_SEC - 1;
      g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, -1);
      the_time += 1;
      g_assert_cmpint (floe_ldap_servers_take_probe (servers), ==, 0);
      g_assert_cmpint (pick (servers, 2), ==, -1);
      floe_ldap_servers_failed (servers, 0, G_USEC_PER_SEC, "silent");
    }
  g_assert_cmpint (pick (servers, 0), ==, 1); /* which is known at once */
  floe_ldap_servers_failed (servers, 1, 0, "refused");
  floe_ldap_servers_reached (servers, 0);
  g_assert_false (floe_ldap_servers_need_probes (servers));
  g_assert_cmpint (pick (servers, 0), ==, 0);
  floe_ldap_servers_failed (servers, 0, 0, "refused");
  g_assert_cmpint (pick (servers, 0), ==, 0);
}

typedef struct
{
  FloeLdapServers *servers;
  gint picked;
} Waiter;

static gpointer
waiter_main (gpointer data)
{
  Waiter *waiter = data;

  waiter->picked = floe_ldap_servers_pick (waiter->servers, 0,
                                           g_get_monotonic_time () + 20 * G_USEC_PER_SEC, NULL);
  return NULL;
}

/* When all are down one caller tries; who comes meanwhile shares what comes of it. */
static void
share_trial (gboolean success)
{
  g_autoptr (FloeLdapServers) servers = servers_new (1);
  Waiter waiters[3];
  GThread *threads[3];

  floe_ldap_servers_failed (servers, 0, 0, "gone");
  g_assert_cmpint (pick (servers, 0), ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      waiters[i] = (Waiter){ servers, -2 };
      threads[i] = g_thread_new ("waiter", waiter_main, &waiters[i]);
    }
  if (success)
    floe_ldap_servers_reached (servers, 0);
  else
    floe_ldap_servers_failed (servers, 0, G_USEC_PER_SEC, "silent");
  for (guint i = 0; i < 3; i++)
    {
      g_thread_join (threads[i]);
      g_assert_cmpint (waiters[i].picked, ==, success ? 0 : -1);
    }
}

static void
test_shared_success (void)
{
  share_trial (TRUE);
}

static void
test_shared_failure (void)
{
  share_trial (FALSE);
}

static void
test_wait_ends (void)
{
  g_autoptr (FloeLdapServers) servers = servers_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gint64 far = g_get_monotonic_time () + 3600 * (gint64)G_USEC_PER_SEC;

  floe_ldap_servers_failed (servers, 0, 0, "gone");
  g_assert_cmpint (pick (servers, 0), ==, 0);
  g_assert_cmpint (floe_ldap_servers_pick (servers, 0, g_get_monotonic_time () + 1000, NULL), ==,
                   -1);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (floe_ldap_servers_pick (servers, 0, far, cancellable), ==, -1);
}

static void
test_guard_fires (void)
{
  g_autoptr (FloeLdapGuard) guard = floe_ldap_guard_new ();
  gint pair[2], other[2];
  gint64 began = g_get_monotonic_time ();
  gchar byte;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, other), ==, 0);
  floe_ldap_guard_arm (guard, other[0], began + 3600 * (gint64)G_USEC_PER_SEC);
  floe_ldap_guard_arm (guard, pair[0], began + 50000);
  g_assert_cmpint (read (pair[0], &byte, 1), ==, 0); /* blocks until the guard ends it */
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 50000);
  g_assert_false (floe_ldap_guard_disarm (guard, pair[0]));
  g_assert_true (floe_ldap_guard_disarm (guard, other[0]));
  g_assert_cmpint (write (other[0], "x", 1), ==, 1);
  for (guint i = 0; i < 2; i++)
    {
      close (pair[i]);
      close (other[i]);
    }
}

static void
test_guard_disarmed (void)
{
  g_autoptr (FloeLdapGuard) guard = floe_ldap_guard_new ();
  gint pair[2], late[2];
  gchar byte;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), ==, 0);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, late), ==, 0);
  floe_ldap_guard_arm (guard, pair[0], g_get_monotonic_time () + 30000);
  g_assert_true (floe_ldap_guard_disarm (guard, pair[0]));
  floe_ldap_guard_arm (guard, late[0], g_get_monotonic_time () + 60000);
  g_assert_cmpint (read (late[0], &byte, 1), ==, 0); /* by now the first would have been hit */
  g_assert_cmpint (write (pair[0], "x", 1), ==, 1);
  floe_ldap_guard_disarm (guard, late[0]);
  for (guint i = 0; i < 2; i++)
    {
      close (pair[i]);
      close (late[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (count_warnings, NULL, NULL);
  g_test_add_func ("/ldap-servers/pick/preference", test_preference);
  g_test_add_func ("/ldap-servers/pick/skip", test_skip);
  g_test_add_func ("/ldap-servers/pick/other", test_other);
  g_test_add_func ("/ldap-servers/pick/hold", test_hold);
  g_test_add_func ("/ldap-servers/pick/shared-success", test_shared_success);
  g_test_add_func ("/ldap-servers/pick/shared-failure", test_shared_failure);
  g_test_add_func ("/ldap-servers/pick/wait-ends", test_wait_ends);
  g_test_add_func ("/ldap-servers/probe/backoff", test_probe);
  g_test_add_func ("/ldap-servers/probe/unheard", test_unheard);
  g_test_add_func ("/ldap-servers/told", test_told);
  g_test_add_func ("/ldap-guard/arm/fires", test_guard_fires);
  g_test_add_func ("/ldap-guard/disarm/in-time", test_guard_disarmed);
  return g_test_run ();
}
