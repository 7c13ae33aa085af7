/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-trial.h"

/**
 * floe_engine_trial_new:
 * @report: where it is said; not owned
 *
 * Returns: (transfer full): nothing was asked yet; or %NULL when the CA cannot be read
 */
FloeEngineTrial *
floe_engine_trial_new (const FloeEngineSettings *settings, FloeReport *report, GError **error)
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
  self->report = report;
  return self;
}

void
floe_engine_trial_free (FloeEngineTrial *self)
{
  floe_engine_client_close (self->client);
  /* Until its token has ended, or its log-out has been without an answer for too long. */
  while (floe_engine_client_has_forms (self->client) || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
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
