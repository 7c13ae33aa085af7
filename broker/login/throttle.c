/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/throttle.h"

#include "core/error.h"
#include "core/network.h"
#include "login/throttle-transactions.h"

/* A network stays known for so long, and that it is still used is written down once a day. */
#define DAY   (24 * 3600 * (gint64)G_USEC_PER_SEC)
#define KNOWN (90 * DAY)

struct _FloeThrottle
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  FloeThrottlePolicy wanted; /* by the configuration */
  FloeThrottlePolicy policy; /* no looser than a directory's lockout */
  GHashTable *asked;         /* person to Asked */
  guint n_under_way;
};

/* How many of somebody's passwords are between the look at the store and its record of them. */
typedef struct
{
  guint n;
  guint uncounted; /* those of them that the store does not know */
} Asked;

struct _FloeAdmission
{
  gchar *name;
  gchar *like;
  gchar *network;
  gchar *asked; /* for whom it is under way */
  gboolean reserved;
  FloeTryCounts counts;
};

typedef struct
{
  gchar *name;
  gchar *like;
  gchar *network;
  gchar *terminal;
  gchar *asked; /* (nullable): from the look on */
} Admit;

G_DEFINE_FINAL_TYPE (FloeThrottle, floe_throttle, G_TYPE_OBJECT)

static void
admit_free (gpointer data)
{
  Admit *admit = data;

  g_free (admit->name);
  g_free (admit->like);
  g_free (admit->network);
  g_free (admit->terminal);
  g_free (admit->asked);
  g_free (admit);
}

static void
admission_free (FloeAdmission *self)
{
  g_free (self->name);
  g_free (self->like);
  g_free (self->network);
  g_free (self->asked);
  floe_try_counts_clear (&self->counts);
  g_free (self);
}

static const Asked *
asked_about (FloeThrottle *self, const gchar *person)
{
  static const Asked none = { 0, 0 };
  const Asked *asked = g_hash_table_lookup (self->asked, person);

  return asked != NULL ? asked : &none;
}

static void
set_asked (FloeThrottle *self, const gchar *person, const Asked *asked)
{
  if (asked->n > 0)
    g_hash_table_insert (self->asked, g_strdup (person), g_memdup2 (asked, sizeof *asked));
  else
    g_hash_table_remove (self->asked, person);
}

static void
begin_asking (FloeThrottle *self, const gchar *person, gboolean counted)
{
  Asked asked = *asked_about (self, person);

  asked.n++;
  asked.uncounted += !counted;
  set_asked (self, person, &asked);
}

static void
end_asking (FloeThrottle *self, const gchar *person, gboolean counted)
{
  Asked asked = *asked_about (self, person);

  asked.n--;
  asked.uncounted -= !counted;
  set_asked (self, person, &asked);
  self->n_under_way--;
}

static FloeTryInput *
input_new (FloeThrottle *self, const Admit *admit)
{
  FloeTryInput *input = g_new0 (FloeTryInput, 1);

  input->policy = self->policy;
  input->name = g_strdup (admit->name);
  input->like = g_strdup (admit->like);
  input->network = g_strdup (admit->network);
  input->terminal = g_strdup (admit->terminal);
  input->uncounted = admit->asked != NULL ? asked_about (self, admit->asked)->uncounted : 0;
  input->now = floe_clock_now (self->clock);
  return input;
}

/* Takes @task and @leave. */
static void
give_leave (GTask *task, FloeTryLeave *leave)
{
  Admit *admit = g_task_get_task_data (task);
  FloeAdmission *admission;

  if (leave->refusal != NULL)
    g_task_return_error (task, g_steal_pointer (&leave->refusal));
  else
    {
      admission = g_new0 (FloeAdmission, 1);
      admission->name = g_steal_pointer (&admit->name);
      admission->like = g_steal_pointer (&admit->like);
      admission->network = g_steal_pointer (&admit->network);
      admission->asked = g_steal_pointer (&admit->asked);
      admission->reserved = leave->reserved;
      admission->counts = leave->counts;
      leave->counts.person = leave->counts.place = NULL;
      g_task_return_pointer (task, admission, NULL); /* whoever asked has to settle it */
    }
  floe_try_leave_free (leave);
  g_object_unref (task);
}

