/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "exposition-reader.h"

#include <math.h>
#include <string.h>

#define NAME_CHARS G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_"

static void
sample_free (gpointer data)
{
  ReadSample *sample = data;

  g_free (sample->name);
  g_ptr_array_unref (sample->labels);
  g_free (sample);
}

void
exposition_free (Exposition *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->types);
  g_hash_table_unref (self->helps);
  g_ptr_array_unref (self->samples);
  g_free (self);
}

/* Takes a name from the start of *at and moves there. */
static gchar *
take_name (const gchar **at)
{
  gsize length = strspn (*at, NAME_CHARS ":");
  gchar *name = g_strndup (*at, length);

  g_assert_cmpuint (length, >, 0);
  g_assert_false (g_ascii_isdigit (name[0]));
  *at += length;
  return name;
}

static void
expect (const gchar **at, const gchar *text)
{
  g_assert_true (g_str_has_prefix (*at, text));
  *at += strlen (text);
}

static gchar *
take_quoted (const gchar **at)
{
  GString *value = g_string_new (NULL);

  expect (at, "\"");
  for (; **at != '"'; (*at)++)
    {
      g_assert_cmpint (**at, !=, '\0');
      if (**at != '\\')
        {
          g_string_append_c (value, **at);
          continue;
        }
      (*at)++;
      g_assert_nonnull (memchr ("\\\"n", **at, 3));
      g_string_append_c (value, **at == 'n' ? '\n' : **at);
    }
  expect (at, "\"");
  return g_string_free (value, FALSE);
}

static void
read_labels (ReadSample *sample, const gchar **at)
{
  if (**at != '{')
    return;
  do
    {
      (*at)++;
      g_ptr_array_add (sample->labels, take_name (at));
      expect (at, "=");
      g_ptr_array_add (sample->labels, take_quoted (at));
    }
  while (**at == ',');
  expect (at, "}");
}

static gdouble
read_number (const gchar *text)
{
  gchar *end;
  gdouble value;

  if (strcmp (text, "+Inf") == 0)
    return INFINITY;
  if (strcmp (text, "-Inf") == 0)
    return -INFINITY;
  if (strcmp (text, "NaN") == 0)
    return NAN;
  g_assert_cmpuint (strspn (text, "0123456789+-.e"), ==, strlen (text));
  value = g_ascii_strtod (text, &end);
  g_assert_true (end > text && *end == '\0');
  return value;
}

gchar *
exposition_metric_of (const Exposition *self, const ReadSample *sample)
{
  static const gchar *const suffixes[] = { "_bucket", "_sum", "_count" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree gchar *name = g_strdup (sample->name);

      if (!g_str_has_suffix (name, suffixes[i]))
        continue;
      name[strlen (name) - strlen (suffixes[i])] = '\0';
      if (g_strcmp0 (g_hash_table_lookup (self->types, name), "histogram") == 0)
        return g_steal_pointer (&name);
    }
  return g_strdup (sample->name);
}

static void
read_comment (Exposition *self, const gchar *line, gchar **current)
{
  const gchar *at = line;
  gboolean is_help = g_str_has_prefix (line, "# HELP ");
  GHashTable *into = is_help ? self->helps : self->types;
  g_autofree gchar *name = NULL;

  expect (&at, is_help ? "# HELP " : "# TYPE ");
  name = take_name (&at);
  expect (&at, " ");
  g_assert_cmpuint (strlen (at), >, 0);
  if (is_help)
    g_assert_false (g_hash_table_contains (self->types, name));
  else
    g_assert_true (
        g_strv_contains (((const gchar *const[]){ "counter", "gauge", "histogram", NULL }), at));
  g_assert_true (g_hash_table_insert (into, g_strdup (name), g_strdup (at)));
  g_free (*current);
  *current = g_steal_pointer (&name);
}

