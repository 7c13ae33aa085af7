/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/error.h"

G_BEGIN_DECLS

/**
 * FloePostgresFailure:
 * @FLOE_POSTGRES_OK: none
 * @FLOE_POSTGRES_FAILED: it would fail again
 * @FLOE_POSTGRES_RETRY: another transaction was in the way; the same one run anew may succeed
 * @FLOE_POSTGRES_RACE: a unique index refused: maybe another one was faster, and run anew this one
 *   would see it; maybe it is wrong
 * @FLOE_POSTGRES_LOST: the connection is gone
 *
 * What became of a transaction, for whoever decides whether to run it again.
 */
typedef enum
{
  FLOE_POSTGRES_OK,
  FLOE_POSTGRES_FAILED,
  FLOE_POSTGRES_RETRY,
  FLOE_POSTGRES_RACE,
  FLOE_POSTGRES_LOST,
} FloePostgresFailure;

FloeError floe_postgres_error_code (const gchar *sqlstate, const gchar **reason);
FloePostgresFailure floe_postgres_error_failure (const gchar *sqlstate);

G_END_DECLS
