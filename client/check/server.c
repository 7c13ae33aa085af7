/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "api/ca-file.h"
#include "api/failure.h"
#include "api/json-get.h"
#include "api/json-guard.h"
#include "api/url.h"
#include "check/steps.h"

#define ANSWER_LIMIT ((gsize)64 * 1024)
#define SOON_DAYS    14

/* Beyond the first, Kerberos and second factors still work; beyond the second, they do not. */
#define DRIFT_SECONDS 30
#define WRONG_SECONDS 300

typedef struct
{
  FloeCheckRun *run;
  GUri *uri;
  GSocketConnectable *address;
  GTlsCertificate *certificate; /* what the server showed, good or bad */
  GTlsCertificateFlags errors;
} Server;

/* Where it is. */

static gboolean
resolve (Server *s)
{
  const gchar *host = g_uri_get_host (s->uri);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name (resolver, host, NULL, &error);
  g_autofree gchar *first = NULL;

  if (addresses == NULL)
    {
      floe_check_found (s->run, FLOE_REASON_NAME_UNKNOWN, "%s", host);
      return FALSE;
    }
  first = g_inet_address_to_string (addresses->data);
  /* TRANSLATORS: a host's name and its address */
  floe_check_fine (s->run, FLOE_CHECK_NAME, _ ("%s is %s"), host, first);
  g_resolver_free_addresses (addresses);
  return TRUE;
}

/* reach: a connection to an address, or NULL and why not */
static GSocketConnection *
reach (GSocketConnectable *address, FloeCheckReason *reason)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection;

  g_socket_client_set_timeout (client, FLOE_CHECK_SECONDS);
  connection = g_socket_client_connect (client, address, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    *reason = FLOE_REASON_REFUSED;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    *reason = FLOE_REASON_SILENT;
  else if (error != NULL && error->domain == G_RESOLVER_ERROR)
    *reason = FLOE_REASON_NAME_UNKNOWN;
  else
    *reason = FLOE_REASON_UNREACHABLE;
  return connection;
}

static gchar *
words_of_place (const gchar *host, gint port)
{
  if (strchr (host, ':') != NULL)
    return g_strdup_printf ("[%s]:%d", host, port);
  return g_strdup_printf ("%s:%d", host, port);
}

static GSocketConnection *
reach_server (Server *s)
{
  g_autofree gchar *place = words_of_place (g_uri_get_host (s->uri), g_uri_get_port (s->uri));
  FloeCheckReason reason = FLOE_REASON_FINE;
  GSocketConnection *connection = reach (s->address, &reason);

  if (connection == NULL)
    floe_check_found (s->run, reason, "%s", place);
  else
    floe_check_fine (s->run, FLOE_CHECK_CONNECTION, _ ("%s answers"), place);
  return connection;
}

/* Its certificate, in its own words. */

static gchar *
day_of (GDateTime *time)
{
  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M UTC") : g_strdup ("?");
}

/* describe: for whom it is, by whom, from when until when */
static gchar *
describe (GTlsCertificate *certificate)
{
  g_autofree gchar *subject = g_tls_certificate_get_subject_name (certificate);
  g_autofree gchar *issuer = g_tls_certificate_get_issuer_name (certificate);
  g_autoptr (GDateTime) begin = g_tls_certificate_get_not_valid_before (certificate);
  g_autoptr (GDateTime) end = g_tls_certificate_get_not_valid_after (certificate);
  g_autofree gchar *from = day_of (begin);
  g_autofree gchar *to = day_of (end);

  /* TRANSLATORS: for whom a certificate is, who made it, from when and until when it is valid */
  return g_strdup_printf (_ ("%s, by %s, from %s to %s"), subject != NULL ? subject : "?",
                          issuer != NULL ? issuer : "?", from, to);
}

static gboolean
on_certificate (GTlsConnection *connection, GTlsCertificate *certificate,
                GTlsCertificateFlags errors, gpointer data)
{
  Server *s = data;

  g_set_object (&s->certificate, certificate);
  s->errors = errors;
  return FALSE;
}

static FloeCheckReason
reason_of_flags (GTlsCertificateFlags flags)
{
  const gchar *word = floe_failure_tls_reason (flags);

  if (g_str_equal (word, "tls-name"))
    return FLOE_REASON_WRONG_NAME;
  if (g_str_equal (word, "tls-expired"))
    return FLOE_REASON_EXPIRED;
  if (g_str_equal (word, "tls-not-yet-valid"))
    return FLOE_REASON_NOT_YET_VALID;
  return FLOE_REASON_UNTRUSTED;
}

