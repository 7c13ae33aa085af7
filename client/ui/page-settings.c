/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-settings.h"

#include <glib/gi18n.h>

#include "settings/settings.h"
#include "ui/clamp.h"
#include "ui/keyboard.h"
#include "ui/language.h"
#include "ui/setting-folder.h"
#include "ui/setting-row.h"

struct _FloePageSettings
{
  GtkScrolledWindow parent_instance;

  GtkWidget *problems_box;
  GtkWidget *problems_label;
  GtkWidget *login_list;
  GtkWidget *desktop_list;
  GtkWidget *sharing_list;
  GtkWidget *program_list;
};

G_DEFINE_FINAL_TYPE (FloePageSettings, floe_page_settings, GTK_TYPE_SCROLLED_WINDOW)

static void
add (GtkWidget *list, GtkWidget *row)
{
  gtk_container_add (GTK_CONTAINER (list), row);
}

static void
add_switch (GtkWidget *list, GSettings *settings, const gchar *key, const gchar *title,
            const gchar *detail)
{
  const FloeSettingRow row = { key, title, detail };

  add (list, floe_setting_row_new_switch (settings, &row));
}

static void
add_choice (GtkWidget *list, GSettings *settings, const FloeSettingRow *row,
            const FloeSettingChoice *choices, guint n_choices)
{
  g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (FloeSettingChoice));

  g_array_append_vals (array, choices, n_choices);
  add (list,
       floe_setting_row_new (settings, row, floe_setting_choice_new (settings, row->key, array)));
}

/* Which server it is is chosen where one logs in; here it is only seen who decided it. */
static void
fill_login (FloePageSettings *self, GSettings *settings)
{
  if (!g_settings_is_writable (settings, FLOE_SETTING_SERVER))
    {
      const FloeSettingRow row = { FLOE_SETTING_SERVER, _ ("Server"), NULL };
      g_autofree gchar *server = g_settings_get_string (settings, FLOE_SETTING_SERVER);
      GtkWidget *label = gtk_label_new (server);

      g_object_set (label, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, "sensitive", FALSE, NULL);
      add (self->login_list, floe_setting_row_new (settings, &row, label));
    }
  add_switch (self->login_list, settings, FLOE_SETTING_REMEMBER_USER, _ ("_Remember my user name"),
              _ ("It is there already at the next log-in. A password never is."));
}

static void
fill_desktop (FloePageSettings *self, GSettings *settings)
{
  add_switch (self->desktop_list, settings, FLOE_SETTING_FULL_SCREEN, _ ("_Begin in full screen"),
              NULL);
  add_switch (self->desktop_list, settings, FLOE_SETTING_SCALING, _ ("_Scale to the window"),
              _ ("The picture is made larger or smaller until it fits."));
  add_switch (self->desktop_list, settings, FLOE_SETTING_ADAPT_RESOLUTION,
              _ ("A_dapt the resolution"), _ ("The desktop takes the size of the window."));
  add_switch (self->desktop_list, settings, FLOE_SETTING_REDUCED_EFFECTS, _ ("Fewer _effects"),
              _ ("For slow connections: desktops leave out wallpaper and animations."));
}

static void
fill_monitors (FloePageSettings *self, GSettings *settings)
{
  const FloeSettingRow row = { FLOE_SETTING_MONITORS, _ ("_Monitors in full screen"), NULL };
  const FloeSettingChoice choices[] = { { "all", _ ("All") }, { "", _ ("The window's") } };

  add_choice (self->desktop_list, settings, &row, choices, G_N_ELEMENTS (choices));
}

