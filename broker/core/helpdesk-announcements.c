/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-announcements.h"

#include <string.h>

#include "core/date.h"
#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/permit.h"
#include "core/seat.h"

/* Every log-in page asks once a minute, and what one of them was told the next ones are, too. */
#define KNOWN_FOR (5 * G_TIME_SPAN_SECOND)

/* Reading. */

static gpointer
read_all (FloeTx *tx, gconstpointer data, GError **error)
{
  return floe_tx_list_announcements (tx, error);
}

void
floe_helpdesk_list_announcements_async (FloeHelpdesk *self, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)g_ptr_array_unref, cancellable,
                                        callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_list_announcements_async);
  floe_store_read_async (self->store, read_all, floe_helpdesk_input_new (self, NULL, NULL),
                         (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)g_ptr_array_unref,
                         cancellable, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_list_announcements_finish:
 *
 * Returns: (transfer full) (element-type FloeAnnouncement): all of them, those that are not due,
 *   too; what is most severe first, then the newest; or %NULL with a store's error
 */
GPtrArray *
floe_helpdesk_list_announcements_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GPtrArray *
pick_due (GPtrArray *all, gint64 today, const gchar *const *groups)
{
  GPtrArray *due = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_announcement_free);

  for (guint i = 0; i < all->len; i++)
    if (floe_announcement_is_due (all->pdata[i], today, groups))
      g_ptr_array_add (due, floe_announcement_copy (all->pdata[i]));
  return due;
}

typedef struct
{
  FloeCaller *caller;
  gint64 now;
} DueInput;

static void
due_input_free (DueInput *input)
{
  floe_caller_free (input->caller);
  g_free (input);
}

/* Of a terminal: which groups it is in the store knows. */
static gpointer
read_due (FloeTx *tx, gconstpointer data, GError **error)
{
  const DueInput *input = data;
  g_autoptr (FloeSeat) seat = floe_seat_find (tx, input->caller, error);
  g_autoptr (GPtrArray) all = seat != NULL ? floe_tx_list_announcements (tx, error) : NULL;

  if (all == NULL)
    return NULL;
  return pick_due (all, floe_date_of (input->now),
                   seat->terminal != NULL ? (const gchar *const *)seat->terminal->groups : NULL);
}

static void
on_all (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  GError *error = NULL;
  GPtrArray *all = floe_store_finish (FLOE_STORE (source), result, &error);

  if (all == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_pointer (&self->announced, g_ptr_array_unref);
  self->announced = all;
  self->announced_at = floe_clock_now (self->clock);
  g_task_return_pointer (task, pick_due (all, floe_date_of (self->announced_at), NULL),
                         (GDestroyNotify)g_ptr_array_unref);
}

static void
announce_anywhere (FloeHelpdesk *self, GTask *task)
{
  gint64 now = floe_clock_now (self->clock);

  if (self->announced != NULL && now >= self->announced_at && now < self->announced_at + KNOWN_FOR)
    {
      g_task_return_pointer (task, pick_due (self->announced, floe_date_of (now), NULL),
                             (GDestroyNotify)g_ptr_array_unref);
      g_object_unref (task);
      return;
    }
  floe_store_read_async (self->store, read_all, floe_helpdesk_input_new (self, NULL, NULL),
                         (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)g_ptr_array_unref,
                         g_task_get_cancellable (task), on_all, task);
}

/**
 * floe_helpdesk_announce_async:
 * @caller: from where somebody asks, who need not be anybody
 *
 * What is to be seen there now. Costs nothing most of the time, but for terminals.
 */
void
floe_helpdesk_announce_async (FloeHelpdesk *self, const FloeCaller *caller,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)g_ptr_array_unref, cancellable,
                                        callback, user_data);
  DueInput *input;

  g_task_set_source_tag (task, floe_helpdesk_announce_async);
  if (caller->terminal == NULL)
    {
      announce_anywhere (self, task);
      return;
    }
  input = g_new0 (DueInput, 1);
  input->caller = floe_caller_copy (caller);
  input->now = floe_clock_now (self->clock);
  floe_store_read_async (self->store, read_due, input, (GDestroyNotify)due_input_free,
                         (GDestroyNotify)g_ptr_array_unref, cancellable, floe_helpdesk_answered,
                         task);
}

/**
 * floe_helpdesk_announce_finish:
 *
 * Returns: (transfer full) (element-type FloeAnnouncement): in the order of
 *   floe_helpdesk_list_announcements_finish(); or %NULL with a store's error
 */
GPtrArray *
floe_helpdesk_announce_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Changing. */

static const FloeAnnouncement *
find (GPtrArray *all, const gchar *id)
{
  for (guint i = 0; i < all->len; i++)
    if (strcmp (((FloeAnnouncement *)all->pdata[i])->id, id) == 0)
      return all->pdata[i];
  return NULL;
}

static void
set_unknown (GError **error, const gchar *id)
{
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "there is no announcement \"%s\"", id);
}

