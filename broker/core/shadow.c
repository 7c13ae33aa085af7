/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadow.h"

#include "core/error.h"

static const gchar *const state_names[] = { "asked", "granted", "refused", "ended" };
static const gchar *const control_names[] = { "none", "asked", "granted" };

static guint
find (const gchar *const *names, guint n_names, const gchar *name, guint otherwise)
{
  for (guint i = 0; i < n_names; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return i;
  return otherwise;
}

const gchar *
floe_shadow_state_name (FloeShadowState state)
{
  return state_names[state];
}

/**
 * floe_shadow_state_from_name:
 *
 * Returns: the state; what is no name of one has ended
 */
FloeShadowState
floe_shadow_state_from_name (const gchar *name)
{
  return (FloeShadowState)find (state_names, G_N_ELEMENTS (state_names), name, FLOE_SHADOW_ENDED);
}

const gchar *
floe_shadow_control_name (FloeShadowControl control)
{
  return control_names[control];
}

FloeShadowControl
floe_shadow_control_from_name (const gchar *name)
{
  return (FloeShadowControl)find (control_names, G_N_ELEMENTS (control_names), name,
                                  FLOE_CONTROL_NONE);
}

FloeShadow *
floe_shadow_copy (const FloeShadow *self)
{
  FloeShadow *copy = g_memdup2 (self, sizeof *self);

  copy->id = g_strdup (self->id);
  copy->desktop_id = g_strdup (self->desktop_id);
  copy->desktop = g_strdup (self->desktop);
  copy->pool = g_strdup (self->pool);
  copy->holder = g_strdup (self->holder);
  copy->holder_name = g_strdup (self->holder_name);
  copy->login_id = g_strdup (self->login_id);
  copy->helper = g_strdup (self->helper);
  copy->helper_login = g_strdup (self->helper_login);
  copy->helper_name = g_strdup (self->helper_name);
  copy->reason = g_strdup (self->reason);
  copy->ended_by = g_strdup (self->ended_by);
  copy->broker = g_strdup (self->broker);
  return copy;
}

void
floe_shadow_free (FloeShadow *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->desktop_id);
  g_free (self->desktop);
  g_free (self->pool);
  g_free (self->holder);
  g_free (self->holder_name);
  g_free (self->login_id);
  g_free (self->helper);
  g_free (self->helper_login);
  g_free (self->helper_name);
  g_free (self->reason);
  g_free (self->ended_by);
  g_free (self->broker);
  g_free (self);
}

/**
 * floe_shadow_is_open:
 *
 * Returns: whether something may still come of it
 */
gboolean
floe_shadow_is_open (const FloeShadow *self)
{
  return self->state == FLOE_SHADOW_ASKED || self->state == FLOE_SHADOW_GRANTED;
}

static gboolean
refuse (GError **error, const gchar *reason, const gchar *what)
{
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, reason, "%s", what);
  return FALSE;
}

/**
 * floe_shadow_check_granted:
 * @control: whether it is about what whoever looks does, and not about what they see
 *
 * Returns: whether that may pass; or %FALSE with %FLOE_ERROR_CONFLICT (reason "not-granted" or
 *   "shadow-over"), or %FLOE_ERROR_DENIED (reason "no-control")
 */
gboolean
floe_shadow_check_granted (const FloeShadow *self, gboolean control, GError **error)
{
  if (self->state == FLOE_SHADOW_ASKED)
    return refuse (error, "not-granted", "it is not answered yet");
  if (self->state != FLOE_SHADOW_GRANTED)
    return refuse (error, "shadow-over", "this is over");
  if (!control || self->control == FLOE_CONTROL_GRANTED)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "no-control", "you may look, and not type");
  return FALSE;
}

static void
end (FloeShadow *self, FloeShadowState state, const gchar *by, gint64 now)
{
  self->state = state;
  self->control = FLOE_CONTROL_NONE;
  self->ended = now;
  g_free (self->ended_by);
  self->ended_by = g_strdup (by);
}

