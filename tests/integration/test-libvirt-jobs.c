/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "libvirt-harness.h"

/* Jobs on real libvirtds. Each host has a storage pool "desks" in its own directory, and the first
 * one a template "template" in a storage pool "images". */

static const gchar *const ids[] = { "11111111-1111-4111-8111-111111111111",
                                    "22222222-2222-4222-8222-222222222222",
                                    "33333333-3333-4333-8333-333333333333" };

static gchar *
virsh (LibvirtFixture *host, const gchar *command, const gchar *a, const gchar *b)
{
  return libvirt_fixture_virsh (host, command, a, b, NULL);
}

static void
make_pool (LibvirtFixture *host, const gchar *name, const gchar *path)
{
  g_free (libvirt_fixture_virsh (host, "pool-define-as", name, "dir", "--target", path, NULL));
  g_free (virsh (host, "pool-build", name, NULL));
  g_free (virsh (host, "pool-start", name, NULL));
  g_free (virsh (host, "pool-autostart", name, NULL));
}

static gchar *
pool_dir (LibvirtFixture *host)
{
  return g_build_filename (host->dir, "desks", NULL);
}

static gchar *
volume_path (LibvirtFixture *host, const gchar *name)
{
  return g_build_filename (host->dir, "desks", name, NULL);
}

static void
furnish_with (Test *test, const gchar *option)
{
  g_autofree gchar *images = g_build_filename (test->libvirt->dir, "images", NULL);
  g_autofree gchar *desks = pool_dir (test->libvirt);

  make_pool (test->libvirt, "images", images);
  make_pool (test->libvirt, "desks", desks);
  if (test->second != NULL)
    {
      g_autofree gchar *other = pool_dir (test->second);

      make_pool (test->second, "desks", other);
    }
  g_free (define (test, "template", option));
  begin (test);
  if (test->second != NULL)
    while (count_lines (test, "listed h2") == 0)
      g_main_context_iteration (NULL, TRUE);
}

static void
furnish (Test *test)
{
  furnish_with (test, NULL);
}

static FloeJob *
publish_job (guint revision)
{
  FloeJob *job = floe_job_new (FLOE_JOB_PUBLISH, "h1");

  job->name = g_strdup ("template");
  job->pool = g_strdup ("office");
  job->storage = g_strdup ("desks");
  job->revision = revision;
  return job;
}

/* Publishes; the answer stays with the caller. */
static FloeJobResult *
publish (Test *test)
{
  g_autoptr (FloeJob) job = publish_job (1);

  run_job (test, job);
  g_assert_no_error (test->error);
  return g_steal_pointer (&test->result);
}

static FloeJob *
create_job (const FloeJobResult *image, guint which)
{
  FloeJob *job = floe_job_new (FLOE_JOB_CREATE, "h1");

  job->domain_id = g_strdup (ids[which]);
  job->name = g_strdup_printf ("office-%03u", which + 1);
  job->pool = g_strdup ("office");
  job->revision = 1;
  job->storage = g_strdup ("desks");
  job->volume = g_strdup (image->volume);
  job->xml = g_strdup (image->xml);
  return job;
}

static void
create (Test *test, const FloeJobResult *image, guint which)
{
  g_autoptr (FloeJob) job = create_job (image, which);

  run_job (test, job);
  g_assert_no_error (test->error);
}

static FloeJob *
domain_job (FloeJobKind kind, guint which)
{
  FloeJob *job = floe_job_new (kind, "h1");

  job->domain_id = g_strdup (ids[which]);
  job->storage = g_strdup ("desks");
  return job;
}

static gchar *
overlay_path (LibvirtFixture *host, guint which)
{
  g_autofree gchar *name = g_strdup_printf ("floe-%s.qcow2", ids[which]);

  return volume_path (host, name);
}

static void
assert_no_volumes_of (LibvirtFixture *host, guint which)
{
  g_autofree gchar *path = pool_dir (host);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (strstr (name, ids[which]) != NULL)
      g_error ("there is still %s", name);
}

