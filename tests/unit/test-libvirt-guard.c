/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "manager/libvirt/job-calls.h"
#include "manager/libvirt/libvirt-connection.h"

/* A job that outlasts its broker's lead changes nothing more: each step that changes something is
 * preceded by a question of its own. Played on libvirt's own pretended host, which lives as long as
 * its connection. */

#define ID      "6f1d9e3a-52c4-4b7e-9d1f-0c6a1b2c3d99"
#define IMAGE   "floe-office-r1.qcow2"
#define STORAGE "default-pool"
#define TEMPLATE                                                                                   \
  "<domain type='test'><name>template</name><memory unit='KiB'>65536</memory>"                     \
  "<os><type arch='i686'>hvm</type></os><devices><disk type='file' device='disk'>"                 \
  "<source file='/images/template.img'/><target dev='vda' "                                        \
  "bus='virtio'/></disk>"                                                                          \
  "<graphics type='spice' autoport='yes'><listen type='address'/></graphics></devices></domain>"

typedef struct
{
  virConnectPtr connection;
  virStoragePoolPtr pool;
  guint allowed;     /* how often the guard says yes */
  GPtrArray *worlds; /* what there was whenever it was asked */
} Stage;

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

static void
add_name (GPtrArray *names, const gchar *before, const gchar *name)
{
  g_ptr_array_add (names, g_strconcat (before, name, NULL));
}

/* All volumes and domains, and which of them run. */
static GPtrArray *
look (Stage *stage)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  virStorageVolPtr *volumes = NULL;
  virDomainPtr *domains = NULL;
  int n = virStoragePoolListAllVolumes (stage->pool, &volumes, 0);

  for (int i = 0; i < n; i++)
    {
      add_name (names, "volume ", virStorageVolGetName (volumes[i]));
      virStorageVolFree (volumes[i]);
    }
  free (volumes);
  n = virConnectListAllDomains (stage->connection, &domains, 0);
  for (int i = 0; i < n; i++)
    {
      add_name (names, "domain ", virDomainGetName (domains[i]));
      if (virDomainIsActive (domains[i]) == 1)
        add_name (names, "running ", virDomainGetName (domains[i]));
      virDomainFree (domains[i]);
    }
  free (domains);
  g_ptr_array_sort (names, compare_names);
  return names;
}

static guint
count_missing (GPtrArray *from, GPtrArray *in)
{
  guint n = 0;

  for (guint i = 0; i < from->len; i++)
    n += !g_ptr_array_find_with_equal_func (in, from->pdata[i], g_str_equal, NULL);
  return n;
}

static guint
count_changes (GPtrArray *before, GPtrArray *after)
{
  return count_missing (before, after) + count_missing (after, before);
}

static gboolean
guard (gpointer data)
{
  Stage *stage = data;

  g_ptr_array_add (stage->worlds, look (stage));
  return stage->worlds->len <= stage->allowed;
}

static void
ignore_error (void *data, virErrorPtr error)
{
}

static void
add_volume (Stage *stage, const gchar *name)
{
  g_autofree gchar *xml = g_strdup_printf (
      "<volume><name>%s</name><capacity>1048576</capacity><allocation>0</allocation>"
      "<target><format type='qcow2'/></target></volume>",
      name);
  virStorageVolPtr volume = virStorageVolCreateXML (stage->pool, xml, 0);

  g_assert_nonnull (volume);
  virStorageVolFree (volume);
}

static void
stage_init (Stage *stage)
{
  stage->connection = virConnectOpen ("test:///default");
  g_assert_nonnull (stage->connection);
  stage->pool = virStoragePoolLookupByName (stage->connection, STORAGE);
  g_assert_nonnull (stage->pool);
  stage->allowed = G_MAXUINT;
  stage->worlds = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  add_volume (stage, IMAGE);
  /* What an earlier try left. */
  add_volume (stage, "floe-" ID ".qcow2");
}

static void
stage_clear (Stage *stage)
{
  virStoragePoolFree (stage->pool);
  virConnectClose (stage->connection);
  g_ptr_array_unref (stage->worlds);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stage, stage_clear)

