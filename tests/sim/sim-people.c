/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sim-people.h"

#include <string.h>

static gboolean live (gpointer data);

static void
next_in (SimPerson *person, gint64 from, gint64 to)
{
  floe_clock_clear_timeout (FLOE_CLOCK (person->sim->clock), &person->timer);
  person->timer = sim_at (person->sim, sim_between (person->sim, from, to), live, person, NULL);
}

static SimDomain *
domain_of (SimPerson *person)
{
  return sim_world_find (person->sim->world, person->desktop);
}

static gboolean
sits_in_front (SimPerson *person)
{
  const SimDomain *domain = domain_of (person);

  return domain != NULL && g_strcmp0 (domain->viewer, person->name) == 0;
}

static void
close_client (SimPerson *person)
{
  if (person->desktop != NULL)
    sim_world_close_console (person->sim->world, person->desktop, person->name);
}

/* Moods. */

static void
begin_to_work (SimPerson *person)
{
  Sim *sim = person->sim;

  if (sim_chance (sim, 40))
    {
      sim_note (sim, "%s never opens the display", person->name);
      g_clear_pointer (&person->ticket, g_free);
    }
  else if (sim_world_open_console (sim->world, person->desktop, person->ticket, person->name))
    sim_note (sim, "%s opens %s", person->name, person->desktop);
  else
    sim_note (sim, "%s cannot open %s", person->name, person->desktop);
  g_clear_pointer (&person->ticket, g_free);
}

static void
end_of_day (SimPerson *person)
{
  guint dice = sim_below (person->sim, 100);

  close_client (person);
  if (dice < 65)
    sim_wish_log_out (person);
  else if (dice < 75 && domain_of (person) != NULL
           && sim_world_get_host (person->sim->world, domain_of (person)->facts->host)->up)
    {
      sim_note (person->sim, "%s shuts the guest down", person->name);
      sim_world_switch_off (person->sim->world, domain_of (person), FLOE_POWER_OFF);
      person->mood = SIM_DROPPED;
    }
  else
    person->mood = SIM_DROPPED;
}

static void
leave_guest (SimPerson *person, gboolean off)
{
  SimDomain *domain = domain_of (person);

  if (domain == NULL || !sits_in_front (person))
    return;
  sim_note (person->sim, "%s %s", person->name,
            off ? "shuts the guest down" : "logs off in the guest");
  if (off)
    sim_world_switch_off (person->sim->world, domain, FLOE_POWER_OFF);
  else
    domain->facts->logged_in = 0;
}

static void
work (SimPerson *person)
{
  Sim *sim = person->sim;
  guint dice = sim_below (sim, 100);

  if (person->ticket != NULL)
    begin_to_work (person);
  else if (sim_elapsed_now (sim) > person->day_ends)
    end_of_day (person);
  else if (!sits_in_front (person))
    person->mood = SIM_WANTS; /* thrown out, or it went down */
  else if (dice < 25)
    sim_wish_beat (person, sim_below (sim, 4000));
  else if (dice < 35)
    {
      sim_note (sim, "%s drops off", person->name);
      close_client (person);
      person->mood = SIM_DROPPED;
    }
  else if (dice < 42)
    leave_guest (person, FALSE);
  else if (dice < 46)
    leave_guest (person, TRUE);
  else if (dice < 56)
    {
      person->seat = 1 + sim_below (sim, 250);
      sim_wish_log_in (person); /* while the other client is still connected */
    }
  else if (dice < 60)
    sim_wish_release (person);
  else if (dice < 64)
    sim_wish_connect (person);
}

static void
wait_for_it (SimPerson *person)
{
  FloeRequestState state = floe_connect_request_get_state (person->request);

  if (state == FLOE_REQUEST_READY || state == FLOE_REQUEST_FAILED
      || sim_elapsed_now (person->sim) - person->request_since > 2 * MINUTE)
    {
      g_clear_object (&person->request);
      person->mood = SIM_WANTS;
    }
}

static void
want (SimPerson *person)
{
  Sim *sim = person->sim;

  if (person->tries < 20 && sim_elapsed_now (sim) < person->day_ends)
    sim_wish_connect (person);
  else
    sim_wish_log_out (person);
}