static gchar *
sum_of (const gchar *path)
{
  g_autofree gchar *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)content, length);
}

static void
spawn (const gchar *const *argv, gchar **out)
{
  g_autoptr (GError) error = NULL;
  gint status;

  g_spawn_sync (NULL, (gchar **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, out, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
}

static void
test_publish (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJob) job = publish_job (1);
  g_autoptr (FloeJobResult) first = NULL;
  g_autofree gchar *path = NULL;
  g_autofree gchar *sum = NULL;
  g_autofree gchar *info = NULL;
  GStatBuf before, after;

  furnish (test);
  first = publish (test);
  g_assert_cmpstr (first->volume, ==, "floe-office-r1.qcow2");
  g_assert_null (strstr (first->xml, "passwd='"));
  /* 16 MiB for the guest, 8 of translations, 4 of video */
  g_assert_cmpuint (first->memory_mib, ==, 16 + 8 + 4 + 96);
  path = volume_path (test->libvirt, first->volume);
  sum = sum_of (path);
  g_assert_cmpstr (first->sha256, ==, sum);
  spawn ((const gchar *const[]){ "qemu-img", "info", path, NULL }, &info);
  g_assert_nonnull (strstr (info, "file format: qcow2"));
  g_assert_null (strstr (info, "backing file"));

  /* done: nothing is copied again */
  g_assert_cmpint (g_stat (path, &before), ==, 0);
  run_job (test, job);
  g_assert_no_error (test->error);
  g_assert_cmpstr (test->result->sha256, ==, first->sha256);
  g_assert_cmpint (g_stat (path, &after), ==, 0);
  g_assert_cmpint (before.st_mtime, ==, after.st_mtime);
  g_assert_true (before.st_ino == after.st_ino);

  /* a try that did not end: the file is damaged, or there is no mark */
  g_assert_true (g_file_set_contents (path, "half", 4, NULL));
  run_job (test, job);
  g_assert_no_error (test->error);
  g_free (sum);
  sum = sum_of (path);
  g_assert_cmpstr (test->result->sha256, ==, sum);
  g_assert_cmpstr (sum, !=, "half");

  g_free (virsh (test->libvirt, "start", "template", NULL));
  run_job (test, job);
  expect (test, FLOE_ERROR_CONFLICT, "template-running");
  g_free (virsh (test->libvirt, "destroy", "template", NULL));
  g_free (job->storage);
  job->storage = g_strdup ("nowhere");
  run_job (test, job);
  expect (test, FLOE_ERROR_NOT_FOUND, "no-storage");
  g_free (job->name);
  job->name = g_strdup ("nobody");
  run_job (test, job);
  expect (test, FLOE_ERROR_NOT_FOUND, "no-template");
}

/* A template whose disk libvirt cannot copy is told how to mend that. */
static void
test_publish_unfit (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJob) job = publish_job (1);

  furnish (test);
  g_free (virsh (test->libvirt, "pool-destroy", "images", NULL));
  run_job (test, job);
  expect (test, FLOE_ERROR_INVALID, "template-unfit");
  g_assert_nonnull (strstr (test->error->message, "pool-create-as"));
}

static void
test_create (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloeJob) job = NULL;
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;
  g_autofree gchar *path = NULL;

  furnish (test);
  image = publish (test);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      create (test, image, i);
      while (g_hash_table_lookup (test->domains, ids[i]) == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (known (test, ids[i])->made);
      g_assert_cmpuint (known (test, ids[i])->revision, ==, 1);
      g_assert_cmpstr (known (test, ids[i])->pool, ==, "office");
      g_assert_cmpuint (known (test, ids[i])->memory_mib, ==, image->memory_mib);
      g_assert_null (known (test, ids[i])->refusal);
      g_assert_null (known (test, ids[i])->floating_refusal);
    }
  power (test, ids[0], TRUE);
  g_assert_no_error (test->error);
  wait_for (test, "domain %s on", ids[0]);

  path = overlay_path (test->libvirt, 1);
  before = virsh (test->libvirt, "dumpxml", ids[1], NULL);
  create (test, image, 1);
  create (test, image, 0);
  after = virsh (test->libvirt, "dumpxml", ids[1], NULL);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  /* somebody copied a clone: that one is theirs */
  job = domain_job (FLOE_JOB_DROP_IMAGE, 0);
  g_clear_pointer (&job->domain_id, g_free);
  job->volume = g_strdup (image->volume);
  run_job (test, job);
  expect (test, FLOE_ERROR_CONFLICT, "disk-in-use");
}

