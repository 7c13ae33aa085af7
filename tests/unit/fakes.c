/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fakes.h"

#include "core/date.h"

#include <string.h>

/* The clock. */

struct _FakeClock
{
  GObject parent_instance;

  gint64 now;
  gint64 base;   /* what the time is ahead of @now, which is what elapsed */
  gint64 set_by; /* and the calendar */
  guint last_id;
  GList *timeouts; /* Timeout, by time */
};

typedef struct
{
  guint id;
  gint64 due;
  gint64 delay;
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Timeout;

static void
timeout_free (gpointer data)
{
  Timeout *timeout = data;

  if (timeout->notify != NULL)
    timeout->notify (timeout->data);
  g_free (timeout);
}

static gint
timeout_compare (gconstpointer a, gconstpointer b)
{
  const Timeout *x = a, *y = b;

  return x->due < y->due ? -1 : x->due > y->due ? 1 : (gint)x->id - (gint)y->id;
}

static gint64
fake_elapsed (FloeClock *clock)
{
  return FAKE_CLOCK (clock)->now;
}

static gint64
fake_now (FloeClock *clock)
{
  return FAKE_CLOCK (clock)->now + FAKE_CLOCK (clock)->base;
}

static gint64
fake_calendar (FloeClock *clock)
{
  return FAKE_CLOCK (clock)->now + FAKE_CLOCK (clock)->set_by;
}

static void
fake_set_base (FloeClock *clock, gint64 base)
{
  FAKE_CLOCK (clock)->base = base;
}

static guint
fake_add (FloeClock *clock, gint64 delay, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  FakeClock *self = FAKE_CLOCK (clock);
  Timeout *timeout = g_new0 (Timeout, 1);

  timeout->id = ++self->last_id;
  timeout->due = self->now + delay;
  timeout->delay = delay;
  timeout->func = func;
  timeout->data = data;
  timeout->notify = notify;
  self->timeouts = g_list_insert_sorted (self->timeouts, timeout, timeout_compare);
  return timeout->id;
}

static void
fake_remove (FloeClock *clock, guint id)
{
  FakeClock *self = FAKE_CLOCK (clock);

  for (GList *l = self->timeouts; l != NULL; l = l->next)
    if (((Timeout *)l->data)->id == id)
      {
        timeout_free (l->data);
        self->timeouts = g_list_delete_link (self->timeouts, l);
        return;
      }
}

static void
fake_clock_iface_init (FloeClockInterface *iface)
{
  iface->now = fake_now;
  iface->elapsed = fake_elapsed;
  iface->calendar = fake_calendar;
  iface->set_base = fake_set_base;
  iface->add_timeout = fake_add;
  iface->remove_timeout = fake_remove;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeClock, fake_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_CLOCK, fake_clock_iface_init))

static void
fake_clock_finalize (GObject *object)
{
  g_list_free_full (FAKE_CLOCK (object)->timeouts, timeout_free);
  floe_date_set_ahead (0);
  floe_date_set_machine_ahead (0);
  G_OBJECT_CLASS (fake_clock_parent_class)->finalize (object);
}

static void
fake_clock_class_init (FakeClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_clock_finalize;
}

static void
fake_clock_init (FakeClock *self)
{
  self->now = G_GINT64_CONSTANT (1800000000) * G_USEC_PER_SEC;
}

FakeClock *
fake_clock_new (void)
{
  return g_object_new (FAKE_TYPE_CLOCK, NULL);
}

/* As if a timekeeper had seen it. */
void
fake_clock_set (FakeClock *self, gint64 microseconds)
{
  fake_clock_set_unseen (self, microseconds);
  floe_date_set_ahead (floe_date_get_ahead () + microseconds);
  floe_date_set_machine_ahead (floe_date_get_ahead ());
}

void
fake_clock_set_unseen (FakeClock *self, gint64 microseconds)
{
  self->set_by += microseconds;
}

