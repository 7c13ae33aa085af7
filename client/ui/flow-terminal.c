/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/error.h"
#include "api/json-get.h"
#include "ui/flow-private.h"

/* A public terminal logs in by itself whenever the log-in is shown. Whatever stands in the way,
 * people can log in as anywhere. */

/* Nobody is there to press a button. */
#define RETRY_SECONDS 5

/* For whoever passes by to read why a desktop ended. */
#define RETURN_SECONDS 10

static gboolean
on_retry (gpointer data)
{
  FloeFlow *self = data;

  self->terminal_timer = 0;
  floe_flow_try_terminal (self);
  return G_SOURCE_REMOVE;
}

static void
give_up (FloeFlow *self, const GError *error)
{
  g_info ("this is no public terminal: %s", error->message);
  if (floe_client_error_is_passing (error))
    self->terminal_timer = g_timeout_add_seconds (RETRY_SECONDS, on_retry, self);
  else
    floe_flow_begin_with_ticket (self);
}

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeLogin) login =
      floe_broker_log_in_terminal_finish (FLOE_BROKER (source), result, &error);

  if (floe_flow_is_cancelled (error))
    return;
  if (login != NULL)
    {
      self->is_alone = TRUE;
      floe_flow_enter (self, login);
    }
  else
    give_up (self, error);
}

static gboolean
is_public (JsonNode *terminal)
{
  JsonNode *member = floe_json_get_value (terminal, "public", G_TYPE_BOOLEAN);

  return member != NULL && json_node_get_boolean (member);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) terminal = floe_broker_call_finish (FLOE_BROKER (source), result, &error);

  if (floe_flow_is_cancelled (error))
    return;
  if (terminal == NULL)
    give_up (self, error);
  else if (is_public (terminal))
    floe_broker_log_in_terminal_async (self->broker, floe_flow_begin_call (self), on_logged_in,
                                       g_object_ref (self));
  else
    floe_flow_begin_with_ticket (self);
}

/**
 * floe_flow_try_terminal:
 *
 * Asks the broker what this machine is, if it has a key, and logs in if it may. Whoever logs in
 * meanwhile is first.
 */
void
floe_flow_try_terminal (FloeFlow *self)
{
  floe_flow_drop_terminal (self);
  if (self->terminal_key != NULL)
    floe_broker_call_async (self->broker, "GET", "terminal", NULL, floe_flow_begin_call (self),
                            on_looked, g_object_ref (self));
}

/**
 * floe_flow_drop_terminal:
 *
 * It is not tried again by itself.
 */
void
floe_flow_drop_terminal (FloeFlow *self)
{
  self->is_alone = FALSE;
  g_clear_handle_id (&self->return_timer, g_source_remove);
  g_clear_handle_id (&self->terminal_timer, g_source_remove);
}

static gboolean
on_return (gpointer data)
{
  FloeFlow *self = data;
  FloeView view = floe_window_get_view (self->window);
  const gchar *pool;

  self->return_timer = 0;
  if (view != FLOE_VIEW_MESSAGE && view != FLOE_VIEW_POOLS)
    return G_SOURCE_REMOVE;
  pool = floe_flow_is_logged_in (self) ? floe_flow_pick_pool (self) : NULL;
  if (!floe_flow_is_logged_in (self))
    floe_flow_show_login (self);
  else if (!floe_flow_open_again (self) && pool != NULL)
    floe_flow_open_pool (self, pool);
  return G_SOURCE_REMOVE;
}

/**
 * floe_flow_plan_return:
 *
 * Where the terminal itself is logged in and nothing else runs on the machine, its desktop comes
 * again in a while, whatever ended it: nobody is there to open it.
 */
void
floe_flow_plan_return (FloeFlow *self)
{
  g_clear_handle_id (&self->return_timer, g_source_remove);
  if (self->is_alone && floe_window_is_locked_down (self->window))
    self->return_timer = g_timeout_add_seconds (RETURN_SECONDS, on_return, self);
}
