/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"
#include "api/json-read.h"
#include "api/json-write.h"
#include "api/paging.h"
#include "core/helpdesk-terminals.h"

#define MAX_TEXT_BYTES 256
#define MAX_GROUPS     64

/* A code with its dash, and somebody's spaces. */
#define MAX_CODE_BYTES 64

static FloeLogin *
login_of (FloeApi *api)
{
  return floe_api_get_parts (api)->login;
}

/* What everybody may know of it who is it. */
static void
write_self (FloeJsonWriter *writer, const FloeTerminal *terminal)
{
  floe_json_writer_string (writer, "name", terminal->name);
  floe_json_writer_string (writer, "description", terminal->description);
  floe_json_writer_strings (writer, "groups", (const gchar *const *)terminal->groups);
  floe_json_writer_bool (writer, "public", terminal->is_public);
}

static void
write_report (FloeJsonWriter *writer, const FloeTerminalReport *report)
{
  if (report == NULL)
    {
      floe_json_writer_null (writer, "report");
      return;
    }
  floe_json_writer_begin_object (writer, "report");
  floe_json_writer_time (writer, "at", report->at);
  floe_json_writer_string (writer, "address", report->address);
  floe_json_writer_string (writer, "version", report->version);
  floe_json_writer_int (writer, "uptime_seconds", report->uptime);
  floe_json_writer_strings (writer, "monitors", (const gchar *const *)report->monitors);
  floe_json_writer_string (writer, "problem", report->problem);
  floe_json_writer_int (writer, "settings_revision", report->revision);
  floe_json_writer_end_object (writer);
}

static void
write_terminal (FloeJsonWriter *writer, gconstpointer row)
{
  const FloeTerminal *terminal = row;
  g_autofree gchar *tag = floe_terminal_tag (terminal);

  floe_json_writer_begin_object (writer, NULL);
  write_self (writer, terminal);
  floe_json_writer_string (writer, "fingerprint", terminal->fingerprint);
  floe_json_writer_moment (writer, "enrolled_at", terminal->enrolled);
  floe_json_writer_moment (writer, "seen_at", terminal->seen);
  floe_json_writer_moment (writer, "code_ends_at",
                           terminal->code != NULL ? terminal->code_ends : 0);
  floe_json_writer_string (writer, "state", floe_terminal_state_name (terminal->state));
  floe_json_writer_string (writer, "tag", tag);
  write_report (writer, terminal->report);
  floe_json_writer_end_object (writer);
}

/* answer: takes @terminal */
static void
answer (FloeCall *call, FloeTerminal *terminal, const GError *error)
{
  g_autoptr (FloeTerminal) owned = terminal;
  g_autoptr (FloeJsonWriter) writer = NULL;
  g_autofree gchar *tag = NULL;

  if (owned == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  write_terminal (writer, owned);
  tag = floe_terminal_tag (owned);
  floe_exchange_add_header (call->exchange, "ETag", tag);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* answer_self: likewise, to the terminal */
static void
answer_self (FloeCall *call, FloeTerminal *terminal, const GError *error)
{
  g_autoptr (FloeTerminal) owned = terminal;
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (owned == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  write_self (writer, owned);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* What a terminal asks. */

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  FloeTerminal *terminal = floe_login_look_at_terminal_finish (FLOE_LOGIN (source), result, &error);

  answer_self (call, terminal, error);
}

/* GET /terminal */
void
floe_route_terminal (FloeExchange *exchange, gpointer api)
{
  floe_login_look_at_terminal_async (login_of (api), floe_exchange_get_request (exchange)->caller,
                                     floe_exchange_get_cancellable (exchange), on_looked,
                                     floe_call_new (api, exchange));
}

static void
on_enrolled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  FloeTerminal *terminal = floe_login_enrol_terminal_finish (FLOE_LOGIN (source), result, &error);

  answer_self (call, terminal, error);
}

/* POST /terminal/enrol: goes on when the peer does not wait */
void
floe_route_terminal_enrol (FloeExchange *exchange, gpointer api)
{
  FloeJsonSecret field = { "code", MAX_CODE_BYTES, NULL };

  if (!floe_call_take_secrets (exchange, &field, 1))
    return;
  floe_login_enrol_terminal_async (login_of (api), field.value,
                                   floe_exchange_get_request (exchange)->caller, on_enrolled,
                                   floe_call_new (api, exchange));
  floe_secret_unref (field.value);
}

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeGrant) grant =
      floe_login_log_in_terminal_finish (FLOE_LOGIN (source), result, &error);

  if (grant != NULL)
    floe_call_answer_grant (call, grant);
  else
    floe_exchange_answer_error (call->exchange, error);
}

