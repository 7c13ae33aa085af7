/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/http-head.h"
#include "core/secret.h"

G_BEGIN_DECLS

/* A browser keeps its token in a cookie that no script reads. It is taken only of a request that
 * says so in a field, which a page of somebody else's cannot send: to do so it would have to ask
 * first, and the broker allows that to nobody (CORS). */

gboolean floe_cookie_read (const FloeHttpHead *head, gboolean *in_cookie, FloeSecret **token,
                           FloeProblem **problem);
FloeSecret *floe_cookie_write (const FloeSecret *token);

G_END_DECLS
