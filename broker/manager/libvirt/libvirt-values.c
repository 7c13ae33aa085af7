/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-values.h"

#include <json-glib/json-glib.h>
#include <libvirt/libvirt.h>
#include <string.h>

#include "core/error.h"

/**
 * floe_libvirt_power_from_state:
 * @state: a virDomainState
 * @reason: its reason
 *
 * Returns: the same in our words; a domain whose QEMU died is "crashed" until its next start
 */
FloePower
floe_libvirt_power_from_state (gint state, gint reason)
{
  switch (state)
    {
    case VIR_DOMAIN_RUNNING:
    case VIR_DOMAIN_BLOCKED:
      return FLOE_POWER_ON;
    case VIR_DOMAIN_PAUSED:
      return reason == VIR_DOMAIN_PAUSED_STARTING_UP ? FLOE_POWER_STARTING : FLOE_POWER_PAUSED;
    case VIR_DOMAIN_PMSUSPENDED:
      return FLOE_POWER_PAUSED;
    case VIR_DOMAIN_SHUTDOWN:
      return FLOE_POWER_STOPPING;
    case VIR_DOMAIN_SHUTOFF:
      return reason == VIR_DOMAIN_SHUTOFF_CRASHED ? FLOE_POWER_CRASHED : FLOE_POWER_OFF;
    case VIR_DOMAIN_CRASHED:
      return FLOE_POWER_CRASHED;
    default:
      return FLOE_POWER_UNKNOWN;
    }
}

/**
 * floe_libvirt_power_from_event:
 * @event: a virDomainEventType
 * @detail: its detail
 *
 * Returns: the power that a domain has after the event; %FLOE_POWER_UNKNOWN if it says nothing
 *   about that
 */
FloePower
floe_libvirt_power_from_event (gint event, gint detail)
{
  switch (event)
    {
    case VIR_DOMAIN_EVENT_STARTED:
    case VIR_DOMAIN_EVENT_RESUMED:
      return FLOE_POWER_ON;
    case VIR_DOMAIN_EVENT_SUSPENDED:
    case VIR_DOMAIN_EVENT_PMSUSPENDED:
      return FLOE_POWER_PAUSED;
    case VIR_DOMAIN_EVENT_SHUTDOWN:
      return FLOE_POWER_STOPPING;
    case VIR_DOMAIN_EVENT_STOPPED:
      /* libvirt says "failed" for a QEMU that died, with the state's reason "crashed". */
      return detail == VIR_DOMAIN_EVENT_STOPPED_CRASHED || detail == VIR_DOMAIN_EVENT_STOPPED_FAILED
                 ? FLOE_POWER_CRASHED
                 : FLOE_POWER_OFF;
    case VIR_DOMAIN_EVENT_CRASHED:
      return FLOE_POWER_CRASHED;
    default:
      return FLOE_POWER_UNKNOWN;
    }
}

/**
 * floe_libvirt_peer:
 * @node: (nullable): an address
 * @service: (nullable): a port
 *
 * Returns: (transfer full): what a channel's other end is called: "address:port", with brackets
 *   around an IPv6 address; "local" for a connection that has no address
 */
gchar *
floe_libvirt_peer (const gchar *node, const gchar *service)
{
  if (node == NULL || *node == '\0' || service == NULL || *service == '\0')
    return g_strdup ("local");
  return g_strdup_printf (strchr (node, ':') != NULL ? "[%s]:%s" : "%s:%s", node, service);
}

static const gchar *
string_member (JsonObject *object, const gchar *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static JsonNode *
member (JsonNode *node, const gchar *name)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? json_object_get_member (json_node_get_object (node), name)
             : NULL;
}

/**
 * floe_libvirt_parse_channels:
 * @reply: QEMU's answer to query-spice
 *
 * Returns: (transfer full): the peers of all channels that are authenticated; %NULL with
 *   %FLOE_ERROR_INTERNAL if that is not an answer
 */
GStrv
floe_libvirt_parse_channels (const gchar *reply, GError **error)
{
  g_autoptr (JsonNode) root = json_from_string (reply, NULL);
  JsonNode *answer = member (root, "return");
  JsonNode *found = member (answer, "channels");
  g_autoptr (GStrvBuilder) peers = g_strv_builder_new ();
  JsonArray *channels;

  if (answer == NULL || (found != NULL && !JSON_NODE_HOLDS_ARRAY (found)))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                           "QEMU's answer to query-spice cannot be read");
      return NULL;
    }
  channels = found != NULL ? json_node_get_array (found) : NULL;
  for (guint i = 0; channels != NULL && i < json_array_get_length (channels); i++)
    {
      JsonNode *channel = json_array_get_element (channels, i);
      g_autofree gchar *peer = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (channel))
        continue;
      peer = floe_libvirt_peer (string_member (json_node_get_object (channel), "host"),
                                string_member (json_node_get_object (channel), "port"));
      g_strv_builder_add (peers, peer);
    }
  return g_strv_builder_end (peers);
}
