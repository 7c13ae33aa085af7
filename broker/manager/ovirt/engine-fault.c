/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-fault.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-json.h"

/* An engine has no codes beside HTTP's: what is wrong is told in words, of which we ask for the
 * English ones. A detail may hold several messages; the first row that is in it counts, so what
 * decides stands above what only goes with it. */
static const struct
{
  const gchar *text;
  FloeError code;
  const gchar *reason;
} faults[] = {
  { "There are no available VMs", FLOE_ERROR_EXHAUSTED, "no-desktop-free" },
  { "maximum number of VMs from this VM-Pool", FLOE_ERROR_CONFLICT, "limit-reached" },
  { "Related operation is currently in progress", FLOE_ERROR_BUSY, "engine-busy" },
  { "is locked. Please try again", FLOE_ERROR_BUSY, "engine-busy" },
  { "Another user has already accessed the console", FLOE_ERROR_CONFLICT, "console-taken" },
  { "There is no host that satisfies", FLOE_ERROR_EXHAUSTED, "no-host" },
  { "quota", FLOE_ERROR_EXHAUSTED, "quota" },
  { "VM is not running", FLOE_ERROR_CONFLICT, "not-running" },
  { "in Down status", FLOE_ERROR_CONFLICT, "not-running" },
  { "VM is running", FLOE_ERROR_CONFLICT, "running" },
  { "not authorized", FLOE_ERROR_DENIED, "engine-rights" },
  { "insufficient permissions", FLOE_ERROR_DENIED, "engine-rights" },
  { "VM is not found", FLOE_ERROR_NOT_FOUND, NULL },
  { "VM-Pool not found", FLOE_ERROR_NOT_FOUND, NULL },
  { "Entity not found", FLOE_ERROR_NOT_FOUND, NULL },
};

static const struct
{
  guint status;
  FloeError code;
  const gchar *reason;
} statuses[] = {
  { 400, FLOE_ERROR_INVALID, NULL },
  { 401, FLOE_ERROR_UNAVAILABLE, "engine-login" },
  { 403, FLOE_ERROR_DENIED, "engine-rights" },
  { 404, FLOE_ERROR_NOT_FOUND, NULL },
  { 409, FLOE_ERROR_CONFLICT, NULL },
  { 500, FLOE_ERROR_UNAVAILABLE, "host-silent" },
  { 502, FLOE_ERROR_UNAVAILABLE, "host-silent" },
  { 503, FLOE_ERROR_UNAVAILABLE, "host-silent" },
  { 504, FLOE_ERROR_UNAVAILABLE, "host-silent" },
};

/* An action's fault lies in the action; others stand alone. */
static const gchar *
find_detail (JsonNode *answer)
{
  JsonObject *root = floe_engine_json_root (answer);
  JsonObject *fault = floe_engine_json_object (root, "fault");
  const gchar *detail = floe_engine_json_text (fault != NULL ? fault : root, "detail");

  return detail != NULL ? detail : floe_engine_json_text (fault != NULL ? fault : root, "reason");
}

/* Of "[First., First., Last.]" the last one, which is about the whole, with the commas of its own.
 */
static gchar *
shorten (const gchar *detail)
{
  const gchar *last = g_strrstr (detail, "., ");
  g_autofree gchar *text = g_strdup (last != NULL ? last + 3 : detail);
  gsize length;

  g_strdelimit (text, "[]\r\n", ' ');
  g_strstrip (text);
  length = strlen (text);
  if (length > 0 && text[length - 1] == '.')
    length--; /* what stands behind that is not looked at */
  return g_utf8_make_valid (text, MIN (length, 300));
}

/**
 * floe_engine_fault_new:
 * @status: of HTTP, 400 or above
 * @answer: (nullable): the body, if it was JSON
 * @is_page: there was a body, and it was none
 *
 * Returns: (transfer full): what it means, in our words for codes and the engine's for people
 */
GError *
floe_engine_fault_new (guint status, JsonNode *answer, gboolean is_page)
{
  const gchar *detail = find_detail (answer);
  g_autofree gchar *text = detail != NULL ? shorten (detail) : NULL;
  FloeError code = FLOE_ERROR_INTERNAL;
  const gchar *reason = NULL;
  GError *error = NULL;
  guint i = 0;

  while (detail != NULL && i < G_N_ELEMENTS (faults) && strstr (detail, faults[i].text) == NULL)
    i++;
  if (detail != NULL && i < G_N_ELEMENTS (faults))
    {
      code = faults[i].code;
      reason = faults[i].reason;
    }
  else
    for (i = 0; i < G_N_ELEMENTS (statuses); i++)
      if (statuses[i].status == status)
        {
          code = statuses[i].code;
          reason = statuses[i].reason;
        }
  /* A page instead of an answer: whatever runs there is no engine that is up. */
  if (is_page && status != 401 && status != 403)
    {
      code = FLOE_ERROR_UNAVAILABLE;
      reason = "host-silent";
    }
  floe_set_error_reason (&error, code, reason, "the engine answers %u: %s", status,
                         text != NULL ? text : "without a reason");
  return error;
}

/**
 * floe_engine_fault_of_login:
 *
 * A refused log-in is always 400, and which of its two forms it has depends on the scope.
 *
 * Returns: (transfer full): what it means, without whatever name was in it
 */
GError *
floe_engine_fault_of_login (guint status, JsonNode *answer)
{
  JsonObject *root = floe_engine_json_root (answer);
  const gchar *code = floe_engine_json_text (root, "error_code");
  GError *error = NULL;

  if (code == NULL)
    code = floe_engine_json_text (root, "error");
  if (status != 400 || code == NULL)
    floe_set_error_reason (&error, FLOE_ERROR_UNAVAILABLE, "host-down",
                           "the engine's log-in answers %u", status);
  else if (g_str_equal (code, "access_denied") || g_str_equal (code, "unauthorized_client"))
    floe_set_error_reason (&error, FLOE_ERROR_DENIED, "engine-login",
                           "the engine refuses the log-in: %s", code);
  else
    floe_set_error_reason (&error, FLOE_ERROR_UNAVAILABLE, "engine-login",
                           "the engine's log-in says %.60s", code);
  return error;
}
