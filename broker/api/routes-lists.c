/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/bodies-lists.h"
#include "api/paging.h"
#include "core/error.h"
#include "login/account.h"

/* Desktops and sessions. */

static gboolean
read_text (FloeExchange *exchange, const gchar *name, gchar **text, GError **error)
{
  const gchar *value;

  if (!floe_paging_read_text (exchange, name, &value, error))
    return FALSE;
  *text = g_strdup (value);
  return TRUE;
}

static gboolean
read_assigned (FloeExchange *exchange, gint *assigned, GError **error)
{
  const gchar *text = floe_exchange_get_query (exchange, "assigned");

  *assigned = text == NULL ? -1 : strcmp (text, "true") == 0;
  if (text == NULL || *assigned == 1 || strcmp (text, "false") == 0)
    return TRUE;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "assigned: expected true or false");
  return FALSE;
}

/* A filter that the route does not name is not there. */
static FloeDesktopQuery *
read_query (FloeExchange *exchange, gboolean open, GError **error)
{
  g_autoptr (FloeDesktopQuery) query = g_new0 (FloeDesktopQuery, 1);

  query->open = open;
  if (!floe_paging_read (exchange, &query->limit, &query->after, error)
      || !read_text (exchange, "pool", &query->pool, error)
      || !read_text (exchange, "host", &query->host, error)
      || !read_text (exchange, "state", &query->state, error)
      || !read_text (exchange, open ? "user" : "holder", &query->holder, error)
      || !read_text (exchange, "terminal", &query->terminal, error)
      || !read_text (exchange, "q", &query->text, error)
      || !read_assigned (exchange, &query->assigned, error))
    return NULL;
  return g_steal_pointer (&query);
}

static void
search (FloeExchange *exchange, gpointer api, gboolean open, GAsyncReadyCallback callback)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDesktopQuery) query = read_query (exchange, open, &error);

  if (query == NULL)
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_helpdesk_search_desktops_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange), query,
      floe_exchange_get_cancellable (exchange), callback, floe_call_new (api, exchange));
}

static void
on_desktops (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePage) page =
      floe_helpdesk_search_desktops_finish (FLOE_HELPDESK (source), result, &error);

  floe_paging_answer (call, page, floe_body_write_desktop_row, error);
}

/* GET /admin/desktops */
void
floe_route_admin_desktops (FloeExchange *exchange, gpointer api)
{
  search (exchange, api, FALSE, on_desktops);
}

static void
on_sessions (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePage) page =
      floe_helpdesk_search_desktops_finish (FLOE_HELPDESK (source), result, &error);

  floe_paging_answer (call, page, floe_body_write_session_row, error);
}

/* GET /admin/sessions */
void
floe_route_admin_sessions (FloeExchange *exchange, gpointer api)
{
  search (exchange, api, TRUE, on_sessions);
}

static void
on_desktop (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDesktopDetail) detail =
      floe_helpdesk_get_desktop_finish (FLOE_HELPDESK (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (detail == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_body_write_desktop_detail (writer, detail);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* GET /admin/desktops/{} */
void
floe_route_admin_desktop (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_get_desktop_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), floe_exchange_get_cancellable (exchange), on_desktop,
      floe_call_new (api, exchange));
}

/* People. */

static void
on_users (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePage) page =
      floe_helpdesk_search_people_finish (FLOE_HELPDESK (source), result, &error);

  floe_paging_answer (call, page, floe_body_write_person, error);
}

/* GET /admin/users */
void
floe_route_admin_users (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) after = NULL;
  FloePeopleQuery query = { NULL, NULL, 0 };
  const gchar *text;

  if (!floe_paging_read (exchange, &query.limit, &after, &error)
      || !floe_paging_read_text (exchange, "q", &text, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  query.text = (gchar *)text;
  query.after = after;
  floe_helpdesk_search_people_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange), &query,
      floe_exchange_get_cancellable (exchange), on_users, floe_call_new (api, exchange));
}

static void
on_user (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePersonDetail) detail =
      floe_helpdesk_get_person_finish (FLOE_HELPDESK (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (detail == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_body_write_person_detail (writer, detail);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* GET /admin/users/{} */
void
floe_route_admin_user (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_get_person_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), floe_exchange_get_cancellable (exchange), on_user,
      floe_call_new (api, exchange));
}

/* What keeps them out besides the state, and until when. */
static void
write_standing (FloeJsonWriter *writer, const FloeStanding *standing)
{
  static const gchar *const none[] = { NULL };
  const FloeUser *user = standing != NULL ? standing->user : NULL;
  gboolean several = standing != NULL && standing->reasons[0] != NULL;

  floe_json_writer_strings (writer, "also",
                            several ? (const gchar *const *)standing->reasons + 1 : none);
  floe_json_writer_date_or_null (writer, "locked_until",
                                 standing != NULL ? standing->locked_until : 0);
  floe_json_writer_string (writer, "name", user != NULL ? user->name : NULL);
  floe_json_writer_string (writer, "display_name", user != NULL ? user->display_name : NULL);
  floe_json_writer_date_or_null (writer, "account_expires", standing != NULL ? standing->ends : 0);
  floe_json_writer_date_or_null (writer, "password_expires",
                                 user != NULL ? user->password_expires : 0);
}

static void
on_account (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeAccount) account =
      floe_login_get_account_finish (FLOE_LOGIN (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (account == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "state", account->state);
  floe_json_writer_string (writer, "text", account->text);
  write_standing (writer, account->standing);
  floe_json_writer_moment (writer, "asked_at", account->at);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* GET /admin/users/{}/account */
void
floe_route_admin_account (FloeExchange *exchange, gpointer api)
{
  floe_login_get_account_async (
      floe_api_get_parts (api)->login, floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), floe_exchange_get_cancellable (exchange), on_account,
      floe_call_new (api, exchange));
}
