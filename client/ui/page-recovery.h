/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "api/secret.h"

G_BEGIN_DECLS

/**
 * FloePageRecovery:
 *
 * Shows the recovery codes of a new second factor, which nobody sees again.
 *
 * Signal: "done".
 */
#define FLOE_TYPE_PAGE_RECOVERY (floe_page_recovery_get_type ())
G_DECLARE_FINAL_TYPE (FloePageRecovery, floe_page_recovery, FLOE, PAGE_RECOVERY, GtkScrolledWindow)

void floe_page_recovery_set_codes (FloePageRecovery *self, GPtrArray *codes);
void floe_page_recovery_take_focus (FloePageRecovery *self);

G_END_DECLS
