/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-jobs.h"

#include <libvirt/virterror.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/libvirt-calls.h"
#include "manager/libvirt/libvirt-connection.h"
#include "manager/libvirt/libvirt-error.h"

/* In the order of FloeJobKind. */
static const FloeLibvirtCall calls[] = {
  floe_job_publish,   floe_job_carry,       floe_job_drop_image, floe_job_create,
  floe_job_remove,    floe_job_shut_down,   floe_job_move,       floe_job_attach,
  floe_job_drop_disk, floe_job_personalize, floe_job_lock,       floe_job_log_off,
  floe_job_ask,
};

FloeLibvirtTask *
floe_libvirt_task_new (const FloeJob *job, const FloeLibvirtHostSettings *target)
{
  FloeLibvirtTask *self = g_new0 (FloeLibvirtTask, 1);

  self->job = floe_job_copy (job);
  self->target = target != NULL ? floe_libvirt_host_settings_copy (target) : NULL;
  return self;
}

void
floe_libvirt_task_free (FloeLibvirtTask *self)
{
  if (self == NULL)
    return;
  floe_job_free (self->job);
  floe_libvirt_host_settings_free (self->target);
  g_free (self);
}

/**
 * floe_libvirt_task_key:
 *
 * Returns: (transfer full) (nullable): what a job must keep its place for: its domain, or its image
 */
gchar *
floe_libvirt_task_key (const FloeLibvirtTask *self)
{
  const FloeJob *job = self->job;

  if (job->domain_id != NULL)
    return g_strdup (job->domain_id);
  if (job->kind == FLOE_JOB_PUBLISH)
    return g_strdup_printf ("%s r%u", job->pool, job->revision);
  return g_strdup (job->volume);
}

static gpointer
call (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
      GError **error)
{
  FloeLibvirtTask *task = input;

  task->settings = settings;
  if (task->job->kind != FLOE_JOB_ASK && !floe_job_may (task, error))
    return NULL;
  if ((guint)task->job->kind >= G_N_ELEMENTS (calls))
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "a host is not asked for the job %s",
                   floe_job_kind_name (task->job->kind));
      return NULL;
    }
  return calls[task->job->kind](connection, settings, task, error);
}

/**
 * floe_libvirt_run_job:
 *
 * Returns: (transfer full): the #FloeJobResult of a #FloeLibvirtTask
 */
gpointer
floe_libvirt_run_job (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  FloeLibvirtTask *task = input;

  task->cancellable = cancellable;
  return floe_libvirt_connection_call (context, call, task, cancellable, error);
}

static gpointer
first_boot (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
            GError **error)
{
  FloeLibvirtRequest *request = input;
  g_autoptr (virDomain) domain = virDomainLookupByUUIDString (connection, request->id);
  gboolean done;

  if (domain == NULL)
    {
      floe_libvirt_set_error (error, "cannot look up the domain");
      return NULL;
    }
  if (!floe_agent_first_boot_done (domain, &done, error))
    return NULL;
  if (done)
    return GINT_TO_POINTER (TRUE);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_BUSY, "cloud-init is still at work");
  return NULL;
}

/**
 * floe_libvirt_first_boot:
 *
 * Returns: not %NULL once cloud-init has done its work; %FLOE_ERROR_BUSY before that
 */
gpointer
floe_libvirt_first_boot (gpointer context, gpointer input, GCancellable *cancellable,
                         GError **error)
{
  return floe_libvirt_connection_call (context, first_boot, input, cancellable, error);
}

static gboolean
measure_memory (virConnectPtr connection, FloeLibvirtMeasure *measure)
{
  g_autofree virNodeMemoryStatsPtr values = NULL;
  int n = 0;

  if (virNodeGetMemoryStats (connection, VIR_NODE_MEMORY_STATS_ALL_CELLS, NULL, &n, 0) < 0)
    return FALSE;
  values = g_new0 (virNodeMemoryStats, (gsize)n);
  if (virNodeGetMemoryStats (connection, VIR_NODE_MEMORY_STATS_ALL_CELLS, values, &n, 0) < 0)
    return FALSE;
  for (int i = 0; i < n; i++)
    {
      if (strcmp (values[i].field, VIR_NODE_MEMORY_STATS_TOTAL) == 0)
        measure->memory_kib = values[i].value;
      else
        measure->free_kib += values[i].value; /* free, buffers, cached */
    }
  return TRUE;
}

static gboolean
measure_cpus (virConnectPtr connection, FloeLibvirtMeasure *measure)
{
  g_autofree virNodeCPUStatsPtr values = NULL;
  virNodeInfo info;
  int n = 0;

  if (virNodeGetInfo (connection, &info) < 0
      || virNodeGetCPUStats (connection, VIR_NODE_CPU_STATS_ALL_CPUS, NULL, &n, 0) < 0)
    return FALSE;
  measure->cpus = info.cpus;
  values = g_new0 (virNodeCPUStats, (gsize)n);
  if (virNodeGetCPUStats (connection, VIR_NODE_CPU_STATS_ALL_CPUS, values, &n, 0) < 0)
    return FALSE;
  for (int i = 0; i < n; i++)
    {
      measure->total += values[i].value;
      if (strcmp (values[i].field, VIR_NODE_CPU_STATS_IDLE) != 0
          && strcmp (values[i].field, VIR_NODE_CPU_STATS_IOWAIT) != 0)
        measure->busy += values[i].value;
    }
  return TRUE;
}

static gpointer
measure (virConnectPtr connection, const FloeLibvirtHostSettings *settings, gpointer input,
         GError **error)
{
  g_autofree FloeLibvirtMeasure *result = g_new0 (FloeLibvirtMeasure, 1);

  if (measure_memory (connection, result) && measure_cpus (connection, result))
    return g_steal_pointer (&result);
  floe_libvirt_set_error (error, "cannot measure the host");
  return NULL;
}

/**
 * floe_libvirt_measure:
 *
 * Returns: (transfer full): a #FloeLibvirtMeasure, for g_free()
 */
gpointer
floe_libvirt_measure (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  return floe_libvirt_connection_call (context, measure, input, cancellable, error);
}
