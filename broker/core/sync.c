/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/sync.h"

#include <string.h>

#include "core/error.h"
#include "core/host-notes.h"
#include "core/made.h"

/* Longer than an engine takes to give a desktop, and a broker to find out that it did. */
#define LEFT_BEHIND_AFTER (5 * 60 * (gint64)G_USEC_PER_SEC)

FloeSyncInput *
floe_sync_input_new (gint64 now, const gchar *host, GPtrArray *domains)
{
  FloeSyncInput *self = g_new0 (FloeSyncInput, 1);

  self->now = now;
  self->host = g_strdup (host);
  self->domains = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_domain_free);
  for (guint i = 0; domains != NULL && i < domains->len; i++)
    g_ptr_array_add (self->domains, floe_domain_copy (domains->pdata[i]));
  return self;
}

void
floe_sync_input_free (FloeSyncInput *self)
{
  g_free (self->host);
  g_ptr_array_unref (self->domains);
  g_free (self);
}

/* The pool that a domain belongs to. Two patterns that fit make it nobody's, which is told. */
static const FloePool *
find_pool (GPtrArray *pools, const FloeDomain *domain, gchar **conflict)
{
  const FloePool *found = NULL;

  for (guint i = 0; i < pools->len; i++)
    {
      const FloePool *pool = pools->pdata[i];

      if (!floe_pool_has_domain (pool, domain))
        continue;
      if (found != NULL && *conflict == NULL)
        *conflict = g_strdup_printf ("both pool %s and pool %s claim it by their name patterns; "
                                     "narrow one of them",
                                     found->name, pool->name);
      if (found == NULL)
        found = pool;
    }
  return found;
}

static gboolean
set_text (gchar **field, const gchar *text)
{
  if (g_strcmp0 (*field, text) == 0)
    return FALSE;
  g_free (*field);
  *field = g_strdup (text);
  return TRUE;
}

static gboolean
set_flag (gboolean *field, gboolean value)
{
  if (*field == value)
    return FALSE;
  *field = value;
  return TRUE;
}

static gboolean
set_number (guint *field, guint value)
{
  if (*field == value || value == 0)
    return FALSE;
  *field = value;
  return TRUE;
}

static gchar *
describe_gap (const FloePolicy *policy, const FloeDomain *domain)
{
  g_autofree gchar *gap = floe_policy_find_gap (policy, domain->openings);
  g_autofree gchar *live_gap = floe_policy_find_gap (policy, domain->live_openings);

  if (gap != NULL)
    return floe_policy_refuse (gap);
  return live_gap != NULL ? floe_policy_refuse ("its definition is right by now") : NULL;
}

static const gchar *
get_refusal (const FloeDesktop *desktop, const FloeDomain *domain, const gchar *conflict,
             const gchar *gap)
{
  if (conflict != NULL)
    return conflict;
  if (domain->refusal != NULL)
    return domain->refusal;
  /* A clone's disk need not forget: it goes with the clone. */
  if (desktop->kind == FLOE_POOL_FLOATING && !desktop->made && domain->floating_refusal != NULL)
    return domain->floating_refusal;
  if (desktop->kind != FLOE_POOL_FLOATING && domain->kept_refusal != NULL)
    return domain->kept_refusal;
  return gap;
}

static gboolean
describe (FloeDesktop *desktop, const FloeDomain *domain, const gchar *conflict, const gchar *gap)
{
  gboolean changed = set_text (&desktop->name, domain->name);

  changed |= set_text (&desktop->host, domain->host);
  changed |= set_flag (&desktop->present, TRUE);
  changed |= set_flag (&desktop->has_agent, domain->has_agent);
  changed |= set_number (&desktop->memory_mib, domain->memory_mib);
  changed |= set_text (&desktop->refusal, get_refusal (desktop, domain, conflict, gap));
  return changed;
}

/* From before somebody got it, or it was started for them, perhaps by another broker. */
static gboolean
is_old (const FloeDesktop *desktop, const FloeDomain *domain)
{
  return domain->asked != 0 && desktop->lease != NULL
         && domain->asked < MAX (desktop->times[0], desktop->times[3]);
}

