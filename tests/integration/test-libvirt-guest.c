/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "libvirt-harness.h"

/* What needs a guest with an agent: a real desktop, made by tests/fixtures/desktop-guest.sh. It has
 * no cloud-init; its mark is written by hand. */

#define ID "11111111-1111-4111-8111-111111111111"

/* An emulated machine on a busy computer. */
#define BOOT_SECONDS 180

static gchar *
image_dir (void)
{
  const gchar *kept = g_getenv ("FLOE_GUEST_CACHE");

  return kept != NULL ? g_strdup (kept)
                      : g_build_filename (g_getenv ("FLOE_BUILD"), "desktop-guest", NULL);
}

static gchar *
run_fixture (const gchar *first, const gchar *a, const gchar *b, const gchar *c)
{
  g_autofree gchar *script =
      g_build_filename (g_getenv ("G_TEST_SRCDIR"), "tests", "fixtures", "desktop-guest.sh", NULL);
  const gchar *argv[] = { script, first, a, b, c, NULL };
  g_autoptr (GError) error = NULL;
  gchar *out = NULL;
  gint status;

  g_spawn_sync (NULL, (gchar **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  return out;
}

static FloeJob *
job_of (FloeJobKind kind)
{
  FloeJob *job = floe_job_new (kind, "h1");

  job->storage = g_strdup ("desks");
  job->pool = g_strdup ("office");
  job->revision = 1;
  if (kind != FLOE_JOB_PUBLISH)
    job->domain_id = g_strdup (ID);
  return job;
}

static void
do_job (Test *test, FloeJobKind kind, const gchar *script)
{
  g_autoptr (FloeJob) job = job_of (kind);

  job->script = g_strdup (script);
  run_job (test, job);
}

static void
make_clone (Test *test)
{
  g_autofree gchar *images = image_dir ();
  g_autofree gchar *desks = g_build_filename (test->libvirt->dir, "desks", NULL);
  g_autoptr (FloeJob) publish = job_of (FLOE_JOB_PUBLISH);
  g_autoptr (FloeJob) create = job_of (FLOE_JOB_CREATE);
  gint64 began;

  g_free (libvirt_fixture_virsh (test->libvirt, "pool-create-as", "images", "dir", "--target",
                                 images, NULL));
  g_free (libvirt_fixture_virsh (test->libvirt, "pool-create-as", "desks", "dir", "--target", desks,
                                 "--build", NULL));
  g_free (run_fixture ("define", test->libvirt->uri, "template", images));
  begin (test);
  publish->name = g_strdup ("template");
  began = g_get_monotonic_time ();
  run_job (test, publish);
  g_assert_no_error (test->error);
  g_test_message ("published in %.1f s", (gdouble)(g_get_monotonic_time () - began) / 1e6);
  g_assert_cmpuint (test->result->memory_mib, >=, 512 + 128);
  create->name = g_strdup ("office-001");
  create->volume = g_strdup (test->result->volume);
  create->xml = g_strdup (test->result->xml);
  create->personality = FLOE_PERSONALITY_CLOUD_INIT;
  run_job (test, create);
  g_assert_no_error (test->error);
  g_test_message ("created");
}

static gchar *
tell_agent (Test *test, const gchar *said)
{
  return libvirt_fixture_virsh (test->libvirt, "qemu-agent-command", ID, said, NULL);
}

static void
run_in_guest (Test *test, const gchar *command)
{
  g_autofree gchar *said =
      g_strdup_printf ("{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/sh\","
                       "\"arg\":[\"-c\",\"%s\"]}}",
                       command);

  g_free (tell_agent (test, said));
}

static gboolean
libvirt_says_connected (Test *test)
{
  g_autofree gchar *xml = libvirt_fixture_virsh (test->libvirt, "dumpxml", ID, NULL);

  return strstr (xml, "name='org.qemu.guest_agent.0' state='connected'") != NULL;
}

static gboolean
is_connected (Test *test)
{
  const FloeDomain *domain = g_hash_table_lookup (test->domains, ID);

  return domain != NULL && domain->agent_connected;
}

static void
wait_until (Test *test, gboolean (*is_so) (Test *test))
{
  gint64 until = g_get_monotonic_time () + BOOT_SECONDS * G_USEC_PER_SEC;

  while (!is_so (test))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (100000);
    }
}

static void
start (Test *test)
{
  power (test, ID, TRUE);
  g_assert_no_error (test->error);
  wait_until (test, libvirt_says_connected);
}

/* The agent answers long before cloud-init has ended. */
static void
check_first_boot (Test *test)
{
  gint64 until = g_get_monotonic_time () + 6 * G_USEC_PER_SEC;

  start (test);
  while (g_get_monotonic_time () < until)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (10000);
    }
  g_assert_true (known (test, ID)->has_agent);
  g_assert_false (known (test, ID)->agent_connected);
  run_in_guest (test, "mkdir -p /run/cloud-init; echo {} > /run/cloud-init/result.json");
  wait_until (test, is_connected);
}

