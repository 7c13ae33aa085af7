/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/desk.h"

#include <stdio.h>
#include <string.h>

#include "api/error.h"
#include "client-fake.h"
#include "session-fake.h"

#define CONNECT   "POST /api/v1/pools/office/connect"
#define DESKTOP   "GET /api/v1/desktops/d1"
#define EVENTS    "GET /api/v1/events"
#define REQUEST   "GET /api/v1/requests/r1"
#define RECONNECT "POST /api/v1/reconnect"
#define JSON      "application/json"
#define PROBLEM   "application/problem+json"

#define END_AT(reason, time)                                                                       \
  "{\"reason\":\"" reason "\",\"at\":\"2026-11-23T" time "Z\",\"by\":null,\"where\":null}"
#define END(reason) END_AT (reason, "09:41:07")

typedef struct
{
  FakeBroker *fake;
  FakeSpice *spice;
  FloeBroker *broker;
  FloeDesk *desk;
  guint n_shown;
  guint n_displays;
  gboolean was_paused;
  FloeRequestState seen; /* of a request */
  guint place;
} Fixture;

static void
on_changed (FloeDesk *desk, Fixture *f)
{
  const FloeConnectRequest *request = floe_desk_get_request (desk);

  f->n_shown += floe_desk_get_state (desk) == FLOE_DESK_SHOWING;
  f->was_paused |= floe_desk_get_state (desk) == FLOE_DESK_PAUSED;
  if (request != NULL)
    {
      f->seen = request->state;
      f->place = MAX (f->place, request->place);
    }
}

