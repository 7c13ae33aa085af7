/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadow-letter.h"

#include "core/error.h"

/*
 * A letter is a serialised #GVariant in the machine's byte order, which the brokers of one store
 * share: kind, number, id, log-in, after, said; then a picture (number, first, x, y, width, height,
 * bytes), inputs (all, and of each: kind, code, down, x, y) and an error (code, reason, message),
 * where there are such.
 */
#define PICTURE_TYPE "(tbuuuuay)"
#define INPUTS_TYPE  "(ba(uubuu))"
#define ERROR_TYPE   "(iss)"
#define LETTER_TYPE  "(utsstbm" PICTURE_TYPE "m" INPUTS_TYPE "m" ERROR_TYPE ")"

void
floe_shadow_letter_free (FloeShadowLetter *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->login_id);
  floe_picture_free (self->picture);
  floe_inputs_free (self->inputs);
  g_clear_error (&self->error);
  g_free (self);
}

/* Writing. */

static void
unref_secret (gpointer secret)
{
  floe_secret_unref (secret);
}

/* Without a copy that nobody wipes. */
static GVariant *
write_picture (const FloePicture *picture)
{
  gsize length;
  const gchar *bytes = floe_secret_get (picture->bytes, &length);

  return g_variant_new ("(tbuuuu@ay)", picture->number, picture->first, picture->x, picture->y,
                        picture->width, picture->height,
                        g_variant_new_from_data (G_VARIANT_TYPE ("ay"), bytes, length, TRUE,
                                                 unref_secret, floe_secret_ref (picture->bytes)));
}

static GVariant *
write_inputs (const FloeInputs *inputs)
{
  GVariantBuilder events;

  g_variant_builder_init (&events, G_VARIANT_TYPE ("a(uubuu)"));
  for (guint i = 0; i < inputs->n_events; i++)
    {
      const FloeInput *event = &inputs->events[i];

      g_variant_builder_add (&events, "(uubuu)", (guint)event->kind, event->code, event->down,
                             event->x, event->y);
    }
  return g_variant_new ("(ba(uubuu))", inputs->all, &events);
}

static GVariant *
write_error (const GError *error)
{
  gint code = error->domain == FLOE_ERROR ? error->code : FLOE_ERROR_INTERNAL;
  const gchar *reason = error->domain == FLOE_ERROR ? floe_error_reason (error) : NULL;

  return g_variant_new (ERROR_TYPE, code, reason != NULL ? reason : "", error->message);
}

/**
 * floe_shadow_letter_write:
 *
 * Returns: (transfer full): what floe_shadow_letter_read() reads
 */
FloeSecret *
floe_shadow_letter_write (const FloeShadowLetter *self)
{
  g_autoptr (GVariant) letter = g_variant_ref_sink (g_variant_new (
      "(utsstb@m" PICTURE_TYPE "@m" INPUTS_TYPE "@m" ERROR_TYPE ")", (guint)self->kind,
      self->number, self->id != NULL ? self->id : "", self->login_id != NULL ? self->login_id : "",
      self->after, self->said,
      g_variant_new_maybe (G_VARIANT_TYPE (PICTURE_TYPE),
                           self->picture != NULL ? write_picture (self->picture) : NULL),
      g_variant_new_maybe (G_VARIANT_TYPE (INPUTS_TYPE),
                           self->inputs != NULL ? write_inputs (self->inputs) : NULL),
      g_variant_new_maybe (G_VARIANT_TYPE (ERROR_TYPE),
                           self->error != NULL ? write_error (self->error) : NULL)));
  gsize size = g_variant_get_size (letter);
  gchar *bytes = g_malloc0 (size + 1);

  g_variant_store (letter, bytes);
  return floe_secret_new_take (bytes, size);
}

/* Reading. */

