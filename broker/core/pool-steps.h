/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool-hosts.h"
#include "core/revision-jobs.h"

G_BEGIN_DECLS

/*
 * The steps of a plan that are about images of templates.
 */

void floe_pool_steps_run (FloeRevisionJobs *jobs, FloePoolHosts *hosts,
                          const FloePoolPicture *picture, const FloeStep *step);

G_END_DECLS
