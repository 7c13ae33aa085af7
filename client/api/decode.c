/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/decode.h"

#include <string.h>

#include "api/error.h"

/* One object of the answer while its fields are read. The first thing that is wrong sticks, names
 * its field, and makes all that follows answer nothing: the reader looks once, at the end. A field
 * that may be null may also be missing; one that this client does not know is passed over. */
typedef struct
{
  JsonObject *object;
  const gchar *where;
  GError *wrong;
} Fields;

static void
fields_wrong (Fields *f, const gchar *field, const gchar *what)
{
  if (f->wrong == NULL)
    f->wrong = floe_client_error_new (FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                                      "the answer's field \"%s%s\" is %s", f->where, field, what);
}

static Fields
fields_of (JsonNode *node, const gchar *where)
{
  Fields f = { .where = where };

  if (JSON_NODE_HOLDS_OBJECT (node))
    f.object = json_node_get_object (node);
  else
    fields_wrong (&f, "", "no object");
  return f;
}

static gboolean
fields_end (Fields *f, GError **error)
{
  if (f->wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&f->wrong));
  return FALSE;
}

/* The node of @field, or NULL if it is null, missing, or something was wrong before. */
static JsonNode *
fields_node (Fields *f, const gchar *field)
{
  JsonNode *node;

  if (f->wrong != NULL)
    return NULL;
  node = json_object_get_member (f->object, field);
  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

static const gchar *
fields_maybe (Fields *f, const gchar *field)
{
  JsonNode *node = fields_node (f, field);

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  fields_wrong (f, field, "no text");
  return NULL;
}

static const gchar *
fields_text (Fields *f, const gchar *field)
{
  const gchar *text = fields_maybe (f, field);

  if (text == NULL)
    fields_wrong (f, field, "missing");
  return text;
}

/* What names something in a path or a title: never empty. */
static const gchar *
fields_name (Fields *f, const gchar *field)
{
  const gchar *text = fields_text (f, field);

  if (text != NULL && *text == '\0')
    fields_wrong (f, field, "empty");
  return text;
}

static gboolean
fields_flag (Fields *f, const gchar *field)
{
  JsonNode *node = fields_node (f, field);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node)
      && json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);
  fields_wrong (f, field, node == NULL ? "missing" : "neither true nor false");
  return FALSE;
}

/* One that older brokers do not send. */
static gboolean
fields_later_flag (Fields *f, const gchar *field)
{
  return fields_node (f, field) != NULL && fields_flag (f, field);
}

/* A whole number from 1 to @limit, or 0 for null. */
static guint
fields_number (Fields *f, const gchar *field, gint64 limit)
{
  JsonNode *node = fields_node (f, field);
  gint64 number;

  if (node == NULL)
    return 0;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    {
      fields_wrong (f, field, "no whole number");
      return 0;
    }
  number = json_node_get_int (node);
  if (number >= 1 && number <= limit)
    return (guint)number;
  fields_wrong (f, field, "out of its range");
  return 0;
}

static gint64
fields_time (Fields *f, const gchar *field)
{
  const gchar *text = fields_maybe (f, field);
  g_autoptr (GDateTime) time = NULL;

  if (text == NULL)
    return 0;
  time = g_date_time_new_from_iso8601 (text, NULL);
  if (time != NULL)
    return g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  fields_wrong (f, field, "no RFC 3339 time");
  return 0;
}

/* The place of @field's text in @names, or -1. */
static gint
place_in (const gchar *text, const gchar *const *names)
{
  for (gint i = 0; text != NULL && names[i] != NULL; i++)
    if (g_str_equal (names[i], text))
      return i;
  return -1;
}

static guint
fields_choice (Fields *f, const gchar *field, const gchar *const *names)
{
  gint at = place_in (fields_text (f, field), names);

  if (at < 0)
    fields_wrong (f, field, "nothing that this client knows");
  return at < 0 ? 0 : (guint)at;
}

