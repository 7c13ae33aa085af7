/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool.h"

#include "core/error.h"
#include "core/names.h"

/* The parts of a pool that are no columns of the store's: one text, a key file, which an
 * administrator who looks into the database can read. */

#define GROUP    "pool"
#define TEMPLATE "template"

static const gchar *const act_names[] = {
  "keep", "lock", "log-off", "shut-down", "reset", "restart"
};
static const gchar *const way_names[] = { "service-account", "on-behalf", "as-user" };
static const gchar *const personality_names[] = { "none", "cloud-init", "agent" };

const gchar *
floe_pool_act_name (FloePoolAct act)
{
  return (guint)act < G_N_ELEMENTS (act_names) ? act_names[act] : "unknown";
}

gboolean
floe_pool_act_from_name (const gchar *name, FloePoolAct *act)
{
  gint found = floe_names_find (act_names, G_N_ELEMENTS (act_names), name);

  if (found >= 0)
    *act = (FloePoolAct)found;
  return found >= 0;
}

const gchar *
floe_assign_way_name (FloeAssignWay way)
{
  return (guint)way < G_N_ELEMENTS (way_names) ? way_names[way] : "unknown";
}

gboolean
floe_assign_way_from_name (const gchar *name, FloeAssignWay *way)
{
  gint found = floe_names_find (way_names, G_N_ELEMENTS (way_names), name);

  if (found >= 0)
    *way = (FloeAssignWay)found;
  return found >= 0;
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
  gint found = floe_names_find (personality_names, G_N_ELEMENTS (personality_names), name);

  if (found >= 0)
    *personality = (FloePersonality)found;
  return found >= 0;
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

/**
 * floe_pool_binds_data:
 *
 * Returns: whether a user's data disk stays on the host where it was made, so that their desktops
 *   must be there, too
 */
gboolean
floe_pool_binds_data (const FloePool *self)
{
  return self->data_gib > 0 && self->template != NULL && !self->template->shared;
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
  { "on_account_end", G_STRUCT_OFFSET (FloePool, on_account_end) },
  { "on_idle", G_STRUCT_OFFSET (FloePool, on_idle) },
  { "on_limit", G_STRUCT_OFFSET (FloePool, on_limit) },
};

static const Number lists[] = {
  { "helpdesk_groups", G_STRUCT_OFFSET (FloePool, helpdesk_groups) },
  { "from_terminals", G_STRUCT_OFFSET (FloePool, from_terminals) },
  { "from_terminal_groups", G_STRUCT_OFFSET (FloePool, from_terminal_groups) },
  { "from_networks", G_STRUCT_OFFSET (FloePool, from_networks) },
  { "actions", G_STRUCT_OFFSET (FloePool, actions) },
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
  if (self->vnc)
    g_key_file_set_boolean (file, GROUP, "vnc", TRUE);
  if (self->screenshots)
    g_key_file_set_boolean (file, GROUP, "screenshots", TRUE);
  if (self->message != NULL)
    g_key_file_set_string (file, GROUP, "message", self->message);
  if (self->engine_pool != NULL)
    {
      g_key_file_set_string (file, GROUP, "engine_pool", self->engine_pool);
      g_key_file_set_string (file, GROUP, "assign", floe_assign_way_name (self->assign));
    }
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      GStrv list = G_STRUCT_MEMBER (GStrv, self, lists[i].offset);

      if (list[0] != NULL)
        g_key_file_set_string_list (file, GROUP, lists[i].key, (const gchar *const *)list,
                                    g_strv_length (list));
    }
  pack_windows (file, self->windows);
  floe_policy_pack (self->policy, file);
  if (self->template != NULL)
    pack_template (file, self->template);
  return g_key_file_to_data (file, NULL, NULL);
}

/**
 * floe_pool_take_settings:
 *
 * Takes from @other all that floe_pool_pack() puts into its text.
 */
