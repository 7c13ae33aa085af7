/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/color-scheme.h"

#define PORTAL_NAME      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH      "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Settings"
#define NAMESPACE        "org.freedesktop.appearance"
#define KEY              "color-scheme"
#define PREFER_DARK      1

struct _FloeColorScheme
{
  GObject parent_instance;

  GtkSettings *settings;
  GCancellable *cancellable;
  GDBusProxy *portal;
};

G_DEFINE_FINAL_TYPE (FloeColorScheme, floe_color_scheme, G_TYPE_OBJECT)

static void
apply (FloeColorScheme *self, GVariant *value)
{
  g_autoptr (GVariant) inner = g_variant_ref (value);

  while (g_variant_is_of_type (inner, G_VARIANT_TYPE_VARIANT))
    {
      GVariant *next = g_variant_get_variant (inner);

      g_variant_unref (inner);
      inner = next;
    }
  if (g_variant_is_of_type (inner, G_VARIANT_TYPE_UINT32))
    g_object_set (self->settings, "gtk-application-prefer-dark-theme",
                  g_variant_get_uint32 (inner) == PREFER_DARK, NULL);
}

static void
on_portal_signal (GDBusProxy *portal, const gchar *sender, const gchar *signal,
                  GVariant *parameters, FloeColorScheme *self)
{
  const gchar *space, *key;
  g_autoptr (GVariant) value = NULL;

  if (g_strcmp0 (signal, "SettingChanged") != 0
      || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssv)")))
    return;
  g_variant_get (parameters, "(&s&s@v)", &space, &key, &value);
  if (g_str_equal (space, NAMESPACE) && g_str_equal (key, KEY))
    apply (self, value);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);
  g_autoptr (GVariant) value = NULL;

  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(v)")))
    return; /* a desktop without the portal: the theme stays as GTK has it */
  value = g_variant_get_child_value (answer, 0);
  apply (FLOE_COLOR_SCHEME (data), value);
}

static void
on_portal (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusProxy) portal = g_dbus_proxy_new_for_bus_finish (result, &error);
  FloeColorScheme *self = data;

  if (portal == NULL)
    return; /* cancelled with us, or no session bus */
  g_signal_connect_object (portal, "g-signal", G_CALLBACK (on_portal_signal), self, 0);
  g_dbus_proxy_call (portal, "Read", g_variant_new ("(ss)", NAMESPACE, KEY), G_DBUS_CALL_FLAGS_NONE,
                     -1, self->cancellable, on_read, self);
  self->portal = g_steal_pointer (&portal);
}

/**
 * floe_color_scheme_new:
 * @settings: the settings to keep
 *
 * Returns: (transfer full): to be held for as long as they shall be kept
 */
FloeColorScheme *
floe_color_scheme_new (GtkSettings *settings)
{
  FloeColorScheme *self = g_object_new (FLOE_TYPE_COLOR_SCHEME, NULL);

  self->settings = g_object_ref (settings);
  g_dbus_proxy_new_for_bus (G_BUS_TYPE_SESSION, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES, NULL,
                            PORTAL_NAME, PORTAL_PATH, PORTAL_INTERFACE, self->cancellable,
                            on_portal, self);
  return self;
}

static void
floe_color_scheme_dispose (GObject *object)
{
  FloeColorScheme *self = FLOE_COLOR_SCHEME (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->portal);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (floe_color_scheme_parent_class)->dispose (object);
}

static void
floe_color_scheme_class_init (FloeColorSchemeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_color_scheme_dispose;
}

static void
floe_color_scheme_init (FloeColorScheme *self)
{
  self->cancellable = g_cancellable_new ();
}