static void
on_display (FloeDesk *desk, FloeSession *session, guint channel_id, guint monitor_id, Fixture *f)
{
  g_assert_true (session == floe_desk_get_session (desk));
  f->n_displays++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree gchar *url = NULL;
  g_autoptr (FloeSecret) token =
      floe_secret_new ("flt_4mJ1Qk0oXw9s7yTzVb2LrHc8dEgNfUaP5iKq3uRxWvY", -1);
  g_autoptr (GError) error = NULL;

  f->fake = fake_broker_new ();
  f->spice = fake_spice_new (FAKE_SPICE_GOOD, NULL);
  url = fake_broker_url (f->fake);
  f->broker = floe_broker_new (url, NULL, &error);
  g_assert_no_error (error);
  floe_broker_set_token (f->broker, token);
  f->desk = floe_desk_new (f->broker, "office", NULL);
  floe_desk_set_second (f->desk, 20);
  g_signal_connect (f->desk, "changed", G_CALLBACK (on_changed), f);
  g_signal_connect (f->desk, "display-ready", G_CALLBACK (on_display), f);
  fake_broker_stream (f->fake, EVENTS);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  gpointer desk = f->desk;

  g_object_add_weak_pointer (G_OBJECT (f->desk), &desk);
  g_object_unref (f->desk);
  while (desk != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (f->broker);
  fake_spice_free (f->spice);
  fake_broker_free (f->fake);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
offer_with (Fixture *f, const gchar *actions)
{
  g_autofree gchar *body = g_strdup_printf (
      "{\"via\":\"direct\",\"type\":\"spice\",\"host\":\"127.0.0.1\",\"port\":%u,\"tls_port\":null,"
      "\"ca\":null,\"host_subject\":null,\"secure_channels\":[],\"ticket\":\"q7Yc2LkV0sJx8TnB\","
      "\"ticket_expires_at\":\"2026-11-23T09:30:30Z\",\"desktop\":{\"id\":\"d1\",\"name\":\"o-1\"},"
      "\"pool\":\"office\",\"title\":\"o-1 · Office\",\"keeps_data\":false,"
      "\"reconnect_token\":\"flr_Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2MyN4KxQvR9T\",\"actions\":[%s]}",
      fake_spice_port (f->spice), actions);

  fake_broker_answer (f->fake, CONNECT, 200, JSON, body);
}

static void
offer (Fixture *f)
{
  offer_with (f, "");
}

static gchar *
desktop (const gchar *state, const gchar *end, gboolean can_reconnect)
{
  return g_strdup_printf ("{\"id\":\"d1\",\"name\":\"o-1\",\"pool\":\"office\",\"power\":\"on\","
                          "\"guest\":\"ready\",\"console\":\"none\",\"state\":\"%s\",\"end\":%s,"
                          "\"can_reconnect\":%s}",
                          state, end, can_reconnect ? "true" : "false");
}

static void
explain (Fixture *f, const gchar *state, const gchar *end, gboolean can_reconnect)
{
  g_autofree gchar *body = desktop (state, end, can_reconnect);

  fake_broker_answer (f->fake, DESKTOP, 200, JSON, body);
}

static void
wait_for (Fixture *f, FloeDeskState state)
{
  while (floe_desk_get_state (f->desk) != state)
    g_main_context_iteration (NULL, TRUE);
}

static void
open_picture (Fixture *f)
{
  offer (f);
  floe_desk_start (f->desk);
  wait_for (f, FLOE_DESK_SHOWING);
}

static void
wait_for_connects (Fixture *f, guint n)
{
  while (fake_broker_n_requests (f->fake, CONNECT) < n)
    g_main_context_iteration (NULL, TRUE);
}

/* A further desktop is asked for once; from then on it is this one that is meant. */
static void
test_another (Fixture *f, gconstpointer data)
{
  const FloeConnectWish wish = { .another = TRUE };

  fake_broker_answer (f->fake, CONNECT, 202, JSON,
                      "{\"id\":\"r1\",\"pool\":\"office\",\"desktop\":null,\"state\":\"starting\","
                      "\"place\":null,\"problem\":null,\"since\":null}");
  fake_broker_answer (f->fake, REQUEST, 200, JSON,
                      "{\"id\":\"r1\",\"pool\":\"office\",\"desktop\":{\"id\":\"d1\","
                      "\"name\":\"o-1\"},\"state\":\"ready\",\"place\":null,\"problem\":null,"
                      "\"since\":null}");
  offer (f);
  floe_desk_set_wish (f->desk, &wish);
  floe_desk_start (f->desk);
  wait_for_connects (f, 1);
  g_assert_cmpstr (fake_broker_last (f->fake, CONNECT)->body, ==, "{\"another\":true}");
  wait_for (f, FLOE_DESK_SHOWING);
  g_assert_cmpstr (fake_broker_last (f->fake, CONNECT)->body, ==, "{\"desktop\":\"d1\"}");
}

/* Who goes away from the line says so. */
static void
test_leave_line (Fixture *f, gconstpointer data)
{
  fake_broker_answer (f->fake, CONNECT, 202, JSON,
                      "{\"id\":\"r1\",\"pool\":\"office\",\"desktop\":null,\"state\":\"queued\","
                      "\"place\":3,\"estimate_seconds\":240,\"problem\":null,\"since\":null}");
  fake_broker_stream (f->fake, "GET /api/v1/requests/r1/events");
  fake_broker_answer (f->fake, "DELETE /api/v1/requests/r1", 204, NULL, NULL);
  floe_desk_start (f->desk);
  wait_for (f, FLOE_DESK_QUEUED);
  while (floe_desk_get_request (f->desk) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (floe_desk_get_request (f->desk)->estimate_seconds, ==, 240);
  floe_desk_stop (f->desk);
  while (fake_broker_n_requests (f->fake, "DELETE /api/v1/requests/r1") == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* The library warns of what it reports as an event anyway. */
static void
break_session (Fixture *f)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  fake_spice_close_all (f->spice);
}

static void
test_opens (Fixture *f, gconstpointer data)
{
  g_assert_cmpstr (floe_desk_get_title (f->desk), ==, "office");
  open_picture (f);
  g_assert_cmpuint (f->n_displays, ==, 1);
  g_assert_cmpstr (floe_desk_get_title (f->desk), ==, "o-1 · Office");
  g_assert_false (floe_desk_keeps_data (f->desk));
  g_assert_true (floe_desk_was_showing (f->desk));
  floe_desk_stop (f->desk);
  g_assert_cmpint (floe_desk_get_state (f->desk), ==, FLOE_DESK_STOPPED);
  g_assert_cmpint (floe_desk_get_stop (f->desk)->cause, ==, FLOE_END_ASKED);
  g_assert_null (floe_desk_get_session (f->desk));
}

static gchar *
request (const gchar *state, const gchar *place, const gchar *problem)
{
  return g_strdup_printf ("{\"id\":\"r1\",\"pool\":\"office\",\"desktop\":null,\"state\":\"%s\","
                          "\"place\":%s,\"problem\":%s,\"since\":\"2026-11-23T09:29:51Z\"}",
                          state, place, problem);
}

static void
queue (Fixture *f)
{
  g_autofree gchar *body = request ("waiting", "3", "null");

  fake_broker_answer (f->fake, CONNECT, 202, JSON, body);
}

static void
progress (Fixture *f, const gchar *state, const gchar *problem)
{
  g_autofree gchar *body = request (state, "null", problem);

  fake_broker_answer (f->fake, REQUEST, 200, JSON, body);
}

static void
test_waits_in_line (Fixture *f, gconstpointer data)
{
  g_autofree gchar *waiting = request ("waiting", "2", "null");

  queue (f);
  offer (f);
  fake_broker_answer (f->fake, REQUEST, 200, JSON, waiting);
  progress (f, "starting", "null");
  progress (f, "guest", "null");
  progress (f, "ready", "null");
  floe_desk_start (f->desk);
  wait_for (f, FLOE_DESK_QUEUED);
  wait_for (f, FLOE_DESK_SHOWING);
  g_assert_cmpint (f->seen, ==, FLOE_REQUEST_STATE_GUEST);
  g_assert_cmpuint (f->place, ==, 2);
  g_assert_null (floe_desk_get_request (f->desk));
}

static void
test_start_fails (Fixture *f, gconstpointer data)
{
  queue (f);
  progress (f, "failed",
            "{\"type\":\"urn:floe:problem:unavailable\",\"title\":\"x\",\"status\":503,"
            "\"detail\":\"x\",\"reason\":\"start-failed\"}");
  floe_desk_start (f->desk);
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_true (
      floe_client_error_has_reason (floe_desk_get_stop (f->desk)->error, "start-failed"));
}

static void
test_no_desktop_free (Fixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, CONNECT, 409, "problem-no-desktop-free.json");
  floe_desk_start (f->desk);
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_error (floe_desk_get_stop (f->desk)->error, FLOE_CLIENT_ERROR,
                  FLOE_CLIENT_ERROR_EXHAUSTED);
}

static void
test_busy_is_asked_again (Fixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, CONNECT, 503, "problem-busy.json");
  open_picture (f);
  g_assert_true (f->was_paused);
}

typedef struct
{
  const gchar *name;
  const gchar *state;
  const gchar *end;
  gboolean can_reconnect;
  gboolean comes_back;
} After;

static const After afters[] = {
  { "network", "ready", END ("network"), TRUE, TRUE },
  { "unexplained", "ready", "null", TRUE, TRUE },
  { "taken-over", "in-use", END ("taken-over"), TRUE, FALSE },
  { "powered-off", "off", END ("powered-off"), TRUE, FALSE },
  { "off-unexplained", "off", "null", TRUE, FALSE },
  { "admin", "ready", END ("admin"), TRUE, FALSE },
  { "gone", "resetting", END ("released"), FALSE, FALSE },
  { "network-but-not-ours", "ready", END ("network"), FALSE, FALSE },
};

static void
test_after (Fixture *f, gconstpointer data)
{
  const After *after = data;

  open_picture (f);
  explain (f, after->state, after->end, after->can_reconnect);
  break_session (f);
  wait_for (f, FLOE_DESK_ASKING_WHY);
  if (after->comes_back)
    {
      wait_for (f, FLOE_DESK_SHOWING);
      g_assert_cmpuint (f->n_shown, ==, 2);
      g_assert_cmpuint (f->n_displays, ==, 2);
      g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 2);
      return;
    }
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_nonnull (floe_desk_get_stop (f->desk)->desktop);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 1);
}

