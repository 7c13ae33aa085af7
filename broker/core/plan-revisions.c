/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plan-revisions.h"

/* A canary fails when so many of its desktops did not become ready, or all of a smaller share. */
#define FAILURES_TO_FAIL 3
/* A template that could not be published is left alone for so long, and twice as long each time. */
#define PUBLISH_AGAIN (10 * G_USEC_PER_SEC)
#define MAX_DOUBLINGS 6

static const FloeRevision *
find (const FloePlanState *state, FloeRevisionState wanted)
{
  GPtrArray *revisions = state->input->revisions;

  for (guint i = 0; i < revisions->len; i++)
    if (((FloeRevision *)revisions->pdata[i])->state == wanted)
      return revisions->pdata[i];
  return NULL;
}

static guint
count_of (const FloePlanState *state, guint revision)
{
  GPtrArray *counts = state->input->counts;
  guint n = 0;

  for (guint i = 0; i < counts->len; i++)
    {
      const FloeDesktopCount *count = counts->pdata[i];

      if (count->revision == revision && count->facts.intent != FLOE_INTENT_REMOVE)
        n += count->n;
    }
  return n;
}

static gboolean
is_used (const FloePlanState *state, guint revision)
{
  GPtrArray *counts = state->input->counts;

  for (guint i = 0; i < counts->len; i++)
    if (((FloeDesktopCount *)counts->pdata[i])->revision == revision)
      return TRUE;
  return FALSE;
}

/* How many desktops a canary is tried on: its share of the others, one at least. */
static guint
share (const FloePlanState *state)
{
  const FloeTemplate *template = state->input->pool->template;
  const FloeRevision *canary = find (state, FLOE_REVISION_CANARY);
  guint own = canary != NULL ? count_of (state, canary->number) : 0;
  guint base = MAX (state->made - MIN (own, state->made), template->minimum);

  return MAX (1, (base * template->canary_percent + 99) / 100);
}

/**
 * floe_plan_is_bad:
 *
 * Returns: whether a revision failed its trial
 */
gboolean
floe_plan_is_bad (const FloePlanState *state, guint revision)
{
  GPtrArray *revisions = state->input->revisions;

  for (guint i = 0; i < revisions->len; i++)
    {
      const FloeRevision *one = revisions->pdata[i];

      if (one->number == revision)
        return one->state == FLOE_REVISION_FAILED;
    }
  return FALSE;
}

/**
 * floe_plan_is_trying:
 * @revision: (out) (optional): which
 *
 * Returns: whether a canary is being tried
 */
gboolean
floe_plan_is_trying (FloePlanState *state, guint *revision)
{
  const FloeRevision *canary = find (state, FLOE_REVISION_CANARY);

  if (canary != NULL && revision != NULL)
    *revision = canary->number;
  return canary != NULL;
}

/**
 * floe_plan_missing_canaries:
 *
 * Returns: how many desktops a canary lacks of its share
 */
guint
floe_plan_missing_canaries (FloePlanState *state)
{
  const FloeRevision *canary = find (state, FLOE_REVISION_CANARY);
  guint have = canary != NULL ? count_of (state, canary->number) : 0;

  return canary != NULL && share (state) > have ? share (state) - have : 0;
}

/**
 * floe_plan_next_revision:
 *
 * Returns: (transfer none) (nullable): what the next desktop is made from: a canary until it has
 * its share, then the current one
 */
const FloeRevision *
floe_plan_next_revision (FloePlanState *state)
{
  const FloeRevision *canary = find (state, FLOE_REVISION_CANARY);
  const FloeRevision *current = find (state, FLOE_REVISION_CURRENT);

  if (canary != NULL && count_of (state, canary->number) + state->planned_canaries < share (state))
    return canary;
  return current;
}

/**
 * floe_plan_wanted_revision:
 *
 * Returns: the number of the revision that idle desktops should be of; 0 while there is none
 */
guint
floe_plan_wanted_revision (FloePlanState *state)
{
  const FloeRevision *canary = find (state, FLOE_REVISION_CANARY);
  const FloeRevision *current = find (state, FLOE_REVISION_CURRENT);

  if (canary != NULL && count_of (state, canary->number) < share (state))
    return canary->number;
  return current != NULL && canary == NULL ? current->number : 0;
}

