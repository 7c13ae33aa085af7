/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sim-world.h"

#include <string.h>

/* What a host tells is this old when the broker hears it; all of it comes in its order. */
#define NEWS_DELAY (20 * 1000)
#define LIST_EVERY (120 * SECOND)

/* News for the broker. */

typedef enum
{
  NEWS_DOMAIN,
  NEWS_GONE,
  NEWS_OPENED,
  NEWS_CLOSED,
  NEWS_LISTED,
  NEWS_LOST,
} NewsKind;

typedef struct
{
  SimWorld *world;
  NewsKind kind;
  guint life;
  gchar *host;
  gchar *id;
  gchar *peer;
  FloeDomain *domain;
  GPtrArray *domains; /* FloeDomain */
  GPtrArray *viewers; /* the peer of each, or NULL */
  gboolean channels;  /* they are told, too, as after every gap */
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_free (news->host);
  g_free (news->id);
  g_free (news->peer);
  floe_domain_free (news->domain);
  g_clear_pointer (&news->domains, g_ptr_array_unref);
  g_clear_pointer (&news->viewers, g_ptr_array_unref);
  g_free (news);
}

static void
emit_listing (SimWorld *self, const News *news)
{
  FloeManager *manager = self->sim->manager;
  FloeHostCapacity capacity = {
    .host = news->host, .memory_mib = 262144, .free_mib = 131072, .cpus = 64, .load_percent = 20
  };

  sim_note (self->sim, "host %s tells of %u domains", news->host, news->domains->len);
  sim_world_get_host (self, news->host)->known = TRUE;
  floe_manager_emit_host_listed (manager, news->host, news->domains);
  floe_manager_emit_host_measured (manager, &capacity);
  for (guint i = 0; i < news->domains->len; i++)
    {
      const FloeDomain *domain = news->domains->pdata[i];
      const gchar *peers[] = { news->viewers->pdata[i], NULL };

      if (news->channels && (domain->power == FLOE_POWER_ON || domain->power == FLOE_POWER_PAUSED))
        floe_manager_emit_channels_listed (manager, domain->id, peers);
    }
}

static void
emit (SimWorld *self, const News *news)
{
  FloeManager *manager = self->sim->manager;

  switch (news->kind)
    {
    case NEWS_DOMAIN:
      sim_note (self->sim, "%s on %s is %s%s", news->domain->name, news->host,
                floe_power_name (news->domain->power),
                news->domain->agent_connected ? ", and ready" : "");
      floe_manager_emit_domain_changed (manager, news->domain);
      break;
    case NEWS_GONE:
      sim_note (self->sim, "%s is gone from %s", news->id, news->host);
      floe_manager_emit_domain_gone (manager, news->host, news->id);
      break;
    case NEWS_OPENED:
    case NEWS_CLOSED:
      sim_note (self->sim, "the display of %s: %s %s", news->id, news->peer,
                news->kind == NEWS_OPENED ? "is in" : "has left");
      floe_manager_emit_channel (
          manager, news->id,
          news->kind == NEWS_OPENED ? FLOE_CHANNEL_AUTHENTICATED : FLOE_CHANNEL_CLOSED, news->peer);
      break;
    case NEWS_LISTED:
      emit_listing (self, news);
      break;
    case NEWS_LOST:
      sim_note (self->sim, "host %s does not answer", news->host);
      floe_manager_emit_host_lost (manager, news->host, "it does not answer");
      break;
    }
}

static gboolean
news_due (gpointer data)
{
  News *news = data;
  SimWorld *self = news->world;
  const SimHost *host = sim_world_get_host (self, news->host);

  if (news->life != 0 && self->sim->life == news->life && !self->sim->doomed
      && host->up == (news->kind != NEWS_LOST))
    emit (self, news);
  return G_SOURCE_REMOVE;
}

static News *
send (SimWorld *self, NewsKind kind, const gchar *host, const gchar *id)
{
  News *news = g_new0 (News, 1);

  news->world = self;
  news->kind = kind;
  news->life = self->sim->life;
  news->host = g_strdup (host);
  news->id = g_strdup (id);
  sim_at (self->sim, NEWS_DELAY, news_due, news, news_free);
  return news;
}

void
sim_world_tell (SimWorld *self, SimDomain *domain)
{
  send (self, NEWS_DOMAIN, domain->facts->host, NULL)->domain = floe_domain_copy (domain->facts);
}

