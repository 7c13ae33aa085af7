/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sso/ticket.h"

#include "api/error.h"
#include "sso/gss-token.h"

/* Nobody who has a password waits longer for a network that a ticket would need. */
#define DEADLINE_MS 5000

/* The task data of one call. */
typedef struct
{
  GCancellable *given_up; /* ends the waiting for the thread, for whichever reason */
  GSource *deadline;
  gulong cancel_id;
} Wait;

void
floe_ticket_free (FloeTicket *self)
{
  if (self == NULL)
    return;
  g_free (self->owner);
  g_clear_pointer (&self->token, floe_secret_unref);
  g_free (self);
}

static void
wait_free (gpointer data)
{
  Wait *wait = data;

  g_object_unref (wait->given_up);
  g_free (wait);
}

static void
wait_end (Wait *wait, GCancellable *cancellable)
{
  if (wait->deadline != NULL)
    g_source_destroy (wait->deadline);
  g_clear_pointer (&wait->deadline, g_source_unref);
  g_cancellable_disconnect (cancellable, wait->cancel_id);
  wait->cancel_id = 0;
}

static void
look (GTask *task, gpointer source, gpointer host, GCancellable *given_up)
{
  GError *error = NULL;
  FloeTicket *ticket = floe_gss_token_new (host, &error);

  if (ticket != NULL)
    g_task_return_pointer (task, ticket, (GDestroyNotify)floe_ticket_free);
  else
    g_task_return_error (task, error);
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  FloeTicket *ticket = g_task_propagate_pointer (G_TASK (result), &error);

  wait_end (g_task_get_task_data (task), g_task_get_cancellable (task));
  if (ticket != NULL)
    {
      g_task_return_pointer (task, ticket, (GDestroyNotify)floe_ticket_free);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    {
      g_clear_error (&error);
      floe_client_error_set (&error, FLOE_CLIENT_ERROR_UNAUTHENTICATED, "no-ticket",
                             "no ticket for the broker: Kerberos took too long");
    }
  g_task_return_error (task, error);
}

static gboolean
on_deadline (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (data);
}

static Wait *
wait_new (GCancellable *cancellable)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->given_up = g_cancellable_new ();
  wait->deadline = g_timeout_source_new (DEADLINE_MS);
  g_source_set_callback (wait->deadline, on_deadline, g_object_ref (wait->given_up),
                         g_object_unref);
  g_source_attach (wait->deadline, g_main_context_get_thread_default ());
  if (cancellable != NULL)
    wait->cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled),
                                             g_object_ref (wait->given_up), g_object_unref);
  return wait;
}

/**
 * floe_ticket_get_async:
 * @url: a broker's address, as floe_broker_get_url() has it
 * @cancellable: (nullable): ends it
 * @callback: comes exactly once
 * @user_data: for @callback
 *
 * Looks for a ticket of this user's in a thread, five seconds at most. Without any it takes no
 * time.
 */
void
floe_ticket_get_async (const gchar *url, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GTask) thread = NULL;
  Wait *wait;

  g_task_set_source_tag (task, floe_ticket_get_async);
  g_return_if_fail (uri != NULL);
  wait = wait_new (cancellable);
  g_task_set_task_data (task, wait, wait_free);
  thread = g_task_new (NULL, wait->given_up, looked, task);
  g_task_set_task_data (thread, g_strdup (g_uri_get_host (uri)), g_free);
  g_task_set_return_on_cancel (thread, TRUE);
  g_task_run_in_thread (thread, look);
}

/**
 * floe_ticket_get_finish:
 * @result: what the callback got
 * @error: %FLOE_CLIENT_ERROR_UNAUTHENTICATED, reason "no-ticket", or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what to log in with
 */
FloeTicket *
floe_ticket_get_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
