/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-host.h"

#include <libvirt/libvirt.h>

#include "core/date.h"
#include "core/error.h"
#include "manager/libvirt/host-looks.h"
#include "manager/libvirt/libvirt-calls.h"
#include "manager/libvirt/libvirt-values.h"

#define BACKOFF_FIRST (200 * 1000)
#define BACKOFF_LAST  (10 * G_USEC_PER_SEC)
#define LIST_EVERY    (60 * G_USEC_PER_SEC)
/* An open that hangs keeps its thread; one thread of the lane must stay free for all else. */
#define HUNG_OPENS 2

G_DEFINE_FINAL_TYPE (FloeLibvirtHost, floe_libvirt_host, G_TYPE_OBJECT)

static void connect_watch (FloeLibvirtHost *self);
static void list_domains (FloeLibvirtHost *self);

/* --- the connection --- */

static gboolean
retry_now (gpointer data)
{
  FloeLibvirtHost *self = data;

  self->retry_id = 0;
  connect_watch (self);
  return G_SOURCE_REMOVE;
}

static void
retry_later (FloeLibvirtHost *self)
{
  self->retry_id = floe_clock_add_timeout (self->clock, self->backoff, retry_now, self, NULL);
  self->backoff = MIN (self->backoff * 2, BACKOFF_LAST);
}

static void
drop_watch (FloeLibvirtHost *self)
{
  FloeLibvirtWatch *watch = g_steal_pointer (&self->watch);

  if (watch == NULL)
    return;
  floe_libvirt_watch_detach (watch);
  if (self->opening != NULL)
    {
      g_cancellable_cancel (self->opening); /* whoever opens it then closes it */
      floe_libvirt_watch_unref (watch);
    }
  else
    floe_libvirt_watch_close (watch);
  g_clear_object (&self->opening);
  floe_clock_clear_timeout (self->clock, &self->list_id);
  floe_clock_clear_timeout (self->clock, &self->look_id);
  floe_host_meter_pause (self->meter);
  g_hash_table_remove_all (self->to_look);
  floe_host_domains_clear (self->domains);
  floe_host_boots_clear (self->boots);
  self->listed = FALSE;
}

static void
lose (FloeLibvirtHost *self, const gchar *reason)
{
  drop_watch (self);
  retry_later (self);
  if (self->lost)
    return;
  self->lost = TRUE;
  g_info ("host %s is lost: %s", self->settings->name, reason);
  floe_manager_emit_host_lost (self->manager, self->settings->name, reason);
}

static void
watch_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeHostLook) look = data;
  g_autoptr (GError) error = NULL;
  FloeLibvirtWatch *opened =
      floe_libvirt_lanes_finish (FLOE_LIBVIRT_LANES (source), result, &error);

  if (!floe_host_look_counts (look))
    {
      g_clear_pointer (&opened, floe_libvirt_watch_close);
      return;
    }
  if (opened == NULL)
    {
      lose (look->host, error->message);
      return;
    }
  floe_libvirt_watch_unref (opened); /* the host has its own */
  g_clear_object (&look->host->opening);
  list_domains (look->host);
}

static const gchar *
close_reason (gint code)
{
  switch (code)
    {
    case VIR_CONNECT_CLOSE_REASON_EOF:
      return "libvirtd ended or closed the connection";
    case VIR_CONNECT_CLOSE_REASON_KEEPALIVE:
      return "libvirtd has stopped to answer (keepalive)";
    case VIR_CONNECT_CLOSE_REASON_ERROR:
      return "the connection to libvirtd failed";
    default:
      return "the connection to libvirtd was closed";
    }
}

static void
on_event (FloeLibvirtWatch *watch, const FloeLibvirtEvent *event, gpointer data)
{
  FloeLibvirtHost *self = data;

  if (event->kind == FLOE_LIBVIRT_EVENT_CLOSED)
    lose (self, close_reason (event->code));
  else if (event->kind == FLOE_LIBVIRT_EVENT_CLOCK)
    floe_host_clock_add (&self->host_clock, event->host_time,
                         floe_date_of_machine (floe_clock_now (self->clock)),
                         floe_clock_elapsed (self->clock));
  else if (event->id == NULL)
    g_debug ("an event of host %s without a domain", self->settings->name);
  else if (event->kind == FLOE_LIBVIRT_EVENT_LIFECYCLE)
    floe_host_domains_power (self->domains, event->id,
                             floe_libvirt_power_from_event (event->code, event->detail));
  else if (event->kind == FLOE_LIBVIRT_EVENT_AGENT)
    floe_host_domains_agent (self->domains, event->id, event->code);
  else if (event->kind == FLOE_LIBVIRT_EVENT_CHANGED)
    floe_host_domains_power (self->domains, event->id, FLOE_POWER_UNKNOWN);
  else
    {
      floe_host_domains_channel (self->domains, event->id);
      floe_manager_emit_channel (self->manager, event->id, event->code, event->peer);
    }
}

