/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-fault.h"
#include "manager/ovirt/engine-json.h"
#include "manager/ovirt/engine-values.h"

/* What an engine writes, read. */

#define ID "8482dd91-a8bd-5920-89eb-986ed92b54f2"

static JsonNode *
parse (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = floe_engine_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return node;
}

static void
test_refuses (void)
{
  g_autofree gchar *deep = g_strnfill (200000, '[');
  const gchar *const texts[] = { deep,         "",           "[]",     "{",
                                 "{}}",        "{'a': [1]}", "{/**/}", "<html/>",
                                 "{\"a\": \"", "{\"a\":}",   "{} {}",  "{\"vm\":[{\"id\":\"x\"",
                                 "\"text\"" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = floe_engine_json_parse (texts[i], strlen (texts[i]), &error);

      g_assert_null (node);
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
    }
}

/* Values are strings, or what they are. */
static void
test_tolerates (void)
{
  g_autoptr (JsonNode) node = parse ("{\"a\":\"4294967296\",\"b\":7,\"c\":\"true\",\"d\":true,"
                                     "\"e\":{},\"f\":\"x\",\"g\":null,\"h\":\"\\\"[[[\"}");
  JsonObject *object = floe_engine_json_root (node);

  g_assert_cmpint (floe_engine_json_number (object, "a", 0), ==, G_GINT64_CONSTANT (4294967296));
  g_assert_cmpint (floe_engine_json_number (object, "b", 0), ==, 7);
  g_assert_cmpint (floe_engine_json_number (object, "f", -1), ==, -1);
  g_assert_cmpint (floe_engine_json_number (object, "e", -1), ==, -1);
  g_assert_true (floe_engine_json_flag (object, "c"));
  g_assert_true (floe_engine_json_flag (object, "d"));
  g_assert_false (floe_engine_json_flag (object, "f"));
  g_assert_null (floe_engine_json_text (object, "g"));
  g_assert_null (floe_engine_json_text (object, "e"));
  g_assert_null (floe_engine_json_list (object, "e"));
  g_assert_null (floe_engine_json_object (object, "f"));
}

static void
test_vm (void)
{
  g_autoptr (JsonNode) node = parse (
      "{\"id\":\"" ID "\",\"name\":\"office-1\",\"status\":\"powering_down\","
      "\"memory\":\"2147483648\",\"vm_pool\":{\"id\":\"" ID "\"},\"display\":{\"type\":\"spice\"},"
      "\"fqdn\":\"o\",\"sessions\":{\"session\":["
      "{\"console_user\":\"true\",\"ip\":{\"address\":\"192.0.2.7\"}},"
      "{\"console_user\":\"true\"},{\"user\":{\"user_name\":\"guest\"}},7]}}");
  g_autoptr (FloeEngineVm) vm = floe_engine_vm_new (floe_engine_json_root (node));
  g_autoptr (FloeDomain) domain = floe_engine_vm_to_domain (vm, "one", "office");

  g_assert_cmpstr (domain->host, ==, "one");
  g_assert_cmpstr (domain->pool, ==, "office");
  g_assert_cmpint (domain->power, ==, FLOE_POWER_STOPPING);
  g_assert_cmpuint (domain->memory_mib, ==, 2048);
  g_assert_cmpint (domain->logged_in, ==, 1);
  g_assert_true (domain->agent_connected);
  g_assert_null (domain->refusal);
  g_assert_cmpuint (g_strv_length (vm->peers), ==, 1);
  g_assert_cmpstr (vm->peers[0], ==, "192.0.2.7");
}

/* What is not said is on, but for USB and smartcards; of the rest an engine does not tell. */
static void
test_openings (void)
{
  g_autoptr (JsonNode) open = parse ("{\"display\":{\"smartcard_enabled\":\"true\"},"
                                     "\"usb\":{\"enabled\":\"true\"}}");
  g_autoptr (JsonNode) closed = parse ("{\"display\":{\"copy_paste_enabled\":\"false\","
                                       "\"file_transfer_enabled\":\"false\"}}");
  g_autoptr (FloeOpenings) all = floe_engine_openings_new (floe_engine_json_root (open));
  g_autoptr (FloeOpenings) none = floe_engine_openings_new (floe_engine_json_root (closed));
  const FloeDevice told[] = { FLOE_DEVICE_CLIPBOARD, FLOE_DEVICE_FILES, FLOE_DEVICE_USB,
                              FLOE_DEVICE_SMARTCARD };

  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    {
      g_assert_nonnull (all->how[told[i]]);
      g_assert_null (none->how[told[i]]);
    }
}

/* Half of a VM is none: nothing is concluded from it. */
static void
test_half_vms (void)
{
  const gchar *const texts[] = { "{}", "{\"id\":\"" ID "\"}", "{\"id\":\"" ID "\",\"name\":\"a\"}",
                                 "{\"id\":\"../..\",\"name\":\"a\",\"status\":\"up\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = parse (texts[i]);

      g_assert_null (floe_engine_vm_new (floe_engine_json_root (node)));
    }
}

static void
test_unknown_status (void)
{
  g_autoptr (JsonNode) node =
      parse ("{\"id\":\"" ID "\",\"name\":\"a\",\"status\":\"dreaming\",\"display\":{}}");
  g_autoptr (FloeEngineVm) vm = floe_engine_vm_new (floe_engine_json_root (node));

  g_assert_cmpint (vm->power, ==, FLOE_POWER_UNKNOWN);
}

