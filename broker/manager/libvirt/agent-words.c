/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/agent-words.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/seed-image.h"
#include "util/json-depth.h"

/* Of what a guest's program complained of, the end says why it gave up. */
#define TAIL 200
/* What is asked here is answered with three levels. */
#define MAX_DEPTH 16

void
floe_agent_status_clear (FloeAgentStatus *self)
{
  g_clear_pointer (&self->out, g_free);
  g_clear_pointer (&self->error, g_free);
}

/* --- what we say --- */

static JsonBuilder *
begin (const gchar *command)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "execute");
  json_builder_add_string_value (builder, command);
  json_builder_set_member_name (builder, "arguments");
  json_builder_begin_object (builder);
  return builder;
}

static gchar *
end (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  g_object_unref (builder);
  return json_to_string (root, FALSE);
}

static void
add_string (JsonBuilder *builder, const gchar *name, const gchar *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static gchar *
say_number (const gchar *command, const gchar *name, gint64 number)
{
  JsonBuilder *builder = begin (command);

  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
  return end (builder);
}

/**
 * floe_agent_say:
 *
 * Returns: (transfer full): a command without arguments
 */
gchar *
floe_agent_say (const gchar *command)
{
  return end (begin (command));
}

/**
 * floe_agent_say_exec:
 * @path: a program
 * @arguments: (array zero-terminated=1): without its name
 * @input: (nullable): what it reads
 *
 * Returns: (transfer full): the command that starts a program whose output is kept
 */
gchar *
floe_agent_say_exec (const gchar *path, const gchar *const *arguments, const gchar *input)
{
  JsonBuilder *builder = begin ("guest-exec");

  add_string (builder, "path", path);
  json_builder_set_member_name (builder, "arg");
  json_builder_begin_array (builder);
  for (; *arguments != NULL; arguments++)
    json_builder_add_string_value (builder, *arguments);
  json_builder_end_array (builder);
  if (input != NULL)
    {
      g_autofree gchar *coded = g_base64_encode ((const guchar *)input, strlen (input));

      add_string (builder, "input-data", coded);
    }
  json_builder_set_member_name (builder, "capture-output");
  json_builder_add_boolean_value (builder, TRUE);
  return end (builder);
}

gchar *
floe_agent_say_status (gint64 pid)
{
  return say_number ("guest-exec-status", "pid", pid);
}

gchar *
floe_agent_say_open (const gchar *path)
{
  JsonBuilder *builder = begin ("guest-file-open");

  add_string (builder, "path", path);
  add_string (builder, "mode", "r");
  return end (builder);
}

gchar *
floe_agent_say_read (gint64 handle)
{
  return say_number ("guest-file-read", "handle", handle);
}

gchar *
floe_agent_say_close (gint64 handle)
{
  return say_number ("guest-file-close", "handle", handle);
}

/* --- what it answers --- */

static JsonNode *
parse (const gchar *reply)
{
  return floe_json_is_shallow (reply, strlen (reply), MAX_DEPTH) ? json_from_string (reply, NULL)
                                                                 : NULL;
}

static JsonNode *
member (JsonNode *node, const gchar *name)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? json_object_get_member (json_node_get_object (node), name)
             : NULL;
}

static JsonNode *
answer_of (JsonNode *root, GError **error)
{
  JsonNode *answer = member (root, "return");

  if (answer == NULL)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                         "the guest agent's answer cannot be read");
  return answer;
}

static gboolean
is_of (JsonNode *node, GType type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static gboolean
read_number (JsonNode *node, gint64 *number, GError **error)
{
  if (is_of (node, G_TYPE_INT64))
    {
      *number = json_node_get_int (node);
      return TRUE;
    }
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                       "the guest agent's answer cannot be read");
  return FALSE;
}

static gchar *
read_coded (JsonNode *answer, const gchar *name)
{
  JsonNode *node = member (answer, name);
  g_autofree guchar *bytes = NULL;
  gsize length;

  if (!is_of (node, G_TYPE_STRING))
    return NULL;
  bytes = g_base64_decode (json_node_get_string (node), &length);
  return g_utf8_make_valid ((const gchar *)bytes, (gssize)length);
}

