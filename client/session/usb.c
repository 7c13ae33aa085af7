/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/usb.h"

#define NO_INPUT   "0x03,-1,-1,-1,0"
#define ALL        "-1,-1,-1,-1,1"
#define NAME_WORDS "%s %s"

/* All channels of a session come within moments of the first one. */
#define CHANNELS_SETTLE_MS 500

struct _FloeUsb
{
  GObject parent_instance;

  SpiceUsbDeviceManager *manager; /* or NULL, with a problem */
  gchar *problem;
  gchar *filter;
  gchar *connect;  /* what is handed over when the session begins, or NULL once that was done */
  GPtrArray *busy; /* devices with a call under way */
  guint connecting;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeUsb, floe_usb, G_TYPE_OBJECT)

/**
 * floe_usb_filter_for_sharing:
 * @filter: (nullable): the policy's
 *
 * Returns: (transfer full): the rules for what is handed over by itself: no keyboard and no mouse,
 *   and of the rest what the policy allows
 */
gchar *
floe_usb_filter_for_sharing (const gchar *filter)
{
  return g_strconcat (NO_INPUT "|", filter != NULL ? filter : ALL, NULL);
}

static void
free_item (gpointer data)
{
  FloeUsbItem *item = data;

  g_boxed_free (SPICE_TYPE_USB_DEVICE, item->device);
  g_free (item->name);
  g_free (item->why_not);
  g_free (item);
}

static void
tell_change (FloeUsb *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
tell_failure (FloeUsb *self, SpiceUsbDevice *device, const GError *error)
{
  g_autofree gchar *name = spice_usb_device_get_description (device, NAME_WORDS);

  g_info ("USB device %s: %s", name, error->message);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, name, error->message);
}

static void
on_failed (SpiceUsbDeviceManager *manager, SpiceUsbDevice *device, GError *error, FloeUsb *self)
{
  tell_failure (self, device, error);
  tell_change (self);
}

/* The library has a property for this, which knows nothing of what the policy refuses otherwise. */
static gboolean
on_connecting (gpointer data)
{
  FloeUsb *self = data;
  g_autofree gchar *filter = floe_usb_filter_for_sharing (self->connect);
  g_autoptr (GPtrArray) devices =
      spice_usb_device_manager_get_devices_with_filter (self->manager, filter);

  self->connecting = 0;
  g_clear_pointer (&self->connect, g_free);
  for (guint i = 0; i < devices->len; i++)
    floe_usb_share (self, devices->pdata[i], TRUE);
  return G_SOURCE_REMOVE;
}

/* The channels that devices go over come one by one. */
static void
plan_connecting (FloeUsb *self)
{
  if (self->connect != NULL && self->connecting == 0 && floe_usb_count_free (self) > 0)
    self->connecting = g_timeout_add (CHANNELS_SETTLE_MS, on_connecting, self);
}

static void
on_free_channels (FloeUsb *self)
{
  plan_connecting (self);
  tell_change (self);
}

/**
 * floe_usb_new:
 * @spice: a session
 * @policy: what it may do
 *
 * Returns: (transfer full): its devices, of which none is handed over by itself but those that the
 *   policy says
 */
