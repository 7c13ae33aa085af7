/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/virterror.h>
#include <stdlib.h>

#include "core/error.h"
#include "manager/libvirt/clone-xml.h"
#include "manager/libvirt/job-calls.h"
#include "manager/libvirt/libvirt-error.h"
#include "manager/libvirt/seed-image.h"
#include "manager/libvirt/xml-parts.h"

/* How often a pool is looked at that is busy with somebody else's volume, and the pause between. */
#define LOOKS     10
#define LOOK_WAIT (300 * 1000)

/* All that belongs to one clone is found by its UUID. */
static gchar *
overlay_name (const FloeJob *job)
{
  return g_strdup_printf ("floe-%s.qcow2", job->domain_id);
}

static gchar *
seed_name (const FloeJob *job)
{
  return g_strdup_printf ("floe-%s-seed.iso", job->domain_id);
}

static gboolean
is_qcow2 (virStorageVolPtr volume)
{
  char *text = virStorageVolGetXMLDesc (volume, 0);
  g_autoptr (xmlDoc) document = text != NULL ? floe_xml_parse (text, NULL) : NULL;
  xmlNodePtr target =
      document != NULL ? floe_xml_child (xmlDocGetRootElement (document), "target") : NULL;
  g_autofree gchar *type =
      target != NULL ? floe_xml_child_attribute (target, "format", "type") : NULL;

  free (text);
  virResetLastError ();
  return g_strcmp0 (type, "qcow2") == 0;
}

/* An image that was carried here is a raw volume until libvirt looks at it again, which it refuses
 * while it writes another volume of the pool. */
static virStorageVolPtr
find_image (const FloeLibvirtTask *task, virStoragePoolPtr pool, GError **error)
{
  const FloeJob *job = task->job;
  g_autoptr (GError) local = NULL;
  virStorageVolPtr volume = floe_storage_find (pool, job->volume, TRUE, &local);

  for (guint i = 0; volume != NULL && !is_qcow2 (volume) && i < LOOKS; i++)
    {
      if (i > 0 && !floe_job_pause (task, LOOK_WAIT))
        break;
      virStorageVolFree (volume);
      floe_storage_refresh (pool);
      volume = floe_storage_find (pool, job->volume, FALSE, NULL);
    }
  if (volume != NULL && is_qcow2 (volume))
    return volume;
  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else if (volume == NULL)
    floe_set_error_reason (
        error, FLOE_ERROR_NOT_FOUND, "no-image",
        "there is no image %s in storage pool %s at host %s; renew the pool to have one made",
        job->volume, job->storage, job->host);
  else
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_BUSY,
                 "libvirt does not know %s for a qcow2 image; the storage pool is busy",
                 job->volume);
  g_clear_pointer (&volume, virStorageVolFree);
  return NULL;
}

