/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/watch.h"

#include <string.h>

#include "api/error.h"
#include "client-fake.h"

#define REQUEST "GET /api/v1/requests/r1"
#define EVENTS  "GET /api/v1/requests/r1/events"

typedef struct
{
  FakeBroker *fake;
  FloeBroker *broker;
  FloeEventWatch *watch;
  GString *told;
} Fixture;

static gchar *
request_json (const gchar *state, const gchar *since)
{
  return g_strdup_printf ("{\"id\":\"r1\",\"pool\":\"office\",\"desktop\":null,\"state\":\"%s\","
                          "\"place\":null,\"problem\":null,\"since\":\"2026-11-23T09:%s:00Z\"}",
                          state, since);
}

static gchar *
desktop_json (const gchar *id, const gchar *state)
{
  return g_strdup_printf ("{\"id\":\"%s\",\"name\":\"n\",\"pool\":\"office\",\"power\":\"on\","
                          "\"guest\":\"ready\",\"console\":\"none\",\"state\":\"%s\",\"end\":null,"
                          "\"can_reconnect\":true}",
                          id, state);
}

static void
push_event (Fixture *f, const gchar *event, gchar *json)
{
  g_autofree gchar *text = g_strdup_printf ("event: %s\ndata: %s\n\n", event, json);

  fake_broker_push (f->fake, text);
  g_free (json);
}

static void
answer_state (Fixture *f, const gchar *state, const gchar *since)
{
  g_autofree gchar *body = request_json (state, since);

  fake_broker_answer (f->fake, REQUEST, 200, "application/json", body);
}

static void
on_request (FloeEventWatch *watch, const FloeConnectRequest *request, Fixture *f)
{
  const gchar *const names[] = { "waiting", "starting", "guest", "ready", "failed" };

  g_string_append_printf (f->told, "%s;", names[request->state]);
}

static void
on_desktop (FloeEventWatch *watch, const FloeDesktop *desktop, Fixture *f)
{
  g_string_append_printf (f->told, "%s=%d;", desktop->id, desktop->state);
}

static void
on_interrupted (FloeEventWatch *watch, const GError *error, Fixture *f)
{
  g_string_append_printf (f->told, "interrupted:%s;", floe_client_error_name (error->code));
}

static void
on_resumed (FloeEventWatch *watch, Fixture *f)
{
  g_string_append (f->told, "resumed;");
}

static void
on_failed (FloeEventWatch *watch, const GError *error, Fixture *f)
{
  g_string_append_printf (f->told, "failed:%s;", floe_client_error_name (error->code));
}

