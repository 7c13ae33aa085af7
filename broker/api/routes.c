/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/routes.h"

#include <string.h>

#include "api/changes.h"
#include "api/json-read.h"
#include "api/once.h"
#include "api/paging.h"
#include "api/routes-parts.h"
#include "core/error.h"

/* Of one log-in: a client has one for its desktops, and one while it waits for one of them. */
#define MAX_STREAMS 16

/* A stream looks whether its log-in is still good at each fourth ping: once a minute. */
#define PINGS_A_LOOK 4

#define TOKEN_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#define TOKEN_BYTES 43

struct _FloeApi
{
  GObject parent_instance;
  FloeApiParts parts;
  GHashTable *streams;  /* log-in id to how many are open */
  FloePinger *pinger;   /* made with the first of them */
  FloeChanges *changes; /* made with the first who follows them */
};

G_DEFINE_FINAL_TYPE (FloeApi, floe_api, G_TYPE_OBJECT)

/* clang-format off */
static const FloeRoute routes[] = {
  { "GET", "/api/v1/health", FLOE_MAY_CALL, FLOE_BODY_NONE,
    { NULL }, floe_route_health },
  { "GET", "/api/v1/announcements", FLOE_MAY_CALL, FLOE_BODY_NONE,
    { NULL }, floe_route_announcements },
  { "GET", "/api/v1/login", FLOE_MAY_CALL, FLOE_BODY_NONE,
    { NULL }, floe_route_login_domains },
  { "POST", "/api/v1/login", FLOE_MAY_CALL, FLOE_BODY_NEEDED,
    { NULL }, floe_route_login },
  { "POST", "/api/v1/login/kerberos", FLOE_MAY_CALL, FLOE_BODY_NEEDED,
    { NULL }, floe_route_login_kerberos },
  { "POST", "/api/v1/login/code", FLOE_MAY_CALL, FLOE_BODY_NEEDED,
    { NULL }, floe_route_login_code },
  { "POST", "/api/v1/login/enrol", FLOE_MAY_CALL, FLOE_BODY_NEEDED,
    { NULL }, floe_route_login_enrol },
  { "POST", "/api/v1/login/enrol/confirm", FLOE_MAY_CALL, FLOE_BODY_NEEDED,
    { NULL }, floe_route_login_confirm },
  { "POST", "/api/v1/second-factor/begin", FLOE_MAY_OWN, FLOE_BODY_OPTIONAL,
    { NULL }, floe_route_factor_begin },
  { "POST", "/api/v1/second-factor/confirm", FLOE_MAY_OWN, FLOE_BODY_NEEDED,
    { NULL }, floe_route_factor_confirm },
  { "POST", "/api/v1/second-factor/end", FLOE_MAY_OWN, FLOE_BODY_NEEDED,
    { NULL }, floe_route_factor_end },
  { "POST", "/api/v1/password", FLOE_MAY_CALL, FLOE_BODY_NEEDED,
    { NULL }, floe_route_password },
  { "POST", "/api/v1/logout", FLOE_MAY_OWN, FLOE_BODY_OPTIONAL,
    { NULL }, floe_route_logout },
  { "POST", "/api/v1/reconnect", FLOE_MAY_CALL, FLOE_BODY_NEEDED,
    { NULL }, floe_route_reconnect },
  { "GET", "/api/v1/terminal", FLOE_MAY_CALL, FLOE_BODY_NONE,
    { NULL }, floe_route_terminal },
  { "POST", "/api/v1/terminal/enrol", FLOE_MAY_CALL, FLOE_BODY_NEEDED,
    { NULL }, floe_route_terminal_enrol },
  { "POST", "/api/v1/terminal/login", FLOE_MAY_CALL, FLOE_BODY_OPTIONAL,
    { NULL }, floe_route_terminal_login },
  { "POST", "/api/v1/terminal/trust", FLOE_MAY_CALL, FLOE_BODY_OPTIONAL,
    { NULL }, floe_route_terminal_trust },
  { "GET", "/api/v1/terminal/settings", FLOE_MAY_CALL, FLOE_BODY_NONE,
    { "revision" }, floe_route_terminal_settings },
  { "POST", "/api/v1/terminal/heartbeat", FLOE_MAY_CALL, FLOE_BODY_NEEDED,
    { NULL }, floe_route_terminal_heartbeat },
  { "POST", "/api/v1/terminal/unlocked", FLOE_MAY_CALL, FLOE_BODY_NEEDED,
    { NULL }, floe_route_terminal_unlocked },
  { "GET", "/api/v1/me", FLOE_MAY_KNOW_SELF, FLOE_BODY_NONE,
    { NULL }, floe_route_me },
  { "GET", "/api/v1/pools", FLOE_MAY_OWN, FLOE_BODY_NONE,
    { NULL }, floe_route_pools },
  { "POST", "/api/v1/pools/{}/connect", FLOE_MAY_OWN, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_connect },
  { "POST", "/api/v1/pools/{}/connection.vv", FLOE_MAY_OWN, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_connection_file },
  { "GET", "/api/v1/requests/{}", FLOE_MAY_OWN, FLOE_BODY_NONE,
    { NULL }, floe_route_request },
  { "DELETE", "/api/v1/requests/{}", FLOE_MAY_OWN, FLOE_BODY_NONE,
    { NULL }, floe_route_request_leave },
  { "GET", "/api/v1/requests/{}/events", FLOE_MAY_OWN, FLOE_BODY_NONE,
    { NULL }, floe_route_request_events },
  { "GET", "/api/v1/desktops/{}", FLOE_MAY_OWN, FLOE_BODY_NONE,
    { NULL }, floe_route_desktop },
  { "POST", "/api/v1/desktops/{}/release", FLOE_MAY_OWN, FLOE_BODY_OPTIONAL,
    { NULL }, floe_route_desktop_release },
  { "POST", "/api/v1/desktops/{}/actions", FLOE_MAY_OWN, FLOE_BODY_NEEDED,
    { NULL }, floe_route_desktop_action },
  { "POST", "/api/v1/desktops/{}/heartbeat", FLOE_MAY_OWN, FLOE_BODY_NEEDED,
    { NULL }, floe_route_heartbeat },
  { "GET", "/api/v1/events", FLOE_MAY_OWN, FLOE_BODY_NONE,
    { NULL }, floe_route_events },
  { "POST", "/api/v1/shadows/{}/answer", FLOE_MAY_OWN, FLOE_BODY_NEEDED,
    { NULL }, floe_route_shadow_answer },
  { "PUT", "/api/v1/shadows/{}/picture", FLOE_MAY_OWN, FLOE_BODY_PICTURE,
    { "first", "x", "y", "width", "height" }, floe_route_shadow_give },
  { "GET", "/api/v1/shadows/{}/input", FLOE_MAY_OWN, FLOE_BODY_NONE,
    { NULL }, floe_route_shadow_listen },
  { "DELETE", "/api/v1/shadows/{}", FLOE_MAY_OWN, FLOE_BODY_NONE,
    { NULL }, floe_route_shadow_stop },
  { "GET", "/api/v1/admin/pools", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES }, floe_route_admin_pools },
  { "GET", "/api/v1/admin/pools/{}", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_pool },
  { "PUT", "/api/v1/admin/pools/{}", FLOE_MAY_DEFINE, FLOE_BODY_NEEDED,
    { "dry_run" }, floe_route_admin_pool_put },
  { "DELETE", "/api/v1/admin/pools/{}", FLOE_MAY_DEFINE, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_pool_delete },
  { "GET", "/api/v1/admin/pools/{}/explain", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { "user" }, floe_route_admin_explain },
  { "GET", "/api/v1/admin/pools/{}/capacity", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { "since", "until", "step" }, floe_route_admin_pool_capacity },
  { "GET", "/api/v1/admin/capacity", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES }, floe_route_admin_capacity },
  { "POST", "/api/v1/admin/pools/{}/close", FLOE_MAY_OPERATE, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_pool_close },
  { "POST", "/api/v1/admin/pools/{}/open", FLOE_MAY_OPERATE, FLOE_BODY_OPTIONAL,
    { NULL }, floe_route_admin_pool_open },
  { "POST", "/api/v1/admin/pools/{}/revisions", FLOE_MAY_OPERATE, FLOE_BODY_OPTIONAL,
    { NULL }, floe_route_admin_pool_renew },
  { "POST", "/api/v1/admin/pools/{}/engine", FLOE_MAY_DEFINE, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_pool_engine },
  { "GET", "/api/v1/admin/hosts", FLOE_MAY_SEE_HOSTS, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES }, floe_route_admin_hosts },
  { "POST", "/api/v1/admin/hosts/{}/drain", FLOE_MAY_OPERATE, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_host_drain },
  { "POST", "/api/v1/admin/hosts/{}/open", FLOE_MAY_OPERATE, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_host_open },
  { "GET", "/api/v1/admin/audit/verify", FLOE_MAY_SEE_ALL_TRAIL, FLOE_BODY_NONE,
    { "after", "expect" }, floe_route_admin_audit_verify },
  { "GET", "/api/v1/admin/audit", FLOE_MAY_SEE_TRAIL, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES, "user", "desktop", "action", "since", "until" }, floe_route_admin_audit },
  { "GET", "/api/v1/admin/desktops", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES, "q", "pool", "host", "state", "holder", "terminal", "assigned" },
    floe_route_admin_desktops },
  { "GET", "/api/v1/admin/desktops/{}", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_desktop },
  { "GET", "/api/v1/admin/sessions", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES, "q", "pool", "host", "user", "terminal" }, floe_route_admin_sessions },
  { "GET", "/api/v1/admin/users", FLOE_MAY_SEE_PEOPLE, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES, "q" }, floe_route_admin_users },
  { "GET", "/api/v1/admin/users/{}", FLOE_MAY_SEE_PEOPLE, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_user },
  { "GET", "/api/v1/admin/users/{}/account", FLOE_MAY_SEE_PEOPLE, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_account },
  { "POST", "/api/v1/admin/desktops/{}/release", FLOE_MAY_HELP, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_release },
  { "POST", "/api/v1/admin/desktops/{}/actions", FLOE_MAY_HELP, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_action },
  { "POST", "/api/v1/admin/desktops/{}/message", FLOE_MAY_HELP, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_message },
  { "POST", "/api/v1/admin/desktops/{}/shadow", FLOE_MAY_SHADOW, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_shadow_ask },
  { "POST", "/api/v1/admin/desktops/{}/screenshot", FLOE_MAY_SHADOW, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_screenshot },
  { "GET", "/api/v1/admin/shadows", FLOE_MAY_SHADOW, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_shadows },
  { "GET", "/api/v1/admin/shadows/{}", FLOE_MAY_SHADOW, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_shadow },
  { "POST", "/api/v1/admin/shadows/{}/control", FLOE_MAY_SHADOW, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_shadow_control },
  { "GET", "/api/v1/admin/shadows/{}/picture", FLOE_MAY_SHADOW, FLOE_BODY_NONE,
    { "after" }, floe_route_admin_shadow_picture },
  { "POST", "/api/v1/admin/shadows/{}/input", FLOE_MAY_SHADOW, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_shadow_input },
  { "DELETE", "/api/v1/admin/shadows/{}", FLOE_MAY_SHADOW, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_shadow_leave },
  { "POST", "/api/v1/admin/desktops/{}/maintenance", FLOE_MAY_HELP, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_desktop_maintain },
  { "POST", "/api/v1/admin/desktops/{}/open", FLOE_MAY_HELP, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_desktop_open },
  { "GET", "/api/v1/admin/events", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_events },
  { "POST", "/api/v1/admin/moves", FLOE_MAY_HELP, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_move },
  { "POST", "/api/v1/admin/bulk", FLOE_MAY_HELP, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_bulk },
  { "POST", "/api/v1/admin/users/{}/log-off", FLOE_MAY_HELP, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_log_off },
  { "GET", "/api/v1/admin/announcements", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES }, floe_route_admin_announcements },
  { "POST", "/api/v1/admin/announcements", FLOE_MAY_OPERATE, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_announcement_add },
  { "GET", "/api/v1/admin/announcements/{}", FLOE_MAY_SEE_POOLS, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_announcement },
  { "PUT", "/api/v1/admin/announcements/{}", FLOE_MAY_OPERATE, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_announcement_put },
  { "DELETE", "/api/v1/admin/announcements/{}", FLOE_MAY_OPERATE, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_announcement_drop },
  { "GET", "/api/v1/admin/webhooks", FLOE_MAY_SEE_HOOKS, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES }, floe_route_admin_webhooks },
  { "POST", "/api/v1/admin/webhooks", FLOE_MAY_HOOK, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_webhook_add },
  { "DELETE", "/api/v1/admin/webhooks/{}", FLOE_MAY_HOOK, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_webhook_drop },
  { "POST", "/api/v1/admin/webhooks/{}/test", FLOE_MAY_HOOK, FLOE_BODY_OPTIONAL,
    { NULL }, floe_route_admin_webhook_test },
  { "GET", "/api/v1/admin/tokens", FLOE_MAY_SEE_TOKENS, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES }, floe_route_admin_tokens },
  { "POST", "/api/v1/admin/tokens", FLOE_MAY_ISSUE, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_token_add },
  { "DELETE", "/api/v1/admin/tokens/{}", FLOE_MAY_ISSUE, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_token_drop },
  { "POST", "/api/v1/admin/desktops/{}/assign", FLOE_MAY_HELP, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_assign },
  { "POST", "/api/v1/admin/users/{}/second-factor/reset", FLOE_MAY_HELP, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_factor_reset },
  { "GET", "/api/v1/admin/terminals", FLOE_MAY_SEE_TERMINALS, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES }, floe_route_admin_terminals },
  { "GET", "/api/v1/admin/terminals/{}", FLOE_MAY_SEE_TERMINALS, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_terminal },
  { "PUT", "/api/v1/admin/terminals/{}", FLOE_MAY_PLACE, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_terminal_put },
  { "DELETE", "/api/v1/admin/terminals/{}", FLOE_MAY_PLACE, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_terminal_delete },
  { "POST", "/api/v1/admin/terminals/{}/code", FLOE_MAY_ENROL, FLOE_BODY_ALLOWED,
    { NULL }, floe_route_admin_terminal_code },
  { "GET", "/api/v1/admin/terminals/{}/settings", FLOE_MAY_SEE_TERMINALS, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_terminal_settings },
  { "PUT", "/api/v1/admin/terminals/{}/settings", FLOE_MAY_PLACE, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_terminal_settings_put },
  { "POST", "/api/v1/admin/terminals/{}/unlock", FLOE_MAY_PLACE, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_terminal_unlock },
  { "GET", "/api/v1/admin/terminal-groups", FLOE_MAY_SEE_TERMINALS, FLOE_BODY_NONE,
    { FLOE_PAGE_QUERIES }, floe_route_admin_terminal_groups },
  { "GET", "/api/v1/admin/terminal-groups/{}/settings", FLOE_MAY_SEE_TERMINALS, FLOE_BODY_NONE,
    { NULL }, floe_route_admin_group_settings },
  { "PUT", "/api/v1/admin/terminal-groups/{}/settings", FLOE_MAY_PLACE, FLOE_BODY_NEEDED,
    { NULL }, floe_route_admin_group_settings_put },
  { "GET", "/", FLOE_MAY_CALL, FLOE_BODY_NONE,
    { NULL }, floe_route_portal_root },
  { "GET", "/portal", FLOE_MAY_CALL, FLOE_BODY_NONE,
    { NULL }, floe_route_portal_root },
  { "GET", "/portal/", FLOE_MAY_CALL, FLOE_BODY_NONE,
    { NULL }, floe_route_portal },
  { "GET", "/portal/{}", FLOE_MAY_CALL, FLOE_BODY_NONE,
    { NULL }, floe_route_portal },
  { "GET", "/metrics", FLOE_MAY_CALL, FLOE_BODY_NONE,
    { NULL }, floe_route_metrics },
};
/* clang-format on */

