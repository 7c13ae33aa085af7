/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kiosk/guard.h"
#include "session/log-tap.h"
#include "settings/settings.h"
#include "terminal/settings.h"
#include "ui/servers.h"
#include "ui/window.h"

G_BEGIN_DECLS

/**
 * FloeFlow:
 *
 * What happens behind one window: from the server to the log-in, to the list, to a desktop, and
 * back. The pages only show and report; the broker and the desk only work; this is where they meet.
 *
 * Signals: "person-left" (), when somebody who was logged in is not any more; "fleet-settings" (),
 * when a terminal of a fleet has others to go by.
 */
#define FLOE_TYPE_FLOW (floe_flow_get_type ())
G_DECLARE_FINAL_TYPE (FloeFlow, floe_flow, FLOE, FLOW, GObject)

/**
 * FloeFlowStart:
 * @broker: (nullable): the server's address as typed on the command line
 * @user: (nullable): the name that the log-in begins with
 * @ca_file: (nullable): the certificate authority file for @broker
 * @kerberos: whoever has a ticket is logged in with it once
 * @terminal_key: (nullable): the file with the key and the certificate of this terminal
 * @visit: something else is opened first, and no server is gone to
 * @state_dir: (nullable): where a terminal keeps what its broker said; %NULL for the user's own
 * @mark_dir: (nullable): where it is seen that a program ended in the middle, see #FloeMark
 */
typedef struct
{
  const gchar *broker;
  const gchar *user;
  const gchar *ca_file;
  gboolean kerberos;
  const gchar *terminal_key;
  gboolean visit;
  const gchar *state_dir;
  const gchar *mark_dir;
} FloeFlowStart;

/**
 * FloeKioskTimes:
 * @idle_seconds: after how long without a key or a move somebody is logged out; 0 for never
 * @warn_seconds: how many of these at the end are counted before everybody's eyes
 * @return_seconds: how long a message stays before it gives way to the log-in
 * @typing_seconds: how long what was typed for a log-in may stay unfinished
 * @probe_seconds: how often a log-in that waits asks whether the server is there
 */
typedef struct
{
  guint idle_seconds;
  guint warn_seconds;
  guint return_seconds;
  guint typing_seconds;
  guint probe_seconds;
} FloeKioskTimes;

FloeFlow *floe_flow_new (FloeWindow *window, FloeServers *servers, GSettings *settings,
                         FloeLogTap *tap);
gboolean floe_flow_may_begin_again (FloeFlow *self);
void floe_flow_set_kiosk (FloeFlow *self, FloeGuard *guard, const FloeKioskTimes *times);
void floe_flow_set_idle_seconds (FloeFlow *self, guint seconds);
const FloeTerminalSettings *floe_flow_get_fleet_settings (FloeFlow *self);
void floe_flow_set_fleet_problem (FloeFlow *self, const gchar *problem);
gboolean floe_flow_is_untouched (FloeFlow *self);
void floe_flow_start (FloeFlow *self, const FloeFlowStart *start);
void floe_flow_open_file (FloeFlow *self, const gchar *path);
void floe_flow_open_link (FloeFlow *self, const gchar *text);

G_END_DECLS
