/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-allocator.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-comment.h"
#include "manager/ovirt/engine-correlation.h"
#include "manager/ovirt/engine-holders.h"
#include "manager/ovirt/engine-json.h"
#include "manager/ovirt/engine-lost.h"
#include "manager/ovirt/engine-own.h"

/* How long somebody waits for a VM that is on its way back, or for whoever is before them. */
#define PATIENCE (10 * G_USEC_PER_SEC)
#define AGAIN    (G_USEC_PER_SEC)
/* How long a call that stops a VM may be without an answer, and what an engine does of it after
 * that. */
#define STOP_PATIENCE (90 * G_USEC_PER_SEC)
#define STOP_SEEN     (3 * G_USEC_PER_SEC)

struct _FloeEngineAllocator
{
  GObject parent_instance;

  gchar *name;
  gchar *profile; /* of the people of way "on behalf" */
  FloeEngineParts parts;
  GQueue line; /* GTask, of the service account; the head is at work */
};

typedef struct
{
  FloeAssignWay way;
  gchar *pool;
  gchar *pool_id;
  gchar *person;
  gchar *person_id;
  GPtrArray *held;  /* ids of VMs that are not meant */
  gchar *looked_at; /* id of one that may be theirs already */
  gboolean found;
  FloeDomain *domain; /* theirs, while it is asked who that is there */
  gchar *correlation; /* of all its calls but the one that is looked for when its answer is lost */
  gchar *asked;       /* of that one */
  gchar *vm_id;
  FloeSecret *token; /* of the person; NULL for the service account */
  gboolean borrowed; /* it goes on when this is over */
  gboolean keeps;    /* the VM is to stay theirs */
  gint64 event;      /* the newest before it was asked */
  gint64 until;      /* elapsed */
  gint64 calm_at;    /* with a call that stops it: when that has been over for long enough */
  gboolean doubtful; /* it may have been stopped after it was theirs */
  GError *doubt;     /* what is wrong, unless what is looked for is found */
} Work;

G_DEFINE_FINAL_TYPE (FloeEngineAllocator, floe_engine_allocator, G_TYPE_OBJECT)

static void begin (FloeEngineAllocator *self, GTask *task);
static void ask (FloeEngineAllocator *self, GTask *task);

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->pool);
  g_free (work->pool_id);
  g_free (work->person);
  g_free (work->person_id);
  g_ptr_array_unref (work->held);
  g_free (work->looked_at);
  floe_domain_free (work->domain);
  g_free (work->correlation);
  g_free (work->asked);
  g_free (work->vm_id);
  g_clear_pointer (&work->token, floe_secret_unref);
  g_clear_error (&work->doubt);
  g_free (work);
}

static void
call (FloeEngineAllocator *self, GTask *task, FloeEngineCall *what, GAsyncReadyCallback callback)
{
  const Work *work = g_task_get_task_data (task);

  if (what->correlation == NULL)
    what->correlation = work->correlation;
  floe_engine_client_call_async (self->parts.client, what, callback, g_object_ref (task));
}

static void
later (FloeEngineAllocator *self, GTask *task, gint64 delay, GSourceFunc func)
{
  floe_clock_add_timeout (self->parts.clock, delay, func, g_object_ref (task), g_object_unref);
}

/* The line of the service account, of all pools: the engine locks by who asks, and refuses a second
 * allocation of theirs while the first one is under way, in whatever pool. */

static void
leave_line (FloeEngineAllocator *self, GTask *task)
{
  GTask *next;

  if (g_queue_peek_head (&self->line) != task)
    return;
  g_object_unref (g_queue_pop_head (&self->line));
  next = g_queue_peek_head (&self->line);
  if (next != NULL)
    begin (self, next);
}

static void
join_line (FloeEngineAllocator *self, GTask *task)
{
  g_queue_push_tail (&self->line, g_object_ref (task));
  if (g_queue_get_length (&self->line) == 1)
    begin (self, task);
}

static gint
compare_pool (gconstpointer task, gconstpointer pool_id)
{
  return g_strcmp0 (((const Work *)g_task_get_task_data (G_TASK (task)))->pool_id, pool_id);
}

