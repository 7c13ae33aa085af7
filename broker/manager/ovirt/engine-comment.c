/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-comment.h"

#include "manager/ovirt/engine-json.h"

/**
 * floe_engine_comment_text:
 *
 * Returns: (transfer full): what stands in the comment of a VM that is @person's
 */
gchar *
floe_engine_comment_text (const gchar *person)
{
  return g_strconcat (FLOE_ENGINE_COMMENT, person, NULL);
}

static gchar *
write_body (const gchar *person)
{
  g_autofree gchar *text = person != NULL ? floe_engine_comment_text (person) : NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "comment");
  json_builder_add_string_value (builder, text != NULL ? text : "");
  return floe_engine_json_end (builder);
}

/**
 * floe_engine_comment_async:
 * @person: (nullable): whose the VM is, for administrators of the engine; %NULL for nobody's
 * @correlation: (nullable): what stands in the engine's log beside it
 * @callback: (nullable): as for floe_engine_client_call_async()
 *
 * Marks a VM of the service account with whom it was given to.
 */
void
floe_engine_comment_async (FloeEngineClient *client, const gchar *vm_id, const gchar *person,
                           const gchar *correlation, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autofree gchar *path = g_strdup_printf ("/vms/%s", vm_id);
  g_autofree gchar *body = write_body (person);
  const FloeEngineCall call = {
    .method = "PUT", .path = path, .body = body, .correlation = correlation, .repeatable = TRUE
  };

  floe_engine_client_call_async (client, &call, callback, user_data);
}

gboolean
floe_engine_comment_finish (FloeEngineClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (JsonNode) answer = floe_engine_client_call_finish (client, result, error);

  return answer != NULL;
}