/* What a crash left of an earlier try is deleted; libvirt may have to be told that it is there. */
static virStorageVolPtr
make_overlay (const FloeLibvirtTask *task, virStoragePoolPtr pool, virStorageVolPtr base,
              GError **error)
{
  g_autofree gchar *name = overlay_name (task->job);
  g_autoptr (GError) local = NULL;
  virStorageVolPtr overlay;

  if (!floe_job_delete (task, pool, name, FALSE, error) || !floe_job_may (task, error))
    return NULL;
  overlay = floe_storage_create_overlay (pool, name, base, &local);
  if (overlay == NULL && !g_error_matches (local, FLOE_ERROR, FLOE_ERROR_EXHAUSTED)
      && floe_job_delete (task, pool, name, TRUE, NULL) && floe_job_may (task, NULL))
    {
      g_clear_error (&local);
      overlay = floe_storage_create_overlay (pool, name, base, &local);
    }
  if (overlay == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return overlay;
}

static virStorageVolPtr
make_seed (const FloeLibvirtTask *task, virConnectPtr connection, virStoragePoolPtr pool,
           GError **error)
{
  const FloeJob *job = task->job;
  g_autoptr (GBytes) image = floe_seed_image_new (job->domain_id, job->name, job->script, error);
  g_autofree gchar *name = seed_name (job);
  g_autoptr (virStorageVol) seed = NULL;

  if (image == NULL || !floe_job_delete (task, pool, name, FALSE, error)
      || !floe_job_may (task, error))
    return NULL;
  seed = floe_storage_create_raw (pool, name, g_bytes_get_size (image), NULL);
  if (seed == NULL && floe_job_delete (task, pool, name, TRUE, error) && floe_job_may (task, error))
    seed = floe_storage_create_raw (pool, name, g_bytes_get_size (image), error);
  return seed != NULL && floe_job_may (task, error)
                 && floe_storage_write (connection, seed, image, error)
             ? g_steal_pointer (&seed)
             : NULL;
}

static gboolean
delete_volumes (const FloeLibvirtTask *task, virStoragePoolPtr pool, GError **error)
{
  g_autofree gchar *overlay = overlay_name (task->job);
  g_autofree gchar *seed = seed_name (task->job);

  return floe_job_delete (task, pool, overlay, TRUE, error)
         && floe_job_delete (task, pool, seed, FALSE, error);
}

static gboolean
name_is_free (virConnectPtr connection, const FloeJob *job, GError **error)
{
  g_autoptr (virDomain) other = virDomainLookupByName (connection, job->name);
  char id[VIR_UUID_STRING_BUFLEN] = "";

  virResetLastError ();
  if (other == NULL || virDomainGetUUIDString (other, id) < 0
      || g_ascii_strcasecmp (id, job->domain_id) == 0)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "foreign-domain",
                         "there is another domain %s, which is left alone", job->name);
  return FALSE;
}

