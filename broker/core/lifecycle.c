/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lifecycle.h"

#include "core/error.h"

static const gchar *const event_names[FLOE_N_EVENTS] = {
  "claim",
  "connect",
  "release",
  "not-collected",
  "reset-due",
  "remove-due",
  "start-due",
  "stop-due",
  "force-off-due",
  "shut-down-due",
  "move-due",
  "attach-due",
  "created",
  "removed",
  "moved",
  "attached",
  "powered-on",
  "powered-off",
  "paused",
  "crashed",
  "host-lost",
  "gone",
  "guest-ready",
  "guest-away",
  "guest-logged-in",
  "guest-logged-off",
  "ticket-set",
  "ticket-unused",
  "console-connected",
  "console-ended",
  "start-failed",
  "reset-failed",
  "create-failed",
  "remove-failed",
  "stop-failed",
  "move-failed",
  "attach-failed",
};
static const gchar *const kind_names[] = { "floating", "dedicated", "static" };
static const gchar *const nature_names[] = { "floating", "disposable", "kept" };
static const gchar *const guest_names[] = { "unknown", "booting", "ready", "logged-in" };
static const gchar *const console_names[] = { "none", "connecting", "connected", "lost" };
static const gchar *const lease_names[] = { "none", "held" };
static const gchar *const clean_names[] = { "clean", "dirty", "resetting", "broken" };
static const gchar *const intent_names[] = { "none",   "start", "reset", "create",
                                             "remove", "stop",  "move",  "attach" };
static const gchar *const action_names[] = {
  "power on", "power off", "close display", "start grace", "cancel grace", "retry later", "create",
  "remove",   "shut down", "move",          "attach",      "note lost",    "prepare"
};

/* A set of values of one fact, as bits; 0 stands for any. */
#define ONE(value) (1u << (value))
#define NOT(value) (~(1u << (value)) & 0xffu)
#define ANY        0u
/* What a fact becomes: a value plus one, so that 0 stands for "stays as it is". */
#define TO(value) ((value) + 1)
#define KEEP      0

#define P_OFF    ONE (FLOE_POWER_OFF)
#define P_DOWN   (ONE (FLOE_POWER_OFF) | ONE (FLOE_POWER_CRASHED))
#define P_ON     ONE (FLOE_POWER_ON)
#define FLOATING ONE (FLOE_NATURE_FLOATING)
#define MADE     ONE (FLOE_NATURE_DISPOSABLE)
#define LENT     (FLOATING | MADE)
#define KEPT     ONE (FLOE_NATURE_KEPT)
#define HELD     ONE (FLOE_LEASE_HELD)
#define UNHELD   ONE (FLOE_LEASE_NONE)
#define IDLE     ONE (FLOE_INTENT_NONE)
/* What may be under way with a desktop that is lent. */
#define OPEN                                                                                       \
  (ONE (FLOE_INTENT_NONE) | ONE (FLOE_INTENT_START) | ONE (FLOE_INTENT_STOP)                       \
   | ONE (FLOE_INTENT_MOVE) | ONE (FLOE_INTENT_ATTACH))
/* A reset that failed has not seen the last holder's session end. */
#define SOUND (ONE (FLOE_CLEAN_CLEAN) | ONE (FLOE_CLEAN_DIRTY))

typedef struct
{
  FloeEvent event;
  guint8 nature;
  guint8 power;
  guint8 guest;
  guint8 console;
  guint8 lease;
  guint8 clean;
  guint8 intent;
  guint8 to_power;
  guint8 to_guest;
  guint8 to_console;
  guint8 to_lease;
  guint8 to_clean;
  guint8 to_intent;
  FloeActions actions;
  const gchar *why;
} Row;

/*
 * The lifecycle. The first row that fits is taken; an event that fits no row is an error and
 * changes nothing. Columns: event, nature | power, guest, console, lease, clean, intent as they
 * must be | the six as they become | actions.
 */
