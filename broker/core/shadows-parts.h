/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/shadow-acts.h"
#include "core/shadows.h"

G_BEGIN_DECLS

/* What the files of the shadows share: what is asked and answered (shadows.c), and what passes
 * (shadows-pass.c). */

struct _FloeShadows
{
  GObject parent_instance;

  FloeStore *store;
  FloeKeeper *keeper;
  FloeClock *clock;
  FloeRoleGroups *groups;
  GHashTable *relays; /* id to FloeShadowMeeting: of those that are looked at through this broker */
  guint look;         /* while there are some */
};

/**
 * FloeShadowMeeting:
 * @relay: where both come
 * @kept: when it was last written that it goes on, by floe_clock_elapsed()
 * @ending: it was ended here, which is being written
 * @dropping: who looks may not type any more, likewise
 */
typedef struct
{
  FloeShadowRelay *relay;
  gint64 kept;
  gboolean ending;
  gboolean dropping;
} FloeShadowMeeting;

FloeShadowInput *floe_shadows_input_new (FloeShadows *self, const FloeIdentity *actor,
                                         const gchar *id, FloeShadowStep step);
FloeShadowMeeting *floe_shadows_meet (FloeShadows *self, const FloeShadow *shadow);

G_END_DECLS
