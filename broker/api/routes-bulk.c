/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/bodies.h"
#include "api/json-read.h"
#include "api/routes-parts.h"
#include "core/helpdesk-bulk.h"

#define MAX_ACTION_BYTES 32
#define MAX_NAME_BYTES   256

/* What was asked for, and owns the words of @wish. */
typedef struct
{
  FloeBulkWish wish;
  gboolean people;
  GStrv subjects;
  gchar *message;
  gchar *reason;
  gchar *from;
  gchar *to;
  void (*begin) (FloeHelpdesk *self, const FloeIdentity *actor, const FloeBulkWish *wish,
                 GAsyncReadyCallback callback, gpointer user_data);
} Asked;

static void
asked_clear (Asked *asked)
{
  g_strfreev (asked->subjects);
  g_free (asked->message);
  g_free (asked->reason);
  g_free (asked->from);
  g_free (asked->to);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asked, asked_clear)

static void
share_words (Asked *asked)
{
  asked->wish.subjects = (const gchar *const *)asked->subjects;
  asked->wish.message = asked->message;
  asked->wish.reason = asked->reason;
  asked->wish.from = asked->from;
  asked->wish.to = asked->to;
}

/* Answers. */

static void
write_item (FloeJsonWriter *writer, const FloeBulkItem *item, gboolean dry_run)
{
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "id", item->subject);
  floe_json_writer_string (writer, "name", item->name);
  floe_json_writer_string (writer, "holder", item->holder);
  floe_json_writer_string (writer, "outcome",
                           item->refusal != NULL ? "refused"
                           : dry_run             ? "would-be-done"
                                                 : "done");
  floe_json_writer_string (writer, "state",
                           item->change != NULL ? floe_desktop_state_name (item->change->desktop)
                                                : NULL);
  if (item->refusal != NULL)
    {
      g_autoptr (FloeProblem) problem = floe_problem_new_for_error (item->refusal);

      floe_problem_write (problem, writer, "problem");
    }
  else
    floe_json_writer_null (writer, "problem");
  if (item->desktops != NULL)
    {
      floe_json_writer_begin_array (writer, "desktops");
      for (guint i = 0; i < item->desktops->len; i++)
        write_item (writer, item->desktops->pdata[i], dry_run);
      floe_json_writer_end_array (writer);
    }
  floe_json_writer_end_object (writer);
}

typedef struct
{
  FloeCall *call;
  gboolean dry_run;
  gboolean one; /* a person alone: what is refused is the answer */
} Waiting;

static void
answer (const Waiting *waiting, GPtrArray *items)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_bool (writer, "dry_run", waiting->dry_run);
  floe_json_writer_begin_array (writer, "items");
  for (guint i = 0; i < items->len; i++)
    write_item (writer, items->pdata[i], waiting->dry_run);
  floe_json_writer_end_array (writer);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (waiting->call->exchange, 200, writer);
}

static const GError *
refusal_of_one (const Waiting *waiting, GPtrArray *items)
{
  const FloeBulkItem *one;

  if (!waiting->one || items->len == 0)
    return NULL;
  one = items->pdata[0];
  return one->refusal;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Waiting *waiting = data;
  g_autoptr (FloeCall) call = waiting->call;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = floe_helpdesk_bulk_finish (FLOE_HELPDESK (source), result, &error);

  if (items == NULL)
    floe_exchange_answer_error (call->exchange, error);
  else if (refusal_of_one (waiting, items) != NULL)
    floe_exchange_answer_error (call->exchange, refusal_of_one (waiting, items));
  else
    answer (waiting, items);
}

static void
begin (FloeExchange *exchange, FloeApi *api, Asked *asked, gboolean one)
{
  Waiting *waiting = g_new0 (Waiting, 1);
  const FloeIdentity *actor = floe_exchange_get_identity (exchange);

  share_words (asked);
  waiting->call = floe_call_new (api, exchange);
  waiting->dry_run = asked->wish.dry_run;
  waiting->one = one;
  asked->begin (floe_api_get_helpdesk (api), actor, &asked->wish, on_done, waiting);
}

/* Questions. */

static void
read_deed (FloeJsonReader *reader, Asked *asked)
{
  g_autofree gchar *action = floe_json_reader_get_string (reader, "action", MAX_ACTION_BYTES);

  if (action == NULL)
    return;
  if (strcmp (action, "release") == 0)
    asked->wish.deed = FLOE_BULK_RELEASE;
  else if (strcmp (action, "message") == 0)
    asked->wish.deed = FLOE_BULK_MESSAGE;
  else if (strcmp (action, "maintenance") == 0)
    asked->wish.deed = FLOE_BULK_MAINTAIN;
  else if (strcmp (action, "open") == 0)
    asked->wish.deed = FLOE_BULK_OPEN;
  else if (!floe_desktop_act_from_name (action, &asked->wish.act))
    floe_json_reader_refuse (reader, "action",
                             "expected \"shut-down\", \"restart\", \"force-off\", \"reset\", "
                             "\"log-off\", \"release\", \"message\", \"maintenance\" or "
                             "\"open\"");
}