/* The host closed the display, and takes its time to tell the broker that the guest is off. */
static void
test_late_reason (Fixture *f, gconstpointer data)
{
  floe_desk_set_second (f->desk, 1000);
  open_picture (f);
  for (guint i = 0; i < 4; i++)
    explain (f, "in-use", "null", TRUE);
  explain (f, "off", END ("powered-off"), TRUE);
  break_session (f);
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_cmpint (floe_desk_get_stop (f->desk)->desktop->end->reason, ==,
                   FLOE_END_REASON_POWERED_OFF);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, DESKTOP), ==, 5);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 1);
}

/* The event stream may know before the next question goes out. */
static void
test_news_while_asking (Fixture *f, gconstpointer data)
{
  g_autofree gchar *after = desktop ("off", END ("powered-off"), TRUE);
  g_autofree gchar *text = g_strdup_printf ("event: desktop\ndata: %s\n\n", after);

  fake_broker_answer (f->fake, "GET /api/v1/pools", 200, JSON, "{\"pools\":[]}");
  open_picture (f);
  while (fake_broker_n_streams (f->fake) == 0)
    g_main_context_iteration (NULL, TRUE);
  fake_broker_hang (f->fake, DESKTOP);
  break_session (f);
  wait_for (f, FLOE_DESK_ASKING_WHY);
  fake_broker_push (f->fake, text);
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_cmpint (floe_desk_get_stop (f->desk)->desktop->end->reason, ==,
                   FLOE_END_REASON_POWERED_OFF);
}