gboolean
floe_agent_read_pid (const gchar *reply, gint64 *pid, GError **error)
{
  g_autoptr (JsonNode) root = parse (reply);
  JsonNode *answer = answer_of (root, error);

  return answer != NULL && read_number (member (answer, "pid"), pid, error);
}

gboolean
floe_agent_read_status (const gchar *reply, FloeAgentStatus *status, GError **error)
{
  g_autoptr (JsonNode) root = parse (reply);
  JsonNode *answer = answer_of (root, error);
  JsonNode *exited = member (answer, "exited");
  gint64 code = -1;

  if (answer == NULL)
    return FALSE;
  memset (status, 0, sizeof *status);
  status->exited = is_of (exited, G_TYPE_BOOLEAN) && json_node_get_boolean (exited);
  if (is_of (member (answer, "exitcode"), G_TYPE_INT64))
    code = json_node_get_int (member (answer, "exitcode"));
  status->code = (gint)CLAMP (code, -1, 255);
  status->out = read_coded (answer, "out-data");
  status->error = read_coded (answer, "err-data");
  return TRUE;
}

gboolean
floe_agent_read_handle (const gchar *reply, gint64 *handle, GError **error)
{
  g_autoptr (JsonNode) root = parse (reply);
  JsonNode *answer = answer_of (root, error);

  return answer != NULL && read_number (answer, handle, error);
}

/**
 * floe_agent_read_content:
 *
 * Returns: (transfer full): what guest-file-read read
 */
gchar *
floe_agent_read_content (const gchar *reply, GError **error)
{
  g_autoptr (JsonNode) root = parse (reply);
  JsonNode *answer = answer_of (root, error);
  gchar *content = read_coded (answer, "buf-b64");

  if (answer != NULL && content == NULL)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                         "the guest agent's answer cannot be read");
  return content;
}

/**
 * floe_agent_read_is_windows:
 * @reply: the answer to guest-get-osinfo
 */
gboolean
floe_agent_read_is_windows (const gchar *reply)
{
  g_autoptr (JsonNode) root = parse (reply);
  JsonNode *id = member (member (root, "return"), "id");

  return is_of (id, G_TYPE_STRING) && strcmp (json_node_get_string (id), "mswindows") == 0;
}

/**
 * floe_agent_read_first_boot:
 * @status: (nullable): what is in %FLOE_FIRST_BOOT_STATUS, %NULL without one
 *
 * Returns: whether a clone's script ended well, or it has none; %FALSE with an error of reason
 *   "script-failed"
 */
gboolean
floe_agent_read_first_boot (const gchar *status, GError **error)
{
  g_autofree gchar *word = g_strstrip (g_strndup (status != NULL ? status : "0", TAIL));

  if (strcmp (word, "0") == 0)
    return TRUE;
  if (*word == '\0' || strcmp (word, FLOE_FIRST_BOOT_UNFINISHED) == 0)
    floe_set_error_reason (error, FLOE_ERROR_INTERNAL, "script-failed",
                           "the clone's first-boot script was cut off, and is not run again");
  else
    {
      g_autofree gchar *said = floe_agent_tail (word);

      floe_set_error_reason (error, FLOE_ERROR_INTERNAL, "script-failed",
                             "the clone's first-boot script ended with %.10s", said);
    }
  return FALSE;
}

/**
 * floe_agent_tail:
 * @text: (nullable): what a guest's program complained of
 *
 * Returns: (transfer full): its last 200 bytes at most, on one line, fit for a log and an error
 */
gchar *
floe_agent_tail (const gchar *text)
{
  g_autofree gchar *copy = g_strstrip (g_strdup (text != NULL ? text : ""));
  const gchar *start = copy;
  gsize length = strlen (copy);

  if (length > TAIL)
    for (start = copy + length - TAIL; ((guchar)*start & 0xc0) == 0x80;)
      start++;
  g_strdelimit (copy, "\t\r\n", ' ');
  for (gchar *at = copy; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      *at = '?';
  return g_strdup (*start != '\0' ? start : "it said nothing");
}
