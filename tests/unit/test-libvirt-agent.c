/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/agent-words.h"

static JsonObject *
arguments_of (JsonNode *said, const gchar *command)
{
  JsonObject *object = json_node_get_object (said);

  g_assert_cmpstr (json_object_get_string_member (object, "execute"), ==, command);
  return json_object_get_object_member (object, "arguments");
}

/* Whatever is in an argument, the agent reads it as it was. */
static void
test_say (void)
{
  const gchar *const words[] = { "-c", "echo \"a'b\\\n\t$(x)\" \xc3\xa9", NULL };
  g_autofree gchar *exec = floe_agent_say_exec ("/bin/sh", words, "in\nput");
  g_autofree gchar *plain = floe_agent_say_exec ("/bin/sh", words, NULL);
  g_autofree gchar *status = floe_agent_say_status (4711);
  g_autofree gchar *ping = floe_agent_say ("guest-ping");
  g_autoptr (JsonNode) said = json_from_string (exec, NULL);
  g_autoptr (JsonNode) without = json_from_string (plain, NULL);
  g_autoptr (JsonNode) asked = json_from_string (status, NULL);
  g_autoptr (JsonNode) pinged = json_from_string (ping, NULL);
  JsonObject *given = arguments_of (said, "guest-exec");
  JsonArray *list = json_object_get_array_member (given, "arg");

  g_assert_cmpstr (json_object_get_string_member (given, "path"), ==, "/bin/sh");
  g_assert_cmpuint (json_array_get_length (list), ==, 2);
  g_assert_cmpstr (json_array_get_string_element (list, 1), ==, words[1]);
  g_assert_cmpstr (json_object_get_string_member (given, "input-data"), ==, "aW4KcHV0");
  g_assert_true (json_object_get_boolean_member (given, "capture-output"));
  g_assert_false (json_object_has_member (arguments_of (without, "guest-exec"), "input-data"));
  given = arguments_of (asked, "guest-exec-status");
  g_assert_cmpint (json_object_get_int_member (given, "pid"), ==, 4711);
  arguments_of (pinged, "guest-ping");
}

static void
test_status (void)
{
  g_auto (FloeAgentStatus) status = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (floe_agent_read_status ("{\"return\":{\"exited\":false}}", &status, &error));
  g_assert_false (status.exited);
  g_assert_true (floe_agent_read_status (
      "{\"return\":{\"exited\":true,\"exitcode\":3,\"err-data\":\"bm8gc3VjaCBob3N0Cg==\"}}",
      &status, &error));
  g_assert_true (status.exited);
  g_assert_cmpint (status.code, ==, 3);
  g_assert_cmpstr (status.error, ==, "no such host\n");
  g_assert_null (status.out);
  floe_agent_status_clear (&status);
  g_assert_true (
      floe_agent_read_status ("{\"return\":{\"exited\":true,\"signal\":9}}", &status, &error));
  g_assert_cmpint (status.code, ==, -1);
}

/* A guest may answer anything. */
static void
test_hostile (void)
{
  /* json-glib alone dies of half as deep a one, on a thread's stack. */
  g_autofree gchar *left = g_strnfill (200000, '[');
  g_autofree gchar *right = g_strnfill (200000, ']');
  g_autofree gchar *deep = g_strconcat ("{\"return\":", left, right, "}", NULL);
  const gchar *const replies[] = {
    deep,
    "",
    "[]",
    "null",
    "{}",
    "{",
    "{\"return\":{\"pid\":\"7\"}}",
    "\xff\xfe",
    "{\"return\":{\"pid\":{}}}",
    "{\"a\":{}}",
    "{\"return\":[1]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_auto (FloeAgentStatus) status = { 0 };
      g_autoptr (GError) error = NULL;
      gint64 number;

      g_assert_false (floe_agent_read_pid (replies[i], &number, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
      g_clear_error (&error);
      g_assert_false (floe_agent_read_handle (replies[i], &number, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
      g_clear_error (&error);
      g_assert_null (floe_agent_read_content (replies[i], &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
      g_assert_false (floe_agent_read_is_windows (replies[i]));
      if (floe_agent_read_status (replies[i], &status, NULL))
        g_assert_false (status.exited);
    }
}

static void
test_answers (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *content = NULL;
  gint64 number = 0;

  g_assert_true (floe_agent_read_pid ("{\"return\":{\"pid\":812}}", &number, &error));
  g_assert_cmpint (number, ==, 812);
  g_assert_true (floe_agent_read_handle ("{\"return\":1000}", &number, &error));
  g_assert_cmpint (number, ==, 1000);
  content = floe_agent_read_content ("{\"return\":{\"count\":2,\"buf-b64\":\"MAo=\",\"eof\":true}}",
                                     &error);
  g_assert_cmpstr (content, ==, "0\n");
  g_assert_true (floe_agent_read_is_windows ("{\"return\":{\"id\":\"mswindows\"}}"));
  g_assert_false (floe_agent_read_is_windows ("{\"return\":{\"id\":\"debian\"}}"));
}

static void
test_tail (void)
{
  g_autofree gchar *nothing = floe_agent_tail (NULL);
  g_autofree gchar *blank = floe_agent_tail (" \n");
  g_autofree gchar *line = floe_agent_tail ("first\nsecond \x1b[1m\n");
  g_autofree gchar *dots = g_strnfill (300, '.');
  g_autofree gchar *text = g_strconcat ("begin", dots, "end", NULL);
  g_autofree gchar *cut = floe_agent_tail (text);
  g_autoptr (GString) wide = g_string_new ("x");
  g_autofree gchar *valid = NULL;

  g_assert_cmpstr (nothing, ==, "it said nothing");
  g_assert_cmpstr (blank, ==, "it said nothing");
  g_assert_cmpstr (line, ==, "first second ?[1m");
  g_assert_cmpuint (strlen (cut), ==, 200);
  g_assert_true (g_str_has_suffix (cut, "end"));
  for (guint i = 0; i < 200; i++)
    g_string_append (wide, "\xe2\x82\xac");
  valid = floe_agent_tail (wide->str);
  g_assert_true (g_utf8_validate (valid, -1, NULL));
  g_assert_cmpuint (strlen (valid), >, 190);
}

static void
refuse_first_boot (const gchar *status, const gchar *why)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (floe_agent_read_first_boot (status, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "script-failed");
  g_assert_nonnull (strstr (error->message, why));
}

static void
test_first_boot (void)
{
  g_autofree gchar *much = g_strnfill (100000, '7');

  g_assert_true (floe_agent_read_first_boot (NULL, NULL));
  g_assert_true (floe_agent_read_first_boot ("0\n", NULL));
  refuse_first_boot ("unfinished\n", "was cut off");
  refuse_first_boot ("3\n", "ended with 3");
  refuse_first_boot ("a\nb\033", "ended with a b?");
  refuse_first_boot ("", "was cut off");
  refuse_first_boot (much, "ended with 7777777777");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/libvirt-agent/say", test_say);
  g_test_add_func ("/libvirt-agent/status", test_status);
  g_test_add_func ("/libvirt-agent/hostile", test_hostile);
  g_test_add_func ("/libvirt-agent/answers", test_answers);
  g_test_add_func ("/libvirt-agent/tail", test_tail);
  g_test_add_func ("/libvirt-agent/first-boot", test_first_boot);
  return g_test_run ();
}
