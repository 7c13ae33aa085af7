/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/cause.h"

static const struct
{
  gint code;
  FloeEndCause cause;
} io_causes[] = {
  { G_IO_ERROR_CONNECTION_REFUSED, FLOE_END_REFUSED },
  { G_IO_ERROR_HOST_UNREACHABLE, FLOE_END_UNREACHABLE },
  { G_IO_ERROR_NETWORK_UNREACHABLE, FLOE_END_UNREACHABLE },
  { G_IO_ERROR_TIMED_OUT, FLOE_END_UNREACHABLE },
  { G_IO_ERROR_HOST_NOT_FOUND, FLOE_END_NAME },
  { G_IO_ERROR_PROXY_FAILED, FLOE_END_PROXY },
  { G_IO_ERROR_PROXY_AUTH_FAILED, FLOE_END_PROXY },
  { G_IO_ERROR_PROXY_NEED_AUTH, FLOE_END_PROXY },
  { G_IO_ERROR_PROXY_NOT_ALLOWED, FLOE_END_PROXY },
};

/**
 * floe_end_cause_from_error:
 * @error: (nullable): why a host was not reached
 *
 * Returns: the same in one word
 */
FloeEndCause
floe_end_cause_from_error (const GError *error)
{
  /* spice-gtk has no error here when the address itself is at fault: no port, an unreadable one,
   * or a host that wants TLS where only a plain port was named. */
  if (error == NULL)
    return FLOE_END_ADDRESS;
  if (error->domain == G_RESOLVER_ERROR)
    return FLOE_END_NAME;
  if (error->domain == G_IO_ERROR)
    for (gsize i = 0; i < G_N_ELEMENTS (io_causes); i++)
      if (io_causes[i].code == error->code)
        return io_causes[i].cause;
  return FLOE_END_UNREACHABLE;
}

/**
 * floe_end_cause_from_event:
 * @event: what a channel reported
 * @error: (nullable): spice_channel_get_error() as it was inside the handler
 *
 * The one place that knows what spice-gtk 0.42 means; measured against a server that fails in each
 * of these ways.
 *
 * Returns: %FLOE_END_NONE for an event that ends nothing
 */
FloeEndCause
floe_end_cause_from_event (SpiceChannelEvent event, const GError *error)
{
  switch (event)
    {
    case SPICE_CHANNEL_CLOSED:
      return FLOE_END_CLOSED;
    case SPICE_CHANNEL_ERROR_CONNECT:
      return floe_end_cause_from_error (error);
    case SPICE_CHANNEL_ERROR_TLS:
      return FLOE_END_TLS;
    case SPICE_CHANNEL_ERROR_LINK:
      return FLOE_END_LINK;
    case SPICE_CHANNEL_ERROR_AUTH:
      return FLOE_END_AUTH;
    case SPICE_CHANNEL_ERROR_IO:
      return FLOE_END_NETWORK;
    case SPICE_CHANNEL_NONE:
    case SPICE_CHANNEL_OPENED:
    case SPICE_CHANNEL_SWITCHING:
    default:
      return FLOE_END_NONE;
    }
}

/**
 * floe_end_cause_to_string:
 * @cause: a cause
 *
 * Returns: (transfer none): the stable keyword that logs and the helpdesk see
 */
const gchar *
floe_end_cause_to_string (FloeEndCause cause)
{
  static const gchar *const names[] = {
    "none",    "asked", "closed", "network", "refused", "unreachable", "name",
    "address", "proxy", "link",   "auth",    "tls",     "no-answer",   "no-picture",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == FLOE_END_LAST + 1);
  return (guint)cause <= FLOE_END_LAST ? names[cause] : "unknown";
}
