/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/cause.h"
#include "session/mark.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  const gchar *name;
  SpiceChannelEvent event;
  GQuark (*domain) (void);
  gint code;
  FloeEndCause cause;
} Row;

/* What spice-gtk 0.42 was measured to report for each way of failing. */
static const Row rows[] = {
  { "nothing", SPICE_CHANNEL_NONE, NULL, 0, FLOE_END_NONE },
  { "opened", SPICE_CHANNEL_OPENED, NULL, 0, FLOE_END_NONE },
  { "migrating", SPICE_CHANNEL_SWITCHING, NULL, 0, FLOE_END_NONE },
  { "unheard-of", 99, NULL, 0, FLOE_END_NONE },
  { "port-closed", SPICE_CHANNEL_ERROR_CONNECT, g_io_error_quark, G_IO_ERROR_CONNECTION_REFUSED,
    FLOE_END_REFUSED },
  { "host-unreachable", SPICE_CHANNEL_ERROR_CONNECT, g_io_error_quark, G_IO_ERROR_HOST_UNREACHABLE,
    FLOE_END_UNREACHABLE },
  { "network-unreachable", SPICE_CHANNEL_ERROR_CONNECT, g_io_error_quark,
    G_IO_ERROR_NETWORK_UNREACHABLE, FLOE_END_UNREACHABLE },
  { "timeout", SPICE_CHANNEL_ERROR_CONNECT, g_io_error_quark, G_IO_ERROR_TIMED_OUT,
    FLOE_END_UNREACHABLE },
  { "other-io-error", SPICE_CHANNEL_ERROR_CONNECT, g_io_error_quark, G_IO_ERROR_NOT_FOUND,
    FLOE_END_UNREACHABLE },
  { "other-domain", SPICE_CHANNEL_ERROR_CONNECT, g_file_error_quark, G_FILE_ERROR_IO,
    FLOE_END_UNREACHABLE },
  { "dns", SPICE_CHANNEL_ERROR_CONNECT, g_resolver_error_quark, G_RESOLVER_ERROR_NOT_FOUND,
    FLOE_END_NAME },
  { "no-port", SPICE_CHANNEL_ERROR_CONNECT, NULL, 0, FLOE_END_ADDRESS },
  { "proxy-down", SPICE_CHANNEL_ERROR_CONNECT, g_io_error_quark, G_IO_ERROR_PROXY_FAILED,
    FLOE_END_PROXY },
  { "proxy-407", SPICE_CHANNEL_ERROR_CONNECT, g_io_error_quark, G_IO_ERROR_PROXY_NEED_AUTH,
    FLOE_END_PROXY },
  { "proxy-403", SPICE_CHANNEL_ERROR_CONNECT, g_io_error_quark, G_IO_ERROR_PROXY_NOT_ALLOWED,
    FLOE_END_PROXY },
  { "tls", SPICE_CHANNEL_ERROR_TLS, NULL, 0, FLOE_END_TLS },
  { "closed-before-link", SPICE_CHANNEL_ERROR_LINK, NULL, 0, FLOE_END_LINK },
  { "ticket", SPICE_CHANNEL_ERROR_AUTH, NULL, SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD,
    FLOE_END_AUTH },
  { "reset", SPICE_CHANNEL_ERROR_IO, NULL, 0, FLOE_END_NETWORK },
  { "closed", SPICE_CHANNEL_CLOSED, NULL, 0, FLOE_END_CLOSED },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GError) error = NULL;

  if (row->domain != NULL)
    error = g_error_new_literal (row->domain (), row->code, "as the library says it");
  g_assert_cmpint (floe_end_cause_from_event (row->event, error), ==, row->cause);
}

/* Every cause has a keyword of its own: the helpdesk tells them apart by it. */
static void
test_names (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (gint cause = FLOE_END_NONE; cause <= (gint)FLOE_END_LAST; cause++)
    g_assert_true (g_hash_table_add (seen, (gpointer)floe_end_cause_to_string (cause)));
  g_assert_cmpstr (floe_end_cause_to_string (FLOE_END_LAST + 1), ==, "unknown");
  g_assert_cmpstr (floe_end_cause_to_string (FLOE_END_NO_PICTURE), ==, "no-picture");
}

/* One that is killed leaves its mark, and one that lives is left alone. */
static void
test_mark (void)
{
  g_autofree gchar *dir = g_dir_make_tmp ("floe-mark-XXXXXX", NULL);
  FloeMark *mark = floe_mark_new (dir);
  gint status;
  pid_t child;

  g_assert_nonnull (mark);
  g_assert_false (floe_mark_sweep (dir));
  child = fork ();
  if (child == 0)
    {
      (void)floe_mark_new (dir);
      kill (getpid (), SIGKILL);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (floe_mark_sweep (dir));
  g_assert_false (floe_mark_sweep (dir));
  floe_mark_free (mark);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
  g_assert_null (floe_mark_new (dir));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *path = g_strdup_printf ("/session-cause/event/%s", rows[i].name);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/session-cause/names", test_names);
  g_test_add_func ("/session-cause/mark", test_mark);
  return g_test_run ();
}
