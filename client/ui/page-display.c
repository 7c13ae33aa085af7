/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-display.h"

#include <glib/gi18n.h>

#include <spice-client-gtk.h>

#define BAR_LINGER_MS 900
#define MAX_KEYS      8

struct _FloePageDisplay
{
  GtkOverlay parent_instance;

  GtkWidget *screen;
  GtkWidget *frozen;
  GtkWidget *veil;
  GtkWidget *spinner;
  GtkWidget *lost_label;
  GtkWidget *lost_detail;
  GtkWidget *retry_button;
  GtkWidget *leave_button;
  GtkWidget *edge;
  GtkWidget *bar_box;
  GtkWidget *bar;
  GtkWidget *bar_title;
  GtkWidget *bar_leave;
  GtkWidget *notice_bar;
  GtkWidget *notice_label;

  SpiceSession *spice; /* whose display channel lives; only ever compared */
  GtkWidget *display;  /* the SpiceDisplay, or NULL */
  SpiceGtkSession *gtk_session;
  GdkPixbuf *last_picture;
  gchar *title;
  gboolean scaling;
  gboolean adapt;
  gboolean clipboard;
  guint linger;
};

enum
{
  SIGNAL_RETRY,
  SIGNAL_LEAVE,
  SIGNAL_INPUT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePageDisplay, floe_page_display, GTK_TYPE_OVERLAY)

/* The last picture. */

static void
keep_picture (FloePageDisplay *self)
{
  g_autoptr (GdkPixbuf) picture = NULL;

  if (self->display == NULL)
    return;
  picture = spice_display_get_pixbuf (SPICE_DISPLAY (self->display));
  if (picture == NULL)
    return;
  gdk_pixbuf_saturate_and_pixelate (picture, picture, 0.2f, FALSE);
  g_set_object (&self->last_picture, picture);
}

/* The widget throws the picture away in its own handler, which was connected after this one. */
static void
on_channel_destroy (SpiceSession *spice, SpiceChannel *channel, FloePageDisplay *self)
{
  if (SPICE_IS_DISPLAY_CHANNEL (channel) && spice == self->spice)
    {
      keep_picture (self);
      self->spice = NULL;
    }
}

static gboolean
on_draw_frozen (GtkWidget *widget, cairo_t *cr, FloePageDisplay *self)
{
  gdouble width = gtk_widget_get_allocated_width (widget);
  gdouble height = gtk_widget_get_allocated_height (widget);
  gdouble scale;

  cairo_set_source_rgb (cr, 0.086, 0.086, 0.086);
  cairo_paint (cr);
  if (self->last_picture == NULL)
    return GDK_EVENT_PROPAGATE;
  scale = MIN (width / gdk_pixbuf_get_width (self->last_picture),
               height / gdk_pixbuf_get_height (self->last_picture));
  cairo_translate (cr, (width - scale * gdk_pixbuf_get_width (self->last_picture)) / 2,
                   (height - scale * gdk_pixbuf_get_height (self->last_picture)) / 2);
  cairo_scale (cr, scale, scale);
  gdk_cairo_set_source_pixbuf (cr, self->last_picture, 0, 0);
  cairo_paint (cr);
  return GDK_EVENT_PROPAGATE;
}

/* The display. */

static void
apply_options (FloePageDisplay *self)
{
  if (self->display != NULL)
    g_object_set (self->display, "scaling", self->scaling, "resize-guest", self->adapt, NULL);
  if (self->gtk_session != NULL)
    g_object_set (self->gtk_session, "auto-clipboard", self->clipboard, NULL);
}

static void
name_display (FloePageDisplay *self)
{
  if (self->display != NULL)
    atk_object_set_name (gtk_widget_get_accessible (self->display), self->title);
}

