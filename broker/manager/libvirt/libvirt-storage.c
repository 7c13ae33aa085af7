/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-storage.h"

#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/libvirt-error.h"
#include "manager/libvirt/xml-parts.h"

/**
 * floe_storage_open:
 *
 * Returns: (transfer full): the pool, which is active; %FLOE_ERROR_NOT_FOUND, reason "no-storage"
 */
virStoragePoolPtr
floe_storage_open (virConnectPtr connection, const gchar *name, GError **error)
{
  g_autoptr (virStoragePool) pool = virStoragePoolLookupByName (connection, name);
  g_autoptr (GError) local = NULL;

  if (pool != NULL && virStoragePoolIsActive (pool) == 1)
    return g_steal_pointer (&pool);
  if (pool != NULL)
    {
      virResetLastError ();
      floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "no-storage",
                             "the storage pool %s is not active: \"virsh pool-start %s\"", name,
                             name);
      return NULL;
    }
  floe_libvirt_set_error (&local, "cannot open the storage pool");
  if (g_error_matches (local, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    floe_set_error_reason (error, FLOE_ERROR_NOT_FOUND, "no-storage", "%s", local->message);
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/**
 * floe_storage_refresh:
 *
 * Returns: %TRUE if libvirt looked again; it refuses while it writes or copies a volume of the pool
 */
gboolean
floe_storage_refresh (virStoragePoolPtr pool)
{
  gboolean looked = virStoragePoolRefresh (pool, 0) == 0;

  virResetLastError ();
  return looked;
}

/**
 * floe_storage_find:
 * @refresh: what is not known is looked for
 * @error: %FLOE_ERROR_BUSY if it is not known and cannot be looked for now
 *
 * Returns: (transfer full) (nullable): the volume; %NULL without an error if there is none
 */
virStorageVolPtr
floe_storage_find (virStoragePoolPtr pool, const gchar *name, gboolean refresh, GError **error)
{
  virStorageVolPtr volume = virStorageVolLookupByName (pool, name);

  virResetLastError ();
  if (volume != NULL || !refresh)
    return volume;
  if (!floe_storage_refresh (pool))
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_BUSY,
                   "the storage pool %s cannot be looked at while a volume of it is written",
                   virStoragePoolGetName (pool));
      return NULL;
    }
  volume = virStorageVolLookupByName (pool, name);
  virResetLastError ();
  return volume;
}

static gboolean
refresh_all (virConnectPtr connection)
{
  virStoragePoolPtr *pools = NULL;
  gboolean looked = TRUE;
  int n = virConnectListAllStoragePools (connection, &pools, VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE);

  for (int i = 0; i < n; i++)
    {
      looked = floe_storage_refresh (pools[i]) && looked;
      virStoragePoolFree (pools[i]);
    }
  free (pools);
  virResetLastError ();
  return looked && n >= 0;
}

/**
 * floe_storage_find_path:
 * @error: %FLOE_ERROR_BUSY if it is not known and cannot be looked for now
 *
 * Returns: (transfer full) (nullable): the volume of whatever pool that has that path; %NULL
 *   without an error if there is none
 */
virStorageVolPtr
floe_storage_find_path (virConnectPtr connection, const gchar *path, GError **error)
{
  virStorageVolPtr volume = virStorageVolLookupByPath (connection, path);
  gboolean looked = TRUE;

  if (volume == NULL)
    {
      looked = refresh_all (connection);
      volume = virStorageVolLookupByPath (connection, path);
    }
  virResetLastError ();
  if (volume == NULL && !looked)
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_BUSY,
                 "a storage pool cannot be looked at, so that nobody knows whether %s is in it",
                 path);
  return volume;
}

/**
 * floe_storage_path:
 *
 * Returns: (transfer full): where the host has it
 */
