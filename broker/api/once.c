/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/once.h"

#include <string.h>

#include "core/helpdesk-once.h"

/* Idempotency-Key: an act of the staff's is done once, however often its request comes, and
 * whichever broker it comes to. What it was answered with is kept for a day. */

#define MAX_KEY_BYTES 128

/* After so long whoever did it is not at it any more. */
#define LONGEST_ACT (2 * G_TIME_SPAN_MINUTE)

typedef struct
{
  FloeCall *call;
  FloeOnce *once;
  GBytes *answer;
} Act;

static void
act_free (Act *act)
{
  floe_call_free (act->call);
  floe_once_free (act->once);
  g_clear_pointer (&act->answer, g_bytes_unref);
  g_free (act);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Act, act_free)

static gboolean
is_key (const gchar *text)
{
  gsize length = strlen (text);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length > 0 && length <= MAX_KEY_BYTES;
}

static gboolean
is_for_acts (const FloeRoute *route)
{
  return strcmp (route->method, "POST") == 0 && g_str_has_prefix (route->path, "/api/v1/admin/");
}

/* print_of: of all that is asked; such a request has no query */
static gchar *
print_of (const FloeRequest *request)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = 0;
  const gchar *body = request->body != NULL ? floe_secret_get (request->body, &length) : "";

  g_checksum_update (sum, (const guchar *)request->route->path, -1);
  g_checksum_update (sum, (const guchar *)"\n", 1);
  if (request->segment != NULL)
    g_checksum_update (sum, (const guchar *)request->segment, -1);
  g_checksum_update (sum, (const guchar *)"\n", 1);
  g_checksum_update (sum, (const guchar *)body, (gssize)length);
  return g_strdup (g_checksum_get_string (sum));
}

static void
refuse (FloeExchange *exchange, const gchar *reason, const gchar *detail)
{
  g_autoptr (FloeProblem) problem = floe_problem_new (FLOE_PROBLEM_CONFLICT, detail);

  problem->reason = g_strdup (reason);
  floe_exchange_answer_problem (exchange, problem);
}

static void
answer_again (FloeExchange *exchange, const FloeOnce *once)
{
  g_autoptr (FloeSecret) body = once->body != NULL ? floe_secret_new (once->body, -1) : NULL;

  floe_exchange_add_header (exchange, "Idempotency-Replayed", "true");
  floe_exchange_answer (exchange, once->status, once->type, body);
}

/* answer_known: it was asked for before */
static void
answer_known (FloeExchange *exchange, const FloeOnce *once, const gchar *print)
{
  gint64 now = floe_clock_now (floe_exchange_get_clock (exchange));

  if (strcmp (once->print, print) != 0)
    refuse (exchange, "key-reused", "the same Idempotency-Key came with something else before");
  else if (once->status == 0 && now - once->at < LONGEST_ACT)
    refuse (exchange, "under-way", "this was asked for a moment ago, and is not answered yet");
  else if (once->status == 0)
    refuse (exchange, "outcome-unknown",
            "this was asked for before, and nobody knows what came of it; look at it");
  else if (once->secret)
    refuse (exchange, "answer-not-kept",
            "this was done before, and its answer was secret: it is not kept");
  else
    answer_again (exchange, once);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Act) act = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) body = NULL;
  gsize length = 0;
  const gchar *text = act->answer != NULL ? g_bytes_get_data (act->answer, &length) : NULL;

  if (!floe_helpdesk_end_once_finish (FLOE_HELPDESK (source), result, &error))
    g_warning ("what an act with a key was answered with was not kept: %s", error->message);
  body = text != NULL ? floe_secret_new (text, (gssize)length) : NULL;
  floe_exchange_answer (act->call->exchange, act->once->status, act->once->type, body);
}

/* on_answer: keeps it before it goes out. What was refused because there was too much to do was not
 * begun, and may be tried again. */
static void
on_answer (FloeExchange *exchange, guint status, const gchar *type, FloeSecret *body, gpointer data)
{
  g_autoptr (Act) act = data;
  g_autoptr (FloeOnce) kept = floe_once_copy (act->once);
  FloeHelpdesk *helpdesk = floe_api_get_helpdesk (act->call->api);
  gboolean begun = status != 503 && status != 429;
  gsize length = 0;
  const gchar *text = body != NULL ? floe_secret_get (body, &length) : NULL;

  act->once->status = status;
  act->once->type = g_strdup (type);
  act->answer = text != NULL ? g_bytes_new (text, length) : NULL;
  kept->status = begun ? status : 0;
  kept->type = g_strdup (type);
  kept->secret = floe_exchange_is_secret (exchange);
  kept->body = text != NULL && !kept->secret ? g_strndup (text, length) : NULL;
  floe_helpdesk_end_once_async (helpdesk, kept, on_ended, g_steal_pointer (&act));
}

static void
on_begun (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Act) act = data;
  g_autoptr (FloeCall) call = floe_call_new (act->call->api, act->call->exchange);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeOnce) once =
      floe_helpdesk_begin_once_finish (FLOE_HELPDESK (source), result, &error);

  if (once == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  if (!once->fresh)
    {
      answer_known (call->exchange, once, act->once->print);
      return;
    }
  floe_exchange_set_witness (call->exchange, on_answer, g_steal_pointer (&act));
  floe_api_handle (call->api, call->exchange);
}

/**
 * floe_api_do_once:
 * @exchange: a request with an Idempotency-Key, of somebody who may
 *
 * Handles it, unless it was handled before; then it is answered as it was.
 */
void
floe_api_do_once (FloeApi *api, FloeExchange *exchange)
{
  const FloeRequest *request = floe_exchange_get_request (exchange);
  g_autofree gchar *print = NULL;
  Act *act;

  if (!is_for_acts (request->route) || !is_key (request->key))
    {
      g_autoptr (FloeProblem) problem =
          floe_problem_new (FLOE_PROBLEM_INVALID,
                            is_for_acts (request->route)
                                ? "Idempotency-Key: expected 1 to 128 letters, digits and signs"
                                : "Idempotency-Key: only for what is posted below /api/v1/admin");

      floe_exchange_answer_problem (exchange, problem);
      return;
    }
  print = print_of (request);
  act = g_new0 (Act, 1);
  act->call = floe_call_new (api, exchange);
  act->once = floe_once_new (floe_exchange_get_identity (exchange)->user->id, request->key, print);
  floe_helpdesk_begin_once_async (floe_api_get_helpdesk (api), act->once, on_begun, act);
}
