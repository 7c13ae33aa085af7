/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-client.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-exchange.h"
#include "manager/ovirt/engine-fault.h"
#include "manager/ovirt/engine-form.h"
#include "manager/ovirt/engine-json.h"
#include "manager/ovirt/engine-login.h"
#include "util/workers.h"

/* How often what may be repeated is tried in all, and how long is waited before: twice as long each
 * time. */
#define MAX_TRIES   3
#define FIRST_PAUSE (G_USEC_PER_SEC / 2)
/* A service account that was refused is not tried again for so long, lest it be locked. */
#define REFUSED_FOR (60 * G_USEC_PER_SEC)

/* Somebody waits at the log-in. */
#define PERSON_TIMEOUT (5 * (gint64)G_USEC_PER_SEC)

/* Longer answers are read on a thread of their own: a pool's list takes tens of milliseconds, for
 * which nobody else is to wait, and nearly half as many to be freed. */
#define LONG_ANSWER  (32 * 1024)
#define MAX_READINGS 64

struct _FloeEngineClient
{
  GObject parent_instance;

  gchar *name;
  gchar *url;
  gchar *user;
  FloeSecret *password;
  gchar *client_id;
  FloeSecret *client_secret;
  gint64 timeout;
  FloeClock *clock;
  SoupSession *session;
  GCancellable *closed;
  FloeSecret *token; /* the service account's; NULL when there is none, or it was refused */
  GQueue waiting;    /* GTask: calls that wait for the log-in that is under way */
  gboolean logging_in;
  GError *refusal;     /* of the last log-in, if that was refused */
  gint64 refused_at;   /* elapsed */
  guint n_calls;       /* that the engine is at work on, or whose answers are being read */
  FloeWorkers *reader; /* NULL before there was a long answer */
};

typedef struct
{
  gchar *method;
  gchar *path;
  gchar *body;
  FloeSecret *token; /* whose the call is; NULL for the service account */
  FloeSecret *used;  /* what it was sent with */
  gchar *correlation;
  gboolean repeatable;
  gboolean whole;
  FloeEngineRead read;
  GDestroyNotify read_free; /* of what the call gives */
  gboolean renewed;
  guint tries;
  guint status; /* of the answer that is being read */
} Call;

G_DEFINE_FINAL_TYPE (FloeEngineClient, floe_engine_client, G_TYPE_OBJECT)

static void send_call (FloeEngineClient *self, GTask *task);

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->method);
  g_free (call->path);
  if (call->body != NULL)
    floe_wipe (call->body, strlen (call->body)); /* it may hold a ticket */
  g_free (call->body);
  g_clear_pointer (&call->token, floe_secret_unref);
  g_clear_pointer (&call->used, floe_secret_unref);
  g_free (call->correlation);
  g_free (call);
}

/* The service account's token: one log-in at a time, for which everybody waits. */

static void
logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeEngineClient) self = data;
  g_autoptr (GError) error = NULL;
  GQueue waiting = self->waiting;
  GTask *task;

  self->token = floe_engine_login_finish (result, &error);
  self->logging_in = FALSE;
  self->n_calls--;
  g_queue_init (&self->waiting);
  g_clear_error (&self->refusal);
  if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED))
    {
      self->refusal = g_error_copy (error);
      self->refused_at = floe_clock_elapsed (self->clock);
    }
  while ((task = g_queue_pop_head (&waiting)) != NULL)
    {
      if (self->token != NULL)
        send_call (self, task);
      else
        g_task_return_error (task, g_error_copy (error));
      g_object_unref (task);
    }
}

static void
log_in (FloeEngineClient *self, GTask *task)
{
  const FloeEngineLogin login = { .url = self->url,
                                  .user = self->user,
                                  .password = self->password };

  if (self->refusal != NULL && floe_clock_elapsed (self->clock) - self->refused_at < REFUSED_FOR)
    {
      g_task_return_error (task, g_error_copy (self->refusal));
      return;
    }
  g_queue_push_tail (&self->waiting, g_object_ref (task));
  if (self->logging_in)
    return;
  self->logging_in = TRUE;
  self->n_calls++;
  floe_engine_login_async (self->session, &login, self->clock, self->timeout, self->closed,
                           logged_in, g_object_ref (self));
}

/* Calls. */

static gboolean
try_again (gpointer data)
{
  GTask *task = data;

  send_call (g_task_get_source_object (task), task);
  return G_SOURCE_REMOVE;
}

static gboolean
may_try_again (FloeEngineClient *self, const Call *call, const GError *error)
{
  return call->repeatable && call->tries < MAX_TRIES && !g_cancellable_is_cancelled (self->closed)
         && g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE)
         && g_strcmp0 (floe_error_reason (error), "engine-login") != 0;
}

