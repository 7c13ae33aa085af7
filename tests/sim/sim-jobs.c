/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "sim-world.h"

/* The only host that has the templates. */
#define TEMPLATE_HOST "host1"

static void
fail (SimCall *call, FloeError code, const gchar *reason, const gchar *text)
{
  floe_set_error_reason (&call->error, code, reason, "host %s: %s", call->host, text);
}

static SimDomain *
find (SimCall *call)
{
  SimDomain *domain = sim_world_find (call->world, call->id);

  if (domain != NULL && domain->defined && strcmp (domain->facts->host, call->host) == 0)
    return domain;
  fail (call, FLOE_ERROR_NOT_FOUND, "no-domain", "there is no such domain");
  return NULL;
}

static void
set_ticket (SimCall *call)
{
  SimDomain *domain = find (call);
  gboolean spent = call->ticket->valid_until <= SECOND;

  if (domain == NULL)
    return;
  if (domain->facts->power != FLOE_POWER_ON)
    {
      fail (call, FLOE_ERROR_CONFLICT, "not-running", "the domain does not run");
      return;
    }
  g_free (domain->ticket);
  domain->ticket = spent ? NULL : g_strdup (floe_secret_get (call->ticket->secret, NULL));
  domain->ticket_until = call->ticket->valid_until;
  if (call->mode == FLOE_TICKET_DISCONNECT)
    sim_world_cut (call->world, domain);
}

/* Jobs. */

static gchar *
image_key (const gchar *host, const FloeJob *job)
{
  return g_strdup_printf ("%s %s", job->shared ? "all" : host, job->volume);
}

static void
publish (SimCall *call)
{
  SimWorld *world = call->world;
  FloeJob *job = call->job;
  FloeJobResult *result = call->result;

  if (strcmp (call->host, TEMPLATE_HOST) != 0)
    {
      fail (call, FLOE_ERROR_NOT_FOUND, "no-template", "there is no such template");
      return;
    }
  result->volume = g_strdup_printf ("floe-%s-r%u.qcow2", job->pool, job->revision);
  result->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, result->volume, -1);
  result->xml = g_strdup ("<domain/>");
  result->memory_mib = 1024;
  g_free (job->volume);
  job->volume = g_strdup (result->volume);
  g_hash_table_add (world->images, image_key (call->host, job));
}

static void
carry (SimCall *call)
{
  g_autofree gchar *from = image_key (call->host, call->job);

  if (!sim_world_get_host (call->world, call->job->target)->up)
    fail (call, FLOE_ERROR_UNAVAILABLE, "host-down", "the other host does not answer");
  else if (!g_hash_table_contains (call->world->images, from))
    fail (call, FLOE_ERROR_NOT_FOUND, "no-image", "there is no such image");
  else
    g_hash_table_add (call->world->images, image_key (call->job->target, call->job));
}

static void
drop_image (SimCall *call)
{
  SimWorld *world = call->world;
  const FloeJob *job = call->job;
  g_autofree gchar *key = image_key (call->host, job);

  for (guint i = 0; i < world->domains->len; i++)
    {
      const SimDomain *domain = world->domains->pdata[i];

      if (domain->facts->made && domain->facts->revision == job->revision
          && g_strcmp0 (domain->facts->pool, job->pool) == 0
          && (job->shared || strcmp (domain->facts->host, call->host) == 0)
          && sim_book_find (world->sim->book, domain->facts->id) != NULL)
        sim_violation (world->sim, "images", "the image of %s, %s, is deleted under it",
                       domain->facts->name, job->volume);
    }
  g_hash_table_remove (world->images, key);
}

