/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/claim.h"
#include "core/error.h"
#include "core/waiting-room-parts.h"

/* Those who were given a desktop: what it does is told them, and one that fails is replaced. */

/* How many desktops are tried for one connect when they fail to start. */
#define MAX_TRIES 3

static void
claimed_again (GObject *source, GAsyncResult *result, gpointer data)
{
  FloeWaitingVisit *visit = data;
  FloeWaitingRoom *self = visit->room;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeClaim) claim = floe_claim_finish (FLOE_STORE (source), result, &error);
  const FloeChange *change = claim != NULL ? claim->change : NULL;
  FloeWaiter *wait = floe_waiters_find (self->waiters, visit->request_id);

  if (wait != NULL)
    wait->claiming = FALSE;
  if (wait != NULL && change != NULL)
    floe_waiting_room_give (self, wait, change->desktop);
  else if (wait != NULL && claim != NULL && claim->queued)
    floe_waiting_room_line_up (self, wait);
  else if (wait != NULL && claim != NULL && claim->asks_engine != NULL)
    floe_waiting_room_fail (self, wait, FLOE_ERROR_UNAVAILABLE, "start-failed",
                            "its engine did not start the desktop");
  else if (wait != NULL)
    floe_waiting_room_fail_with (self, wait, claim != NULL ? claim->refusal : error);
  if (change != NULL)
    {
      floe_keeper_note_ticket (self->keeper, change->desktop->id, change->due);
      floe_keeper_handle (self->keeper, change);
    }
  floe_waiting_room_visit_free (visit);
}

/* The desktop failed to start and was given back: the next candidate, in the same request. A ticket
 * that is recorded for one that runs already is never set, and its row brings its end. */
void
floe_waiting_room_claim_again (FloeWaitingRoom *self, FloeWaiter *wait)
{
  gint64 now = floe_clock_now (self->clock);
  g_autoptr (FloeTicket) ticket = floe_ticket_new (now);
  g_autoptr (FloeSecret) reconnect = floe_claim_new_reconnect_token ();
  const FloeConnectWish wish = { .another = wait->another };

  wait->tries++;
  wait->claiming = TRUE;
  floe_claim_async (self->store,
                    floe_claim_input_new (floe_connect_request_get_identity (wait->request),
                                          floe_connect_request_get_pool (wait->request), &wish, now,
                                          ticket, reconnect),
                    claimed_again, floe_waiting_room_visit_new (self, wait));
}

static gboolean
is_theirs (const FloeWaiter *wait, const FloeDesktop *desktop)
{
  const FloeIdentity *identity = floe_connect_request_get_identity (wait->request);

  return floe_desktop_is_held_by (desktop, identity->user->id);
}

/* Somebody, often who waits, ended the lease: a further desktop would be nobody's wish. */
static gboolean
was_released (const FloeWaiter *wait, const FloeDesktop *desktop)
{
  return !is_theirs (wait, desktop) && desktop->present
         && desktop->facts.clean != FLOE_CLEAN_BROKEN;
}

/* Nobody ended the lease: it was given back because its holder's data could not be plugged in, and
 * would be no more at hand in another one. */
static gboolean
lacks_data (const FloeWaiter *wait, const FloeDesktop *desktop)
{
  gboolean told = desktop->end != NULL && desktop->end->at == desktop->times[3];

  return was_released (wait, desktop) && !told && desktop->data_gib > 0 && desktop->problem != NULL;
}

/* Its engine says that it is not theirs any more. */
static gboolean
was_taken_away (const FloeWaiter *wait, const FloeDesktop *desktop)
{
  return floe_desktop_get_nature (desktop) == FLOE_NATURE_ENGINE_KEPT
         && was_released (wait, desktop) && desktop->problem != NULL && desktop->end != NULL
         && g_strcmp0 (desktop->end->by, "broker") == 0
         && g_strcmp0 (desktop->end->reason, "released") == 0;
}

static void
lost (FloeWaitingRoom *self, FloeWaiter *wait, const FloeDesktop *desktop)
{
  if (lacks_data (wait, desktop))
    floe_waiting_room_fail (self, wait, FLOE_ERROR_UNAVAILABLE, "data-failed", desktop->problem);
  else if (was_taken_away (wait, desktop))
    floe_waiting_room_fail (self, wait, FLOE_ERROR_CONFLICT, "taken-away", desktop->problem);
  else if (was_released (wait, desktop))
    floe_waiting_room_fail (self, wait, FLOE_ERROR_CONFLICT, "released",
                            "the desktop was given back");
  else if ((desktop->kind == FLOE_POOL_FLOATING || !is_theirs (wait, desktop))
           && wait->tries < MAX_TRIES)
    floe_waiting_room_claim_again (self, wait);
  else
    floe_waiting_room_fail (self, wait, FLOE_ERROR_UNAVAILABLE, "start-failed",
                            desktop->problem != NULL ? desktop->problem
                                                     : "the desktop did not start");
}

/**
 * floe_waiting_room_lose:
 * @wait: whose desktop there is no more, of which nobody here was told: another broker removed it
 *
 * Goes on with a further desktop.
 */
void
floe_waiting_room_lose (FloeWaitingRoom *self, FloeWaiter *wait)
{
  if (wait->claiming || floe_connect_request_is_over (wait->request))
    return;
  if (wait->tries < MAX_TRIES)
    floe_waiting_room_claim_again (self, wait);
  else
    floe_waiting_room_fail (self, wait, FLOE_ERROR_UNAVAILABLE, "start-failed",
                            "the desktop did not start");
}

gboolean
floe_waiting_room_is_lost (const FloeWaiter *wait, const FloeDesktop *desktop)
{
  const FloeFacts *facts = &desktop->facts;

  return !is_theirs (wait, desktop)
         || (facts->intent == FLOE_INTENT_NONE && facts->power != FLOE_POWER_ON
             && facts->power != FLOE_POWER_UNKNOWN);
}

void
floe_waiting_room_set_place (FloeWaitingRoom *self, FloeWaiter *wait, const gchar *desktop_id)
{
  guint place = floe_keeper_get_place (self->keeper, desktop_id);

  floe_waiting_room_set_state (self, wait, place > 0 ? FLOE_REQUEST_WAITING : FLOE_REQUEST_STARTING,
                               place);
}

void
floe_waiting_room_update (FloeWaitingRoom *self, FloeWaiter *wait, const FloeDesktop *desktop)
{
  if (wait->claiming || floe_connect_request_is_over (wait->request))
    return;
  if (floe_waiting_room_is_lost (wait, desktop))
    lost (self, wait, desktop);
  else if (floe_desktop_is_ready (desktop, floe_clock_now (self->clock)))
    floe_waiting_room_set_state (self, wait, FLOE_REQUEST_READY, 0);
  else if (desktop->facts.power == FLOE_POWER_ON)
    floe_waiting_room_set_state (self, wait, FLOE_REQUEST_GUEST, 0);
  else if (desktop->facts.power == FLOE_POWER_UNKNOWN)
    floe_waiting_room_fail (self, wait, FLOE_ERROR_UNAVAILABLE, "host-down",
                            "the desktop's host does not answer");
  else
    floe_waiting_room_set_place (self, wait, desktop->id);
}
