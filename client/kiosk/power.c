/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kiosk/power.h"

#define LOGIND_NAME    "org.freedesktop.login1"
#define LOGIND_PATH    "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"
#define OWN_SESSION    "/org/freedesktop/login1/session/auto"
#define LOGIND_SESSION "org.freedesktop.login1.Session"

/* Nobody can be asked for a password here. */
#define NOT_INTERACTIVE FALSE

struct _FloePower
{
  GObject parent_instance;

  GDBusConnection *bus;
  GCancellable *cancellable;
  gboolean can_switch_off;
  gboolean can_restart;

  gchar *folder;    /* of the kernel, with a folder for each backlight */
  gchar *backlight; /* the name of the first, or NULL */
  guint brightest;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePower, floe_power, G_TYPE_OBJECT)

static void
call (FloePower *self, const gchar *method, GVariant *arguments, GAsyncReadyCallback callback)
{
  g_dbus_connection_call (self->bus, LOGIND_NAME, LOGIND_PATH, LOGIND_MANAGER, method, arguments,
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, callback, self);
}

/* "challenge" means that somebody would have to give a password. */
static gboolean
is_yes (GObject *bus, GAsyncResult *result, gboolean *cancelled)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);
  const gchar *word = NULL;

  *cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (answer != NULL && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(s)")))
    g_variant_get (answer, "(&s)", &word);
  return g_strcmp0 (word, "yes") == 0;
}

static void
on_can_switch_off (GObject *bus, GAsyncResult *result, gpointer data)
{
  gboolean cancelled;
  gboolean yes = is_yes (bus, result, &cancelled);

  if (cancelled)
    return;
  FLOE_POWER (data)->can_switch_off = yes;
  g_signal_emit (data, signals[SIGNAL_CHANGED], 0);
}

static void
on_can_restart (GObject *bus, GAsyncResult *result, gpointer data)
{
  gboolean cancelled;
  gboolean yes = is_yes (bus, result, &cancelled);

  if (cancelled)
    return;
  FLOE_POWER (data)->can_restart = yes;
  g_signal_emit (data, signals[SIGNAL_CHANGED], 0);
}

static void
on_done (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, &error);

  if (answer != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_message ("logind refused: %s", error->message);
  g_signal_emit (data, signals[SIGNAL_FAILED], 0);
}

gboolean
floe_power_can_switch_off (FloePower *self)
{
  g_return_val_if_fail (FLOE_IS_POWER (self), FALSE);

  return self->can_switch_off;
}

gboolean
floe_power_can_restart (FloePower *self)
{
  g_return_val_if_fail (FLOE_IS_POWER (self), FALSE);

  return self->can_restart;
}

void
floe_power_switch_off (FloePower *self)
{
  g_return_if_fail (FLOE_IS_POWER (self));

  call (self, "PowerOff", g_variant_new ("(b)", NOT_INTERACTIVE), on_done);
}

void
floe_power_restart (FloePower *self)
{
  g_return_if_fail (FLOE_IS_POWER (self));

  call (self, "Reboot", g_variant_new ("(b)", NOT_INTERACTIVE), on_done);
}

/* The backlight. */

static guint
read_number (FloePower *self, const gchar *name)
{
  g_autofree gchar *path = g_build_filename (self->folder, self->backlight, name, NULL);
  g_autofree gchar *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  return (guint)g_ascii_strtoull (text, NULL, 10);
}

static void
find_backlight (FloePower *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);

  if (dir == NULL)
    return;
  self->backlight = g_strdup (g_dir_read_name (dir));
  if (self->backlight != NULL)
    self->brightest = read_number (self, "max_brightness");
}

gboolean
floe_power_has_backlight (FloePower *self)
{
  g_return_val_if_fail (FLOE_IS_POWER (self), FALSE);

  return self->bus != NULL && self->brightest > 0;
}

/**
 * floe_power_get_brightness:
 * @self: what has a backlight
 *
 * Returns: from 0, dark, to 1
 */
gdouble
floe_power_get_brightness (FloePower *self)
{
  g_return_val_if_fail (FLOE_IS_POWER (self), 0);

  return self->brightest > 0 ? (gdouble)read_number (self, "brightness") / self->brightest : 0;
}

/**
 * floe_power_set_brightness:
 * @self: what has a backlight
 * @part: from 0 to 1; it never gets so dark that nobody finds the way back
 */
void
floe_power_set_brightness (FloePower *self, gdouble part)
{
  guint value;

  g_return_if_fail (FLOE_IS_POWER (self));

  if (!floe_power_has_backlight (self))
    return;
  value = MAX (1, (guint)(CLAMP (part, 0.05, 1) * self->brightest + 0.5));
  g_dbus_connection_call (self->bus, LOGIND_NAME, OWN_SESSION, LOGIND_SESSION, "SetBrightness",
                          g_variant_new ("(ssu)", "backlight", self->backlight, value), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, on_done, self);
}

/**
 * floe_power_new:
 * @bus: (nullable): the system's bus
 * @backlights: where the kernel shows its backlights
 *
 * Returns: (transfer full): what says no to all, until logind has answered
 */
FloePower *
floe_power_new (GDBusConnection *bus, const gchar *backlights)
{
  FloePower *self = g_object_new (FLOE_TYPE_POWER, NULL);

  self->folder = g_strdup (backlights);
  if (bus == NULL)
    return self;
  self->bus = g_object_ref (bus);
  find_backlight (self);
  call (self, "CanPowerOff", NULL, on_can_switch_off);
  call (self, "CanReboot", NULL, on_can_restart);
  return self;
}

static void
floe_power_dispose (GObject *object)
{
  FloePower *self = FLOE_POWER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (floe_power_parent_class)->dispose (object);
}

static void
floe_power_finalize (GObject *object)
{
  FloePower *self = FLOE_POWER (object);

  g_clear_object (&self->cancellable);
  g_free (self->folder);
  g_free (self->backlight);
  G_OBJECT_CLASS (floe_power_parent_class)->finalize (object);
}

static void
floe_power_class_init (FloePowerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_power_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_power_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLOE_TYPE_POWER, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", FLOE_TYPE_POWER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_power_init (FloePower *self)
{
  self->cancellable = g_cancellable_new ();
}
