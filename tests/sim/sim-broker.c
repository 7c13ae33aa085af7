/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sim-world.h"
#include "sim.h"

/* A broker that has not come to rest after so many turns never will. */
#define MAX_TURNS 200000

static gint64
real_time (void)
{
  return g_get_real_time ();
}

/* GTask answers at once when it was made in an earlier turn of the main loop, which it tells by the
 * time of the turn: no two turns may have the same one, or a run could not be repeated. */
static gboolean
turn (gint64 *last)
{
  while (real_time () == *last)
    ;
  *last = real_time ();
  return g_main_context_iteration (NULL, FALSE);
}

/* Lets everything come to rest that needs no time. */
void
sim_settle (Sim *sim)
{
  gint64 last = 0;
  guint turns = 0;

  for (;;)
    {
      gboolean moved = sim_store_step (sim->store_keeper);

      while (turn (&last))
        moved = TRUE;
      if (!moved)
        return;
      if (++turns == MAX_TURNS)
        {
          sim_violation (sim, "rest", "the broker does not come to rest");
          return;
        }
    }
}

/* From this moment on nothing that it does has any effect. */
void
sim_doom (Sim *sim)
{
  if (sim->life == 0)
    return;
  sim_note (sim, "the broker is killed");
  sim->doomed = TRUE;
}

void
sim_broker_start (Sim *sim)
{
  static const gchar *const admins[] = { "admins", NULL };
  g_autoptr (FloeRoleGroups) groups = floe_role_groups_new (admins, NULL, NULL, NULL);
  FloeLoginPolicy policy = { 900, 43200, groups };
  FloeClock *clock = FLOE_CLOCK (sim->clock);

  sim->life = ++sim->lives;
  sim->began = sim_elapsed_now (sim);
  sim_note (sim, "the broker starts, life %u", sim->life);
  sim->store = sim_store_open (sim->store_keeper);
  sim->manager = sim_manager_new (sim);
  sim->keeper = floe_keeper_new (sim->store, sim->manager, clock);
  sim->pool_keeper = floe_pool_keeper_new (sim->store, sim->keeper, clock);
  for (guint i = 0; i < N_HOSTS; i++)
    {
      floe_keeper_set_starts_at_once (sim->keeper, sim->world->hosts[i].name, STARTS_AT_ONCE);
      floe_pool_keeper_add_host (sim->pool_keeper, sim->world->hosts[i].name, STARTS_AT_ONCE);
    }
  sim->assigner = floe_assigner_new (sim->store, sim->keeper, clock);
  sim->helpdesk = floe_helpdesk_new (sim->store, sim->keeper, clock, groups);
  sim->sessions = floe_sessions_new (sim->store, sim->keeper, clock);
  sim->login =
      floe_login_new (FLOE_DIRECTORY (sim->directory), sim->store, sim->keeper, clock, &policy);
  floe_login_start (sim->login);
  floe_keeper_start (sim->keeper);
  floe_pool_keeper_start (sim->pool_keeper);
  sim_world_greet (sim->world);
  sim_settle (sim);
}

/* Ends everything inside, as kill -9 would: only the store and the world stay. */
void
sim_broker_kill (Sim *sim)
{
  if (sim->life == 0)
    return;
  sim->doomed = TRUE;
  floe_login_stop (sim->login);
  floe_pool_keeper_stop (sim->pool_keeper);
  floe_keeper_stop (sim->keeper);
  sim_store_close (sim->store_keeper);
  sim_manager_abandon (sim->world);
  sim_settle (sim);
  sim_clock_forget (sim->clock);
  sim_settle (sim);
  g_clear_object (&sim->login);
  g_clear_object (&sim->sessions);
  g_clear_object (&sim->helpdesk);
  g_clear_object (&sim->assigner);
  g_clear_object (&sim->pool_keeper);
  g_clear_object (&sim->keeper);
  g_clear_object (&sim->manager);
  g_clear_object (&sim->store);
  sim_settle (sim);
  sim->life = 0;
  sim->doomed = FALSE;
  sim->doom = (SimDoom){ 0 };
}
