/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/setting-values.h"

#include "core/terminal-settings.h"

#define MAX_TEXT_BYTES 256
#define MAX_WORDS      16

static GVariant *
read_words (FloeJsonReader *reader, const FloeSettingKey *key)
{
  g_auto (GStrv) words =
      floe_json_reader_get_strings (reader, key->name, MAX_WORDS, MAX_TEXT_BYTES);

  return words != NULL ? g_variant_new_strv ((const gchar *const *)words, -1) : NULL;
}

static GVariant *
read_text (FloeJsonReader *reader, const FloeSettingKey *key)
{
  g_autofree gchar *text = floe_json_reader_get_string (reader, key->name, MAX_TEXT_BYTES);

  return text != NULL ? g_variant_new_string (text) : NULL;
}

/* Returns: (transfer floating) (nullable): %NULL after an error */
static GVariant *
read_value (FloeJsonReader *reader, const FloeSettingKey *key)
{
  switch (key->kind)
    {
    case FLOE_SETTING_INT:
      return g_variant_new_int64 (
          floe_json_reader_get_int_or (reader, key->name, key->least, key->most, key->least));
    case FLOE_SETTING_WORDS:
      return read_words (reader, key);
    case FLOE_SETTING_TEXT:
    case FLOE_SETTING_WORD:
    default:
      return read_text (reader, key);
    }
}

/**
 * floe_setting_values_read:
 * @name: a member that must be an object
 *
 * Returns: (transfer full): "a{sv}"; what else is wrong with it than its form is not looked at
 */
GVariant *
floe_setting_values_read (FloeJsonReader *reader, const gchar *name)
{
  GVariantBuilder builder;
  guint n_keys;
  const FloeSettingKey *keys = floe_setting_keys (&n_keys);

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  floe_json_reader_enter (reader, name);
  for (guint i = 0; i < n_keys; i++)
    {
      GVariant *value =
          floe_json_reader_has (reader, keys[i].name) ? read_value (reader, &keys[i]) : NULL;

      if (value != NULL)
        g_variant_builder_add (&builder, "{sv}", keys[i].name, value);
    }
  floe_json_reader_leave (reader);
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/**
 * floe_setting_values_write:
 * @values: "a{sv}", valid
 */
void
floe_setting_values_write (FloeJsonWriter *writer, const gchar *name, GVariant *values)
{
  GVariantIter iter;
  const gchar *key;
  GVariant *value;

  floe_json_writer_begin_object (writer, name);
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
      floe_json_writer_int (writer, key, g_variant_get_int64 (value));
    else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
      floe_json_writer_string (writer, key, g_variant_get_string (value, NULL));
    else
      {
        g_autofree const gchar **words = g_variant_get_strv (value, NULL);

        floe_json_writer_strings (writer, key, words);
      }
  floe_json_writer_end_object (writer);
}