/* Takes @error. */
static void
fail (FloeEngineClient *self, GTask *task, GError *error)
{
  Call *call = g_task_get_task_data (task);

  if (may_try_again (self, call, error))
    {
      g_error_free (error);
      floe_clock_add_timeout (self->clock, (gint64)FIRST_PAUSE << (call->tries - 1), try_again,
                              g_object_ref (task), g_object_unref);
      return;
    }
  g_prefix_error (&error, "engine %s: ", self->name);
  g_task_return_error (task, error);
}

/* The engine forgets tokens after half an hour of rest and when it is started again. Whoever finds
 * out first gets a new one for all; somebody's own is theirs to renew. */
static gboolean
renew (FloeEngineClient *self, GTask *task)
{
  Call *call = g_task_get_task_data (task);

  if (call->token != NULL || call->renewed)
    return FALSE;
  call->renewed = TRUE;
  call->tries--;
  if (self->token == call->used)
    g_clear_pointer (&self->token, floe_secret_unref);
  send_call (self, task);
  return TRUE;
}

/* What a long answer is read with, on the thread. */
typedef struct
{
  FloeEngineReply *reply;
  FloeEngineRead read; /* NULL: as it is */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  floe_engine_reply_free (reading->reply);
  g_free (reading);
}

static gpointer
read_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  const Reading *reading = input;
  const GByteArray *body = reading->reply->body;
  g_autoptr (JsonNode) node =
      body->len > 0 ? floe_engine_json_parse ((const gchar *)body->data, body->len, error)
                    : floe_engine_json_parse ("{}", 2, error); /* nothing, which 204 says */

  if (node == NULL || reading->read == NULL)
    return g_steal_pointer (&node);
  return reading->read (floe_engine_json_root (node));
}

/* Takes @answer and @error, of which one is %NULL. */
static void
take_answer (FloeEngineClient *self, GTask *task, gpointer answer, GError *error)
{
  const Call *call = g_task_get_task_data (task);
  g_autoptr (GError) unread = error;

  self->n_calls--;
  if (call->status >= 300)
    {
      g_autoptr (JsonNode) fault = answer;

      fail (self, task, floe_engine_fault_new (call->status, fault, unread != NULL));
    }
  else if (answer != NULL)
    g_task_return_pointer (task, answer, call->read_free);
  else
    fail (self, task, g_steal_pointer (&unread));
}

static void
answer_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gpointer answer = floe_workers_run_finish (FLOE_WORKERS (source), result, &error);

  take_answer (g_task_get_source_object (task), task, answer, error);
}

/* Takes @reply. */
static void
take_reply (FloeEngineClient *self, GTask *task, FloeEngineReply *reply)
{
  Call *call = g_task_get_task_data (task);
  Reading *reading = g_new0 (Reading, 1);
  GError *error = NULL;
  gpointer answer;

  call->status = reply->status;
  reading->reply = reply;
  reading->read = reply->status < 300 ? call->read : NULL;
  if (reply->body->len > LONG_ANSWER)
    {
      if (self->reader == NULL)
        self->reader = floe_workers_new ("engine-json", 1, MAX_READINGS, NULL, NULL, NULL);
      floe_workers_run_async (self->reader, read_work, reading, reading_free,
                              reading->read != NULL ? call->read_free
                                                    : (GDestroyNotify)json_node_unref,
                              self->timeout, NULL, answer_read, g_object_ref (task));
      return;
    }
  answer = read_work (NULL, reading, NULL, &error);
  reading_free (reading);
  take_answer (self, task, answer, error);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeEngineClient *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeEngineReply) reply = floe_engine_exchange_finish (result, &error);

  if (reply != NULL && (reply->status != 401 || !renew (self, task)))
    {
      take_reply (self, task, g_steal_pointer (&reply));
      return;
    }
  self->n_calls--;
  if (reply == NULL)
    fail (self, task, error);
}

static void
set_header (SoupMessage *message, const gchar *name, const gchar *value)
{
  soup_message_headers_replace (soup_message_get_request_headers (message), name, value);
}

static void
set_headers (SoupMessage *message, const Call *call)
{
  g_autofree gchar *bearer = g_strconcat ("Bearer ", floe_secret_get (call->used, NULL), NULL);

  set_header (message, "Authorization", bearer);
  set_header (message, "Accept", "application/json");
  set_header (message, "Accept-Language", "en-US"); /* faults are known by their words */
  set_header (message, "Version", "4");
  if (call->correlation != NULL)
    set_header (message, "Correlation-Id", call->correlation);
  if (call->whole)
    set_header (message, "All-Content", "true");
  floe_wipe (bearer, strlen (bearer));
}

