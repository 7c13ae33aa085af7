/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/virterror.h>
#include <stdlib.h>

#include "core/error.h"
#include "manager/libvirt/domain-xml.h"
#include "manager/libvirt/job-calls.h"
#include "manager/libvirt/libvirt-error.h"
#include "manager/libvirt/xml-parts.h"

/* How a guest finds its user's disk: /dev/disk/by-id/virtio-floe-data. */
#define SERIAL "floe-data"

static gboolean
find_running (virConnectPtr connection, const gchar *id, virDomainPtr *domain, GError **error)
{
  *domain = virDomainLookupByUUIDString (connection, id);
  if (*domain == NULL)
    {
      floe_libvirt_set_error (error, "cannot look up the domain");
      return FALSE;
    }
  if (virDomainIsActive (*domain) == 1)
    return TRUE;
  virResetLastError ();
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-running", "the domain does not run");
  return FALSE;
}

/* What somebody made does not become an empty disk without a word: an administrator puts it back,
 * or says that it is gone. */
static void
set_no_disk (const FloeJob *job, GError **error)
{
  floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "no-disk",
                         "the user's data disk %s is not in storage %s of host %s any more, and no "
                         "empty one is made in its place",
                         job->volume, job->storage, job->host);
}

/* libvirt makes no volume where there is a file, so that somebody's data that it does not know of
 * is never written over. */
static virStorageVolPtr
find_or_make (const FloeLibvirtTask *task, virStoragePoolPtr pool, GError **error)
{
  const FloeJob *job = task->job;
  g_autoptr (GError) busy = NULL;
  virStorageVolPtr volume = floe_storage_find (pool, job->volume, TRUE, &busy);

  if (volume == NULL && busy == NULL && job->exists)
    {
      set_no_disk (job, error);
      return NULL;
    }
  if (volume == NULL && !job->exists && !floe_job_may (task, error))
    return NULL;
  if (volume == NULL && !job->exists)
    volume = floe_storage_create_disk (pool, job->volume, job->gib, busy == NULL ? error : NULL);
  if (volume == NULL && busy != NULL)
    g_propagate_error (error, g_steal_pointer (&busy));
  return volume;
}

static gboolean
name_is_taken (xmlNodePtr devices, const gchar *name)
{
  return floe_xml_child_with_part (devices, "disk", "target", "dev", name) != NULL;
}

static gboolean
has_disk (xmlNodePtr devices, const gchar *path)
{
  return floe_xml_child_with_part (devices, "disk", "source", "file", path) != NULL;
}

static gboolean
plug (const FloeLibvirtTask *task, virDomainPtr domain, const gchar *path, const gchar *name,
      GError **error)
{
  g_autofree gchar *xml = g_markup_printf_escaped (
      "<disk type='file' device='disk'><driver name='qemu' type='qcow2' discard='unmap'/>"
      "<source file='%s'/><target dev='%s' bus='virtio'/><serial>" SERIAL "</serial></disk>",
      path, name);

  if (!floe_job_may (task, error))
    return FALSE;
  if (virDomainAttachDeviceFlags (domain, xml, VIR_DOMAIN_AFFECT_LIVE) == 0)
    return TRUE;
  floe_libvirt_set_error (error, "cannot plug in the data disk");
  return FALSE;
}

static gboolean
plug_in (const FloeLibvirtTask *task, virDomainPtr domain, const gchar *path, GError **error)
{
  char *text = virDomainGetXMLDesc (domain, 0);
  g_autoptr (xmlDoc) document = text != NULL ? floe_xml_parse (text, error) : NULL;
  xmlNodePtr devices =
      document != NULL ? floe_xml_child (xmlDocGetRootElement (document), "devices") : NULL;

  if (text == NULL)
    floe_libvirt_set_error (error, "cannot read the domain's XML");
  free (text);
  if (devices == NULL)
    return FALSE;
  if (has_disk (devices, path))
    return TRUE;
  for (const gchar *letter = "bcdefghijklmnopqrstuvwxyz"; *letter != '\0'; letter++)
    {
      const gchar name[] = { 'v', 'd', *letter, '\0' };

      if (!name_is_taken (devices, name))
        return plug (task, domain, path, name, error);
    }
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "the domain has 25 disks");
  return FALSE;
}

/**
 * floe_job_attach:
 *
 * Live only: what is plugged in is gone when the domain stops. That another host has the disk is
 * seen by QEMU's own lock of the image.
 */
gpointer
floe_job_attach (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
                 GError **error)
{
  const FloeLibvirtTask *task = input;
  const FloeJob *job = task->job;
  g_autoptr (virDomain) domain = NULL;
  g_autoptr (virStoragePool) pool = NULL;
  g_autoptr (virStorageVol) volume = NULL;
  g_autofree gchar *path = NULL;

  if (!find_running (connection, job->domain_id, &domain, error)
      || (pool = floe_storage_open (connection, job->storage, error)) == NULL
      || (volume = find_or_make (task, pool, error)) == NULL
      || (path = floe_storage_path (volume, error)) == NULL
      || floe_job_disk_is_used (connection, path, domain, TRUE, error))
    return NULL;
  return plug_in (task, domain, path, error) ? floe_job_result_new () : NULL;
}

gpointer
floe_job_drop_disk (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                    gpointer input, GError **error)
{
  const FloeLibvirtTask *task = input;
  const FloeJob *job = task->job;
  g_autoptr (virStoragePool) pool = floe_storage_open (connection, job->storage, error);
  g_autoptr (virStorageVol) volume = NULL;
  g_autofree gchar *path = NULL;
  g_autoptr (GError) local = NULL;

  if (pool == NULL)
    return NULL;
  volume = floe_storage_find (pool, job->volume, TRUE, &local);
  if (volume == NULL && local == NULL)
    return floe_job_result_new ();
  if (volume == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if ((path = floe_storage_path (volume, error)) == NULL
      || floe_job_disk_is_used (connection, path, NULL, FALSE, error)
      || !floe_job_delete (task, pool, job->volume, FALSE, error))
    return NULL;
  return floe_job_result_new ();
}
