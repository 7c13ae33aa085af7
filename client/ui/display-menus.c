/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-menus.h"

#include <glib/gi18n.h>

/* Keys have the names that are printed on them, which nobody translates. */

static void
append (GMenu *menu, const gchar *label, const gchar *keys)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "win.send-keys", "s", keys);
  g_menu_append_item (menu, item);
}

static GMenuModel *
new_consoles (void)
{
  GMenu *menu = g_menu_new ();

  for (guint i = 1; i <= 12; i++)
    {
      g_autofree gchar *label = g_strdup_printf ("Ctrl+Alt+F%u", i);
      g_autofree gchar *keys = g_strdup_printf ("Control_L+Alt_L+F%u", i);

      append (menu, label, keys);
    }
  return G_MENU_MODEL (menu);
}

/**
 * floe_display_menus_new_keys:
 *
 * Returns: (transfer full): the keys that this machine or its window manager keeps for itself, to
 *   be sent to the guest
 */
GMenuModel *
floe_display_menus_new_keys (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) session = g_menu_new ();
  g_autoptr (GMenu) others = g_menu_new ();
  g_autoptr (GMenuModel) consoles = new_consoles ();

  append (session, "Ctrl+Alt+_Del", "Control_L+Alt_L+Delete");
  append (session, "Ctrl+Alt+_Backspace", "Control_L+Alt_L+BackSpace");
  g_menu_append_submenu (session, "Ctrl+Alt+_F1…F12", consoles);
  append (others, _ ("_Print Screen"), "Print");
  append (others, _ ("_Super (Windows key)"), "Super_L");
  append (others, "Alt+_Tab", "Alt_L+Tab");
  append (others, "Alt+F_4", "Alt_L+F4");
  append (others, "Ctrl+_Esc", "Control_L+Escape");
  append (others, "F_11", "F11");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (session));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (others));
  return G_MENU_MODEL (menu);
}

/* Connectors may have any characters, names of actions only a few: so actions are numbered. */

/**
 * floe_display_menus_new_monitors:
 * @choice: the monitors
 *
 * Returns: (transfer full) (nullable): a menu to choose from them, with the actions of
 *   floe_display_menus_new_monitor_actions() as "monitor"; %NULL when there is only one
 */
GMenuModel *
floe_display_menus_new_monitors (FloeMonitorChoice *choice)
{
  GPtrArray *monitors = floe_monitor_choice_get_monitors (choice);
  GMenu *menu;

  if (monitors->len < 2)
    return NULL;
  menu = g_menu_new ();
  for (guint i = 0; i < monitors->len; i++)
    {
      const FloeMonitor *monitor = monitors->pdata[i];
      g_autofree gchar *action = g_strdup_printf ("monitor.use-%u", i);
      g_autofree gchar *label =
          g_strdup_printf ("%s (%d × %d)", monitor->name, monitor->width * monitor->scale,
                           monitor->height * monitor->scale);
      g_autoptr (GMenuItem) item = g_menu_item_new (NULL, action);

      /* not a mnemonic, whatever is in the name */
      g_strdelimit (label, "_", ' ');
      g_menu_item_set_label (item, label);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

static void
on_change_use (GSimpleAction *action, GVariant *state, gpointer data)
{
  const gchar *connector = g_object_get_data (G_OBJECT (action), "connector");

  g_simple_action_set_state (action, state);
  floe_monitor_choice_set_chosen (data, connector, g_variant_get_boolean (state));
}

/**
 * floe_display_menus_new_monitor_actions:
 * @choice: the monitors
 * @place: (nullable): where the window is, which is never left out
 *
 * Returns: (transfer full): an action for each item of floe_display_menus_new_monitors()
 */
GActionGroup *
floe_display_menus_new_monitor_actions (FloeMonitorChoice *choice, const gchar *place)
{
  GPtrArray *monitors = floe_monitor_choice_get_monitors (choice);
  GSimpleActionGroup *group = g_simple_action_group_new ();

  for (guint i = 0; i < monitors->len; i++)
    {
      const gchar *connector = ((FloeMonitor *)monitors->pdata[i])->connector;
      g_autofree gchar *name = g_strdup_printf ("use-%u", i);
      gboolean is_place = g_strcmp0 (connector, place) == 0;
      gboolean chosen = is_place || floe_monitor_choice_is_chosen (choice, connector);
      g_autoptr (GSimpleAction) action =
          g_simple_action_new_stateful (name, NULL, g_variant_new_boolean (chosen));

      g_object_set_data_full (G_OBJECT (action), "connector", g_strdup (connector), g_free);
      g_simple_action_set_enabled (action, !is_place && floe_monitor_choice_may_choose (choice));
      g_signal_connect_object (action, "change-state", G_CALLBACK (on_change_use), choice, 0);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
  return G_ACTION_GROUP (group);
}
