/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the library lives through. */
typedef enum
{
  SPICE_STORM_BEARABLE, /* whatever is made of it */
  SPICE_STORM_CUT,      /* when its end is missing, but not with any byte of it changed */
  SPICE_STORM_WHOLE,    /* as it is made */
  SPICE_STORM_DEADLY,   /* it does not */
} SpiceStormHarm;

/* How one kind of message is made up: its body, and what its number is. */
typedef struct
{
  guint16 type;
  void (*make) (GRand *dice, GByteArray *body);
  SpiceStormHarm harm;
} SpiceStormWord;

/* Ends with a word whose type is 0. */
const SpiceStormWord *spice_storm_words (guint8 channel_type);

/* Numbers as they come, and as they should not. */
guint32 spice_storm_odd (GRand *dice);
gboolean spice_storm_chance (GRand *dice, gint one_in);
void spice_storm_put8 (GByteArray *body, guint32 value);
void spice_storm_put16 (GByteArray *body, guint32 value);
void spice_storm_put32 (GByteArray *body, guint32 value);
void spice_storm_put64 (GByteArray *body, guint64 value);
void spice_storm_noise (GRand *dice, GByteArray *body, guint32 size);

/* The words of the display, which have a file of their own. */
extern const SpiceStormWord spice_storm_display_words[];

G_END_DECLS
