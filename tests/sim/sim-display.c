/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "sim-world.h"

/* What people see of a domain, and whom it lets in. */

void
sim_world_cut (SimWorld *self, SimDomain *domain)
{
  if (domain->peer == NULL)
    return;
  sim_world_tell_channel (self, domain, FALSE, domain->peer);
  g_clear_pointer (&domain->viewer, g_free);
  g_clear_pointer (&domain->peer, g_free);
}

static void
check_viewer (SimWorld *self, const SimDomain *domain, const gchar *user)
{
  const FloeDesktop *desktop = sim_book_find (self->sim->book, domain->facts->id);

  if (domain->foreign || desktop == NULL)
    sim_violation (self->sim, "rule 9", "%s got into %s, which is no desktop", user,
                   domain->facts->name);
  else if (desktop->lease != NULL && strcmp (desktop->lease->holder_name, user) != 0)
    sim_violation (self->sim, "rule 9", "%s got into %s, which is lent to %s", user,
                   domain->facts->name, desktop->lease->holder_name);
  else if (desktop->kind == FLOE_POOL_FLOATING && domain->touched != NULL
           && strcmp (domain->touched, user) != 0)
    sim_violation (self->sim, "rule 2", "%s sees what %s left in %s", user, domain->touched,
                   domain->facts->name);
  else if (domain->raw)
    sim_violation (self->sim, "personality", "%s sees %s before its first boot has ended", user,
                   domain->facts->name);
}

/* Rule 9: it is replaced soon after its last channel is in, if nothing went wrong meanwhile. */

typedef struct
{
  SimWorld *world;
  gchar *id;
  gchar *ticket;
  guint life;
  gint64 used;
} Used;

static void
used_free (gpointer data)
{
  Used *used = data;

  g_free (used->id);
  g_free (used->ticket);
  g_free (used);
}

static gboolean
used_due (gpointer data)
{
  Used *used = data;
  SimWorld *self = used->world;
  const SimDomain *domain = sim_world_find (self, used->id);

  if (self->sim->life == used->life && !self->sim->doomed && domain != NULL
      && domain->viewer != NULL && domain->viewer_since == used->used
      && self->last_fault < used->used - 2 * HOUR && g_strcmp0 (domain->ticket, used->ticket) == 0)
    sim_violation (self->sim, "rule 9", "the ticket of %s still opens it", domain->facts->name);
  return G_SOURCE_REMOVE;
}

static void
watch_ticket (SimWorld *self, const SimDomain *domain)
{
  Used *used = g_new0 (Used, 1);

  used->world = self;
  used->id = g_strdup (domain->facts->id);
  used->ticket = g_strdup (domain->ticket);
  used->life = self->sim->life;
  used->used = domain->viewer_since;
  sim_at (self->sim, 10 * SECOND, used_due, used, used_free);
}

/* QEMU looks at the ticket alone, and serves one client: who comes throws out who is there. */
gboolean
sim_world_open_console (SimWorld *self, const gchar *id, const gchar *ticket, const gchar *user)
{
  SimDomain *domain = sim_world_find (self, id);

  if (domain == NULL || domain->facts->power != FLOE_POWER_ON
      || !sim_world_get_host (self, domain->facts->host)->up
      || g_strcmp0 (domain->ticket, ticket) != 0 || domain->ticket_until < sim_time (self->sim))
    return FALSE;
  check_viewer (self, domain, user);
  sim_world_cut (self, domain);
  g_free (domain->touched);
  domain->touched = g_strdup (user);
  if (sim_chance (self->sim, 100)) /* the first, unsecured connection is bounced */
    {
      g_autofree gchar *first = g_strdup_printf ("192.0.2.1:%u", ++self->last_peer);

      sim_world_tell_channel (self, domain, TRUE, first);
      sim_world_tell_channel (self, domain, FALSE, first);
    }
  domain->viewer = g_strdup (user);
  domain->viewer_since = sim_elapsed_now (self->sim);
  domain->peer = g_strdup_printf ("192.0.2.1:%u", ++self->last_peer);
  domain->facts->logged_in = 1;
  self->n_sessions++;
  watch_ticket (self, domain);
  sim_world_tell_channel (self, domain, TRUE, domain->peer);
  return TRUE;
}

void
sim_world_close_console (SimWorld *self, const gchar *id, const gchar *user)
{
  SimDomain *domain = sim_world_find (self, id);

  if (domain != NULL && g_strcmp0 (domain->viewer, user) == 0)
    sim_world_cut (self, domain);
}
