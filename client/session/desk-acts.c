/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/desk-private.h"

#include "api/error.h"

#define FRESH "fresh"

/**
 * floe_desk_may:
 * @self: a desk
 * @action: "restart", "shut-down", "force-off" or "fresh"
 *
 * Returns: whether the desktop's pool lets its holder do that, now that its picture is there
 */
gboolean
floe_desk_may (FloeDesk *self, const gchar *action)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), FALSE);

  return self->state == FLOE_DESK_SHOWING && self->acting == NULL && self->actions != NULL
         && g_strv_contains ((const gchar *const *)self->actions, action);
}

/* The old desktop is somebody else's business from here on: no picture of it, and no count of what
 * went wrong with it. */
static void
begin_anew (FloeDesk *self)
{
  floe_desk_drop_session (self);
  g_clear_pointer (&self->news, floe_desktop_free);
  g_clear_pointer (&self->target, g_free);
  self->another = FALSE;
  self->was_showing = FALSE;
  self->resume = (FloeResume){ 0 };
  floe_desk_ask_for_desktop (self);
}

static void
exchanged (FloeDesk *self, gboolean done)
{
  self->exchanging = FALSE;
  if (done)
    begin_anew (self);
  else if (self->session == NULL)
    floe_desk_ask_why (self);
}

/* Whoever is gone, too, has had it done, if the broker heard of it. */
static void
on_acted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeDesk) self = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_broker_act_finish (FLOE_BROKER (source), result, &error);

  g_clear_object (&self->acting);
  if (self->state == FLOE_DESK_STOPPED)
    return;
  if (!done)
    g_signal_emit_by_name (self, "refused", error);
  if (self->exchanging)
    exchanged (self, done);
}

/**
 * floe_desk_act:
 * @self: a desk
 * @action: as for floe_desk_may()
 *
 * Has it done. What comes of it shows as if it had happened by itself; a fresh desktop is opened as
 * soon as it is there.
 */
void
floe_desk_act (FloeDesk *self, const gchar *action)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  if (!floe_desk_may (self, action))
    return;
  self->exchanging = g_str_equal (action, FRESH);
  self->acting = g_cancellable_new ();
  floe_broker_act_async (self->broker, self->desktop_id, action, self->acting, on_acted,
                         g_object_ref (self));
}

/* floe_desk_waits_for_exchange: the old desktop's session may end before its broker has answered */
gboolean
floe_desk_waits_for_exchange (FloeDesk *self)
{
  if (self->exchanging)
    floe_desk_enter (self, FLOE_DESK_ASKING);
  return self->exchanging;
}
