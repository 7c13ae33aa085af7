/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-calls.h"

#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/error.h"
#include "manager/libvirt/domain-xml.h"
#include "manager/libvirt/libvirt-connection.h"
#include "manager/libvirt/libvirt-error.h"
#include "manager/libvirt/libvirt-values.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, virDomainFree)

/* How long after it was asked for a ticket may be set: a lease lives longer than the first, and a
 * broker that was stopped for the second may find somebody else on the desktop. */
#define TICKET_WITHIN (10 * G_USEC_PER_SEC)
#define SPENT_WITHIN  (2 * G_USEC_PER_SEC)

static gint64
boot_time (void)
{
  struct timespec t;

  clock_gettime (CLOCK_BOOTTIME, &t);
  return (gint64)t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

FloeLibvirtRequest *
floe_libvirt_request_new (const gchar *id)
{
  FloeLibvirtRequest *self = g_new0 (FloeLibvirtRequest, 1);

  self->asked = boot_time ();
  self->id = g_strdup (id);
  return self;
}

void
floe_libvirt_request_free (FloeLibvirtRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  floe_ticket_free (self->ticket);
  floe_policy_free (self->policy);
  g_free (self);
}

void
floe_libvirt_seen_free (FloeLibvirtSeen *self)
{
  if (self == NULL)
    return;
  floe_domain_free (self->domain);
  g_free (self);
}

static virDomainPtr
find (virConnectPtr connection, const gchar *id, GError **error)
{
  virDomainPtr domain = virDomainLookupByUUIDString (connection, id);

  if (domain == NULL)
    floe_libvirt_set_error (error, "cannot look up the domain");
  return domain;
}

static FloeDomainXml *
read_xml (virDomainPtr domain, guint flags, GError **error)
{
  char *text = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_SECURE | flags);
  FloeDomainXml *xml;

  if (text == NULL)
    {
      floe_libvirt_set_error (error, "cannot read the domain's XML");
      return NULL;
    }
  xml = floe_domain_xml_new (text, error); /* overwrites the passwords in it */
  free (text);
  return xml;
}

static gboolean
read_power (virDomainPtr domain, FloePower *power, GError **error)
{
  int state, reason;

  if (virDomainGetState (domain, &state, &reason, 0) < 0)
    {
      floe_libvirt_set_error (error, "cannot read the domain's state");
      return FALSE;
    }
  *power = floe_libvirt_power_from_state (state, reason);
  return TRUE;
}

static void
describe (FloeDomain *domain, const FloeDomainXml *defined, const FloeDomainXml *live)
{
  domain->pool = g_strdup (floe_domain_xml_get_pool (defined));
  domain->has_agent = floe_domain_xml_has_agent (live != NULL ? live : defined);
  domain->agent_connected = live != NULL && floe_domain_xml_agent_connected (live);
  domain->refusal = floe_domain_xml_refusal (defined, live);
  domain->vnc_refusal = floe_domain_xml_vnc_refusal (defined);
  domain->made = floe_domain_xml_is_made (defined);
  domain->installation = g_strdup (floe_domain_xml_get_installation (defined));
  domain->revision = floe_domain_xml_get_revision (defined);
  domain->memory_mib = floe_domain_xml_get_memory_mib (live != NULL ? live : defined);
  if (!domain->made) /* its disk goes with it when it was used */
    domain->floating_refusal = floe_domain_xml_floating_refusal (defined, live);
  domain->openings = floe_openings_copy (floe_domain_xml_get_openings (defined));
  if (live != NULL)
    domain->live_openings = floe_openings_copy (floe_domain_xml_get_openings (live));
}

static FloeLibvirtSeen *
see (virDomainPtr domain, const gchar *host, GError **error)
{
  g_autoptr (FloeLibvirtSeen) seen = NULL;
  g_autoptr (FloeDomainXml) now = read_xml (domain, 0, error);
  g_autoptr (FloeDomainXml) defined = NULL;
  gboolean live = now != NULL && floe_domain_xml_is_live (now);

  if (now == NULL
      || (live && (defined = read_xml (domain, VIR_DOMAIN_XML_INACTIVE, error)) == NULL))
    return NULL;
  seen = g_new0 (FloeLibvirtSeen, 1);
  seen->domain =
      floe_domain_new (floe_domain_xml_get_uuid (now), floe_domain_xml_get_name (now), host);
  seen->has_display = live && floe_domain_xml_has_ticketing (now);
  seen->seeded = floe_domain_xml_is_seeded (live ? defined : now);
  describe (seen->domain, live ? defined : now, live ? now : NULL);
  if (!read_power (domain, &seen->domain->power, error))
    return NULL;
  return g_steal_pointer (&seen);
}

