/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadows.h"

#include "core/error.h"
#include "core/shadows-parts.h"

#define SESSION_ENDED "the session ended"

#define LOOK_EVERY (5 * G_USEC_PER_SEC)
/* Longer than a request waits, and a fair way through a bad network. */
#define PATIENCE (20 * G_USEC_PER_SEC)
/* How often it is written that one goes on: several times before it would count as forgotten. */
#define KEEP_EVERY (20 * G_USEC_PER_SEC)
/* One whose end could not be written: by then it has ended in the store by itself. */
#define FORGET_AFTER (FLOE_SHADOW_KEEP_FOR + 2 * KEEP_EVERY)

G_DEFINE_FINAL_TYPE (FloeShadows, floe_shadows, G_TYPE_OBJECT)

static void
meeting_free (gpointer data)
{
  FloeShadowMeeting *meeting = data;

  floe_shadow_relay_free (meeting->relay);
  g_free (meeting);
}

FloeShadowInput *
floe_shadows_input_new (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                        FloeShadowStep step)
{
  FloeShadowInput *input = g_new0 (FloeShadowInput, 1);

  input->identity = actor != NULL ? floe_identity_copy (actor) : NULL;
  input->groups = floe_role_groups_ref (self->groups);
  input->id = g_strdup (id);
  input->step = step;
  input->broker = self->post != NULL ? g_strdup (floe_post_get_address (self->post)) : NULL;
  input->now = floe_clock_now (self->clock);
  return input;
}

/* Relays. */

/* What has become of it; what is over is let go, and whoever waits there is told. What was ended
 * here does not begin again because somebody read it before that was written. */
static void
note_shadow (FloeShadows *self, const FloeShadow *shadow)
{
  FloeShadowMeeting *meeting = g_hash_table_lookup (self->relays, shadow->id);

  if (meeting == NULL)
    return;
  if (floe_shadows_is_elsewhere (self, shadow) && (!meeting->ending || meeting->lapsed))
    {
      g_hash_table_remove (self->relays, shadow->id);
      return;
    }
  if (meeting->ending && floe_shadow_is_open (shadow))
    return;
  meeting->dropping &= shadow->control == FLOE_CONTROL_GRANTED;
  if (meeting->dropping)
    return;
  floe_shadow_relay_set_shadow (meeting->relay, shadow);
  if (!floe_shadow_is_open (shadow))
    g_hash_table_remove (self->relays, shadow->id);
}

/* What was refused, another broker knows better. id: of which */
static void
ended (GObject *source, GAsyncResult *result, gpointer id)
{
  FloeShadows *self = FLOE_SHADOWS (source);
  g_autofree gchar *of = id;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeShadow) shadow = floe_shadows_finish (self, result, &error);
  FloeShadowMeeting *meeting = g_hash_table_lookup (self->relays, of);

  if (meeting != NULL)
    meeting->lapsing = FALSE;
  if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CONFLICT))
    floe_shadows_reread (self, of);
  else if (shadow == NULL)
    g_warning ("that somebody does not look at a screen any more was not kept: %s", error->message);
}

static void stepped (GObject *source, GAsyncResult *result, gpointer data);

static void
write_step (FloeShadows *self, FloeShadowInput *input, GTask *task)
{
  floe_store_write_async (self->store, floe_shadow_record_step, input,
                          (GDestroyNotify)floe_shadow_input_free,
                          (GDestroyNotify)floe_shadowed_free, stepped, task);
}

/* Until that is written: another broker may have it, and know better whether somebody is gone. */
static void
lapse (FloeShadows *self, FloeShadowMeeting *meeting, const gchar *why)
{
  const FloeShadow *shadow = floe_shadow_relay_get_shadow (meeting->relay);
  FloeShadowInput *input;

  if (meeting->lapsing)
    return;
  meeting->lapsing = TRUE;
  input = floe_shadows_input_new (self, NULL, shadow->id, FLOE_SHADOW_LAPSE);
  input->reason = g_strdup (why);
  write_step (self, input, g_task_new (self, NULL, ended, g_strdup (shadow->id)));
}

