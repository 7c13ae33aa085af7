/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-trial.h"

struct _FloeEngineTrial
{
  FloeClock *clock;
  FloeEngineClient *client;
  SoupSession *session;
  gint64 timeout;
  FloeEnginePrint print;
  gpointer data;
  gboolean wrong;
};

/**
 * floe_engine_trial_new:
 *
 * Returns: (transfer full): nothing was asked yet; or %NULL when the CA cannot be read
 */
FloeEngineTrial *
floe_engine_trial_new (const FloeEngineSettings *settings, FloeEnginePrint print, gpointer data,
                       GError **error)
{
  g_autoptr (FloeClock) clock = floe_system_clock_new ();
  g_autoptr (FloeEngineClient) client = floe_engine_client_new (settings, clock, error);
  FloeEngineTrial *self;

  if (client == NULL)
    return NULL;
  self = g_new0 (FloeEngineTrial, 1);
  self->session = floe_engine_session_new (settings, NULL);
  self->clock = g_steal_pointer (&clock);
  self->client = g_steal_pointer (&client);
  self->timeout = settings->timeout;
  self->print = print;
  self->data = data;
  return self;
}

void
floe_engine_trial_free (FloeEngineTrial *self)
{
  floe_engine_client_close (self->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (self->client);
  g_object_unref (self->session);
  g_object_unref (self->clock);
  g_free (self);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/**
 * floe_engine_trial_send:
 *
 * Returns: (transfer full): the answer to a request that needs no log-in
 */
FloeEngineReply *
floe_engine_trial_send (FloeEngineTrial *self, SoupMessage *message, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_engine_exchange_async (self->session, message, self->clock, self->timeout, NULL, keep_result,
                              &result);
  wait_for (&result);
  return floe_engine_exchange_finish (result, error);
}

/**
 * floe_engine_trial_get:
 *
 * Returns: (transfer full): what the service account is told
 */
JsonNode *
floe_engine_trial_get (FloeEngineTrial *self, const gchar *path, GError **error)
{
  const FloeEngineCall call = { .method = "GET", .path = path };
  g_autoptr (GAsyncResult) result = NULL;

  floe_engine_client_call_async (self->client, &call, keep_result, &result);
  wait_for (&result);
  return floe_engine_client_call_finish (self->client, result, error);
}

/**
 * floe_engine_trial_act_for:
 *
 * Returns: whether the SSO client can log somebody in; the log-in is ended at once
 */
gboolean
floe_engine_trial_act_for (FloeEngineTrial *self, const gchar *name, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeSecret) token = NULL;

  floe_engine_client_act_for_async (self->client, name, keep_result, &result);
  wait_for (&result);
  token = floe_engine_client_act_for_finish (self->client, result, error);
  if (token != NULL)
    floe_engine_client_end_token (self->client, token);
  return token != NULL;
}

/* What an engine says may hold anything. */
static gchar *
tame (const gchar *text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  GString *tamed = g_string_new (NULL);

  for (const gchar *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean odd = g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT;

      g_string_append_unichar (tamed, odd ? '?' : c);
    }
  return g_string_free (tamed, FALSE);
}

static void say (FloeEngineTrial *self, const gchar *mark, const gchar *change, const gchar *format,
                 va_list args) G_GNUC_PRINTF (4, 0);

static void
say (FloeEngineTrial *self, const gchar *mark, const gchar *change, const gchar *format,
     va_list args)
{
  g_autofree gchar *what = g_strdup_vprintf (format, args);
  g_autofree gchar *whole = g_strconcat (mark, what, change != NULL ? " — " : NULL, change, NULL);
  g_autofree gchar *tamed = tame (whole);

  self->print (tamed, self->data);
}

void
floe_engine_trial_ok (FloeEngineTrial *self, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  say (self, "ok: ", NULL, format, args);
  va_end (args);
}

/**
 * floe_engine_trial_warn:
 * @change: what to change, with the configuration's key where it is one
 * @format: what is doubtful
 */
void
floe_engine_trial_warn (FloeEngineTrial *self, const gchar *change, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  say (self, "warning: ", change, format, args);
  va_end (args);
}

/**
 * floe_engine_trial_wrong:
 * @change: what to change, with the configuration's key where it is one
 * @format: what does not work
 */
void
floe_engine_trial_wrong (FloeEngineTrial *self, const gchar *change, const gchar *format, ...)
{
  va_list args;

  self->wrong = TRUE;
  va_start (args, format);
  say (self, "wrong: ", change, format, args);
  va_end (args);
}

gboolean
floe_engine_trial_is_fine (FloeEngineTrial *self)
{
  return !self->wrong;
}