/* A domain that nobody can read must not hide the others; it is listed as what it is: unusable. */
static FloeLibvirtSeen *
see_unreadable (virDomainPtr domain, const gchar *host, const GError *why)
{
  FloeLibvirtSeen *seen = g_new0 (FloeLibvirtSeen, 1);
  char id[VIR_UUID_STRING_BUFLEN];

  virDomainGetUUIDString (domain, id);
  seen->domain = floe_domain_new (id, virDomainGetName (domain), host);
  seen->domain->refusal = g_strdup_printf ("its description cannot be read: %s", why->message);
  return seen;
}

static gboolean
add_seen (GPtrArray *all, virDomainPtr domain, const gchar *host, GError **error)
{
  g_autoptr (GError) local = NULL;
  FloeLibvirtSeen *seen = see (domain, host, &local);

  if (seen == NULL && g_error_matches (local, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return TRUE; /* gone since it was listed */
  if (seen == NULL && g_error_matches (local, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_ptr_array_add (all, seen != NULL ? seen : see_unreadable (domain, host, local));
  return TRUE;
}

static gpointer
list (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
      GError **error)
{
  g_autoptr (GPtrArray) all =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_libvirt_seen_free);
  virDomainPtr *domains = NULL;
  gboolean good = TRUE;
  int n = virConnectListAllDomains (connection, &domains, 0);

  if (n < 0)
    {
      floe_libvirt_set_error (error, "cannot list the domains");
      return NULL;
    }
  for (int i = 0; i < n; i++)
    {
      good = good && add_seen (all, domains[i], settings->name, error);
      virDomainFree (domains[i]);
    }
  free (domains);
  return good ? g_steal_pointer (&all) : NULL;
}

/**
 * floe_libvirt_list:
 *
 * Returns: (transfer full) (element-type FloeLibvirtSeen): all domains of the host
 */
gpointer
floe_libvirt_list (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  return floe_libvirt_connection_call (context, list, input, cancellable, error);
}

static gpointer
look_up (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
         GError **error)
{
  FloeLibvirtRequest *request = input;
  g_autoptr (virDomain) domain = find (connection, request->id, error);

  return domain != NULL ? see (domain, settings->name, error) : NULL;
}

/**
 * floe_libvirt_look_up:
 *
 * Returns: (transfer full): the #FloeLibvirtSeen of one domain
 */
gpointer
floe_libvirt_look_up (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  return floe_libvirt_connection_call (context, look_up, input, cancellable, error);
}

/* libvirt removes the overlay of a <transient/> disk when a domain stops. Where host or libvirtd
 * and QEMU died together nobody did, and it refuses to start the domain until somebody does. */
static const gchar *
start_hint (void)
{
  virErrorPtr last = virGetLastError ();

  return last != NULL && last->message != NULL && strstr (last->message, ".TRANSIENT-") != NULL
             ? " (left over from a crash of the host: delete that file)"
             : "";
}

static gpointer
switch_power (virConnectPtr connection, const FloeLibvirtHostSettings *settings, const gchar *id,
              gboolean on, GError **error)
{
  g_autoptr (virDomain) domain = find (connection, id, error);
  g_autoptr (GError) local = NULL;
  const gchar *hint;

  if (domain == NULL || !floe_guard_check (settings->guard, settings->guard_data, error))
    return NULL;
  if ((on ? virDomainCreate (domain) : virDomainDestroyFlags (domain, 0)) == 0)
    return GINT_TO_POINTER (TRUE);
  hint = start_hint ();
  floe_libvirt_set_error (&local, on ? "cannot start the domain" : "cannot stop the domain");
  /* Asked only after it failed, since the answer could be stale by the time that we act. */
  if (g_error_matches (local, FLOE_ERROR, FLOE_ERROR_CONFLICT)
      && virDomainIsActive (domain) == (on ? 1 : 0))
    return GINT_TO_POINTER (TRUE);
  virResetLastError ();
  floe_set_error_reason (error, (FloeError)local->code, floe_error_reason (local), "%s%s",
                         local->message, hint);
  return NULL;
}

static gpointer
power_on (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
          GError **error)
{
  FloeLibvirtRequest *request = input;

  return switch_power (connection, settings, request->id, TRUE, error);
}

/**
 * floe_libvirt_power_on:
 *
 * Returns: not %NULL when the domain runs
 */
gpointer
floe_libvirt_power_on (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  return floe_libvirt_connection_call (context, power_on, input, cancellable, error);
}

static gpointer
power_off (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
           GError **error)
{
  FloeLibvirtRequest *request = input;

  return switch_power (connection, settings, request->id, FALSE, error);
}

/**
 * floe_libvirt_power_off:
 *
 * Returns: not %NULL when the domain is off
 */
gpointer
floe_libvirt_power_off (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  return floe_libvirt_connection_call (context, power_off, input, cancellable, error);
}

/* Where the display is; refuses what may not be handed out, before any ticket is set. */
static FloeDisplay *
find_display (const FloeDomainXml *xml, const FloeLibvirtHostSettings *settings, GError **error)
{
  guint16 port = settings->plain_display ? floe_domain_xml_get_port (xml) : 0;
  guint16 tls_port = floe_domain_xml_get_tls_port (xml);
  g_autofree gchar *address = NULL;
  FloeDisplay *display;

  if (!floe_domain_xml_is_live (xml))
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-running", "the domain does not run");
      return NULL;
    }
  if (!floe_domain_xml_has_ticketing (xml))
    {
      floe_set_error_reason (error, FLOE_ERROR_DENIED, "no-ticketing",
                             "the domain's display runs without a password");
      return NULL;
    }
  if (port == 0 && tls_port == 0 && floe_domain_xml_get_port (xml) != 0)
    {
      floe_set_error_reason (error, FLOE_ERROR_DENIED, "plain-display",
                             "the display has no TLS port, and [host %s] does not say "
                             "plain_display = yes",
                             settings->name);
      return NULL;
    }
  if (port == 0 && tls_port == 0)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                           "the display has no network port");
      return NULL;
    }
  address = floe_libvirt_host_settings_address (settings, floe_domain_xml_get_listen (xml), error);
  if (address == NULL)
    return NULL;
  display =
      floe_display_new (address, port, tls_port, settings->display_ca, settings->display_subject);
  display->kind = floe_domain_xml_get_kind (xml);
  return display;
}

