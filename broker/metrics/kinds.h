/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "metrics/metric.h"

G_BEGIN_DECLS

/**
 * FloeObserved:
 *
 * What a #FloeObserver tells, in the order of floe_observed_kinds().
 */
typedef enum
{
  FLOE_OBSERVED_BUILD,
  FLOE_OBSERVED_DESKTOP_SECONDS,
  FLOE_OBSERVED_LOGIN_SECONDS,
  FLOE_OBSERVED_ACTIONS,
  FLOE_OBSERVED_FAILURES,
  FLOE_OBSERVED_REQUESTS,
  FLOE_OBSERVED_LINE,
  FLOE_OBSERVED_JOBS,
  FLOE_OBSERVED_LEADING,
  FLOE_OBSERVED_HOST_UP,
  FLOE_OBSERVED_DIRECTORY_UP,
  FLOE_OBSERVED_DOUBTED,
  FLOE_OBSERVED_QUEUED,
  FLOE_OBSERVED_OVERDUE,
  FLOE_OBSERVED_TIMED_OUT,
  FLOE_N_OBSERVED,
} FloeObserved;

const FloeMetricKind *floe_observed_kinds (void);

G_END_DECLS