static FloeAccount *
decode_account (JsonNode *node, GError **error)
{
  Fields f = fields_of (node, "user.");
  g_autoptr (FloeAccount) self = g_new0 (FloeAccount, 1);
  const gchar *shown;

  self->id = g_strdup (fields_name (&f, "id"));
  self->name = g_strdup (fields_name (&f, "name"));
  shown = fields_maybe (&f, "display_name");
  self->display_name = g_strdup (shown != NULL && *shown != '\0' ? shown : self->name);
  self->role = g_strdup (fields_name (&f, "role"));
  return fields_end (&f, error) ? g_steal_pointer (&self) : NULL;
}

static FloeDesktopEnd *
decode_end (JsonNode *node, const gchar *where, GError **error)
{
  static const gchar *const reasons[] = { "unknown",  "taken-over", "powered-off", "crashed",
                                          "released", "admin",      "host-lost",   "network",
                                          "idle",     "limit",      "logged-off",  "drained",
                                          NULL };
  Fields f = fields_of (node, where);
  g_autoptr (FloeDesktopEnd) self = g_new0 (FloeDesktopEnd, 1);

  self->reason = (FloeEndReason)MAX (0, place_in (fields_text (&f, "reason"), reasons));
  self->at = fields_time (&f, "at");
  self->by = g_strdup (fields_maybe (&f, "by"));
  self->where = g_strdup (fields_maybe (&f, "where"));
  return fields_end (&f, error) ? g_steal_pointer (&self) : NULL;
}

