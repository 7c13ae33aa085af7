/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/devices-panel.h"

#include <glib/gi18n.h>

#include "settings/settings.h"
#include "ui/policy-words.h"

struct _FloeDevicesPanel
{
  GtkBox parent_instance;

  GtkWidget *close_button;
  GtkWidget *list_window;
  GtkWidget *list;
  GtkWidget *usb_label;
  GtkWidget *auto_button;
  GtkWidget *folder_box;
  GtkWidget *folder_row;
  GtkWidget *folder_label;
  GtkWidget *folder_hint;
  GtkWidget *choose_button;
  GtkWidget *stop_button;
  GtkWidget *read_only_button;
  GtkWidget *policy_label;

  GSettings *settings;           /* or NULL until there are some */
  FloeUsb *usb;                  /* or NULL, while no session is attached */
  FloeFolderShare *folder;       /* likewise */
  GtkFileChooserNative *chooser; /* while it is open */
  gchar *failed;                 /* the device that could not be handed over last */
  gboolean locked_down;
  gboolean auto_usb; /* without being chosen */
  gboolean filling;  /* what changes now was not done by a person */
};

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeDevicesPanel, floe_devices_panel, GTK_TYPE_BOX)

/* USB devices. */

static const gchar *
words_of_item (FloeDevicesPanel *self, const FloeUsbItem *item)
{
  if (item->refused)
    return _ ("Devices of this kind are not allowed on this desktop");
  if (item->busy)
    return item->shared ? _ ("Being taken back…") : _ ("Being handed over…");
  if (item->shared)
    return _ ("The desktop has it");
  if (g_strcmp0 (item->name, self->failed) == 0)
    return _ ("It could not be handed over; ask your helpdesk if it stays so");
  if (item->why_not != NULL)
    return floe_usb_count_free (self->usb) == 0 ? _ ("The desktop can take no more devices")
                                                : _ ("The desktop cannot take it");
  return item->input ? _ ("A keyboard or a mouse: hand it over only if you have another one")
                     : NULL;
}

static gboolean
on_switch (GtkSwitch *widget, gboolean state, FloeDevicesPanel *self)
{
  SpiceUsbDevice *device = g_object_get_data (G_OBJECT (widget), "floe-device");

  if (self->filling)
    return FALSE;
  g_clear_pointer (&self->failed, g_free);
  floe_usb_share (self->usb, device, state);
  return TRUE; /* its state follows the device's */
}

static void
free_device (gpointer device)
{
  g_boxed_free (SPICE_TYPE_USB_DEVICE, device);
}

static GtkWidget *
make_switch (FloeDevicesPanel *self, const FloeUsbItem *item, const gchar *words)
{
  GtkWidget *widget = gtk_switch_new ();
  AtkObject *accessible = gtk_widget_get_accessible (widget);

  gtk_switch_set_active (GTK_SWITCH (widget), item->shared);
  gtk_widget_set_sensitive (widget, !item->refused && !item->busy
                                        && (item->shared || item->why_not == NULL));
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  atk_object_set_name (accessible, item->name);
  atk_object_set_description (accessible, words != NULL ? words : "");
  g_object_set_data_full (G_OBJECT (widget), "floe-device",
                          g_boxed_copy (SPICE_TYPE_USB_DEVICE, item->device), free_device);
  g_signal_connect (widget, "state-set", G_CALLBACK (on_switch), self);
  return widget;
}

static GtkWidget *
make_label (const gchar *text, gboolean small)
{
  GtkWidget *label = gtk_label_new (text);
  GtkStyleContext *style = gtk_widget_get_style_context (label);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 34);
  if (small)
    {
      gtk_style_context_add_class (style, "dim-label");
      gtk_style_context_add_class (style, "floe-small");
    }
  return label;
}

