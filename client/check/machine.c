/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "check/steps.h"

#define USB_ACTION "org.spice-space.lowlevelusbaccess"

static GDBusConnection *
system_bus (GError **error)
{
  return g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, error);
}

static GVariant *
call (GDBusConnection *bus, const gchar *name, const gchar *path, const gchar *interface,
      const gchar *method, GVariant *arguments, const gchar *answer, GError **error)
{
  return g_dbus_connection_call_sync (bus, name, path, interface, method, arguments,
                                      G_VARIANT_TYPE (answer), G_DBUS_CALL_FLAGS_NONE,
                                      FLOE_CHECK_SECONDS * 1000, NULL, error);
}

/* Whether our session is the one that is looked at; of a program in none, polkit thinks the same.
 */
void
floe_check_session (FloeCheckRun *run)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = system_bus (&error);
  g_autoptr (GVariant) session = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) active = NULL;
  const gchar *path;

  if (bus != NULL)
    session = call (bus, "org.freedesktop.login1", "/org/freedesktop/login1",
                    "org.freedesktop.login1.Manager", "GetSessionByPID",
                    g_variant_new ("(u)", (guint32)getpid ()), "(o)", &error);
  if (session == NULL)
    {
      g_autofree gchar *remote = g_dbus_error_get_remote_error (error);
      gboolean none = g_strcmp0 (remote, "org.freedesktop.login1.NoSessionForPID") == 0;

      floe_check_found (run, none ? FLOE_REASON_NO_SESSION : FLOE_REASON_NO_LOGIND, NULL);
      return;
    }
  g_variant_get (session, "(&o)", &path);
  answer = call (bus, "org.freedesktop.login1", path, "org.freedesktop.DBus.Properties", "Get",
                 g_variant_new ("(ss)", "org.freedesktop.login1.Session", "Active"), "(v)", &error);
  if (answer == NULL)
    {
      floe_check_found (run, FLOE_REASON_NO_LOGIND, NULL);
      return;
    }
  g_variant_get (answer, "(v)", &active);
  if (g_variant_is_of_type (active, G_VARIANT_TYPE_BOOLEAN) && g_variant_get_boolean (active))
    floe_check_fine (run, FLOE_CHECK_SESSION, _ ("it is the active one"));
  else
    floe_check_found (run, FLOE_REASON_INACTIVE, NULL);
}

/* The question that the SPICE library's helper will ask, asked for this process; nobody is asked
 * for a password. */
void
floe_check_usb (FloeCheckRun *run)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = system_bus (&error);
  g_autoptr (GVariant) answer = NULL;
  GVariantBuilder subject;
  gboolean allowed, challenge;

  g_variant_builder_init (&subject, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&subject, "{sv}", "pid", g_variant_new_uint32 ((guint32)getpid ()));
  g_variant_builder_add (&subject, "{sv}", "start-time", g_variant_new_uint64 (0));
  g_variant_builder_add (&subject, "{sv}", "uid", g_variant_new_int32 ((gint32)getuid ()));
  if (bus == NULL)
    g_variant_builder_clear (&subject);
  else
    answer = call (
        bus, "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority",
        "org.freedesktop.PolicyKit1.Authority", "CheckAuthorization",
        g_variant_new ("((sa{sv})sa{ss}us)", "unix-process", &subject, USB_ACTION, NULL, 0, ""),
        "((bba{ss}))", &error);
  if (answer == NULL)
    {
      floe_check_found (run, FLOE_REASON_NO_POLKIT, "%s", error->message);
      return;
    }
  g_variant_get (answer, "((bba{ss}))", &allowed, &challenge, NULL);
  if (allowed)
    floe_check_fine (run, FLOE_CHECK_USB, _ ("devices may be shared"));
  else
    floe_check_found (run, challenge ? FLOE_REASON_USB_ASKS : FLOE_REASON_USB_DENIED, NULL);
}

/* A device that plays, "pcmC0D0p", or a sound server that may have one elsewhere. */
void
floe_check_audio (FloeCheckRun *run)
{
  g_autoptr (GDir) dir = g_dir_open (run->plan->sound_dir, 0, NULL);
  g_autofree gchar *server = g_build_filename (g_get_user_runtime_dir (), "pulse", "native", NULL);
  guint n = 0;

  for (const gchar *name = dir != NULL ? g_dir_read_name (dir) : NULL; name != NULL;
       name = g_dir_read_name (dir))
    n += g_str_has_prefix (name, "pcmC") && g_str_has_suffix (name, "p") ? 1 : 0;
  if (n > 0)
    floe_check_fine (run, FLOE_CHECK_AUDIO,
                     g_dngettext (NULL, "%u device plays", "%u devices play", n), n);
  else if (g_file_test (server, G_FILE_TEST_EXISTS))
    floe_check_fine (run, FLOE_CHECK_AUDIO, _ ("a sound server runs"));
  else
    floe_check_found (run, FLOE_REASON_NO_AUDIO, NULL);
}
