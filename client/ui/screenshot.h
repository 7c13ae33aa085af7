/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeScreenshotFunc:
 * @error: (nullable): why the picture was not kept; %NULL when it was, or nobody wanted it
 * @user_data: of floe_screenshot_offer()
 */
typedef void (*FloeScreenshotFunc) (const GError *error, gpointer user_data);

void floe_screenshot_offer (GtkWindow *parent, GdkPixbuf *picture, const gchar *title,
                            FloeScreenshotFunc func, gpointer user_data);
gchar *floe_screenshot_name (const gchar *title, GDateTime *at);

G_END_DECLS
