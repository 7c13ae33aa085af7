/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-maintenance.h"
#include "core/helpdesk-pools.h"
#include "sim-trouble.h"

#include <string.h>

/* What the helpdesk does, and the company as it is set up. */

static FloeIdentity *
helen (void)
{
  g_autoptr (FloeUser) user = floe_user_new ("uuid-helen", "helen", NULL, NULL);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.9", NULL, NULL);

  return floe_identity_new (user, FLOE_ROLE_ADMIN, "login-helen", caller);
}

/* Pools. */

static void
applied (GObject *source, GAsyncResult *result, gpointer data)
{
  Sim *sim = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePoolApplied) done =
      floe_helpdesk_apply_pool_finish (FLOE_HELPDESK (source), result, &error);

  if (done == NULL && !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_BUSY))
    sim_violation (sim, "helpdesk", "a pool was not changed: %s", error->message);
}

static void
apply (Sim *sim, const FloePool *pool)
{
  g_autoptr (FloeIdentity) actor = helen ();

  floe_helpdesk_apply_pool_async (sim->helpdesk, actor, pool, FALSE, NULL, applied, sim);
}

static const gchar *const names[] = { "data",   "dev",   "lab", "local",
                                      "office", "shift", "vip", "kiosk" };

static FloePool *
pick_pool (Sim *sim)
{
  const FloePool *pool =
      sim_book_find_pool (sim->book, names[sim_below (sim, G_N_ELEMENTS (names))]);

  return pool != NULL ? floe_pool_copy (pool) : NULL;
}

static void
open_or_close (Sim *sim)
{
  g_autoptr (FloePool) pool = pick_pool (sim);

  if (pool == NULL)
    return;
  pool->closed = !pool->closed && sim_chance (sim, 500);
  pool->drain = pool->closed && sim_chance (sim, 300);
  sim_note (sim, "pool %s is %s%s", pool->name, pool->closed ? "closed" : "open",
            pool->drain ? " and drained" : "");
  apply (sim, pool);
}

static void
change_limits (Sim *sim)
{
  g_autoptr (FloePool) pool = pick_pool (sim);

  if (pool == NULL)
    return;
  if (pool->template != NULL)
    {
      pool->template->maximum = 12 + sim_below (sim, 30);
      pool->template->minimum = sim_below (sim, 8);
      pool->template->canary_percent = sim_chance (sim, 500) ? 20 : 0;
    }
  if (pool->kind != FLOE_POOL_STATIC)
    pool->spares = sim_below (sim, 6);
  pool->per_user = pool->data_gib > 0 ? 1 : 1 + sim_below (sim, 2);
  pool->grace_seconds = sim_chance (sim, 500) ? 900 : 14400;
  sim_note (sim, "pool %s: up to %u, %u spares, %u a user", pool->name,
            pool->template != NULL ? pool->template->maximum : 0, pool->spares, pool->per_user);
  apply (sim, pool);
}