static FloeJob *
job_new (FloeJobKind kind)
{
  FloeJob *job = floe_job_new (kind, "host1");

  job->domain_id = g_strdup (ID);
  job->name = g_strdup ("office-001");
  job->pool = g_strdup ("office");
  job->revision = 1;
  job->storage = g_strdup (STORAGE);
  job->volume = g_strdup (IMAGE);
  job->xml = g_strdup (TEMPLATE);
  job->personality = FLOE_PERSONALITY_NONE;
  job->seconds = 5;
  return job;
}

static const struct
{
  FloeJobKind kind;
  FloeLibvirtCall call;
  gboolean needs_clone;
} kinds[] = {
  { FLOE_JOB_CREATE, floe_job_create, FALSE },
  { FLOE_JOB_SHUT_DOWN, floe_job_shut_down, TRUE },
  { FLOE_JOB_REMOVE, floe_job_remove, TRUE },
  { FLOE_JOB_DROP_IMAGE, floe_job_drop_image, FALSE },
  { FLOE_JOB_DROP_DISK, floe_job_drop_disk, FALSE },
};

static gboolean
run (Stage *stage, guint i, GError **error)
{
  FloeLibvirtHostSettings settings = { .name = (gchar *)"host1",
                                       .guard = guard,
                                       .guard_data = stage };
  g_autoptr (FloeJob) job = job_new (kinds[i].kind);
  FloeLibvirtTask task = { .job = job, .settings = &settings };
  FloeJobResult *result = kinds[i].call (stage->connection, &settings, &task, error);
  gboolean done = result != NULL;

  floe_job_result_free (result);
  return done;
}

static void
make_clone (Stage *stage)
{
  g_autoptr (GError) error = NULL;
  virDomainPtr domain;

  run (stage, 0, &error);
  g_assert_no_error (error);
  domain = virDomainLookupByUUIDString (stage->connection, ID);
  g_assert_nonnull (domain);
  g_assert_cmpint (virDomainCreate (domain), ==, 0);
  virDomainFree (domain);
  g_ptr_array_set_size (stage->worlds, 0);
}

/* Nothing changes before the first question, and one thing at most after each. */
static guint
play_all (guint i)
{
  g_auto (Stage) stage = { 0 };
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GError) error = NULL;
  guint asked, changed = 0;

  stage_init (&stage);
  if (kinds[i].needs_clone)
    make_clone (&stage);
  before = look (&stage);
  run (&stage, i, &error);
  asked = stage.worlds->len;
  g_assert_cmpuint (asked, >, 0);
  g_ptr_array_add (stage.worlds, look (&stage));
  g_assert_cmpuint (count_changes (before, stage.worlds->pdata[0]), ==, 0);
  for (guint k = 1; k <= asked; k++)
    {
      guint n = count_changes (stage.worlds->pdata[k - 1], stage.worlds->pdata[k]);

      g_assert_cmpuint (n, <=, 1);
      changed += n;
    }
  g_assert_cmpuint (changed, >, 0);
  return asked;
}

/* The lead ends before the question of that number: all stays as it was then. */
static void
play_until (guint i, guint allowed)
{
  g_auto (Stage) stage = { 0 };
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GError) error = NULL;

  stage_init (&stage);
  if (kinds[i].needs_clone)
    make_clone (&stage);
  stage.allowed = allowed;
  g_assert_false (run (&stage, i, &error));
  after = look (&stage);
  g_assert_cmpuint (stage.worlds->len, >, allowed);
  g_assert_cmpuint (count_changes (stage.worlds->pdata[allowed], after), ==, 0);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CANCELLED);
  g_assert_cmpstr (floe_error_reason (error), ==, "not-leading");
}

static void
test_job (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  guint asked = play_all (i);

  for (guint allowed = 0; allowed < asked; allowed++)
    play_until (i, allowed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  virSetErrorFunc (NULL, ignore_error);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree gchar *path =
          g_strconcat ("/libvirt-guard/", floe_job_kind_name (kinds[i].kind), NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_job);
    }
  return g_test_run ();
}
