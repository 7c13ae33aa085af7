/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "util/png.h"

#include <string.h>

#include "core/error.h"
#include "logs.h"

/* A picture as QEMU writes it, to one as a browser shows it. tests/e2e/test_shadow.py looks at one
 * with other eyes. */

static void
test_good (void)
{
  static const guint8 ppm[] = "P6\n2 2\n255\nabcdefghijkl";
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) png = floe_png_from_ppm (ppm, sizeof ppm - 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (png->len, >, 57);
  g_assert_cmpint (
      memcmp (png->data, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\2\0\0\0\2\10\2\0\0\0", 29), ==, 0);
  /* The end of each PNG, with its checksum. */
  g_assert_cmpint (memcmp (png->data + png->len - 12, "\0\0\0\0IEND\xae\x42\x60\x82", 12), ==, 0);
}

static void
test_bad (void)
{
  static const gchar *const bad[] = {
    "",
    "P6",
    "P5\n2 2\n255\nabcdefghijkl",
    "P6\n2 2\n65535\nabcdefghijkl",
    "P6\n2 2\n255\nabcdefghijk",
    "P6\n0 2\n255\nabcdefghijkl",
    "P6\n99999 99999\n255\na",
    "P6\n-1 2\n255\nabcdefghijkl",
    "P6\n2 2\n255",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (floe_png_from_ppm ((const guint8 *)bad[i], strlen (bad[i]), &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/png/good", test_good);
  g_test_add_func ("/png/bad", test_bad);
  return g_test_run ();
}
