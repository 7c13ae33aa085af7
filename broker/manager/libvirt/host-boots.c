/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/host-boots.h"

#include "core/error.h"

#define ASK_AGAIN (2 * G_USEC_PER_SEC)

struct _FloeHostBoots
{
  FloeLibvirtLanes *lanes;
  FloeClock *clock;
  FloeHostBootsFunc ready; /* NULL once stopped */
  gpointer data;
  GHashTable *seeded; /* id -> Boot */
};

/* One start of a seeded clone, from when its agent answers until that goes away. */
typedef struct
{
  FloeHostBoots *owner;
  gchar *id;
  gboolean forgotten;
  gboolean asked;
  gboolean done;
  gchar *problem; /* it will never be done */
} Boot;

static void
owner_clear (gpointer data)
{
  FloeHostBoots *self = data;

  g_hash_table_unref (self->seeded);
  g_object_unref (self->lanes);
  g_object_unref (self->clock);
}

static void
boot_clear (gpointer data)
{
  Boot *boot = data;

  g_rc_box_release_full (boot->owner, owner_clear);
  g_free (boot->id);
  g_free (boot->problem);
}

static void
boot_unref (gpointer data)
{
  g_rc_box_release_full (data, boot_clear);
}

static void
boot_forget (gpointer data)
{
  ((Boot *)data)->forgotten = TRUE;
  boot_unref (data);
}

static Boot *
boot_new (FloeHostBoots *self, const gchar *id)
{
  Boot *boot = g_rc_box_new0 (Boot);

  boot->owner = g_rc_box_acquire (self);
  boot->id = g_strdup (id);
  return boot;
}

static void
be_ready (Boot *boot)
{
  boot->done = TRUE;
  boot->owner->ready (boot->id, boot->owner->data);
}

/* What waiting does not mend. */
static gboolean
is_final (const GError *error)
{
  const gchar *reason = floe_error_reason (error);

  return g_strcmp0 (reason, "script-failed") == 0 || g_strcmp0 (reason, "seed-unseen") == 0;
}

static gboolean ask (gpointer data);

static void
asked (GObject *source, GAsyncResult *result, gpointer data)
{
  Boot *boot = data;
  g_autoptr (GError) error = NULL;
  gpointer done = floe_libvirt_lanes_finish (FLOE_LIBVIRT_LANES (source), result, &error);

  if (boot->forgotten)
    boot_unref (boot);
  else if (done != NULL)
    {
      be_ready (boot);
      boot_unref (boot);
    }
  else if (is_final (error))
    {
      g_warning ("clone %s does not become ready: %s", boot->id, error->message);
      boot->problem = g_strdup (error->message);
      boot->owner->ready (boot->id, boot->owner->data);
      boot_unref (boot);
    }
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_INTERNAL))
    {
      g_info ("cannot tell whether cloud-init has ended in %s: %s", boot->id, error->message);
      be_ready (boot);
      boot_unref (boot);
    }
  else
    floe_clock_add_timeout (boot->owner->clock, ASK_AGAIN, ask, boot, boot_unref);
}

static gboolean
ask (gpointer data)
{
  Boot *boot = data;

  if (!boot->forgotten)
    floe_libvirt_lanes_first_boot (boot->owner->lanes, boot->id, asked, g_rc_box_acquire (boot));
  return G_SOURCE_REMOVE;
}

/**
 * floe_host_boots_note:
 * @seeded: whether the domain is a clone that cloud-init makes its own
 *
 * What a look told. To be called before the domain is judged.
 */
void
floe_host_boots_note (FloeHostBoots *self, const gchar *id, gboolean seeded)
{
  if (!seeded)
    g_hash_table_remove (self->seeded, id);
  else if (!g_hash_table_contains (self->seeded, id))
    g_hash_table_insert (self->seeded, g_strdup (id), boot_new (self, id));
}

/**
 * floe_host_boots_judge:
 * @domain: as it is
 *
 * Returns: (transfer full): as it is to be told: its agent answers only once cloud-init has ended
 */
FloeDomain *
floe_host_boots_judge (FloeHostBoots *self, const FloeDomain *domain)
{
  FloeDomain *told = floe_domain_copy (domain);
  Boot *boot = g_hash_table_lookup (self->seeded, domain->id);

  if (boot == NULL)
    return told;
  told->seeded = TRUE;
  if (!domain->agent_connected)
    {
      if (boot->asked) /* the next start is another one */
        g_hash_table_replace (self->seeded, g_strdup (domain->id), boot_new (self, domain->id));
      return told;
    }
  if (!boot->asked)
    {
      boot->asked = TRUE;
      ask (boot);
    }
  told->agent_connected = boot->done;
  told->boot_problem = g_strdup (boot->problem);
  return told;
}

/**
 * floe_host_boots_clear:
 *
 * The host was lost: nothing is known of its domains.
 */
void
floe_host_boots_clear (FloeHostBoots *self)
{
  g_hash_table_remove_all (self->seeded);
}

/**
 * floe_host_boots_new:
 * @ready: called when a clone's first boot has ended, well or not, so that it is judged again
 * @data: for @ready
 */
FloeHostBoots *
floe_host_boots_new (FloeLibvirtLanes *lanes, FloeClock *clock, FloeHostBootsFunc ready,
                     gpointer data)
{
  FloeHostBoots *self = g_rc_box_new0 (FloeHostBoots);

  self->lanes = g_object_ref (lanes);
  self->clock = g_object_ref (clock);
  self->ready = ready;
  self->data = data;
  self->seeded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, boot_forget);
  return self;
}

/**
 * floe_host_boots_stop:
 * @self: (transfer full): calls nobody from now on
 */
void
floe_host_boots_stop (FloeHostBoots *self)
{
  floe_host_boots_clear (self);
  g_rc_box_release_full (self, owner_clear);
}
