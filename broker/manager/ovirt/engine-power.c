/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-power.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-holders.h"

/* Switching VMs off, and seeing that they are, or that they run. An engine says that it will, and
 * then its lists tell when it has. */

#define SEEN_WITHIN (50 * G_USEC_PER_SEC)
#define LOOK_EVERY  (2 * G_USEC_PER_SEC)

typedef struct
{
  FloeEngineWatch *watch;
  FloeEnginePicture *picture;
  FloeClock *clock;
  FloeGuard guard;
  gpointer guard_data;
  gchar *vm_id;
  gchar *pool_id;
  gchar *correlation; /* NULL where nothing is asked for */
  gulong handler;
  gulong given;
  guint timer;
  guint look;
  gboolean on;     /* it is to run, and else to be off */
  gboolean asks;   /* the guest is asked, and need not do it */
  gint64 patience; /* how long it has */
} Wait;

static void stop (FloeEngineClient *client, GTask *task);

static void
unwatch (Wait *wait)
{
  floe_clock_clear_timeout (wait->clock, &wait->timer);
  floe_clock_clear_timeout (wait->clock, &wait->look);
  g_clear_signal_handler (&wait->handler, wait->picture);
  g_clear_signal_handler (&wait->given, wait->picture);
}

static void
wait_free (gpointer data)
{
  Wait *wait = data;

  unwatch (wait);
  g_object_unref (wait->watch);
  g_object_unref (wait->picture);
  g_object_unref (wait->clock);
  g_free (wait->vm_id);
  g_free (wait->pool_id);
  g_free (wait->correlation);
  g_free (wait);
}

static void
end (GTask *task)
{
  g_object_ref (task);
  unwatch (g_task_get_task_data (task));
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static gboolean
is_there (const Wait *wait, const FloeEngineVm *vm)
{
  return vm->power == (wait->on ? FLOE_POWER_ON : FLOE_POWER_OFF);
}

static void
on_vm (FloeEnginePicture *picture, const FloeEngineVm *vm, GTask *task)
{
  const Wait *wait = g_task_get_task_data (task);

  if (g_str_equal (vm->id, wait->vm_id) && is_there (wait, vm))
    end (task);
}

/* It was off, or the engine would not have given it away; and is not to be stopped any more. */
static gboolean
has_changed_hands (const Wait *wait)
{
  return !wait->on && floe_engine_picture_is_giving (wait->picture, wait->vm_id);
}

static void
on_given (FloeEnginePicture *picture, const gchar *vm_id, GTask *task)
{
  const Wait *wait = g_task_get_task_data (task);

  if (!wait->on && g_str_equal (vm_id, wait->vm_id))
    end (task);
}

static gboolean
look_again (gpointer data)
{
  const Wait *wait = data;

  if (wait->pool_id != NULL)
    floe_engine_watch_hurry (wait->watch, wait->pool_id);
  return G_SOURCE_CONTINUE;
}

/* Why it was not seen to be on. */
static GError *
explain_off (const Wait *wait)
{
  const FloeEngineVm *vm = floe_engine_picture_find_vm (wait->picture, wait->vm_id);
  gboolean is_up = floe_engine_picture_is_up (wait->picture);

  if (is_up && vm == NULL)
    return g_error_new (FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "the engine has no VM %s", wait->vm_id);
  if (is_up && vm->power == FLOE_POWER_OFF)
    return g_error_new (FLOE_ERROR, FLOE_ERROR_CONFLICT, "the engine did not start it");
  return g_error_new (FLOE_ERROR, FLOE_ERROR_TIMED_OUT,
                      "the engine has not switched it on in time");
}

/* A guest that does not shut down is switched off; what becomes of one that cannot be switched off
 * is known to nobody. */
static gboolean
was_not_seen (gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  Wait *wait = g_task_get_task_data (task);

  wait->timer = 0;
  unwatch (wait);
  if (wait->asks)
    {
      wait->asks = FALSE;
      stop (g_task_get_source_object (task), task);
    }
  else if (wait->on)
    g_task_return_error (task, explain_off (wait));
  else
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_TIMED_OUT,
                             "the engine has not switched it off in time");
  return G_SOURCE_REMOVE;
}

static void
wait_for (GTask *task, gint64 delay)
{
  Wait *wait = g_task_get_task_data (task);
  const FloeEngineVm *vm = floe_engine_picture_find_vm (wait->picture, wait->vm_id);

  if ((vm != NULL && is_there (wait, vm)) || has_changed_hands (wait))
    {
      end (task);
      return;
    }
  look_again (wait);
  wait->given =
      g_signal_connect_data (wait->picture, "given", G_CALLBACK (on_given), g_object_ref (task),
                             (GClosureNotify)(GCallback)g_object_unref, 0);
  wait->handler =
      g_signal_connect_data (wait->picture, "vm", G_CALLBACK (on_vm), g_object_ref (task),
                             (GClosureNotify)(GCallback)g_object_unref, 0);
  wait->timer = floe_clock_add_timeout (wait->clock, delay, was_not_seen, g_object_ref (task),
                                        g_object_unref);
  wait->look = floe_clock_add_timeout (wait->clock, LOOK_EVERY, look_again, wait, NULL);
}

static void
stopped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Wait *wait = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  floe_engine_picture_end_stop (wait->picture, wait->vm_id);
  if (answer != NULL)
    wait_for (task, SEEN_WITHIN);
  else if (has_changed_hands (wait) || g_strcmp0 (floe_error_reason (error), "not-running") == 0)
    {
      g_error_free (error);
      end (task);
    }
  else
    g_task_return_error (task, error);
}

