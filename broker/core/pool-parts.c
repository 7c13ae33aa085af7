/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool.h"

#include "core/error.h"

/* The parts of a pool that are no columns of the store's: one text, a key file, which an
 * administrator who looks into the database can read. */

#define GROUP    "pool"
#define TEMPLATE "template"

static const gchar *const act_names[] = { "keep", "lock", "log-off", "shut-down", "reset" };
static const gchar *const personality_names[] = { "none", "cloud-init", "agent" };

const gchar *
floe_pool_act_name (FloePoolAct act)
{
  return (guint)act < G_N_ELEMENTS (act_names) ? act_names[act] : "unknown";
}

static gboolean
find_name (const gchar *const *names, guint n, const gchar *name, guint *found)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (names[i], name) == 0)
      {
        *found = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
floe_pool_act_from_name (const gchar *name, FloePoolAct *act)
{
  guint found = 0;
  gboolean ok = find_name (act_names, G_N_ELEMENTS (act_names), name, &found);

  if (ok)
    *act = (FloePoolAct)found;
  return ok;
}

const gchar *
floe_personality_name (FloePersonality personality)
{
  return (guint)personality < G_N_ELEMENTS (personality_names) ? personality_names[personality]
                                                               : "unknown";
}

gboolean
floe_personality_from_name (const gchar *name, FloePersonality *personality)
{
  guint found = 0;
  gboolean ok = find_name (personality_names, G_N_ELEMENTS (personality_names), name, &found);

  if (ok)
    *personality = (FloePersonality)found;
  return ok;
}

/**
 * floe_template_new:
 *
 * Returns: (transfer full): a template of at least none and at most ten desktops; the maker fills
 *   it before it lets go of it
 */
FloeTemplate *
floe_template_new (const gchar *domain, const gchar *storage, const gchar *prefix)
{
  FloeTemplate *self = g_new0 (FloeTemplate, 1);

  self->domain = g_strdup (domain);
  self->storage = g_strdup (storage);
  self->prefix = g_strdup (prefix);
  self->maximum = 10;
  self->canary_percent = FLOE_POOL_CANARY_PERCENT;
  return self;
}

FloeTemplate *
floe_template_copy (const FloeTemplate *self)
{
  FloeTemplate *copy = g_new0 (FloeTemplate, 1);

  *copy = *self;
  copy->domain = g_strdup (self->domain);
  copy->storage = g_strdup (self->storage);
  copy->prefix = g_strdup (self->prefix);
  copy->first_boot = g_strdup (self->first_boot);
  copy->last_words = g_strdup (self->last_words);
  return copy;
}

void
floe_template_free (FloeTemplate *self)
{
  if (self == NULL)
    return;
  g_free (self->domain);
  g_free (self->storage);
  g_free (self->prefix);
  g_free (self->first_boot);
  g_free (self->last_words);
  g_free (self);
}

/**
 * floe_pool_keeps_data:
 *
 * Returns: whether anything that its user does is kept after log-out
 */
gboolean
floe_pool_keeps_data (const FloePool *self)
{
  return self->kind != FLOE_POOL_FLOATING || self->data_gib > 0;
}

typedef struct
{
  const gchar *key;
  gsize offset;
} Number;

static const Number numbers[] = {
  { "per_user", G_STRUCT_OFFSET (FloePool, per_user) },
  { "spares", G_STRUCT_OFFSET (FloePool, spares) },
  { "data_gib", G_STRUCT_OFFSET (FloePool, data_gib) },
  { "host_loss_seconds", G_STRUCT_OFFSET (FloePool, host_loss_seconds) },
  { "idle_seconds", G_STRUCT_OFFSET (FloePool, idle_seconds) },
  { "limit_seconds", G_STRUCT_OFFSET (FloePool, limit_seconds) },
};

static const Number acts[] = {
  { "on_disconnect", G_STRUCT_OFFSET (FloePool, on_disconnect) },
  { "on_log_off", G_STRUCT_OFFSET (FloePool, on_log_off) },
  { "on_shut_down", G_STRUCT_OFFSET (FloePool, on_shut_down) },
  { "on_idle", G_STRUCT_OFFSET (FloePool, on_idle) },
  { "on_limit", G_STRUCT_OFFSET (FloePool, on_limit) },
};

static const Number template_numbers[] = {
  { "minimum", G_STRUCT_OFFSET (FloeTemplate, minimum) },
  { "maximum", G_STRUCT_OFFSET (FloeTemplate, maximum) },
  { "canary_percent", G_STRUCT_OFFSET (FloeTemplate, canary_percent) },
};

static const Number template_texts[] = {
  { "domain", G_STRUCT_OFFSET (FloeTemplate, domain) },
  { "storage", G_STRUCT_OFFSET (FloeTemplate, storage) },
  { "prefix", G_STRUCT_OFFSET (FloeTemplate, prefix) },
  { "first_boot", G_STRUCT_OFFSET (FloeTemplate, first_boot) },
  { "last_words", G_STRUCT_OFFSET (FloeTemplate, last_words) },
};

static void
pack_windows (GKeyFile *file, const GArray *windows)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; i < windows->len; i++)
    {
      const FloeSpareWindow *w = &g_array_index (windows, FloeSpareWindow, i);
      g_autofree gchar *text =
          g_strdup_printf ("%u %u %u %u", w->days, w->from_minute, w->to_minute, w->spares);

      g_strv_builder_add (builder, text);
    }
  list = g_strv_builder_end (builder);
  if (windows->len > 0)
    g_key_file_set_string_list (file, GROUP, "windows", (const gchar *const *)list, windows->len);
}

