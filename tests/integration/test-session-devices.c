/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "session/folder.h"
#include "session/spice-session.h"
#include "session/usb.h"

/* What goes beside the picture, with a real QEMU: its channels open, sound into nothing; a disk
 * that pretends to be a USB device is handed over, and taken back; a folder can be shared. There is
 * no guest but the firmware. */

#define WAIT_SECONDS 20

typedef struct
{
  gchar *dir;
  gchar *monitor;
  GSubprocess *qemu;
  guint16 port;
  FloeSession *session;
  FloePolicy *policy;
  GHashTable *opened; /* names of channels */
} Stand;

static guint16
find_port (void)
{
  struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof own;
  gint fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *)&own, size), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *)&own, &size), ==, 0);
  close (fd);
  return ntohs (own.sin_port);
}

static void
end_with_us (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
start_qemu (Stand *s)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree gchar *spice = NULL;
  g_autofree gchar *monitor = NULL;
  g_autoptr (GError) error = NULL;

  s->port = find_port ();
  spice = g_strdup_printf ("addr=127.0.0.1,port=%u,disable-ticketing=on", s->port);
  monitor = g_strdup_printf ("unix:%s,server=on,wait=off", s->monitor);
  g_subprocess_launcher_set_child_setup (launcher, end_with_us, NULL, NULL);
  s->qemu = g_subprocess_launcher_spawn (
      launcher, &error, "qemu-system-x86_64", "-nodefaults", "-display", "none", "-vga", "std",
      "-m", "16", "-machine", "pc,accel=tcg", "-spice", spice, "-monitor", monitor,
      /* USB */
      "-device", "qemu-xhci", "-chardev", "spicevmc,id=usb,name=usbredir", "-device",
      "usb-redir,chardev=usb",
      /* a folder: a port that is always open, unlike one that waits for a guest */
      "-chardev", "spiceport,id=dav,name=org.spice-space.webdav.0", "-device",
      "isa-serial,chardev=dav",
      /* sound both ways, and a card reader */
      "-audiodev", "spice,id=sound", "-device", "ich9-intel-hda", "-device",
      "hda-duplex,audiodev=sound", "-device", "usb-ccid", "-chardev",
      "spicevmc,id=card,name=smartcard", "-device", "ccid-card-passthru,chardev=card", NULL);
  g_assert_no_error (error);
}

/* ask: what the monitor answers to a line; empty while it is not there yet */
static gchar *
ask (Stand *s, const gchar *line)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (s->monitor);
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  g_autofree gchar *text = g_strconcat (line, "\n", NULL);
  gchar answer[8192] = "";

  if (connection == NULL)
    return g_strdup ("");
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                             strlen (text), NULL, NULL, NULL);
  g_usleep (200000);
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer,
                       sizeof answer - 1, NULL, NULL);
  return g_strdup (answer);
}

static void
on_event (SpiceChannel *channel, SpiceChannelEvent event, Stand *s)
{
  gint type;

  g_object_get (channel, "channel-type", &type, NULL);
  if (event == SPICE_CHANNEL_OPENED)
    g_hash_table_add (s->opened, g_strdup (spice_channel_type_to_string (type)));
}

static void
on_channel (SpiceSession *spice, SpiceChannel *channel, Stand *s)
{
  g_signal_connect (channel, "channel-event", G_CALLBACK (on_event), s);
}

static void
set_up (Stand *s, gconstpointer data)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK); /* the library warns of what is not here */
  s->dir = g_dir_make_tmp ("devXXXXXX", NULL);
  s->monitor = g_build_filename (s->dir, "monitor", NULL);
  s->opened = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  s->policy = floe_policy_new ();
  start_qemu (s);
}