gchar *
floe_storage_path (virStorageVolPtr volume, GError **error)
{
  char *path = virStorageVolGetPath (volume);
  gchar *copy = g_strdup (path);

  if (path == NULL)
    floe_libvirt_set_error (error, "cannot tell a volume's path");
  free (path);
  return copy;
}

static virStorageVolPtr
create (virStoragePoolPtr pool, const gchar *xml, const gchar *what, GError **error)
{
  virStorageVolPtr volume = virStorageVolCreateXML (pool, xml, 0);

  if (volume == NULL)
    floe_libvirt_set_error (error, what);
  return volume;
}

/**
 * floe_storage_create_overlay:
 * @base: a standalone qcow2 image
 *
 * Returns: (transfer full): an empty image of the same size on top of it
 */
virStorageVolPtr
floe_storage_create_overlay (virStoragePoolPtr pool, const gchar *name, virStorageVolPtr base,
                             GError **error)
{
  g_autofree gchar *path = floe_storage_path (base, error);
  g_autofree gchar *xml = NULL;
  virStorageVolInfo info;

  if (path == NULL)
    return NULL;
  if (virStorageVolGetInfo (base, &info) < 0)
    {
      floe_libvirt_set_error (error, "cannot tell an image's size");
      return NULL;
    }
  xml = g_markup_printf_escaped (
      "<volume><name>%s</name><capacity unit='bytes'>%llu</capacity>"
      "<allocation unit='bytes'>0</allocation><target><format "
      "type='qcow2'/><compat>1.1</compat></target>"
      "<backingStore><path>%s</path><format type='qcow2'/></backingStore></volume>",
      name, info.capacity, path);
  return create (pool, xml, "cannot create an overlay", error);
}

/**
 * floe_storage_create_disk:
 *
 * Returns: (transfer full): an empty qcow2 image
 */
virStorageVolPtr
floe_storage_create_disk (virStoragePoolPtr pool, const gchar *name, guint gib, GError **error)
{
  g_autofree gchar *xml =
      g_markup_printf_escaped ("<volume><name>%s</name><capacity unit='GiB'>%u</capacity>"
                               "<allocation unit='bytes'>0</allocation><target><format "
                               "type='qcow2'/><compat>1.1</compat></target></volume>",
                               name, gib);

  return create (pool, xml, "cannot create a data disk", error);
}

/**
 * floe_storage_create_raw:
 *
 * All of its room is taken now: libvirt does not tell whoever uploads into a sparse file that the
 * storage is full.
 *
 * Returns: (transfer full): a file of zeros of exactly that length
 */
virStorageVolPtr
floe_storage_create_raw (virStoragePoolPtr pool, const gchar *name, guint64 length, GError **error)
{
  g_autofree gchar *xml = g_markup_printf_escaped (
      "<volume><name>%s</name><capacity unit='bytes'>%" G_GUINT64_FORMAT "</capacity>"
      "<allocation unit='bytes'>%" G_GUINT64_FORMAT "</allocation>"
      "<target><format type='raw'/></target></volume>",
      name, length, length);

  return create (pool, xml, "cannot create a volume", error);
}

/**
 * floe_storage_copy:
 * @source: an image of whatever format, in any pool of the same host
 *
 * Returns: (transfer full): a standalone qcow2 copy of what a guest would see of it, made by the
 *   host itself; this can take minutes
 */
virStorageVolPtr
floe_storage_copy (virStoragePoolPtr pool, const gchar *name, virStorageVolPtr source,
                   GError **error)
{
  g_autofree gchar *xml = NULL;
  virStorageVolPtr copy;
  virStorageVolInfo info;

  if (virStorageVolGetInfo (source, &info) < 0)
    {
      floe_libvirt_set_error (error, "cannot tell an image's size");
      return NULL;
    }
  xml = g_markup_printf_escaped ("<volume><name>%s</name><capacity unit='bytes'>%llu</capacity>"
                                 "<allocation unit='bytes'>0</allocation><target><format "
                                 "type='qcow2'/><compat>1.1</compat></target></volume>",
                                 name, info.capacity);
  copy = virStorageVolCreateXMLFrom (pool, xml, source, 0);
  if (copy == NULL)
    floe_libvirt_set_error (error, "cannot copy the template's disk");
  return copy;
}

