/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/terminal-settings.h"

#include <string.h>

#include "core/error.h"

#define LANGUAGE_CHARS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.@-"
#define KEYBOARD_CHARS G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_-(),+"
#define POOL_CHARS     G_CSET_a_2_z G_CSET_DIGITS "-"
#define DOMAIN_CHARS   G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_.-"

/* The order is that in which everything tells them. */
static const FloeSettingKey keys[] = {
  { "idle_minutes", FLOE_SETTING_INT, 0, 1440,
    .expected = "minutes from 0, which is never, to 1440" },
  { "pool", FLOE_SETTING_TEXT, 1, 64, .chars = POOL_CHARS, .expected = "the name of a pool" },
  { "domain", FLOE_SETTING_TEXT, 1, 253, .chars = DOMAIN_CHARS,
    .expected = "the name of a directory's domain, such as ad.example.org" },
  { "language", FLOE_SETTING_TEXT, 1, 32, .chars = LANGUAGE_CHARS,
    .expected = "a locale, such as de_DE.UTF-8" },
  { "keyboard", FLOE_SETTING_TEXT, 1, 64, .chars = KEYBOARD_CHARS,
    .expected = "a layout of XKB, such as de or ch(fr)" },
  { "monitors", FLOE_SETTING_WORD, .words = { "all", "one" }, .expected = "\"all\" or \"one\"" },
  { "volume", FLOE_SETTING_INT, 0, 100, .expected = "a percentage from 0 to 100" },
  { "login_parts", FLOE_SETTING_WORDS,
    .words = { "language", "keyboard", "accessibility", "volume", "network", "power" },
    .expected = "some of language, keyboard, accessibility, volume, network and power" },
  { "unlock", FLOE_SETTING_WORD, .words = { "end", "never" }, .expected = "\"end\" or \"never\"" },
};

/**
 * floe_setting_keys:
 *
 * Returns: (transfer none) (array length=n_keys): all that can be set
 */
const FloeSettingKey *
floe_setting_keys (guint *n_keys)
{
  *n_keys = G_N_ELEMENTS (keys);
  return keys;
}

static GVariant *
no_values (void)
{
  return g_variant_ref_sink (g_variant_new ("a{sv}", NULL));
}

FloeTerminalSettings *
floe_terminal_settings_new (gboolean of_group, const gchar *name)
{
  FloeTerminalSettings *self = g_new0 (FloeTerminalSettings, 1);

  self->of_group = of_group;
  self->name = g_strdup (name);
  self->values = no_values ();
  return self;
}

FloeTerminalSettings *
floe_terminal_settings_copy (const FloeTerminalSettings *self)
{
  FloeTerminalSettings *copy = g_new0 (FloeTerminalSettings, 1);

  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->values = g_variant_ref (self->values);
  return copy;
}

/**
 * floe_terminal_settings_tag:
 *
 * Returns: (transfer full): their entity tag, which is their revision
 */
gchar *
floe_terminal_settings_tag (const FloeTerminalSettings *self)
{
  return g_strdup_printf ("\"%" G_GINT64_FORMAT "\"", self->revision);
}

void
floe_terminal_settings_free (FloeTerminalSettings *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_variant_unref (self->values);
  g_free (self);
}

/**
 * floe_terminal_settings_take:
 * @values: (transfer full): what is set from now on
 */
void
floe_terminal_settings_take (FloeTerminalSettings *self, GVariant *values)
{
  g_variant_unref (self->values);
  self->values = values;
}

static const GVariantType *
type_of (FloeSettingKind kind)
{
  switch (kind)
    {
    case FLOE_SETTING_INT:
      return G_VARIANT_TYPE_INT64;
    case FLOE_SETTING_WORDS:
      return G_VARIANT_TYPE_STRING_ARRAY;
    case FLOE_SETTING_TEXT:
    case FLOE_SETTING_WORD:
    default:
      return G_VARIANT_TYPE_STRING;
    }
}

static gboolean
are_words (const FloeSettingKey *key, GVariant *value)
{
  g_autofree const gchar **words = g_variant_get_strv (value, NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (!g_strv_contains (key->words, words[i]))
        return FALSE;
      for (guint other = 0; other < i; other++)
        if (strcmp (words[other], words[i]) == 0)
          return FALSE;
    }
  return TRUE;
}

