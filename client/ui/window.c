/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/window-private.h"

#include <glib/gi18n.h>

#include "ui/display-menus.h"
#include "ui/display-status.h"

enum
{
  SIGNAL_ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeWindow, floe_window, GTK_TYPE_APPLICATION_WINDOW)

void
floe_window_take_focus (FloeWindow *self)
{
  switch (self->page)
    {
    case FLOE_VIEW_SERVER:
      floe_page_server_take_focus (FLOE_PAGE_SERVER (self->server_page));
      break;
    case FLOE_VIEW_LOGIN:
      floe_page_login_take_focus (FLOE_PAGE_LOGIN (self->login_page));
      break;
    case FLOE_VIEW_PASSWORD:
      floe_page_password_take_focus (FLOE_PAGE_PASSWORD (self->password_page));
      break;
    case FLOE_VIEW_FACTOR:
      floe_page_factor_take_focus (FLOE_PAGE_FACTOR (self->factor_page));
      break;
    case FLOE_VIEW_RECOVERY:
      floe_page_recovery_take_focus (FLOE_PAGE_RECOVERY (self->recovery_page));
      break;
    case FLOE_VIEW_CODE:
      floe_page_code_take_focus (FLOE_PAGE_CODE (self->code_page));
      break;
    case FLOE_VIEW_POOLS:
      floe_page_pools_take_focus (FLOE_PAGE_POOLS (self->pools_page));
      break;
    case FLOE_VIEW_PROGRESS:
      floe_page_progress_take_focus (FLOE_PAGE_PROGRESS (self->progress_page));
      break;
    case FLOE_VIEW_DISPLAY:
      floe_page_display_take_focus (FLOE_PAGE_DISPLAY (self->display_page));
      break;
    case FLOE_VIEW_MESSAGE:
      floe_page_message_take_focus (FLOE_PAGE_MESSAGE (self->message_page));
      break;
    case FLOE_VIEW_SETTINGS:
      floe_page_settings_take_focus (FLOE_PAGE_SETTINGS (self->settings_page));
      break;
    default:
      break;
    }
}

static void
update_header (FloeWindow *self)
{
  gboolean display = self->page == FLOE_VIEW_DISPLAY;
  GMenuModel *menu = self->plain_menu;

  if (display)
    menu = self->desktop_menu;
  else if (self->page == FLOE_VIEW_POOLS)
    menu = self->person_menu;
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->menu_button), menu);
  gtk_widget_set_visible (self->fullscreen_button, display);
  gtk_widget_set_visible (self->screenshot_button, display && floe_window_may_save (self));
  gtk_widget_set_visible (self->keys_button, display);
  gtk_widget_set_visible (self->status, display);
}

static GtkWidget *
widget_of (FloeWindow *self, FloeView page)
{
  switch (page)
    {
    case FLOE_VIEW_LOGIN:
      return self->login_page;
    case FLOE_VIEW_PASSWORD:
      return self->password_page;
    case FLOE_VIEW_FACTOR:
      return self->factor_page;
    case FLOE_VIEW_RECOVERY:
      return self->recovery_page;
    case FLOE_VIEW_CODE:
      return self->code_page;
    case FLOE_VIEW_POOLS:
      return self->pools_page;
    case FLOE_VIEW_PROGRESS:
      return self->progress_page;
    case FLOE_VIEW_DISPLAY:
      return self->display_page;
    case FLOE_VIEW_MESSAGE:
      return self->message_page;
    case FLOE_VIEW_SETTINGS:
      return self->settings_page;
    case FLOE_VIEW_SERVER:
    default:
      return self->server_page;
    }
}

/* On the way to a desktop nothing is blended: it would cost the time in which it is opened. */
static GtkStackTransitionType
transition_between (FloeView from, FloeView to)
{
  gboolean waits =
      from == FLOE_VIEW_PROGRESS || to == FLOE_VIEW_PROGRESS || to == FLOE_VIEW_DISPLAY;

  return waits ? GTK_STACK_TRANSITION_TYPE_NONE : GTK_STACK_TRANSITION_TYPE_CROSSFADE;
}

