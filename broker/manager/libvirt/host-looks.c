/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/host-looks.h"

#include "core/error.h"
#include "manager/libvirt/libvirt-calls.h"

/* What a host is asked about single domains. */

#define LOOK_DEBOUNCE  (50 * 1000)
#define CHANNELS_RETRY (500 * 1000)
#define CHANNELS_TRIES 5

FloeHostLook *
floe_host_look_new (FloeLibvirtHost *self, const gchar *id)
{
  FloeHostLook *look = g_new0 (FloeHostLook, 1);

  look->host = g_object_ref (self);
  look->watch = floe_libvirt_watch_ref (self->watch);
  look->id = g_strdup (id);
  look->token = floe_host_domains_begin (self->domains);
  return look;
}

void
floe_host_look_free (FloeHostLook *look)
{
  g_object_unref (look->host);
  floe_libvirt_watch_unref (look->watch);
  g_free (look->id);
  g_free (look);
}

gboolean
floe_host_look_counts (FloeHostLook *look)
{
  return look->host->manager != NULL && look->watch == look->host->watch;
}

static gboolean
channels_again (gpointer data)
{
  FloeHostLook *look = data;

  if (floe_host_look_counts (look) && floe_host_domains_runs (look->host->domains, look->id))
    floe_libvirt_host_list_channels (look->host, look->id, look->tries + 1);
  return G_SOURCE_REMOVE;
}

static void
channels_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeHostLook) look = data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) peers = floe_libvirt_lanes_finish (FLOE_LIBVIRT_LANES (source), result, &error);
  FloeLibvirtHost *self = look->host;

  if (!floe_host_look_counts (look) || !floe_host_domains_runs (self->domains, look->id))
    return;
  if (peers != NULL
      && floe_host_domains_channels_are_current (self->domains, look->id, look->token))
    {
      floe_manager_emit_channels_listed (self->manager, look->id, (const gchar *const *)peers);
      return;
    }
  if (look->tries < CHANNELS_TRIES)
    {
      floe_clock_add_timeout (self->clock, CHANNELS_RETRY, channels_again, g_steal_pointer (&look),
                              (GDestroyNotify)floe_host_look_free);
      return;
    }
  g_info ("cannot tell who is connected to domain %s: %s", look->id,
          error != NULL ? error->message : "its channels do not come to rest");
}

void
floe_libvirt_host_list_channels (FloeLibvirtHost *self, const gchar *id, guint tries)
{
  FloeHostLook *look = floe_host_look_new (self, id);

  look->tries = tries;
  floe_libvirt_lanes_list_channels (self->lanes, id, channels_listed, look);
}

static void
looked_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeHostLook) look = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeLibvirtSeen) seen =
      floe_libvirt_lanes_finish (FLOE_LIBVIRT_LANES (source), result, &error);
  FloeLibvirtHost *self = look->host;

  if (!floe_host_look_counts (look))
    return;
  if (seen != NULL)
    {
      floe_host_boots_note (self->boots, seen->domain->id, seen->seeded);
      floe_host_domains_take (self->domains, seen->domain, look->token);
    }
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    floe_host_domains_take_gone (self->domains, look->id, look->token);
  else /* the next listing will tell */
    g_info ("cannot look at domain %s: %s", look->id, error->message);
}

/* Looks of one domain keep their order in the lane, so that none is overtaken by an older one. */
static gboolean
look_at_all (gpointer data)
{
  FloeLibvirtHost *self = data;
  GHashTableIter iter;
  gpointer id;

  self->look_id = 0;
  g_hash_table_iter_init (&iter, self->to_look);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    floe_libvirt_lanes_look_up (self->lanes, id, looked_up, floe_host_look_new (self, id));
  g_hash_table_remove_all (self->to_look);
  return G_SOURCE_REMOVE;
}

void
floe_libvirt_host_look_at (const gchar *id, gpointer data)
{
  FloeLibvirtHost *self = data;

  g_hash_table_add (self->to_look, g_strdup (id));
  if (self->look_id == 0)
    self->look_id = floe_clock_add_timeout (self->clock, LOOK_DEBOUNCE, look_at_all, self, NULL);
}