static gboolean
on_display_event (GtkWidget *display, GdkEvent *event, FloePageDisplay *self)
{
  switch (gdk_event_get_event_type (event))
    {
    case GDK_KEY_PRESS:
    case GDK_BUTTON_PRESS:
    case GDK_MOTION_NOTIFY:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_UPDATE:
      g_signal_emit (self, signals[SIGNAL_INPUT], 0);
      break;
    default:
      break;
    }
  return GDK_EVENT_PROPAGATE;
}

/**
 * floe_page_display_attach:
 * @self: the page
 * @session: a session whose display is ready
 * @channel_id: which display channel
 * @monitor_id: which monitor of it
 *
 * Shows a guest's screen in the place of what was there.
 */
void
floe_page_display_attach (FloePageDisplay *self, FloeSession *session, guint channel_id,
                          guint monitor_id)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_page_display_detach (self);
  self->spice = floe_session_get_spice (session);
  g_signal_connect_object (self->spice, "channel-destroy", G_CALLBACK (on_channel_destroy), self,
                           0);
  self->display =
      GTK_WIDGET (spice_display_new_with_monitor (self->spice, (gint)channel_id, (gint)monitor_id));
  g_set_object (&self->gtk_session, spice_gtk_session_get (self->spice));
  apply_options (self);
  name_display (self);
  g_signal_connect_object (self->display, "event", G_CALLBACK (on_display_event), self, 0);
  gtk_container_add (GTK_CONTAINER (self->screen), self->display);
  gtk_widget_show (self->display);
}

/**
 * floe_page_display_detach:
 * @self: the page
 *
 * Lets the screen go; the last picture of one that was lost stays.
 */
void
floe_page_display_detach (FloePageDisplay *self)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  if (self->spice != NULL)
    keep_picture (self);
  self->spice = NULL;
  g_clear_object (&self->gtk_session);
  g_clear_pointer (&self->display, gtk_widget_destroy);
}

/**
 * floe_page_display_set_title:
 * @self: the page
 * @title: the desktop's name
 */
void
floe_page_display_set_title (FloePageDisplay *self, const gchar *title)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  g_free (self->title);
  self->title = g_strdup (title);
  gtk_label_set_text (GTK_LABEL (self->bar_title), title);
  name_display (self);
}

/**
 * floe_page_display_freeze:
 * @self: the page
 * @title: what happened, a few words
 * @detail: what is being done about it
 *
 * Covers the screen: what is typed now reaches nobody, and it should look like that.
 */
void
floe_page_display_freeze (FloePageDisplay *self, const gchar *title, const gchar *detail)
{
  gboolean was_frozen;

  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  was_frozen = gtk_widget_get_visible (self->veil);
  gtk_label_set_text (GTK_LABEL (self->lost_label), title);
  gtk_label_set_text (GTK_LABEL (self->lost_detail), detail);
  gtk_widget_show (self->frozen);
  gtk_widget_show (self->veil);
  gtk_widget_queue_draw (self->frozen);
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  if (!was_frozen)
    gtk_widget_grab_focus (self->retry_button);
}

/**
 * floe_page_display_thaw:
 * @self: the page
 *
 * The picture is there again.
 */
void
floe_page_display_thaw (FloePageDisplay *self)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  gtk_widget_hide (self->veil);
  gtk_widget_hide (self->frozen);
  g_clear_object (&self->last_picture);
}

/**
 * floe_page_display_set_notice:
 * @self: the page
 * @text: (nullable): what whoever sits here should know; %NULL for nothing
 *
 * Shows a bar over the screen, until it is closed or there is nothing to know any more. What was
 * closed comes back only when it says something else.
 */
void
floe_page_display_set_notice (FloePageDisplay *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  if (text != NULL && g_str_equal (text, gtk_label_get_text (GTK_LABEL (self->notice_label))))
    return;
  gtk_label_set_text (GTK_LABEL (self->notice_label), text != NULL ? text : "");
  gtk_widget_set_visible (self->notice_bar, text != NULL);
}

void
floe_page_display_set_scaling (FloePageDisplay *self, gboolean scaling)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  self->scaling = scaling;
  apply_options (self);
}

