/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/command.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "api/url.h"
#include "ctl/output.h"
#include "ctl/token-file.h"

void
floe_ctl_clear (FloeCtl *self)
{
  floe_ctl_settings_clear (&self->settings);
  g_clear_object (&self->broker);
}

/* Without any address it is the broker that somebody logged in to. */
static gchar *
address (FloeCtl *self, GError **error)
{
  g_autoptr (FloeSecret) token = NULL;
  gchar *url = NULL;

  if (self->settings.broker != NULL)
    return g_strdup (self->settings.broker);
  if (self->settings.token_file != NULL)
    token = floe_token_file_load (self->settings.token_file, &url, NULL);
  if (url == NULL)
    floe_ctl_set_usage (error, _ ("which broker? Give --broker URL, or set it in floectl.conf"));
  return url;
}

/**
 * floe_ctl_get_broker:
 * @self: the run
 * @error: no address, or one that cannot be
 *
 * Returns: (transfer none) (nullable): the broker, without a token yet
 */
FloeBroker *
floe_ctl_get_broker (FloeCtl *self, GError **error)
{
  g_autofree gchar *url = NULL;
  g_autoptr (GError) why = NULL;

  if (self->broker != NULL)
    return self->broker;
  url = address (self, error);
  if (url == NULL)
    return NULL;
  self->broker = floe_broker_new (url, self->settings.ca, &why);
  if (self->broker != NULL && self->settings.terminal_key != NULL
      && !floe_broker_set_terminal_key (self->broker, self->settings.terminal_key, &why))
    g_clear_object (&self->broker);
  if (self->broker == NULL)
    floe_ctl_set_usage (error, "%s", why->message);
  return self->broker;
}

/**
 * floe_ctl_load_token:
 * @self: the run
 * @error: where the error goes
 *
 * Gives the broker the token of an earlier log-in, or of the API, unless another broker gave it.
 *
 * Returns: %FALSE for an error; having no token is none
 */
gboolean
floe_ctl_load_token (FloeCtl *self, GError **error)
{
  FloeBroker *broker = floe_ctl_get_broker (self, error);
  g_autoptr (FloeSecret) token = NULL;
  g_autoptr (GError) why = NULL;
  g_autofree gchar *url = NULL;

  if (broker == NULL)
    return FALSE;
  if (self->settings.token_file == NULL)
    return TRUE;
  token = floe_token_file_load (self->settings.token_file, &url, &why);
  if (why != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  if (token != NULL && (url == NULL || g_str_equal (url, floe_broker_get_url (broker))))
    floe_broker_set_token (broker, token);
  return TRUE;
}

/**
 * floe_ctl_need_log_in:
 * @self: the run
 * @error: %FLOE_CLIENT_ERROR_UNAUTHENTICATED also when nobody is logged in
 *
 * Returns: %TRUE if the broker has the token of an earlier log-in
 */
gboolean
floe_ctl_need_log_in (FloeCtl *self, GError **error)
{
  if (!floe_ctl_load_token (self, error))
    return FALSE;
  if (floe_broker_get_token (self->broker) != NULL)
    return TRUE;
  floe_client_error_set (error, FLOE_CLIENT_ERROR_UNAUTHENTICATED, NULL,
                         _ ("nobody is logged in at %s"), floe_broker_get_url (self->broker));
  return FALSE;
}

void
floe_ctl_on_done (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **)slot = g_object_ref (result);
}

/**
 * floe_ctl_wait:
 * @slot: what floe_ctl_on_done() fills
 *
 * This program has nothing else to do, and no other loop.
 *
 * Returns: (transfer full): the result
 */
GAsyncResult *
floe_ctl_wait (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_steal_pointer (slot);
}

/**
 * floe_ctl_call:
 * @self: the run
 * @method: of HTTP
 * @path: behind /api/v1/, escaped
 * @body: (nullable): JSON
 * @error: where the error goes
 *
 * Returns: (transfer full) (nullable): the answer
 */
JsonNode *
floe_ctl_call (FloeCtl *self, const gchar *method, const gchar *path, const gchar *body,
               GError **error)
{
  FloeBroker *broker = floe_ctl_get_broker (self, error);
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  if (broker == NULL)
    return NULL;
  floe_broker_call_async (broker, method, path, body, NULL, floe_ctl_on_done, &slot);
  result = floe_ctl_wait (&slot);
  return floe_broker_call_finish (broker, result, error);
}

/**
 * floe_ctl_call_as_user:
 * @self: the run
 * @method: of HTTP
 * @path: behind /api/v1/, escaped
 * @body: (nullable): JSON
 * @error: %FLOE_CLIENT_ERROR_UNAUTHENTICATED also when nobody is logged in
 *
 * Returns: (transfer full) (nullable): the answer
 */
JsonNode *
floe_ctl_call_as_user (FloeCtl *self, const gchar *method, const gchar *path, const gchar *body,
                       GError **error)
{
  g_autoptr (FloeTold) told =
      floe_ctl_ask (self, &(FloeAsk){ .method = method, .path = path, .body = body }, error);

  return told != NULL ? g_steal_pointer (&told->root) : NULL;
}

