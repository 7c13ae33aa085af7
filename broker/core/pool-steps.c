/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool-steps.h"

static const FloeRevision *
find_revision (const FloePoolPicture *picture, guint number)
{
  for (guint i = 0; i < picture->revisions->len; i++)
    if (((FloeRevision *)picture->revisions->pdata[i])->number == number)
      return picture->revisions->pdata[i];
  return NULL;
}

static void
publish (FloeRevisionJobs *jobs, FloePoolHosts *known, const FloePoolPicture *picture, guint number)
{
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();
  g_autoptr (GArray) places = floe_pool_hosts_list (known, picture);

  for (guint i = 0; i < places->len; i++)
    if (g_array_index (places, FloePlace, i).up)
      g_ptr_array_add (hosts, (gpointer)g_array_index (places, FloePlace, i).name);
  g_ptr_array_add (hosts, NULL);
  floe_revision_jobs_publish (jobs, picture->pool, number, (const gchar *const *)hosts->pdata);
}

static void
forget (FloeRevisionJobs *jobs, const FloePoolPicture *picture, const FloeRevision *revision)
{
  g_autoptr (GPtrArray) hosts = g_ptr_array_new ();

  if (revision->host != NULL)
    g_ptr_array_add (hosts, revision->host);
  for (guint i = 0; i < picture->images->len && !picture->pool->template->shared; i++)
    {
      FloeImage *image = picture->images->pdata[i];

      if (image->revision == revision->number && g_strcmp0 (image->host, revision->host) != 0)
        g_ptr_array_add (hosts, image->host);
    }
  g_ptr_array_add (hosts, NULL);
  floe_revision_jobs_forget (jobs, picture->pool, revision, (const gchar *const *)hosts->pdata);
}

/**
 * floe_pool_steps_run:
 * @jobs: what carries it out
 * @hosts: where the template may be
 * @picture: of the pool
 * @step: of a plan that was recorded; one about single desktops is done with these
 */
void
floe_pool_steps_run (FloeRevisionJobs *jobs, FloePoolHosts *hosts, const FloePoolPicture *picture,
                     const FloeStep *step)
{
  const FloeRevision *revision = find_revision (picture, step->revision);

  if (step->kind == FLOE_STEP_PUBLISH)
    publish (jobs, hosts, picture, step->revision);
  else if (step->kind == FLOE_STEP_CARRY && revision != NULL)
    floe_revision_jobs_carry (jobs, picture->pool, revision, step->host, step->target);
  else if (step->kind == FLOE_STEP_FORGET && revision != NULL)
    forget (jobs, picture, revision);
}