static FloePolicy *
strictest (void)
{
  FloePolicy *policy = floe_policy_new ();

  policy->clipboard = FLOE_WAY_NONE;
  policy->files = FLOE_WAY_NONE;
  policy->folder = FLOE_FOLDER_NONE;
  policy->usb = policy->playback = policy->record = policy->smartcard = FALSE;
  return policy;
}

static void
create_for (Test *test, const FloeJobResult *image, guint which, const FloePolicy *policy)
{
  g_autoptr (FloeJob) job = create_job (image, which);

  job->policy = floe_policy_copy (policy);
  run_job (test, job);
  g_assert_no_error (test->error);
  power (test, ids[which], TRUE);
  g_assert_no_error (test->error);
  wait_for (test, "domain %s on", ids[which]);
}

/* What libvirt makes of a clone that forbids all, and of one that allows some USB devices: as it
 * runs, and as QEMU is told. */
static void
test_policy (void)
{
  static const gchar *const gone[] = { "<redirdev", "<smartcard", "webdav", "type='spice'/>" };
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloePolicy) strict = strictest ();
  g_autoptr (FloePolicy) some = floe_policy_new ();
  g_autofree gchar *xml = NULL;
  g_autofree gchar *told = NULL;
  g_autofree gchar *open = NULL;

  furnish_with (test, "open");
  image = publish (test);
  create_for (test, image, 0, strict);
  xml = virsh (test->libvirt, "dumpxml", ids[0], NULL);
  for (guint i = 0; i < G_N_ELEMENTS (gone); i++)
    g_assert_null (strstr (xml, gone[i]));
  g_assert_nonnull (strstr (xml, "<audio id='1' type='none'/>"));
  g_assert_nonnull (strstr (xml, "com.redhat.spice.0"));
  told = libvirt_fixture_virsh (test->libvirt, "domxml-to-native", "qemu-argv", "--domain", ids[0],
                                NULL);
  g_assert_nonnull (strstr (told, "disable-copy-paste=on"));
  g_assert_nonnull (strstr (told, "disable-agent-file-xfer=on"));
  g_assert_null (strstr (told, "usb-redir"));
  test->policy = g_steal_pointer (&strict);
  floe_ticket_free (set_ticket (test, ids[0], FLOE_TICKET_KEEP));
  g_assert_no_error (test->error);

  some->usb_filter = g_strdup ("0x03,-1,-1,-1,0|0x08,0x046d,-1,0x0110,1");
  create_for (test, image, 1, some);
  open = libvirt_fixture_virsh (test->libvirt, "domxml-to-native", "qemu-argv", "--domain", ids[1],
                                NULL);
  g_assert_nonnull (strstr (open, "0x03:-1:-1:-1:0|0x08:0x046D:-1:0x0110:1"));
  /* It lets the clipboard through: not with this policy. */
  floe_ticket_free (set_ticket (test, ids[1], FLOE_TICKET_KEEP));
  expect (test, FLOE_ERROR_DENIED, "policy-not-enforced");
  floe_policy_free (test->policy);
  test->policy = g_steal_pointer (&some);
  floe_ticket_free (set_ticket (test, ids[1], FLOE_TICKET_KEEP));
  g_assert_no_error (test->error);
}

