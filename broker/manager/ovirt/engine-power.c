/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-power.h"

#include <string.h>

#include "core/error.h"

/* Switching VMs off, and seeing that they are. The engine says that it will, and then the lists
 * tell when it has. */

#define SEEN_WITHIN (50 * G_USEC_PER_SEC)
#define LOOK_EVERY  (2 * G_USEC_PER_SEC)

typedef struct
{
  FloeEngineWatch *watch;
  FloeEnginePicture *picture;
  FloeClock *clock;
  gchar *vm_id;
  gchar *pool_id;
  gulong handler;
  guint timer;
  guint look;
  gboolean asks;   /* the guest is asked, and need not do it */
  gint64 patience; /* how long it has */
} Off;

static void stop (FloeEngineClient *client, GTask *task);

static void
unwatch (Off *off)
{
  floe_clock_clear_timeout (off->clock, &off->timer);
  floe_clock_clear_timeout (off->clock, &off->look);
  g_clear_signal_handler (&off->handler, off->picture);
}

static void
off_free (gpointer data)
{
  Off *off = data;

  unwatch (off);
  g_object_unref (off->watch);
  g_object_unref (off->picture);
  g_object_unref (off->clock);
  g_free (off->vm_id);
  g_free (off->pool_id);
  g_free (off);
}

static void
end (GTask *task)
{
  g_object_ref (task);
  unwatch (g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_vm (FloeEnginePicture *picture, const FloeEngineVm *vm, GTask *task)
{
  const Off *off = g_task_get_task_data (task);

  if (g_str_equal (vm->id, off->vm_id) && vm->power == FLOE_POWER_OFF)
    end (task);
}

static gboolean
look_again (gpointer data)
{
  const Off *off = data;

  if (off->pool_id != NULL)
    floe_engine_watch_hurry (off->watch, off->pool_id);
  return G_SOURCE_CONTINUE;
}

/* A guest that does not shut down is switched off; one that cannot be switched off is known to
 * nobody. */
static gboolean
was_not_seen (gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  Off *off = g_task_get_task_data (task);

  off->timer = 0;
  unwatch (off);
  if (off->asks)
    {
      off->asks = FALSE;
      stop (g_task_get_source_object (task), task);
    }
  else
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_TIMED_OUT,
                             "the engine has not switched it off in time");
  return G_SOURCE_REMOVE;
}

static void
wait_for_off (GTask *task, gint64 delay)
{
  Off *off = g_task_get_task_data (task);
  const FloeEngineVm *vm = floe_engine_picture_find_vm (off->picture, off->vm_id);

  if (vm != NULL && vm->power == FLOE_POWER_OFF)
    {
      end (task);
      return;
    }
  look_again (off);
  off->handler = g_signal_connect_data (off->picture, "vm", G_CALLBACK (on_vm), g_object_ref (task),
                                        (GClosureNotify)(GCallback)g_object_unref, 0);
  off->timer =
      floe_clock_add_timeout (off->clock, delay, was_not_seen, g_object_ref (task), g_object_unref);
  off->look = floe_clock_add_timeout (off->clock, LOOK_EVERY, look_again, off, NULL);
}

static void
stopped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer != NULL)
    wait_for_off (task, SEEN_WITHIN);
  else if (g_strcmp0 (floe_error_reason (error), "not-running") == 0)
    {
      g_error_free (error);
      end (task);
    }
  else
    g_task_return_error (task, error);
}

static void
act (FloeEngineClient *client, GTask *task, const gchar *verb, const gchar *body,
     GAsyncReadyCallback callback)
{
  const Off *off = g_task_get_task_data (task);
  g_autofree gchar *path = g_strdup_printf ("/vms/%s/%s", off->vm_id, verb);
  const FloeEngineCall call = { .method = "POST", .path = path, .body = body, .repeatable = TRUE };

  floe_engine_client_call_async (client, &call, NULL, callback, g_object_ref (task));
}

static void
stop (FloeEngineClient *client, GTask *task)
{
  act (client, task, "stop", "{\"reason\":\"Floe\"}", stopped);
}

static void
asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  const Off *off = g_task_get_task_data (task);

  if (answer != NULL)
    wait_for_off (task, off->patience);
  else if (g_strcmp0 (floe_error_reason (error), "not-running") == 0)
    end (task);
  else if (off->asks && g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CONFLICT))
    stop (FLOE_ENGINE_CLIENT (source), task); /* it is in no state to be asked */
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * floe_engine_power_off_async:
 * @shut_down_seconds: how long the guest has to shut down by itself; 0 for not at all
 *
 * Switches a VM off. One that is off already is a success.
 */
void
floe_engine_power_off_async (const FloeEngineParts *parts, const gchar *vm_id,
                             guint shut_down_seconds, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (parts->client, NULL, callback, user_data);
  const FloeEnginePool *pool = floe_engine_picture_find_pool_of (parts->picture, vm_id);
  Off *off = g_new0 (Off, 1);

  g_task_set_source_tag (task, floe_engine_power_off_async);
  g_task_set_task_data (task, off, off_free);
  off->watch = g_object_ref (parts->watch);
  off->picture = g_object_ref (parts->picture);
  off->clock = g_object_ref (parts->clock);
  off->vm_id = g_strdup (vm_id);
  off->pool_id = pool != NULL ? g_strdup (pool->id) : NULL;
  off->asks = shut_down_seconds > 0;
  off->patience = (gint64)shut_down_seconds * G_USEC_PER_SEC;
  if (!off->asks)
    {
      stop (parts->client, task);
      return;
    }
  act (parts->client, task, "shutdown", "{\"reason\":\"Floe\"}", asked);
}

gboolean
floe_engine_power_off_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
