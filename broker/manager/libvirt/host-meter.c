/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/host-meter.h"

#include "core/error.h"

#define MEASURE_EVERY (10 * G_USEC_PER_SEC)

struct _FloeHostMeter
{
  gchar *host;
  FloeLibvirtLanes *lanes;
  FloeClock *clock;
  FloeHostMeterFunc measured;
  gpointer data;
  guint timeout_id; /* 0 while it pauses */
  guint round;      /* pauses end one; answers of an earlier one do not count */
  FloeLibvirtMeasure last;
};

typedef struct
{
  FloeHostMeter *meter;
  guint round;
} Asked;

static void
meter_clear (gpointer data)
{
  FloeHostMeter *self = data;

  g_free (self->host);
  g_object_unref (self->lanes);
  g_object_unref (self->clock);
}

/**
 * floe_host_meter_load:
 * @last: the measure before this one; becomes this one
 * @now: a measure
 *
 * Returns: how busy the CPUs were in between, in percent; the first time, and after the host was
 *   restarted, since it started
 */
guint
floe_host_meter_load (FloeLibvirtMeasure *last, const FloeLibvirtMeasure *now)
{
  gboolean restarted = now->total < last->total || now->busy < last->busy;
  guint64 total = now->total - (restarted ? 0 : last->total);
  guint64 busy = now->busy - (restarted ? 0 : last->busy);

  *last = *now;
  return total > 0 ? (guint)MIN (busy * 100 / total, 100) : 0;
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Asked *asked = data;
  FloeHostMeter *self = asked->meter;
  g_autoptr (GError) error = NULL;
  g_autofree FloeLibvirtMeasure *now =
      floe_libvirt_lanes_finish (FLOE_LIBVIRT_LANES (source), result, &error);

  if (asked->round == self->round && now != NULL)
    {
      FloeHostCapacity capacity = { .host = self->host,
                                    .memory_mib = (guint)(now->memory_kib / 1024),
                                    .free_mib = (guint)(now->free_kib / 1024),
                                    .cpus = now->cpus,
                                    .load_percent = floe_host_meter_load (&self->last, now) };

      self->measured (&capacity, self->data);
    }
  else if (asked->round == self->round)
    g_info ("cannot measure host %s: %s", self->host, error->message);
  g_rc_box_release_full (self, meter_clear);
}

static gboolean
measure_again (gpointer data)
{
  FloeHostMeter *self = data;

  self->timeout_id = 0;
  floe_host_meter_measure (self);
  return G_SOURCE_REMOVE;
}

/**
 * floe_host_meter_measure:
 *
 * Measures now, and every ten seconds from now on.
 */
void
floe_host_meter_measure (FloeHostMeter *self)
{
  Asked *asked = g_new0 (Asked, 1);

  floe_clock_clear_timeout (self->clock, &self->timeout_id);
  self->timeout_id = floe_clock_add_timeout (self->clock, MEASURE_EVERY, measure_again, self, NULL);
  asked->meter = g_rc_box_acquire (self);
  asked->round = self->round;
  floe_libvirt_lanes_measure (self->lanes, answered, asked);
}

/**
 * floe_host_meter_pause:
 *
 * The host was lost.
 */
void
floe_host_meter_pause (FloeHostMeter *self)
{
  floe_clock_clear_timeout (self->clock, &self->timeout_id);
  self->round++;
}

/**
 * floe_host_meter_new:
 * @host: its configured name
 * @measured: called with each measure
 * @data: for @measured
 */
FloeHostMeter *
floe_host_meter_new (const gchar *host, FloeLibvirtLanes *lanes, FloeClock *clock,
                     FloeHostMeterFunc measured, gpointer data)
{
  FloeHostMeter *self = g_rc_box_new0 (FloeHostMeter);

  self->host = g_strdup (host);
  self->lanes = g_object_ref (lanes);
  self->clock = g_object_ref (clock);
  self->measured = measured;
  self->data = data;
  return self;
}

/**
 * floe_host_meter_stop:
 * @self: (transfer full): calls nobody from now on
 */
void
floe_host_meter_stop (FloeHostMeter *self)
{
  floe_host_meter_pause (self);
  g_rc_box_release_full (self, meter_clear);
}
