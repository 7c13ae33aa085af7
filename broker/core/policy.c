/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/policy.h"

#include <string.h>

#include "core/error.h"
#include "core/names.h"
#include "core/usb-rules.h"

#define MAX_FILTER 4096

static const gchar *const way_names[] = { "both", "to-guest", "from-guest", "none" };
static const gchar *const folder_names[] = { "none", "read-only", "read-write" };
static const gchar *const device_names[] = { "clipboard", "files", "folder",
                                             "usb",       "audio", "smartcard" };

G_STATIC_ASSERT (G_N_ELEMENTS (device_names) == FLOE_N_DEVICES);

const gchar *
floe_way_name (FloeWay way)
{
  return (guint)way < G_N_ELEMENTS (way_names) ? way_names[way] : "unknown";
}

gboolean
floe_way_from_name (const gchar *name, FloeWay *way)
{
  gint found = floe_names_find (way_names, G_N_ELEMENTS (way_names), name);

  if (found >= 0)
    *way = (FloeWay)found;
  return found >= 0;
}

const gchar *
floe_folder_name (FloeFolder folder)
{
  return (guint)folder < G_N_ELEMENTS (folder_names) ? folder_names[folder] : "unknown";
}

gboolean
floe_folder_from_name (const gchar *name, FloeFolder *folder)
{
  gint found = floe_names_find (folder_names, G_N_ELEMENTS (folder_names), name);

  if (found >= 0)
    *folder = (FloeFolder)found;
  return found >= 0;
}

/**
 * floe_policy_new:
 *
 * Returns: (transfer full): one that allows all; the maker fills it before it lets go of it
 */
FloePolicy *
floe_policy_new (void)
{
  FloePolicy *self = g_new0 (FloePolicy, 1);

  self->folder = FLOE_FOLDER_READ_WRITE;
  self->usb = self->playback = self->record = self->smartcard = TRUE;
  return self;
}

FloePolicy *
floe_policy_copy (const FloePolicy *self)
{
  FloePolicy *copy = g_memdup2 (self, sizeof *self);

  copy->usb_filter = g_strdup (self->usb_filter);
  copy->usb_connect = g_strdup (self->usb_connect);
  return copy;
}

void
floe_policy_free (FloePolicy *self)
{
  if (self == NULL)
    return;
  g_free (self->usb_filter);
  g_free (self->usb_connect);
  g_free (self);
}

static gboolean
check_filter (const gchar *filter, const gchar *field, GError **error)
{
  g_autoptr (GArray) rules = NULL;

  if (filter == NULL)
    return TRUE;
  if (strlen (filter) > MAX_FILTER)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                   "policy.usb.%s: expected at most %d bytes", field, MAX_FILTER);
      return FALSE;
    }
  rules = floe_usb_rules_parse (filter, error);
  if (rules == NULL)
    g_prefix_error (error, "policy.usb.%s: ", field);
  return rules != NULL;
}

static const gchar *
find_fault (const FloePolicy *self)
{
  if ((guint)self->clipboard > FLOE_WAY_NONE)
    return "policy.clipboard: expected both, to-guest, from-guest or none";
  if ((guint)self->folder > FLOE_FOLDER_READ_WRITE)
    return "policy.folder: expected none, read-only or read-write";
  if ((guint)self->files > FLOE_WAY_TO_GUEST && self->files != FLOE_WAY_NONE)
    return "policy.files: expected both, to-guest or none: SPICE carries no file out of a guest";
  return NULL;
}

/**
 * floe_policy_validate:
 *
 * Returns: %TRUE; or %FALSE with %FLOE_ERROR_INVALID naming the field and what is expected
 */
gboolean
floe_policy_validate (const FloePolicy *self, GError **error)
{
  const gchar *fault = find_fault (self);

  if (fault == NULL)
    return check_filter (self->usb_filter, "filter", error)
           && check_filter (self->usb_connect, "connect", error);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, fault);
  return FALSE;
}