static gboolean
power_event (const FloeDesktop *desktop, const FloeDomain *domain, FloeEvent *event)
{
  const FloeFacts *facts = &desktop->facts;

  switch (domain->power)
    {
    case FLOE_POWER_ON:
    case FLOE_POWER_STOPPING:
      *event = FLOE_EVENT_POWERED_ON;
      return facts->power != FLOE_POWER_ON || facts->intent == FLOE_INTENT_START;
    case FLOE_POWER_OFF:
      *event = FLOE_EVENT_POWERED_OFF;
      if (is_old (desktop, domain))
        return FALSE;
      return facts->power != FLOE_POWER_OFF || facts->intent == FLOE_INTENT_RESET
             || facts->intent == FLOE_INTENT_STOP;
    case FLOE_POWER_PAUSED:
      *event = FLOE_EVENT_PAUSED;
      return facts->power != FLOE_POWER_PAUSED;
    case FLOE_POWER_CRASHED:
      *event = FLOE_EVENT_CRASHED;
      /* libvirt goes on to say so of a domain that is off, long after it was seen to be off. */
      return facts->power != FLOE_POWER_CRASHED && facts->power != FLOE_POWER_OFF;
    default:
      return FALSE;
    }
}

static gboolean
guest_event (const FloeDesktop *desktop, const FloeDomain *domain, FloeEvent *event)
{
  FloeGuest guest = desktop->facts.guest;
  gboolean known_ready = guest == FLOE_GUEST_READY || guest == FLOE_GUEST_LOGGED_IN;
  gboolean is_ready = domain->agent_connected || (!domain->has_agent && desktop->prepared);

  if (desktop->facts.power != FLOE_POWER_ON || known_ready == is_ready)
    return FALSE;
  *event = is_ready ? FLOE_EVENT_GUEST_READY : FLOE_EVENT_GUEST_AWAY;
  return is_ready || guest != FLOE_GUEST_BOOTING;
}

/* What a crash or a gap left open is asked for again; each call can be repeated without harm. */
static void
resume_intent (FloeChange *change)
{
  change->actions |=
      floe_lifecycle_resume (floe_desktop_get_nature (change->desktop), &change->desktop->facts);
}

/* A desktop whose mending was seen, or that was dirty before its pool was floating, is due now. */
static gboolean
reset_if_due (FloeChange *change, FloeTx *tx, const FloeCause *cause, GError **error)
{
  const FloeDesktop *desktop = change->desktop;

  if (desktop->refusal != NULL
      || !floe_lifecycle_wants_reset (floe_desktop_get_nature (desktop), &desktop->facts))
    return TRUE;
  return floe_change_event (change, tx, FLOE_EVENT_RESET_DUE, cause, error);
}

/* One that stays its user's is given back as nobody's; what already waits to be given back is
 * somebody's who is known. */
static gboolean
give_back_if_service (FloeChange *change, FloeTx *tx, const FloePool *pool, const FloeCause *cause,
                      GError **error)
{
  if (pool == NULL || pool->assign != FLOE_ASSIGN_SERVICE
      || change->desktop->facts.power == FLOE_POWER_UNKNOWN
      || change->desktop->facts.clean == FLOE_CLEAN_BROKEN)
    return TRUE;
  g_clear_pointer (&change->desktop->end, floe_end_free);
  return floe_change_event (change, tx, FLOE_EVENT_RESET_DUE, cause, error);
}

/* What an engine gave to us for somebody, and nobody wrote down whose it is, because a broker fell
 * in between: nobody will ever come for it. Whoever looks on is left alone. */
static gboolean
end_if_left_behind (FloeChange *change, FloeTx *tx, const FloePool *pool, const FloeDomain *domain,
                    gint64 now, GError **error)
{
  const FloeDesktop *desktop = change->desktop;
  const FloeFacts *facts = &desktop->facts;
  const FloeCause cause = { .now = now, .detail = "its engine gave it to nobody who is known" };
  gint64 since = MAX (desktop->times[0], desktop->times[3]); /* of its power, of its last lease */

  if (!domain->given || facts->lease != FLOE_LEASE_NONE || facts->intent != FLOE_INTENT_NONE
      || facts->console != FLOE_CONSOLE_NONE || now - since < LEFT_BEHIND_AFTER)
    return TRUE;
  if (floe_desktop_get_nature (desktop) == FLOE_NATURE_ENGINE_KEPT)
    return give_back_if_service (change, tx, pool, &cause, error);
  if (floe_desktop_get_nature (desktop) != FLOE_NATURE_ENGINE || facts->power != FLOE_POWER_ON)
    return TRUE;
  return floe_change_event (change, tx, FLOE_EVENT_STOP_DUE, &cause, error);
}