static void
connect_watch (FloeLibvirtHost *self)
{
  if (floe_libvirt_lanes_get_hung_opens (self->lanes) >= HUNG_OPENS)
    {
      lose (self, "libvirtd takes connections and does not answer");
      return;
    }
  self->watch = floe_libvirt_watch_new (on_event, self);
  self->opening = g_cancellable_new ();
  floe_libvirt_lanes_open_watch (self->lanes, self->watch, self->opening, watch_opened,
                                 floe_host_look_new (self, NULL));
}

static void
domain_changed (const FloeDomain *domain, gpointer data)
{
  FloeLibvirtHost *self = data;
  g_autoptr (FloeDomain) told = floe_host_boots_judge (self->boots, domain);

  /* Before the first listing nobody knows the host's domains; it will bring this one. */
  if (self->listed)
    floe_manager_emit_domain_changed (self->manager, told);
}

static void
domain_ready (const gchar *id, gpointer data)
{
  FloeLibvirtHost *self = data;
  const FloeDomain *domain = floe_host_domains_get (self->domains, id);

  if (domain != NULL)
    domain_changed (domain, self);
}

static void
measured (const FloeHostCapacity *capacity, gpointer data)
{
  floe_manager_emit_host_measured (((FloeLibvirtHost *)data)->manager, capacity);
}

static void
domain_gone (const gchar *id, gpointer data)
{
  FloeLibvirtHost *self = data;

  if (self->listed)
    floe_manager_emit_domain_gone (self->manager, self->settings->name, id);
}

/* --- listing --- */

static gboolean
list_timeout (gpointer data)
{
  FloeLibvirtHost *self = data;

  self->list_id = 0;
  list_domains (self);
  return G_SOURCE_REMOVE;
}

static void
take_list (FloeLibvirtHost *self, GPtrArray *seen, guint64 token)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_domain_free);
  gboolean gap = !self->listed;

  for (guint i = 0; i < seen->len; i++)
    {
      FloeLibvirtSeen *one = g_ptr_array_index (seen, i);

      floe_host_boots_note (self->boots, one->domain->id, one->seeded);
      g_ptr_array_add (found, one->domain);
    }
  all = floe_host_domains_take_all (self->domains, found, token);
  for (guint i = 0; i < all->len; i++)
    g_ptr_array_add (told, floe_host_boots_judge (self->boots, g_ptr_array_index (all, i)));
  if (self->lost)
    g_info ("host %s is back", self->settings->name);
  self->listed = TRUE;
  self->lost = FALSE;
  self->backoff = BACKOFF_FIRST;
  floe_manager_emit_host_listed (self->manager, self->settings->name, told);
  for (guint i = 0; gap && self->manager != NULL && i < seen->len; i++)
    {
      FloeLibvirtSeen *one = g_ptr_array_index (seen, i);

      if (one->has_display)
        floe_libvirt_host_list_channels (self, one->domain->id, 1);
    }
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeHostLook) look = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) seen =
      floe_libvirt_lanes_finish (FLOE_LIBVIRT_LANES (source), result, &error);
  FloeLibvirtHost *self = look->host;

  if (!floe_host_look_counts (look))
    return;
  if (seen == NULL)
    {
      lose (self, error->message);
      return;
    }
  take_list (self, seen, look->token);
  if (!floe_host_look_counts (look))
    return;
  self->list_id = floe_clock_add_timeout (self->clock, LIST_EVERY, list_timeout, self, NULL);
  floe_host_meter_measure (self->meter);
}

static void
list_domains (FloeLibvirtHost *self)
{
  floe_libvirt_lanes_list (self->lanes, listed, floe_host_look_new (self, NULL));
}

/**
 * floe_libvirt_host_refresh:
 * @self: a host
 *
 * Lists its domains now instead of at the next turn; one that is under way is soon enough.
 */
void
floe_libvirt_host_refresh (FloeLibvirtHost *self)
{
  if (self->list_id == 0)
    return;
  floe_clock_clear_timeout (self->clock, &self->list_id);
  list_domains (self);
}

/* --- calls --- */

const FloeLibvirtHostSettings *
floe_libvirt_host_get_settings (FloeLibvirtHost *self)
{
  return self->settings;
}