static gboolean
is_asked_for (FloeEngineAllocator *self, const gchar *pool_id)
{
  return g_queue_find_custom (&self->line, pool_id, compare_pool) != NULL;
}

/* Ends. */

static void
end_token (FloeEngineAllocator *self, Work *work)
{
  if (work->token != NULL && !work->borrowed)
    floe_engine_client_end_token (self->parts.client, work->token);
  g_clear_pointer (&work->token, floe_secret_unref);
}

static void
put_down (FloeEngineAllocator *self, Work *work)
{
  if (work->vm_id != NULL)
    floe_engine_picture_end_giving (self->parts.picture, work->vm_id);
  g_clear_pointer (&work->vm_id, g_free);
}

/* Takes @error. */
static void
fail (FloeEngineAllocator *self, GTask *task, GError *error)
{
  put_down (self, g_task_get_task_data (task));
  end_token (self, g_task_get_task_data (task));
  g_prefix_error (&error, "a VM of pool %s: ", ((Work *)g_task_get_task_data (task))->pool);
  g_object_ref (task);
  leave_line (self, task);
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
end (FloeEngineAllocator *self, GTask *task)
{
  Work *work = g_task_get_task_data (task);

  put_down (self, work);
  leave_line (self, task);
  g_task_return_pointer (task, g_steal_pointer (&work->domain), (GDestroyNotify)floe_domain_free);
}

/* Where nobody can tell, they are known there by their name. */
static void
read_user (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  work->domain->engine_user =
      floe_engine_holders_find_user_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  if (error != NULL)
    g_message ("who %s is at the engine is not known: %s", work->person, error->message);
  end (g_task_get_source_object (task), task);
}

static void
read_vm (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeEngineAllocator *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  FloeEngineVm *vm = floe_engine_vm_new (floe_engine_json_root (answer));

  if (vm == NULL && error == NULL)
    floe_set_error_reason (&error, FLOE_ERROR_UNAVAILABLE, "host-down",
                           "engine %s tells half of a VM", self->name);
  if (vm == NULL)
    {
      fail (self, task, error);
      return;
    }
  if (work->doubtful && (vm->power == FLOE_POWER_OFF || vm->power == FLOE_POWER_STOPPING))
    {
      g_message ("VM %s was stopped when it was %s's: they get another one", work->vm_id,
                 work->person);
      floe_engine_picture_take_certain (self->parts.picture, vm);
      work->doubtful = FALSE;
      put_down (self, work);
      begin (self, task);
      return;
    }
  work->domain = floe_engine_vm_to_domain (vm, self->name, work->pool);
  work->domain->found = work->found;
  /* Asked for when it was theirs: whatever was heard meanwhile may be from before that. */
  floe_engine_picture_take_certain (self->parts.picture, vm);
  floe_engine_watch_hurry (self->parts.watch, work->pool_id);
  if (work->keeps)
    floe_engine_holders_find_user_async (self->parts.client, work->vm_id, work->correlation,
                                         read_user, g_object_ref (task));
  else
    end (self, task);
}

static void
get_vm (FloeEngineAllocator *self, GTask *task)
{
  Work *work = g_task_get_task_data (task);
  g_autofree gchar *path = g_strdup_printf ("/vms/%s?follow=sessions", work->vm_id);
  FloeEngineCall what = { .method = "GET", .path = path, .repeatable = TRUE };

  end_token (self, work);
  call (self, task, &what, read_vm);
}

/* Whose a VM of the service account is stands in its comment, for administrators of the engine. */
static void
commented (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Work *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!floe_engine_comment_finish (FLOE_ENGINE_CLIENT (source), result, &error))
    g_message ("VM %s is not marked as %s's: %s", work->vm_id, work->person, error->message);
  get_vm (g_task_get_source_object (task), task);
}

/* For whom the service account has what it has. */
static FloeVmHolder
get_person (const Work *work)
{
  return (FloeVmHolder){ .person = work->person, .person_id = work->person_id, .service = TRUE };
}

