/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/desktop.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeDesktopState:
 * @FLOE_DESKTOP_HOST_LOST: its host does not answer
 * @FLOE_DESKTOP_BROKEN: something failed and nothing is done about it
 * @FLOE_DESKTOP_MAKING: it is being made
 * @FLOE_DESKTOP_RESETTING: it is being reset or removed
 * @FLOE_DESKTOP_MOVING: it is on its way to another host
 * @FLOE_DESKTOP_LENT: it is somebody's
 * @FLOE_DESKTOP_REFUSED: it is not fit to be lent, or gone from its host
 * @FLOE_DESKTOP_DIRTY: it waits for its reset
 * @FLOE_DESKTOP_RESTING: it is left alone for a while after a failure
 * @FLOE_DESKTOP_STOPPING: it is being stopped
 * @FLOE_DESKTOP_STARTING: it can be lent and is on its way
 * @FLOE_DESKTOP_READY: it can be lent and runs
 * @FLOE_DESKTOP_OFF: it can be lent and does not run
 *
 * Each desktop counts for the first of these that fits it.
 */
typedef enum
{
  FLOE_DESKTOP_HOST_LOST,
  FLOE_DESKTOP_BROKEN,
  FLOE_DESKTOP_MAKING,
  FLOE_DESKTOP_RESETTING,
  FLOE_DESKTOP_MOVING,
  FLOE_DESKTOP_LENT,
  FLOE_DESKTOP_REFUSED,
  FLOE_DESKTOP_DIRTY,
  FLOE_DESKTOP_RESTING,
  FLOE_DESKTOP_STOPPING,
  FLOE_DESKTOP_STARTING,
  FLOE_DESKTOP_READY,
  FLOE_DESKTOP_OFF,
  FLOE_N_DESKTOP_STATES,
} FloeDesktopState;

/**
 * FloePoolCount:
 * @pool: its name
 * @n: how many of its desktops are in each state
 */
typedef struct
{
  gchar *pool;
  guint n[FLOE_N_DESKTOP_STATES];
} FloePoolCount;

/**
 * FloeCensus:
 * @pools: (element-type FloePoolCount): a pool each
 * @terminals: how many there are of each #FloeTerminalState
 * @held: who is held back
 */
typedef struct
{
  GPtrArray *pools;
  gint64 terminals[FLOE_N_TERMINAL_STATES];
  FloeHeldBack held;
} FloeCensus;

/**
 * FloeCensusInput:
 * @now: microseconds since 1970 UTC
 * @holds_back: somebody may be held back
 * @limits: from when on, then
 */
typedef struct
{
  gint64 now;
  gboolean holds_back;
  FloeTryLimits limits;
} FloeCensusInput;

void floe_census_free (FloeCensus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeCensus, floe_census_free)

const gchar *floe_desktop_state_word (FloeDesktopState state);
FloeDesktopState floe_census_judge (const FloeDesktopCount *count, FloePoolKind kind);
gpointer floe_census_read (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
