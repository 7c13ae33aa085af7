/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "ui/password-words.h"

static FloePagePassword *
page_of (FloeFlow *self)
{
  return floe_window_get_password_page (self->window);
}

/* Forgets what was typed, and what is kept of the log-in that asked for a new password. */
void
floe_flow_drop_passwords (FloeFlow *self)
{
  g_clear_pointer (&self->password, floe_secret_unref);
  g_clear_pointer (&self->new_password, floe_secret_unref);
  floe_page_password_clear (page_of (self));
}

static void
show (FloeFlow *self, const gchar *why)
{
  floe_page_password_begin (page_of (self), why, self->password == NULL);
  floe_window_set_title (self->window, "Floe", NULL);
  floe_flow_show_page (self, FLOE_VIEW_PASSWORD);
}

/**
 * floe_flow_asks_password:
 * @error: what a log-in failed with
 *
 * Returns: whether a new password makes it succeed
 */
gboolean
floe_flow_asks_password (const GError *error)
{
  return floe_client_error_has_reason (error, "must-change")
         || floe_client_error_has_reason (error, "expired");
}

/**
 * floe_flow_show_password_because:
 * @self: the flow
 * @error: what the log-in failed with
 *
 * Asks for a new password, knowing the one that was typed just now.
 */
void
floe_flow_show_password_because (FloeFlow *self, const GError *error)
{
  show (self, floe_client_error_has_reason (error, "expired")
                  ? _ ("Your password has expired. Choose a new one to log in.")
                  : _ ("Your password has to be changed before you can log in."));
}

static void
on_ask_password (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloeFlow *self = data;
  g_autofree gchar *why = NULL;

  if (!floe_flow_is_logged_in (self))
    return;
  floe_flow_drop_passwords (self);
  /* TRANSLATORS: the argument is a user name */
  why = g_strdup_printf (_ ("For %s, wherever this password is used"), self->server->user);
  show (self, why);
}

static void
on_back (FloePagePassword *page, FloeFlow *self)
{
  floe_flow_drop_passwords (self);
  if (floe_flow_is_logged_in (self))
    {
      floe_flow_show_fresh_pools (self);
      return;
    }
  floe_page_login_clear_password (floe_window_get_login_page (self->window));
  floe_flow_show_login (self);
}

/* Whatever became of it, the broker goes on. */
static void
on_cancel (FloePagePassword *page, FloeFlow *self)
{
  g_cancellable_cancel (self->call);
  floe_page_password_set_busy (page, FALSE);
  floe_page_password_set_problem (
      page, _ ("It may yet be changed: if the old password is wrong, use the new one."));
}

/* The log-in's password is wrong now, though it was right: somebody else has changed it. */
static void
show_wrong (FloeFlow *self, const GError *error)
{
  FloePageLogin *login = floe_window_get_login_page (self->window);
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

  if (self->password == NULL)
    {
      floe_page_password_clear (page_of (self));
      floe_page_password_set_problem (page_of (self), _ ("The current password is wrong."));
      floe_page_password_take_focus (page_of (self));
      return;
    }
  floe_flow_drop_passwords (self);
  floe_page_login_clear_password (login);
  floe_flow_show_login (self);
  floe_page_login_set_problem (login, notice->body);
}

static void
show_change_error (FloeFlow *self, const GError *error)
{
  FloePagePassword *page = page_of (self);
  g_autofree gchar *words = NULL;

  if (floe_client_error_has_reason (error, "wrong-credentials"))
    {
      show_wrong (self, error);
      return;
    }
  if (floe_client_error_has_reason (error, "password-refused"))
    {
      words = floe_password_refusal (error);
      floe_page_password_clear_new (page);
    }
  else if (g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_TIMED_OUT))
    words = g_strdup (_ ("Nobody knows whether your password was changed. Go back and try both."));
  else
    {
      g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

      words = g_strdup (notice->body);
    }
  floe_page_password_set_problem (page, words);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) new = NULL;
  gboolean done = floe_broker_change_password_finish (FLOE_BROKER (source), result, &error);

  if (floe_flow_is_cancelled (error))
    return;
  floe_page_password_set_busy (page_of (self), FALSE);
  if (!done)
    {
      show_change_error (self, error);
      return;
    }
  new = g_steal_pointer (&self->new_password);
  floe_flow_drop_passwords (self);
  floe_page_pools_set_warning (floe_window_get_pools_page (self->window), NULL);
  if (floe_flow_is_logged_in (self))
    floe_flow_show_fresh_pools (self);
  else
    floe_flow_log_in (self, new);
}

static void
on_change (FloePagePassword *page, FloeSecret *old, FloeSecret *new, FloeFlow *self)
{
  FloeSecret *current = old != NULL ? old : self->password;

  if (current == NULL)
    return;
  g_clear_pointer (&self->new_password, floe_secret_unref);
  self->new_password = floe_secret_ref (new);
  floe_page_password_set_problem (page, NULL);
  floe_page_password_set_busy (page, TRUE);
  floe_broker_change_password_async (self->broker, self->server->user, current, new,
                                     floe_flow_begin_call (self), on_changed, g_object_ref (self));
}

void
floe_flow_connect_password (FloeFlow *self)
{
  static const GActionEntry entries[] = { { .name = "password", .activate = on_ask_password } };
  FloePagePassword *page = page_of (self);

  g_action_map_add_action_entries (G_ACTION_MAP (self->window), entries, G_N_ELEMENTS (entries),
                                   self);
  g_signal_connect_object (page, "change", G_CALLBACK (on_change), self, 0);
  g_signal_connect_object (page, "cancel", G_CALLBACK (on_cancel), self, 0);
  g_signal_connect_object (page, "back", G_CALLBACK (on_back), self, 0);
}