void
sim_world_tell_channel (SimWorld *self, const SimDomain *domain, gboolean opened, const gchar *peer)
{
  send (self, opened ? NEWS_OPENED : NEWS_CLOSED, domain->facts->host, domain->facts->id)->peer =
      g_strdup (peer);
}

/* All domains of a host, as they are now. */
void
sim_world_list (SimWorld *self, SimHost *host, gboolean gap)
{
  News *news = send (self, NEWS_LISTED, host->name, NULL);

  news->channels = gap;
  news->domains = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_domain_free);
  news->viewers = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->domains->len; i++)
    {
      const SimDomain *domain = self->domains->pdata[i];

      if (!domain->defined || strcmp (domain->facts->host, host->name) != 0)
        continue;
      g_ptr_array_add (news->domains, floe_domain_copy (domain->facts));
      g_ptr_array_add (news->viewers, g_strdup (domain->peer));
    }
}

/* Domains. */

static void
domain_free (gpointer data)
{
  SimDomain *domain = data;

  floe_domain_free (domain->facts);
  g_free (domain->touched);
  g_free (domain->viewer);
  g_free (domain->peer);
  g_free (domain->volume);
  g_free (domain->ticket);
  g_free (domain);
}

SimDomain *
sim_world_add (SimWorld *self, const gchar *id, const gchar *name, const gchar *host)
{
  SimDomain *domain = g_new0 (SimDomain, 1);

  domain->facts = floe_domain_new (id, name, host);
  domain->facts->power = FLOE_POWER_OFF;
  domain->facts->memory_mib = 1024;
  domain->facts->has_agent = TRUE;
  domain->defined = TRUE;
  g_ptr_array_add (self->domains, domain);
  g_hash_table_insert (self->by_id, domain->facts->id, domain);
  return domain;
}

void
sim_world_remove (SimWorld *self, SimDomain *domain)
{
  send (self, NEWS_GONE, domain->facts->host, domain->facts->id);
  g_hash_table_remove (self->by_id, domain->facts->id);
  g_ptr_array_remove (self->domains, domain);
}

SimDomain *
sim_world_find (SimWorld *self, const gchar *id)
{
  return id != NULL ? g_hash_table_lookup (self->by_id, id) : NULL;
}

SimDomain *
sim_world_find_name (SimWorld *self, const gchar *host, const gchar *name)
{
  for (guint i = 0; i < self->domains->len; i++)
    {
      SimDomain *domain = self->domains->pdata[i];

      if (strcmp (domain->facts->name, name) == 0 && strcmp (domain->facts->host, host) == 0)
        return domain;
    }
  return NULL;
}

SimDomain *
sim_world_pick (SimWorld *self)
{
  return self->domains->pdata[sim_below (self->sim, self->domains->len)];
}

SimHost *
sim_world_get_host (SimWorld *self, const gchar *name)
{
  for (guint i = 0; i < N_HOSTS; i++)
    if (g_strcmp0 (self->hosts[i].name, name) == 0)
      return &self->hosts[i];
  g_error ("there is no host %s", name);
}

const gchar *
sim_world_get_touched (SimWorld *self, const gchar *id)
{
  const SimDomain *domain = sim_world_find (self, id);

  return domain != NULL ? domain->touched : NULL;
}

/* Something goes wrong now: what follows may take its time. */
void
sim_world_blame (SimWorld *self)
{
  self->last_fault = sim_elapsed_now (self->sim);
}

typedef struct
{
  SimWorld *world;
  gchar *id;
  guint boot;
} Boot;

static void
boot_free (gpointer data)
{
  Boot *boot = data;

  g_free (boot->id);
  g_free (boot);
}

static gboolean
guest_ready (gpointer data)
{
  Boot *boot = data;
  SimDomain *domain = sim_world_find (boot->world, boot->id);

  if (domain == NULL || domain->boot != boot->boot || domain->facts->power != FLOE_POWER_ON)
    return G_SOURCE_REMOVE;
  if (domain->bad)
    domain->facts->boot_problem = g_strdup ("its first-boot script ended with 1");
  else
    {
      domain->facts->agent_connected = TRUE;
      domain->raw &= !domain->facts->seeded;
    }
  sim_world_tell (boot->world, domain);
  return G_SOURCE_REMOVE;
}

