/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-test-private.h"

#include "core/error.h"
#include "directory/ldap-certificate.h"
#include "directory/ldap-look.h"

/* A certificate that ends within these is worth a word. */
#define DAYS_LEFT 30

/**
 * floe_ldap_trial_search:
 *
 * One search, waited for. Blocks, for no longer than one answer may take.
 *
 * Returns: (transfer full) (nullable): what came
 */
LDAPMessage *
floe_ldap_trial_search (FloeLdapTrial *self, const gchar *base, gint scope, const gchar *filter,
                        const gchar *const *attributes, gint max, FloeLdapReply *reply)
{
  FloeLdapLimit limit = floe_ldap_limit_new (self->settings->operation_timeout, G_MAXINT64, NULL);
  const FloeLdapQuery query = { base, scope, filter, attributes, max };

  return floe_ldap_look_for (self->handle, &query, &limit, reply);
}

/**
 * floe_ldap_trial_read:
 *
 * Returns: (transfer full) (nullable): a message with that one entry; %NULL where there is none, or
 *   none that the service account may read
 */
LDAPMessage *
floe_ldap_trial_read (FloeLdapTrial *self, const gchar *dn, const gchar *const *attributes)
{
  FloeLdapLimit limit = floe_ldap_limit_new (self->settings->operation_timeout, G_MAXINT64, NULL);

  return floe_ldap_look_at (self->handle, dn, attributes, &limit);
}

static gchar *
host_of (const gchar *uri)
{
  LDAPURLDesc *url = NULL;
  gchar *host = NULL;

  if (ldap_url_parse (uri, &url) == LDAP_URL_SUCCESS)
    host = g_strdup (url->lud_host);
  ldap_free_urldesc (url);
  return host;
}

typedef struct
{
  GMainLoop *loop;
  GCancellable *cancellable;
  GList *addresses;
  GError *error;
} Lookup;

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer data)
{
  Lookup *lookup = data;

  lookup->addresses =
      g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &lookup->error);
  g_main_loop_quit (lookup->loop);
}

static gboolean
on_too_late (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

/* In a context of its own: the resolver cannot be hurried, but it can be left alone. */
static void
look_up (Lookup *lookup, const gchar *host, guint seconds)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) timeout = g_timeout_source_new_seconds (seconds);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  g_main_context_push_thread_default (context);
  lookup->loop = g_main_loop_new (context, FALSE);
  lookup->cancellable = g_cancellable_new ();
  g_source_set_callback (timeout, on_too_late, lookup->cancellable, NULL);
  g_source_attach (timeout, context);
  g_resolver_lookup_by_name_async (resolver, host, lookup->cancellable, on_resolved, lookup);
  g_main_loop_run (lookup->loop);
  g_source_destroy (timeout);
  g_main_loop_unref (lookup->loop);
  g_object_unref (lookup->cancellable);
  g_main_context_pop_thread_default (context);
}

static gboolean
test_name (FloeLdapTrial *self, const gchar *uri)
{
  g_autofree gchar *host = host_of (uri);
  g_autoptr (GString) text = g_string_new (NULL);
  Lookup lookup = { NULL };

  look_up (&lookup, host, self->settings->connect_timeout);
  if (lookup.addresses == NULL)
    {
      floe_report_wrong (self->report,
                         "[directory] uris: name a server that this machine's DNS knows",
                         "the name \"%s\" cannot be resolved (%s)", host,
                         lookup.error != NULL ? lookup.error->message : "no address");
      g_clear_error (&lookup.error);
      return FALSE;
    }
  for (GList *l = lookup.addresses; l != NULL; l = l->next)
    {
      g_autofree gchar *address = g_inet_address_to_string (l->data);

      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", address);
    }
  floe_report_ok (self->report, "the name \"%s\" is %s", host, text->str);
  g_resolver_free_addresses (lookup.addresses);
  return TRUE;
}