static void
check_personality (Test *test)
{
  g_autofree gchar *name = NULL;
  gint64 until = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  do_job (test, FLOE_JOB_PERSONALIZE, "echo so; echo \"it's bad\" >&2; exit 3");
  expect (test, FLOE_ERROR_INTERNAL, "script-failed");
  g_assert_nonnull (strstr (test->error->message, "3: it's bad"));
  do_job (test, FLOE_JOB_PERSONALIZE, "cat /etc/hostname > /var/lib/floe/seen; cat");
  g_assert_no_error (test->error);
  name = tell_agent (test, "{\"execute\":\"guest-get-host-name\"}");
  g_assert_nonnull (strstr (name, "office-001"));
  /* a second time nothing is done */
  do_job (test, FLOE_JOB_PERSONALIZE, "exit 7");
  g_assert_no_error (test->error);
  do_job (test, FLOE_JOB_ASK, NULL);
  g_assert_no_error (test->error);
  while (test->result->logged_in == 0 && g_get_monotonic_time () < until) /* it logs in by itself */
    do_job (test, FLOE_JOB_ASK, NULL);
  g_assert_cmpuint (test->result->logged_in, ==, 1);
  do_job (test, FLOE_JOB_LOCK, NULL);
  g_assert_no_error (test->error);
  do_job (test, FLOE_JOB_LOG_OFF, NULL);
  g_assert_no_error (test->error);
}

/* Its last words are written to the data disk, which stays; so are the traces of its first. */
static void
check_end (Test *test)
{
  g_autoptr (FloeJob) attach = job_of (FLOE_JOB_ATTACH);
  g_autoptr (FloeJob) end = job_of (FLOE_JOB_REMOVE);
  g_autofree gchar *disk = g_build_filename (test->libvirt->dir, "desks", "data.qcow2", NULL);
  g_autofree gchar *raw = g_build_filename (test->libvirt->dir, "data.raw", NULL);
  const gchar *argv[] = { "qemu-img", "dd",      "-f", "qcow2", "-O", "raw",
                          "bs=4096",  "count=1", NULL, NULL,    NULL };
  g_autofree gchar *in = g_strconcat ("if=", disk, NULL);
  g_autofree gchar *to = g_strconcat ("of=", raw, NULL);
  g_autofree gchar *text = NULL;

  attach->volume = g_strdup ("data.qcow2");
  attach->gib = 1;
  run_job (test, attach);
  g_assert_no_error (test->error);
  end->script = g_strdup ("for i in 1 2 3 4 5 6 7 8 9 10; do [ -b /dev/vdb ] || sleep 1; done\n"
                          "{ cat /var/lib/floe/seen /etc/machine-id; echo bye; } > /dev/vdb; sync");
  end->seconds = 60;
  run_job (test, end);
  g_assert_no_error (test->error);
  wait_for (test, "gone h1 " ID);
  argv[8] = in;
  argv[9] = to;
  g_assert_true (g_spawn_sync (NULL, (gchar **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (raw, &text, NULL, NULL));
  g_test_message ("%s", text);
  g_assert_true (g_str_has_prefix (text, "office-001\n"));
  g_assert_null (strstr (text, "0123456789abcdef0123456789abcdef")); /* the template's */
  g_assert_nonnull (strstr (text, "bye\n"));
}

static void
test_guest (void)
{
  g_autofree gchar *images = image_dir ();
  g_autoptr (Test) test = NULL;
  g_autoptr (FloeJob) down = job_of (FLOE_JOB_SHUT_DOWN);
  gint64 began;

  g_free (run_fixture ("build", images, NULL, NULL));
  test = test_new ("tls");
  make_clone (test);
  check_first_boot (test);
  check_personality (test);
  down->seconds = 90;
  began = g_get_monotonic_time ();
  run_job (test, down);
  g_assert_no_error (test->error);
  g_test_message ("shut down in %.1f s", (gdouble)(g_get_monotonic_time () - began) / 1e6);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 80 * G_USEC_PER_SEC);
  wait_for (test, "domain " ID " off");
  start (test);
  check_end (test);
}

int
main (int argc, char *argv[])
{
  harness_init (&argc, &argv);
  g_test_add_func ("/libvirt-guest/clone", test_guest);
  return g_test_run ();
}
