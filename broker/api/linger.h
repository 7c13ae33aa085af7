/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/link.h"
#include "core/clock.h"

G_BEGIN_DECLS

void floe_linger_start (FloeLink *link, FloeClock *clock);

G_END_DECLS