/**
 * floe_policy_list_courtesies:
 *
 * Returns: (transfer full): the rules that no manager can enforce, by name: only the client keeps
 *   them, and another one need not
 */
GStrv
floe_policy_list_courtesies (const FloePolicy *self)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  if (self->clipboard == FLOE_WAY_TO_GUEST || self->clipboard == FLOE_WAY_FROM_GUEST)
    g_strv_builder_add (list, "clipboard");
  if (self->folder == FLOE_FOLDER_READ_ONLY)
    g_strv_builder_add (list, "folder");
  if (!self->playback && self->record)
    g_strv_builder_add (list, "playback");
  if (!self->record && self->playback)
    g_strv_builder_add (list, "record");
  return g_strv_builder_end (list);
}

/**
 * floe_policy_forbids:
 *
 * Returns: whether @device must not be let through at all
 */
gboolean
floe_policy_forbids (const FloePolicy *self, FloeDevice device)
{
  switch (device)
    {
    case FLOE_DEVICE_CLIPBOARD:
      return self->clipboard == FLOE_WAY_NONE;
    case FLOE_DEVICE_FILES:
      return self->files == FLOE_WAY_NONE;
    case FLOE_DEVICE_FOLDER:
      return self->folder == FLOE_FOLDER_NONE;
    case FLOE_DEVICE_USB:
      return !self->usb;
    case FLOE_DEVICE_AUDIO:
      return !self->playback && !self->record;
    case FLOE_DEVICE_SMARTCARD:
      return !self->smartcard;
    case FLOE_N_DEVICES:
    default:
      return FALSE;
    }
}

/* What a domain lets through. */

FloeOpenings *
floe_openings_copy (const FloeOpenings *self)
{
  FloeOpenings *copy;

  if (self == NULL)
    return NULL;
  copy = g_memdup2 (self, sizeof *self);
  copy->usb_filter = g_strdup (self->usb_filter);
  return copy;
}

void
floe_openings_free (FloeOpenings *self)
{
  if (self == NULL)
    return;
  g_free (self->usb_filter);
  g_free (self);
}

gboolean
floe_openings_equal (const FloeOpenings *a, const FloeOpenings *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  for (guint i = 0; i < FLOE_N_DEVICES; i++)
    if (g_strcmp0 (a->how[i], b->how[i]) != 0)
      return FALSE;
  return g_strcmp0 (a->usb_filter, b->usb_filter) == 0
         && g_strcmp0 (a->how_filter, b->how_filter) == 0;
}

static gboolean
filters_differ (const FloePolicy *self, const FloeOpenings *openings)
{
  g_autoptr (GArray) rules = NULL;
  g_autofree gchar *wanted = NULL;

  if (!self->usb || self->usb_filter == NULL || openings->how[FLOE_DEVICE_USB] == NULL)
    return FALSE;
  rules = floe_usb_rules_parse (self->usb_filter, NULL);
  wanted = rules != NULL ? floe_usb_rules_print (rules) : NULL;
  return g_strcmp0 (wanted, openings->usb_filter) != 0;
}

static void
add_gap (GString *out, const gchar *name, const gchar *how)
{
  g_string_append_printf (out, "%s%s: %s", out->len > 0 ? "; " : "", name, how);
}

/**
 * floe_policy_find_gap:
 * @openings: (nullable): what a domain lets through; %NULL when nobody knows
 *
 * Returns: (transfer full) (nullable): what the domain does not enforce though it could, and how to
 *   mend each of it
 */
gchar *
floe_policy_find_gap (const FloePolicy *self, const FloeOpenings *openings)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (openings == NULL)
    return NULL;
  for (guint i = 0; i < FLOE_N_DEVICES; i++)
    if (floe_policy_forbids (self, (FloeDevice)i) && openings->how[i] != NULL)
      add_gap (out, device_names[i], openings->how[i]);
  if (filters_differ (self, openings))
    add_gap (out, "usb filter", openings->how_filter);
  return out->len > 0 ? g_strdup (out->str) : NULL;
}