static gboolean
define (const FloeLibvirtTask *task, virConnectPtr connection, const gchar *overlay,
        const gchar *seed, GError **error)
{
  const FloeJob *job = task->job;
  FloeCloneParts parts = { .id = job->domain_id,
                           .name = job->name,
                           .pool = job->pool,
                           .installation = job->installation,
                           .revision = job->revision,
                           .personality = job->personality,
                           .policy = job->policy,
                           .overlay = overlay,
                           .seed = seed };
  g_autofree gchar *xml = floe_clone_xml_make (job->xml, &parts, error);
  g_autoptr (virDomain) domain = NULL;
  g_autoptr (GError) local = NULL;

  if (xml == NULL || !floe_job_may (task, error))
    return FALSE;
  domain = virDomainDefineXML (connection, xml);
  if (domain != NULL)
    return TRUE;
  floe_libvirt_set_error (&local, "cannot define the clone");
  if (name_is_free (connection, job, error))
    g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
make_clone (const FloeLibvirtTask *task, virConnectPtr connection, virStoragePoolPtr pool,
            GError **error)
{
  const FloeJob *job = task->job;
  gboolean seeded = job->personality == FLOE_PERSONALITY_CLOUD_INIT;
  g_autoptr (virStorageVol) base = find_image (task, pool, error);
  g_autoptr (virStorageVol) overlay = base != NULL ? make_overlay (task, pool, base, error) : NULL;
  g_autoptr (virStorageVol) seed = NULL;
  g_autofree gchar *path = overlay != NULL ? floe_storage_path (overlay, error) : NULL;
  g_autofree gchar *seed_path = NULL;

  if (path == NULL || (seeded && (seed = make_seed (task, connection, pool, error)) == NULL)
      || (seeded && (seed_path = floe_storage_path (seed, error)) == NULL))
    return FALSE;
  return define (task, connection, path, seed_path, error);
}

/* The domain is defined last: where it is there, so is all else, unless somebody deleted it. */
static gboolean
is_complete (virDomainPtr domain, virStoragePoolPtr pool, const FloeJob *job)
{
  g_autofree gchar *name = overlay_name (job);
  g_autoptr (GError) busy = NULL;
  g_autoptr (virStorageVol) overlay = floe_storage_find (pool, name, TRUE, &busy);

  return overlay != NULL || busy != NULL || virDomainIsActive (domain) == 1;
}

/* libvirt may believe in an image whose file is gone, and fails with whatever words. */
static void
look_for_image (virConnectPtr connection, virStoragePoolPtr pool, const FloeJob *job,
                GError **error)
{
  g_autoptr (virStorageVol) image = NULL;

  if (!g_error_matches (*error, FLOE_ERROR, FLOE_ERROR_INTERNAL)
      || virConnectIsAlive (connection) != 1)
    return;
  if (!floe_storage_refresh (pool)
      || (image = floe_storage_find (pool, job->volume, FALSE, NULL)) != NULL)
    return;
  g_clear_error (error);
  floe_set_error_reason (
      error, FLOE_ERROR_NOT_FOUND, "no-image",
      "the image %s vanished from storage pool %s at host %s; renew the pool to have one made",
      job->volume, job->storage, job->host);
}

/**
 * floe_job_create:
 *
 * Order: overlay, seed, domain. What was half made is taken away again when it fails, unless the
 * broker does not lead any more: then it may be what the next leader makes.
 */
gpointer
floe_job_create (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
                 GError **error)
{
  const FloeLibvirtTask *task = input;
  const FloeJob *job = task->job;
  g_autoptr (virDomain) domain = NULL;
  g_autoptr (virStoragePool) pool = NULL;
  g_autoptr (GError) local = NULL;

  if (!floe_job_find (connection, job->domain_id, &domain, error)
      || (domain != NULL && !floe_job_is_made (domain, error))
      || !name_is_free (connection, job, error)
      || (pool = floe_storage_open (connection, job->storage, error)) == NULL)
    return NULL;
  if (domain != NULL && is_complete (domain, pool, job))
    return floe_job_result_new ();
  if (make_clone (task, connection, pool, &local))
    return floe_job_result_new ();
  delete_volumes (task, pool, NULL);
  look_for_image (connection, pool, job, &local);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* --- removing --- */

static void
say_last_words (const FloeLibvirtTask *task, virDomainPtr domain, gint64 until)
{
  g_autoptr (GError) error = NULL;

  if (task->job->script == NULL || !floe_agent_answers (domain)
      || floe_agent_run_script (task, domain, task->job->script, until, &error))
    return;
  g_info ("the last words of %s failed: %s", virDomainGetName (domain), error->message);
}

static gboolean
end_domain (const FloeLibvirtTask *task, virDomainPtr domain, GError **error)
{
  gint64 until = g_get_monotonic_time () + (gint64)task->job->seconds * G_USEC_PER_SEC;

  if (virDomainIsActive (domain) != 1)
    {
      virResetLastError ();
      return TRUE;
    }
  if (task->job->seconds > 0)
    say_last_words (task, domain, until);
  return floe_job_end (task, domain, until, error);
}

static gboolean
undefine (const FloeLibvirtTask *task, virDomainPtr domain, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (!floe_job_may (task, error))
    return FALSE;
  if (virDomainUndefineFlags (domain, VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | VIR_DOMAIN_UNDEFINE_NVRAM
                                          | VIR_DOMAIN_UNDEFINE_TPM
                                          | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
                                          | VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA)
      == 0)
    return TRUE;
  floe_libvirt_set_error (&local, "cannot undefine the clone");
  if (g_error_matches (local, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * floe_job_remove:
 *
 * The domain goes first: volumes that a crash leaves are found by the next try, by their names.
 */
gpointer
floe_job_remove (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
                 GError **error)
{
  const FloeLibvirtTask *task = input;
  g_autoptr (virDomain) domain = NULL;
  g_autoptr (virStoragePool) pool = NULL;

  if (!floe_job_find (connection, task->job->domain_id, &domain, error))
    return NULL;
  if (domain != NULL
      && (!floe_job_is_made (domain, error) || !end_domain (task, domain, error)
          || !undefine (task, domain, error)))
    return NULL;
  pool = floe_storage_open (connection, task->job->storage, error);
  return pool != NULL && delete_volumes (task, pool, error) ? floe_job_result_new () : NULL;
}