/* What expires may also be an authority's: the one that expires first counts. */
static gboolean
expires_soon (GTlsCertificate *certificate)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) soon = g_date_time_add_days (now, SOON_DAYS);

  for (GTlsCertificate *c = certificate; c != NULL; c = g_tls_certificate_get_issuer (c))
    {
      g_autoptr (GDateTime) end = g_tls_certificate_get_not_valid_after (c);

      if (end != NULL && g_date_time_compare (end, soon) < 0)
        return TRUE;
    }
  return FALSE;
}

static void
report_certificate (Server *s, GTlsConnection *tls, const GError *error)
{
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (tls);
  g_autofree gchar *words = NULL;

  if (error != NULL && s->certificate == NULL)
    {
      floe_check_found (s->run, FLOE_REASON_NO_TLS, "%s", error->message);
      return;
    }
  if (certificate == NULL)
    certificate = s->certificate;
  words = describe (certificate);
  if (error != NULL)
    floe_check_found (s->run, reason_of_flags (s->errors), "%s", words);
  else if (expires_soon (certificate))
    floe_check_found (s->run, FLOE_REASON_EXPIRES_SOON, "%s", words);
  else
    floe_check_fine (s->run, FLOE_CHECK_CERTIFICATE, "%s", words);
}

/* encrypt: what is spoken through, or NULL where the certificate did not pass */
static GIOStream *
encrypt (Server *s, GSocketConnection *connection, GTlsDatabase *trusted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) tls =
      g_tls_client_connection_new (G_IO_STREAM (connection), s->address, &error);

  if (tls == NULL)
    {
      floe_check_found (s->run, FLOE_REASON_NO_TLS, "%s", error->message);
      return NULL;
    }
  if (trusted != NULL)
    g_tls_connection_set_database (G_TLS_CONNECTION (tls), trusted);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_certificate), s);
  g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, &error);
  report_certificate (s, G_TLS_CONNECTION (tls), error);
  return error == NULL ? g_steal_pointer (&tls) : NULL;
}

static GIOStream *
open_stream (Server *s, GSocketConnection *connection)
{
  const gchar *ca_file = s->run->plan->ca_file;
  g_autoptr (GTlsDatabase) trusted = NULL;
  g_autoptr (GError) error = NULL;

  if (g_str_equal (g_uri_get_scheme (s->uri), "http"))
    return G_IO_STREAM (g_object_ref (connection)); /* to this machine itself */
  if (ca_file != NULL)
    trusted = floe_ca_file_load (ca_file, &error);
  if (error == NULL)
    return encrypt (s, connection, trusted);
  floe_check_found (s->run, FLOE_REASON_CA_FILE, "%s", error->message);
  return NULL;
}

/* What it says. */

/* ask: its health, with the head, which has its time; or NULL */
static gchar *
ask (Server *s, GIOStream *stream)
{
  g_autofree gchar *place = words_of_place (g_uri_get_host (s->uri), g_uri_get_port (s->uri));
  g_autofree gchar *request =
      g_strdup_printf ("GET /api/v1/health HTTP/1.1\r\nHost: %s\r\nUser-Agent: floe/%s\r\n"
                       "Accept: application/json\r\nConnection: close\r\n\r\n",
                       place, FLOE_VERSION);
  g_autofree gchar *answer = g_malloc (ANSWER_LIMIT + 1);
  gsize n = 0;

  if (!g_output_stream_write_all (g_io_stream_get_output_stream (stream), request, strlen (request),
                                  NULL, NULL, NULL))
    return NULL;
  /* An end without TLS's farewell is an error, but what came before it did come. */
  g_input_stream_read_all (g_io_stream_get_input_stream (stream), answer, ANSWER_LIMIT, &n, NULL,
                           NULL);
  answer[n] = '\0';
  return n > 0 ? g_steal_pointer (&answer) : NULL;
}