static void
refuse_not_running (Fixture *f)
{
  fake_broker_answer (f->fake, CONNECT, 409, PROBLEM,
                      "{\"type\":\"urn:floe:problem:conflict\",\"title\":\"x\",\"status\":409,"
                      "\"detail\":\"x\",\"reason\":\"not-running\"}");
}

static void
test_not_running (Fixture *f, gconstpointer data)
{
  refuse_not_running (f);
  open_picture (f);
  g_assert_true (f->was_paused);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 2);
}

static void
test_never_running (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    refuse_not_running (f);
  floe_desk_start (f->desk);
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_true (floe_client_error_has_reason (floe_desk_get_stop (f->desk)->error, "not-running"));
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 4);
}

/* It was shut down while the broker had nothing to say yet: it is not started anew. */
static void
test_not_running_on_return (Fixture *f, gconstpointer data)
{
  offer (f);
  refuse_not_running (f);
  floe_desk_start (f->desk);
  wait_for (f, FLOE_DESK_SHOWING);
  explain (f, "ready", END ("network"), TRUE);
  explain (f, "off", END ("powered-off"), TRUE);
  break_session (f);
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_nonnull (floe_desk_get_stop (f->desk)->desktop);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 2);
}

/* What the event stream said in time needs no question. */
static void
test_news_of_take_over (Fixture *f, gconstpointer data)
{
  g_autofree gchar *before = desktop ("in-use", "null", TRUE);
  g_autofree gchar *after = desktop ("in-use", END ("taken-over"), TRUE);
  g_autofree gchar *text = g_strdup_printf ("event: desktop\ndata: %s\n\n"
                                            "event: desktop\ndata: %s\n\n",
                                            before, after);

  open_picture (f);
  while (fake_broker_n_streams (f->fake) == 0)
    g_main_context_iteration (NULL, TRUE);
  fake_broker_push (f->fake, text);
  for (guint i = 0; i < 50; i++)
    g_main_context_iteration (NULL, FALSE);
  explain (f, "in-use", END ("taken-over"), TRUE);
  break_session (f);
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_cmpint (floe_desk_get_stop (f->desk)->desktop->end->reason, ==,
                   FLOE_END_REASON_TAKEN_OVER);
}

static void
count (FloeDesk *desk, guint *n)
{
  ++*n;
}

static void
push_desktop (Fixture *f, const gchar *end)
{
  g_autofree gchar *json = desktop ("in-use", end, TRUE);
  g_autofree gchar *text = g_strdup_printf ("event: desktop\ndata: %s\n\n", json);
  guint n = 0;
  gulong heard = g_signal_connect (f->desk, "news", G_CALLBACK (count), &n);

  fake_broker_push (f->fake, text);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (f->desk, heard);
}

/* The stream outlived a break of the display: what it says next is no old tale. */
static void
test_news_after_break (Fixture *f, gconstpointer data)
{
  fake_broker_answer (f->fake, "GET /api/v1/pools", 200, JSON, "{\"pools\":[]}");
  open_picture (f);
  while (fake_broker_n_streams (f->fake) == 0)
    g_main_context_iteration (NULL, TRUE);
  push_desktop (f, "null");
  explain (f, "in-use", END ("network"), TRUE);
  break_session (f);
  wait_for (f, FLOE_DESK_ASKING_WHY);
  wait_for (f, FLOE_DESK_SHOWING);
  push_desktop (f, END_AT ("taken-over", "09:45:00"));
  explain (f, "in-use", END_AT ("taken-over", "09:45:00"), TRUE);
  break_session (f);
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_cmpint (floe_desk_get_stop (f->desk)->desktop->end->reason, ==,
                   FLOE_END_REASON_TAKEN_OVER);
}