static FloeDesktop *
decode_desktop (JsonNode *node, const gchar *where, GError **error)
{
  static const gchar *const states[] = { "unknown",   "off",    "starting",  "ready", "in-use",
                                         "resetting", "broken", "host-lost", NULL };
  g_autofree gchar *end_where = g_strconcat (where, "end.", NULL);
  Fields f = fields_of (node, where);
  g_autoptr (FloeDesktop) self = g_new0 (FloeDesktop, 1);
  JsonNode *end;

  self->id = g_strdup (fields_name (&f, "id"));
  self->name = g_strdup (fields_name (&f, "name"));
  self->pool = g_strdup (fields_name (&f, "pool"));
  self->power = g_strdup (fields_text (&f, "power"));
  self->guest = g_strdup (fields_text (&f, "guest"));
  self->console = g_strdup (fields_text (&f, "console"));
  self->state = (FloeDesktopState)MAX (0, place_in (fields_text (&f, "state"), states));
  self->can_reconnect = fields_flag (&f, "can_reconnect");
  self->limit_at = fields_time (&f, "limit_at");
  self->ends_at = fields_time (&f, "ends_at");
  self->notice = g_strdup (fields_maybe (&f, "notice"));
  end = fields_node (&f, "end");
  if (end != NULL)
    self->end = decode_end (end, end_where, &f.wrong);
  return fields_end (&f, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * floe_decode_desktop:
 * @root: a DESKTOP
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL, naming the field
 *
 * Returns: (transfer full) (nullable): the desktop
 */
FloeDesktop *
floe_decode_desktop (JsonNode *root, GError **error)
{
  return decode_desktop (root, "", error);
}

/**
 * floe_decode_message:
 * @root: a Message
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL, naming the field
 *
 * Returns: (transfer full) (nullable): the message
 */
FloeMessage *
floe_decode_message (JsonNode *root, GError **error)
{
  Fields f = fields_of (root, "");
  g_autoptr (FloeMessage) self = g_new0 (FloeMessage, 1);

  self->id = g_strdup (fields_name (&f, "id"));
  self->desktop_id = g_strdup (fields_name (&f, "desktop"));
  self->from = g_strdup (fields_name (&f, "from"));
  self->text = g_strdup (fields_name (&f, "text"));
  return fields_end (&f, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * floe_decode_shadow:
 * @root: a ToldShadow
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL, naming the field
 *
 * Returns: (transfer full) (nullable): the shadow
 */
FloeShadow *
floe_decode_shadow (JsonNode *root, GError **error)
{
  Fields f = fields_of (root, "");
  g_autoptr (FloeShadow) self = g_new0 (FloeShadow, 1);
  const gchar *state = fields_name (&f, "state");
  const gchar *control = fields_name (&f, "control");

  self->id = g_strdup (fields_name (&f, "id"));
  self->desktop_id = g_strdup (fields_name (&f, "desktop"));
  self->from = g_strdup (fields_name (&f, "from"));
  self->reason = g_strdup (fields_maybe (&f, "reason"));
  self->state = g_strcmp0 (state, "asked") == 0     ? FLOE_SHADOW_ASKED
                : g_strcmp0 (state, "granted") == 0 ? FLOE_SHADOW_GRANTED
                                                    : FLOE_SHADOW_OVER;
  self->control = g_strcmp0 (control, "asked") == 0     ? FLOE_CONTROL_ASKED
                  : g_strcmp0 (control, "granted") == 0 ? FLOE_CONTROL_GRANTED
                                                        : FLOE_CONTROL_NONE;
  return fields_end (&f, error) ? g_steal_pointer (&self) : NULL;
}

/* A broker of the time when there was one at most tells only of that one. */
static GPtrArray *
decode_desktops (Fields *f, const FloeDesktop *first, const gchar *where)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_free);
  JsonNode *node = fields_node (f, "desktops");

  if (node != NULL && !JSON_NODE_HOLDS_ARRAY (node))
    fields_wrong (f, "desktops", "no list");
  else if (node == NULL && first != NULL)
    g_ptr_array_add (all, floe_desktop_copy (first));
  else if (node != NULL)
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        g_autofree gchar *one = g_strdup_printf ("%sdesktops[%u].", where, i);
        FloeDesktop *desktop =
            f->wrong == NULL ? decode_desktop (
                json_array_get_element (json_node_get_array (node), i), one, &f->wrong)
                             : NULL;

        if (desktop != NULL)
          g_ptr_array_add (all, desktop);
      }
  return all;
}

static FloePolicy *
decode_policy (Fields *f)
{
  JsonNode *node = fields_node (f, "policy");

  return f->wrong == NULL ? floe_policy_decode (node, &f->wrong) : NULL;
}

static FloePool *
decode_pool (JsonNode *node, guint i, GError **error)
{
  static const gchar *const kinds[] = { "floating", "dedicated", "static", NULL };
  g_autofree gchar *where = g_strdup_printf ("pools[%u].", i);
  g_autofree gchar *desktop_where = g_strconcat (where, "desktop.", NULL);
  Fields f = fields_of (node, where);
  g_autoptr (FloePool) self = g_new0 (FloePool, 1);
  const gchar *description;
  JsonNode *desktop;

  self->name = g_strdup (fields_name (&f, "name"));
  description = fields_maybe (&f, "description");
  self->description = g_strdup (description != NULL ? description : "");
  self->kind = (FloePoolKind)fields_choice (&f, "kind", kinds);
  self->keeps_data = fields_flag (&f, "keeps_data");
  self->per_user = MAX (1, fields_number (&f, "per_user", G_MAXINT32));
  self->closed = fields_later_flag (&f, "closed");
  self->message = g_strdup (fields_maybe (&f, "message"));
  desktop = fields_node (&f, "desktop");
  if (desktop != NULL)
    self->desktop = decode_desktop (desktop, desktop_where, &f.wrong);
  self->another = fields_node (&f, "another") != NULL && fields_flag (&f, "another");
  self->desktops = decode_desktops (&f, self->desktop, where);
  self->policy = decode_policy (&f);
  return fields_end (&f, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * floe_decode_pools:
 * @root: an object with "pools"
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL, naming the field
 *
 * Returns: (transfer full) (nullable) (element-type FloePool): the pools
 */
GPtrArray *
floe_decode_pools (JsonNode *root, GError **error)
{
  Fields f = fields_of (root, "");
  g_autoptr (GPtrArray) pools = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_free);
  JsonNode *node = fields_node (&f, "pools");

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    fields_wrong (&f, "pools", "no list");
  else
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        FloePool *pool =
            decode_pool (json_array_get_element (json_node_get_array (node), i), i, error);

        if (pool == NULL)
          return NULL;
        g_ptr_array_add (pools, pool);
      }
  return fields_end (&f, error) ? g_steal_pointer (&pools) : NULL;
}

/**
 * floe_decode_login:
 * @root: the answer of /login, /reconnect or /me
 * @fresh: it also says how long the log-in lasts
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL, naming the field
 *
 * Returns: (transfer full) (nullable): who it is, and their pools
 */
FloeLogin *
floe_decode_login (JsonNode *root, gboolean fresh, GError **error)
{
  Fields f = fields_of (root, "");
  g_autoptr (FloeLogin) self = g_new0 (FloeLogin, 1);
  JsonNode *user = fields_node (&f, "user");

  if (user == NULL)
    fields_wrong (&f, "user", "missing");
  self->expires_at = fields_time (&f, "expires_at");
  if (fresh && self->expires_at == 0)
    fields_wrong (&f, "expires_at", "missing");
  self->idle_seconds = fields_number (&f, "idle_seconds", G_MAXINT32);
  self->password_expires = fields_time (&f, "password_expires");
  if (!fields_end (&f, error))
    return NULL;
  self->account = decode_account (user, error);
  if (self->account == NULL)
    return NULL;
  self->pools = floe_decode_pools (root, error);
  return self->pools != NULL ? g_steal_pointer (&self) : NULL;
}

static void
decode_desktop_name (Fields *outer, gchar **id, gchar **name)
{
  JsonNode *node = fields_node (outer, "desktop");
  Fields f;

  if (node == NULL)
    return;
  f = fields_of (node, "desktop.");
  *id = g_strdup (fields_name (&f, "id"));
  *name = g_strdup (fields_name (&f, "name"));
  fields_end (&f, &outer->wrong);
}

/* Older brokers do not send it. */
static void
decode_data_host (Fields *outer, FloeConnectRequest *request)
{
  JsonNode *node = fields_node (outer, "data_host");
  Fields f;

  if (node == NULL)
    return;
  f = fields_of (node, "data_host.");
  request->data_host = g_strdup (fields_name (&f, "name"));
  request->data_lost = !fields_flag (&f, "up");
  fields_end (&f, &outer->wrong);
}

/**
 * floe_decode_request:
 * @root: a REQUEST
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL, naming the field
 *
 * Returns: (transfer full) (nullable): the request; a failed one always has its problem
 */
FloeConnectRequest *
floe_decode_request (JsonNode *root, GError **error)
{
  static const gchar *const states[] = { "waiting", "starting", "guest", "ready",
                                         "failed",  "queued",   NULL };
  Fields f = fields_of (root, "");
  g_autoptr (FloeConnectRequest) self = g_new0 (FloeConnectRequest, 1);
  JsonNode *problem;

  self->id = g_strdup (fields_name (&f, "id"));
  self->pool = g_strdup (fields_name (&f, "pool"));
  self->state = (FloeRequestState)fields_choice (&f, "state", states);
  self->place = fields_number (&f, "place", G_MAXINT32);
  self->estimate_seconds = fields_number (&f, "estimate_seconds", G_MAXINT32);
  self->since = fields_time (&f, "since");
  decode_desktop_name (&f, &self->desktop_id, &self->desktop_name);
  decode_data_host (&f, self);
  problem = fields_node (&f, "problem");
  if (problem != NULL)
    self->problem = floe_decode_problem (problem);
  if (f.wrong == NULL && self->state == FLOE_REQUEST_STATE_FAILED && self->problem == NULL)
    fields_wrong (&f, "problem", "missing or malformed");
  return fields_end (&f, error) ? g_steal_pointer (&self) : NULL;
}

static GStrv
fields_list (Fields *f, const gchar *field)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  JsonNode *node = fields_node (f, field);

  if (node != NULL && !JSON_NODE_HOLDS_ARRAY (node))
    fields_wrong (f, field, "no list");
  else if (node != NULL)
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        JsonNode *item = json_array_get_element (json_node_get_array (node), i);

        if (JSON_NODE_HOLDS_VALUE (item) && json_node_get_value_type (item) == G_TYPE_STRING)
          g_strv_builder_add (list, json_node_get_string (item));
        else
          fields_wrong (f, field, "no list of texts");
      }
  return g_strv_builder_end (list);
}

