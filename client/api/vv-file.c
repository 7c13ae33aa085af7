/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/vv-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/error.h"

/*
 * The file is one of key files' kind:
 *
 *   file    = *( blank / "#" comment / "[" group "]" / key "=" value ) of a line each
 *   value   = any text; \s \n \t \r \\ stand for a blank, a line feed and so on
 *   list    = values with ";" between and perhaps behind them
 *
 * What counts is in the group "virt-viewer". Keys and groups that are unknown are passed over,
 * since each broker adds its own. GKeyFile would leave the password in memory.
 */
#define GROUP "virt-viewer"

/* The release of virt-viewer whose keys are known here. */
#define KNOWN_VERSION 11

typedef struct
{
  FloeVvFile *file;
  gchar *type;
  gchar *newer_url;
  guint version;
  guint version_line;
  guint line;
  guint type_line;
  GError *error; /* the first that is wrong */
} Reading;

typedef void (*ReadFunc) (Reading *r, const gchar *key, gchar *value, gpointer place);

static void wrong (Reading *r, guint line, const gchar *format, ...) G_GNUC_PRINTF (3, 4);

static void
wrong (Reading *r, guint line, const gchar *format, ...)
{
  g_autofree gchar *words = NULL;
  va_list arguments;

  if (r->error != NULL)
    return;
  va_start (arguments, format);
  words = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  r->error = floe_client_error_new (FLOE_CLIENT_ERROR_INVALID, "bad-file",
                                    "the connection file, line %u: %s", line, words);
}

/* Values. Each has its escapes taken out already, and is wiped by whoever calls. */

static void
read_text (Reading *r, const gchar *key, gchar *value, gpointer place)
{
  gchar **text = place;

  g_free (*text);
  *text = *value != '\0' ? g_strdup (value) : NULL;
}

/* A line of text: what is shown, or becomes part of an address. */
static void
read_line (Reading *r, const gchar *key, gchar *value, gpointer place)
{
  for (const gchar *c = value; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      {
        wrong (r, r->line, "\"%s\" has a control character in it", key);
        return;
      }
  read_text (r, key, value, place);
}

static void
read_secret (Reading *r, const gchar *key, gchar *value, gpointer place)
{
  FloeSecret **secret = place;

  g_clear_pointer (secret, floe_secret_unref);
  *secret = floe_secret_new (value, -1);
}

/* remote-viewer takes numbers only, and 0 for what is none; people write words. */
static void
read_flag (Reading *r, const gchar *key, gchar *value, gpointer place)
{
  gboolean *flag = place;

  if (strcmp (value, "1") == 0 || g_ascii_strcasecmp (value, "true") == 0)
    *flag = TRUE;
  else if (strcmp (value, "0") == 0 || g_ascii_strcasecmp (value, "false") == 0)
    *flag = FALSE;
  else
    wrong (r, r->line, "\"%s\" is neither 0 nor 1", key);
}

/* libvirt writes -1 where there is none. */
static void
read_port (Reading *r, const gchar *key, gchar *value, gpointer place)
{
  guint16 *port = place;
  guint64 number = 0;

  *port = 0;
  if (strcmp (value, "-1") == 0)
    return;
  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT16, &number, NULL))
    *port = (guint16)number;
  else
    wrong (r, r->line, "\"%s\" is no port", key);
}

static void
read_list (Reading *r, const gchar *key, gchar *value, gpointer place)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit (value, ";", -1);
  GStrv *texts = place;

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_strv_builder_add (list, parts[i]);
  g_strfreev (*texts);
  *texts = g_strv_builder_end (list);
}

/* remote-viewer has this key and does nothing about it. */
static void
read_disabled (Reading *r, const gchar *key, gchar *value, gpointer place)
{
  g_auto (GStrv) channels = NULL;
  FloePolicy *policy = r->file->connection->policy;

  read_list (r, key, value, &channels);
  for (guint i = 0; channels[i] != NULL; i++)
    {
      gboolean all = strcmp (channels[i], "all") == 0;

      if (all || strcmp (channels[i], "usbredir") == 0)
        policy->usb = FALSE;
      if (all || strcmp (channels[i], "playback") == 0)
        policy->playback = FALSE;
      if (all || strcmp (channels[i], "record") == 0)
        policy->record = FALSE;
      if (all || strcmp (channels[i], "smartcard") == 0)
        policy->smartcard = FALSE;
      if (all || strcmp (channels[i], "webdav") == 0)
        policy->folder = FLOE_FOLDER_NONE;
    }
}

static void
read_version (Reading *r, const gchar *key, gchar *value, gpointer place)
{
  r->version = (guint)MIN (g_ascii_strtoull (value, NULL, 10), G_MAXUINT);
  r->version_line = r->line;
}

static void
read_type (Reading *r, const gchar *key, gchar *value, gpointer place)
{
  read_text (r, key, value, place);
  r->type_line = r->line;
}

/* Keys. */