/**
 * floe_api_get_routes:
 * @n_routes: (out): how many
 *
 * Returns: (transfer none) (array length=n_routes): the routes of /api/v1 and of the web pages, and
 *   /metrics as the last one, for the gate
 */
const FloeRoute *
floe_api_get_routes (gsize *n_routes)
{
  *n_routes = G_N_ELEMENTS (routes);
  return routes;
}

/**
 * floe_api_get_metrics_routes:
 * @n_routes: (out): how many
 *
 * Returns: (transfer none) (array length=n_routes): /metrics alone, for the gate of a server that
 *   answers nothing else
 */
const FloeRoute *
floe_api_get_metrics_routes (gsize *n_routes)
{
  *n_routes = 1;
  return &routes[G_N_ELEMENTS (routes) - 1];
}

const FloeApiParts *
floe_api_get_parts (FloeApi *self)
{
  return &self->parts;
}

/**
 * floe_api_is_token:
 * @token: what a client sent
 * @prefix: which kind is wanted: "flt_", "flr_", "flc_" or "fla_"
 *
 * Returns: whether it has the form of one; another kind of token is not even looked up
 */
gboolean
floe_api_is_token (const FloeSecret *token, const gchar *prefix)
{
  gsize length;
  const gchar *text = floe_secret_get (token, &length);
  gsize n = strlen (prefix);

  return length == n + TOKEN_BYTES && strncmp (text, prefix, n) == 0
         && strspn (text + n, TOKEN_CHARS) == TOKEN_BYTES;
}

