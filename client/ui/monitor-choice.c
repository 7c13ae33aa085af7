/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/monitor-choice.h"

#include <string.h>

#include "settings/settings.h"

/* monitors.ini has a group for each set of monitors that somebody chose from:
 *
 *   [DP-1 1920x1080, HDMI-1 1280x1024]
 *   full-screen=DP-1;
 *
 * Where nobody chose, or may choose, it is as the settings say: with none of their connectors it is
 * the monitor that the window is on.
 */

#define KEY_CHOSEN "full-screen"

struct _FloeMonitorChoice
{
  GObject parent_instance;

  GdkDisplay *display;
  gchar *path;
  GKeyFile *keys;
  GSettings *settings; /* or NULL for all monitors */
  GPtrArray *monitors; /* FloeMonitor */
  GPtrArray *ours;     /* GdkMonitor, in the same order */
  guint look;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeMonitorChoice, floe_monitor_choice, G_TYPE_OBJECT)

/* What there is. */

static gboolean
is_taken (FloeMonitorChoice *self, const gchar *connector)
{
  for (guint i = 0; i < self->monitors->len; i++)
    if (g_str_equal (((FloeMonitor *)self->monitors->pdata[i])->connector, connector))
      return TRUE;
  return FALSE;
}

/* On X11 GDK 3 calls the output "model". Elsewhere that is the monitor's, and two of a kind are
 * told apart by their order. A group of a key file takes no brackets. */
static gchar *
make_connector (FloeMonitorChoice *self, GdkMonitor *monitor)
{
  const gchar *model = gdk_monitor_get_model (monitor);
  g_autofree gchar *base = g_strdup (model != NULL && *model != '\0' ? model : "monitor");
  gchar *connector;

  g_strdelimit (base, "[],;\n\r\t", '-');
  connector = g_strdup (base);
  for (guint n = 2; is_taken (self, connector); n++)
    {
      g_free (connector);
      connector = g_strdup_printf ("%s %u", base, n);
    }
  return connector;
}

static FloeMonitor *
describe (FloeMonitorChoice *self, GdkMonitor *monitor)
{
  g_autofree gchar *connector = make_connector (self, monitor);
  const gchar *maker = gdk_monitor_get_manufacturer (monitor);
  GdkRectangle place;
  FloeMonitor *described;

  gdk_monitor_get_geometry (monitor, &place);
  described = floe_monitor_new (connector, place.x, place.y, place.width, place.height);
  described->scale = MAX (gdk_monitor_get_scale_factor (monitor), 1);
  described->width_mm = MAX (gdk_monitor_get_width_mm (monitor), 0);
  described->height_mm = MAX (gdk_monitor_get_height_mm (monitor), 0);
  if (maker != NULL && *maker != '\0')
    {
      g_free (described->name);
      described->name = g_strdup_printf ("%s %s", maker, connector);
    }
  return described;
}

static void
read_monitors (FloeMonitorChoice *self)
{
  g_ptr_array_set_size (self->monitors, 0);
  g_ptr_array_set_size (self->ours, 0);
  for (gint i = 0; i < gdk_display_get_n_monitors (self->display); i++)
    {
      GdkMonitor *monitor = gdk_display_get_monitor (self->display, i);

      g_ptr_array_add (self->monitors, describe (self, monitor));
      g_ptr_array_add (self->ours, g_object_ref (monitor));
    }
}

