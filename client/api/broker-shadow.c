/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker-shadow.h"

#include "api/broker-private.h"
#include "api/error.h"
#include "api/exchange.h"
#include "api/json-get.h"
#include "api/url.h"

#define MOST_CODE   0x1ff
#define MOST_BUTTON 3

void
floe_shadow_picture_free (FloeShadowPicture *self)
{
  floe_secret_unref (self->bytes);
  g_free (self);
}

void
floe_shadow_inputs_free (FloeShadowInputs *self)
{
  g_array_unref (self->events);
  g_free (self);
}

/* get_int: a whole number in its range, or else nothing that makes sense is said at all */
static gboolean
get_int (JsonObject *object, const gchar *name, gint64 least, gint64 most, gint64 *number)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *number = json_node_get_int (node);
  return *number >= least && *number <= most;
}

static gboolean
get_flag (JsonObject *object, const gchar *name, gboolean *flag)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *flag = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
decode_event (JsonNode *node, FloeShadowEvent *event)
{
  static const gchar *const kinds[] = { "key", "move", "button", "wheel" };
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const gchar *kind = object != NULL ? floe_json_get_text (node, "kind") : NULL;
  gint64 code = 0, x = 0, y = 0;
  guint found = 0;

  while (found < G_N_ELEMENTS (kinds) && g_strcmp0 (kinds[found], kind) != 0)
    found++;
  if (found == G_N_ELEMENTS (kinds))
    return FALSE;
  event->kind = (FloeShadowKind)found;
  if (event->kind == FLOE_SHADOW_MOVE)
    {
      if (!get_int (object, "x", 0, G_MAXUINT16, &x) || !get_int (object, "y", 0, G_MAXUINT16, &y))
        return FALSE;
      event->x = (gint)x;
      event->y = (gint)y;
      return TRUE;
    }
  if (!get_int (object, "code", 1, event->kind == FLOE_SHADOW_KEY ? MOST_CODE : MOST_BUTTON, &code))
    return FALSE;
  event->code = (guint)code;
  return event->kind == FLOE_SHADOW_WHEEL || get_flag (object, "down", &event->down);
}

static gboolean
decode_events (JsonObject *object, GArray *events)
{
  JsonNode *node = json_object_get_member (object, "events");
  JsonArray *list =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      FloeShadowEvent event = { 0 };

      if (!decode_event (json_array_get_element (list, i), &event))
        return FALSE;
      g_array_append_val (events, event);
    }
  return TRUE;
}

static gpointer
decode_inputs (FloeBroker *self, FloeReply *reply, JsonNode *root, FloeJsonSecrets *secrets,
               GError **error)
{
  g_autoptr (FloeShadowInputs) inputs = g_new0 (FloeShadowInputs, 1);

  inputs->events = g_array_new (FALSE, FALSE, sizeof (FloeShadowEvent));
  if (!floe_exchange_has_root (root, error))
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (root) && get_flag (json_node_get_object (root), "all", &inputs->all)
      && decode_events (json_node_get_object (root), inputs->events))
    return g_steal_pointer (&inputs);
  floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                         "what somebody typed who looks at the screen makes no sense");
  return NULL;
}

static const FloeCallKind answering = { "POST", FALSE, FALSE, floe_exchange_decode_done, NULL };
static const FloeCallKind stopping = { "DELETE", FALSE, FALSE, floe_exchange_decode_done, NULL };
static const FloeCallKind giving = {
  "PUT", FALSE, FALSE, decode_inputs, (GDestroyNotify)floe_shadow_inputs_free, .type = "image/jpeg"
};
static const FloeCallKind taking = { "GET", FALSE, FALSE, decode_inputs,
                                     (GDestroyNotify)floe_shadow_inputs_free };

/**
 * floe_broker_answer_shadow_async:
 * @self: a broker
 * @id: a shadow's
 * @control: whether they may type, and not whether they may look
 * @allow: yes or no
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 */
void
floe_broker_answer_shadow_async (FloeBroker *self, const gchar *id, gboolean control,
                                 gboolean allow, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&answering);
  g_autofree gchar *body = g_strdup_printf ("{\"question\":\"%s\",\"allow\":%s}",
                                            control ? "control" : "look", allow ? "true" : "false");

  x->path = floe_url_join (&x->refused, "shadows", id, "answer", NULL);
  x->body = floe_secret_new (body, -1);
  floe_broker_run (self, x, floe_broker_answer_shadow_async,
                   g_task_new (self, cancellable, callback, user_data));
}

gboolean
floe_broker_answer_shadow_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_answer_shadow_async, error) != NULL;
}

/**
 * floe_broker_stop_shadow_async:
 * @self: a broker
 * @id: a shadow's
 * @cancellable: (nullable): ends it
 * @callback: (nullable): comes exactly once
 * @user_data: for @callback
 */
void
floe_broker_stop_shadow_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&stopping);

  x->path = floe_url_join (&x->refused, "shadows", id, NULL);
  floe_broker_run (self, x, floe_broker_stop_shadow_async,
                   g_task_new (self, cancellable, callback, user_data));
}

gboolean
floe_broker_stop_shadow_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_stop_shadow_async, error) != NULL;
}

/**
 * floe_broker_give_picture_async:
 * @self: a broker
 * @id: a shadow's
 * @picture: a part of the screen
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once, when the next one may come
 * @user_data: for @callback
 */
void
floe_broker_give_picture_async (FloeBroker *self, const gchar *id, const FloeShadowPicture *picture,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&giving);
  g_autofree gchar *path = floe_url_join (&x->refused, "shadows", id, "picture", NULL);

  if (path != NULL)
    x->path =
        g_strdup_printf ("%s?first=%d&x=%u&y=%u&width=%u&height=%u", path, picture->first ? 1 : 0,
                         picture->x, picture->y, picture->width, picture->height);
  x->body = floe_secret_ref (picture->bytes);
  floe_broker_run (self, x, floe_broker_give_picture_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_give_picture_finish:
 * @all: (out): whether the whole screen is wanted anew
 */
gboolean
floe_broker_give_picture_finish (FloeBroker *self, GAsyncResult *result, gboolean *all,
                                 GError **error)
{
  g_autoptr (FloeShadowInputs) told =
      floe_exchange_finish (self, result, floe_broker_give_picture_async, error);

  *all = told != NULL && told->all;
  return told != NULL;
}

/**
 * floe_broker_take_inputs_async:
 * @self: a broker
 * @id: a shadow's
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once: when there is something, or after a while
 * @user_data: for @callback
 */
void
floe_broker_take_inputs_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  FloeExchange *x = floe_exchange_new (&taking);

  x->path = floe_url_join (&x->refused, "shadows", id, "input", NULL);
  floe_broker_run (self, x, floe_broker_take_inputs_async,
                   g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_broker_take_inputs_finish:
 *
 * Returns: (transfer full) (nullable): what whoever looks did
 */
FloeShadowInputs *
floe_broker_take_inputs_finish (FloeBroker *self, GAsyncResult *result, GError **error)
{
  return floe_exchange_finish (self, result, floe_broker_take_inputs_async, error);
}