/* clang-format off */
static const Row rows[] = {
  /* A user gets a desktop. A floating one must be proven clean, and is dirty from now on. */
  { FLOE_EVENT_CLAIM, LENT, P_OFF, ANY, ANY, UNHELD, ONE (FLOE_CLEAN_CLEAN), IDLE,
    TO (FLOE_POWER_STARTING), TO (FLOE_GUEST_UNKNOWN), KEEP, TO (FLOE_LEASE_HELD), TO (FLOE_CLEAN_DIRTY), TO (FLOE_INTENT_START),
    FLOE_ACTION_POWER_ON | FLOE_ACTION_START_GRACE, "lent while off, so it is started for its holder" },
  { FLOE_EVENT_CLAIM, LENT, P_ON, ANY, ONE (FLOE_CONSOLE_NONE), UNHELD, ONE (FLOE_CLEAN_CLEAN), IDLE,
    KEEP, KEEP, KEEP, TO (FLOE_LEASE_HELD), TO (FLOE_CLEAN_DIRTY), KEEP,
    FLOE_ACTION_START_GRACE, "lent while running; dirty whether or not anybody ever connects" },
  { FLOE_EVENT_CLAIM, KEPT, P_DOWN, ANY, ANY, UNHELD, SOUND, IDLE,
    TO (FLOE_POWER_STARTING), TO (FLOE_GUEST_UNKNOWN), KEEP, TO (FLOE_LEASE_HELD), KEEP, TO (FLOE_INTENT_START),
    FLOE_ACTION_POWER_ON | FLOE_ACTION_START_GRACE, "assigned for good; a desktop that is kept need not be clean" },
  { FLOE_EVENT_CLAIM, KEPT, P_ON, ANY, ANY, UNHELD, SOUND, IDLE,
    KEEP, KEEP, KEEP, TO (FLOE_LEASE_HELD), KEEP, KEEP,
    FLOE_ACTION_START_GRACE, "assigned for good while running" },

  /* The holder wants to see it, from anywhere. */
  { FLOE_EVENT_CONNECT, ANY, P_DOWN, ANY, ANY, HELD, ANY, IDLE,
    TO (FLOE_POWER_STARTING), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, TO (FLOE_INTENT_START),
    FLOE_ACTION_POWER_ON, "the guest was shut down: started again" },
  { FLOE_EVENT_CONNECT, ANY, ANY, ANY, ANY, HELD, ANY, OPEN,
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "it runs, is on its way, or its host is lost and it waits" },

  /* The lease ends: log-out, end of the grace, the helpdesk. */
  { FLOE_EVENT_RELEASE, MADE, ANY, ANY, ANY, HELD, ANY, ANY,
    KEEP, KEEP, KEEP, TO (FLOE_LEASE_NONE), TO (FLOE_CLEAN_RESETTING), TO (FLOE_INTENT_REMOVE),
    FLOE_ACTION_REMOVE | FLOE_ACTION_CANCEL_GRACE, "lent once: nobody else ever gets it" },
  { FLOE_EVENT_RELEASE, ANY, ANY, ANY, ANY, HELD, ANY, ANY,
    KEEP, KEEP, KEEP, TO (FLOE_LEASE_NONE), TO (FLOE_CLEAN_RESETTING), TO (FLOE_INTENT_RESET),
    FLOE_ACTION_POWER_OFF | FLOE_ACTION_CANCEL_GRACE, "reset before anybody else gets it, whatever it is doing" },

  { FLOE_EVENT_NOT_COLLECTED, KEPT, ANY, NOT (FLOE_GUEST_LOGGED_IN), ONE (FLOE_CONSOLE_NONE), HELD, ANY, IDLE,
    KEEP, KEEP, KEEP, TO (FLOE_LEASE_NONE), KEEP, KEEP,
    FLOE_ACTION_CANCEL_GRACE, "assigned from the line to somebody who did not come for it: nobody was in it since" },

  { FLOE_EVENT_RESET_DUE, MADE, ANY, ANY, ANY, UNHELD, ONE (FLOE_CLEAN_DIRTY) | ONE (FLOE_CLEAN_BROKEN), IDLE,
    KEEP, KEEP, KEEP, KEEP, TO (FLOE_CLEAN_RESETTING), TO (FLOE_INTENT_REMOVE),
    FLOE_ACTION_REMOVE, "never lent again" },
  { FLOE_EVENT_RESET_DUE, ANY, ANY, ANY, ANY, UNHELD, ONE (FLOE_CLEAN_DIRTY) | ONE (FLOE_CLEAN_BROKEN), IDLE,
    KEEP, KEEP, KEEP, KEEP, TO (FLOE_CLEAN_RESETTING), TO (FLOE_INTENT_RESET),
    FLOE_ACTION_POWER_OFF, "dirty until proven clean" },

  /* The pool keeper makes and removes desktops, and keeps spares of them running. */
  { FLOE_EVENT_CREATED, ANY, ANY, ANY, ANY, UNHELD, ANY, ONE (FLOE_INTENT_CREATE),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), KEEP, KEEP, TO (FLOE_CLEAN_CLEAN), TO (FLOE_INTENT_NONE),
    0, "made anew from its template: nobody was ever in it" },
  { FLOE_EVENT_CREATED, ANY, ANY, ANY, ANY, ANY, ANY, NOT (FLOE_INTENT_CREATE),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "known already, or to be removed meanwhile" },
  { FLOE_EVENT_REMOVE_DUE, ANY, ANY, ANY, ANY, UNHELD, ANY, IDLE,
    KEEP, KEEP, KEEP, KEEP, TO (FLOE_CLEAN_RESETTING), TO (FLOE_INTENT_REMOVE),
    FLOE_ACTION_REMOVE, "the pool shrinks, its template is renewed, or its host is drained" },
  { FLOE_EVENT_REMOVED, ANY, ANY, ANY, ANY, UNHELD, ANY, ONE (FLOE_INTENT_REMOVE),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, TO (FLOE_INTENT_NONE),
    0, "domain and disks are gone; its row goes with them" },
  { FLOE_EVENT_START_DUE, LENT, P_DOWN, ANY, ANY, UNHELD, ONE (FLOE_CLEAN_CLEAN), IDLE,
    TO (FLOE_POWER_STARTING), TO (FLOE_GUEST_UNKNOWN), KEEP, KEEP, KEEP, TO (FLOE_INTENT_START),
    FLOE_ACTION_POWER_ON, "a spare, so that whoever comes next need not wait" },
  { FLOE_EVENT_START_DUE, KEPT, P_DOWN, ANY, ANY, UNHELD, SOUND, IDLE,
    TO (FLOE_POWER_STARTING), TO (FLOE_GUEST_UNKNOWN), KEEP, KEEP, KEEP, TO (FLOE_INTENT_START),
    FLOE_ACTION_POWER_ON, "a spare, so that whoever comes next need not wait" },
  { FLOE_EVENT_STOP_DUE, ANY, P_ON, ANY, ONE (FLOE_CONSOLE_NONE), UNHELD, ANY, IDLE,
    KEEP, KEEP, KEEP, KEEP, KEEP, TO (FLOE_INTENT_STOP),
    FLOE_ACTION_POWER_OFF, "a spare too many" },
  { FLOE_EVENT_FORCE_OFF_DUE, ANY, P_ON | ONE (FLOE_POWER_PAUSED), ANY, ANY, ANY, ANY, IDLE,
    KEEP, KEEP, KEEP, KEEP, KEEP, TO (FLOE_INTENT_STOP),
    FLOE_ACTION_POWER_OFF, "an administrator pulls its plug" },
  { FLOE_EVENT_FORCE_OFF_DUE, ANY, P_ON | ONE (FLOE_POWER_PAUSED), ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_STOP),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    FLOE_ACTION_POWER_OFF, "its guest takes too long to shut down" },
  { FLOE_EVENT_SHUT_DOWN_DUE, ANY, P_ON, ANY, ANY, ANY, ANY, IDLE,
    KEEP, KEEP, KEEP, KEEP, KEEP, TO (FLOE_INTENT_STOP),
    FLOE_ACTION_SHUT_DOWN, "its guest is asked to shut down, and switched off if it does not" },
  { FLOE_EVENT_MOVE_DUE, KEPT, P_OFF, ANY, ANY, ANY, SOUND, IDLE,
    KEEP, KEEP, KEEP, KEEP, KEEP, TO (FLOE_INTENT_MOVE),
    FLOE_ACTION_MOVE, "its host is drained, and another one sees its disks" },
  { FLOE_EVENT_MOVED, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_MOVE),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, TO (FLOE_INTENT_NONE),
    0, "defined on its new host, and on that one only" },
  { FLOE_EVENT_MOVED, ANY, ANY, ANY, ANY, ANY, ANY, NOT (FLOE_INTENT_MOVE),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "known already" },
  { FLOE_EVENT_ATTACH_DUE, ANY, P_ON, ANY, ANY, HELD, ANY, IDLE,
    KEEP, KEEP, KEEP, KEEP, KEEP, TO (FLOE_INTENT_ATTACH),
    FLOE_ACTION_ATTACH, "its holder's data disk goes in before they see it" },
  { FLOE_EVENT_ATTACHED, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_ATTACH),
    KEEP, KEEP, KEEP, KEEP, KEEP, TO (FLOE_INTENT_NONE),
    0, "the data disk is in" },
  { FLOE_EVENT_ATTACHED, ANY, ANY, ANY, ANY, ANY, ANY, NOT (FLOE_INTENT_ATTACH),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "overtaken by a release or a stop" },

  /* What the manager says about power. */
  { FLOE_EVENT_POWERED_ON, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_START),
    TO (FLOE_POWER_ON), TO (FLOE_GUEST_BOOTING), KEEP, KEEP, KEEP, TO (FLOE_INTENT_NONE),
    0, "the start was seen to end" },
  { FLOE_EVENT_POWERED_ON, ANY, P_ON, ANY, ANY, ANY, ANY, ANY,
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "known already" },
  { FLOE_EVENT_POWERED_ON, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_RESET),
    TO (FLOE_POWER_ON), TO (FLOE_GUEST_UNKNOWN), KEEP, KEEP, KEEP, KEEP,
    FLOE_ACTION_POWER_OFF, "it came up although it is being reset: off again" },
  { FLOE_EVENT_POWERED_ON, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_REMOVE),
    TO (FLOE_POWER_ON), TO (FLOE_GUEST_UNKNOWN), KEEP, KEEP, KEEP, KEEP,
    FLOE_ACTION_REMOVE, "it came up although it is being removed: once more" },
  { FLOE_EVENT_POWERED_ON, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_CREATE),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "it is still being made; that call's own outcome decides" },
  { FLOE_EVENT_POWERED_ON, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_STOP) | ONE (FLOE_INTENT_MOVE) | ONE (FLOE_INTENT_ATTACH),
    TO (FLOE_POWER_ON), TO (FLOE_GUEST_BOOTING), KEEP, KEEP, KEEP, KEEP,
    0, "seen again; what is under way goes on" },
  { FLOE_EVENT_POWERED_ON, ANY, ANY, ANY, ONE (FLOE_CONSOLE_LOST), HELD, ANY, IDLE,
    TO (FLOE_POWER_ON), TO (FLOE_GUEST_BOOTING), KEEP, KEEP, KEEP, KEEP,
    FLOE_ACTION_START_GRACE, "its host is back: if its holder is still there, the display tells" },
  { FLOE_EVENT_POWERED_ON, ANY, ANY, ANY, ANY, ANY, ANY, IDLE,
    TO (FLOE_POWER_ON), TO (FLOE_GUEST_BOOTING), KEEP, KEEP, KEEP, KEEP,
    0, "started from outside, or seen again after its host was lost" },
  { FLOE_EVENT_POWERED_OFF, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_RESET),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, TO (FLOE_CLEAN_CLEAN), TO (FLOE_INTENT_NONE),
    0, "the reset was seen to end; transient disks forget all that was written" },
  { FLOE_EVENT_POWERED_OFF, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_START) | ONE (FLOE_INTENT_CREATE) | ONE (FLOE_INTENT_MOVE),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "that call is under way; its own outcome decides" },
  { FLOE_EVENT_POWERED_OFF, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_REMOVE),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, KEEP,
    0, "half way: its domain and its disks go next" },
  { FLOE_EVENT_POWERED_OFF, ANY, ANY, ANY, ANY, HELD, ANY, ONE (FLOE_INTENT_STOP) | ONE (FLOE_INTENT_ATTACH),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, TO (FLOE_INTENT_NONE),
    FLOE_ACTION_START_GRACE, "shut down; its holder may have it started again" },
  { FLOE_EVENT_POWERED_OFF, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_STOP) | ONE (FLOE_INTENT_ATTACH),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, TO (FLOE_INTENT_NONE),
    0, "the stop was seen to end" },
  { FLOE_EVENT_POWERED_OFF, ANY, P_OFF, ANY, ANY, ANY, ANY, IDLE,
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "known already" },
  { FLOE_EVENT_POWERED_OFF, ANY, ANY, ANY, ANY, HELD, ANY, IDLE,
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, KEEP,
    FLOE_ACTION_START_GRACE, "shut down from inside: its holder may have it started again" },
  { FLOE_EVENT_POWERED_OFF, ANY, ANY, ANY, ANY, ANY, ANY, IDLE,
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, KEEP,
    0, "switched off from outside" },
  { FLOE_EVENT_PAUSED, ANY, ANY, ANY, ANY, ANY, ANY, ANY,
    TO (FLOE_POWER_PAUSED), KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "paused from outside or by a full disk; not lent meanwhile" },
  { FLOE_EVENT_CRASHED, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_RESET),
    TO (FLOE_POWER_CRASHED), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, KEEP,
    FLOE_ACTION_POWER_OFF, "a crashed domain is still there until it is switched off" },
  { FLOE_EVENT_CRASHED, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_START) | ONE (FLOE_INTENT_CREATE) | ONE (FLOE_INTENT_MOVE),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "of the time before the call that is under way; its own outcome decides" },
  { FLOE_EVENT_CRASHED, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_REMOVE),
    TO (FLOE_POWER_CRASHED), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, KEEP,
    0, "half way: its domain and its disks go next" },
  { FLOE_EVENT_CRASHED, ANY, ANY, ANY, ANY, HELD, ANY, ANY,
    TO (FLOE_POWER_CRASHED), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, TO (FLOE_INTENT_NONE),
    FLOE_ACTION_START_GRACE, "its holder may have it started again" },
  { FLOE_EVENT_CRASHED, LENT, ANY, ANY, ANY, UNHELD, ANY, ANY,
    TO (FLOE_POWER_CRASHED), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, TO (FLOE_CLEAN_DIRTY), TO (FLOE_INTENT_NONE),
    0, "must be reset before it is lent" },
  { FLOE_EVENT_CRASHED, KEPT, ANY, ANY, ANY, ANY, ANY, ANY,
    TO (FLOE_POWER_CRASHED), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, TO (FLOE_INTENT_NONE),
    0, "nobody has it; started when it is lent" },

  /* An unreachable host is not a stopped VM: lease, clean and intent stay. */
  { FLOE_EVENT_HOST_LOST, ANY, ANY, ANY, ONE (FLOE_CONSOLE_CONNECTED) | ONE (FLOE_CONSOLE_LOST), HELD, ANY, ANY,
    TO (FLOE_POWER_UNKNOWN), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_LOST), KEEP, KEEP, KEEP,
    FLOE_ACTION_NOTE_LOST, "nobody knows whether the session lives" },
  { FLOE_EVENT_HOST_LOST, ANY, ANY, ANY, ONE (FLOE_CONSOLE_CONNECTED) | ONE (FLOE_CONSOLE_LOST), ANY, ANY, ANY,
    TO (FLOE_POWER_UNKNOWN), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_LOST), KEEP, KEEP, KEEP,
    0, "nobody knows whether somebody still looks on" },
  { FLOE_EVENT_HOST_LOST, ANY, ANY, ANY, ANY, HELD, ANY, ANY,
    TO (FLOE_POWER_UNKNOWN), TO (FLOE_GUEST_UNKNOWN), KEEP, KEEP, KEEP, KEEP,
    FLOE_ACTION_NOTE_LOST, "its holder waits for it until the pool's own limit" },
  { FLOE_EVENT_HOST_LOST, ANY, ANY, ANY, ANY, ANY, ANY, ANY,
    TO (FLOE_POWER_UNKNOWN), TO (FLOE_GUEST_UNKNOWN), KEEP, KEEP, KEEP, KEEP,
    0, "nothing is started or reset because of it" },
  { FLOE_EVENT_GONE, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_CREATE) | ONE (FLOE_INTENT_REMOVE) | ONE (FLOE_INTENT_MOVE),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "as it must be on the way; that call's own outcome decides" },
  { FLOE_EVENT_GONE, MADE, ANY, ANY, ANY, ANY, ANY, ANY,
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), TO (FLOE_LEASE_NONE), TO (FLOE_CLEAN_RESETTING), TO (FLOE_INTENT_REMOVE),
    FLOE_ACTION_REMOVE | FLOE_ACTION_CANCEL_GRACE, "somebody undefined it at its host: what is left of it goes, too" },
  { FLOE_EVENT_GONE, FLOATING, ANY, ANY, ANY, ANY, ANY, ANY,
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), TO (FLOE_LEASE_NONE), TO (FLOE_CLEAN_DIRTY), TO (FLOE_INTENT_NONE),
    FLOE_ACTION_CANCEL_GRACE, "undefined at its host: nothing is left to give back" },
  { FLOE_EVENT_GONE, KEPT, ANY, ANY, ANY, HELD, ANY, ANY,
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, TO (FLOE_CLEAN_DIRTY), TO (FLOE_INTENT_NONE),
    FLOE_ACTION_START_GRACE, "undefined at its host; an administrator may define it again for its owner" },
  { FLOE_EVENT_GONE, KEPT, ANY, ANY, ANY, UNHELD, ANY, ANY,
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, TO (FLOE_CLEAN_DIRTY), TO (FLOE_INTENT_NONE),
    0, "undefined at its host, and with it whatever ran there" },

  /* The guest. */
  { FLOE_EVENT_GUEST_READY, ANY, P_ON, ANY, ANY, ANY, ANY, ANY,
    KEEP, TO (FLOE_GUEST_READY), KEEP, KEEP, KEEP, KEEP,
    0, "the agent answers, or there is none to wait for" },
  { FLOE_EVENT_GUEST_READY, ANY, NOT (FLOE_POWER_ON), ANY, ANY, ANY, ANY, ANY,
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "came late or early: the power decides" },
  { FLOE_EVENT_GUEST_AWAY, ANY, P_ON, ANY, ANY, ANY, ANY, ANY,
    KEEP, TO (FLOE_GUEST_BOOTING), KEEP, KEEP, KEEP, KEEP,
    0, "the agent went away: the guest restarts or stops" },
  { FLOE_EVENT_GUEST_AWAY, ANY, NOT (FLOE_POWER_ON), ANY, ANY, ANY, ANY, ANY,
    KEEP, TO (FLOE_GUEST_UNKNOWN), KEEP, KEEP, KEEP, KEEP,
    0, "the domain went down with it" },

  { FLOE_EVENT_GUEST_LOGGED_IN, ANY, P_ON, ANY, ANY, ANY, ANY, ANY,
    KEEP, TO (FLOE_GUEST_LOGGED_IN), KEEP, KEEP, KEEP, KEEP,
    0, "somebody logged in to the guest" },
  { FLOE_EVENT_GUEST_LOGGED_IN, ANY, ANY, ANY, ANY, ANY, ANY, ANY,
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "came late: the power decides" },
  { FLOE_EVENT_GUEST_LOGGED_OFF, ANY, P_ON, ONE (FLOE_GUEST_LOGGED_IN), ANY, ANY, ANY, ANY,
    KEEP, TO (FLOE_GUEST_READY), KEEP, KEEP, KEEP, KEEP,
    0, "nobody is logged in to the guest any more; the pool says what follows" },
  { FLOE_EVENT_GUEST_LOGGED_OFF, ANY, ANY, ANY, ANY, ANY, ANY, ANY,
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "known already" },

  /* The console. */
  { FLOE_EVENT_TICKET_SET, ANY, ANY, ANY, ONE (FLOE_CONSOLE_NONE) | ONE (FLOE_CONSOLE_LOST), HELD, ANY, ANY,
    KEEP, KEEP, TO (FLOE_CONSOLE_CONNECTING), KEEP, KEEP, KEEP,
    FLOE_ACTION_CANCEL_GRACE, "its holder has a ticket" },
  { FLOE_EVENT_TICKET_SET, ANY, ANY, ANY, ANY, HELD, ANY, ANY,
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    FLOE_ACTION_CANCEL_GRACE, "another ticket for its holder" },
  { FLOE_EVENT_TICKET_SET, ANY, ANY, ANY, ANY, UNHELD, ANY, ANY,
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    FLOE_ACTION_CLOSE_DISPLAY, "the lease ended meanwhile: the ticket is taken back" },
  { FLOE_EVENT_TICKET_UNUSED, ANY, ANY, ANY, ONE (FLOE_CONSOLE_CONNECTING), HELD, ANY, ANY,
    KEEP, KEEP, TO (FLOE_CONSOLE_NONE), KEEP, KEEP, KEEP,
    FLOE_ACTION_START_GRACE, "nobody came with it" },
  { FLOE_EVENT_TICKET_UNUSED, ANY, ANY, ANY, ONE (FLOE_CONSOLE_CONNECTING), ANY, ANY, ANY,
    KEEP, KEEP, TO (FLOE_CONSOLE_NONE), KEEP, KEEP, KEEP,
    0, "nobody came with it" },
  { FLOE_EVENT_TICKET_UNUSED, ANY, ANY, ANY, ANY, ANY, ANY, ANY,
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "it was used, or its desktop is gone" },
  { FLOE_EVENT_CONSOLE_CONNECTED, ANY, ANY, ANY, ANY, HELD, ANY, ANY,
    KEEP, KEEP, TO (FLOE_CONSOLE_CONNECTED), KEEP, KEEP, KEEP,
    FLOE_ACTION_CANCEL_GRACE, "its holder is there" },
  { FLOE_EVENT_CONSOLE_CONNECTED, LENT, ANY, ANY, ANY, UNHELD, ONE (FLOE_CLEAN_CLEAN), ANY,
    KEEP, KEEP, TO (FLOE_CONSOLE_CONNECTED), KEEP, TO (FLOE_CLEAN_DIRTY), KEEP,
    FLOE_ACTION_CLOSE_DISPLAY, "somebody got in without a lease: dirty" },
  { FLOE_EVENT_CONSOLE_CONNECTED, ANY, ANY, ANY, ANY, UNHELD, ANY, ANY,
    KEEP, KEEP, TO (FLOE_CONSOLE_CONNECTED), KEEP, KEEP, KEEP,
    FLOE_ACTION_CLOSE_DISPLAY, "somebody got in without a lease" },
  { FLOE_EVENT_CONSOLE_ENDED, ANY, ANY, ANY, ONE (FLOE_CONSOLE_CONNECTED) | ONE (FLOE_CONSOLE_LOST), HELD, ANY, ANY,
    KEEP, KEEP, TO (FLOE_CONSOLE_NONE), KEEP, KEEP, KEEP,
    FLOE_ACTION_START_GRACE, "the desktop waits for its holder" },
  { FLOE_EVENT_CONSOLE_ENDED, ANY, ANY, ANY, ONE (FLOE_CONSOLE_CONNECTED) | ONE (FLOE_CONSOLE_LOST), ANY, ANY, ANY,
    KEEP, KEEP, TO (FLOE_CONSOLE_NONE), KEEP, KEEP, KEEP,
    0, "nobody looks at it any more" },
  { FLOE_EVENT_CONSOLE_ENDED, ANY, ANY, ANY, ANY, ANY, ANY, ANY,
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "known already" },

  /* What failed. */
  { FLOE_EVENT_START_FAILED, LENT, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_START),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), TO (FLOE_LEASE_NONE), TO (FLOE_CLEAN_BROKEN), TO (FLOE_INTENT_NONE),
    FLOE_ACTION_RETRY_LATER | FLOE_ACTION_CANCEL_GRACE, "given back; its holder gets another one" },
  { FLOE_EVENT_START_FAILED, KEPT, ANY, ANY, ANY, UNHELD, ANY, ONE (FLOE_INTENT_START),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, TO (FLOE_INTENT_NONE),
    FLOE_ACTION_RETRY_LATER, "a spare that did not start is left alone for a while" },
  { FLOE_EVENT_START_FAILED, KEPT, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_START),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, KEEP, TO (FLOE_INTENT_NONE),
    0, "its owner is told and may try again" },
  { FLOE_EVENT_START_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, NOT (FLOE_INTENT_START),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "the start was overtaken by a release" },
  { FLOE_EVENT_RESET_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_RESET),
    KEEP, KEEP, KEEP, KEEP, TO (FLOE_CLEAN_BROKEN), TO (FLOE_INTENT_NONE),
    FLOE_ACTION_RETRY_LATER | FLOE_ACTION_CLOSE_DISPLAY, "not lent until a later reset was seen to end, and nobody looks on" },
  { FLOE_EVENT_RESET_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, NOT (FLOE_INTENT_RESET),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "it was seen to end by an event" },
  { FLOE_EVENT_CREATE_FAILED, ANY, ANY, ANY, ANY, UNHELD, ANY, ONE (FLOE_INTENT_CREATE),
    TO (FLOE_POWER_OFF), TO (FLOE_GUEST_UNKNOWN), TO (FLOE_CONSOLE_NONE), KEEP, TO (FLOE_CLEAN_BROKEN), TO (FLOE_INTENT_REMOVE),
    FLOE_ACTION_REMOVE, "what was half made is taken away again" },
  { FLOE_EVENT_CREATE_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, NOT (FLOE_INTENT_CREATE),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "overtaken" },
  { FLOE_EVENT_REMOVE_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_REMOVE),
    KEEP, KEEP, KEEP, KEEP, TO (FLOE_CLEAN_BROKEN), TO (FLOE_INTENT_NONE),
    FLOE_ACTION_RETRY_LATER | FLOE_ACTION_CLOSE_DISPLAY, "never lent again; removed later, and nobody looks on" },
  { FLOE_EVENT_REMOVE_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, NOT (FLOE_INTENT_REMOVE),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "overtaken" },
  { FLOE_EVENT_STOP_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_STOP),
    KEEP, KEEP, KEEP, KEEP, KEEP, TO (FLOE_INTENT_NONE),
    0, "it goes on running" },
  { FLOE_EVENT_STOP_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, NOT (FLOE_INTENT_STOP),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "it was seen to end by an event" },
  { FLOE_EVENT_MOVE_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_MOVE),
    KEEP, KEEP, KEEP, KEEP, KEEP, TO (FLOE_INTENT_NONE),
    FLOE_ACTION_RETRY_LATER, "it stays where it was" },
  { FLOE_EVENT_MOVE_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, NOT (FLOE_INTENT_MOVE),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "overtaken" },
  { FLOE_EVENT_ATTACH_FAILED, MADE, ANY, ANY, ANY, HELD, ANY, ONE (FLOE_INTENT_ATTACH),
    KEEP, KEEP, KEEP, TO (FLOE_LEASE_NONE), TO (FLOE_CLEAN_RESETTING), TO (FLOE_INTENT_REMOVE),
    FLOE_ACTION_REMOVE | FLOE_ACTION_CANCEL_GRACE, "nobody works without their data: given back" },
  { FLOE_EVENT_ATTACH_FAILED, FLOATING, ANY, ANY, ANY, HELD, ANY, ONE (FLOE_INTENT_ATTACH),
    KEEP, KEEP, KEEP, TO (FLOE_LEASE_NONE), TO (FLOE_CLEAN_RESETTING), TO (FLOE_INTENT_RESET),
    FLOE_ACTION_POWER_OFF | FLOE_ACTION_CANCEL_GRACE, "nobody works without their data: given back" },
  { FLOE_EVENT_ATTACH_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, ONE (FLOE_INTENT_ATTACH),
    KEEP, KEEP, KEEP, KEEP, KEEP, TO (FLOE_INTENT_NONE),
    0, "its owner is told" },
  { FLOE_EVENT_ATTACH_FAILED, ANY, ANY, ANY, ANY, ANY, ANY, NOT (FLOE_INTENT_ATTACH),
    KEEP, KEEP, KEEP, KEEP, KEEP, KEEP,
    0, "overtaken" },
};
/* clang-format on */