static void
mark_vm (FloeEngineAllocator *self, GTask *task)
{
  const Work *work = g_task_get_task_data (task);
  const FloeVmHolder whose = get_person (work);

  if (work->way == FLOE_ASSIGN_SERVICE)
    floe_engine_comment_async (self->parts.client, work->vm_id, &whose, work->correlation,
                               commented, g_object_ref (task));
  else
    get_vm (self, task);
}

/* Until no call that stops it is under way, and what it did can be seen. */
static gboolean
wait_for_calm (gpointer data)
{
  FloeEngineAllocator *self = g_task_get_source_object (data);
  Work *work = g_task_get_task_data (data);
  gint64 now = floe_clock_elapsed (self->parts.clock);

  if (floe_engine_picture_is_stopping (self->parts.picture, work->vm_id) && now < work->until)
    work->calm_at = now + STOP_SEEN;
  if (now < work->calm_at)
    later (self, data, AGAIN, wait_for_calm);
  else
    mark_vm (self, data);
  return G_SOURCE_REMOVE;
}

/* An engine that is slow may have been told to stop it more than once for whoever had it before,
 * and do that now. */
static void
take_vm (FloeEngineAllocator *self, GTask *task, const gchar *vm_id)
{
  Work *work = g_task_get_task_data (task);

  work->vm_id = g_strdup (vm_id);
  floe_engine_picture_begin_giving (self->parts.picture, vm_id);
  if (!floe_engine_picture_is_stopping (self->parts.picture, vm_id))
    {
      mark_vm (self, task);
      return;
    }
  work->doubtful = TRUE;
  work->until = floe_clock_elapsed (self->parts.clock) + STOP_PATIENCE;
  wait_for_calm (task);
}

/* An allocation of which nobody knows what became. */

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  g_autofree gchar *vm_id = floe_engine_lost_find_finish (FLOE_ENGINE_CLIENT (source), result);

  if (vm_id != NULL)
    take_vm (g_task_get_source_object (task), task, vm_id);
  else
    fail (g_task_get_source_object (task), task, g_steal_pointer (&work->doubt));
}

/* Takes @error: why nobody knows. */
static void
begin_look (FloeEngineAllocator *self, GTask *task, GError *error)
{
  Work *work = g_task_get_task_data (task);

  g_message ("whether the engine did %s is looked up: %s", work->asked, error->message);
  work->doubt = error;
  floe_engine_lost_find_async (self->parts.client, self->parts.clock, work->event, work->asked,
                               looked, g_object_ref (task));
}

/* Asking. */

static gboolean
ask_again (gpointer data)
{
  ask (g_task_get_source_object (data), data);
  return G_SOURCE_REMOVE;
}

/* One that is on its way to be one that can be had: an engine that has none left may have one in a
 * moment. */
static gboolean
expects_more (FloeEngineAllocator *self, const gchar *pool_id)
{
  g_autoptr (GHashTable) hot = floe_engine_picture_list_hot (self->parts.picture);

  return g_hash_table_contains (hot, pool_id);
}

static gboolean
is_passing (FloeEngineAllocator *self, const Work *work, const GError *error)
{
  const gchar *reason = floe_error_reason (error);

  if (floe_clock_elapsed (self->parts.clock) >= work->until)
    return FALSE;
  return g_strcmp0 (reason, "engine-busy") == 0
         || (g_strcmp0 (reason, "no-desktop-free") == 0 && expects_more (self, work->pool_id));
}

/* Whoever has as many as the engine lets them have may have one that no broker knows of: from the
 * engine's own portal, or because a broker fell before it wrote that down. */

static const gchar *
choose_own (FloeEngineAllocator *self, const Work *work, const gchar *const *vm_ids)
{
  const gchar *chosen = NULL;

  for (guint i = 0; vm_ids != NULL && vm_ids[i] != NULL; i++)
    {
      const FloeEngineVm *vm = floe_engine_picture_find_vm (self->parts.picture, vm_ids[i]);

      if (vm == NULL || g_strcmp0 (vm->pool_id, work->pool_id) != 0)
        continue;
      if (vm->power == FLOE_POWER_ON)
        return vm_ids[i];
      chosen = vm_ids[i];
    }
  return chosen;
}

