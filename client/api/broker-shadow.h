/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker.h"

G_BEGIN_DECLS

/* Somebody of the helpdesk looks at the screen: what they see and do passes through these. */

/**
 * FloeShadowPicture:
 * @first: the screen is given anew from here on
 * @x: where it belongs on the screen, in pixels of the guest
 * @y: likewise
 * @width: of the whole screen
 * @height: likewise
 * @bytes: a JPEG, %FLOE_SHADOW_PICTURE_BYTES at most
 *
 * A part of the screen.
 */
typedef struct
{
  gboolean first;
  guint x;
  guint y;
  guint width;
  guint height;
  FloeSecret *bytes;
} FloeShadowPicture;

#define FLOE_SHADOW_PICTURE_BYTES (64 * 1024)

void floe_shadow_picture_free (FloeShadowPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeShadowPicture, floe_shadow_picture_free)

typedef enum
{
  FLOE_SHADOW_KEY,
  FLOE_SHADOW_MOVE,
  FLOE_SHADOW_BUTTON,
  FLOE_SHADOW_WHEEL,
} FloeShadowKind;

/**
 * FloeShadowEvent:
 * @kind: what was done
 * @code: of a key: its scan code of set 1, with 0x100 for those behind E0; of a button: 1 to 3; of
 *   the wheel: 1 up, 2 down
 * @down: of a key or a button
 * @x: where to, in pixels of the guest
 * @y: likewise
 */
typedef struct
{
  FloeShadowKind kind;
  guint code;
  gboolean down;
  gint x;
  gint y;
} FloeShadowEvent;

/**
 * FloeShadowInputs:
 * @all: the whole screen is wanted anew
 * @events: (element-type FloeShadowEvent): in their order
 */
typedef struct
{
  gboolean all;
  GArray *events;
} FloeShadowInputs;

void floe_shadow_inputs_free (FloeShadowInputs *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeShadowInputs, floe_shadow_inputs_free)

void floe_broker_answer_shadow_async (FloeBroker *self, const gchar *id, gboolean control,
                                      gboolean allow, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_broker_answer_shadow_finish (FloeBroker *self, GAsyncResult *result, GError **error);
void floe_broker_stop_shadow_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_broker_stop_shadow_finish (FloeBroker *self, GAsyncResult *result, GError **error);
void floe_broker_give_picture_async (FloeBroker *self, const gchar *id,
                                     const FloeShadowPicture *picture, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_broker_give_picture_finish (FloeBroker *self, GAsyncResult *result, gboolean *all,
                                          GError **error);
void floe_broker_take_inputs_async (FloeBroker *self, const gchar *id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
FloeShadowInputs *floe_broker_take_inputs_finish (FloeBroker *self, GAsyncResult *result,
                                                  GError **error);

G_END_DECLS
