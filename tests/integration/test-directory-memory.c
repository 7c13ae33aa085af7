/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory-client.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NEEDLE_LENGTH 24
#define MASK          0x5a

/* The sanitizer's memory is too large to search, and it keeps what was freed. */
#ifdef __SANITIZE_ADDRESS__
#define SEARCHABLE FALSE
#else
#define SEARCHABLE TRUE
#endif

static SlapdFixture *slapd;

/* The password, masked: the test itself must not be what is found. */
static guint8 masked[NEEDLE_LENGTH];

static FloeSecret *
new_password (void)
{
  gchar *bytes = g_malloc (NEEDLE_LENGTH + 1);

  for (guint i = 0; i < NEEDLE_LENGTH; i++)
    bytes[i] = (gchar)(masked[i] ^ MASK);
  return floe_secret_new_take (bytes, NEEDLE_LENGTH);
}

static guint
count_in (const guint8 *bytes, gsize length)
{
  guint found = 0;

  for (gsize i = 0; i + NEEDLE_LENGTH <= length; i++)
    {
      guint n = 0;

      while (n < NEEDLE_LENGTH && bytes[i + n] == (masked[n] ^ MASK))
        n++;
      found += n == NEEDLE_LENGTH ? 1 : 0;
    }
  return found;
}

/* A part of memory at a time, copied to where it will not be looked at: the scanner's buffer is the
 * only part that is left out. */
static guint
count_in_memory (void)
{
  static guint8 buffer[1 << 16];
  g_autofree gchar *maps = NULL;
  g_auto (GStrv) lines = NULL;
  gint memory = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  guint found = 0;

  g_assert_cmpint (memory, >=, 0);
  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  lines = g_strsplit (maps, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      unsigned long start, end;
      gchar access[5];

      if (sscanf (lines[i], "%lx-%lx %4s", &start, &end, access) != 3
          || !g_str_has_prefix (access, "rw"))
        continue;
      /* Overlapping, so that nothing hides on a border. */
      for (unsigned long at = start; at < end; at += sizeof buffer - NEEDLE_LENGTH)
        {
          gssize n = pread (memory, buffer, MIN (sizeof buffer, end - at), (off_t)at);
          gboolean own = at < (unsigned long)buffer + sizeof buffer
                         && at + sizeof buffer > (unsigned long)buffer;

          if (n > 0 && !own)
            found += count_in (buffer, (gsize)n);
        }
    }
  floe_wipe (buffer, sizeof buffer);
  close (memory);
  return found;
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  DirectoryAnswer *answer = data;

  answer->answers++;
  answer->user =
      floe_directory_authenticate_finish (FLOE_DIRECTORY (source), result, &answer->error);
}

static void
log_in (FloeDirectory *directory, const gchar *name)
{
  g_auto (DirectoryAnswer) answer = { 0 };
  FloeSecret *password = new_password ();

  floe_directory_authenticate_async (directory, name, password, NULL, answered, &answer);
  floe_secret_unref (password);
  directory_wait (&answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
changed (GObject *source, GAsyncResult *result, gpointer data)
{
  DirectoryAnswer *answer = data;
  g_autofree gchar *name =
      floe_directory_change_password_finish (FLOE_DIRECTORY (source), result, &answer->error);

  answer->answers++;
  g_assert_true ((name != NULL) == (answer->error == NULL));
}

/* Once as the old password, which is wrong, and once as the new one; then back. */
static void
change (FloeDirectory *directory)
{
  for (guint i = 0; i < 3; i++)
    {
      g_auto (DirectoryAnswer) answer = { 0 };
      FloeSecret *known = floe_secret_new ("secret", -1);
      FloeSecret *password = new_password ();

      floe_directory_change_password_async (directory, "alice", i == 1 ? known : password,
                                            i == 1 ? password : known, NULL, changed, &answer);
      floe_secret_unref (known);
      floe_secret_unref (password);
      directory_wait (&answer);
      if (i == 0)
        g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
      else
        g_assert_no_error (answer.error);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
}

/* That the search finds a password where there is one. */
static void
test_scanner (void)
{
  FloeSecret *password = new_password ();

  if (SEARCHABLE)
    g_assert_cmpuint (count_in_memory (), >=, 1);
  floe_secret_unref (password);
  if (!SEARCHABLE)
    {
      g_test_skip ("memory cannot be searched here");
      return;
    }
  g_assert_cmpuint (count_in_memory (), ==, 0);
}

static void
leaves_nothing (const gchar *uri)
{
  FloeDirectory *directory = directory_with (slapd, uri, NULL);

  for (guint i = 0; i < 20; i++)
    log_in (directory, i % 2 == 0 ? "alice" : "nobody");
  change (directory);
  if (SEARCHABLE)
    g_assert_cmpuint (count_in_memory (), ==, 0);
  else
    g_test_skip ("memory cannot be searched here");
  directory_free (directory);
}

static void
test_ldaps (void)
{
  leaves_nothing (slapd->tls_uri);
}

static void
test_starttls (void)
{
  leaves_nothing (slapd->uri);
}

int
main (int argc, char **argv)
{
  int status;

  signal (SIGPIPE, SIG_IGN);
  floe_ldap_init ();
  g_test_init (&argc, &argv, NULL);
  directory_log_init ();
  for (guint i = 0; i < NEEDLE_LENGTH; i++)
    masked[i] = (guint8)g_test_rand_int_range ('!', '~') ^ MASK;
  slapd = slapd_fixture_new ("LDAP_LOCKOUT=0", 0);
  g_test_add_func ("/directory/memory/scanner", test_scanner);
  g_test_add_func ("/directory/memory/ldaps", test_ldaps);
  g_test_add_func ("/directory/memory/starttls", test_starttls);
  status = g_test_run ();
  slapd_fixture_free (slapd);
  return status;
}
