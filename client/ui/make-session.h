/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/session.h"

G_BEGIN_DECLS

FloeSession *floe_make_session (const FloeConnection *connection, FloeLogTap *tap);

G_END_DECLS
