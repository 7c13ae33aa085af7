/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadows.h"

#include "core/error.h"
#include "core/shadows-parts.h"

typedef enum
{
  PUT_PICTURE,
  TAKE_PICTURE,
  PUT_INPUTS,
  TAKE_INPUTS,
} Errand;

/* Passing: what somebody comes to a relay for; the data of their task */
typedef struct
{
  Errand errand;
  FloeIdentity *actor;
  gchar *id;
  FloePicture *picture;
  guint64 after;
  FloeInputs *inputs;
} Passing;

static void
passing_free (gpointer data)
{
  Passing *passing = data;

  floe_identity_free (passing->actor);
  g_free (passing->id);
  floe_picture_free (passing->picture);
  floe_inputs_free (passing->inputs);
  g_free (passing);
}

/* What passes. */

static gboolean
may_pass (const FloeShadow *shadow, const Passing *passing)
{
  gboolean is_client = passing->errand == PUT_PICTURE || passing->errand == TAKE_INPUTS;

  return g_strcmp0 (is_client ? shadow->login_id : shadow->helper_login, passing->actor->login_id)
         == 0;
}

static void
pass (FloeShadowMeeting *meeting, GTask *task)
{
  Passing *passing = g_task_get_task_data (task);

  if (!may_pass (floe_shadow_relay_get_shadow (meeting->relay), passing))
    {
      g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such shadow");
      g_object_unref (task);
      return;
    }
  switch (passing->errand)
    {
    case PUT_PICTURE:
      floe_shadow_relay_put_picture (meeting->relay, g_steal_pointer (&passing->picture), task);
      break;
    case TAKE_PICTURE:
      floe_shadow_relay_take_picture (meeting->relay, passing->after, task);
      break;
    case PUT_INPUTS:
      floe_shadow_relay_put_inputs (meeting->relay, passing->inputs, task);
      break;
    case TAKE_INPUTS:
    default:
      floe_shadow_relay_take_inputs (meeting->relay, task);
      break;
    }
}

static void
found (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeShadows *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeShadow) shadow = floe_store_finish (FLOE_STORE (source), result, &error);

  if (shadow != NULL && !floe_shadow_is_open (shadow))
    floe_set_error_reason (&error, FLOE_ERROR_CONFLICT, "shadow-over", "this is over");
  else if (shadow != NULL && !may_pass (shadow, g_task_get_task_data (task)))
    g_set_error_literal (&error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such shadow");
  if (error == NULL)
    {
      pass (floe_shadows_meet (self, shadow), task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* go: to the relay, which begins when somebody who may comes to it */
static void
go (FloeShadows *self, Passing *passing, GTask *task)
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

static Passing *
passing_new (Errand errand, const FloeIdentity *actor, const gchar *id)
{
  Passing *passing = g_new0 (Passing, 1);

  passing->errand = errand;
  passing->actor = floe_identity_copy (actor);
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
  Passing *passing = passing_new (PUT_PICTURE, actor, id);

  passing->picture = picture;
  go (self, passing, g_task_new (self, cancellable, callback, user_data));
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
  Passing *passing = passing_new (TAKE_PICTURE, actor, id);

  passing->after = after;
  go (self, passing, g_task_new (self, cancellable, callback, user_data));
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
  Passing *passing = passing_new (PUT_INPUTS, actor, id);

  passing->inputs = inputs;
  go (self, passing, g_task_new (self, NULL, callback, user_data));
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
  go (self, passing_new (TAKE_INPUTS, actor, id),
      g_task_new (self, cancellable, callback, user_data));
}

FloeInputs *
floe_shadows_take_inputs_finish (FloeShadows *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
