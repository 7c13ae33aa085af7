/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-harness.h"

#include <string.h>

#include "manager/libvirt/agent-words.h"

/* The data disk. */
#define DISK "data.qcow2"

/**
 * guest_image_dir:
 * @script: "desktop-guest" or "cloud-guest"
 *
 * Returns: where its image is kept: in the build directory, or beside $FLOE_GUEST_CACHE, which is
 *   where the desktop is
 */
gchar *
guest_image_dir (const gchar *script)
{
  const gchar *kept = g_getenv ("FLOE_GUEST_CACHE");

  if (kept == NULL)
    return g_build_filename (g_getenv ("FLOE_BUILD"), script, NULL);
  return strcmp (script, "desktop-guest") == 0 ? g_strdup (kept)
                                               : g_strconcat (kept, "-", script, NULL);
}

/* Runs the script with these arguments; what it printed. */
gchar *
guest_fixture (const gchar *script, const gchar *first, ...)
{
  g_autofree gchar *file = g_strconcat (script, ".sh", NULL);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree gchar *path =
      g_build_filename (g_getenv ("G_TEST_SRCDIR"), "tests", "fixtures", file, NULL);
  g_autoptr (GError) error = NULL;
  gchar *out = NULL;
  gint status;
  va_list arguments;

  g_ptr_array_add (argv, path);
  va_start (arguments, first);
  for (const gchar *word = first; word != NULL; word = va_arg (arguments, const gchar *))
    g_ptr_array_add (argv, (gchar *)word);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (gchar **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  return out;
}

FloeJob *
guest_job (FloeJobKind kind, const gchar *id)
{
  FloeJob *job = floe_job_new (kind, "h1");

  job->storage = g_strdup ("desks");
  job->pool = g_strdup ("office");
  job->revision = 1;
  job->domain_id = g_strdup (id);
  return job;
}

/* Defines a template from the script's image, begins to watch, and publishes it; its image is in
 * the test's result then. */
void
guest_publish (Test *test, const gchar *script)
{
  g_autofree gchar *images = guest_image_dir (script);
  g_autofree gchar *desks = g_build_filename (test->libvirt->dir, "desks", NULL);
  g_autoptr (FloeJob) publish = guest_job (FLOE_JOB_PUBLISH, NULL);
  gint64 began;

  g_free (libvirt_fixture_virsh (test->libvirt, "pool-create-as", "images", "dir", "--target",
                                 images, NULL));
  g_free (libvirt_fixture_virsh (test->libvirt, "pool-create-as", "desks", "dir", "--target", desks,
                                 "--build", NULL));
  g_free (guest_fixture (script, "define", test->libvirt->uri, "template", images, NULL));
  begin (test);
  publish->name = g_strdup ("template");
  began = g_get_monotonic_time ();
  run_job (test, publish);
  g_assert_no_error (test->error);
  g_test_message ("published in %.1f s", (gdouble)(g_get_monotonic_time () - began) / 1e6);
  g_assert_cmpuint (test->result->memory_mib, >=, 512 + 128);
}

/* What makes a seeded clone of what guest_publish() published, as long as that is the result. */
FloeJob *
guest_create_job (Test *test, const gchar *id, const gchar *name)
{
  FloeJob *create = guest_job (FLOE_JOB_CREATE, id);

  create->name = g_strdup (name);
  create->volume = g_strdup (test->result->volume);
  create->xml = g_strdup (test->result->xml);
  create->personality = FLOE_PERSONALITY_CLOUD_INIT;
  return create;
}

gchar *
guest_tell (Test *test, const gchar *id, const gchar *said)
{
  return libvirt_fixture_virsh (test->libvirt, "qemu-agent-command", id, said, NULL);
}

/* Returns what it printed. */
gchar *
guest_run (Test *test, const gchar *id, const gchar *command)
{
  const gchar *const arguments[] = { "-c", command, NULL };
  g_autofree gchar *said = floe_agent_say_exec ("/bin/sh", arguments, NULL);
  g_autofree gchar *began = guest_tell (test, id, said);
  g_autofree gchar *question = NULL;
  g_auto (FloeAgentStatus) status = { 0 };
  gint64 pid;

  g_assert_true (floe_agent_read_pid (began, &pid, NULL));
  question = floe_agent_say_status (pid);
  while (!status.exited)
    {
      g_autofree gchar *reply = guest_tell (test, id, question);

      guest_look ();
      floe_agent_status_clear (&status);
      g_assert_true (floe_agent_read_status (reply, &status, NULL));
    }
  g_assert_cmpint (status.code, ==, 0);
  return status.out != NULL ? g_steal_pointer (&status.out) : g_strdup ("");
}

/* What libvirt itself says of the agent. */
gboolean
guest_agent_is_there (Test *test, const gchar *id)
{
  g_autofree gchar *xml = libvirt_fixture_virsh (test->libvirt, "dumpxml", id, NULL);

  return strstr (xml, "name='org.qemu.guest_agent.0' state='connected'") != NULL;
}

/* What the manager says of it, by which the broker goes. */
gboolean
guest_is_ready (Test *test, const gchar *id)
{
  const FloeDomain *domain = g_hash_table_lookup (test->domains, id);

  return domain != NULL && domain->agent_connected;
}

const gchar *
guest_get_boot_problem (Test *test, const gchar *id)
{
  const FloeDomain *domain = g_hash_table_lookup (test->domains, id);

  return domain != NULL ? domain->boot_problem : NULL;
}

/* Takes in what came. */
void
guest_look (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_usleep (100000);
}

void
guest_wait (Test *test, const gchar *id, gboolean (*is_so) (Test *test, const gchar *id))
{
  gint64 until = g_get_monotonic_time () + BOOT_SECONDS * G_USEC_PER_SEC;

  while (!is_so (test, id))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      guest_look ();
    }
}

/* Plugs in a data disk, on which a guest can leave something for us. */
void
guest_attach_disk (Test *test, const gchar *id)
{
  g_autoptr (FloeJob) attach = guest_job (FLOE_JOB_ATTACH, id);

  attach->volume = g_strdup (DISK);
  attach->gib = 1;
  run_job (test, attach);
  g_assert_no_error (test->error);
}

/* Returns what text the data disk begins with. */
gchar *
guest_read_disk (Test *test)
{
  g_autofree gchar *in = g_strdup_printf ("if=%s/desks/" DISK, test->libvirt->dir);
  g_autofree gchar *raw = g_build_filename (test->libvirt->dir, "data.raw", NULL);
  g_autofree gchar *to = g_strconcat ("of=", raw, NULL);
  const gchar *argv[] = { "qemu-img", "dd",      "-f", "qcow2", "-O", "raw",
                          "bs=4096",  "count=1", in,   to,      NULL };
  gchar *text = NULL;

  g_assert_true (g_spawn_sync (NULL, (gchar **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (raw, &text, NULL, NULL));
  g_test_message ("%s", text);
  return text;
}
