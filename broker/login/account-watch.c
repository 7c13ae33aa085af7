/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/account-watch.h"

#include "core/error.h"
#include "login/login-transactions.h"

struct _FloeAccountWatch
{
  GObject parent_instance;

  FloeDirectory *directory;
  FloeStore *store;
  FloeKeeper *keeper;
  FloeClock *clock;
  gint64 idle;
  GPtrArray *users; /* who is left in this pass; NULL between two */
  guint under_way;  /* of how many the directory is being asked */
  GPtrArray *gone;  /* of whom the directory says in this pass that they are */
  guint n_listed;   /* who was to be looked at in this pass */
  guint answered;   /* of how many it said anything in this pass */
  guint doubted;
  gboolean listing;
};

/* Few enough to leave log-ins most of a directory's connections, and enough for a pass over a
 * thousand people to end within seconds. */
#define AT_ONCE 3

/* As many may go at once however few there are. */
#define NEVER_TOO_MANY 5

static guint doubted_signal, ended_signal;

G_DEFINE_FINAL_TYPE (FloeAccountWatch, floe_account_watch, G_TYPE_OBJECT)

typedef struct
{
  FloeAccountWatch *watch;
  FloeUser *user;
} Look;

static void
look_free (Look *look)
{
  g_object_unref (look->watch);
  floe_user_free (look->user);
  g_free (look);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static void look_at_more (FloeAccountWatch *self);

/**
 * floe_account_watch_is_over:
 * @error: from floe_directory_look_up_finish()
 *
 * Returns: whether it says that the person may not use Floe any more, rather than nothing
 */
gboolean
floe_account_watch_is_over (const GError *error)
{
  return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND)
         || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_DENIED);
}

static void
recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("what the directory says of somebody was not recorded: %s", error->message);
}

static void
ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeAccountWatch) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = floe_store_finish (FLOE_STORE (source), result, &error);

  if (changes == NULL)
    g_warning ("somebody whose account is gone or disabled was not ended: %s", error->message);
  else
    g_signal_emit (self, ended_signal, 0);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    floe_keeper_note_timer (self->keeper, ((const FloeChange *)changes->pdata[i])->due);
}

static void
end (FloeAccountWatch *self, FloeUserEnd *input)
{
  floe_store_write_async (self->store, floe_login_end_user, input,
                          (GDestroyNotify)floe_user_end_free, (GDestroyNotify)g_ptr_array_unref,
                          ended, g_object_ref (self));
}

static void
note_gone (FloeAccountWatch *self, const FloeUser *user, const GError *why)
{
  FloeUserEnd *input = g_new0 (FloeUserEnd, 1);

  input->user_id = g_strdup (user->id);
  input->reason = g_strdup (why->message);
  input->now = floe_clock_now (self->clock);
  g_ptr_array_add (self->gone, input);
}

static void
keep (FloeAccountWatch *self, FloeUser *user)
{
  FloeUserKeep *input = g_new0 (FloeUserKeep, 1);

  input->user = user;
  input->now = floe_clock_now (self->clock);
  floe_store_note_async (self->store, floe_login_keep_user, input,
                         (GDestroyNotify)floe_user_keep_free, NULL, recorded, NULL);
}

/* A wrong filter, a wrong base or an empty replica looks as if all had left the company. */
static gboolean
is_too_many (guint gone, guint answered)
{
  return gone > NEVER_TOO_MANY && gone > answered / 2;
}

static void
set_doubted (FloeAccountWatch *self, guint doubted)
{
  guint before = self->doubted;

  self->doubted = doubted;
  if (before == 0 && doubted > 0)
    g_warning ("the directory says that %u of %u people who are logged in are gone or disabled: "
               "nobody is ended until it says so of fewer; look at its base, its filters and its "
               "replicas",
               doubted, self->answered);
  else if (before > 0 && doubted == 0)
    g_message ("the directory knows most people who are logged in again");
  if (before != doubted)
    g_signal_emit (self, doubted_signal, 0, doubted);
}

static void
end_pass (FloeAccountWatch *self)
{
  g_autoptr (GPtrArray) gone = g_steal_pointer (&self->gone);
  gboolean too_many = is_too_many (gone->len, self->answered);

  g_clear_pointer (&self->users, g_ptr_array_unref);
  if (self->answered > 0 || self->n_listed == 0) /* else the directory has said nothing at all */
    set_doubted (self, too_many ? gone->len : 0);
  for (guint i = 0; !too_many && i < gone->len; i++)
    end (self, g_steal_pointer (&gone->pdata[i]));
}

