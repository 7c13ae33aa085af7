/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker.h"
#include "api/error.h"
#include "api/failure.h"
#include "client-fake.h"

#ifdef __SANITIZE_ADDRESS__
/* LeakSanitizer itself crashes at the end of a process that held a TLS server of GnuTLS's ("Tracer
 * caught signal 11"). Addresses and undefined behaviour are checked all the same, leaks by
 * memcheck. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "detect_leaks=0";
}
#endif

static gchar *dir;

static gchar *
in_dir (const gchar *name)
{
  return g_build_filename (dir, name, NULL);
}

/* What asking the fake's health with this CA ends in; NULL when it is answered. */
static GError *
ask (const gchar *url, const gchar *ca)
{
  g_autofree gchar *ca_file = ca != NULL ? in_dir (ca) : NULL;
  g_autoptr (FloeBroker) broker = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (JsonNode) node = NULL;
  GAsyncResult *slot = NULL;
  GError *error = NULL;

  broker = floe_broker_new (url, ca_file, &error);
  g_assert_no_error (error);
  floe_broker_set_timeouts (broker, 60000, 60000);
  floe_broker_call_async (broker, "GET", "health", NULL, NULL, fake_on_done, &slot);
  result = fake_wait (&slot);
  node = floe_broker_call_finish (broker, result, &error);
  g_assert_true ((node == NULL) == (error != NULL));
  return error;
}

typedef struct
{
  const gchar *pem;
  const gchar *ca;
  const gchar *reason; /* NULL: it works */
} Row;

static void
test_certificate (gconstpointer data)
{
  const Row *row = data;
  g_autofree gchar *pem = in_dir (row->pem);
  g_autoptr (FakeBroker) fake = fake_broker_new_tls (pem);
  g_autofree gchar *url = fake_broker_url (fake);
  g_autoptr (GError) error = NULL;

  fake_broker_answer_file (fake, "GET /api/v1/health", 200, "health.json");
  error = ask (url, row->ca);
  if (row->reason == NULL)
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NETWORK);
  g_assert_cmpstr (floe_client_error_reason (error), ==, row->reason);
  g_assert_false (floe_client_error_is_passing (error));
  g_assert_cmpuint (fake_broker_n_requests (fake, "GET /api/v1/health"), ==, 0);
}

/* Whom one broker object trusts, made before or after, is nothing to another one. */
static void
test_several_trusts (void)
{
  g_autofree gchar *pem = in_dir ("good.pem");
  g_autofree gchar *ca_file = in_dir ("ca.crt");
  g_autoptr (FakeBroker) fake = fake_broker_new_tls (pem);
  g_autofree gchar *url = fake_broker_url (fake);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeBroker) ours = floe_broker_new (url, ca_file, &error);
  g_autoptr (FloeBroker) systems = NULL;
  const struct
  {
    FloeBroker **broker;
    const gchar *reason;
  } turns[] = { { &systems, "tls-untrusted" }, { &ours, NULL }, { &systems, "tls-untrusted" } };

  g_assert_no_error (error);
  systems = floe_broker_new (url, NULL, &error);
  g_assert_no_error (error);
  fake_broker_answer_file (fake, "GET /api/v1/health", 200, "health.json");
  for (guint i = 0; i < G_N_ELEMENTS (turns); i++)
    {
      g_autoptr (FloeBroker) G_GNUC_UNUSED unused =
          floe_broker_new (url, i % 2 == 0 ? ca_file : NULL, NULL);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (JsonNode) node = NULL;
      g_autoptr (GError) why = NULL;
      GAsyncResult *slot = NULL;

      floe_broker_call_async (*turns[i].broker, "GET", "health", NULL, NULL, fake_on_done, &slot);
      result = fake_wait (&slot);
      node = floe_broker_call_finish (*turns[i].broker, result, &why);
      g_assert_cmpstr (why != NULL ? floe_client_error_reason (why) : NULL, ==, turns[i].reason);
    }
}

static void
test_plain_behind_https (void)
{
  g_autoptr (FakeBroker) fake = fake_broker_new ();
  g_autofree gchar *url = g_strdup_printf ("https://localhost:%u", fake_broker_port (fake));
  g_autoptr (GError) error = NULL;

  fake_broker_raw (fake, "HTTP/1.1 400 Bad Request\r\n\r\n");
  error = ask (url, "ca.crt");
  g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NETWORK);
  g_assert_cmpstr (floe_client_error_reason (error), ==, "tls-protocol");
}

static void
test_hung_handshake (void)
{
  g_autoptr (FakeBroker) fake = fake_broker_new ();
  g_autofree gchar *url = g_strdup_printf ("https://localhost:%u", fake_broker_port (fake));
  g_autofree gchar *ca = in_dir ("ca.crt");
  g_autoptr (FloeBroker) broker = floe_broker_new (url, ca, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slot = NULL;

  fake_broker_deaf (fake);
  floe_broker_set_timeouts (broker, 150, 60000);
  floe_broker_call_async (broker, "GET", "health", NULL, NULL, fake_on_done, &slot);
  result = fake_wait (&slot);
  g_assert_null (floe_broker_call_finish (broker, result, &error));
  g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NETWORK);
  g_assert_cmpstr (floe_client_error_reason (error), ==, "timeout");
}