static gboolean
read_connection (Reading *r, const gchar *key, gchar *value)
{
  FloeConnection *c = r->file->connection;
  const struct
  {
    const gchar *key;
    ReadFunc read;
    gpointer place;
  } keys[] = {
    { "host", read_line, &c->host },
    { "port", read_port, &c->port },
    { "tls-port", read_port, &c->tls_port },
    { "username", read_line, &c->username },
    { "password", read_secret, &c->ticket },
    { "ca", read_text, &c->ca },
    { "host-subject", read_line, &c->host_subject },
    { "tls-ciphers", read_line, &c->ciphers },
    { "secure-channels", read_list, &c->secure_channels },
    { "disable-channels", read_disabled, NULL },
    { "proxy", read_line, &c->proxy },
    { "title", read_line, &c->title },
    { "enable-usbredir", read_flag, &c->policy->usb },
    { "enable-smartcard", read_flag, &c->policy->smartcard },
    { "usb-filter", read_line, &c->policy->usb_filter },
    { "usb-redirect-on-connect", read_line, &c->policy->usb_connect },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].key, key) == 0)
      {
        keys[i].read (r, key, value, keys[i].place);
        return TRUE;
      }
  return FALSE;
}

static void
read_rest (Reading *r, const gchar *key, gchar *value)
{
  FloeVvFile *f = r->file;
  const struct
  {
    const gchar *key;
    ReadFunc read;
    gpointer place;
  } keys[] = {
    { "type", read_type, &r->type },
    { "version", read_version, NULL },
    { "newer-version-url", read_line, &r->newer_url },
    { "fullscreen", read_flag, &f->fullscreen },
    { "delete-this-file", read_flag, &f->delete_this_file },
    { "enable-usb-autoshare", read_flag, &f->auto_usb },
    { "toggle-fullscreen", read_line, &f->toggle_fullscreen },
    { "release-cursor", read_line, &f->release_cursor },
    { "secure-attention", read_line, &f->secure_attention },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].key, key) == 0)
      keys[i].read (r, key, value, keys[i].place);
}

/* Lines. */

static gchar
unescaped (gchar c)
{
  static const gchar from[] = "sntr\\;", to[] = " \n\t\r\\;";
  const gchar *at = c != '\0' ? strchr (from, c) : NULL;

  return at != NULL ? to[at - from] : '\0';
}

/* In place: it only becomes shorter. */
static gboolean
unescape (gchar *value)
{
  gchar *out = value;

  for (const gchar *in = value; *in != '\0'; in++)
    {
      gchar c = *in;

      if (c == '\\')
        c = unescaped (*++in);
      if (c == '\0')
        return FALSE;
      *out++ = c;
    }
  while (out[0] != '\0') /* the rest may be of a password */
    *out++ = '\0';
  return TRUE;
}

static void
read_pair (Reading *r, gchar *line)
{
  gchar *value = strchr (line, '=');

  if (value == NULL)
    {
      wrong (r, r->line, "neither a group in brackets nor a key with \"=\"");
      return;
    }
  *value++ = '\0';
  g_strchomp (line);
  value = g_strchug (value);
  if (*line == '\0')
    wrong (r, r->line, "there is no key before \"=\"");
  else if (!unescape (value))
    wrong (r, r->line, "\"%s\" has a backslash in it that stands for nothing", line);
  else if (!read_connection (r, line, value))
    read_rest (r, line, value);
}

static gboolean
read_group (Reading *r, gchar *line)
{
  gchar *end = strchr (line, ']');

  if (end == NULL || end[1] != '\0')
    {
      wrong (r, r->line, "a group that does not end in \"]\"");
      return FALSE;
    }
  *end = '\0';
  return strcmp (line + 1, GROUP) == 0;
}

/* read_lines: whether the group was there */
static gboolean
read_lines (Reading *r, gchar *text)
{
  gboolean inside = FALSE, found = FALSE;

  for (gchar *line = text, *next; line != NULL && r->error == NULL; line = next)
    {
      next = strchr (line, '\n');
      if (next != NULL)
        *next++ = '\0';
      if (next != NULL && *next == '\0')
        next = NULL; /* that was the last line's end */
      r->line++;
      line = g_strstrip (line);
      if (*line == '\0' || *line == '#')
        continue;
      if (*line == '[')
        found |= inside = read_group (r, line);
      else if (inside)
        read_pair (r, line);
      else if (!found && strchr (line, '=') == NULL)
        wrong (r, r->line, "this is no connection file");
    }
  return found;
}

/* What it says as a whole. */

static void
check_type (Reading *r)
{
  FloeConnection *c = r->file->connection;

  if (r->type == NULL)
    wrong (r, r->line, "there is no \"type\"");
  else if (strcmp (r->type, "vnc") == 0)
    c->protocol = FLOE_PROTOCOL_VNC;
  else if (strcmp (r->type, "spice") != 0)
    wrong (r, r->type_line, "\"type\" is neither spice nor vnc");
}

static void
check_address (Reading *r)
{
  const FloeConnection *c = r->file->connection;

  if (c->host == NULL)
    wrong (r, r->line, "there is no \"host\"");
  else if (c->port == 0 && (c->tls_port == 0 || c->protocol == FLOE_PROTOCOL_VNC))
    wrong (r, r->line, "there is no port");
}

