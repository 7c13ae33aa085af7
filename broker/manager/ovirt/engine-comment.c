/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-comment.h"

#include "manager/ovirt/engine-json.h"

/**
 * floe_engine_comment_is_of:
 * @comment: (nullable): a VM's
 * @person_id: (nullable): somebody's; %NULL for nobody's
 *
 * Returns: whether it says that the VM is theirs
 */
gboolean
floe_engine_comment_is_of (const gchar *comment, const gchar *person_id)
{
  g_autofree gchar *end = g_strconcat (" ", person_id, NULL);

  return comment != NULL && person_id != NULL && g_str_has_prefix (comment, FLOE_ENGINE_COMMENT)
         && g_str_has_suffix (comment, end);
}

/**
 * floe_engine_comment_is_of_another:
 * @comment: (nullable): a VM's
 * @person_id: (nullable): somebody's, since names may change; %NULL for nobody's
 *
 * Returns: whether it says that the VM is somebody's, and not theirs
 */
gboolean
floe_engine_comment_is_of_another (const gchar *comment, const gchar *person_id)
{
  return comment != NULL && g_str_has_prefix (comment, FLOE_ENGINE_COMMENT)
         && !floe_engine_comment_is_of (comment, person_id);
}

static gchar *
write_body (const FloeVmHolder *whose)
{
  g_autofree gchar *text =
      whose != NULL ? g_strconcat (FLOE_ENGINE_COMMENT, whose->person, " ", whose->person_id, NULL)
                    : NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "comment");
  json_builder_add_string_value (builder, text != NULL ? text : "");
  return floe_engine_json_end (builder);
}

/**
 * floe_engine_comment_async:
 * @whose: (nullable): whose the VM is, for administrators of the engine, and to know it again;
 * %NULL for nobody's
 * @correlation: (nullable): what stands in the engine's log beside it
 * @callback: (nullable): as for floe_engine_client_call_async()
 *
 * Marks a VM of the service account with whom it was given to.
 */
void
floe_engine_comment_async (FloeEngineClient *client, const gchar *vm_id, const FloeVmHolder *whose,
                           const gchar *correlation, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autofree gchar *path = g_strdup_printf ("/vms/%s", vm_id);
  g_autofree gchar *body = write_body (whose);
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
