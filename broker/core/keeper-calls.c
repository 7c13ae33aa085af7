/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/keeper-parts.h"
#include "core/lost-image.h"
#include "core/made.h"

/* The keeper's calls: what is recorded when they are answered. */

FloeKeeperEvent *
floe_keeper_new_event (FloeKeeper *self, const gchar *desktop_id, FloeEvent event)
{
  return floe_keeper_event_new (desktop_id, event, floe_clock_now (self->clock));
}

static void
event_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeKeeper) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeChange) change = floe_store_finish (FLOE_STORE (source), result, &error);

  if (change != NULL)
    floe_keeper_handle_change (self, change);
  else if (!g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    g_warning ("an event was not recorded: %s", error->message);
}

/* Takes @input. */
void
floe_keeper_record (FloeKeeper *self, FloeTransaction func, FloeKeeperEvent *input)
{
  floe_store_write_async (self->store, func, input, (GDestroyNotify)floe_keeper_event_free,
                          (GDestroyNotify)floe_change_free, event_answered, g_object_ref (self));
}

/* Power. */

/* After an answer that leaves the outcome open, the intent stays: the host's next listing tells. */
static gboolean
outcome_is_open (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CANCELLED);
}

static FloeEvent
event_of_power (gboolean on, const GError *error)
{
  if (!on)
    return error == NULL ? FLOE_EVENT_POWERED_OFF : FLOE_EVENT_RESET_FAILED;
  return error == NULL ? FLOE_EVENT_POWERED_ON : FLOE_EVENT_START_FAILED;
}

static void
on_power_answered (FloePowerCalls *power, const gchar *desktop_id, gboolean on, const GError *error,
                   FloeKeeper *self)
{
  FloeKeeperEvent *input;

  floe_keeper_tell_ended (self, on ? "start" : "reset", error);
  if (error != NULL && outcome_is_open (error))
    {
      g_message ("%s of %s is open until its host is heard of: %s", on ? "start" : "reset",
                 desktop_id, error->message);
      return;
    }
  if (error != NULL)
    g_message ("%s of %s failed: %s", on ? "start" : "reset", desktop_id, error->message);
  input = floe_keeper_new_event (self, desktop_id, event_of_power (on, error));
  input->only_with = on ? FLOE_INTENT_START : FLOE_INTENT_RESET;
  input->problem = error != NULL ? g_strdup (error->message) : NULL;
  floe_keeper_record (self, on ? floe_keeper_record_event : floe_made_record_off, input);
}

/* Jobs. */

static const struct
{
  FloeJobKind kind;
  FloeActions action;
  FloeEvent done;
  FloeEvent failed;
  FloeIntent intent;
  FloeTransaction record_done; /* NULL for floe_keeper_record_event */
} jobs[] = {
  { FLOE_JOB_CREATE, FLOE_ACTION_CREATE, FLOE_EVENT_CREATED, FLOE_EVENT_CREATE_FAILED,
    FLOE_INTENT_CREATE, NULL },
  { FLOE_JOB_REMOVE, FLOE_ACTION_REMOVE, FLOE_EVENT_REMOVED, FLOE_EVENT_REMOVE_FAILED,
    FLOE_INTENT_REMOVE, floe_made_record_removed },
  { FLOE_JOB_SHUT_DOWN, FLOE_ACTION_SHUT_DOWN, FLOE_EVENT_POWERED_OFF, FLOE_EVENT_STOP_FAILED,
    FLOE_INTENT_STOP, NULL },
  { FLOE_JOB_MOVE, FLOE_ACTION_MOVE, FLOE_EVENT_MOVED, FLOE_EVENT_MOVE_FAILED, FLOE_INTENT_MOVE,
    floe_made_record_moved },
  { FLOE_JOB_ATTACH, FLOE_ACTION_ATTACH, FLOE_EVENT_ATTACHED, FLOE_EVENT_ATTACH_FAILED,
    FLOE_INTENT_ATTACH, floe_made_record_attached },
  { FLOE_JOB_START, 0, FLOE_EVENT_POWERED_ON, FLOE_EVENT_START_FAILED, FLOE_INTENT_START, NULL },
  { FLOE_JOB_GIVE_BACK, FLOE_ACTION_GIVE_BACK, FLOE_EVENT_GIVEN_BACK, FLOE_EVENT_RESET_FAILED,
    FLOE_INTENT_RESET, NULL },
  { FLOE_JOB_PERSONALIZE, FLOE_ACTION_PREPARE, FLOE_EVENT_GUEST_READY, FLOE_EVENT_GUEST_AWAY,
    FLOE_INTENT_NONE, floe_made_record_prepared },
};