#define REFUSAL "it lets through what its pool's policy forbids: "

/**
 * floe_policy_refuse:
 * @gap: what floe_policy_find_gap() found
 *
 * Returns: (transfer full): why a desktop is not lent
 */
gchar *
floe_policy_refuse (const gchar *gap)
{
  return g_strdup_printf (REFUSAL "%s; then shut it down and start it again", gap);
}

/**
 * floe_policy_is_refusal:
 * @text: (nullable): why a desktop is not lent
 *
 * Returns: whether that is for its pool's policy
 */
gboolean
floe_policy_is_refusal (const gchar *text)
{
  return text != NULL && g_str_has_prefix (text, REFUSAL);
}

/* The store's text. */

#define GROUP "policy"

static const struct
{
  const gchar *key;
  gsize offset;
} flags[] = {
  { "usb", G_STRUCT_OFFSET (FloePolicy, usb) },
  { "playback", G_STRUCT_OFFSET (FloePolicy, playback) },
  { "record", G_STRUCT_OFFSET (FloePolicy, record) },
  { "smartcard", G_STRUCT_OFFSET (FloePolicy, smartcard) },
};

/**
 * floe_policy_pack:
 *
 * Puts it into a group of its own.
 */
void
floe_policy_pack (const FloePolicy *self, GKeyFile *file)
{
  g_key_file_set_string (file, GROUP, "clipboard", floe_way_name (self->clipboard));
  g_key_file_set_string (file, GROUP, "files", floe_way_name (self->files));
  g_key_file_set_string (file, GROUP, "folder", floe_folder_name (self->folder));
  if (self->usb_filter != NULL)
    g_key_file_set_string (file, GROUP, "usb_filter", self->usb_filter);
  if (self->usb_connect != NULL)
    g_key_file_set_string (file, GROUP, "usb_connect", self->usb_connect);
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    g_key_file_set_boolean (file, GROUP, flags[i].key,
                            G_STRUCT_MEMBER (gboolean, self, flags[i].offset));
}

static gboolean
read_flag (FloePolicy *self, const gchar *key, const gchar *text)
{
  gboolean value = g_str_equal (text, "true");

  if (!value && !g_str_equal (text, "false"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (g_str_equal (flags[i].key, key))
      {
        G_STRUCT_MEMBER (gboolean, self, flags[i].offset) = value;
        return TRUE;
      }
  return FALSE;
}

static gboolean
take_text (gchar **field, const gchar *text)
{
  g_free (*field);
  *field = g_strdup (text);
  return TRUE;
}

static gboolean
read_key (FloePolicy *self, const gchar *key, const gchar *text)
{
  if (g_str_equal (key, "clipboard"))
    return floe_way_from_name (text, &self->clipboard);
  if (g_str_equal (key, "files"))
    return floe_way_from_name (text, &self->files);
  if (g_str_equal (key, "folder"))
    return floe_folder_from_name (text, &self->folder);
  if (g_str_equal (key, "usb_filter"))
    return take_text (&self->usb_filter, text);
  if (g_str_equal (key, "usb_connect"))
    return take_text (&self->usb_connect, text);
  return read_flag (self, key, text);
}

/**
 * floe_policy_unpack:
 * @self: a new one
 *
 * Reads what floe_policy_pack() wrote; what is missing stays as it is.
 *
 * Returns: %FALSE with %FLOE_ERROR_INTERNAL for what cannot be read: a rule is never guessed at
 */
gboolean
floe_policy_unpack (FloePolicy *self, GKeyFile *file, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree gchar *text = g_key_file_get_string (file, GROUP, keys[i], NULL);

      if (text != NULL && read_key (self, keys[i], text))
        continue;
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "policy.%s: unknown", keys[i]);
      return FALSE;
    }
  return TRUE;
}
