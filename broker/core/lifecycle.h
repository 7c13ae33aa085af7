/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/domain.h"

G_BEGIN_DECLS

typedef enum
{
  FLOE_POOL_FLOATING,
  FLOE_POOL_DEDICATED,
  FLOE_POOL_STATIC,
} FloePoolKind;

/**
 * FloeNature:
 * @FLOE_NATURE_FLOATING: an administrator's domain in a floating pool: it is reset by switching it
 *   off, since its disks are transient
 * @FLOE_NATURE_DISPOSABLE: a domain in a floating pool that the broker made: it is lent once. Its
 *   reset is its removal; the pool keeper makes another one, with the newest revision, wherever
 *   there is room, and with an id of its own, so that a late call about the old one hits nothing
 * @FLOE_NATURE_KEPT: a dedicated or static one, whoever made it: it is its user's and is never
 * reset
 * @FLOE_NATURE_ENGINE: an engine's: it gives it to people, starts it, and takes it back and
 * restores it when it goes down; the broker records that
 * @FLOE_NATURE_ENGINE_KEPT: an engine's that stays its user's, on or off, until it is taken from
 * them at the engine
 *
 * What the lifecycle needs to know of a desktop beside its facts.
 */
typedef enum
{
  FLOE_NATURE_FLOATING,
  FLOE_NATURE_DISPOSABLE,
  FLOE_NATURE_KEPT,
  FLOE_NATURE_ENGINE,
  FLOE_NATURE_ENGINE_KEPT,
} FloeNature;

FloeNature floe_nature_of (FloePoolKind kind, gboolean made);

typedef enum
{
  FLOE_GUEST_UNKNOWN,
  FLOE_GUEST_BOOTING,
  FLOE_GUEST_READY,
  FLOE_GUEST_LOGGED_IN,
} FloeGuest;

typedef enum
{
  FLOE_CONSOLE_NONE,
  FLOE_CONSOLE_CONNECTING,
  FLOE_CONSOLE_CONNECTED,
  FLOE_CONSOLE_LOST,
} FloeConsole;

typedef enum
{
  FLOE_LEASE_NONE,
  FLOE_LEASE_HELD,
} FloeLeaseFact;

typedef enum
{
  FLOE_CLEAN_CLEAN,
  FLOE_CLEAN_DIRTY,
  FLOE_CLEAN_RESETTING,
  FLOE_CLEAN_BROKEN,
} FloeClean;

typedef enum
{
  FLOE_INTENT_NONE,
  FLOE_INTENT_START,
  FLOE_INTENT_RESET,
  FLOE_INTENT_CREATE,
  FLOE_INTENT_REMOVE,
  FLOE_INTENT_STOP,
  FLOE_INTENT_MOVE,
  FLOE_INTENT_ATTACH,
} FloeIntent;

/**
 * FloeFacts:
 *
 * The six facts about a desktop, never one overloaded status. Who says each is in the design:
 * power, guest and console come from the manager, lease and intent from the store, clean from a
 * reset that was seen to end.
 */
typedef struct
{
  FloePower power;
  FloeGuest guest;
  FloeConsole console;
  FloeLeaseFact lease;
  FloeClean clean;
  FloeIntent intent;
} FloeFacts;

#define FLOE_N_FACTS 6

/**
 * FloeEvent:
 *
 * What can happen to a desktop. The table in lifecycle.c says what follows, floe-broker
 * --print-lifecycle prints it.
 */
