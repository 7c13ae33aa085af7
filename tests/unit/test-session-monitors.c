/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/monitors.h"

/* A monitor in a test, and the screen that a guest should have for it. */
typedef struct
{
  const gchar *connector;
  gint x, y, width, height, scale;
  FloeGuestScreen screen;
} Row;

static GPtrArray *
monitors_of (const Row *rows, gsize n)
{
  GPtrArray *monitors = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_monitor_free);

  for (gsize i = 0; i < n; i++)
    {
      FloeMonitor *monitor =
          floe_monitor_new (rows[i].connector, rows[i].x, rows[i].y, rows[i].width, rows[i].height);

      monitor->scale = rows[i].scale;
      monitor->width_mm = rows[i].screen.width_mm;
      monitor->height_mm = rows[i].screen.height_mm;
      g_ptr_array_add (monitors, monitor);
    }
  return monitors;
}

static void
check_layout (const Row *rows, gsize n)
{
  g_autoptr (GPtrArray) monitors = monitors_of (rows, n);
  g_autoptr (GArray) screens = floe_monitors_lay_out (monitors);

  g_assert_cmpuint (screens->len, ==, n);
  for (gsize i = 0; i < n; i++)
    {
      const FloeGuestScreen *screen = &g_array_index (screens, FloeGuestScreen, i);

      g_assert_cmpint (screen->x, ==, rows[i].screen.x);
      g_assert_cmpint (screen->y, ==, rows[i].screen.y);
      g_assert_cmpint (screen->width, ==, rows[i].screen.width);
      g_assert_cmpint (screen->height, ==, rows[i].screen.height);
      g_assert_cmpint (screen->width_mm, ==, rows[i].screen.width_mm);
      g_assert_cmpint (screen->height_mm, ==, rows[i].screen.height_mm);
    }
}

static void
test_none (void)
{
  check_layout (NULL, 0);
}

/* Wherever it is here, the guest's only screen is at the upper left. */
static void
test_one (void)
{
  static const Row rows[] = { { "A", 1920, 300, 1280, 1024, 1, { 0, 0, 1280, 1024, 376, 301 } } };

  check_layout (rows, G_N_ELEMENTS (rows));
}

static void
test_beside (void)
{
  static const Row rows[] = { { "A", 0, 0, 1920, 1080, 1, { 0, 0, 1920, 1080, 527, 296 } },
                              { "B", 1920, 56, 1280, 1024, 1, { 1920, 56, 1280, 1024, 0, 0 } } };

  check_layout (rows, G_N_ELEMENTS (rows));
}

/* The first one may be in the middle, or below: the guest counts from the upper left all the same.
 */
static void
test_around_the_first (void)
{
  static const Row rows[] = { { "B", 0, 0, 1920, 1080, 1, { 1280, 768, 1920, 1080, 0, 0 } },
                              { "A", -1280, 0, 1280, 1024, 1, { 0, 768, 1280, 1024, 0, 0 } },
                              { "C", 1920, 0, 1280, 1024, 1, { 3200, 768, 1280, 1024, 0, 0 } },
                              { "D", 0, -768, 1024, 768, 1, { 1280, 0, 1024, 768, 0, 0 } } };

  check_layout (rows, G_N_ELEMENTS (rows));
}

static void
test_all_dense (void)
{
  static const Row rows[] = { { "A", 0, 0, 1920, 1080, 2, { 0, 0, 3840, 2160, 600, 340 } },
                              { "B", 1920, 100, 1280, 800, 2, { 3840, 200, 2560, 1600, 0, 0 } } };

  check_layout (rows, G_N_ELEMENTS (rows));
}

/* With different scales they must not overlap, on either side of the dense one. */
static void
test_mixed_right (void)
{
  static const Row rows[] = { { "A", 0, 0, 1920, 1080, 2, { 0, 0, 3840, 2160, 0, 0 } },
                              { "B", 1920, 0, 1280, 1024, 1, { 3840, 0, 1280, 1024, 0, 0 } } };

  check_layout (rows, G_N_ELEMENTS (rows));
}

static void
test_mixed_left (void)
{
  static const Row rows[] = {
    { "A", 1280, 0, 1920, 1080, 2, { 1280, 0, 3840, 2160, 0, 0 } },
    { "B", 0, 100, 1280, 1024, 1, { 0, 100, 1280, 1024, 0, 0 } },
    { "C", 1280, 1080, 1280, 1024, 1, { 1280, 2160, 1280, 1024, 0, 0 } }
  };

  check_layout (rows, G_N_ELEMENTS (rows));
}

/* choose */

static const Row three[] = {
  { .connector = "A", .width = 1920, .height = 1080, .scale = 1 },
  { .connector = "B", .x = 1920, .width = 1280, .height = 720, .scale = 2 },
  { .connector = "C", .x = 3200, .width = 800, .height = 600, .scale = 1 }
};

static void
check_choice (const gchar *const *connectors, const gchar *first, guint most, const gchar *expected)
{
  g_autoptr (GPtrArray) monitors = monitors_of (three, G_N_ELEMENTS (three));
  g_autoptr (GPtrArray) chosen = floe_monitors_choose (monitors, connectors, first, most);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < chosen->len; i++)
    g_string_append (text, ((FloeMonitor *)chosen->pdata[i])->connector);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_choose (void)
{
  static const gchar *const a_and_c[] = { "A", "C", "Z", NULL };
  static const gchar *const nothing[] = { NULL };

  check_choice (NULL, "A", 16, "ABC");
  check_choice (NULL, "B", 16, "BAC");
  check_choice (NULL, "B", 2, "BA");
  check_choice (NULL, "B", 1, "B");
  check_choice (NULL, NULL, 16, "ABC");
  check_choice (a_and_c, "C", 16, "CA");
  /* the window's own is never left out */
  check_choice (a_and_c, "B", 16, "BAC");
  check_choice (nothing, "B", 16, "B");
}

static void
test_key (void)
{
  g_autoptr (GPtrArray) monitors = monitors_of (three, G_N_ELEMENTS (three));
  g_autoptr (GPtrArray) other_way = g_ptr_array_new ();
  g_autofree gchar *key = floe_monitors_dup_key (monitors);
  g_autofree gchar *same = NULL;

  g_assert_cmpstr (key, ==, "A 1920x1080, B 2560x1440, C 800x600");
  for (guint i = 0; i < monitors->len; i++)
    g_ptr_array_insert (other_way, 0, monitors->pdata[i]);
  same = floe_monitors_dup_key (other_way);
  g_assert_cmpstr (same, ==, key);
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitors/layout/none", test_none);
  g_test_add_func ("/monitors/layout/one", test_one);
  g_test_add_func ("/monitors/layout/beside", test_beside);
  g_test_add_func ("/monitors/layout/around-the-first", test_around_the_first);
  g_test_add_func ("/monitors/layout/all-dense", test_all_dense);
  g_test_add_func ("/monitors/layout/mixed-right", test_mixed_right);
  g_test_add_func ("/monitors/layout/mixed-left", test_mixed_left);
  g_test_add_func ("/monitors/choose", test_choose);
  g_test_add_func ("/monitors/key", test_key);
  return g_test_run ();
}