/**
 * floe_window_show_view:
 * @self: the window
 * @page: the page to be seen
 *
 * Also moves the focus there, if it was not seen already.
 */
void
floe_window_show_view (FloeWindow *self, FloeView page)
{
  GtkWidget *widget;

  g_return_if_fail (FLOE_IS_WINDOW (self));

  widget = widget_of (self, page);
  if (self->page == page && gtk_stack_get_visible_child (GTK_STACK (self->stack)) == widget)
    return;
  gtk_stack_set_transition_type (GTK_STACK (self->stack), transition_between (self->page, page));
  self->page = page;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->question), FALSE);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), widget);
  if (page != FLOE_VIEW_PROGRESS)
    floe_page_progress_rest (FLOE_PAGE_PROGRESS (self->progress_page));
  update_header (self);
  gtk_widget_set_visible (self->below, page != FLOE_VIEW_DISPLAY);
  if (self->locked_down && page == FLOE_VIEW_DISPLAY)
    floe_page_display_set_fullscreen (FLOE_PAGE_DISPLAY (self->display_page), TRUE);
  floe_window_take_focus (self);
}

FloeView
floe_window_get_view (FloeWindow *self)
{
  g_return_val_if_fail (FLOE_IS_WINDOW (self), FLOE_VIEW_SERVER);

  return self->page;
}

/**
 * floe_window_set_title:
 * @self: the window
 * @title: what is shown
 * @subtitle: (nullable): where
 */
void
floe_window_set_title (FloeWindow *self, const gchar *title, const gchar *subtitle)
{
  g_return_if_fail (FLOE_IS_WINDOW (self));

  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_header_bar_set_title (GTK_HEADER_BAR (self->header), title);
  gtk_header_bar_set_subtitle (GTK_HEADER_BAR (self->header), subtitle);
}

void
floe_window_set_can_go_back (FloeWindow *self, gboolean can)
{
  g_return_if_fail (FLOE_IS_WINDOW (self));

  gtk_widget_set_visible (self->back_button, can);
}

/**
 * floe_window_ask:
 * @self: the window
 * @question: what is asked
 *
 * Asks inside the window; "answered" tells. A further question takes the place of one that nobody
 * has answered.
 */
void
floe_window_ask (FloeWindow *self, const FloeQuestion *question)
{
  g_return_if_fail (FLOE_IS_WINDOW (self));

  self->question_topic = g_quark_from_string (question->topic);
  gtk_label_set_text (GTK_LABEL (self->question_title), question->title);
  gtk_label_set_text (GTK_LABEL (self->question_label), question->text);
  gtk_button_set_label (GTK_BUTTON (self->question_no), question->no);
  gtk_button_set_label (GTK_BUTTON (self->question_yes), question->yes);
  gtk_widget_show (self->question);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->question), TRUE);
  gtk_widget_grab_focus (self->question_no);
}

/**
 * floe_window_warn:
 * @self: the window
 * @text: (nullable): what is about to happen; %NULL for nothing any more
 *
 * Says it over whatever is seen.
 */
void
floe_window_warn (FloeWindow *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_WINDOW (self));

  if (text != NULL)
    gtk_label_set_text (GTK_LABEL (self->warning_label), text);
  gtk_widget_set_visible (self->warning, text != NULL);
}

/* Closed, it would still take the pointer away from what is below it. */
static void
on_question_revealed (FloeWindow *self)
{
  if (!gtk_revealer_get_child_revealed (GTK_REVEALER (self->question))
      && !gtk_revealer_get_reveal_child (GTK_REVEALER (self->question)))
    gtk_widget_hide (self->question);
}

void
floe_window_answer (FloeWindow *self, gboolean yes)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->question), FALSE);
  floe_window_take_focus (self);
  g_signal_emit (self, signals[SIGNAL_ANSWERED], self->question_topic, yes);
}

static void
on_question_no (FloeWindow *self)
{
  floe_window_answer (self, FALSE);
}