static void
open_session (Stand *s)
{
  const gchar *const none[] = { NULL };
  const FloeConnection connection = { .host = (gchar *)"127.0.0.1",
                                      .port = s->port,
                                      .secure_channels = (GStrv)none,
                                      .policy = s->policy };
  gint64 until = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;

  for (gboolean there = FALSE; !there; g_usleep (50000))
    {
      g_autofree gchar *answer = ask (s, "info status");

      there = strstr (answer, "VM status") != NULL;
      g_assert_cmpint (g_get_monotonic_time (), <, until);
    }
  s->session = floe_spice_session_new (&connection, NULL);
  g_signal_connect (floe_session_get_spice (s->session), "channel-new", G_CALLBACK (on_channel), s);
  floe_session_start (s->session);
  while (floe_session_get_state (s->session) != FLOE_SESSION_PICTURE)
    {
      g_assert_cmpint (floe_session_get_cause (s->session), ==, FLOE_END_NONE);
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
spin (guint milliseconds)
{
  gint64 until = g_get_monotonic_time () + milliseconds * 1000;

  while (g_get_monotonic_time () < until)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
wait_for_channel (Stand *s, const gchar *name)
{
  for (guint i = 0; i < WAIT_SECONDS * 10 && !g_hash_table_contains (s->opened, name); i++)
    spin (100);
  g_test_message ("%s", name);
  g_assert_true (g_hash_table_contains (s->opened, name));
}

static void
tear_down (Stand *s, gconstpointer data)
{
  if (s->session != NULL)
    floe_session_end (s->session);
  spin (300);
  g_clear_object (&s->session);
  g_subprocess_force_exit (s->qemu);
  g_subprocess_wait (s->qemu, NULL, NULL);
  g_object_unref (s->qemu);
  floe_policy_free (s->policy);
  g_hash_table_unref (s->opened);
  g_unlink (s->monitor);
  g_rmdir (s->dir);
  g_free (s->monitor);
  g_free (s->dir);
}

/* Sound goes nowhere here, and comes from nowhere. */
static void
test_sound (Stand *s, gconstpointer data)
{
  open_session (s);
  wait_for_channel (s, "playback");
  wait_for_channel (s, "record");
}

static void
test_folder (Stand *s, gconstpointer data)
{
  g_autoptr (FloeFolderShare) share = NULL;

  open_session (s);
  share = floe_folder_share_new (floe_session_get_spice (s->session), FLOE_FOLDER_READ_WRITE);
  for (guint i = 0; i < WAIT_SECONDS * 10 && !floe_folder_share_is_possible (share); i++)
    spin (100);
  g_assert_true (floe_folder_share_is_possible (share));
  floe_folder_share_set (share, s->dir, TRUE);
  wait_for_channel (s, "webdav");
  g_assert_cmpstr (floe_folder_share_get_path (share), ==, s->dir);
}

static gboolean
has_device (Stand *s)
{
  g_autofree gchar *devices = ask (s, "info usb");

  g_test_message ("%s", devices);
  return strstr (devices, "Speed 1.5") == NULL; /* as the port has that nothing is plugged into */
}

/* wait_for_device: until QEMU has it, or has it no more */
static gboolean
wait_for_device (Stand *s, gboolean there)
{
  for (guint i = 0; i < 20 && has_device (s) != there; i++)
    spin (250);
  return has_device (s) == there;
}

/* make_disk: a CD that this program pretends to be a USB device; it has class 8, as all storage */
static void
make_disk (Stand *s, SpiceUsbDeviceManager *manager)
{
  g_autofree gchar *path = g_build_filename (s->dir, "disk.iso", NULL);
  g_autofree gchar *sectors = g_malloc0 (2048 * 64);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, sectors, 2048 * 64, NULL));
  g_assert_true (spice_usb_device_manager_create_shared_cd_device (manager, path, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 50; i++) /* it is told of a moment later */
    {
      g_autoptr (GPtrArray) devices = spice_usb_device_manager_get_devices (manager);

      if (devices->len > 0)
        break;
      spin (100);
    }
  g_unlink (path); /* it is open */
}

static void
use_usb (Stand *s, const gchar *filter, const gchar *connect, gboolean handed_over)
{
  g_autoptr (FloeUsb) usb = NULL;
  g_autoptr (GPtrArray) items = NULL;
  SpiceUsbDeviceManager *manager;

  s->policy->usb_filter = g_strdup (filter);
  s->policy->usb_connect = g_strdup (connect);
  open_session (s);
  manager = spice_usb_device_manager_get (floe_session_get_spice (s->session), NULL);
  g_assert_nonnull (manager);
  make_disk (s, manager);
  usb = floe_usb_new (floe_session_get_spice (s->session), s->policy);
  g_assert_null (floe_usb_get_problem (usb));
  if (!handed_over)
    {
      spin (2500);
      g_assert_false (has_device (s));
      return;
    }
  g_assert_true (wait_for_device (s, TRUE));
  items = floe_usb_list (usb);
  g_assert_cmpuint (items->len, >=, 1);
  for (guint i = 0; i < items->len; i++)
    if (((FloeUsbItem *)items->pdata[i])->shared)
      floe_usb_share (usb, ((FloeUsbItem *)items->pdata[i])->device, FALSE);
  g_assert_true (wait_for_device (s, FALSE));
}

static void
test_usb_connect (Stand *s, gconstpointer data)
{
  use_usb (s, NULL, "0x08,-1,-1,-1,1", TRUE);
}

/* Without a word about it nothing is handed over, and what the filter refuses never is. */
static void
test_usb_unasked (Stand *s, gconstpointer data)
{
  use_usb (s, NULL, NULL, FALSE);
}

static void
test_usb_refused (Stand *s, gconstpointer data)
{
  use_usb (s, "0x08,-1,-1,-1,0|-1,-1,-1,-1,1", "-1,-1,-1,-1,1", FALSE);
}

#define ADD(name, func) g_test_add ("/session-devices/" name, Stand, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("SPICE_GST_AUDIOSINK", "fakesink", TRUE);
  g_setenv ("SPICE_GST_AUDIOSRC", "audiotestsrc is-live=true", TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD ("sound", test_sound);
  ADD ("folder", test_folder);
  ADD ("usb/connect", test_usb_connect);
  ADD ("usb/unasked", test_usb_unasked);
  ADD ("usb/refused", test_usb_refused);
  return g_test_run ();
}