/* What goes between a desktop and this computer. */
static void
fill_sharing (FloePageSettings *self, GSettings *settings)
{
  const FloeSettingRow clipboard = { FLOE_SETTING_CLIPBOARD, _ ("_Clipboard"), NULL };
  const FloeSettingRow folder = { FLOE_SETTING_SHARED_FOLDER, _ ("Shared folder"),
                                  _ ("Each desktop sees it while it is open.") };
  const FloeSettingChoice ways[] = { { "both", _ ("Both ways") },
                                     { "to-guest", _ ("Into desktops only") },
                                     { "from-guest", _ ("From desktops only") },
                                     { "none", _ ("Not shared") } };

  add_choice (self->sharing_list, settings, &clipboard, ways, G_N_ELEMENTS (ways));
  add (self->sharing_list,
       floe_setting_row_new (settings, &folder, floe_setting_folder_new (settings, folder.key)));
  add_switch (self->sharing_list, settings, FLOE_SETTING_SHARED_FOLDER_READ_ONLY,
              _ ("Desktops may only _read it"), NULL);
  add_switch (self->sharing_list, settings, FLOE_SETTING_USB_AUTO_SHARE,
              _ ("Hand over new _USB devices"),
              _ ("What is plugged in while a desktop is open goes to it."));
}

static void
fill_program (FloePageSettings *self, GSettings *settings)
{
  const FloeSettingRow language = { FLOE_SETTING_LANGUAGE, _ ("_Language"),
                                    _ ("While you are logged in, from the next start on.") };
  const FloeSettingRow layout = { FLOE_SETTING_KEYBOARD_LAYOUT, _ ("_Keyboard layout"),
                                  _ ("For what is typed here. A desktop has one of its own.") };

  add (self->program_list,
       floe_setting_row_new (settings, &language, floe_language_choice_new (settings)));
  if (floe_keyboard_may_choose ())
    add (self->program_list,
         floe_setting_row_new (settings, &layout, floe_keyboard_choice_new (settings)));
  add_switch (self->program_list, settings, FLOE_SETTING_REDUCED_MOTION, _ ("Less mo_tion"),
              _ ("Floe's own pages come and go without moving."));
}

/**
 * floe_page_settings_set_settings:
 * @self: the page, empty
 * @settings: what it shows and changes
 */
void
floe_page_settings_set_settings (FloePageSettings *self, GSettings *settings)
{
  g_return_if_fail (FLOE_IS_PAGE_SETTINGS (self));

  fill_login (self, settings);
  fill_desktop (self, settings);
  fill_monitors (self, settings);
  fill_sharing (self, settings);
  fill_program (self, settings);
}

/**
 * floe_page_settings_set_problems:
 * @self: the page
 * @problems: (element-type utf8): what of an administrator's file was not understood
 */
void
floe_page_settings_set_problems (FloePageSettings *self, GPtrArray *problems)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_if_fail (FLOE_IS_PAGE_SETTINGS (self));

  for (guint i = 0; i < problems->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (gchar *)problems->pdata[i]);
  gtk_label_set_text (GTK_LABEL (self->problems_label), text->str);
  gtk_widget_set_visible (self->problems_box, problems->len > 0);
}

void
floe_page_settings_take_focus (FloePageSettings *self)
{
  GtkWidget *window, *focus;

  g_return_if_fail (FLOE_IS_PAGE_SETTINGS (self));

  window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  focus = GTK_IS_WINDOW (window) ? gtk_window_get_focus (GTK_WINDOW (window)) : NULL;
  /* Where it is already, this would only move it on. */
  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
floe_page_settings_class_init (FloePageSettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePageSettings, problems_box);
  gtk_widget_class_bind_template_child (widget_class, FloePageSettings, problems_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageSettings, login_list);
  gtk_widget_class_bind_template_child (widget_class, FloePageSettings, desktop_list);
  gtk_widget_class_bind_template_child (widget_class, FloePageSettings, sharing_list);
  gtk_widget_class_bind_template_child (widget_class, FloePageSettings, program_list);
}

static void
floe_page_settings_init (FloePageSettings *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_clamp_follow_focus (GTK_SCROLLED_WINDOW (self));
}
