/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kiosk/bar.h"

#include <glib/gi18n.h>

#include "kiosk/access.h"
#include "kiosk/screen-keyboard.h"

#define ICON_SIZE GTK_ICON_SIZE_LARGE_TOOLBAR

struct _FloeBar
{
  GtkBox parent_instance;

  FloePower *power;
  FloeVolume *volume;
  FloeAccess *access;

  GtkWidget *keyboard; /* in a revealer above the rest */
  GtkWidget *stack;
  GtkWidget *network;
  GtkWidget *network_image;
  GtkWidget *network_label;
  GtkWidget *large_text;
  GtkWidget *contrast;
  GtkWidget *reader;
  GtkWidget *typing;
  GtkWidget *brightness;
  GtkWidget *loudness;
  GtkWidget *restart;
  GtkWidget *switch_off;
  GtkWidget *question_label;
  GtkWidget *question_no;
  GtkWidget *question_yes;
  gboolean asks_for_restart;
  GStrv parts;    /* what is shown, or NULL for all that is there */
  gint loud_part; /* in percent, what it is whenever somebody left, or -1 */
};

G_DEFINE_FINAL_TYPE (FloeBar, floe_bar, GTK_TYPE_BOX)

/* The question. */

static void
show_buttons (FloeBar *self, gboolean buttons)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), buttons ? "buttons" : "question");
}

static void
ask (FloeBar *self, gboolean restart)
{
  self->asks_for_restart = restart;
  gtk_label_set_text (GTK_LABEL (self->question_label),
                      restart ? _ ("Restart this terminal?") : _ ("Switch this terminal off?"));
  gtk_button_set_label (GTK_BUTTON (self->question_yes),
                        restart ? _ ("_Restart") : _ ("Switch _Off"));
  show_buttons (self, FALSE);
  gtk_widget_grab_focus (self->question_no);
}

static void
on_restart (FloeBar *self)
{
  ask (self, TRUE);
}

static void
on_switch_off (FloeBar *self)
{
  ask (self, FALSE);
}

static void
on_no (FloeBar *self)
{
  show_buttons (self, TRUE);
  gtk_widget_grab_focus (self->asks_for_restart ? self->restart : self->switch_off);
}

static void
on_yes (FloeBar *self)
{
  if (self->asks_for_restart)
    floe_power_restart (self->power);
  else
    floe_power_switch_off (self->power);
  gtk_label_set_text (GTK_LABEL (self->question_label),
                      self->asks_for_restart ? _ ("Restarting…") : _ ("Switching off…"));
}

static void
on_failed (FloeBar *self)
{
  gtk_label_set_text (GTK_LABEL (self->question_label),
                      _ ("The machine refused. Tell your helpdesk."));
}

static gboolean
on_question_key (FloeBar *self, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  on_no (self);
  return GDK_EVENT_STOP;
}

/* What is there. */

static gboolean
has_part (FloeBar *self, const gchar *part)
{
  return self->parts == NULL || g_strv_contains ((const gchar *const *)self->parts, part);
}

static void
show_power (FloeBar *self)
{
  gboolean shown = has_part (self, "power");

  gtk_widget_set_visible (self->restart, shown && floe_power_can_restart (self->power));
  gtk_widget_set_visible (self->switch_off, shown && floe_power_can_switch_off (self->power));
}

static void
show_network (FloeBar *self)
{
  gboolean there = g_network_monitor_get_network_available (g_network_monitor_get_default ());

  gtk_image_set_from_icon_name (
      GTK_IMAGE (self->network_image),
      there ? "network-wired-symbolic" : "network-wired-disconnected-symbolic", GTK_ICON_SIZE_MENU);
  gtk_label_set_text (GTK_LABEL (self->network_label),
                      there ? _ ("Connected to the network") : _ ("No network"));
}

static void
on_large_text (GtkToggleButton *button, FloeBar *self)
{
  floe_access_set_large_text (self->access, gtk_toggle_button_get_active (button));
}

static void
on_contrast (GtkToggleButton *button, FloeBar *self)
{
  floe_access_set_high_contrast (self->access, gtk_toggle_button_get_active (button));
}

static void
on_reader (GtkToggleButton *button, FloeBar *self)
{
  floe_access_set_reader (self->access, gtk_toggle_button_get_active (button));
}

static void
on_typing (GtkToggleButton *button, FloeBar *self)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->keyboard),
                                 gtk_toggle_button_get_active (button));
}

static void
on_loudness (GtkScaleButton *button, gdouble value, FloeBar *self)
{
  floe_volume_set (self->volume, value);
}

static void
on_brightness (GtkScaleButton *button, gdouble value, FloeBar *self)
{
  floe_power_set_brightness (self->power, value);
}

/* Making. */

static void
name (GtkWidget *widget, const gchar *text)
{
  gtk_widget_set_tooltip_text (widget, text);
  atk_object_set_name (gtk_widget_get_accessible (widget), text);
}