/* What is to come of the desktop is told while it is seen. */
static void
test_news_of_drain (Fixture *f, gconstpointer data)
{
  const gchar *text = "event: desktop\ndata: {\"id\":\"d1\",\"name\":\"o-1\",\"pool\":\"office\","
                      "\"power\":\"on\",\"guest\":\"ready\",\"console\":\"connected\","
                      "\"state\":\"in-use\",\"end\":null,\"can_reconnect\":true,\"limit_at\":null,"
                      "\"ends_at\":\"2026-11-23T12:30:00Z\",\"notice\":\"host1 moves\"}\n\n";
  guint n = 0;

  g_signal_connect (f->desk, "news", G_CALLBACK (count), &n);
  open_picture (f);
  while (fake_broker_n_streams (f->fake) == 0)
    g_main_context_iteration (NULL, TRUE);
  fake_broker_push (f->fake, text);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (floe_desk_get_news (f->desk)->notice, ==, "host1 moves");
  g_assert_cmpint (floe_desk_get_news (f->desk)->ends_at, >, 0);
}

static gboolean
press_key (gpointer desk)
{
  floe_desk_note_input (desk);
  return G_SOURCE_CONTINUE;
}

static guint
wait_for_beat (Fixture *f, guint n)
{
  static const gchar route[] = "POST /api/v1/desktops/d1/heartbeat";
  guint idle = 0;

  while (fake_broker_n_requests (f->fake, route) < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (sscanf (fake_broker_last (f->fake, route)->body, "{\"idle_seconds\":%u}", &idle),
                   ==, 1);
  return idle;
}

static gboolean
tells_picture (Fixture *f)
{
  return strstr (fake_broker_last (f->fake, "POST /api/v1/desktops/d1/heartbeat")->body,
                 "\"picture_ms\":")
         != NULL;
}

/* After some seconds, and then once a minute, as long as the picture is there; a second lasts 20 ms
 * here. How long the picture took is told once. */
static void
test_heartbeat (Fixture *f, gconstpointer data)
{
  guint keys;

  fake_broker_answer (f->fake, "POST /api/v1/desktops/d1/heartbeat", 204, NULL, NULL);
  open_picture (f);
  g_assert_cmpuint (wait_for_beat (f, 1), >=, 5);
  g_assert_true (tells_picture (f));
  g_assert_cmpuint (wait_for_beat (f, 2), >=, 60);
  g_assert_false (tells_picture (f));
  keys = g_timeout_add (10, press_key, f->desk);
  g_assert_cmpuint (wait_for_beat (f, 3), <, 30);
  g_source_remove (keys);
  g_assert_cmpint (floe_desk_get_state (f->desk), ==, FLOE_DESK_SHOWING);
  floe_desk_stop (f->desk);
}

static void
test_expired_ticket (Fixture *f, gconstpointer data)
{
  offer (f);
  fake_spice_set_manner (f->spice, FAKE_SPICE_BAD_TICKET);
  floe_desk_start (f->desk);
  wait_for (f, FLOE_DESK_PAUSED);
  fake_spice_set_manner (f->spice, FAKE_SPICE_GOOD);
  wait_for (f, FLOE_DESK_SHOWING);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 2);
}

static void
test_ticket_refused_twice (Fixture *f, gconstpointer data)
{
  offer (f);
  fake_spice_set_manner (f->spice, FAKE_SPICE_BAD_TICKET);
  floe_desk_start (f->desk);
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_cmpint (floe_desk_get_stop (f->desk)->cause, ==, FLOE_END_AUTH);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 2);
}

/* The log-in ran out during the session: the terminal's own right brings a new one, once. */
static void
test_expired_token (Fixture *f, gconstpointer data)
{
  open_picture (f);
  fake_broker_answer_file (f->fake, DESKTOP, 401, "problem-expired-token.json");
  explain (f, "ready", END ("network"), TRUE);
  fake_broker_answer_file (f->fake, RECONNECT, 201, "login.json");
  break_session (f);
  wait_for (f, FLOE_DESK_ASKING_WHY);
  wait_for (f, FLOE_DESK_SHOWING);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, RECONNECT), ==, 1);
}

