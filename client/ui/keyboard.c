/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/keyboard.h"

#include <gdk/gdkx.h>
#include <glib/gi18n.h>
#include <string.h>

#include "settings/settings.h"
#include "ui/setting-row.h"

#define LAYOUTS_FILE "/usr/share/X11/xkb/rules/evdev.lst"
#define SETTER       "setxkbmap"

struct _FloeKeyboard
{
  GObject parent_instance;

  gchar *layout; /* what it was, as the X server names it: "de", "us,ru" */
  gchar *variant;
  gboolean changed;
};

G_DEFINE_FINAL_TYPE (FloeKeyboard, floe_keyboard, G_TYPE_OBJECT)

/**
 * floe_keyboard_may_choose:
 *
 * Returns: whether a layout can be chosen here
 */
gboolean
floe_keyboard_may_choose (void)
{
  g_autofree gchar *setter = g_find_program_in_path (SETTER);

  return setter != NULL && GDK_IS_X11_DISPLAY (gdk_display_get_default ());
}

/* What the layouts are. */

static void
clear_choice (gpointer data)
{
  FloeSettingChoice *choice = data;

  g_free ((gpointer)choice->id);
  g_free ((gpointer)choice->label);
}

static gint
compare_labels (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (((const FloeSettingChoice *)a)->label,
                         ((const FloeSettingChoice *)b)->label);
}

/* add_layouts: "  de              German", from the section of that name until the next */
static void
add_layouts (GArray *list, const gchar *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean inside = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      gchar *name = g_strstrip (lines[i]);
      gchar *label = strpbrk (name, " \t");
      FloeSettingChoice choice;

      if (*name == '!')
        inside = g_str_equal (name, "! layout");
      else if (inside && label != NULL && !g_str_has_prefix (name, "custom"))
        {
          choice.id = g_strndup (name, label - name);
          choice.label = g_strdup (g_dgettext ("xkeyboard-config", g_strchug (label)));
          g_array_append_val (list, choice);
        }
    }
}

/**
 * floe_keyboard_list_layouts:
 *
 * Returns: (transfer full) (element-type FloeSettingChoice): that of the session, then all, by name
 */
GArray *
floe_keyboard_list_layouts (void)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (FloeSettingChoice));
  g_autofree gchar *text = NULL;
  FloeSettingChoice usual;

  g_array_set_clear_func (list, clear_choice);
  bind_textdomain_codeset ("xkeyboard-config", "UTF-8");
  if (g_file_get_contents (LAYOUTS_FILE, &text, NULL, NULL))
    add_layouts (list, text);
  g_array_sort (list, compare_labels);
  usual.id = g_strdup ("");
  usual.label = g_strdup (_ ("Usual keyboard"));
  g_array_prepend_val (list, usual);
  return list;
}

/**
 * floe_keyboard_choice_new:
 * @settings: the settings
 *
 * Returns: (transfer floating): what the layout is chosen by
 */
GtkWidget *
floe_keyboard_choice_new (GSettings *settings)
{
  return floe_setting_choice_new_lazy (settings, FLOE_SETTING_KEYBOARD_LAYOUT, _ ("Usual keyboard"),
                                       floe_keyboard_list_layouts, 4);
}

/* Setting it. */

static void
set_layout (const gchar *layout, const gchar *variant)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) setter =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, SETTER, "-layout", layout,
                        "-variant", variant, NULL);

  if (setter == NULL)
    g_info ("the keyboard layout stays as it is: %s", error->message);
}

/**
 * floe_keyboard_use:
 * @self: the keyboard
 * @layout: a layout such as "fr(oss)"; empty for what it was
 */
void
floe_keyboard_use (FloeKeyboard *self, const gchar *layout)
{
  g_auto (GStrv) parts = g_strsplit_set (layout, "()", 3);

  g_return_if_fail (FLOE_IS_KEYBOARD (self));

  if (!floe_keyboard_may_choose ())
    return;
  if (*layout != '\0')
    set_layout (parts[0], parts[1] != NULL ? parts[1] : "");
  else if (self->changed)
    set_layout (self->layout, self->variant);
  self->changed = *layout != '\0';
}

/* read_names: rules, model, layout, variant and options, each ended by a NUL */
static void
read_names (FloeKeyboard *self, GdkScreen *screen)
{
  g_autofree guchar *names = NULL;
  gint length = 0;
  guint n = 0;

  if (!GDK_IS_X11_SCREEN (screen)
      || !gdk_property_get (gdk_screen_get_root_window (screen),
                            gdk_atom_intern_static_string ("_XKB_RULES_NAMES"), GDK_NONE, 0, 1024,
                            FALSE, NULL, NULL, &length, &names))
    length = 0;
  for (gint i = 0; i < length && n < 4; n++)
    {
      g_autofree gchar *field = g_strndup ((gchar *)names + i, (gsize)(length - i));

      if (n == 2 && *field != '\0')
        self->layout = g_strdup (field);
      else if (n == 3)
        self->variant = g_strdup (field);
      i += (gint)strlen (field) + 1;
    }
  if (self->layout == NULL)
    self->layout = g_strdup ("us");
  if (self->variant == NULL)
    self->variant = g_strdup ("");
}

/**
 * floe_keyboard_new:
 * @screen: whose keyboard it is
 *
 * Returns: (transfer full): the keyboard, as it is
 */
FloeKeyboard *
floe_keyboard_new (GdkScreen *screen)
{
  FloeKeyboard *self = g_object_new (FLOE_TYPE_KEYBOARD, NULL);

  read_names (self, screen);
  return self;
}

static void
floe_keyboard_finalize (GObject *object)
{
  FloeKeyboard *self = FLOE_KEYBOARD (object);

  floe_keyboard_use (self, "");
  g_free (self->layout);
  g_free (self->variant);
  G_OBJECT_CLASS (floe_keyboard_parent_class)->finalize (object);
}

static void
floe_keyboard_class_init (FloeKeyboardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_keyboard_finalize;
}

static void
floe_keyboard_init (FloeKeyboard *self)
{
}