static void
check_clock (Server *s, SoupMessageHeaders *headers, gint64 asked, gint64 answered)
{
  const gchar *date = soup_message_headers_get_one (headers, "Date");
  g_autoptr (GDateTime) theirs = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;
  g_autofree gchar *text = NULL;
  gint64 off;

  if (theirs == NULL)
    {
      floe_check_found (s->run, FLOE_REASON_NO_DATE, NULL);
      return;
    }
  /* Theirs is cut to a second, and was true at some moment between the two of ours. */
  off = g_date_time_to_unix (theirs) - (asked + answered) / 2 / G_USEC_PER_SEC;
  /* TRANSLATORS: the argument is a number of seconds with its sign, such as +12 */
  text = g_strdup_printf (_ ("the server's is %+d s from ours"),
                          (gint)CLAMP (off, G_MININT, G_MAXINT));
  if (ABS (off) > WRONG_SECONDS)
    floe_check_found (s->run, FLOE_REASON_CLOCK_WRONG, "%s", text);
  else if (ABS (off) > DRIFT_SECONDS)
    floe_check_found (s->run, FLOE_REASON_CLOCK_DRIFTS, "%s", text);
  else
    floe_check_fine (s->run, FLOE_CHECK_CLOCK, "%s", text);
}

/* dup_version: of a body as /health has it, or NULL */
static gchar *
dup_version (gchar *body)
{
  g_auto (FloeJsonSecrets) secrets = { 0 };
  g_autoptr (JsonNode) root = floe_json_parse (body, strlen (body), &secrets, NULL);
  const gchar *version = floe_json_get_text (root, "version");

  if (version == NULL || !json_object_has_member (json_node_get_object (root), "status"))
    return NULL;
  return g_strescape (version, NULL);
}

static void
check_answer (Server *s, gchar *answer, gint64 asked, gint64 answered)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  gchar *end = answer != NULL ? strstr (answer, "\r\n\r\n") : NULL;
  g_autofree gchar *version = NULL;
  guint status = 0;

  if (end == NULL
      || !soup_headers_parse_response (answer, (gint)(end + 2 - answer), headers, NULL, &status,
                                       NULL))
    {
      floe_check_found (s->run, FLOE_REASON_NOT_A_BROKER, NULL);
      return;
    }
  check_clock (s, headers, asked, answered);
  version = status == SOUP_STATUS_OK ? dup_version (end + 4) : NULL;
  if (version != NULL)
    floe_check_fine (s->run, FLOE_CHECK_SERVER, _ ("floe-broker %s is well"), version);
  else if (status >= 500)
    floe_check_found (s->run, FLOE_REASON_SERVER_FAILS, "HTTP %u", status);
  else
    floe_check_found (s->run, FLOE_REASON_NOT_A_BROKER, "HTTP %u", status);
}

static void
look_at (Server *s)
{
  g_autoptr (GSocketConnection) connection = resolve (s) ? reach_server (s) : NULL;
  g_autoptr (GIOStream) stream = connection != NULL ? open_stream (s, connection) : NULL;
  g_autofree gchar *answer = NULL;
  gint64 asked;

  if (stream == NULL)
    return;
  asked = g_get_real_time ();
  answer = ask (s, stream);
  check_answer (s, answer, asked, g_get_real_time ());
}

/**
 * floe_check_server:
 * @run: the test
 *
 * The way to the broker: each step rests on the one before, and those that cannot be done are not.
 */
void
floe_check_server (FloeCheckRun *run)
{
  Server s = { run };
  g_autoptr (GError) error = NULL;
  g_autofree gchar *url = NULL;

  if (run->plan->broker == NULL)
    {
      floe_check_found (run, FLOE_REASON_NO_SERVER, NULL);
      return;
    }
  url = floe_url_normalize (run->plan->broker, &error);
  if (url == NULL)
    {
      floe_check_found (run, FLOE_REASON_BAD_ADDRESS, "%s", run->plan->broker);
      return;
    }
  s.uri = g_uri_parse (url, G_URI_FLAGS_SCHEME_NORMALIZE, NULL);
  s.address = g_network_address_new (g_uri_get_host (s.uri), (guint16)g_uri_get_port (s.uri));
  look_at (&s);
  g_clear_object (&s.certificate);
  g_object_unref (s.address);
  g_uri_unref (s.uri);
}

/**
 * floe_check_display:
 * @run: the test
 *
 * Whether the port of a desktop's display, or of a gateway before it, is open; where one was named.
 */
void
floe_check_display (FloeCheckRun *run)
{
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  FloeCheckReason reason = FLOE_REASON_FINE;

  if (run->plan->display == NULL)
    return;
  address = g_network_address_parse (run->plan->display, 5900, &error);
  connection = address != NULL ? reach (address, &reason) : NULL;
  if (connection != NULL)
    floe_check_fine (run, FLOE_CHECK_DISPLAY, _ ("%s answers"), run->plan->display);
  else
    floe_check_found (run, FLOE_REASON_DISPLAY_CLOSED, "%s", run->plan->display);
}