static void
test_remove (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloeJob) first = domain_job (FLOE_JOB_REMOVE, 0);
  g_autoptr (FloeJob) second = domain_job (FLOE_JOB_REMOVE, 1);
  g_autoptr (FloeJob) drop = floe_job_new (FLOE_JOB_DROP_IMAGE, "h1");
  g_autoptr (FloeJob) seeded = NULL;
  g_autofree gchar *path = NULL;
  gint64 began;

  furnish (test);
  image = publish (test);
  seeded = create_job (image, 0);
  seeded->personality = FLOE_PERSONALITY_CLOUD_INIT;
  seeded->script = g_strdup ("true");
  run_job (test, seeded);
  g_assert_no_error (test->error);
  power (test, ids[0], TRUE);
  g_assert_no_error (test->error);
  began = g_get_monotonic_time ();
  first->seconds = 1; /* the nano guest does not know ACPI */
  run_job (test, first);
  g_assert_no_error (test->error);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, G_USEC_PER_SEC);
  wait_for (test, "gone h1 %s", ids[0]);
  assert_no_volumes_of (test->libvirt, 0);
  run_job (test, first); /* done */
  g_assert_no_error (test->error);

  /* the domain is gone, its volumes are not */
  create (test, image, 1);
  g_free (virsh (test->libvirt, "undefine", ids[1], NULL));
  path = overlay_path (test->libvirt, 1);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  run_job (test, second);
  g_assert_no_error (test->error);
  assert_no_volumes_of (test->libvirt, 1);

  drop->storage = g_strdup ("desks");
  drop->volume = g_strdup (image->volume);
  run_job (test, drop);
  g_assert_no_error (test->error);
  run_job (test, drop);
  g_assert_no_error (test->error);
  g_free (path);
  path = volume_path (test->libvirt, image->volume);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_leftovers (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloeJob) job = NULL;
  g_autofree gchar *overlay = overlay_path (test->libvirt, 0);
  g_autofree gchar *seed_name = g_strdup_printf ("floe-%s-seed.iso", ids[0]);
  g_autofree gchar *seed = volume_path (test->libvirt, seed_name);
  g_autofree gchar *info = NULL;

  furnish (test);
  image = publish (test);
  /* files that libvirt does not know of */
  g_assert_true (g_file_set_contents (overlay, "junk", 4, NULL));
  g_assert_true (g_file_set_contents (seed, "junk", 4, NULL));
  job = create_job (image, 0);
  job->personality = FLOE_PERSONALITY_CLOUD_INIT;
  run_job (test, job);
  g_assert_no_error (test->error);
  spawn ((const gchar *const[]){ "qemu-img", "info", overlay, NULL }, &info);
  g_assert_nonnull (strstr (info, image->volume));
  /* volumes that it knows of */
  g_free (virsh (test->libvirt, "undefine", ids[0], NULL));
  run_job (test, job);
  g_assert_no_error (test->error);
  power (test, ids[0], TRUE);
  g_assert_no_error (test->error);
}

static void
test_foreign (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloeJob) named = NULL;
  g_autoptr (FloeJob) same = NULL;
  g_autoptr (FloeJob) remove = domain_job (FLOE_JOB_REMOVE, 1);
  g_autofree gchar *foreign = NULL;
  g_autofree gchar *uuid = g_strdup_printf ("uuid=%s", ids[1]);
  g_autofree gchar *ours = NULL;
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;

  furnish (test);
  image = publish (test);
  foreign = define (test, "office-001", NULL);
  before = virsh (test->libvirt, "dumpxml", "office-001", NULL);
  named = create_job (image, 0);
  run_job (test, named);
  expect (test, FLOE_ERROR_CONFLICT, "foreign-domain");
  assert_no_volumes_of (test->libvirt, 0);
  after = virsh (test->libvirt, "dumpxml", "office-001", NULL);
  g_assert_cmpstr (before, ==, after);

  ours = define (test, "other", uuid);
  g_assert_cmpstr (ours, ==, ids[1]);
  same = create_job (image, 1);
  run_job (test, same);
  expect (test, FLOE_ERROR_CONFLICT, "foreign-domain");
  run_job (test, remove);
  expect (test, FLOE_ERROR_CONFLICT, "foreign-domain");
  g_free (virsh (test->libvirt, "domstate", "other", NULL));
}

