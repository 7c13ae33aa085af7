/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/shadowing.h"

#include "api/broker-shadow.h"
#include "api/error.h"
#include "session/screen-parts.h"

/* Between two looks at the screen: eight a second. */
#define LOOK_EVERY_MS 125
/* After something did not work. */
#define AGAIN_MS  1000
#define MOST_KEYS 0x200

struct _FloeShadowing
{
  GObject parent_instance;

  FloeBroker *broker;
  FloeSession *session;
  gchar *id;
  GCancellable *cancellable; /* cancelled once it is over */

  guint look;       /* when the screen is looked at next */
  gboolean all;     /* the whole screen is to be given */
  GdkPixbuf *given; /* as it was given last, or NULL */
  GQueue waiting;   /* FloeShadowPicture, of one look */

  guint again; /* when it is listened again, after an accident */
  gboolean control;
  gboolean keys[MOST_KEYS]; /* that are held down for them */
  guint buttons;            /* likewise, see FLOE_BUTTON_LEFT */
};

static guint over_signal;

G_DEFINE_FINAL_TYPE (FloeShadowing, floe_shadowing, G_TYPE_OBJECT)

static gboolean
is_over (FloeShadowing *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

/* What they hold down. */

static void
let_go (FloeShadowing *self)
{
  for (guint code = 0; code < MOST_KEYS; code++)
    if (self->keys[code])
      {
        self->keys[code] = FALSE;
        floe_session_press_key (self->session, code, FALSE);
      }
  for (guint button = FLOE_BUTTON_LEFT; button <= FLOE_BUTTON_RIGHT; button++)
    if (self->buttons & (1u << (button - 1)))
      {
        self->buttons &= ~(1u << (button - 1));
        floe_session_press_button (self->session, button, FALSE, self->buttons);
      }
}

static void
press_button (FloeShadowing *self, guint button, gboolean down)
{
  guint bit = 1u << (button - 1);

  self->buttons = down ? self->buttons | bit : self->buttons & ~bit;
  floe_session_press_button (self->session, button, down, self->buttons);
}

static void
do_event (FloeShadowing *self, const FloeShadowEvent *event)
{
  guint wheel = event->code == 1 ? FLOE_BUTTON_UP : FLOE_BUTTON_DOWN;

  switch (event->kind)
    {
    case FLOE_SHADOW_KEY:
      self->keys[event->code] = event->down;
      floe_session_press_key (self->session, event->code, event->down);
      break;
    case FLOE_SHADOW_MOVE:
      floe_session_move_pointer (self->session, event->x, event->y, self->buttons);
      break;
    case FLOE_SHADOW_BUTTON:
      press_button (self, event->code, event->down);
      break;
    case FLOE_SHADOW_WHEEL:
    default:
      floe_session_press_button (self->session, wheel, TRUE, self->buttons | 1u << (wheel - 1));
      floe_session_press_button (self->session, wheel, FALSE, self->buttons);
      break;
    }
}

/**
 * floe_shadowing_stop:
 * @self: a shadowing
 *
 * Not one more picture is given, and not one more key is pressed.
 */
void
floe_shadowing_stop (FloeShadowing *self)
{
  if (is_over (self))
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look, g_source_remove);
  g_clear_handle_id (&self->again, g_source_remove);
  g_queue_clear_full (&self->waiting, (GDestroyNotify)floe_shadow_picture_free);
  let_go (self);
}

/* judge: whether it may be tried again after @error */
static gboolean
judge (FloeShadowing *self, const GError *error)
{
  if (is_over (self) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  if (floe_client_error_is_passing (error))
    return TRUE;
  g_info ("nobody looks at the screen any more: %s", error->message);
  floe_shadowing_stop (self);
  g_signal_emit (self, over_signal, 0);
  return FALSE;
}

/* Pictures. */

static void look_in (FloeShadowing *self, guint delay_ms);
static void give_next (FloeShadowing *self);

static void
on_given (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeShadowing) self = data;
  g_autoptr (GError) error = NULL;
  gboolean all = FALSE;

  if (floe_broker_give_picture_finish (FLOE_BROKER (source), result, &all, &error)
      && !is_over (self))
    {
      self->all |= all;
      give_next (self);
    }
  else if (error != NULL && judge (self, error))
    {
      self->all = TRUE;
      g_queue_clear_full (&self->waiting, (GDestroyNotify)floe_shadow_picture_free);
      look_in (self, AGAIN_MS);
    }
}

/* The broker answers when it can take the next one: that is how fast they go. */
static void
give_next (FloeShadowing *self)
{
  g_autoptr (FloeShadowPicture) next = self->all ? NULL : g_queue_pop_head (&self->waiting);

  if (next != NULL)
    {
      floe_broker_give_picture_async (self->broker, self->id, next, self->cancellable, on_given,
                                      g_object_ref (self));
      return;
    }
  g_queue_clear_full (&self->waiting, (GDestroyNotify)floe_shadow_picture_free);
  look_in (self, LOOK_EVERY_MS);
}

/*
 * Looking:
 * @before: (nullable): what was given last
 * @now: what is seen
 *
 * What a thread is given that finds what changed, so that the desktop does not stutter.
 */
typedef struct
{
  GdkPixbuf *before;
  GdkPixbuf *now;
} Looking;

static void
looking_free (gpointer data)
{
  Looking *looking = data;

  g_clear_object (&looking->before);
  g_object_unref (looking->now);
  g_free (looking);
}

static void
find_parts (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Looking *looking = data;
  GError *error = NULL;
  FloeScreenArea area;
  GPtrArray *parts = NULL;

  if (floe_screen_find_change (looking->before, looking->now, &area))
    parts = floe_screen_cut (looking->now, &area, FLOE_SHADOW_PICTURE_BYTES, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, parts, (GDestroyNotify)g_ptr_array_unref);
}

