/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long a sealed letter may be, which is more than a picture of the largest size needs. */
#define FLOE_LETTER_MOST (128 * 1024)

/**
 * FloeLetter:
 * @id: where it stands; 0 for one that is new
 * @sender: the address of the broker that wrote it, see #FloePostKeys
 * @recipient: of whom it is for
 * @body: what it says, sealed: nobody who reads the store knows it
 * @at: when, microseconds since 1970 UTC by the sender's clock
 *
 * What one broker tells another one through the store that they share.
 */
typedef struct
{
  gint64 id;
  gchar *sender;
  gchar *recipient;
  gchar *body;
  gint64 at;
} FloeLetter;

void floe_letter_free (FloeLetter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLetter, floe_letter_free)

G_END_DECLS