static void
test_no_image (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloeJob) job = NULL;
  g_autofree gchar *path = NULL;

  furnish (test);
  image = publish (test);
  path = volume_path (test->libvirt, image->volume);
  job = create_job (image, 0);
  g_assert_cmpint (g_unlink (path), ==, 0); /* libvirt still believes in it */
  run_job (test, job);
  expect (test, FLOE_ERROR_NOT_FOUND, "no-image");
  run_job (test, job);
  expect (test, FLOE_ERROR_NOT_FOUND, "no-image");
  assert_no_volumes_of (test->libvirt, 0);
}

static void
test_carry (void)
{
  g_autoptr (Test) test = test_new_pair ();
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloeJob) job = floe_job_new (FLOE_JOB_CARRY, "h1");
  g_autoptr (FloeJob) clone = NULL;
  g_autofree gchar *path = NULL;
  g_autofree gchar *sum = NULL;
  GStatBuf before, after;

  furnish (test);
  image = publish (test);
  job->target = g_strdup ("h2");
  job->storage = g_strdup ("desks");
  job->volume = g_strdup (image->volume);
  job->sha256 = g_strdup (image->sha256);
  run_job (test, job);
  g_assert_no_error (test->error);
  path = volume_path (test->second, image->volume);
  sum = sum_of (path);
  g_assert_cmpstr (sum, ==, image->sha256);
  g_assert_cmpint (g_stat (path, &before), ==, 0);
  run_job (test, job);
  g_assert_no_error (test->error);
  g_assert_cmpint (g_stat (path, &after), ==, 0);
  g_assert_true (before.st_ino == after.st_ino);

  /* damaged on the way or there: brought again */
  g_assert_true (g_file_set_contents (path, "bad", 3, NULL));
  run_job (test, job);
  g_assert_no_error (test->error);
  g_free (sum);
  sum = sum_of (path);
  g_assert_cmpstr (sum, ==, image->sha256);
  clone = create_job (image, 0);
  g_free (clone->host);
  clone->host = g_strdup ("h2");
  run_job (test, clone);
  g_assert_no_error (test->error);
  power_on_host (test, "h2", ids[0], TRUE);
  g_assert_no_error (test->error);
  power_on_host (test, "h2", ids[0], FALSE);

  /* what clones stand on is not replaced, even if it is not what it must be */
  memset (job->sha256, '0', strlen (job->sha256));
  run_job (test, job);
  expect (test, FLOE_ERROR_CONFLICT, "disk-in-use");
  g_free (libvirt_fixture_virsh (test->second, "undefine", ids[0], NULL));
  g_free (libvirt_fixture_virsh (test->second, "vol-delete", "--pool", "desks",
                                 "floe-11111111-1111-4111-8111-111111111111.qcow2", NULL));
  run_job (test, job);
  expect (test, FLOE_ERROR_CONFLICT, "bad-sum");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_free (job->volume);
  job->volume = g_strdup ("floe-none-r1.qcow2");
  run_job (test, job);
  expect (test, FLOE_ERROR_NOT_FOUND, "no-image");
  libvirt_fixture_kill (test->second);
  wait_for (test, "lost h2*");
  run_job (test, job);
  expect (test, FLOE_ERROR_UNAVAILABLE, "host-down");
}

static void
fill (const gchar *dir, gsize keep)
{
  g_autofree gchar *path = g_build_filename (dir, "filler", NULL);
  g_autofree gchar *zeros = g_malloc0 (4096);
  FILE *file = g_fopen (path, "w");
  GStatBuf status;

  g_assert_nonnull (file);
  setvbuf (file, NULL, _IONBF, 0);
  while (fwrite (zeros, 4096, 1, file) == 1)
    ;
  fclose (file);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (truncate (path, MAX (status.st_size - (goffset)keep, 0)), ==, 0);
}