static guint16
free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

/* openssl itself is the server here: GnuTLS would not offer the old version. */
static void
test_old_version (void)
{
  guint16 port = free_port ();
  g_autofree gchar *where = g_strdup_printf ("127.0.0.1:%u", port);
  g_autofree gchar *url = g_strdup_printf ("https://localhost:%u", port);
  g_autofree gchar *pem = in_dir ("good.pem");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) server =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                            | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                        &error, "openssl", "s_server", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0",
                        "-accept", where, "-cert", pem, "-www", NULL);

  g_assert_no_error (error);
  do
    {
      g_clear_error (&error);
      error = ask (url, "ca.crt");
    }
  while (floe_client_error_has_reason (error, "refused")); /* until it listens */
  g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NETWORK);
  g_assert_cmpstr (floe_client_error_reason (error), ==, "tls-protocol");
  g_subprocess_force_exit (server);
  g_subprocess_wait (server, NULL, NULL);
}

static void
test_ca_files (void)
{
  const gchar *const names[] = { "missing.crt", ".", "empty", "text", "ca.key" };
  g_autofree gchar *empty = in_dir ("empty");
  g_autofree gchar *text = in_dir ("text");

  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_assert_true (g_file_set_contents (text, "no certificate\n", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *file = in_dir (names[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (floe_broker_new ("https://localhost", file, &error));
      g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_INVALID);
      g_assert_cmpstr (floe_client_error_reason (error), ==, "ca-file");
    }
}

static void
test_flags (void)
{
  const struct
  {
    GTlsCertificateFlags flags;
    const gchar *reason;
  } rows[] = {
    { G_TLS_CERTIFICATE_UNKNOWN_CA, "tls-untrusted" },
    { G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_EXPIRED, "tls-untrusted" },
    { G_TLS_CERTIFICATE_REVOKED, "tls-untrusted" },
    { G_TLS_CERTIFICATE_INSECURE, "tls-untrusted" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY | G_TLS_CERTIFICATE_EXPIRED, "tls-name" },
    { G_TLS_CERTIFICATE_EXPIRED, "tls-expired" },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, "tls-not-yet-valid" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (floe_failure_tls_reason (rows[i].flags), ==, rows[i].reason);
}

static void
test_failures (void)
{
  const struct
  {
    GQuark domain;
    gint code;
    const gchar *reason;
  } rows[] = {
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "dns" },
    { G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, "dns" },
    { G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, "dns" },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused" },
    { G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, "unreachable" },
    { G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, "unreachable" },
    { G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "timeout" },
    { G_IO_ERROR, G_IO_ERROR_PROXY_FAILED, "proxy" },
    { G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH, "proxy" },
    { G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "closed" },
    { G_IO_ERROR, G_IO_ERROR_FAILED, "closed" },
    { G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE, "tls-protocol" },
    { G_TLS_ERROR, G_TLS_ERROR_NOT_TLS, "tls-protocol" },
    { G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, "tls-untrusted" },
    { G_TLS_ERROR, G_TLS_ERROR_EOF, "closed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) from = g_error_new_literal (rows[i].domain, rows[i].code, "x");
      g_autoptr (GError) to = floe_failure_map (from, 0);

      g_assert_error (to, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NETWORK);
      g_assert_cmpstr (floe_client_error_reason (to), ==, rows[i].reason);
    }
}

int
main (int argc, char **argv)
{
  static const Row good = { "good.pem", "ca.crt", NULL };
  static const Row wrong_ca = { "good.pem", "other.crt", "tls-untrusted" };
  static const Row system_ca = { "good.pem", NULL, "tls-untrusted" };
  static const Row expired = { "expired.pem", "ca.crt", "tls-expired" };
  static const Row wrong_name = { "name.pem", "ca.crt", "tls-name" };
  gint status;

  g_test_init (&argc, &argv, NULL);
  dir = fake_dir_new ();
  fake_make_ca (dir, "ca");
  fake_make_ca (dir, "other");
  fake_make_certificate (dir, "ca", "good", "DNS:localhost", 1);
  fake_make_certificate (dir, "ca", "expired", "DNS:localhost", -1);
  fake_make_certificate (dir, "ca", "name", "DNS:broker.example.com", 1);
  g_test_add_data_func ("/client-tls/good", &good, test_certificate);
  g_test_add_data_func ("/client-tls/wrong-ca", &wrong_ca, test_certificate);
  g_test_add_data_func ("/client-tls/system-ca", &system_ca, test_certificate);
  g_test_add_data_func ("/client-tls/expired", &expired, test_certificate);
  g_test_add_data_func ("/client-tls/wrong-name", &wrong_name, test_certificate);
  g_test_add_func ("/client-tls/several-trusts", test_several_trusts);
  g_test_add_func ("/client-tls/plain-behind-https", test_plain_behind_https);
  g_test_add_func ("/client-tls/hung-handshake", test_hung_handshake);
  g_test_add_func ("/client-tls/old-version", test_old_version);
  g_test_add_func ("/client-tls/ca-files", test_ca_files);
  g_test_add_func ("/client-tls/flags", test_flags);
  g_test_add_func ("/client-tls/failures", test_failures);
  status = g_test_run ();
  fake_dir_remove (dir);
  g_free (dir);
  return status;
}