/* A way or a display of another kind needs another client, and must not be taken for this one. */
static void
take_display (Fields *f, FloeConnection *self)
{
  static const gchar *const ways[] = { "direct", "proxy", NULL };
  static const gchar *const types[] = { "spice", "vnc", NULL };

  gboolean by_proxy = fields_choice (f, "via", ways) == 1;

  self->proxy = g_strdup (fields_maybe (f, "proxy")); /* an older broker says nothing of it */
  if (f->wrong == NULL && by_proxy && self->proxy == NULL)
    fields_wrong (f, "proxy", "missing");
  self->protocol = (FloeProtocol)fields_choice (f, "type", types);
  if (f->wrong == NULL && self->port == 0 && self->tls_port == 0)
    fields_wrong (f, "tls_port", "missing, and \"port\" too");
}

static void
take_secrets (Fields *f, FloeConnection *self, FloeJsonSecrets *secrets)
{
  /* Both are read for their type; the texts are only "x" by now. */
  fields_name (f, "ticket");
  fields_maybe (f, "reconnect_token");
  self->ticket = g_steal_pointer (&secrets->ticket);
  self->reconnect_token = g_steal_pointer (&secrets->reconnect_token);
}

/**
 * floe_decode_connection:
 * @root: a CONNECTION
 * @secrets: what floe_json_parse() took out of it; ticket and reconnect token are moved on
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL, naming the field
 *
 * Returns: (transfer full) (nullable): the connection
 */
