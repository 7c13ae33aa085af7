/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "terminal/settings.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "api/error.h"
#include "api/json-get.h"
#include "terminal/keep.h"

#define FILE_NAME "terminal-settings"

/* What the broker signs before the text. */
#define PURPOSE "floe terminal settings 1\n"

FloeTerminalSettings *
floe_terminal_settings_new (void)
{
  FloeTerminalSettings *self = g_new0 (FloeTerminalSettings, 1);

  self->idle_minutes = -1;
  self->volume = -1;
  return self;
}

void
floe_terminal_settings_free (FloeTerminalSettings *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  g_free (self->domain);
  g_free (self->language);
  g_free (self->keyboard);
  g_free (self->monitors);
  g_strfreev (self->login_parts);
  g_free (self->unlock);
  g_free (self);
}

static gboolean
refuse (GError **error, const gchar *reason, const gchar *why)
{
  floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, reason, "the settings are refused: %s",
                         why);
  return FALSE;
}

/* Whether they come from the broker that this terminal trusts. */

static int
check (const gnutls_datum_t *key, const gnutls_datum_t *text, const gnutls_datum_t *signature)
{
  gnutls_pubkey_t public;
  int status = gnutls_pubkey_init (&public);

  if (status < 0)
    return status;
  status = gnutls_pubkey_import_ecc_raw (public, GNUTLS_ECC_CURVE_ED25519, key, NULL);
  if (status >= 0)
    status = gnutls_pubkey_verify_data2 (public, GNUTLS_SIGN_EDDSA_ED25519, 0, text, signature);
  gnutls_pubkey_deinit (public);
  return status;
}

static gboolean
is_signed (const FloeTrust *trust, const gchar *text, const gchar *signature)
{
  g_autofree gchar *whole = g_strconcat (PURPOSE, text, NULL);
  gsize key_length, signature_length;
  g_autofree guchar *key = g_base64_decode (trust->key, &key_length);
  g_autofree guchar *by = g_base64_decode (signature, &signature_length);
  const gnutls_datum_t key_datum = { key, (guint)key_length };
  const gnutls_datum_t text_datum = { (guchar *)whole, (guint)strlen (whole) };
  const gnutls_datum_t by_datum = { by, (guint)signature_length };

  return check (&key_datum, &text_datum, &by_datum) >= 0;
}

/* What is in them. What is of another type than expected is left out, as what a newer broker adds.
 */

static gint
get_number (JsonNode *values, const gchar *name, gint most)
{
  JsonNode *member = floe_json_get_value (values, name, G_TYPE_INT64);
  gint64 value = member != NULL ? json_node_get_int (member) : -1;

  return value >= 0 && value <= most ? (gint)value : -1;
}

static GStrv
get_texts (JsonNode *values, const gchar *name)
{
  JsonNode *member = floe_json_get (values, name);
  g_autoptr (GStrvBuilder) texts = NULL;
  JsonArray *array;

  if (member == NULL || !JSON_NODE_HOLDS_ARRAY (member))
    return NULL;
  texts = g_strv_builder_new ();
  array = json_node_get_array (member);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        g_strv_builder_add (texts, json_node_get_string (element));
    }
  return g_strv_builder_end (texts);
}

static FloeTerminalSettings *
read_settings (JsonNode *values)
{
  FloeTerminalSettings *self = floe_terminal_settings_new ();

  self->idle_minutes = get_number (values, "idle_minutes", 1440);
  self->pool = g_strdup (floe_json_get_text (values, "pool"));
  self->domain = g_strdup (floe_json_get_text (values, "domain"));
  self->language = g_strdup (floe_json_get_text (values, "language"));
  self->keyboard = g_strdup (floe_json_get_text (values, "keyboard"));
  self->monitors = g_strdup (floe_json_get_text (values, "monitors"));
  self->volume = get_number (values, "volume", 100);
  self->login_parts = get_texts (values, "login_parts");
  self->unlock = g_strdup (floe_json_get_text (values, "unlock"));
  return self;
}

static FloeTerminalSettings *
read_object (JsonNode *root, const FloeTrust *trust, gint64 least, GError **error)
{
  const gchar *terminal = floe_json_get_text (root, "terminal");
  JsonNode *revision = floe_json_get_value (root, "revision", G_TYPE_INT64);
  JsonNode *values = floe_json_get (root, "settings");
  FloeTerminalSettings *self;

  if (g_strcmp0 (terminal, trust->name) != 0)
    refuse (error, "other-terminal", "they are another terminal's");
  else if (revision == NULL || values == NULL || !JSON_NODE_HOLDS_OBJECT (values))
    refuse (error, "malformed", "they lack what all settings have");
  else if (json_node_get_int (revision) < least)
    refuse (error, "older", "they are older than those that this terminal has");
  else
    {
      self = read_settings (values);
      self->revision = json_node_get_int (revision);
      return self;
    }
  return NULL;
}

/**
 * floe_terminal_settings_open:
 * @trust: what this terminal was told by its broker
 * @text: what was signed
 * @signature: as base64
 * @least: the revision of the settings that this terminal has: no older ones are taken
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL, reason "forged", "other-terminal", "older" or "malformed"
 *
 * Returns: (transfer full) (nullable): the settings
 */
FloeTerminalSettings *
floe_terminal_settings_open (const FloeTrust *trust, const gchar *text, const gchar *signature,
                             gint64 least, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (!is_signed (trust, text, signature))
    {
      refuse (error, "forged", "this terminal's broker did not sign them");
      return NULL;
    }
  root = json_parser_load_from_data (parser, text, -1, NULL) ? json_parser_get_root (parser) : NULL;
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return read_object (root, trust, least, error);
  refuse (error, "malformed", "they are no JSON object");
  return NULL;
}

/* The kept copy: a line with the signature, then what was signed. */

/**
 * floe_terminal_settings_load:
 *
 * Returns: (transfer full) (nullable): the kept ones, if they are still what the broker signed
 */
FloeTerminalSettings *
floe_terminal_settings_load (const gchar *dir, const FloeTrust *trust)
{
  g_autoptr (FloeSecret) whole = floe_keep_read (dir, FILE_NAME);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *signature = NULL;
  FloeTerminalSettings *settings;
  const gchar *text, *end;

  if (whole == NULL)
    return NULL;
  text = floe_secret_get (whole, NULL);
  end = strchr (text, '\n');
  if (end == NULL)
    return NULL;
  signature = g_strndup (text, (gsize)(end - text));
  settings = floe_terminal_settings_open (trust, end + 1, signature, 0, &error);
  if (settings == NULL)
    g_warning ("the kept settings are not used: %s", error->message);
  return settings;
}

/**
 * floe_terminal_settings_save:
 * @text: what floe_terminal_settings_open() took
 *
 * Keeps them for a start without network.
 */
gboolean
floe_terminal_settings_save (const gchar *dir, const gchar *text, const gchar *signature,
                             GError **error)
{
  gchar *lines = g_strconcat (signature, "\n", text, NULL);
  g_autoptr (FloeSecret) whole = floe_secret_new_take (lines, strlen (lines));

  return floe_keep_write (dir, FILE_NAME, whole, error);
}

void
floe_terminal_settings_forget (const gchar *dir)
{
  floe_keep_remove (dir, FILE_NAME);
}
