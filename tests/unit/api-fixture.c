/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api-fixture.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* --- clock ------------------------------------------------------------------------------------ */

typedef struct
{
  guint id;
  gint64 due;
  gint64 delay;
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Timeout;

struct _ApiClock
{
  GObject parent_instance;
  gint64 time;
  guint last_id;
  GPtrArray *timeouts;
};

static void
timeout_free (gpointer data)
{
  Timeout *timeout = data;

  if (timeout->notify != NULL)
    timeout->notify (timeout->data);
  g_free (timeout);
}

static gint64
clock_now (FloeClock *clock)
{
  return API_CLOCK (clock)->time;
}

static guint
clock_add_timeout (FloeClock *clock, gint64 delay, GSourceFunc func, gpointer data,
                   GDestroyNotify notify)
{
  ApiClock *self = API_CLOCK (clock);
  Timeout *timeout = g_new (Timeout, 1);

  *timeout = (Timeout){ ++self->last_id, self->time + delay, delay, func, data, notify };
  g_ptr_array_add (self->timeouts, timeout);
  return timeout->id;
}

static Timeout *
find_timeout (ApiClock *self, guint id)
{
  for (guint i = 0; i < self->timeouts->len; i++)
    if (((Timeout *)self->timeouts->pdata[i])->id == id)
      return self->timeouts->pdata[i];
  return NULL;
}

static void
clock_remove_timeout (FloeClock *clock, guint id)
{
  ApiClock *self = API_CLOCK (clock);
  Timeout *timeout = find_timeout (self, id);

  g_assert_nonnull (timeout);
  g_ptr_array_remove (self->timeouts, timeout);
}

static void
clock_iface_init (FloeClockInterface *iface)
{
  iface->now = clock_now;
  iface->elapsed = clock_now;
  iface->add_timeout = clock_add_timeout;
  iface->remove_timeout = clock_remove_timeout;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ApiClock, api_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_CLOCK, clock_iface_init))

static void
api_clock_finalize (GObject *object)
{
  g_ptr_array_unref (API_CLOCK (object)->timeouts);
  G_OBJECT_CLASS (api_clock_parent_class)->finalize (object);
}

static void
api_clock_class_init (ApiClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = api_clock_finalize;
}

static void
api_clock_init (ApiClock *self)
{
  self->time = G_GINT64_CONSTANT (1795426200000000); /* 2026-11-23T09:30:00Z */
  self->timeouts = g_ptr_array_new_with_free_func (timeout_free);
}

FloeClock *
api_clock_new (void)
{
  return g_object_new (API_TYPE_CLOCK, NULL);
}

guint
api_clock_get_pending (FloeClock *clock)
{
  return API_CLOCK (clock)->timeouts->len;
}

static Timeout *
next_due (ApiClock *self, gint64 until)
{
  Timeout *first = NULL;

  for (guint i = 0; i < self->timeouts->len; i++)
    {
      Timeout *timeout = self->timeouts->pdata[i];

      if (timeout->due <= until && (first == NULL || timeout->due < first->due))
        first = timeout;
    }
  return first;
}

void
api_clock_advance (FloeClock *clock, gint64 seconds)
{
  ApiClock *self = API_CLOCK (clock);
  gint64 until = self->time + seconds * G_USEC_PER_SEC;
  Timeout *timeout;

  while ((timeout = next_due (self, until)) != NULL)
    {
      guint id = timeout->id;

      self->time = timeout->due;
      timeout->due += MAX (timeout->delay, 1);
      if (!timeout->func (timeout->data) && find_timeout (self, id) != NULL)
        clock_remove_timeout (clock, id);
    }
  self->time = until;
}

/* --- routes ----------------------------------------------------------------------------------- */

