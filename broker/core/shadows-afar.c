/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadows.h"

#include "core/error.h"
#include "core/shadows-parts.h"

/* Longer than a relay keeps anybody waiting, and two letters. */
#define WAIT_FOR (15 * G_USEC_PER_SEC)
/* Who waits says so: a broker that is gone takes no letters, and else nobody would write one. */
#define KNOCK_EVERY    (2 * G_USEC_PER_SEC)
#define MOST_DISMISSED 16

/*
 * Between a balancer's brokers the two sides of a shadow, and even two requests of one side, come
 * to any of them. What passes meets at one broker all the same, the one at which it was allowed:
 * each of the others has it do there what somebody came for, and answers with what it says. When it
 * does not take its letters any more, whoever notices has the shadow from there on, and who waits
 * tries again.
 */

/*
 * FloeShadowErrand:
 * @broker: the address of the one that does it
 * @task: who waits
 * @timeout: until when
 * @left: the handler that hears when they do not wait any more; 0 for none
 */
typedef struct
{
  FloeShadows *shadows;
  guint64 number;
  gchar *broker;
  GTask *task;
  guint timeout;
  gulong left;
} FloeShadowErrand;

/*
 * Guest:
 * @broker: the address of the one that asked
 * @number: the errand's there
 * @kind: which it is
 * @cancellable: cancelled when nobody waits for it there any more
 */
typedef struct
{
  gchar *broker;
  guint64 number;
  FloeShadowLetterKind kind;
  GCancellable *cancellable;
} Guest;

/* Another broker does it for us. */

static void
errand_free (gpointer data)
{
  FloeShadowErrand *errand = data;

  floe_clock_clear_timeout (errand->shadows->clock, &errand->timeout);
  if (errand->left != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (errand->task), errand->left);
  g_object_unref (errand->task);
  g_free (errand->broker);
  g_free (errand);
}

static GTask *
finish_errand (FloeShadows *self, guint64 number)
{
  FloeShadowErrand *errand = g_hash_table_lookup (self->errands, &number);
  GTask *task = errand != NULL ? g_object_ref (errand->task) : NULL;

  g_hash_table_remove (self->errands, &number);
  return task;
}

static void
refuse_errand (FloeShadows *self, guint64 number, const gchar *why)
{
  g_autoptr (GTask) task = finish_errand (self, number);

  if (task != NULL)
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_BUSY, "%s", why);
}

static gboolean
on_too_long (gpointer data)
{
  FloeShadowErrand *errand = data;

  errand->timeout = 0;
  refuse_errand (errand->shadows, errand->number, "the broker that has it did not answer");
  return G_SOURCE_REMOVE;
}

static gboolean
write_letter (FloeShadows *self, const gchar *broker, const FloeShadowLetter *letter,
              GError **error)
{
  g_autoptr (FloeSecret) text = floe_shadow_letter_write (letter);

  return floe_post_send (self->post, broker, text, error);
}

/* They are answered when the broker says something, which nobody waits for. */
static void
on_left (GCancellable *cancellable, gpointer data)
{
  const FloeShadowErrand *errand = data;
  const FloeShadowLetter letter = { .kind = FLOE_SHADOW_GIVE_UP, .number = errand->number };
  g_autoptr (GError) error = NULL;

  if (!write_letter (errand->shadows, errand->broker, &letter, &error))
    g_message ("another broker was not told that somebody is gone: %s", error->message);
}

/* knock: at each broker that has something to do for us */
static gboolean
knock (gpointer data)
{
  FloeShadows *self = data;
  const FloeShadowLetter letter = { .kind = FLOE_SHADOW_LOOK_AGAIN };
  g_autoptr (GHashTable) brokers = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer errand, broker;

  g_hash_table_iter_init (&iter, self->errands);
  while (g_hash_table_iter_next (&iter, NULL, &errand))
    g_hash_table_add (brokers, ((FloeShadowErrand *)errand)->broker);
  g_hash_table_iter_init (&iter, brokers);
  while (g_hash_table_iter_next (&iter, &broker, NULL))
    write_letter (self, broker, &letter, NULL);
  if (g_hash_table_size (brokers) > 0)
    return G_SOURCE_CONTINUE;
  self->knock = 0;
  return G_SOURCE_REMOVE;
}

