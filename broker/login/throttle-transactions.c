/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/throttle-transactions.h"

#include "core/error.h"
#include "core/fold.h"

/* No directory is asked for a name with such a character, so that it is nobody's. */
#define LIKE "\001"

/**
 * floe_throttle_name_like:
 * @name: as floe_directory_fold_name() has it
 *
 * A directory may take other spellings for the same name, and which do is only known when it was
 * asked: each accent would be one more try. So a spelling that nobody is known by counts for
 * whoever has a like one.
 *
 * Returns: (transfer full): what all names that are like it have in common, which is no name itself
 */
gchar *
floe_throttle_name_like (const gchar *name)
{
  g_autofree gchar *folded = floe_fold_loosely (name);

  return g_strconcat (LIKE, folded, NULL);
}

void
floe_try_input_free (FloeTryInput *self)
{
  g_free (self->name);
  g_free (self->like);
  g_free (self->network);
  g_free (self->terminal);
  g_free (self);
}

void
floe_try_leave_free (FloeTryLeave *self)
{
  if (self == NULL)
    return;
  floe_try_counts_clear (&self->counts);
  g_clear_error (&self->refusal);
  g_free (self);
}

void
floe_try_settlement_free (FloeTrySettlement *self)
{
  g_free (self->name);
  g_free (self->like);
  g_free (self->network);
  g_free (self->terminal);
  g_free (self->place);
  g_free (self->person);
  g_free (self->user_id);
  g_free (self);
}

/**
 * floe_throttle_policy_since:
 *
 * Returns: the end of the pause after which nothing counts any more, microseconds since 1970 UTC
 */
gint64
floe_throttle_policy_since (const FloeThrottlePolicy *self, gint64 now)
{
  return now - (gint64)self->seconds * G_USEC_PER_SEC;
}

/**
 * floe_throttle_policy_network_since:
 *
 * Returns: likewise, for what counts for a network
 */
gint64
floe_throttle_policy_network_since (const FloeThrottlePolicy *self, gint64 now)
{
  return now - (gint64)self->network_seconds * G_USEC_PER_SEC;
}

static gint64
since (const FloeTryInput *input)
{
  return floe_throttle_policy_since (&input->policy, input->now);
}

/* A directory's lockout says nothing of networks. */
static gboolean
count (FloeTx *tx, const FloeTryInput *in, FloeTryCounts *counts, GError **error)
{
  const FloeTryQuery query = { in->name, in->like, in->network, in->terminal, since (in) };

  if (!floe_tx_count_tries (tx, &query, counts, error))
    return FALSE;
  if (counts->first_of_network <= floe_throttle_policy_network_since (&in->policy, in->now))
    counts->n_of_network = 0;
  return TRUE;
}

static guint
most_of_strangers (const FloeThrottlePolicy *policy)
{
  return (policy->person_tries + 1) / 2;
}

static guint
most_elsewhere (const FloeThrottlePolicy *policy)
{
  return policy->person_tries > 2 ? policy->person_tries - 1 : policy->person_tries;
}

/* Whoever sits next to somebody is no stranger by their network: one try is kept for the terminals
 * that this person logs in at, where it is not one of two. */
static guint
most_of_person (const FloeThrottlePolicy *policy, const FloeTryCounts *counts)
{
  gboolean elsewhere = counts->has_terminal && counts->seen_there == 0;

  return elsewhere ? most_elsewhere (policy) : policy->person_tries;
}

/**
 * floe_throttle_policy_get_limits:
 * @limits: (out caller-allocates): the same for the store
 */
void
floe_throttle_policy_get_limits (const FloeThrottlePolicy *self, gint64 now, FloeTryLimits *limits)
{
  *limits = (FloeTryLimits){ .most = self->person_tries,
                             .most_elsewhere = most_elsewhere (self),
                             .most_of_strangers = most_of_strangers (self),
                             .since = floe_throttle_policy_since (self, now),
                             .most_of_network = self->network_tries,
                             .network_since = floe_throttle_policy_network_since (self, now) };
}

/* until: the try that has to be forgotten, being older than @since, before there may be another */
static void
refuse (FloeTryLeave *leave, gint64 until, gint64 since)
{
  gint64 left = until - since;
  guint minutes = (guint)((left + 60 * (gint64)G_USEC_PER_SEC - 1) / (60 * (gint64)G_USEC_PER_SEC));

  floe_set_error_reason (&leave->refusal, FLOE_ERROR_BUSY, "too-many-tries",
                         "too many wrong passwords; there may be another try in %u min",
                         MAX (minutes, 1));
}

/* The answer is the same for names that nobody has. */
static void
decide (FloeTryLeave *leave, const FloeTryInput *input)
{
  const FloeThrottlePolicy *policy = &input->policy;
  const FloeTryCounts *counts = &leave->counts;
  gboolean stranger = floe_try_counts_is_stranger (counts);

  if (counts->n_of_person + input->uncounted >= most_of_person (policy, counts)
      || (stranger && counts->n_of_strangers >= most_of_strangers (policy)))
    refuse (leave, input->uncounted > 0 ? input->now : counts->last_of_person, since (input));
  else if (stranger && counts->n_of_network >= policy->network_tries)
    refuse (leave, counts->first_of_network,
            floe_throttle_policy_network_since (policy, input->now));
}