static void
test_right_ended (Fixture *f, gconstpointer data)
{
  open_picture (f);
  fake_broker_answer_file (f->fake, DESKTOP, 401, "problem-expired-token.json");
  fake_broker_answer_file (f->fake, RECONNECT, 401, "problem-expired-token.json");
  break_session (f);
  wait_for (f, FLOE_DESK_STOPPED);
  g_assert_true (floe_client_error_is_log_in (floe_desk_get_stop (f->desk)->error));
}

static void
test_broker_away_meanwhile (Fixture *f, gconstpointer data)
{
  open_picture (f);
  fake_broker_raw (f->fake, NULL);
  break_session (f);
  wait_for (f, FLOE_DESK_ASKING_WHY);
  while (floe_desk_get_attempt (f->desk) < 3)
    g_main_context_iteration (NULL, TRUE);
  explain (f, "ready", END ("network"), TRUE);
  fake_broker_sane (f->fake);
  floe_desk_retry_now (f->desk);
  wait_for (f, FLOE_DESK_SHOWING);
}

/* The broker's network is dead, and does not say so: a question that hangs is put again. */
static void
test_hung_question (Fixture *f, gconstpointer data)
{
  open_picture (f);
  fake_broker_hang (f->fake, DESKTOP);
  explain (f, "ready", END ("network"), TRUE);
  break_session (f);
  wait_for (f, FLOE_DESK_PAUSED);
  wait_for (f, FLOE_DESK_SHOWING);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, DESKTOP), ==, 2);
}

/* Whoever plugs the cable in again does not wait for the next try. */
static void
test_network_changes (Fixture *f, gconstpointer data)
{
  floe_desk_set_second (f->desk, 60 * 1000);
  open_picture (f);
  explain (f, "ready", END ("network"), TRUE);
  break_session (f);
  wait_for (f, FLOE_DESK_ASKING_WHY);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", FALSE);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  wait_for (f, FLOE_DESK_SHOWING);
}

/* Nor for what was asked over the network as it was. */
static void
test_network_changes_meanwhile (Fixture *f, gconstpointer data)
{
  open_picture (f);
  fake_broker_hang (f->fake, DESKTOP);
  explain (f, "ready", END ("network"), TRUE);
  break_session (f);
  while (fake_broker_n_requests (f->fake, DESKTOP) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  wait_for (f, FLOE_DESK_SHOWING);
  g_assert_false (f->was_paused);
}

#define ACTIONS "POST /api/v1/desktops/d1/actions"

static void
on_refused (FloeDesk *desk, const GError *error, GError **refusal)
{
  g_assert_null (*refusal);
  *refusal = g_error_copy (error);
}

static void
open_with (Fixture *f, const gchar *actions)
{
  offer_with (f, actions);
  floe_desk_start (f->desk);
  g_assert_false (floe_desk_may (f->desk, "restart"));
  wait_for (f, FLOE_DESK_SHOWING);
}

/* Whoever restarts it sees it go down and come back, without being asked. */
static void
test_restart (Fixture *f, gconstpointer data)
{
  fake_broker_answer (f->fake, ACTIONS, 204, NULL, NULL);
  open_with (f, "\"restart\"");
  g_assert_true (floe_desk_may (f->desk, "restart"));
  g_assert_false (floe_desk_may (f->desk, "fresh"));
  floe_desk_act (f->desk, "fresh");
  floe_desk_act (f->desk, "restart");
  while (fake_broker_n_requests (f->fake, ACTIONS) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fake_broker_last (f->fake, ACTIONS)->body, ==, "{\"action\":\"restart\"}");
  explain (f, "starting", "null", TRUE);
  break_session (f);
  wait_for (f, FLOE_DESK_ASKING_WHY);
  wait_for (f, FLOE_DESK_SHOWING);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, DESKTOP), ==, 1);
}

