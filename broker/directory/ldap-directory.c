/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-directory.h"

#include "core/error.h"
#include "directory/ldap-change.h"
#include "directory/ldap-id.h"
#include "directory/ldap-outcome.h"
#include "directory/ldap-session.h"
#include "directory/ldap-text.h"
#include "util/workers.h"

/* The pool's own deadline comes a little later than the one that the session keeps to, whose error
 * says more. */
#define DEADLINE_SLACK (G_USEC_PER_SEC / 2)

/* How often it is looked whether a probe is due while no server is up, in milliseconds. */
#define OUTAGE_TICK 250

struct _FloeLdapDirectory
{
  GObject parent_instance;

  FloeLdapShared shared;
  FloeWorkers *workers; /* a session each */
  FloeWorkers *probes;  /* finds out whether servers that are down are up again */
  guint outage;         /* source: looks while no server is up */
};

static void floe_ldap_directory_iface_init (FloeDirectoryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeLdapDirectory, floe_ldap_directory, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_DIRECTORY,
                                                      floe_ldap_directory_iface_init))

static void
question_free (FloeLdapQuestion *question)
{
  floe_ldap_name_free (question->name);
  g_free (question->id);
  g_free (question->group);
  g_free (question->sid);
  g_clear_pointer (&question->password, floe_secret_unref);
  g_clear_pointer (&question->new_password, floe_secret_unref);
  g_free (question);
}

/* Time for every server to be silent while we connect, and for a search, a bind and two looks at
 * groups, or a change, that all take as long as they may. */
static gint64
call_budget (const FloeLdapSettings *settings)
{
  gint64 seconds = (gint64)settings->connect_timeout * g_strv_length (settings->uris)
                   + 4 * (gint64)settings->operation_timeout;

  return seconds * G_USEC_PER_SEC;
}

static gpointer
session_new (gpointer data)
{
  return floe_ldap_session_new (data);
}

static gpointer
ask_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  return floe_ldap_session_ask (context, input, cancellable, error);
}

static gpointer
examine_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  return floe_ldap_session_examine (context, input, cancellable, error);
}

static gpointer
find_group_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  return floe_ldap_session_find_group (context, input, cancellable, error);
}

static gpointer
probe_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  FloeLdapShared *shared = context;

  floe_ldap_session_probe (shared, GPOINTER_TO_UINT (input), cancellable);
  return shared; /* anything but NULL, which would want an error */
}

static gpointer
probe_context (gpointer data)
{
  return data;
}

/* The work notes itself what came of it. There are hardly ever more of them than servers, and one
 * of what follows, so the queue is not full; where it is, another minute passes. A probe is never
 * one of a log-in's own connections: a server that hangs would hold it up. */
static void
probe_if_due (FloeLdapDirectory *self)
{
  gint server = floe_ldap_servers_take_probe (self->shared.servers);

  if (server >= 0)
    floe_workers_run_async (self->probes, probe_work, GINT_TO_POINTER (server), NULL, NULL,
                            G_MAXINT64, NULL, NULL, NULL);
}

static gboolean
outage_tick (gpointer data)
{
  FloeLdapDirectory *self = data;

  probe_if_due (self);
  if (floe_ldap_servers_need_probes (self->shared.servers))
    return G_SOURCE_CONTINUE;
  self->outage = 0;
  return G_SOURCE_REMOVE;
}

/* People are told at once that there is no directory, so somebody else has to find one again. */
static void
watch_outage (FloeLdapDirectory *self)
{
  if (self->outage == 0 && floe_ldap_servers_need_probes (self->shared.servers))
    self->outage = g_timeout_add (OUTAGE_TICK, outage_tick, self);
}

static gpointer
lockout_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  FloeLdapShared *shared = context;

  floe_ldap_session_read_lockout (shared, cancellable);
  return shared;
}

/* What a worker does, and what frees its result. */
typedef struct
{
  FloeWork work;
  GDestroyNotify result_free;
} Kind;

static const Kind asking = { ask_work, (GDestroyNotify)floe_user_free };
static const Kind examining = { examine_work, (GDestroyNotify)floe_standing_free };
static const Kind finding_group = { find_group_work, (GDestroyNotify)g_strfreev };