static gboolean
fits (guint8 set, guint value)
{
  return set == ANY || (set & ONE (value)) != 0;
}

static gboolean
row_fits (const Row *row, FloeNature nature, const FloeFacts *facts, FloeEvent event)
{
  return row->event == event && fits (row->nature, nature) && fits (row->power, facts->power)
         && fits (row->guest, facts->guest) && fits (row->console, facts->console)
         && fits (row->lease, facts->lease) && fits (row->clean, facts->clean)
         && fits (row->intent, facts->intent);
}

static guint
becomes (guint8 to, guint value)
{
  return to == KEEP ? value : to - 1u;
}

static void
set_impossible (GError **error, FloeNature nature, const FloeFacts *facts, FloeEvent event)
{
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
               "%s does not fit a %s desktop with power %s, console %s, lease %s, clean %s, intent "
               "%s",
               floe_event_name (event), nature_names[nature], floe_power_name (facts->power),
               floe_console_name (facts->console), lease_names[facts->lease],
               floe_clean_name (facts->clean), floe_intent_name (facts->intent));
}

/**
 * floe_nature_of:
 * @kind: of the desktop's pool
 * @made: whether the broker made it
 */
FloeNature
floe_nature_of (FloePoolKind kind, gboolean made)
{
  if (kind != FLOE_POOL_FLOATING)
    return FLOE_NATURE_KEPT;
  return made ? FLOE_NATURE_DISPOSABLE : FLOE_NATURE_FLOATING;
}

