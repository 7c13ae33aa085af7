/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-write.h"

#include <string.h>

#include "api/json-scan.h"
#include "api/time-text.h"

static void
assert_text (FloeJsonWriter *writer, const gchar *expected)
{
  g_autoptr (FloeSecret) text = floe_json_writer_finish (writer);
  gsize length;
  const gchar *bytes = floe_secret_get (text, &length);

  g_assert_cmpstr (bytes, ==, expected);
  g_assert_cmpuint (length, ==, strlen (expected));
  g_assert_true (floe_json_scan (bytes, length, NULL));
}

static void
test_shapes (void)
{
  static const gchar *const some[] = { "a", "b", NULL };
  g_autoptr (FloeJsonWriter) w = floe_json_writer_new ();

  floe_json_writer_begin_object (w, NULL);
  floe_json_writer_begin_object (w, "o");
  floe_json_writer_end_object (w);
  floe_json_writer_begin_array (w, "l");
  floe_json_writer_int (w, NULL, G_MININT64);
  floe_json_writer_begin_object (w, NULL);
  floe_json_writer_bool (w, "t", TRUE);
  floe_json_writer_bool (w, "f", FALSE);
  floe_json_writer_end_object (w);
  floe_json_writer_end_array (w);
  floe_json_writer_null (w, "n");
  floe_json_writer_string (w, "s", NULL);
  floe_json_writer_strings (w, "some", some);
  floe_json_writer_strings (w, "none", NULL);
  floe_json_writer_time (w, "at", 0);
  floe_json_writer_moment (w, "never", 0);
  floe_json_writer_moment (w, "once", G_USEC_PER_SEC);
  floe_json_writer_end_object (w);
  assert_text (w, "{\"o\":{},\"l\":[-9223372036854775808,{\"t\":true,\"f\":false}],\"n\":null,"
                  "\"s\":null,\"some\":[\"a\",\"b\"],\"none\":[],\"at\":\"1970-01-01T00:00:00Z\","
                  "\"never\":null,\"once\":\"1970-01-01T00:00:01Z\"}");
}

static void
write_one (FloeJsonWriter *writer, gconstpointer row)
{
  floe_json_writer_string (writer, NULL, row);
}

static void
test_rows (void)
{
  const gchar *texts[] = { "a", "b", "c" };
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  g_autoptr (FloeJsonWriter) w = floe_json_writer_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (rows, (gpointer)texts[i]);
  floe_json_writer_begin_object (w, NULL);
  floe_json_writer_rows (w, "two", rows, 2, write_one);
  floe_json_writer_rows (w, "none", rows, 0, write_one);
  floe_json_writer_end_object (w);
  assert_text (w, "{\"two\":[\"a\",\"b\"],\"none\":[]}");
}

static void
test_escapes (void)
{
  g_autoptr (FloeJsonWriter) w = floe_json_writer_new ();

  floe_json_writer_begin_object (w, NULL);
  floe_json_writer_string (w, "a\"", "\"\\\n\r\t\x01\x7f/ \xc3\xa4\xf0\x9f\x98\x80");
  floe_json_writer_string (w, "b", "bad \xff\xc3");
  floe_json_writer_end_object (w);
  assert_text (w,
               "{\"a\\\"\":\"\\\"\\\\\\n\\u000d\\u0009\\u0001\\u007f/ \xc3\xa4\xf0\x9f\x98\x80\","
               "\"b\":\"bad \xef\xbf\xbd\xef\xbf\xbd\"}");
}

static void
test_secret (void)
{
  g_autoptr (FloeJsonWriter) w = floe_json_writer_new ();
  g_autoptr (FloeSecret) secret = floe_secret_new ("t\"k", -1);

  floe_json_writer_begin_object (w, NULL);
  floe_json_writer_secret (w, "token", secret);
  floe_json_writer_end_object (w);
  assert_text (w, "{\"token\":\"t\\\"k\"}");
}

/* Over many moves of the text, and used again afterwards. */
static void
test_long (void)
{
  g_autoptr (FloeJsonWriter) w = floe_json_writer_new ();

  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (FloeSecret) text = NULL;
      const gchar *bytes;
      gsize length;

      floe_json_writer_begin_object (w, NULL);
      floe_json_writer_begin_array (w, "l");
      for (guint i = 0; i < 5000; i++)
        floe_json_writer_int (w, NULL, 1234567);
      floe_json_writer_end_array (w);
      floe_json_writer_end_object (w);
      text = floe_json_writer_finish (w);
      bytes = floe_secret_get (text, &length);
      g_assert_true (floe_json_scan (bytes, length, NULL));
      g_assert_cmpuint (length, ==, strlen ("{\"l\":[]}") + 5000 * 8 - 1);
    }
}

static void
test_times (void)
{
  static const struct
  {
    gint64 time;
    const gchar *text;
  } cases[] = {
    { G_GINT64_CONSTANT (1795426200000000), "2026-11-23T09:30:00Z" },
    { G_GINT64_CONSTANT (1795426200999999), "2026-11-23T09:30:00Z" },
    { -1, "1969-12-31T23:59:59Z" },
    { G_MAXINT64, "1970-01-01T00:00:00Z" },
    { G_MININT64, "1970-01-01T00:00:00Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gchar text[FLOE_TIME_TEXT_SIZE];

      floe_time_write (cases[i].time, text);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-write/shapes", test_shapes);
  g_test_add_func ("/json-write/rows", test_rows);
  g_test_add_func ("/json-write/escapes", test_escapes);
  g_test_add_func ("/json-write/secret", test_secret);
  g_test_add_func ("/json-write/long", test_long);
  g_test_add_func ("/json-write/times", test_times);
  return g_test_run ();
}
