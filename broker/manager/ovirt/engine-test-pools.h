/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-trial.h"

G_BEGIN_DECLS

void floe_engine_test_pools (FloeEngineTrial *trial, const FloeEngineTest *test);

G_END_DECLS