static void
add_row (FloeDevicesPanel *self, const FloeUsbItem *item)
{
  const gchar *words = words_of_item (self, item);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_container_add (GTK_CONTAINER (texts), make_label (item->name, FALSE));
  if (words != NULL)
    gtk_container_add (GTK_CONTAINER (texts), make_label (words, TRUE));
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_pack_start (GTK_BOX (box), texts, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), make_switch (self, item, words), FALSE, FALSE, 0);
  g_object_set (box, "margin", 10, NULL);
  gtk_container_add (GTK_CONTAINER (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_can_focus (row, FALSE); /* its switch has the focus */
  gtk_widget_show_all (row);
  gtk_list_box_insert (GTK_LIST_BOX (self->list), row, -1);
}

static gchar *
words_of_usb (FloeDevicesPanel *self, guint n_devices)
{
  const gchar *problem = floe_usb_get_problem (self->usb);
  guint n = floe_usb_count_free (self->usb);

  if (problem != NULL)
    return g_strdup (*problem == '\0' ? _ ("USB devices are not allowed on this desktop.")
                                      : _ ("This computer cannot hand over USB devices."));
  if (n_devices == 0)
    return g_strdup (_ ("Nothing that could be handed over is plugged in."));
  if (n == 0)
    return g_strdup (_ ("The desktop can take no more devices."));
  return g_strdup_printf (g_dngettext (NULL, "The desktop can take %u more device.",
                                       "The desktop can take %u more devices.", n),
                          n);
}

static void
fill_usb (FloeDevicesPanel *self)
{
  g_autoptr (GPtrArray) items = floe_usb_list (self->usb);
  g_autofree gchar *words = words_of_usb (self, items->len);

  self->filling = TRUE;
  gtk_container_foreach (GTK_CONTAINER (self->list), (GtkCallback)gtk_widget_destroy, NULL);
  for (guint i = 0; i < items->len; i++)
    add_row (self, items->pdata[i]);
  gtk_widget_set_visible (self->list_window, items->len > 0);
  gtk_label_set_text (GTK_LABEL (self->usb_label), words);
  gtk_widget_set_visible (self->auto_button, floe_usb_get_problem (self->usb) == NULL);
  self->filling = FALSE;
}

static void
on_usb_failed (FloeUsb *usb, const gchar *name, const gchar *detail, FloeDevicesPanel *self)
{
  g_free (self->failed);
  self->failed = g_strdup (name);
}

static void
on_auto (FloeDevicesPanel *self)
{
  gboolean chosen = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->auto_button));

  if (self->usb != NULL)
    floe_usb_set_auto (self->usb, chosen || self->auto_usb);
}

/**
 * floe_devices_panel_set_auto:
 * @self: the panel
 * @share: whether new USB devices are handed over by themselves, whatever was chosen
 */
void
floe_devices_panel_set_auto (FloeDevicesPanel *self, gboolean share)
{
  g_return_if_fail (FLOE_IS_DEVICES_PANEL (self));

  self->auto_usb = share;
  on_auto (self);
}

/* The folder. */

static void
fill_folder (FloeDevicesPanel *self)
{
  const gchar *path = floe_folder_share_get_path (self->folder);
  gboolean possible = floe_folder_share_is_possible (self->folder);
  g_autofree gchar *shown = path != NULL ? g_filename_display_name (path) : NULL;

  self->filling = TRUE;
  gtk_widget_set_visible (self->folder_box, !self->locked_down);
  gtk_widget_set_visible (self->folder_row, possible);
  gtk_widget_set_visible (self->read_only_button, possible);
  gtk_widget_set_visible (self->stop_button, path != NULL);
  gtk_label_set_text (GTK_LABEL (self->folder_label), shown != NULL ? shown : _ ("None"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->read_only_button),
                                floe_folder_share_is_read_only (self->folder));
  gtk_widget_set_sensitive (
      self->read_only_button,
      floe_folder_share_may_write (self->folder)
          && g_settings_is_writable (self->settings, FLOE_SETTING_SHARED_FOLDER_READ_ONLY));
  gtk_label_set_text (GTK_LABEL (self->folder_hint),
                      _ ("This desktop shows no folders of this computer."));
  gtk_widget_set_visible (self->folder_hint, !possible);
  self->filling = FALSE;
}

static void
on_chosen (GtkNativeDialog *dialog, gint response, FloeDevicesPanel *self)
{
  g_autofree gchar *path = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog))
                               : NULL;

  if (path != NULL)
    g_settings_set_string (self->settings, FLOE_SETTING_SHARED_FOLDER, path);
  g_clear_object (&self->chooser);
}

static void
on_choose (FloeDevicesPanel *self)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));

  g_clear_object (&self->chooser);
  self->chooser =
      gtk_file_chooser_native_new (_ ("Share a Folder"), GTK_WINDOW (window),
                                   GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Share"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_stop (FloeDevicesPanel *self)
{
  g_settings_reset (self->settings, FLOE_SETTING_SHARED_FOLDER);
}

static void
on_read_only (FloeDevicesPanel *self)
{
  if (!self->filling && self->folder != NULL)
    g_settings_set_boolean (
        self->settings, FLOE_SETTING_SHARED_FOLDER_READ_ONLY,
        gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->read_only_button)));
}

/**
 * floe_devices_panel_attach:
 * @policy: what is allowed
 * @usb: (transfer none): a session's devices
 * @folder: (transfer none): its folder
 */