/**
 * floe_api_is_pass:
 *
 * Returns: whether it has the form of a token that requests come with: of a log-in, or of the API
 */
gboolean
floe_api_is_pass (const FloeSecret *token)
{
  return floe_api_is_token (token, "flt_") || floe_api_is_token (token, FLOE_API_TOKEN_PREFIX);
}

/* has_no_words: where a body may be left out, it says nothing either */
static gboolean
has_no_words (FloeExchange *exchange, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body_or_none (exchange, error);

  return reader != NULL && floe_json_reader_end (reader, error);
}

/**
 * floe_api_handle:
 * @exchange: of somebody who may
 *
 * Has its route answer it.
 */
void
floe_api_handle (FloeApi *self, FloeExchange *exchange)
{
  const FloeRoute *route = floe_exchange_get_request (exchange)->route;
  g_autoptr (GError) error = NULL;

  if (route->body == FLOE_BODY_OPTIONAL && !has_no_words (exchange, &error))
    floe_exchange_answer_error (exchange, error);
  else
    route->handle (exchange, self);
}

static void
refuse_token (FloeExchange *exchange)
{
  g_autoptr (FloeProblem) problem =
      floe_problem_new (FLOE_PROBLEM_DENIED, "a token of the API may not do this, only people may");

  problem->reason = g_strdup ("people-only");
  floe_exchange_answer_problem (exchange, problem);
}