FloeConnection *
floe_decode_connection (JsonNode *root, FloeJsonSecrets *secrets, GError **error)
{
  Fields f = fields_of (root, "");
  g_autoptr (FloeConnection) self = g_new0 (FloeConnection, 1);

  self->host = g_strdup (fields_name (&f, "host"));
  self->port = (guint16)fields_number (&f, "port", G_MAXUINT16);
  self->tls_port = (guint16)fields_number (&f, "tls_port", G_MAXUINT16);
  take_display (&f, self);
  self->ca = g_strdup (fields_maybe (&f, "ca"));
  self->host_subject = g_strdup (fields_maybe (&f, "host_subject"));
  self->secure_channels = fields_list (&f, "secure_channels");
  take_secrets (&f, self, secrets);
  self->ticket_expires_at = fields_time (&f, "ticket_expires_at");
  decode_desktop_name (&f, &self->desktop_id, &self->desktop_name);
  if (f.wrong == NULL && self->desktop_id == NULL)
    fields_wrong (&f, "desktop", "missing");
  self->pool = g_strdup (fields_name (&f, "pool"));
  self->title = g_strdup (fields_text (&f, "title"));
  self->host_name = g_strdup (fields_maybe (&f, "host_name"));
  self->keeps_data = fields_flag (&f, "keeps_data");
  self->actions = fields_list (&f, "actions");
  self->policy = decode_policy (&f);
  return fields_end (&f, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
is_keyword (const gchar *text)
{
  return text != NULL && *text != '\0' && strlen (text) <= 40
         && strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (text);
}

/* A text of the server's for a log line: one line, no terminal's escapes, not endless. */
static gchar *
tame (const gchar *text)
{
  g_autoptr (GString) tamed = g_string_new (NULL);

  for (const gchar *c = text; *c != '\0' && tamed->len < 500; c = g_utf8_next_char (c))
    g_string_append_unichar (tamed,
                             g_unichar_isprint (g_utf8_get_char (c)) ? g_utf8_get_char (c) : '?');
  return g_string_free (g_steal_pointer (&tamed), FALSE);
}

/**
 * floe_decode_problem:
 * @root: a problem of RFC 9457
 *
 * Returns: (transfer full) (nullable): it as an error of #FLOE_CLIENT_ERROR; %NULL if it is none of
 *   a Floe broker's
 */
GError *
floe_decode_problem (JsonNode *root)
{
  Fields f = fields_of (root, "");
  const gchar *type = fields_text (&f, "type");
  const gchar *reason = fields_maybe (&f, "reason");
  const gchar *detail = fields_maybe (&f, "detail");
  const gchar *title = fields_maybe (&f, "title");
  g_autofree gchar *words = NULL;
  FloeClientError code;

  if (!fields_end (&f, NULL) || !g_str_has_prefix (type, "urn:floe:problem:")
      || !floe_client_error_from_name (type + strlen ("urn:floe:problem:"), &code))
    return NULL;
  if (detail == NULL || *detail == '\0')
    detail = title != NULL && *title != '\0' ? title : floe_client_error_name (code);
  words = tame (detail);
  return floe_client_error_new (code, is_keyword (reason) ? reason : NULL, "%s", words);
}