static void
on_question_yes (FloeWindow *self)
{
  floe_window_answer (self, TRUE);
}

/**
 * floe_window_new:
 * @application: whose window it is
 *
 * Returns: (transfer none): a window that is not shown yet
 */
FloeWindow *
floe_window_new (GtkApplication *application)
{
  return g_object_new (FLOE_TYPE_WINDOW, "application", application, NULL);
}

/**
 * floe_window_lock_down:
 * @self: a window that is not shown yet
 *
 * Makes it the window of a machine that has nothing else, for good: it has no frame, no menus and
 * no choosers of files, and cannot be closed. Where and how large it is, others see to.
 */
void
floe_window_lock_down (FloeWindow *self)
{
  g_return_if_fail (FLOE_IS_WINDOW (self));
  g_return_if_fail (!gtk_widget_get_realized (GTK_WIDGET (self)));

  self->locked_down = TRUE;
  self->fullscreen = TRUE;
  gtk_window_set_titlebar (GTK_WINDOW (self), NULL);
  gtk_window_set_decorated (GTK_WINDOW (self), FALSE);
  gtk_application_window_set_show_menubar (GTK_APPLICATION_WINDOW (self), FALSE);
  g_action_map_remove_action (G_ACTION_MAP (self), "fullscreen");
  g_signal_connect (self, "delete-event", G_CALLBACK (gtk_true), NULL);
  floe_page_server_lock_down (FLOE_PAGE_SERVER (self->server_page));
  floe_page_login_lock_down (FLOE_PAGE_LOGIN (self->login_page));
  floe_page_message_lock_down (FLOE_PAGE_MESSAGE (self->message_page));
  floe_page_display_lock_down (FLOE_PAGE_DISPLAY (self->display_page));
}

/**
 * floe_window_add_bar:
 * @self: the window
 * @bar: (transfer floating): what is below each page but a desktop's screen
 */
void
floe_window_add_bar (FloeWindow *self, GtkWidget *bar)
{
  g_return_if_fail (FLOE_IS_WINDOW (self));

  gtk_container_add (GTK_CONTAINER (self->below), bar);
  gtk_widget_show (bar);
}

gboolean
floe_window_is_locked_down (FloeWindow *self)
{
  g_return_val_if_fail (FLOE_IS_WINDOW (self), FALSE);

  return self->locked_down;
}

FloePageServer *
floe_window_get_server_page (FloeWindow *self)
{
  return FLOE_PAGE_SERVER (self->server_page);
}

FloePageLogin *
floe_window_get_login_page (FloeWindow *self)
{
  return FLOE_PAGE_LOGIN (self->login_page);
}

FloePagePassword *
floe_window_get_password_page (FloeWindow *self)
{
  return FLOE_PAGE_PASSWORD (self->password_page);
}

FloePageFactor *
floe_window_get_factor_page (FloeWindow *self)
{
  return FLOE_PAGE_FACTOR (self->factor_page);
}

FloePageRecovery *
floe_window_get_recovery_page (FloeWindow *self)
{
  return FLOE_PAGE_RECOVERY (self->recovery_page);
}

FloePageCode *
floe_window_get_code_page (FloeWindow *self)
{
  return FLOE_PAGE_CODE (self->code_page);
}

FloePagePools *
floe_window_get_pools_page (FloeWindow *self)
{
  return FLOE_PAGE_POOLS (self->pools_page);
}

FloePageProgress *
floe_window_get_progress_page (FloeWindow *self)
{
  return FLOE_PAGE_PROGRESS (self->progress_page);
}

FloePageDisplay *
floe_window_get_display_page (FloeWindow *self)
{
  return FLOE_PAGE_DISPLAY (self->display_page);
}

FloePageMessage *
floe_window_get_message_page (FloeWindow *self)
{
  return FLOE_PAGE_MESSAGE (self->message_page);
}

FloePageSettings *
floe_window_get_settings_page (FloeWindow *self)
{
  return FLOE_PAGE_SETTINGS (self->settings_page);
}

