/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The guest of a fake server: an agent that is asked for screens, and a card that then has them.
 * Its functions may be called from any thread. */
typedef struct _FakeAgent FakeAgent;

#define FAKE_AGENT_MOST 4 /* screens that the card can have */

FakeAgent *fake_agent_new (void);
void fake_agent_free (FakeAgent *self);

/* From the server, once each channel is open; the streams are borrowed. */
void fake_agent_take_main (FakeAgent *self, GOutputStream *out);
void fake_agent_take_display (FakeAgent *self, GOutputStream *out);
void fake_agent_drop (FakeAgent *self, GOutputStream *out);
void fake_agent_hear (FakeAgent *self, const guint8 *data, gsize length);

/* As when the guest is started anew. */
void fake_agent_restart (FakeAgent *self);

/* What it was asked for last, as "1920x1080+0+0 1280x1024+1920+0"; and how often. */
gchar *fake_agent_dup_screens (FakeAgent *self);
guint fake_agent_n_asked (FakeAgent *self);

/* Which effects it was told to leave out, of VD_AGENT_DISPLAY_CONFIG_FLAG_*. */
guint32 fake_agent_get_left_out (FakeAgent *self);

G_END_DECLS