static void
refuse_role (FloeExchange *exchange, const FloeIdentity *identity, FloePermission permission)
{
  g_autofree gchar *needed = floe_permission_describe (permission);
  g_autofree gchar *what = g_strdup_printf ("this needs the role %s; yours is %s", needed,
                                            floe_identity_role_name (identity));
  g_autoptr (FloeProblem) problem = floe_problem_new (FLOE_PROBLEM_DENIED, what);

  problem->reason = g_strdup ("role-needed");
  floe_exchange_answer_problem (exchange, problem);
}

static void
on_authenticated (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  FloeIdentity *identity = floe_login_authenticate_finish (FLOE_LOGIN (source), result, &error);
  FloePermission permission;

  if (identity == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  floe_exchange_set_identity (call->exchange, identity);
  permission = floe_exchange_get_request (call->exchange)->route->permission;
  if (floe_identity_may (identity, permission) && floe_exchange_get_request (call->exchange)->key)
    floe_api_do_once (call->api, call->exchange);
  else if (floe_identity_may (identity, permission))
    floe_api_handle (call->api, call->exchange);
  else if (floe_permission_is_for_people (permission) && floe_identity_is_api_token (identity))
    refuse_token (call->exchange);
  else
    refuse_role (call->exchange, identity, permission);
}

/**
 * floe_api_dispatch:
 * @exchange: a request that passed the gate with the routes of floe_api_get_routes()
 * @api: the #FloeApi
 *
 * Finds out who asks, unless anybody may, and whether a role of theirs lets them, and answers.
 */
void
floe_api_dispatch (FloeExchange *exchange, gpointer api)
{
  FloeApi *self = FLOE_API (api);
  const FloeRequest *request = floe_exchange_get_request (exchange);
  g_autoptr (FloeProblem) problem = NULL;

  if (request->route->permission == FLOE_MAY_CALL)
    {
      floe_api_handle (self, exchange);
      return;
    }
  if (request->token != NULL && floe_api_is_pass (request->token))
    {
      floe_login_authenticate_async (self->parts.login, request->token, request->caller,
                                     floe_exchange_get_cancellable (exchange), on_authenticated,
                                     floe_call_new (self, exchange));
      return;
    }
  problem = floe_problem_new (FLOE_PROBLEM_UNAUTHENTICATED, "a token is needed");
  floe_exchange_answer_problem (exchange, problem);
}

/* Event streams. */

static guint
count_streams (FloeApi *self, const gchar *login_id)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->streams, login_id));
}