static void
create (SimCall *call)
{
  SimWorld *world = call->world;
  const FloeJob *job = call->job;
  g_autofree gchar *image = image_key (call->host, job);
  g_autofree gchar *revision = g_strdup_printf ("%s %u", job->pool, job->revision);
  SimDomain *domain = sim_world_find (world, call->id);

  if (domain != NULL)
    return;
  if (sim_world_find_name (world, call->host, job->name) != NULL)
    fail (call, FLOE_ERROR_CONFLICT, "name-taken", "another domain has that name");
  else if (sim_world_get_host (world, call->host)->full)
    fail (call, FLOE_ERROR_INTERNAL, "storage-full", "the storage is full");
  else if (!g_hash_table_contains (world->images, image))
    fail (call, FLOE_ERROR_NOT_FOUND, "no-image", "there is no such image");
  if (call->error != NULL)
    return;
  domain = sim_world_add (world, call->id, job->name, call->host);
  domain->facts->pool = g_strdup (job->pool);
  domain->facts->made = TRUE;
  domain->facts->revision = job->revision;
  domain->facts->seeded = job->personality == FLOE_PERSONALITY_CLOUD_INIT;
  domain->raw = job->personality != FLOE_PERSONALITY_NONE;
  domain->bad = g_hash_table_contains (world->bad_revisions, revision)
                || (domain->raw && sim_chance (world->sim, 5));
  sim_world_tell (world, domain);
}

static void
remove_domain (SimCall *call)
{
  SimDomain *domain = sim_world_find (call->world, call->id);

  if (domain == NULL || strcmp (domain->facts->host, call->host) != 0)
    return;
  sim_world_switch_off (call->world, domain, FLOE_POWER_OFF);
  sim_world_remove (call->world, domain);
}

static void
move (SimCall *call)
{
  SimWorld *world = call->world;
  SimDomain *domain = sim_world_find (world, call->id);

  if (domain == NULL)
    fail (call, FLOE_ERROR_NOT_FOUND, "no-domain", "there is no such domain");
  else if (strcmp (domain->facts->host, call->job->target) == 0)
    return;
  else if (domain->facts->power != FLOE_POWER_OFF)
    fail (call, FLOE_ERROR_CONFLICT, "running", "the domain runs");
  else if (!sim_world_get_host (world, call->job->target)->up)
    fail (call, FLOE_ERROR_UNAVAILABLE, "host-down", "the other host does not answer");
  if (domain == NULL || call->error != NULL)
    return;
  g_free (domain->facts->host);
  domain->facts->host = g_strdup (call->job->target);
  sim_world_tell (world, domain);
}

/* Where storage is a host's own, what was made on one is not on the others. */
static void
put_disk (SimCall *call)
{
  const FloeJob *job = call->job;
  g_autofree gchar *key = image_key (call->host, job);

  if (job->exists && !g_hash_table_contains (call->world->images, key))
    sim_violation (call->world->sim, "data disks", "%s is wanted at %s, where it is not",
                   job->volume, call->host);
  g_hash_table_add (call->world->images, g_steal_pointer (&key));
}

static void
attach (SimCall *call)
{
  SimWorld *world = call->world;
  SimDomain *domain = find (call);

  if (domain == NULL)
    return;
  if (domain->facts->power != FLOE_POWER_ON)
    {
      fail (call, FLOE_ERROR_CONFLICT, "not-running", "the domain does not run");
      return;
    }
  for (guint i = 0; i < world->domains->len; i++)
    {
      const SimDomain *other = world->domains->pdata[i];

      if (other != domain && g_strcmp0 (other->volume, call->job->volume) == 0)
        sim_violation (world->sim, "data disks", "%s goes into %s while it is in %s",
                       call->job->volume, domain->facts->name, other->facts->name);
    }
  put_disk (call);
  g_free (domain->volume);
  domain->volume = g_strdup (call->job->volume);
}

static void
shut_down (SimCall *call)
{
  SimDomain *domain = find (call);

  if (domain != NULL)
    sim_world_switch_off (call->world, domain, FLOE_POWER_OFF);
}

static void
personalize (SimCall *call, SimDomain *domain)
{
  if (domain->facts->seeded)
    sim_violation (call->world->sim, "personality", "%s is prepared twice", domain->facts->name);
  domain->raw = FALSE;
}