/* The old picture is not seen while the fresh one is waited for. */
static void
test_fresh (Fixture *f, gconstpointer data)
{
  fake_broker_answer (f->fake, ACTIONS, 204, NULL, NULL);
  open_with (f, "\"fresh\"");
  floe_desk_act (f->desk, "fresh");
  g_assert_false (floe_desk_may (f->desk, "fresh"));
  wait_for (f, FLOE_DESK_ASKING);
  g_assert_false (floe_desk_was_showing (f->desk));
  wait_for (f, FLOE_DESK_SHOWING);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 2);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, DESKTOP), ==, 0);
  g_assert_true (floe_desk_may (f->desk, "fresh"));
}

/* The old one may be gone before the broker has answered. */
static void
test_fresh_late (Fixture *f, gconstpointer data)
{
  fake_broker_hang (f->fake, ACTIONS);
  open_with (f, "\"fresh\"");
  floe_desk_act (f->desk, "fresh");
  break_session (f);
  wait_for (f, FLOE_DESK_ASKING);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 1);
  floe_desk_stop (f->desk);
}

/* Who is refused keeps what they have. */
static void
test_fresh_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) refusal = NULL;

  fake_broker_answer_file (f->fake, ACTIONS, 409, "problem-no-desktop-free.json");
  g_signal_connect (f->desk, "refused", G_CALLBACK (on_refused), &refusal);
  open_with (f, "\"fresh\"");
  floe_desk_act (f->desk, "fresh");
  while (refusal == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (refusal, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_EXHAUSTED);
  g_assert_cmpint (floe_desk_get_state (f->desk), ==, FLOE_DESK_SHOWING);
  while (!floe_desk_may (f->desk, "fresh"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONNECT), ==, 1);
}

static void
test_stopped_while_paused (Fixture *f, gconstpointer data)
{
  open_picture (f);
  fake_broker_hang (f->fake, DESKTOP);
  break_session (f);
  wait_for (f, FLOE_DESK_ASKING_WHY);
  floe_desk_stop (f->desk);
  g_assert_cmpint (floe_desk_get_state (f->desk), ==, FLOE_DESK_STOPPED);
  g_assert_cmpint (floe_desk_get_stop (f->desk)->cause, ==, FLOE_END_ASKED);
}

static void
add (const gchar *name, gconstpointer data, void (*test) (Fixture *f, gconstpointer data))
{
  g_autofree gchar *path = g_strconcat ("/session-desk/", name, NULL);

  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("opens", NULL, test_opens);
  add ("waits-in-line", NULL, test_waits_in_line);
  add ("another", NULL, test_another);
  add ("leave-line", NULL, test_leave_line);
  add ("start-fails", NULL, test_start_fails);
  add ("no-desktop-free", NULL, test_no_desktop_free);
  add ("busy-is-asked-again", NULL, test_busy_is_asked_again);
  for (gsize i = 0; i < G_N_ELEMENTS (afters); i++)
    {
      g_autofree gchar *name = g_strconcat ("after/", afters[i].name, NULL);

      add (name, &afters[i], test_after);
    }
  add ("late-reason", NULL, test_late_reason);
  add ("news-while-asking", NULL, test_news_while_asking);
  add ("not-running", NULL, test_not_running);
  add ("never-running", NULL, test_never_running);
  add ("not-running-on-return", NULL, test_not_running_on_return);
  add ("news-of-take-over", NULL, test_news_of_take_over);
  add ("news-after-break", NULL, test_news_after_break);
  add ("news-of-drain", NULL, test_news_of_drain);
  add ("heartbeat", NULL, test_heartbeat);
  add ("expired-ticket", NULL, test_expired_ticket);
  add ("ticket-refused-twice", NULL, test_ticket_refused_twice);
  add ("expired-token", NULL, test_expired_token);
  add ("right-ended", NULL, test_right_ended);
  add ("broker-away-meanwhile", NULL, test_broker_away_meanwhile);
  add ("hung-question", NULL, test_hung_question);
  add ("network-changes", NULL, test_network_changes);
  add ("network-changes-meanwhile", NULL, test_network_changes_meanwhile);
  add ("restart", NULL, test_restart);
  add ("fresh", NULL, test_fresh);
  add ("fresh-late", NULL, test_fresh_late);
  add ("fresh-refused", NULL, test_fresh_refused);
  add ("stopped-while-paused", NULL, test_stopped_while_paused);
  return g_test_run ();
}
