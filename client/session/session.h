/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/types.h"
#include "session/cause.h"
#include "session/log-tap.h"
#include "session/quality.h"

G_BEGIN_DECLS

/* Of gdk-pixbuf, which nobody needs who only opens a session. */
typedef struct _GdkPixbuf GdkPixbuf;

/**
 * FloeSessionState:
 * @FLOE_SESSION_CONNECTING: made, or on its way to the host
 * @FLOE_SESSION_OPEN: authenticated
 * @FLOE_SESSION_PICTURE: the guest's picture is there
 * @FLOE_SESSION_ENDED: over for good; a further attempt takes a new #FloeSession
 */
typedef enum
{
  FLOE_SESSION_CONNECTING,
  FLOE_SESSION_OPEN,
  FLOE_SESSION_PICTURE,
  FLOE_SESSION_ENDED,
} FloeSessionState;

/**
 * FloeSession:
 *
 * One session with a display from its first connect to its end, whatever the display speaks. It
 * ends exactly once, by itself or by floe_session_end().
 *
 * Signals: "state-changed" (); "display-ready" (guint channel_id, guint monitor_id) once the
 * display and its first monitor exist, which is when a display widget may be made for it; "ended"
 * (#FloeEndCause, const gchar *detail) last of all, always from the main loop, so that a handler
 * may drop the session; the detail is English, for the helpdesk, and may be empty.
 */
#define FLOE_TYPE_SESSION (floe_session_get_type ())
G_DECLARE_DERIVABLE_TYPE (FloeSession, floe_session, FLOE, SESSION, GObject)

/**
 * FloeSessionClass:
 * @open: begins to connect; whatever comes of it is told by the functions of session-impl.h
 * @close: lets the host go; called once at most, perhaps in the middle of the host's own events
 * @watch: (nullable): from now on, and no more as before, a host that says nothing for so long is
 * to be noticed, and told by floe_session_fall_silent()
 * @measure: (nullable): what the connections know of the network now
 * @capture: (nullable): a copy of the first screen; %NULL for none
 * @press_key: (nullable): presses or releases a key, by its scan code of set 1, with 0x100 for
 * those behind E0
 * @move_pointer: (nullable): to a place on the first screen, with the buttons that are down
 * @press_button: (nullable): presses or releases one of %FLOE_BUTTON_LEFT to %FLOE_BUTTON_DOWN
 *
 * What differs from one kind of display to another.
 */
struct _FloeSessionClass
{
  GObjectClass parent_class;

  void (*open) (FloeSession *self);
  void (*close) (FloeSession *self);
  void (*watch) (FloeSession *self, guint silence_ms);
  void (*measure) (FloeSession *self, FloeQualitySample *sample);
  GdkPixbuf *(*capture) (FloeSession *self);
  void (*press_key) (FloeSession *self, guint code, gboolean down);
  void (*move_pointer) (FloeSession *self, gint x, gint y, guint buttons);
  void (*press_button) (FloeSession *self, guint button, gboolean down, guint buttons);
};

/* The buttons of a pointer. In a set of them each is the bit (1 << button - 1). */
#define FLOE_BUTTON_LEFT   1
#define FLOE_BUTTON_MIDDLE 2
#define FLOE_BUTTON_RIGHT  3
#define FLOE_BUTTON_UP     4
#define FLOE_BUTTON_DOWN   5

/**
 * FloeSessionMaker:
 * @connection: what the broker handed out; not needed afterwards
 * @tap: (nullable): where the reasons of failed certificate checks are heard
 *
 * Returns: (transfer full): a session that has not begun, for the kind of display that it is
 */
typedef FloeSession *(*FloeSessionMaker) (const FloeConnection *connection, FloeLogTap *tap);

/* How long an open display may say nothing until its first picture, by default. */
#define FLOE_SESSION_PICTURE_MS 15000

void floe_session_set_limits (FloeSession *self, guint open_ms, guint picture_ms);
void floe_session_set_silence (FloeSession *self, guint silence_ms);

void floe_session_start (FloeSession *self);
void floe_session_end (FloeSession *self);

FloeSessionState floe_session_get_state (FloeSession *self);
FloeEndCause floe_session_get_cause (FloeSession *self);
const FloePolicy *floe_session_get_policy (FloeSession *self);
void floe_session_measure (FloeSession *self, FloeQualitySample *sample);
GdkPixbuf *floe_session_capture (FloeSession *self);
void floe_session_press_key (FloeSession *self, guint code, gboolean down);
void floe_session_move_pointer (FloeSession *self, gint x, gint y, guint buttons);
void floe_session_press_button (FloeSession *self, guint button, gboolean down, guint buttons);

G_END_DECLS
