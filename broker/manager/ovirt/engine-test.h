/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool.h"
#include "manager/ovirt/engine-client.h"
#include "util/report.h"

G_BEGIN_DECLS

/**
 * FloeEngineTest:
 * @settings: of the engine
 * @pools: (nullable) (element-type FloePool): all that the broker has; %NULL where they cannot be
 *   read
 * @has_key: people's tokens there can be kept
 *
 * What is tested. Borrowed for the time of a call.
 */
typedef struct
{
  const FloeEngineSettings *settings;
  GPtrArray *pools;
  gboolean has_key;
} FloeEngineTest;

gboolean floe_engine_test_run (const FloeEngineTest *test, FloeReportPrint print, gpointer data);

G_END_DECLS
