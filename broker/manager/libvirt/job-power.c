/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/job-calls.h"
#include "manager/libvirt/libvirt-connection.h"
#include "manager/libvirt/libvirt-error.h"
#include "manager/libvirt/xml-parts.h"

#define POLL (250 * 1000)

static gboolean
is_active (virDomainPtr domain)
{
  gboolean active = virDomainIsActive (domain) == 1;

  virResetLastError ();
  return active;
}

static gboolean
ask_to_shut_down (const FloeLibvirtTask *task, virDomainPtr domain, GError **error)
{
  gboolean answers = floe_agent_answers (domain);
  gboolean asked;

  if (!floe_job_may (task, error))
    return FALSE;
  asked = answers && virDomainShutdownFlags (domain, VIR_DOMAIN_SHUTDOWN_GUEST_AGENT) == 0;
  if (!asked && !floe_job_may (task, error))
    return FALSE;
  if (!asked)
    virDomainShutdownFlags (domain, VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN);
  virResetLastError ();
  return TRUE;
}

/**
 * floe_job_end:
 * @domain: that runs, or has just ended
 * @until: monotonic time until which its guest may end by itself
 *
 * Returns: %TRUE once it is off
 */
gboolean
floe_job_end (const FloeLibvirtTask *task, virDomainPtr domain, gint64 until, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (g_get_monotonic_time () < until && is_active (domain)
      && !ask_to_shut_down (task, domain, error))
    return FALSE;
  while (g_get_monotonic_time () < until && is_active (domain))
    if (!floe_job_pause (task, POLL))
      {
        g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CANCELLED,
                             "given up while the guest shuts down");
        return FALSE;
      }
  if (!is_active (domain))
    return TRUE;
  if (!floe_job_may (task, error))
    return FALSE;
  if (virDomainDestroyFlags (domain, 0) == 0)
    return TRUE;
  floe_libvirt_set_error (&local, "cannot stop the domain");
  if (g_error_matches (local, FLOE_ERROR, FLOE_ERROR_NOT_FOUND) || !is_active (domain))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gpointer
floe_job_shut_down (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                    gpointer input, GError **error)
{
  const FloeLibvirtTask *task = input;
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (connection, task->job->domain_id);
  gint64 until = g_get_monotonic_time () + (gint64)task->job->seconds * G_USEC_PER_SEC;

  if (domain == NULL)
    {
      floe_libvirt_set_error (error, "cannot look up the domain");
      return NULL;
    }
  return floe_job_end (task, domain, until, error) ? floe_job_result_new () : NULL;
}

/* --- moving --- */

static gboolean conflict (GError **error, const gchar *reason, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
conflict (GError **error, const gchar *reason, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, reason, "%s", text);
  return FALSE;
}

static gboolean
sees_disk (virConnectPtr to, xmlNodePtr disk, GError **error)
{
  g_autofree gchar *path = floe_xml_child_attribute (disk, "source", "file");
  g_autoptr (virStorageVol) volume = NULL;
  g_autoptr (GError) local = NULL;

  if (path == NULL)
    return floe_xml_child (disk, "source") == NULL
           || conflict (error, "disk-elsewhere",
                        "the domain has a disk that is not a file: it cannot be moved");
  volume = floe_storage_find_path (to, path, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return volume != NULL
         || conflict (error, "disk-elsewhere", "the other host has no volume %s", path);
}

/* What a host keeps of a domain beside its definition stays behind: harmless for the firmware's
 * variables, which are made anew, and the loss of a disk's key for a TPM. */
static gboolean
can_move (virConnectPtr to, const gchar *text, GError **error)
{
  g_autoptr (xmlDoc) document = floe_xml_parse (text, error);
  xmlNodePtr devices =
      document != NULL ? floe_xml_child (xmlDocGetRootElement (document), "devices") : NULL;
  xmlNodePtr disk = devices != NULL ? floe_xml_child (devices, "disk") : NULL;

  if (document == NULL)
    return FALSE;
  if (devices != NULL && floe_xml_child (devices, "tpm") != NULL)
    return conflict (error, "has-tpm", "the domain's TPM is kept by its host: it cannot be moved");
  for (; disk != NULL; disk = floe_xml_next (disk, "disk"))
    if (!sees_disk (to, disk, error))
      return FALSE;
  return TRUE;
}

static gboolean
is_at_rest (virDomainPtr domain, GError **error)
{
  if (is_active (domain))
    return conflict (error, "running", "the domain runs");
  if (virDomainHasManagedSaveImage (domain, 0) == 1)
    return conflict (error, "suspended", "the domain is suspended to its host's disk");
  if (virDomainSnapshotNum (domain, 0) > 0)
    return conflict (error, "has-snapshots", "the domain has snapshots, which its host keeps");
  virResetLastError ();
  return TRUE;
}

static gboolean
name_is_free (virConnectPtr to, virDomainPtr domain, GError **error)
{
  g_autoptr (virDomain) other = virDomainLookupByName (to, virDomainGetName (domain));

  virResetLastError ();
  return other == NULL
         || conflict (error, "foreign-domain", "there is another domain %s on the other host",
                      virDomainGetName (domain));
}

static gboolean
define (const FloeLibvirtTask *task, virDomainPtr domain, virConnectPtr to, GError **error)
{
  char *text = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
  g_autoptr (virDomain) moved = NULL;
  gboolean good;

  if (text == NULL)
    {
      floe_libvirt_set_error (error, "cannot read the domain's XML");
      return FALSE;
    }
  good =
      can_move (to, text, error) && name_is_free (to, domain, error) && floe_job_may (task, error);
  if (good && (moved = virDomainDefineXML (to, text)) == NULL)
    {
      floe_libvirt_set_error (error, "cannot define the domain on the other host");
      good = FALSE;
    }
  explicit_bzero (text, strlen (text)); /* it holds what SPICE is defined with */
  free (text);
  return good;
}

static gboolean
move (const FloeLibvirtTask *task, virConnectPtr from, virConnectPtr to, GError **error)
{
  const FloeJob *job = task->job;
  g_autoptr (virDomain) domain = NULL;
  g_autoptr (virDomain) moved = NULL;

  if (!floe_job_find (from, job->domain_id, &domain, error)
      || !floe_job_find (to, job->domain_id, &moved, error))
    return FALSE;
  if (domain == NULL && moved == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "there is no domain %s on either host",
                   job->domain_id);
      return FALSE;
    }
  if (domain == NULL)
    return TRUE;
  if (!is_at_rest (domain, error) || (moved == NULL && !define (task, domain, to, error))
      || !floe_job_may (task, error))
    return FALSE;
  if (virDomainUndefineFlags (domain, VIR_DOMAIN_UNDEFINE_KEEP_NVRAM) == 0)
    return TRUE;
  floe_libvirt_set_error (error, "cannot undefine the domain where it was");
  return FALSE;
}

/**
 * floe_job_move:
 *
 * Defined there first, then undefined here: a crash in between leaves it on both, which the next
 * try ends.
 */
gpointer
floe_job_move (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
               GError **error)
{
  FloeLibvirtTask *task = input;
  virConnectPtr to = floe_libvirt_open (task->target->uri, error);
  gboolean good = to != NULL && move (task, connection, to, error);

  if (to != NULL)
    virConnectClose (to);
  return good ? floe_job_result_new () : NULL;
}
