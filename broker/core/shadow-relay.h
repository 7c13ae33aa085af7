/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/clock.h"
#include "core/secret.h"
#include "core/shadow.h"

G_BEGIN_DECLS

/* How large a screen may be, in each direction. */
#define FLOE_PICTURE_MOST 16384
/* How many things somebody typed or moved may wait for the client. */
#define FLOE_INPUTS_MOST 256

/**
 * FloePicture:
 * @number: of this one; larger than that of each before it
 * @first: the screen is drawn anew from here on
 * @x: where it belongs on the screen, in pixels of the guest
 * @y: likewise
 * @width: of the whole screen
 * @height: likewise
 * @bytes: a JPEG
 *
 * A part of somebody's screen.
 */
typedef struct
{
  guint64 number;
  gboolean first;
  guint x;
  guint y;
  guint width;
  guint height;
  FloeSecret *bytes;
} FloePicture;

FloePicture *floe_picture_copy (const FloePicture *self);
void floe_picture_free (FloePicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePicture, floe_picture_free)

typedef enum
{
  FLOE_INPUT_KEY,
  FLOE_INPUT_MOVE,
  FLOE_INPUT_BUTTON,
  FLOE_INPUT_WHEEL,
} FloeInputKind;

/**
 * FloeInput:
 * @kind: what it is
 * @code: of a key: its scan code of set 1, with 0x100 for those behind E0; of a button: 1 to 3; of
 *   the wheel: 1 up, 2 down
 * @down: of a key or a button
 * @x: where to, in pixels of the guest
 * @y: likewise
 *
 * Something that whoever looks did.
 */
typedef struct
{
  FloeInputKind kind;
  guint code;
  gboolean down;
  guint x;
  guint y;
} FloeInput;

/**
 * FloeInputs:
 * @all: the whole screen is wanted anew
 * @events: (array length=n_events): in their order
 * @n_events: how many
 */
typedef struct
{
  gboolean all;
  FloeInput *events;
  guint n_events;
} FloeInputs;

void floe_inputs_free (FloeInputs *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeInputs, floe_inputs_free)

/**
 * FloeShadowRelay:
 *
 * Where the pictures of one shadow meet who looks at them, and what they do meets the client. It
 * holds a handful of pictures: whoever gives more waits until those were taken. Nothing passes but
 * while it is granted. Tasks are answered once each: at once, when there is something, or after ten
 * seconds.
 */
typedef struct _FloeShadowRelay FloeShadowRelay;

FloeShadowRelay *floe_shadow_relay_new (const FloeShadow *shadow, FloeClock *clock);
void floe_shadow_relay_free (FloeShadowRelay *self);
const FloeShadow *floe_shadow_relay_get_shadow (FloeShadowRelay *self);
void floe_shadow_relay_set_shadow (FloeShadowRelay *self, const FloeShadow *shadow);
const gchar *floe_shadow_relay_find_missing (FloeShadowRelay *self, gint64 patience);

void floe_shadow_relay_put_picture (FloeShadowRelay *self, FloePicture *picture, GTask *task);
void floe_shadow_relay_take_picture (FloeShadowRelay *self, guint64 after, GTask *task);
void floe_shadow_relay_put_inputs (FloeShadowRelay *self, const FloeInputs *inputs, GTask *task);
void floe_shadow_relay_take_inputs (FloeShadowRelay *self, GTask *task);

G_END_DECLS
