/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FloeVisitKind:
 * @FLOE_VISIT_LOGIN: they logged in
 * @FLOE_VISIT_CONNECT: they were told how to open a desktop
 */
typedef enum
{
  FLOE_VISIT_LOGIN,
  FLOE_VISIT_CONNECT,
  FLOE_N_VISIT_KINDS
} FloeVisitKind;

/**
 * FloeVisitPhase:
 * @FLOE_PHASE_DIRECTORY: until the directory, or whoever checked a ticket, had answered
 * @FLOE_PHASE_GROUPS: until their groups were known
 * @FLOE_PHASE_ENGINES: until they were logged in at engines, too
 * @FLOE_PHASE_STORE: until it was recorded
 * @FLOE_PHASE_CLAIM: until a desktop was theirs, or they stood in line
 * @FLOE_PHASE_QUEUE: in a pool's line
 * @FLOE_PHASE_WAIT: in a host's line of starts
 * @FLOE_PHASE_START: until the domain ran
 * @FLOE_PHASE_GUEST: until its guest was ready
 * @FLOE_PHASE_TICKET: until the host took the ticket
 * @FLOE_PHASE_PICTURE: until the first picture was there, as their client said; not in the total,
 *   which ends when they were told how to open it
 * @FLOE_PHASE_TOTAL: all of it, as they saw it
 *
 * Where the time went: the first four of a log-in, the others of a connect. In the metrics the
 * groups belong to the directory.
 */
typedef enum
{
  FLOE_PHASE_DIRECTORY,
  FLOE_PHASE_GROUPS,
  FLOE_PHASE_ENGINES,
  FLOE_PHASE_STORE,
  FLOE_PHASE_CLAIM,
  FLOE_PHASE_QUEUE,
  FLOE_PHASE_WAIT,
  FLOE_PHASE_START,
  FLOE_PHASE_GUEST,
  FLOE_PHASE_TICKET,
  FLOE_PHASE_PICTURE,
  FLOE_PHASE_TOTAL,
  FLOE_N_PHASES
} FloeVisitPhase;

const gchar *floe_visit_phase_name (FloeVisitPhase phase);

/**
 * FloeVisit:
 * @user_id: whose
 * @kind: what they did
 * @at: when it had succeeded, microseconds since 1970 UTC
 * @pool: (nullable): of a connect: to a desktop of which pool
 * @desktop: (nullable): and which one, by its name
 * @desktop_id: (nullable): likewise; not kept
 * @took: how long each phase took, microseconds; 0 for one that there was not
 *
 * How somebody's last log-in, or the last way to a desktop, went.
 */
typedef struct
{
  gchar *user_id;
  FloeVisitKind kind;
  gint64 at;
  gchar *pool;
  gchar *desktop;
  gchar *desktop_id;
  gint64 took[FLOE_N_PHASES];
} FloeVisit;

FloeVisit *floe_visit_new (const gchar *user_id, FloeVisitKind kind, gint64 at);
FloeVisit *floe_visit_copy (const FloeVisit *self);
void floe_visit_free (FloeVisit *self);
gchar *floe_visit_pack (const FloeVisit *self);
void floe_visit_unpack (FloeVisit *self, const gchar *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeVisit, floe_visit_free)

G_END_DECLS
