/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sim-trouble.h"

#include "core/date.h"

/* What ends by itself after a while. */
typedef struct
{
  SimTrouble *trouble;
  guint host;
  gchar *text;
  gchar *id;
} Episode;

static Episode *
episode_new (SimTrouble *self, guint host, const gchar *text, const gchar *id)
{
  Episode *episode = g_new0 (Episode, 1);

  episode->trouble = self;
  episode->host = host;
  episode->text = g_strdup (text);
  episode->id = g_strdup (id);
  return episode;
}

static void
episode_free (gpointer data)
{
  Episode *episode = data;

  g_free (episode->text);
  g_free (episode->id);
  g_free (episode);
}

static void
end_later (SimTrouble *self, gint64 from, gint64 to, GSourceFunc end, Episode *episode)
{
  sim_at (self->sim, sim_between (self->sim, from, to), end, episode, episode_free);
}

/* The broker, at any step. */

static void
kill_broker (SimTrouble *self)
{
  Sim *sim = self->sim;
  guint n = 1 + sim_below (sim, 30);

  if (sim->life == 0)
    return;
  self->kills++;
  switch (sim_below (sim, 3))
    {
    case 0:
      sim->doom.commits = n;
      break;
    case 1:
      sim->doom.calls = n;
      break;
    default:
      sim->doom.answers = n;
    }
}

/* Hosts. */

static gboolean
host_back (gpointer data)
{
  Episode *episode = data;
  SimWorld *world = episode->trouble->sim->world;

  sim_world_recover (world, &world->hosts[episode->host]);
  return G_SOURCE_REMOVE;
}

static void
lose_host (SimTrouble *self)
{
  Sim *sim = self->sim;
  guint host = sim_below (sim, N_HOSTS);
  gint64 most = sim_chance (sim, 200) ? 12 * HOUR : 20 * MINUTE;

  if (!sim->world->hosts[host].up)
    return;
  self->losses++;
  sim_world_lose (sim->world, &sim->world->hosts[host], sim_chance (sim, 400));
  end_later (self, 5 * SECOND, most, host_back, episode_new (self, host, NULL, NULL));
}

static gboolean
storage_freed (gpointer data)
{
  Episode *episode = data;

  episode->trouble->sim->world->hosts[episode->host].full = FALSE;
  return G_SOURCE_REMOVE;
}

static void
fill_storage (SimTrouble *self)
{
  guint host = sim_below (self->sim, N_HOSTS);

  sim_note (self->sim, "the storage of host%u is full", host + 1);
  self->sim->world->hosts[host].full = TRUE;
  end_later (self, MINUTE, 2 * HOUR, storage_freed, episode_new (self, host, NULL, NULL));
}

static gboolean
calls_good (gpointer data)
{
  Episode *episode = data;

  episode->trouble->sim->world->faults = (SimFaults){ 1, 1, 0 };
  return G_SOURCE_REMOVE;
}

static void
spoil_calls (SimTrouble *self)
{
  Sim *sim = self->sim;

  sim->world->faults =
      (SimFaults){ sim_below (sim, 200), sim_below (sim, 200), sim_below (sim, 30) };
  sim_world_blame (sim->world);
  sim_note (sim, "calls begin to go wrong");
  end_later (self, MINUTE, HOUR, calls_good, episode_new (self, 0, NULL, NULL));
}

/* The calendar, by which schedules go and nothing else. */
static void
set_clock (SimTrouble *self)
{
  Sim *sim = self->sim;
  gint64 by = sim_between (sim, -2 * HOUR, 2 * HOUR);

  if (sim_chance (sim, 700))
    by /= 600;
  sim_note (sim, "the time of day is set by %" G_GINT64_FORMAT " s", by / SECOND);
  floe_date_set_ahead (floe_date_get_ahead () + by);
  self->last_set = sim_elapsed_now (sim);
}

static gboolean
directory_up (gpointer data)
{
  Episode *episode = data;

  fake_directory_set_down (episode->trouble->sim->directory, FALSE);
  return G_SOURCE_REMOVE;
}

static void
stop_directory (SimTrouble *self)
{
  sim_note (self->sim, "the directory is down");
  fake_directory_set_down (self->sim->directory, TRUE);
  end_later (self, MINUTE, HOUR, directory_up, episode_new (self, 0, NULL, NULL));
}