/**
 * floe_shadows_send:
 * @broker: the address of the one that has the shadow
 * @task: (transfer full): somebody's, with its #FloeShadowPassing
 */
void
floe_shadows_send (FloeShadows *self, const gchar *broker, GTask *task)
{
  const FloeShadowPassing *passing = g_task_get_task_data (task);
  FloeShadowErrand *errand = g_new0 (FloeShadowErrand, 1);
  const FloeShadowLetter letter = { passing->kind,     ++self->errands_so_far, passing->id,
                                    passing->login_id, passing->after,         FALSE,
                                    passing->picture,  passing->inputs,        NULL };
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      g_free (errand);
      return;
    }
  errand->shadows = self;
  errand->number = letter.number;
  errand->broker = g_strdup (broker);
  errand->task = task;
  if (!write_letter (self, broker, &letter, &error))
    {
      g_task_return_error (task, error);
      errand_free (errand);
      return;
    }
  g_hash_table_insert (self->errands, g_memdup2 (&letter.number, sizeof letter.number), errand);
  errand->timeout = floe_clock_add_timeout (self->clock, WAIT_FOR, on_too_long, errand, NULL);
  if (self->knock == 0)
    self->knock = floe_clock_add_timeout (self->clock, KNOCK_EVERY, knock, self, NULL);
  if (g_task_get_cancellable (task) != NULL)
    errand->left =
        g_signal_connect (g_task_get_cancellable (task), "cancelled", G_CALLBACK (on_left), errand);
}

static void
take_answer (FloeShadows *self, const gchar *broker, FloeShadowLetter *letter)
{
  const FloeShadowErrand *errand = g_hash_table_lookup (self->errands, &letter->number);
  g_autoptr (GTask) task = NULL;
  const FloeShadowPassing *passing;

  if (errand == NULL || g_strcmp0 (errand->broker, broker) != 0)
    return; /* it came too late */
  task = finish_errand (self, letter->number);
  passing = g_task_get_task_data (task);
  if (letter->error != NULL)
    g_task_return_error (task, g_steal_pointer (&letter->error));
  else if (passing->kind == FLOE_SHADOW_TAKE_PICTURE)
    g_task_return_pointer (task, g_steal_pointer (&letter->picture),
                           (GDestroyNotify)floe_picture_free);
  else if (passing->kind != FLOE_SHADOW_TAKE_INPUTS)
    g_task_return_boolean (task, letter->said);
  else if (letter->inputs != NULL)
    g_task_return_pointer (task, g_steal_pointer (&letter->inputs),
                           (GDestroyNotify)floe_inputs_free);
  else
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_INTERNAL, "the answer says nothing");
}

/**
 * floe_shadows_tell_elsewhere:
 * @shadow: that another broker has, as it was just written here
 *
 * What somebody ended here has ended here, and there when it hears of it.
 */
void
floe_shadows_tell_elsewhere (FloeShadows *self, const FloeShadow *shadow)
{
  const FloeShadowLetter letter = { .kind = FLOE_SHADOW_LOOK_AGAIN, .id = shadow->id };
  g_autoptr (GList) errands = g_hash_table_get_values (self->errands);
  g_autoptr (GError) error = NULL;

  for (GList *l = errands; l != NULL; l = l->next)
    {
      const FloeShadowErrand *errand = l->data;
      const FloeShadowPassing *passing = g_task_get_task_data (errand->task);
      GError *refusal = NULL;
      g_autoptr (GTask) task = NULL;

      if (g_strcmp0 (passing->id, shadow->id) != 0
          || floe_shadow_check_granted (shadow, passing->kind == FLOE_SHADOW_PUT_INPUTS, &refusal))
        continue;
      task = finish_errand (self, errand->number);
      g_task_return_error (task, refusal);
    }
  if (!write_letter (self, shadow->broker, &letter, &error))
    g_message ("another broker was not told of a shadow: %s", error->message);
}

