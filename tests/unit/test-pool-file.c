/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "api/bodies.h"
#include "api/pool-file.h"
#include "core/error.h"

static gchar *
example (const gchar *name)
{
  g_autofree gchar *file = g_strconcat (name, ".json", NULL);
  g_autofree gchar *path = g_test_build_filename (G_TEST_DIST, "tests", "data", "api", file, NULL);
  gchar *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static FloePool *
read_example (const gchar *name)
{
  g_autofree gchar *text = example (name);
  g_autoptr (GError) error = NULL;
  FloePool *pool = floe_pool_file_read (text, strlen (text), &error);

  g_assert_no_error (error);
  return pool;
}

static void
test_defaults (void)
{
  g_autoptr (FloePool) pool = read_example ("pool-file-shortest");
  g_autoptr (FloePool) plain = floe_pool_new (pool->name, pool->kind);
  g_auto (GStrv) changes = floe_pool_diff (plain, pool);

  g_assert_cmpuint (g_strv_length (changes), ==, 1);
  g_assert_cmpstr (changes[0], ==,
                   "entitlements.groups: + uuid:0f0d7a4e-26f4-103f-8a2e-5b3f1d2c9e10");
}

/* Each key of the file is in its own field. */
static void
test_whole (void)
{
  static const gchar *const wanted[] = {
    "new floating pool",
    "description: (none) -> Desktops of the office",
    "domains: (none) -> by template",
    "template.domain: (none) -> debian-office",
    "template.storage: (none) -> floe",
    "template.prefix: (none) -> office",
    "template.minimum: 0 -> 5",
    "template.maximum: 10 -> 40",
    "template.canary_percent: 10 -> 20",
    "template.personality: none -> cloud-init",
    "template.first_boot: new, 71 bytes",
    "template.last_words: new, 32 bytes",
    "entitlements.groups: + office",
    "entitlements.users: + jweber",
    "helpdesk_groups: + office-helpdesk",
    "from.terminals: + lobby-1",
    "from.terminal_groups: + ground-floor",
    "from.networks: + 192.0.2.0/24",
    "spares: 0 -> 4",
    "schedule: + mon,tue,wed,thu,fri 08:30-10:00 12",
    "schedule: + sun 22:00-02:00 0",
    "data_gib: 0 -> 20",
    "host_loss_seconds: 900 -> 600",
    "on_log_off: keep -> reset",
    "on_shut_down: keep -> reset",
    "on_account_end: lock -> log-off",
    "idle_seconds: 0 -> 1800",
    "on_idle: lock -> log-off",
    "limit_seconds: 0 -> 36000",
    "on_limit: log-off -> shut-down",
    "actions: + restart",
    "actions: + fresh",
  };
  g_autoptr (FloePool) made = read_example ("pool-file-template");
  g_autoptr (FloePool) named = read_example ("pool-file");
  g_auto (GStrv) changes = floe_pool_diff (NULL, made);

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_cmpstr (changes[i], ==, wanted[i]);
  g_assert_null (changes[G_N_ELEMENTS (wanted)]);
  g_assert_cmpstr (named->pattern, ==, "office-*");
  g_assert_true (named->closed);
  g_assert_cmpstr (named->message, ==, "Back at noon");
  g_assert_cmpint (named->policy->clipboard, ==, FLOE_WAY_FROM_GUEST);
  g_assert_cmpint (named->policy->files, ==, FLOE_WAY_NONE);
  g_assert_cmpint (named->policy->folder, ==, FLOE_FOLDER_READ_ONLY);
  g_assert_true (named->policy->usb);
  g_assert_cmpstr (named->policy->usb_filter, ==, "0x03,-1,-1,-1,0|-1,-1,-1,-1,1");
  g_assert_cmpstr (named->policy->usb_connect, ==, "0x08,-1,-1,-1,1");
  g_assert_true (named->policy->playback);
  g_assert_false (named->policy->record);
  g_assert_false (named->policy->smartcard);
  g_assert_true (named->drain);
}

/* What an engine decides has other defaults. */
static void
test_engine (void)
{
  g_autoptr (FloePool) pool = read_example ("pool-file-engine");
  FloePoolReport report = { .pool = pool };
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  g_autoptr (FloeSecret) body = NULL;

  g_assert_cmpstr (pool->manager, ==, "rhv");
  g_assert_cmpstr (pool->engine_pool, ==, "Office PCs");
  g_assert_cmpint (pool->assign, ==, FLOE_ASSIGN_SERVICE);
  g_assert_cmpint (pool->on_account_end, ==, FLOE_ACT_RESET);
  floe_body_write_pool_report (writer, NULL, &report);
  body = floe_json_writer_finish (writer);
  g_assert_nonnull (strstr (floe_secret_get (body, NULL),
                            "\"manager\":\"rhv\",\"engine\":{\"pool\":\"Office PCs\","
                            "\"assign\":\"service-account\"},\"entitlements\""));
}

static void
test_engine_kept (void)
{
  const gchar *text = "{\"name\": \"developers\", \"kind\": \"dedicated\", \"manager\": \"rhv\","
                      " \"engine\": {\"pool\": \"Developers\", \"assign\": \"as-user\"},"
                      " \"entitlements\": {\"groups\": [], \"users\": []}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePool) pool = floe_pool_file_read (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpint (pool->on_account_end, ==, FLOE_ACT_SHUT_DOWN);
  g_assert_cmpint (pool->on_disconnect, ==, FLOE_ACT_KEEP);
}

/* What is told of a pool is what its file says. */
static void
test_round_trip (void)
{
  FloePoolReport report = { .pool = read_example ("pool-file-template"), .total = 5, .free = 5 };
  G_GNUC_UNUSED g_autoptr (FloePool) pool = report.pool;
  g_autoptr (GPtrArray) desktops = g_ptr_array_new ();
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  g_autoptr (FloeSecret) body = NULL;
  g_autofree gchar *text = example ("admin-pool-template");
  g_autoptr (JsonNode) wanted = json_from_string (text, NULL);
  g_autoptr (JsonNode) told = NULL;
  g_autofree gchar *got_text = NULL;
  g_autofree gchar *wanted_text = NULL;

  report.desktops = desktops;
  floe_body_write_pool_report (writer, NULL, &report);
  body = floe_json_writer_finish (writer);
  told = json_from_string (floe_secret_get (body, NULL), NULL);
  got_text = json_to_string (told, TRUE);
  wanted_text = json_to_string (wanted, TRUE);
  g_assert_cmpstr (got_text, ==, wanted_text);
}

#define START     "{\"name\":\"a\",\"kind\":\"floating\",\"manager\":\"libvirt\","
#define END       "\"entitlements\":{\"groups\":[],\"users\":[]}}"
#define NAMED     START "\"domains\":{\"metadata\":true},"
#define TEMPLATE  START "\"template\":{\"domain\":\"d\",\"storage\":\"s\",\"prefix\":\"p\""
#define ENGINE    "{\"name\":\"a\",\"kind\":\"floating\",\"manager\":\"rhv\","
#define POLICY(x) NAMED "\"policy\":{" x "}," END
#define WINDOW(x) NAMED "\"schedule\":[{" x "}]," END

static void
test_bad (void)
{
  static const struct
  {
    const gchar *text;
    const gchar *message;
  } rows[] = {
    { START END, "domains: missing" },
    { NAMED "\"engine\":{}," END, "\"engine\": unknown key" },
    { ENGINE END, "manager: expected \"libvirt\", or the name of an engine beside an \"engine\"" },
    { ENGINE "\"engine\":{\"pool\":\"x\"}," END, "engine.assign: missing" },
    { ENGINE "\"engine\":{\"pool\":\"x\",\"assign\":\"me\"}," END,
      "engine.assign: expected \"as-user\", \"on-behalf\" or \"service-account\"" },
    { ENGINE "\"engine\":{\"pool\":\"\",\"assign\":\"on-behalf\"}," END,
      "engine.pool: expected the name of a pool at the engine" },
    { ENGINE "\"engine\":{\"pool\":\"x\",\"assign\":\"on-behalf\"},\"on_idle\":\"lock\","
             "\"idle_seconds\":5," END,
      "on_...: expected keep, shut-down or reset: an engine neither locks nor logs off" },
    { TEMPLATE "},\"domains\":{\"metadata\":true}," END,
      "template: expected either \"domains\" or \"template\", not both" },
    { START "\"template\":{}," END, "template.domain: missing" },
    { START "\"template\":[]," END, "template: expected an object" },
    { TEMPLATE ",\"typo\":1}," END, "template.\"typo\": unknown key" },
    { TEMPLATE ",\"maximum\":0}," END,
      "template.maximum: expected a whole number from 1 to 100000" },
    { TEMPLATE ",\"minimum\":11}," END, "template.minimum: 11, expected at most the maximum, 10" },
    { TEMPLATE ",\"canary_percent\":101}," END,
      "template.canary_percent: expected a whole number from 0 to 100" },
    { TEMPLATE ",\"personality\":\"sysprep\"}," END,
      "template.personality: expected \"none\", \"cloud-init\" or \"agent\"" },
    { TEMPLATE ",\"first_boot\":\"x\"}," END,
      "template.first_boot: expected a \"personality\" of cloud-init or agent, which runs it" },
    { TEMPLATE "},\"data_gib\":-1," END, "data_gib: expected a whole number from 0 to 16384" },
    { NAMED "\"data_gib\":1," END,
      "data_gib: expected a \"template\": data disks are for desktops that the broker makes" },
    { NAMED "\"helpdesk_groups\":\"desk\"," END, "helpdesk_groups: expected an array of strings" },
    { NAMED "\"helpdesk_groups\":[\"cn=desk,dc=example\"]," END,
      "helpdesk_groups: expected names, \"sid:...\" or \"uuid:...\", no DN" },
    { NAMED "\"helpdesk_groups\":[\"terminals:lab\"]," END,
      "helpdesk_groups[0]: expected a directory's group, not terminals" },
    { NAMED "\"from\":{\"networks\":[\"192.0.2.1/24\"]}," END,
      "from.networks[0]: expected a network such as \"192.0.2.0/24\"" },
    { NAMED "\"from\":{\"terminals\":[\"a\",\"A\"]}," END,
      "from.terminals[1]: expected 1 to 64 of a-z, 0-9 and -, not beginning with -" },
    { NAMED "\"from\":{\"terminal\":[]}," END, "from.\"terminal\": unknown key" },
    { NAMED "\"entitlements\":{\"groups\":[\"terminals:a b\"],\"users\":[]}}",
      "entitlements.groups[0]: expected a terminal group's name after \"terminals:\": 1 to 64 of "
      "a-z, 0-9 and -" },
    { NAMED "\"per_user\":0," END, "per_user: expected a whole number from 1 to 100" },
    { NAMED "\"on_idle\":\"sleep\"," END,
      "on_idle: expected keep, lock, log-off, shut-down or reset" },
    { NAMED "\"on_idle\":1," END, "on_idle: expected a string" },
    { NAMED "\"drain\":true," END,
      "drain: expected \"closed\": true with it: only a closed pool is drained" },
    { NAMED "\"schedule\":{}," END, "schedule: expected an array of objects" },
    { NAMED "\"schedule\":[1]," END, "schedule[0]: expected an object" },
    { WINDOW (""), "schedule[0].days: missing" },
    { WINDOW ("\"days\":[\"monday\"]"),
      "schedule[0].days[0]: expected mon, tue, wed, thu, fri, sat or sun" },
    { WINDOW ("\"days\":[\"mon\"],\"from\":\"8:30\""),
      "schedule[0].from: expected a time from \"00:00\" to \"23:59\"" },
    { WINDOW ("\"days\":[\"mon\"],\"from\":\"08:30\",\"to\":\"24:00\""),
      "schedule[0].to: expected a time from \"00:00\" to \"23:59\"" },
    { WINDOW ("\"days\":[\"mon\"],\"from\":\"08:30\",\"to\":\"08:60\""),
      "schedule[0].to: expected a time from \"00:00\" to \"23:59\"" },
    { WINDOW ("\"days\":[\"mon\"],\"from\":\"08:30\",\"to\":\"09:00\""),
      "schedule[0].spares: missing" },
    { WINDOW ("\"days\":[],\"from\":\"08:30\",\"to\":\"09:00\",\"spares\":1"),
      "schedule[0].days: expected at least one of mon, tue, wed, thu, fri, sat, sun" },
    { WINDOW ("\"days\":[\"mon\"],\"from\":\"08:30\",\"to\":\"08:30\",\"spares\":1"),
      "schedule[0].to: expected another time than \"from\": this one never opens" },
    { WINDOW ("\"days\":[\"mon\"],\"from\":\"08:30\",\"to\":\"09:00\",\"spares\":1,\"x\":1"),
      "schedule[0].\"x\": unknown key" },
    { POLICY ("\"clipboard\":\"out\""),
      "policy.clipboard: expected both, to-guest, from-guest or none" },
    { POLICY ("\"files\":\"from-guest\""),
      "policy.files: expected both, to-guest or none: SPICE carries no file out of a guest" },
    { POLICY ("\"folder\":\"both\""), "policy.folder: expected none, read-only or read-write" },
    { POLICY ("\"usb\":true"), "policy.usb: expected an object" },
    { POLICY ("\"usb\":{\"filter\":\"\"}"), "policy.usb.filter: expected at least one rule" },
    { POLICY ("\"usb\":{\"filter\":\"3,-1,-1,-1,1|3\"}"),
      "policy.usb.filter: rule 2: expected CLASS,VENDOR,PRODUCT,VERSION,ALLOW such as "
      "\"0x08,-1,-1,-1,1\"" },
    { POLICY ("\"smartcard\":0"), "policy.smartcard: expected true or false" },
    { POLICY ("\"printer\":true"), "policy.\"printer\": unknown key" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (floe_pool_file_read (rows[i].text, strlen (rows[i].text), &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, rows[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool-file/defaults", test_defaults);
  g_test_add_func ("/pool-file/whole", test_whole);
  g_test_add_func ("/pool-file/engine", test_engine);
  g_test_add_func ("/pool-file/engine-kept", test_engine_kept);
  g_test_add_func ("/pool-file/round-trip", test_round_trip);
  g_test_add_func ("/pool-file/bad", test_bad);
  return g_test_run ();
}
