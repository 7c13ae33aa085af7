/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/devices.h"

#include "session/spice-session.h"
#include "settings/settings.h"
#include "ui/clipboard.h"
#include "ui/devices-panel.h"
#include "ui/transfers.h"

struct _FloeDevices
{
  GObject parent_instance;

  /* in an overlay, which owns them */
  GtkWidget *transfers;
  GtkWidget *panel;
  GSettings *settings; /* or NULL until there are some */

  FloeClipboard *clipboard; /* while a session is attached, as the next two */
  FloeUsb *usb;
  FloeFolderShare *folder;
  gboolean share_clipboard;
};

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeDevices, floe_devices, G_TYPE_OBJECT)

static void
on_closed (FloeDevices *self)
{
  gtk_widget_hide (self->panel);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/**
 * floe_devices_new:
 * @place: what the screen is in; files on their way, and the panel, are shown over it
 *
 * Returns: (transfer full): one without a session
 */
FloeDevices *
floe_devices_new (GtkOverlay *place)
{
  FloeDevices *self = g_object_new (FLOE_TYPE_DEVICES, NULL);

  self->transfers = floe_transfers_new ();
  self->panel = floe_devices_panel_new ();
  gtk_overlay_add_overlay (place, self->transfers);
  gtk_overlay_add_overlay (place, self->panel);
  g_signal_connect (self->transfers, "destroy", G_CALLBACK (gtk_widget_destroyed),
                    &self->transfers);
  g_signal_connect (self->panel, "destroy", G_CALLBACK (gtk_widget_destroyed), &self->panel);
  g_signal_connect_object (self->panel, "closed", G_CALLBACK (on_closed), self, G_CONNECT_SWAPPED);
  return self;
}

/* What the person chose, in step with what the policy allows. */

static void
apply_clipboard (FloeDevices *self)
{
  G_STATIC_ASSERT ((gint)FLOE_CLIPBOARD_TO_GUEST == (gint)FLOE_WAY_TO_GUEST);
  G_STATIC_ASSERT ((gint)FLOE_CLIPBOARD_NONE == (gint)FLOE_WAY_NONE);

  if (self->clipboard != NULL && self->settings != NULL)
    floe_clipboard_set_wish (self->clipboard,
                             (FloeWay)g_settings_get_enum (self->settings, FLOE_SETTING_CLIPBOARD));
}

static void
apply_folder (FloeDevices *self)
{
  g_autofree gchar *path = NULL;

  if (self->folder == NULL || self->settings == NULL)
    return;
  path = g_settings_get_string (self->settings, FLOE_SETTING_SHARED_FOLDER);
  floe_folder_share_set (
      self->folder, *path != '\0' ? path : NULL,
      g_settings_get_boolean (self->settings, FLOE_SETTING_SHARED_FOLDER_READ_ONLY));
}

/**
 * floe_devices_set_settings:
 * @self: without any
 * @settings: what whoever sits here chose; followed from now on, and changed in the panel
 */
void
floe_devices_set_settings (FloeDevices *self, GSettings *settings)
{
  g_return_if_fail (FLOE_IS_DEVICES (self));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  floe_devices_panel_set_settings (FLOE_DEVICES_PANEL (self->panel), settings);
  g_signal_connect_object (settings, "changed::" FLOE_SETTING_CLIPBOARD,
                           G_CALLBACK (apply_clipboard), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::" FLOE_SETTING_SHARED_FOLDER,
                           G_CALLBACK (apply_folder), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::" FLOE_SETTING_SHARED_FOLDER_READ_ONLY,
                           G_CALLBACK (apply_folder), self, G_CONNECT_SWAPPED);
}

/**
 * floe_devices_attach:
 * @session: a session whose display is ready; what carries nothing but its picture has no devices
 */
void
floe_devices_attach (FloeDevices *self, FloeSession *session)
{
  SpiceSession *spice;
  const FloePolicy *policy;

  g_return_if_fail (FLOE_IS_DEVICES (self));

  floe_devices_detach (self);
  spice = floe_session_get_spice (session);
  if (spice == NULL)
    return;
  policy = floe_session_get_policy (session);
  self->clipboard = floe_clipboard_new (spice, policy->clipboard);
  floe_clipboard_set_share (self->clipboard, self->share_clipboard);
  apply_clipboard (self);
  self->usb = floe_usb_new (spice, policy);
  self->folder = floe_folder_share_new (spice, policy->folder);
  floe_transfers_attach (FLOE_TRANSFERS (self->transfers), spice);
  apply_folder (self);
  floe_devices_panel_attach (FLOE_DEVICES_PANEL (self->panel), policy, self->usb, self->folder);
}

void
floe_devices_detach (FloeDevices *self)
{
  g_return_if_fail (FLOE_IS_DEVICES (self));

  if (self->transfers != NULL)
    floe_transfers_detach (FLOE_TRANSFERS (self->transfers));
  if (self->panel != NULL)
    {
      floe_devices_panel_detach (FLOE_DEVICES_PANEL (self->panel));
      gtk_widget_hide (self->panel);
    }
  g_clear_object (&self->clipboard);
  g_clear_object (&self->usb);
  g_clear_object (&self->folder);
}

/**
 * floe_devices_show:
 *
 * Shows the panel over the screen, with the keyboard in it.
 */
void
floe_devices_show (FloeDevices *self)
{
  g_return_if_fail (FLOE_IS_DEVICES (self));

  if (self->usb == NULL)
    return;
  gtk_widget_show (self->panel);
  floe_devices_panel_take_focus (FLOE_DEVICES_PANEL (self->panel));
}

/**
 * floe_devices_set_clipboard:
 * @share: whether the person wants it, as far as the policy allows it
 */
void
floe_devices_set_clipboard (FloeDevices *self, gboolean share)
{
  g_return_if_fail (FLOE_IS_DEVICES (self));

  self->share_clipboard = share;
  if (self->clipboard != NULL)
    floe_clipboard_set_share (self->clipboard, share);
}

/**
 * floe_devices_set_auto_usb:
 * @self: the devices
 * @share: whether new USB devices are handed over by themselves, whatever was chosen
 */
void
floe_devices_set_auto_usb (FloeDevices *self, gboolean share)
{
  g_return_if_fail (FLOE_IS_DEVICES (self));

  floe_devices_panel_set_auto (FLOE_DEVICES_PANEL (self->panel), share);
}

/**
 * floe_devices_lock_down:
 *
 * Nobody looks into this computer's files any more.
 */
void
floe_devices_lock_down (FloeDevices *self)
{
  g_return_if_fail (FLOE_IS_DEVICES (self));

  floe_devices_panel_lock_down (FLOE_DEVICES_PANEL (self->panel));
}

/**
 * floe_devices_prepare_display:
 * @session: whose screen it is
 * @display: the library's widget, which takes whatever is dropped on it
 *
 * Has it take no files where the policy says so.
 */
void
floe_devices_prepare_display (FloeSession *session, GtkWidget *display)
{
  if (floe_session_get_policy (session)->files == FLOE_WAY_NONE)
    gtk_drag_dest_unset (display);
}

static void
floe_devices_dispose (GObject *object)
{
  floe_devices_detach (FLOE_DEVICES (object));
  g_clear_object (&FLOE_DEVICES (object)->settings);
  G_OBJECT_CLASS (floe_devices_parent_class)->dispose (object);
}

static void
floe_devices_finalize (GObject *object)
{
  FloeDevices *self = FLOE_DEVICES (object);

  if (self->transfers != NULL)
    g_signal_handlers_disconnect_by_data (self->transfers, &self->transfers);
  if (self->panel != NULL)
    g_signal_handlers_disconnect_by_data (self->panel, &self->panel);
  G_OBJECT_CLASS (floe_devices_parent_class)->finalize (object);
}

static void
floe_devices_class_init (FloeDevicesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_devices_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_devices_finalize;
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", FLOE_TYPE_DEVICES, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_devices_init (FloeDevices *self)
{
  self->share_clipboard = TRUE;
}