/* Takes @task and @error. */
static void
give_up (GTask *task, GError *error)
{
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
reserved (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  const Admit *admit = g_task_get_task_data (task);
  GError *error = NULL;
  FloeTryLeave *leave = floe_store_finish (FLOE_STORE (source), result, &error);

  if (leave == NULL || leave->refusal != NULL)
    end_asking (g_task_get_source_object (task), admit->asked, TRUE);
  if (leave == NULL)
    give_up (task, error);
  else
    give_leave (task, leave);
}

/* Somebody without a wrong try is let through with one look at the store, where they are known: a
 * stranger may be asking another broker, too. Whoever comes before that is recorded is counted
 * first. */
static gboolean
needs_no_count (FloeThrottle *self, const FloeTryCounts *counts)
{
  return !self->policy.shared && !floe_try_counts_is_stranger (counts) && counts->n_of_person == 0
         && asked_about (self, counts->person)->n == 0;
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeThrottle *self = g_task_get_source_object (task);
  Admit *admit = g_task_get_task_data (task);
  GError *error = NULL;
  FloeTryLeave *leave = floe_store_finish (FLOE_STORE (source), result, &error);
  gboolean counted;

  if (leave == NULL || leave->refusal != NULL)
    {
      self->n_under_way--;
      if (leave == NULL)
        give_up (task, error);
      else
        give_leave (task, leave);
      return;
    }
  counted = !needs_no_count (self, &leave->counts);
  admit->asked = g_strdup (leave->counts.person);
  begin_asking (self, admit->asked, counted);
  if (!counted)
    {
      give_leave (task, leave);
      return;
    }
  floe_try_leave_free (leave);
  floe_store_note_async (self->store, floe_throttle_reserve, input_new (self, admit),
                         (GDestroyNotify)floe_try_input_free, (GDestroyNotify)floe_try_leave_free,
                         reserved, task);
}

/**
 * floe_throttle_admit_async:
 * @name: whose password is to be tried, as floe_directory_fold_name() has it
 * @caller: from where
 * @cancellable: (nullable): gives up waiting
 *
 * Asks for leave to try a password.
 */
void
floe_throttle_admit_async (FloeThrottle *self, const gchar *name, const FloeCaller *caller,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Admit *admit = g_new0 (Admit, 1);

  g_task_set_source_tag (task, floe_throttle_admit_async);
  g_task_set_check_cancellable (task, FALSE);
  admit->name = g_strdup (name);
  admit->like = floe_throttle_name_like (name);
  admit->network = floe_network_of (caller->address);
  admit->terminal = g_strdup (caller->terminal);
  g_task_set_task_data (task, admit, admit_free);
  self->n_under_way++;
  floe_store_look_async (self->store, floe_throttle_look, input_new (self, admit),
                         (GDestroyNotify)floe_try_input_free, (GDestroyNotify)floe_try_leave_free,
                         looked, task);
}

/**
 * floe_throttle_admit_finish:
 *
 * Returns: (transfer full): the leave, for floe_throttle_settle(); or %NULL with %FLOE_ERROR_BUSY
 *   (reason "too-many-tries") or a store's error
 */
FloeAdmission *
floe_throttle_admit_finish (FloeThrottle *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  FloeThrottle *throttle;
  gchar *asked;
  gboolean counted;
} Settling;

static Settling *
settling_new (FloeThrottle *throttle, const FloeAdmission *admission)
{
  Settling *settling = g_new0 (Settling, 1);

  settling->throttle = g_object_ref (throttle);
  settling->asked = g_strdup (admission->asked);
  settling->counted = admission->reserved;
  return settling;
}

/* Until it is recorded, whoever comes next cannot see it in the store. */
static void
recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  Settling *settling = data;
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("what came of a log-in was not counted: %s", error->message);
  end_asking (settling->throttle, settling->asked, settling->counted);
  g_object_unref (settling->throttle);
  g_free (settling->asked);
  g_free (settling);
}

static void
forgotten (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("old wrong log-ins were not forgotten: %s", error->message);
}

/* Most log-ins change nothing. */
static gboolean
is_worth_a_row (FloeThrottle *self, const FloeAdmission *admission, FloeTryOutcome outcome)
{
  const FloeTryCounts *counts = &admission->counts;
  gint64 yesterday = floe_clock_now (self->clock) - DAY;

  return outcome == FLOE_TRY_WRONG || admission->reserved
         || (outcome == FLOE_TRY_RIGHT
             && (!counts->met || counts->n_of_person > 0 || counts->seen < yesterday
                 || (counts->place != NULL && counts->seen_there < yesterday)));
}

/**
 * floe_throttle_settle:
 * @admission: (transfer full): what was got
 * @outcome: what came of it
 * @user_id: (nullable): whose password it was, whether right or wrong, where a directory told
 */
void
floe_throttle_settle (FloeThrottle *self, FloeAdmission *admission, FloeTryOutcome outcome,
                      const gchar *user_id)
{
  FloeTrySettlement *input;

  if (is_worth_a_row (self, admission, outcome))
    {
      input = g_new0 (FloeTrySettlement, 1);
      input->outcome = outcome;
      input->name = g_strdup (admission->name);
      input->like = g_strdup (admission->like);
      input->network = g_strdup (admission->network);
      input->place = g_strdup (admission->counts.place);
      input->person = g_strdup (admission->counts.person);
      input->user_id = g_strdup (user_id);
      input->reserved = admission->reserved;
      input->met = admission->counts.met;
      input->loosely = admission->counts.loosely;
      input->stranger = floe_try_counts_is_stranger (&admission->counts);
      input->now = floe_clock_now (self->clock);
      input->since = floe_throttle_policy_since (&self->policy, input->now);
      input->network_since = floe_throttle_policy_network_since (&self->policy, input->now);
      floe_store_note_async (self->store, floe_throttle_record, input,
                             (GDestroyNotify)floe_try_settlement_free, NULL, recorded,
                             settling_new (self, admission));
    }
  else
    end_asking (self, admission->asked, admission->reserved);
  admission_free (admission);
}