static void
set_streams (FloeApi *self, const gchar *login_id, guint n)
{
  if (n > 0)
    g_hash_table_insert (self->streams, g_strdup (login_id), GUINT_TO_POINTER (n));
  else
    g_hash_table_remove (self->streams, login_id);
}

static void
on_stream_ended (FloeSse *sse, gpointer data)
{
  FloeCall *call = data;
  const FloeIdentity *identity = floe_exchange_get_identity (call->exchange);

  set_streams (call->api, identity->login_id, count_streams (call->api, identity->login_id) - 1);
  floe_login_unhold (call->api->parts.login, identity);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeSse) sse = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeIdentity) identity =
      floe_login_authenticate_finish (FLOE_LOGIN (source), result, &error);

  /* A store that does not answer is no reason: the client would only come back. */
  if (identity == NULL && g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED))
    floe_sse_end (sse);
}

static void
on_ping (FloeSse *sse, gpointer data)
{
  FloeCall *call = data;
  const FloeRequest *request = floe_exchange_get_request (call->exchange);
  guint pings = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (sse), "floe-pings")) + 1;

  g_object_set_data (G_OBJECT (sse), "floe-pings", GUINT_TO_POINTER (pings));
  if (pings % PINGS_A_LOOK == 0)
    floe_login_authenticate_async (call->api->parts.login, request->token, request->caller, NULL,
                                   on_looked, g_object_ref (sse));
}