/* Whose it is not any more, its engine says. */
static void
note_taken_away (FloeKeeperEvent *input, const GError *error)
{
  if (error == NULL || g_strcmp0 (floe_error_reason (error), "taken-away") != 0)
    return;
  input->event = FLOE_EVENT_TAKEN_AWAY;
  input->holder = g_strdup (floe_error_subject (error));
}

/**
 * floe_keeper_note_refusal:
 * @error: why the manager has set no ticket
 *
 * Whose desktop is not theirs at its engine any more is told so, and gets another one.
 */
void
floe_keeper_note_refusal (FloeKeeper *self, const gchar *desktop_id, const GError *error)
{
  g_autoptr (FloeKeeperEvent) input =
      floe_keeper_new_event (self, desktop_id, FLOE_EVENT_TICKET_UNUSED);

  note_taken_away (input, error);
  if (input->event != FLOE_EVENT_TAKEN_AWAY)
    return;
  input->problem = g_strdup (error->message);
  floe_keeper_record (self, floe_keeper_record_event, g_steal_pointer (&input));
}

static void
on_job_answered (FloeJobCalls *calls, const gchar *desktop_id, gint kind, const GError *error,
                 FloeKeeper *self)
{
  FloeTransaction func = floe_keeper_record_event;
  FloeKeeperEvent *input;
  guint i = 0;

  floe_keeper_tell_ended (self, floe_job_kind_name (kind), error);
  while (i < G_N_ELEMENTS (jobs) - 1 && (gint)jobs[i].kind != kind)
    i++;
  /* What is to be given back is begun anew: nothing else tells whose it is. */
  if (error != NULL && outcome_is_open (error)
      && (kind != FLOE_JOB_GIVE_BACK || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CANCELLED)))
    {
      g_message ("%s of %s is open until its host is heard of: %s", floe_job_kind_name (kind),
                 desktop_id, error->message);
      return;
    }
  if (error != NULL)
    g_message ("%s of %s failed: %s", floe_job_kind_name (kind), desktop_id, error->message);
  input = floe_keeper_new_event (self, desktop_id, error == NULL ? jobs[i].done : jobs[i].failed);
  note_taken_away (input, error);
  input->only_with = jobs[i].intent;
  input->problem = error != NULL ? g_strdup (error->message) : NULL;
  if (jobs[i].record_done != NULL && (error == NULL || kind == FLOE_JOB_PERSONALIZE))
    func = jobs[i].record_done;
  if (kind == FLOE_JOB_CREATE && error != NULL
      && g_strcmp0 (floe_error_reason (error), "no-image") == 0)
    func = floe_image_record_no_clone;
  floe_keeper_record (self, func, input);
}

void
floe_keeper_run_jobs (FloeKeeper *self, const FloeDesktop *desktop, FloeActions actions,
                      const gchar *request)
{
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    if (actions & jobs[i].action)
      floe_job_calls_run (self->jobs, desktop, jobs[i].kind, request);
}

void
floe_keeper_connect_calls (FloeKeeper *self)
{
  g_signal_connect_object (self->power, "answered", G_CALLBACK (on_power_answered), self, 0);
  g_signal_connect_object (self->jobs, "answered", G_CALLBACK (on_job_answered), self, 0);
}