/**
 * floe_throttle_look:
 * @input: a #FloeTryInput
 *
 * Returns: (transfer full): a #FloeTryLeave
 */
gpointer
floe_throttle_look (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeTryInput *in = input;
  FloeTryLeave *leave = g_new0 (FloeTryLeave, 1);

  if (!count (tx, in, &leave->counts, error))
    {
      floe_try_leave_free (leave);
      return NULL;
    }
  decide (leave, in);
  return leave;
}

/**
 * floe_throttle_reserve:
 * @input: a #FloeTryInput
 *
 * As floe_throttle_look(), and counts the try as a wrong one until more is known of it.
 *
 * Returns: (transfer full): a #FloeTryLeave
 */
gpointer
floe_throttle_reserve (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeTryInput *in = input;
  const FloeThrottlePolicy *policy = &in->policy;
  FloeTryLeave *leave = floe_throttle_look (tx, input, error);
  FloeTry one = { .at = in->now,
                  .since = since (in),
                  .most_of_strangers = most_of_strangers (policy) };

  if (leave == NULL || leave->refusal != NULL)
    return leave;
  one.person = leave->counts.person;
  one.most = most_of_person (policy, &leave->counts) - in->uncounted;
  one.stranger = floe_try_counts_is_stranger (&leave->counts);
  if (!floe_tx_take_try (tx, &one, &leave->reserved, error))
    {
      floe_try_leave_free (leave);
      return NULL;
    }
  if (!leave->reserved)
    refuse (leave, in->now, since (in));
  return leave;
}

static gboolean
know_name (FloeTx *tx, const FloeTrySettlement *in, GError **error)
{
  return floe_tx_put_known_name (tx, in->name, in->user_id, error)
         && floe_tx_put_known_name (tx, in->like, in->user_id, error);
}

static gboolean
know_place (FloeTx *tx, const FloeTrySettlement *in, const gchar *place, GError **error)
{
  return floe_tx_put_known_network (tx, in->user_id, in->network, in->now, error)
         && (place == NULL || floe_tx_put_known_network (tx, in->user_id, place, in->now, error));
}

/* What the directory knows of a name counts for the person, and not for the name. */
static gboolean
record_wrong (FloeTx *tx, const FloeTrySettlement *in, const FloeTry *one, GError **error)
{
  FloeTry known = *one;
  gboolean taken;

  if (!floe_tx_put_network_try (tx, in->network, in->now, in->network_since, error))
    return FALSE;
  if (in->user_id != NULL && !in->met && !know_name (tx, in, error))
    return FALSE;
  if (in->user_id == NULL || g_strcmp0 (in->user_id, in->person) == 0)
    return in->reserved || floe_tx_take_try (tx, one, &taken, error);
  known.person = in->user_id;
  return know_name (tx, in, error) && (!in->reserved || floe_tx_give_back_try (tx, one, error))
         && floe_tx_take_try (tx, &known, &taken, error);
}

/* The directory's own count begins anew, too; but not that of somebody else, whose name is only
 * like theirs. */
static gboolean
record_right (FloeTx *tx, const FloeTrySettlement *in, const FloeTry *one, GError **error)
{
  gboolean is_other = in->loosely && g_strcmp0 (in->user_id, in->person) != 0;
  gboolean done = is_other ? !in->reserved || floe_tx_give_back_try (tx, one, error)
                           : floe_tx_delete_tries_of (tx, in->person, error);

  if (!done)
    return FALSE;
  return in->user_id == NULL
         || (floe_tx_delete_tries_of (tx, in->user_id, error) && know_name (tx, in, error)
             && know_place (tx, in, in->place, error));
}

/**
 * floe_throttle_record:
 * @input: a #FloeTrySettlement
 *
 * Returns: not %NULL when it is done
 */
gpointer
floe_throttle_record (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeTrySettlement *in = input;
  const FloeTry one = {
    .person = in->person, .stranger = in->stranger, .at = in->now, .since = in->since
  };
  gboolean done;

  switch (in->outcome)
    {
    case FLOE_TRY_WRONG:
      done = record_wrong (tx, in, &one, error);
      break;
    case FLOE_TRY_RIGHT:
      done = record_right (tx, in, &one, error);
      break;
    case FLOE_TRY_UNASKED:
    default:
      done = !in->reserved || floe_tx_give_back_try (tx, &one, error);
    }
  return done ? GINT_TO_POINTER (TRUE) : NULL;
}

/**
 * floe_throttle_greet:
 * @input: a #FloeTrySettlement, of which who, where and when count
 *
 * Returns: not %NULL when the network is known to be theirs
 */
gpointer
floe_throttle_greet (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeTrySettlement *in = input;
  const FloeTryQuery query = { in->name, in->like, in->network, in->terminal, in->since };
  g_auto (FloeTryCounts) counts = { 0 };

  if (!floe_tx_count_tries (tx, &query, &counts, error))
    return NULL;
  if (counts.met && g_str_equal (counts.person, in->user_id) && counts.seen > in->since
      && (counts.place == NULL || counts.seen_there > in->since))
    return GINT_TO_POINTER (TRUE);
  return know_name (tx, in, error) && know_place (tx, in, counts.place, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

gpointer
floe_throttle_forget (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeTryPrune *in = input;

  return floe_tx_prune_tries (tx, in->before, in->unseen_since, error) ? GINT_TO_POINTER (TRUE)
                                                                       : NULL;
}