static void
handle_ok (FloeExchange *exchange, gpointer data)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "segment", floe_exchange_get_segment (exchange));
  floe_json_writer_string (writer, "name", floe_exchange_get_query (exchange, "name"));
  floe_json_writer_string (writer, "address",
                           floe_exchange_get_request (exchange)->caller->address);
  floe_json_writer_string (writer, "terminal",
                           floe_exchange_get_request (exchange)->caller->terminal);
  floe_json_writer_string (writer, "request",
                           floe_exchange_get_request (exchange)->caller->request);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (exchange, 200, writer);
}

static void
handle_held (FloeExchange *exchange, gpointer data)
{
  ApiFixture *self = data;

  g_assert_null (self->held);
  self->held = g_object_ref (exchange);
}

static void
handle_big (FloeExchange *exchange, gpointer data)
{
  gsize length = 8 * 1024 * 1024;
  g_autoptr (FloeSecret) body = floe_secret_new_take (g_malloc0 (length + 1), length);

  floe_exchange_answer (exchange, 200, "text/plain", body);
}

static const FloeRoute routes[] = {
  { "GET", "/a", FLOE_MAY_CALL, FLOE_BODY_NONE, { "name", "limit" }, handle_ok },
  { "GET", "/b", FLOE_MAY_CALL, FLOE_BODY_NONE, {}, handle_ok },
  { "POST", "/a", FLOE_MAY_CALL, FLOE_BODY_NEEDED, {}, handle_ok },
  { "POST", "/maybe", FLOE_MAY_CALL, FLOE_BODY_OPTIONAL, {}, handle_ok },
  { "GET", "/things/{}", FLOE_MAY_CALL, FLOE_BODY_NONE, {}, handle_ok },
  { "DELETE", "/things/{}", FLOE_MAY_CALL, FLOE_BODY_NONE, {}, handle_ok },
  { "GET", "/things/{}/parts", FLOE_MAY_CALL, FLOE_BODY_NONE, {}, handle_ok },
  { "GET", "/held", FLOE_MAY_CALL, FLOE_BODY_NONE, {}, handle_held },
  { "GET", "/big", FLOE_MAY_CALL, FLOE_BODY_NONE, {}, handle_big },
};

static const gchar *const host_names[] = { "broker.floe.test", "127.0.0.1", "[::1]", NULL };

static void
dispatch (FloeExchange *exchange, gpointer data)
{
  ApiFixture *self = data;
  const FloeRequest *request = floe_exchange_get_request (exchange);

  g_string_append_printf (self->handled, "%s %s %s\n", request->route->method, request->route->path,
                          request->body != NULL ? floe_secret_get (request->body, NULL) : "-");
  request->route->handle (exchange, self);
}

/* --- server ----------------------------------------------------------------------------------- */

void
api_fixture_set_up (ApiFixture *self, const FloeApiServerSettings *wanted)
{
  uid_t own = geteuid ();
  FloeApiServerSettings settings = { 0 };

  if (wanted != NULL)
    settings = *wanted;
  else
    {
      settings.trusted_uids = &own;
      settings.n_trusted_uids = 1;
    }
  self->clock = api_clock_new ();
  self->handled = g_string_new (NULL);
  self->directory = g_dir_make_tmp ("floe-XXXXXX", NULL);
  self->path = g_build_filename (self->directory, "s", NULL);
  settings.clock = self->clock;
  settings.gate.host_names = host_names;
  if (settings.gate.routes == NULL)
    {
      settings.gate.routes = routes;
      settings.gate.n_routes = G_N_ELEMENTS (routes);
    }
  if (settings.dispatch == NULL)
    {
      settings.dispatch = dispatch;
      settings.data = self;
    }
  self->server = floe_api_server_new (&settings);
}

void
api_fixture_listen_unix (ApiFixture *self)
{
  g_autoptr (GError) error = NULL;

  floe_api_server_listen_unix (self->server, self->path, &error);
  g_assert_no_error (error);
}

void
api_fixture_listen_tcp (ApiFixture *self)
{
  g_autoptr (GError) error = NULL;

  floe_api_server_listen_loopback (self->server, "127.0.0.1:0", &error);
  g_assert_no_error (error);
}

