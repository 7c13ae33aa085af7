/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kiosk/guard.h"

struct _FloeGuard
{
  GObject parent_instance;
};

enum
{
  SIGNAL_INPUT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeGuard, floe_guard, G_TYPE_OBJECT)

/* Labels that can be selected have a menu, too. */
static gboolean
holds_text (GtkWidget *widget)
{
  return GTK_IS_EDITABLE (widget) || GTK_IS_TEXT_VIEW (widget) || GTK_IS_LABEL (widget);
}

/* Keys by which a text field opens something. Elsewhere they are left alone: the guest wants them.
 */
static gboolean
opens_something (const GdkEventKey *key)
{
  gboolean control = (key->state & GDK_CONTROL_MASK) != 0;
  gboolean shift = (key->state & GDK_SHIFT_MASK) != 0;

  switch (gdk_keyval_to_lower (key->keyval))
    {
    case GDK_KEY_Menu:
      return TRUE;
    case GDK_KEY_F10:
      return shift;
    case GDK_KEY_F1: /* what a tooltip says, and help */
      return control || shift;
    case GDK_KEY_u: /* any character by its number */
    case GDK_KEY_e:
      return control && shift;
    case GDK_KEY_period: /* pictures of faces */
    case GDK_KEY_semicolon:
      return control;
    default:
      return FALSE;
    }
}

static gboolean
is_refused_key (GtkWidget *widget, const GdkEventKey *key)
{
  GtkWidget *toplevel = widget != NULL ? gtk_widget_get_toplevel (widget) : NULL;
  GtkWidget *focus = GTK_IS_WINDOW (toplevel) ? gtk_window_get_focus (GTK_WINDOW (toplevel)) : NULL;

  return focus != NULL && holds_text (focus) && opens_something (key);
}

static gboolean
is_refused (GdkEvent *event)
{
  GtkWidget *widget = gtk_get_event_widget (event);

  switch (gdk_event_get_event_type (event))
    {
    case GDK_KEY_PRESS:
      return is_refused_key (widget, &event->key);
    case GDK_BUTTON_PRESS:
      return widget != NULL && holds_text (widget) && gdk_event_triggers_context_menu (event);
    default:
      return FALSE;
    }
}

static gboolean
is_input (GdkEvent *event)
{
  switch (gdk_event_get_event_type (event))
    {
    case GDK_KEY_PRESS:
    case GDK_BUTTON_PRESS:
    case GDK_MOTION_NOTIFY:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_UPDATE:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
on_event (GdkEvent *event, gpointer data)
{
  if (is_input (event))
    g_signal_emit (data, signals[SIGNAL_INPUT], 0);
  if (!is_refused (event))
    gtk_main_do_event (event);
}

/**
 * floe_guard_new:
 *
 * Takes all events of this process until it is disposed of.
 *
 * Returns: (transfer full): the guard
 */
FloeGuard *
floe_guard_new (void)
{
  FloeGuard *self = g_object_new (FLOE_TYPE_GUARD, NULL);

  gdk_event_handler_set (on_event, self, NULL);
  return self;
}

static void
floe_guard_dispose (GObject *object)
{
  gdk_event_handler_set ((GdkEventFunc)gtk_main_do_event, NULL, NULL);
  G_OBJECT_CLASS (floe_guard_parent_class)->dispose (object);
}

static void
floe_guard_class_init (FloeGuardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_guard_dispose;
  signals[SIGNAL_INPUT] = g_signal_new ("input", FLOE_TYPE_GUARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
}

static void
floe_guard_init (FloeGuard *self)
{
}

/**
 * floe_guard_scrub_environment:
 *
 * Takes out of the environment what would make GTK or GLib load or show something of somebody's
 * own: modules, themes, tools for developers. Call it before GTK is initialised, in a program with
 * one thread. Settings are then kept in memory and end with the program; where the schemas are may
 * be said, since they hold no values but defaults.
 */
void
floe_guard_scrub_environment (void)
{
  static const gchar *const names[] = {
    "GTK_DEBUG",
    "GTK_MODULES",
    "GTK3_MODULES",
    "GTK_PATH",
    "GTK_THEME",
    "GTK_DATA_PREFIX",
    "GTK_EXE_PREFIX",
    "GTK_IM_MODULE_FILE",
    "GDK_DEBUG",
    "GDK_PIXBUF_MODULEDIR",
    "GDK_PIXBUF_MODULE_FILE",
    "GDK_CORE_DEVICE_EVENTS",
    "G_DEBUG",
    "G_MESSAGES_DEBUG",
    "GIO_EXTRA_MODULES",
    "GIO_MODULE_DIR",
    "GST_DEBUG",
    "GST_PLUGIN_PATH",
    "GST_PLUGIN_PATH_1_0",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_unsetenv (names[i]);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
}

/**
 * floe_guard_tighten_settings:
 * @settings: of the screen
 *
 * Switches off the keys and memories of GTK that a terminal has no use for.
 */
void
floe_guard_tighten_settings (GtkSettings *settings)
{
  g_object_set (settings, "gtk-menu-bar-accel", "", "gtk-recent-files-enabled", FALSE,
                "gtk-enable-event-sounds", FALSE, NULL);
}
