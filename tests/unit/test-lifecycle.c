/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/lifecycle.h"

#define F(power, guest, console, lease, clean, intent)                                             \
  {                                                                                                \
    FLOE_POWER_##power, FLOE_GUEST_##guest, FLOE_CONSOLE_##console, FLOE_LEASE_##lease,            \
        FLOE_CLEAN_##clean, FLOE_INTENT_##intent                                                   \
  }

/* What must follow, written down independently of the table's own form. */
static const struct
{
  const gchar *name;
  FloeNature nature;
  FloeFacts before;
  FloeEvent event;
  FloeFacts after;
  FloeActions actions;
} cases[] = {
  { "claim-off", FLOE_NATURE_FLOATING, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE), FLOE_EVENT_CLAIM,
    F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_ACTION_POWER_ON | FLOE_ACTION_START_GRACE },
  { "claim-on", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, CLEAN, NONE), FLOE_EVENT_CLAIM,
    F (ON, READY, NONE, HELD, DIRTY, NONE), FLOE_ACTION_START_GRACE },
  { "claim-dedicated-dirty", FLOE_NATURE_KEPT, F (ON, READY, NONE, NONE, DIRTY, NONE),
    FLOE_EVENT_CLAIM, F (ON, READY, NONE, HELD, DIRTY, NONE), FLOE_ACTION_START_GRACE },
  { "claim-dedicated-off", FLOE_NATURE_KEPT, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_CLAIM, F (STARTING, UNKNOWN, NONE, HELD, CLEAN, START),
    FLOE_ACTION_POWER_ON | FLOE_ACTION_START_GRACE },
  { "claim-dedicated-crashed", FLOE_NATURE_KEPT, F (CRASHED, UNKNOWN, NONE, NONE, DIRTY, NONE),
    FLOE_EVENT_CLAIM, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_ACTION_POWER_ON | FLOE_ACTION_START_GRACE },
  { "claim-engine-on", FLOE_NATURE_ENGINE, F (ON, READY, NONE, NONE, RESETTING, RESET),
    FLOE_EVENT_CLAIM, F (ON, READY, NONE, HELD, DIRTY, NONE), FLOE_ACTION_START_GRACE },
  { "claim-engine-off", FLOE_NATURE_ENGINE, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_CLAIM, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_ACTION_POWER_ON | FLOE_ACTION_START_GRACE },
  { "engine-takes-back", FLOE_NATURE_ENGINE, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_POWERED_OFF, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE), FLOE_ACTION_CANCEL_GRACE },
  { "engine-takes-back-stopped", FLOE_NATURE_ENGINE, F (ON, READY, NONE, HELD, DIRTY, STOP),
    FLOE_EVENT_POWERED_OFF, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE), FLOE_ACTION_CANCEL_GRACE },
  { "engine-lost", FLOE_NATURE_ENGINE, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_HOST_LOST, F (UNKNOWN, UNKNOWN, CONNECTED, HELD, DIRTY, NONE), 0 },
  { "engine-removes", FLOE_NATURE_ENGINE, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_GONE, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE), FLOE_ACTION_CANCEL_GRACE },
  { "engine-console", FLOE_NATURE_ENGINE, F (ON, READY, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_CONSOLE_CONNECTED, F (ON, READY, CONNECTED, NONE, CLEAN, NONE), 0 },
  { "engine-start-failed", FLOE_NATURE_ENGINE, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_EVENT_START_FAILED, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE), FLOE_ACTION_CANCEL_GRACE },
  { "connect-off", FLOE_NATURE_FLOATING, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_CONNECT, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START), FLOE_ACTION_POWER_ON },
  { "connect-crashed", FLOE_NATURE_KEPT, F (CRASHED, UNKNOWN, LOST, HELD, DIRTY, NONE),
    FLOE_EVENT_CONNECT, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START), FLOE_ACTION_POWER_ON },
  { "connect-running", FLOE_NATURE_FLOATING, F (ON, READY, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_CONNECT, F (ON, READY, NONE, HELD, DIRTY, NONE), 0 },
  { "connect-starting", FLOE_NATURE_FLOATING, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_EVENT_CONNECT, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START), 0 },
  { "release", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_RELEASE, F (ON, READY, CONNECTED, NONE, RESETTING, RESET),
    FLOE_ACTION_POWER_OFF | FLOE_ACTION_CANCEL_GRACE },
  { "release-starting", FLOE_NATURE_FLOATING, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_EVENT_RELEASE, F (STARTING, UNKNOWN, NONE, NONE, RESETTING, RESET),
    FLOE_ACTION_POWER_OFF | FLOE_ACTION_CANCEL_GRACE },
  { "release-host-lost", FLOE_NATURE_FLOATING, F (UNKNOWN, UNKNOWN, LOST, HELD, DIRTY, NONE),
    FLOE_EVENT_RELEASE, F (UNKNOWN, UNKNOWN, LOST, NONE, RESETTING, RESET),
    FLOE_ACTION_POWER_OFF | FLOE_ACTION_CANCEL_GRACE },
  { "not-collected", FLOE_NATURE_KEPT, F (ON, READY, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_NOT_COLLECTED, F (ON, READY, NONE, NONE, DIRTY, NONE), FLOE_ACTION_CANCEL_GRACE },
  { "reset-due", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, DIRTY, NONE), FLOE_EVENT_RESET_DUE,
    F (ON, READY, NONE, NONE, RESETTING, RESET), FLOE_ACTION_POWER_OFF },
  { "reset-broken", FLOE_NATURE_FLOATING, F (OFF, UNKNOWN, NONE, NONE, BROKEN, NONE),
    FLOE_EVENT_RESET_DUE, F (OFF, UNKNOWN, NONE, NONE, RESETTING, RESET), FLOE_ACTION_POWER_OFF },
  { "started", FLOE_NATURE_FLOATING, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_EVENT_POWERED_ON, F (ON, BOOTING, NONE, HELD, DIRTY, NONE), 0 },
  { "on-known", FLOE_NATURE_FLOATING, F (ON, READY, NONE, HELD, DIRTY, NONE), FLOE_EVENT_POWERED_ON,
    F (ON, READY, NONE, HELD, DIRTY, NONE), 0 },
  { "on-while-resetting", FLOE_NATURE_FLOATING, F (OFF, UNKNOWN, NONE, NONE, RESETTING, RESET),
    FLOE_EVENT_POWERED_ON, F (ON, UNKNOWN, NONE, NONE, RESETTING, RESET), FLOE_ACTION_POWER_OFF },
  { "on-from-outside", FLOE_NATURE_FLOATING, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_POWERED_ON, F (ON, BOOTING, NONE, NONE, CLEAN, NONE), 0 },
  { "host-back", FLOE_NATURE_KEPT, F (UNKNOWN, UNKNOWN, LOST, HELD, DIRTY, NONE),
    FLOE_EVENT_POWERED_ON, F (ON, BOOTING, LOST, HELD, DIRTY, NONE), FLOE_ACTION_START_GRACE },
  { "reset-done", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, RESETTING, RESET),
    FLOE_EVENT_POWERED_OFF, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE), 0 },
  { "off-while-starting", FLOE_NATURE_FLOATING, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_EVENT_POWERED_OFF, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START), 0 },
  { "off-known", FLOE_NATURE_FLOATING, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_POWERED_OFF, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE), 0 },
  { "off-held", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_POWERED_OFF, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), FLOE_ACTION_START_GRACE },
  { "off-unheld", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, DIRTY, NONE),
    FLOE_EVENT_POWERED_OFF, F (OFF, UNKNOWN, NONE, NONE, DIRTY, NONE), 0 },
  { "paused", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, HELD, DIRTY, NONE), FLOE_EVENT_PAUSED,
    F (PAUSED, READY, CONNECTED, HELD, DIRTY, NONE), 0 },
  { "crashed-resetting", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, RESETTING, RESET),
    FLOE_EVENT_CRASHED, F (CRASHED, UNKNOWN, NONE, NONE, RESETTING, RESET), FLOE_ACTION_POWER_OFF },
  { "crashed-before-start", FLOE_NATURE_FLOATING, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_EVENT_CRASHED, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START), 0 },
  { "crashed-held", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_CRASHED, F (CRASHED, UNKNOWN, NONE, HELD, DIRTY, NONE), FLOE_ACTION_START_GRACE },
  { "crashed-free", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_CRASHED, F (CRASHED, UNKNOWN, NONE, NONE, DIRTY, NONE), 0 },
  { "crashed-dedicated", FLOE_NATURE_KEPT, F (ON, READY, NONE, HELD, CLEAN, NONE),
    FLOE_EVENT_CRASHED, F (CRASHED, UNKNOWN, NONE, HELD, CLEAN, NONE), FLOE_ACTION_START_GRACE },
  { "crashed-dedicated-free", FLOE_NATURE_KEPT, F (ON, READY, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_CRASHED, F (CRASHED, UNKNOWN, NONE, NONE, CLEAN, NONE), 0 },
  { "host-lost-connected", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_HOST_LOST, F (UNKNOWN, UNKNOWN, LOST, HELD, DIRTY, NONE), FLOE_ACTION_NOTE_LOST },
  { "host-lost-free", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_HOST_LOST, F (UNKNOWN, UNKNOWN, NONE, NONE, CLEAN, NONE), 0 },
  { "host-lost-resetting", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, RESETTING, RESET),
    FLOE_EVENT_HOST_LOST, F (UNKNOWN, UNKNOWN, NONE, NONE, RESETTING, RESET), 0 },
  { "gone-floating", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_GONE, F (OFF, UNKNOWN, NONE, NONE, DIRTY, NONE), FLOE_ACTION_CANCEL_GRACE },
  { "gone-dedicated", FLOE_NATURE_KEPT, F (ON, READY, CONNECTED, HELD, DIRTY, START),
    FLOE_EVENT_GONE, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), FLOE_ACTION_START_GRACE },
  { "gone-dedicated-free", FLOE_NATURE_KEPT, F (ON, READY, NONE, NONE, BROKEN, NONE),
    FLOE_EVENT_GONE, F (OFF, UNKNOWN, NONE, NONE, DIRTY, NONE), 0 },
  { "guest-ready", FLOE_NATURE_FLOATING, F (ON, BOOTING, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_GUEST_READY, F (ON, READY, NONE, HELD, DIRTY, NONE), 0 },
  { "guest-ready-late", FLOE_NATURE_FLOATING, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_GUEST_READY, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), 0 },
  { "guest-away", FLOE_NATURE_FLOATING, F (ON, READY, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_GUEST_AWAY, F (ON, BOOTING, NONE, HELD, DIRTY, NONE), 0 },
  { "guest-away-off", FLOE_NATURE_FLOATING, F (OFF, READY, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_GUEST_AWAY, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), 0 },
  { "ticket", FLOE_NATURE_FLOATING, F (ON, READY, NONE, HELD, DIRTY, NONE), FLOE_EVENT_TICKET_SET,
    F (ON, READY, CONNECTING, HELD, DIRTY, NONE), FLOE_ACTION_CANCEL_GRACE },
  { "ticket-take-over", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_TICKET_SET, F (ON, READY, CONNECTED, HELD, DIRTY, NONE), FLOE_ACTION_CANCEL_GRACE },
  { "ticket-too-late", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, RESETTING, RESET),
    FLOE_EVENT_TICKET_SET, F (ON, READY, NONE, NONE, RESETTING, RESET), FLOE_ACTION_CLOSE_DISPLAY },
  { "ticket-unused", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTING, HELD, DIRTY, NONE),
    FLOE_EVENT_TICKET_UNUSED, F (ON, READY, NONE, HELD, DIRTY, NONE), FLOE_ACTION_START_GRACE },
  { "ticket-unused-unheld", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTING, NONE, RESETTING, RESET),
    FLOE_EVENT_TICKET_UNUSED, F (ON, READY, NONE, NONE, RESETTING, RESET), 0 },
  { "ticket-used", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_TICKET_UNUSED, F (ON, READY, CONNECTED, HELD, DIRTY, NONE), 0 },
  { "console", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTING, HELD, DIRTY, NONE),
    FLOE_EVENT_CONSOLE_CONNECTED, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_ACTION_CANCEL_GRACE },
  { "console-without-lease", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_CONSOLE_CONNECTED, F (ON, READY, CONNECTED, NONE, DIRTY, NONE),
    FLOE_ACTION_CLOSE_DISPLAY },
  { "console-while-resetting", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, RESETTING, RESET),
    FLOE_EVENT_CONSOLE_CONNECTED, F (ON, READY, CONNECTED, NONE, RESETTING, RESET),
    FLOE_ACTION_CLOSE_DISPLAY },
  { "console-ended", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_CONSOLE_ENDED, F (ON, READY, NONE, HELD, DIRTY, NONE), FLOE_ACTION_START_GRACE },
  { "console-ended-unheld", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, NONE, RESETTING, RESET),
    FLOE_EVENT_CONSOLE_ENDED, F (ON, READY, NONE, NONE, RESETTING, RESET), 0 },
  { "console-ended-known", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTING, HELD, DIRTY, NONE),
    FLOE_EVENT_CONSOLE_ENDED, F (ON, READY, CONNECTING, HELD, DIRTY, NONE), 0 },
  { "start-failed", FLOE_NATURE_FLOATING, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_EVENT_START_FAILED, F (OFF, UNKNOWN, NONE, NONE, BROKEN, NONE),
    FLOE_ACTION_RETRY_LATER | FLOE_ACTION_CANCEL_GRACE },
  { "start-failed-dedicated", FLOE_NATURE_KEPT, F (STARTING, UNKNOWN, NONE, HELD, DIRTY, START),
    FLOE_EVENT_START_FAILED, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), 0 },
  { "start-failed-overtaken", FLOE_NATURE_FLOATING, F (OFF, UNKNOWN, NONE, NONE, RESETTING, RESET),
    FLOE_EVENT_START_FAILED, F (OFF, UNKNOWN, NONE, NONE, RESETTING, RESET), 0 },
  { "reset-failed", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, RESETTING, RESET),
    FLOE_EVENT_RESET_FAILED, F (ON, READY, NONE, NONE, BROKEN, NONE),
    FLOE_ACTION_RETRY_LATER | FLOE_ACTION_CLOSE_DISPLAY },
  { "reset-failed-late", FLOE_NATURE_FLOATING, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_RESET_FAILED, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE), 0 },
  { "release-made", FLOE_NATURE_DISPOSABLE, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_RELEASE, F (ON, READY, CONNECTED, NONE, RESETTING, REMOVE),
    FLOE_ACTION_REMOVE | FLOE_ACTION_CANCEL_GRACE },
  { "reset-due-made", FLOE_NATURE_DISPOSABLE, F (OFF, UNKNOWN, NONE, NONE, DIRTY, NONE),
    FLOE_EVENT_RESET_DUE, F (OFF, UNKNOWN, NONE, NONE, RESETTING, REMOVE), FLOE_ACTION_REMOVE },
  { "created", FLOE_NATURE_DISPOSABLE, F (OFF, UNKNOWN, NONE, NONE, DIRTY, CREATE),
    FLOE_EVENT_CREATED, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE), 0 },
  { "created-overtaken", FLOE_NATURE_DISPOSABLE, F (OFF, UNKNOWN, NONE, NONE, RESETTING, REMOVE),
    FLOE_EVENT_CREATED, F (OFF, UNKNOWN, NONE, NONE, RESETTING, REMOVE), 0 },
  { "remove-due", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_REMOVE_DUE, F (ON, READY, NONE, NONE, RESETTING, REMOVE), FLOE_ACTION_REMOVE },
  { "removed", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, NONE, RESETTING, REMOVE),
    FLOE_EVENT_REMOVED, F (OFF, UNKNOWN, NONE, NONE, RESETTING, NONE), 0 },
  { "spare-starts", FLOE_NATURE_DISPOSABLE, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_START_DUE, F (STARTING, UNKNOWN, NONE, NONE, CLEAN, START), FLOE_ACTION_POWER_ON },
  { "spare-starts-kept", FLOE_NATURE_KEPT, F (CRASHED, UNKNOWN, NONE, NONE, DIRTY, NONE),
    FLOE_EVENT_START_DUE, F (STARTING, UNKNOWN, NONE, NONE, DIRTY, START), FLOE_ACTION_POWER_ON },
  { "surplus-stops", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_STOP_DUE, F (ON, READY, NONE, NONE, CLEAN, STOP), FLOE_ACTION_POWER_OFF },
  { "shut-down-due", FLOE_NATURE_KEPT, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_SHUT_DOWN_DUE, F (ON, READY, CONNECTED, HELD, DIRTY, STOP), FLOE_ACTION_SHUT_DOWN },
  { "force-off", FLOE_NATURE_FLOATING, F (PAUSED, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_FORCE_OFF_DUE, F (PAUSED, READY, CONNECTED, HELD, DIRTY, STOP),
    FLOE_ACTION_POWER_OFF },
  { "force-off-stopping", FLOE_NATURE_KEPT, F (ON, READY, NONE, HELD, DIRTY, STOP),
    FLOE_EVENT_FORCE_OFF_DUE, F (ON, READY, NONE, HELD, DIRTY, STOP), FLOE_ACTION_POWER_OFF },
  { "move-due", FLOE_NATURE_KEPT, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), FLOE_EVENT_MOVE_DUE,
    F (OFF, UNKNOWN, NONE, HELD, DIRTY, MOVE), FLOE_ACTION_MOVE },
  { "moved", FLOE_NATURE_KEPT, F (OFF, UNKNOWN, NONE, HELD, DIRTY, MOVE), FLOE_EVENT_MOVED,
    F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), 0 },
  { "moved-known", FLOE_NATURE_KEPT, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), FLOE_EVENT_MOVED,
    F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), 0 },
  { "attach-due", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_ATTACH_DUE, F (ON, READY, NONE, HELD, DIRTY, ATTACH), FLOE_ACTION_ATTACH },
  { "attached", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, HELD, DIRTY, ATTACH),
    FLOE_EVENT_ATTACHED, F (ON, READY, NONE, HELD, DIRTY, NONE), 0 },
  { "attached-overtaken", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, NONE, RESETTING, REMOVE),
    FLOE_EVENT_ATTACHED, F (ON, READY, NONE, NONE, RESETTING, REMOVE), 0 },
  { "on-while-removing", FLOE_NATURE_DISPOSABLE, F (OFF, UNKNOWN, NONE, NONE, RESETTING, REMOVE),
    FLOE_EVENT_POWERED_ON, F (ON, UNKNOWN, NONE, NONE, RESETTING, REMOVE), FLOE_ACTION_REMOVE },
  { "on-while-made", FLOE_NATURE_DISPOSABLE, F (OFF, UNKNOWN, NONE, NONE, DIRTY, CREATE),
    FLOE_EVENT_POWERED_ON, F (OFF, UNKNOWN, NONE, NONE, DIRTY, CREATE), 0 },
  { "on-while-stopping", FLOE_NATURE_DISPOSABLE, F (UNKNOWN, UNKNOWN, NONE, NONE, CLEAN, STOP),
    FLOE_EVENT_POWERED_ON, F (ON, BOOTING, NONE, NONE, CLEAN, STOP), 0 },
  { "off-while-removing", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, NONE, RESETTING, REMOVE),
    FLOE_EVENT_POWERED_OFF, F (OFF, UNKNOWN, NONE, NONE, RESETTING, REMOVE), 0 },
  { "stopped-held", FLOE_NATURE_KEPT, F (ON, READY, CONNECTED, HELD, DIRTY, STOP),
    FLOE_EVENT_POWERED_OFF, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), FLOE_ACTION_START_GRACE },
  { "stopped-free", FLOE_NATURE_FLOATING, F (ON, READY, NONE, NONE, CLEAN, STOP),
    FLOE_EVENT_POWERED_OFF, F (OFF, UNKNOWN, NONE, NONE, CLEAN, NONE), 0 },
  { "crashed-while-removing", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, NONE, RESETTING, REMOVE),
    FLOE_EVENT_CRASHED, F (CRASHED, UNKNOWN, NONE, NONE, RESETTING, REMOVE), 0 },
  { "host-lost-looked-at", FLOE_NATURE_FLOATING, F (ON, READY, CONNECTED, NONE, RESETTING, RESET),
    FLOE_EVENT_HOST_LOST, F (UNKNOWN, UNKNOWN, LOST, NONE, RESETTING, RESET), 0 },
  { "host-lost-held", FLOE_NATURE_FLOATING, F (ON, READY, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_HOST_LOST, F (UNKNOWN, UNKNOWN, NONE, HELD, DIRTY, NONE), FLOE_ACTION_NOTE_LOST },
  { "gone-while-made", FLOE_NATURE_DISPOSABLE, F (OFF, UNKNOWN, NONE, NONE, DIRTY, CREATE),
    FLOE_EVENT_GONE, F (OFF, UNKNOWN, NONE, NONE, DIRTY, CREATE), 0 },
  { "gone-made", FLOE_NATURE_DISPOSABLE, F (ON, READY, CONNECTED, HELD, DIRTY, NONE),
    FLOE_EVENT_GONE, F (OFF, UNKNOWN, NONE, NONE, RESETTING, REMOVE),
    FLOE_ACTION_REMOVE | FLOE_ACTION_CANCEL_GRACE },
  { "guest-logged-in", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_GUEST_LOGGED_IN, F (ON, LOGGED_IN, NONE, HELD, DIRTY, NONE), 0 },
  { "guest-logged-in-late", FLOE_NATURE_DISPOSABLE, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_GUEST_LOGGED_IN, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), 0 },
  { "guest-logged-off", FLOE_NATURE_DISPOSABLE, F (ON, LOGGED_IN, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_GUEST_LOGGED_OFF, F (ON, READY, NONE, HELD, DIRTY, NONE), 0 },
  { "guest-logged-off-known", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_GUEST_LOGGED_OFF, F (ON, READY, NONE, HELD, DIRTY, NONE), 0 },
  { "start-failed-spare-kept", FLOE_NATURE_KEPT, F (STARTING, UNKNOWN, NONE, NONE, DIRTY, START),
    FLOE_EVENT_START_FAILED, F (OFF, UNKNOWN, NONE, NONE, DIRTY, NONE), FLOE_ACTION_RETRY_LATER },
  { "create-failed", FLOE_NATURE_DISPOSABLE, F (OFF, UNKNOWN, NONE, NONE, DIRTY, CREATE),
    FLOE_EVENT_CREATE_FAILED, F (OFF, UNKNOWN, NONE, NONE, BROKEN, REMOVE), FLOE_ACTION_REMOVE },
  { "create-failed-overtaken", FLOE_NATURE_DISPOSABLE,
    F (OFF, UNKNOWN, NONE, NONE, RESETTING, REMOVE), FLOE_EVENT_CREATE_FAILED,
    F (OFF, UNKNOWN, NONE, NONE, RESETTING, REMOVE), 0 },
  { "remove-failed", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, NONE, RESETTING, REMOVE),
    FLOE_EVENT_REMOVE_FAILED, F (ON, READY, NONE, NONE, BROKEN, NONE),
    FLOE_ACTION_RETRY_LATER | FLOE_ACTION_CLOSE_DISPLAY },
  { "remove-failed-overtaken", FLOE_NATURE_DISPOSABLE, F (OFF, UNKNOWN, NONE, NONE, BROKEN, NONE),
    FLOE_EVENT_REMOVE_FAILED, F (OFF, UNKNOWN, NONE, NONE, BROKEN, NONE), 0 },
  { "stop-failed", FLOE_NATURE_KEPT, F (ON, READY, NONE, HELD, DIRTY, STOP), FLOE_EVENT_STOP_FAILED,
    F (ON, READY, NONE, HELD, DIRTY, NONE), 0 },
  { "stop-failed-late", FLOE_NATURE_KEPT, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_STOP_FAILED, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), 0 },
  { "move-failed", FLOE_NATURE_KEPT, F (OFF, UNKNOWN, NONE, HELD, DIRTY, MOVE),
    FLOE_EVENT_MOVE_FAILED, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), FLOE_ACTION_RETRY_LATER },
  { "move-failed-late", FLOE_NATURE_KEPT, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_MOVE_FAILED, F (OFF, UNKNOWN, NONE, HELD, DIRTY, NONE), 0 },
  { "attach-failed-made", FLOE_NATURE_DISPOSABLE, F (ON, READY, NONE, HELD, DIRTY, ATTACH),
    FLOE_EVENT_ATTACH_FAILED, F (ON, READY, NONE, NONE, RESETTING, REMOVE),
    FLOE_ACTION_REMOVE | FLOE_ACTION_CANCEL_GRACE },
  { "attach-failed-floating", FLOE_NATURE_FLOATING, F (ON, READY, NONE, HELD, DIRTY, ATTACH),
    FLOE_EVENT_ATTACH_FAILED, F (ON, READY, NONE, NONE, RESETTING, RESET),
    FLOE_ACTION_POWER_OFF | FLOE_ACTION_CANCEL_GRACE },
  { "attach-failed-kept", FLOE_NATURE_KEPT, F (ON, READY, NONE, HELD, DIRTY, ATTACH),
    FLOE_EVENT_ATTACH_FAILED, F (ON, READY, NONE, HELD, DIRTY, NONE), 0 },
  { "attach-failed-late", FLOE_NATURE_KEPT, F (ON, READY, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_ATTACH_FAILED, F (ON, READY, NONE, HELD, DIRTY, NONE), 0 },
  { "guest-failed", FLOE_NATURE_DISPOSABLE, F (ON, BOOTING, NONE, HELD, DIRTY, NONE),
    FLOE_EVENT_GUEST_FAILED, F (ON, BOOTING, NONE, NONE, BROKEN, REMOVE),
    FLOE_ACTION_REMOVE | FLOE_ACTION_CANCEL_GRACE },
  { "guest-failed-kept", FLOE_NATURE_KEPT, F (ON, BOOTING, NONE, NONE, CLEAN, NONE),
    FLOE_EVENT_GUEST_FAILED, F (ON, BOOTING, NONE, NONE, BROKEN, REMOVE),
    FLOE_ACTION_REMOVE | FLOE_ACTION_CANCEL_GRACE },
  { "guest-failed-overtaken", FLOE_NATURE_DISPOSABLE,
    F (ON, BOOTING, NONE, NONE, RESETTING, REMOVE), FLOE_EVENT_GUEST_FAILED,
    F (ON, BOOTING, NONE, NONE, RESETTING, REMOVE), 0 },
};

