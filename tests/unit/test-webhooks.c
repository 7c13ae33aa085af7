/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "core/error.h"
#include "core/helpdesk-announcements.h"
#include "hooks/hook-body.h"
#include "hooks/hook-sender.h"
#include "logs.h"
#include "one-desk.h"

#define OTHER_KEY "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* Somebody who is told what happens: a server of the test's own. */

typedef struct
{
  OneDesk desk;
  SoupServer *server;
  GSocketService *service;
  guint status;
  guint n_told;
  gchar *body;  /* what it was told last */
  GString *all; /* and in all */
  gchar *signature;
  FloeWebhooks *hooks;
  FloeHookSender *sender;
  gchar *url;
  gint64 newest; /* row of the trail */
} Fixture;

static void
on_told (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer data)
{
  Fixture *f = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autoptr (GBytes) bytes =
      soup_message_body_flatten (soup_server_message_get_request_body (message));

  f->n_told++;
  g_free (f->body);
  g_free (f->signature);
  f->body = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_string_append (f->all, f->body);
  f->signature = g_strdup (soup_message_headers_get_one (headers, "Floe-Signature"));
  soup_server_message_set_status (message, f->status, NULL);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *object, Fixture *f)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);

  g_assert_true (
      soup_server_accept_iostream (f->server, G_IO_STREAM (connection), local, remote, NULL));
  return TRUE;
}

/* Not SoupServer's own listener: Debian 12's leaks a socket for each connection. */
static void
listen_on (Fixture *f)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (address, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  f->service = g_socket_service_new ();
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (f->service), any,
                                                G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                                &bound, NULL));
  f->url = g_strdup_printf ("http://127.0.0.1:%u/hook",
                            g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  g_signal_connect (f->service, "incoming", G_CALLBACK (on_incoming), f);
  g_socket_service_start (f->service);
}

static FloeWebhooks *
new_hooks (House *house, const gchar *key)
{
  g_autoptr (FloeSecret) text = floe_secret_new (key, -1);
  g_autoptr (FloeSealKeys) keys = floe_seal_keys_new (text, NULL);

  return floe_webhooks_new (house->counted, FLOE_CLOCK (house->clock), keys);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  House *house;

  one_desk_set_up (&f->desk, NULL);
  house = f->desk.house;
  f->status = 200;
  f->all = g_string_new (NULL);
  f->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->server, "/hook", on_told, f, NULL);
  listen_on (f);
  f->hooks = new_hooks (house, HOUSE_SEAL_KEY "\n");
  f->sender = floe_hook_sender_new (house->counted, f->hooks, FLOE_CLOCK (house->clock));
  floe_hook_sender_start (f->sender);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  floe_hook_sender_stop (f->sender);
  house_settle (f->desk.house);
  g_assert_finalize_object (g_steal_pointer (&f->sender));
  g_assert_finalize_object (g_steal_pointer (&f->hooks));
  g_socket_service_stop (f->service);
  g_socket_listener_close (G_SOCKET_LISTENER (f->service));
  g_clear_object (&f->service);
  soup_server_disconnect (f->server);
  g_clear_object (&f->server);
  g_free (f->body);
  g_string_free (f->all, TRUE);
  g_free (f->signature);
  g_free (f->url);
  one_desk_tear_down (&f->desk, NULL);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static FloeSecret *
add_hook (Fixture *f, const gchar *name, const gchar *url, guint events, GError **error)
{
  g_autoptr (FloeWebhook) hook = floe_webhook_new (name, url, events);
  g_autoptr (FloeWebhook) made = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  FloeSecret *secret = NULL;

  floe_webhooks_add_async (f->hooks, f->desk.alice->identity, hook, house_answered, &result);
  wait_for (&result);
  made = floe_webhooks_add_finish (f->hooks, result, &secret, error);
  return secret;
}

static FloeWebhook *
find_hook (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;

  floe_webhooks_list_async (f->hooks, NULL, house_answered, &result);
  wait_for (&result);
  list = floe_webhooks_list_finish (f->hooks, result, NULL);
  return list->len > 0 ? floe_webhook_copy (list->pdata[0]) : NULL;
}