/**
 * floe_plan_count_outdated:
 *
 * Returns: how many idle desktops are to make way for the wanted revision: those that nobody has
 *   and that are of another one; for a canary only so many that it gets its share
 */
guint
floe_plan_count_outdated (FloePlanState *state)
{
  const FloeRevision *canary = find (state, FLOE_REVISION_CANARY);
  guint wanted = floe_plan_wanted_revision (state);
  GPtrArray *counts = state->input->counts;
  guint n = 0;

  for (guint i = 0; wanted > 0 && i < counts->len; i++)
    {
      const FloeDesktopCount *count = counts->pdata[i];

      if (count->revision > 0 && count->revision != wanted && count->facts.lease == FLOE_LEASE_NONE
          && count->facts.intent == FLOE_INTENT_NONE && count->facts.power != FLOE_POWER_UNKNOWN)
        n += count->n;
    }
  if (canary == NULL)
    return n;
  /* Only where the pool is full; otherwise those of the canary are made beside the others. */
  if (state->total < state->input->pool->template->maximum)
    return 0;
  return MIN (n, share (state) - MIN (share (state), count_of (state, wanted)));
}

static const FloeImage *
find_image (const FloePlanState *state, guint revision, const gchar *host)
{
  GPtrArray *images = state->input->images;

  for (guint i = 0; i < images->len; i++)
    {
      const FloeImage *image = images->pdata[i];

      if (image->revision == revision && g_strcmp0 (image->host, host) == 0)
        return image;
    }
  return NULL;
}

static gboolean
is_anywhere (const FloePlanState *state, guint revision)
{
  GPtrArray *images = state->input->images;

  for (guint i = 0; i < images->len; i++)
    {
      const FloeImage *image = images->pdata[i];

      if (image->revision == revision && image->there)
        return TRUE;
    }
  return FALSE;
}

/* It was made at its first host; of where else it is, and that it vanished, there are rows. When it
 * vanished everywhere, its first host is where it is still looked for: somebody may put it back. */
static gboolean
has_copy (const FloePlanState *state, const FloeRevision *revision, const gchar *host)
{
  const FloeImage *image = find_image (state, revision->number, host);

  if (image != NULL && image->there)
    return TRUE;
  return g_strcmp0 (revision->host, host) == 0
         && (image == NULL || !is_anywhere (state, revision->number));
}

/**
 * floe_plan_has_image:
 *
 * Returns: whether the image that the next desktop is made from is at @host
 */
gboolean
floe_plan_has_image (const FloePlanState *state, const gchar *host)
{
  if (state->next == NULL)
    return FALSE;
  return state->input->pool->template->shared || has_copy (state, state->next, host);
}

/* Images on their way. */

/* Where it can be had: at its first host, or else anywhere. */
static const FloePlace *
find_source (const FloePlanState *state, const FloeRevision *revision)
{
  GArray *places = state->input->places;
  const FloePlace *source = NULL;

  for (guint i = 0; i < places->len; i++)
    {
      const FloePlace *place = &g_array_index (places, FloePlace, i);

      if (place->up && has_copy (state, revision, place->name)
          && (source == NULL || g_strcmp0 (revision->host, place->name) == 0))
        source = place;
    }
  return source;
}

static void
plan_carry (FloePlanState *state, const FloeRevision *revision, const FloePlace *source,
            const FloePlace *target)
{
  const FloeImage *image = find_image (state, revision->number, target->name);
  FloeStep *step;

  if (image != NULL && image->not_before > state->input->now)
    {
      if (image->problem != NULL)
        floe_plan_tell (state, g_strdup_printf ("the image of revision %u is not at host %s: %s",
                                                image->revision, image->host, image->problem));
      return;
    }
  step = floe_plan_add (state, FLOE_STEP_CARRY, 1);
  step->revision = revision->number;
  step->host = source->name;
  step->target = target->name;
}

static void
plan_carries (FloePlanState *state, const FloeRevision *revision)
{
  GArray *places = state->input->places;
  const FloePlace *source;

  if (revision == NULL || state->input->pool->template->shared)
    return;
  source = find_source (state, revision);
  for (guint i = 0; source != NULL && i < places->len; i++)
    {
      const FloePlace *place = &g_array_index (places, FloePlace, i);

      if (place->up && !place->draining && !has_copy (state, revision, place->name))
        plan_carry (state, revision, source, place);
    }
}

