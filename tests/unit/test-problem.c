/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/problem.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "core/error.h"

static JsonObject *
body_of (const FloeProblem *problem, JsonParser *parser)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  g_autoptr (FloeSecret) text = NULL;
  g_autoptr (GError) error = NULL;

  floe_problem_write (problem, writer, NULL);
  text = floe_json_writer_finish (writer);
  json_parser_load_from_data (parser, floe_secret_get (text, NULL), -1, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static void
test_errors (void)
{
  static const struct
  {
    FloeError code;
    const gchar *type;
    guint status;
  } cases[] = {
    { FLOE_ERROR_INVALID, "urn:floe:problem:invalid", 400 },
    { FLOE_ERROR_UNAUTHENTICATED, "urn:floe:problem:unauthenticated", 401 },
    { FLOE_ERROR_DENIED, "urn:floe:problem:denied", 403 },
    { FLOE_ERROR_NOT_FOUND, "urn:floe:problem:not-found", 404 },
    { FLOE_ERROR_CONFLICT, "urn:floe:problem:conflict", 409 },
    { FLOE_ERROR_EXHAUSTED, "urn:floe:problem:exhausted", 409 },
    { FLOE_ERROR_BUSY, "urn:floe:problem:busy", 503 },
    { FLOE_ERROR_UNAVAILABLE, "urn:floe:problem:unavailable", 503 },
    { FLOE_ERROR_TIMED_OUT, "urn:floe:problem:timed-out", 504 },
    { FLOE_ERROR_CANCELLED, "urn:floe:problem:unavailable", 503 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new (FLOE_ERROR, cases[i].code, "what \"happened\"");
      g_autoptr (FloeProblem) problem = floe_problem_new_for_error (error);
      g_autoptr (JsonParser) parser = json_parser_new ();
      JsonObject *body = body_of (problem, parser);

      g_assert_cmpuint (floe_problem_get_status (problem), ==, cases[i].status);
      g_assert_cmpstr (json_object_get_string_member (body, "type"), ==, cases[i].type);
      g_assert_cmpint (json_object_get_int_member (body, "status"), ==, cases[i].status);
      g_assert_cmpstr (json_object_get_string_member (body, "detail"), ==, "what \"happened\"");
      g_assert_false (json_object_has_member (body, "reason"));
    }
}

static void
test_internal (void)
{
  GError *errors[] = {
    g_error_new (FLOE_ERROR, FLOE_ERROR_INTERNAL, "/var/lib/floe/floe.db: damaged"),
    g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "from below"),
    g_error_new (FLOE_ERROR, 999, "no such code"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (FloeProblem) problem = floe_problem_new_for_error (errors[i]);

      g_assert_cmpint (problem->kind, ==, FLOE_PROBLEM_INTERNAL);
      g_assert_cmpuint (floe_problem_get_status (problem), ==, 500);
      g_assert_null (strstr (problem->detail, errors[i]->message));
      g_error_free (errors[i]);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_autoptr (FloeProblem) problem = floe_problem_new_for_error (error);

  g_assert_cmpint (problem->kind, ==, FLOE_PROBLEM_UNAVAILABLE);
}

static void
test_reason (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (FloeProblem) problem = NULL;
  g_autoptr (GError) error = NULL;

  floe_set_error_reason (&error, FLOE_ERROR_EXHAUSTED, "no-desktop-free", "none is free");
  problem = floe_problem_new_for_error (error);
  g_assert_cmpstr (json_object_get_string_member (body_of (problem, parser), "reason"), ==,
                   "no-desktop-free");
}

static void
test_expired (void)
{
  g_autoptr (FloeProblem) problem = NULL;
  g_autoptr (GError) error = NULL;

  floe_set_error_reason (&error, FLOE_ERROR_UNAUTHENTICATED, "expired-token", "it has ended");
  problem = floe_problem_new_for_error (error);
  g_assert_cmpint (problem->kind, ==, FLOE_PROBLEM_EXPIRED_TOKEN);
  g_assert_cmpuint (floe_problem_get_status (problem), ==, 401);
  g_assert_null (problem->reason);
}

/* The gate's own: those that no error has. */
static void
test_kinds (void)
{
  static const struct
  {
    FloeProblemKind kind;
    const gchar *name;
    guint status;
  } cases[] = {
    { FLOE_PROBLEM_METHOD_NOT_ALLOWED, "method-not-allowed", 405 },
    { FLOE_PROBLEM_TOO_LARGE, "too-large", 413 },
    { FLOE_PROBLEM_PRECONDITION_FAILED, "precondition-failed", 412 },
    { FLOE_PROBLEM_UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", 415 },
    { FLOE_PROBLEM_PRECONDITION_REQUIRED, "precondition-required", 428 },
    { FLOE_PROBLEM_EXPIRED_TOKEN, "expired-token", 401 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FloeProblem) problem = floe_problem_new (cases[i].kind, "d");

      g_assert_cmpuint (floe_problem_get_status (problem), ==, cases[i].status);
      g_assert_cmpstr (floe_problem_kind_name (cases[i].kind), ==, cases[i].name);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/problem/errors", test_errors);
  g_test_add_func ("/problem/internal", test_internal);
  g_test_add_func ("/problem/cancelled", test_cancelled);
  g_test_add_func ("/problem/reason", test_reason);
  g_test_add_func ("/problem/expired", test_expired);
  g_test_add_func ("/problem/kinds", test_kinds);
  return g_test_run ();
}
