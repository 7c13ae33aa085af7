/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-people.h"

#include "core/error.h"

static void
logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  FloeSecret *token =
      floe_engine_client_act_for_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (token != NULL)
    g_task_return_pointer (task, token, (GDestroyNotify)floe_secret_unref);
  else
    g_task_return_error (task, error);
}

/**
 * floe_engine_people_log_in:
 * @profile: (nullable): of the people, at the engine
 * @task: (transfer full): gives the token
 *
 * Nobody waits for an engine that is not there.
 */
void
floe_engine_people_log_in (const FloeEngineParts *parts, const gchar *profile, const gchar *person,
                           FloeSecret *password, GTask *task)
{
  g_autofree gchar *name = g_strconcat (person, "@", profile, NULL);

  if (profile != NULL && floe_engine_picture_is_up (parts->picture))
    {
      floe_engine_client_log_in_async (parts->client, name, password, logged_in, task);
      return;
    }
  g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, "%s",
                           profile != NULL ? "the engine does not answer"
                                           : "no profile is configured for its people");
  g_object_unref (task);
}

static void
renewed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * floe_engine_people_renew:
 * @token: somebody's, which the engine forgets after half an hour of rest
 * @task: (transfer full): gives a truth value
 *
 * Of an engine that is not there nothing is asked: its absence may be long, and their number large.
 */
void
floe_engine_people_renew (const FloeEngineParts *parts, FloeSecret *token, GTask *task)
{
  const FloeEngineCall call = { .method = "GET", .path = "", .token = token, .repeatable = TRUE };

  if (!floe_engine_picture_is_up (parts->picture))
    {
      g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE,
                               "the engine does not answer");
      g_object_unref (task);
      return;
    }
  floe_engine_client_call_async (parts->client, &call, renewed, task);
}