/* Revisions on their way. */

static void
judge (FloePlanState *state, const FloeRevision *canary)
{
  guint good = canary->tries - MIN (canary->failures, canary->tries);
  guint enough = share (state);

  if (canary->failures >= MIN (FAILURES_TO_FAIL, enough))
    floe_plan_add (state, FLOE_STEP_FAIL, 1)->revision = canary->number;
  else if (good >= enough)
    floe_plan_add (state, FLOE_STEP_PROMOTE, 1)->revision = canary->number;
}

static void
plan_forgets (FloePlanState *state)
{
  GPtrArray *revisions = state->input->revisions;

  /* The newest one is kept even when it failed, so that its number and its problem stay known. */
  for (guint i = 1; i < revisions->len; i++)
    {
      const FloeRevision *one = revisions->pdata[i];

      if ((one->state == FLOE_REVISION_OLD || one->state == FLOE_REVISION_FAILED)
          && !is_used (state, one->number))
        floe_plan_add (state, FLOE_STEP_FORGET, 1)->revision = one->number;
    }
}

static gboolean
any_is_up (GArray *places)
{
  for (guint i = 0; i < places->len; i++)
    if (g_array_index (places, FloePlace, i).up)
      return TRUE;
  return FALSE;
}

/**
 * floe_plan_publish_due:
 * @revisions: (element-type FloeRevision): of a pool, the newest first
 *
 * Returns: from when on a revision whose making failed is tried again; 0 when none waits
 */
gint64
floe_plan_publish_due (GPtrArray *revisions)
{
  const FloeRevision *newest = revisions->len > 0 ? revisions->pdata[0] : NULL;

  if (newest == NULL || newest->state != FLOE_REVISION_MAKING || newest->failures == 0)
    return 0;
  return newest->since + ((gint64)PUBLISH_AGAIN << MIN (newest->failures - 1, MAX_DOUBLINGS));
}

/* A revision that is wanted is made whatever else fails: it may be what mends it. */
static void
plan_publish (FloePlanState *state, const FloeRevision *newest)
{
  guint number = newest == NULL                          ? 1
                 : newest->state == FLOE_REVISION_MAKING ? newest->number
                                                         : newest->number + 1;

  if (!any_is_up (state->input->places))
    floe_plan_tell (state, g_strdup ("its template cannot be looked for: no host answers"));
  else if (floe_plan_publish_due (state->input->revisions) <= state->input->now)
    floe_plan_add (state, FLOE_STEP_PUBLISH, 1)->revision = number;
}

static void
tell_newest (FloePlanState *state, const FloeRevision *newest)
{
  if (newest->problem == NULL)
    return;
  if (newest->state == FLOE_REVISION_FAILED)
    floe_plan_tell (state, g_strdup_printf ("revision %u of its template failed: %s",
                                            newest->number, newest->problem));
  else if (newest->state == FLOE_REVISION_MAKING)
    floe_plan_tell (state, g_strdup_printf ("its template could not be read, %u times now: %s",
                                            newest->failures, newest->problem));
}

/**
 * floe_plan_revisions:
 * @resting: nothing that may fail is begun
 *
 * Makes the first revision, and a further one when somebody asked for it; brings images to hosts;
 * judges a canary; and forgets what nothing stands on any more.
 */
void
floe_plan_revisions (FloePlanState *state, gboolean resting)
{
  GPtrArray *revisions = state->input->revisions;
  const FloeRevision *newest = revisions->len > 0 ? revisions->pdata[0] : NULL;
  const FloeRevision *canary = find (state, FLOE_REVISION_CANARY);

  if (newest == NULL || newest->state == FLOE_REVISION_MAKING
      || (state->input->state->renew && canary == NULL))
    plan_publish (state, newest);
  if (newest != NULL)
    tell_newest (state, newest);
  if (canary != NULL)
    judge (state, canary);
  if (!resting)
    {
      plan_carries (state, find (state, FLOE_REVISION_CURRENT));
      plan_carries (state, canary);
    }
  plan_forgets (state);
}