/**
 * floe_storage_delete:
 * @refresh: one that is not known is looked for
 *
 * Returns: %TRUE once there is no such volume
 */
gboolean
floe_storage_delete (virStoragePoolPtr pool, const gchar *name, gboolean refresh, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (virStorageVol) volume = floe_storage_find (pool, name, refresh, &local);

  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (volume == NULL || virStorageVolDelete (volume, 0) == 0)
    return TRUE;
  floe_libvirt_set_error (&local, "cannot delete a volume");
  if (g_error_matches (local, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return TRUE;
  /* Somebody else deleted the file, and the pool does not know yet. */
  floe_storage_refresh (pool);
  g_clear_pointer (&volume, virStorageVolFree);
  volume = floe_storage_find (pool, name, FALSE, NULL);
  if (volume == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * floe_storage_size:
 * @size: (out): of its file
 */
gboolean
floe_storage_size (virStorageVolPtr volume, guint64 *size, GError **error)
{
  virStorageVolInfo info;

  if (virStorageVolGetInfoFlags (volume, &info, VIR_STORAGE_VOL_GET_PHYSICAL) < 0)
    {
      floe_libvirt_set_error (error, "cannot tell a volume's size");
      return FALSE;
    }
  *size = info.allocation;
  return TRUE;
}

/**
 * floe_storage_has_room:
 *
 * Returns: %FALSE with %FLOE_ERROR_EXHAUSTED (reason "storage-full") if @size bytes cannot fit
 */
gboolean
floe_storage_has_room (virStoragePoolPtr pool, guint64 size, GError **error)
{
  g_autofree gchar *left = NULL;
  g_autofree gchar *needed = NULL;
  virStoragePoolInfo info;

  floe_storage_refresh (pool);
  if (virStoragePoolGetInfo (pool, &info) < 0)
    {
      floe_libvirt_set_error (error, "cannot tell how much room the storage pool has");
      return FALSE;
    }
  if (info.available >= size)
    return TRUE;
  left = g_format_size_full (info.available, G_FORMAT_SIZE_IEC_UNITS);
  needed = g_format_size_full (size, G_FORMAT_SIZE_IEC_UNITS);
  floe_set_error_reason (error, FLOE_ERROR_EXHAUSTED, "storage-full",
                         "the storage pool %s has %s left, and %s are needed",
                         virStoragePoolGetName (pool), left, needed);
  return FALSE;
}

static gboolean
stands_on (virStorageVolPtr volume, const gchar *path)
{
  char *text = virStorageVolGetXMLDesc (volume, 0);
  g_autoptr (xmlDoc) document = text != NULL ? floe_xml_parse (text, NULL) : NULL;
  xmlNodePtr backing =
      document != NULL ? floe_xml_child (xmlDocGetRootElement (document), "backingStore") : NULL;
  g_autofree gchar *found = backing != NULL ? floe_xml_child_text (backing, "path") : NULL;

  free (text);
  return g_strcmp0 (found, path) == 0;
}

/**
 * floe_storage_is_backing:
 *
 * Returns: %TRUE if an overlay in @pool stands on the image at @path
 */
gboolean
floe_storage_is_backing (virStoragePoolPtr pool, const gchar *path)
{
  virStorageVolPtr *volumes = NULL;
  gboolean found = FALSE;
  int n;

  floe_storage_refresh (pool);
  n = virStoragePoolListAllVolumes (pool, &volumes, 0);
  for (int i = 0; i < n; i++)
    {
      found = found || stands_on (volumes[i], path);
      virStorageVolFree (volumes[i]);
    }
  free (volumes);
  virResetLastError ();
  return found;
}