void
fake_clock_advance (FakeClock *self, gint64 microseconds)
{
  gint64 until = self->now + microseconds;

  while (self->timeouts != NULL && ((Timeout *)self->timeouts->data)->due <= until)
    {
      Timeout *timeout = self->timeouts->data;
      guint id = timeout->id;
      gboolean again;

      self->now = MAX (self->now, timeout->due);
      again = timeout->func (timeout->data);
      for (GList *l = self->timeouts; l != NULL; l = l->next)
        if (((Timeout *)l->data)->id == id) /* it may have removed itself */
          {
            self->timeouts = g_list_delete_link (self->timeouts, l);
            if (again)
              {
                timeout->due = self->now + MAX (timeout->delay, 1);
                self->timeouts = g_list_insert_sorted (self->timeouts, timeout, timeout_compare);
              }
            else
              timeout_free (timeout);
            break;
          }
    }
  self->now = until;
}

/* The directory. */

struct _FakeDirectory
{
  GObject parent_instance;

  GHashTable *users;     /* name to FloeUser */
  GHashTable *passwords; /* name to what it was changed into */
  GHashTable *due;       /* names of those who must change it */
  GHashTable *reasons;   /* name to why they are kept out, besides */
  GHashTable *groups;    /* name to the ids of groups that are called so, with commas */
  GQueue held;           /* GTask, whose answers wait */
  FloeLockout lockout;
  gboolean hold;
  gboolean down;
};

static FloeUser *
find_user (FakeDirectory *self, const gchar *id)
{
  GHashTableIter iter;
  gpointer user;

  g_hash_table_iter_init (&iter, self->users);
  while (g_hash_table_iter_next (&iter, NULL, &user))
    if (strcmp (((FloeUser *)user)->id, id) == 0)
      return user;
  return NULL;
}

/* The answer is made now and waits in the task until somebody lets it go. */
static void
return_user (FakeDirectory *self, GTask *task, FloeUser *user, GError *error)
{
  if (self->hold)
    {
      g_object_set_data_full (G_OBJECT (task), "user", user, (GDestroyNotify)floe_user_free);
      g_object_set_data_full (G_OBJECT (task), "error", error, (GDestroyNotify)g_error_free);
      g_queue_push_tail (&self->held, g_object_ref (task));
    }
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, user, (GDestroyNotify)floe_user_free);
}

/* Whose password it was not, as a real one says. */
static void
answer_user (FakeDirectory *self, GTask *task, const gchar *name, const FloeUser *user,
             FloeError missing)
{
  const FloeUser *meant = g_hash_table_lookup (self->users, name);
  GError *error = NULL;

  if (self->down)
    floe_set_error_reason (&error, FLOE_ERROR_UNAVAILABLE, "directory-down", "as told");
  else if (user == NULL)
    {
      floe_set_error_reason (&error, missing, "wrong-credentials", "wrong name or password");
      floe_error_set_subject (error, meant != NULL ? meant->id : NULL);
      if (missing == FLOE_ERROR_UNAUTHENTICATED && g_hash_table_contains (self->reasons, name))
        floe_error_set_cause (error,
                              floe_standing_words (g_hash_table_lookup (self->reasons, name)));
    }
  return_user (self, task, error == NULL ? floe_user_copy (user) : NULL, error);
}

static gboolean
is_right (FakeDirectory *self, const gchar *name, const FloeSecret *password)
{
  const gchar *own = g_hash_table_lookup (self->passwords, name);

  if (g_hash_table_contains (self->reasons, name))
    return FALSE;
  return strcmp (floe_secret_get (password, NULL), own != NULL ? own : "secret") == 0;
}

static void
fake_authenticate (FloeDirectory *directory, const gchar *name, FloeSecret *password,
                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  FakeDirectory *self = FAKE_DIRECTORY (directory);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gboolean right = is_right (self, name, password);
  GError *error = NULL;

  if (right && g_hash_table_contains (self->due, name))
    {
      floe_set_error_reason (&error, FLOE_ERROR_DENIED, "must-change",
                             "the password has to be changed first");
      return_user (self, task, NULL, error);
    }
  else
    answer_user (self, task, name, right ? g_hash_table_lookup (self->users, name) : NULL,
                 FLOE_ERROR_UNAUTHENTICATED);
}

