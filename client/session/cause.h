/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spice-client.h>

G_BEGIN_DECLS

/**
 * FloeEndCause:
 * @FLOE_END_NONE: it has not ended
 * @FLOE_END_ASKED: we ended it ourselves
 * @FLOE_END_CLOSED: the host closed it: shut down, taken over, or sent away. Only the broker knows
 * @FLOE_END_NETWORK: the connection broke while it was in use
 * @FLOE_END_REFUSED: nobody listens at the display's address
 * @FLOE_END_UNREACHABLE: no way to the host, or no answer from it
 * @FLOE_END_NAME: the host's name cannot be resolved
 * @FLOE_END_ADDRESS: what the broker named cannot be used: no port, or a plain one where the host
 *   wants encryption
 * @FLOE_END_PROXY: a proxy on the way refused
 * @FLOE_END_LINK: something answered that is no usable SPICE display
 * @FLOE_END_AUTH: the ticket was wrong or too old
 * @FLOE_END_TLS: the host's certificate did not pass
 * @FLOE_END_NO_ANSWER: our watchdog: connected, but the display's protocol never began
 * @FLOE_END_NO_PICTURE: our watchdog: open, but no picture came
 *
 * Why a session with a display ended, as far as this side of the wire can know.
 */
typedef enum
{
  FLOE_END_NONE,
  FLOE_END_ASKED,
  FLOE_END_CLOSED,
  FLOE_END_NETWORK,
  FLOE_END_REFUSED,
  FLOE_END_UNREACHABLE,
  FLOE_END_NAME,
  FLOE_END_ADDRESS,
  FLOE_END_PROXY,
  FLOE_END_LINK,
  FLOE_END_AUTH,
  FLOE_END_TLS,
  FLOE_END_NO_ANSWER,
  FLOE_END_NO_PICTURE,
} FloeEndCause;

#define FLOE_END_LAST FLOE_END_NO_PICTURE

FloeEndCause floe_end_cause_from_error (const GError *error);
FloeEndCause floe_end_cause_from_event (SpiceChannelEvent event, const GError *error);
const gchar *floe_end_cause_to_string (FloeEndCause cause);

G_END_DECLS