static void
read_sample (Exposition *self, const gchar *line, const gchar *current)
{
  ReadSample *sample = g_new0 (ReadSample, 1);
  g_autofree gchar *metric = NULL;
  const gchar *at = line;

  sample->labels = g_ptr_array_new_with_free_func (g_free);
  sample->name = take_name (&at);
  read_labels (sample, &at);
  expect (&at, " ");
  sample->value = read_number (at);
  g_ptr_array_add (self->samples, sample);
  /* All of a metric stands together, behind its type. */
  metric = exposition_metric_of (self, sample);
  g_assert_cmpstr (metric, ==, current);
  g_assert_true (g_hash_table_contains (self->types, metric));
  g_assert_true (g_hash_table_contains (self->helps, metric));
}

const gchar *
exposition_label (const ReadSample *sample, const gchar *name)
{
  for (guint i = 0; i + 1 < sample->labels->len; i += 2)
    if (strcmp (sample->labels->pdata[i], name) == 0)
      return sample->labels->pdata[i + 1];
  return NULL;
}

/* name and labels, but for the bucket */
static gchar *
spell (const ReadSample *sample, gboolean with_bucket)
{
  GString *text = g_string_new (sample->name);
  const gchar *between = "{";

  for (guint i = 0; i < sample->labels->len; i += 2)
    {
      if (!with_bucket && strcmp (sample->labels->pdata[i], "le") == 0)
        continue;
      g_string_append_printf (text, "%s%s=\"%s\"", between, (gchar *)sample->labels->pdata[i],
                              (gchar *)sample->labels->pdata[i + 1]);
      between = ",";
    }
  if (*between == ',')
    g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static void
check_no_twins (const Exposition *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->samples->len; i++)
    g_assert_true (g_hash_table_add (seen, spell (self->samples->pdata[i], TRUE)));
}

/* Bounds and counts of a histogram ascend; its last bucket is of infinity and counts all. */
static void
check_buckets (const Exposition *self)
{
  g_autofree gchar *series = g_strdup ("");
  gdouble bound = -INFINITY, count = 0;

  for (guint i = 0; i < self->samples->len; i++)
    {
      const ReadSample *sample = self->samples->pdata[i];
      const gchar *le = exposition_label (sample, "le");
      g_autofree gchar *name = spell (sample, FALSE);

      if (le == NULL)
        {
          if (g_str_has_suffix (sample->name, "_count") && bound == INFINITY)
            g_assert_cmpfloat (sample->value, ==, count);
          continue;
        }
      if (strcmp (name, series) != 0)
        {
          bound = -INFINITY;
          count = 0;
        }
      g_assert_cmpfloat (read_number (le), >, bound);
      g_assert_cmpfloat (sample->value, >=, count);
      bound = read_number (le);
      count = sample->value;
      g_free (series);
      series = g_steal_pointer (&name);
      if (i + 1 < self->samples->len
          && exposition_label (self->samples->pdata[i + 1], "le") == NULL)
        g_assert_cmpfloat (bound, ==, INFINITY);
    }
}

Exposition *
exposition_read (const gchar *text)
{
  Exposition *self = g_new0 (Exposition, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree gchar *current = NULL;

  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->helps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->samples = g_ptr_array_new_with_free_func (sample_free);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (*text == '\0' || g_str_has_suffix (text, "\n"));
  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    if (lines[i][0] == '#')
      read_comment (self, lines[i], &current);
    else
      read_sample (self, lines[i], current);
  check_no_twins (self);
  check_buckets (self);
  return self;
}

static const ReadSample *
find (const Exposition *self, const gchar *name, const gchar *labels)
{
  g_autofree gchar *wanted = g_strconcat (name, labels, NULL);

  for (guint i = 0; i < self->samples->len; i++)
    {
      g_autofree gchar *spelled = spell (self->samples->pdata[i], TRUE);

      if (strcmp (spelled, wanted) == 0)
        return self->samples->pdata[i];
    }
  return NULL;
}

gboolean
exposition_has (const Exposition *self, const gchar *name, const gchar *labels)
{
  return find (self, name, labels) != NULL;
}

gdouble
exposition_get (const Exposition *self, const gchar *name, const gchar *labels)
{
  const ReadSample *sample = find (self, name, labels);

  if (sample == NULL)
    g_test_message ("there is no %s%s", name, labels);
  g_assert_nonnull (sample);
  return sample->value;
}
