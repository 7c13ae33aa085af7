/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <libvirt/libvirt.h>
#include <unistd.h>

#include "manager/libvirt/libvirt-event.h"

/* libvirt's event loop through libvirt's own functions. */

typedef struct
{
  GMutex lock;
  GCond moved;
  guint calls;
  guint frees;
  gint events;
  GThread *thread;
  gint fd;       /* read from in the callback, if not -1 */
  gint remove;   /* a handle to remove in the callback, or 0 */
  gboolean busy; /* the callback is running */
  gboolean freed_while_busy;
} Test;

static void
test_init (Test *test)
{
  *test = (Test){ .fd = -1 };
  g_mutex_init (&test->lock);
  g_cond_init (&test->moved);
}

static void
note_call (Test *test, gint events)
{
  gchar byte;

  g_mutex_lock (&test->lock);
  test->calls++;
  test->events = events;
  test->thread = g_thread_self ();
  g_mutex_unlock (&test->lock);
  if (test->fd >= 0 && read (test->fd, &byte, 1) < 0)
    g_assert_not_reached ();
  if (test->remove != 0)
    {
      test->busy = TRUE;
      g_assert_cmpint (virEventRemoveHandle (test->remove), ==, 0);
      g_usleep (20000); /* gives a loop that frees too early the time to do so */
      test->busy = FALSE;
    }
  g_mutex_lock (&test->lock);
  g_cond_broadcast (&test->moved);
  g_mutex_unlock (&test->lock);
}

static void
on_handle (int watch, int fd, int events, void *opaque)
{
  note_call (opaque, events);
}

static void
on_timeout (int timer, void *opaque)
{
  note_call (opaque, 0);
}

static void
on_free (void *opaque)
{
  Test *test = opaque;

  g_mutex_lock (&test->lock);
  test->freed_while_busy = test->busy;
  test->frees++;
  g_cond_broadcast (&test->moved);
  g_mutex_unlock (&test->lock);
}

static void
wait_until (Test *test, const guint *count, guint n)
{
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  g_mutex_lock (&test->lock);
  while (*count < n)
    g_assert_true (g_cond_wait_until (&test->moved, &test->lock, end));
  g_mutex_unlock (&test->lock);
}

static void
test_handle (void)
{
  g_autoptr (GError) error = NULL;
  Test test;
  gint pipe[2], id;

  test_init (&test);
  g_assert_true (g_unix_open_pipe (pipe, FD_CLOEXEC, &error));
  test.fd = pipe[0];
  id = virEventAddHandle (pipe[0], 0, on_handle, &test, on_free);
  g_assert_cmpint (id, >, 0);
  g_assert_cmpint (write (pipe[1], "ab", 2), ==, 2);
  g_assert_cmpuint (test.calls, ==, 0);
  virEventUpdateHandle (id, VIR_EVENT_HANDLE_READABLE);
  wait_until (&test, &test.calls, 2);
  g_assert_cmpint (test.events, ==, VIR_EVENT_HANDLE_READABLE);
  g_assert_true (test.thread != g_thread_self ());
  test.fd = -1;
  close (pipe[1]);
  wait_until (&test, &test.calls, 3);
  g_assert_cmpint (test.events & VIR_EVENT_HANDLE_HANGUP, !=, 0);
  g_assert_cmpint (virEventRemoveHandle (id), ==, 0);
  wait_until (&test, &test.frees, 1);
  g_assert_cmpint (virEventRemoveHandle (id), ==, -1);
  virEventUpdateHandle (id, VIR_EVENT_HANDLE_READABLE);
  g_assert_cmpuint (test.frees, ==, 1);
  close (pipe[0]);
}

/* Removed in its own callback: what it was given lives until the callback is over. */
static void
test_remove_inside (void)
{
  g_autoptr (GError) error = NULL;
  Test test;
  gint pipe[2];

  test_init (&test);
  g_assert_true (g_unix_open_pipe (pipe, FD_CLOEXEC, &error));
  test.remove = virEventAddHandle (pipe[1], 0, on_handle, &test, on_free);
  virEventUpdateHandle (test.remove, VIR_EVENT_HANDLE_WRITABLE);
  wait_until (&test, &test.frees, 1);
  g_assert_false (test.freed_while_busy);
  g_assert_cmpuint (test.calls, ==, 1);
  g_assert_cmpint (test.events, ==, VIR_EVENT_HANDLE_WRITABLE);
  close (pipe[0]);
  close (pipe[1]);
}

static void
test_timer (void)
{
  Test test;
  gint id;
  guint calls;

  test_init (&test);
  id = virEventAddTimeout (-1, on_timeout, &test, on_free);
  g_assert_cmpint (id, >, 0);
  virEventUpdateTimeout (id, 1);
  wait_until (&test, &test.calls, 3);
  virEventUpdateTimeout (id, 0);
  wait_until (&test, &test.calls, 6);
  virEventUpdateTimeout (id, -1);
  virEventUpdateTimeout (id, 3600 * 1000);
  g_assert_cmpint (virEventRemoveTimeout (id), ==, 0);
  wait_until (&test, &test.frees, 1);
  calls = test.calls;
  g_assert_cmpint (virEventRemoveTimeout (id), ==, -1);
  g_assert_cmpuint (test.calls, ==, calls);
}

/* A real driver delivers its events by it. */
static int
on_lifecycle (virConnectPtr connection, virDomainPtr domain, int event, int detail, void *opaque)
{
  note_call (opaque, event);
  return 0;
}

static void
test_driver (void)
{
  virConnectPtr connection = virConnectOpen ("test:///default");
  virDomainPtr domain = virDomainLookupByName (connection, "test");
  Test test;
  gint id;

  test_init (&test);
  id = virConnectDomainEventRegisterAny (connection, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                         VIR_DOMAIN_EVENT_CALLBACK (on_lifecycle), &test, on_free);
  g_assert_cmpint (virDomainDestroy (domain), ==, 0);
  wait_until (&test, &test.calls, 1);
  g_assert_cmpint (test.events, ==, VIR_DOMAIN_EVENT_STOPPED);
  virDomainFree (domain);
  virConnectDomainEventDeregisterAny (connection, id);
  wait_until (&test, &test.frees, 1);
  floe_libvirt_event_flush ();
  g_assert_cmpint (virConnectClose (connection), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  floe_libvirt_event_register ();
  floe_libvirt_event_register ();
  g_test_add_func ("/libvirt-event/handle/all", test_handle);
  g_test_add_func ("/libvirt-event/handle/remove-inside", test_remove_inside);
  g_test_add_func ("/libvirt-event/timer/all", test_timer);
  g_test_add_func ("/libvirt-event/driver/lifecycle", test_driver);
  return g_test_run ();
}
