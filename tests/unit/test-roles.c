/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "api-fixture.h"
#include "api/routes.h"
#include "core/api-token.h"
#include "core/error.h"
#include "house.h"
#include "logs.h"

/*
 * All routes by all roles by all kinds of token, over the socket, with the real log-in behind it.
 * What is expected is written out here by hand: a route without a row fails the test, and so does a
 * row without a route.
 */

#define IDLE_SECONDS 900

/* Who each letter is: somebody of these groups. "p" is the helpdesk of the pool "office" only, "m"
 * is that and an auditor. A token of the API has one role and so is neither "u" nor "m". */
static const struct
{
  gchar letter;
  const gchar *name;
  const gchar *groups;
} people[] = {
  { 'u', "uma", "office" },
  { 'p', "pia", "office,desk-office" },
  { 'h', "hana", "office,helpdesk" },
  { 'a', "ada", "office,auditors" },
  { 'm', "mia", "office,desk-office,auditors" },
  { 'o', "otto", "office,operators" },
  { 'd', "dora", "office,admins" },
};

#define ANYBODY    "-uphamod"
#define WITH_TOKEN "uphamod"
/* "!" is for people only, and not for tokens of the API. */
#define OWN   WITH_TOKEN "!"
#define STAFF "phamod"

static const struct
{
  const gchar *route;
  const gchar *who; /* "-" is somebody without a token that is worth anything */
} expected[] = {
  { "GET /", ANYBODY },
  { "GET /portal", ANYBODY },
  { "GET /portal/", ANYBODY },
  { "GET /portal/{}", ANYBODY },
  { "GET /api/v1/health", ANYBODY },
  { "GET /api/v1/login", ANYBODY },
  { "POST /api/v1/login", ANYBODY },
  { "POST /api/v1/login/kerberos", ANYBODY },
  { "POST /api/v1/login/code", ANYBODY },
  { "POST /api/v1/login/enrol", ANYBODY },
  { "POST /api/v1/login/enrol/confirm", ANYBODY },
  { "POST /api/v1/second-factor/begin", OWN },
  { "POST /api/v1/second-factor/confirm", OWN },
  { "POST /api/v1/second-factor/end", OWN },
  { "POST /api/v1/password", ANYBODY },
  { "POST /api/v1/logout", OWN },
  { "POST /api/v1/reconnect", ANYBODY },
  { "GET /api/v1/terminal", ANYBODY },
  { "POST /api/v1/terminal/enrol", ANYBODY },
  { "POST /api/v1/terminal/login", ANYBODY },
  { "POST /api/v1/terminal/trust", ANYBODY },
  { "GET /api/v1/terminal/settings", ANYBODY },
  { "POST /api/v1/terminal/heartbeat", ANYBODY },
  { "POST /api/v1/terminal/unlocked", ANYBODY },
  { "GET /api/v1/me", WITH_TOKEN },
  { "GET /api/v1/pools", OWN },
  { "POST /api/v1/pools/{}/connect", OWN },
  { "POST /api/v1/pools/{}/connection.vv", OWN },
  { "GET /api/v1/requests/{}", OWN },
  { "DELETE /api/v1/requests/{}", OWN },
  { "GET /api/v1/requests/{}/events", OWN },
  { "GET /api/v1/desktops/{}", OWN },
  { "POST /api/v1/desktops/{}/release", OWN },
  { "POST /api/v1/desktops/{}/actions", OWN },
  { "POST /api/v1/desktops/{}/heartbeat", OWN },
  { "GET /api/v1/events", OWN },
  { "POST /api/v1/shadows/{}/answer", OWN },
  { "PUT /api/v1/shadows/{}/picture", OWN },
  { "GET /api/v1/shadows/{}/input", OWN },
  { "DELETE /api/v1/shadows/{}", OWN },
  { "GET /api/v1/admin/pools", STAFF },
  { "GET /api/v1/admin/pools/{}", STAFF },
  { "PUT /api/v1/admin/pools/{}", "d" },
  { "DELETE /api/v1/admin/pools/{}", "d" },
  { "GET /api/v1/admin/pools/{}/explain", STAFF },
  { "GET /api/v1/admin/pools/{}/capacity", STAFF },
  { "GET /api/v1/admin/capacity", STAFF },
  { "POST /api/v1/admin/pools/{}/close", "od" },
  { "POST /api/v1/admin/pools/{}/open", "od" },
  { "POST /api/v1/admin/pools/{}/revisions", "od" },
  { "POST /api/v1/admin/pools/{}/engine", "d" },
  { "GET /api/v1/announcements", ANYBODY },
  { "GET /api/v1/admin/announcements", STAFF },
  { "POST /api/v1/admin/announcements", "od" },
  { "GET /api/v1/admin/announcements/{}", STAFF },
  { "PUT /api/v1/admin/announcements/{}", "od" },
  { "DELETE /api/v1/admin/announcements/{}", "od" },
  { "GET /api/v1/admin/hosts", "amod" },
  { "POST /api/v1/admin/hosts/{}/drain", "od" },
  { "POST /api/v1/admin/hosts/{}/open", "od" },
  { "GET /api/v1/admin/audit", STAFF },
  { "GET /api/v1/admin/audit/verify", "amd" },
  { "GET /api/v1/admin/desktops", STAFF },
  { "GET /api/v1/admin/desktops/{}", STAFF },
  { "GET /api/v1/admin/sessions", STAFF },
  { "GET /api/v1/admin/users", STAFF },
  { "GET /api/v1/admin/users/{}", STAFF },
  { "GET /api/v1/admin/users/{}/account", STAFF },
  { "POST /api/v1/admin/desktops/{}/release", "phmod" },
  { "POST /api/v1/admin/desktops/{}/actions", "phmod" },
  { "POST /api/v1/admin/desktops/{}/message", "phmod" },
  { "POST /api/v1/admin/desktops/{}/assign", "phmod" },
  { "POST /api/v1/admin/desktops/{}/shadow", "phmod!" },
  { "POST /api/v1/admin/desktops/{}/screenshot", "phmod!" },
  { "GET /api/v1/admin/shadows", "phmod!" },
  { "GET /api/v1/admin/shadows/{}", "phmod!" },
  { "POST /api/v1/admin/shadows/{}/control", "phmod!" },
  { "GET /api/v1/admin/shadows/{}/picture", "phmod!" },
  { "POST /api/v1/admin/shadows/{}/input", "phmod!" },
  { "DELETE /api/v1/admin/shadows/{}", "phmod!" },
  { "POST /api/v1/admin/desktops/{}/maintenance", "phmod" },
  { "POST /api/v1/admin/desktops/{}/open", "phmod" },
  { "GET /api/v1/admin/events", STAFF },
  { "POST /api/v1/admin/moves", "phmod" },
  { "POST /api/v1/admin/bulk", "phmod" },
  { "POST /api/v1/admin/users/{}/log-off", "phmod" },
  { "POST /api/v1/admin/users/{}/second-factor/reset", "phmod" },
  { "GET /api/v1/admin/webhooks", "amd" },
  { "POST /api/v1/admin/webhooks", "d" },
  { "DELETE /api/v1/admin/webhooks/{}", "d" },
  { "POST /api/v1/admin/webhooks/{}/test", "d" },
  { "GET /api/v1/admin/tokens", "amd" },
  { "POST /api/v1/admin/tokens", "d!" },
  { "DELETE /api/v1/admin/tokens/{}", "d!" },
  { "GET /api/v1/admin/terminals", STAFF },
  { "GET /api/v1/admin/terminals/{}", STAFF },
  { "PUT /api/v1/admin/terminals/{}", "od" },
  { "DELETE /api/v1/admin/terminals/{}", "od" },
  { "POST /api/v1/admin/terminals/{}/code", "phmod" },
  { "GET /api/v1/admin/terminals/{}/settings", STAFF },
  { "PUT /api/v1/admin/terminals/{}/settings", "od" },
  { "POST /api/v1/admin/terminals/{}/unlock", "od" },
  { "GET /api/v1/admin/terminal-groups", STAFF },
  { "GET /api/v1/admin/terminal-groups/{}/settings", STAFF },
  { "PUT /api/v1/admin/terminal-groups/{}/settings", "od" },
  { "GET /metrics", ANYBODY },
};

