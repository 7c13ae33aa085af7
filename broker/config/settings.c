/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/settings.h"

#include "config/file.h"
#include "config/ini.h"
#include "config/pem.h"
#include "config/settings-keys.h"
#include "config/settings-loader.h"
#include "config/settings-values.h"

#include <string.h>

#define MAX_BYTES (1024 * 1024)

/* What of a value is repeated in a problem, so that a slip of the pen fills no screen. */
#define MAX_SHOWN 120

typedef FloeSettingsLoader Loader;

static gboolean
may_show (const FloeSettingsKey *key, const gchar *value)
{
  const gchar *authority = strstr (value, "://");
  const gchar *at = authority != NULL ? strchr (authority + 3, '@') : NULL;

  if ((key->discreet && !g_path_is_absolute (value)) || strstr (value, "password=") != NULL)
    return FALSE;
  return at == NULL || memchr (authority + 3, ':', at - authority - 3) == NULL;
}

/* kind_of: what the keys of a section are listed under, of which there may be several by name */
static const gchar *
kind_of (const FloeIniSection *section)
{
  static const gchar *const named[] = { "host", "directory", "manager" };

  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    if (g_str_has_prefix (section->name, named[i]) && section->name[strlen (named[i])] == ' ')
      return named[i];
  return section->name;
}

/* One problem in the one form that all of them have. */
void
floe_settings_add_problem (Loader *loader, const FloeIniSection *section, const FloeIniEntry *entry,
                           const gchar *value, const gchar *expected, const gchar *why)
{
  const FloeSettingsKey *key = floe_settings_find_key (kind_of (section), entry->key);
  g_autofree gchar *shown = NULL;

  if (!may_show (key, value))
    shown = g_strdup ("a value that is not shown");
  else if (g_utf8_strlen (value, -1) > MAX_SHOWN)
    {
      g_autofree gchar *start = g_utf8_substring (value, 0, MAX_SHOWN);

      shown = g_strdup_printf ("\"%s…\"", start);
    }
  else
    shown = g_strdup_printf ("\"%s\"", value);
  floe_problems_add (loader->problems, entry->line, "[%s] %s: got %s, expected %s%s%s",
                     section->name, entry->key, shown, expected, why != NULL ? ": " : "",
                     why != NULL ? why : "");
}

static void
add_value_problem (Loader *loader, const FloeSettingsKey *key, const FloeIniSection *section,
                   const FloeIniEntry *entry, const gchar *value, const gchar *why)
{
  g_autofree gchar *expected = floe_settings_key_expectation (key);

  floe_settings_add_problem (loader, section, entry, value, expected, why);
}

static GStrv
split_list (const gchar *value)
{
  GStrv items = g_strsplit (value, ";", -1);

  for (guint i = 0; items[i] != NULL; i++)
    g_strstrip (items[i]);
  return items;
}

/* Reads one value that is no list into its field; FALSE when its type does not fit, with a number
 * left as it was. */
static gboolean
read_scalar (const FloeSettingsKey *key, const gchar *value, gpointer field)
{
  guint64 number;
  guint seconds;

  switch (key->type)
    {
    case FLOE_KEY_BOOLEAN:
      *(gboolean *)field = g_str_equal (value, "yes");
      return *(gboolean *)field || g_str_equal (value, "no");
    case FLOE_KEY_NUMBER:
      if (!g_ascii_string_to_unsigned (value, 10, key->min, key->max, &number, NULL))
        return FALSE;
      *(guint *)field = number;
      return TRUE;
    case FLOE_KEY_DURATION:
      if (!floe_settings_parse_duration (value, &seconds) || seconds < key->min
          || seconds > key->max)
        return FALSE;
      *(guint *)field = seconds;
      return TRUE;
    case FLOE_KEY_CERTIFICATES:
      *(gchar **)field = floe_pem_read_certificates (value, NULL);
      return *(gchar **)field != NULL;
    case FLOE_KEY_STRING:
      *(gchar **)field = g_strdup (value);
      return TRUE;
    case FLOE_KEY_LIST:
    default:
      g_return_val_if_reached (FALSE);
    }
}

static void
read_list (Loader *loader, const FloeSettingsKey *key, const FloeIniSection *section,
           const FloeIniEntry *entry, GStrv *field)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) items = split_list (entry->value);

  for (guint i = 0; items[i] != NULL; i++)
    {
      g_autofree gchar *why = NULL;

      if (*items[i] == '\0' || (key->check != NULL && !key->check (items[i], &why)))
        add_value_problem (loader, key, section, entry, items[i], why);
      else if (!g_hash_table_add (seen, items[i]))
        add_value_problem (loader, key, section, entry, items[i], "it is given twice");
    }
  *field = g_steal_pointer (&items);
}

