/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/error.h"
#include "core/lines.h"
#include "core/waiters.h"
#include "core/waiting-room.h"

G_BEGIN_DECLS

/* What the files of the waiting room share. */

struct _FloeWaitingRoom
{
  GObject parent_instance;

  FloeStore *store;
  FloeKeeper *keeper;
  FloeClock *clock;
  FloeLines *lines;
  FloeWaiters *waiters;
  GHashTable *starts; /* those of them who wait for a start */
  guint look;
};

/* Who waits may have left when an answer comes, so an answer knows its request by id. */
typedef struct
{
  FloeWaitingRoom *room;
  gchar *request_id;
  gchar *desktop_id;     /* (nullable): which one was looked at */
  FloeDesktop *reported; /* (nullable): as it was said to be, if there is no row any more */
} FloeWaitingVisit;

/* waiting-room-desktops.c */
void floe_waiting_room_lose (FloeWaitingRoom *self, FloeWaiter *wait);

/* waiting-room.c */
FloeWaitingVisit *floe_waiting_room_visit_new (FloeWaitingRoom *self, const FloeWaiter *wait);
void floe_waiting_room_visit_free (FloeWaitingVisit *visit);
void floe_waiting_room_fail_with (FloeWaitingRoom *self, FloeWaiter *wait, const GError *error);
void floe_waiting_room_fail (FloeWaitingRoom *self, FloeWaiter *wait, FloeError code,
                             const gchar *reason, const gchar *text);
void floe_waiting_room_give (FloeWaitingRoom *self, FloeWaiter *wait, const FloeDesktop *desktop);
void floe_waiting_room_line_up (FloeWaitingRoom *self, FloeWaiter *wait);
void floe_waiting_room_set_state (FloeWaitingRoom *self, FloeWaiter *wait, FloeRequestState state,
                                  guint place);

/* waiting-room-desktops.c */
void floe_waiting_room_claim_again (FloeWaitingRoom *self, FloeWaiter *wait);
void floe_waiting_room_set_place (FloeWaitingRoom *self, FloeWaiter *wait, const gchar *desktop_id);
gboolean floe_waiting_room_is_lost (const FloeWaiter *wait, const FloeDesktop *desktop);
void floe_waiting_room_update (FloeWaitingRoom *self, FloeWaiter *wait, const FloeDesktop *desktop);

G_END_DECLS