static void
own_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeEngineAllocator *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) vm_ids = floe_engine_own_find_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  const gchar *own = choose_own (self, work, (const gchar *const *)vm_ids);

  if (own != NULL)
    take_vm (self, task, own);
  else
    fail (self, task, g_steal_pointer (&work->doubt));
}

/* Takes @error. */
static void
reach_limit (FloeEngineAllocator *self, GTask *task, GError *error)
{
  Work *work = g_task_get_task_data (task);

  if (work->way == FLOE_ASSIGN_SERVICE)
    {
      g_error_free (error);
      error = NULL;
      floe_set_error_reason (&error, FLOE_ERROR_EXHAUSTED, "no-desktop-free",
                             "the broker's account has as many as the engine lets anybody have of "
                             "it: raise the pool's maximum for each user there");
      fail (self, task, error);
      return;
    }
  work->doubt = error;
  floe_engine_own_find_async (self->parts.client, work->token, work->correlation, own_found,
                              g_object_ref (task));
}

/* What the person's log-in got is gone: the broker acts for them, where it may, or they log in
 * again. Takes @error. */
static void
lose_token (FloeEngineAllocator *self, GTask *task, GError *error)
{
  Work *work = g_task_get_task_data (task);

  g_clear_pointer (&work->token, floe_secret_unref);
  work->borrowed = FALSE;
  if (floe_engine_client_can_act_for (self->parts.client))
    {
      g_error_free (error);
      begin (self, task);
      return;
    }
  g_error_free (error);
  error = NULL;
  floe_set_error_reason (&error, FLOE_ERROR_UNAUTHENTICATED, "expired-token",
                         "the engine has forgotten that they are logged in");
  fail (self, task, error);
}

static gboolean
is_open (const GError *error)
{
  return g_strcmp0 (floe_error_reason (error), "host-silent") == 0
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
}

static void
asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeEngineAllocator *self = g_task_get_source_object (task);
  const Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  const gchar *vm_id =
      floe_engine_json_id (floe_engine_json_object (floe_engine_json_root (answer), "vm"));

  if (vm_id != NULL)
    take_vm (self, task, vm_id);
  else if (answer != NULL)
    begin_look (self, task,
                g_error_new (FLOE_ERROR, FLOE_ERROR_TIMED_OUT, "its answer names no VM"));
  else if (is_open (error))
    begin_look (self, task, error);
  else if (is_passing (self, work, error))
    {
      g_error_free (error);
      floe_engine_watch_hurry (self->parts.watch, work->pool_id);
      later (self, task, AGAIN, ask_again);
    }
  else if (work->borrowed && g_strcmp0 (floe_error_reason (error), "engine-login") == 0)
    lose_token (self, task, error);
  else if (g_strcmp0 (floe_error_reason (error), "limit-reached") == 0)
    reach_limit (self, task, error);
  else
    fail (self, task, error);
}

static void
ask (FloeEngineAllocator *self, GTask *task)
{
  Work *work = g_task_get_task_data (task);
  g_autofree gchar *path = g_strdup_printf ("/vmpools/%s/allocatevm", work->pool_id);
  FloeEngineCall what = {
    .method = "POST", .path = path, .body = "{\"async\":\"false\"}", .token = work->token
  };

  g_free (work->asked);
  work->asked = floe_engine_correlation_new_single (work->correlation);
  what.correlation = work->asked;
  call (self, task, &what, asked);
}

/* From where on events are looked through should the answer be lost. An engine that does not tell
 * these would not be asked for a VM. */
static void
marked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeEngineAllocator *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  JsonArray *list = floe_engine_json_list (floe_engine_json_root (answer), "event");

  if (answer == NULL)
    {
      fail (self, task, error);
      return;
    }
  if (floe_engine_json_length (list) > 0)
    work->event = floe_engine_json_number (floe_engine_json_item (list, 0), "id", 0);
  ask (self, task);
}