static gpointer
put_row (FloeTx *tx, gconstpointer row, GError **error)
{
  return floe_tx_put_audit (tx, row, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static gint64
find_newest (House *house)
{
  g_autoptr (GPtrArray) rows = house_audit (house);
  gint64 newest = 0;

  for (guint i = 0; i < rows->len; i++)
    newest = MAX (newest, ((const FloeAudit *)rows->pdata[i])->id);
  return newest;
}

static void
happen (Fixture *f, const gchar *action, const gchar *outcome)
{
  House *house = f->desk.house;
  g_autoptr (FloeAudit) row =
      floe_audit_new (floe_clock_now (FLOE_CLOCK (house->clock)), action, "office-1", outcome);

  g_assert_nonnull (house_write (house, put_row, row, NULL));
  f->newest = find_newest (house);
}

/* Lets the sender look @seconds times, and each of its calls come to its end. */
static void
pass (Fixture *f, guint seconds)
{
  for (guint i = 0; i < seconds; i++)
    {
      gint64 until = g_get_monotonic_time () + 60 * G_TIME_SPAN_MILLISECOND;

      house_advance (f->desk.house, 1);
      while (g_get_monotonic_time () < until)
        if (!g_main_context_iteration (NULL, FALSE))
          g_usleep (1000);
      house_settle (f->desk.house);
    }
}

/* However slow this machine is: until it was told so often, and that is written down. */
static void
wait_until_told (Fixture *f, guint n_told, guint failures)
{
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  gboolean so = FALSE;

  while (!so)
    {
      g_autoptr (FloeWebhook) hook = find_hook (f);

      so = f->n_told == n_told && hook->failures == failures
           && (failures > 0 || (hook->delivered > 0 && hook->told == f->newest));
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      if (!so && !g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
}

/* As whoever is told checks it. */
static void
assert_signed (Fixture *f, const FloeSecret *secret)
{
  g_auto (GStrv) parts = g_strsplit (f->signature + strlen ("t="), ",v1=", 2);
  g_autofree gchar *text = g_strconcat (parts[0], ".", f->body, NULL);
  gsize length;
  const gchar *key = floe_secret_get (secret, &length);
  g_autofree gchar *sum =
      g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)key, length, text, -1);

  g_assert_cmpstr (parts[1], ==, sum);
  g_assert_cmpint (g_ascii_strtoll (parts[0], NULL, 10), <=,
                   floe_clock_now (FLOE_CLOCK (f->desk.house->clock)) / G_USEC_PER_SEC);
}

/* Of what it wants, in order, signed, and once. */
static void
test_told (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeSecret) secret = NULL;
  g_autoptr (FloeWebhook) hook = NULL;
  g_autoptr (GError) error = NULL;

  happen (f, "assign", "done"); /* before anybody wanted to know */
  secret = add_hook (f, "tickets", f->url, FLOE_HOOK_ASSIGNMENT | FLOE_HOOK_ALARM, &error);
  g_assert_no_error (error);
  pass (f, 2);
  g_assert_cmpuint (f->n_told, ==, 0);
  happen (f, "release", "done");
  happen (f, "login", "done");
  happen (f, "start", "failed");
  pass (f, 3);
  wait_until_told (f, 1, 0);
  assert_signed (f, secret);
  g_assert_nonnull (strstr (f->body, "\"event\":\"assignment\""));
  g_assert_nonnull (strstr (f->body, "\"event\":\"alarm\""));
  g_assert_null (strstr (f->body, "login"));
  hook = find_hook (f);
  g_assert_cmpint (hook->delivered, >, 0);
  g_assert_null (strstr (hook->sealed, floe_secret_get (secret, NULL)));
}

/* What is told first is refused, which is logged. */
static void
fail_first (Fixture *f)
{
  f->status = 503;
  logs_expect ("webhook tickets is not told*503*");
  happen (f, "start", "failed");
  pass (f, 3);
  wait_until_told (f, 1, 1);
  logs_assert_expected ();
}

/* Who does not answer is told again, ever later, and then all of it. */
static void
test_again (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeSecret) secret = add_hook (f, "tickets", f->url, FLOE_HOOK_ALARM, NULL);
  g_autoptr (FloeWebhook) failing = NULL;
  g_autoptr (FloeWebhook) well = NULL;

  fail_first (f);
  failing = find_hook (f);
  g_assert_cmpuint (failing->failures, ==, 1);
  g_assert_cmpstr (failing->reason, ==, "status");
  g_assert_cmpstr (failing->problem, ==, "it answers 503");
  happen (f, "host-lost", "done");
  f->status = 204;
  pass (f, 6);
  wait_until_told (f, 2, 0);
  g_assert_nonnull (strstr (f->body, "\"start\""));
  g_assert_nonnull (strstr (f->body, "\"host-lost\""));
  well = find_hook (f);
  g_assert_cmpuint (well->failures, ==, 0);
  g_assert_null (well->problem);
  g_assert_nonnull (secret);
}

