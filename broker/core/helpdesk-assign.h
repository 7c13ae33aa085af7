/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk-transactions.h"

G_BEGIN_DECLS

gpointer floe_helpdesk_record_assignment (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
