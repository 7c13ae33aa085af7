/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <X11/Xlib.h>
#include <gdk/gdkx.h>
#include <string.h>

#include "process-size.h"
#include "session-fake.h"
#include "ui-flow-fixture.h"

/* A terminal's day: FLOE_DAY_LOG_INS of them, one of three with a desktop that is opened. What is
 * held after a few is what is held in the evening. */
#define LOG_INS     30
#define WARM_UP     15
#define DESKTOP_IN  3
#define MISTAKE_IN  5
#define REFUSED_IN  7
#define CONNECTION  "connection-plain.json"
#define DESKTOP     "GET /api/v1/desktops/"
#define A_LITTLE    6
#define BYTES_EACH  1500
#define BYTES_SLACK (1024 * 1024)

typedef struct
{
  FlowFixture flow;
  FakeSpice *spice;
  gchar *connection; /* what the broker hands out */
} Day;

static guint
count_log_ins (void)
{
  const gchar *text = g_getenv ("FLOE_DAY_LOG_INS");

  return text != NULL ? (guint)g_ascii_strtoull (text, NULL, 10) : LOG_INS;
}

static guint
count_windows (Display *display, Window from)
{
  Window root, parent, *children = NULL;
  guint n_children = 0, n = 1;

  if (!XQueryTree (display, from, &root, &parent, &children, &n_children))
    return 0;
  for (guint i = 0; i < n_children; i++)
    n += count_windows (display, children[i]);
  if (children != NULL)
    XFree (children);
  return n;
}

static void
set_up (Day *day, gconstpointer data)
{
  g_autofree gchar *text = fake_file (CONNECTION);
  g_autoptr (GString) connection = g_string_new (text);
  g_autofree gchar *port = NULL;

  flow_set_up (&day->flow, data);
  day->spice = fake_spice_new (FAKE_SPICE_GOOD, NULL);
  port = g_strdup_printf ("\"port\": %u", fake_spice_port (day->spice));
  g_string_replace (connection, "192.0.2.17", "127.0.0.1", 0);
  g_string_replace (connection, "\"port\": 5900", port, 1);
  day->connection = g_string_free (g_steal_pointer (&connection), FALSE);
}

static void
tear_down (Day *day, gconstpointer data)
{
  flow_tear_down (&day->flow, data);
  fake_spice_free (day->spice);
  g_free (day->connection);
}

static void
open_desktop (Day *day)
{
  FlowFixture *f = &day->flow;

  fake_broker_answer (f->fake, CONNECT, 200, "application/json", day->connection);
  flow_press (f, "office");
  flow_wait_for (f, FLOE_VIEW_DISPLAY);
}

/* Somebody is refused, and goes back to the list. */
static void
be_refused (Day *day)
{
  FlowFixture *f = &day->flow;

  fake_broker_answer_file (f->fake, CONNECT, 409, "problem-no-desktop-free.json");
  flow_press (f, "office");
  flow_wait_for (f, FLOE_VIEW_MESSAGE);
  flow_press (f, "Back to the Desktops");
  flow_wait_for (f, FLOE_VIEW_POOLS);
}

static void
log_out (FlowFixture *f)
{
  fake_broker_answer (f->fake, LOGOUT, 204, NULL, NULL);
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "log-out", NULL);
  flow_press (f, "Log Out");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
}

static void
come_and_go (Day *day, guint number)
{
  FlowFixture *f = &day->flow;

  fake_broker_stream (f->fake, EVENTS);
  if (number % MISTAKE_IN == 0)
    {
      fake_broker_answer_file (f->fake, LOGIN, 401, "problem-wrong-credentials.json");
      flow_log_in (f);
      flow_wait_for_text (floe_window_get_login_page (f->window), "is wrong.");
    }
  flow_log_in_to_list (f);
  if (number % REFUSED_IN == 0)
    be_refused (day);
  else if (number % DESKTOP_IN == 0)
    open_desktop (day);
  log_out (f);
  fake_broker_forget (f->fake);
}

/* What ends from idle functions, and what moves on the screen, comes to its end. */
static void
come_to_rest (void)
{
  gint64 end = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
test_day (Day *day, gconstpointer data)
{
  Display *display = GDK_DISPLAY_XDISPLAY (gdk_display_get_default ());
  guint log_ins = count_log_ins ();
  ProcessSize before = { 0 }, after;
  guint windows = 0;

  for (guint i = 0; i < log_ins; i++)
    {
      if (i == WARM_UP)
        {
          come_to_rest ();
          before = process_size_take ();
          windows = count_windows (display, DefaultRootWindow (display));
        }
      come_and_go (day, i);
    }
  come_to_rest ();
  after = process_size_take ();
  g_test_message ("after %u and %u log-ins: %zu and %zu bytes, PSS %zu and %zu KiB, "
                  "%u and %u files, %u and %u sources, %u and %u windows",
                  WARM_UP, log_ins, before.memory, after.memory, before.pss / 1024,
                  after.pss / 1024, before.files, after.files, before.sources, after.sources,
                  windows, count_windows (display, DefaultRootWindow (display)));
  g_assert_cmpuint (after.files, <=, before.files + A_LITTLE);
  g_assert_cmpuint (after.sources, <=, before.sources + A_LITTLE);
  g_assert_cmpuint (count_windows (display, DefaultRootWindow (display)), <=, windows + A_LITTLE);
  g_assert_cmpuint (after.memory, <=,
                    before.memory + BYTES_SLACK + (gsize)(log_ins - WARM_UP) * BYTES_EACH);
}

static void
add_all (void)
{
  g_test_add ("/ui-day/log-ins", Day, NULL, set_up, test_day, tear_down);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
