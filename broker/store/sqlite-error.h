/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/error.h"

FloeError floe_sqlite_error_code (gint result, const gchar **reason);