static void
watch (Fixture *f, FloeEventWatch *made, guint second_ms, guint silence)
{
  f->watch = made;
  floe_event_watch_set_timing (made, second_ms, silence);
  g_signal_connect (made, "request", G_CALLBACK (on_request), f);
  g_signal_connect (made, "desktop", G_CALLBACK (on_desktop), f);
  g_signal_connect (made, "interrupted", G_CALLBACK (on_interrupted), f);
  g_signal_connect (made, "resumed", G_CALLBACK (on_resumed), f);
  g_signal_connect (made, "failed", G_CALLBACK (on_failed), f);
  floe_event_watch_start (made);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree gchar *url = NULL;
  g_autoptr (FloeSecret) token = floe_secret_new ("flt_x", -1);

  f->fake = fake_broker_new ();
  url = fake_broker_url (f->fake);
  f->broker = floe_broker_new (url, NULL, NULL);
  floe_broker_set_token (f->broker, token);
  f->told = g_string_new (NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  floe_event_watch_stop (f->watch);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (f->watch);
  g_assert_finalize_object (f->broker);
  fake_broker_free (f->fake);
  g_string_free (f->told, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Until it was told, in this order and nothing else. */
static void
expect (Fixture *f, const gchar *told)
{
  while (!g_str_equal (f->told->str, told))
    {
      if (!g_str_has_prefix (told, f->told->str))
        g_error ("expected %s, was told %s", told, f->told->str);
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
until_streams (Fixture *f, guint n)
{
  while (fake_broker_n_requests (f->fake, EVENTS) < n || fake_broker_n_streams (f->fake) == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_stream (Fixture *f, gconstpointer data)
{
  guint polls;

  answer_state (f, "waiting", "01");
  fake_broker_stream (f->fake, EVENTS);
  watch (f, floe_event_watch_new_request (f->broker, "r1"), 1000, 40);
  expect (f, "waiting;");
  until_streams (f, 1);
  g_assert_cmpstr (fake_broker_last (f->fake, EVENTS)->accept, ==,
                   "text/event-stream, application/problem+json");
  polls = fake_broker_n_requests (f->fake, REQUEST);
  push_event (f, "state", request_json ("waiting", "01")); /* nothing new */
  push_event (f, "other", g_strdup ("{}"));
  push_event (f, "state", request_json ("starting", "02"));
  expect (f, "waiting;starting;");
  push_event (f, "state", request_json ("guest", "03"));
  expect (f, "waiting;starting;guest;");
  push_event (f, "state", request_json ("ready", "04"));
  expect (f, "waiting;starting;guest;ready;");
  /* A stream that delivers is not polled beside, but for what closes the gap. */
  g_assert_cmpuint (fake_broker_n_requests (f->fake, REQUEST), <=, polls + 4);
}

/* The route of events is refused, or its answers are held back: polling does it all. */
static void
test_polling (Fixture *f, gconstpointer data)
{
  const gchar *mode = data;

  if (g_str_equal (mode, "refused"))
    fake_broker_answer (f->fake, EVENTS, 503, "text/html", "no");
  else if (g_str_equal (mode, "no-stream"))
    fake_broker_answer (f->fake, EVENTS, 200, "application/json", "{}");
  else
    fake_broker_stream (f->fake, EVENTS); /* and nothing is ever pushed */
  answer_state (f, "waiting", "01");
  answer_state (f, "starting", "02");
  answer_state (f, "ready", "03");
  watch (f, floe_event_watch_new_request (f->broker, "r1"), 10, 40);
  expect (f, "waiting;starting;ready;");
}

static void
test_reopen (Fixture *f, gconstpointer data)
{
  answer_state (f, "waiting", "01");
  fake_broker_stream (f->fake, EVENTS);
  watch (f, floe_event_watch_new_request (f->broker, "r1"), 10, 4000);
  until_streams (f, 1);
  push_event (f, "state", request_json ("starting", "02"));
  while (strstr (f->told->str, "starting;") == NULL)
    g_main_context_iteration (NULL, TRUE);
  fake_broker_end_streams (f->fake);
  until_streams (f, 2);
  push_event (f, "state", request_json ("ready", "04"));
  while (!g_str_has_suffix (f->told->str, "ready;"))
    g_main_context_iteration (NULL, TRUE);
}

/* A connection that is dead without a word is given up and opened again. */
static void
test_silence (Fixture *f, gconstpointer data)
{
  answer_state (f, "waiting", "01");
  fake_broker_stream (f->fake, EVENTS);
  watch (f, floe_event_watch_new_request (f->broker, "r1"), 10, 5);
  until_streams (f, 1);
  fake_broker_push (f->fake, ": ping\n\n");
  until_streams (f, 2);
  expect (f, "waiting;");
}

/* What happened before the stream began, or since it broke, is asked for at once: here no timer
 * ever comes round. */
static void
test_gaps (Fixture *f, gconstpointer data)
{
  answer_state (f, "waiting", "01");
  answer_state (f, "starting", "02");
  answer_state (f, "guest", "03");
  fake_broker_stream (f->fake, EVENTS);
  watch (f, floe_event_watch_new_request (f->broker, "r1"), 1000000, 40);
  until_streams (f, 1);
  expect (f, "waiting;");
  fake_broker_push (f->fake, ": ping\n\n");
  expect (f, "waiting;starting;");
  fake_broker_end_streams (f->fake);
  expect (f, "waiting;starting;guest;");
}

/* Garbage on the stream is not the end while polling makes sense. */
static void
test_garbage (Fixture *f, gconstpointer data)
{
  answer_state (f, "waiting", "01");
  fake_broker_stream (f->fake, EVENTS);
  watch (f, floe_event_watch_new_request (f->broker, "r1"), 10, 4000);
  until_streams (f, 1);
  fake_broker_push (f->fake, "event: state\ndata: {\"id\":7}\n\n");
  until_streams (f, 2);
  fake_broker_push (f->fake, "data: \xff\n\n");
  until_streams (f, 3);
  expect (f, "waiting;");
}

static void
test_interrupted (Fixture *f, gconstpointer data)
{
  fake_broker_answer (f->fake, EVENTS, 503, "text/html", "no");
  answer_state (f, "waiting", "01");
  fake_broker_answer (f->fake, REQUEST, 503, "text/html", "no");
  fake_broker_answer (f->fake, REQUEST, 503, "text/html", "no");
  answer_state (f, "waiting", "01");
  answer_state (f, "ready", "02");
  watch (f, floe_event_watch_new_request (f->broker, "r1"), 10, 40);
  expect (f, "waiting;interrupted:unavailable;resumed;ready;");
}

static void
test_over (Fixture *f, gconstpointer data)
{
  fake_broker_answer (f->fake, EVENTS, 503, "text/html", "no");
  if (g_str_equal (data, "expired"))
    fake_broker_answer_file (f->fake, REQUEST, 401, "problem-expired-token.json");
  else if (g_str_equal (data, "gone"))
    fake_broker_answer_file (f->fake, REQUEST, 404, "problem-not-found.json");
  else
    fake_broker_answer (f->fake, REQUEST, 200, "application/json", "{\"id\":7}");
  watch (f, floe_event_watch_new_request (f->broker, "r1"), 10, 40);
  if (g_str_equal (data, "expired"))
    expect (f, "failed:expired-token;");
  else if (g_str_equal (data, "gone"))
    expect (f, "failed:not-found;");
  else
    expect (f, "failed:protocol;");
}

static void
stop_it (FloeEventWatch *self, gpointer news, Fixture *f)
{
  floe_event_watch_stop (self);
}

/* Whoever is told may stop the watch: nothing comes any more, also not of the same piece. */
static void
test_stopped_inside (Fixture *f, gconstpointer data)
{
  g_autofree gchar *a = desktop_json ("a", "off");
  g_autofree gchar *b = desktop_json ("b", "off");
  g_autofree gchar *both =
      g_strdup_printf ("event: desktop\ndata: %s\n\nevent: desktop\ndata: %s\n\n", a, b);

  fake_broker_answer (f->fake, "GET /api/v1/pools", 200, "application/json", "{\"pools\":[]}");
  fake_broker_stream (f->fake, "GET /api/v1/events");
  watch (f, floe_event_watch_new_desktops (f->broker), 1000, 40);
  g_signal_connect (f->watch, "desktop", G_CALLBACK (stop_it), f);
  while (fake_broker_n_streams (f->fake) == 0)
    g_main_context_iteration (NULL, TRUE);
  fake_broker_push (f->fake, both);
  expect (f, "a=1;");
  while (fake_broker_n_streams (f->fake) > 0) /* the server sees us go */
    {
      fake_broker_push (f->fake, ": ping\n\n");
      g_main_context_iteration (NULL, FALSE);
    }
  expect (f, "a=1;");
}

static void
test_desktops (Fixture *f, gconstpointer data)
{
  g_autofree gchar *json = desktop_json ("a", "ready");
  g_autofree gchar *pools = g_strdup_printf (
      "{\"pools\":[{\"name\":\"office\",\"kind\":\"floating\",\"keeps_data\":false,\"desktop\":%s},"
      "{\"name\":\"other\",\"kind\":\"floating\",\"keeps_data\":false,\"desktop\":null}]}",
      json);

  fake_broker_answer (f->fake, "GET /api/v1/pools", 200, "application/json", pools);
  fake_broker_stream (f->fake, "GET /api/v1/events");
  watch (f, floe_event_watch_new_desktops (f->broker), 1000, 40);
  expect (f, "a=3;");
  while (fake_broker_n_streams (f->fake) == 0)
    g_main_context_iteration (NULL, TRUE);
  push_event (f, "desktop", desktop_json ("a", "in-use"));
  while (strstr (f->told->str, "a=4;") == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Started again after it was stopped. */
static void
test_restart (Fixture *f, gconstpointer data)
{
  answer_state (f, "waiting", "01");
  answer_state (f, "ready", "02");
  fake_broker_answer (f->fake, EVENTS, 503, "text/html", "no");
  watch (f, floe_event_watch_new_request (f->broker, "r1"), 100000, 40);
  expect (f, "waiting;");
  floe_event_watch_stop (f->watch);
  floe_event_watch_start (f->watch);
  floe_event_watch_start (f->watch);
  expect (f, "waiting;ready;");
}

static void
on_message (FloeEventWatch *watch, const FloeMessage *message, Fixture *f)
{
  g_string_append_printf (f->told, "%s@%s:%s;", message->from, message->desktop_id, message->text);
}

static gchar *
message_json (void)
{
  gchar *text = fake_file ("message.json");

  return g_strdelimit (text, "\n", ' '); /* an event's data ends with its line */
}

static void
test_messages (Fixture *f, gconstpointer data)
{
  fake_broker_stream (f->fake, "GET /api/v1/events");
  fake_broker_answer (f->fake, "GET /api/v1/pools", 200, "application/json", "{\"pools\":[]}");
  watch (f, floe_event_watch_new_desktops (f->broker), 20, 1000);
  g_signal_connect (f->watch, "message", G_CALLBACK (on_message), f);
  while (fake_broker_n_streams (f->fake) == 0)
    g_main_context_iteration (NULL, TRUE);
  push_event (f, "desktop", desktop_json ("d1", "in-use"));
  push_event (f, "message", message_json ());
  push_event (f, "unheard-of", g_strdup ("{}"));
  expect (f, "d1=4;Jana Weber@0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f:We restart the printer server "
             "at noon. Please print before that.;");
}

#define ADD(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client-watch/stream", NULL, test_stream);
  ADD ("/client-watch/polling/refused", "refused", test_polling);
  ADD ("/client-watch/polling/no-stream", "no-stream", test_polling);
  ADD ("/client-watch/polling/held-back", "held-back", test_polling);
  ADD ("/client-watch/reopen", NULL, test_reopen);
  ADD ("/client-watch/silence", NULL, test_silence);
  ADD ("/client-watch/gaps", NULL, test_gaps);
  ADD ("/client-watch/garbage", NULL, test_garbage);
  ADD ("/client-watch/interrupted", NULL, test_interrupted);
  ADD ("/client-watch/over/expired", "expired", test_over);
  ADD ("/client-watch/over/gone", "gone", test_over);
  ADD ("/client-watch/over/senseless", "senseless", test_over);
  ADD ("/client-watch/stopped-inside", NULL, test_stopped_inside);
  ADD ("/client-watch/desktops", NULL, test_desktops);
  ADD ("/client-watch/restart", NULL, test_restart);
  ADD ("/client-watch/messages", NULL, test_messages);
  return g_test_run ();
}