/* It is done here for another broker. */

static void
guest_free (gpointer data)
{
  Guest *guest = data;

  g_free (guest->broker);
  g_object_unref (guest->cancellable);
  g_free (guest);
}

static gchar *
dup_key (const gchar *broker, guint64 number)
{
  return g_strdup_printf ("%s %" G_GUINT64_FORMAT, broker, number);
}

static void
read_result (FloeShadowLetter *answer, FloeShadowLetterKind kind, GTask *task)
{
  answer->kind = FLOE_SHADOW_ANSWER;
  if (kind == FLOE_SHADOW_TAKE_PICTURE)
    answer->picture = g_task_propagate_pointer (task, &answer->error);
  else if (kind == FLOE_SHADOW_TAKE_INPUTS)
    answer->inputs = g_task_propagate_pointer (task, &answer->error);
  else
    answer->said = g_task_propagate_boolean (task, &answer->error);
  if (answer->error != NULL)
    answer->kind = FLOE_SHADOW_REFUSAL;
}

static void
answer_guest (GObject *source, GAsyncResult *result, gpointer data)
{
  FloeShadows *self = FLOE_SHADOWS (source);
  g_autofree gchar *key = data;
  const Guest *guest = self->guests != NULL ? g_hash_table_lookup (self->guests, key) : NULL;
  g_autoptr (FloeShadowLetter) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (guest == NULL) /* this broker stops, and they were told so */
    return;
  answer = g_new0 (FloeShadowLetter, 1);
  answer->number = guest->number;
  read_result (answer, guest->kind, G_TASK (result));
  if (!write_letter (self, guest->broker, answer, &error))
    g_message ("another broker was not answered: %s", error->message);
  g_hash_table_remove (self->guests, key);
}

static gboolean
was_dismissed (FloeShadows *self, const gchar *key)
{
  return g_queue_find_custom (&self->dismissed, key, (GCompareFunc)g_strcmp0) != NULL;
}

static void
serve_guest (FloeShadows *self, const gchar *broker, FloeShadowLetter *letter)
{
  g_autofree gchar *key = dup_key (broker, letter->number);
  FloeShadowPassing *passing;
  Guest *guest;

  if (was_dismissed (self, key))
    return;
  guest = g_new0 (Guest, 1);
  guest->broker = g_strdup (broker);
  guest->number = letter->number;
  guest->kind = letter->kind;
  guest->cancellable = g_cancellable_new ();
  passing = g_new0 (FloeShadowPassing, 1);
  passing->kind = letter->kind;
  passing->login_id = g_steal_pointer (&letter->login_id);
  passing->id = g_steal_pointer (&letter->id);
  passing->picture = g_steal_pointer (&letter->picture);
  passing->after = letter->after;
  passing->inputs = g_steal_pointer (&letter->inputs);
  passing->is_guests = TRUE;
  g_hash_table_insert (self->guests, g_strdup (key), guest);
  floe_shadows_go (self, passing,
                   g_task_new (self, guest->cancellable, answer_guest, g_strdup (key)));
}

/* Two letters may change places: what comes after its end is not begun. */
static void
dismiss_guest (FloeShadows *self, const gchar *broker, guint64 number)
{
  g_autofree gchar *key = dup_key (broker, number);
  const Guest *guest = g_hash_table_lookup (self->guests, key);

  if (guest != NULL)
    {
      g_cancellable_cancel (guest->cancellable);
      return;
    }
  g_queue_push_head (&self->dismissed, g_steal_pointer (&key));
  if (self->dismissed.length > MOST_DISMISSED)
    g_free (g_queue_pop_tail (&self->dismissed));
}

