/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/servers.h"

G_BEGIN_DECLS

/**
 * FloePageServer:
 *
 * Asks which server to use.
 *
 * Signals: "chosen" (const gchar *text, const gchar *ca_file) with what was typed, as it was typed,
 * and a file or %NULL; "forgotten" (const gchar *url).
 */
#define FLOE_TYPE_PAGE_SERVER (floe_page_server_get_type ())
G_DECLARE_FINAL_TYPE (FloePageServer, floe_page_server, FLOE, PAGE_SERVER, GtkScrolledWindow)

void floe_page_server_set_servers (FloePageServer *self, GPtrArray *servers);
void floe_page_server_set_server (FloePageServer *self, const FloeServer *server);
void floe_page_server_set_problem (FloePageServer *self, const gchar *text);
void floe_page_server_lock_down (FloePageServer *self);
void floe_page_server_take_focus (FloePageServer *self);

G_END_DECLS