void
floe_pool_take_settings (FloePool *self, const FloePool *other)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    G_STRUCT_MEMBER (guint, self, numbers[i].offset) =
        G_STRUCT_MEMBER (guint, other, numbers[i].offset);
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    G_STRUCT_MEMBER (FloePoolAct, self, acts[i].offset) =
        G_STRUCT_MEMBER (FloePoolAct, other, acts[i].offset);
  self->drain = other->drain;
  self->vnc = other->vnc;
  self->screenshots = other->screenshots;
  g_free (self->message);
  self->message = g_strdup (other->message);
  g_free (self->engine_pool);
  self->engine_pool = g_strdup (other->engine_pool);
  self->assign = other->assign;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_strfreev (G_STRUCT_MEMBER (GStrv, self, lists[i].offset));
      G_STRUCT_MEMBER (GStrv, self, lists[i].offset) =
          g_strdupv (G_STRUCT_MEMBER (GStrv, other, lists[i].offset));
    }
  g_array_set_size (self->windows, 0);
  g_array_append_vals (self->windows, other->windows->data, other->windows->len);
  floe_policy_free (self->policy);
  self->policy = floe_policy_copy (other->policy);
  floe_template_free (self->template);
  self->template = other->template != NULL ? floe_template_copy (other->template) : NULL;
}

/* Reading: what is missing stays as it is; what is there and cannot be read is damage, or of a
 * newer Floe, and is never guessed at. The first fault makes all later reads do nothing. */
typedef struct
{
  GKeyFile *file;
  const gchar *group;
  GError *error;
} Reader;

static void
refuse (Reader *r, const gchar *key, const gchar *what)
{
  if (r->error == NULL)
    r->error = g_error_new (FLOE_ERROR, FLOE_ERROR_INTERNAL, "%s.%s: %s", r->group, key, what);
}

static gboolean
has_key (Reader *r, const gchar *key)
{
  return r->error == NULL && g_key_file_has_key (r->file, r->group, key, NULL);
}

static void
read_text (Reader *r, const gchar *key, gchar **text)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree gchar *found = NULL;

  if (!has_key (r, key))
    return;
  found = g_key_file_get_string (r->file, r->group, key, &local_error);
  if (local_error
      != NULL) /* there may be a text nevertheless: what was left out of it is unknown */
    {
      refuse (r, key, "no text");
      return;
    }
  g_free (*text);
  *text = g_steal_pointer (&found);
}

static void
read_list (Reader *r, const gchar *key, GStrv *list)
{
  g_autoptr (GError) local_error = NULL;
  g_auto (GStrv) found = NULL;

  if (!has_key (r, key))
    return;
  found = g_key_file_get_string_list (r->file, r->group, key, NULL, &local_error);
  if (found == NULL || local_error != NULL)
    {
      refuse (r, key, "no list");
      return;
    }
  g_strfreev (*list);
  *list = g_steal_pointer (&found);
}

static void
read_number (Reader *r, const gchar *key, guint *number)
{
  g_autofree gchar *text = NULL;
  guint64 value = 0;

  if (!has_key (r, key))
    return;
  text = g_key_file_get_value (r->file, r->group, key, NULL);
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &value, NULL))
    *number = (guint)value;
  else
    refuse (r, key, "no number");
}

static void
read_flag (Reader *r, const gchar *key, gboolean *flag)
{
  g_autoptr (GError) local_error = NULL;
  gboolean value;

  if (!has_key (r, key))
    return;
  value = g_key_file_get_boolean (r->file, r->group, key, &local_error);
  if (local_error != NULL)
    refuse (r, key, "neither true nor false");
  else
    *flag = value;
}

static void
read_act (Reader *r, const gchar *key, FloePoolAct *act)
{
  g_autofree gchar *name = NULL;

  read_text (r, key, &name);
  if (name != NULL && !floe_pool_act_from_name (name, act))
    refuse (r, key, "unknown");
}

static gboolean
parse_window (const gchar *text, FloeSpareWindow *window)
{
  const guint64 limits[] = { 0x7f, 24 * 60 - 1, 24 * 60 - 1, G_MAXUINT };
  g_auto (GStrv) part = g_strsplit (text, " ", -1);
  guint64 values[4];

  if (g_strv_length (part) != G_N_ELEMENTS (limits))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    if (!g_ascii_string_to_unsigned (part[i], 10, 0, limits[i], &values[i], NULL))
      return FALSE;
  *window = (FloeSpareWindow){ .days = (guint8)values[0],
                               .from_minute = (guint)values[1],
                               .to_minute = (guint)values[2],
                               .spares = (guint)values[3] };
  return TRUE;
}