static void
run_job (SimCall *call)
{
  SimDomain *domain = sim_world_find (call->world, call->id);

  call->result = floe_job_result_new ();
  switch (call->job->kind)
    {
    case FLOE_JOB_PUBLISH:
      publish (call);
      break;
    case FLOE_JOB_CARRY:
      carry (call);
      break;
    case FLOE_JOB_DROP_IMAGE:
      drop_image (call);
      break;
    case FLOE_JOB_CREATE:
      create (call);
      break;
    case FLOE_JOB_REMOVE:
      remove_domain (call);
      break;
    case FLOE_JOB_SHUT_DOWN:
      shut_down (call);
      break;
    case FLOE_JOB_MOVE:
      move (call);
      break;
    case FLOE_JOB_ATTACH:
      attach (call);
      break;
    case FLOE_JOB_ASK:
    case FLOE_JOB_LOG_OFF:
    case FLOE_JOB_LOCK:
    case FLOE_JOB_PERSONALIZE:
      if (domain == NULL || !domain->facts->agent_connected)
        fail (call, FLOE_ERROR_CONFLICT, "no-agent", "the guest agent does not answer");
      else if (call->job->kind == FLOE_JOB_LOG_OFF)
        domain->facts->logged_in = 0;
      else if (call->job->kind == FLOE_JOB_ASK)
        call->result->logged_in = (guint)MAX (domain->facts->logged_in, 0);
      else if (call->job->kind == FLOE_JOB_PERSONALIZE)
        personalize (call, domain);
      break;
    default:
      break;
    }
  if (call->error != NULL)
    g_clear_pointer (&call->result, floe_job_result_free);
}

/* Lets it happen. */
void
sim_job_do (SimCall *call)
{
  SimDomain *domain;

  switch (call->kind)
    {
    case SIM_CALL_ON:
      domain = find (call);
      if (domain != NULL)
        sim_world_switch_on (call->world, domain);
      break;
    case SIM_CALL_OFF:
      domain = find (call);
      if (domain != NULL)
        sim_world_switch_off (call->world, domain, FLOE_POWER_OFF);
      break;
    case SIM_CALL_TICKET:
      set_ticket (call);
      break;
    case SIM_CALL_JOB:
      run_job (call);
      break;
    }
}

/* How long it takes when nothing is wrong. */
gint64
sim_job_duration (SimCall *call)
{
  static const struct
  {
    FloeJobKind kind;
    guint from_ms, to_ms;
  } jobs[] = {
    { FLOE_JOB_PUBLISH, 30000, 300000 }, { FLOE_JOB_CARRY, 20000, 60000 },
    { FLOE_JOB_CREATE, 2000, 15000 },    { FLOE_JOB_REMOVE, 1000, 5000 },
    { FLOE_JOB_SHUT_DOWN, 3000, 70000 }, { FLOE_JOB_MOVE, 1000, 4000 },
    { FLOE_JOB_ATTACH, 500, 3000 },      { FLOE_JOB_PERSONALIZE, 2000, 20000 },
  };

  if (call->error != NULL)
    return sim_between (call->world->sim, 0, 2 * SECOND);
  if (call->kind == SIM_CALL_ON)
    return sim_between (call->world->sim, SECOND, 5 * SECOND);
  if (call->kind == SIM_CALL_OFF)
    return sim_between (call->world->sim, SECOND / 2, 2 * SECOND);
  for (guint i = 0; call->kind == SIM_CALL_JOB && i < G_N_ELEMENTS (jobs); i++)
    if (jobs[i].kind == call->job->kind)
      return sim_between (call->world->sim, jobs[i].from_ms * (SECOND / 1000),
                          jobs[i].to_ms * (SECOND / 1000));
  return sim_between (call->world->sim, SECOND / 100, SECOND / 10);
}
