/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/lifecycle.h"
#include "core/policy.h"
#include "core/user.h"

G_BEGIN_DECLS

#define FLOE_POOL_GRACE_SECONDS     14400
#define FLOE_POOL_READY_SECONDS     120
#define FLOE_POOL_HOST_LOSS_SECONDS 900
#define FLOE_POOL_CANARY_PERCENT    10

/**
 * FloePoolAct:
 * @FLOE_ACT_KEEP: nothing
 * @FLOE_ACT_LOCK: the guest's screen is locked, by its agent
 * @FLOE_ACT_LOG_OFF: the guest's sessions are ended, by its agent
 * @FLOE_ACT_SHUT_DOWN: the guest is shut down; the lease stays
 * @FLOE_ACT_RESET: the lease ends, and with it what was done in a floating desktop
 * @FLOE_ACT_RESTART: the guest is restarted by its engine, and stays its holder's; never what a
 * pool wants, but what somebody asks for
 *
 * What a pool does at the end of something.
 */
typedef enum
{
  FLOE_ACT_KEEP,
  FLOE_ACT_LOCK,
  FLOE_ACT_LOG_OFF,
  FLOE_ACT_SHUT_DOWN,
  FLOE_ACT_RESET,
  FLOE_ACT_RESTART,
} FloePoolAct;

const gchar *floe_pool_act_name (FloePoolAct act);
gboolean floe_pool_act_from_name (const gchar *name, FloePoolAct *act);

/**
 * FloeAssignWay:
 * @FLOE_ASSIGN_SERVICE: an engine gives all its VMs to the broker's own account, and only the
 * broker knows whose each is
 * @FLOE_ASSIGN_ON_BEHALF: the broker logs in at the engine as the person, without their password
 * @FLOE_ASSIGN_USER: the broker acts as the person, whom it has logged in at the engine with the
 *   password that they logged in here with; where that is lost, as on behalf
 *
 * Who asks an engine for a VM, which gives it to whoever asks.
 */
typedef enum
{
  FLOE_ASSIGN_SERVICE,
  FLOE_ASSIGN_ON_BEHALF,
  FLOE_ASSIGN_USER,
} FloeAssignWay;

const gchar *floe_assign_way_name (FloeAssignWay way);
gboolean floe_assign_way_from_name (const gchar *name, FloeAssignWay *way);

/**
 * FloePersonality:
 * @FLOE_PERSONALITY_NONE: all clones are as their template is
 * @FLOE_PERSONALITY_CLOUD_INIT: host name, machine-id, SSH keys and first-boot script by
 *   cloud-init's NoCloud data source, on a small CD of each clone
 * @FLOE_PERSONALITY_AGENT: the same by commands of the guest agent, at each clone's first start
 */
typedef enum
{
  FLOE_PERSONALITY_NONE,
  FLOE_PERSONALITY_CLOUD_INIT,
  FLOE_PERSONALITY_AGENT,
} FloePersonality;

const gchar *floe_personality_name (FloePersonality personality);
gboolean floe_personality_from_name (const gchar *name, FloePersonality *personality);

/**
 * FloeTemplate:
 * @domain: the template: a domain that is defined on one of the hosts and is off; its first disk is
 *   the image from which all clones are made
 * @storage: the libvirt storage pool for images, overlays and data disks; the same name on all
 *   hosts
 * @shared: that storage pool is the same place on all hosts; otherwise each host gets a copy of the
 *   image, whose SHA-256 is compared
 * @prefix: clones are called PREFIX-001 and so on
 * @minimum: as many there are at least
 * @maximum: and at most
 * @canary_percent: of a new revision, the share of clones that must become ready before the rest is
 *   renewed; 0 for all at once
 * @personality: what makes a clone different from its template
 * @first_boot: (nullable): a shell script that a clone runs before it is ready, for a domain join,
 *   say; 16 KiB at most
 * @last_words: (nullable): its counterpart, run by the guest agent before a clone is removed
 *
 * Where a pool's own desktops come from. The image that the clones stand on is the broker's own
 * copy, made once for each revision, so that changing the template never changes what is live.
 */
typedef struct
{
  gchar *domain;
  gchar *storage;
  gboolean shared;
  gchar *prefix;
  guint minimum;
  guint maximum;
  guint canary_percent;
  FloePersonality personality;
  gchar *first_boot;
  gchar *last_words;
} FloeTemplate;

FloeTemplate *floe_template_new (const gchar *domain, const gchar *storage, const gchar *prefix);
FloeTemplate *floe_template_copy (const FloeTemplate *self);
void floe_template_free (FloeTemplate *self);

/**
 * FloeSpareWindow:
 * @days: bit 0 for Monday to bit 6 for Sunday
 * @from_minute: of the day, in the broker's time zone
 * @to_minute: of the day, not included; below @from_minute it reaches into the next day
 * @spares: in that time
 *
 * More spares at 8:30.
 */
typedef struct
{
  guint8 days;
  guint from_minute;
  guint to_minute;
  guint spares;
} FloeSpareWindow;