/* A clone that was made for another policy makes way for one that is made for this one, unless
 * there is, or may be, somebody's work in it. */
static gboolean
remove_if_unfit (FloeChange *change, FloeTx *tx, const gchar *gap, const FloeCause *cause,
                 GError **error)
{
  const FloeDesktop *desktop = change->desktop;
  const FloeFacts *facts = &desktop->facts;

  if (gap == NULL || !desktop->made || facts->lease != FLOE_LEASE_NONE
      || facts->intent != FLOE_INTENT_NONE || facts->power == FLOE_POWER_UNKNOWN
      || (floe_desktop_get_nature (desktop) == FLOE_NATURE_KEPT
          && facts->clean != FLOE_CLEAN_CLEAN))
    return TRUE;
  return floe_change_event (change, tx, FLOE_EVENT_REMOVE_DUE, cause, error);
}

/* A clone is ready when its first boot has ended: cloud-init's is over when its agent is told to
 * answer, the other is run by the agent then. */
static gboolean
sync_guest (FloeChange *change, FloeTx *tx, const FloeDomain *domain, const FloeCause *cause,
            GError **error)
{
  FloeDesktop *desktop = change->desktop;
  const FloeCause doom = { .now = cause->now, .problem = domain->boot_problem };
  FloeEvent event;

  if (doom.problem != NULL && !desktop->prepared)
    return floe_made_give_up (change, tx, &doom, error);
  if (!guest_event (desktop, domain, &event))
    return TRUE;
  if (event == FLOE_EVENT_GUEST_READY && !desktop->prepared && !domain->seeded)
    {
      change->actions |= FLOE_ACTION_PREPARE;
      return TRUE;
    }
  desktop->prepared |= event == FLOE_EVENT_GUEST_READY;
  return floe_change_event (change, tx, event, cause, error);
}

/* Of the pool that it is in: one that is lent stays there when a pattern gives it to another one.
 */
static const FloePool *
find_pool_of (GPtrArray *pools, const FloeDesktop *desktop)
{
  for (guint i = 0; i < pools->len; i++)
    {
      const FloePool *pool = pools->pdata[i];

      if (strcmp (pool->name, desktop->pool) == 0)
        return pool;
    }
  return NULL;
}

static FloeChange *
sync_known (FloeTx *tx, GPtrArray *pools, FloeDesktop *desktop, const FloeDomain *domain,
            const gchar *conflict, const FloeSyncInput *input, GError **error)
{
  g_autoptr (FloeChange) change = floe_change_new (desktop);
  const FloeCause cause = { .now = input->now };
  const FloePool *pool = find_pool_of (pools, desktop);
  g_autofree gchar *gap = pool != NULL ? describe_gap (pool->policy, domain) : NULL;
  gboolean described = describe (desktop, domain, conflict, gap);
  FloeEvent event;

  if (power_event (desktop, domain, &event)
      && !floe_change_event (change, tx, event, &cause, error))
    return NULL;
  if (!sync_guest (change, tx, domain, &cause, error))
    return NULL;
  if (!reset_if_due (change, tx, &cause, error) || !remove_if_unfit (change, tx, gap, &cause, error)
      || !end_if_left_behind (change, tx, pool, domain, input->now, error))
    return NULL;
  if (input->resume)
    resume_intent (change);
  if ((described || change->changed) && !floe_change_save (change, tx, error))
    return NULL;
  return g_steal_pointer (&change);
}

/**
 * floe_sync_adopt:
 * @power: from which on its life is told
 *
 * Returns: (transfer full): a desktop of @pool, for a domain that the store has never seen
 */
FloeDesktop *
floe_sync_adopt (const FloePool *pool, const FloeDomain *domain, FloePower power, gint64 now)
{
  FloeDesktop *desktop = floe_desktop_new (domain->id, domain->name, pool->name);

  desktop->kind = pool->kind;
  desktop->engine = floe_pool_is_engine (pool);
  desktop->host = g_strdup (domain->host);
  desktop->made = domain->made;
  desktop->revision = domain->revision;
  desktop->grace_seconds = pool->grace_seconds;
  desktop->ready_seconds = pool->ready_seconds;
  floe_lifecycle_adopt (power, &desktop->facts);
  /* Nobody knows who was in it, and its disk forgets nothing when it is switched off. */
  if (desktop->made)
    desktop->facts.clean = FLOE_CLEAN_DIRTY;
  for (guint i = 0; i < FLOE_N_FACTS; i++)
    desktop->times[i] = now;
  return desktop;
}

