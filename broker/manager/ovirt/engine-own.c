/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-own.h"

#include "core/error.h"
#include "manager/ovirt/engine-json.h"

#define TICK  (30 * (gint64)G_USEC_PER_SEC)
#define EVERY 4 /* ticks */

/* What the engine has given to somebody. */

typedef struct
{
  FloeEngineClient *client;
  gchar *correlation;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_object_unref (look->client);
  g_free (look->correlation);
  g_free (look);
}

static GStrv
list_vms (JsonObject *root)
{
  JsonArray *list = floe_engine_json_list (root, "permission");
  guint n = floe_engine_json_length (list);
  g_autoptr (GStrvBuilder) vms = g_strv_builder_new ();

  for (guint i = 0; i < n; i++)
    {
      JsonObject *permission = floe_engine_json_item (list, i);
      const gchar *vm = floe_engine_json_id (floe_engine_json_object (permission, "vm"));
      const gchar *role = floe_engine_json_id (floe_engine_json_object (permission, "role"));

      if (vm != NULL && g_strcmp0 (role, FLOE_ENGINE_USER_ROLE) == 0)
        g_strv_builder_add (vms, vm);
    }
  return g_strv_builder_end (vms);
}

static void
got_permissions (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, list_vms (floe_engine_json_root (answer)),
                           (GDestroyNotify)g_strfreev);
}

static void
got_root (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Look *look = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  JsonObject *root = floe_engine_json_root (answer);
  const gchar *id = floe_engine_json_id (floe_engine_json_object (root, "authenticated_user"));
  g_autofree gchar *path = g_strdup_printf ("/users/%s/permissions", id);
  const FloeEngineCall call = {
    .method = "GET", .path = path, .correlation = look->correlation, .repeatable = TRUE
  };

  if (id != NULL)
    floe_engine_client_call_async (look->client, &call, got_permissions, g_object_ref (task));
  else if (answer == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE,
                             "the engine does not tell who is logged in");
}

/**
 * floe_engine_own_find_async:
 * @token: (nullable): whose VMs; %NULL for the service account's
 *
 * Asks which VMs of pools the engine has given to somebody.
 */
void
floe_engine_own_find_async (FloeEngineClient *client, FloeSecret *token, const gchar *correlation,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (client, NULL, callback, user_data);
  const FloeEngineCall call = {
    .method = "GET", .path = "", .token = token, .correlation = correlation, .repeatable = TRUE
  };
  Look *look = g_new0 (Look, 1);

  g_task_set_source_tag (task, floe_engine_own_find_async);
  look->client = g_object_ref (client);
  look->correlation = g_strdup (correlation);
  g_task_set_task_data (task, look, look_free);
  floe_engine_client_call_async (client, &call, got_root, task);
}

/**
 * floe_engine_own_find_finish:
 *
 * Returns: (transfer full): their ids; or %NULL with the client's errors
 */
GStrv
floe_engine_own_find_finish (FloeEngineClient *client, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The service account's. */

struct _FloeEngineOwn
{
  GObject parent_instance;

  FloeEngineClient *client;
  FloeEnginePicture *picture;
  FloeClock *clock;
  guint timer;
  guint ticks; /* while the engine is there */
};

G_DEFINE_FINAL_TYPE (FloeEngineOwn, floe_engine_own, G_TYPE_OBJECT)

static void
found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeEngineOwn) self = data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) vms = floe_engine_own_find_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (vms == NULL)
    g_debug ("what the service account has is not known: %s", error->message);
  /* What is not known any more is nobody's. */
  floe_engine_picture_take_given (self->picture, (const gchar *const *)vms);
}

static gboolean
look (gpointer data)
{
  FloeEngineOwn *self = data;

  if (!floe_engine_picture_is_up (self->picture))
    self->ticks = 0;
  else if (self->ticks++ % EVERY == 0)
    floe_engine_own_find_async (self->client, NULL, NULL, found, g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

void
floe_engine_own_start (FloeEngineOwn *self)
{
  if (self->timer == 0)
    self->timer = floe_clock_add_timeout (self->clock, TICK, look, self, NULL);
}

void
floe_engine_own_stop (FloeEngineOwn *self)
{
  floe_clock_clear_timeout (self->clock, &self->timer);
}

static void
floe_engine_own_finalize (GObject *object)
{
  FloeEngineOwn *self = FLOE_ENGINE_OWN (object);

  floe_engine_own_stop (self);
  g_object_unref (self->client);
  g_object_unref (self->picture);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_engine_own_parent_class)->finalize (object);
}

static void
floe_engine_own_class_init (FloeEngineOwnClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_engine_own_finalize;
}

static void
floe_engine_own_init (FloeEngineOwn *self)
{
}

/**
 * floe_engine_own_new:
 *
 * Returns: (transfer full): looks at nothing before it is started
 */
FloeEngineOwn *
floe_engine_own_new (const FloeEngineParts *parts)
{
  FloeEngineOwn *self = g_object_new (FLOE_TYPE_ENGINE_OWN, NULL);

  self->client = g_object_ref (parts->client);
  self->picture = g_object_ref (parts->picture);
  self->clock = g_object_ref (parts->clock);
  return self;
}
