/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/quality.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/*
 * The SPICE server pings the main channel and is answered by the library, which tells nobody. But
 * those answers, and each key and each move of the pointer, are data that the server's kernel has
 * to acknowledge; so the kernel here knows the round trip of each connection, and for how long it
 * has been waiting. It is the way to whoever ends the TCP connection: behind a proxy, to the proxy.
 */

/* A round trip that one does not see is two or three pictures of a screen long. */
#define GOOD_RTT_US 60000
#define FAIR_RTT_US 150000

/* One lost packet is a hitch, several in a row are a bad line. */
#define POOR_RETRANSMITS 5

/* The kernel sends again after 0.2 s, 0.4 s, 0.8 s and so on: by then it has tried four times. */
#define SILENT_MS 3000

struct _FloeQualityMeter
{
  SpiceSession *spice;
  FloeQualityFunc func;
  gpointer user_data;
  guint timer;
  FloeQualitySample last;
  FloeQuality shown;
  FloeQuality judged;
};

/**
 * floe_quality_sample_add:
 * @self: a sample; all zero at first
 * @info: what the kernel says of one connection
 */
void
floe_quality_sample_add (FloeQualitySample *self, const struct tcp_info *info)
{
  self->n_sockets++;
  self->rtt_us = MAX (self->rtt_us, info->tcpi_rtt);
  self->retransmits += info->tcpi_total_retrans;
  if (info->tcpi_unacked > 0)
    self->silent_ms = MAX (self->silent_ms, info->tcpi_last_ack_recv);
}

static void
read_channel (FloeQualitySample *self, SpiceChannel *channel)
{
  g_autoptr (GSocket) socket = NULL;
  struct tcp_info info = { 0 };
  socklen_t size = sizeof info;
  gulong bytes = 0;

  g_object_get (channel, "socket", &socket, "total-read-bytes", &bytes, NULL);
  self->bytes += bytes;
  if (socket == NULL || g_socket_is_closed (socket)
      || g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX)
    return;
  if (getsockopt (g_socket_get_fd (socket), IPPROTO_TCP, TCP_INFO, &info, &size) == 0)
    floe_quality_sample_add (self, &info);
}

/**
 * floe_quality_sample_read:
 * @self: (out): the sample
 * @spice: a session
 *
 * Asks the kernel about each connection of the session.
 */
void
floe_quality_sample_read (FloeQualitySample *self, SpiceSession *spice)
{
  GList *channels = spice_session_get_channels (spice);

  *self = (FloeQualitySample){ .at = g_get_monotonic_time () };
  for (GList *l = channels; l != NULL; l = l->next)
    read_channel (self, l->data);
  g_list_free (channels);
}

/**
 * floe_quality_judge:
 * @before: the sample before
 * @now: a sample of the same session
 *
 * Returns: how the connection was between the two
 */
FloeQuality
floe_quality_judge (const FloeQualitySample *before, const FloeQualitySample *now)
{
  guint lost = now->retransmits > before->retransmits ? now->retransmits - before->retransmits : 0;

  if (now->n_sockets == 0)
    return FLOE_QUALITY_UNKNOWN;
  if (now->silent_ms >= SILENT_MS)
    return FLOE_QUALITY_SILENT;
  if (now->rtt_us > FAIR_RTT_US || lost >= POOR_RETRANSMITS)
    return FLOE_QUALITY_POOR;
  if (now->rtt_us > GOOD_RTT_US || lost > 0)
    return FLOE_QUALITY_FAIR;
  return FLOE_QUALITY_GOOD;
}

/**
 * floe_quality_get_rate:
 * @before: the sample before
 * @now: a sample of the same session
 *
 * Returns: the bytes that came in a second between the two
 */
guint64
floe_quality_get_rate (const FloeQualitySample *before, const FloeQualitySample *now)
{
  if (now->at <= before->at || now->bytes <= before->bytes)
    return 0;
  return (now->bytes - before->bytes) * G_USEC_PER_SEC / (guint64)(now->at - before->at);
}

/* One sample of a kind is chance, but silence has lasted for seconds already. */
static gboolean
on_due (gpointer data)
{
  FloeQualityMeter *self = data;
  FloeQualitySample now;
  FloeQuality judged;

  floe_quality_sample_read (&now, self->spice);
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
 * @spice: a session that is open
 * @every_ms: how often to look
 * @func: who is told, each time
 * @user_data: for @func
 *
 * Returns: (transfer full): it measures until it is freed
 */
FloeQualityMeter *
floe_quality_meter_new (SpiceSession *spice, guint every_ms, FloeQualityFunc func,
                        gpointer user_data)
{
  FloeQualityMeter *self = g_new0 (FloeQualityMeter, 1);

  self->spice = g_object_ref (spice);
  self->func = func;
  self->user_data = user_data;
  floe_quality_sample_read (&self->last, spice);
  self->timer = g_timeout_add (every_ms, on_due, self);
  return self;
}

void
floe_quality_meter_free (FloeQualityMeter *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_object_unref (self->spice);
  g_free (self);
}