static gboolean
drop (FloeTx *tx, const FloeDesktop *desktop, GError **error)
{
  return floe_tx_delete_timer (tx, "grace", desktop->id, error)
         && floe_tx_delete_timer (tx, "retry", desktop->id, error)
         && floe_tx_delete_timer (tx, "ticket", desktop->id, error)
         && floe_tx_delete_timer (tx, "collect", desktop->id, error)
         && floe_tx_delete_desktop (tx, desktop->id, error);
}

/* A desktop moves to another pool, or out of all of them, when nobody has it. */
static gboolean
move (FloeTx *tx, FloeDesktop *desktop, const FloePool *pool, gboolean *gone, GError **error)
{
  gboolean busy = desktop->facts.lease == FLOE_LEASE_HELD
                  || desktop->facts.intent != FLOE_INTENT_NONE || floe_desktop_is_owed (desktop);

  *gone = FALSE;
  if (busy || (pool != NULL && strcmp (pool->name, desktop->pool) == 0))
    return TRUE;
  if (pool == NULL)
    {
      *gone = TRUE;
      return drop (tx, desktop, error);
    }
  set_text (&desktop->pool, pool->name);
  if (desktop->kind != pool->kind)
    floe_lifecycle_change_kind (pool->kind, &desktop->facts);
  desktop->kind = pool->kind;
  desktop->engine = floe_pool_is_engine (pool);
  return floe_tx_put_desktop (tx, desktop, error)
         && floe_tx_put_feed (tx, "desktop", desktop->id, error);
}

/* Why it does not fit its pool, whatever else may be wrong with it. */
static const gchar *
get_misfit (const FloePool *pool, const FloeDomain *domain, const gchar *conflict)
{
  return conflict != NULL || pool == NULL || pool->vnc ? conflict : domain->vnc_refusal;
}

/* Two houses may share a host, and call their pools alike. */
static gboolean
is_another_house (FloeTx *tx, const FloeDomain *domain, gboolean *another, GError **error)
{
  g_autofree gchar *own = NULL;

  *another = FALSE;
  if (domain->installation == NULL)
    return TRUE;
  if (!floe_tx_get_installation (tx, &own, error))
    return FALSE;
  *another = g_strcmp0 (domain->installation, own) != 0;
  return TRUE;
}

static gboolean
sync_one (FloeTx *tx, GPtrArray *pools, FloeDesktop *known, const FloeDomain *domain,
          const FloeSyncInput *input, GPtrArray *changes, GError **error)
{
  g_autoptr (FloeDesktop) desktop = known;
  g_autofree gchar *conflict = NULL;
  const FloePool *pool = find_pool (pools, domain, &conflict);
  const gchar *unfit = get_misfit (pool, domain, conflict);
  FloeChange *change = NULL;
  gboolean gone, another;

  if (desktop == NULL && pool == NULL)
    return TRUE;
  if (desktop == NULL && !is_another_house (tx, domain, &another, error))
    return FALSE;
  if (desktop == NULL && another)
    return TRUE;
  if (desktop == NULL)
    change = sync_known (tx, pools, floe_sync_adopt (pool, domain, domain->power, input->now),
                         domain, unfit, input, error);
  else if (!move (tx, desktop, pool, &gone, error))
    return FALSE;
  else if (gone)
    return TRUE;
  else
    change = sync_known (tx, pools, g_steal_pointer (&desktop), domain, unfit, input, error);
  if (change == NULL)
    return FALSE;
  g_ptr_array_add (changes, change);
  return TRUE;
}

static FloeDesktop *
take_known (FloeTx *tx, GHashTable *known, const gchar *id, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FloeDesktop *desktop = NULL;

  if (g_hash_table_steal_extended (known, id, NULL, (gpointer *)&desktop))
    return desktop;
  desktop = floe_tx_get_desktop (tx, id, &local_error); /* it may have been on another host */
  if (desktop == NULL && !g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&local_error));
  return desktop;
}

