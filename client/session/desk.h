/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker.h"
#include "session/log-tap.h"
#include "session/session.h"

G_BEGIN_DECLS

/**
 * FloeDeskState:
 * @FLOE_DESK_ASKING: the broker is asked for a desktop
 * @FLOE_DESK_QUEUED: it is on its way: floe_desk_get_request() says how far
 * @FLOE_DESK_OPENING: the session connects
 * @FLOE_DESK_SHOWING: the guest's picture is there
 * @FLOE_DESK_ASKING_WHY: the picture was lost, and the broker is asked why
 * @FLOE_DESK_PAUSED: something did not answer, and is tried again after a while
 * @FLOE_DESK_STOPPED: over for good: floe_desk_get_stop() says why
 */
typedef enum
{
  FLOE_DESK_ASKING,
  FLOE_DESK_QUEUED,
  FLOE_DESK_OPENING,
  FLOE_DESK_SHOWING,
  FLOE_DESK_ASKING_WHY,
  FLOE_DESK_PAUSED,
  FLOE_DESK_STOPPED,
} FloeDeskState;

/**
 * FloeStop:
 * @error: (nullable): the broker's refusal, of #FLOE_CLIENT_ERROR
 * @desktop: (nullable): what the broker says about how the desktop's session ended
 * @cause: how the SPICE session ended, or %FLOE_END_NONE if there was none
 * @detail: (nullable): the SPICE library's own words, English
 *
 * Why a desk stopped. With @error or @desktop set those tell it; otherwise @cause does, and
 * %FLOE_END_ASKED there means that it was asked to.
 */
typedef struct
{
  GError *error;
  FloeDesktop *desktop;
  FloeEndCause cause;
  gchar *detail;
} FloeStop;

/**
 * FloeDesk:
 *
 * A person's way to one desktop and their stay there: asking for it, waiting for it, the SPICE
 * session, and coming back after an accident with a fresh ticket, and with a fresh token if the
 * log-in has run out meanwhile.
 *
 * Signals: "changed" () whenever the state or anything that describes it did; "display-ready"
 * (#FloeSession, guint channel_id, guint monitor_id) once for each session; "news" () when the
 * broker said something about the desktop while its picture is there; "message" (#FloeMessage) when
 * the helpdesk did, perhaps not for the first time; "shadow" () when somebody of the helpdesk asks
 * to look, or what became of that: see floe_desk_get_shadow(); "refused" (#GError) when what
 * floe_desk_act() asked for was not done.
 */
#define FLOE_TYPE_DESK (floe_desk_get_type ())
G_DECLARE_FINAL_TYPE (FloeDesk, floe_desk, FLOE, DESK, GObject)

FloeDesk *floe_desk_new (FloeBroker *broker, const gchar *pool, FloeLogTap *tap);
void floe_desk_set_wish (FloeDesk *self, const FloeConnectWish *wish);
void floe_desk_set_reduced_effects (FloeDesk *self, gboolean reduced);
void floe_desk_set_maker (FloeDesk *self, FloeSessionMaker maker);
void floe_desk_set_second (FloeDesk *self, guint second_ms);

void floe_desk_start (FloeDesk *self);
void floe_desk_retry_now (FloeDesk *self);
void floe_desk_stop (FloeDesk *self);
gboolean floe_desk_may (FloeDesk *self, const gchar *action);
void floe_desk_act (FloeDesk *self, const gchar *action);

FloeDeskState floe_desk_get_state (FloeDesk *self);
gboolean floe_desk_was_showing (FloeDesk *self);
const gchar *floe_desk_get_pool (FloeDesk *self);
const gchar *floe_desk_get_title (FloeDesk *self);
const gchar *floe_desk_get_host_name (FloeDesk *self);
gboolean floe_desk_keeps_data (FloeDesk *self);
guint floe_desk_get_attempt (FloeDesk *self);
const FloeConnectRequest *floe_desk_get_request (FloeDesk *self);
const FloeStop *floe_desk_get_stop (FloeDesk *self);
const FloeDesktop *floe_desk_get_news (FloeDesk *self);
const FloeShadow *floe_desk_get_shadow (FloeDesk *self);
void floe_desk_answer_shadow (FloeDesk *self, gboolean allow);
void floe_desk_end_shadow (FloeDesk *self);
void floe_desk_note_input (FloeDesk *self);
FloeSession *floe_desk_get_session (FloeDesk *self);

G_END_DECLS