static void
read_entry (Loader *loader, const FloeSettingsKey *key, const FloeIniSection *section,
            const FloeIniEntry *entry, gpointer target)
{
  gpointer field = (guint8 *)target + key->offset;
  g_autofree gchar *why = NULL;

  if (*entry->value == '\0')
    add_value_problem (loader, key, section, entry, entry->value, NULL);
  else if (key->type == FLOE_KEY_LIST)
    read_list (loader, key, section, entry, field);
  else if ((key->check != NULL && !key->check (entry->value, &why))
           || !read_scalar (key, entry->value, field))
    add_value_problem (loader, key, section, entry, entry->value, why);
}

static void
report_missing (Loader *loader, const FloeSettingsKey *key, const FloeIniSection *section)
{
  g_autofree gchar *expected = floe_settings_key_expectation (key);

  floe_problems_add (loader->problems, section != NULL ? section->line : 0,
                     "[%s] %s: missing, expected %s",
                     section != NULL ? section->name : key->section, key->key, expected);
}

/* Fills @target with what the file's section says, and with defaults for the rest. */
static void
read_section (Loader *loader, const gchar *kind, const FloeIniSection *section, gpointer target)
{
  guint n_keys;
  const FloeSettingsKey *keys = floe_settings_keys (&n_keys);

  for (guint i = 0; i < n_keys; i++)
    {
      const FloeIniEntry *entry = floe_ini_section_find (section, keys[i].key);

      if (!g_str_equal (keys[i].section, kind))
        continue;
      if (entry != NULL)
        read_entry (loader, &keys[i], section, entry, target);
      else if (keys[i].required)
        report_missing (loader, &keys[i], section);
      else if (keys[i].fallback != NULL)
        read_scalar (&keys[i], keys[i].fallback, (guint8 *)target + keys[i].offset);
    }
}

static void
report_unknown_keys (Loader *loader, const gchar *kind, const FloeIniSection *section)
{
  for (guint i = 0; i < section->entries->len; i++)
    {
      const FloeIniEntry *entry = section->entries->pdata[i];
      const gchar *nearest;

      if (floe_settings_find_key (kind, entry->key) != NULL)
        continue;
      nearest = floe_settings_nearest_key (kind, entry->key);
      if (nearest != NULL)
        floe_problems_add (loader->problems, entry->line,
                           "[%s] %s: unknown key, did you mean \"%s\"?", section->name, entry->key,
                           nearest);
      else
        floe_problems_add (loader->problems, entry->line,
                           "[%s] %s: unknown key, expected one of floe-broker.conf(5)",
                           section->name, entry->key);
    }
}

static void
report_unknown_section (Loader *loader, const FloeIniSection *section)
{
  const gchar *nearest = floe_settings_nearest_section (section->name);

  if (g_str_equal (section->name, "host") || g_str_equal (section->name, "manager"))
    floe_problems_add (loader->problems, section->line,
                       "[%s]: expected a name in it, such as [%s alpha]", section->name,
                       section->name);
  else if (nearest != NULL)
    floe_problems_add (loader->problems, section->line, "[%s]: unknown section, did you mean [%s]?",
                       section->name, nearest);
  else
    floe_problems_add (loader->problems, section->line,
                       "[%s]: unknown section, expected one of floe-broker.conf(5)", section->name);
}

/* Returns: what stands behind the kind */
static gchar *
read_name (Loader *loader, const FloeIniSection *section)
{
  gchar *name = g_strstrip (g_strdup (strchr (section->name, ' ')));
  gsize length = strlen (name);

  if (length < 1 || length > 32 || strspn (name, G_CSET_a_2_z G_CSET_DIGITS "-") != length)
    floe_problems_add (loader->problems, section->line,
                       "[%s]: got \"%s\", expected a name of 1 to 32 characters of a-z, 0-9 and -",
                       section->name, name);
  return name;
}

static void
read_host (Loader *loader, const FloeIniSection *section)
{
  FloeHostSettings *host = g_new0 (FloeHostSettings, 1);

  host->name = read_name (loader, section);
  read_section (loader, "host", section, host);
  report_unknown_keys (loader, "host", section);
  g_ptr_array_add (loader->settings->hosts, host);
}