/**
 * floe_libvirt_host_get_lanes:
 * @self: a host
 * @error: %FLOE_ERROR_UNAVAILABLE, reason "host-down"
 *
 * Returns: (transfer none) (nullable): where calls go, unless the host is known to be lost: that is
 *   answered at once and takes no thread
 */
FloeLibvirtLanes *
floe_libvirt_host_get_lanes (FloeLibvirtHost *self, GError **error)
{
  if (self->manager != NULL && !self->lost)
    return self->lanes;
  floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "host-down", "host %s is not reachable",
                         self->settings->name);
  return NULL;
}

/**
 * floe_libvirt_host_get_load:
 * @lane: which lane
 * @load: (out caller-allocates): how busy it is, whether the host is lost or not
 */
void
floe_libvirt_host_get_load (FloeLibvirtHost *self, FloeLibvirtLane lane, FloeLoad *load)
{
  floe_libvirt_lanes_get_load (self->lanes, lane, load);
}

/**
 * floe_libvirt_host_check_clock:
 * @self: a host
 * @error: %FLOE_ERROR_DENIED, reason "host-clock"
 *
 * Returns: %TRUE if tickets can be trusted to the host's clock, or if nothing is known of it yet
 */
gboolean
floe_libvirt_host_check_clock (FloeLibvirtHost *self, GError **error)
{
  gint64 skew;
  FloeHostClockVerdict verdict;

  if (floe_libvirt_host_settings_is_local (self->settings))
    return TRUE;
  verdict = floe_host_clock_judge (&self->host_clock, floe_clock_elapsed (self->clock), &skew);
  if (verdict == FLOE_HOST_CLOCK_WRONG)
    {
      floe_set_error_reason (error, FLOE_ERROR_DENIED, "host-clock",
                             "the clock of host %s is %.1f s %s ours: let NTP set it",
                             self->settings->name, (gdouble)ABS (skew) / (gdouble)G_USEC_PER_SEC,
                             skew > 0 ? "ahead of" : "behind");
      return FALSE;
    }
  if (verdict == FLOE_HOST_CLOCK_UNKNOWN && !self->clock_warned)
    {
      self->clock_warned = TRUE;
      g_warning ("it is not known how far the clock of host %s is off; more than 5 s would make "
                 "tickets fail",
                 self->settings->name);
    }
  return TRUE;
}

/* --- life --- */

void
floe_libvirt_host_start (FloeLibvirtHost *self)
{
  connect_watch (self);
}

/**
 * floe_libvirt_host_stop:
 *
 * No signal comes afterwards. Calls that are under way still answer.
 */
void
floe_libvirt_host_stop (FloeLibvirtHost *self)
{
  floe_clock_clear_timeout (self->clock, &self->retry_id);
  drop_watch (self);
  self->manager = NULL;
}

static void
floe_libvirt_host_finalize (GObject *object)
{
  FloeLibvirtHost *self = FLOE_LIBVIRT_HOST (object);

  floe_libvirt_host_stop (self);
  floe_host_boots_stop (self->boots);
  floe_host_meter_stop (self->meter);
  g_object_unref (self->lanes);
  floe_host_domains_free (self->domains);
  g_hash_table_unref (self->to_look);
  g_object_unref (self->clock);
  floe_libvirt_host_settings_free (self->settings);
  G_OBJECT_CLASS (floe_libvirt_host_parent_class)->finalize (object);
}

static void
floe_libvirt_host_class_init (FloeLibvirtHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_libvirt_host_finalize;
}

static void
floe_libvirt_host_init (FloeLibvirtHost *self)
{
  static const FloeHostDomainsFuncs funcs = { domain_changed, domain_gone,
                                              floe_libvirt_host_look_at };

  self->domains = floe_host_domains_new (&funcs, self);
  self->to_look = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->backoff = BACKOFF_FIRST;
}

/**
 * floe_libvirt_host_new:
 * @settings: copied
 * @clock: for pauses and for what the host's clock is compared with
 * @manager: whose signals it emits; not owned, must outlive the host's stop
 *
 * Returns: (transfer full): a host that is not connected yet
 */
FloeLibvirtHost *
floe_libvirt_host_new (const FloeLibvirtHostSettings *settings, FloeClock *clock,
                       FloeManager *manager)
{
  FloeLibvirtHost *self = g_object_new (FLOE_TYPE_LIBVIRT_HOST, NULL);

  self->settings = floe_libvirt_host_settings_copy (settings);
  self->clock = g_object_ref (clock);
  self->manager = manager;
  self->lanes = floe_libvirt_lanes_new (settings);
  self->boots = floe_host_boots_new (self->lanes, clock, domain_ready, self);
  self->meter = floe_host_meter_new (settings->name, self->lanes, clock, measured, self);
  return self;
}
