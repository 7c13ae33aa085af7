/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/desk-private.h"

#include "api/broker-shadow.h"

/* The broker counts a question that is not answered by then as refused. */
#define ASKED_SECONDS 30

static void
drop_shadowing (FloeDesk *self)
{
  if (self->shadowing == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->shadowing, self);
  floe_shadowing_stop (self->shadowing);
  g_clear_object (&self->shadowing);
}

/* Nobody looks any more, whatever the broker says later of this one. */
static void
end_here (FloeDesk *self)
{
  drop_shadowing (self);
  g_clear_handle_id (&self->shadow_timer, g_source_remove);
  if (self->shadow == NULL || self->shadow->state == FLOE_SHADOW_OVER)
    return;
  self->shadow->state = FLOE_SHADOW_OVER;
  self->shadow->control = FLOE_CONTROL_NONE;
  g_signal_emit_by_name (self, "shadow");
}

static gboolean
on_not_answered (gpointer data)
{
  FloeDesk *self = data;

  self->shadow_timer = 0;
  if (self->shadow->state == FLOE_SHADOW_ASKED)
    {
      end_here (self);
      return G_SOURCE_REMOVE;
    }
  if (self->shadow->control == FLOE_CONTROL_ASKED)
    self->shadow->control = FLOE_CONTROL_NONE;
  g_signal_emit_by_name (self, "shadow");
  return G_SOURCE_REMOVE;
}

static void
wait_for_answer (FloeDesk *self)
{
  gboolean asks =
      self->shadow->state == FLOE_SHADOW_ASKED || self->shadow->control == FLOE_CONTROL_ASKED;

  g_clear_handle_id (&self->shadow_timer, g_source_remove);
  if (asks)
    self->shadow_timer = g_timeout_add (ASKED_SECONDS * self->second_ms, on_not_answered, self);
}

/* Only what was allowed here: somebody's other client may have been asked, too. */
static void
follow_shadow (FloeDesk *self)
{
  gboolean allowed = self->shadow->state == FLOE_SHADOW_GRANTED
                     && g_strcmp0 (self->shadow_allowed, self->shadow->id) == 0
                     && self->state == FLOE_DESK_SHOWING && self->session != NULL;

  if (!allowed)
    {
      drop_shadowing (self);
      return;
    }
  if (self->shadowing == NULL)
    {
      self->shadowing = floe_shadowing_new (self->broker, self->session, self->shadow->id);
      g_signal_connect_swapped (self->shadowing, "over", G_CALLBACK (end_here), self);
    }
  floe_shadowing_set_control (self->shadowing, self->shadow->control == FLOE_CONTROL_GRANTED);
}

static gboolean
is_known (FloeDesk *self, const FloeShadow *shadow)
{
  return self->shadow != NULL && g_strcmp0 (self->shadow->id, shadow->id) == 0;
}

/**
 * floe_desk_hear_shadow:
 * @self: a desk
 * @shadow: what the broker says
 *
 * Somebody asks to look at the screen, or what became of that. What was ended here stays so.
 */
void
floe_desk_hear_shadow (FloeDesk *self, const FloeShadow *shadow)
{
  if (g_strcmp0 (shadow->desktop_id, self->desktop_id) != 0
      || (is_known (self, shadow) && self->shadow->state == FLOE_SHADOW_OVER)
      || (!is_known (self, shadow) && shadow->state == FLOE_SHADOW_OVER))
    return;
  if (!is_known (self, shadow))
    drop_shadowing (self);
  g_clear_pointer (&self->shadow, floe_shadow_free);
  self->shadow = floe_shadow_copy (shadow);
  /* What was said before the broker heard that they may no more. */
  self->shadow_denied &= shadow->control == FLOE_CONTROL_GRANTED;
  if (self->shadow_denied)
    self->shadow->control = FLOE_CONTROL_NONE;
  wait_for_answer (self);
  follow_shadow (self);
  g_signal_emit_by_name (self, "shadow");
}

/**
 * floe_desk_drop_shadow:
 * @self: a desk
 *
 * Its picture is not there any more, and so it is nobody's to see.
 */
void
floe_desk_drop_shadow (FloeDesk *self)
{
  gboolean was_seen = self->shadowing != NULL;

  if (was_seen)
    floe_broker_stop_shadow_async (self->broker, self->shadow->id, NULL, NULL, NULL);
  end_here (self);
}

/**
 * floe_desk_get_shadow:
 * @self: a desk
 *
 * Returns: (transfer none) (nullable): who asks to look at it, looks at it, or did so last
 */
const FloeShadow *
floe_desk_get_shadow (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), NULL);

  return self->shadow;
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  G_GNUC_UNUSED g_autoptr (FloeDesk) self = data;
  g_autoptr (GError) error = NULL;

  if (floe_broker_answer_shadow_finish (FLOE_BROKER (source), result, &error))
    return;
  /* Whoever could not say yes has said no; the broker comes to that by itself. */
  g_info ("who asked to see the screen could not be answered: %s", error->message);
}

/**
 * floe_desk_answer_shadow:
 * @self: a desk
 * @allow: whether they may do what they ask for: look, or type as well
 *
 * Answers the question that is open; or takes back that they may type.
 */
void
floe_desk_answer_shadow (FloeDesk *self, gboolean allow)
{
  gboolean control;

  g_return_if_fail (FLOE_IS_DESK (self));

  if (self->shadow == NULL || self->shadow->state == FLOE_SHADOW_OVER)
    return;
  control = self->shadow->state == FLOE_SHADOW_GRANTED;
  g_clear_handle_id (&self->shadow_timer, g_source_remove);
  if (allow && !control)
    {
      g_free (self->shadow_allowed);
      self->shadow_allowed = g_strdup (self->shadow->id);
    }
  floe_broker_answer_shadow_async (self->broker, self->shadow->id, control, allow, NULL,
                                   on_answered, g_object_ref (self));
  if (!allow && !control)
    end_here (self);
  else if (!allow)
    {
      self->shadow_denied = self->shadow->control == FLOE_CONTROL_GRANTED;
      self->shadow->control = FLOE_CONTROL_NONE;
      follow_shadow (self);
      g_signal_emit_by_name (self, "shadow");
    }
}

/**
 * floe_desk_end_shadow:
 * @self: a desk
 *
 * From here on nobody looks any more.
 */
void
floe_desk_end_shadow (FloeDesk *self)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  if (self->shadow == NULL || self->shadow->state == FLOE_SHADOW_OVER)
    return;
  floe_broker_stop_shadow_async (self->broker, self->shadow->id, NULL, NULL, NULL);
  end_here (self);
}
