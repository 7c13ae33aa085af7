/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/shadow-acts.h"
#include "core/shadow-letter.h"
#include "core/shadows.h"

G_BEGIN_DECLS

/* What the files of the shadows share: what is asked and answered (shadows.c), what passes
 * (shadows-pass.c), and what passes between brokers (shadows-afar.c). */

struct _FloeShadows
{
  GObject parent_instance;

  FloeStore *store;
  FloeKeeper *keeper;
  FloeClock *clock;
  FloeRoleGroups *groups;
  GHashTable *relays; /* id to FloeShadowMeeting: of those that are looked at through this broker */
  guint look;         /* while there are some */

  FloePost *post;         /* or NULL, where there is no other broker */
  GHashTable *errands;    /* number to FloeShadowErrand: that another broker does for ours */
  guint64 errands_so_far; /* for the next one's number */
  guint knock;            /* while there are some */
  GHashTable *guests;     /* text to Guest: errands that are done here for other brokers */
  GQueue dismissed;       /* texts: of guests that had gone before they came, the newest first */
  gboolean stopped;
};

/**
 * FloeShadowMeeting:
 * @relay: where both come
 * @kept: when it was last written that it goes on, by floe_clock_elapsed()
 * @ending: it was ended here, which is being written
 * @lapsed: not by a person, but because the session is over
 * @lapsing: that it ends because of that, or for want of somebody, is being written
 * @dropping: who looks may not type any more, likewise
 */
typedef struct
{
  FloeShadowRelay *relay;
  gint64 kept;
  gboolean ending;
  gboolean lapsed;
  gboolean lapsing;
  gboolean dropping;
} FloeShadowMeeting;

/**
 * FloeShadowPassing:
 * @kind: one of the errands
 * @login_id: of whoever came with it
 * @id: of the shadow
 * @picture: (nullable): that they give
 * @after: see floe_shadow_relay_take_picture()
 * @inputs: (nullable): what they did
 * @is_guests: they came to another broker, which asks this one
 *
 * What somebody comes to a relay for: the data of their task.
 */
typedef struct
{
  FloeShadowLetterKind kind;
  gchar *login_id;
  gchar *id;
  FloePicture *picture;
  guint64 after;
  FloeInputs *inputs;
  gboolean is_guests;
} FloeShadowPassing;

FloeShadowInput *floe_shadows_input_new (FloeShadows *self, const FloeIdentity *actor,
                                         const gchar *id, FloeShadowStep step);
FloeShadowMeeting *floe_shadows_meet (FloeShadows *self, const FloeShadow *shadow);
void floe_shadows_take_over (FloeShadows *self, const gchar *id, const gchar *broker);
void floe_shadows_go (FloeShadows *self, FloeShadowPassing *passing, GTask *task);

gboolean floe_shadows_is_elsewhere (FloeShadows *self, const FloeShadow *shadow);
void floe_shadows_send (FloeShadows *self, const gchar *broker, GTask *task);
void floe_shadows_tell_elsewhere (FloeShadows *self, const FloeShadow *shadow);
void floe_shadows_reread (FloeShadows *self, const gchar *id);
void floe_shadows_clear_post (FloeShadows *self);

G_END_DECLS
