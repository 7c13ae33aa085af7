/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/libvirt/job-calls.h"

G_BEGIN_DECLS

/*
 * Jobs as #FloeWork, whose context is a #FloeLibvirtConnection.
 */

FloeLibvirtTask *floe_libvirt_task_new (const FloeJob *job, const FloeLibvirtHostSettings *target);
void floe_libvirt_task_free (FloeLibvirtTask *self);
gchar *floe_libvirt_task_key (const FloeLibvirtTask *self);

gpointer floe_libvirt_run_job (gpointer context, gpointer input, GCancellable *cancellable,
                               GError **error);
gpointer floe_libvirt_first_boot (gpointer context, gpointer input, GCancellable *cancellable,
                                  GError **error);
gpointer floe_libvirt_measure (gpointer context, gpointer input, GCancellable *cancellable,
                               GError **error);

/**
 * FloeLibvirtMeasure:
 * @memory_kib: all
 * @free_kib: what is free, caches counted as free
 * @cpus: how many
 * @busy: nanoseconds of all CPUs since the host started
 * @total: the same, idle time included
 */
typedef struct
{
  guint64 memory_kib;
  guint64 free_kib;
  guint cpus;
  guint64 busy;
  guint64 total;
} FloeLibvirtMeasure;

G_END_DECLS
