/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include <glib/gi18n.h>

/* Which of the window's actions are settings, too: each follows the other. */
static const struct
{
  const gchar *action;
  const gchar *key;
} followed[] = {
  { "scale", FLOE_SETTING_SCALING },
  { "adapt", FLOE_SETTING_ADAPT_RESOLUTION },
};

static void
on_setting (GSettings *settings, const gchar *key, FloeFlow *self)
{
  g_autoptr (GVariant) value = g_settings_get_value (settings, key);

  for (guint i = 0; i < G_N_ELEMENTS (followed); i++)
    if (g_str_equal (followed[i].key, key))
      g_action_group_change_action_state (G_ACTION_GROUP (self->window), followed[i].action, value);
}

static void
on_action (GActionGroup *window, const gchar *action, GVariant *state, FloeFlow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (followed); i++)
    {
      g_autoptr (GVariant) value = NULL;

      if (!g_str_equal (followed[i].action, action))
        continue;
      value = g_settings_get_value (self->settings, followed[i].key);
      if (!g_variant_equal (value, state))
        g_settings_set_value (self->settings, followed[i].key, state);
    }
}

/* The page. */

static void
on_show_settings (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloeFlow *self = data;

  self->before_settings = floe_window_get_view (self->window);
  floe_window_set_title (self->window, _ ("Settings"), NULL);
  floe_flow_show_page (self, FLOE_VIEW_SETTINGS);
}

/* Back to where one came from. What the page would have shown meanwhile, it asks for again. */
void
floe_flow_leave_settings (FloeFlow *self)
{
  floe_flow_set_title (self, "Floe");
  if (self->before_settings == FLOE_VIEW_POOLS && floe_flow_is_logged_in (self))
    floe_flow_show_fresh_pools (self);
  else if (self->before_settings == FLOE_VIEW_LOGIN)
    floe_flow_show_page (self, FLOE_VIEW_LOGIN);
  else
    floe_flow_show_page (self, FLOE_VIEW_SERVER);
}

/**
 * floe_flow_may_begin_again:
 * @self: the flow
 *
 * Returns: whether nobody is anywhere that they would lose
 */
gboolean
floe_flow_may_begin_again (FloeFlow *self)
{
  FloeView view = floe_window_get_view (self->window);

  return !floe_flow_is_logged_in (self)
         && (view == FLOE_VIEW_SERVER || view == FLOE_VIEW_LOGIN || view == FLOE_VIEW_SETTINGS);
}

void
floe_flow_connect_settings (FloeFlow *self)
{
  static const GActionEntry entries[] = {
    { .name = "settings", .activate = on_show_settings },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->window), entries, G_N_ELEMENTS (entries),
                                   self);
  floe_page_login_set_settings (floe_window_get_login_page (self->window), self->settings);
  floe_page_settings_set_settings (floe_window_get_settings_page (self->window), self->settings);
  floe_page_display_set_settings (floe_window_get_display_page (self->window), self->settings);
  for (guint i = 0; i < G_N_ELEMENTS (followed); i++)
    on_setting (self->settings, followed[i].key, self);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (on_setting), self, 0);
  g_signal_connect_object (self->window, "action-state-changed", G_CALLBACK (on_action), self, 0);
}