/**
 * floe_page_display_set_adapt:
 * @self: the page
 * @adapt: whether the guest takes the window's size as its resolution; needs an agent in it
 */
void
floe_page_display_set_adapt (FloePageDisplay *self, gboolean adapt)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  self->adapt = adapt;
  apply_options (self);
}

void
floe_page_display_set_clipboard (FloePageDisplay *self, gboolean share)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  self->clipboard = share;
  apply_options (self);
}

/* The bar. */

/* Crossing events come in no order that could be relied on while the bar moves below the pointer,
 * so that the pointer itself is asked. */
static gboolean
is_pointer_at_bar (FloePageDisplay *self)
{
  GdkWindow *window = gtk_widget_get_window (GTK_WIDGET (self));
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self)));
  GtkAllocation bar;
  gint x = -1, y = -1;

  if (window == NULL)
    return FALSE;
  gdk_window_get_device_position (window, gdk_seat_get_pointer (seat), &x, &y, NULL);
  gtk_widget_get_allocation (self->bar_box, &bar);
  return y >= 0 && y < bar.height && x >= bar.x && x < bar.x + bar.width;
}

static gboolean
is_focus_in_bar (FloePageDisplay *self)
{
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));
  GtkWidget *focus = GTK_IS_WINDOW (toplevel) ? gtk_window_get_focus (GTK_WINDOW (toplevel)) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, self->bar);
}

static gboolean
on_linger_over (gpointer data)
{
  FloePageDisplay *self = data;

  if (is_pointer_at_bar (self) || is_focus_in_bar (self))
    return G_SOURCE_CONTINUE;
  self->linger = 0;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->bar), FALSE);
  return G_SOURCE_REMOVE;
}

static void
linger (FloePageDisplay *self, guint delay_ms)
{
  g_clear_handle_id (&self->linger, g_source_remove);
  self->linger = g_timeout_add (delay_ms, on_linger_over, self);
}

/* Closed, it would still take the pointer away from the edge below it. */
static void
on_bar_revealed (FloePageDisplay *self)
{
  if (!gtk_revealer_get_child_revealed (GTK_REVEALER (self->bar))
      && !gtk_revealer_get_reveal_child (GTK_REVEALER (self->bar)))
    gtk_widget_hide (self->bar_box);
}

static void
reveal_bar (FloePageDisplay *self)
{
  gtk_widget_show (self->bar_box);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->bar), TRUE);
  linger (self, BAR_LINGER_MS);
}

static gboolean
on_edge_entered (FloePageDisplay *self)
{
  reveal_bar (self);
  return GDK_EVENT_PROPAGATE;
}

/**
 * floe_page_display_set_fullscreen:
 * @self: the page
 * @fullscreen: whether there is no header bar now
 */
void
floe_page_display_set_fullscreen (FloePageDisplay *self, gboolean fullscreen)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  g_clear_handle_id (&self->linger, g_source_remove);
  gtk_widget_set_visible (self->edge, fullscreen);
  gtk_widget_hide (self->bar_box);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->bar), FALSE);
  if (!fullscreen)
    return;
  /* once, so that everybody has seen where the way out is */
  reveal_bar (self);
  linger (self, 3 * BAR_LINGER_MS);
}

/**
 * floe_page_display_show_bar:
 * @self: the page, in full screen
 *
 * Brings the bar out and the keyboard to it.
 */
void
floe_page_display_show_bar (FloePageDisplay *self)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  if (self->display != NULL)
    spice_display_keyboard_ungrab (SPICE_DISPLAY (self->display));
  reveal_bar (self);
  gtk_widget_grab_focus (self->bar_leave);
}

/* Keys. */

/**
 * floe_page_display_has_keyboard:
 * @self: the page
 *
 * Returns: %TRUE if what is typed belongs to the guest
 */
gboolean
floe_page_display_has_keyboard (FloePageDisplay *self)
{
  g_return_val_if_fail (FLOE_IS_PAGE_DISPLAY (self), FALSE);

  return self->display != NULL && gtk_widget_has_focus (self->display)
         && !gtk_widget_get_visible (self->veil);
}