static void
read_how (FloeJsonReader *reader, const gchar *name, Asked *asked)
{
  g_autofree gchar *how =
      floe_json_reader_get_string_or (reader, name, MAX_ACTION_BYTES, "log-off");

  if (how != NULL && !floe_log_off_from_name (how, &asked->wish.how))
    floe_json_reader_refuse (reader, name, "expected \"keep\", \"log-off\" or \"release\"");
}

static void
read_subjects (FloeJsonReader *reader, const gchar *name, Asked *asked)
{
  asked->subjects = floe_json_reader_get_strings (reader, name, FLOE_BULK_MOST, MAX_NAME_BYTES);
  if (asked->subjects == NULL || asked->subjects[0] == NULL)
    floe_json_reader_refuse (reader, name, "expected one at least");
  for (guint i = 0; asked->subjects != NULL && asked->subjects[i] != NULL; i++)
    if (g_strv_contains ((const gchar *const *)asked->subjects + i + 1, asked->subjects[i]))
      floe_json_reader_refuse (reader, name, "expected each once only");
}

static gboolean
read_bulk (FloeExchange *exchange, Asked *asked, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);

  if (reader == NULL)
    return FALSE;
  read_deed (reader, asked);
  asked->people = floe_json_reader_has (reader, "users");
  asked->begin = asked->people ? floe_helpdesk_log_off_async : floe_helpdesk_bulk_async;
  read_subjects (reader, asked->people ? "users" : "desktops", asked);
  if (asked->people)
    read_how (reader, "their_desktops", asked);
  if (asked->people
      && (asked->wish.deed != FLOE_BULK_ACT || asked->wish.act != FLOE_DESKTOP_LOG_OFF))
    floe_json_reader_refuse (reader, "action", "expected \"log-off\": it is about people");
  if (asked->wish.deed == FLOE_BULK_MESSAGE)
    asked->message = floe_body_read_message_text (reader);
  if (asked->wish.deed == FLOE_BULK_MAINTAIN)
    floe_call_read_notice (reader, &asked->message, &asked->wish.minutes);
  asked->reason = floe_body_read_reason (reader);
  asked->wish.dry_run = floe_json_reader_get_bool_or (reader, "dry_run", FALSE);
  return floe_json_reader_end (reader, error);
}

/* POST /admin/bulk: goes on when the peer does not wait */
void
floe_route_admin_bulk (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_auto (Asked) asked = { 0 };

  if (read_bulk (exchange, &asked, &error))
    begin (exchange, api, &asked, FALSE);
  else
    floe_exchange_answer_error (exchange, error);
}

static gboolean
read_log_off (FloeExchange *exchange, Asked *asked, GError **error)
{
  const gchar *const one[] = { floe_exchange_get_segment (exchange), NULL };
  g_autoptr (FloeJsonReader) reader = floe_call_take_body_or_none (exchange, error);

  asked->begin = floe_helpdesk_log_off_async;
  asked->subjects = g_strdupv ((gchar **)one);
  if (reader == NULL)
    return FALSE;
  read_how (reader, "desktops", asked);
  asked->reason = floe_body_read_reason (reader);
  asked->wish.dry_run = floe_json_reader_get_bool_or (reader, "dry_run", FALSE);
  return floe_json_reader_end (reader, error);
}

/* POST /admin/users/{}/log-off: goes on when the peer does not wait */
void
floe_route_admin_log_off (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_auto (Asked) asked = { 0 };

  if (read_log_off (exchange, &asked, &error))
    begin (exchange, api, &asked, TRUE);
  else
    floe_exchange_answer_error (exchange, error);
}

static gboolean
read_move (FloeExchange *exchange, Asked *asked, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);

  if (reader == NULL)
    return FALSE;
  asked->begin = floe_helpdesk_move_async;
  asked->wish.of_group = floe_json_reader_has (reader, "groups");
  read_subjects (reader, asked->wish.of_group ? "groups" : "users", asked);
  asked->from = floe_json_reader_get_string (reader, "from", MAX_NAME_BYTES);
  asked->to = floe_json_reader_get_string (reader, "to", MAX_NAME_BYTES);
  asked->wish.release = floe_json_reader_get_bool_or (reader, "release", FALSE);
  asked->reason = floe_body_read_reason (reader);
  asked->wish.dry_run = floe_json_reader_get_bool_or (reader, "dry_run", FALSE);
  return floe_json_reader_end (reader, error);
}

/* POST /admin/moves: goes on when the peer does not wait */
void
floe_route_admin_move (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_auto (Asked) asked = { 0 };

  if (read_move (exchange, &asked, &error))
    begin (exchange, api, &asked, FALSE);
  else
    floe_exchange_answer_error (exchange, error);
}
