/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lifecycle.h"

#include "core/error.h"
#include "core/lifecycle-table.h"

static gboolean
fits (guint8 set, guint value)
{
  return set == ANY || (set & ONE (value)) != 0;
}

static gboolean
row_fits (const FloeLifecycleRow *row, FloeNature nature, const FloeFacts *facts, FloeEvent event)
{
  return row->event == event && fits (row->nature, nature) && fits (row->power, facts->power)
         && fits (row->guest, facts->guest) && fits (row->console, facts->console)
         && fits (row->lease, facts->lease) && fits (row->clean, facts->clean)
         && fits (row->intent, facts->intent);
}

static guint
becomes (guint8 to, guint value)
{
  return to == KEEP ? value : to - 1u;
}

static void
set_impossible (GError **error, FloeNature nature, const FloeFacts *facts, FloeEvent event)
{
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
               "%s does not fit a %s desktop with power %s, console %s, lease %s, clean %s, intent "
               "%s",
               floe_event_name (event), floe_nature_name (nature), floe_power_name (facts->power),
               floe_console_name (facts->console), floe_lease_fact_name (facts->lease),
               floe_clean_name (facts->clean), floe_intent_name (facts->intent));
}

/**
 * floe_nature_of:
 * @kind: of the desktop's pool
 * @made: whether the broker made it
 */
FloeNature
floe_nature_of (FloePoolKind kind, gboolean made)
{
  if (kind != FLOE_POOL_FLOATING)
    return FLOE_NATURE_KEPT;
  return made ? FLOE_NATURE_DISPOSABLE : FLOE_NATURE_FLOATING;
}

/**
 * floe_lifecycle_find_row:
 *
 * Returns: the number of the row that says what follows from @event, the first being 0; -1 when it
 *   cannot happen to @facts
 */
gint
floe_lifecycle_find_row (FloeNature nature, const FloeFacts *facts, FloeEvent event)
{
  for (guint i = 0; i < floe_lifecycle_rows_length; i++)
    if (row_fits (&floe_lifecycle_rows[i], nature, facts, event))
      return (gint)i;
  return -1;
}

/**
 * floe_lifecycle_next:
 * @nature: the desktop's
 * @facts: as they are
 * @event: what happened
 * @next: (out): the facts as they become; may be @facts itself
 * @actions: (out): what the keeper must do once this is committed
 * @error: %FLOE_ERROR_CONFLICT when @event cannot happen to @facts; @next is left alone
 *
 * The one place that decides what follows from what. Pure: no clock, no store, no manager.
 *
 * Returns: whether a row of the table fits
 */
gboolean
floe_lifecycle_next (FloeNature nature, const FloeFacts *facts, FloeEvent event, FloeFacts *next,
                     FloeActions *actions, GError **error)
{
  gint found = floe_lifecycle_find_row (nature, facts, event);
  const FloeLifecycleRow *row = found >= 0 ? &floe_lifecycle_rows[found] : NULL;

  if (row == NULL)
    {
      set_impossible (error, nature, facts, event);
      return FALSE;
    }
  *next = (FloeFacts){
    becomes (row->to_power, facts->power),     becomes (row->to_guest, facts->guest),
    becomes (row->to_console, facts->console), becomes (row->to_lease, facts->lease),
    becomes (row->to_clean, facts->clean),     becomes (row->to_intent, facts->intent)
  };
  *actions = row->actions;
  return TRUE;
}

/**
 * floe_lifecycle_resume:
 *
 * Returns: what is to be asked for again after a start or a gap, by what is under way; each call
 * can be repeated without harm
 */
FloeActions
floe_lifecycle_resume (FloeNature nature, const FloeFacts *facts)
{
  static const FloeActions again[] = {
    [FLOE_INTENT_NONE] = 0,
    [FLOE_INTENT_START] = FLOE_ACTION_POWER_ON,
    [FLOE_INTENT_RESET] = FLOE_ACTION_POWER_OFF,
    [FLOE_INTENT_CREATE] = FLOE_ACTION_CREATE,
    [FLOE_INTENT_REMOVE] = FLOE_ACTION_REMOVE,
    [FLOE_INTENT_STOP] = FLOE_ACTION_SHUT_DOWN,
    [FLOE_INTENT_MOVE] = FLOE_ACTION_MOVE,
    [FLOE_INTENT_ATTACH] = FLOE_ACTION_ATTACH,
  };

  if (nature == FLOE_NATURE_ENGINE_KEPT && facts->intent == FLOE_INTENT_RESET)
    return FLOE_ACTION_GIVE_BACK;
  return again[facts->intent];
}

/**
 * floe_lifecycle_wants_reset:
 *
 * Returns: whether %FLOE_EVENT_RESET_DUE is due: a floating desktop that nobody has, that is dirty,
 *   and with which nothing is under way; an engine sees to its own
 */
gboolean
floe_lifecycle_wants_reset (FloeNature nature, const FloeFacts *facts)
{
  return (nature == FLOE_NATURE_FLOATING || nature == FLOE_NATURE_DISPOSABLE)
         && facts->lease == FLOE_LEASE_NONE && facts->clean == FLOE_CLEAN_DIRTY
         && facts->intent == FLOE_INTENT_NONE && facts->power != FLOE_POWER_UNKNOWN;
}

/**
 * floe_lifecycle_adopt:
 * @power: as the manager says
 * @facts: (out): the facts of a desktop that the store has never seen
 *
 * One that is off is clean, since transient disks begin anew at each start; of one that runs nobody
 * knows who was in it.
 */
void
floe_lifecycle_adopt (FloePower power, FloeFacts *facts)
{
  const FloeFacts adopted = { power,
                              FLOE_GUEST_UNKNOWN,
                              FLOE_CONSOLE_NONE,
                              FLOE_LEASE_NONE,
                              power == FLOE_POWER_OFF ? FLOE_CLEAN_CLEAN : FLOE_CLEAN_DIRTY,
                              FLOE_INTENT_NONE };

  *facts = adopted;
}

/**
 * floe_lifecycle_change_kind:
 * @to: the kind of the pool that a desktop belongs to from now on
 * @facts: (inout): its facts; nobody has it
 *
 * Nobody keeps track of who was in a dedicated desktop, so one that becomes a floating one is dirty
 * until a reset was seen to end.
 */
void
floe_lifecycle_change_kind (FloePoolKind to, FloeFacts *facts)
{
  if (to == FLOE_POOL_FLOATING && facts->clean == FLOE_CLEAN_CLEAN)
    facts->clean = FLOE_CLEAN_DIRTY;
}

/**
 * floe_lifecycle_n_rows:
 *
 * Returns: how many rows the table has
 */
guint
floe_lifecycle_n_rows (void)
{
  return floe_lifecycle_rows_length;
}