static void
unmount (LibvirtFixture *host)
{
  g_autofree gchar *path = pool_dir (host);

  g_assert_cmpint (umount2 (path, MNT_DETACH), ==, 0);
}

/* A small file system for a host's pool. */
static void
mount_small (LibvirtFixture *host, const gchar *size)
{
  g_autofree gchar *path = pool_dir (host);
  g_autofree gchar *options = g_strdup_printf ("size=%s,mode=777", size);

  g_mkdir (path, 0777);
  g_assert_cmpint (mount ("tmpfs", path, "tmpfs", 0, options), ==, 0);
}

static void
test_full (void)
{
  g_autoptr (Test) test = NULL;
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloeJob) job = NULL;
  g_autoptr (FloeJob) carry = floe_job_new (FLOE_JOB_CARRY, "h1");
  g_autoptr (FloeJob) again = publish_job (2);
  g_autofree gchar *path = NULL;

  /* In a mount namespace of our own, where the daemons live too, so that nothing stays mounted. */
  g_assert_cmpint (unshare (CLONE_NEWNS), ==, 0);
  g_assert_cmpint (mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), ==, 0);
  test = test_new_pair ();
  path = pool_dir (test->libvirt);
  mount_small (test->libvirt, "4m");
  mount_small (test->second, "64k");
  furnish (test);
  image = publish (test);

  carry->target = g_strdup ("h2");
  carry->storage = g_strdup ("desks");
  carry->volume = g_strdup (image->volume);
  carry->sha256 = g_strdup (image->sha256);
  run_job (test, carry);
  expect (test, FLOE_ERROR_EXHAUSTED, "storage-full");

  fill (path, 0);
  job = create_job (image, 0);
  run_job (test, job);
  expect (test, FLOE_ERROR_EXHAUSTED, "storage-full");
  assert_no_volumes_of (test->libvirt, 0);
  run_job (test, again);
  expect (test, FLOE_ERROR_EXHAUSTED, "storage-full");

  /* room for the overlay, not for the seed */
  fill (path, 208 * 1024);
  job->personality = FLOE_PERSONALITY_CLOUD_INIT;
  job->script = g_strnfill (16000, '#');
  run_job (test, job);
  expect (test, FLOE_ERROR_EXHAUSTED, "storage-full");
  assert_no_volumes_of (test->libvirt, 0);
  unmount (test->libvirt);
  unmount (test->second);
}

/* Two hosts that see the same directory. */
static void
test_move (void)
{
  g_autoptr (Test) test = test_new_pair ();
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloeJob) job = domain_job (FLOE_JOB_MOVE, 0);
  g_autofree gchar *desks = pool_dir (test->libvirt);
  g_autofree gchar *xml = NULL;
  g_autofree gchar *file = g_build_filename (test->libvirt->dir, "clone.xml", NULL);

  furnish (test);
  image = publish (test);
  create (test, image, 0);
  job->target = g_strdup ("h2");
  job->shared = TRUE;
  run_job (test, job); /* h2 does not see the disk */
  expect (test, FLOE_ERROR_CONFLICT, "disk-elsewhere");
  g_free (virsh (test->libvirt, "domstate", ids[0], NULL));

  g_free (virsh (test->second, "pool-destroy", "desks", NULL));
  g_free (virsh (test->second, "pool-undefine", "desks", NULL));
  g_free (libvirt_fixture_virsh (test->second, "pool-create-as", "desks", "dir", "--target", desks,
                                 NULL));
  power (test, ids[0], TRUE);
  run_job (test, job);
  expect (test, FLOE_ERROR_CONFLICT, "running");
  power (test, ids[0], FALSE);

  xml = libvirt_fixture_virsh (test->libvirt, "dumpxml", "--inactive", "--security-info", ids[0],
                               NULL);
  g_assert_true (g_file_set_contents (file, xml, -1, NULL));
  run_job (test, job);
  g_assert_no_error (test->error);
  wait_for (test, "gone h1 %s", ids[0]);
  g_free (virsh (test->second, "domstate", ids[0], NULL));
  run_job (test, job); /* done */
  g_assert_no_error (test->error);

  /* a crash left it on both */
  g_free (virsh (test->libvirt, "define", file, NULL));
  run_job (test, job);
  g_assert_no_error (test->error);
  power_on_host (test, "h1", ids[0], TRUE);
  expect (test, FLOE_ERROR_NOT_FOUND, NULL);
  power_on_host (test, "h2", ids[0], TRUE);
  g_assert_no_error (test->error);
}

