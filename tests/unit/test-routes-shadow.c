/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "logs.h"
#include "routes-fixture.h"

/* Who looks at whose screen, over HTTP: what is taken, and what is too much. */

#define ONE   "5d0f6c1e-2b3a-4c4d-9e5f-60718293a4b5"
#define PLACE "?first=1&x=0&y=192&width=1024&height=768"

static FloeShadow *
shadow_new (void)
{
  FloeShadow *shadow = g_new0 (FloeShadow, 1);

  shadow->id = g_strdup (ONE);
  shadow->desktop_id = g_strdup ("0b9e6a52-7d0c-4f3e-8f5d-1a2b3c4d5e6f");
  shadow->desktop = g_strdup ("office-1");
  shadow->pool = g_strdup ("office");
  shadow->holder = g_strdup ("id-hmori");
  shadow->holder_name = g_strdup ("hmori");
  shadow->helper_name = g_strdup ("Jana Weber");
  shadow->reason = g_strdup ("ticket 4711: the printer does not show");
  shadow->state = FLOE_SHADOW_GRANTED;
  shadow->asked = G_GINT64_CONSTANT (1795426867) * G_USEC_PER_SEC;
  shadow->granted = shadow->asked + 8 * G_USEC_PER_SEC;
  return shadow;
}

static void
test_ask (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("admin-shadow-request");
  g_autofree gchar *answer = NULL;
  g_autofree gchar *refused = NULL;
  g_autofree gchar *denied = NULL;

  parts_answer (shadow_new ());
  answer = routes_ask (fixture, "POST /api/v1/admin/desktops/d-1/shadow", PARTS_ADMIN_TOKEN, body);
  routes_assert_answer (answer, 201, "admin-shadow");
  routes_assert_log ("shadow ask helpdesk d-1: ticket 4711: the printer does not show\n");
  parts_fail (FLOE_ERROR_CONFLICT, "shadowed", "Jana Weber has asked already");
  refused = routes_ask (fixture, "POST /api/v1/admin/desktops/d-1/shadow", PARTS_ADMIN_TOKEN, body);
  routes_assert_problem (refused, 409, "conflict", "Jana Weber has asked already");
  g_free (parts_take_log ());
  denied = routes_ask (fixture, "POST /api/v1/admin/desktops/d-1/shadow", PARTS_USER_TOKEN, body);
  routes_assert_problem (denied, 403, "denied", NULL);
  routes_assert_log ("");
}

static void
test_steps (RoutesFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *line;
    const gchar *body;
    gboolean staff;
    FloeShadowStep step;
  } rows[] = {
    { "POST /api/v1/shadows/" ONE "/answer", "{\"question\":\"look\",\"allow\":true}", FALSE,
      FLOE_SHADOW_ALLOW },
    { "POST /api/v1/shadows/" ONE "/answer", "{\"question\":\"look\",\"allow\":false}", FALSE,
      FLOE_SHADOW_REFUSE },
    { "POST /api/v1/shadows/" ONE "/answer", "{\"question\":\"control\",\"allow\":true}", FALSE,
      FLOE_SHADOW_ALLOW_CONTROL },
    { "POST /api/v1/shadows/" ONE "/answer", "{\"question\":\"control\",\"allow\":false}", FALSE,
      FLOE_SHADOW_DENY_CONTROL },
    { "DELETE /api/v1/shadows/" ONE, NULL, FALSE, FLOE_SHADOW_STOP },
    { "POST /api/v1/admin/shadows/" ONE "/control", "{\"wanted\":true}", TRUE,
      FLOE_SHADOW_WANT_CONTROL },
    { "POST /api/v1/admin/shadows/" ONE "/control", "{\"wanted\":false}", TRUE,
      FLOE_SHADOW_DROP_CONTROL },
    { "DELETE /api/v1/admin/shadows/" ONE, NULL, TRUE, FLOE_SHADOW_LEAVE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *answer = NULL;
      g_autofree gchar *log = g_strdup_printf (
          "shadow step %s " ONE " %d\n", rows[i].staff ? "helpdesk" : "hmori", (int)rows[i].step);

      parts_answer (shadow_new ());
      answer = routes_ask (fixture, rows[i].line,
                           rows[i].staff ? PARTS_ADMIN_TOKEN : PARTS_USER_TOKEN, rows[i].body);
      g_assert_cmpuint (api_status (answer), <, 300);
      routes_assert_log (log);
    }
}