/* POST /terminal/login: goes on when the peer does not wait */
void
floe_route_terminal_login (FloeExchange *exchange, gpointer api)
{
  floe_login_log_in_terminal_async (login_of (api), floe_exchange_get_request (exchange)->caller,
                                    on_logged_in, floe_call_new (api, exchange));
}

/* What the staff does. */

static const gchar *
name_of_terminal (gconstpointer row)
{
  return ((const FloeTerminal *)row)->name;
}

static void
on_terminals (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      floe_helpdesk_list_terminals_finish (FLOE_HELPDESK (source), result, &error);

  floe_paging_answer_whole (call, rows, "terminals", name_of_terminal, write_terminal, error);
}

/* GET /admin/terminals */
void
floe_route_admin_terminals (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_list_terminals_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_cancellable (exchange), on_terminals, floe_call_new (api, exchange));
}

static void
on_terminal (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  FloeTerminal *terminal =
      floe_helpdesk_get_terminal_finish (FLOE_HELPDESK (source), result, &error);

  answer (call, terminal, error);
}

/* GET /admin/terminals/{} */
void
floe_route_admin_terminal (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_get_terminal_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), floe_exchange_get_cancellable (exchange), on_terminal,
      floe_call_new (api, exchange));
}

/* read_terminal: the body, about the terminal of the path */
static FloeTerminal *
read_terminal (FloeExchange *exchange, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);
  g_autoptr (FloeTerminal) terminal = floe_terminal_new (floe_exchange_get_segment (exchange));

  if (reader == NULL)
    return NULL;
  terminal->description =
      floe_json_reader_get_string_or (reader, "description", MAX_TEXT_BYTES, NULL);
  if (floe_json_reader_has (reader, "groups"))
    {
      g_strfreev (terminal->groups);
      terminal->groups =
          floe_json_reader_get_strings (reader, "groups", MAX_GROUPS, MAX_TEXT_BYTES);
    }
  terminal->is_public = floe_json_reader_get_bool_or (reader, "public", FALSE);
  return floe_json_reader_end (reader, error) ? g_steal_pointer (&terminal) : NULL;
}

static void
on_put (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  FloeTerminal *terminal =
      floe_helpdesk_put_terminal_finish (FLOE_HELPDESK (source), result, &error);

  answer (call, terminal, error);
}

/* PUT /admin/terminals/{}: goes on when the peer does not wait */
void
floe_route_admin_terminal_put (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminal) terminal = read_terminal (exchange, &error);

  if (terminal == NULL)
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  floe_helpdesk_put_terminal_async (floe_api_get_helpdesk (api),
                                    floe_exchange_get_identity (exchange), terminal, on_put,
                                    floe_call_new (api, exchange));
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_helpdesk_delete_terminal_finish (FLOE_HELPDESK (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* DELETE /admin/terminals/{}: goes on when the peer does not wait */
void
floe_route_admin_terminal_delete (FloeExchange *exchange, gpointer api)
{
  floe_helpdesk_delete_terminal_async (
      floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
      floe_exchange_get_segment (exchange), on_deleted, floe_call_new (api, exchange));
}

static void
on_issued (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminalCode) code =
      floe_helpdesk_issue_code_finish (FLOE_HELPDESK (source), result, &error);
  g_autoptr (FloeJsonWriter) writer = NULL;

  if (code == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  writer = floe_json_writer_new ();
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_secret (writer, "code", code->code);
  floe_json_writer_time (writer, "ends_at", code->ends);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 201, writer);
}

/* POST /admin/terminals/{}/code: goes on when the peer does not wait */
void
floe_route_admin_terminal_code (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *reason = NULL;

  if (floe_call_take_reason (exchange, &reason, &error))
    floe_helpdesk_issue_code_async (
        floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
        floe_exchange_get_segment (exchange), reason, on_issued, floe_call_new (api, exchange));
  else
    floe_exchange_answer_error (exchange, error);
}