/* The live XML is read for each ticket: 0.15 ms beside the 2 ms that QEMU takes, and never stale.
 */
/* A ticket of a broker that was stopped between its claim and this call would shut out, or throw
 * out, whoever has the desktop by now. */
static gboolean
is_in_time (const FloeLibvirtRequest *request, GError **error)
{
  gint64 limit = floe_ticket_is_spent (request->ticket) ? SPENT_WITHIN : TICKET_WITHIN;

  if (boot_time () - request->asked < limit)
    return TRUE;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT,
                       "too late for this ticket: nothing was done");
  return FALSE;
}

/* Nobody gets in where less is enforced than the pool's policy says. */
static gboolean
enforces (const FloeDomainXml *live, const FloePolicy *policy, GError **error)
{
  g_autofree gchar *gap =
      policy != NULL ? floe_policy_find_gap (policy, floe_domain_xml_get_openings (live)) : NULL;
  g_autofree gchar *why = gap != NULL ? floe_policy_refuse (gap) : NULL;

  if (why != NULL)
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "policy-not-enforced", "%s", why);
  return why == NULL;
}

static gpointer
set_ticket (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
            GError **error)
{
  FloeLibvirtRequest *request = input;
  g_autoptr (virDomain) domain = find (connection, request->id, error);
  g_autoptr (FloeDomainXml) xml = domain != NULL ? read_xml (domain, 0, error) : NULL;
  g_autoptr (FloeDisplay) display = xml != NULL ? find_display (xml, settings, error) : NULL;
  g_autoptr (FloeSecret) graphics = NULL;
  g_autoptr (GError) local = NULL;

  if (display == NULL || !enforces (xml, request->policy, error) || !is_in_time (request, error))
    return NULL;
  graphics = floe_domain_xml_make_ticket (xml, request->ticket, request->mode);
  if (virDomainUpdateDeviceFlags (domain, floe_secret_get (graphics, NULL), VIR_DOMAIN_AFFECT_LIVE)
      == 0)
    return g_steal_pointer (&display);
  floe_libvirt_set_error (&local, "cannot set the ticket");
  if (g_error_matches (local, FLOE_ERROR, FLOE_ERROR_CONFLICT))
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-running", "%s", local->message);
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/**
 * floe_libvirt_set_ticket:
 *
 * Returns: (transfer full): the #FloeDisplay that the ticket opens
 */
gpointer
floe_libvirt_set_ticket (gpointer context, gpointer input, GCancellable *cancellable,
                         GError **error)
{
  return floe_libvirt_connection_call (context, set_ticket, input, cancellable, error);
}

static gpointer
list_channels (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
               GError **error)
{
  FloeLibvirtRequest *request = input;
  g_autoptr (virDomain) domain = find (connection, request->id, error);
  char *reply = NULL;
  GStrv peers;

  if (domain == NULL)
    return NULL;
  if (virDomainQemuMonitorCommand (domain, "{\"execute\":\"query-spice\"}", &reply, 0) < 0)
    {
      floe_libvirt_set_error (error, "cannot list the display's channels");
      return NULL;
    }
  peers = floe_libvirt_parse_channels (reply, error);
  free (reply);
  return peers;
}

/**
 * floe_libvirt_list_channels:
 *
 * Asks QEMU itself, which marks the domain as tainted in libvirt's log: for gaps only.
 *
 * Returns: (transfer full): a #GStrv, the peers of all channels that are authenticated
 */
gpointer
floe_libvirt_list_channels (gpointer context, gpointer input, GCancellable *cancellable,
                            GError **error)
{
  return floe_libvirt_connection_call (context, list_channels, input, cancellable, error);
}