static void
test_data_disk (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloeJob) first = domain_job (FLOE_JOB_ATTACH, 0);
  g_autoptr (FloeJob) second = domain_job (FLOE_JOB_ATTACH, 1);
  g_autoptr (FloeJob) drop = floe_job_new (FLOE_JOB_DROP_DISK, "h1");
  g_autofree gchar *path = NULL;
  g_autofree gchar *xml = NULL;
  g_autofree gchar *out = NULL;

  furnish (test);
  image = publish (test);
  create (test, image, 0);
  create (test, image, 1);
  first->volume = g_strdup ("floe-data-anna.qcow2");
  first->gib = 1;
  second->volume = g_strdup (first->volume);
  second->gib = 1;
  drop->storage = g_strdup ("desks");
  drop->volume = g_strdup (first->volume);
  run_job (test, first);
  expect (test, FLOE_ERROR_CONFLICT, "not-running");
  power (test, ids[0], TRUE);
  power (test, ids[1], TRUE);
  run_job (test, first);
  g_assert_no_error (test->error);
  run_job (test, first); /* done */
  g_assert_no_error (test->error);
  xml = virsh (test->libvirt, "dumpxml", ids[0], NULL);
  g_assert_nonnull (strstr (xml, "<serial>floe-data</serial>"));
  run_job (test, second);
  expect (test, FLOE_ERROR_CONFLICT, "disk-in-use");
  run_job (test, drop);
  expect (test, FLOE_ERROR_CONFLICT, "disk-in-use");

  g_free (libvirt_fixture_virsh (test->libvirt, "qemu-monitor-command", "--hmp", ids[0],
                                 "qemu-io -d /machine/peripheral/virtio-disk1/virtio-backend "
                                 "\"write -P 90 0 512\"",
                                 NULL));
  power (test, ids[0], FALSE);
  g_free (xml);
  xml = virsh (test->libvirt, "dumpxml", ids[0], NULL);
  g_assert_null (strstr (xml, "floe-data")); /* only while it ran */
  run_job (test, second);
  g_assert_no_error (test->error);
  power (test, ids[1], FALSE);
  path = volume_path (test->libvirt, first->volume);
  spawn ((const gchar *const[]){ "qemu-io", "-c", "read -P 90 0 512", path, NULL }, &out);
  g_assert_nonnull (strstr (out, "read 512/512"));
  g_assert_null (strstr (out, "failed"));
  run_job (test, drop);
  g_assert_no_error (test->error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  run_job (test, drop);
  g_assert_no_error (test->error);

  power (test, ids[0], TRUE);
  first->exists = TRUE; /* and vanished: nobody gets an empty one without a word */
  run_job (test, first);
  expect (test, FLOE_ERROR_NOT_FOUND, "no-disk");
  g_assert_nonnull (strstr (test->error->message, "floe-data-anna.qcow2 is not in storage desks"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_shut_down (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJobResult) image = NULL;
  g_autoptr (FloeJob) job = domain_job (FLOE_JOB_SHUT_DOWN, 0);
  g_autoptr (FloeJob) ask = domain_job (FLOE_JOB_ASK, 0);
  g_autoptr (FloeJob) lock = domain_job (FLOE_JOB_LOCK, 0);
  gint64 began;

  furnish (test);
  image = publish (test);
  create (test, image, 0);
  power (test, ids[0], TRUE);
  run_job (test, ask);
  expect (test, FLOE_ERROR_UNAVAILABLE, "agent-down");
  run_job (test, lock);
  expect (test, FLOE_ERROR_UNAVAILABLE, "agent-down");
  began = g_get_monotonic_time ();
  job->seconds = 1;
  run_job (test, job);
  g_assert_no_error (test->error);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, G_USEC_PER_SEC);
  wait_for (test, "domain %s off", ids[0]);
  run_job (test, job); /* done, at once */
  g_assert_no_error (test->error);
  g_clear_pointer (&job->domain_id, g_free);
  job->domain_id = g_strdup (ids[2]);
  run_job (test, job);
  expect (test, FLOE_ERROR_NOT_FOUND, NULL);
}

/* libvirtd dies at whatever moment of a creation: the next try finds or makes all of it. */
static void
test_killed (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autoptr (FloeJobResult) image = NULL;

  furnish (test);
  image = publish (test);
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (FloeJob) job = create_job (image, i % 3);
      g_autoptr (FloeJob) remove = domain_job (FLOE_JOB_REMOVE, i % 3);
      gint64 until = g_get_monotonic_time () + i * 8000;

      job->personality = FLOE_PERSONALITY_CLOUD_INIT;
      start_job (test, job);
      while (!test->answered && g_get_monotonic_time () < until)
        g_main_context_iteration (NULL, FALSE);
      libvirt_fixture_kill (test->libvirt);
      wait_for_answer (test);
      g_test_message ("killed after %u ms: %s", i * 8,
                      test->error != NULL ? test->error->message : "done");
      if (test->error != NULL)
        expect (test, FLOE_ERROR_UNAVAILABLE, "host-down");
      test->read = test->log->len;
      libvirt_fixture_start (test->libvirt);
      wait_for (test, "listed h1");
      run_job (test, job);
      g_assert_no_error (test->error);
      power (test, ids[i % 3], TRUE);
      g_assert_no_error (test->error);
      run_job (test, remove);
      g_assert_no_error (test->error);
      assert_no_volumes_of (test->libvirt, i % 3);
    }
}