/**
 * floe_page_display_send_keys:
 * @self: the page
 * @keys: names of keys as X has them, joined with "+", like "Control_L+Alt_L+Delete"
 */
void
floe_page_display_send_keys (FloePageDisplay *self, const gchar *keys)
{
  g_auto (GStrv) names = NULL;
  guint keyvals[MAX_KEYS];
  gint n = 0;

  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  if (self->display == NULL)
    return;
  names = g_strsplit (keys, "+", MAX_KEYS);
  for (; names[n] != NULL; n++)
    keyvals[n] = gdk_keyval_from_name (names[n]);
  spice_display_send_keys (SPICE_DISPLAY (self->display), keyvals, n,
                           SPICE_DISPLAY_KEY_EVENT_CLICK);
  floe_page_display_take_focus (self);
}

void
floe_page_display_take_focus (FloePageDisplay *self)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  if (self->display != NULL && !gtk_widget_get_visible (self->veil))
    gtk_widget_grab_focus (self->display);
}

static void
on_retry (FloePageDisplay *self)
{
  g_signal_emit (self, signals[SIGNAL_RETRY], 0);
}

static void
on_leave (FloePageDisplay *self)
{
  g_signal_emit (self, signals[SIGNAL_LEAVE], 0);
}

static void
floe_page_display_dispose (GObject *object)
{
  FloePageDisplay *self = FLOE_PAGE_DISPLAY (object);

  g_clear_handle_id (&self->linger, g_source_remove);
  self->display = NULL;
  g_clear_object (&self->gtk_session);
  g_clear_object (&self->last_picture);
  G_OBJECT_CLASS (floe_page_display_parent_class)->dispose (object);
}

static void
floe_page_display_finalize (GObject *object)
{
  g_free (FLOE_PAGE_DISPLAY (object)->title);
  G_OBJECT_CLASS (floe_page_display_parent_class)->finalize (object);
}

static void
floe_page_display_class_init (FloePageDisplayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = floe_page_display_dispose;
  object_class->finalize = floe_page_display_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-display.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, screen);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, frozen);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, veil);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, spinner);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, lost_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, lost_detail);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, retry_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, leave_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, edge);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, bar_box);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, bar);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, bar_title);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, bar_leave);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, notice_bar);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, notice_label);

  signals[SIGNAL_RETRY] = g_signal_new ("retry", FLOE_TYPE_PAGE_DISPLAY, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_INPUT] = g_signal_new ("input", FLOE_TYPE_PAGE_DISPLAY, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LEAVE] = g_signal_new ("leave", FLOE_TYPE_PAGE_DISPLAY, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

/* GTK's own button in an info bar is a picture without words. */
static void
name_close_button (GtkWidget *widget, gpointer data)
{
  if (GTK_IS_BUTTON (widget))
    atk_object_set_name (gtk_widget_get_accessible (widget), _ ("Close this message"));
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_foreach (GTK_CONTAINER (widget), name_close_button, NULL);
}

static void
floe_page_display_init (FloePageDisplay *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->scaling = TRUE;
  self->adapt = TRUE;
  self->clipboard = TRUE;
  self->title = g_strdup ("");
  g_signal_connect (self->frozen, "draw", G_CALLBACK (on_draw_frozen), self);
  name_close_button (self->notice_bar, NULL);
  g_signal_connect (self->notice_bar, "response", G_CALLBACK (gtk_widget_hide), NULL);
  g_signal_connect_swapped (self->retry_button, "clicked", G_CALLBACK (on_retry), self);
  g_signal_connect_swapped (self->leave_button, "clicked", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (self->edge, "enter-notify-event", G_CALLBACK (on_edge_entered), self);
  g_signal_connect_swapped (self->bar, "notify::child-revealed", G_CALLBACK (on_bar_revealed),
                            self);
}
