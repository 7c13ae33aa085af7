/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "settings/managed.h"

#include <glib/gi18n.h>
#include <string.h>

#include "api/url.h"
#include "settings/settings.h"

struct _FloeManaged
{
  GObject parent_instance;

  GSettingsSchema *schema;
  GHashTable *values;   /* key to GVariant */
  GHashTable *defaults; /* likewise */
  GPtrArray *problems;  /* of sentences */
};

enum
{
  SIGNAL_DEFAULT_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeManaged, floe_managed, G_TYPE_OBJECT)

/* Keys of which not every text makes sense; others are as wide as their type. */

static gboolean
is_server (const gchar *text)
{
  g_autofree gchar *url = floe_url_normalize (text, NULL);

  return *text == '\0' || url != NULL;
}

static gboolean
is_path (const gchar *text)
{
  return *text == '\0' || g_path_is_absolute (text);
}

static gboolean
is_layout (const gchar *text)
{
  return *text == '\0' || g_regex_match_simple ("^[a-z]+(\\([A-Za-z0-9_-]+\\))?$", text, 0, 0);
}

static gboolean
is_language (const gchar *text)
{
  return *text == '\0' || g_regex_match_simple ("^[a-z]{2,3}(_[A-Z]{2})?$", text, 0, 0);
}

static const struct
{
  const gchar *key;
  gboolean (*test) (const gchar *text);
  const gchar *expected;
} rules[] = {
  { FLOE_SETTING_SERVER, is_server, N_ ("an address such as https://desktops.example.org") },
  { FLOE_SETTING_CA_FILE, is_path, N_ ("a path that begins with “/”") },
  { FLOE_SETTING_SHARED_FOLDER, is_path, N_ ("a path that begins with “/”") },
  { FLOE_SETTING_KEYBOARD_LAYOUT, is_layout, N_ ("a layout such as “de” or “fr(oss)”") },
  { FLOE_SETTING_LANGUAGE, is_language, N_ ("a language such as “de” or “pt_BR”") },
};

/* choices_of: what the schema lets a key be, or NULL for anything of its type */
static GStrv
choices_of (GSettingsSchemaKey *key)
{
  g_autoptr (GVariant) range = g_settings_schema_key_get_range (key);
  g_autoptr (GVariant) detail = NULL;
  const gchar *kind;

  g_variant_get (range, "(&sv)", &kind, &detail);
  return g_str_equal (kind, "enum") ? g_variant_dup_strv (detail, NULL) : NULL;
}

static GVariant *
list_from_text (const gchar *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_variant_builder_add (&builder, "s", parts[i]);
  return g_variant_builder_end (&builder);
}

/* value_of: the value that a text means, or NULL, and then what was expected */
static GVariant *
value_of (GSettingsSchemaKey *key, const gchar *text, gchar **expected)
{
  const GVariantType *type = g_settings_schema_key_get_value_type (key);
  const gchar *name = g_settings_schema_key_get_name (key);
  g_auto (GStrv) choices = choices_of (key);

  if (g_variant_type_equal (type, G_VARIANT_TYPE_BOOLEAN))
    {
      *expected = g_strdup (_ ("true or false"));
      if (g_str_equal (text, "true") || g_str_equal (text, "false"))
        return g_variant_new_boolean (*text == 't');
      return NULL;
    }
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING_ARRAY))
    return list_from_text (text);
  if (choices != NULL && !g_strv_contains ((const gchar *const *)choices, text))
    {
      g_autofree gchar *joined = g_strjoinv (", ", choices);

      /* TRANSLATORS: the argument is a list of words that are not translated */
      *expected = g_strdup_printf (_ ("one of %s"), joined);
      return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_str_equal (rules[i].key, name) && !rules[i].test (text))
      {
        *expected = g_strdup (_ (rules[i].expected));
        return NULL;
      }
  return g_variant_new_string (text);
}

/**
 * floe_managed_set_text:
 * @self: the settings
 * @key: a key, which need not be one
 * @text: its value as it stands in a file
 * @problem: (out) (optional): what is wrong, a sentence without a full stop
 *
 * Who is first has a key.
 *
 * Returns: whether the key is managed now, with this value
 */
gboolean
floe_managed_set_text (FloeManaged *self, const gchar *key, const gchar *text, gchar **problem)
{
  g_autoptr (GSettingsSchemaKey) described = NULL;
  g_autofree gchar *expected = NULL;
  g_autofree gchar *trouble = NULL;
  GVariant *value = NULL;

  g_return_val_if_fail (FLOE_IS_MANAGED (self), FALSE);

  if (!g_settings_schema_has_key (self->schema, key))
    trouble = g_strdup_printf (_ ("there is no setting “%s”"), key);
  else if (g_hash_table_contains (self->values, key))
    trouble = g_strdup_printf (_ ("“%s” is set before already"), key);
  else
    {
      described = g_settings_schema_get_key (self->schema, key);
      value = value_of (described, text, &expected);
      if (value == NULL)
        /* TRANSLATORS: the name of a setting, what stands in a file, and what should */
        trouble = g_strdup_printf (_ ("%s: got “%.100s”, expected %s"), key, text, expected);
    }
  if (value != NULL)
    g_hash_table_insert (self->values, g_strdup (key), g_variant_ref_sink (value));
  else if (problem != NULL)
    *problem = g_steal_pointer (&trouble);
  return value != NULL;
}

