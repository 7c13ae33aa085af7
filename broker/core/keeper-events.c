/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/host-notes.h"
#include "core/keeper-parts.h"
#include "core/service.h"
#include "core/sync.h"

/* What happens by itself: the manager tells something, or a timer is due. */

/* What the manager says. Every broker notes which hosts answer; the rest is the leader's. */

static void
synced (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeKeeper) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = floe_store_finish (FLOE_STORE (source), result, &error);

  if (changes == NULL)
    g_warning ("what the host said was not recorded: %s", error->message);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    floe_keeper_handle_change (self, changes->pdata[i]);
}

/* Takes @input. */
static void
run_sync (FloeKeeper *self, FloeTransaction func, FloeSyncInput *input)
{
  floe_store_write_async (self->store, func, input, (GDestroyNotify)floe_sync_input_free,
                          (GDestroyNotify)g_ptr_array_unref, synced, g_object_ref (self));
}

/* Whatever becomes of the start that is under way: nobody is at the display of what was down. */
static void
doubt (FloeKeeper *self, FloeDomain *domain)
{
  static const gchar *const nobody[] = { NULL };
  FloePower seen = domain->power;

  floe_power_calls_doubt (self->power, domain);
  if (domain->power != seen)
    floe_console_watch_list (self->watch, domain->id, nobody);
}

static void
on_host_listed (FloeManager *manager, const gchar *host, GPtrArray *domains, FloeKeeper *self)
{
  FloeSyncInput *input;

  if (!floe_keeper_host_is_up (self, host))
    g_message ("host %s: %u domains", host, domains->len);
  floe_hosts_set_up (self->hosts, host, TRUE);
  if (!floe_term_is_leading (self->term))
    return;
  input = floe_sync_input_new (floe_clock_now (self->clock), host, domains);
  for (guint i = 0; i < input->domains->len; i++)
    doubt (self, input->domains->pdata[i]);
  input->complete = TRUE;
  /* A power call that is under way answers for itself: handle() leaves such a desktop alone. */
  input->resume = TRUE;
  run_sync (self, floe_sync_domains, input);
}

static void
on_host_lost (FloeManager *manager, const gchar *host, const gchar *reason, FloeKeeper *self)
{
  g_warning ("host %s is lost: %s", host, reason);
  floe_hosts_set_up (self->hosts, host, FALSE);
  if (!floe_term_is_leading (self->term))
    return;
  run_sync (self, floe_sync_host_lost,
            floe_sync_input_new (floe_clock_now (self->clock), host, NULL));
}

static void
on_domain_changed (FloeManager *manager, const FloeDomain *domain, FloeKeeper *self)
{
  FloeSyncInput *input;

  if (!floe_term_is_leading (self->term))
    return;
  input = floe_sync_input_new (floe_clock_now (self->clock), domain->host, NULL);
  g_ptr_array_add (input->domains, floe_domain_copy (domain));
  doubt (self, input->domains->pdata[0]);
  run_sync (self, floe_sync_domains, input);
}

static void
on_domain_gone (FloeManager *manager, const gchar *host, const gchar *domain_id, FloeKeeper *self)
{
  FloeKeeperEvent *input;

  if (!floe_term_is_leading (self->term))
    return;
  input = floe_keeper_new_event (self, domain_id, FLOE_EVENT_GONE);
  input->host = g_strdup (host);
  input->problem = g_strdup ("its domain is not defined any more");
  floe_keeper_record (self, floe_keeper_record_gone, input);
}

static void
on_channel (FloeManager *manager, const gchar *domain_id, gint event, const gchar *peer,
            FloeKeeper *self)
{
  floe_console_watch_channel (self->watch, domain_id, event, peer);
}

static void
on_channels_listed (FloeManager *manager, const gchar *domain_id, gchar **peers, FloeKeeper *self)
{
  floe_console_watch_list (self->watch, domain_id, (const gchar *const *)peers);
}

/* Timers. */

static void
on_timer_due (FloeTimers *timers, const FloeTimer *timer, FloeKeeper *self)
{
  FloeKeeperEvent *input;

  if (strcmp (timer->kind, "drain") == 0)
    {
      floe_store_write_async (self->store, floe_host_note_end_drain,
                              floe_drain_input_new (timer->subject, floe_clock_now (self->clock)),
                              (GDestroyNotify)floe_drain_input_free,
                              (GDestroyNotify)g_ptr_array_unref, synced, g_object_ref (self));
      return;
    }
  if (strcmp (timer->kind, "close") == 0)
    {
      floe_store_write_async (self->store, floe_service_end_pool,
                              floe_service_input_new (timer->subject, floe_clock_now (self->clock)),
                              (GDestroyNotify)floe_service_input_free,
                              (GDestroyNotify)g_ptr_array_unref, synced, g_object_ref (self));
      return;
    }
  input = floe_keeper_new_event (self, timer->subject, FLOE_EVENT_TICKET_UNUSED);
  input->timer = g_strdup (timer->kind);
  floe_keeper_record (self, floe_keeper_record_timer, input);
}

void
floe_keeper_connect_events (FloeKeeper *self)
{
  g_signal_connect_object (self->manager, "host-listed", G_CALLBACK (on_host_listed), self, 0);
  g_signal_connect_object (self->manager, "host-lost", G_CALLBACK (on_host_lost), self, 0);
  g_signal_connect_object (self->manager, "domain-changed", G_CALLBACK (on_domain_changed), self,
                           0);
  g_signal_connect_object (self->manager, "domain-gone", G_CALLBACK (on_domain_gone), self, 0);
  g_signal_connect_object (self->manager, "channel", G_CALLBACK (on_channel), self, 0);
  g_signal_connect_object (self->manager, "channels-listed", G_CALLBACK (on_channels_listed), self,
                           0);
  g_signal_connect_object (self->timers, "due", G_CALLBACK (on_timer_due), self, 0);
}