void
floe_devices_panel_attach (FloeDevicesPanel *self, const FloePolicy *policy, FloeUsb *usb,
                           FloeFolderShare *folder)
{
  g_autofree gchar *words = floe_policy_words (policy);

  g_return_if_fail (FLOE_IS_DEVICES_PANEL (self));
  g_return_if_fail (self->settings != NULL);

  floe_devices_panel_detach (self);
  self->usb = g_object_ref (usb);
  self->folder = g_object_ref (folder);
  g_signal_connect_object (usb, "changed", G_CALLBACK (fill_usb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (usb, "failed", G_CALLBACK (on_usb_failed), self, 0);
  g_signal_connect_object (folder, "changed", G_CALLBACK (fill_folder), self, G_CONNECT_SWAPPED);
  gtk_label_set_text (GTK_LABEL (self->policy_label), words != NULL ? words : "");
  gtk_widget_set_visible (self->policy_label, words != NULL);
  on_auto (self);
  fill_usb (self);
  fill_folder (self);
}

void
floe_devices_panel_detach (FloeDevicesPanel *self)
{
  g_return_if_fail (FLOE_IS_DEVICES_PANEL (self));

  if (self->usb != NULL)
    g_signal_handlers_disconnect_by_data (self->usb, self);
  if (self->folder != NULL)
    g_signal_handlers_disconnect_by_data (self->folder, self);
  g_clear_object (&self->usb);
  g_clear_object (&self->folder);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->failed, g_free);
}

/**
 * floe_devices_panel_lock_down:
 *
 * Offers no folder any more: nobody looks into this computer's files.
 */
void
floe_devices_panel_lock_down (FloeDevicesPanel *self)
{
  g_return_if_fail (FLOE_IS_DEVICES_PANEL (self));

  self->locked_down = TRUE;
  gtk_widget_hide (self->folder_box);
}

/**
 * floe_devices_panel_set_settings:
 * @self: without any
 * @settings: what is chosen here is kept in them
 */
void
floe_devices_panel_set_settings (FloeDevicesPanel *self, GSettings *settings)
{
  g_return_if_fail (FLOE_IS_DEVICES_PANEL (self));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  g_settings_bind (settings, FLOE_SETTING_USB_AUTO_SHARE, self->auto_button, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_writable (settings, FLOE_SETTING_SHARED_FOLDER, self->choose_button, "sensitive",
                            FALSE);
  g_settings_bind_writable (settings, FLOE_SETTING_SHARED_FOLDER, self->stop_button, "sensitive",
                            FALSE);
}

void
floe_devices_panel_take_focus (FloeDevicesPanel *self)
{
  g_return_if_fail (FLOE_IS_DEVICES_PANEL (self));

  gtk_widget_grab_focus (self->close_button);
}

static void
on_close (FloeDevicesPanel *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static gboolean
on_key_press (FloeDevicesPanel *self, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  on_close (self);
  return GDK_EVENT_STOP;
}

static void
floe_devices_panel_dispose (GObject *object)
{
  floe_devices_panel_detach (FLOE_DEVICES_PANEL (object));
  g_clear_object (&FLOE_DEVICES_PANEL (object)->settings);
  G_OBJECT_CLASS (floe_devices_panel_parent_class)->dispose (object);
}

static void
floe_devices_panel_class_init (FloeDevicesPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = floe_devices_panel_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/devices-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, close_button);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, list_window);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, list);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, usb_label);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, auto_button);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, folder_box);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, folder_row);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, folder_label);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, folder_hint);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, choose_button);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, stop_button);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, read_only_button);
  gtk_widget_class_bind_template_child (widget_class, FloeDevicesPanel, policy_label);

  signals[SIGNAL_CLOSED] = g_signal_new ("closed", FLOE_TYPE_DEVICES_PANEL, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_devices_panel_init (FloeDevicesPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (self->close_button, "clicked", G_CALLBACK (on_close), self);
  g_signal_connect_swapped (self->auto_button, "toggled", G_CALLBACK (on_auto), self);
  g_signal_connect_swapped (self->choose_button, "clicked", G_CALLBACK (on_choose), self);
  g_signal_connect_swapped (self->stop_button, "clicked", G_CALLBACK (on_stop), self);
  g_signal_connect_swapped (self->read_only_button, "toggled", G_CALLBACK (on_read_only), self);
  g_signal_connect (self, "key-press-event", G_CALLBACK (on_key_press), NULL);
}

GtkWidget *
floe_devices_panel_new (void)
{
  return g_object_new (FLOE_TYPE_DEVICES_PANEL, NULL);
}
