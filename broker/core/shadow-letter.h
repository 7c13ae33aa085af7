/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/shadow-relay.h"

G_BEGIN_DECLS

/**
 * FloeShadowLetterKind:
 * @FLOE_SHADOW_PUT_PICTURE: the client gives a picture
 * @FLOE_SHADOW_TAKE_PICTURE: who looks wants one
 * @FLOE_SHADOW_PUT_INPUTS: they did something
 * @FLOE_SHADOW_TAKE_INPUTS: the client wants to know what
 * @FLOE_SHADOW_GIVE_UP: whoever came with one of these does not wait any more
 * @FLOE_SHADOW_ANSWER: what came of one of them
 * @FLOE_SHADOW_REFUSAL: why nothing came of it
 * @FLOE_SHADOW_LOOK_AGAIN: what is in the store of a shadow has changed; without an id nothing but
 * a sign that somebody still waits, so that a broker that is gone is noticed
 */
typedef enum
{
  FLOE_SHADOW_PUT_PICTURE,
  FLOE_SHADOW_TAKE_PICTURE,
  FLOE_SHADOW_PUT_INPUTS,
  FLOE_SHADOW_TAKE_INPUTS,
  FLOE_SHADOW_GIVE_UP,
  FLOE_SHADOW_ANSWER,
  FLOE_SHADOW_REFUSAL,
  FLOE_SHADOW_LOOK_AGAIN,
} FloeShadowLetterKind;

/**
 * FloeShadowLetter:
 * @kind: what it is; the first four are errands
 * @number: the errand's, by whoever has it
 * @id: of an errand: which shadow
 * @login_id: of an errand: with which log-in somebody came
 * @after: of %FLOE_SHADOW_TAKE_PICTURE: the number of the last picture that was received
 * @said: of an answer: the boolean that some errands end with
 * @picture: (nullable): that is given, or was asked for
 * @inputs: (nullable): likewise
 * @error: (nullable): of a refusal
 *
 * What brokers tell each other of a shadow whose two sides came to different ones, see #FloePost.
 */
typedef struct
{
  FloeShadowLetterKind kind;
  guint64 number;
  gchar *id;
  gchar *login_id;
  guint64 after;
  gboolean said;
  FloePicture *picture;
  FloeInputs *inputs;
  GError *error;
} FloeShadowLetter;

FloeSecret *floe_shadow_letter_write (const FloeShadowLetter *self);
FloeShadowLetter *floe_shadow_letter_read (FloeSecret *text, GError **error);
void floe_shadow_letter_free (FloeShadowLetter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeShadowLetter, floe_shadow_letter_free)

G_END_DECLS
