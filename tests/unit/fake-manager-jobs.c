/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-manager-parts.h"

#include <string.h>

/* What jobs do. */

/* What each clone takes, and its template said so. */
#define CLONE_MIB 1024

void
fake_manager_tell_power (FakeManager *self, const gchar *id, FloePower power)
{
  FloeDomain *domain = fake_manager_find (self, id);

  if (domain == NULL)
    return;
  domain->power = power;
  if (domain->made && (power == FLOE_POWER_OFF || power == FLOE_POWER_CRASHED))
    domain->agent_connected = FALSE;
  floe_manager_emit_domain_changed (FLOE_MANAGER (self), domain);
}

static void
create (FakeManager *self, const FloeJob *job)
{
  FloeDomain *domain;

  if (fake_manager_find (self, job->domain_id) != NULL)
    return;
  domain = floe_domain_new (job->domain_id, job->name, job->host);
  domain->pool = g_strdup (job->pool);
  domain->installation = g_strdup (job->installation);
  domain->revision = job->revision;
  domain->made = TRUE;
  domain->memory_mib = CLONE_MIB;
  domain->has_agent = job->personality != FLOE_PERSONALITY_NONE;
  domain->openings = g_new0 (FloeOpenings, 1);
  if (job->policy == NULL || job->policy->clipboard != FLOE_WAY_NONE)
    domain->openings->how[FLOE_DEVICE_CLIPBOARD] = "switch it off";
  domain->seeded = job->personality == FLOE_PERSONALITY_CLOUD_INIT;
  g_ptr_array_add (self->domains, domain);
  fake_manager_tell_power (self, job->domain_id, FLOE_POWER_OFF);
}

void
fake_manager_undefine_at (FakeManager *self, const gchar *host, const gchar *id)
{
  if (g_ptr_array_remove (self->domains, fake_manager_find (self, id)))
    floe_manager_emit_domain_gone (FLOE_MANAGER (self), host, id);
}

static void
move (FakeManager *self, const FloeJob *job)
{
  FloeDomain *domain = fake_manager_find (self, job->domain_id);

  if (domain == NULL || strcmp (domain->host, job->target) == 0)
    return;
  domain = floe_domain_copy (domain);
  g_free (domain->host);
  domain->host = g_strdup (job->target);
  fake_manager_undefine_at (self, job->host, job->domain_id);
  g_ptr_array_add (self->domains, domain);
  floe_manager_emit_domain_changed (FLOE_MANAGER (self), domain);
}

FloeJobResult *
fake_manager_do_job (FakeManager *self, const FloeJob *job)
{
  FloeJobResult *result = floe_job_result_new ();
  FloeDomain *domain = fake_manager_find (self, job->domain_id);

  if (job->kind == FLOE_JOB_CREATE)
    create (self, job);
  else if (job->kind == FLOE_JOB_REMOVE)
    fake_manager_undefine_at (self, job->host, job->domain_id);
  else if (domain != NULL && job->kind == FLOE_JOB_START)
    fake_manager_tell_power (self, job->domain_id, FLOE_POWER_ON);
  else if (domain != NULL && (job->kind == FLOE_JOB_SHUT_DOWN || job->kind == FLOE_JOB_GIVE_BACK))
    fake_manager_tell_power (self, job->domain_id, FLOE_POWER_OFF);
  else if (job->kind == FLOE_JOB_MOVE)
    move (self, job);
  else if (job->kind == FLOE_JOB_CARRY)
    fake_faults_image_came (self->faults, job->target, job->volume);
  else if (job->kind == FLOE_JOB_ASK && domain != NULL)
    result->logged_in = (guint)MAX (domain->logged_in, 0);
  else if (job->kind == FLOE_JOB_PUBLISH)
    {
      result->volume = fake_faults_image_name (job->pool, job->revision);
      result->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, result->volume, -1);
      result->xml = g_strdup_printf ("<domain><name>%s</name></domain>", job->name);
      result->memory_mib = CLONE_MIB;
    }
  return result;
}

void
fake_manager_log_job (FakeManager *self, const FloeJob *job)
{
  FloeDomain *domain = fake_manager_find (self, job->domain_id);
  const gchar *whose = domain != NULL      ? domain->name
                       : job->name != NULL ? job->name
                                           : job->domain_id;

  g_string_append (self->log, floe_job_kind_name (job->kind));
  if (whose != NULL)
    g_string_append_printf (self->log, " %s", whose);
  if (job->volume != NULL)
    g_string_append_printf (self->log, " %s", job->volume);
  if (job->person != NULL)
    g_string_append_printf (self->log, " of %s", job->person);
  if (job->target != NULL)
    g_string_append_printf (self->log, " %s", job->target);
  if (job->exists)
    g_string_append (self->log, " kept");
  if (job->script != NULL)
    g_string_append_printf (self->log, " (%s)", job->script);
  g_string_append_c (self->log, ';');
}
