/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-read.h"

#include <string.h>

#include "core/error.h"

static FloeJsonReader *
reader (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  FloeJsonReader *self = floe_json_reader_new (text, strlen (text), &error);

  g_assert_no_error (error);
  return self;
}

static void
test_good (void)
{
  g_autoptr (FloeJsonReader) r =
      reader ("{\"s\":\"x\",\"b\":true,\"i\":7,\"o\":{\"l\":[\"a\",\"\"],\"p\":{}},\"e\":[]}");
  g_autoptr (GError) error = NULL;
  g_autofree gchar *s = floe_json_reader_get_string (r, "s", 1);
  g_autofree gchar *t = floe_json_reader_get_string_or (r, "t", 1, "fallback");
  g_autofree gchar *u = floe_json_reader_get_string_or (r, "u", 1, NULL);
  g_auto (GStrv) l = NULL;
  g_auto (GStrv) e = floe_json_reader_get_strings (r, "e", 0, 0);

  g_assert_cmpstr (s, ==, "x");
  g_assert_cmpstr (t, ==, "fallback");
  g_assert_null (u);
  g_assert_true (floe_json_reader_get_bool_or (r, "b", FALSE));
  g_assert_true (floe_json_reader_get_bool_or (r, "c", TRUE));
  g_assert_cmpint (floe_json_reader_get_int_or (r, "i", 7, 7, 1), ==, 7);
  g_assert_cmpint (floe_json_reader_get_int_or (r, "j", 7, 7, 1), ==, 1);
  g_assert_true (floe_json_reader_has (r, "o"));
  floe_json_reader_enter (r, "o");
  l = floe_json_reader_get_strings (r, "l", 2, 1);
  floe_json_reader_enter (r, "p");
  floe_json_reader_leave (r);
  floe_json_reader_leave (r);
  g_assert_cmpuint (g_strv_length (l), ==, 2);
  g_assert_cmpuint (g_strv_length (e), ==, 0);
  g_assert_true (floe_json_reader_end (r, &error));
  g_assert_no_error (error);
}

static gint64
read_elements (FloeJsonReader *r)
{
  guint n = floe_json_reader_count (r, "a", 2);
  gint64 sum = 0;

  for (guint i = 0; i < n; i++)
    {
      floe_json_reader_enter_element (r, "a", i);
      sum = 10 * sum + floe_json_reader_get_int_or (r, "n", 1, 9, 1);
      floe_json_reader_leave (r);
    }
  return sum;
}

static void
test_elements (void)
{
  g_autoptr (FloeJsonReader) two = reader ("{\"a\":[{\"n\":4},{}]}");
  g_autoptr (FloeJsonReader) none = reader ("{}");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (read_elements (two), ==, 41);
  g_assert_true (floe_json_reader_end (two, &error));
  g_assert_cmpint (read_elements (none), ==, 0);
  g_assert_true (floe_json_reader_end (none, &error));
  g_assert_no_error (error);
}

/* One schema for all:
 * {"s":string<=4,"i"?:1..9,"b"?:bool,"a"?:[{"n"?:1..9}]<=2,"o":{"l":[string<=2]<=3}} */
