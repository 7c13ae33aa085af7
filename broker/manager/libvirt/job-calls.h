/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libvirt/libvirt.h>

#include "core/job.h"
#include "manager/libvirt/host-settings.h"
#include "manager/libvirt/libvirt-storage.h"

G_BEGIN_DECLS

/**
 * FloeLibvirtTask:
 * @job: what is to be done
 * @target: (nullable): the other host, where it has one
 * @cancellable: (nullable) (transfer none): cancelled when nobody waits any more
 * @settings: (transfer none): of the host, while it is done
 *
 * The input of the calls below, each a #FloeLibvirtCall that returns a #FloeJobResult. A call looks
 * first what is there, since an earlier try may have ended anywhere, and asks floe_job_may()
 * directly before each step that changes something: it may take longer than its broker leads, and
 * the next leader does the same job anew.
 */
typedef struct
{
  FloeJob *job;
  FloeLibvirtHostSettings *target;
  GCancellable *cancellable;
  const FloeLibvirtHostSettings *settings;
} FloeLibvirtTask;

gpointer floe_job_publish (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                           gpointer input, GError **error);
gpointer floe_job_carry (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                         gpointer input, GError **error);
gpointer floe_job_drop_image (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                              gpointer input, GError **error);
gpointer floe_job_create (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                          gpointer input, GError **error);
gpointer floe_job_remove (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                          gpointer input, GError **error);
gpointer floe_job_shut_down (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                             gpointer input, GError **error);
gpointer floe_job_move (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                        gpointer input, GError **error);
gpointer floe_job_attach (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                          gpointer input, GError **error);
gpointer floe_job_drop_disk (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                             gpointer input, GError **error);
gpointer floe_job_personalize (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                               gpointer input, GError **error);
gpointer floe_job_lock (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                        gpointer input, GError **error);
gpointer floe_job_log_off (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                           gpointer input, GError **error);
gpointer floe_job_ask (virConnectPtr connection, const FloeLibvirtHostSettings *settings,
                       gpointer input, GError **error);

/* What they share. */

gchar *floe_job_image_mark (const gchar *volume);
gboolean floe_job_find (virConnectPtr connection, const gchar *id, virDomainPtr *domain,
                        GError **error);
gboolean floe_job_is_made (virDomainPtr domain, GError **error);
gboolean floe_job_may (const FloeLibvirtTask *task, GError **error);
gboolean floe_job_delete (const FloeLibvirtTask *task, virStoragePoolPtr pool, const gchar *name,
                          gboolean refresh, GError **error);
gboolean floe_job_pause (const FloeLibvirtTask *task, gint64 microseconds);
gboolean floe_job_end (const FloeLibvirtTask *task, virDomainPtr domain, gint64 until,
                       GError **error);
gboolean floe_job_disk_is_used (virConnectPtr connection, const gchar *path, virDomainPtr except,
                                gboolean active_only, GError **error);

gboolean floe_agent_answers (virDomainPtr domain);
gboolean floe_agent_run_script (const FloeLibvirtTask *task, virDomainPtr domain,
                                const gchar *script, gint64 until, GError **error);
gboolean floe_agent_first_boot_done (virDomainPtr domain, gboolean *done, GError **error);

G_END_DECLS