/* They try again elsewhere at once. */
static void
send_guests_away (FloeShadows *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Guest *guest = value;
      FloeShadowLetter letter = { .kind = FLOE_SHADOW_REFUSAL, .number = guest->number };

      letter.error =
          g_error_new_literal (FLOE_ERROR, FLOE_ERROR_BUSY, "the broker that has it stops");
      write_letter (self, guest->broker, &letter, NULL);
      g_error_free (letter.error);
    }
}

/* Letters. */

static void
on_letter (FloePost *post, const gchar *broker, FloeSecret *text, gpointer data)
{
  FloeShadows *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeShadowLetter) letter = floe_shadow_letter_read (text, &error);

  if (letter == NULL)
    g_warning ("a letter from broker %s is thrown away: %s", broker, error->message);
  else if (letter->kind == FLOE_SHADOW_GIVE_UP)
    dismiss_guest (self, broker, letter->number);
  else if (letter->kind == FLOE_SHADOW_ANSWER || letter->kind == FLOE_SHADOW_REFUSAL)
    take_answer (self, broker, letter);
  else if (letter->kind == FLOE_SHADOW_LOOK_AGAIN && *letter->id != '\0')
    floe_shadows_reread (self, letter->id);
  else if (letter->kind != FLOE_SHADOW_LOOK_AGAIN)
    serve_guest (self, broker, letter);
}

static void
on_deaf (FloePost *post, const gchar *broker, gpointer data)
{
  FloeShadows *self = data;
  g_autoptr (GHashTable) orphans = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) errands = g_hash_table_get_values (self->errands);
  GHashTableIter iter;
  gpointer id;

  for (GList *l = errands; l != NULL; l = l->next)
    {
      const FloeShadowErrand *errand = l->data;
      const FloeShadowPassing *passing = g_task_get_task_data (errand->task);

      if (g_strcmp0 (errand->broker, broker) != 0)
        continue;
      g_hash_table_add (orphans, g_strdup (passing->id));
      refuse_errand (self, errand->number, "the broker that had it is gone");
    }
  g_hash_table_iter_init (&iter, orphans);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_message ("the broker with shadow %s is gone: it is here now", (const gchar *)id);
      floe_shadows_take_over (self, id, broker);
    }
}

/**
 * floe_shadows_is_elsewhere:
 *
 * Returns: whether another broker has it
 */
gboolean
floe_shadows_is_elsewhere (FloeShadows *self, const FloeShadow *shadow)
{
  return self->post != NULL && shadow->broker != NULL
         && g_strcmp0 (shadow->broker, floe_post_get_address (self->post)) != 0;
}

/**
 * floe_shadows_set_post:
 * @post: by which it reaches the other brokers of its store; there is one broker without it
 *
 * Before anybody asks for anything.
 */
void
floe_shadows_set_post (FloeShadows *self, FloePost *post)
{
  self->post = g_object_ref (post);
  self->errands = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, errand_free);
  self->guests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, guest_free);
  g_signal_connect (post, "letter", G_CALLBACK (on_letter), self);
  g_signal_connect (post, "deaf", G_CALLBACK (on_deaf), self);
}

/* Whoever waits may ask another broker. */
void
floe_shadows_clear_post (FloeShadows *self)
{
  g_autoptr (GList) errands = NULL;

  if (self->post == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->post, self);
  errands = g_hash_table_get_values (self->errands);
  for (GList *l = errands; l != NULL; l = l->next)
    refuse_errand (self, ((FloeShadowErrand *)l->data)->number, "this broker stops");
  send_guests_away (self);
  floe_clock_clear_timeout (self->clock, &self->knock);
  g_clear_pointer (&self->errands, g_hash_table_unref);
  g_clear_pointer (&self->guests, g_hash_table_unref);
  g_queue_clear_full (&self->dismissed, g_free);
  g_clear_object (&self->post);
}