static void
free_call (gpointer data, GClosure *closure)
{
  floe_call_free (data);
}

/**
 * floe_api_open_stream:
 * @self: the API
 * @exchange: an authenticated exchange that is not answered yet
 *
 * Begins an event stream: it counts as use of the log-in and ends with it.
 *
 * Returns: (transfer full) (nullable): the stream; or %NULL, and the exchange is answered, when the
 *   log-in has too many
 */
FloeSse *
floe_api_open_stream (FloeApi *self, FloeExchange *exchange)
{
  const FloeIdentity *identity = floe_exchange_get_identity (exchange);
  guint n = count_streams (self, identity->login_id);
  FloeSse *sse;

  if (n >= MAX_STREAMS)
    {
      g_autoptr (FloeProblem) problem =
          floe_problem_new (FLOE_PROBLEM_BUSY, "too many event streams of this log-in");

      floe_exchange_answer_problem (exchange, problem);
      return NULL;
    }
  set_streams (self, identity->login_id, n + 1);
  floe_login_hold (self->parts.login, identity);
  if (self->pinger == NULL)
    self->pinger = floe_pinger_new (floe_exchange_get_clock (exchange));
  sse = floe_sse_new (exchange, self->pinger);
  g_signal_connect_data (sse, "ended", G_CALLBACK (on_stream_ended), floe_call_new (self, exchange),
                         free_call, 0);
  g_signal_connect_data (sse, "ping", G_CALLBACK (on_ping), floe_call_new (self, exchange),
                         free_call, 0);
  return sse;
}

/* GET /admin/events */
void
floe_route_admin_events (FloeExchange *exchange, gpointer api)
{
  FloeApi *self = FLOE_API (api);
  FloeSse *sse = floe_api_open_stream (self, exchange);

  if (sse == NULL)
    return;
  if (self->changes == NULL)
    self->changes = floe_changes_new (self->parts.keeper, floe_exchange_get_clock (exchange));
  floe_changes_listen (self->changes, sse, floe_exchange_get_identity (exchange),
                       floe_exchange_get_request (exchange)->last_event);
}

static void
floe_api_finalize (GObject *object)
{
  FloeApi *self = FLOE_API (object);

  g_hash_table_unref (self->streams);
  floe_changes_free (self->changes);
  floe_pinger_free (self->pinger);
  g_object_unref (self->parts.login);
  g_object_unref (self->parts.assigner);
  g_object_unref (self->parts.helpdesk);
  g_object_unref (self->parts.keeper);
  g_object_unref (self->parts.scraper);
  g_object_unref (self->parts.sessions);
  g_object_unref (self->parts.shadows);
  g_object_unref (self->parts.fleet);
  g_object_unref (self->parts.webhooks);
  G_OBJECT_CLASS (floe_api_parent_class)->finalize (object);
}

static void
floe_api_class_init (FloeApiClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_api_finalize;
}

static void
floe_api_init (FloeApi *self)
{
  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * floe_api_new:
 * @parts: what it is a face of; it takes references, but of the portal, which must outlive it
 *
 * Returns: (transfer full): the API
 */
FloeApi *
floe_api_new (const FloeApiParts *parts)
{
  FloeApi *self = g_object_new (FLOE_TYPE_API, NULL);

  self->parts.login = g_object_ref (parts->login);
  self->parts.assigner = g_object_ref (parts->assigner);
  self->parts.helpdesk = g_object_ref (parts->helpdesk);
  self->parts.keeper = g_object_ref (parts->keeper);
  self->parts.scraper = g_object_ref (parts->scraper);
  self->parts.sessions = g_object_ref (parts->sessions);
  self->parts.shadows = g_object_ref (parts->shadows);
  self->parts.fleet = g_object_ref (parts->fleet);
  self->parts.webhooks = g_object_ref (parts->webhooks);
  self->parts.portal = parts->portal;
  return self;
}
