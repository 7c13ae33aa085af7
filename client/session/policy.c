/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/policy.h"

/**
 * floe_policy_apply:
 * @spice: a session that has not begun
 *
 * Leaves away what the policy forbids as a whole.
 */
void
floe_policy_apply (const FloePolicy *self, SpiceSession *spice)
{
  g_object_set (spice, "enable-usbredir", self->usb, "enable-smartcard", self->smartcard,
                "enable-audio", self->playback || self->record, NULL);
}

/* Whoever plays or records hears of it by this signal, and connects to it later than we do. */
static void
on_forbidden_start (SpiceChannel *channel, gint format, gint channels, gint rate, gpointer signal)
{
  g_signal_stop_emission_by_name (channel, signal);
}

static void
on_new_transfer (SpiceMainChannel *channel, SpiceFileTransferTask *task, gpointer data)
{
  spice_file_transfer_task_cancel (task);
}

/**
 * floe_policy_apply_to_channel:
 * @channel: a channel as "channel-new" tells of it, before anybody else hears
 *
 * Stops what goes over a channel that is needed for something else, too: the library has sound in
 * one direction only with both, and takes files wherever there is an agent.
 */
void
floe_policy_apply_to_channel (const FloePolicy *self, SpiceChannel *channel)
{
  if (SPICE_IS_PLAYBACK_CHANNEL (channel) && !self->playback)
    g_signal_connect (channel, "playback-start", G_CALLBACK (on_forbidden_start),
                      (gpointer) "playback-start");
  else if (SPICE_IS_RECORD_CHANNEL (channel) && !self->record)
    g_signal_connect (channel, "record-start", G_CALLBACK (on_forbidden_start),
                      (gpointer) "record-start");
  else if (SPICE_IS_MAIN_CHANNEL (channel) && self->files == FLOE_WAY_NONE)
    g_signal_connect (channel, "new-file-transfer", G_CALLBACK (on_new_transfer), NULL);
}
