/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/clone-xml.h"
#include "manager/libvirt/domain-xml.h"
#include "manager/libvirt/job-calls.h"
#include "manager/libvirt/libvirt-connection.h"
#include "manager/libvirt/libvirt-error.h"

/* A SHA-256 in hex. */
#define SUM_LENGTH 64

/**
 * floe_job_image_mark:
 * @volume: an image's
 *
 * libvirt cannot rename a volume, so nothing about a volume says that it was written to its end.
 * Beside a published image there is therefore a second volume that holds its SHA-256, made last:
 * an image without it, or with another sum, is a try that did not end.
 *
 * Returns: (transfer full): that volume's name
 */
gchar *
floe_job_image_mark (const gchar *volume)
{
  return g_strconcat (volume, ".sha256", NULL);
}

static virDomainPtr
find_template (virConnectPtr connection, const gchar *name, GError **error)
{
  g_autoptr (virDomain) domain = virDomainLookupByName (connection, name);
  g_autoptr (GError) local = NULL;

  if (domain == NULL)
    {
      floe_libvirt_set_error (&local, "cannot look up the template");
      if (g_error_matches (local, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
        floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "no-template", "there is no domain %s",
                               name);
      else
        g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (virDomainIsActive (domain) == 0 && virDomainHasManagedSaveImage (domain, 0) == 0)
    return g_steal_pointer (&domain);
  virResetLastError ();
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "template-running",
                         "the template %s is not off: shut it down", name);
  return NULL;
}

static virStorageVolPtr
find_disk (virConnectPtr connection, const FloeTemplateDisk *disk, GError **error)
{
  g_autoptr (virStoragePool) pool = NULL;
  g_autoptr (GError) local = NULL;
  virStorageVolPtr volume;

  if (disk->path != NULL)
    {
      g_autofree gchar *dir = g_path_get_dirname (disk->path);

      volume = floe_storage_find_path (connection, disk->path, &local);
      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      else if (volume == NULL)
        floe_set_error_reason (error, FLOE_ERROR_INVALID, "template-unfit",
                               "the template's disk %s is in no active storage pool: \"virsh "
                               "pool-create-as NAME dir --target %s\", or move it into one",
                               disk->path, dir);
      return volume;
    }
  pool = floe_storage_open (connection, disk->pool, error);
  volume = pool != NULL ? floe_storage_find (pool, disk->volume, TRUE, &local) : NULL;
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (pool != NULL && volume == NULL)
    floe_set_error_reason (error, FLOE_ERROR_INVALID, "template-unfit",
                           "the template's disk, volume %s of storage pool %s, is not there",
                           disk->volume, disk->pool);
  return volume;
}

/* Images that clones stand on are never deleted, whatever is wrong with them. */
static gboolean
delete_image (const FloeLibvirtTask *task, virStoragePoolPtr pool, const gchar *name,
              GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (virStorageVol) volume = floe_storage_find (pool, name, TRUE, &local);
  g_autofree gchar *path = volume != NULL ? floe_storage_path (volume, &local) : NULL;
  g_autofree gchar *mark = floe_job_image_mark (name);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (path != NULL && floe_storage_is_backing (pool, path))
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "disk-in-use",
                             "there are clones that stand on the image %s", name);
      return FALSE;
    }
  return floe_job_delete (task, pool, mark, FALSE, error)
         && floe_job_delete (task, pool, name, FALSE, error);
}

/* Returns the sum of an image that was written to its end; NULL for none, or with an error. */
static gchar *
find_complete (virConnectPtr connection, virStoragePoolPtr pool, const gchar *name, GError **error)
{
  g_autofree gchar *mark_name = floe_job_image_mark (name);
  g_autoptr (virStorageVol) volume = floe_storage_find (pool, name, TRUE, error);
  g_autoptr (virStorageVol) mark =
      volume != NULL ? floe_storage_find (pool, mark_name, FALSE, NULL) : NULL;
  g_autofree gchar *wanted = NULL;
  g_autofree gchar *sum = NULL;

  if (mark == NULL || (wanted = floe_storage_read (connection, mark, SUM_LENGTH, NULL)) == NULL
      || (sum = floe_storage_hash (connection, volume, error)) == NULL)
    return NULL;
  return strcmp (sum, wanted) == 0 ? g_steal_pointer (&sum) : NULL;
}

static gboolean
write_mark (const FloeLibvirtTask *task, virConnectPtr connection, virStoragePoolPtr pool,
            const gchar *name, const gchar *sum, GError **error)
{
  g_autofree gchar *mark_name = floe_job_image_mark (name);
  g_autoptr (GBytes) bytes = g_bytes_new (sum, strlen (sum));
  g_autoptr (virStorageVol) mark = NULL;

  if (!floe_job_may (task, error))
    return FALSE;
  mark = floe_storage_create_raw (pool, mark_name, SUM_LENGTH, error);
  return mark != NULL && floe_job_may (task, error)
         && floe_storage_write (connection, mark, bytes, error);
}

static gchar *
copy_image (const FloeLibvirtTask *task, virConnectPtr connection, virStoragePoolPtr pool,
            const gchar *name, virStorageVolPtr disk, GError **error)
{
  g_autoptr (virStorageVol) copy = NULL;
  g_autofree gchar *sum = NULL;
  guint64 size;

  if (!delete_image (task, pool, name, error) || !floe_storage_size (disk, &size, error)
      || !floe_storage_has_room (pool, size, error) || !floe_job_may (task, error))
    return NULL;
  copy = floe_storage_copy (pool, name, disk, error);
  sum = copy != NULL ? floe_storage_hash (connection, copy, error) : NULL;
  if (sum != NULL && write_mark (task, connection, pool, name, sum, error))
    return g_steal_pointer (&sum);
  delete_image (task, pool, name, NULL);
  return NULL;
}