/**
 * floe_lifecycle_find_row:
 *
 * Returns: the number of the row that says what follows from @event, the first being 0; -1 when it
 *   cannot happen to @facts
 */
gint
floe_lifecycle_find_row (FloeNature nature, const FloeFacts *facts, FloeEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (row_fits (&rows[i], nature, facts, event))
      return (gint)i;
  return -1;
}

/**
 * floe_lifecycle_next:
 * @nature: the desktop's
 * @facts: as they are
 * @event: what happened
 * @next: (out): the facts as they become; may be @facts itself
 * @actions: (out): what the keeper must do once this is committed
 * @error: %FLOE_ERROR_CONFLICT when @event cannot happen to @facts; @next is left alone
 *
 * The one place that decides what follows from what. Pure: no clock, no store, no manager.
 *
 * Returns: whether a row of the table fits
 */
gboolean
floe_lifecycle_next (FloeNature nature, const FloeFacts *facts, FloeEvent event, FloeFacts *next,
                     FloeActions *actions, GError **error)
{
  gint found = floe_lifecycle_find_row (nature, facts, event);
  const Row *row = found >= 0 ? &rows[found] : NULL;

  if (row == NULL)
    {
      set_impossible (error, nature, facts, event);
      return FALSE;
    }
  *next = (FloeFacts){
    becomes (row->to_power, facts->power),     becomes (row->to_guest, facts->guest),
    becomes (row->to_console, facts->console), becomes (row->to_lease, facts->lease),
    becomes (row->to_clean, facts->clean),     becomes (row->to_intent, facts->intent)
  };
  *actions = row->actions;
  return TRUE;
}

