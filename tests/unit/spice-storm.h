/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a SPICE server says that is out of its mind, or means harm: lengths and counts that cannot
 * be, messages that are cut off, images that are broken, agents that lie, in an order that a seed
 * decides. It begins as it should, so that the client listens. */
typedef struct
{
  guint32 seed;
  guint messages;  /* so many on each channel at most */
  gboolean deadly; /* also what is known to end the program: docs/administration.md */
  guint16 only;    /* nothing but this kind of message; 0 for all */
} SpiceStorm;

/* A #FakeSpiceTalk; data is a #SpiceStorm. */
void spice_storm_talk (GOutputStream *out, guint8 channel_type, guint number, gpointer data);

G_END_DECLS
