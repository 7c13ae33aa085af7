/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

struct tcp_info; /* of <netinet/tcp.h>, which brings names that others use */

/**
 * FloeQuality:
 * @FLOE_QUALITY_UNKNOWN: nothing to measure, as on a local socket
 * @FLOE_QUALITY_GOOD: nobody notices the network
 * @FLOE_QUALITY_FAIR: one notices it when typing
 * @FLOE_QUALITY_POOR: it is in the way
 * @FLOE_QUALITY_SILENT: what was sent has not been answered for seconds
 */
typedef enum
{
  FLOE_QUALITY_UNKNOWN,
  FLOE_QUALITY_GOOD,
  FLOE_QUALITY_FAIR,
  FLOE_QUALITY_POOR,
  FLOE_QUALITY_SILENT,
} FloeQuality;

/**
 * FloeQualitySample:
 * @n_sockets: how many of the session's connections it is made of
 * @rtt_us: the slowest connection's round trip, smoothed by the kernel
 * @retransmits: of all connections, since they were opened
 * @silent_ms: for how long the one that waits longest has had no answer; 0 if none waits
 * @bytes: received in all channels
 * @at: when, by g_get_monotonic_time()
 *
 * What the session's own connections know of the network at one moment.
 */
typedef struct
{
  guint n_sockets;
  guint rtt_us;
  guint retransmits;
  guint silent_ms;
  guint64 bytes;
  gint64 at;
} FloeQualitySample;

void floe_quality_sample_add (FloeQualitySample *self, const struct tcp_info *info);
void floe_quality_sample_add_socket (FloeQualitySample *self, GSocket *socket);
FloeQuality floe_quality_judge (const FloeQualitySample *before, const FloeQualitySample *now);
guint64 floe_quality_get_rate (const FloeQualitySample *before, const FloeQualitySample *now);

G_END_DECLS