static void
add (GtkWidget *box, GtkWidget *widget, const gchar *text)
{
  name (widget, text);
  gtk_button_set_relief (GTK_BUTTON (widget), GTK_RELIEF_NONE);
  /* A press moves no focus, so that the keys on the screen know where to type. */
  gtk_widget_set_focus_on_click (widget, FALSE);
  gtk_box_pack_start (GTK_BOX (box), widget, FALSE, FALSE, 0);
  gtk_widget_show_all (widget);
}

static GtkWidget *
add_button (FloeBar *self, GtkWidget *box, const gchar *icon, const gchar *text,
            void (*pressed) (FloeBar *))
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon, ICON_SIZE);

  g_signal_connect_swapped (button, "clicked", G_CALLBACK (pressed), self);
  add (box, button, text);
  return button;
}

/* What the window can do: seen while it can. */
static void
add_action (GtkWidget *box, const gchar *label, const gchar *action)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_box_pack_start (GTK_BOX (box), button, FALSE, FALSE, 0);
  gtk_widget_set_no_show_all (button, TRUE);
  g_object_bind_property (button, "sensitive", button, "visible", G_BINDING_SYNC_CREATE);
}

static GtkWidget *
add_toggle (FloeBar *self, GtkWidget *box, const gchar *icon, const gchar *text,
            void (*toggled) (GtkToggleButton *, FloeBar *))
{
  GtkWidget *button = gtk_toggle_button_new ();

  gtk_container_add (GTK_CONTAINER (button), gtk_image_new_from_icon_name (icon, ICON_SIZE));
  g_signal_connect (button, "toggled", G_CALLBACK (toggled), self);
  add (box, button, text);
  return button;
}

static GtkWidget *
add_scale (FloeBar *self, GtkWidget *box, const gchar *const *icons, const gchar *text,
           void (*changed) (GtkScaleButton *, gdouble, FloeBar *))
{
  GtkWidget *button = gtk_scale_button_new (ICON_SIZE, 0, 1, 0.05, (const gchar **)icons);

  g_signal_connect (button, "value-changed", G_CALLBACK (changed), self);
  add (box, button, text);
  return button;
}

static GtkWidget *
make_network (FloeBar *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->network_image = gtk_image_new ();
  self->network_label = gtk_label_new (NULL);
  gtk_widget_set_margin_start (box, 12);
  gtk_box_pack_start (GTK_BOX (box), self->network_image, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->network_label, FALSE, FALSE, 0);
  return box;
}

static GtkWidget *
make_buttons (FloeBar *self)
{
  static const gchar *const sounds[] = { "audio-volume-muted-symbolic",
                                         "audio-volume-high-symbolic", "audio-volume-low-symbolic",
                                         "audio-volume-medium-symbolic", NULL };
  static const gchar *const lights[] = { "display-brightness-symbolic", NULL };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *right = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);

  self->network = make_network (self);
  gtk_box_pack_start (GTK_BOX (box), self->network, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (box), right, FALSE, FALSE, 0);
  add_action (right, _ ("Change _Password"), "win.password");
  add_action (right, _ ("_Log Out…"), "win.log-out");
  self->large_text =
      add_toggle (self, right, "floe-large-text-symbolic", _ ("Large text"), on_large_text);
  self->contrast =
      add_toggle (self, right, "floe-contrast-symbolic", _ ("High contrast"), on_contrast);
  self->reader = add_toggle (self, right, "preferences-desktop-accessibility-symbolic",
                             _ ("Screen reader"), on_reader);
  self->typing =
      add_toggle (self, right, "input-keyboard-symbolic", _ ("On-screen keyboard"), on_typing);
  self->brightness = add_scale (self, right, lights, _ ("Brightness"), on_brightness);
  self->loudness = add_scale (self, right, sounds, _ ("Volume"), on_loudness);
  self->restart = add_button (self, right, "system-reboot-symbolic", _ ("Restart"), on_restart);
  self->switch_off =
      add_button (self, right, "system-shutdown-symbolic", _ ("Switch off"), on_switch_off);
  gtk_widget_show_all (box);
  return box;
}

static GtkWidget *
make_question (FloeBar *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->question_label = gtk_label_new (NULL);
  self->question_no = gtk_button_new_with_mnemonic (_ ("_Cancel"));
  self->question_yes = gtk_button_new_with_mnemonic ("");
  gtk_style_context_add_class (gtk_widget_get_style_context (self->question_label), "floe-heading");
  gtk_style_context_add_class (gtk_widget_get_style_context (self->question_yes),
                               "destructive-action");
  gtk_widget_set_halign (box, GTK_ALIGN_END);
  gtk_box_pack_start (GTK_BOX (box), self->question_label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->question_no, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->question_yes, FALSE, FALSE, 0);
  g_signal_connect_swapped (self->question_no, "clicked", G_CALLBACK (on_no), self);
  g_signal_connect_swapped (self->question_yes, "clicked", G_CALLBACK (on_yes), self);
  g_signal_connect_swapped (box, "key-press-event", G_CALLBACK (on_question_key), self);
  gtk_widget_show_all (box);
  return box;
}