static void
test_bad (void)
{
  static const struct
  {
    const gchar *text;
    const gchar *message;
  } cases[] = {
    { "{}", "s: missing" },
    { "{\"s\":1,\"o\":{\"l\":[]}}", "s: expected a string" },
    { "{\"s\":null,\"o\":{\"l\":[]}}", "s: expected a string" },
    { "{\"s\":\"12345\",\"o\":{\"l\":[]}}", "s: longer than 4 bytes" },
    { "{\"s\":\"\",\"i\":0,\"o\":{\"l\":[]}}", "i: expected a whole number from 1 to 9" },
    { "{\"s\":\"\",\"i\":10,\"o\":{\"l\":[]}}", "i: expected a whole number from 1 to 9" },
    { "{\"s\":\"\",\"i\":1.0,\"o\":{\"l\":[]}}", "i: expected a whole number from 1 to 9" },
    { "{\"s\":\"\",\"i\":\"1\",\"o\":{\"l\":[]}}", "i: expected a whole number from 1 to 9" },
    { "{\"s\":\"\",\"i\":true,\"o\":{\"l\":[]}}", "i: expected a whole number from 1 to 9" },
    { "{\"s\":\"\",\"b\":1,\"o\":{\"l\":[]}}", "b: expected true or false" },
    { "{\"s\":\"\",\"b\":null,\"o\":{\"l\":[]}}", "b: expected true or false" },
    { "{\"s\":\"\"}", "o: missing" },
    { "{\"s\":\"\",\"o\":[]}", "o: expected an object" },
    { "{\"s\":\"\",\"o\":null}", "o: expected an object" },
    { "{\"s\":\"\",\"o\":{}}", "o.l: missing" },
    { "{\"s\":\"\",\"o\":{\"l\":{}}}", "o.l: expected an array of strings" },
    { "{\"s\":\"\",\"o\":{\"l\":[\"\",\"\",7]}}", "o.l[2]: expected a string" },
    { "{\"s\":\"\",\"o\":{\"l\":[\"\",[\"\"]]}}", "o.l[1]: expected a string" },
    { "{\"s\":\"\",\"o\":{\"l\":[\"abc\"]}}", "o.l[0]: longer than 2 bytes" },
    { "{\"s\":\"\",\"o\":{\"l\":[\"\",\"\",\"\",\"\"]}}", "o.l: more than 3 elements" },
    { "{\"s\":\"\",\"a\":{},\"o\":{\"l\":[]}}", "a: expected an array of objects" },
    { "{\"s\":\"\",\"a\":[{},{},{}],\"o\":{\"l\":[]}}", "a: more than 2 elements" },
    { "{\"s\":\"\",\"a\":[{\"n\":1},3],\"o\":{\"l\":[]}}", "a[1]: expected an object" },
    { "{\"s\":\"\",\"a\":[{\"n\":1},{\"n\":0}],\"o\":{\"l\":[]}}",
      "a[1].n: expected a whole number from 1 to 9" },
    { "{\"s\":\"\",\"a\":[{\"m\":1}],\"o\":{\"l\":[]}}", "a[0].\"m\": unknown key" },
    { "{\"s\":\"\",\"o\":{\"l\":[],\"m\":1}}", "o.\"m\": unknown key" },
    { "{\"s\":\"\",\"o\":{\"l\":[]},\"S\":1}", "\"S\": unknown key" },
    { "{\"s\":\"\",\"o\":{\"l\":[]},\"\\u001b[31m\xc3\xa9\":1}", "\".[31m..\": unknown key" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FloeJsonReader) r = reader (cases[i].text);
      g_autoptr (GError) error = NULL;
      g_autofree gchar *s G_GNUC_UNUSED = floe_json_reader_get_string (r, "s", 4);
      g_auto (GStrv) l = NULL;

      floe_json_reader_get_int_or (r, "i", 1, 9, 1);
      floe_json_reader_get_bool_or (r, "b", FALSE);
      read_elements (r);
      floe_json_reader_enter (r, "o");
      l = floe_json_reader_get_strings (r, "l", 3, 2);
      floe_json_reader_leave (r);
      g_assert_false (floe_json_reader_end (r, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_refuse (void)
{
  g_autoptr (FloeJsonReader) r = reader ("{\"o\":{}}");
  g_autoptr (GError) error = NULL;

  floe_json_reader_enter (r, "o");
  floe_json_reader_refuse (r, "pattern", "the first counts");
  floe_json_reader_refuse (r, "pattern", "not this one");
  floe_json_reader_leave (r);
  g_assert_false (floe_json_reader_end (r, &error));
  g_assert_cmpstr (error->message, ==, "o.pattern: the first counts");
}

static void
test_scanned_first (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (floe_json_reader_new ("{\"a\":1,\"a\":2}", 13, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-read/good", test_good);
  g_test_add_func ("/json-read/bad", test_bad);
  g_test_add_func ("/json-read/refuse", test_refuse);
  g_test_add_func ("/json-read/scanned-first", test_scanned_first);
  g_test_add_func ("/json-read/elements", test_elements);
  return g_test_run ();
}