static gboolean
back_in_group (gpointer data)
{
  Episode *episode = data;

  fake_directory_add (episode->trouble->sim->directory, episode->id, episode->text);
  return G_SOURCE_REMOVE;
}

/* Somebody leaves the company, or only their department. */
static void
move_person (SimTrouble *self)
{
  Sim *sim = self->sim;
  SimPerson *person = sim_people_pick (sim->people);
  gboolean leaves = sim_chance (sim, 500);

  sim_note (sim, "%s leaves the %s", person->name, leaves ? "company" : "department");
  if (leaves)
    fake_directory_remove (sim->directory, person->name);
  else
    fake_directory_add (sim->directory, person->name, "elsewhere");
  end_later (self, HOUR, 3 * DAY, back_in_group,
             episode_new (self, 0, person->group, person->name));
}

/* Somebody at the host, by hand. */

static gboolean
defined_again (gpointer data)
{
  Episode *episode = data;
  SimWorld *world = episode->trouble->sim->world;
  SimDomain *domain;

  if (sim_world_find (world, episode->id) == NULL)
    {
      domain = sim_world_add (world, episode->id, episode->text, world->hosts[episode->host].name);
      domain->own = domain->transient = TRUE;
      if (world->hosts[episode->host].up)
        sim_world_tell (world, domain);
    }
  return G_SOURCE_REMOVE;
}

static void
undefine (SimTrouble *self, SimDomain *domain)
{
  SimWorld *world = self->sim->world;
  guint host = (guint)(sim_world_get_host (world, domain->facts->host) - world->hosts);

  if (domain->own && !domain->transient)
    return; /* a static one is somebody's own: nobody dares */
  sim_note (self->sim, "somebody undefines %s", domain->facts->name);
  if (domain->own)
    end_later (self, MINUTE, 6 * HOUR, defined_again,
               episode_new (self, host, domain->facts->name, domain->facts->id));
  sim_world_switch_off (world, domain, FLOE_POWER_OFF);
  sim_world_remove (world, domain);
}

static void
pause_or_resume (SimTrouble *self, SimDomain *domain)
{
  SimWorld *world = self->sim->world;

  if (domain->facts->power == FLOE_POWER_PAUSED)
    sim_world_switch_on (world, domain);
  else if (domain->facts->power == FLOE_POWER_ON)
    {
      domain->facts->power = FLOE_POWER_PAUSED;
      sim_world_tell (world, domain);
    }
}

static void
meddle (SimTrouble *self)
{
  Sim *sim = self->sim;
  SimDomain *domain = sim_world_pick (sim->world);

  if (!sim_world_get_host (sim->world, domain->facts->host)->up)
    return;
  sim_world_blame (sim->world);
  sim_note (sim, "somebody meddles with %s", domain->facts->name);
  switch (sim_below (sim, 10))
    {
    case 0:
      undefine (self, domain);
      break;
    case 1:
    case 2:
      pause_or_resume (self, domain);
      break;
    case 3:
    case 4:
      if (domain->facts->power == FLOE_POWER_ON)
        sim_world_switch_off (sim->world, domain, FLOE_POWER_CRASHED);
      break;
    case 5:
    case 6:
    case 7:
      sim_world_switch_off (sim->world, domain, FLOE_POWER_OFF);
      break;
    default:
      sim_world_switch_on (sim->world, domain);
    }
}

static gboolean
trouble_due (gpointer data)
{
  SimTrouble *self = data;
  static void (*const troubles[]) (SimTrouble *) = {
    kill_broker, kill_broker, lose_host,      lose_host,   fill_storage, spoil_calls,
    spoil_calls, set_clock,   stop_directory, move_person, meddle,       meddle,
    meddle,      meddle,      meddle,         meddle,
  };

  troubles[sim_below (self->sim, G_N_ELEMENTS (troubles))](self);
  sim_at (self->sim, sim_between (self->sim, MINUTE, 40 * MINUTE), trouble_due, self, NULL);
  return G_SOURCE_REMOVE;
}

SimTrouble *
sim_trouble_new (Sim *sim)
{
  SimTrouble *self = g_new0 (SimTrouble, 1);

  self->sim = sim;
  self->last_jump = self->last_set = -DAY;
  floe_date_set_ahead (0);
  sim->world->faults = (SimFaults){ 1, 1, 0 };
  sim_at (sim, HOUR, trouble_due, self, NULL);
  return self;
}

void
sim_trouble_free (SimTrouble *self)
{
  g_free (self);
}