static void
test_bad_bodies (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar answer[] = "POST /api/v1/shadows/" ONE "/answer";
  static const gchar input[] = "POST /api/v1/admin/shadows/" ONE "/input";
  static const struct
  {
    const gchar *line;
    const gchar *body;
  } rows[] = {
    { answer, "{\"question\":\"look\"}" },
    { answer, "{\"question\":\"everything\",\"allow\":true}" },
    { input, "{}" },
    { input, "{\"events\":[{\"kind\":\"key\",\"code\":512,\"down\":true}]}" },
    { input, "{\"events\":[{\"kind\":\"key\",\"code\":30}]}" },
    { input, "{\"events\":[{\"kind\":\"move\",\"x\":1}]}" },
    { input, "{\"events\":[{\"kind\":\"move\",\"x\":1,\"y\":-1}]}" },
    { input, "{\"events\":[{\"kind\":\"button\",\"code\":4,\"down\":true}]}" },
    { input, "{\"events\":[{\"kind\":\"wheel\",\"code\":3}]}" },
    { input, "{\"events\":[{\"kind\":\"paste\"}]}" },
  };
  g_autoptr (GString) many = g_string_new ("{\"events\":[");
  g_autofree gchar *refused = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *got =
          routes_ask (fixture, rows[i].line,
                      rows[i].line == input ? PARTS_ADMIN_TOKEN : PARTS_USER_TOKEN, rows[i].body);

      routes_assert_problem (got, 400, "invalid", NULL);
    }
  for (guint i = 0; i < 65; i++)
    g_string_append_printf (many, "%s{\"kind\":\"wheel\",\"code\":1}", i > 0 ? "," : "");
  g_string_append (many, "]}");
  refused = routes_ask (fixture, input, PARTS_ADMIN_TOKEN, many->str);
  routes_assert_problem (refused, 400, "invalid", NULL);
  routes_assert_log ("");
}