/**
 * floe_lifecycle_resume:
 *
 * Returns: what is to be asked for again after a start or a gap, by what is under way; each call
 * can be repeated without harm
 */
FloeActions
floe_lifecycle_resume (const FloeFacts *facts)
{
  static const FloeActions again[] = {
    [FLOE_INTENT_NONE] = 0,
    [FLOE_INTENT_START] = FLOE_ACTION_POWER_ON,
    [FLOE_INTENT_RESET] = FLOE_ACTION_POWER_OFF,
    [FLOE_INTENT_CREATE] = FLOE_ACTION_CREATE,
    [FLOE_INTENT_REMOVE] = FLOE_ACTION_REMOVE,
    [FLOE_INTENT_STOP] = FLOE_ACTION_SHUT_DOWN,
    [FLOE_INTENT_MOVE] = FLOE_ACTION_MOVE,
    [FLOE_INTENT_ATTACH] = FLOE_ACTION_ATTACH,
  };

  return again[facts->intent];
}

/**
 * floe_lifecycle_wants_reset:
 *
 * Returns: whether %FLOE_EVENT_RESET_DUE is due: a floating desktop that nobody has, that is dirty,
 *   and with which nothing is under way
 */
gboolean
floe_lifecycle_wants_reset (FloeNature nature, const FloeFacts *facts)
{
  return nature != FLOE_NATURE_KEPT && facts->lease == FLOE_LEASE_NONE
         && facts->clean == FLOE_CLEAN_DIRTY && facts->intent == FLOE_INTENT_NONE
         && facts->power != FLOE_POWER_UNKNOWN;
}