static FloePicture *
read_picture (GVariant *from)
{
  FloePicture *picture = g_new0 (FloePicture, 1);
  g_autoptr (GVariant) bytes = NULL;

  g_variant_get (from, "(tbuuuu@ay)", &picture->number, &picture->first, &picture->x, &picture->y,
                 &picture->width, &picture->height, &bytes);
  picture->bytes = floe_secret_new (g_variant_get_data (bytes), (gssize)g_variant_get_size (bytes));
  return picture;
}

static gboolean
read_inputs (GVariant *from, FloeInputs **inputs)
{
  g_autoptr (FloeInputs) read = g_new0 (FloeInputs, 1);
  g_autoptr (GVariantIter) events = NULL;
  FloeInput *event;
  guint kind;

  g_variant_get (from, "(ba(uubuu))", &read->all, &events);
  if (g_variant_iter_n_children (events) > FLOE_INPUTS_MOST)
    return FALSE;
  read->events = g_new0 (FloeInput, MAX (g_variant_iter_n_children (events), 1));
  event = read->events;
  while (g_variant_iter_next (events, "(uubuu)", &kind, &event->code, &event->down, &event->x,
                              &event->y))
    {
      if (kind > FLOE_INPUT_WHEEL)
        return FALSE;
      event->kind = (FloeInputKind)kind;
      read->n_events++;
      event++;
    }
  *inputs = g_steal_pointer (&read);
  return TRUE;
}

static gboolean
read_error (GVariant *from, GError **error)
{
  gint code;
  const gchar *reason;
  const gchar *message;

  g_variant_get (from, "(i&s&s)", &code, &reason, &message);
  if (code < 0 || code > FLOE_ERROR_INTERNAL)
    return FALSE;
  if (*reason != '\0')
    floe_set_error_reason (error, (FloeError)code, reason, "%s", message);
  else
    g_set_error_literal (error, FLOE_ERROR, code, message);
  return TRUE;
}

static gboolean
read_parts (FloeShadowLetter *self, GVariant *letter)
{
  g_autoptr (GVariant) picture = NULL;
  g_autoptr (GVariant) inputs = NULL;
  g_autoptr (GVariant) refusal = NULL;
  guint kind;

  g_variant_get (letter, "(utsstbm@" PICTURE_TYPE "m@" INPUTS_TYPE "m@" ERROR_TYPE ")", &kind,
                 &self->number, &self->id, &self->login_id, &self->after, &self->said, &picture,
                 &inputs, &refusal);
  if (kind > FLOE_SHADOW_LOOK_AGAIN || (kind == FLOE_SHADOW_PUT_PICTURE && picture == NULL)
      || (kind == FLOE_SHADOW_PUT_INPUTS && inputs == NULL)
      || (kind == FLOE_SHADOW_REFUSAL) != (refusal != NULL))
    return FALSE;
  self->kind = (FloeShadowLetterKind)kind;
  if (picture != NULL)
    self->picture = read_picture (picture);
  return (inputs == NULL || read_inputs (inputs, &self->inputs))
         && (refusal == NULL || read_error (refusal, &self->error));
}

/**
 * floe_shadow_letter_read:
 * @text: from another broker, maybe of another version
 *
 * Returns: (transfer full): the letter; or %NULL with %FLOE_ERROR_INVALID
 */
FloeShadowLetter *
floe_shadow_letter_read (FloeSecret *text, GError **error)
{
  g_autoptr (FloeShadowLetter) self = g_new0 (FloeShadowLetter, 1);
  gsize length;
  const gchar *bytes = floe_secret_get (text, &length);
  g_autoptr (GVariant) letter = g_variant_ref_sink (g_variant_new_from_data (
      G_VARIANT_TYPE (LETTER_TYPE), bytes, length, FALSE, unref_secret, floe_secret_ref (text)));

  if (g_variant_is_normal_form (letter) && read_parts (self, letter))
    return g_steal_pointer (&self);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "it says nothing that is known here");
  return NULL;
}
