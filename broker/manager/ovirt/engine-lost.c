/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-lost.h"

#include "manager/ovirt/engine-json.h"

/* The engine's event of an allocation that was done. */
#define EVENT_ALLOCATED 316
/* How long it is looked for: the engine may still be at it. */
#define LOOK_FOR   (60 * G_USEC_PER_SEC)
#define LOOK_EVERY (2 * G_USEC_PER_SEC)
#define MAX_EVENTS 500

typedef struct
{
  FloeClock *clock;
  gchar *request;
  gint64 event;
  gint64 until; /* elapsed */
} Lost;

static void look (GTask *task);

static void
lost_free (gpointer data)
{
  Lost *lost = data;

  g_object_unref (lost->clock);
  g_free (lost->request);
  g_free (lost);
}

static gboolean
look_again (gpointer data)
{
  look (data);
  return G_SOURCE_REMOVE;
}

static const gchar *
find_allocated (JsonObject *root, const gchar *request)
{
  JsonArray *list = floe_engine_json_list (root, "event");
  guint n = floe_engine_json_length (list);

  for (guint i = 0; i < n; i++)
    {
      JsonObject *event = floe_engine_json_item (list, i);
      const gchar *vm_id = floe_engine_json_id (floe_engine_json_object (event, "vm"));

      if (floe_engine_json_number (event, "code", 0) == EVENT_ALLOCATED && vm_id != NULL
          && g_strcmp0 (floe_engine_json_text (event, "correlation_id"), request) == 0)
        return vm_id;
    }
  return NULL;
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Lost *lost = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  const gchar *vm_id = find_allocated (floe_engine_json_root (answer), lost->request);

  if (vm_id != NULL || floe_clock_elapsed (lost->clock) >= lost->until)
    g_task_return_pointer (task, g_strdup (vm_id), g_free);
  else
    floe_clock_add_timeout (lost->clock, LOOK_EVERY, look_again, g_object_ref (task),
                            g_object_unref);
}

static void
look (GTask *task)
{
  const Lost *lost = g_task_get_task_data (task);
  g_autofree gchar *path =
      g_strdup_printf ("/events?from=%" G_GINT64_FORMAT "&max=%u", lost->event, MAX_EVENTS);
  const FloeEngineCall call = {
    .method = "GET", .path = path, .correlation = lost->request, .repeatable = TRUE
  };

  floe_engine_client_call_async (g_task_get_source_object (task), &call, looked,
                                 g_object_ref (task));
}

/**
 * floe_engine_lost_find_async:
 * @event: the id of the newest event before it was asked for
 * @request: its Correlation-Id, which no other call had
 *
 * Looks for a minute what became of it.
 */
void
floe_engine_lost_find_async (FloeEngineClient *client, FloeClock *clock, gint64 event,
                             const gchar *request, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, NULL, callback, user_data);
  Lost *lost = g_new0 (Lost, 1);

  g_task_set_source_tag (task, floe_engine_lost_find_async);
  lost->clock = g_object_ref (clock);
  lost->request = g_strdup (request);
  lost->event = event;
  lost->until = floe_clock_elapsed (clock) + LOOK_FOR;
  g_task_set_task_data (task, lost, lost_free);
  look (task);
}

/**
 * floe_engine_lost_find_finish:
 *
 * Returns: (transfer full) (nullable): the id of the VM that was allocated, if one was
 */
gchar *
floe_engine_lost_find_finish (FloeEngineClient *client, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