void
api_fixture_tear_down (ApiFixture *self)
{
  floe_api_server_stop (self->server);
  g_clear_object (&self->held);
  api_wait_for (floe_api_server_get_connections (self->server) == 0
                || (api_clock_advance (self->clock, 60), FALSE));
  g_assert_cmpuint (G_OBJECT (self->server)->ref_count, ==, 1);
  g_object_unref (self->server);
  g_assert_cmpuint (api_clock_get_pending (self->clock), ==, 0);
  g_object_unref (self->clock);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (self->directory), ==, 0);
  g_free (self->path);
  g_free (self->directory);
  g_string_free (self->handled, TRUE);
}

/* --- client ----------------------------------------------------------------------------------- */

GSocket *
api_fixture_connect (ApiFixture *self)
{
  guint16 port = floe_api_server_get_port (self->server);
  g_autoptr (GSocketAddress) address =
      port != 0 ? g_inet_socket_address_new_from_string ("127.0.0.1", port)
                : g_unix_socket_address_new (self->path);
  g_autoptr (GError) error = NULL;
  GSocket *socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                                  G_SOCKET_PROTOCOL_DEFAULT, &error);

  g_assert_no_error (error);
  g_socket_connect (socket, address, NULL, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (socket, FALSE);
  return socket;
}

/* api_fixture_send: as much as the server takes; it may close before the end */
void
api_fixture_send (GSocket *socket, const gchar *bytes, gssize length)
{
  gsize left = length < 0 ? strlen (bytes) : (gsize)length;
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (left > 0)
    {
      g_autoptr (GError) error = NULL;
      gssize n = g_socket_send (socket, bytes, left, NULL, &error);

      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      if (n > 0)
        {
          bytes += n;
          left -= (gsize)n;
        }
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return;
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

/* api_fixture_read: all up to @until, or to the end when that is NULL */
gchar *
api_fixture_read (GSocket *socket, const gchar *until)
{
  GString *text = g_string_new (NULL);
  gboolean over = FALSE;

  while (!over)
    {
      gchar bytes[4096];
      g_autoptr (GError) error = NULL;
      gssize n = 0;

      api_wait_for ((g_clear_error (&error),
                     n = g_socket_receive (socket, bytes, sizeof bytes, NULL, &error),
                     !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)));
      if (n > 0)
        g_string_append_len (text, bytes, n);
      over = n <= 0 || (until != NULL && strstr (text->str, until) != NULL);
    }
  return g_string_free (text, FALSE);
}

gchar *
api_fixture_ask (ApiFixture *self, const gchar *bytes, gssize length)
{
  g_autoptr (GSocket) socket = api_fixture_connect (self);

  api_fixture_send (socket, bytes, length);
  return api_fixture_read (socket, NULL);
}

void
api_fixture_settle (void)
{
  gint64 until = g_get_monotonic_time () + 20 * G_TIME_SPAN_MILLISECOND;

  while (g_main_context_iteration (NULL, FALSE) || g_get_monotonic_time () < until)
    ;
}

/* --- answers ---------------------------------------------------------------------------------- */

guint
api_status (const gchar *answer)
{
  if (!g_str_has_prefix (answer, "HTTP/1.1 "))
    return 0;
  return (guint)g_ascii_strtoull (answer + strlen ("HTTP/1.1 "), NULL, 10);
}

const gchar *
api_body (const gchar *answer)
{
  const gchar *empty = strstr (answer, "\r\n\r\n");

  g_assert_nonnull (empty);
  return empty + 4;
}

gboolean
api_has_header (const gchar *answer, const gchar *line)
{
  g_autofree gchar *wanted = g_strdup_printf ("\r\n%s\r\n", line);
  const gchar *found = strstr (answer, wanted);

  return found != NULL && found < api_body (answer);
}