/* What the scale shows at first is how it is, and nobody's wish. */
static void
show_scale (FloeBar *self, GtkWidget *scale, gboolean there, gdouble value)
{
  gtk_widget_set_visible (scale, there);
  g_signal_handlers_block_matched (scale, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
  gtk_scale_button_set_value (GTK_SCALE_BUTTON (scale), value);
  g_signal_handlers_unblock_matched (scale, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
}

static void
show_scales (FloeBar *self)
{
  show_scale (self, self->loudness,
              has_part (self, "volume") && floe_volume_is_there (self->volume),
              floe_volume_get (self->volume));
  show_scale (self, self->brightness, floe_power_has_backlight (self->power),
              floe_power_get_brightness (self->power));
}

/**
 * floe_bar_new:
 * @power: the machine's switch
 * @volume: how loud it is
 *
 * Returns: (transfer floating): the bar
 */
GtkWidget *
floe_bar_new (FloePower *power, FloeVolume *volume)
{
  FloeBar *self = g_object_new (FLOE_TYPE_BAR, NULL);

  self->power = g_object_ref (power);
  self->volume = g_object_ref (volume);
  g_signal_connect_object (power, "changed", G_CALLBACK (show_power), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (power, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  show_power (self);
  show_scales (self);
  return GTK_WIDGET (self);
}

static void
show_access (FloeBar *self)
{
  gboolean shown = has_part (self, "accessibility");

  gtk_widget_set_visible (self->large_text, shown);
  gtk_widget_set_visible (self->contrast, shown);
  gtk_widget_set_visible (self->reader, shown && floe_access_has_reader (self->access));
  gtk_widget_set_visible (self->typing, shown);
}

/**
 * floe_bar_set_parts:
 * @self: the bar
 * @parts: (nullable): which of "accessibility", "volume", "network" and "power" are shown where
 *   they are there at all; %NULL for each. Light and the window's own buttons are always shown
 */
void
floe_bar_set_parts (FloeBar *self, const gchar *const *parts)
{
  g_return_if_fail (FLOE_IS_BAR (self));

  g_strfreev (self->parts);
  self->parts = g_strdupv ((gchar **)parts);
  gtk_widget_set_visible (self->network, has_part (self, "network"));
  show_access (self);
  show_power (self);
  show_scales (self);
}

static void
apply_loudness (FloeBar *self)
{
  if (self->loud_part < 0)
    return;
  floe_volume_set (self->volume, self->loud_part / 100.0);
  show_scales (self);
}

/**
 * floe_bar_set_loudness:
 * @self: the bar
 * @percent: how loud it is, now and whenever somebody left; -1 for as it is
 */
void
floe_bar_set_loudness (FloeBar *self, gint percent)
{
  g_return_if_fail (FLOE_IS_BAR (self));

  if (self->loud_part == percent)
    return;
  self->loud_part = percent;
  apply_loudness (self);
}

/**
 * floe_bar_reset:
 * @self: the bar
 *
 * Puts back what somebody changed for themselves.
 */
void
floe_bar_reset (FloeBar *self)
{
  GtkWidget *const toggles[] = { self->large_text, self->contrast, self->reader, self->typing };

  g_return_if_fail (FLOE_IS_BAR (self));

  for (gsize i = 0; i < G_N_ELEMENTS (toggles); i++)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggles[i]), FALSE);
  apply_loudness (self);
  show_buttons (self, TRUE);
}

static void
floe_bar_dispose (GObject *object)
{
  FloeBar *self = FLOE_BAR (object);

  if (self->access != NULL)
    g_object_run_dispose (G_OBJECT (self->access));
  g_clear_object (&self->access);
  g_clear_object (&self->power);
  g_clear_object (&self->volume);
  G_OBJECT_CLASS (floe_bar_parent_class)->dispose (object);
}

static void
floe_bar_finalize (GObject *object)
{
  g_strfreev (FLOE_BAR (object)->parts);
  G_OBJECT_CLASS (floe_bar_parent_class)->finalize (object);
}

static void
floe_bar_class_init (FloeBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_bar_finalize;
}

static void
make_keyboard (FloeBar *self)
{
  GtkWidget *keyboard = floe_screen_keyboard_new ();

  self->keyboard = gtk_revealer_new ();
  gtk_widget_set_halign (keyboard, GTK_ALIGN_CENTER);
  g_object_set (keyboard, "margin", 8, NULL);
  gtk_container_add (GTK_CONTAINER (self->keyboard), keyboard);
  gtk_widget_show_all (self->keyboard);
}

static void
floe_bar_init (FloeBar *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "floe-kiosk-bar");
  self->access = floe_access_new (gtk_settings_get_default (), "orca");
  self->stack = gtk_stack_new ();
  gtk_stack_set_homogeneous (GTK_STACK (self->stack), TRUE);
  make_keyboard (self);
  gtk_stack_add_named (GTK_STACK (self->stack), make_buttons (self), "buttons");
  gtk_stack_add_named (GTK_STACK (self->stack), make_question (self), "question");
  gtk_box_pack_start (GTK_BOX (self), self->keyboard, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), self->stack, FALSE, FALSE, 0);
  gtk_widget_show (self->stack);
  self->loud_part = -1;
  show_access (self);
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (show_network), self, G_CONNECT_SWAPPED);
  show_network (self);
}
