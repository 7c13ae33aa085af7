/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hooks/hook-body.h"

#include <json-glib/json-glib.h>

static void
add_text (JsonBuilder *builder, const gchar *name, const gchar *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_event (JsonBuilder *builder, const gchar *event, const FloeAudit *row)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_utc (row->at / G_USEC_PER_SEC);
  g_autofree gchar *at_text = g_date_time_format_iso8601 (at);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_int_value (builder, row->id);
  add_text (builder, "event", event);
  add_text (builder, "at", at_text);
  add_text (builder, "action", row->action);
  add_text (builder, "outcome", row->outcome);
  add_text (builder, "object", row->object);
  add_text (builder, "actor", row->actor);
  add_text (builder, "detail", row->detail);
  json_builder_end_object (builder);
}

/**
 * floe_hook_body:
 * @rows: (element-type FloeAudit): what happened
 * @hook: who is to be told
 *
 * Returns: (transfer full) (nullable): what they are told, as JSON; %NULL for nothing
 */
gchar *
floe_hook_body (GPtrArray *rows, const FloeWebhook *hook)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  guint n = 0;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "events");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];
      const gchar *event;

      if (!floe_webhook_wants (hook, row->action, row->outcome, row->object, &event))
        continue;
      add_event (builder, event, row);
      n++;
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return n > 0 ? json_to_string (root, FALSE) : NULL;
}

/**
 * floe_hook_signature:
 * @now: microseconds since 1970 UTC
 *
 * Returns: (transfer full): what Floe-Signature says: `t=SECONDS,v1=HEX`, where HEX is the
 *   HMAC-SHA256 of SECONDS, a dot and the body. Whoever is told compares the time as well, so that
 *   nobody tells them the same again later
 */
gchar *
floe_hook_signature (const FloeSecret *secret, gint64 now, const gchar *body)
{
  gsize length;
  const gchar *key = floe_secret_get (secret, &length);
  gint64 seconds = now / G_USEC_PER_SEC;
  g_autofree gchar *text = g_strdup_printf ("%" G_GINT64_FORMAT ".%s", seconds, body);
  g_autofree gchar *sum =
      g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)key, length, text, -1);

  return g_strdup_printf ("t=%" G_GINT64_FORMAT ",v1=%s", seconds, sum);
}
