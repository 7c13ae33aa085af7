/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"

#include "api/problem.h"

#define MAX_TEXT   500 /* characters */
#define MAX_REASON 500 /* characters */

void
floe_body_write_user (FloeJsonWriter *writer, const gchar *name, const FloeIdentity *identity)
{
  g_auto (GStrv) roles = floe_role_list (
      identity->pools != NULL ? identity->roles | FLOE_ROLE_HELPDESK : identity->roles);

  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "id", identity->user->id);
  floe_json_writer_string (writer, "name", identity->user->name);
  floe_json_writer_string (writer, "display_name", identity->user->display_name);
  floe_json_writer_string (writer, "role", floe_identity_role_name (identity));
  floe_json_writer_strings (writer, "roles", (const gchar *const *)roles);
  if (identity->pools != NULL)
    floe_json_writer_strings (writer, "helpdesk_pools", (const gchar *const *)identity->pools);
  else
    floe_json_writer_null (writer, "helpdesk_pools");
  floe_json_writer_end_object (writer);
}

void
floe_body_write_maintenance (FloeJsonWriter *writer, const gchar *name,
                             const FloeMaintenance *maintenance)
{
  if (maintenance == NULL)
    {
      floe_json_writer_null (writer, name);
      return;
    }
  floe_json_writer_begin_object (writer, name);
  floe_json_writer_moment (writer, "since", maintenance->since);
  floe_json_writer_string (writer, "by", maintenance->by);
  floe_json_writer_string (writer, "message", maintenance->message);
  floe_json_writer_moment (writer, "ends", maintenance->ends);
  floe_json_writer_end_object (writer);
}

/**
 * floe_body_write_end:
 * @writer: where it goes
 * @name: the member's name
 * @end: (nullable): why the last session ended; null for no end
 */
void
floe_body_write_end (FloeJsonWriter *writer, const gchar *name, const FloeEnd *end)
{
  if (end == NULL)
    {
      floe_json_writer_null (writer, name);
      return;
    }
  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "reason", end->reason);
  floe_json_writer_time (writer, "at", end->at);
  floe_json_writer_string (writer, "by", end->by);
  floe_json_writer_string (writer, "where", end->where);
  floe_json_writer_end_object (writer);
}

static void
write_desktop (FloeJsonWriter *writer, const FloeDesktop *desktop, const gchar *user_id)
{
  gboolean own = desktop->end != NULL && g_strcmp0 (desktop->end->user, user_id) == 0;

  floe_json_writer_string (writer, "id", desktop->id);
  floe_json_writer_string (writer, "name", desktop->name);
  floe_json_writer_string (writer, "pool", desktop->pool);
  floe_json_writer_string (writer, "power", floe_power_name (desktop->facts.power));
  floe_json_writer_string (writer, "guest", floe_guest_name (desktop->facts.guest));
  floe_json_writer_string (writer, "console", floe_console_name (desktop->facts.console));
  floe_json_writer_string (writer, "state", floe_desktop_state_name (desktop));
  floe_body_write_end (writer, "end", own ? desktop->end : NULL);
  floe_json_writer_bool (writer, "can_reconnect", floe_desktop_is_held_by (desktop, user_id));
}

/**
 * floe_body_write_desktop:
 * @writer: where it goes
 * @name: (nullable): the member's name
 * @desktop: a desktop that this person holds, or held last
 * @user_id: who is told; of an end, only when it was the end of their own session
 */
void
floe_body_write_desktop (FloeJsonWriter *writer, const gchar *name, const FloeDesktop *desktop,
                         const gchar *user_id)
{
  floe_json_writer_begin_object (writer, name);
  write_desktop (writer, desktop, user_id);
  floe_json_writer_end_object (writer);
}

/**
 * floe_body_write_open_desktop:
 * @outlook: (nullable): what is to come of it; %NULL when nobody knows, or for one that they hold
 * no longer
 *
 * The same, for whoever may be sitting at it.
 */
void
floe_body_write_open_desktop (FloeJsonWriter *writer, const gchar *name, const FloeDesktop *desktop,
                              const gchar *user_id, const FloeOutlook *outlook)
{
  const FloeOutlook none = { 0 };

  if (outlook == NULL)
    outlook = &none;
  floe_json_writer_begin_object (writer, name);
  write_desktop (writer, desktop, user_id);
  floe_json_writer_moment (writer, "limit_at", outlook->limit_at);
  floe_json_writer_moment (writer, "ends_at", outlook->ends_at);
  floe_json_writer_string (writer, "notice", outlook->notice);
  floe_json_writer_end_object (writer);
}

void
floe_body_write_message (FloeJsonWriter *writer, const gchar *name, const FloeMessage *message)
{
  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "id", message->id);
  floe_json_writer_string (writer, "desktop", message->desktop_id);
  floe_json_writer_string (writer, "from", message->sender);
  floe_json_writer_string (writer, "text", message->text);
  floe_json_writer_time (writer, "at", message->at);
  floe_json_writer_end_object (writer);
}