static void
greeted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("from where somebody logged in was not noted: %s", error->message);
}

/**
 * floe_throttle_greet_person:
 * @name: as floe_directory_fold_name() has it
 * @caller: from where
 * @user_id: who logged in by that name, and by something else than a password
 *
 * The network, and the terminal, count as theirs from then on, as after a right password. What was
 * counted stays: whoever guesses their password goes on doing so.
 */
void
floe_throttle_greet_person (FloeThrottle *self, const gchar *name, const FloeCaller *caller,
                            const gchar *user_id)
{
  FloeTrySettlement *input = g_new0 (FloeTrySettlement, 1);

  input->name = g_strdup (name);
  input->like = floe_throttle_name_like (name);
  input->network = floe_network_of (caller->address);
  input->terminal = g_strdup (caller->terminal);
  input->user_id = g_strdup (user_id);
  input->now = floe_clock_now (self->clock);
  input->since = input->now - DAY;
  floe_store_note_async (self->store, floe_throttle_greet, input,
                         (GDestroyNotify)floe_try_settlement_free, NULL, greeted, NULL);
}

static void
say_policy (const FloeThrottlePolicy *policy, const FloeLockout *lockout)
{
  g_message ("a directory locks an account after %u wrong passwords%s; %u of one person are passed "
             "on without a pause of %u s",
             lockout->tries, lockout->for_ever ? ", and forgets them by no time" : "",
             policy->person_tries, policy->seconds);
  if (policy->person_tries >= lockout->tries)
    g_warning ("a directory locks an account after %u wrong passwords, which the broker cannot "
               "keep from happening",
               lockout->tries);
}

/**
 * floe_throttle_set_lockout:
 * @lockout: when directories lock accounts, as they tell now
 *
 * From now on fewer wrong passwords are passed on, and for longer, where that is what it takes to
 * have nobody locked through the broker; unless the policy does not heed it.
 */
void
floe_throttle_set_lockout (FloeThrottle *self, const FloeLockout *lockout)
{
  FloeThrottlePolicy policy = self->wanted;
  gboolean tightened =
      policy.heeds_lockout && floe_lockout_tighten (lockout, &policy.person_tries, &policy.seconds);

  if (policy.seconds == self->policy.seconds && policy.person_tries == self->policy.person_tries)
    return;
  self->policy = policy;
  if (tightened)
    say_policy (&policy, lockout);
}

/**
 * floe_throttle_get_limits:
 * @limits: (out caller-allocates): from when on somebody is held back at this moment
 */
void
floe_throttle_get_limits (FloeThrottle *self, FloeTryLimits *limits)
{
  floe_throttle_policy_get_limits (&self->policy, floe_clock_now (self->clock), limits);
}

/**
 * floe_throttle_get_under_way:
 *
 * Returns: how many were asked for and are not recorded yet, so that who comes next cannot see them
 *   in the store
 */
guint
floe_throttle_get_under_way (FloeThrottle *self)
{
  return self->n_under_way;
}

/**
 * floe_throttle_prune:
 *
 * Forgets what does not count any more.
 */
void
floe_throttle_prune (FloeThrottle *self)
{
  gint64 now = floe_clock_now (self->clock);
  FloeTryPrune *input = g_new0 (FloeTryPrune, 1);

  /* Another broker may know of a longer pause than this one, for a directory's sake. */
  input->before = MIN (floe_throttle_policy_since (&self->policy, now), now - DAY);
  input->unseen_since = now - KNOWN;
  floe_store_note_async (self->store, floe_throttle_forget, input, g_free, NULL, forgotten, NULL);
}

static void
floe_throttle_finalize (GObject *object)
{
  FloeThrottle *self = FLOE_THROTTLE (object);

  g_hash_table_unref (self->asked);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_throttle_parent_class)->finalize (object);
}

static void
floe_throttle_class_init (FloeThrottleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_throttle_finalize;
}

static void
floe_throttle_init (FloeThrottle *self)
{
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

FloeThrottle *
floe_throttle_new (FloeStore *store, FloeClock *clock, const FloeThrottlePolicy *policy)
{
  FloeThrottle *self = g_object_new (FLOE_TYPE_THROTTLE, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->wanted = *policy;
  self->wanted.network_seconds = policy->seconds;
  self->policy = self->wanted;
  return self;
}