typedef enum
{
  FLOE_EVENT_CLAIM,
  FLOE_EVENT_CONNECT,
  FLOE_EVENT_RELEASE,
  FLOE_EVENT_NOT_COLLECTED,
  FLOE_EVENT_RESET_DUE,
  FLOE_EVENT_REMOVE_DUE,
  FLOE_EVENT_START_DUE,
  FLOE_EVENT_STOP_DUE,
  FLOE_EVENT_FORCE_OFF_DUE,
  FLOE_EVENT_SHUT_DOWN_DUE,
  FLOE_EVENT_MOVE_DUE,
  FLOE_EVENT_ATTACH_DUE,
  FLOE_EVENT_CREATED,
  FLOE_EVENT_REMOVED,
  FLOE_EVENT_MOVED,
  FLOE_EVENT_ATTACHED,
  FLOE_EVENT_GIVEN_BACK,
  FLOE_EVENT_TAKEN_AWAY,
  FLOE_EVENT_POWERED_ON,
  FLOE_EVENT_POWERED_OFF,
  FLOE_EVENT_PAUSED,
  FLOE_EVENT_CRASHED,
  FLOE_EVENT_HOST_LOST,
  FLOE_EVENT_GONE,
  FLOE_EVENT_GUEST_READY,
  FLOE_EVENT_GUEST_AWAY,
  FLOE_EVENT_GUEST_LOGGED_IN,
  FLOE_EVENT_GUEST_LOGGED_OFF,
  FLOE_EVENT_TICKET_SET,
  FLOE_EVENT_TICKET_UNUSED,
  FLOE_EVENT_CONSOLE_CONNECTED,
  FLOE_EVENT_CONSOLE_ENDED,
  FLOE_EVENT_START_FAILED,
  FLOE_EVENT_RESET_FAILED,
  FLOE_EVENT_CREATE_FAILED,
  FLOE_EVENT_REMOVE_FAILED,
  FLOE_EVENT_STOP_FAILED,
  FLOE_EVENT_MOVE_FAILED,
  FLOE_EVENT_ATTACH_FAILED,
  FLOE_EVENT_GUEST_FAILED,
  FLOE_N_EVENTS
} FloeEvent;

typedef enum
{
  FLOE_ACTION_POWER_ON = 1 << 0,
  FLOE_ACTION_POWER_OFF = 1 << 1,
  FLOE_ACTION_CLOSE_DISPLAY = 1 << 2,
  FLOE_ACTION_START_GRACE = 1 << 3,
  FLOE_ACTION_CANCEL_GRACE = 1 << 4,
  FLOE_ACTION_RETRY_LATER = 1 << 5,
  FLOE_ACTION_CREATE = 1 << 6,
  FLOE_ACTION_REMOVE = 1 << 7,
  FLOE_ACTION_SHUT_DOWN = 1 << 8,
  FLOE_ACTION_MOVE = 1 << 9,
  FLOE_ACTION_ATTACH = 1 << 10,
  FLOE_ACTION_NOTE_LOST = 1 << 11,
  FLOE_ACTION_PREPARE = 1 << 12,
  FLOE_ACTION_GIVE_BACK = 1 << 13,
} FloeActions;

gboolean floe_lifecycle_next (FloeNature nature, const FloeFacts *facts, FloeEvent event,
                              FloeFacts *next, FloeActions *actions, GError **error);
FloeActions floe_lifecycle_resume (FloeNature nature, const FloeFacts *facts);
gboolean floe_lifecycle_wants_reset (FloeNature nature, const FloeFacts *facts);
void floe_lifecycle_change_kind (FloePoolKind to, FloeFacts *facts);
void floe_lifecycle_adopt (FloePower power, FloeFacts *facts);
gchar *floe_lifecycle_print (void);
gint floe_lifecycle_find_row (FloeNature nature, const FloeFacts *facts, FloeEvent event);
guint floe_lifecycle_n_rows (void);

const gchar *floe_event_name (FloeEvent event);
const gchar *floe_nature_name (FloeNature nature);
const gchar *floe_lease_fact_name (FloeLeaseFact lease);
const gchar *floe_pool_kind_name (FloePoolKind kind);
gboolean floe_pool_kind_from_name (const gchar *name, FloePoolKind *kind);
const gchar *floe_guest_name (FloeGuest guest);
FloeGuest floe_guest_from_name (const gchar *name);
const gchar *floe_console_name (FloeConsole console);
FloeConsole floe_console_from_name (const gchar *name);
const gchar *floe_clean_name (FloeClean clean);
FloeClean floe_clean_from_name (const gchar *name);
const gchar *floe_intent_name (FloeIntent intent);
FloeIntent floe_intent_from_name (const gchar *name);

G_END_DECLS