/* At once: nothing passes while it is being written. */
static void
lapse_now (FloeShadows *self, FloeShadowMeeting *meeting)
{
  g_autoptr (FloeShadow) shadow = floe_shadow_copy (floe_shadow_relay_get_shadow (meeting->relay));

  meeting->ending = meeting->lapsed = TRUE;
  shadow->state = FLOE_SHADOW_ENDED;
  floe_shadow_relay_set_shadow (meeting->relay, shadow);
  lapse (self, meeting, SESSION_ENDED);
}

static void
keep (FloeShadows *self, FloeShadowMeeting *meeting)
{
  const FloeShadow *shadow = floe_shadow_relay_get_shadow (meeting->relay);

  if (shadow->state != FLOE_SHADOW_GRANTED || shadow->control == FLOE_CONTROL_ASKED
      || floe_clock_elapsed (self->clock) < meeting->kept + KEEP_EVERY)
    return;
  meeting->kept = floe_clock_elapsed (self->clock);
  write_step (self, floe_shadows_input_new (self, NULL, shadow->id, FLOE_SHADOW_KEEP),
              g_task_new (self, NULL, ended, g_strdup (shadow->id)));
}

static gboolean
look (gpointer data)
{
  FloeShadows *self = data;
  g_autoptr (GList) meetings = g_hash_table_get_values (self->relays);

  for (GList *l = meetings; l != NULL; l = l->next)
    {
      FloeShadowMeeting *meeting = l->data;
      const gchar *missing = floe_shadow_relay_find_missing (meeting->relay, PATIENCE);

      if (meeting->lapsed)
        lapse (self, meeting, SESSION_ENDED);
      else if (!meeting->ending && missing != NULL)
        lapse (self, meeting, missing);
      else if (!meeting->ending)
        keep (self, meeting);
      else if (floe_clock_elapsed (self->clock) > meeting->kept + FORGET_AFTER)
        g_hash_table_remove (self->relays, floe_shadow_relay_get_shadow (meeting->relay)->id);
    }
  if (meetings != NULL)
    return G_SOURCE_CONTINUE;
  self->look = 0;
  if (self->post != NULL)
    floe_post_set_listening (self->post, FALSE);
  return G_SOURCE_REMOVE;
}

FloeShadowMeeting *
floe_shadows_meet (FloeShadows *self, const FloeShadow *shadow)
{
  FloeShadowMeeting *meeting = g_hash_table_lookup (self->relays, shadow->id);

  if (meeting != NULL)
    {
      note_shadow (self, shadow);
      return g_hash_table_lookup (self->relays, shadow->id);
    }
  meeting = g_new0 (FloeShadowMeeting, 1);
  meeting->relay = floe_shadow_relay_new (shadow, self->clock);
  meeting->kept = floe_clock_elapsed (self->clock);
  g_hash_table_insert (self->relays, g_strdup (shadow->id), meeting);
  if (self->look == 0)
    self->look = floe_clock_add_timeout (self->clock, LOOK_EVERY, look, self, NULL);
  if (self->post != NULL)
    floe_post_set_listening (self->post, TRUE);
  return meeting;
}

/* What another broker, or the leader's timer, made of it. */
static void
reread (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeShadows) self = data;
  g_autoptr (FloeShadow) shadow = floe_store_finish (FLOE_STORE (source), result, NULL);

  if (shadow != NULL)
    note_shadow (self, shadow);
}

void
floe_shadows_reread (FloeShadows *self, const gchar *id)
{
  floe_store_read_async (self->store, floe_shadow_read,
                         floe_shadows_input_new (self, NULL, id, FLOE_SHADOW_KEEP),
                         (GDestroyNotify)floe_shadow_input_free, (GDestroyNotify)floe_shadow_free,
                         NULL, reread, g_object_ref (self));
}

static gboolean
is_seen_by (const FloeDesktop *desktop, const FloeShadow *shadow)
{
  return floe_desktop_is_held_by (desktop, shadow->holder)
         && desktop->facts.console == FLOE_CONSOLE_CONNECTED
         && (shadow->login_id == NULL
             || g_strcmp0 (desktop->lease->login_id, shadow->login_id) == 0);
}