/* A task's data is its kind. */
static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Kind *kind = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gpointer answer = floe_workers_run_finish (FLOE_WORKERS (source), result, &error);

  watch_outage (g_task_get_source_object (task));
  if (answer != NULL)
    g_task_return_pointer (task, answer, kind->result_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
run (FloeLdapDirectory *self, const Kind *kind, FloeLdapQuestion *question,
     GCancellable *cancellable, GTask *task)
{
  gint64 budget = call_budget (self->shared.settings);

  question->until = g_get_monotonic_time () + budget;
  probe_if_due (self);
  g_task_set_task_data (task, (gpointer)kind, NULL);
  floe_workers_run_async (self->workers, kind->work, question, (GDestroyNotify)question_free,
                          kind->result_free, budget + DEADLINE_SLACK, cancellable, answered, task);
}

static void
ask (FloeLdapDirectory *self, FloeLdapQuestion *question, GCancellable *cancellable, GTask *task)
{
  run (self, &asking, question, cancellable, task);
}

static GTask *
task_new (gpointer self, GAsyncReadyCallback callback, gpointer user_data, gpointer tag)
{
  /* Without the cancellable: the workers answer when it is cancelled, with our own error. */
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

static FloeLdapName *
fold (FloeLdapDirectory *self, const gchar *name)
{
  return floe_ldap_name_new (name, (const gchar *const *)self->shared.settings->domains);
}

static void
authenticate_async (FloeDirectory *directory, const gchar *name, FloeSecret *password,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  FloeLdapDirectory *self = FLOE_LDAP_DIRECTORY (directory);
  g_autoptr (GTask) task = task_new (directory, callback, user_data, authenticate_async);
  g_autoptr (FloeLdapName) folded = fold (self, name);
  FloeLdapQuestion *question;
  GError *error = NULL;

  if (folded == NULL || !floe_ldap_password_is_acceptable (password))
    {
      floe_ldap_set_wrong_credentials (&error);
      g_task_return_error (task, error);
      return;
    }
  question = g_new0 (FloeLdapQuestion, 1);
  question->name = g_steal_pointer (&folded);
  question->password = floe_secret_ref (password);
  ask (self, question, cancellable, g_steal_pointer (&task));
}

static FloeUser *
finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, directory), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
change_password_async (FloeDirectory *directory, const gchar *name, FloeSecret *old,
                       FloeSecret *new, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  FloeLdapDirectory *self = FLOE_LDAP_DIRECTORY (directory);
  g_autoptr (GTask) task = task_new (directory, callback, user_data, change_password_async);
  const FloeLdapSettings *settings = self->shared.settings;
  const FloeLdapPasswords passwords = { old, new };
  g_autoptr (FloeLdapName) folded = fold (self, name);
  FloeLdapQuestion *question;
  GError *error = NULL;

  if (folded == NULL)
    floe_ldap_set_wrong_credentials (&error);
  if (error != NULL || !floe_ldap_change_check (settings, &passwords, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  question = g_new0 (FloeLdapQuestion, 1);
  question->name = g_steal_pointer (&folded);
  question->password = floe_secret_ref (old);
  question->new_password = floe_secret_ref (new);
  ask (self, question, cancellable, g_steal_pointer (&task));
}

/* One that is none is nobody's. */
static gchar *
sid_to_text (GBytes *sid)
{
  gsize length;
  gconstpointer bytes = g_bytes_get_data (sid, &length);
  const struct berval value = { length, (char *)bytes };
  gchar *text = floe_ldap_sid_to_text (&value);

  return text != NULL ? text : g_strdup ("");
}

static void
vouch_async (FloeDirectory *directory, const FloePrincipal *principal, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer user_data)
{
  FloeLdapDirectory *self = FLOE_LDAP_DIRECTORY (directory);
  g_autoptr (GTask) task = task_new (directory, callback, user_data, vouch_async);
  GError *error = NULL;
  FloeLdapName *name = floe_ldap_name_new_for_principal (
      principal->name, (const gchar *const *)self->shared.settings->domains, &error);
  FloeLdapQuestion *question;

  if (name == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  question = g_new0 (FloeLdapQuestion, 1);
  question->name = name;
  question->sid = principal->sid != NULL ? sid_to_text (principal->sid) : NULL;
  ask (self, question, cancellable, g_steal_pointer (&task));
}

static gchar *
change_password_finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  g_autoptr (FloeUser) user = finish (directory, result, error);

  return user != NULL ? g_strdup (user->name) : NULL;
}

static void
run_for_id (FloeDirectory *directory, const Kind *kind, const gchar *id, GCancellable *cancellable,
            GTask *task)
{
  FloeLdapQuestion *question;

  if (!floe_ldap_name_is_acceptable (id))
    {
      g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such person");
      g_object_unref (task);
      return;
    }
  question = g_new0 (FloeLdapQuestion, 1);
  question->id = g_strdup (id);
  run (FLOE_LDAP_DIRECTORY (directory), kind, question, cancellable, task);
}

static void
look_up_async (FloeDirectory *directory, const gchar *id, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  run_for_id (directory, &asking, id, cancellable,
              task_new (directory, callback, user_data, look_up_async));
}

static void
examine_async (FloeDirectory *directory, const gchar *id, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  run_for_id (directory, &examining, id, cancellable,
              task_new (directory, callback, user_data, examine_async));
}

static FloeStanding *
examine_finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, directory), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
find_group_async (FloeDirectory *directory, const gchar *name, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  FloeLdapQuestion *question = g_new0 (FloeLdapQuestion, 1);

  question->group = g_strdup (name);
  run (FLOE_LDAP_DIRECTORY (directory), &finding_group, question, cancellable,
       task_new (directory, callback, user_data, find_group_async));
}

static GStrv
find_group_finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, directory), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Without the domain: where it is not of this directory, it counts as a part of the name. */
static gchar *
fold_name (FloeDirectory *directory, const gchar *name)
{
  g_autoptr (FloeLdapName) folded = fold (FLOE_LDAP_DIRECTORY (directory), name);

  return folded != NULL ? g_strdup (folded->user) : NULL;
}

static gboolean
is_up (FloeDirectory *directory)
{
  return floe_ldap_servers_is_up (FLOE_LDAP_DIRECTORY (directory)->shared.servers);
}

/* Beside the log-ins, so that it comes in nobody's way. */
static void
read_lockout_if_due (FloeLdapDirectory *self)
{
  if (floe_ldap_shared_take_lockout (&self->shared))
    floe_workers_run_async (self->probes, lockout_work, NULL, NULL, NULL, G_MAXINT64, NULL, NULL,
                            NULL);
}

static void
get_lockout (FloeDirectory *directory, FloeLockout *lockout)
{
  FloeLdapShared *shared = &FLOE_LDAP_DIRECTORY (directory)->shared;

  read_lockout_if_due (FLOE_LDAP_DIRECTORY (directory));
  g_mutex_lock (&shared->lock);
  *lockout = shared->lockout;
  g_mutex_unlock (&shared->lock);
}

static void
floe_ldap_directory_iface_init (FloeDirectoryInterface *iface)
{
  iface->authenticate_async = authenticate_async;
  iface->authenticate_finish = finish;
  iface->change_password_async = change_password_async;
  iface->change_password_finish = change_password_finish;
  iface->vouch_async = vouch_async;
  iface->vouch_finish = finish;
  iface->look_up_async = look_up_async;
  iface->look_up_finish = finish;
  iface->examine_async = examine_async;
  iface->examine_finish = examine_finish;
  iface->find_group_async = find_group_async;
  iface->find_group_finish = find_group_finish;
  iface->is_up = is_up;
  iface->fold_name = fold_name;
  iface->get_lockout = get_lockout;
}

static void
floe_ldap_directory_finalize (GObject *object)
{
  FloeLdapDirectory *self = FLOE_LDAP_DIRECTORY (object);

  g_clear_handle_id (&self->outage, g_source_remove);
  g_atomic_int_set (&self->shared.closing, TRUE);
  if (self->workers != NULL)
    floe_workers_close (self->workers);
  if (self->probes != NULL)
    floe_workers_close (self->probes);
  g_clear_object (&self->workers);
  g_clear_object (&self->probes);
  g_clear_pointer (&self->shared.servers, floe_ldap_servers_free);
  g_clear_pointer (&self->shared.guard, floe_ldap_guard_free);
  g_clear_pointer (&self->shared.groups, floe_ldap_group_cache_free);
  g_clear_pointer (&self->shared.settings, floe_ldap_settings_free);
  g_mutex_clear (&self->shared.lock);
  G_OBJECT_CLASS (floe_ldap_directory_parent_class)->finalize (object);
}

static void
floe_ldap_directory_class_init (FloeLdapDirectoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_ldap_directory_finalize;
}

static void
floe_ldap_directory_init (FloeLdapDirectory *self)
{
  g_mutex_init (&self->shared.lock);
}

/**
 * floe_ldap_directory_new:
 * @settings: what to work with; copied
 * @error: %FLOE_ERROR_INVALID when they make no sense
 *
 * Asks no server yet. The last reference has to be dropped on the main thread, and may then wait
 * for calls that are under way.
 *
 * Returns: (transfer full): the directory
 */
FloeDirectory *
floe_ldap_directory_new (const FloeLdapSettings *settings, GError **error)
{
  g_autoptr (FloeLdapSettings) own = floe_ldap_settings_copy (settings);
  FloeLdapDirectory *self;

  floe_ldap_init ();
  if (!floe_ldap_settings_check (own, error))
    return NULL;
  self = g_object_new (FLOE_TYPE_LDAP_DIRECTORY, NULL);
  self->shared.servers = floe_ldap_servers_new ((const gchar *const *)own->uris, NULL);
  self->shared.guard = floe_ldap_guard_new ();
  self->shared.groups = floe_ldap_group_cache_new (NULL);
  self->workers = floe_workers_new ("directory", own->connections, own->queue_limit, session_new,
                                    &self->shared, (GDestroyNotify)floe_ldap_session_free);
  self->probes = floe_workers_new ("directory-probe", 1, FLOE_LDAP_SERVERS_MAX + 1, probe_context,
                                   &self->shared, NULL);
  self->shared.settings = g_steal_pointer (&own);
  return FLOE_DIRECTORY (self);
}

/**
 * floe_ldap_directory_get_domains:
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): what it is called in a log-in name
 */
const gchar *const *
floe_ldap_directory_get_domains (FloeLdapDirectory *self)
{
  return (const gchar *const *)self->shared.settings->domains;
}

/**
 * floe_ldap_directory_get_load:
 * @load: (out caller-allocates): how busy its connections are
 */
void
floe_ldap_directory_get_load (FloeLdapDirectory *self, FloeLoad *load)
{
  floe_workers_get_load (self->workers, load);
}

/**
 * floe_ldap_directory_get_overdue:
 *
 * Returns: calls that nobody waits for any more and that have not returned yet; a metric
 */
guint
floe_ldap_directory_get_overdue (FloeLdapDirectory *self)
{
  return floe_workers_get_overdue (self->workers);
}

/**
 * floe_ldap_directory_get_queued:
 *
 * Returns: calls that wait for a connection; a metric
 */
guint
floe_ldap_directory_get_queued (FloeLdapDirectory *self)
{
  return floe_workers_get_queued (self->workers);
}

/**
 * floe_ldap_directory_count_servers:
 *
 * Returns: how many servers there are
 */
guint
floe_ldap_directory_count_servers (FloeLdapDirectory *self)
{
  return floe_ldap_servers_count (self->shared.servers);
}

/**
 * floe_ldap_directory_get_server:
 * @nth: in the order of the settings
 *
 * Returns: (transfer none): its URI
 */
const gchar *
floe_ldap_directory_get_server (FloeLdapDirectory *self, guint nth)
{
  return floe_ldap_servers_get_uri (self->shared.servers, nth);
}

/**
 * floe_ldap_directory_look_at_server:
 * @nth: in the order of the settings
 *
 * Whoever asks for this wants to know even where nobody logs in: servers that are due are tried in
 * the background.
 *
 * Returns: whether it is not known to be down; a metric
 */
gboolean
floe_ldap_directory_look_at_server (FloeLdapDirectory *self, guint nth)
{
  probe_if_due (self);
  return floe_ldap_servers_server_is_up (self->shared.servers, nth);
}

/**
 * floe_ldap_directory_get_group_round_trips:
 *
 * Returns: how often somebody's groups had to wait for a server, so far; a metric
 */
guint64
floe_ldap_directory_get_group_round_trips (FloeLdapDirectory *self)
{
  guint64 n;

  g_mutex_lock (&self->shared.lock);
  n = self->shared.group_round_trips;
  g_mutex_unlock (&self->shared.lock);
  return n;
}
