/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-scan.h"

#include <string.h>

#include "core/error.h"

static void
assert_refused (const gchar *text, gsize length, const gchar *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (floe_json_scan (text, length, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  if (strstr (error->message, part) == NULL)
    g_error ("for %.60s: %s, expected %s", text, error->message, part);
}

static void
test_good (void)
{
  static const gchar *const texts[] = {
    "{}",
    " \t\r\n{ } \n",
    "{\"a\":1,\"b\":-0,\"c\":0.5,\"d\":1e3,\"e\":-1.25E-2,\"f\":true,\"g\":false,\"h\":null}",
    "{\"a\":[],\"b\":[1,[2,[3]]],\"c\":{\"a\":{\"a\":1}}}",
    "{\"\":\"\"}",
    "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00 \xc3\xa4 \xf0\x9f\x98\x80\"}",
    "{\"a\":9223372036854775807,\"b\":-9223372036854775808}",
    "{\"a\":\"\x7f\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (floe_json_scan (texts[i], strlen (texts[i]), &error));
      g_assert_no_error (error);
    }
}

static void
test_bad (void)
{
  static const struct
  {
    const gchar *text;
    const gchar *part;
  } cases[] = {
    { "", "expected an object" },
    { "   ", "expected an object" },
    { "[]", "expected an object" },
    { "1", "expected an object" },
    { "\"a\"", "expected an object" },
    { "\xef\xbb\xbf{}", "expected an object" },
    { "{}{}", "something follows" },
    { "{} x", "something follows" },
    { "{},", "something follows" },
    { "{", "expected a key in quotation marks" },
    { "{\"a\"", "expected a colon" },
    { "{\"a\":", "the text ends early" },
    { "{\"a\":1", "closing brace" },
    { "{\"a\":1,}", "expected a key in quotation marks" },
    { "{\"a\":1 \"b\":2}", "closing brace" },
    { "{a:1}", "expected a key in quotation marks" },
    { "{'a':1}", "expected a key in quotation marks" },
    { "{\"a\":'b'}", "expected a value" },
    { "{\"a\":[1,]}", "expected a value" },
    { "{\"a\":[1 2]}", "closing bracket" },
    { "{\"a\":[1}", "closing bracket" },
    { "/* c */{}", "expected an object" },
    { "{/* c */}", "expected a key in quotation marks" },
    { "{\"a\":1// c\n}", "closing brace" },
    { "var x = {};", "expected an object" },
    { "{\"a\":undefined}", "expected a value" },
    { "{\"a\":True}", "expected a value" },
    { "{\"a\":nul}", "expected a value" },
    { "{\"a\":truefalse}", "closing brace" },
    { "{\"a\":01}", "closing brace" },
    { "{\"a\":+1}", "expected a value" },
    { "{\"a\":.5}", "expected a value" },
    { "{\"a\":1.}", "expected a digit" },
    { "{\"a\":1e}", "expected a digit" },
    { "{\"a\":-}", "expected a value" },
    { "{\"a\":0x10}", "closing brace" },
    { "{\"a\":NaN}", "expected a value" },
    { "{\"a\":-Infinity}", "expected a value" },
    { "{\"a\":1e999}", "too big" },
    { "{\"a\":9223372036854775808}", "too big" },
    { "{\"a\":0.000000000000000000000000000000000001}", "too long" },
    { "{\"a\":\"\\x\"}", "no such escape" },
    { "{\"a\":\"\\u12\"}", "four hexadecimal digits" },
    { "{\"a\":\"\\u12g4\"}", "four hexadecimal digits" },
    { "{\"a\":\"\\u0000\"}", "must not hold a NUL" },
    { "{\"a\\u0000\":1}", "must not hold a NUL" },
    { "{\"a\":\"\\ud800\"}", "half a surrogate pair" },
    { "{\"a\":\"\\udc00\"}", "half a surrogate pair" },
    { "{\"a\":\"\\ud800\\ud800\"}", "half a surrogate pair" },
    { "{\"a\":\"\\ud800x\"}", "half a surrogate pair" },
    { "{\"a\":\"b", "ends within a string" },
    { "{\"a\":\"b\\", "ends within a string" },
    { "{\"a\":\"b\n\"}", "control character" },
    { "{\"a\":1,\"a\":2}", "given twice" },
    { "{\"a\":1,\"\\u0061\":2}", "given twice" },
    { "{\"x\":{\"a\":1,\"b\":2,\"a\":2}}", "given twice" },
    { "{\"a\":\"\xff\"}", "not UTF-8" },
    { "{\"a\":\"\xc0\x80\"}", "not UTF-8" },
    { "{\"a\":\"\xed\xa0\x80\"}", "not UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, strlen (cases[i].text), cases[i].part);
  assert_refused ("{\"a\":\"b\0c\"}", 11, "NUL");
  assert_refused ("{}\0", 3, "NUL");
}

static gchar *
nested (guint depth, const gchar *open, const gchar *close)
{
  GString *text = g_string_new ("{\"a\":");

  for (guint i = 1; i < depth; i++)
    g_string_append (text, open);
  g_string_append (text, "1");
  for (guint i = 1; i < depth; i++)
    g_string_append (text, close);
  g_string_append (text, "}");
  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  g_autofree gchar *deep = nested (FLOE_JSON_MAX_DEPTH, "[", "]");
  g_autofree gchar *deeper = nested (FLOE_JSON_MAX_DEPTH + 1, "[", "]");
  g_autofree gchar *objects = nested (FLOE_JSON_MAX_DEPTH + 1, "{\"a\":", "}");

  g_assert_true (floe_json_scan (deep, strlen (deep), NULL));
  assert_refused (deeper, strlen (deeper), "too deeply");
  assert_refused (objects, strlen (objects), "too deeply");
}

static void
test_size (void)
{
  g_autofree gchar *brackets = g_strnfill (150 * 1024, '[');
  g_autofree gchar *within = g_strnfill (FLOE_JSON_MAX_BYTES, '[');
  g_autoptr (GString) whole = g_string_new ("{\"a\":\"");

  assert_refused (brackets, 150 * 1024, "too long");
  assert_refused (within, FLOE_JSON_MAX_BYTES, "expected an object");
  while (whole->len < FLOE_JSON_MAX_BYTES - 2)
    g_string_append_c (whole, 'x');
  g_string_append (whole, "\"}");
  g_assert_true (floe_json_scan (whole->str, whole->len, NULL));
  g_string_append_c (whole, ' ');
  assert_refused (whole->str, whole->len, "too long");
}

static void
test_members (void)
{
  g_autoptr (GString) text = g_string_new ("{\"k\":1");

  for (guint i = 1; i < FLOE_JSON_MAX_MEMBERS; i++)
    g_string_append_printf (text, ",\"%u\":1", i);
  g_string_append_c (text, '}');
  g_assert_true (floe_json_scan (text->str, text->len, NULL));
  g_string_truncate (text, text->len - 1);
  g_string_append (text, ",\"last\":1}");
  assert_refused (text->str, text->len, "too many keys");
}

/* Each prefix of a good text is bad, and no text makes the scanner read past its end, which the
 * sanitizer sees: each is in memory of exactly its size. */
static void
test_prefixes (void)
{
  static const gchar text[] =
      "{\"a\":[1,-2.5e+3,true,{\"b\":\"\\ud83d\\ude00\\n\"}],\"c\":null,\"d\":\"\xc3\xa4\"}";

  g_assert_true (floe_json_scan (text, strlen (text), NULL));
  for (gsize i = 0; i < strlen (text); i++)
    {
      g_autofree gchar *prefix = g_memdup2 (text, i);

      g_assert_false (floe_json_scan (prefix != NULL ? prefix : "", i, NULL));
    }
}

static void
test_secrets (void)
{
  static const gchar text[] =
      " {\"password\" : \"p\\u00e4\\\"\\n\" , \"username\":\"m\xc3\xb8ri\"}";
  FloeJsonSecret fields[] = { { "username", 256, NULL }, { "password", 256, NULL } };
  g_autoptr (GError) error = NULL;

  g_assert_true (
      floe_json_scan_secrets (text, strlen (text), fields, G_N_ELEMENTS (fields), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (floe_secret_get (fields[0].value, NULL), ==, "m\xc3\xb8ri");
  g_assert_cmpstr (floe_secret_get (fields[1].value, NULL), ==, "p\xc3\xa4\"\n");
  floe_secret_unref (fields[0].value);
  floe_secret_unref (fields[1].value);
}

static void
test_secrets_bad (void)
{
  static const struct
  {
    const gchar *text;
    const gchar *message;
  } cases[] = {
    { "{\"username\":\"a\"}", "password: missing" },
    { "{\"password\":\"a\"}", "username: missing" },
    { "{\"username\":\"a\",\"password\":1}", "password: expected a string" },
    { "{\"username\":[\"a\"],\"password\":\"b\"}", "username: expected a string" },
    { "{\"username\":null,\"password\":\"b\"}", "username: expected a string" },
    { "{\"username\":\"a\",\"password\":\"123456789\"}", "password: longer than 8 bytes" },
    { "{\"username\":\"a\",\"password\":\"b\",\"x\":\"c\"}", "\"x\": unknown key" },
    { "{\"username\":\"a\",\"password\":\"b\",\"a\\n\xc3\xa4\":\"c\"}", "\"a...\": unknown key" },
    { "{\"username\":\"a\",\"username\":\"b\",\"password\":\"c\"}",
      "JSON, line 1, column 27: the key \"username\" is given twice" },
    { "{\"username\":\"a\",\n\n \"username\":\"b\"}",
      "JSON, line 3, column 12: the key \"username\" is given twice" },
    { "{\"username\":\"a\",\"password\":\"b\"}{}",
      "JSON, line 1, column 32: something follows the object" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      FloeJsonSecret fields[] = { { "username", 8, NULL }, { "password", 8, NULL } };
      g_autoptr (GError) error = NULL;

      g_assert_false (floe_json_scan_secrets (cases[i].text, strlen (cases[i].text), fields,
                                              G_N_ELEMENTS (fields), &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_null (fields[0].value);
      g_assert_null (fields[1].value);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-scan/good", test_good);
  g_test_add_func ("/json-scan/bad", test_bad);
  g_test_add_func ("/json-scan/depth", test_depth);
  g_test_add_func ("/json-scan/size", test_size);
  g_test_add_func ("/json-scan/members", test_members);
  g_test_add_func ("/json-scan/prefixes", test_prefixes);
  g_test_add_func ("/json-scan/secrets", test_secrets);
  g_test_add_func ("/json-scan/secrets-bad", test_secrets_bad);
  return g_test_run ();
}