static void
read_manager (Loader *loader, const FloeIniSection *section)
{
  FloeManagerSettings *manager = g_new0 (FloeManagerSettings, 1);

  manager->name = read_name (loader, section);
  read_section (loader, "manager", section, manager);
  report_unknown_keys (loader, "manager", section);
  g_ptr_array_add (loader->settings->managers, manager);
}

static void
read_directory (Loader *loader, const FloeIniSection *section)
{
  /* What stands before a colon where no directory is meant. */
  static const gchar *const taken[] = { "sid", "uuid", "terminal", "terminals", NULL };
  FloeDirectorySettings *directory = g_new0 (FloeDirectorySettings, 1);

  directory->name = read_name (loader, section);
  if (g_strv_contains (taken, directory->name))
    floe_problems_add (loader->problems, section->line,
                       "[%s]: got \"%s\", expected a name that means nothing else before a colon",
                       section->name, directory->name);
  read_section (loader, "directory", section, directory);
  report_unknown_keys (loader, "directory", section);
  g_ptr_array_add (loader->settings->more_directories, directory);
}

const FloeIniSection *
floe_settings_find_section (const Loader *loader, const gchar *name)
{
  for (guint i = 0; i < loader->sections->len; i++)
    {
      const FloeIniSection *section = loader->sections->pdata[i];

      if (g_str_equal (section->name, name))
        return section;
    }
  return NULL;
}

/* is_single: a section that the table has, and that is there once */
static gboolean
is_single (const gchar *name)
{
  return floe_settings_has_section (name) && !g_str_equal (name, "host")
         && !g_str_equal (name, "manager");
}

static void
read_single (Loader *loader, const gchar *name)
{
  gpointer target = g_str_equal (name, "directory") ? (gpointer)loader->settings->directory
                                                    : (gpointer)loader->settings;

  read_section (loader, name, floe_settings_find_section (loader, name), target);
}

static void
read_sections (Loader *loader)
{
  guint n_keys;
  const FloeSettingsKey *keys = floe_settings_keys (&n_keys);

  for (guint i = 0; i < n_keys; i++)
    if (is_single (keys[i].section)
        && (i == 0 || !g_str_equal (keys[i].section, keys[i - 1].section)))
      read_single (loader, keys[i].section);
  for (guint i = 0; i < loader->sections->len; i++)
    {
      const FloeIniSection *section = loader->sections->pdata[i];

      if (g_str_has_prefix (section->name, "host "))
        read_host (loader, section);
      else if (g_str_has_prefix (section->name, "manager "))
        read_manager (loader, section);
      else if (g_str_has_prefix (section->name, "directory "))
        read_directory (loader, section);
      else if (is_single (section->name))
        report_unknown_keys (loader, section->name, section);
      else
        report_unknown_section (loader, section);
    }
}

static void
load_bytes (Loader *loader, const gchar *bytes, gsize length)
{
  g_autoptr (GPtrArray) sections = floe_ini_parse (bytes, length, loader->problems);

  loader->sections = sections;
  read_sections (loader);
  floe_settings_check_whole (loader);
}

/**
 * floe_settings_load:
 * @path: the configuration file, as floe-broker.conf(5) describes it
 * @problems: (out) (element-type utf8) (transfer full): everything that is wrong, in the order of
 *   the file, each `FILE:LINE: [section] key: got "x", expected ...`; empty when nothing is
 *
 * Blocks on the file and on the files that it names; for the start of the program.
 *
 * Returns: (transfer full) (nullable): the settings, or %NULL when there are problems
 */
FloeSettings *
floe_settings_load (const gchar *path, GPtrArray **problems)
{
  g_autoptr (FloeProblems) found = floe_problems_new (path);
  g_autoptr (FloeSettings) settings = floe_settings_new ();
  g_autoptr (GError) error = NULL;
  g_autofree gchar *bytes = NULL;
  Loader loader = { .problems = found, .settings = settings };
  gsize length = 0;

  bytes = floe_file_read (path, MAX_BYTES, &length, &error);
  if (bytes == NULL)
    floe_problems_add (found, 0, "expected a configuration file that can be read: %s",
                       error->message);
  else
    load_bytes (&loader, bytes, length);
  *problems = floe_problems_to_strings (found);
  return floe_problems_count (found) == 0 ? g_steal_pointer (&settings) : NULL;
}

/**
 * floe_settings_report_problems:
 * @problems: (element-type utf8): from floe_settings_load()
 * @stream: where to, usually standard error
 *
 * Writes one a line.
 */
void
floe_settings_report_problems (GPtrArray *problems, FILE *stream)
{
  for (guint i = 0; i < problems->len; i++)
    fprintf (stream, "%s\n", (const gchar *)problems->pdata[i]);
}