static void
describe (FloeLdapTrial *self, const FloeLdapCertificate *certificate)
{
  g_autofree gchar *begins = certificate->begins != NULL
                                 ? g_date_time_format (certificate->begins, "%Y-%m-%d %H:%M UTC")
                                 : g_strdup ("?");
  g_autofree gchar *ends = certificate->ends != NULL
                               ? g_date_time_format (certificate->ends, "%Y-%m-%d %H:%M UTC")
                               : g_strdup ("?");

  floe_report_ok (self->report, "certificate: subject %s; for %s; issuer %s; valid from %s to %s",
                  certificate->subject != NULL ? certificate->subject : "?",
                  *certificate->names != '\0' ? certificate->names : "no name at all",
                  certificate->issuer != NULL ? certificate->issuer : "?", begins, ends);
}

static void
warn_of_end (FloeLdapTrial *self, const FloeLdapCertificate *certificate)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  GTimeSpan left;

  if (certificate->ends == NULL)
    return;
  left = g_date_time_difference (certificate->ends, now);
  if (left > 0 && left < DAYS_LEFT * G_TIME_SPAN_DAY)
    floe_report_warn (self->report, "renew it at the server", "the certificate ends in %d days",
                      (gint)(left / G_TIME_SPAN_DAY));
}

typedef void (*Say) (FloeReport *report, const gchar *change, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);