static void
on_desktop_changed (FloeKeeper *keeper, const FloeDesktop *desktop, gpointer data)
{
  FloeShadows *self = data;
  g_autoptr (GList) meetings = g_hash_table_get_values (self->relays);

  for (GList *l = meetings; l != NULL; l = l->next)
    {
      FloeShadowMeeting *meeting = l->data;
      const FloeShadow *shadow = floe_shadow_relay_get_shadow (meeting->relay);

      if (meeting->ending || g_strcmp0 (shadow->desktop_id, desktop->id) != 0)
        continue;
      if (!is_seen_by (desktop, shadow))
        lapse_now (self, meeting);
      else
        floe_shadows_reread (self, shadow->id);
    }
}

/**
 * floe_shadows_take_over:
 * @broker: the address of the one that had it, and does not answer any more
 *
 * Unless somebody else was faster.
 */
void
floe_shadows_take_over (FloeShadows *self, const gchar *id, const gchar *broker)
{
  FloeShadowInput *input = floe_shadows_input_new (self, NULL, id, FLOE_SHADOW_KEEP);

  input->instead_of = g_strdup (broker);
  write_step (self, input, g_task_new (self, NULL, ended, g_strdup (id)));
}

/* What is asked and answered. */

static void
stepped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeShadows *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeShadowed) done = floe_store_finish (FLOE_STORE (source), result, &error);

  if (done == NULL || done->refusal != NULL)
    {
      g_task_return_error (task, done == NULL ? error : g_steal_pointer (&done->refusal));
      return;
    }
  if (floe_shadows_is_elsewhere (self, done->shadow))
    floe_shadows_tell_elsewhere (self, done->shadow);
  if (done->shadow->state == FLOE_SHADOW_GRANTED && !self->stopped
      && !floe_shadows_is_elsewhere (self, done->shadow))
    floe_shadows_meet (self, done->shadow);
  else
    note_shadow (self, done->shadow);
  floe_keeper_note_timer (self->keeper, done->change->due);
  floe_keeper_handle (self->keeper, done->change);
  g_task_return_pointer (task, g_steal_pointer (&done->shadow), (GDestroyNotify)floe_shadow_free);
}

/**
 * floe_shadows_ask_async:
 * @actor: of the staff
 * @desktop_id: whose screen
 * @reason: (nullable): why; whoever sits there is told
 *
 * Asks whoever sits at a desktop whether @actor may look.
 */
void
floe_shadows_ask_async (FloeShadows *self, const FloeIdentity *actor, const gchar *desktop_id,
                        const gchar *reason, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  FloeShadowInput *input = floe_shadows_input_new (self, actor, NULL, FLOE_SHADOW_KEEP);

  g_task_set_source_tag (task, floe_shadows_ask_async);
  input->desktop_id = g_strdup (desktop_id);
  input->reason = g_strdup (reason);
  floe_store_write_async (self->store, floe_shadow_record_ask, input,
                          (GDestroyNotify)floe_shadow_input_free,
                          (GDestroyNotify)floe_shadowed_free, stepped, task);
}

/* Whoever may end it has it ended here at once, whatever the store says later. */
static void
stop_at_once (FloeShadows *self, const FloeIdentity *actor, const gchar *id, FloeShadowStep step)
{
  FloeShadowMeeting *meeting = g_hash_table_lookup (self->relays, id);
  g_autoptr (FloeShadow) shadow = NULL;
  gboolean is_holder, is_helper;

  if (meeting == NULL)
    return;
  shadow = floe_shadow_copy (floe_shadow_relay_get_shadow (meeting->relay));
  is_holder = g_strcmp0 (shadow->holder, actor->user->id) == 0;
  is_helper = g_strcmp0 (shadow->helper_login, actor->login_id) == 0;
  if ((step == FLOE_SHADOW_STOP && is_holder) || (step == FLOE_SHADOW_LEAVE && is_helper))
    {
      shadow->state = FLOE_SHADOW_ENDED;
      meeting->ending = TRUE;
    }
  else if ((step == FLOE_SHADOW_DENY_CONTROL && is_holder)
           || (step == FLOE_SHADOW_DROP_CONTROL && is_helper))
    {
      meeting->dropping = shadow->control == FLOE_CONTROL_GRANTED;
      shadow->control = FLOE_CONTROL_NONE;
    }
  else
    return;
  floe_shadow_relay_set_shadow (meeting->relay, shadow);
}