static void
mark (FloeEngineAllocator *self, GTask *task)
{
  FloeEngineCall what = { .method = "GET", .path = "/events?max=1", .repeatable = TRUE };

  call (self, task, &what, marked);
}

/* What the service account has for them already, which nobody here knows of: the broker fell before
 * it wrote that down, or its store is a backup's. */

static void begin_for_service (FloeEngineAllocator *self, GTask *task);

static void
own_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeEngineAllocator *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_auto (GStrv) found =
      floe_engine_holders_find_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (error != NULL && !g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      fail (self, task, error);
      return;
    }
  g_clear_error (&error);
  work->found = found != NULL && found[0] != NULL;
  if (work->found)
    {
      take_vm (self, task, work->looked_at);
      return;
    }
  g_ptr_array_add (work->held, g_steal_pointer (&work->looked_at));
  begin_for_service (self, task);
}

static void
begin_for_service (FloeEngineAllocator *self, GTask *task)
{
  Work *work = g_task_get_task_data (task);
  const FloeVmHolder whose = get_person (work);
  const gchar *const *held = (const gchar *const *)work->held->pdata;
  const FloeEngineVm *vm = work->keeps ? floe_engine_picture_find_marked (
                               self->parts.picture, work->pool_id, work->person_id, held)
                                       : NULL;

  if (vm == NULL)
    {
      mark (self, task);
      return;
    }
  work->looked_at = g_strdup (vm->id);
  floe_engine_holders_find_marked_async (self->parts.client, vm->id, &whose, work->correlation,
                                         own_checked, g_object_ref (task));
}

static void
acting (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeEngineAllocator *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->token = floe_engine_client_act_for_finish (FLOE_ENGINE_CLIENT (source), result, &error);
  if (work->token != NULL)
    mark (self, task);
  else
    fail (self, task, error);
}

static void
begin (FloeEngineAllocator *self, GTask *task)
{
  Work *work = g_task_get_task_data (task);
  g_autofree gchar *name = NULL;

  work->until = floe_clock_elapsed (self->parts.clock) + PATIENCE;
  if (work->way == FLOE_ASSIGN_SERVICE)
    {
      begin_for_service (self, task);
      return;
    }
  if (work->token != NULL)
    {
      mark (self, task);
      return;
    }
  name = g_strconcat (work->person, "@", self->profile, NULL);
  floe_engine_client_act_for_async (self->parts.client, name, acting, g_object_ref (task));
}

static gboolean
can_begin (FloeEngineAllocator *self, const FloeEnginePool *pool, const Work *work, GError **error)
{
  gboolean alone = work->way != FLOE_ASSIGN_SERVICE && work->token == NULL
                   && !floe_engine_client_can_act_for (self->parts.client);

  if (pool == NULL)
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "host-down", "%s",
                           floe_engine_picture_is_up (self->parts.picture)
                               ? "the engine has no such pool, or hides it from us"
                               : "the engine has not told yet what it has");
  /* Before its VMs are known, nobody knows whether they have one already. */
  else if (work->keeps && work->way == FLOE_ASSIGN_SERVICE
           && !floe_engine_picture_is_up (self->parts.picture))
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "host-down",
                           "the engine has not told yet what it has");
  else if (floe_engine_pool_refuse (pool) != NULL)
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "host-down", "%s",
                           floe_engine_pool_refuse (pool));
  else if (floe_engine_pool_misfit (pool, work->keeps) != NULL)
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "host-down", "%s",
                           floe_engine_pool_misfit (pool, work->keeps));
  else if (alone && work->way == FLOE_ASSIGN_USER)
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "engine-login",
                           "the engine lets them in only with their password, or had not known it");
  else if (alone)
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "host-down",
                           "no SSO client is configured for this engine");
  else
    return TRUE;
  return FALSE;
}

/**
 * floe_engine_allocator_run_async:
 * @allocation: what for whom
 *
 * Asks the engine for a VM, waiting a little where it says that this passes.
 */
