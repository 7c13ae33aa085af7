/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window.h"

G_BEGIN_DECLS

/* The window is one object in two files: its pages (window.c), and what keys and menus do to the
 * desktop that is seen (window-actions.c). */

struct _FloeWindow
{
  GtkApplicationWindow parent_instance;

  GtkWidget *header;
  GtkWidget *back_button;
  GtkWidget *fullscreen_button;
  GtkWidget *screenshot_button;
  GtkWidget *keys_button;
  GtkWidget *status;
  GtkWidget *menu_button;
  GtkWidget *stack;
  GtkWidget *below;
  GtkWidget *server_page;
  GtkWidget *login_page;
  GtkWidget *password_page;
  GtkWidget *factor_page;
  GtkWidget *recovery_page;
  GtkWidget *code_page;
  GtkWidget *pools_page;
  GtkWidget *progress_page;
  GtkWidget *display_page;
  GtkWidget *message_page;
  GtkWidget *settings_page;
  GtkWidget *question;
  GtkWidget *question_title;
  GtkWidget *question_label;
  GtkWidget *question_no;
  GtkWidget *question_yes;
  GQuark question_topic;
  GtkWidget *warning;
  GtkWidget *warning_label;
  GMenuModel *desktop_menu;
  GMenuModel *person_menu;
  GMenuModel *plain_menu;
  GMenu *monitors_section; /* of the desktop menu */
  GMenuModel *monitors;    /* what is in it; only ever compared */

  FloeView page;
  gboolean fullscreen;
  FloeHotkey fullscreen_keys; /* all zero for the usual ones */
  FloeHotkey attention_keys;  /* all zero for none */
  gboolean locked_down;
};

/* window.c */
void floe_window_take_focus (FloeWindow *self);
void floe_window_answer (FloeWindow *self, gboolean yes);

/* window-actions.c */
void floe_window_add_actions (FloeWindow *self);
void floe_window_offer_extras (FloeWindow *self, gboolean offer);
gboolean floe_window_may_save (FloeWindow *self);

G_END_DECLS
