/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/directories-private.h"

#include <string.h>

#include "core/error.h"

static void floe_directories_iface_init (FloeDirectoryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeDirectories, floe_directories, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_DIRECTORY,
                                                      floe_directories_iface_init))

static void
member_free (gpointer data)
{
  FloeDirectoriesMember *member = data;

  g_free (member->name);
  g_object_unref (member->directory);
  g_strfreev (member->domains);
  g_free (member);
}

/* What they are called by everybody else. */

static gchar *
name_outside (const FloeDirectoriesMember *member, const gchar *text)
{
  return member->name != NULL ? g_strconcat (member->name, ":", text, NULL) : g_strdup (text);
}

/* The first directory has no group that could be taken for another one's. */
static gboolean
is_of_another (FloeDirectories *self, const gchar *group)
{
  for (guint i = 1; i < self->members->len; i++)
    if (floe_directories_has_prefix (
            group, ((const FloeDirectoriesMember *)self->members->pdata[i])->name))
      return TRUE;
  return FALSE;
}

static GStrv
list_groups (FloeDirectories *self, const FloeDirectoriesMember *member, const FloeUser *user)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; user->groups != NULL && user->groups[i] != NULL; i++)
    {
      g_autofree gchar *group = name_outside (member, user->groups[i]);

      if (member->name != NULL || !is_of_another (self, group))
        g_strv_builder_add (list, group);
    }
  return g_strv_builder_end (list);
}

static gchar *
person_outside (const FloeDirectoriesMember *member, const gchar *name)
{
  const gchar *domain =
      member->domains != NULL && member->domains[0] != NULL ? member->domains[0] : member->name;

  return member->name != NULL ? g_strconcat (name, "@", domain, NULL) : g_strdup (name);
}

static FloeUser *
user_outside (FloeDirectories *self, const FloeDirectoriesMember *member, const FloeUser *user)
{
  g_autofree gchar *id = name_outside (member, user->id);
  g_autofree gchar *name = person_outside (member, user->name);
  g_auto (GStrv) groups = list_groups (self, member, user);
  FloeUser *made = floe_user_new (id, name, user->display_name, (const gchar *const *)groups);

  made->password_expires = user->password_expires;
  made->groups_took = user->groups_took;
  return made;
}

static void
set_subject_outside (const FloeDirectoriesMember *member, GError *error)
{
  const gchar *subject = floe_error_subject (error);
  g_autofree gchar *outside = subject != NULL ? name_outside (member, subject) : NULL;

  floe_error_set_subject (error, outside);
}

/* Passing on. */

/* Its data is the member that is asked, which lives as long as the task's source. */
static GTask *
task_new (FloeDirectories *self, const FloeDirectoriesMember *member, GAsyncReadyCallback callback,
          gpointer user_data)
{
  /* Without the cancellable: the member answers when it is cancelled. */
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_task_data (task, (gpointer)member, NULL);
  return task;
}

/* Takes @error. */
static void
answer_user (GTask *task, const FloeUser *user, GError *error)
{
  const FloeDirectoriesMember *member = g_task_get_task_data (task);

  if (user != NULL)
    {
      g_task_return_pointer (task, user_outside (g_task_get_source_object (task), member, user),
                             (GDestroyNotify)floe_user_free);
      return;
    }
  set_subject_outside (member, error);
  g_task_return_error (task, error);
}

static void
authenticated (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (FloeUser) user =
      floe_directory_authenticate_finish (FLOE_DIRECTORY (source), result, &error);

  answer_user (task, user, error);
}

static void
authenticate_async (FloeDirectory *directory, const gchar *name, FloeSecret *password,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  FloeDirectories *self = FLOE_DIRECTORIES (directory);
  const FloeDirectoriesMember *member = floe_directories_choose (self, name);

  floe_directory_authenticate_async (member->directory, name, password, cancellable, authenticated,
                                     task_new (self, member, callback, user_data));
}

static void
vouched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (FloeUser) user = floe_directory_vouch_finish (FLOE_DIRECTORY (source), result, &error);

  answer_user (task, user, error);
}

