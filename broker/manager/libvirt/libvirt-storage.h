/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <libvirt/libvirt.h>

G_BEGIN_DECLS

/*
 * Volumes of libvirt storage pools. All block; for worker threads. What one connection made is not
 * seen by another host's libvirtd until it looks again, and each looks only when it is told to, so
 * whoever does not find what should be there has the pool refreshed, once.
 */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, virDomainFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStoragePool, virStoragePoolFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStorageVol, virStorageVolFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStream, virStreamFree)

virStoragePoolPtr floe_storage_open (virConnectPtr connection, const gchar *name, GError **error);
gboolean floe_storage_refresh (virStoragePoolPtr pool);
virStorageVolPtr floe_storage_find (virStoragePoolPtr pool, const gchar *name, gboolean refresh,
                                    GError **error);
virStorageVolPtr floe_storage_find_path (virConnectPtr connection, const gchar *path,
                                         GError **error);
gchar *floe_storage_path (virStorageVolPtr volume, GError **error);

virStorageVolPtr floe_storage_create_overlay (virStoragePoolPtr pool, const gchar *name,
                                              virStorageVolPtr base, GError **error);
virStorageVolPtr floe_storage_create_disk (virStoragePoolPtr pool, const gchar *name, guint gib,
                                           GError **error);
virStorageVolPtr floe_storage_create_raw (virStoragePoolPtr pool, const gchar *name, guint64 length,
                                          GError **error);
virStorageVolPtr floe_storage_copy (virStoragePoolPtr pool, const gchar *name,
                                    virStorageVolPtr source, GError **error);
gboolean floe_storage_delete (virStoragePoolPtr pool, const gchar *name, gboolean refresh,
                              GError **error);

gboolean floe_storage_write (virConnectPtr connection, virStorageVolPtr volume, GBytes *bytes,
                             GError **error);
gchar *floe_storage_read (virConnectPtr connection, virStorageVolPtr volume, gsize limit,
                          GError **error);
gchar *floe_storage_hash (virConnectPtr connection, virStorageVolPtr volume, GError **error);
gboolean floe_storage_carry (virConnectPtr from, virStorageVolPtr source, virConnectPtr to,
                             virStorageVolPtr target, GError **error);

gboolean floe_storage_size (virStorageVolPtr volume, guint64 *size, GError **error);
gboolean floe_storage_has_room (virStoragePoolPtr pool, guint64 size, GError **error);
gboolean floe_storage_is_backing (virStoragePoolPtr pool, const gchar *path);

G_END_DECLS