/* The task keeps it, and outlives the message. Where a connection that was kept was closed at the
 * other end just when something was sent on it, libsoup 3.2 sends that again, but by then it has
 * read the body to its end, and would send none. */
static void
set_body (SoupMessage *message, const Call *call)
{
  g_autoptr (GBytes) body = NULL;

  if (call->body == NULL)
    return;
  body = g_bytes_new_static (call->body, strlen (call->body));
  soup_message_set_request_body_from_bytes (message, "application/json", body);
}

static void
send_call (FloeEngineClient *self, GTask *task)
{
  Call *call = g_task_get_task_data (task);
  g_autofree gchar *url = g_strconcat (self->url, "/api", call->path, NULL);
  g_autoptr (SoupMessage) message = NULL;
  GError *error = NULL;

  if (call->token == NULL && self->token == NULL)
    {
      log_in (self, task);
      return;
    }
  message = floe_engine_message_new (call->method, url, &error);
  if (message == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_pointer (&call->used, floe_secret_unref);
  call->used = floe_secret_ref (call->token != NULL ? call->token : self->token);
  call->tries++;
  set_headers (message, call);
  self->n_calls++;
  set_body (message, call);
  g_signal_connect (message, "restarted", G_CALLBACK (set_body), call);
  floe_engine_exchange_async (self->session, message, self->clock, self->timeout, self->closed,
                              answered, g_object_ref (task));
}

/**
 * floe_engine_client_call_async:
 * @call: what; copied
 *
 * Does one call. The service account is logged in when it has to be, once for all calls that wait,
 * and once more when the engine has forgotten its token.
 */
void
floe_engine_client_call_async (FloeEngineClient *self, const FloeEngineCall *call,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Call *copy = g_new0 (Call, 1);

  g_task_set_source_tag (task, floe_engine_client_call_async);
  copy->method = g_strdup (call->method);
  copy->path = g_strdup (call->path);
  copy->body = g_strdup (call->body);
  copy->token = call->token != NULL ? floe_secret_ref (call->token) : NULL;
  copy->correlation = g_strdup (call->correlation);
  copy->repeatable = call->repeatable;
  copy->whole = call->whole;
  copy->read = call->read;
  copy->read_free = call->read != NULL ? call->read_free : (GDestroyNotify)json_node_unref;
  g_task_set_task_data (task, copy, call_free);
  send_call (self, task);
}

/**
 * floe_engine_client_call_finish:
 *
 * Returns: (transfer full): a JsonNode, an object, or what the call's @read made of it; or %NULL
 *   with what floe_engine_fault_new() makes,
 *   %FLOE_ERROR_DENIED (reason "engine-login"), or %FLOE_ERROR_TIMED_OUT or
 * %FLOE_ERROR_UNAVAILABLE, of which nobody knows whether the call was done
 */
gpointer
floe_engine_client_call_finish (FloeEngineClient *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* For other people. */

/**
 * floe_engine_client_can_act_for:
 *
 * Returns: whether an SSO client is known that may log people in on behalf
 */
gboolean
floe_engine_client_can_act_for (FloeEngineClient *self)
{
  return self->client_id != NULL && self->client_secret != NULL;
}

static void
acting (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeEngineClient *self = g_task_get_source_object (task);
  GError *error = NULL;
  FloeSecret *token = floe_engine_login_finish (result, &error);

  if (token != NULL)
    {
      g_task_return_pointer (task, token, (GDestroyNotify)floe_secret_unref);
      return;
    }
  g_prefix_error (&error, "engine %s: ", self->name);
  g_task_return_error (task, error);
}

/**
 * floe_engine_client_act_for_async:
 * @name: NAME@PROFILE
 *
 * Gets a token of somebody else's, without their password.
 */
void
floe_engine_client_act_for_async (FloeEngineClient *self, const gchar *name,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  const FloeEngineLogin login = { .url = self->url,
                                  .user = name,
                                  .client_id = self->client_id,
                                  .client_secret = self->client_secret };

  g_return_if_fail (floe_engine_client_can_act_for (self));
  g_task_set_source_tag (task, floe_engine_client_act_for_async);
  floe_engine_login_async (self->session, &login, self->clock, self->timeout, self->closed, acting,
                           task);
}

/**
 * floe_engine_client_log_in_async:
 * @name: NAME@PROFILE
 * @password: theirs
 *
 * Gets a token of somebody else's, with their password; floe_engine_client_act_for_finish() has it.
 */
void
floe_engine_client_log_in_async (FloeEngineClient *self, const gchar *name, FloeSecret *password,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  const FloeEngineLogin login = { .url = self->url, .user = name, .password = password };

  g_task_set_source_tag (task, floe_engine_client_log_in_async);
  floe_engine_login_async (self->session, &login, self->clock, PERSON_TIMEOUT, self->closed, acting,
                           task);
}

FloeSecret *
floe_engine_client_act_for_finish (FloeEngineClient *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_engine_client_end_token:
 * @token: one of floe_engine_client_act_for_finish()
 */
void
floe_engine_client_end_token (FloeEngineClient *self, FloeSecret *token)
{
  floe_engine_logout (self->session, self->url, token, self->clock);
}

/**
 * floe_engine_client_count_calls:
 *
 * Returns: how many calls the engine is at work on, or were not read yet
 */
guint
floe_engine_client_count_calls (FloeEngineClient *self)
{
  return self->n_calls;
}

/**
 * floe_engine_client_close:
 *
 * Gives up what is under way, and ends the service account's token.
 */
void
floe_engine_client_close (FloeEngineClient *self)
{
  if (g_cancellable_is_cancelled (self->closed))
    return;
  g_cancellable_cancel (self->closed);
  if (self->token != NULL)
    floe_engine_logout (self->session, self->url, self->token, self->clock);
  g_clear_pointer (&self->token, floe_secret_unref);
  if (self->reader != NULL)
    floe_workers_close (self->reader);
}

/**
 * floe_engine_client_has_forms:
 *
 * Returns: whether a log-in or a log-out is under way, or waits for its turn
 */
gboolean
floe_engine_client_has_forms (FloeEngineClient *self)
{
  return floe_engine_form_is_busy (self->session);
}

static void
floe_engine_client_finalize (GObject *object)
{
  FloeEngineClient *self = FLOE_ENGINE_CLIENT (object);

  g_free (self->name);
  g_free (self->url);
  g_free (self->user);
  g_clear_pointer (&self->password, floe_secret_unref);
  g_free (self->client_id);
  g_clear_pointer (&self->client_secret, floe_secret_unref);
  g_clear_pointer (&self->token, floe_secret_unref);
  g_clear_error (&self->refusal);
  g_clear_object (&self->session);
  g_clear_object (&self->reader);
  g_object_unref (self->closed);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (floe_engine_client_parent_class)->finalize (object);
}

static void
floe_engine_client_class_init (FloeEngineClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_engine_client_finalize;
}

static void
floe_engine_client_init (FloeEngineClient *self)
{
  self->closed = g_cancellable_new ();
  g_queue_init (&self->waiting);
}

/**
 * floe_engine_session_new:
 *
 * Returns: (transfer full): what its requests are sent with, without a proxy: an engine is in the
 *   same house; or %NULL when the CA cannot be read
 */
SoupSession *
floe_engine_session_new (const FloeEngineSettings *settings, GError **error)
{
  g_autoptr (GTlsDatabase) database = NULL;

  if (settings->ca_file != NULL)
    {
      database = g_tls_file_database_new (settings->ca_file, error);
      if (database == NULL)
        return NULL;
    }
  return soup_session_new_with_options ("max-conns", settings->connections, "max-conns-per-host",
                                        settings->connections, "timeout", 0, "idle-timeout", 60,
                                        "proxy-resolver", NULL, "user-agent", "Floe/" FLOE_VERSION,
                                        database != NULL ? "tls-database" : NULL, database, NULL);
}

/**
 * floe_engine_client_new:
 * @settings: copied
 *
 * Returns: (transfer full): a client that has not asked for anything yet; or %NULL when the CA
 *   cannot be read
 */
FloeEngineClient *
floe_engine_client_new (const FloeEngineSettings *settings, FloeClock *clock, GError **error)
{
  g_autoptr (FloeEngineClient) self = g_object_new (FLOE_TYPE_ENGINE_CLIENT, NULL);

  self->session = floe_engine_session_new (settings, error);
  if (self->session == NULL)
    return NULL;
  self->name = g_strdup (settings->name);
  self->url = g_strdup (settings->url);
  self->user = g_strdup (settings->user);
  self->password = settings->password != NULL ? floe_secret_ref (settings->password) : NULL;
  self->client_id = g_strdup (settings->client_id);
  if (settings->client_secret != NULL)
    self->client_secret = floe_secret_ref (settings->client_secret);
  self->timeout = settings->timeout;
  self->clock = g_object_ref (clock);
  return g_steal_pointer (&self);
}
