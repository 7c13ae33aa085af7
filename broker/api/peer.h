/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "api/http-head.h"
#include "core/identity.h"

G_BEGIN_DECLS

FloeCaller *floe_peer_read (const FloeHttpHead *head, const gchar *remote, FloeProblem **problem);

G_END_DECLS