static void
read_windows (Reader *r, GArray *windows)
{
  g_autoptr (GError) local_error = NULL;
  g_auto (GStrv) list = NULL;

  if (!has_key (r, "windows"))
    return;
  list = g_key_file_get_string_list (r->file, r->group, "windows", NULL, &local_error);
  if (local_error != NULL)
    refuse (r, "windows", "no list");
  g_array_set_size (windows, 0);
  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    {
      FloeSpareWindow window;

      if (parse_window (list[i], &window))
        g_array_append_val (windows, window);
      else
        refuse (r, "windows", "no window of four numbers");
    }
}

static void
read_template (Reader *r, FloePool *pool)
{
  g_autoptr (FloeTemplate) template = floe_template_new (NULL, NULL, NULL);
  g_autofree gchar *personality = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (template_texts); i++)
    read_text (r, template_texts[i].key,
               &G_STRUCT_MEMBER (gchar *, template, template_texts[i].offset));
  for (guint i = 0; i < G_N_ELEMENTS (template_numbers); i++)
    read_number (r, template_numbers[i].key,
                 &G_STRUCT_MEMBER (guint, template, template_numbers[i].offset));
  read_flag (r, "shared", &template->shared);
  read_text (r, "personality", &personality);
  if (personality != NULL && !floe_personality_from_name (personality, &template->personality))
    refuse (r, "personality", "unknown");
  if (template->domain == NULL || template->storage == NULL || template->prefix == NULL)
    refuse (r, "domain, storage and prefix", "one is missing");
  floe_template_free (pool->template);
  pool->template = g_steal_pointer (&template);
}

static gboolean
knows (const Number *keys, gsize n, const gchar *key)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (keys[i].key, key))
      return TRUE;
  return FALSE;
}

/* A key that this Floe does not know would be lost with the next change of the pool. */
static void
check_keys (Reader *r, const gchar *others, const Number *a, gsize n_a, const Number *b, gsize n_b)
{
  g_auto (GStrv) keys = g_key_file_get_keys (r->file, r->group, NULL, NULL);
  g_auto (GStrv) known = g_strsplit (others, " ", -1);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    if (!knows (a, n_a, keys[i]) && !knows (b, n_b, keys[i])
        && !g_strv_contains ((const gchar *const *)known, keys[i]))
      refuse (r, keys[i], "unknown key");
}

static void
read_pool (Reader *r, FloePool *self)
{
  g_autofree gchar *assign = NULL;

  check_keys (
      r,
      "engine_pool assign drain vnc screenshots message windows helpdesk_groups from_terminals "
      "from_terminal_groups"
      " from_networks actions",
      numbers, G_N_ELEMENTS (numbers), acts, G_N_ELEMENTS (acts));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    read_number (r, numbers[i].key, &G_STRUCT_MEMBER (guint, self, numbers[i].offset));
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    read_act (r, acts[i].key, &G_STRUCT_MEMBER (FloePoolAct, self, acts[i].offset));
  read_flag (r, "drain", &self->drain);
  read_flag (r, "vnc", &self->vnc);
  read_flag (r, "screenshots", &self->screenshots);
  read_text (r, "message", &self->message);
  read_text (r, "engine_pool", &self->engine_pool);
  read_text (r, "assign", &assign);
  if (assign != NULL && !floe_assign_way_from_name (assign, &self->assign))
    refuse (r, "assign", "unknown");
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    read_list (r, lists[i].key, &G_STRUCT_MEMBER (GStrv, self, lists[i].offset));
  read_windows (r, self->windows);
}

/**
 * floe_pool_unpack:
 * @self: a pool that has not left its reader yet
 * @text: what floe_pool_pack() gave; what it does not name stays as it is
 *
 * Returns: %FALSE with %FLOE_ERROR_INTERNAL when it cannot be read as a whole; @self is of no use
 *   then
 */
gboolean
floe_pool_unpack (FloePool *self, const gchar *text, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  Reader r = { .file = file, .group = GROUP };

  if (g_key_file_load_from_data (file, text, (gsize)-1, G_KEY_FILE_NONE, &r.error))
    {
      read_pool (&r, self);
      r.group = TEMPLATE;
      if (g_key_file_has_group (file, TEMPLATE))
        {
          check_keys (&r, "shared personality", template_texts, G_N_ELEMENTS (template_texts),
                      template_numbers, G_N_ELEMENTS (template_numbers));
          read_template (&r, self);
        }
      if (r.error == NULL)
        floe_policy_unpack (self->policy, file, &r.error);
    }
  if (r.error == NULL)
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "the settings of pool %s: %s", self->name,
               r.error->message);
  g_error_free (r.error);
  return FALSE;
}
