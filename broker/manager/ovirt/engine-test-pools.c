/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-test-pools.h"

#include "manager/ovirt/engine-json.h"
#include "manager/ovirt/engine-values.h"

/* The pools that the engine has, and those of ours that name one of them. */

static GPtrArray *
list_pools (FloeEngineTrial *trial, GError **error)
{
  g_autoptr (JsonNode) answer = floe_engine_trial_get (trial, "/vmpools", error);
  JsonArray *list = floe_engine_json_list (floe_engine_json_root (answer), "vm_pool");
  guint n = floe_engine_json_length (list);
  GPtrArray *pools;

  if (answer == NULL)
    return NULL;
  pools = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_engine_pool_free);
  for (guint i = 0; i < n; i++)
    {
      FloeEnginePool *pool = floe_engine_pool_new (floe_engine_json_item (list, i));

      if (pool != NULL)
        g_ptr_array_add (pools, pool);
    }
  return pools;
}

/* One of its VMs is enough to see whether they can be seen, and have a console. */
static FloeEngineVm *
read_first_vm (FloeEngineTrial *trial, const FloeEnginePool *pool, GError **error)
{
  g_autofree gchar *text = g_strdup_printf ("pool=\"%s\"", pool->name);
  g_autofree gchar *escaped = g_uri_escape_string (text, NULL, FALSE);
  g_autofree gchar *path = g_strdup_printf ("/vms?search=%s&max=1", escaped);
  g_autoptr (JsonNode) answer = floe_engine_trial_get (trial, path, error);
  JsonArray *list = floe_engine_json_list (floe_engine_json_root (answer), "vm");

  return floe_engine_json_length (list) > 0 ? floe_engine_vm_new (floe_engine_json_item (list, 0))
                                            : NULL;
}

static void
test_vms (FloeEngineTrial *trial, const FloeEnginePool *pool)
{
  g_autoptr (GError) error = NULL;
  FloeEngineVm *vm = pool->size > 0 ? read_first_vm (trial, pool, &error) : NULL;

  if (pool->size == 0)
    floe_report_warn (trial->report, "add VMs to it there", "its pool \"%s\" is empty", pool->name);
  else if (error != NULL)
    floe_report_wrong (trial->report, FLOE_ENGINE_LOOK,
                       "the VMs of its pool \"%s\" cannot be listed: %s", pool->name,
                       error->message);
  else if (vm == NULL)
    floe_report_wrong (trial->report, "give the account a role on the data centre of the pool",
                       "the VMs of its pool \"%s\" are hidden", pool->name);
  else if (vm->graphics == NULL)
    floe_report_wrong (trial->report, "give its template SPICE there",
                       "%s of its pool \"%s\" has no "
                       "console",
                       vm->name, pool->name);
  else if (g_strcmp0 (vm->graphics, "spice") != 0)
    floe_report_warn (trial->report,
                      "give its template SPICE there, or allow VNC in the pool's file",
                      "%s of its pool \"%s\" only speaks VNC", vm->name, pool->name);
  if (vm != NULL)
    floe_engine_vm_free (vm);
}

static const FloeEnginePool *
find_pool (GPtrArray *theirs, const gchar *name)
{
  for (guint i = 0; i < theirs->len; i++)
    if (g_strcmp0 (((const FloeEnginePool *)theirs->pdata[i])->name, name) == 0)
      return theirs->pdata[i];
  return NULL;
}

static void
test_way (FloeEngineTrial *trial, const FloeEngineTest *test, const FloePool *ours,
          const FloeEnginePool *pool)
{
  if (ours->assign == FLOE_ASSIGN_SERVICE && pool->per_user < pool->size)
    floe_report_wrong (trial->report, "raise its maximum number of VMs for each user there",
                       "pool %s: all of its %u desktops are given to our account, which may "
                       "have %u of \"%s\"",
                       ours->name, pool->size, pool->per_user, pool->name);
  if (ours->assign == FLOE_ASSIGN_ON_BEHALF && test->settings->client_id == NULL)
    floe_report_wrong (trial->report, "set client_id, client_secret_file and profile",
                       "pool %s: its people are to be logged in, and no client is configured "
                       "for that",
                       ours->name);
  if (ours->assign == FLOE_ASSIGN_USER && !test->has_key)
    floe_report_wrong (trial->report, "set key_file and profile",
                       "pool %s: its people are to be logged in with their passwords, and "
                       "what they get cannot be kept",
                       ours->name);
}

static void
test_ours (FloeEngineTrial *trial, const FloeEngineTest *test, const FloePool *ours,
           GPtrArray *theirs)
{
  const FloeEnginePool *pool = find_pool (theirs, ours->engine_pool);

  if (pool == NULL)
    {
      floe_report_wrong (trial->report, "spell it as the engine does, in the pool's file",
                         "pool %s: the engine has no pool \"%s\", or hides it", ours->name,
                         ours->engine_pool);
      return;
    }
  if (pool->manual && ours->kind == FLOE_POOL_FLOATING)
    floe_report_wrong (trial->report, "make the pool here a dedicated one",
                       "pool %s: \"%s\" is of the type manual, whose VMs stay with their user",
                       ours->name, pool->name);
  if (!pool->manual && ours->kind != FLOE_POOL_FLOATING)
    floe_report_wrong (trial->report, "make the pool here a floating one",
                       "pool %s: \"%s\" is of the type automatic, which takes VMs back when they "
                       "go down",
                       ours->name, pool->name);
  if (pool->stateful && !pool->manual)
    floe_report_wrong (trial->report, "make it anew there, not stateful",
                       "pool %s: \"%s\" is stateful, so the next one finds what the last one "
                       "left",
                       ours->name, pool->name);
  test_way (trial, test, ours, pool);
  test_vms (trial, pool);
}

static void
tell_pool (FloeEngineTrial *trial, const FloeEnginePool *pool)
{
  floe_report_ok (trial->report,
                  "pool \"%s\": %u VMs, %u of them kept running, %u for each user; %s%s",
                  pool->name, pool->size, pool->prestarted, pool->per_user,
                  pool->manual ? "manual" : "automatic", pool->stateful ? ", stateful" : "");
}

/**
 * floe_engine_test_pools:
 *
 * Tells which pools there are, and what is wrong with those that are lent.
 */
void
floe_engine_test_pools (FloeEngineTrial *trial, const FloeEngineTest *test)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) theirs = list_pools (trial, &error);

  if (theirs == NULL)
    {
      floe_report_wrong (trial->report, FLOE_ENGINE_LOOK, "its pools cannot be listed: %s",
                         error->message);
      return;
    }
  if (theirs->len == 0)
    floe_report_wrong (trial->report, "make one there, or give the account a role where they are",
                       "it shows no pools");
  for (guint i = 0; i < theirs->len; i++)
    tell_pool (trial, theirs->pdata[i]);
  for (guint i = 0; test->pools != NULL && i < test->pools->len; i++)
    {
      const FloePool *ours = test->pools->pdata[i];

      if (g_strcmp0 (ours->manager, test->settings->name) == 0)
        test_ours (trial, test, ours, theirs);
    }
}