FloeUsb *
floe_usb_new (SpiceSession *spice, const FloePolicy *policy)
{
  FloeUsb *self = g_object_new (FLOE_TYPE_USB, NULL);
  g_autoptr (GError) error = NULL;
  SpiceUsbDeviceManager *manager;

  self->filter = g_strdup (policy->usb_filter);
  self->connect = g_strdup (policy->usb_connect);
  manager = policy->usb ? spice_usb_device_manager_get (spice, &error) : NULL;
  if (manager == NULL)
    {
      self->problem = g_strdup (error != NULL ? error->message : "");
      return self;
    }
  self->manager = g_object_ref (manager);
  floe_usb_set_auto (self, FALSE);
  g_signal_connect_object (manager, "device-added", G_CALLBACK (tell_change), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "device-removed", G_CALLBACK (tell_change), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "notify::free-channels", G_CALLBACK (on_free_channels), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (manager, "auto-connect-failed", G_CALLBACK (on_failed), self, 0);
  g_signal_connect_object (manager, "device-error", G_CALLBACK (on_failed), self, 0);
  plan_connecting (self);
  return self;
}

/**
 * floe_usb_get_problem:
 *
 * Returns: (nullable): why there are none at all: empty where the policy says so, else the
 *   library's words
 */
const gchar *
floe_usb_get_problem (FloeUsb *self)
{
  return self->problem;
}

/**
 * floe_usb_count_free:
 *
 * Returns: how many more the desktop can take
 */
guint
floe_usb_count_free (FloeUsb *self)
{
  gint n = 0;

  if (self->manager != NULL)
    g_object_get (self->manager, "free-channels", &n, NULL);
  return (guint)MAX (n, 0);
}

static gboolean
has (GPtrArray *devices, SpiceUsbDevice *device)
{
  return devices != NULL && g_ptr_array_find (devices, device, NULL);
}

static FloeUsbItem *
describe (FloeUsb *self, SpiceUsbDevice *device, GPtrArray *allowed, GPtrArray *no_input)
{
  FloeUsbItem *item = g_new0 (FloeUsbItem, 1);
  g_autoptr (GError) error = NULL;

  item->device = g_boxed_copy (SPICE_TYPE_USB_DEVICE, device);
  item->name = spice_usb_device_get_description (device, NAME_WORDS);
  item->refused = !has (allowed, device);
  item->input = !has (no_input, device);
  item->shared = spice_usb_device_manager_is_device_connected (self->manager, device);
  item->busy = has (self->busy, device);
  if (!item->shared && !item->refused
      && !spice_usb_device_manager_can_redirect_device (self->manager, device, &error))
    item->why_not = g_strdup (error != NULL ? error->message : "");
  return item;
}

/**
 * floe_usb_list:
 *
 * Returns: (transfer full) (element-type FloeUsbItem): those that there are now
 */
GPtrArray *
floe_usb_list (FloeUsb *self)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (free_item);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) allowed = NULL;
  g_autoptr (GPtrArray) no_input = NULL;

  if (self->manager == NULL)
    return items;
  all = spice_usb_device_manager_get_devices (self->manager);
  allowed = spice_usb_device_manager_get_devices_with_filter (
      self->manager, self->filter != NULL ? self->filter : ALL);
  no_input = spice_usb_device_manager_get_devices_with_filter (self->manager, NO_INPUT "|" ALL);
  for (guint i = 0; i < all->len; i++)
    g_ptr_array_add (items, describe (self, all->pdata[i], allowed, no_input));
  return items;
}

typedef struct
{
  FloeUsb *usb;
  SpiceUsbDevice *device;
  gboolean share;
} Call;

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  SpiceUsbDeviceManager *manager = SPICE_USB_DEVICE_MANAGER (source);
  Call *call = data;
  g_autoptr (GError) error = NULL;

  if (call->share)
    spice_usb_device_manager_connect_device_finish (manager, result, &error);
  else
    spice_usb_device_manager_disconnect_device_finish (manager, result, &error);
  g_ptr_array_remove (call->usb->busy, call->device);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell_failure (call->usb, call->device, error);
  tell_change (call->usb);
  g_boxed_free (SPICE_TYPE_USB_DEVICE, call->device);
  g_object_unref (call->usb);
  g_free (call);
}

/**
 * floe_usb_share:
 * @device: one of floe_usb_list()
 * @share: hand it over, or take it back
 *
 * What comes of it is told by the signals. One that the policy refuses is left alone.
 */
void
floe_usb_share (FloeUsb *self, SpiceUsbDevice *device, gboolean share)
{
  g_autoptr (GPtrArray) allowed = NULL;
  Call *call;

  g_return_if_fail (FLOE_IS_USB (self) && self->manager != NULL);

  allowed = spice_usb_device_manager_get_devices_with_filter (
      self->manager, self->filter != NULL ? self->filter : ALL);
  if (has (self->busy, device) || (share && !has (allowed, device)))
    return;
  call = g_new0 (Call, 1);
  call->usb = g_object_ref (self);
  call->device = g_boxed_copy (SPICE_TYPE_USB_DEVICE, device);
  call->share = share;
  g_ptr_array_add (self->busy, call->device);
  if (share)
    spice_usb_device_manager_connect_device_async (self->manager, device, NULL, on_done, call);
  else
    spice_usb_device_manager_disconnect_device_async (self->manager, device, NULL, on_done, call);
  tell_change (self);
}

/**
 * floe_usb_set_auto:
 * @share: whether what is plugged in from now on is handed over by itself; never a keyboard or a
 *   mouse, nor what the policy refuses
 */
void
floe_usb_set_auto (FloeUsb *self, gboolean share)
{
  g_autofree gchar *filter = floe_usb_filter_for_sharing (self->filter);

  if (self->manager != NULL)
    g_object_set (self->manager, "auto-connect-filter", filter, "auto-connect", share, NULL);
}

static void
floe_usb_finalize (GObject *object)
{
  FloeUsb *self = FLOE_USB (object);

  g_clear_handle_id (&self->connecting, g_source_remove);
  g_clear_object (&self->manager);
  g_free (self->problem);
  g_free (self->filter);
  g_free (self->connect);
  g_ptr_array_unref (self->busy);
  G_OBJECT_CLASS (floe_usb_parent_class)->finalize (object);
}

static void
floe_usb_class_init (FloeUsbClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_usb_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLOE_TYPE_USB, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", FLOE_TYPE_USB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
floe_usb_init (FloeUsb *self)
{
  self->busy = g_ptr_array_new ();
}