static void
ensure_types (void)
{
  g_type_ensure (FLOE_TYPE_PAGE_SERVER);
  g_type_ensure (FLOE_TYPE_PAGE_LOGIN);
  g_type_ensure (FLOE_TYPE_PAGE_PASSWORD);
  g_type_ensure (FLOE_TYPE_PAGE_FACTOR);
  g_type_ensure (FLOE_TYPE_PAGE_RECOVERY);
  g_type_ensure (FLOE_TYPE_PAGE_CODE);
  g_type_ensure (FLOE_TYPE_PAGE_POOLS);
  g_type_ensure (FLOE_TYPE_PAGE_PROGRESS);
  g_type_ensure (FLOE_TYPE_PAGE_DISPLAY);
  g_type_ensure (FLOE_TYPE_PAGE_MESSAGE);
  g_type_ensure (FLOE_TYPE_PAGE_SETTINGS);
  g_type_ensure (FLOE_TYPE_DISPLAY_STATUS);
}

static void
floe_window_dispose (GObject *object)
{
  g_clear_object (&FLOE_WINDOW (object)->monitors_section);
  G_OBJECT_CLASS (floe_window_parent_class)->dispose (object);
}

static void
floe_window_class_init (FloeWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  ensure_types ();
  G_OBJECT_CLASS (klass)->dispose = floe_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/window.ui");
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, header);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, fullscreen_button);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, screenshot_button);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, keys_button);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, status);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, below);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, server_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, login_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, password_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, factor_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, recovery_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, code_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, pools_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, progress_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, display_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, message_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, settings_page);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, question);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, question_title);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, question_label);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, question_no);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, question_yes);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, warning);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, warning_label);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, desktop_menu);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, person_menu);
  gtk_widget_class_bind_template_child (widget_class, FloeWindow, plain_menu);

  signals[SIGNAL_ANSWERED] =
      g_signal_new ("answered", FLOE_TYPE_WINDOW, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
on_display_state (FloeWindow *self)
{
  FloeDisplayState *state = floe_page_display_get_state (FLOE_PAGE_DISPLAY (self->display_page));
  GMenuModel *monitors = floe_display_state_get_monitors (state);

  floe_window_offer_extras (self, !floe_display_state_is_plain (state));
  /* an open menu would close */
  if (monitors == self->monitors)
    return;
  self->monitors = monitors;
  g_menu_remove_all (self->monitors_section);
  if (monitors != NULL)
    g_menu_append_submenu (self->monitors_section, _ ("_Monitors"), monitors);
}

/* What the header bar and its menu share with the bars in full screen. */
static void
share_display_state (FloeWindow *self)
{
  FloeDisplayState *state = floe_page_display_get_state (FLOE_PAGE_DISPLAY (self->display_page));
  g_autoptr (GMenuModel) keys = floe_display_menus_new_keys ();
  g_autoptr (GMenu) keys_section = g_menu_new ();

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->keys_button), keys);
  g_menu_append_submenu (keys_section, _ ("Send _Keys"), keys);
  self->monitors_section = g_menu_new ();
  g_menu_prepend_section (G_MENU (self->desktop_menu), NULL, G_MENU_MODEL (self->monitors_section));
  g_menu_prepend_section (G_MENU (self->desktop_menu), NULL, G_MENU_MODEL (keys_section));
  floe_display_status_set_state (FLOE_DISPLAY_STATUS (self->status), state);
  g_signal_connect_object (state, "changed", G_CALLBACK (on_display_state), self,
                           G_CONNECT_SWAPPED);
}

static void
floe_window_init (FloeWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  share_display_state (self);
  floe_window_add_actions (self);
  g_signal_connect_swapped (self->question, "notify::child-revealed",
                            G_CALLBACK (on_question_revealed), self);
  g_signal_connect_swapped (self->question_no, "clicked", G_CALLBACK (on_question_no), self);
  g_signal_connect_swapped (self->question_yes, "clicked", G_CALLBACK (on_question_yes), self);
  update_header (self);
}
