/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/routes-parts.h"

G_BEGIN_DECLS

void floe_api_do_once (FloeApi *api, FloeExchange *exchange);

G_END_DECLS
