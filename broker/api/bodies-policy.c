/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"

static void
write_rules (FloeJsonWriter *writer, const FloePolicy *policy)
{
  floe_json_writer_string (writer, "clipboard", floe_way_name (policy->clipboard));
  floe_json_writer_string (writer, "files", floe_way_name (policy->files));
  floe_json_writer_string (writer, "folder", floe_folder_name (policy->folder));
  floe_json_writer_begin_object (writer, "usb");
  floe_json_writer_bool (writer, "allowed", policy->usb);
  if (policy->usb_filter != NULL)
    floe_json_writer_string (writer, "filter", policy->usb_filter);
  if (policy->usb_connect != NULL)
    floe_json_writer_string (writer, "connect", policy->usb_connect);
  floe_json_writer_end_object (writer);
  floe_json_writer_bool (writer, "playback", policy->playback);
  floe_json_writer_bool (writer, "record", policy->record);
  floe_json_writer_bool (writer, "smartcard", policy->smartcard);
}

/**
 * floe_body_write_policy:
 *
 * Writes a policy as a pool's administrator put it.
 */
void
floe_body_write_policy (FloeJsonWriter *writer, const gchar *name, const FloePolicy *policy)
{
  floe_json_writer_begin_object (writer, name);
  write_rules (writer, policy);
  floe_json_writer_end_object (writer);
}

/**
 * floe_body_write_told_policy:
 *
 * The same for the client that keeps it, which is told what it alone keeps.
 */
void
floe_body_write_told_policy (FloeJsonWriter *writer, const gchar *name, const FloePolicy *policy)
{
  g_auto (GStrv) courtesies = floe_policy_list_courtesies (policy);

  floe_json_writer_begin_object (writer, name);
  write_rules (writer, policy);
  floe_json_writer_strings (writer, "courtesies", (const gchar *const *)courtesies);
  floe_json_writer_end_object (writer);
}