/* Whether a key has this value in the table, or neither is anything. */
static gboolean
is_same (GHashTable *table, const gchar *key, GVariant *value)
{
  GVariant *before = g_hash_table_lookup (table, key);

  return value != NULL && before != NULL ? g_variant_equal (before, value) : before == value;
}

/**
 * floe_managed_set_default:
 * @self: the settings
 * @key: a key of the schema
 * @text: (nullable): its value as it would stand in a file; %NULL for the schema's own
 * @problem: (out) (optional): what is wrong, as of floe_managed_set_text()
 *
 * Says what a key is where neither the file nor a person decides it. This may change at any time.
 *
 * Returns: whether the text could be taken; if not, it is the schema's own
 */
gboolean
floe_managed_set_default (FloeManaged *self, const gchar *key, const gchar *text, gchar **problem)
{
  g_autoptr (GSettingsSchemaKey) described = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autofree gchar *expected = NULL;

  g_return_val_if_fail (FLOE_IS_MANAGED (self), FALSE);
  g_return_val_if_fail (g_settings_schema_has_key (self->schema, key), FALSE);

  described = g_settings_schema_get_key (self->schema, key);
  if (text != NULL)
    value = value_of (described, text, &expected);
  if (value != NULL)
    g_variant_ref_sink (value);
  else if (text != NULL && problem != NULL)
    *problem = g_strdup_printf (_ ("%s: got “%.100s”, expected %s"), key, text, expected);
  if (is_same (self->defaults, key, value))
    return text == NULL || value != NULL;
  if (value != NULL)
    g_hash_table_insert (self->defaults, g_strdup (key), g_variant_ref (value));
  else
    g_hash_table_remove (self->defaults, key);
  g_signal_emit (self, signals[SIGNAL_DEFAULT_CHANGED], 0, key);
  return text == NULL || value != NULL;
}

void
floe_managed_add_problem (FloeManaged *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_MANAGED (self));

  g_ptr_array_add (self->problems, g_strdup (text));
}

/**
 * floe_managed_lookup:
 * @self: the settings
 * @key: a key
 *
 * Returns: (transfer none) (nullable): what it is, or %NULL if it is the person's own
 */
GVariant *
floe_managed_lookup (FloeManaged *self, const gchar *key)
{
  g_return_val_if_fail (FLOE_IS_MANAGED (self), NULL);

  return g_hash_table_lookup (self->values, key);
}

/**
 * floe_managed_lookup_default:
 * @self: the settings
 * @key: a key
 *
 * Returns: (transfer none) (nullable): what it is where nobody decides it, or %NULL for what the
 *   schema says
 */
GVariant *
floe_managed_lookup_default (FloeManaged *self, const gchar *key)
{
  g_return_val_if_fail (FLOE_IS_MANAGED (self), NULL);

  return g_hash_table_lookup (self->defaults, key);
}

guint
floe_managed_count (FloeManaged *self)
{
  g_return_val_if_fail (FLOE_IS_MANAGED (self), 0);

  return g_hash_table_size (self->values);
}

/**
 * floe_managed_get_problems:
 * @self: the settings
 *
 * Returns: (transfer none) (element-type utf8): what could not be taken, each with its file and
 * line
 */
GPtrArray *
floe_managed_get_problems (FloeManaged *self)
{
  g_return_val_if_fail (FLOE_IS_MANAGED (self), NULL);

  return self->problems;
}

/**
 * floe_managed_new:
 * @schema: whose keys they are
 *
 * Returns: (transfer full): settings of which none is managed
 */
FloeManaged *
floe_managed_new (GSettingsSchema *schema)
{
  FloeManaged *self = g_object_new (FLOE_TYPE_MANAGED, NULL);

  self->schema = g_settings_schema_ref (schema);
  return self;
}

static void
floe_managed_finalize (GObject *object)
{
  FloeManaged *self = FLOE_MANAGED (object);

  g_clear_pointer (&self->schema, g_settings_schema_unref);
  g_hash_table_unref (self->values);
  g_hash_table_unref (self->defaults);
  g_ptr_array_unref (self->problems);
  G_OBJECT_CLASS (floe_managed_parent_class)->finalize (object);
}

static void
floe_managed_class_init (FloeManagedClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_managed_finalize;
  signals[SIGNAL_DEFAULT_CHANGED] =
      g_signal_new ("default-changed", FLOE_TYPE_MANAGED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
floe_managed_init (FloeManaged *self)
{
  self->values =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_variant_unref);
  self->defaults =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_variant_unref);
  self->problems = g_ptr_array_new_with_free_func (g_free);
}