static void
act (SimPerson *person)
{
  Sim *sim = person->sim;
  gboolean day = sim_elapsed_now (sim) < person->day_ends;

  switch (person->mood)
    {
    case SIM_AWAY:
      if (day)
        sim_wish_log_in (person);
      break;
    case SIM_WANTS:
      want (person);
      break;
    case SIM_WAITS:
      wait_for_it (person);
      break;
    case SIM_WORKS:
      work (person);
      break;
    case SIM_DROPPED:
      if (day && person->reconnect != NULL && sim_chance (sim, 700))
        sim_wish_come_back (person);
      else if (day)
        sim_wish_log_in (person);
      break;
    }
}

static void
plan_next (SimPerson *person)
{
  gboolean day = sim_elapsed_now (person->sim) < person->day_ends;

  if (person->asking)
    next_in (person, SECOND, 3 * SECOND);
  else if (person->rests_until > sim_elapsed_now (person->sim))
    next_in (person, person->rests_until - sim_elapsed_now (person->sim),
             person->rests_until - sim_elapsed_now (person->sim) + SECOND);
  else if (person->mood == SIM_WAITS || (person->mood == SIM_WORKS && person->ticket != NULL))
    next_in (person, SECOND, 4 * SECOND);
  else if (person->mood == SIM_WANTS)
    next_in (person, SECOND, 30 * SECOND);
  else if (person->mood == SIM_WORKS)
    next_in (person, MINUTE, 90 * MINUTE);
  else if (day)
    next_in (person, 10 * SECOND, person->mood == SIM_DROPPED ? 90 * MINUTE : 30 * MINUTE);
  /* or not before tomorrow */
}

static gboolean
live (gpointer data)
{
  SimPerson *person = data;
  Sim *sim = person->sim;

  person->timer = 0;
  if (person->grant == NULL && person->mood != SIM_DROPPED)
    person->mood = SIM_AWAY;
  if (person->asking && person->life != sim->life)
    person->asking = FALSE; /* whom they asked is dead */
  if (!person->asking && sim->life != 0 && person->rests_until <= sim_elapsed_now (sim))
    act (person);
  plan_next (person);
  return G_SOURCE_REMOVE;
}

/* Most come at about half past eight, some later or not at all, few at the weekend. */
void
sim_people_begin_day (SimPeople *self)
{
  Sim *sim = self->sim;
  gint64 midnight = sim_elapsed_now (sim) - sim_elapsed_now (sim) % DAY;

  for (guint i = 0; i < self->people->len; i++)
    {
      SimPerson *person = self->people->pdata[i];
      gint64 begins = sim_chance (sim, 800) ? 8 * HOUR : 6 * HOUR + sim_between (sim, 0, 8 * HOUR);

      if (!sim_chance (sim, sim_is_workday (sim) ? 900 : 60)
          || person->day_ends > sim_elapsed_now (sim))
        continue;
      begins += midnight + sim_between (sim, 0, HOUR);
      person->day_ends = begins + sim_between (sim, 6 * HOUR, 10 * HOUR);
      next_in (person, MAX (begins - sim_elapsed_now (sim), 0),
               MAX (begins - sim_elapsed_now (sim), 0) + MINUTE);
    }
}

SimPerson *
sim_people_pick (SimPeople *self)
{
  return self->people->pdata[sim_below (self->sim, self->people->len)];
}

static void
person_free (gpointer data)
{
  SimPerson *person = data;

  sim_person_forget_desktop (person);
  g_clear_pointer (&person->grant, floe_grant_free);
  g_clear_pointer (&person->reconnect, floe_secret_unref);
  g_free (person->name);
  g_free (person->group);
  g_free (person);
}

void
sim_people_add (SimPeople *self, const gchar *name, const gchar *group, const gchar *pool)
{
  SimPerson *person = g_new0 (SimPerson, 1);

  person->sim = self->sim;
  person->name = g_strdup (name);
  person->group = g_strdup (group);
  person->pool = pool;
  person->seat = 1 + sim_below (self->sim, 250);
  fake_directory_add (self->sim->directory, name, group);
  g_ptr_array_add (self->people, person);
}

SimPeople *
sim_people_new (Sim *sim)
{
  SimPeople *self = g_new0 (SimPeople, 1);

  self->sim = sim;
  self->people = g_ptr_array_new_with_free_func (person_free);
  return self;
}

void
sim_people_free (SimPeople *self)
{
  g_ptr_array_unref (self->people);
  g_free (self);
}