static void
test_measured (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *text = NULL;
  guint total = 0;

  begin (test);
  wait_for (test, "measured h1");
  g_assert_true (g_file_get_contents ("/proc/meminfo", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "MemTotal: %u", &total), ==, 1);
  g_assert_cmpuint (test->capacity->memory_mib, ==, total / 1024);
  g_assert_cmpuint (test->capacity->free_mib, >, 0);
  g_assert_cmpuint (test->capacity->free_mib, <=, test->capacity->memory_mib);
  g_assert_cmpuint (test->capacity->cpus, ==, g_get_num_processors ());
  g_assert_cmpuint (test->capacity->load_percent, <=, 100);
  wait_for (test, "measured h1"); /* after ten seconds */
  floe_manager_refresh (test->manager, "h1");
  wait_for (test, "listed h1");
  wait_for (test, "measured h1");
}

int
main (int argc, char *argv[])
{
  harness_init (&argc, &argv);
  g_test_add_func ("/libvirt-jobs/publish", test_publish);
  g_test_add_func ("/libvirt-jobs/publish/unfit", test_publish_unfit);
  g_test_add_func ("/libvirt-jobs/create", test_create);
  g_test_add_func ("/libvirt-jobs/policy", test_policy);
  g_test_add_func ("/libvirt-jobs/remove", test_remove);
  g_test_add_func ("/libvirt-jobs/leftovers", test_leftovers);
  g_test_add_func ("/libvirt-jobs/foreign", test_foreign);
  g_test_add_func ("/libvirt-jobs/no-image", test_no_image);
  g_test_add_func ("/libvirt-jobs/carry", test_carry);
  g_test_add_func ("/libvirt-jobs/full", test_full);
  g_test_add_func ("/libvirt-jobs/move", test_move);
  g_test_add_func ("/libvirt-jobs/data-disk", test_data_disk);
  g_test_add_func ("/libvirt-jobs/shut-down", test_shut_down);
  g_test_add_func ("/libvirt-jobs/killed", test_killed);
  g_test_add_func ("/libvirt-jobs/measured", test_measured);
  return g_test_run ();
}