static void
fake_change_password (FloeDirectory *directory, const gchar *name, FloeSecret *old, FloeSecret *new,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  FakeDirectory *self = FAKE_DIRECTORY (directory);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const FloeUser *user =
      is_right (self, name, old) ? g_hash_table_lookup (self->users, name) : NULL;
  GError *error = NULL;

  if (user != NULL && strcmp (floe_secret_get (new, NULL), "weak") == 0)
    {
      floe_set_error_reason (&error, FLOE_ERROR_DENIED, "password-refused",
                             "the new password is too short");
      return_user (self, task, NULL, error);
      return;
    }
  if (user != NULL && !self->down)
    {
      g_hash_table_insert (self->passwords, g_strdup (name),
                           g_strdup (floe_secret_get (new, NULL)));
      g_hash_table_remove (self->due, name);
    }
  answer_user (self, task, name, user, FLOE_ERROR_UNAUTHENTICATED);
}

static gchar *
fake_change_password_finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  g_autoptr (FloeUser) user = g_task_propagate_pointer (G_TASK (result), error);

  return user != NULL ? g_strdup (user->name) : NULL;
}

static void
fake_look_up (FloeDirectory *directory, const gchar *id, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer user_data)
{
  FakeDirectory *self = FAKE_DIRECTORY (directory);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  answer_user (self, task, id, find_user (self, id), FLOE_ERROR_NOT_FOUND);
}

static FloeStanding *
standing_of (FakeDirectory *self, const FloeUser *user)
{
  FloeStanding *standing = g_new0 (FloeStanding, 1);
  const gchar *reason = g_hash_table_lookup (self->reasons, user->name);
  g_autoptr (GStrvBuilder) reasons = g_strv_builder_new ();

  standing->user = floe_user_copy (user);
  if (reason != NULL)
    g_strv_builder_add (reasons, reason);
  if (g_hash_table_contains (self->due, user->name))
    g_strv_builder_add (reasons, "must-change");
  standing->reasons = g_strv_builder_end (reasons);
  standing->locked_until = g_strcmp0 (reason, "locked") == 0 ? FAKE_DIRECTORY_UNLOCKS : 0;
  return standing;
}

/* Held, it knows nobody when it is let go. */
static void
fake_examine (FloeDirectory *directory, const gchar *id, GCancellable *cancellable,
              GAsyncReadyCallback callback, gpointer user_data)
{
  FakeDirectory *self = FAKE_DIRECTORY (directory);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const FloeUser *user = find_user (self, id);

  if (self->hold || self->down || user == NULL)
    answer_user (self, task, id, NULL, FLOE_ERROR_NOT_FOUND);
  else
    g_task_return_pointer (task, standing_of (self, user), (GDestroyNotify)floe_standing_free);
}

static FloeStanding *
fake_examine_finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Its realm is FLOE.TEST. */
static void
fake_vouch (FloeDirectory *directory, const FloePrincipal *principal, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  FakeDirectory *self = FAKE_DIRECTORY (directory);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree gchar *name = g_strndup (principal->name, strcspn (principal->name, "@"));
  const FloeUser *user = g_hash_table_lookup (self->users, name);
  GError *error = NULL;

  if (!g_str_has_suffix (principal->name, "@FLOE.TEST"))
    floe_set_error_reason (&error, FLOE_ERROR_DENIED, "unknown-realm", "no such realm");
  else if (user == NULL)
    floe_set_error_reason (&error, FLOE_ERROR_DENIED, "unknown-person", "nobody of that name");
  if (error != NULL)
    return_user (self, task, NULL, error);
  else
    answer_user (self, task, name, user, FLOE_ERROR_DENIED);
}

static FloeUser *
fake_user_finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_find_group (FloeDirectory *directory, const gchar *name, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer user_data)
{
  FakeDirectory *self = FAKE_DIRECTORY (directory);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const gchar *ids = g_hash_table_lookup (self->groups, name);

  if (self->down)
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, "as told");
  else
    g_task_return_pointer (task, g_strsplit (ids != NULL ? ids : "", ",", -1),
                           (GDestroyNotify)g_strfreev);
}