static void
act (FloeEngineClient *client, GTask *task, const gchar *verb, GAsyncReadyCallback callback)
{
  const Wait *wait = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree gchar *path = g_strdup_printf ("/vms/%s/%s", wait->vm_id, verb);
  const FloeEngineCall call = { .method = "POST",
                                .path = path,
                                .body = "{\"reason\":\"Floe\"}",
                                .correlation = wait->correlation,
                                .repeatable = TRUE };

  if (has_changed_hands (wait))
    end (task);
  else if (!floe_guard_check (wait->guard, wait->guard_data, &error))
    g_task_return_error (task, error);
  else
    {
      if (!wait->on)
        floe_engine_picture_begin_stop (wait->picture, wait->vm_id);
      floe_engine_client_call_async (client, &call, callback, g_object_ref (task));
    }
}

static void
stop (FloeEngineClient *client, GTask *task)
{
  act (client, task, "stop", stopped);
}

static void
asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  Wait *wait = g_task_get_task_data (task);

  floe_engine_picture_end_stop (wait->picture, wait->vm_id);
  if (answer != NULL)
    wait_for (task, wait->patience);
  else if (has_changed_hands (wait) || g_strcmp0 (floe_error_reason (error), "not-running") == 0)
    end (task);
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CONFLICT))
    {
      wait->asks = FALSE;
      stop (FLOE_ENGINE_CLIENT (source), task); /* it is in no state to be asked */
    }
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static GTask *
new_task (const FloeEngineParts *parts, const gchar *vm_id, const gchar *correlation,
          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (parts->client, NULL, callback, user_data);
  const FloeEnginePool *pool = floe_engine_picture_find_pool_of (parts->picture, vm_id);
  Wait *wait = g_new0 (Wait, 1);

  g_task_set_source_tag (task, new_task);
  g_task_set_task_data (task, wait, wait_free);
  wait->watch = g_object_ref (parts->watch);
  wait->picture = g_object_ref (parts->picture);
  wait->clock = g_object_ref (parts->clock);
  wait->guard = parts->guard;
  wait->guard_data = parts->guard_data;
  wait->vm_id = g_strdup (vm_id);
  wait->pool_id = pool != NULL ? g_strdup (pool->id) : NULL;
  wait->correlation = g_strdup (correlation);
  return task;
}

/**
 * floe_engine_power_off_async:
 * @shut_down_seconds: how long the guest has to shut down by itself; 0 for not at all
 * @correlation: what stands in the engine's log beside it
 *
 * Switches a VM off. One that is off already is a success.
 */
void
floe_engine_power_off_async (const FloeEngineParts *parts, const gchar *vm_id,
                             guint shut_down_seconds, const gchar *correlation,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = new_task (parts, vm_id, correlation, callback, user_data);
  Wait *wait = g_task_get_task_data (task);

  wait->asks = shut_down_seconds > 0;
  wait->patience = (gint64)shut_down_seconds * G_USEC_PER_SEC;
  if (wait->asks)
    act (parts->client, task, "shutdown", asked);
  else
    stop (parts->client, task);
}

static void
started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  /* One that is locked is on its way, by somebody else's wish or by an earlier one of ours. */
  if (answer == NULL && g_strcmp0 (floe_error_reason (error), "running") != 0
      && g_strcmp0 (floe_error_reason (error), "engine-busy") != 0)
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_error (&error);
  wait_for (task, SEEN_WITHIN);
}

/* What nobody has at the engine, it may give to anybody; and what has just been given to them, it
 * starts itself. */
static void
checked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Wait *wait = g_task_get_task_data (task);
  FloeEngineClient *client = FLOE_ENGINE_CLIENT (source);
  const FloeEngineVm *vm = floe_engine_picture_find_vm (wait->picture, wait->vm_id);
  GError *error = NULL;

  if (!floe_engine_holders_check_finish (client, result, &error))
    g_task_return_error (task, error);
  else if (vm != NULL && vm->power != FLOE_POWER_OFF)
    wait_for (task, SEEN_WITHIN);
  else
    act (client, task, "start", started);
}

/**
 * floe_engine_power_on_async:
 * @whose: who is to have it
 * @correlation: what stands in the engine's log beside it
 *
 * Starts a VM that is somebody's for good, unless it is being started, and sees that it runs; what
 * is written in it is kept. Fails as floe_engine_holders_check_finish() says when it is not theirs.
 */
void
floe_engine_power_on_async (const FloeEngineParts *parts, const gchar *vm_id,
                            const FloeVmHolder *whose, const gchar *correlation,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = new_task (parts, vm_id, correlation, callback, user_data);

  ((Wait *)g_task_get_task_data (task))->on = TRUE;
  floe_engine_holders_find_async (parts->client, vm_id, whose, correlation, checked,
                                  g_object_ref (task));
}

/**
 * floe_engine_power_see_on_async:
 *
 * Waits for the start that an allocation began. Nothing is started: what is started by name keeps
 * what is written in it, and is given to nobody afterwards.
 */
void
floe_engine_power_see_on_async (const FloeEngineParts *parts, const gchar *vm_id,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = new_task (parts, vm_id, NULL, callback, user_data);

  ((Wait *)g_task_get_task_data (task))->on = TRUE;
  wait_for (task, SEEN_WITHIN);
}

/**
 * floe_engine_power_finish:
 *
 * Returns: %TRUE once it was seen; %FALSE with %FLOE_ERROR_CONFLICT (it did not start),
 *   %FLOE_ERROR_TIMED_OUT or what floe_engine_client_call_finish() says
 */
gboolean
floe_engine_power_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