/**
 * floe_lifecycle_adopt:
 * @power: as the manager says
 * @facts: (out): the facts of a desktop that the store has never seen
 *
 * One that is off is clean, since transient disks begin anew at each start; of one that runs nobody
 * knows who was in it.
 */
void
floe_lifecycle_adopt (FloePower power, FloeFacts *facts)
{
  const FloeFacts adopted = { power,
                              FLOE_GUEST_UNKNOWN,
                              FLOE_CONSOLE_NONE,
                              FLOE_LEASE_NONE,
                              power == FLOE_POWER_OFF ? FLOE_CLEAN_CLEAN : FLOE_CLEAN_DIRTY,
                              FLOE_INTENT_NONE };

  *facts = adopted;
}

/**
 * floe_lifecycle_change_kind:
 * @to: the kind of the pool that a desktop belongs to from now on
 * @facts: (inout): its facts; nobody has it
 *
 * Nobody keeps track of who was in a dedicated desktop, so one that becomes a floating one is dirty
 * until a reset was seen to end.
 */
void
floe_lifecycle_change_kind (FloePoolKind to, FloeFacts *facts)
{
  if (to == FLOE_POOL_FLOATING && facts->clean == FLOE_CLEAN_CLEAN)
    facts->clean = FLOE_CLEAN_DIRTY;
}