/* Whatever stands before "left" is worth nothing. */
typedef enum
{
  TOKEN_NONE,
  TOKEN_MALFORMED,
  TOKEN_UNKNOWN,
  TOKEN_EXPIRED,
  TOKEN_RECONNECT,
  TOKEN_API_ENDED,
  TOKEN_CHALLENGE,      /* of a log-in that waits for its code */
  TOKEN_COOKIE_BARE,    /* as a browser sends it for whatever page asks */
  TOKEN_COOKIE_SITE,    /* with all that a page of another site can add, as the browser says */
  TOKEN_COOKIE_ORIGIN,  /* the same in an older browser, which only says the origin */
  TOKEN_TERMINAL_BARE,  /* a public terminal's, without its certificate */
  TOKEN_TERMINAL_OTHER, /* with another terminal's */
  TOKEN_LEFT,
  TOKEN_ACCESS,
  TOKEN_COOKIE, /* as the portal sends it */
  TOKEN_AT,     /* a person's, who has gone to another terminal */
  TOKEN_TERMINAL,
  TOKEN_API,
} Kind;

static const gchar *const kind_names[] = {
  "none",        "malformed",     "unknown",       "expired",
  "reconnect",   "api-ended",     "challenge",     "cookie-bare",
  "cookie-site", "cookie-origin", "terminal-bare", "terminal-other",
  "left",        "access",        "cookie",        "at",
  "terminal",    "api",
};

