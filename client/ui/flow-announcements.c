/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include "api/announcements.h"

/* What the server's administrator tells whoever is about to log in. */

#define ASK_EVERY_SECONDS 45

static void ask (FloeFlow *self);

static gboolean
on_due (gpointer data)
{
  FloeFlow *self = data;

  self->announcements_timer = 0;
  if (floe_window_get_view (self->window) == FLOE_VIEW_LOGIN)
    ask (self);
  return G_SOURCE_REMOVE;
}

/* What a server that does not answer said before stays: it may be about just that. */
static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = floe_broker_call_finish (FLOE_BROKER (source), result, &error);

  if (floe_flow_is_cancelled (error))
    return;
  g_clear_object (&self->asking_announcements);
  if (answer != NULL)
    {
      g_autoptr (GPtrArray) list = floe_announcements_read (answer);

      floe_page_login_set_announcements (floe_window_get_login_page (self->window), list);
    }
  self->announcements_timer = g_timeout_add_seconds (ASK_EVERY_SECONDS, on_due, self);
}

static void
ask (FloeFlow *self)
{
  self->asking_announcements = g_cancellable_new ();
  floe_broker_call_async (self->broker, "GET", "announcements", NULL, self->asking_announcements,
                          on_answered, g_object_ref (self));
}

/**
 * floe_flow_ask_announcements:
 * @self: the flow, whose log-in is shown
 *
 * Has the log-in show them, and what becomes of them as long as it is seen.
 */
void
floe_flow_ask_announcements (FloeFlow *self)
{
  if (self->asking_announcements != NULL)
    return;
  g_clear_handle_id (&self->announcements_timer, g_source_remove);
  ask (self);
}

/**
 * floe_flow_drop_announcements:
 * @self: the flow, which is about to have another server, or none
 */
void
floe_flow_drop_announcements (FloeFlow *self)
{
  g_clear_handle_id (&self->announcements_timer, g_source_remove);
  if (self->asking_announcements != NULL)
    g_cancellable_cancel (self->asking_announcements);
  g_clear_object (&self->asking_announcements);
}
