/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool-plan.h"

#include "core/plan-revisions.h"
#include "core/stuck.h"

/* How many desktops of a pool are being made, and renewed, at once. */
#define MAKING_ON_A_HOST 4
#define RENEWING_PERCENT 10

/**
 * floe_plan_tell:
 * @text: (transfer full): what is wrong, in words; what was told first is kept
 */
void
floe_plan_tell (FloePlanState *state, gchar *text)
{
  if (state->plan->problem == NULL)
    state->plan->problem = text;
  else
    g_free (text);
}

/* is_free: whether they could be lent */
gboolean
floe_plan_is_free (const FloePlanState *state, const FloeDesktopCount *count)
{
  const FloeFacts *facts = &count->facts;

  return count->usable && facts->lease == FLOE_LEASE_NONE && facts->intent == FLOE_INTENT_NONE
         && (facts->clean == FLOE_CLEAN_CLEAN
             || (state->nature == FLOE_NATURE_KEPT && facts->clean == FLOE_CLEAN_DIRTY));
}

static gboolean
is_down (const FloeFacts *facts)
{
  return facts->power == FLOE_POWER_OFF || facts->power == FLOE_POWER_CRASHED;
}

static gboolean
is_draining (const FloePlanState *state, const gchar *host)
{
  const FloePlace *place = floe_place_find (state->input->places, host);

  return place != NULL && place->draining;
}

/* One kind of desktops is counted where it belongs. */
static void
count_one (FloePlanState *state, const FloeDesktopCount *count)
{
  const FloeFacts *facts = &count->facts;

  if (count->revision > 0)
    state->made += count->n;
  state->total += count->n;
  if (facts->lease == FLOE_LEASE_HELD)
    state->held += count->n;
  if (facts->intent == FLOE_INTENT_CREATE)
    state->making += count->n;
  if (facts->intent == FLOE_INTENT_REMOVE)
    state->removing += count->n;
  if (facts->lease == FLOE_LEASE_HELD || is_draining (state, count->host))
    return;
  if (facts->intent == FLOE_INTENT_START && count->usable)
    state->coming += count->n;
  else if (floe_plan_is_free (state, count) && facts->power == FLOE_POWER_ON)
    {
      if (facts->guest == FLOE_GUEST_BOOTING || facts->guest == FLOE_GUEST_UNKNOWN)
        state->coming += count->n;
      else
        state->ready += count->n;
    }
  else if (floe_plan_is_free (state, count) && is_down (facts) && !count->resting)
    state->off += count->n;
}

static void
count_all (FloePlanState *state)
{
  const FloePlanInput *input = state->input;

  for (guint i = 0; i < input->counts->len; i++)
    count_one (state, input->counts->pdata[i]);
}

FloeStep *
floe_plan_add (FloePlanState *state, FloeStepKind kind, guint n)
{
  FloeStep step = { .kind = kind, .n = n };

  g_array_append_val (state->plan->steps, step);
  return &g_array_index (state->plan->steps, FloeStep, state->plan->steps->len - 1);
}

/* Starting and stopping. */

static guint
average_memory (const FloeDesktopCount *count)
{
  return count->n > 0 ? (guint)(count->memory_mib / count->n) : 0;
}

/* A spare stays where it was made, so its own host must have room for it. */
static guint
start_some (FloePlanState *state, const FloeDesktopCount *count, guint missing)
{
  FloePlace *place = floe_place_find (state->input->places, count->host);
  guint need = average_memory (count);
  guint n = 0;

  while (n < MIN (missing, count->n) && floe_place_refusal (place, need) == NULL
         && place->starting < place->starts_at_once)
    {
      place->starting++;
      place->reserved_mib += need;
      n++;
    }
  if (n > 0)
    {
      FloeStep *step = floe_plan_add (state, FLOE_STEP_START, n);

      step->host = count->host;
      step->revision = count->revision;
    }
  else if (place != NULL && floe_place_refusal (place, need) != NULL)
    floe_plan_tell (state, g_strdup_printf ("a spare cannot be started: host %s %s", count->host,
                                            floe_place_refusal (place, need)));
  return n;
}

static gboolean
is_sound (FloePlanState *state, guint revision)
{
  guint canary = 0;

  return !floe_plan_is_bad (state, revision)
         && !(floe_plan_is_trying (state, &canary) && canary == revision);
}

/**
 * floe_plan_start:
 * @count: alike desktops
 * @missing: so many at most
 *
 * Starts them if they are down and may be spares.
 *
 * Returns: how many
 */
guint
floe_plan_start (FloePlanState *state, const FloeDesktopCount *count, guint missing)
{
  if (!floe_plan_is_free (state, count) || !is_down (&count->facts) || count->resting
      || (count->revision > 0 && !is_sound (state, count->revision)))
    return 0;
  return start_some (state, count, missing);
}