static void
queue_parts (FloeShadowing *self, GPtrArray *parts, const Looking *looking)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const FloeScreenPart *part = parts->pdata[i];
      FloeShadowPicture *picture = g_new0 (FloeShadowPicture, 1);
      gsize length;
      const gchar *bytes = g_bytes_get_data (part->bytes, &length);

      picture->first = i == 0 && looking->before == NULL;
      picture->x = part->x;
      picture->y = part->y;
      picture->width = (guint)gdk_pixbuf_get_width (looking->now);
      picture->height = (guint)gdk_pixbuf_get_height (looking->now);
      picture->bytes = floe_secret_new (bytes, (gssize)length);
      g_queue_push_tail (&self->waiting, picture);
    }
}

static void
on_parts (GObject *source, GAsyncResult *result, gpointer data)
{
  FloeShadowing *self = FLOE_SHADOWING (source);
  const Looking *looking = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = g_task_propagate_pointer (G_TASK (result), &error);

  if (is_over (self))
    return;
  if (error != NULL)
    g_warning ("the screen cannot be shown to somebody else: %s", error->message);
  if (parts != NULL)
    {
      g_set_object (&self->given, looking->now);
      queue_parts (self, parts, looking);
    }
  give_next (self);
}

static gboolean
on_look (gpointer data)
{
  FloeShadowing *self = data;
  GdkPixbuf *now = floe_session_capture (self->session);
  Looking *looking;
  GTask *task;

  self->look = 0;
  if (now == NULL)
    {
      look_in (self, LOOK_EVERY_MS);
      return G_SOURCE_REMOVE;
    }
  looking = g_new0 (Looking, 1);
  looking->now = now;
  /* A screen of another size is begun anew by whoever draws it, too. */
  if (!self->all && self->given != NULL
      && gdk_pixbuf_get_width (self->given) == gdk_pixbuf_get_width (now)
      && gdk_pixbuf_get_height (self->given) == gdk_pixbuf_get_height (now))
    looking->before = g_object_ref (self->given);
  self->all = FALSE;
  task = g_task_new (self, NULL, on_parts, NULL);
  g_task_set_task_data (task, looking, looking_free);
  g_task_run_in_thread (task, find_parts);
  g_object_unref (task);
  return G_SOURCE_REMOVE;
}

static void
look_in (FloeShadowing *self, guint delay_ms)
{
  g_clear_handle_id (&self->look, g_source_remove);
  self->look = g_timeout_add (delay_ms, on_look, self);
}

/* What they do. */

static void listen (FloeShadowing *self);

static gboolean
on_again (gpointer data)
{
  FloeShadowing *self = data;

  self->again = 0;
  listen (self);
  return G_SOURCE_REMOVE;
}

static void
on_heard (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeShadowing) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeShadowInputs) inputs =
      floe_broker_take_inputs_finish (FLOE_BROKER (source), result, &error);

  if (is_over (self))
    return;
  if (inputs == NULL)
    {
      let_go (self); /* nobody knows what was lost */
      if (judge (self, error))
        self->again = g_timeout_add (AGAIN_MS, on_again, self);
      return;
    }
  self->all |= inputs->all;
  for (guint i = 0; self->control && i < inputs->events->len; i++)
    do_event (self, &g_array_index (inputs->events, FloeShadowEvent, i));
  listen (self);
}

static void
listen (FloeShadowing *self)
{
  floe_broker_take_inputs_async (self->broker, self->id, self->cancellable, on_heard,
                                 g_object_ref (self));
}

/**
 * floe_shadowing_set_control:
 * @self: a shadowing
 * @allowed: whether what they type is done
 */
void
floe_shadowing_set_control (FloeShadowing *self, gboolean allowed)
{
  if (!allowed && self->control)
    let_go (self);
  self->control = allowed;
}

static void
floe_shadowing_dispose (GObject *object)
{
  FloeShadowing *self = FLOE_SHADOWING (object);

  floe_shadowing_stop (self);
  g_clear_object (&self->given);
  G_OBJECT_CLASS (floe_shadowing_parent_class)->dispose (object);
}

static void
floe_shadowing_finalize (GObject *object)
{
  FloeShadowing *self = FLOE_SHADOWING (object);

  g_object_unref (self->broker);
  g_object_unref (self->session);
  g_object_unref (self->cancellable);
  g_free (self->id);
  G_OBJECT_CLASS (floe_shadowing_parent_class)->finalize (object);
}

static void
floe_shadowing_class_init (FloeShadowingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = floe_shadowing_dispose;
  object_class->finalize = floe_shadowing_finalize;
  over_signal = g_signal_new ("over", FLOE_TYPE_SHADOWING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 0);
}

static void
floe_shadowing_init (FloeShadowing *self)
{
  self->cancellable = g_cancellable_new ();
  self->all = TRUE;
  g_queue_init (&self->waiting);
}

/**
 * floe_shadowing_new:
 * @broker: where the person is logged in
 * @session: what is looked at
 * @id: of the shadow that they allowed
 *
 * Returns: (transfer full): a shadowing that has begun
 */
FloeShadowing *
floe_shadowing_new (FloeBroker *broker, FloeSession *session, const gchar *id)
{
  FloeShadowing *self = g_object_new (FLOE_TYPE_SHADOWING, NULL);

  self->broker = g_object_ref (broker);
  self->session = g_object_ref (session);
  self->id = g_strdup (id);
  look_in (self, 0);
  listen (self);
  return self;
}