static gboolean
is_text (const FloeSettingKey *key, const gchar *text)
{
  gsize length = strlen (text);

  return length >= (gsize)key->least && length <= (gsize)key->most
         && (key->chars == NULL || strspn (text, key->chars) == length);
}

static gboolean
fits (const FloeSettingKey *key, GVariant *value)
{
  gint64 number;

  if (!g_variant_is_of_type (value, type_of (key->kind)))
    return FALSE;
  switch (key->kind)
    {
    case FLOE_SETTING_INT:
      number = g_variant_get_int64 (value);
      return number >= key->least && number <= key->most;
    case FLOE_SETTING_TEXT:
      return is_text (key, g_variant_get_string (value, NULL));
    case FLOE_SETTING_WORD:
      return g_strv_contains (key->words, g_variant_get_string (value, NULL));
    case FLOE_SETTING_WORDS:
    default:
      return are_words (key, value);
    }
}

static const FloeSettingKey *
find_key (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].name, name) == 0)
      return &keys[i];
  return NULL;
}

/**
 * floe_setting_values_check:
 * @values: "a{sv}"
 *
 * Returns: %TRUE; or %FALSE with %FLOE_ERROR_INVALID naming the key and what is expected
 */
gboolean
floe_setting_values_check (GVariant *values, GError **error)
{
  GVariantIter iter;
  const gchar *name;
  GVariant *value;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      const FloeSettingKey *key = find_key (name);

      if (key != NULL && fits (key, value))
        continue;
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "settings.%s: %s%s", name,
                   key != NULL ? "expected " : "no such setting", key != NULL ? key->expected : "");
      g_variant_unref (value);
      return FALSE;
    }
  return TRUE;
}

/**
 * floe_setting_values_merge:
 * @below: (nullable): "a{sv}"
 * @above: (nullable): "a{sv}", what counts where both have something
 *
 * Returns: (transfer full): both, in the order of the keys; what nobody knows any more is left out
 */
GVariant *
floe_setting_values_merge (GVariant *below, GVariant *above)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const GVariantType *type = type_of (keys[i].kind);
      g_autoptr (GVariant) value =
          above != NULL ? g_variant_lookup_value (above, keys[i].name, type) : NULL;

      if (value == NULL && below != NULL)
        value = g_variant_lookup_value (below, keys[i].name, type);
      if (value != NULL)
        g_variant_builder_add (&builder, "{sv}", keys[i].name, value);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static gchar *
describe (GVariant *value)
{
  g_autofree const gchar **words = NULL;

  if (value == NULL)
    return g_strdup ("(not set)");
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return g_variant_print (value, FALSE);
  words = g_variant_get_strv (value, NULL);
  return words[0] != NULL ? g_strjoinv (",", (gchar **)words) : g_strdup ("(none)");
}

/**
 * floe_setting_values_diff:
 *
 * Returns: (transfer full): what changed from @before to @after, in words; nothing for nothing
 */
GStrv
floe_setting_values_diff (GVariant *before, GVariant *after)
{
  g_autoptr (GStrvBuilder) out = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GVariant) old = g_variant_lookup_value (before, keys[i].name, NULL);
      g_autoptr (GVariant) new = g_variant_lookup_value (after, keys[i].name, NULL);
      g_autofree gchar *was = describe (old);
      g_autofree gchar *is = describe (new);
      g_autofree gchar *line = NULL;

      if (strcmp (was, is) == 0)
        continue;
      line = g_strdup_printf ("%s: %s", keys[i].name, is);
      g_strv_builder_add (out, line);
    }
  return g_strv_builder_end (out);
}

/**
 * floe_setting_values_pack:
 *
 * Returns: (transfer full): the text that the store keeps
 */
gchar *
floe_setting_values_pack (GVariant *values)
{
  return g_variant_print (values, TRUE);
}

/**
 * floe_setting_values_unpack:
 * @text: (nullable): from floe_setting_values_pack()
 *
 * Returns: (transfer full): what it says, as far as it is still known; nothing from a damaged text
 */
GVariant *
floe_setting_values_unpack (const gchar *text)
{
  g_autoptr (GVariant) values = NULL;

  if (text != NULL)
    values = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);
  return floe_setting_values_merge (NULL, values);
}
