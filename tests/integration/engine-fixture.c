/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "fixture-script.h"

/**
 * engine_fixture_new:
 *
 * Returns: (transfer full): an engine that has nothing yet
 */
EngineFixture *
engine_fixture_new (void)
{
  EngineFixture *self = g_new0 (EngineFixture, 1);
  g_autofree gchar *ca = fixture_script ("ca.sh");
  g_autofree gchar *engine = g_test_build_filename (G_TEST_DIST, "tests", "ovirt", "engine", NULL);
  g_autoptr (GError) error = NULL;
  const gchar *argv[] = { ca, NULL, "127.0.0.1", NULL };

  self->directory = g_dir_make_tmp ("floe-engine-XXXXXX", &error);
  g_assert_no_error (error);
  argv[1] = self->directory;
  fixture_run_quietly (NULL, argv);
  self->process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                        "/usr/bin/python3", "-B", engine, self->directory, NULL);
  g_assert_no_error (error);
  self->answers = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  self->url = g_data_input_stream_read_line (self->answers, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->url);
  self->ca = g_build_filename (self->directory, "ca.pem", NULL);
  return self;
}

void
engine_fixture_free (EngineFixture *self)
{
  const gchar *argv[] = { "rm", "-rf", self->directory, NULL };

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  fixture_run_quietly (NULL, argv);
  g_object_unref (self->answers);
  g_object_unref (self->process);
  g_free (self->directory);
  g_free (self->url);
  g_free (self->ca);
  g_free (self);
}

/**
 * engine_fixture_tell:
 * @command: a JSON object
 *
 * Returns: (transfer full): its answer
 */
gchar *
engine_fixture_tell (EngineFixture *self, const gchar *command)
{
  g_autofree gchar *line = g_strconcat (command, "\n", NULL);
  g_autoptr (GError) error = NULL;
  gchar *answer;

  g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process), line, strlen (line), NULL,
                             NULL, &error);
  g_assert_no_error (error);
  answer = g_data_input_stream_read_line (self->answers, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (answer);
  return answer;
}

void
engine_fixture_do (EngineFixture *self, const gchar *format, ...)
{
  g_autofree gchar *command = NULL;
  g_autofree gchar *answer = NULL;
  va_list args;

  va_start (args, format);
  command = g_strdup_vprintf (format, args);
  va_end (args);
  for (gchar *c = command; *c != '\0'; c++)
    if (*c == '\'')
      *c = '"'; /* so that commands can be read in C */
  answer = engine_fixture_tell (self, command);
  g_assert_cmpstr (answer, ==, "{\"done\": true}");
}

static JsonNode *
show (EngineFixture *self)
{
  g_autofree gchar *text = engine_fixture_tell (self, "{\"show\": true}");
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  return node;
}

/**
 * engine_fixture_count:
 * @what: such as "GET /ovirt-engine/api/vms", with ID for ids
 *
 * Returns: how many such calls there were
 */
guint
engine_fixture_count (EngineFixture *self, const gchar *what)
{
  g_autoptr (JsonNode) node = show (self);
  JsonObject *calls = json_object_get_object_member (json_node_get_object (node), "calls");

  return json_object_has_member (calls, what) ? (guint)json_object_get_int_member (calls, what) : 0;
}

/**
 * engine_fixture_list_calls:
 *
 * Returns: (transfer full) (element-type GStrv): the last calls of the API: method, path below
 *   "/api", Correlation-Id or ""
 */
GPtrArray *
engine_fixture_list_calls (EngineFixture *self)
{
  g_autoptr (JsonNode) node = show (self);
  JsonArray *seen = json_object_get_array_member (json_node_get_object (node), "seen");
  GPtrArray *calls = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);

  for (guint i = 0; i < json_array_get_length (seen); i++)
    {
      JsonArray *one = json_array_get_array_element (seen, i);
      const gchar *path = strstr (json_array_get_string_element (one, 1), "/api");
      const gchar *correlation =
          json_array_get_null_element (one, 2) ? "" : json_array_get_string_element (one, 2);
      const gchar *call[] = { json_array_get_string_element (one, 0), path, correlation, NULL };

      if (path == NULL) /* a log-in */
        continue;
      call[1] += strlen ("/api");
      g_ptr_array_add (calls, g_strdupv ((gchar **)call));
    }
  return calls;
}

/**
 * engine_fixture_peak:
 *
 * Returns: how many calls, log-ins among them, were under way at once at most
 */
guint
engine_fixture_peak (EngineFixture *self)
{
  g_autoptr (JsonNode) node = show (self);

  return (guint)json_object_get_int_member (json_node_get_object (node), "peak");
}

/**
 * engine_fixture_get:
 *
 * Returns: (transfer full): that member of a VM, as JSON
 */
gchar *
engine_fixture_get (EngineFixture *self, const gchar *vm, const gchar *member)
{
  g_autoptr (JsonNode) node = show (self);
  JsonObject *vms = json_object_get_object_member (json_node_get_object (node), "vms");

  return json_to_string (json_object_get_member (json_object_get_object_member (vms, vm), member),
                         FALSE);
}

/* Nobody wants to wait for what only waits. */

#define FAST 10

#define FAST_TYPE_CLOCK (fast_clock_get_type ())
G_DECLARE_FINAL_TYPE (FastClock, fast_clock, FAST, CLOCK, GObject)

struct _FastClock
{
  GObject parent_instance;
};

static void fast_clock_iface_init (FloeClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FastClock, fast_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_CLOCK, fast_clock_iface_init))

static gint64
fast_elapsed (FloeClock *clock)
{
  return g_get_monotonic_time () * FAST;
}

static guint
fast_add_timeout (FloeClock *clock, gint64 delay, GSourceFunc func, gpointer data,
                  GDestroyNotify notify)
{
  return g_timeout_add_full (G_PRIORITY_DEFAULT, (guint)(delay / 1000 / FAST), func, data, notify);
}

static void
fast_remove_timeout (FloeClock *clock, guint id)
{
  g_source_remove (id);
}

static void
fast_clock_iface_init (FloeClockInterface *iface)
{
  iface->now = fast_elapsed;
  iface->elapsed = fast_elapsed;
  iface->add_timeout = fast_add_timeout;
  iface->remove_timeout = fast_remove_timeout;
}

static void
fast_clock_class_init (FastClockClass *klass)
{
}

static void
fast_clock_init (FastClock *self)
{
}

FloeClock *
fast_clock_new (void)
{
  return g_object_new (FAST_TYPE_CLOCK, NULL);
}