static FloeTold *
ask (FloeCtl *self, const FloeAsk *question, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  floe_broker_ask_async (self->broker, question, NULL, floe_ctl_on_done, &slot);
  result = floe_ctl_wait (&slot);
  return floe_broker_ask_finish (self->broker, result, error);
}

/**
 * floe_ctl_ask:
 * @self: the run
 * @question: what
 * @error: %FLOE_CLIENT_ERROR_UNAUTHENTICATED also when nobody is logged in
 *
 * What the staff does has a key, so that it is asked for once more when the connection is lost, and
 * done once all the same.
 *
 * Returns: (transfer full) (nullable): the answer, with what floe_ctl_call_as_user() leaves out
 */
FloeTold *
floe_ctl_ask (FloeCtl *self, const FloeAsk *question, GError **error)
{
  FloeAsk act = *question;
  g_autofree gchar *key = NULL;
  g_autoptr (GError) why = NULL;
  FloeTold *told;

  if (!floe_ctl_need_log_in (self, error))
    return NULL;
  if (!g_str_equal (act.method, "POST") || !g_str_has_prefix (act.path, "admin/"))
    return ask (self, &act, error);
  act.key = key = g_uuid_string_random ();
  told = ask (self, &act, &why);
  if (told == NULL && g_error_matches (why, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NETWORK))
    return ask (self, &act, error);
  if (told == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return told;
}

/**
 * floe_ctl_look_up:
 * @self: the run
 * @path: of a thing
 * @told: (out) (transfer full) (nullable): how it is; %NULL where there is none yet
 * @error: anything else
 *
 * Returns: whether that is known
 */
gboolean
floe_ctl_look_up (FloeCtl *self, const gchar *path, FloeTold **told, GError **error)
{
  g_autoptr (GError) why = NULL;

  *told = floe_ctl_ask (self, &(FloeAsk){ .method = "GET", .path = path }, &why);
  if (*told != NULL || g_error_matches (why, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

/**
 * floe_ctl_parse:
 * @self: the run
 * @args: (inout): the words behind the command; the options are taken out
 * @entries: (nullable): the command's own options
 * @least: how many words must remain
 * @most: how many may
 * @error: anything else
 *
 * Returns: %TRUE if they fit
 */
gboolean
floe_ctl_parse (FloeCtl *self, GStrv *args, const GOptionEntry *entries, guint least, guint most,
                GError **error)
{
  const GOptionEntry common[] = { { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, NULL, NULL },
                                  { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) why = NULL;
  guint n;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, common, NULL);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, args, &why))
    {
      floe_ctl_set_usage (error, "%s", why->message);
      return FALSE;
    }
  /* The first is the program's name; "--" is left in where it stood. */
  n = g_strv_length (*args) - 1;
  if (n < least)
    floe_ctl_set_usage (error, _ ("something is missing; see \"floectl help\""));
  else if (n > most)
    floe_ctl_set_usage (error, _ ("\"%s\" is too much; see \"floectl help\""), (*args)[most + 1]);
  return n >= least && n <= most;
}

/**
 * floe_ctl_refuse_json:
 *
 * For a command that has no answer of the broker's to show.
 *
 * Returns: whether none is asked for
 */
gboolean
floe_ctl_refuse_json (FloeCtl *self, GError **error)
{
  if (self->json)
    floe_ctl_set_usage (error, _ ("there is no JSON of it"));
  return !self->json;
}

/**
 * floe_ctl_remove:
 * @self: the run
 * @args: (inout): the words behind the command; one, the name, is the first of them then
 * @kind: what is removed, as the path has it: "tokens"
 * @error: where the error goes
 *
 * Returns: whether there is no such thing any more
 */
gboolean
floe_ctl_remove (FloeCtl *self, GStrv *args, const gchar *kind, GError **error)
{
  g_autofree gchar *path = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, args, NULL, 1, 1, error))
    return FALSE;
  path = floe_url_join (error, "admin", kind, (*args)[1], NULL);
  if (path != NULL)
    answer = floe_ctl_call_as_user (self, "DELETE", path, NULL, error);
  return answer != NULL;
}

/**
 * floe_ctl_hand_over:
 * @self: the run
 * @told: an answer
 * @field: where it has a secret
 * @secret: (nullable): that
 * @error: there is none
 *
 * Shows a secret, this once and on its own, for whoever puts it where it belongs.
 *
 * Returns: whether it is shown
 */
gboolean
floe_ctl_hand_over (FloeCtl *self, const FloeTold *told, const gchar *field,
                    const FloeSecret *secret, GError **error)
{
  if (secret == NULL)
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                             "the answer's field \"%s\" is missing", field);
      return FALSE;
    }
  if (self->json)
    {
      json_object_set_string_member (json_node_get_object (told->root), field,
                                     floe_secret_get (secret, NULL));
      floe_print_json (told->root);
    }
  else
    g_print ("%s\n", floe_secret_get (secret, NULL));
  return TRUE;
}