/**
 * FloePool:
 * @name: [a-z0-9][a-z0-9-]{0,63}
 * @description: (nullable): for people, 256 bytes at most
 * @kind: floating: returned and reset after use; dedicated: kept by its user from first use on;
 *   static: an administrator says whose it is
 * @manager: what runs its desktops: "libvirt", or the name of an engine
 * @engine_pool: (nullable): with an engine, its name for the pool
 * @assign: with an engine, who asks it for desktops
 * @pattern: (nullable): glob over domain names; %NULL means that the domain's metadata names the
 * pool
 * @template: (nullable): where its desktops come from; %NULL for a pool of domains that an
 *   administrator made
 * @per_user: how many desktops somebody may have of it
 * @spares: how many that nobody has are kept running and ready, when no window says otherwise
 * @windows: (element-type FloeSpareWindow): the schedule; the first that fits is taken
 * @data_gib: the size of each user's data disk in this pool; 0 for none
 * @groups: (array zero-terminated=1): entitled groups, by plain name, or as `sid:...` or
 *   `uuid:...`; and as `terminals:GROUP` whoever is at a terminal of that group, be it nobody but
 *   the terminal itself
 * @bound: (array zero-terminated=1): as the store has it: a plain name of @groups and the lasting
 * id that it stands for, and so on; a name that is not in it stands for itself
 * @users: (array zero-terminated=1): entitled people, by log-in name
 * @helpdesk_groups: (array zero-terminated=1): whose people are this pool's helpdesk, named as
 *   @groups are
 * @from_terminals: (array zero-terminated=1): terminals from where its desktops may be opened. When
 *   this and the next two are empty, from anywhere; else from what one of the three names
 * @from_terminal_groups: (array zero-terminated=1): likewise, terminal groups
 * @from_networks: (array zero-terminated=1): likewise, networks such as "192.0.2.0/24"
 * @grace_seconds: how long a desktop waits for its holder after a disconnect
 * @ready_seconds: how long a connect waits for a guest that has an agent before it goes on without
 * @host_loss_seconds: after this, a floating lease on a host that is lost is given up
 * @on_disconnect: at the end of @grace_seconds after a disconnect
 * @on_log_off: when nobody is logged in to the guest any more
 * @on_shut_down: when the guest was shut down from inside
 * @on_account_end: when the directory says that its holder is gone, or disabled
 * @idle_seconds: without any input, after which @on_idle is done; 0 for never
 * @limit_seconds: from the beginning of a console session, after which @on_limit is done; 0 for
 * never
 * @actions: (array zero-terminated=1): what the holder of a desktop may do with it beside opening
 *   it: names of #FloeOwnAct
 * @vnc: desktops that only speak VNC are lent as well
 * @screenshots: the helpdesk may see pictures of desktops that somebody has, whom nobody asks
 * @policy: what may go between its desktops and the clients in front of them
 * @closed: nobody gets a desktop; holders may reconnect
 * @message: (nullable): what people are told while it is closed
 * @drain: with @closed: desktops that nobody has are switched off
 *
 * A pool as its administrator defined it. Immutable.
 */
typedef struct
{
  gchar *name;
  gchar *description;
  FloePoolKind kind;
  gchar *manager;
  gchar *engine_pool;
  FloeAssignWay assign;
  gchar *pattern;
  FloeTemplate *template;
  GStrv groups;
  GStrv bound;
  GStrv users;
  GStrv helpdesk_groups;
  GStrv from_terminals;
  GStrv from_terminal_groups;
  GStrv from_networks;
  guint per_user;
  guint spares;
  GArray *windows;
  guint data_gib;
  guint grace_seconds;
  guint ready_seconds;
  guint host_loss_seconds;
  FloePoolAct on_disconnect;
  FloePoolAct on_log_off;
  FloePoolAct on_shut_down;
  FloePoolAct on_account_end;
  guint idle_seconds;
  FloePoolAct on_idle;
  guint limit_seconds;
  FloePoolAct on_limit;
  GStrv actions;
  gboolean vnc;
  gboolean screenshots;
  FloePolicy *policy;
  gboolean closed;
  gchar *message;
  gboolean drain;
} FloePool;

FloePool *floe_pool_new (const gchar *name, FloePoolKind kind);
FloePool *floe_pool_copy (const FloePool *self);
void floe_pool_free (FloePool *self);
gboolean floe_pool_validate (const FloePool *self, GError **error);
gboolean floe_pool_has_domain (const FloePool *self, const FloeDomain *domain);
const gchar *floe_pool_get_key (const FloePool *self, const gchar *group);
const gchar *floe_pool_get_bound (const FloePool *self, const gchar *group);
void floe_pool_set_bound (FloePool *self, const gchar *group, const gchar *id);
gboolean floe_pool_entitles (const FloePool *self, const FloeUser *user);
gboolean floe_pool_is_bound (const FloePool *self);
gboolean floe_pool_is_engine (const FloePool *self);
gboolean floe_pool_manager_is_engine (const gchar *manager);
GStrv floe_pool_diff (const FloePool *before, const FloePool *after);
gboolean floe_pool_name_is_valid (const gchar *name);
gchar *floe_pool_tag (const FloePool *self);
gboolean floe_pool_keeps_data (const FloePool *self);
gboolean floe_pool_binds_data (const FloePool *self);
gchar *floe_pool_pack (const FloePool *self);
gboolean floe_pool_unpack (FloePool *self, const gchar *text, GError **error);
void floe_pool_take_settings (FloePool *self, const FloePool *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePool, floe_pool_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTemplate, floe_template_free)

G_END_DECLS