static void
set_control (FloeShadow *self, FloeShadowControl control, gint64 now)
{
  self->control = control;
  self->due = now + (control == FLOE_CONTROL_ASKED ? FLOE_SHADOW_ASK_FOR : FLOE_SHADOW_KEEP_FOR);
}

/* Nobody is kept waiting: a question without an answer is one that was refused. */
static void
come_due (FloeShadow *self, gint64 now)
{
  if (now < self->due)
    return;
  if (self->state == FLOE_SHADOW_ASKED)
    end (self, FLOE_SHADOW_REFUSED, "broker", now);
  else if (self->control == FLOE_CONTROL_ASKED)
    set_control (self, FLOE_CONTROL_NONE, now);
  else
    end (self, FLOE_SHADOW_ENDED, "broker", now);
}

static gboolean
answer_view (FloeShadow *self, FloeShadowStep step, gint64 now, GError **error)
{
  if (self->state != FLOE_SHADOW_ASKED || now >= self->due)
    return refuse (error, "not-asked", "nobody asks for that any more");
  if (step == FLOE_SHADOW_REFUSE)
    {
      end (self, FLOE_SHADOW_REFUSED, "holder", now);
      return TRUE;
    }
  self->state = FLOE_SHADOW_GRANTED;
  self->granted = now;
  self->due = now + FLOE_SHADOW_KEEP_FOR;
  return TRUE;
}

static gboolean
change_control (FloeShadow *self, FloeShadowStep step, gint64 now, GError **error)
{
  if (self->state != FLOE_SHADOW_GRANTED)
    return refuse (error, "not-granted", "nobody looks at that screen now");
  if (step == FLOE_SHADOW_WANT_CONTROL)
    {
      if (self->control == FLOE_CONTROL_NONE)
        set_control (self, FLOE_CONTROL_ASKED, now);
      return TRUE;
    }
  if (step == FLOE_SHADOW_ALLOW_CONTROL
      && (self->control != FLOE_CONTROL_ASKED || now >= self->due))
    return refuse (error, "not-asked", "nobody asks for that any more");
  set_control (self, step == FLOE_SHADOW_ALLOW_CONTROL ? FLOE_CONTROL_GRANTED : FLOE_CONTROL_NONE,
               now);
  return TRUE;
}

/**
 * floe_shadow_take_step:
 * @step: what happens
 * @now: microseconds since 1970 UTC
 *
 * The whole of what can become of one. Who may do what is not asked here.
 *
 * Returns: whether it makes sense as it is; or %FALSE with %FLOE_ERROR_CONFLICT and the reason
 *   "shadow-over", "not-granted" or "not-asked"
 */
gboolean
floe_shadow_take_step (FloeShadow *self, FloeShadowStep step, gint64 now, GError **error)
{
  if (!floe_shadow_is_open (self))
    return refuse (error, "shadow-over", "this is over already");
  switch (step)
    {
    case FLOE_SHADOW_ALLOW:
    case FLOE_SHADOW_REFUSE:
      return answer_view (self, step, now, error);
    case FLOE_SHADOW_LEAVE:
      end (self, FLOE_SHADOW_ENDED, "helper", now);
      return TRUE;
    case FLOE_SHADOW_STOP:
      end (self, FLOE_SHADOW_ENDED, "holder", now);
      return TRUE;
    case FLOE_SHADOW_LAPSE:
      end (self, FLOE_SHADOW_ENDED, "broker", now);
      return TRUE;
    case FLOE_SHADOW_KEEP:
      if (self->state == FLOE_SHADOW_GRANTED && self->control != FLOE_CONTROL_ASKED)
        self->due = now + FLOE_SHADOW_KEEP_FOR;
      return TRUE;
    case FLOE_SHADOW_DUE:
      come_due (self, now);
      return TRUE;
    case FLOE_SHADOW_WANT_CONTROL:
    case FLOE_SHADOW_ALLOW_CONTROL:
    case FLOE_SHADOW_DENY_CONTROL:
    case FLOE_SHADOW_DROP_CONTROL:
    default:
      return change_control (self, step, now, error);
    }
}
