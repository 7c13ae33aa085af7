/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/network.h"

#include <arpa/inet.h>
#include <string.h>

/* What one household or office has. A single IPv6 machine may have a new address each hour. */
#define BITS_IPV4 24
#define BITS_IPV6 56

/* ::ffff:192.0.2.1, as a socket for both kinds tells IPv4's */
static gboolean
is_mapped (const guint8 *bytes)
{
  static const guint8 prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

  return memcmp (bytes, prefix, sizeof prefix) == 0;
}

/**
 * floe_network_parse:
 * @address: (nullable): an IP address
 *
 * Returns: (transfer full) (nullable): it, as IPv4 when that is what it stands for; %NULL for what
 *   is no address
 */
GInetAddress *
floe_network_parse (const gchar *address)
{
  g_autoptr (GInetAddress) inet = address != NULL ? g_inet_address_new_from_string (address) : NULL;

  if (inet == NULL || g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV4
      || !is_mapped (g_inet_address_to_bytes (inet)))
    return g_steal_pointer (&inet);
  return g_inet_address_new_from_bytes (g_inet_address_to_bytes (inet) + 12, G_SOCKET_FAMILY_IPV4);
}

/**
 * floe_network_of:
 * @address: (nullable): an IP address
 *
 * Returns: (transfer full): the network that it counts to, such as "192.0.2.0/24"; "unknown" for
 *   what is no address
 */
gchar *
floe_network_of (const gchar *address)
{
  g_autoptr (GInetAddress) inet = floe_network_parse (address);
  gchar text[INET6_ADDRSTRLEN];
  guint8 bytes[16] = { 0 };
  gboolean v4;

  if (inet == NULL)
    return g_strdup ("unknown");
  v4 = g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV4;
  memcpy (bytes, g_inet_address_to_bytes (inet), g_inet_address_get_native_size (inet));
  memset (bytes + (v4 ? BITS_IPV4 : BITS_IPV6) / 8, 0,
          sizeof bytes - (v4 ? BITS_IPV4 : BITS_IPV6) / 8);
  inet_ntop (v4 ? AF_INET : AF_INET6, bytes, text, sizeof text);
  return g_strdup_printf ("%s/%d", text, v4 ? BITS_IPV4 : BITS_IPV6);
}

/**
 * floe_network_is_valid:
 * @network: such as "192.0.2.0/24" or "2001:db8::/32"; an address alone is a network of one
 */
gboolean
floe_network_is_valid (const gchar *network)
{
  g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (network, NULL);

  return mask != NULL;
}

/**
 * floe_network_equal:
 * @a: as for floe_network_is_valid()
 *
 * Returns: whether they are one network, however each is spelled; not when one of them is none
 */
gboolean
floe_network_equal (const gchar *a, const gchar *b)
{
  g_autoptr (GInetAddressMask) first = g_inet_address_mask_new_from_string (a, NULL);
  g_autoptr (GInetAddressMask) second = g_inet_address_mask_new_from_string (b, NULL);

  return first != NULL && second != NULL && g_inet_address_mask_equal (first, second);
}

/**
 * floe_network_has:
 * @network: as for floe_network_is_valid()
 * @address: (nullable): an IP address; what is none is in no network
 */
gboolean
floe_network_has (const gchar *network, const gchar *address)
{
  g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (network, NULL);
  g_autoptr (GInetAddress) inet = floe_network_parse (address);

  return mask != NULL && inet != NULL && g_inet_address_mask_matches (mask, inet);
}