static void
pack_template (GKeyFile *file, const FloeTemplate *template)
{
  for (guint i = 0; i < G_N_ELEMENTS (template_texts); i++)
    {
      const gchar *text = G_STRUCT_MEMBER (gchar *, template, template_texts[i].offset);

      if (text != NULL)
        g_key_file_set_string (file, TEMPLATE, template_texts[i].key, text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (template_numbers); i++)
    g_key_file_set_uint64 (file, TEMPLATE, template_numbers[i].key,
                           G_STRUCT_MEMBER (guint, template, template_numbers[i].offset));
  g_key_file_set_boolean (file, TEMPLATE, "shared", template->shared);
  g_key_file_set_string (file, TEMPLATE, "personality",
                         floe_personality_name (template->personality));
}

/**
 * floe_pool_pack:
 *
 * Returns: (transfer full): all that is no column of the store's: what floe_pool_unpack() reads
 */
gchar *
floe_pool_pack (const FloePool *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_key_file_set_uint64 (file, GROUP, numbers[i].key,
                           G_STRUCT_MEMBER (guint, self, numbers[i].offset));
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    g_key_file_set_string (
        file, GROUP, acts[i].key,
        floe_pool_act_name (G_STRUCT_MEMBER (FloePoolAct, self, acts[i].offset)));
  g_key_file_set_boolean (file, GROUP, "drain", self->drain);
  if (self->message != NULL)
    g_key_file_set_string (file, GROUP, "message", self->message);
  pack_windows (file, self->windows);
  if (self->template != NULL)
    pack_template (file, self->template);
  return g_key_file_to_data (file, NULL, NULL);
}

static void
unpack_windows (FloePool *self, GKeyFile *file)
{
  g_auto (GStrv) list = g_key_file_get_string_list (file, GROUP, "windows", NULL, NULL);

  g_array_set_size (self->windows, 0);
  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    {
      g_auto (GStrv) part = g_strsplit (list[i], " ", -1);
      FloeSpareWindow w = { 0 };

      if (g_strv_length (part) != 4)
        continue;
      w.days = (guint8)g_ascii_strtoull (part[0], NULL, 10);
      w.from_minute = (guint)g_ascii_strtoull (part[1], NULL, 10);
      w.to_minute = (guint)g_ascii_strtoull (part[2], NULL, 10);
      w.spares = (guint)g_ascii_strtoull (part[3], NULL, 10);
      g_array_append_val (self->windows, w);
    }
}

static FloeTemplate *
unpack_template (GKeyFile *file)
{
  FloeTemplate *template;
  g_autofree gchar *personality = NULL;

  if (!g_key_file_has_group (file, TEMPLATE))
    return NULL;
  template = g_new0 (FloeTemplate, 1);
  for (guint i = 0; i < G_N_ELEMENTS (template_texts); i++)
    G_STRUCT_MEMBER (gchar *, template, template_texts[i].offset) =
        g_key_file_get_string (file, TEMPLATE, template_texts[i].key, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (template_numbers); i++)
    G_STRUCT_MEMBER (guint, template, template_numbers[i].offset) =
        (guint)g_key_file_get_uint64 (file, TEMPLATE, template_numbers[i].key, NULL);
  template->shared = g_key_file_get_boolean (file, TEMPLATE, "shared", NULL);
  personality = g_key_file_get_string (file, TEMPLATE, "personality", NULL);
  floe_personality_from_name (personality, &template->personality);
  return template;
}

/**
 * floe_pool_unpack:
 * @self: a pool that has not left its reader yet
 * @text: what floe_pool_pack() gave; what it does not name stays as it is
 *
 * Returns: %FALSE with %FLOE_ERROR_INTERNAL when it is no key file
 */
gboolean
floe_pool_unpack (FloePool *self, const gchar *text, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local_error = NULL;

  if (!g_key_file_load_from_data (file, text, (gsize)-1, G_KEY_FILE_NONE, &local_error))
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "the settings of pool %s: %s",
                   self->name, local_error->message);
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (g_key_file_has_key (file, GROUP, numbers[i].key, NULL))
      G_STRUCT_MEMBER (guint, self, numbers[i].offset) =
          (guint)g_key_file_get_uint64 (file, GROUP, numbers[i].key, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    {
      g_autofree gchar *name = g_key_file_get_string (file, GROUP, acts[i].key, NULL);

      floe_pool_act_from_name (name, &G_STRUCT_MEMBER (FloePoolAct, self, acts[i].offset));
    }
  self->drain = g_key_file_get_boolean (file, GROUP, "drain", NULL);
  g_free (self->message);
  self->message = g_key_file_get_string (file, GROUP, "message", NULL);
  unpack_windows (self, file);
  floe_template_free (self->template);
  self->template = unpack_template (file);
  return TRUE;
}
