/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/page-code.h"
#include "ui/page-display.h"
#include "ui/page-factor.h"
#include "ui/page-login.h"
#include "ui/page-message.h"
#include "ui/page-password.h"
#include "ui/page-pools.h"
#include "ui/page-progress.h"
#include "ui/page-recovery.h"
#include "ui/page-server.h"
#include "ui/page-settings.h"

G_BEGIN_DECLS

typedef enum
{
  FLOE_VIEW_SERVER,
  FLOE_VIEW_LOGIN,
  FLOE_VIEW_PASSWORD,
  FLOE_VIEW_FACTOR,
  FLOE_VIEW_RECOVERY,
  FLOE_VIEW_CODE,
  FLOE_VIEW_POOLS,
  FLOE_VIEW_PROGRESS,
  FLOE_VIEW_DISPLAY,
  FLOE_VIEW_MESSAGE,
  FLOE_VIEW_SETTINGS,
} FloeView;

/**
 * FloeQuestion:
 * @topic: what it is about, for the signal's detail
 * @title: the question, a few words
 * @text: what a yes means here
 * @no: label of the button that changes nothing, with a mnemonic
 * @yes: of the other one
 */
typedef struct
{
  const gchar *topic;
  const gchar *title;
  const gchar *text;
  const gchar *no;
  const gchar *yes;
} FloeQuestion;

/**
 * FloeWindow:
 *
 * The one window: a header bar and the stack of pages. It knows how things look, and leaves what
 * happens to #FloeFlow.
 *
 * Signal: "answered::TOPIC" (gboolean yes) to floe_window_ask().
 */
#define FLOE_TYPE_WINDOW (floe_window_get_type ())
G_DECLARE_FINAL_TYPE (FloeWindow, floe_window, FLOE, WINDOW, GtkApplicationWindow)

FloeWindow *floe_window_new (GtkApplication *application);

void floe_window_show_view (FloeWindow *self, FloeView page);
FloeView floe_window_get_view (FloeWindow *self);
void floe_window_set_title (FloeWindow *self, const gchar *title, const gchar *subtitle);
void floe_window_set_can_go_back (FloeWindow *self, gboolean can);
void floe_window_set_keys (FloeWindow *self, const FloeHotkey *fullscreen,
                           const FloeHotkey *attention);
void floe_window_lock_down (FloeWindow *self);
gboolean floe_window_is_locked_down (FloeWindow *self);
void floe_window_ask (FloeWindow *self, const FloeQuestion *question);
void floe_window_add_bar (FloeWindow *self, GtkWidget *bar);
void floe_window_warn (FloeWindow *self, const gchar *text);

FloePageServer *floe_window_get_server_page (FloeWindow *self);
FloePageLogin *floe_window_get_login_page (FloeWindow *self);
FloePagePassword *floe_window_get_password_page (FloeWindow *self);
FloePageFactor *floe_window_get_factor_page (FloeWindow *self);
FloePageRecovery *floe_window_get_recovery_page (FloeWindow *self);
FloePageCode *floe_window_get_code_page (FloeWindow *self);
FloePagePools *floe_window_get_pools_page (FloeWindow *self);
FloePageProgress *floe_window_get_progress_page (FloeWindow *self);
FloePageDisplay *floe_window_get_display_page (FloeWindow *self);
FloePageMessage *floe_window_get_message_page (FloeWindow *self);
FloePageSettings *floe_window_get_settings_page (FloeWindow *self);

G_END_DECLS