/* check_seen: it is there, and as whoever changes it has seen it */
static gboolean
check_seen (const FloeAdminInput *input, GPtrArray *all, const gchar *id, gboolean needed,
            GError **error)
{
  const FloeAnnouncement *before = find (all, id);
  g_autofree gchar *tag = before != NULL ? floe_announcement_tag (before) : NULL;

  if (before != NULL)
    return floe_permit_change (input->actor, tag, needed, error);
  set_unknown (error, id);
  return FALSE;
}

static gboolean
has_room (GPtrArray *all, GError **error)
{
  if (all->len < FLOE_MAX_ANNOUNCEMENTS)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "too-many-announcements",
                         "there are %d announcements already; drop one first",
                         FLOE_MAX_ANNOUNCEMENTS);
  return FALSE;
}

/* Later ones have ids that come later. */
static gchar *
make_id (gint64 now)
{
  return g_strdup_printf ("%013" G_GINT64_MODIFIER "x-%08x", (guint64)now, g_random_int ());
}

/* record: takes @after */
static gpointer
record (FloeTx *tx, const FloeAdminInput *input, FloeAnnouncement *after, GError **error)
{
  g_autoptr (FloeAnnouncement) owned = after;
  g_autofree gchar *detail = floe_announcement_describe (owned);

  return floe_tx_put_announcement (tx, owned, error)
                 && floe_admin_put_row (tx, input, "announcement", owned->id, detail, error)
             ? g_steal_pointer (&owned)
             : NULL;
}

static gpointer
record_announcement (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  const FloeUser *user = input->actor->user;
  g_autoptr (GPtrArray) all =
      floe_tx_lock_edits (tx, error) ? floe_tx_list_announcements (tx, error) : NULL;
  g_autoptr (FloeAnnouncement) after = floe_announcement_copy (input->announcement);

  if (all == NULL || (*after->id != '\0' && !check_seen (input, all, after->id, TRUE, error)))
    return NULL;
  if (*after->id == '\0')
    {
      if (!has_room (all, error))
        return NULL;
      g_free (after->id);
      after->id = make_id (input->now);
    }
  g_free (after->by);
  after->by = g_strdup (user->display_name != NULL ? user->display_name : user->name);
  after->at = floe_date_of (input->now);
  return record (tx, input, g_steal_pointer (&after), error);
}

static void
forget (FloeHelpdesk *self)
{
  g_clear_pointer (&self->announced, g_ptr_array_unref);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  forget (g_task_get_source_object (data));
  floe_helpdesk_answered (source, result, data);
}

/**
 * floe_helpdesk_put_announcement_async:
 * @announcement: as it is to be; one without an id is a new one
 */
void
floe_helpdesk_put_announcement_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                      const FloeAnnouncement *announcement,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_announcement_free, NULL,
                                        callback, user_data);
  FloeAdminInput *input;
  GError *error = NULL;

  g_task_set_source_tag (task, floe_helpdesk_put_announcement_async);
  if (!floe_announcement_validate (announcement, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  input = floe_helpdesk_input_new (self, actor, announcement->id);
  input->announcement = floe_announcement_copy (announcement);
  floe_store_write_async (self->store, record_announcement, input,
                          (GDestroyNotify)floe_admin_input_free,
                          (GDestroyNotify)floe_announcement_free, on_changed, task);
}

/**
 * floe_helpdesk_put_announcement_finish:
 *
 * Returns: (transfer full): as it is now; or %NULL with %FLOE_ERROR_INVALID,
 *   %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_CONFLICT (reason "too-many-announcements"), or a store's
 *   error
 */
FloeAnnouncement *
floe_helpdesk_put_announcement_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
record_end (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (GPtrArray) all =
      floe_tx_lock_edits (tx, error) ? floe_tx_list_announcements (tx, error) : NULL;
  const FloeAnnouncement *before = all != NULL ? find (all, input->name) : NULL;
  g_autofree gchar *detail = NULL;

  if (all == NULL || !check_seen (input, all, input->name, FALSE, error))
    return NULL;
  detail = floe_announcement_describe (before);
  return floe_tx_drop_announcement (tx, input->name, error)
                 && floe_admin_put_row (tx, input, "announcement-drop", input->name, detail, error)
             ? floe_announcement_copy (before)
             : NULL;
}

void
floe_helpdesk_drop_announcement_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                       const gchar *id, const gchar *reason,
                                       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_announcement_free, NULL,
                                        callback, user_data);
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, id);

  g_task_set_source_tag (task, floe_helpdesk_drop_announcement_async);
  input->reason = g_strdup (reason);
  floe_store_write_async (self->store, record_end, input, (GDestroyNotify)floe_admin_input_free,
                          (GDestroyNotify)floe_announcement_free, on_changed, task);
}

/**
 * floe_helpdesk_drop_announcement_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND, or a store's error
 */
gboolean
floe_helpdesk_drop_announcement_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  g_autoptr (FloeAnnouncement) dropped = g_task_propagate_pointer (G_TASK (result), error);

  return dropped != NULL;
}