/**
 * floe_body_write_pools:
 * @writer: where it goes
 * @name: (nullable): the member's name
 * @views: (element-type FloePoolView): what a person may open
 * @user_id: who
 */
void
floe_body_write_pools (FloeJsonWriter *writer, const gchar *name, GPtrArray *views,
                       const gchar *user_id)
{
  floe_json_writer_begin_array (writer, name);
  for (guint i = 0; i < views->len; i++)
    {
      const FloePoolView *view = views->pdata[i];

      floe_json_writer_begin_object (writer, NULL);
      floe_json_writer_string (writer, "name", view->pool->name);
      floe_json_writer_string (writer, "description",
                               view->pool->description != NULL ? view->pool->description : "");
      floe_json_writer_string (writer, "kind", floe_pool_kind_name (view->pool->kind));
      if (view->desktops->len > 0)
        floe_body_write_desktop (writer, "desktop", view->desktops->pdata[0], user_id);
      else
        floe_json_writer_null (writer, "desktop");
      floe_json_writer_begin_array (writer, "desktops");
      for (guint k = 0; k < view->desktops->len; k++)
        floe_body_write_desktop (writer, NULL, view->desktops->pdata[k], user_id);
      floe_json_writer_end_array (writer);
      floe_json_writer_bool (writer, "another", floe_pool_view_allows_another (view));
      floe_json_writer_bool (writer, "keeps_data", floe_pool_keeps_data (view->pool));
      floe_json_writer_int (writer, "per_user", view->pool->per_user);
      floe_json_writer_bool (writer, "closed", view->pool->closed);
      floe_json_writer_string (writer, "message", view->pool->message);
      floe_body_write_told_policy (writer, "policy", view->pool->policy);
      floe_json_writer_end_object (writer);
    }
  floe_json_writer_end_array (writer);
}

void
floe_body_write_grant (FloeJsonWriter *writer, const gchar *name, const FloeGrant *grant,
                       gboolean with_token)
{
  floe_json_writer_begin_object (writer, name);
  if (with_token)
    floe_json_writer_secret (writer, "token", grant->token);
  floe_json_writer_time (writer, "expires_at", grant->expires);
  floe_json_writer_int (writer, "idle_seconds", grant->idle_seconds);
  if (grant->password_expires != 0)
    floe_json_writer_date (writer, "password_expires", grant->password_expires);
  floe_body_write_user (writer, "user", grant->identity);
  floe_body_write_pools (writer, "pools", grant->pools, grant->identity->user->id);
  floe_json_writer_end_object (writer);
}

static void
write_desktop_ref (FloeJsonWriter *writer, const gchar *id, const gchar *desktop_name)
{
  floe_json_writer_begin_object (writer, "desktop");
  floe_json_writer_string (writer, "id", id);
  floe_json_writer_string (writer, "name", desktop_name);
  floe_json_writer_end_object (writer);
}

static void
write_data_host (FloeJsonWriter *writer, FloeConnectRequest *request)
{
  const gchar *host = floe_connect_request_get_data_host (request);

  if (host == NULL)
    {
      floe_json_writer_null (writer, "data_host");
      return;
    }
  floe_json_writer_begin_object (writer, "data_host");
  floe_json_writer_string (writer, "name", host);
  floe_json_writer_bool (writer, "up", !floe_connect_request_is_data_lost (request));
  floe_json_writer_end_object (writer);
}

void
floe_body_write_request (FloeJsonWriter *writer, const gchar *name, FloeConnectRequest *request)
{
  const gchar *desktop_id = floe_connect_request_get_desktop_id (request);
  const GError *error = floe_connect_request_get_error (request);
  guint place = floe_connect_request_get_place (request);
  guint estimate = floe_connect_request_get_estimate (request);

  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "id", floe_connect_request_get_id (request));
  floe_json_writer_string (writer, "pool", floe_connect_request_get_pool (request));
  if (desktop_id != NULL)
    write_desktop_ref (writer, desktop_id, floe_connect_request_get_desktop_name (request));
  else
    floe_json_writer_null (writer, "desktop");
  floe_json_writer_string (writer, "state",
                           floe_request_state_name (floe_connect_request_get_state (request)));
  if (place > 0)
    floe_json_writer_int (writer, "place", place);
  else
    floe_json_writer_null (writer, "place");
  if (estimate > 0)
    floe_json_writer_int (writer, "estimate_seconds", estimate);
  else
    floe_json_writer_null (writer, "estimate_seconds");
  write_data_host (writer, request);
  if (error != NULL)
    {
      g_autoptr (FloeProblem) problem = floe_problem_new_for_error (error);

      floe_problem_write (problem, writer, "problem");
    }
  else
    floe_json_writer_null (writer, "problem");
  floe_json_writer_time (writer, "since", floe_connect_request_get_since (request));
  floe_json_writer_end_object (writer);
}

static void
write_port (FloeJsonWriter *writer, const gchar *name, guint16 port)
{
  if (port > 0)
    floe_json_writer_int (writer, name, port);
  else
    floe_json_writer_null (writer, name);
}

