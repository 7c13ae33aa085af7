/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/virterror.h>
#include <stdlib.h>

#include "core/error.h"
#include "manager/libvirt/domain-xml.h"
#include "manager/libvirt/job-calls.h"
#include "manager/libvirt/libvirt-error.h"
#include "manager/libvirt/xml-parts.h"

/**
 * floe_job_find:
 * @domain: (out) (nullable) (transfer full): the domain, or %NULL if there is none of that UUID
 *
 * Returns: %TRUE if it is known whether there is one
 */
gboolean
floe_job_find (virConnectPtr connection, const gchar *id, virDomainPtr *domain, GError **error)
{
  g_autoptr (GError) local = NULL;

  *domain = virDomainLookupByUUIDString (connection, id);
  if (*domain != NULL)
    return TRUE;
  floe_libvirt_set_error (&local, "cannot look up the domain");
  if (g_error_matches (local, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * floe_job_is_made:
 *
 * Returns: %TRUE if a broker made the domain; %FALSE with %FLOE_ERROR_CONFLICT (reason
 *   "foreign-domain") if not
 */
gboolean
floe_job_is_made (virDomainPtr domain, GError **error)
{
  char *text = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  g_autoptr (FloeDomainXml) xml = NULL;

  if (text == NULL)
    {
      floe_libvirt_set_error (error, "cannot read the domain's XML");
      return FALSE;
    }
  xml = floe_domain_xml_new (text, error);
  free (text);
  if (xml == NULL)
    return FALSE;
  if (floe_domain_xml_is_made (xml))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "foreign-domain",
                         "the domain %s was not made by a broker and is left alone",
                         floe_domain_xml_get_name (xml));
  return FALSE;
}

/**
 * floe_job_may:
 *
 * Returns: whether this broker may still change anything; asked directly before each step that does
 */
gboolean
floe_job_may (const FloeLibvirtTask *task, GError **error)
{
  return floe_guard_check (task->settings->guard, task->settings->guard_data, error);
}

/**
 * floe_job_delete:
 *
 * As floe_storage_delete(), if this broker may.
 */
gboolean
floe_job_delete (const FloeLibvirtTask *task, virStoragePoolPtr pool, const gchar *name,
                 gboolean refresh, GError **error)
{
  g_autoptr (GError) busy = NULL;
  g_autoptr (virStorageVol) volume = floe_storage_find (pool, name, refresh, &busy);

  if (busy != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&busy));
      return FALSE;
    }
  return volume == NULL
         || (floe_job_may (task, error) && floe_storage_delete (pool, name, FALSE, error));
}

/**
 * floe_job_pause:
 *
 * Returns: %FALSE at once when nobody waits for the job any more
 */
gboolean
floe_job_pause (const FloeLibvirtTask *task, gint64 microseconds)
{
  GPollFD fd;

  if (g_cancellable_make_pollfd (task->cancellable, &fd))
    {
      g_poll (&fd, 1, (gint)(microseconds / 1000));
      g_cancellable_release_fd (task->cancellable);
    }
  else
    g_usleep ((gulong)microseconds);
  return !g_cancellable_is_cancelled (task->cancellable);
}

static gboolean
uses (virDomainPtr domain, const gchar *path)
{
  char *text = virDomainGetXMLDesc (domain, 0);
  g_autoptr (xmlDoc) document = text != NULL ? floe_xml_parse (text, NULL) : NULL;
  xmlNodePtr devices =
      document != NULL ? floe_xml_child (xmlDocGetRootElement (document), "devices") : NULL;

  free (text);
  return devices != NULL
         && floe_xml_child_with_part (devices, "disk", "source", "file", path) != NULL;
}

/**
 * floe_job_disk_is_used:
 * @except: (nullable): a domain that may have it
 * @active_only: what is only in a definition does not count
 *
 * Returns: %TRUE with %FLOE_ERROR_CONFLICT (reason "disk-in-use") if a domain of this host has that
 *   image as a disk, or if that cannot be told
 */
gboolean
floe_job_disk_is_used (virConnectPtr connection, const gchar *path, virDomainPtr except,
                       gboolean active_only, GError **error)
{
  virDomainPtr *domains = NULL;
  g_autofree gchar *user = NULL;
  int n = virConnectListAllDomains (connection, &domains,
                                    active_only ? VIR_CONNECT_LIST_DOMAINS_ACTIVE : 0);

  if (n < 0)
    {
      floe_libvirt_set_error (error, "cannot list the domains");
      return TRUE;
    }
  for (int i = 0; i < n; i++)
    {
      char own[VIR_UUID_STRING_BUFLEN] = "", other[VIR_UUID_STRING_BUFLEN] = "";

      if (except != NULL)
        virDomainGetUUIDString (except, own);
      virDomainGetUUIDString (domains[i], other);
      if (user == NULL && g_strcmp0 (own, other) != 0 && uses (domains[i], path))
        user = g_strdup (virDomainGetName (domains[i]));
      virDomainFree (domains[i]);
    }
  free (domains);
  virResetLastError ();
  if (user == NULL)
    return FALSE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "disk-in-use", "%s is a disk of domain %s",
                         path, user);
  return TRUE;
}
