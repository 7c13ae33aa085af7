/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-harness.h"

/* What needs a guest with an agent: a real desktop, made by tests/fixtures/desktop-guest.sh. It has
 * no cloud-init; its mark is written by hand. */

#define GUEST "desktop-guest"
#define ID    "11111111-1111-4111-8111-111111111111"

static void
do_job (Test *test, FloeJobKind kind, const gchar *script)
{
  g_autoptr (FloeJob) job = guest_job (kind, ID);

  job->script = g_strdup (script);
  run_job (test, job);
}

static void
make_clone (Test *test)
{
  g_autoptr (FloeJob) create = NULL;

  guest_publish (test, GUEST);
  create = guest_create_job (test, ID, "office-001");
  run_job (test, create);
  g_assert_no_error (test->error);
}

static void
start (Test *test)
{
  power (test, ID, TRUE);
  g_assert_no_error (test->error);
  guest_wait (test, ID, guest_agent_is_there);
}

/* The agent answers long before cloud-init has ended. */
static void
check_first_boot (Test *test)
{
  gint64 until = g_get_monotonic_time () + 6 * G_USEC_PER_SEC;

  start (test);
  while (g_get_monotonic_time () < until)
    guest_look ();
  g_assert_true (known (test, ID)->has_agent);
  g_assert_false (known (test, ID)->agent_connected);
  g_free (guest_run (test, ID, "mkdir -p /run/cloud-init; echo {} > /run/cloud-init/result.json"));
  guest_wait (test, ID, guest_is_ready);
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
  name = guest_tell (test, ID, "{\"execute\":\"guest-get-host-name\"}");
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
  g_autoptr (FloeJob) end = guest_job (FLOE_JOB_REMOVE, ID);
  g_autofree gchar *text = NULL;

  guest_attach_disk (test, ID);
  end->script = g_strdup ("for i in 1 2 3 4 5 6 7 8 9 10; do [ -b /dev/vdb ] || sleep 1; done\n"
                          "{ cat /var/lib/floe/seen /etc/machine-id; echo bye; } > /dev/vdb; sync");
  end->seconds = 60;
  run_job (test, end);
  g_assert_no_error (test->error);
  wait_for (test, "gone h1 " ID);
  text = guest_read_disk (test);
  g_assert_true (g_str_has_prefix (text, "office-001\n"));
  g_assert_null (strstr (text, "0123456789abcdef0123456789abcdef")); /* the template's */
  g_assert_nonnull (strstr (text, "bye\n"));
}

static void
test_guest (void)
{
  g_autofree gchar *images = guest_image_dir (GUEST);
  g_autoptr (Test) test = NULL;
  g_autoptr (FloeJob) down = guest_job (FLOE_JOB_SHUT_DOWN, ID);
  gint64 began;

  g_free (guest_fixture (GUEST, "build", images, NULL));
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