static gboolean
on_look (gpointer data)
{
  FloeMonitorChoice *self = data;

  self->look = 0;
  read_monitors (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* A monitor that is plugged in says so in several steps. */
static void
look_soon (FloeMonitorChoice *self)
{
  if (self->look == 0)
    self->look = g_idle_add (on_look, self);
}

/**
 * floe_monitor_choice_get_monitors:
 * @self: the choice
 *
 * Returns: (transfer none) (element-type FloeMonitor): what there is to choose from
 */
GPtrArray *
floe_monitor_choice_get_monitors (FloeMonitorChoice *self)
{
  g_return_val_if_fail (FLOE_IS_MONITOR_CHOICE (self), NULL);

  return self->monitors;
}

/**
 * floe_monitor_choice_find:
 * @self: the choice
 * @monitor: (nullable): as GDK has it
 *
 * Returns: (transfer none) (nullable): as we have it
 */
const FloeMonitor *
floe_monitor_choice_find (FloeMonitorChoice *self, GdkMonitor *monitor)
{
  g_return_val_if_fail (FLOE_IS_MONITOR_CHOICE (self), NULL);

  for (guint i = 0; i < self->ours->len; i++)
    if (self->ours->pdata[i] == monitor)
      return self->monitors->pdata[i];
  return NULL;
}

/**
 * floe_monitor_choice_get_monitor:
 * @self: the choice
 * @connector: one of ours
 *
 * Returns: (transfer none) (nullable): as GDK has it
 */
GdkMonitor *
floe_monitor_choice_get_monitor (FloeMonitorChoice *self, const gchar *connector)
{
  g_return_val_if_fail (FLOE_IS_MONITOR_CHOICE (self), NULL);

  for (guint i = 0; i < self->monitors->len; i++)
    if (g_str_equal (((FloeMonitor *)self->monitors->pdata[i])->connector, connector))
      return self->ours->pdata[i];
  return NULL;
}

/* What was chosen. */

/**
 * floe_monitor_choice_may_choose:
 * @self: the choice
 *
 * Returns: whether it is not an administrator's
 */
gboolean
floe_monitor_choice_may_choose (FloeMonitorChoice *self)
{
  g_return_val_if_fail (FLOE_IS_MONITOR_CHOICE (self), FALSE);

  return self->settings == NULL || g_settings_is_writable (self->settings, FLOE_SETTING_MONITORS);
}

/* read_usual: what it is where nobody chose, or NULL for all */
static GStrv
read_usual (FloeMonitorChoice *self)
{
  GStrv usual =
      self->settings != NULL ? g_settings_get_strv (self->settings, FLOE_SETTING_MONITORS) : NULL;

  if (usual != NULL && g_strv_contains ((const gchar *const *)usual, "all"))
    g_clear_pointer (&usual, g_strfreev);
  return usual;
}

static GStrv
read_chosen (FloeMonitorChoice *self)
{
  g_autofree gchar *group = floe_monitors_dup_key (self->monitors);
  GStrv chosen = NULL;

  if (floe_monitor_choice_may_choose (self))
    chosen = g_key_file_get_string_list (self->keys, group, KEY_CHOSEN, NULL, NULL);
  return chosen != NULL ? chosen : read_usual (self);
}

gboolean
floe_monitor_choice_is_chosen (FloeMonitorChoice *self, const gchar *connector)
{
  g_auto (GStrv) chosen = NULL;

  g_return_val_if_fail (FLOE_IS_MONITOR_CHOICE (self), FALSE);

  chosen = read_chosen (self);
  return chosen == NULL || g_strv_contains ((const gchar *const *)chosen, connector);
}

static void
save (FloeMonitorChoice *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *folder = g_path_get_dirname (self->path);

  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (self->keys, self->path, &error))
    g_info ("the choice of monitors is not remembered: %s", error->message);
}

/**
 * floe_monitor_choice_set_chosen:
 * @self: the choice
 * @connector: a monitor
 * @chosen: whether full screen is on it, too
 *
 * Remembers it for the monitors that there are now.
 */
void
floe_monitor_choice_set_chosen (FloeMonitorChoice *self, const gchar *connector, gboolean chosen)
{
  g_autofree gchar *group = NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  g_return_if_fail (FLOE_IS_MONITOR_CHOICE (self));

  if (floe_monitor_choice_is_chosen (self, connector) == chosen
      || !floe_monitor_choice_may_choose (self))
    return;
  for (guint i = 0; i < self->monitors->len; i++)
    {
      gchar *one = ((FloeMonitor *)self->monitors->pdata[i])->connector;

      if (g_str_equal (one, connector) ? chosen : floe_monitor_choice_is_chosen (self, one))
        g_ptr_array_add (list, one);
    }
  group = floe_monitors_dup_key (self->monitors);
  g_key_file_set_string_list (self->keys, group, KEY_CHOSEN, (const gchar *const *)list->pdata,
                              list->len);
  save (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* What is chosen for all sets of monitors outweighs what was chosen for one before. */
static void
on_setting (FloeMonitorChoice *self)
{
  g_auto (GStrv) groups = g_key_file_get_groups (self->keys, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    g_key_file_remove_group (self->keys, groups[i], NULL);
  if (groups[0] != NULL)
    save (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * floe_monitor_choice_forget:
 * @self: the choice
 *
 * It is again as the settings say.
 */
void
floe_monitor_choice_forget (FloeMonitorChoice *self)
{
  g_return_if_fail (FLOE_IS_MONITOR_CHOICE (self));

  on_setting (self);
}

/**
 * floe_monitor_choice_set_settings:
 * @self: the choice, without any
 * @settings: what it is where nobody chose for the monitors that there are
 */
void
floe_monitor_choice_set_settings (FloeMonitorChoice *self, GSettings *settings)
{
  g_return_if_fail (FLOE_IS_MONITOR_CHOICE (self));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::" FLOE_SETTING_MONITORS, G_CALLBACK (on_setting),
                           self, G_CONNECT_SWAPPED);
}

/**
 * floe_monitor_choice_list:
 * @self: the choice
 * @first: (nullable): the connector of the monitor where the window is
 * @most: how many screens the guest can have
 *
 * Returns: (transfer container) (element-type FloeMonitor): see floe_monitors_choose()
 */
GPtrArray *
floe_monitor_choice_list (FloeMonitorChoice *self, const gchar *first, guint most)
{
  g_auto (GStrv) chosen = NULL;

  g_return_val_if_fail (FLOE_IS_MONITOR_CHOICE (self), NULL);

  chosen = read_chosen (self);
  return floe_monitors_choose (self->monitors, (const gchar *const *)chosen, first, most);
}

static void
floe_monitor_choice_dispose (GObject *object)
{
  FloeMonitorChoice *self = FLOE_MONITOR_CHOICE (object);

  g_clear_handle_id (&self->look, g_source_remove);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->ours, g_ptr_array_unref);
  g_clear_pointer (&self->monitors, g_ptr_array_unref);
  g_clear_pointer (&self->keys, g_key_file_unref);
  G_OBJECT_CLASS (floe_monitor_choice_parent_class)->dispose (object);
}

static void
floe_monitor_choice_finalize (GObject *object)
{
  g_free (FLOE_MONITOR_CHOICE (object)->path);
  G_OBJECT_CLASS (floe_monitor_choice_parent_class)->finalize (object);
}

static void
floe_monitor_choice_class_init (FloeMonitorChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_monitor_choice_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_monitor_choice_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLOE_TYPE_MONITOR_CHOICE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_monitor_choice_init (FloeMonitorChoice *self)
{
  self->keys = g_key_file_new ();
  self->monitors = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_monitor_free);
  self->ours = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * floe_monitor_choice_new:
 * @display: whose monitors
 * @path: where the choice is remembered
 *
 * Returns: (transfer full): the choice
 */
FloeMonitorChoice *
floe_monitor_choice_new (GdkDisplay *display, const gchar *path)
{
  FloeMonitorChoice *self = g_object_new (FLOE_TYPE_MONITOR_CHOICE, NULL);
  GdkScreen *screen = gdk_display_get_default_screen (display);

  self->display = display;
  self->path = g_strdup (path);
  g_key_file_load_from_file (self->keys, path, G_KEY_FILE_NONE, NULL);
  read_monitors (self);
  g_signal_connect_object (display, "monitor-added", G_CALLBACK (look_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (display, "monitor-removed", G_CALLBACK (look_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (screen, "monitors-changed", G_CALLBACK (look_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (screen, "size-changed", G_CALLBACK (look_soon), self, G_CONNECT_SWAPPED);
  return self;
}

FloeMonitorChoice *
floe_monitor_choice_new_default (GdkDisplay *display)
{
  g_autofree gchar *path =
      g_build_filename (g_get_user_config_dir (), "floe", "monitors.ini", NULL);

  return floe_monitor_choice_new (display, path);
}
