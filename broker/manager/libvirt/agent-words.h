/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What is said to a QEMU guest agent and what it answers, as JSON. Pure. What an answer holds was
 * written by a guest: nothing in it is trusted.
 */

/**
 * FloeAgentStatus:
 * @exited: the program has ended
 * @code: its exit status; -1 if it died of a signal
 * @out: (nullable): what it printed
 * @error: (nullable): what it complained of
 */
typedef struct
{
  gboolean exited;
  gint code;
  gchar *out;
  gchar *error;
} FloeAgentStatus;

void floe_agent_status_clear (FloeAgentStatus *self);

gchar *floe_agent_say (const gchar *command);
gchar *floe_agent_say_exec (const gchar *path, const gchar *const *arguments, const gchar *input);
gchar *floe_agent_say_status (gint64 pid);
gchar *floe_agent_say_open (const gchar *path);
gchar *floe_agent_say_read (gint64 handle);
gchar *floe_agent_say_close (gint64 handle);

gboolean floe_agent_read_pid (const gchar *reply, gint64 *pid, GError **error);
gboolean floe_agent_read_status (const gchar *reply, FloeAgentStatus *status, GError **error);
gboolean floe_agent_read_handle (const gchar *reply, gint64 *handle, GError **error);
gchar *floe_agent_read_content (const gchar *reply, GError **error);
gboolean floe_agent_read_is_windows (const gchar *reply);
gboolean floe_agent_read_first_boot (const gchar *status, GError **error);
gchar *floe_agent_tail (const gchar *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FloeAgentStatus, floe_agent_status_clear)

G_END_DECLS
