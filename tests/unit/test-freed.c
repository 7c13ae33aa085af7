/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

/* What was given back to the C library says nothing of what was in it, whichever library let go. It
 * is read where the kernel shows the process's own memory, since nobody may follow the pointer. */

#define MARK "Bearer flt_2fj22OieXOovpbbf6xnpDL62CMFs"

/* Whether the mark, or all of it but what the C library writes over the beginning, is there. */
static gboolean
holds_mark (gconstpointer place, gsize length)
{
  const gchar *tail = &MARK[16];
  g_autofree gchar *seen = g_malloc0 (length);
  gint memory = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  gssize n;

  g_assert_cmpint (memory, >=, 0);
  n = pread (memory, seen, length, (off_t)(gintptr)place);
  close (memory);
  return n > 0 && memmem (seen, (gsize)n, tail, strlen (tail)) != NULL;
}

/* Valgrind puts its own functions before everybody else's. */
static gboolean
memory_is_strange (void)
{
  const gchar *preloaded = g_getenv ("LD_PRELOAD");

  return preloaded != NULL && strstr (preloaded, "vgpreload") != NULL;
}

static gchar *
mark_at_end (gsize size)
{
  gchar *text = g_malloc0 (size);

  memcpy (text + size - sizeof MARK, MARK, sizeof MARK);
  return text;
}

static void
test_freed (void)
{
  static const gsize sizes[] = { 48, 200, 1024, 1500, 5000, 40000, 64 * 1024 - 64 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      gchar *text = mark_at_end (sizes[i]);
      guintptr place = (guintptr)text;

      g_assert_true (holds_mark ((gconstpointer)place, sizes[i]));
      g_free (text);
      g_assert_false (holds_mark ((gconstpointer)place, sizes[i]));
    }
}

/* A text that grows leaves nothing where it was. */
static void
test_grown (void)
{
  GString *text = g_string_new (MARK);
  guintptr places[8];
  gsize n = 0;

  for (gsize size = 64; n < G_N_ELEMENTS (places); size *= 2)
    {
      places[n++] = (guintptr)text->str;
      while (text->len < size)
        g_string_append_c (text, '.');
    }
  g_assert_true (g_str_has_prefix (text->str, MARK));
  for (gsize i = 0; i < n; i++)
    if (places[i] != (guintptr)text->str)
      g_assert_false (holds_mark ((gconstpointer)places[i], sizeof MARK));
  g_assert_cmpuint (places[0], !=, places[n - 1]);
  g_string_free (text, TRUE);
}

/* One that shrinks keeps what is left of it, and one of no size is none. */
static void
test_shrunk (void)
{
  gchar *text = g_malloc0 (4000);
  guintptr place = (guintptr)text;

  memcpy (text, "0123456789", 10);
  memcpy (text + 2000, MARK, sizeof MARK);
  text = g_realloc (text, 3000);
  g_assert_cmpmem (text, 10, "0123456789", 10);
  text = g_realloc (text, 10);
  g_assert_cmpmem (text, 10, "0123456789", 10);
  g_assert_false (holds_mark ((gconstpointer)place, 4000));
  g_assert_null (g_realloc (text, 0));
}

/* Pictures are moved, and freed, by the C library alone. */
static void
test_large (void)
{
  gchar *picture = g_malloc (1 << 20);

  memset (picture, 7, 1 << 20);
  picture = g_realloc (picture, 8 << 20);
  g_assert_cmpint (picture[0] + picture[(1 << 20) - 1], ==, 14);
  picture = g_realloc (picture, 100);
  g_assert_cmpint (picture[99], ==, 7);
  g_free (picture);
}

static gpointer
churn (gpointer data)
{
  guint seed = GPOINTER_TO_UINT (data);
  gchar *kept[64] = { NULL };

  for (guint i = 0; i < 20000; i++)
    {
      gsize size = 1 + (i * 2654435761U + seed) % 9000;
      guint slot = i % G_N_ELEMENTS (kept);

      kept[slot] = g_realloc (kept[slot], size);
      kept[slot][0] = kept[slot][size - 1] = (gchar)slot;
    }
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_assert_cmpint (kept[i][0], ==, (gchar)i);
      g_free (kept[i]);
    }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("churn", churn, GUINT_TO_POINTER (i));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!memory_is_strange ())
    {
      g_test_add_func ("/freed/freed", test_freed);
      g_test_add_func ("/freed/grown", test_grown);
      g_test_add_func ("/freed/shrunk", test_shrunk);
    }
  g_test_add_func ("/freed/large", test_large);
  g_test_add_func ("/freed/threads", test_threads);
  return g_test_run ();
}