/**
 * floe_body_write_connection:
 * @writer: where it goes; its text holds the ticket afterwards
 * @name: (nullable): the member's name
 * @connection: how to open a desktop
 */
void
floe_body_write_connection (FloeJsonWriter *writer, const gchar *name,
                            const FloeConnection *connection)
{
  const FloeDisplay *display = connection->display;

  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "via", floe_display_via_name (display->via));
  floe_json_writer_string (writer, "proxy", display->proxy);
  floe_json_writer_string (writer, "type", floe_display_kind_name (display->kind));
  floe_json_writer_string (writer, "host", display->host);
  write_port (writer, "port", display->port);
  write_port (writer, "tls_port", display->tls_port);
  floe_json_writer_string (writer, "ca", display->ca);
  floe_json_writer_string (writer, "host_subject", display->host_subject);
  floe_json_writer_strings (writer, "secure_channels",
                            (const gchar *const *)display->secure_channels);
  floe_json_writer_secret (writer, "ticket", connection->ticket->secret);
  floe_json_writer_time (writer, "ticket_expires_at", connection->ticket->valid_until);
  write_desktop_ref (writer, connection->desktop->id, connection->desktop->name);
  floe_json_writer_string (writer, "pool", connection->desktop->pool);
  floe_json_writer_string (writer, "title", connection->title);
  floe_json_writer_string (writer, "host_name", connection->host_name);
  floe_json_writer_secret (writer, "reconnect_token", connection->reconnect_token);
  floe_json_writer_bool (writer, "keeps_data", connection->keeps_data);
  floe_json_writer_strings (writer, "actions", (const gchar *const *)connection->actions);
  floe_body_write_told_policy (writer, "policy", connection->policy);
  floe_json_writer_end_object (writer);
}

void
floe_body_write_explanation (FloeJsonWriter *writer, const gchar *name,
                             const FloeExplanation *explanation)
{
  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "user", explanation->user);
  floe_json_writer_string (writer, "pool", explanation->pool);
  floe_json_writer_begin_array (writer, "steps");
  for (guint i = 0; i < explanation->steps->len; i++)
    {
      const FloeExplanationStep *step = explanation->steps->pdata[i];

      floe_json_writer_begin_object (writer, NULL);
      floe_json_writer_string (writer, "mark", floe_mark_name (step->mark));
      floe_json_writer_string (writer, "code", step->code);
      floe_json_writer_string (writer, "text", step->text);
      floe_json_writer_end_object (writer);
    }
  floe_json_writer_end_array (writer);
  floe_json_writer_string (writer, "conclusion", explanation->conclusion);
  floe_json_writer_end_object (writer);
}

/**
 * floe_body_write_audit_row:
 *
 * A #FloeJsonWriteRow for a #FloeAudit.
 */
void
floe_body_write_audit_row (FloeJsonWriter *writer, gconstpointer data)
{
  const FloeAudit *row = data;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_int (writer, "id", row->id);
  floe_json_writer_date (writer, "at", row->at);
  floe_json_writer_string (writer, "actor", row->actor);
  floe_json_writer_string (writer, "action", row->action);
  floe_json_writer_string (writer, "object", row->object);
  floe_json_writer_string (writer, "outcome", row->outcome);
  floe_json_writer_string (writer, "detail", row->detail);
  floe_json_writer_string (writer, "address", row->address);
  floe_json_writer_string (writer, "terminal", row->terminal);
  floe_json_writer_string (writer, "request", row->request);
  floe_json_writer_end_object (writer);
}

/**
 * floe_body_read_reason:
 *
 * Reads why somebody does something. Whether they must say so is not the API's to decide.
 *
 * Returns: (transfer full) (nullable): their words, 500 characters at most; %NULL when there are
 * none
 */
gchar *
floe_body_read_reason (FloeJsonReader *reader)
{
  gchar *reason = floe_json_reader_get_string_or (reader, "reason", 4 * MAX_REASON, NULL);

  if (reason == NULL)
    return NULL;
  if (*g_strstrip (reason) == '\0')
    floe_json_reader_refuse (reader, "reason", "expected some words");
  else if (g_utf8_strlen (reason, -1) > MAX_REASON)
    floe_json_reader_refuse (reader, "reason", "expected 500 characters at most");
  return reason;
}

/**
 * floe_body_read_message_text:
 *
 * Reads what somebody is told who sits at a desktop: it has to fit into a bar over their work.
 *
 * Returns: (transfer full): the words; %NULL when they are refused
 */
gchar *
floe_body_read_message_text (FloeJsonReader *reader)
{
  g_autofree gchar *text = floe_json_reader_get_string (reader, "text", 4 * MAX_TEXT);

  if (text == NULL)
    return NULL;
  if (*g_strstrip (text) == '\0')
    floe_json_reader_refuse (reader, "text", "expected some words");
  else if (g_utf8_strlen (text, -1) > MAX_TEXT)
    floe_json_reader_refuse (reader, "text", "expected 500 characters at most");
  return g_steal_pointer (&text);
}