/* What GIO found, where libldap refuses the certificate; and where it does not, a doubt. */
static guint
tell_problems (FloeLdapTrial *self, const gchar *uri, const FloeLdapCertificate *certificate,
               Say say)
{
  g_autofree gchar *host = host_of (uri);
  GTlsCertificateFlags problems = certificate->problems;

  if ((problems & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0 && certificate->subject != NULL
      && g_strcmp0 (certificate->subject, certificate->issuer) == 0)
    say (self->report, "[directory] ca_file: the PEM file of an authority, or of this certificate",
         "the certificate signed itself, and is not in %s", self->settings->ca_file);
  else if ((problems & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    say (self->report, "[directory] ca_file: the PEM file of the authority that signed it",
         "no authority in %s signed the certificate; %s did", self->settings->ca_file,
         certificate->issuer != NULL ? certificate->issuer : "an unknown one");
  if ((problems & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    say (self->report,
         "[directory] uris: call the server by a name of its certificate, or give it a new one",
         "the certificate is not for \"%s\" but for %s", host,
         *certificate->names != '\0' ? certificate->names : "no name at all");
  if ((problems & G_TLS_CERTIFICATE_EXPIRED) != 0)
    say (self->report, "renew it at the server, or set this machine's clock",
         "the certificate has expired");
  if ((problems & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    say (self->report, "set this machine's clock, or the server's",
         "the certificate is not valid yet");
  if ((problems & G_TLS_CERTIFICATE_REVOKED) != 0)
    say (self->report, "give the server a new one", "the certificate is revoked");
  if ((problems & G_TLS_CERTIFICATE_INSECURE) != 0)
    say (self->report, "give the server a new one, with a newer algorithm",
         "the certificate uses an algorithm that is not safe any more");
  return (guint)problems & ~(guint)G_TLS_CERTIFICATE_GENERIC_ERROR;
}

static void
refuse_tls (FloeLdapTrial *self, const gchar *uri, const FloeLdapCertificate *certificate,
            const GError *why)
{
  guint told = certificate != NULL ? tell_problems (self, uri, certificate, floe_report_wrong) : 0;

  if (told == 0)
    floe_report_wrong (self->report,
                       "[directory] uris: the port and the scheme, ldaps:// or ldap:// with "
                       "starttls; [directory] ca_file; the server's own TLS settings",
                       "%s", why->message);
}

static FloeLdapHandle *
open_encrypted (FloeLdapTrial *self, const gchar *uri, const FloeLdapCertificate *certificate)
{
  FloeLdapLimit limit = floe_ldap_limit_new (self->settings->connect_timeout, G_MAXINT64, NULL);
  g_autoptr (GError) why = NULL;
  FloeLdapHandle *handle = floe_ldap_handle_open (self->settings, uri, self->guard, &limit, &why);

  if (handle == NULL)
    {
      refuse_tls (self, uri, certificate, why);
      return NULL;
    }
  floe_report_ok (self->report, "TLS: the certificate is accepted");
  if (certificate != NULL)
    {
      tell_problems (self, uri, certificate, floe_report_warn);
      warn_of_end (self, certificate);
    }
  return handle;
}

static FloeLdapHandle *
test_connection (FloeLdapTrial *self, const gchar *uri)
{
  gint64 until = g_get_monotonic_time () + (gint64)self->settings->connect_timeout * G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeLdapCertificate) certificate =
      floe_ldap_certificate_fetch (self->settings, uri, self->guard, until, &error);

  if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE))
    {
      floe_report_wrong (self->report,
                         "start the server, let the firewall pass it, or set [directory] uris",
                         "TCP: %s", error->message);
      return NULL;
    }
  floe_report_ok (self->report, "TCP: connected");
  if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT))
    {
      floe_report_wrong (self->report,
                         "[directory] uris: the port and the scheme; [directory] "
                         "connect_timeout if the server is only slow",
                         "%s (%u s)", error->message, self->settings->connect_timeout);
      return NULL;
    }
  if (certificate != NULL)
    describe (self, certificate);
  return open_encrypted (self, uri, certificate);
}

static gboolean
test_service (FloeLdapTrial *self)
{
  FloeLdapLimit limit = floe_ldap_limit_new (self->settings->operation_timeout, G_MAXINT64, NULL);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (GError) error = NULL;
  const gchar *change = "[directory] bind_dn, and what the file of bind_password_file holds";

  floe_ldap_handle_bind (self->handle, self->settings->bind_dn, self->settings->bind_password,
                         &limit, &reply);
  if (floe_ldap_judge (FLOE_LDAP_SERVICE_BIND, &reply, &error) == FLOE_LDAP_FINE)
    {
      floe_report_ok (self->report, "the service account %s logs in", self->settings->bind_dn);
      return TRUE;
    }
  if (reply.code < 0)
    change = "[directory] operation_timeout if the server is only slow; the server's log";
  floe_report_wrong (self->report, change, "the service account %s does not log in: %s (%s)",
                     self->settings->bind_dn, error->message, ldap_err2string (reply.code));
  return FALSE;
}

static gboolean
test_server (FloeLdapTrial *self, const gchar *uri, gboolean with_lockout)
{
  gboolean fit;

  floe_report_head (self->report, "server %s:", uri);
  if (!test_name (self, uri))
    return FALSE;
  self->handle = test_connection (self, uri);
  if (self->handle == NULL)
    return FALSE;
  fit = test_service (self);
  if (fit)
    {
      floe_ldap_trial_base (self);
      floe_ldap_trial_clock (self);
      if (with_lockout)
        floe_ldap_trial_lockout (self);
      if (self->test->user != NULL)
        floe_ldap_trial_person (self);
    }
  g_clear_pointer (&self->handle, floe_ldap_handle_free);
  return fit;
}

/**
 * floe_ldap_test_run:
 * @test: what to test
 * @print: gets each line as it is found
 * @data: for @print
 *
 * Goes the way of a log-in as far as that is possible without a password, at every server by
 * itself, and says what is wrong on it and what to change. A server that does not answer costs
 * twice `connect_timeout` at most, for its name and for the connection. Blocks.
 *
 * Returns: whether nothing is wrong
 */
gboolean
floe_ldap_test_run (const FloeLdapTest *test, FloeReportPrint print, gpointer data)
{
  g_autoptr (FloeLdapSettings) settings = floe_ldap_settings_copy (test->settings);
  g_autoptr (FloeReport) report = floe_report_new (print, data);
  g_autoptr (FloeLdapGuard) guard = NULL;
  g_autoptr (GError) error = NULL;
  FloeLdapTrial trial = { .test = test, .settings = settings, .report = report };
  gboolean fit = FALSE;

  if (!floe_ldap_settings_check (settings, &error))
    {
      floe_report_wrong (report, "[directory]", "%s", error->message);
      return floe_report_end (report);
    }
  guard = floe_ldap_guard_new ();
  trial.guard = guard;
  for (guint i = 0; settings->uris[i] != NULL; i++)
    fit |= test_server (&trial, settings->uris[i], !fit);
  g_free (trial.found_id);
  return floe_report_end (report);
}