static void
test_faults (void)
{
#define ACTION(text) "{\"status\":\"failed\",\"fault\":{\"detail\":\"[" text "]\"}}"
#define BARE(text)   "{\"reason\":\"Operation Failed\",\"detail\":\"[" text "]\"}"
  static const struct
  {
    guint status;
    const gchar *body; /* NULL for none */
    gboolean page;
    FloeError code;
    const gchar *reason;
    const gchar *words; /* what people are told of it, at its end */
  } rows[] = {
    { 409,
      ACTION (
          "Cannot attach VM to VM-Pool. VM-Pool is already attached to a User., Cannot allocate "
          "and run VM from VM-Pool. There are no available VMs in the VM-Pool."),
      FALSE, FLOE_ERROR_EXHAUSTED, "no-desktop-free",
      "409: Cannot allocate and run VM from VM-Pool. There are no available VMs in the VM-Pool" },
    { 409, ACTION ("User is already attached to maximum number of VMs from this VM-Pool."), FALSE,
      FLOE_ERROR_CONFLICT, "limit-reached" },
    { 409,
      ACTION (
          "Cannot allocate and run VM from VM-Pool. Related operation is currently in progress. "
          "Please try again later."),
      FALSE, FLOE_ERROR_BUSY, "engine-busy" },
    { 409, BARE ("Cannot set Virtual Machine Ticket because the VM is in Down status."), FALSE,
      FLOE_ERROR_CONFLICT, "not-running" },
    { 409,
      BARE ("Console connection denied. Another user has already accessed the console of this VM. "
            "The VM should be rebooted to allow another user to access it, or changed by an "
            "Administrator to not enforce reboot between users accessing its console."),
      FALSE, FLOE_ERROR_CONFLICT, "console-taken",
      "409: Console connection denied. Another user has already accessed the console of this VM. "
      "The VM should be rebooted to allow another user to access it, or changed by an "
      "Administrator to not enforce reboot between users accessing its console" },
    { 403, ACTION ("User is not authorized to perform this action."), FALSE, FLOE_ERROR_DENIED,
      "engine-rights" },
    { 400, ACTION ("Cannot run VM. VM is not found."), FALSE, FLOE_ERROR_NOT_FOUND, NULL },
    { 409, ACTION ("Something new."), FALSE, FLOE_ERROR_CONFLICT, NULL },
    { 404, NULL, FALSE, FLOE_ERROR_NOT_FOUND, NULL },
    { 404, NULL, TRUE, FLOE_ERROR_UNAVAILABLE, "host-silent" },
    { 503, NULL, TRUE, FLOE_ERROR_UNAVAILABLE, "host-silent" },
    { 401, NULL, TRUE, FLOE_ERROR_UNAVAILABLE, "engine-login" },
    { 500, NULL, FALSE, FLOE_ERROR_UNAVAILABLE, "host-silent" },
    { 418, NULL, FALSE, FLOE_ERROR_INTERNAL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (JsonNode) node = rows[i].body != NULL ? parse (rows[i].body) : NULL;
      g_autoptr (GError) error = floe_engine_fault_new (rows[i].status, node, rows[i].page);

      g_assert_error (error, FLOE_ERROR, (gint)rows[i].code);
      g_assert_cmpstr (floe_error_reason (error), ==, rows[i].reason);
      if (rows[i].words != NULL)
        g_assert_true (g_str_has_suffix (error->message, rows[i].words));
    }
}

static void
test_login_faults (void)
{
  g_autoptr (JsonNode) denied =
      parse ("{\"error_code\":\"access_denied\",\"error\":\"Cannot authenticate user 'alice'\"}");
  g_autoptr (JsonNode) other =
      parse ("{\"error\":\"unauthorized_client\",\"error_description\":\"no\"}");
  g_autoptr (GError) first = floe_engine_fault_of_login (400, denied);
  g_autoptr (GError) second = floe_engine_fault_of_login (400, other);
  g_autoptr (GError) third = floe_engine_fault_of_login (503, NULL);

  g_assert_error (first, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_null (strstr (first->message, "alice"));
  g_assert_error (second, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_error (third, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
}

/* Whatever the pool or the cluster says about a proxy stands at the VM. */
static void
test_proxy (void)
{
#define CONSOLE "\"type\":\"spice\",\"address\":\"192.0.2.1\",\"secure_port\":\"5901\""
  g_autoptr (JsonNode) plain = parse ("{\"display\":{" CONSOLE "}}");
  g_autoptr (JsonNode) bare = parse ("{\"display\":{" CONSOLE ",\"proxy\":\"squid:3128\"}}");
  g_autoptr (JsonNode) bad = parse ("{\"display\":{" CONSOLE ",\"proxy\":\"ftp://squid\"}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDisplay) direct = floe_engine_display_new (floe_engine_json_root (plain), &error);
  g_autoptr (FloeDisplay) proxied = floe_engine_display_new (floe_engine_json_root (bare), &error);

  g_assert_no_error (error);
  g_assert_cmpint (direct->via, ==, FLOE_DISPLAY_DIRECT);
  g_assert_null (direct->proxy);
  g_assert_cmpint (proxied->via, ==, FLOE_DISPLAY_PROXY);
  g_assert_cmpstr (proxied->proxy, ==, "http://squid:3128");
  g_assert_null (floe_engine_display_new (floe_engine_json_root (bad), &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "no-display");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine-values/json/refuses", test_refuses);
  g_test_add_func ("/engine-values/json/tolerates", test_tolerates);
  g_test_add_func ("/engine-values/vm", test_vm);
  g_test_add_func ("/engine-values/vm/openings", test_openings);
  g_test_add_func ("/engine-values/vm/half", test_half_vms);
  g_test_add_func ("/engine-values/vm/unknown-status", test_unknown_status);
  g_test_add_func ("/engine-values/faults", test_faults);
  g_test_add_func ("/engine-values/login-faults", test_login_faults);
  g_test_add_func ("/engine-values/proxy", test_proxy);
  return g_test_run ();
}
