/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/notice.h"

G_BEGIN_DECLS

/**
 * FloePageMessage:
 *
 * What happened, and what to do about it: in the place of every error dialog.
 *
 * Signal: "remedy" (#FloeRemedy).
 */
#define FLOE_TYPE_PAGE_MESSAGE (floe_page_message_get_type ())
G_DECLARE_FINAL_TYPE (FloePageMessage, floe_page_message, FLOE, PAGE_MESSAGE, GtkScrolledWindow)

void floe_page_message_show_notice (FloePageMessage *self, const FloeNotice *notice,
                                    FloeRemedy second, const gchar *server);
void floe_page_message_lock_down (FloePageMessage *self);
void floe_page_message_set_note (FloePageMessage *self, const gchar *text);
void floe_page_message_take_focus (FloePageMessage *self);

G_END_DECLS
