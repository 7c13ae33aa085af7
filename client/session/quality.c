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

/**
 * floe_quality_sample_add_socket:
 * @self: a sample
 * @socket: (nullable): a connection; what the kernel says of it is added
 */
void
floe_quality_sample_add_socket (FloeQualitySample *self, GSocket *socket)
{
  struct tcp_info info = { 0 };
  socklen_t size = sizeof info;

  if (socket == NULL || g_socket_is_closed (socket)
      || g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX)
    return;
  if (getsockopt (g_socket_get_fd (socket), IPPROTO_TCP, TCP_INFO, &info, &size) == 0)
    floe_quality_sample_add (self, &info);
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