static gpointer
ask_for_renewal (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloePoolState) state = floe_tx_get_pool_state (tx, input, error);

  if (state == NULL)
    return NULL;
  state->renew = TRUE;
  return floe_tx_put_pool_state (tx, state, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static gpointer
read_newest (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (GPtrArray) revisions = floe_tx_list_revisions (tx, input, error);
  guint newest = 0;

  for (guint i = 0; revisions != NULL && i < revisions->len; i++)
    newest = MAX (newest, ((FloeRevision *)revisions->pdata[i])->number);
  return GUINT_TO_POINTER (newest);
}

/* What is made from a bad revision that is current is of no use to anybody, until somebody mends
 * the template and asks for a new one. */
typedef struct
{
  Sim *sim;
  gchar *pool;
} Mend;

static void
mend_free (gpointer data)
{
  Mend *mend = data;

  g_free (mend->pool);
  g_free (mend);
}

static gboolean
template_mended (gpointer data)
{
  Mend *mend = data;
  Sim *sim = mend->sim;

  sim_note (sim, "the template of pool %s is mended", mend->pool);
  sim_store_run (sim->store_keeper, ask_for_renewal, mend->pool, NULL);
  if (sim->life != 0 && !sim->doomed)
    floe_pool_keeper_look (sim->pool_keeper, mend->pool);
  return G_SOURCE_REMOVE;
}

static void
mend_later (Sim *sim, const gchar *pool)
{
  Mend *mend = g_new (Mend, 1);

  mend->sim = sim;
  mend->pool = g_strdup (pool);
  sim_at (sim, sim_between (sim, HOUR, 6 * HOUR), template_mended, mend, mend_free);
}

static void
renew (Sim *sim)
{
  g_autoptr (FloePool) pool = pick_pool (sim);
  guint newest;

  if (pool == NULL || pool->template == NULL)
    return;
  newest = GPOINTER_TO_UINT (sim_store_run (sim->store_keeper, read_newest, pool->name, NULL));
  sim_note (sim, "the template of pool %s is renewed", pool->name);
  if (sim_chance (sim, 200))
    {
      g_hash_table_add (sim->world->bad_revisions,
                        g_strdup_printf ("%s %u", pool->name, newest + 1));
      mend_later (sim, pool->name);
    }
  sim_store_run (sim->store_keeper, ask_for_renewal, pool->name, NULL);
  floe_pool_keeper_look (sim->pool_keeper, pool->name);
}

/* Desktops. */

static void
released (GObject *source, GAsyncResult *result, gpointer data)
{
  floe_helpdesk_release_finish (FLOE_HELPDESK (source), result, NULL);
}

static void
release (Sim *sim)
{
  g_autoptr (FloeIdentity) actor = helen ();
  const FloeDesktop *desktop = sim_book_pick (sim->book, TRUE);

  if (desktop == NULL)
    return;
  sim_note (sim, "the helpdesk releases %s", desktop->name);
  floe_helpdesk_release_async (sim->helpdesk, actor, desktop->id, "it is stuck", NULL, released,
                               NULL);
}

static void
assigned (GObject *source, GAsyncResult *result, gpointer data)
{
  floe_helpdesk_assign_finish (FLOE_HELPDESK (source), result, NULL);
}

static void
assign (Sim *sim)
{
  g_autoptr (FloeIdentity) actor = helen ();
  const FloeDesktop *desktop = sim_book_pick (sim->book, FALSE);
  const SimPerson *person = NULL;

  for (guint i = 0; desktop != NULL && i < 30; i++)
    {
      person = sim_people_pick (sim->people);
      if (strcmp (person->pool, desktop->pool) == 0)
        break;
    }
  if (person == NULL)
    return;
  sim_note (sim, "the helpdesk assigns %s to %s", desktop->name, person->name);
  floe_helpdesk_assign_async (sim->helpdesk, actor, desktop->id, person->name, "for good", NULL,
                              assigned, NULL);
}

/* Hosts. */

typedef struct
{
  const gchar *host;
  gboolean draining;
} Drain;

static gpointer
note_drain (FloeTx *tx, gconstpointer input, GError **error)
{
  const Drain *drain = input;
  g_autoptr (FloeHostNote) note = floe_host_note_new (drain->host);

  note->draining = drain->draining;
  return floe_tx_put_host (tx, note, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
drain_or_open (Sim *sim)
{
  SimHost *host = &sim->world->hosts[sim_below (sim, N_HOSTS)];
  const Drain drain = { host->name, sim_chance (sim, 300) };

  host->draining = drain.draining;
  sim_note (sim, "host %s is %s", drain.host, drain.draining ? "drained" : "open");
  sim_store_run (sim->store_keeper, note_drain, &drain, NULL);
  floe_pool_keeper_look_at_all (sim->pool_keeper);
}

/* Maintenance. */

typedef struct
{
  Sim *sim;
  gchar *subject;
  gboolean of_pool;
} Mending;

static void
mending_free (gpointer data)
{
  Mending *mending = data;

  g_free (mending->subject);
  g_free (mending);
}

static void
maintained (GObject *source, GAsyncResult *result, gpointer data)
{
  floe_helpdesk_maintain_finish (FLOE_HELPDESK (source), result, NULL);
}

static void
opened (GObject *source, GAsyncResult *result, gpointer data)
{
  floe_helpdesk_open_desktop_finish (FLOE_HELPDESK (source), result, NULL);
}

static void
pool_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  floe_helpdesk_pool_finish (FLOE_HELPDESK (source), result, NULL);
}

/* Tried again until the broker lives, so that nothing stays closed for ever. */
static gboolean
mended (gpointer data)
{
  const Mending *mending = data;
  Sim *sim = mending->sim;
  g_autoptr (FloeIdentity) actor = helen ();
  Mending *again;

  sim_note (sim, "the maintenance of %s ends", mending->subject);
  if (sim->life != 0 && !sim->doomed && mending->of_pool)
    floe_helpdesk_open_pool_async (sim->helpdesk, actor, mending->subject, pool_changed, NULL);
  else if (sim->life != 0 && !sim->doomed)
    floe_helpdesk_open_desktop_async (sim->helpdesk, actor, mending->subject, NULL, opened, NULL);
  if (sim->life != 0 && !sim->doomed && !sim_chance (sim, 100))
    return G_SOURCE_REMOVE;
  again = g_new0 (Mending, 1);
  again->sim = sim;
  again->subject = g_strdup (mending->subject);
  again->of_pool = mending->of_pool;
  sim_at (sim, HOUR, mended, again, mending_free);
  return G_SOURCE_REMOVE;
}

static void
mend_after_a_while (Sim *sim, const gchar *subject, gboolean of_pool)
{
  Mending *mending = g_new0 (Mending, 1);

  mending->sim = sim;
  mending->subject = g_strdup (subject);
  mending->of_pool = of_pool;
  sim_at (sim, sim_between (sim, MINUTE, 3 * HOUR), mended, mending, mending_free);
}

static void
maintain (Sim *sim)
{
  g_autoptr (FloeIdentity) actor = helen ();
  const FloeDesktop *desktop = sim_book_pick (sim->book, sim_chance (sim, 700));
  guint minutes = sim_chance (sim, 800) ? 1 + sim_below (sim, 60) : 0;

  if (desktop == NULL)
    return;
  sim_note (sim, "%s goes into maintenance, in %u minutes", desktop->name, minutes);
  floe_helpdesk_maintain_async (sim->helpdesk, actor, desktop->id, "new memory", minutes, NULL,
                                maintained, NULL);
  mend_after_a_while (sim, desktop->id, FALSE);
}

static void
maintain_pool (Sim *sim)
{
  g_autoptr (FloeIdentity) actor = helen ();
  g_autoptr (FloePool) pool = pick_pool (sim);
  guint minutes = 1 + sim_below (sim, 60);

  if (pool == NULL)
    return;
  sim_note (sim, "pool %s goes into maintenance, in %u minutes", pool->name, minutes);
  floe_helpdesk_close_pool_async (sim->helpdesk, actor, pool->name, "new disks", FALSE, minutes,
                                  pool_changed, NULL);
  mend_after_a_while (sim, pool->name, TRUE);
}

static gboolean
desk_due (gpointer data)
{
  Sim *sim = data;
  static void (*const deeds[]) (Sim *) = {
    open_or_close, open_or_close, change_limits, renew,         release,       release,
    assign,        assign,        assign,        drain_or_open, drain_or_open, assign,
    maintain,      maintain,      maintain,      maintain_pool,
  };

  if (sim->life != 0 && !sim->doomed)
    deeds[sim_below (sim, G_N_ELEMENTS (deeds))](sim);
  sim_at (sim, sim_between (sim, MINUTE, HOUR), desk_due, sim, NULL);
  return G_SOURCE_REMOVE;
}

void
sim_desk_new (Sim *sim)
{
  sim_at (sim, HOUR, desk_due, sim, NULL);
}

/* The company. */

static FloePool *
pool_new (const gchar *name, FloePoolKind kind, const gchar *pattern, guint maximum)
{
  FloePool *pool = floe_pool_new (name, kind);

  pool->pattern = g_strdup (pattern);
  g_strfreev (pool->groups);
  pool->groups = g_strsplit (name, ",", -1);
  if (pattern != NULL)
    return pool;
  pool->template = floe_template_new ("template", "default", name);
  pool->template->minimum = 4;
  pool->template->maximum = maximum;
  pool->template->canary_percent = 20;
  pool->spares = 3;
  return pool;
}

static void
set_up_pools (Sim *sim)
{
  g_autoptr (FloePool) office = pool_new ("office", FLOE_POOL_FLOATING, "office-*", 0);
  g_autoptr (FloePool) lab = pool_new ("lab", FLOE_POOL_FLOATING, NULL, 30);
  g_autoptr (FloePool) data = pool_new ("data", FLOE_POOL_FLOATING, NULL, 20);
  g_autoptr (FloePool) own = pool_new ("local", FLOE_POOL_FLOATING, NULL, 20);
  g_autoptr (FloePool) shift = pool_new ("shift", FLOE_POOL_FLOATING, NULL, 16);
  g_autoptr (FloePool) dev = pool_new ("dev", FLOE_POOL_DEDICATED, NULL, 30);
  g_autoptr (FloePool) vip = pool_new ("vip", FLOE_POOL_STATIC, "vip-*", 0);
  g_autoptr (FloePool) kiosk = pool_new ("kiosk", FLOE_POOL_FLOATING, "kiosk-*", 0);
  const FloeSpareWindow window = { 0x1f, 8 * 60, 10 * 60, 8 };

  /* Few, since each guest is asked every twenty seconds who is there. */
  kiosk->on_log_off = FLOE_ACT_RESET;
  kiosk->grace_seconds = 300;
  office->on_shut_down = FLOE_ACT_RESET;
  office->spares = 4;
  lab->grace_seconds = 1800;
  lab->template->personality = FLOE_PERSONALITY_CLOUD_INIT;
  data->template->personality = FLOE_PERSONALITY_AGENT;
  dev->template->personality = FLOE_PERSONALITY_CLOUD_INIT;
  data->data_gib = 8;
  data->template->shared = TRUE;
  own->data_gib = 8; /* in each host's own storage */
  dev->template->shared = TRUE;
  g_array_append_val (shift->windows, window);
  shift->idle_seconds = 3600;
  shift->on_idle = FLOE_ACT_LOG_OFF;
  shift->limit_seconds = 6 * 3600;
  shift->on_limit = FLOE_ACT_RESET;
  apply (sim, office);
  apply (sim, lab);
  apply (sim, data);
  apply (sim, own);
  apply (sim, shift);
  apply (sim, dev);
  apply (sim, vip);
  apply (sim, kiosk);
}

static void
add_people (Sim *sim, const gchar *pool, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("%s-user%02u", pool, i + 1);

      sim_people_add (sim->people, name, pool, pool);
    }
}

static void
add_domains (Sim *sim, const gchar *prefix, guint n, gboolean transient)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("%s-%02u", prefix, i + 1);
      g_autofree gchar *id = g_strdup_printf ("id-%s", name);
      SimDomain *domain = sim_world_add (sim->world, id, name, sim->world->hosts[i % N_HOSTS].name);

      domain->own = TRUE;
      domain->transient = transient;
      domain->facts->has_agent = i % 4 != 0;
    }
}

/* Domains that are nobody's desktop, and have the names that clones would get. */
static void
add_foreigners (Sim *sim)
{
  static const gchar *const names_taken[] = { "lab-003", "lab-007", "dev-002", "data-001",
                                              "database" };

  for (guint i = 0; i < G_N_ELEMENTS (names_taken); i++)
    {
      g_autofree gchar *id = g_strdup_printf ("foreign-%s", names_taken[i]);

      sim_world_add (sim->world, id, names_taken[i], sim->world->hosts[i % N_HOSTS].name)->foreign =
          TRUE;
    }
}

void
sim_desk_set_up (Sim *sim)
{
  add_domains (sim, "office", 24, TRUE);
  add_domains (sim, "vip", 9, FALSE);
  add_domains (sim, "kiosk", 3, TRUE);
  add_foreigners (sim);
  add_people (sim, "office", 40);
  add_people (sim, "lab", 50);
  add_people (sim, "data", 35);
  add_people (sim, "local", 30);
  add_people (sim, "shift", 30);
  add_people (sim, "dev", 35);
  add_people (sim, "vip", 10);
  add_people (sim, "kiosk", 8);
  set_up_pools (sim);
}
