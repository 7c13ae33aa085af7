/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/start-line.h"

static void
check_next (FloeStartLine *line, const gchar *host, const gchar *expected)
{
  g_autofree gchar *next = floe_start_line_next (line, host);

  g_assert_cmpstr (next, ==, expected);
}

static void
test_order (void)
{
  g_autoptr (FloeStartLine) line = floe_start_line_new ();

  floe_start_line_set_limit (line, "h", 2);
  g_assert_true (floe_start_line_add (line, "h", "a"));
  g_assert_true (floe_start_line_add (line, "h", "b"));
  g_assert_true (floe_start_line_add (line, "h", "c"));
  g_assert_false (floe_start_line_add (line, "h", "b"));
  g_assert_cmpuint (floe_start_line_get_place (line, "c"), ==, 3);
  g_assert_cmpuint (floe_start_line_get_length (line, "h"), ==, 3);
  g_assert_cmpuint (floe_start_line_get_length (line, "nowhere"), ==, 0);
  check_next (line, "h", "a");
  check_next (line, "h", "b");
  check_next (line, "h", NULL);
  g_assert_cmpuint (floe_start_line_get_length (line, "h"), ==, 1);
  g_assert_cmpuint (floe_start_line_get_place (line, "c"), ==, 1);
  g_assert_cmpuint (floe_start_line_get_place (line, "a"), ==, 0);
  floe_start_line_started (line, "h");
  check_next (line, "h", "c");
  check_next (line, "h", NULL);
}

static void
test_hosts (void)
{
  g_autoptr (FloeStartLine) line = floe_start_line_new ();

  floe_start_line_set_limit (line, "h", 1);
  floe_start_line_add (line, "h", "a");
  floe_start_line_add (line, "h", "b");
  floe_start_line_add (line, "i", "c");
  check_next (line, "h", "a");
  check_next (line, "h", NULL);
  check_next (line, "i", "c"); /* a busy host is in nobody else's way */
}

static void
test_remove (void)
{
  g_autoptr (FloeStartLine) line = floe_start_line_new ();

  floe_start_line_add (line, "h", "a");
  floe_start_line_add (line, "h", "b");
  g_assert_true (floe_start_line_remove (line, "a"));
  g_assert_false (floe_start_line_remove (line, "a"));
  g_assert_cmpuint (floe_start_line_get_place (line, "b"), ==, 1);
  check_next (line, "h", "b");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/start-line/order", test_order);
  g_test_add_func ("/start-line/hosts", test_hosts);
  g_test_add_func ("/start-line/remove", test_remove);
  return g_test_run ();
}