static GStrv
fake_find_group_finish (FloeDirectory *directory, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
fake_is_up (FloeDirectory *directory)
{
  return !FAKE_DIRECTORY (directory)->down;
}

static void
fake_get_lockout (FloeDirectory *directory, FloeLockout *lockout)
{
  *lockout = FAKE_DIRECTORY (directory)->lockout;
}

static gchar *
fake_fold_name (FloeDirectory *directory, const gchar *name)
{
  g_autofree gchar *folded = g_utf8_casefold (name, -1);

  if (g_str_has_suffix (folded, "@floe.test"))
    folded[strlen (folded) - strlen ("@floe.test")] = '\0';
  return g_steal_pointer (&folded);
}

static void
fake_directory_iface_init (FloeDirectoryInterface *iface)
{
  iface->authenticate_async = fake_authenticate;
  iface->authenticate_finish = fake_user_finish;
  iface->change_password_async = fake_change_password;
  iface->change_password_finish = fake_change_password_finish;
  iface->vouch_async = fake_vouch;
  iface->vouch_finish = fake_user_finish;
  iface->look_up_async = fake_look_up;
  iface->look_up_finish = fake_user_finish;
  iface->examine_async = fake_examine;
  iface->examine_finish = fake_examine_finish;
  iface->find_group_async = fake_find_group;
  iface->find_group_finish = fake_find_group_finish;
  iface->is_up = fake_is_up;
  iface->fold_name = fake_fold_name;
  iface->get_lockout = fake_get_lockout;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeDirectory, fake_directory, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_DIRECTORY,
                                                      fake_directory_iface_init))

static void
fake_directory_finalize (GObject *object)
{
  FakeDirectory *self = FAKE_DIRECTORY (object);

  g_hash_table_unref (self->users);
  g_hash_table_unref (self->passwords);
  g_hash_table_unref (self->due);
  g_hash_table_unref (self->reasons);
  g_hash_table_unref (self->groups);
  G_OBJECT_CLASS (fake_directory_parent_class)->finalize (object);
}

static void
fake_directory_class_init (FakeDirectoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_directory_finalize;
}

static void
fake_directory_init (FakeDirectory *self)
{
  g_queue_init (&self->held);
  self->passwords = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->due = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->reasons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->users =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_user_free);
}

FakeDirectory *
fake_directory_new (void)
{
  return g_object_new (FAKE_TYPE_DIRECTORY, NULL);
}

void
fake_directory_add (FakeDirectory *self, const gchar *name, const gchar *group)
{
  g_autofree gchar *id = g_strdup_printf ("uuid-%s", name);
  g_auto (GStrv) groups = g_strsplit (group != NULL ? group : "", ",", -1);

  g_hash_table_insert (self->users, g_strdup (name),
                       floe_user_new (id, name, NULL, (const gchar *const *)groups));
}

void
fake_directory_remove (FakeDirectory *self, const gchar *name)
{
  g_hash_table_remove (self->users, name);
}

void
fake_directory_set_group (FakeDirectory *self, const gchar *name, const gchar *ids)
{
  g_hash_table_insert (self->groups, g_strdup (name), g_strdup (ids));
}

void
fake_directory_set_expiry (FakeDirectory *self, const gchar *name, gint64 when)
{
  ((FloeUser *)g_hash_table_lookup (self->users, name))->password_expires = when;
}

void
fake_directory_set_must_change (FakeDirectory *self, const gchar *name)
{
  g_hash_table_add (self->due, g_strdup (name));
}

/* As a server does that tells it to everybody: whatever the password, it is a wrong one. */
void
fake_directory_set_reason (FakeDirectory *self, const gchar *name, const gchar *reason)
{
  g_hash_table_insert (self->reasons, g_strdup (name), g_strdup (reason));
}

void
fake_directory_hold (FakeDirectory *self, gboolean hold)
{
  self->hold = hold;
  while (!hold && !g_queue_is_empty (&self->held))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->held);

      return_user (self, task, g_object_steal_data (G_OBJECT (task), "user"),
                   g_object_steal_data (G_OBJECT (task), "error"));
    }
}

/* One policy, after which it locks accounts. */
void
fake_directory_set_lockout (FakeDirectory *self, guint tries, guint window)
{
  self->lockout = (FloeLockout){ 0 };
  floe_lockout_note (&self->lockout, tries, window);
}

void
fake_directory_set_down (FakeDirectory *self, gboolean down)
{
  self->down = down;
}