static void
check_version (Reading *r)
{
  if (r->error != NULL || r->version <= KNOWN_VERSION)
    return;
  r->error = floe_client_error_new (
      FLOE_CLIENT_ERROR_INVALID, "newer-file",
      "the connection file, line %u: it wants virt-viewer %u or newer; this program knows %u. %s",
      r->version_line, r->version, KNOWN_VERSION, r->newer_url != NULL ? r->newer_url : "");
}

static FloeVvFile *
new_file (void)
{
  FloeVvFile *self = g_new0 (FloeVvFile, 1);

  self->connection = g_new0 (FloeConnection, 1);
  self->connection->policy = floe_policy_new ();
  self->connection->secure_channels = g_new0 (gchar *, 1);
  self->connection->actions = g_new0 (gchar *, 1);
  self->connection->keeps_data = TRUE;
  return self;
}

static void
fill_gaps (FloeConnection *c)
{
  if (c->title == NULL)
    c->title = g_strdup (c->host);
}

/**
 * floe_vv_file_parse:
 * @text: what is in the file; wiped
 * @length: of it
 * @error: %FLOE_CLIENT_ERROR_INVALID with the reason "bad-file", naming the line, or "newer-file"
 *
 * Returns: (transfer full) (nullable): what it says
 */
FloeVvFile *
floe_vv_file_parse (gchar *text, gsize length, GError **error)
{
  g_autoptr (FloeVvFile) file = new_file ();
  Reading r = { .file = file };

  if (memchr (text, '\0', length) != NULL || !g_utf8_validate (text, (gssize)length, NULL))
    wrong (&r, 1, "this is no text");
  else if (!read_lines (&r, text))
    wrong (&r, MAX (r.line, 1), "there is no group [" GROUP "]");
  check_version (&r);
  check_type (&r);
  check_address (&r);
  fill_gaps (file->connection);
  floe_wipe (text, length);
  g_free (r.type);
  g_free (r.newer_url);
  if (r.error == NULL)
    return g_steal_pointer (&file);
  g_propagate_error (error, r.error);
  return NULL;
}

/* Reading. */

static void
set_unread (GError **error, const gchar *path, const gchar *why)
{
  g_autofree gchar *name = g_path_get_basename (path);
  g_autofree gchar *shown = g_filename_display_name (name);

  floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "no-file",
                         "the connection file %s cannot be read: %s", shown, why);
}

/* read_all: the number of bytes, at most @size; or -1 */
static gssize
read_all (int fd, gchar *bytes, gsize size)
{
  gsize length = 0;

  while (length < size)
    {
      gssize n = read (fd, bytes + length, size - length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return -1;
      if (n == 0)
        break;
      length += (gsize)n;
    }
  return (gssize)length;
}

static FloeVvFile *
read_from (int fd, const gchar *path, GError **error)
{
  gsize size = FLOE_VV_MAX_BYTES + 1;
  g_autofree gchar *bytes = g_malloc0 (size + 1);
  g_autoptr (FloeVvFile) file = NULL;
  struct stat info;
  gssize length;

  if (fstat (fd, &info) < 0 || !S_ISREG (info.st_mode))
    {
      set_unread (error, path, "it is no file");
      return NULL;
    }
  length = read_all (fd, bytes, size);
  if (length < 0)
    set_unread (error, path, g_strerror (errno));
  else if (length > FLOE_VV_MAX_BYTES)
    set_unread (error, path, "it is too large for one");
  else
    file = floe_vv_file_parse (bytes, (gsize)length, error);
  floe_wipe (bytes, size);
  return g_steal_pointer (&file);
}

/**
 * floe_vv_file_read:
 * @path: where it is
 * @error: as of floe_vv_file_parse(), or with the reason "no-file"
 *
 * Reads a connection file, and deletes it where it says so. One that is wrong stays.
 *
 * Returns: (transfer full) (nullable): what it says
 */
FloeVvFile *
floe_vv_file_read (const gchar *path, GError **error)
{
  g_autoptr (FloeVvFile) file = NULL;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    {
      set_unread (error, path, g_strerror (errno));
      return NULL;
    }
  file = read_from (fd, path, error);
  close (fd);
  if (file != NULL && file->delete_this_file && unlink (path) < 0)
    g_warning ("the connection file could not be deleted: %s", g_strerror (errno));
  return g_steal_pointer (&file);
}

FloeVvFile *
floe_vv_file_copy (const FloeVvFile *self)
{
  FloeVvFile *copy = g_memdup2 (self, sizeof *self);

  copy->connection = floe_connection_copy (self->connection);
  copy->toggle_fullscreen = g_strdup (self->toggle_fullscreen);
  copy->release_cursor = g_strdup (self->release_cursor);
  copy->secure_attention = g_strdup (self->secure_attention);
  return copy;
}

void
floe_vv_file_free (FloeVvFile *self)
{
  if (self == NULL)
    return;
  floe_connection_free (self->connection);
  g_free (self->toggle_fullscreen);
  g_free (self->release_cursor);
  g_free (self->secure_attention);
  g_free (self);
}