/* A realm that is nobody's is for any one to refuse. */
static void
vouch_async (FloeDirectory *directory, const FloePrincipal *principal, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer user_data)
{
  FloeDirectories *self = FLOE_DIRECTORIES (directory);
  const FloeDirectoriesMember *member = floe_directories_choose (self, principal->name);

  floe_directory_vouch_async (member->directory, principal, cancellable, vouched,
                              task_new (self, member, callback, user_data));
}

static FloeUser *
finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, directory), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
looked_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (FloeUser) user =
      floe_directory_look_up_finish (FLOE_DIRECTORY (source), result, &error);

  answer_user (task, user, error);
}

/* task_for_id: NULL, with the answer on its way, for who is of a directory that the configuration
 * has no more: they are nobody */
static GTask *
task_for_id (FloeDirectories *self, const FloeDirectoriesMember *member,
             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = task_new (self, member, callback, user_data);

  if (member != NULL)
    return g_steal_pointer (&task);
  g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such person");
  return NULL;
}

static const gchar *
id_inside (const FloeDirectoriesMember *member, const gchar *id)
{
  return member->name != NULL ? id + strlen (member->name) + 1 : id;
}

static void
look_up_async (FloeDirectory *directory, const gchar *id, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  FloeDirectories *self = FLOE_DIRECTORIES (directory);
  const FloeDirectoriesMember *member = floe_directories_choose_by_id (self, id);
  GTask *task = task_for_id (self, member, callback, user_data);

  if (task != NULL)
    floe_directory_look_up_async (member->directory, id_inside (member, id), cancellable, looked_up,
                                  task);
}

static void
examined (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const FloeDirectoriesMember *member = g_task_get_task_data (task);
  GError *error = NULL;
  FloeStanding *standing = floe_directory_examine_finish (FLOE_DIRECTORY (source), result, &error);
  g_autoptr (FloeUser) inside = NULL;

  if (standing == NULL)
    {
      answer_user (task, NULL, error);
      return;
    }
  inside = g_steal_pointer (&standing->user);
  standing->user = user_outside (g_task_get_source_object (task), member, inside);
  g_task_return_pointer (task, standing, (GDestroyNotify)floe_standing_free);
}

static void
examine_async (FloeDirectory *directory, const gchar *id, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  FloeDirectories *self = FLOE_DIRECTORIES (directory);
  const FloeDirectoriesMember *member = floe_directories_choose_by_id (self, id);
  GTask *task = task_for_id (self, member, callback, user_data);

  if (task != NULL)
    floe_directory_examine_async (member->directory, id_inside (member, id), cancellable, examined,
                                  task);
}

static FloeStanding *
examine_finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, directory), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const FloeDirectoriesMember *member = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree gchar *name =
      floe_directory_change_password_finish (FLOE_DIRECTORY (source), result, &error);

  if (name != NULL)
    {
      g_task_return_pointer (task, person_outside (member, name), g_free);
      return;
    }
  set_subject_outside (member, error);
  g_task_return_error (task, error);
}

static void
change_password_async (FloeDirectory *directory, const gchar *name, FloeSecret *old,
                       FloeSecret *new, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  FloeDirectories *self = FLOE_DIRECTORIES (directory);
  const FloeDirectoriesMember *member = floe_directories_choose (self, name);

  floe_directory_change_password_async (member->directory, name, old, new, cancellable, changed,
                                        task_new (self, member, callback, user_data));
}

static gchar *
change_password_finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, directory), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Whose the name is, and how it is called there. */
static const FloeDirectoriesMember *
choose_by_group (FloeDirectories *self, const gchar *name, const gchar **inside)
{
  for (guint i = 1; i < self->members->len; i++)
    {
      const FloeDirectoriesMember *member = self->members->pdata[i];

      *inside = name + strlen (member->name) + 1;
      if (floe_directories_has_prefix (name, member->name))
        return member;
    }
  *inside = name;
  return self->members->pdata[0];
}

