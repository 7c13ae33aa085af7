/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/job.h"

static const gchar *const kind_names[] = {
  "publish",   "carry",       "drop-image", "create",  "remove", "shut-down", "move",  "attach",
  "drop-disk", "personalize", "lock",       "log-off", "ask",    "restart",   "start", "give-back",
};

const gchar *
floe_job_kind_name (FloeJobKind kind)
{
  return (guint)kind < G_N_ELEMENTS (kind_names) ? kind_names[kind] : "unknown";
}

/**
 * floe_job_new:
 *
 * Returns: (transfer full): a job of which nothing else is known; the maker fills it before it lets
 *   go of it
 */
FloeJob *
floe_job_new (FloeJobKind kind, const gchar *host)
{
  FloeJob *self = g_new0 (FloeJob, 1);

  self->kind = kind;
  self->host = g_strdup (host);
  return self;
}

FloeJob *
floe_job_copy (const FloeJob *self)
{
  FloeJob *copy = g_new0 (FloeJob, 1);

  *copy = *self;
  copy->host = g_strdup (self->host);
  copy->target = g_strdup (self->target);
  copy->domain_id = g_strdup (self->domain_id);
  copy->name = g_strdup (self->name);
  copy->pool = g_strdup (self->pool);
  copy->installation = g_strdup (self->installation);
  copy->storage = g_strdup (self->storage);
  copy->volume = g_strdup (self->volume);
  copy->sha256 = g_strdup (self->sha256);
  copy->xml = g_strdup (self->xml);
  copy->script = g_strdup (self->script);
  copy->person = g_strdup (self->person);
  copy->person_id = g_strdup (self->person_id);
  copy->engine_user = g_strdup (self->engine_user);
  copy->request = g_strdup (self->request);
  copy->policy = self->policy != NULL ? floe_policy_copy (self->policy) : NULL;
  return copy;
}

void
floe_job_free (FloeJob *self)
{
  if (self == NULL)
    return;
  g_free (self->host);
  g_free (self->target);
  g_free (self->domain_id);
  g_free (self->name);
  g_free (self->pool);
  g_free (self->installation);
  g_free (self->storage);
  g_free (self->volume);
  g_free (self->sha256);
  g_free (self->xml);
  g_free (self->script);
  g_free (self->person);
  g_free (self->person_id);
  g_free (self->engine_user);
  g_free (self->request);
  floe_policy_free (self->policy);
  g_free (self);
}

FloeJobResult *
floe_job_result_new (void)
{
  return g_new0 (FloeJobResult, 1);
}

void
floe_job_result_free (FloeJobResult *self)
{
  if (self == NULL)
    return;
  g_free (self->volume);
  g_free (self->sha256);
  g_free (self->xml);
  g_free (self);
}
