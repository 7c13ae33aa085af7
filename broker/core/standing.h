/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/user.h"

G_BEGIN_DECLS

/**
 * FloeStanding:
 * @user: as the directory has them, without groups; their @password_expires is when it does even
 *   where nobody is warned of it
 * @reasons: (array zero-terminated=1): why they cannot log in now, the weightiest first:
 * "disabled", "account-expired", "locked", "not-now", "not-here", "must-change", "expired"; none
 * when they can
 * @locked_until: when the lock ends by itself, microseconds since 1970 UTC; 0 where it does not,
 * and where nobody tells
 * @ends: when the account itself ends, likewise; 0 for never
 *
 * How somebody's account stands, for whoever helps them. It tells what a log-in must not, which has
 * no proof yet of who asks.
 */
typedef struct
{
  FloeUser *user;
  GStrv reasons;
  gint64 locked_until;
  gint64 ends;
} FloeStanding;

void floe_standing_free (FloeStanding *self);
gboolean floe_standing_has (const FloeStanding *self, const gchar *reason);
const gchar *floe_standing_words (const gchar *reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeStanding, floe_standing_free)

G_END_DECLS