static void
print_set (GString *out, guint8 set, const gchar *const *names, guint n)
{
  const gchar *between = "";

  g_string_append (out, "| ");
  for (guint i = 0; set != ANY && i < n; i++)
    if (set & ONE (i))
      {
        g_string_append_printf (out, "%s%s", between, names[i]);
        between = ", ";
      }
  g_string_append_c (out, ' ');
}

static void
print_to (GString *out, const gchar *fact, guint8 to, const gchar *const *names)
{
  if (to != KEEP)
    g_string_append_printf (out, "%s %s; ", fact, names[to - 1]);
}

static const gchar *const power_list[] = { "unknown", "off",      "starting", "on",
                                           "paused",  "stopping", "crashed" };

static void
print_row (GString *out, const Row *row)
{
  g_string_append_printf (out, "| %s ", event_names[row->event]);
  print_set (out, row->nature, nature_names, G_N_ELEMENTS (nature_names));
  print_set (out, row->power, power_list, G_N_ELEMENTS (power_list));
  print_set (out, row->guest, guest_names, G_N_ELEMENTS (guest_names));
  print_set (out, row->console, console_names, G_N_ELEMENTS (console_names));
  print_set (out, row->lease, lease_names, G_N_ELEMENTS (lease_names));
  print_set (out, row->clean, clean_names, G_N_ELEMENTS (clean_names));
  print_set (out, row->intent, intent_names, G_N_ELEMENTS (intent_names));
  g_string_append (out, "| ");
  print_to (out, "power", row->to_power, power_list);
  print_to (out, "guest", row->to_guest, guest_names);
  print_to (out, "console", row->to_console, console_names);
  print_to (out, "lease", row->to_lease, lease_names);
  print_to (out, "clean", row->to_clean, clean_names);
  print_to (out, "intent", row->to_intent, intent_names);
  g_string_append (out, "| ");
  for (guint i = 0; i < G_N_ELEMENTS (action_names); i++)
    if (row->actions & (1u << i))
      g_string_append_printf (out, "%s; ", action_names[i]);
  g_string_append_printf (out, "| %s |\n", row->why);
}