void
floe_engine_allocator_run_async (FloeEngineAllocator *self, const FloeAllocation *allocation,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  const FloeEnginePool *pool =
      floe_engine_picture_find_pool (self->parts.picture, allocation->pool);
  Work *work = g_new0 (Work, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, floe_engine_allocator_run_async);
  g_task_set_task_data (task, work, work_free);
  work->way = allocation->way;
  work->keeps = allocation->keeps;
  work->pool = g_strdup (allocation->pool);
  work->person = g_strdup (allocation->person);
  work->person_id = g_strdup (allocation->person_id);
  work->held = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  for (guint i = 0; allocation->held != NULL && allocation->held[i] != NULL; i++)
    g_ptr_array_add (work->held, g_strdup (allocation->held[i]));
  work->correlation =
      floe_engine_correlation_new (allocation->request, "allocate", allocation->pool);
  work->pool_id = pool != NULL ? g_strdup (pool->id) : NULL;
  if (allocation->way == FLOE_ASSIGN_USER && allocation->token != NULL)
    {
      work->token = floe_secret_ref (allocation->token);
      work->borrowed = TRUE;
    }
  if (!can_begin (self, pool, work, &error))
    fail (self, task, error);
  else if (work->way == FLOE_ASSIGN_SERVICE)
    join_line (self, task);
  else
    begin (self, task);
}

/**
 * floe_engine_allocator_run_finish:
 *
 * Returns: (transfer full): the VM; or %NULL with %FLOE_ERROR_EXHAUSTED (reason "no-desktop-free"),
 *   %FLOE_ERROR_CONFLICT (reason "limit-reached"), %FLOE_ERROR_DENIED (reason "engine-rights" or
 *   "engine-login"), %FLOE_ERROR_BUSY, %FLOE_ERROR_UNAVAILABLE; or %FLOE_ERROR_TIMED_OUT, if
 *   nobody could find out
 */
FloeDomain *
floe_engine_allocator_run_finish (FloeEngineAllocator *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Nobody has it any more. Where somebody is about to get one, their name is to stand there. */
static void
on_vm (FloeEnginePicture *picture, const FloeEngineVm *vm, FloeEngineAllocator *self)
{
  const FloeEnginePool *pool = floe_engine_picture_find_pool_of (picture, vm->id);

  if (vm->power != FLOE_POWER_OFF || vm->mark == NULL || pool == NULL || pool->manual
      || is_asked_for (self, vm->pool_id)
      || (self->parts.guard != NULL && !self->parts.guard (self->parts.guard_data)))
    return;
  floe_engine_comment_async (self->parts.client, vm->id, NULL, NULL, NULL, NULL);
}

static void
floe_engine_allocator_finalize (GObject *object)
{
  FloeEngineAllocator *self = FLOE_ENGINE_ALLOCATOR (object);

  g_queue_clear_full (&self->line, g_object_unref);
  g_free (self->name);
  g_free (self->profile);
  g_object_unref (self->parts.client);
  g_object_unref (self->parts.watch);
  g_object_unref (self->parts.picture);
  g_object_unref (self->parts.clock);
  G_OBJECT_CLASS (floe_engine_allocator_parent_class)->finalize (object);
}

static void
floe_engine_allocator_class_init (FloeEngineAllocatorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_engine_allocator_finalize;
}

static void
floe_engine_allocator_init (FloeEngineAllocator *self)
{
  g_queue_init (&self->line);
}

/**
 * floe_engine_allocator_new:
 * @name: the engine's
 * @profile: of the engine, in which it knows the people of our directory
 *
 * Returns: (transfer full): nobody stands in line
 */
FloeEngineAllocator *
floe_engine_allocator_new (const gchar *name, const gchar *profile, const FloeEngineParts *parts)
{
  FloeEngineAllocator *self = g_object_new (FLOE_TYPE_ENGINE_ALLOCATOR, NULL);

  self->name = g_strdup (name);
  self->profile = g_strdup (profile);
  self->parts = *parts;
  g_object_ref (parts->client);
  g_object_ref (parts->watch);
  g_object_ref (parts->picture);
  g_object_ref (parts->clock);
  g_signal_connect_object (parts->picture, "vm", G_CALLBACK (on_vm), self, 0);
  return self;
}
