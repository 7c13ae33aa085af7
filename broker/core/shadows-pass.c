/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadows.h"

#include "core/error.h"
#include "core/shadows-parts.h"

static void
passing_free (gpointer data)
{
  FloeShadowPassing *passing = data;

  g_free (passing->login_id);
  g_free (passing->id);
  floe_picture_free (passing->picture);
  floe_inputs_free (passing->inputs);
  g_free (passing);
}

/* What passes. */

static gboolean
may_pass (const FloeShadow *shadow, const FloeShadowPassing *passing)
{
  gboolean is_client =
      passing->kind == FLOE_SHADOW_PUT_PICTURE || passing->kind == FLOE_SHADOW_TAKE_INPUTS;

  return g_strcmp0 (is_client ? shadow->login_id : shadow->helper_login, passing->login_id) == 0;
}

static void
pass (FloeShadowMeeting *meeting, GTask *task)
{
  FloeShadowPassing *passing = g_task_get_task_data (task);

  if (!may_pass (floe_shadow_relay_get_shadow (meeting->relay), passing))
    {
      g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such shadow");
      g_object_unref (task);
      return;
    }
  switch (passing->kind)
    {
    case FLOE_SHADOW_PUT_PICTURE:
      floe_shadow_relay_put_picture (meeting->relay, g_steal_pointer (&passing->picture), task);
      break;
    case FLOE_SHADOW_TAKE_PICTURE:
      floe_shadow_relay_take_picture (meeting->relay, passing->after, task);
      break;
    case FLOE_SHADOW_PUT_INPUTS:
      floe_shadow_relay_put_inputs (meeting->relay, passing->inputs, task);
      break;
    case FLOE_SHADOW_TAKE_INPUTS:
    case FLOE_SHADOW_GIVE_UP:
    case FLOE_SHADOW_ANSWER:
    case FLOE_SHADOW_REFUSAL:
    case FLOE_SHADOW_LOOK_AGAIN:
    default:
      floe_shadow_relay_take_inputs (meeting->relay, task);
      break;
    }
}

static gboolean
check_open (const FloeShadow *shadow, const FloeShadowPassing *passing, GError **error)
{
  if (!floe_shadow_is_open (shadow) || may_pass (shadow, passing))
    return floe_shadow_check_granted (shadow, passing->kind == FLOE_SHADOW_PUT_INPUTS, error);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such shadow");
  return FALSE;
}

static void
found (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeShadows *self = g_task_get_source_object (task);
  const FloeShadowPassing *passing = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (FloeShadow) shadow = floe_store_finish (FLOE_STORE (source), result, &error);
  gboolean is_open = shadow != NULL && check_open (shadow, passing, &error);

  if (is_open && self->stopped)
    {
      is_open = FALSE;
      g_set_error_literal (&error, FLOE_ERROR, FLOE_ERROR_BUSY, "this broker stops");
    }
  if (is_open && !floe_shadows_is_elsewhere (self, shadow))
    {
      pass (floe_shadows_meet (self, shadow), task);
      return;
    }
  if (is_open && !passing->is_guests)
    {
      floe_shadows_send (self, shadow->broker, task);
      return;
    }
  if (is_open) /* it has just gone there */
    g_set_error_literal (&error, FLOE_ERROR, FLOE_ERROR_BUSY, "another broker has it");
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * floe_shadows_go:
 * @passing: (transfer full): what for; the task's data from here on
 * @task: (transfer full): see floe_shadow_relay_put_picture() and its neighbours
 *
 * To the relay, which begins when somebody who may comes to it.
 */
void
floe_shadows_go (FloeShadows *self, FloeShadowPassing *passing, GTask *task)
{
  FloeShadowMeeting *meeting = g_hash_table_lookup (self->relays, passing->id);

  g_task_set_task_data (task, passing, passing_free);
  if (meeting != NULL)
    pass (meeting, task);
  else
    floe_store_read_async (self->store, floe_shadow_read,
                           floe_shadows_input_new (self, NULL, passing->id, FLOE_SHADOW_KEEP),
                           (GDestroyNotify)floe_shadow_input_free, (GDestroyNotify)floe_shadow_free,
                           NULL, found, task);
}

static FloeShadowPassing *
passing_new (FloeShadowLetterKind kind, const FloeIdentity *actor, const gchar *id)
{
  FloeShadowPassing *passing = g_new0 (FloeShadowPassing, 1);

  passing->kind = kind;
  passing->login_id = g_strdup (actor->login_id);
  passing->id = g_strdup (id);
  return passing;
}

/**
 * floe_shadows_put_picture_async:
 * @actor: with the log-in that allowed it
 * @picture: (transfer full): a part of its screen
 */
void
floe_shadows_put_picture_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                                FloePicture *picture, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  FloeShadowPassing *passing = passing_new (FLOE_SHADOW_PUT_PICTURE, actor, id);

  passing->picture = picture;
  floe_shadows_go (self, passing, g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_shadows_put_picture_finish:
 * @all: (out): whether the whole screen is wanted anew
 *
 * Returns: whether the next one may come; or %FALSE with the errors of
 *   floe_shadow_relay_put_picture(), or %FLOE_ERROR_NOT_FOUND for somebody else's
 */
gboolean
floe_shadows_put_picture_finish (FloeShadows *self, GAsyncResult *result, gboolean *all,
                                 GError **error)
{
  *all = g_task_propagate_boolean (G_TASK (result), error);
  return !g_task_had_error (G_TASK (result));
}

/**
 * floe_shadows_take_picture_async:
 * @actor: with the log-in that looks
 * @after: see floe_shadow_relay_take_picture()
 */
void
floe_shadows_take_picture_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                                 guint64 after, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  FloeShadowPassing *passing = passing_new (FLOE_SHADOW_TAKE_PICTURE, actor, id);

  passing->after = after;
  floe_shadows_go (self, passing, g_task_new (self, cancellable, callback, user_data));
}

/**
 * floe_shadows_take_picture_finish:
 * @picture: (out) (transfer full) (nullable): %NULL when nothing changed for a while
 */
gboolean
floe_shadows_take_picture_finish (FloeShadows *self, GAsyncResult *result, FloePicture **picture,
                                  GError **error)
{
  *picture = g_task_propagate_pointer (G_TASK (result), error);
  return !g_task_had_error (G_TASK (result));
}

/**
 * floe_shadows_put_inputs_async:
 * @actor: with the log-in that looks
 * @inputs: (transfer full): what they did
 */
void
floe_shadows_put_inputs_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                               FloeInputs *inputs, GAsyncReadyCallback callback, gpointer user_data)
{
  FloeShadowPassing *passing = passing_new (FLOE_SHADOW_PUT_INPUTS, actor, id);

  passing->inputs = inputs;
  floe_shadows_go (self, passing, g_task_new (self, NULL, callback, user_data));
}

gboolean
floe_shadows_put_inputs_finish (FloeShadows *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * floe_shadows_take_inputs_async:
 * @actor: with the log-in that allowed it
 */
void
floe_shadows_take_inputs_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  floe_shadows_go (self, passing_new (FLOE_SHADOW_TAKE_INPUTS, actor, id),
                   g_task_new (self, cancellable, callback, user_data));
}

FloeInputs *
floe_shadows_take_inputs_finish (FloeShadows *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
