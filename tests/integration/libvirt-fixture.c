/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "libvirt-fixture.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static gchar *
script (const gchar *name)
{
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), "tests", "fixtures", name, NULL);
}

/* Runs a program that must succeed; returns what it printed without the last line break. */
static gchar *
run (GPtrArray *argv)
{
  g_autofree gchar *cache =
      g_build_filename (g_get_user_cache_dir (), "floe-tests", "libvirt-capabilities", NULL);
  g_auto (GStrv) environment =
      g_environ_setenv (g_get_environ (), "LIBVIRT_CAPS_CACHE", cache, FALSE);
  g_autoptr (GError) error = NULL;
  gchar *out = NULL;
  gint status;

  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (gchar **)argv->pdata, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  return g_strchomp (out);
}

static void
add_strv (GPtrArray *argv, const gchar *const *strings)
{
  for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (strings[i]));
}

/* The value of NAME='VALUE' in what the script printed. */
static gchar *
exported (const gchar *text, const gchar *name)
{
  g_autofree gchar *key = g_strdup_printf ("export %s='", name);
  const gchar *start = strstr (text, key);

  if (start == NULL)
    return NULL;
  start += strlen (key);
  return g_strndup (start, strcspn (start, "'"));
}

/**
 * libvirt_fixture_start:
 *
 * Starts the daemon again after libvirt_fixture_kill(); its guests ran on. Where it listens on TCP
 * its port is another one.
 */
void
libvirt_fixture_start (LibvirtFixture *self)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autofree gchar *out = NULL;

  g_ptr_array_add (argv, script ("libvirt-up.sh"));
  g_ptr_array_add (argv, g_strdup (self->dir));
  g_ptr_array_add (argv, g_strdup_printf ("owner=%d", (gint)getpid ()));
  add_strv (argv, (const gchar *const *)self->options);
  out = run (argv);
  g_free (self->uri);
  self->uri = exported (out, "LIBVIRT_URI");
  g_free (self->tcp_uri);
  self->tcp_uri = exported (out, "LIBVIRT_TCP_URI");
  g_free (self->subject);
  self->subject = exported (out, "LIBVIRT_SUBJECT");
  if (self->ca == NULL && strstr (out, "LIBVIRT_CA=") != NULL)
    {
      g_autofree gchar *path = exported (out, "LIBVIRT_CA");

      g_assert_true (g_file_get_contents (path, &self->ca, NULL, NULL));
    }
}

/**
 * libvirt_fixture_new:
 * @options: (nullable): those of libvirt-up.sh
 *
 * Returns: (transfer full): a libvirtd without guests
 */
LibvirtFixture *
libvirt_fixture_new (const gchar *const *options)
{
  LibvirtFixture *self = g_new0 (LibvirtFixture, 1);

  self->dir = g_strdup ("/tmp/floe-lv-XXXXXX");
  g_assert_nonnull (g_mkdtemp (self->dir));
  self->options = g_strdupv ((gchar **)options);
  libvirt_fixture_start (self);
  return self;
}

void
libvirt_fixture_free (LibvirtFixture *self)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);

  if (self == NULL)
    return;
  g_ptr_array_add (argv, script ("libvirt-stop.sh"));
  g_ptr_array_add (argv, g_strdup (self->dir));
  g_ptr_array_add (argv, g_strdup ("-r"));
  g_free (run (argv));
  g_free (self->dir);
  g_free (self->uri);
  g_free (self->tcp_uri);
  g_free (self->ca);
  g_free (self->subject);
  g_strfreev (self->options);
  g_free (self);
}

static GPid
daemon_pid (LibvirtFixture *self)
{
  g_autofree gchar *path = g_build_filename (self->dir, "run", "libvirtd.pid", NULL);
  g_autofree gchar *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return (GPid)g_ascii_strtoll (text, NULL, 10);
}

/**
 * libvirt_fixture_signal:
 *
 * Sends @signal to the daemon.
 */
void
libvirt_fixture_signal (LibvirtFixture *self, gint signal)
{
  g_assert_cmpint (kill (daemon_pid (self), signal), ==, 0);
}

/**
 * libvirt_fixture_kill:
 *
 * Kills the daemon as kill -9 does and waits for its end; guests live on.
 */
void
libvirt_fixture_kill (LibvirtFixture *self)
{
  g_autofree gchar *path = g_strdup_printf ("/proc/%d/cmdline", daemon_pid (self));
  g_autofree gchar *command = NULL;
  gsize length = 1;

  libvirt_fixture_signal (self, SIGKILL);
  while (length > 0) /* a zombie has no command line */
    {
      g_clear_pointer (&command, g_free);
      if (!g_file_get_contents (path, &command, &length, NULL))
        break;
      g_usleep (5000);
    }
}

/**
 * libvirt_fixture_define:
 * @name: of the domain, which shows it on its screen
 * @options: (nullable): those of define-guest.sh; "bad-disk": its image is not there
 *
 * Returns: (transfer full): the UUID of a domain that is off
 */
gchar *
libvirt_fixture_define (LibvirtFixture *self, const gchar *name, const gchar *const *options)
{
  g_autoptr (GPtrArray) make = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autofree gchar *image = g_strdup_printf ("%s/images/%s.img", self->dir, name);

  g_ptr_array_add (argv, script ("define-guest.sh"));
  g_ptr_array_add (argv, g_strdup (self->uri));
  g_ptr_array_add (argv, g_strdup (name));
  g_ptr_array_add (argv, g_strdup (image));
  if (options != NULL && g_strv_contains (options, "bad-disk"))
    return run (argv);
  add_strv (argv, options);
  g_ptr_array_add (make, script ("nano-guest.sh"));
  g_ptr_array_add (make, g_strdup (image));
  g_ptr_array_add (make, g_strdup (name));
  g_free (run (make));
  return run (argv);
}

/**
 * libvirt_fixture_virsh:
 * @first: its command and arguments
 *
 * Returns: (transfer full): what virsh printed; it must succeed
 */
gchar *
libvirt_fixture_virsh (LibvirtFixture *self, const gchar *first, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  va_list arguments;

  add_strv (argv, (const gchar *const[]){ "virsh", "-q", "-c", self->uri, NULL });
  va_start (arguments, first);
  for (const gchar *word = first; word != NULL; word = va_arg (arguments, const gchar *))
    g_ptr_array_add (argv, g_strdup (word));
  va_end (arguments);
  return run (argv);
}
