/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/gate.h"
#include "api/link.h"
#include "core/clock.h"

G_BEGIN_DECLS

/**
 * FLOE_INTAKE_SECONDS:
 *
 * How long a request may take to arrive, head and body together.
 */
#define FLOE_INTAKE_SECONDS 15

/**
 * FloeIntake:
 *
 * Reads the one request of a connection, strictly and within %FLOE_INTAKE_SECONDS.
 */
typedef struct _FloeIntake FloeIntake;

/**
 * FloeIntakeDone:
 * @link: (transfer full): the connection
 * @request: (transfer full) (nullable): the request
 * @problem: (transfer full) (nullable): why there is none; both are %NULL when the peer went away
 *   or took too long, and there is nobody to answer
 * @data: user data
 *
 * Called once. The intake is freed before.
 */
typedef void (*FloeIntakeDone) (FloeLink *link, FloeRequest *request, FloeProblem *problem,
                                gpointer data);

FloeIntake *floe_intake_start (FloeLink *link, const FloeGate *gate, FloeClock *clock,
                               FloeIntakeDone done, gpointer data);
void floe_intake_cancel (FloeIntake *self);

G_END_DECLS