static gchar *
give (RoutesFixture *fixture, const gchar *place, const gchar *type, const gchar *bytes,
      gsize length)
{
  g_autofree gchar *line = g_strconcat ("PUT /api/v1/shadows/" ONE "/picture", place, NULL);
  g_autofree gchar *head = g_strdup_printf (
      "%s HTTP/1.1\r\nHost: broker.floe.test\r\nAuthorization: Bearer " PARTS_USER_TOKEN
      "\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      line, type, length);
  g_autoptr (GSocket) socket = api_fixture_connect (&fixture->server);

  api_fixture_send (socket, head, -1);
  api_fixture_send (socket, bytes, (gssize)length);
  return api_fixture_read (socket, NULL);
}

static void
test_pictures (RoutesFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *place;
    const gchar *type;
    gsize length;
    gboolean jpeg;
    guint status;
  } rows[] = {
    { PLACE, "image/jpeg", 65536, TRUE, 200 },
    { PLACE, "image/jpeg", 65537, TRUE, 413 },
    { PLACE, "image/png", 100, TRUE, 415 },
    { PLACE, "application/json", 100, TRUE, 415 },
    { PLACE, "image/jpeg", 100, FALSE, 400 },
    { PLACE, "image/jpeg", 2, TRUE, 400 },
    { "", "image/jpeg", 100, TRUE, 400 },
    { "?first=2&x=0&y=0&width=10&height=10", "image/jpeg", 100, TRUE, 400 },
    { "?first=0&x=10&y=0&width=10&height=10", "image/jpeg", 100, TRUE, 400 },
    { "?first=0&x=0&y=0&width=16385&height=10", "image/jpeg", 100, TRUE, 400 },
    { "?first=0&x=-1&y=0&width=10&height=10", "image/jpeg", 100, TRUE, 400 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *bytes = g_malloc0 (rows[i].length);
      g_autofree gchar *answer = NULL;

      if (rows[i].jpeg)
        memcpy (bytes, "\xff\xd8\xff", MIN (rows[i].length, 3));
      if (rows[i].status == 200)
        parts_answer (routes_yes ());
      answer = give (fixture, rows[i].place, rows[i].type, bytes, rows[i].length);
      g_assert_cmpuint (api_status (answer), ==, rows[i].status);
      if (rows[i].status == 200)
        routes_assert_answer (answer, 200, "shadow-given");
      routes_assert_log (rows[i].status == 200 ? "shadow picture hmori " ONE
                                                 " first 0,192 of 1024x768, 65536 bytes\n"
                                               : "");
    }
}

static void
test_take (RoutesFixture *fixture, gconstpointer data)
{
  FloePicture *picture = g_new0 (FloePicture, 1);
  g_autofree gchar *answer = NULL;
  g_autofree gchar *bad = NULL;

  picture->number = 17;
  picture->y = 192;
  picture->width = 1024;
  picture->height = 768;
  picture->bytes = floe_secret_new ("\xff\xd8\xff\xe0", 4);
  parts_answer (picture);
  answer = routes_ask (fixture, "GET /api/v1/admin/shadows/" ONE "/picture?after=16",
                       PARTS_ADMIN_TOKEN, NULL);
  g_assert_cmpuint (api_status (answer), ==, 200);
  g_assert_true (api_has_header (answer, "Content-Type: image/jpeg"));
  g_assert_true (
      api_has_header (answer, "Floe-Picture: number=17, x=0, y=192, width=1024, height=768"));
  g_assert_true (api_has_header (answer, "X-Content-Type-Options: nosniff"));
  g_free (parts_take_log ());
  bad = routes_ask (fixture, "GET /api/v1/admin/shadows/" ONE "/picture", PARTS_ADMIN_TOKEN, NULL);
  routes_assert_problem (bad, 400, "invalid", NULL);
}

static void
test_listen (RoutesFixture *fixture, gconstpointer data)
{
  static const FloeInput events[] = {
    { FLOE_INPUT_MOVE, 0, FALSE, 512, 384 }, { FLOE_INPUT_BUTTON, 1, TRUE, 0, 0 },
    { FLOE_INPUT_BUTTON, 1, FALSE, 0, 0 },   { FLOE_INPUT_KEY, 30, TRUE, 0, 0 },
    { FLOE_INPUT_KEY, 30, FALSE, 0, 0 },     { FLOE_INPUT_WHEEL, 2, FALSE, 0, 0 },
  };
  FloeInputs *inputs = g_new0 (FloeInputs, 1);
  g_autofree gchar *answer = NULL;

  inputs->events = g_memdup2 (events, sizeof events);
  inputs->n_events = G_N_ELEMENTS (events);
  parts_answer (inputs);
  answer = routes_ask (fixture, "GET /api/v1/shadows/" ONE "/input", PARTS_USER_TOKEN, NULL);
  routes_assert_answer (answer, 200, "shadow-inputs");
  routes_assert_log ("shadow listen hmori " ONE "\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ROUTES_ADD ("shadow/ask", test_ask);
  ROUTES_ADD ("shadow/steps", test_steps);
  ROUTES_ADD ("shadow/bad-bodies", test_bad_bodies);
  ROUTES_ADD ("shadow/pictures", test_pictures);
  ROUTES_ADD ("shadow/take", test_take);
  ROUTES_ADD ("shadow/listen", test_listen);
  return g_test_run ();
}
