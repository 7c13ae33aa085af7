/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/quality-meter.h"

struct _FloeQualityMeter
{
  FloeSession *session;
  FloeQualityFunc func;
  gpointer user_data;
  guint timer;
  FloeQualitySample last;
  FloeQuality shown;
  FloeQuality judged;
};

/* One sample of a kind is chance, but silence has lasted for seconds already. */
static gboolean
on_due (gpointer data)
{
  FloeQualityMeter *self = data;
  FloeQualitySample now;
  FloeQuality judged;

  floe_session_measure (self->session, &now);
  judged = floe_quality_judge (&self->last, &now);
  if (judged == self->judged || judged == FLOE_QUALITY_SILENT
      || self->shown == FLOE_QUALITY_UNKNOWN)
    self->shown = judged;
  self->judged = judged;
  self->func (self->shown, now.rtt_us, floe_quality_get_rate (&self->last, &now), self->user_data);
  self->last = now;
  return G_SOURCE_CONTINUE;
}

/**
 * floe_quality_meter_new:
 * @session: a session that is open
 * @every_ms: how often to look
 * @func: who is told, each time
 * @user_data: for @func
 *
 * Returns: (transfer full): it measures until it is freed
 */
FloeQualityMeter *
floe_quality_meter_new (FloeSession *session, guint every_ms, FloeQualityFunc func,
                        gpointer user_data)
{
  FloeQualityMeter *self = g_new0 (FloeQualityMeter, 1);

  self->session = g_object_ref (session);
  self->func = func;
  self->user_data = user_data;
  floe_session_measure (session, &self->last);
  self->timer = g_timeout_add (every_ms, on_due, self);
  return self;
}

void
floe_quality_meter_free (FloeQualityMeter *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_object_unref (self->session);
  g_free (self);
}