/**
 * floe_shadows_step_async:
 * @actor: who says so
 * @step: what becomes of it; none of those that are the broker's
 *
 * What ends something has ended it here when this returns.
 */
void
floe_shadows_step_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                         FloeShadowStep step, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, floe_shadows_step_async);
  stop_at_once (self, actor, id, step);
  write_step (self, floe_shadows_input_new (self, actor, id, step), task);
}

static void
got (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  FloeShadow *shadow = floe_store_finish (FLOE_STORE (source), result, &error);

  if (shadow == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, shadow, (GDestroyNotify)floe_shadow_free);
}

/**
 * floe_shadows_get_async:
 * @actor: of the staff
 */
void
floe_shadows_get_async (FloeShadows *self, const FloeIdentity *actor, const gchar *id,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, floe_shadows_get_async);
  floe_store_read_async (
      self->store, floe_shadow_read, floe_shadows_input_new (self, actor, id, FLOE_SHADOW_KEEP),
      (GDestroyNotify)floe_shadow_input_free, (GDestroyNotify)floe_shadow_free, NULL, got, task);
}

/**
 * floe_shadows_finish:
 *
 * Of asking, of a step, and of looking one up.
 *
 * Returns: (transfer full): the shadow as it is; or %NULL with the errors of
 *   floe_shadow_record_ask() and floe_shadow_record_step()
 */
FloeShadow *
floe_shadows_finish (FloeShadows *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  GPtrArray *all = floe_store_finish (FLOE_STORE (source), result, &error);

  if (all == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, all, (GDestroyNotify)g_ptr_array_unref);
}

void
floe_shadows_list_async (FloeShadows *self, const FloeIdentity *actor, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, floe_shadows_list_async);
  floe_store_read_async (self->store, floe_shadow_read_all,
                         floe_shadows_input_new (self, actor, NULL, FLOE_SHADOW_KEEP),
                         (GDestroyNotify)floe_shadow_input_free, (GDestroyNotify)g_ptr_array_unref,
                         NULL, listed, task);
}

/**
 * floe_shadows_list_finish:
 *
 * Returns: (transfer full) (element-type FloeShadow): those that are open in pools that the caller
 *   helps in, the newest first
 */
GPtrArray *
floe_shadows_list_finish (FloeShadows *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_shadows_stop:
 *
 * Nothing passes here any more; whoever waits may go on at another broker.
 */
void
floe_shadows_stop (FloeShadows *self)
{
  self->stopped = TRUE;
  g_signal_handlers_disconnect_by_data (self->keeper, self);
  floe_clock_clear_timeout (self->clock, &self->look);
  g_hash_table_remove_all (self->relays);
  floe_shadows_clear_post (self);
}

static void
floe_shadows_finalize (GObject *object)
{
  FloeShadows *self = FLOE_SHADOWS (object);

  floe_shadows_stop (self);
  g_hash_table_unref (self->relays);
  g_object_unref (self->store);
  g_object_unref (self->keeper);
  g_object_unref (self->clock);
  floe_role_groups_unref (self->groups);
  G_OBJECT_CLASS (floe_shadows_parent_class)->finalize (object);
}

static void
floe_shadows_class_init (FloeShadowsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_shadows_finalize;
}

static void
floe_shadows_init (FloeShadows *self)
{
  self->relays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, meeting_free);
}

FloeShadows *
floe_shadows_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock, FloeRoleGroups *groups)
{
  FloeShadows *self = g_object_new (FLOE_TYPE_SHADOWS, NULL);

  self->store = g_object_ref (store);
  self->keeper = g_object_ref (keeper);
  self->clock = g_object_ref (clock);
  self->groups = floe_role_groups_ref (groups);
  g_signal_connect (keeper, "desktop-changed", G_CALLBACK (on_desktop_changed), self);
  return self;
}
