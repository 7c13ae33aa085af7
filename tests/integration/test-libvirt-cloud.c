/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-harness.h"

/* Clones that a real cloud-init makes their own: the image of tests/fixtures/cloud-guest.sh. */

#define GUEST "cloud-guest"

/* What the image brings along, and no clone may keep. */
#define TEMPLATE_NAME       "template\n"
#define TEMPLATE_MACHINE_ID "fedcba9876543210fedcba9876543210\n"

/* Takes longer than a look at whether it has ended, and counts how often it ran. */
#define FIRST_BOOT                                                                                 \
  "#!/bin/sh\n"                                                                                    \
  "set -e\n"                                                                                       \
  "echo \"began as $(hostname) '\\\"\\$\\\\\" >> /srv/first-boot\n"                                \
  "sleep 10\n"                                                                                     \
  "echo ended >> /srv/first-boot\n"
#define LAST_WORDS                                                                                 \
  "for i in 1 2 3 4 5 6 7 8 9 10; do [ -b /dev/vdb ] || sleep 1; done\n"                           \
  "{ hostname; echo bye; } > /dev/vdb; sync"

typedef struct
{
  const gchar *id;
  const gchar *name;
  gchar *host_name;
  gchar *machine_id;
  gchar *host_key;
} Clone;

static void
clone_clear (Clone *self)
{
  g_clear_pointer (&self->host_name, g_free);
  g_clear_pointer (&self->machine_id, g_free);
  g_clear_pointer (&self->host_key, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Clone, clone_clear)

static Test *
new_test (void)
{
  g_autofree gchar *images = guest_image_dir (GUEST);
  Test *test;

  g_free (guest_fixture (GUEST, "build", images, NULL));
  test = test_new ("tls");
  guest_publish (test, GUEST);
  return test;
}

static void
create (Test *test, FloeJob *job, const gchar *script)
{
  job->script = g_strdup (script);
  run_job (test, job);
  g_assert_no_error (test->error);
}

static void
start (Test *test, const gchar *id)
{
  power (test, id, TRUE);
  g_assert_no_error (test->error);
}

static void
shut_down (Test *test, const gchar *id)
{
  g_autoptr (FloeJob) down = guest_job (FLOE_JOB_SHUT_DOWN, id);

  down->seconds = 80;
  run_job (test, down);
  g_assert_no_error (test->error);
  wait_for (test, "domain %s off", id);
}

static void
learn (Test *test, Clone *clone)
{
  clone_clear (clone);
  clone->host_name = guest_run (test, clone->id, "hostname");
  clone->machine_id = guest_run (test, clone->id, "cat /etc/machine-id");
  clone->host_key = guest_run (test, clone->id, "cat /etc/ssh/ssh_host_ed25519_key.pub");
  g_test_message ("%s %s %s", clone->host_name, clone->machine_id, clone->host_key);
}

/* Its name at once, and in what it takes its name from next time; the rest new, and its own. */
static void
check_own (Test *test, Clone *clone)
{
  g_autofree gchar *images = guest_image_dir (GUEST);
  g_autofree gchar *file = g_build_filename (images, "host-key.pub", NULL);
  g_autofree gchar *line = g_strconcat (clone->name, "\n", NULL);
  g_autofree gchar *kept = guest_run (test, clone->id, "cat /etc/hostname");
  g_autofree gchar *shown = guest_run (test, clone->id, "ssh-keyscan -T 60 -t ed25519 127.0.0.1");
  g_autofree gchar *template_key = NULL;
  g_auto (GStrv) words = g_strsplit (clone->host_key, " ", 3);

  g_assert_true (g_file_get_contents (file, &template_key, NULL, NULL));
  g_assert_cmpstr (clone->host_name, ==, line);
  g_assert_cmpstr (kept, ==, line);
  g_assert_cmpuint (strlen (clone->machine_id), ==, strlen (TEMPLATE_MACHINE_ID));
  g_assert_cmpstr (clone->machine_id, !=, TEMPLATE_MACHINE_ID);
  g_assert_true (g_str_has_prefix (template_key, "ssh-ed25519 "));
  g_assert_true (g_str_has_prefix (clone->host_key, "ssh-ed25519 "));
  g_assert_null (strstr (template_key, words[1]));
  g_assert_nonnull (strstr (shown, words[1]));
}

static void
check_ran_once (Test *test, const Clone *clone)
{
  g_autofree gchar *said = guest_run (test, clone->id, "cat /srv/first-boot");
  g_autofree gchar *left =
      guest_run (test, clone->id, "cat /var/lib/floe/first-boot.status; ls /var/lib/floe");
  g_autofree gchar *expected = g_strdup_printf ("began as %s '\"$\\\nended\n", clone->name);

  g_assert_cmpstr (said, ==, expected);
  g_assert_cmpstr (left, ==, "0\nfirst-boot.status\n");
}

/* It is not told ready before its script has ended. */
static void
check_first_boot (Test *test, Clone *clone)
{
  gint64 began = g_get_monotonic_time ();

  guest_wait (test, clone->id, guest_agent_is_there);
  g_test_message ("agent after %.1f s", (gdouble)(g_get_monotonic_time () - began) / 1e6);
  guest_wait (test, clone->id, guest_is_ready);
  g_test_message ("ready after %.1f s", (gdouble)(g_get_monotonic_time () - began) / 1e6);
  check_ran_once (test, clone);
  learn (test, clone);
  check_own (test, clone);
}

static void
check_restart (Test *test, Clone *clone)
{
  g_auto (Clone) before = *clone;

  memset (clone, 0, sizeof *clone);
  clone->id = before.id;
  clone->name = before.name;
  shut_down (test, clone->id);
  start (test, clone->id);
  guest_wait (test, clone->id, guest_is_ready);
  check_ran_once (test, clone);
  learn (test, clone);
  g_assert_cmpstr (clone->host_name, ==, before.host_name);
  g_assert_cmpstr (clone->machine_id, ==, before.machine_id);
  g_assert_cmpstr (clone->host_key, ==, before.host_key);
}

static void
check_removal (Test *test, const Clone *clone)
{
  g_autoptr (FloeJob) end = guest_job (FLOE_JOB_REMOVE, clone->id);
  g_autofree gchar *before = libvirt_fixture_virsh (test->libvirt, "vol-list", "desks", NULL);
  g_autofree gchar *after = NULL;
  g_autofree gchar *text = NULL;
  g_autofree gchar *expected = g_strdup_printf ("%s\nbye\n", clone->name);

  g_assert_nonnull (strstr (before, clone->id));
  guest_attach_disk (test, clone->id);
  end->script = g_strdup (LAST_WORDS);
  end->seconds = 60;
  run_job (test, end);
  g_assert_no_error (test->error);
  wait_for (test, "gone h1 %s", clone->id);
  text = guest_read_disk (test);
  g_assert_cmpstr (text, ==, expected);
  g_free (libvirt_fixture_virsh (test->libvirt, "pool-refresh", "desks", NULL));
  after = libvirt_fixture_virsh (test->libvirt, "vol-list", "desks", NULL);
  g_assert_null (strstr (after, clone->id));
}

static void
test_clones (void)
{
  g_auto (Clone) one = { "11111111-1111-4111-8111-111111111111", "office-001", NULL, NULL, NULL };
  g_auto (Clone) two = { "22222222-2222-4222-8222-222222222222", "office-002", NULL, NULL, NULL };
  g_autoptr (Test) test = new_test ();
  g_autoptr (FloeJob) first = guest_create_job (test, one.id, one.name);
  g_autoptr (FloeJob) second = guest_create_job (test, two.id, two.name);

  create (test, first, FIRST_BOOT);
  create (test, second, FIRST_BOOT);
  start (test, one.id);
  start (test, two.id);
  check_first_boot (test, &one);
  check_first_boot (test, &two);
  g_assert_cmpstr (one.machine_id, !=, two.machine_id);
  g_assert_cmpstr (one.host_key, !=, two.host_key);
  power (test, two.id, FALSE);
  check_restart (test, &one);
  check_removal (test, &one);
}

static void
wait_for_warning (Test *test, const gchar *pattern)
{
  gint64 until = g_get_monotonic_time () + BOOT_SECONDS * G_USEC_PER_SEC;

  for (expected_warning = pattern; expected_warning != NULL; guest_look ())
    g_assert_cmpint (g_get_monotonic_time (), <, until);
}

static gboolean
script_has_begun (Test *test, const gchar *id)
{
  g_autofree gchar *said = guest_run (test, id, "cat /srv/first-boot 2> /dev/null || :");

  return said[0] != '\0';
}

/* It is told why, and that it is not ready. */
static void
check_unseen_seed (Test *test, const gchar *id)
{
  start (test, id);
  wait_for_warning (test, "clone 4* does not become ready: *did not find its seed CD");
  g_assert_false (guest_is_ready (test, id));
  g_assert_nonnull (guest_get_boot_problem (test, id));
  g_assert_nonnull (strstr (guest_get_boot_problem (test, id), "did not find its seed CD"));
  power (test, id, FALSE);
}

/* cloud-init takes a script that was cut off for one that has run. */
static void
check_cut_off (Test *test, const gchar *id)
{
  start (test, id);
  guest_wait (test, id, guest_agent_is_there);
  guest_wait (test, id, script_has_begun);
  g_assert_false (guest_is_ready (test, id));
  power (test, id, FALSE);
  start (test, id);
  wait_for_warning (test, "clone 3* does not become ready: *script was cut off*");
  g_assert_false (guest_is_ready (test, id));
}

static void
test_failures (void)
{
  const gchar *cut_off = "33333333-3333-4333-8333-333333333333";
  const gchar *unseen = "44444444-4444-4444-8444-444444444444";
  g_autoptr (Test) test = new_test ();
  g_autoptr (FloeJob) first = guest_create_job (test, cut_off, "office-003");
  g_autoptr (FloeJob) second = guest_create_job (test, unseen, "office-004");

  create (test, first, "echo began > /srv/first-boot; sync; sleep 600");
  create (test, second, NULL);
  g_free (libvirt_fixture_virsh (test->libvirt, "change-media", unseen, "hda", "--eject",
                                 "--config", NULL));
  check_unseen_seed (test, unseen);
  check_cut_off (test, cut_off);
}

int
main (int argc, char *argv[])
{
  harness_init (&argc, &argv);
  g_test_add_func ("/libvirt-cloud/clones", test_clones);
  g_test_add_func ("/libvirt-cloud/failures", test_failures);
  return g_test_run ();
}