static void
looked_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Look) look = data;
  FloeAccountWatch *self = look->watch;
  g_autoptr (GError) error = NULL;
  FloeUser *user = floe_directory_look_up_finish (FLOE_DIRECTORY (source), result, &error);
  gboolean over = user == NULL && floe_account_watch_is_over (error);

  self->under_way--;
  if (user != NULL || over)
    self->answered++;
  if (user != NULL)
    keep (self, user);
  else if (over)
    note_gone (self, look->user, error);
  look_at_more (self);
}

static void
look_at_more (FloeAccountWatch *self)
{
  while (self->under_way < AT_ONCE && self->users->len > 0)
    {
      Look *look = g_new0 (Look, 1);

      look->watch = g_object_ref (self);
      look->user = g_ptr_array_steal_index_fast (self->users, self->users->len - 1);
      self->under_way++;
      floe_directory_look_up_async (self->directory, look->user->id, NULL, looked_up, look);
    }
  if (self->under_way == 0)
    end_pass (self);
}

static void
free_end (gpointer input)
{
  if (input != NULL)
    floe_user_end_free (input);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeAccountWatch) self = data;
  g_autoptr (GError) error = NULL;

  self->listing = FALSE;
  self->users = floe_store_finish (FLOE_STORE (source), result, &error);
  if (self->users == NULL)
    {
      g_warning ("people who are logged in were not looked up: %s", error->message);
      return;
    }
  self->gone = g_ptr_array_new_with_free_func (free_end);
  self->n_listed = self->users->len;
  self->answered = 0;
  look_at_more (self);
}

/* Of very many people the list takes long, which nobody who writes waits for. */
static void
swept (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeAccountWatch) self = data;
  g_autoptr (GError) error = NULL;
  gint64 *now = g_new (gint64, 1);

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("tokens that have ended were not dropped: %s", error->message);
  *now = floe_clock_now (self->clock);
  floe_store_read_async (FLOE_STORE (source), floe_login_list_active, now, g_free,
                         (GDestroyNotify)g_ptr_array_unref, NULL, listed, g_object_ref (self));
}

/**
 * floe_account_watch_pass:
 *
 * Drops tokens that have ended, and begins a pass over the people behind the others; does nothing
 * while one is under way.
 */
void
floe_account_watch_pass (FloeAccountWatch *self)
{
  FloeSweep *input;

  if (self->listing || self->users != NULL)
    return;
  self->listing = TRUE;
  input = g_new0 (FloeSweep, 1);
  input->now = floe_clock_now (self->clock);
  input->idle = self->idle;
  floe_store_note_async (self->store, floe_login_sweep, input, g_free, NULL, swept,
                         g_object_ref (self));
}

/**
 * floe_account_watch_is_in_doubt:
 *
 * Returns: whether the directory says of too many at once that they are gone: then nothing follows
 *   from that
 */
gboolean
floe_account_watch_is_in_doubt (FloeAccountWatch *self)
{
  return self->doubted > 0;
}

static void
floe_account_watch_finalize (GObject *object)
{
  FloeAccountWatch *self = FLOE_ACCOUNT_WATCH (object);

  g_clear_pointer (&self->users, g_ptr_array_unref);
  g_clear_pointer (&self->gone, g_ptr_array_unref);
  g_object_unref (self->directory);
  g_object_unref (self->store);
  g_object_unref (self->keeper);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_account_watch_parent_class)->finalize (object);
}

static void
floe_account_watch_class_init (FloeAccountWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_account_watch_finalize;
  doubted_signal = g_signal_new ("doubted", FLOE_TYPE_ACCOUNT_WATCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  ended_signal = g_signal_new ("ended", FLOE_TYPE_ACCOUNT_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
floe_account_watch_init (FloeAccountWatch *self)
{
}

FloeAccountWatch *
floe_account_watch_new (FloeDirectory *directory, FloeStore *store, FloeKeeper *keeper,
                        FloeClock *clock, guint idle_seconds)
{
  FloeAccountWatch *self = g_object_new (FLOE_TYPE_ACCOUNT_WATCH, NULL);

  self->directory = g_object_ref (directory);
  self->store = g_object_ref (store);
  self->keeper = g_object_ref (keeper);
  self->clock = g_object_ref (clock);
  self->idle = (gint64)idle_seconds * G_USEC_PER_SEC;
  return self;
}
