/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/transition.h"

G_BEGIN_DECLS

gboolean floe_terminal_end_certificate (FloeTx *tx, const FloeTerminal *terminal,
                                        const FloeCause *cause, GPtrArray *changes, GError **error);
gboolean floe_terminal_end_session (FloeTx *tx, const FloeTerminal *terminal,
                                    const FloeCause *cause, GPtrArray *changes, GError **error);

G_END_DECLS
