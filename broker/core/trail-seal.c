/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trail-seal.h"

#include <string.h>

#include "core/error.h"

#define LEAST_KEY_BYTES 32
/* Half of them would do: nobody finds another row with the same 64 bits and sense in it. */
#define MARK_DIGITS 16

struct _FloeTrailKey
{
  FloeSecret *text; /* or NULL */
};

FloeTrailSeal *
floe_trail_seal_new (gint64 number)
{
  FloeTrailSeal *self = g_new0 (FloeTrailSeal, 1);

  self->number = number;
  return self;
}

void
floe_trail_seal_free (FloeTrailSeal *self)
{
  if (self == NULL)
    return;
  g_free (self->marks);
  g_free (self->hash);
  g_free (self);
}

/**
 * floe_trail_key_new:
 * @text: (nullable): the key, 32 bytes at least, such as 64 hex digits; %NULL for none
 *
 * Returns: (transfer full): the key; or %NULL with %FLOE_ERROR_INVALID
 */
FloeTrailKey *
floe_trail_key_new (const FloeSecret *text, GError **error)
{
  FloeTrailKey *self;
  gsize length = LEAST_KEY_BYTES;

  if (text != NULL)
    floe_secret_get (text, &length);
  if (length < LEAST_KEY_BYTES)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                   "a key of %d bytes at least is needed, such as of \"openssl rand -hex 32\"",
                   LEAST_KEY_BYTES);
      return NULL;
    }
  self = g_atomic_rc_box_new0 (FloeTrailKey);
  self->text = text != NULL ? floe_secret_ref ((FloeSecret *)text) : NULL;
  return self;
}

FloeTrailKey *
floe_trail_key_ref (FloeTrailKey *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  FloeTrailKey *self = data;

  g_clear_pointer (&self->text, floe_secret_unref);
}

void
floe_trail_key_unref (FloeTrailKey *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/**
 * floe_trail_key_is_secret:
 *
 * Returns: whether there is one
 */
gboolean
floe_trail_key_is_secret (const FloeTrailKey *self)
{
  return self->text != NULL;
}

static gchar *
authenticate (const FloeTrailKey *self, const GString *text)
{
  gsize length;
  const gchar *key;

  if (self->text == NULL)
    return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text->str, text->len);
  key = floe_secret_get (self->text, &length);
  return g_compute_hmac_for_data (G_CHECKSUM_SHA256, (const guchar *)key, length,
                                  (const guchar *)text->str, text->len);
}

/* With its length before it, so that nothing can move from one field into the next. */
static void
add_field (GString *text, const gchar *field)
{
  if (field == NULL)
    g_string_append (text, "-;");
  else
    g_string_append_printf (text, "%" G_GSIZE_FORMAT ":%s;", strlen (field), field);
}

/**
 * floe_trail_key_mark:
 *
 * Returns: (transfer full): 16 hex digits that belong to a row as it is
 */
gchar *
floe_trail_key_mark (const FloeTrailKey *self, const FloeAudit *row)
{
  g_autoptr (GString) text = g_string_new ("row;");
  const gchar *const fields[] = { row->actor,  row->action,  row->object,   row->outcome,
                                  row->detail, row->address, row->terminal, row->request };
  g_autofree gchar *hash = NULL;

  g_string_append_printf (text, "%" G_GINT64_FORMAT ";%" G_GINT64_FORMAT ";", row->id, row->at);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    add_field (text, fields[i]);
  hash = authenticate (self, text);
  return g_strndup (hash, MARK_DIGITS);
}

/**
 * floe_trail_key_hash:
 * @seal: a seal, whose own hash is not looked at
 * @before: (nullable): the hash of the seal before it; %NULL for the first one
 *
 * Returns: (transfer full): the hash that it should have
 */
gchar *
floe_trail_key_hash (const FloeTrailKey *self, const FloeTrailSeal *seal, const gchar *before)
{
  g_autoptr (GString) text = g_string_new ("seal;");

  g_string_append_printf (
      text, "%" G_GINT64_FORMAT ";%" G_GINT64_FORMAT ";%" G_GINT64_FORMAT ";%" G_GINT64_FORMAT ";",
      seal->number, seal->first, seal->last, seal->at);
  add_field (text, before);
  add_field (text, seal->marks);
  return authenticate (self, text);
}

/**
 * floe_trail_key_seal:
 * @before: (nullable): the last seal
 * @rows: (element-type FloeAudit): what follows it, in order, one row at least
 * @now: microseconds since 1970 UTC
 *
 * Returns: (transfer full): the next seal
 */
FloeTrailSeal *
floe_trail_key_seal (const FloeTrailKey *self, const FloeTrailSeal *before, GPtrArray *rows,
                     gint64 now)
{
  FloeTrailSeal *seal = floe_trail_seal_new (before != NULL ? before->number + 1 : 1);
  g_autoptr (GString) marks = g_string_new (NULL);

  seal->first = before != NULL ? before->last + 1 : 1;
  seal->last = ((const FloeAudit *)rows->pdata[rows->len - 1])->id;
  seal->at = now;
  seal->keyed = floe_trail_key_is_secret (self);
  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];
      g_autofree gchar *mark = floe_trail_key_mark (self, row);

      g_string_append_printf (marks, "%s%" G_GINT64_FORMAT ":%s", i > 0 ? " " : "", row->id, mark);
    }
  seal->marks = g_string_free (g_steal_pointer (&marks), FALSE);
  seal->hash = floe_trail_key_hash (self, seal, before != NULL ? before->hash : NULL);
  return seal;
}
