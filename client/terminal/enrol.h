/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "terminal/fleet.h"
#include "terminal/key.h"

G_BEGIN_DECLS

gchar *floe_enrol_make_body (const gchar *code);

G_END_DECLS