static void
test_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  FloeFacts next;
  FloeActions actions;
  g_autoptr (GError) error = NULL;

  g_assert_true (floe_lifecycle_next (cases[i].nature, &cases[i].before, cases[i].event, &next,
                                      &actions, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (&next, sizeof next, &cases[i].after, sizeof next);
  g_assert_cmpuint (actions, ==, cases[i].actions);
}

/* Every row is met by a case, so a row that is taken out or shadowed fails here. */
static void
test_every_row (void)
{
  guint n = floe_lifecycle_n_rows ();
  g_autofree gboolean *met = g_new0 (gboolean, n);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    met[floe_lifecycle_find_row (cases[i].nature, &cases[i].before, cases[i].event)] = TRUE;
  for (guint i = 0; i < n; i++)
    if (!met[i])
      g_error ("no case meets row %u", i);
}

typedef void (*Visit) (FloeNature nature, const FloeFacts *facts);

static void
for_all (Visit visit)
{
  for (guint nature = 0; nature < 3; nature++)
    for (guint n = 0; n < 7 * 4 * 4 * 2 * 4 * 8; n++)
      {
        const FloeFacts facts = { n % 7,       n / 7 % 4,   n / 28 % 4,
                                  n / 112 % 2, n / 224 % 4, n / 896 % 8 };

        visit (nature, &facts);
      }
}

/* Rule 2: a claim of a floating desktop needs it clean, without lease and without intent, and makes
 * it dirty; and nothing makes one clean but a power-off that ends a reset, and being made anew. */
static void
check_rules (FloeNature nature, const FloeFacts *facts)
{
  for (guint event = 0; event < FLOE_N_EVENTS; event++)
    {
      FloeFacts next;
      FloeActions actions;

      if (!floe_lifecycle_next (nature, facts, event, &next, &actions, NULL))
        continue;
      if (event == FLOE_EVENT_CLAIM)
        {
          g_assert_cmpint (facts->lease, ==, FLOE_LEASE_NONE);
          g_assert_cmpint (facts->intent, ==, FLOE_INTENT_NONE);
          g_assert_cmpint (facts->clean, !=, FLOE_CLEAN_BROKEN); /* not seen to end */
          g_assert_cmpint (facts->clean, !=, FLOE_CLEAN_RESETTING);
        }
      if (event == FLOE_EVENT_CLAIM && nature != FLOE_NATURE_KEPT)
        {
          g_assert_cmpint (facts->clean, ==, FLOE_CLEAN_CLEAN);
          g_assert_cmpint (next.clean, ==, FLOE_CLEAN_DIRTY);
        }
      if (next.clean == FLOE_CLEAN_CLEAN && facts->clean != FLOE_CLEAN_CLEAN)
        {
          g_assert_cmpint (event, ==,
                           facts->intent == FLOE_INTENT_CREATE ? FLOE_EVENT_CREATED
                                                               : FLOE_EVENT_POWERED_OFF);
          g_assert_true (facts->intent == FLOE_INTENT_CREATE || facts->intent == FLOE_INTENT_RESET);
        }
      if (event == FLOE_EVENT_HOST_LOST)
        {
          g_assert_cmpint (next.lease, ==, facts->lease);
          g_assert_cmpint (next.intent, ==, facts->intent);
          g_assert_cmpint (actions & ~FLOE_ACTION_NOTE_LOST, ==, 0);
        }
      if (next.intent == FLOE_INTENT_START && facts->intent != FLOE_INTENT_START)
        g_assert_true (actions & FLOE_ACTION_POWER_ON);
      if (next.lease == FLOE_LEASE_HELD && facts->lease == FLOE_LEASE_NONE)
        g_assert_cmpint (event, ==, FLOE_EVENT_CLAIM);
    }
}

static void
test_rules (void)
{
  for_all (check_rules);
}

/* What a manager says is never an impossible event, whatever the store thinks. */
static void
check_observations (FloeNature nature, const FloeFacts *facts)
{
  static const FloeEvent seen[] = {
    FLOE_EVENT_POWERED_ON,    FLOE_EVENT_POWERED_OFF,     FLOE_EVENT_PAUSED,
    FLOE_EVENT_CRASHED,       FLOE_EVENT_HOST_LOST,       FLOE_EVENT_GONE,
    FLOE_EVENT_GUEST_READY,   FLOE_EVENT_GUEST_AWAY,      FLOE_EVENT_CONSOLE_CONNECTED,
    FLOE_EVENT_CONSOLE_ENDED, FLOE_EVENT_TICKET_UNUSED,   FLOE_EVENT_START_FAILED,
    FLOE_EVENT_RESET_FAILED,  FLOE_EVENT_REMOVE_FAILED,   FLOE_EVENT_STOP_FAILED,
    FLOE_EVENT_MOVE_FAILED,   FLOE_EVENT_ATTACH_FAILED,   FLOE_EVENT_MOVED,
    FLOE_EVENT_ATTACHED,      FLOE_EVENT_GUEST_LOGGED_IN, FLOE_EVENT_GUEST_LOGGED_OFF
  };

  for (guint i = 0; i < G_N_ELEMENTS (seen); i++)
    {
      FloeFacts next;
      FloeActions actions;
      g_autoptr (GError) error = NULL;

      floe_lifecycle_next (nature, facts, seen[i], &next, &actions, &error);
      g_assert_no_error (error);
    }
}

static void
test_observations (void)
{
  for_all (check_observations);
}

static void
test_impossible (void)
{
  const FloeFacts held = F (ON, READY, NONE, HELD, DIRTY, NONE);
  FloeFacts next = held;
  FloeActions actions = 0;
  g_autoptr (GError) error = NULL;

  g_assert_false (
      floe_lifecycle_next (FLOE_NATURE_FLOATING, &held, FLOE_EVENT_CLAIM, &next, &actions, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpmem (&next, sizeof next, &held, sizeof held);
}

static void
test_print (void)
{
  g_autofree gchar *text = floe_lifecycle_print ();
  guint lines = 0;

  for (const gchar *p = text; *p != '\0'; p++)
    lines += *p == '\n';
  g_assert_cmpuint (lines, ==, floe_lifecycle_n_rows () + 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *path = g_strconcat ("/lifecycle/row/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/lifecycle/every-row", test_every_row);
  g_test_add_func ("/lifecycle/rules", test_rules);
  g_test_add_func ("/lifecycle/observations", test_observations);
  g_test_add_func ("/lifecycle/impossible", test_impossible);
  g_test_add_func ("/lifecycle/print", test_print);
  return g_test_run ();
}
