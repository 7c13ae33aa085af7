/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/watch-private.h"

#include "api/error.h"

#define RETRY_AFTER_LIMIT 60

static gboolean
on_next_poll (gpointer user_data)
{
  FloeEventWatch *self = user_data;

  floe_watch_clear_timer (&self->next_poll);
  floe_watch_poll_now (self);
  return G_SOURCE_REMOVE;
}

static void
schedule_poll (FloeEventWatch *self)
{
  gdouble dice = g_random_double ();

  /* Somebody looks at a progress bar; desktops only change now and then. */
  if (!self->delivering)
    floe_watch_set_timer (self, &self->next_poll,
                          self->request_id != NULL ? 1.0 + dice : 10.0 + 5.0 * dice, on_next_poll);
}

/* Whether what was polled is older than what the stream has told since; then it is polled again. */
static gboolean
is_outrun (FloeEventWatch *self)
{
  if (self->n_events == self->n_events_asked)
    return FALSE;
  floe_watch_poll_now (self);
  return TRUE;
}

static void
poll_failed (FloeEventWatch *self, GCancellable *run, GError *error)
{
  gdouble seconds;

  if (!floe_client_error_is_passing (error))
    {
      floe_watch_fail (self, error);
      return;
    }
  floe_watch_interrupted (self, error);
  if (self->running != run)
    return;
  /* Also while a stream delivers: the poll that closes the gap is wanted all the same. */
  seconds = floe_backoff_next (&self->poll_backoff, g_random_double ());
  seconds = MAX (seconds, MIN (floe_client_error_retry_after (error), RETRY_AFTER_LIMIT));
  floe_watch_set_timer (self, &self->next_poll, seconds, on_next_poll);
}

static void
on_request_polled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FloeEventWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) run = NULL;
  g_autoptr (FloeConnectRequest) request =
      floe_broker_get_request_finish (FLOE_BROKER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->running == NULL)
    return;
  run = g_object_ref (self->running);
  self->polling = FALSE;
  if (request == NULL)
    {
      poll_failed (self, run, error);
      return;
    }
  floe_watch_resumed (self);
  if (self->running != run || is_outrun (self))
    return;
  schedule_poll (self);
  floe_watch_take_request (self, g_steal_pointer (&request));
}

static void
on_pools_polled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FloeEventWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) run = NULL;
  g_autoptr (GPtrArray) pools =
      floe_broker_list_pools_finish (FLOE_BROKER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->running == NULL)
    return;
  run = g_object_ref (self->running);
  self->polling = FALSE;
  if (pools == NULL)
    {
      poll_failed (self, run, error);
      return;
    }
  floe_watch_resumed (self);
  if (self->running != run || is_outrun (self))
    return;
  schedule_poll (self);
  for (guint i = 0; i < pools->len && self->running == run; i++)
    {
      const FloePool *pool = g_ptr_array_index (pools, i);

      for (guint k = 0; k < pool->desktops->len && self->running == run; k++)
        floe_watch_take_desktop (self, floe_desktop_copy (pool->desktops->pdata[k]));
    }
}

void
floe_watch_poll_now (FloeEventWatch *self)
{
  if (self->polling)
    return;
  floe_watch_clear_timer (&self->next_poll);
  self->polling = TRUE;
  self->n_events_asked = self->n_events;
  if (self->request_id != NULL)
    floe_broker_get_request_async (self->broker, self->request_id, self->running, on_request_polled,
                                   g_object_ref (self));
  else
    floe_broker_list_pools_async (self->broker, self->running, on_pools_polled,
                                  g_object_ref (self));
}
