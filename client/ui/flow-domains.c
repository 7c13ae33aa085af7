/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include "api/domains.h"
#include "api/error.h"

/* Of which directory somebody is who logs in, where the server has several. A password goes to the
 * directory that was chosen and to no other, so that what was chosen last counts also while the
 * server has not said yet whether there is a choice. */

static gboolean
is_decided (FloeFlow *self)
{
  return (self->fleet != NULL && floe_fleet_get_settings (self->fleet)->domain != NULL)
         || !g_settings_is_writable (self->settings, FLOE_SETTING_DOMAIN);
}

/* dup_kept: what is decided for this terminal, or for this machine, or else was chosen last */
static gchar *
dup_kept (FloeFlow *self)
{
  const gchar *set = self->fleet != NULL ? floe_fleet_get_settings (self->fleet)->domain : NULL;

  return set != NULL ? g_strdup (set) : g_settings_get_string (self->settings, FLOE_SETTING_DOMAIN);
}

/**
 * floe_flow_show_domains:
 * @self: the flow
 *
 * Has the log-in show what there is to choose, as far as that is known.
 */
void
floe_flow_show_domains (FloeFlow *self)
{
  FloePageLogin *page = floe_window_get_login_page (self->window);
  g_autofree gchar *kept = dup_kept (self);
  const gchar *const *names =
      self->domains != NULL ? (const gchar *const *)self->domains->names : NULL;
  const gchar *chosen = names != NULL ? self->domains->usual : NULL;

  if (names != NULL && *kept != '\0' && (is_decided (self) || g_strv_contains (names, kept)))
    chosen = kept;
  floe_page_login_set_domains (page, names, chosen, !is_decided (self));
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = floe_broker_call_finish (FLOE_BROKER (source), result, &error);

  if (floe_flow_is_cancelled (error))
    return;
  g_clear_object (&self->asking_domains);
  /* An older server refuses the question, and has nothing to choose. */
  self->domains_known =
      answer != NULL
      || g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_METHOD_NOT_ALLOWED);
  if (!self->domains_known)
    return;
  g_clear_pointer (&self->domains, floe_domains_free);
  self->domains = floe_domains_read (answer);
  floe_flow_show_domains (self);
}

/**
 * floe_flow_ask_domains:
 * @self: the flow, whose log-in is shown
 *
 * Has the log-in show what there is to choose, as soon as the server says so.
 */
void
floe_flow_ask_domains (FloeFlow *self)
{
  floe_flow_show_domains (self);
  if (self->asking_domains != NULL)
    return;
  self->asking_domains = g_cancellable_new ();
  floe_broker_call_async (self->broker, "GET", "login", NULL, self->asking_domains, on_answered,
                          g_object_ref (self));
}

/**
 * floe_flow_drop_domains:
 * @self: the flow, which is about to have another server, or none
 *
 * Forgets what one server said.
 */
void
floe_flow_drop_domains (FloeFlow *self)
{
  if (self->asking_domains != NULL)
    g_cancellable_cancel (self->asking_domains);
  g_clear_object (&self->asking_domains);
  g_clear_pointer (&self->domains, floe_domains_free);
  self->domains_known = FALSE;
}

/**
 * floe_flow_choose_domain:
 * @self: the flow of somebody who is about to log in
 *
 * Has the broker told which domain their name is of, where one was chosen.
 */
void
floe_flow_choose_domain (FloeFlow *self)
{
  g_autofree gchar *kept = dup_kept (self);
  const gchar *chosen = floe_page_login_get_domain (floe_window_get_login_page (self->window));

  if (*kept != '\0' && (is_decided (self) || (chosen == NULL && !self->domains_known)))
    chosen = kept;
  floe_broker_set_domain (self->broker, chosen);
}

/**
 * floe_flow_keep_domain:
 * @self: the flow of somebody who is logged in
 *
 * Has the next log-in begin with the domain of this one.
 */
void
floe_flow_keep_domain (FloeFlow *self)
{
  const gchar *chosen = floe_page_login_get_domain (floe_window_get_login_page (self->window));

  if (chosen != NULL && !is_decided (self))
    g_settings_set_string (self->settings, FLOE_SETTING_DOMAIN, chosen);
}