#define CERT1 "1111111111111111111111111111111111111111111111111111111111111111"
#define CERT2 "2222222222222222222222222222222222222222222222222222222222222222"

typedef struct
{
  House *house;
  ApiFixture server;
  FloeApiParts parts;
  FloeApi *api;
} Desk;

static gpointer
put_terminal (FloeTx *tx, gconstpointer terminal, GError **error)
{
  return floe_tx_put_terminal (tx, terminal, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
add_terminal (House *house, const gchar *name, const gchar *fingerprint)
{
  g_autoptr (FloeTerminal) terminal = floe_terminal_new (name);

  terminal->is_public = TRUE;
  terminal->fingerprint = g_strdup (fingerprint);
  g_assert_nonnull (house_write (house, put_terminal, terminal, NULL));
}

/* From now on everybody needs a code. */
static void
require_factor (House *house)
{
  static const gchar *const required[] = { "office", NULL };
  g_autoptr (FloeSecret) key = floe_secret_new (HOUSE_SEAL_KEY, -1);
  g_autoptr (FloeSealKeys) seal = floe_seal_keys_new (key, NULL);
  g_autoptr (FloeFactorPolicy) factors =
      floe_factor_policy_new (seal, required, NULL, NULL, "Floe", NULL);

  floe_login_stop (house->login);
  g_object_unref (house->login);
  house->login = house_new_login (house, factors);
}

static void
desk_set_up (Desk *self, gconstpointer data)
{
  uid_t own = geteuid ();
  FloeApiServerSettings settings = { 0 };
  g_autoptr (FloePool) office = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  g_autoptr (FloeMetrics) metrics = floe_metrics_new ();
  FloeClock *clock;

  self->house = house_office (0, G_N_ELEMENTS (people));
  clock = FLOE_CLOCK (self->house->clock);
  g_strfreev (office->helpdesk_groups);
  office->helpdesk_groups = g_strsplit ("desk-office", ",", -1);
  house_put_pool (self->house, office);
  add_terminal (self->house, "lobby-1", CERT1);
  add_terminal (self->house, "lobby-2", CERT2);
  if (GPOINTER_TO_UINT (data) == TOKEN_CHALLENGE)
    require_factor (self->house);
  self->parts =
      (FloeApiParts){ self->house->login,
                      self->house->assigner,
                      self->house->helpdesk,
                      self->house->keeper,
                      floe_scraper_new (metrics, self->house->counted, clock),
                      floe_sessions_new (self->house->counted, self->house->keeper, clock),
                      house_shadows_new (self->house),
                      self->house->fleet,
                      floe_webhooks_new (self->house->counted, clock, NULL) };
  self->api = floe_api_new (&self->parts);
  settings.gate.routes = floe_api_get_routes (&settings.gate.n_routes);
  settings.dispatch = floe_api_dispatch;
  settings.data = self->api;
  settings.trusted_uids = &own;
  settings.n_trusted_uids = 1;
  api_fixture_set_up (&self->server, &settings);
  api_fixture_listen_unix (
      &self->server); /* behind a proxy, which says what certificate there is */
}

static void
desk_tear_down (Desk *self, gconstpointer data)
{
  api_fixture_tear_down (&self->server);
  g_assert_finalize_object (self->api);
  g_object_unref (self->parts.scraper);
  g_object_unref (self->parts.sessions);
  g_object_unref (self->parts.shadows);
  g_object_unref (self->parts.webhooks);
  house_free (self->house);
}

/* What comes with a request, and is another for some kinds. */
static void
present (GString *text, Kind kind, const gchar *token)
{
  switch (kind)
    {
    case TOKEN_COOKIE_BARE:
      g_string_append_printf (text, "Cookie: __Host-floe=%s\r\n", token);
      return;
    case TOKEN_COOKIE_SITE:
      g_string_append_printf (text,
                              "Cookie: __Host-floe=%s\r\nFloe-Session: cookie\r\n"
                              "Sec-Fetch-Site: same-site\r\n",
                              token);
      return;
    case TOKEN_COOKIE_ORIGIN:
      g_string_append_printf (text,
                              "Cookie: __Host-floe=%s\r\nFloe-Session: cookie\r\n"
                              "Origin: https://evil.floe.test\r\n",
                              token);
      return;
    case TOKEN_COOKIE:
      g_string_append_printf (text,
                              "Cookie: __Host-floe=%s\r\nFloe-Session: cookie\r\n"
                              "Sec-Fetch-Site: same-origin\r\n"
                              "Origin: https://broker.floe.test\r\n",
                              token);
      return;
    case TOKEN_TERMINAL:
      g_string_append (text, "X-Floe-Terminal: " CERT1 "\r\n");
      break;
    case TOKEN_TERMINAL_OTHER:
    case TOKEN_AT:
      g_string_append (text, "X-Floe-Terminal: " CERT2 "\r\n");
      break;
    default:
      break;
    }
  if (token != NULL)
    g_string_append_printf (text, "Authorization: Bearer %s\r\n", token);
}

/* The head of an answer and as much of its body as came with it; a stream has no end. */
static gchar *
ask (Desk *self, const FloeRoute *route, Kind kind, const gchar *token)
{
  g_auto (GStrv) parts = g_strsplit (route->path, "{}", -1);
  g_autofree gchar *path = g_strjoinv ("x", parts);
  gboolean is_picture = route->body == FLOE_BODY_PICTURE;
  const gchar *body = route->body == FLOE_BODY_NEEDED || is_picture ? "{}" : NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GSocket) socket = api_fixture_connect (&self->server);

  g_string_append_printf (text, "%s %s HTTP/1.1\r\nHost: broker.floe.test\r\n", route->method,
                          path);
  present (text, kind, token);
  if (body != NULL)
    g_string_append_printf (text, "Content-Type: %s\r\nContent-Length: 2\r\n",
                            is_picture ? "image/jpeg" : "application/json");
  g_string_append_printf (text, "\r\n%s", body != NULL ? body : "");
  api_fixture_send (socket, text->str, -1);
  return api_fixture_read (socket, g_str_has_suffix (path, "/events") ? "\r\n\r\n" : NULL);
}

static gchar *
log_in (Desk *self, guint who)
{
  g_autoptr (FloeGrant) grant = NULL;

  fake_directory_add (self->house->directory, people[who].name, people[who].groups);
  grant = house_enter (self->house, people[who].name);
  return g_strdup (floe_secret_get (grant->token, NULL));
}

static gchar *
get_reconnect_token (Desk *self, guint who)
{
  g_autoptr (FloeGrant) grant = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_directory_add (self->house->directory, people[who].name, people[who].groups);
  grant = house_enter (self->house, people[who].name);
  answer = house_get_in (self->house, grant);
  return g_strdup (floe_secret_get (answer->connection->reconnect_token, NULL));
}

static gpointer
put_api_token (FloeTx *tx, gconstpointer token, GError **error)
{
  return floe_tx_put_api_token (tx, token, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* One that is what they are; NULL where none can be. */
static gchar *
new_api_token (Desk *self, guint who, gboolean ended)
{
  static const struct
  {
    gchar letter;
    FloeRole role;
  } roles[] = { { 'p', FLOE_ROLE_HELPDESK },
                { 'h', FLOE_ROLE_HELPDESK },
                { 'a', FLOE_ROLE_AUDITOR },
                { 'o', FLOE_ROLE_OPERATOR },
                { 'd', FLOE_ROLE_ADMIN } };
  const gchar *const office[] = { "office", NULL };
  g_autoptr (FloeSecret) secret = floe_api_token_new_secret ();

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (roles[i].letter == people[who].letter)
      {
        g_autoptr (FloeApiToken) token = floe_api_token_new (
            people[who].name, roles[i].role, roles[i].letter == 'p' ? office : NULL);

        token->hash = floe_secret_hash (secret);
        token->by = g_strdup ("dora");
        token->ends = ended ? floe_clock_now (FLOE_CLOCK (self->house->clock)) : 0;
        g_assert_nonnull (house_write (self->house, put_api_token, token, NULL));
        return g_strdup (floe_secret_get (secret, NULL));
      }
  return NULL;
}

/* take_text: a field of an answer's body */
static gchar *
take_text (const gchar *answer, const gchar *field)
{
  g_autofree gchar *before = g_strdup_printf ("\"%s\":\"", field);
  const gchar *at = strstr (api_body (answer), before);

  g_assert_nonnull (at);
  at += strlen (before);
  return g_strndup (at, strcspn (at, "\""));
}

static gchar *
get_challenge (Desk *self, guint who)
{
  g_autofree gchar *body =
      g_strdup_printf ("{\"username\":\"%s\",\"password\":\"secret\"}", people[who].name);
  g_autofree gchar *text = g_strdup_printf (
      "POST /api/v1/login HTTP/1.1\r\nHost: broker.floe.test\r\n"
      "Content-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
      strlen (body), body);
  g_autofree gchar *answer = NULL;
  gchar *challenge;

  fake_directory_add (self->house->directory, people[who].name, people[who].groups);
  answer = api_fixture_ask (&self->server, text, -1);
  challenge = take_text (answer, "challenge");
  g_assert_true (g_str_has_prefix (challenge, "flc_"));
  return challenge;
}

static gchar *
log_in_terminal (Desk *self)
{
  static const FloeRoute route = { .method = "POST", .path = "/api/v1/terminal/login" };
  g_autofree gchar *answer = ask (self, &route, TOKEN_TERMINAL, NULL);

  return take_text (answer, "token");
}

/* A token of the kind; what it takes to make it. */
static gchar *
new_token (Desk *self, Kind kind, guint who)
{
  gchar *token = NULL;

  switch (kind)
    {
    case TOKEN_NONE:
      return NULL;
    case TOKEN_MALFORMED:
      return g_strdup ("flt_x");
    case TOKEN_UNKNOWN:
      return g_strdup ("flt_uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu");
    case TOKEN_RECONNECT:
      return get_reconnect_token (self, who);
    case TOKEN_EXPIRED:
      token = log_in (self, who);
      house_advance (self->house, IDLE_SECONDS + 1);
      return token;
    case TOKEN_API_ENDED:
      return new_api_token (self, who, TRUE);
    case TOKEN_API:
      return new_api_token (self, who, FALSE);
    case TOKEN_LEFT:
      token = log_in (self, who);
      fake_directory_add (self->house->directory, people[who].name, "office");
      house_advance (self->house, 61);
      return token;
    case TOKEN_CHALLENGE:
      return get_challenge (self, who);
    case TOKEN_TERMINAL_BARE:
    case TOKEN_TERMINAL_OTHER:
    case TOKEN_TERMINAL:
      return log_in_terminal (self);
    case TOKEN_COOKIE_BARE:
    case TOKEN_COOKIE_SITE:
    case TOKEN_COOKIE_ORIGIN:
    case TOKEN_ACCESS:
    case TOKEN_COOKIE:
    case TOKEN_AT:
    default:
      return log_in (self, who);
    }
}

static gboolean
is_expected (const gchar *route, gchar letter)
{
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    if (strcmp (expected[i].route, route) == 0)
      return strchr (expected[i].who, letter) != NULL;
  g_error ("nobody wrote down who may call %s", route);
}

/* What an answer says of who asked: 200 stands for whatever somebody is told who may ask. */
static guint
judge (const gchar *answer)
{
  guint status = api_status (answer);

  if (status == 401 && strstr (answer, "urn:floe:problem:invalid-credentials") == NULL)
    return 401;
  if (status == 403
      && (strstr (answer, "\"role-needed\"") != NULL || strstr (answer, "\"people-only\"") != NULL
          || strstr (answer, "a page of another site") != NULL))
    return 403;
  g_assert_cmpuint (status, >=, 200);
  g_assert_cmpuint (status, <, 500);
  return 200;
}

static guint
expect (const gchar *route, Kind kind, guint who)
{
  gboolean is_user = kind == TOKEN_LEFT || kind == TOKEN_TERMINAL;

  if (kind == TOKEN_COOKIE_SITE || kind == TOKEN_COOKIE_ORIGIN)
    return 403;
  if (is_expected (route, '-'))
    return 200;
  if (kind < TOKEN_LEFT)
    return 401;
  if (kind == TOKEN_API && is_expected (route, '!'))
    return 403;
  return is_expected (route, is_user ? 'u' : people[who].letter) ? 200 : 403;
}

static void
check_all (Desk *self, Kind kind, guint who)
{
  gsize n_routes;
  const FloeRoute *routes = floe_api_get_routes (&n_routes);
  g_autofree gchar *token = new_token (self, kind, who);

  if (token == NULL && (kind == TOKEN_API || kind == TOKEN_API_ENDED))
    return;
  for (gsize i = 0; i < n_routes; i++)
    {
      g_autofree gchar *route = g_strconcat (routes[i].method, " ", routes[i].path, NULL);
      g_autofree gchar *answer = ask (self, &routes[i], kind, token);
      guint wanted = expect (route, kind, who);

      if (judge (answer) != wanted)
        g_error ("%s, %s with a token of the kind %s: expected %u, got %s", route, people[who].name,
                 kind_names[kind], wanted, answer);
      if (strcmp (route, "POST /api/v1/logout") == 0 && kind >= TOKEN_LEFT && kind != TOKEN_API)
        {
          g_free (token);
          token = new_token (self, kind, who);
        }
    }
}

static void
test_matrix (Desk *self, gconstpointer data)
{
  Kind kind = (Kind)GPOINTER_TO_UINT (data);
  gboolean of_terminal =
      kind == TOKEN_TERMINAL_BARE || kind == TOKEN_TERMINAL_OTHER || kind == TOKEN_TERMINAL;

  for (guint who = 0; who < (of_terminal ? 1 : G_N_ELEMENTS (people)); who++)
    check_all (self, kind, who);
}

/* Each row is about a route that there is. */
static void
test_rows (void)
{
  gsize n_routes;
  const FloeRoute *routes = floe_api_get_routes (&n_routes);

  g_assert_cmpuint (G_N_ELEMENTS (expected), ==, n_routes);
  for (gsize i = 0; i < n_routes; i++)
    {
      g_autofree gchar *route = g_strconcat (routes[i].method, " ", routes[i].path, NULL);

      is_expected (route, 'u');
    }
}

/* What administrators read of it: a line for each route of theirs, with a column for each role. */
static void
test_manual (void)
{
  static const gchar columns[] = "haod";
  g_autofree gchar *path =
      g_build_filename (g_getenv ("G_TEST_SRCDIR"), "docs", "administration.md", NULL);
  g_autofree gchar *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GString) line = g_string_new (NULL);

      if (strstr (expected[i].route, "/admin/") == NULL)
        continue;
      g_string_append_printf (line, "\n| `%s` |", expected[i].route);
      for (const gchar *c = columns; *c != '\0'; c++)
        g_string_append (line, strchr (expected[i].who, *c) != NULL ? " yes |" : " no |");
      if (strstr (text, line->str) == NULL)
        g_error ("docs/administration.md has no line%s", line->str);
    }
}

static void
test_me (Desk *self, gconstpointer data)
{
  static const struct
  {
    guint who;
    const gchar *says;
  } rows[] = {
    { 0, "\"role\":\"user\",\"roles\":[\"user\"],\"helpdesk_pools\":null}" },
    { 1, "\"role\":\"helpdesk\",\"roles\":[\"helpdesk\"],\"helpdesk_pools\":[\"office\"]}" },
    { 2, "\"role\":\"helpdesk\",\"roles\":[\"helpdesk\"],\"helpdesk_pools\":null}" },
    { 4, "\"role\":\"auditor\",\"roles\":[\"auditor\",\"helpdesk\"],"
         "\"helpdesk_pools\":[\"office\"]}" },
    { 6, "\"role\":\"admin\",\"roles\":[\"admin\"],\"helpdesk_pools\":null}" },
  };
  const FloeRoute me = { .method = "GET", .path = "/api/v1/me" };
  const FloeRoute health = { .method = "GET", .path = "/api/v1/health" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *token = log_in (self, rows[i].who);
      g_autofree gchar *answer = ask (self, &me, TOKEN_ACCESS, token);
      g_autofree gchar *state = ask (self, &health, TOKEN_ACCESS, token);

      g_assert_nonnull (strstr (answer, rows[i].says));
      g_assert_cmpint (strstr (state, "\"managers\"") != NULL, ==, rows[i].who > 0);
    }
}

/* Acts that are done once, over the same socket. */

static gchar *
post (Desk *self, const gchar *token, const gchar *path, const gchar *key, const gchar *body)
{
  g_autofree gchar *text = g_strdup_printf (
      "POST /api/v1/%s HTTP/1.1\r\nHost: broker.floe.test\r\nAuthorization: Bearer %s\r\n"
      "Idempotency-Key: %s\r\nContent-Type: application/json\r\n"
      "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
      path, token, key, strlen (body), body);
  g_autoptr (GSocket) socket = api_fixture_connect (&self->server);

  api_fixture_send (socket, text, -1);
  return api_fixture_read (socket, NULL);
}

static void
assert_refused (const gchar *answer, guint status, const gchar *reason)
{
  g_assert_cmpuint (api_status (answer), ==, status);
  if (reason != NULL)
    g_assert_nonnull (strstr (answer, reason));
}

static void
test_once (Desk *self, gconstpointer data)
{
  g_autofree gchar *dora = log_in (self, G_N_ELEMENTS (people) - 1);
  g_autofree gchar *otto = log_in (self, G_N_ELEMENTS (people) - 2);
  g_autofree gchar *first = post (self, dora, "admin/announcements", "k-1", "{\"text\":\"a\"}");
  g_autofree gchar *again = post (self, dora, "admin/announcements", "k-1", "{\"text\":\"a\"}");
  g_autofree gchar *other = post (self, dora, "admin/announcements", "k-1", "{\"text\":\"b\"}");
  g_autofree gchar *theirs = post (self, otto, "admin/announcements", "k-1", "{\"text\":\"a\"}");
  g_autofree gchar *wrong = post (self, dora, "admin/announcements", "k-2", "{\"text\":7}");
  g_autofree gchar *still = post (self, dora, "admin/announcements", "k-2", "{\"text\":7}");
  g_autofree gchar *made =
      post (self, dora, "admin/tokens", "k-3", "{\"name\":\"x\",\"role\":\"auditor\"}");
  g_autofree gchar *told =
      post (self, dora, "admin/tokens", "k-3", "{\"name\":\"x\",\"role\":\"auditor\"}");
  g_autofree gchar *own = post (self, dora, "logout", "k-4", "{}");
  g_autofree gchar *late = NULL;

  assert_refused (first, 201, NULL);
  g_assert_cmpstr (api_body (again), ==, api_body (first));
  g_assert_null (strstr (first, "Idempotency-Replayed"));
  g_assert_nonnull (strstr (again, "Idempotency-Replayed: true"));
  assert_refused (other, 409, "\"key-reused\"");
  assert_refused (theirs, 201, NULL);
  g_assert_cmpstr (api_body (theirs), !=, api_body (first));
  assert_refused (wrong, 400, NULL);
  g_assert_nonnull (strstr (still, "Idempotency-Replayed: true"));
  assert_refused (made, 201, "fla_");
  assert_refused (told, 409, "\"answer-not-kept\"");
  assert_refused (own, 400, "below /api/v1/admin");
  house_advance (self->house, 24 * 3600 + 1);
  g_free (dora);
  dora = log_in (self, G_N_ELEMENTS (people) - 1);
  late = post (self, dora, "admin/announcements", "k-1", "{\"text\":\"b\"}");
  assert_refused (late, 201, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/roles/rows", test_rows);
  g_test_add_func ("/roles/manual", test_manual);
  for (guint kind = 0; kind < G_N_ELEMENTS (kind_names); kind++)
    {
      g_autofree gchar *path = g_strconcat ("/roles/matrix/", kind_names[kind], NULL);

      g_test_add (path, Desk, GUINT_TO_POINTER (kind), desk_set_up, test_matrix, desk_tear_down);
    }
  g_test_add ("/roles/once", Desk, NULL, desk_set_up, test_once, desk_tear_down);
  g_test_add ("/roles/me", Desk, NULL, desk_set_up, test_me, desk_tear_down);
  return g_test_run ();
}
