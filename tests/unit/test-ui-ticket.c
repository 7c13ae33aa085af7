/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/error.h"
#include "sso/ticket.h"
#include "ui-flow-fixture.h"

/* Logging in with a ticket of Kerberos. What looks for one is replaced by having its names. */

#define TICKET "POST /api/v1/login/kerberos"
#define BUTTON "Log In as hmori@FLOE.TEST"

static gboolean has_ticket;
static gboolean is_slow; /* until it is cancelled */
static guint asked;

void
floe_ticket_free (FloeTicket *self)
{
  if (self == NULL)
    return;
  g_free (self->owner);
  floe_secret_unref (self->token);
  g_free (self);
}

static gboolean
answer (gpointer data)
{
  GTask *task = data;
  FloeTicket *ticket;
  GError *error = NULL;

  if (is_slow && !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return G_SOURCE_CONTINUE;
  if (!has_ticket)
    {
      floe_client_error_set (&error, FLOE_CLIENT_ERROR_UNAUTHENTICATED, "no-ticket", "as told");
      g_task_return_error (task, error);
      return G_SOURCE_REMOVE;
    }
  ticket = g_new0 (FloeTicket, 1);
  ticket->owner = g_strdup ("hmori@FLOE.TEST");
  ticket->token = floe_secret_new ("VElDS0VU", -1);
  g_task_return_pointer (task, ticket, (GDestroyNotify)floe_ticket_free);
  return G_SOURCE_REMOVE;
}

void
floe_ticket_get_async (const gchar *url, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  asked++;
  g_timeout_add_full (G_PRIORITY_DEFAULT, 10, answer,
                      g_task_new (NULL, cancellable, callback, user_data), g_object_unref);
}

FloeTicket *
floe_ticket_get_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
calm_down (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
offers_ticket (FlowFixture *f)
{
  return flow_find_named (GTK_WIDGET (floe_window_get_login_page (f->window)), BUTTON) != NULL;
}

static void
log_out (FlowFixture *f)
{
  fake_broker_answer (f->fake, LOGOUT, 204, NULL, "");
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "log-out", NULL);
  flow_press (f, "Log Out");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  calm_down ();
}

static void
set_up_with (FlowFixture *f, gconstpointer data)
{
  has_ticket = TRUE;
  asked = 0;
  flow_set_up (f, data);
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
}

static void
set_up_slow (FlowFixture *f, gconstpointer data)
{
  is_slow = TRUE;
  set_up_with (f, data);
}

static void
set_up_without (FlowFixture *f, gconstpointer data)
{
  has_ticket = FALSE;
  asked = 0;
  flow_set_up (f, data);
}

/* Without typing; and after the log-out only when it is asked for. */
static void
test_log_in (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, TICKET, 201, "login.json");
  flow_wait_for (f, FLOE_VIEW_POOLS);
  g_assert_cmpstr (fake_broker_last (f->fake, TICKET)->body, ==, "{\"token\":\"VElDS0VU\"}");
  g_assert_null (fake_broker_last (f->fake, TICKET)->token);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGIN), ==, 0);
  log_out (f);
  g_assert_cmpuint (asked, ==, 1);
  g_assert_true (offers_ticket (f));
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (flow_named (f, "User name"))), ==, "hmori");
  fake_broker_answer_file (f->fake, TICKET, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  flow_press (f, BUTTON);
  flow_wait_for (f, FLOE_VIEW_POOLS);
  g_assert_cmpuint (asked, ==, 2);
}

static void
test_none (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  flow_wait_until_sensitive (f, "User name", TRUE);
  g_assert_cmpuint (asked, ==, 1);
  g_assert_false (offers_ticket (f));
  g_assert_cmpuint (fake_broker_n_requests (f->fake, TICKET), ==, 0);
  flow_log_in_to_list (f);
  log_out (f);
  g_assert_cmpuint (asked, ==, 1);
}

static void
assert_quiet (FlowFixture *f)
{
  GtkWidget *page = GTK_WIDGET (floe_window_get_login_page (f->window));

  while (fake_broker_n_requests (f->fake, TICKET) == 0)
    g_main_context_iteration (NULL, TRUE);
  flow_wait_until_sensitive (f, "User name", TRUE);
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_LOGIN);
  g_assert_false (flow_shows (page, "ticket"));
  g_assert_false (flow_shows (page, "wrong"));
}

/* Nobody asked for it, so nobody is told; whoever does is. */
static void
test_refused (FlowFixture *f, gconstpointer data)
{
  GtkWidget *page = GTK_WIDGET (floe_window_get_login_page (f->window));

  fake_broker_answer_file (f->fake, TICKET, 401, "problem-wrong-ticket.json");
  fake_broker_answer_file (f->fake, TICKET, 401, "problem-wrong-ticket.json");
  assert_quiet (f);
  g_assert_true (offers_ticket (f));
  flow_press (f, BUTTON);
  flow_wait_for_text (page, "does not take your ticket");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, TICKET), ==, 2);
  flow_log_in_to_list (f);
}

static void
test_off (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, TICKET, 404, "problem-kerberos-off.json");
  assert_quiet (f);
  g_assert_false (offers_ticket (f));
}

static void
test_cancelled (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  flow_press (f, "Cancel");
  flow_wait_until_sensitive (f, "User name", TRUE);
  is_slow = FALSE;
  flow_log_in_to_list (f);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, TICKET), ==, 0);
}

/* --no-kerberos */
static void
test_not_wanted (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  calm_down ();
  g_assert_cmpuint (asked, ==, 0);
  g_assert_true (gtk_widget_is_sensitive (flow_named (f, "User name")));
}

#define ADD(name, data, set_up, func)                                                              \
  g_test_add ("/ui-ticket/" name, FlowFixture, data, set_up, func, flow_tear_down)

static void
add_all (void)
{
  ADD ("log-in", GINT_TO_POINTER (FLOW_HAS_TICKETS), set_up_with, test_log_in);
  ADD ("none", GINT_TO_POINTER (FLOW_HAS_TICKETS), set_up_without, test_none);
  ADD ("refused", GINT_TO_POINTER (FLOW_HAS_TICKETS), set_up_with, test_refused);
  ADD ("off", GINT_TO_POINTER (FLOW_HAS_TICKETS), set_up_with, test_off);
  ADD ("cancelled", GINT_TO_POINTER (FLOW_HAS_TICKETS), set_up_slow, test_cancelled);
  ADD ("not-wanted", NULL, set_up_with, test_not_wanted);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