static void
group_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const FloeDirectoriesMember *member = g_task_get_task_data (task);
  g_autoptr (GStrvBuilder) outside = g_strv_builder_new ();
  GError *error = NULL;
  g_auto (GStrv) ids = floe_directory_find_group_finish (FLOE_DIRECTORY (source), result, &error);

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      g_autofree gchar *id = name_outside (member, ids[i]);

      g_strv_builder_add (outside, id);
    }
  if (ids != NULL)
    g_task_return_pointer (task, g_strv_builder_end (outside), (GDestroyNotify)g_strfreev);
  else
    g_task_return_error (task, error);
}

static void
find_group_async (FloeDirectory *directory, const gchar *name, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  FloeDirectories *self = FLOE_DIRECTORIES (directory);
  const gchar *inside;
  const FloeDirectoriesMember *member = choose_by_group (self, name, &inside);

  floe_directory_find_group_async (member->directory, inside, cancellable, group_found,
                                   task_new (self, member, callback, user_data));
}

static GStrv
find_group_finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, directory), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_up (FloeDirectory *directory)
{
  FloeDirectories *self = FLOE_DIRECTORIES (directory);

  for (guint i = 0; i < self->members->len; i++)
    if (!floe_directory_is_up (((const FloeDirectoriesMember *)self->members->pdata[i])->directory))
      return FALSE;
  return TRUE;
}

static gchar *
fold_name (FloeDirectory *directory, const gchar *name)
{
  const FloeDirectoriesMember *member =
      floe_directories_choose (FLOE_DIRECTORIES (directory), name);
  g_autofree gchar *folded = floe_directory_fold_name (member->directory, name);

  return name_outside (member, folded);
}

/* Of all of them: whoever tries a name need not be of the directory that it names. */
static void
get_lockout (FloeDirectory *directory, FloeLockout *lockout)
{
  FloeDirectories *self = FLOE_DIRECTORIES (directory);
  FloeLockout one;

  for (guint i = 0; i < self->members->len; i++)
    {
      floe_directory_get_lockout (
          ((const FloeDirectoriesMember *)self->members->pdata[i])->directory, &one);
      floe_lockout_merge (lockout, &one);
    }
}

static void
floe_directories_iface_init (FloeDirectoryInterface *iface)
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
floe_directories_finalize (GObject *object)
{
  g_ptr_array_unref (FLOE_DIRECTORIES (object)->members);
  G_OBJECT_CLASS (floe_directories_parent_class)->finalize (object);
}

static void
floe_directories_class_init (FloeDirectoriesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_directories_finalize;
}

static void
floe_directories_init (FloeDirectories *self)
{
  self->members = g_ptr_array_new_with_free_func (member_free);
}

/**
 * floe_directories_new:
 * @first: whose people and groups have their plain names; nobody of it has to type a domain, unless
 *   floe_directories_set_usual() says otherwise
 * @domains: (nullable) (array zero-terminated=1): what it is called in a log-in name all the same
 *
 * Returns: (transfer full): this one by itself
 */
FloeDirectories *
floe_directories_new (FloeDirectory *first, const gchar *const *domains)
{
  FloeDirectories *self = g_object_new (FLOE_TYPE_DIRECTORIES, NULL);

  floe_directories_add (self, NULL, first, domains);
  return self;
}

/**
 * floe_directories_add:
 * @name: (nullable): what stands before its ids and groups, without a colon; never %NULL but for
 *   floe_directories_new()
 * @directory: a further one
 * @domains: (nullable) (array zero-terminated=1): what it is called in a log-in name; the first of
 *   them stands behind its people's names
 */
void
floe_directories_add (FloeDirectories *self, const gchar *name, FloeDirectory *directory,
                      const gchar *const *domains)
{
  FloeDirectoriesMember *member = g_new0 (FloeDirectoriesMember, 1);

  member->name = g_strdup (name);
  member->directory = g_object_ref (directory);
  member->domains = g_strdupv ((gchar **)domains);
  g_ptr_array_add (self->members, member);
}

/**
 * floe_directories_name_outside:
 * @nth: a directory, as from floe_directories_find()
 * @user: somebody as that directory calls them and their groups
 *
 * Returns: (transfer full): the same person as everybody else calls them
 */
FloeUser *
floe_directories_name_outside (FloeDirectories *self, guint nth, const FloeUser *user)
{
  return user_outside (self, self->members->pdata[nth], user);
}