static gboolean
describe_template (FloeJobResult *result, gchar *text, GError **error)
{
  g_autoptr (FloeDomainXml) xml = floe_domain_xml_new (text, error);

  if (xml == NULL)
    return FALSE;
  result->memory_mib = floe_domain_xml_get_memory_mib (xml);
  return TRUE;
}

/**
 * floe_job_publish:
 *
 * The copy is made by the host itself, flattened to a standalone qcow2 image; its sum needs all of
 * it to come over the connection once.
 */
gpointer
floe_job_publish (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
                  GError **error)
{
  const FloeLibvirtTask *task = input;
  const FloeJob *job = task->job;
  g_autoptr (FloeJobResult) result = floe_job_result_new ();
  g_autoptr (virDomain) domain = find_template (connection, job->name, error);
  char *text = domain != NULL ? virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE) : NULL;
  g_autoptr (FloeTemplateDisk) disk = NULL;
  g_autoptr (virStorageVol) source = NULL;
  g_autoptr (virStoragePool) pool = NULL;
  g_autoptr (GError) local = NULL;

  if (domain != NULL && text == NULL)
    floe_libvirt_set_error (error, "cannot read the template's XML");
  if (text == NULL)
    return NULL;
  result->xml = g_strdup (text);
  free (text);
  if (!describe_template (result, result->xml, error)
      || (disk = floe_clone_xml_read_template (result->xml, error)) == NULL
      || (pool = floe_storage_open (connection, job->storage, error)) == NULL
      || (source = find_disk (connection, disk, error)) == NULL)
    return NULL;
  result->volume = g_strdup_printf ("floe-%s-r%u.qcow2", job->pool, job->revision);
  result->sha256 = find_complete (connection, pool, result->volume, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (result->sha256 == NULL)
    result->sha256 = copy_image (task, connection, pool, result->volume, source, error);
  return result->sha256 != NULL ? g_steal_pointer (&result) : NULL;
}

/* --- to other hosts --- */

static gboolean
has_sum (virConnectPtr connection, virStorageVolPtr volume, const gchar *wanted, GError **error)
{
  g_autofree gchar *sum = floe_storage_hash (connection, volume, error);

  if (sum == NULL)
    return FALSE;
  if (strcmp (sum, wanted) == 0)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "bad-sum",
                         "the image's SHA-256 is %s and not %s", sum, wanted);
  return FALSE;
}

/* What a pool takes for raw is known as qcow2 once it was looked at again. */
static gboolean
put (const FloeLibvirtTask *task, virConnectPtr from, virStorageVolPtr source, virConnectPtr to,
     virStoragePoolPtr pool, GError **error)
{
  const FloeJob *job = task->job;
  g_autoptr (virStorageVol) target = NULL;
  guint64 size;

  if (!delete_image (task, pool, job->volume, error) || !floe_storage_size (source, &size, error)
      || !floe_storage_has_room (pool, size, error) || !floe_job_may (task, error))
    return FALSE;
  target = floe_storage_create_raw (pool, job->volume, size, error);
  if (target != NULL && floe_job_may (task, error)
      && floe_storage_carry (from, source, to, target, error)
      && has_sum (to, target, job->sha256, error))
    {
      floe_storage_refresh (pool);
      return TRUE;
    }
  delete_image (task, pool, job->volume, NULL);
  return FALSE;
}

static gboolean
carry (const FloeLibvirtTask *task, virConnectPtr from, virConnectPtr to, GError **error)
{
  const FloeJob *job = task->job;
  g_autoptr (virStoragePool) pool = floe_storage_open (from, job->storage, error);
  g_autoptr (virStorageVol) source = NULL;
  g_autoptr (virStoragePool) target_pool = NULL;
  g_autoptr (virStorageVol) target = NULL;
  g_autoptr (GError) local = NULL;

  if (pool == NULL || (target_pool = floe_storage_open (to, job->storage, error)) == NULL)
    return FALSE;
  target = floe_storage_find (target_pool, job->volume, TRUE, &local);
  if (target != NULL && has_sum (to, target, job->sha256, &local))
    return TRUE;
  if (local != NULL && !g_error_matches (local, FLOE_ERROR, FLOE_ERROR_CONFLICT))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  g_clear_error (&local);
  source = floe_storage_find (pool, job->volume, TRUE, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (source == NULL)
    {
      floe_set_error_reason (
          error, FLOE_ERROR_NOT_FOUND, "no-image",
          "there is no image %s in storage pool %s at host %s; renew the pool to have one made",
          job->volume, job->storage, job->host);
      return FALSE;
    }
  return put (task, from, source, to, target_pool, error);
}

/**
 * floe_job_carry:
 *
 * The sum is that of what the other host gives back.
 */
gpointer
floe_job_carry (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
                GError **error)
{
  FloeLibvirtTask *task = input;
  virConnectPtr to = floe_libvirt_open (task->target->uri, error);
  gboolean good = to != NULL && carry (task, connection, to, error);

  if (to != NULL)
    virConnectClose (to);
  return good ? floe_job_result_new () : NULL;
}

gpointer
floe_job_drop_image (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                     gpointer input, GError **error)
{
  const FloeLibvirtTask *task = input;
  const FloeJob *job = task->job;
  g_autoptr (virStoragePool) pool = floe_storage_open (connection, job->storage, error);

  return pool != NULL && delete_image (task, pool, job->volume, error) ? floe_job_result_new ()
                                                                       : NULL;
}
