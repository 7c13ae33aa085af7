/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long a question stands; whoever does not answer has refused. */
#define FLOE_SHADOW_ASK_FOR (30 * G_USEC_PER_SEC)
/* How long a shadow lasts of which no broker says that it goes on. */
#define FLOE_SHADOW_KEEP_FOR (60 * G_USEC_PER_SEC)

typedef enum
{
  FLOE_SHADOW_ASKED,
  FLOE_SHADOW_GRANTED,
  FLOE_SHADOW_REFUSED,
  FLOE_SHADOW_ENDED,
} FloeShadowState;

typedef enum
{
  FLOE_CONTROL_NONE,
  FLOE_CONTROL_ASKED,
  FLOE_CONTROL_GRANTED,
} FloeShadowControl;

/**
 * FloeShadowStep:
 * @FLOE_SHADOW_ALLOW: whoever sits there lets somebody look
 * @FLOE_SHADOW_REFUSE: or does not
 * @FLOE_SHADOW_WANT_CONTROL: who looks wants to type as well
 * @FLOE_SHADOW_ALLOW_CONTROL: they may
 * @FLOE_SHADOW_DENY_CONTROL: they may not, or not any more
 * @FLOE_SHADOW_DROP_CONTROL: they do not want to any more
 * @FLOE_SHADOW_LEAVE: who looks has seen enough
 * @FLOE_SHADOW_STOP: whoever sits there ends it
 * @FLOE_SHADOW_LAPSE: one of the two is gone
 * @FLOE_SHADOW_KEEP: it goes on
 * @FLOE_SHADOW_DUE: a question was not answered, or nobody said that it goes on
 *
 * What becomes of a shadow.
 */
typedef enum
{
  FLOE_SHADOW_ALLOW,
  FLOE_SHADOW_REFUSE,
  FLOE_SHADOW_WANT_CONTROL,
  FLOE_SHADOW_ALLOW_CONTROL,
  FLOE_SHADOW_DENY_CONTROL,
  FLOE_SHADOW_DROP_CONTROL,
  FLOE_SHADOW_LEAVE,
  FLOE_SHADOW_STOP,
  FLOE_SHADOW_LAPSE,
  FLOE_SHADOW_KEEP,
  FLOE_SHADOW_DUE,
} FloeShadowStep;

/**
 * FloeShadow:
 * @id: its own
 * @desktop_id: at which desktop
 * @desktop: its name
 * @pool: that desktop's
 * @holder: the #FloeUser id of whoever sits there
 * @holder_name: their log-in name
 * @login_id: (nullable): which log-in of theirs allowed it, and alone gives pictures
 * @helper: the #FloeUser id of who looks
 * @helper_login: with which log-in, which alone gets pictures
 * @helper_name: how people call them
 * @reason: (nullable): why
 * @state: whether they may
 * @control: whether they may type as well
 * @asked: all times in microseconds since 1970 UTC
 * @due: when the question that is open counts as refused, or else the shadow as forgotten
 * @granted: since when they look; 0 for never
 * @ended: 0 for not yet
 * @ended_by: (nullable): "holder", "helper" or "broker"
 * @broker: (nullable): the address of the broker where the two meet, while it is granted; %NULL
 *   where there is one broker
 *
 * Somebody of the staff looks at the screen of somebody who let them.
 */
typedef struct
{
  gchar *id;
  gchar *desktop_id;
  gchar *desktop;
  gchar *pool;
  gchar *holder;
  gchar *holder_name;
  gchar *login_id;
  gchar *helper;
  gchar *helper_login;
  gchar *helper_name;
  gchar *reason;
  FloeShadowState state;
  FloeShadowControl control;
  gint64 asked;
  gint64 due;
  gint64 granted;
  gint64 ended;
  gchar *ended_by;
  gchar *broker;
} FloeShadow;

FloeShadow *floe_shadow_copy (const FloeShadow *self);
void floe_shadow_free (FloeShadow *self);
gboolean floe_shadow_is_open (const FloeShadow *self);
gboolean floe_shadow_check_granted (const FloeShadow *self, gboolean control, GError **error);
gboolean floe_shadow_take_step (FloeShadow *self, FloeShadowStep step, gint64 now, GError **error);

const gchar *floe_shadow_state_name (FloeShadowState state);
FloeShadowState floe_shadow_state_from_name (const gchar *name);
const gchar *floe_shadow_control_name (FloeShadowControl control);
FloeShadowControl floe_shadow_control_from_name (const gchar *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeShadow, floe_shadow_free)

G_END_DECLS