/* A canary is known by how it starts, whether or not a spare is wanted. */
static void
start_canaries (FloePlanState *state)
{
  const FloePlanInput *input = state->input;
  guint canary = 0;

  if (!floe_plan_is_trying (state, &canary))
    return;
  for (guint i = 0; i < input->counts->len; i++)
    {
      const FloeDesktopCount *count = input->counts->pdata[i];

      if (count->revision == canary && floe_plan_is_free (state, count) && is_down (&count->facts)
          && !count->resting && !is_draining (state, count->host))
        start_some (state, count, count->n);
    }
}

/* An administrator's own desktops of a pool that says nothing about spares run when they start
 * them: that is theirs to decide. */
static gboolean
cares_for_spares (const FloePool *pool)
{
  return pool->template != NULL || pool->spares > 0 || pool->windows->len > 0
         || (pool->closed && pool->drain);
}

static void
stop_surplus (FloePlanState *state)
{
  if (!cares_for_spares (state->input->pool))
    return;
  if (state->ready > state->wanted && state->coming == 0 && !floe_plan_is_trying (state, NULL))
    floe_plan_add (state, FLOE_STEP_STOP, state->ready - state->wanted);
}

static void
plan_spares (FloePlanState *state)
{
  const FloePlanInput *input = state->input;
  guint have = state->ready + state->coming;

  start_canaries (state);
  for (guint i = 0; have < state->wanted && i < input->counts->len; i++)
    have += floe_plan_start (state, input->counts->pdata[i], state->wanted - have);
  stop_surplus (state);
}

/* Making and removing. */

/**
 * floe_plan_can_make:
 *
 * Returns: whether a host may make a further one of the next revision
 */
gboolean
floe_plan_can_make (const FloePlanState *state, const FloePlace *place)
{
  return place->making < MAKING_ON_A_HOST && floe_plan_has_image (state, place->name);
}

static gboolean
has_image (const FloePlace *place, gconstpointer data)
{
  return floe_plan_can_make (data, place);
}

/**
 * floe_plan_make:
 * @place: which has room for it, and its image
 */
void
floe_plan_make (FloePlanState *state, FloePlace *place, const FloeRevision *revision)
{
  FloeStep *step = floe_plan_add (state, FLOE_STEP_CREATE, 1);

  place->making++;
  place->desktops++;
  place->reserved_mib += revision->memory_mib;
  step->host = place->name;
  step->revision = revision->number;
  if (revision->state == FLOE_REVISION_CANARY)
    state->planned_canaries++;
  state->total++;
  state->making++;
}

static void
make_some (FloePlanState *state, guint n)
{
  const FloeRevision *revision = floe_plan_next_revision (state);

  while (n > 0 && revision != NULL)
    {
      FloePlace *place;

      state->next = revision;
      place = floe_place_choose (state->input->places, revision->memory_mib, has_image, state);
      if (place == NULL)
        break;
      floe_plan_make (state, place, revision);
      n--;
      revision = floe_plan_next_revision (state);
    }
  if (n > 0 && revision != NULL && state->making == 0)
    floe_plan_tell (
        state, g_strdup_printf ("%u desktops cannot be made: no host answers that has room for "
                                "%u MiB and the template's image",
                                n, revision->memory_mib));
}

/* How many there should be: those that are lent, those that should be ready, and never fewer than
 * the minimum; whatever is being removed is not there any more, but counts against the maximum
 * until it is gone. */
static void
plan_size (FloePlanState *state)
{
  const FloeTemplate *template = state->input->pool->template;
  guint going = state->removing;
  guint there = state->total - going;
  guint wished = MAX (template->minimum, state->held + state->wanted);
  guint most = template->maximum > going ? template->maximum - going : 0;

  if (state->input->pool->closed && state->input->pool->drain)
    wished = MIN (wished, there);
  else if (floe_plan_missing_canaries (state) > 0)
    wished = MAX (wished, MIN (there + floe_plan_missing_canaries (state), most));
  if (there < wished && there < most)
    make_some (state, MIN (wished, most) - there);
  else if (there > MAX (wished, state->held) && state->making == 0
           && !floe_plan_is_trying (state, NULL))
    {
      guint many = MIN (there - MAX (wished, state->held), state->off);

      if (there > template->maximum)
        many = MAX (many, MIN (there - template->maximum, state->off + state->ready));
      if (many > 0)
        floe_plan_add (state, FLOE_STEP_REMOVE, many)->running = there > template->maximum;
    }
  if (wished > template->maximum)
    floe_plan_tell (state,
                    g_strdup_printf ("it is at its maximum of %u desktops", template->maximum));
}