static GHashTable *
list_known (FloeTx *tx, const FloeSyncInput *input, GError **error)
{
  g_autoptr (GHashTable) known =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)floe_desktop_free);
  g_autoptr (GPtrArray) list = NULL;

  if (!input->complete)
    return g_steal_pointer (&known);
  list = floe_tx_list_desktops_of_host (tx, input->host, error);
  if (list == NULL)
    return NULL;
  while (list->len > 0)
    {
      FloeDesktop *desktop = g_ptr_array_steal_index_fast (list, list->len - 1);

      g_hash_table_insert (known, desktop->id, desktop);
    }
  return g_steal_pointer (&known);
}

/* One that is being made, removed or moved is not there yet, or not any more: its own call tells.
 */
static gboolean
is_on_its_way (const FloeDesktop *desktop)
{
  return desktop->facts.intent == FLOE_INTENT_CREATE || desktop->facts.intent == FLOE_INTENT_REMOVE
         || desktop->facts.intent == FLOE_INTENT_MOVE;
}

static gboolean
sync_gone (FloeTx *tx, GHashTable *known, const FloeSyncInput *input, GPtrArray *changes,
           GError **error)
{
  const FloeCause cause = { .now = input->now, .problem = "its domain is not defined any more" };
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, known);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      FloeChange *change;

      g_hash_table_iter_steal (&iter);
      change = floe_change_new (value);
      g_ptr_array_add (changes, change);
      if (is_on_its_way (change->desktop))
        {
          change->actions |= floe_lifecycle_resume (floe_desktop_get_nature (change->desktop),
                                                    &change->desktop->facts);
          continue;
        }
      /* What was under way with one that was not there then ends with it now, too. */
      if (!change->desktop->present && change->desktop->facts.intent == FLOE_INTENT_NONE)
        continue;
      change->desktop->present = FALSE;
      if (!floe_change_event (change, tx, FLOE_EVENT_GONE, &cause, error)
          || !floe_change_save (change, tx, error))
        return FALSE;
    }
  return TRUE;
}

static GPtrArray *
new_changes (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);
}

/**
 * floe_sync_domains:
 * @tx: the transaction
 * @input: a #FloeSyncInput
 *
 * Brings the store in step with what a manager said: adopts domains that belong to a pool, notes
 * power and guest, and that some are gone. A domain of no pool, or that another Floe made, is never
 * touched.
 *
 * Returns: (transfer full) (element-type FloeChange): what became of each desktop; or %NULL
 */
gpointer
floe_sync_domains (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeSyncInput *in = input;
  g_autoptr (GPtrArray) changes = new_changes ();
  g_autoptr (GPtrArray) pools = floe_tx_list_pools (tx, error);
  g_autoptr (GHashTable) known = pools != NULL ? list_known (tx, in, error) : NULL;

  if (known == NULL)
    return NULL;
  for (guint i = 0; i < in->domains->len; i++)
    {
      const FloeDomain *domain = in->domains->pdata[i];
      g_autoptr (GError) local_error = NULL;
      FloeDesktop *desktop = take_known (tx, known, domain->id, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      if (!sync_one (tx, pools, desktop, domain, in, changes, error))
        return NULL;
    }
  if (in->complete
      && (!sync_gone (tx, known, in, changes, error)
          || !floe_host_note_set_lost (tx, in->host, FALSE, in->now, error)))
    return NULL;
  return g_steal_pointer (&changes);
}

/**
 * floe_sync_host_lost:
 *
 * Notes that nobody knows any more what the domains of a host do.
 *
 * Returns: (transfer full) (element-type FloeChange): its desktops; or %NULL
 */
gpointer
floe_sync_host_lost (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeSyncInput *in = input;
  const FloeCause cause = { .now = in->now };
  g_autoptr (GPtrArray) changes = new_changes ();
  g_autoptr (GPtrArray) list = floe_tx_list_desktops_of_host (tx, in->host, error);

  if (list == NULL || !floe_host_note_set_lost (tx, in->host, TRUE, in->now, error))
    return NULL;
  while (list->len > 0)
    {
      FloeChange *change = floe_change_new (g_ptr_array_steal_index_fast (list, list->len - 1));

      g_ptr_array_add (changes, change);
      /* Of what was not there before, no later listing tells that it is off. */
      if (change->desktop->facts.power == FLOE_POWER_UNKNOWN
          || (!change->desktop->present && !is_on_its_way (change->desktop)))
        continue;
      if (!floe_change_event (change, tx, FLOE_EVENT_HOST_LOST, &cause, error)
          || !floe_change_save (change, tx, error))
        return NULL;
    }
  return g_steal_pointer (&changes);
}