void
sim_world_switch_on (SimWorld *self, SimDomain *domain)
{
  Boot *boot;

  if (domain->facts->power == FLOE_POWER_ON)
    return;
  if (domain->facts->power == FLOE_POWER_PAUSED)
    {
      domain->facts->power = FLOE_POWER_ON;
      sim_world_tell (self, domain);
      return;
    }
  if (domain->transient)
    g_clear_pointer (&domain->touched, g_free);
  domain->facts->power = FLOE_POWER_ON;
  domain->facts->agent_connected = FALSE;
  domain->facts->logged_in = 0;
  domain->boot++;
  sim_world_tell (self, domain);
  g_clear_pointer (&domain->facts->boot_problem, g_free);
  if (!domain->facts->has_agent
      || (domain->bad && (!domain->facts->seeded || sim_chance (self->sim, 500))))
    return; /* nobody is told anything */
  boot = g_new0 (Boot, 1);
  boot->world = self;
  boot->id = g_strdup (domain->facts->id);
  boot->boot = domain->boot;
  sim_at (self->sim, sim_between (self->sim, 5 * SECOND, 40 * SECOND), guest_ready, boot,
          boot_free);
}

/* No event tells of its channels. */
void
sim_world_switch_off (SimWorld *self, SimDomain *domain, FloePower to)
{
  if (domain->facts->power == FLOE_POWER_OFF)
    return;
  if (domain->transient && to == FLOE_POWER_OFF)
    g_clear_pointer (&domain->touched, g_free);
  domain->facts->power = to;
  domain->facts->agent_connected = FALSE;
  domain->facts->logged_in = 0;
  domain->boot++;
  g_clear_pointer (&domain->viewer, g_free);
  g_clear_pointer (&domain->peer, g_free);
  g_clear_pointer (&domain->volume, g_free);
  g_clear_pointer (&domain->ticket, g_free);
  sim_world_tell (self, domain);
}

/* Hosts. */

void
sim_world_lose (SimWorld *self, SimHost *host, gboolean dead)
{
  if (!host->up)
    return;
  sim_note (self->sim, "host %s %s", host->name, dead ? "dies" : "is cut off");
  sim_manager_refuse (self, host->name);
  host->up = host->known = FALSE;
  host->changed = sim_elapsed_now (self->sim);
  sim_world_blame (self);
  for (guint i = 0; dead && i < self->domains->len; i++)
    {
      SimDomain *domain = self->domains->pdata[i];

      if (strcmp (domain->facts->host, host->name) == 0)
        sim_world_switch_off (self, domain, FLOE_POWER_OFF);
    }
  send (self, NEWS_LOST, host->name, NULL);
}

void
sim_world_recover (SimWorld *self, SimHost *host)
{
  if (host->up)
    return;
  host->up = TRUE;
  host->changed = sim_elapsed_now (self->sim);
  sim_world_blame (self);
  sim_world_list (self, host, TRUE);
}

void
sim_world_greet (SimWorld *self)
{
  for (guint i = 0; i < N_HOSTS; i++)
    {
      self->hosts[i].known = FALSE;
      if (self->hosts[i].up)
        sim_world_list (self, &self->hosts[i], TRUE);
      else
        send (self, NEWS_LOST, self->hosts[i].name, NULL);
    }
}

static gboolean
list_due (gpointer data)
{
  SimWorld *self = data;

  for (guint i = 0; i < N_HOSTS; i++)
    if (self->hosts[i].up && self->sim->life != 0)
      sim_world_list (self, &self->hosts[i], sim_chance (self->sim, 20));
  return G_SOURCE_CONTINUE;
}

SimWorld *
sim_world_new (Sim *sim)
{
  SimWorld *self = g_new0 (SimWorld, 1);

  self->sim = sim;
  self->domains = g_ptr_array_new_with_free_func (domain_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->images = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->bad_revisions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->calls = g_ptr_array_new ();
  for (guint i = 0; i < N_HOSTS; i++)
    {
      self->hosts[i].name = g_strdup_printf ("host%u", i + 1);
      self->hosts[i].up = TRUE;
    }
  sim_at (sim, LIST_EVERY, list_due, self, NULL);
  return self;
}

void
sim_world_free (SimWorld *self)
{
  g_ptr_array_unref (self->calls);
  g_hash_table_unref (self->images);
  g_hash_table_unref (self->bad_revisions);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->domains);
  for (guint i = 0; i < N_HOSTS; i++)
    g_free (self->hosts[i].name);
  g_free (self);
}