/* Idle desktops of an older revision make way, few at a time, and never the last spare before its
 * successor can come. */
static void
plan_renewal (FloePlanState *state)
{
  guint old = floe_plan_count_outdated (state);
  guint batch = MAX (1, state->total * RENEWING_PERCENT / 100);
  guint busy = state->making + state->removing;
  FloeStep *step;

  if (old == 0 || busy >= batch)
    return;
  step = floe_plan_add (state, FLOE_STEP_REMOVE, MIN (old, batch - busy));
  step->not_revision = floe_plan_wanted_revision (state);
  step->running = TRUE;
}

/* Hosts that are drained. */

static void
move_away (FloePlanState *state, const FloeDesktopCount *count)
{
  FloePlace *place;
  FloeStep *step;

  place = floe_place_choose (state->input->places, average_memory (count), NULL, NULL);
  if (place == NULL)
    {
      floe_plan_tell (state, g_strdup_printf ("host %s is drained, and no other host can take "
                                              "its desktops",
                                              count->host));
      return;
    }
  step = floe_plan_add (state, FLOE_STEP_MOVE, count->n);
  step->host = count->host;
  step->target = place->name;
}

static void
drain (FloePlanState *state, const FloeDesktopCount *count)
{
  const FloeFacts *facts = &count->facts;
  const FloeTemplate *template = state->input->pool->template;
  gboolean made = count->revision > 0;
  gboolean stuck =
      state->nature == FLOE_NATURE_KEPT && made && (template == NULL || !template->shared);

  if (facts->intent != FLOE_INTENT_NONE || !count->usable)
    return;
  if (stuck)
    floe_plan_tell (state,
                    floe_stuck_describe (state->input->stuck, state->input->counts, count->host));
  if (state->nature == FLOE_NATURE_KEPT && made && !stuck && is_down (facts))
    move_away (state, count);
  else if (facts->lease == FLOE_LEASE_NONE && facts->power == FLOE_POWER_ON
           && (!made || state->nature == FLOE_NATURE_KEPT))
    floe_plan_add (state, FLOE_STEP_STOP, count->n)->host = count->host;
  else if (facts->lease == FLOE_LEASE_NONE && made && state->nature == FLOE_NATURE_DISPOSABLE)
    {
      FloeStep *step = floe_plan_add (state, FLOE_STEP_REMOVE, count->n);

      step->host = count->host;
      step->running = TRUE;
    }
}

static void
plan_drains (FloePlanState *state)
{
  const FloePlanInput *input = state->input;

  for (guint i = 0; i < input->counts->len; i++)
    {
      const FloeDesktopCount *count = input->counts->pdata[i];

      if (is_draining (state, count->host))
        drain (state, count);
    }
}

static gchar *
describe_failures (const FloePoolState *state)
{
  if (state->failures == 0)
    return g_strdup (state->problem);
  if (state->failures == 1)
    return g_strdup_printf ("a failure: %s", state->problem);
  return g_strdup_printf ("%u failures one after the other, the last: %s", state->failures,
                          state->problem);
}

static void
plan_all (FloePlanState *state)
{
  const FloePlanInput *input = state->input;
  const FloePool *pool = input->pool;
  gboolean resting = input->state->not_before > input->now;

  state->wanted = pool->closed && pool->drain ? 0 : input->spares + input->waiting;
  if (input->state->problem != NULL)
    floe_plan_tell (state, describe_failures (input->state));
  plan_drains (state);
  if (pool->template != NULL && state->wanted > 0)
    floe_plan_needs (state, resting);
  if (!resting)
    plan_spares (state);
  else
    stop_surplus (state);
  if (pool->template == NULL)
    return;
  floe_plan_revisions (state, resting);
  if (!resting)
    plan_size (state);
  plan_renewal (state);
}

/**
 * floe_plan_new:
 * @input: what a pool has and should have
 *
 * What a pool needs next. Pure: the same input gives the same plan, and a plan that was carried out
 * needs no further one; what could not be done comes again with the next.
 *
 * Returns: (transfer full): the plan
 */
FloePlan *
floe_plan_new (const FloePlanInput *input)
{
  FloePlan *plan = g_new0 (FloePlan, 1);
  FloePlanState state = { .input = input, .plan = plan };

  plan->steps = g_array_new (FALSE, FALSE, sizeof (FloeStep));
  state.nature = floe_nature_of (input->pool->kind, input->pool->template != NULL);
  count_all (&state);
  plan_all (&state);
  plan->ready = state.ready;
  plan->coming = state.coming;
  plan->wanted = state.wanted;
  return plan;
}

void
floe_plan_free (FloePlan *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->steps);
  g_free (self->problem);
  g_free (self);
}