/**
 * floe_lifecycle_print:
 *
 * Returns: (transfer full): the table in Markdown, as docs/lifecycle.md holds it
 */
gchar *
floe_lifecycle_print (void)
{
  GString *out = g_string_new (
      "| event | nature | power | guest | console | lease | clean | intent | becomes | actions | "
      "why |\n|---|---|---|---|---|---|---|---|---|---|---|\n");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    print_row (out, &rows[i]);
  return g_string_free (out, FALSE);
}

/**
 * floe_lifecycle_n_rows:
 *
 * Returns: how many rows the table has
 */
guint
floe_lifecycle_n_rows (void)
{
  return G_N_ELEMENTS (rows);
}

#define NAME_OF(names, value) ((guint)(value) < G_N_ELEMENTS (names) ? (names)[value] : "unknown")

static guint
value_of (const gchar *const *names, guint n, const gchar *name)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return i;
  return 0;
}

const gchar *
floe_event_name (FloeEvent event)
{
  return NAME_OF (event_names, event);
}

const gchar *
floe_pool_kind_name (FloePoolKind kind)
{
  return NAME_OF (kind_names, kind);
}

gboolean
floe_pool_kind_from_name (const gchar *name, FloePoolKind *kind)
{
  *kind = value_of (kind_names, G_N_ELEMENTS (kind_names), name);
  return g_strcmp0 (kind_names[*kind], name) == 0;
}

const gchar *
floe_guest_name (FloeGuest guest)
{
  return NAME_OF (guest_names, guest);
}

FloeGuest
floe_guest_from_name (const gchar *name)
{
  return value_of (guest_names, G_N_ELEMENTS (guest_names), name);
}

const gchar *
floe_console_name (FloeConsole console)
{
  return NAME_OF (console_names, console);
}

FloeConsole
floe_console_from_name (const gchar *name)
{
  return value_of (console_names, G_N_ELEMENTS (console_names), name);
}

const gchar *
floe_clean_name (FloeClean clean)
{
  return NAME_OF (clean_names, clean);
}

/* A name that nobody knows is broken, never clean: nothing is lent because of damaged data. */
FloeClean
floe_clean_from_name (const gchar *name)
{
  FloeClean clean = value_of (clean_names, G_N_ELEMENTS (clean_names), name);

  return g_strcmp0 (clean_names[clean], name) == 0 ? clean : FLOE_CLEAN_BROKEN;
}

const gchar *
floe_intent_name (FloeIntent intent)
{
  return NAME_OF (intent_names, intent);
}

FloeIntent
floe_intent_from_name (const gchar *name)
{
  return value_of (intent_names, G_N_ELEMENTS (intent_names), name);
}
