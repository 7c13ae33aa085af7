/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/screen-parts.h"

#include "logs.h"

/* What of a screen changed, and that all of it fits through. */

static GdkPixbuf *
noise_new (gint width, gint height)
{
  GdkPixbuf *screen = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  guint8 *pixels = gdk_pixbuf_get_pixels (screen);
  guint32 state = 1;

  for (gsize i = 0; i < gdk_pixbuf_get_byte_length (screen); i++)
    {
      state = state * 1664525u + 1013904223u;
      pixels[i] = (guint8)(state >> 24);
    }
  return screen;
}

static void
set_pixel (GdkPixbuf *screen, gint x, gint y)
{
  guint8 *pixel = gdk_pixbuf_get_pixels (screen) + y * gdk_pixbuf_get_rowstride (screen) + 3 * x;

  pixel[1] ^= 0xff;
}

static void
test_change (void)
{
  g_autoptr (GdkPixbuf) before = noise_new (101, 67);
  g_autoptr (GdkPixbuf) now = gdk_pixbuf_copy (before);
  g_autoptr (GdkPixbuf) other = noise_new (100, 67);
  FloeScreenArea area;

  g_assert_false (floe_screen_find_change (before, now, &area));
  set_pixel (now, 40, 20);
  g_assert_true (floe_screen_find_change (before, now, &area));
  g_assert_cmpint (area.x, ==, 40);
  g_assert_cmpint (area.y, ==, 20);
  g_assert_cmpint (area.width, ==, 1);
  g_assert_cmpint (area.height, ==, 1);
  set_pixel (now, 100, 66);
  set_pixel (now, 3, 30);
  g_assert_true (floe_screen_find_change (before, now, &area));
  g_assert_cmpint (area.x, ==, 3);
  g_assert_cmpint (area.y, ==, 20);
  g_assert_cmpint (area.x + area.width, ==, 101);
  g_assert_cmpint (area.y + area.height, ==, 67);
  g_assert_true (floe_screen_find_change (other, now, &area));
  g_assert_cmpint (area.width, ==, 101);
  g_assert_cmpint (area.height, ==, 67);
  g_assert_true (floe_screen_find_change (NULL, now, &area));
  g_assert_cmpint (area.width, ==, 101);
}

static GdkPixbuf *
load (GBytes *bytes)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GError) error = NULL;
  GdkPixbuf *picture = gdk_pixbuf_new_from_stream (stream, NULL, &error);

  g_assert_no_error (error);
  return picture;
}

/* Noise is the worst that there is. The parts cover all of it, and none is too large. */
static void
test_cut (void)
{
  g_autoptr (GdkPixbuf) screen = noise_new (900, 500);
  const FloeScreenArea area = { 10, 20, 880, 470 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = floe_screen_cut (screen, &area, 65536, &error);
  gint covered = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < parts->len; i++)
    {
      const FloeScreenPart *part = parts->pdata[i];
      g_autoptr (GdkPixbuf) picture = load (part->bytes);

      g_assert_cmpuint (g_bytes_get_size (part->bytes), <=, 65536);
      g_assert_cmpint ((gint)part->x, >=, area.x);
      g_assert_cmpint ((gint)part->x + gdk_pixbuf_get_width (picture), <=, area.x + area.width);
      g_assert_cmpint ((gint)part->y + gdk_pixbuf_get_height (picture), <=, area.y + area.height);
      covered += gdk_pixbuf_get_width (picture) * gdk_pixbuf_get_height (picture);
    }
  g_assert_cmpint (covered, ==, area.width * area.height);
  g_assert_cmpuint (parts->len, >, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/screen-parts/change", test_change);
  g_test_add_func ("/screen-parts/cut", test_cut);
  return g_test_run ();
}
