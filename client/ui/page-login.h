/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "api/secret.h"

G_BEGIN_DECLS

/**
 * FloePageLogin:
 *
 * Asks who it is.
 *
 * Signals: "begun" () when somebody begins to type a password; "log-in" (const gchar *name,
 * #FloeSecret password), whose entry is emptied by floe_page_login_clear_password() and not before,
 * so that a server that is out of reach costs nobody their typing; "log-in-with-ticket" (), where
 * floe_page_login_set_ticket() offers it; "cancel" () while it is busy; "other-server" ().
 */
#define FLOE_TYPE_PAGE_LOGIN (floe_page_login_get_type ())
G_DECLARE_FINAL_TYPE (FloePageLogin, floe_page_login, FLOE, PAGE_LOGIN, GtkScrolledWindow)

void floe_page_login_set_server (FloePageLogin *self, const gchar *name);
void floe_page_login_set_one_server (FloePageLogin *self, gboolean one);
void floe_page_login_set_user (FloePageLogin *self, const gchar *name);
void floe_page_login_set_domains (FloePageLogin *self, const gchar *const *domains,
                                  const gchar *chosen, gboolean may_choose);
const gchar *floe_page_login_get_domain (FloePageLogin *self);
void floe_page_login_set_announcements (FloePageLogin *self, GPtrArray *list);
void floe_page_login_set_ticket (FloePageLogin *self, const gchar *owner);
void floe_page_login_set_busy (FloePageLogin *self, gboolean busy);
void floe_page_login_set_settings (FloePageLogin *self, GSettings *settings);
void floe_page_login_set_parts (FloePageLogin *self, const gchar *const *parts);
void floe_page_login_set_problem (FloePageLogin *self, const gchar *text);
void floe_page_login_clear_password (FloePageLogin *self);
void floe_page_login_lock_down (FloePageLogin *self);
gboolean floe_page_login_is_blank (FloePageLogin *self);
void floe_page_login_take_focus (FloePageLogin *self);

G_END_DECLS