static void
assert_refused (Fixture *f, const gchar *name, const gchar *url, guint events)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (add_hook (f, name, url, events, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeSecret) secret = NULL;
  g_autoptr (FloeWebhook) hook = NULL;
  g_autoptr (FloeWebhooks) others = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  assert_refused (f, "A", "https://a.example", FLOE_HOOK_ALARM);
  assert_refused (f, "a", "http://a.example", FLOE_HOOK_ALARM);
  assert_refused (f, "a", "http://127.0.0.1@a.example", FLOE_HOOK_ALARM);
  assert_refused (f, "a", "https://me:secret@a.example", FLOE_HOOK_ALARM);
  assert_refused (f, "a", "file:///etc/passwd", FLOE_HOOK_ALARM);
  assert_refused (f, "a", "https://a.example", 0);
  secret = add_hook (f, "a", "https://a.example/x", FLOE_HOOK_POOL, &error);
  g_assert_no_error (error);
  g_assert_null (add_hook (f, "a", "https://a.example/y", FLOE_HOOK_POOL, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "name-taken");
  g_clear_error (&error);
  /* Another key opens nothing. */
  others = new_hooks (f->desk.house, "ff" OTHER_KEY "\n");
  hook = find_hook (f);
  g_assert_null (floe_webhooks_open (others, hook, &error));
  g_assert_nonnull (error);
  floe_webhooks_drop_async (f->hooks, f->desk.alice->identity, "a", house_answered, &result);
  wait_for (&result);
  g_assert_true (floe_webhooks_drop_finish (f->hooks, result, NULL));
  g_assert_null (find_hook (f));
  g_assert_cmpuint (house_count_audit (f->desk.house, "webhook", "done"), ==, 1);
  g_assert_cmpuint (house_count_audit (f->desk.house, "webhook-drop", "done"), ==, 1);
}

#define ENDED                                                                                      \
  "\"action\":\"session-end\",\"outcome\":\"done\",\"object\":\"office-1\",\"actor\":\"alice\","   \
  "\"detail\":\"network\""

/* Of each kind something that really happens is told. */
static void
test_kinds (Fixture *f, gconstpointer data)
{
  static const gchar *const told[] = {
    "\"event\":\"assignment\",\"at\":\"",
    "\"action\":\"assign\"",
    "\"action\":\"release\"",
    "\"event\":\"session\"",
    "\"action\":\"ticket\"",
    ENDED,
    "\"event\":\"pool\"",
    "\"action\":\"pool-close\"",
    "\"event\":\"alarm\"",
    "\"action\":\"host-lost\",\"outcome\":\"done\",\"object\":\"host1\"",
  };
  g_autoptr (FloeSecret) secret =
      add_hook (f, "all", f->url,
                FLOE_HOOK_ASSIGNMENT | FLOE_HOOK_SESSION | FLOE_HOOK_POOL | FLOE_HOOK_ALARM, NULL);
  House *house = f->desk.house;
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  guint i = 0;

  one_desk_get_in (&f->desk);
  house_close_console (house, DESK);
  house_advance (house, f->desk.pool->grace_seconds + 5);
  one_desk_assert_held (&f->desk, FALSE);
  g_assert_true (one_desk_close_pool (&f->desk, "office", NULL, FALSE, 0, NULL));
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (house->manager);
  house_settle (house);
  while (i < G_N_ELEMENTS (told))
    {
      if (g_get_monotonic_time () > deadline)
        g_error ("%s is not in %s", told[i], f->all->str);
      if (strstr (f->all->str, told[i]) != NULL)
        i++;
      else
        pass (f, 1);
    }
  g_assert_nonnull (secret);
}

/* A test is told at once, to that one only, by whatever was to be waited for. */
static void
test_test (Fixture *f, gconstpointer data)
{
  g_autofree gchar *elsewhere = g_strconcat (f->url, "/not", NULL);
  g_autoptr (FloeSecret) secret = add_hook (f, "tickets", f->url, FLOE_HOOK_ALARM, NULL);
  g_autoptr (FloeSecret) other = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) unknown = NULL;
  g_autoptr (GError) error = NULL;

  fail_first (f);
  f->status = 200;
  other = add_hook (f, "zoo", elsewhere, FLOE_HOOK_ALARM, NULL);
  floe_webhooks_test_async (f->hooks, f->desk.alice->identity, "tickets", house_answered, &result);
  wait_for (&result);
  g_assert_true (floe_webhooks_test_finish (f->hooks, result, NULL));
  f->newest = find_newest (f->desk.house);
  pass (f, 2);
  wait_until_told (f, 2, 0);
  g_assert_nonnull (strstr (f->body, "\"event\":\"test\""));
  g_assert_nonnull (strstr (f->body, "\"start\""));
  floe_webhooks_test_async (f->hooks, f->desk.alice->identity, "nobody", house_answered, &unknown);
  wait_for (&unknown);
  g_assert_false (floe_webhooks_test_finish (f->hooks, unknown, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_assert_nonnull (secret);
  g_assert_nonnull (other);
}

/* Of an authority that nobody here knows. */
static const gchar stranger[] = "-----BEGIN CERTIFICATE-----\n"
                                "MIIBjzCCATagAwIBAgIUUdrivWISsskLGJ15JTK+53BtED8wCgYIKoZIzj0EAwIw\n"
                                "FDESMBAGA1UEAwwJaG9vay50ZXN0MCAXDTI2MTEyOTIzMzcxMFoYDzIxMjYxMTA1\n"
                                "MjMzNzEwWjAUMRIwEAYDVQQDDAlob29rLnRlc3QwWTATBgcqhkjOPQIBBggqhkjO\n"
                                "PQMBBwNCAAR4jUlb4dP0VjwGYbLrRMSsKtU52p0fGGske7opOT7z2UDzfz/R3oZW\n"
                                "vWaR1QMkofodk2cCKDmWNjQKc2LUOuMKo2QwYjAdBgNVHQ4EFgQU//N50sd30zI/\n"
                                "DvDvhWH3kQ1Ak6MwHwYDVR0jBBgwFoAU//N50sd30zI/DvDvhWH3kQ1Ak6MwDwYD\n"
                                "VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0cAMEQC\n"
                                "IF8euXA0Mz83UeYWJ8d9akHbLrvcJfaKc4ilfwqf6wnRAiBYsMBkziaDMw5l7O6d\n"
                                "Q+d9zrDL0UmQ8yNvRRVPM+JhUA==\n"
                                "-----END CERTIFICATE-----\n"
                                "-----BEGIN PRIVATE KEY-----\n"
                                "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFm/qaF37aIblbFBZ\n"
                                "9vPx0igZ90gNMdBPlL08UxpoRFehRANCAAR4jUlb4dP0VjwGYbLrRMSsKtU52p0f\n"
                                "GGske7opOT7z2UDzfz/R3oZWvWaR1QMkofodk2cCKDmWNjQKc2LUOuMK\n"
                                "-----END PRIVATE KEY-----\n";

static gboolean
on_stranger (GSocketService *service, GSocketConnection *connection, GObject *object,
             GTlsCertificate *certificate)
{
  g_autoptr (GIOStream) tls =
      g_tls_server_connection_new (G_IO_STREAM (connection), certificate, NULL);

  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  return TRUE;
}

/* Nothing is told to somebody who may be anybody, and why is said. */
static void
test_certificate (Fixture *f, gconstpointer data)
{
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (stranger, -1, NULL);
  g_autofree gchar *url = g_strconcat ("https", f->url + strlen ("http"), NULL);
  g_autoptr (FloeSecret) secret = add_hook (f, "tickets", url, FLOE_HOOK_ALARM, NULL);
  g_autoptr (FloeWebhook) hook = NULL;

  g_signal_handlers_disconnect_by_data (f->service, f);
  g_signal_connect (f->service, "incoming", G_CALLBACK (on_stranger), certificate);
  logs_expect ("webhook tickets is not told*certificate*");
  happen (f, "start", "failed");
  pass (f, 2);
  wait_until_told (f, 0, 1);
  logs_assert_expected ();
  hook = find_hook (f);
  g_assert_cmpstr (hook->reason, ==, "certificate");
  g_assert_cmpstr (hook->problem, ==,
                   "its certificate is signed by no authority that is trusted here");
  g_signal_handlers_disconnect_by_data (f->service, certificate);
  g_assert_nonnull (secret);
}

static gboolean
leads (gpointer data)
{
  return *(gboolean *)data;
}

/* Of several brokers, the one that leads tells it, when no row can come in between any more. */
static void
test_leader (Fixture *f, gconstpointer data)
{
  gboolean leading = FALSE;
  g_autoptr (FloeSecret) secret = add_hook (f, "tickets", f->url, FLOE_HOOK_ALARM, NULL);

  floe_hook_sender_set_guard (f->sender, leads, &leading);
  happen (f, "host-lost", "done");
  pass (f, 17);
  g_assert_cmpuint (f->n_told, ==, 0);
  leading = TRUE;
  pass (f, 3);
  wait_until_told (f, 1, 0);
  happen (f, "host-lost", "done");
  pass (f, 5);
  g_assert_cmpuint (f->n_told, ==, 1);
  pass (f, 12);
  wait_until_told (f, 2, 0);
  floe_hook_sender_stop (f->sender);
  g_assert_nonnull (secret);
}

static guint
count_in (const gchar *text, const gchar *what)
{
  guint n = 0;

  for (const gchar *at = text; (at = strstr (at, what)) != NULL; at++)
    n++;
  return n;
}

/* Two brokers: exactly one tells it, and when it does not lead any more, the other one. */
static void
test_two (Fixture *f, gconstpointer data)
{
  House *house = f->desk.house;
  gboolean first = TRUE, second = FALSE;
  g_autoptr (FloeHookSender) other =
      floe_hook_sender_new (house->counted, f->hooks, FLOE_CLOCK (house->clock));
  g_autoptr (FloeSecret) secret = add_hook (f, "tickets", f->url, FLOE_HOOK_ALARM, NULL);

  floe_hook_sender_set_guard (f->sender, leads, &first);
  floe_hook_sender_set_guard (other, leads, &second);
  floe_hook_sender_start (other);
  happen (f, "host-lost", "done");
  pass (f, 17);
  wait_until_told (f, 1, 0);
  happen (f, "start", "failed");
  first = FALSE; /* before it could tell that */
  second = TRUE;
  pass (f, 18);
  wait_until_told (f, 2, 0);
  g_assert_cmpuint (count_in (f->all->str, "\"host-lost\""), ==, 1);
  g_assert_cmpuint (count_in (f->all->str, "\"start\""), ==, 1);
  floe_hook_sender_stop (f->sender);
  floe_hook_sender_stop (other);
  g_assert_nonnull (secret);
}

static void
test_pauses (void)
{
  g_assert_cmpint (floe_webhook_pause (1), ==, 5 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (floe_webhook_pause (3), ==, 20 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (floe_webhook_pause (100), ==, G_TIME_SPAN_HOUR);
}

#define ADD(name, func) g_test_add ("/webhooks/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("told", test_told);
  ADD ("again", test_again);
  ADD ("refused", test_refused);
  ADD ("kinds", test_kinds);
  ADD ("test", test_test);
  ADD ("certificate", test_certificate);
  ADD ("leader", test_leader);
  ADD ("two", test_two);
  g_test_add_func ("/webhooks/pauses", test_pauses);
  return g_test_run ();
}
