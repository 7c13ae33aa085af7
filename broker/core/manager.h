/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/display.h"
#include "core/domain.h"
#include "core/job.h"

G_BEGIN_DECLS

/**
 * FloeManagerKind:
 * @FLOE_MANAGER_OWNED: the broker decides everything (libvirt)
 * @FLOE_MANAGER_ENGINE: an engine owns pools and assignments (oVirt)
 */
typedef enum
{
  FLOE_MANAGER_OWNED,
  FLOE_MANAGER_ENGINE,
} FloeManagerKind;

/**
 * FloeTicketMode:
 * @FLOE_TICKET_KEEP: a client that is connected stays (libvirt connected='keep')
 * @FLOE_TICKET_DISCONNECT: a client that is connected is cut off: a take-over
 */
typedef enum
{
  FLOE_TICKET_KEEP,
  FLOE_TICKET_DISCONNECT,
} FloeTicketMode;

/**
 * FloeVmHolder:
 * @person: (nullable): a log-in name; %NULL for whomever the broker's own account has it for
 * @person_id: (nullable): who that is for ever
 * @engine_user: (nullable): the id of whose it is at its engine, where it is known; else they are
 *   known there by @person
 * @service: its engine has given it to the broker's own account for them
 *
 * Whose a VM is at its engine, where it stays theirs. Borrowed for the time of a call.
 */
typedef struct
{
  const gchar *person;
  const gchar *person_id;
  const gchar *engine_user;
  gboolean service;
} FloeVmHolder;

/**
 * FloeTicketOrder:
 * @ticket: what shall open the display
 * @mode: what becomes of a client that is connected
 * @policy: (nullable): what the domain must enforce as far as it can
 * @holder: (nullable): without whom having it at its engine nobody gets in
 * @request: (nullable): the id of the request that it is done for
 *
 * How a display is opened. Borrowed for the time of a call.
 */
typedef struct
{
  const FloeTicket *ticket;
  FloeTicketMode mode;
  const FloePolicy *policy;
  const FloeVmHolder *holder;
  const gchar *request;
} FloeTicketOrder;

/**
 * FloeAllocation:
 * @host: which engine
 * @pool: which of its pools, by its own name for it
 * @way: who asks
 * @keeps: it is to stay theirs until it is taken from them
 * @person: whose the VM shall be: a log-in name
 * @person_id: who that is for ever
 * @held: (nullable): ids of those of that pool that are not meant, since they have them already, or
 *   are not to have them any more
 * @token: (nullable): with %FLOE_ASSIGN_USER, what their log-in got there
 * @request: (nullable): the id of the request that it is done for, which stands in the
 *   engine's log
 *
 * An engine is asked for a VM. Borrowed for the time of a call.
 */
typedef struct
{
  const gchar *host;
  const gchar *pool;
  FloeAssignWay way;
  gboolean keeps;
  const gchar *person;
  const gchar *person_id;
  const gchar *const *held;
  FloeSecret *token;
  const gchar *request;
} FloeAllocation;

/**
 * FloeEngineFacts:
 * @size: VMs that it has
 * @prestarted: how many of them the engine keeps running that nobody has
 * @per_user: how many it lets each user have
 * @manual: a VM stays its user's
 * @stateful: VMs keep what is written
 *
 * What an engine says of a pool of its own.
 */
typedef struct
{
  guint size;
  guint prestarted;
  guint per_user;
  gboolean manual;
  gboolean stateful;
} FloeEngineFacts;

/**
 * FloeEngineEdit:
 * @host: which engine
 * @pool: what it calls the pool
 * @prestarted: as in #FloeEngineFacts; -1 for as it is
 * @per_user: likewise
 * @group: (nullable): a group, as the engine calls it
 * @entitled: whether that is to have VMs of the pool
 * @request: (nullable): the id of the request that it is done for, which stands in the
 *   engine's log
 *
 * What is to change in an engine's pool at its engine. Borrowed for the time of a call.
 */
typedef struct
{
  const gchar *host;
  const gchar *pool;
  gint prestarted;
  gint per_user;
  const gchar *group;
  gboolean entitled;
  const gchar *request;
} FloeEngineEdit;

/**
 * FloeChannelEvent:
 * @FLOE_CHANNEL_OPENED: somebody connected; not yet known whether with the right ticket
 * @FLOE_CHANNEL_AUTHENTICATED: the ticket was right
 * @FLOE_CHANNEL_CLOSED: the connection ended
 */
typedef enum
{
  FLOE_CHANNEL_OPENED,
  FLOE_CHANNEL_AUTHENTICATED,
  FLOE_CHANNEL_CLOSED,
} FloeChannelEvent;

/**
 * FloeHostCapacity:
 * @host: the configured name
 * @memory_mib: all that it has
 * @free_mib: what is free, caches counted as free
 * @cpus: how many
 * @load_percent: how busy they were since the last time, 0 to 100
 *
 * What a host has left. Immutable.
 */
typedef struct
{
  gchar *host;
  guint memory_mib;
  guint free_mib;
  guint cpus;
  guint load_percent;
} FloeHostCapacity;

FloeHostCapacity *floe_host_capacity_copy (const FloeHostCapacity *self);
void floe_host_capacity_free (FloeHostCapacity *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeHostCapacity, floe_host_capacity_free)

/**
 * FloeManager:
 *
 * The manager port: where desktops run. All signals are emitted on the main thread. Every call
 * answers exactly once, never before it returns; calls to one host are done in the order given, in
 * lanes: tickets and state, power, guest agent.
 *
 * Signals (the emit functions below are for implementations):
 * - "host-listed" (const gchar *host, GPtrArray *domains): all domains of a host as they are now,
 *   after each (re)connection and then periodically. What is not in it is not on that host.
 * - "host-lost" (const gchar *host, const gchar *reason): no connection; its domains are unknown
 *   from now on, until the next "host-listed".
 * - "domain-changed" (FloeDomain *domain): something about one domain changed.
 * - "domain-gone" (const gchar *host, const gchar *domain_id): it was undefined.
 * - "channel" (const gchar *domain_id, gint FloeChannelEvent, const gchar *peer): a display channel
 *   of "address:port"; for a peer without an address a string that is the same for all of its
 * events.
 * - "channels-listed" (const gchar *domain_id, GStrv peers): exactly these are connected and
 *   authenticated now; sent after every gap in the events.
 * - "host-measured" (FloeHostCapacity *capacity): what a host has left: after each listing, and
 *   every ten seconds.
 */
#define FLOE_TYPE_MANAGER (floe_manager_get_type ())
G_DECLARE_INTERFACE (FloeManager, floe_manager, FLOE, MANAGER, GObject)

struct _FloeManagerInterface
{
  GTypeInterface parent_iface;

  FloeManagerKind (*get_kind) (FloeManager *self, const gchar *host);
  void (*start) (FloeManager *self);
  void (*stop) (FloeManager *self);
  void (*refresh) (FloeManager *self, const gchar *host);
  void (*power_on_async) (FloeManager *self, const gchar *host, const gchar *domain_id,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
  void (*power_off_async) (FloeManager *self, const gchar *host, const gchar *domain_id,
                           const gchar *request, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*power_finish) (FloeManager *self, GAsyncResult *result, GError **error);
  void (*set_ticket_async) (FloeManager *self, const gchar *host, const gchar *domain_id,
                            const FloeTicketOrder *order, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
  FloeDisplay *(*set_ticket_finish) (FloeManager *self, GAsyncResult *result, GError **error);
  /* of those that have pictures of screens only */
  void (*screenshot_async) (FloeManager *self, const gchar *host, const gchar *domain_id,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
  FloeSecret *(*screenshot_finish) (FloeManager *self, GAsyncResult *result, GError **error);
  void (*run_async) (FloeManager *self, const FloeJob *job, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data);
  FloeJobResult *(*run_finish) (FloeManager *self, GAsyncResult *result, GError **error);
  /* of an engine only */
  void (*allocate_async) (FloeManager *self, const FloeAllocation *allocation,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
  FloeDomain *(*allocate_finish) (FloeManager *self, GAsyncResult *result, GError **error);
  void (*log_in_async) (FloeManager *self, const gchar *host, const gchar *person,
                        FloeSecret *password, GAsyncReadyCallback callback, gpointer user_data);
  FloeSecret *(*log_in_finish) (FloeManager *self, GAsyncResult *result, GError **error);
  void (*renew_async) (FloeManager *self, const gchar *host, FloeSecret *token,
                       GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*renew_finish) (FloeManager *self, GAsyncResult *result, GError **error);
  void (*log_out) (FloeManager *self, const gchar *host, FloeSecret *token);
  gboolean (*describe_pool) (FloeManager *self, const gchar *host, const gchar *pool,
                             FloeEngineFacts *facts);
  void (*edit_pool_async) (FloeManager *self, const FloeEngineEdit *edit,
                           GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*edit_pool_finish) (FloeManager *self, GAsyncResult *result, GError **error);
};

FloeManagerKind floe_manager_get_kind (FloeManager *self, const gchar *host);
void floe_manager_start (FloeManager *self);
void floe_manager_stop (FloeManager *self);
void floe_manager_refresh (FloeManager *self, const gchar *host);
void floe_manager_power_on_async (FloeManager *self, const gchar *host, const gchar *domain_id,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
void floe_manager_power_off_async (FloeManager *self, const gchar *host, const gchar *domain_id,
                                   const gchar *request, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_manager_power_finish (FloeManager *self, GAsyncResult *result, GError **error);
void floe_manager_set_ticket_async (FloeManager *self, const gchar *host, const gchar *domain_id,
                                    const FloeTicketOrder *order, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
FloeDisplay *floe_manager_set_ticket_finish (FloeManager *self, GAsyncResult *result,
                                             GError **error);

void floe_manager_screenshot_async (FloeManager *self, const gchar *host, const gchar *domain_id,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
FloeSecret *floe_manager_screenshot_finish (FloeManager *self, GAsyncResult *result,
                                            GError **error);

void floe_manager_run_async (FloeManager *self, const FloeJob *job, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
FloeJobResult *floe_manager_run_finish (FloeManager *self, GAsyncResult *result, GError **error);
void floe_manager_allocate_async (FloeManager *self, const FloeAllocation *allocation,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
FloeDomain *floe_manager_allocate_finish (FloeManager *self, GAsyncResult *result, GError **error);
void floe_manager_log_in_async (FloeManager *self, const gchar *host, const gchar *person,
                                FloeSecret *password, GAsyncReadyCallback callback,
                                gpointer user_data);
FloeSecret *floe_manager_log_in_finish (FloeManager *self, GAsyncResult *result, GError **error);
void floe_manager_renew_async (FloeManager *self, const gchar *host, FloeSecret *token,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_manager_renew_finish (FloeManager *self, GAsyncResult *result, GError **error);
void floe_manager_log_out (FloeManager *self, const gchar *host, FloeSecret *token);
gboolean floe_manager_describe_pool (FloeManager *self, const gchar *host, const gchar *pool,
                                     FloeEngineFacts *facts);
void floe_manager_edit_pool_async (FloeManager *self, const FloeEngineEdit *edit,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_manager_edit_pool_finish (FloeManager *self, GAsyncResult *result, GError **error);

void floe_manager_emit_host_listed (FloeManager *self, const gchar *host, GPtrArray *domains);
void floe_manager_emit_host_lost (FloeManager *self, const gchar *host, const gchar *reason);
void floe_manager_emit_domain_changed (FloeManager *self, const FloeDomain *domain);
void floe_manager_emit_domain_gone (FloeManager *self, const gchar *host, const gchar *domain_id);
void floe_manager_emit_channel (FloeManager *self, const gchar *domain_id, FloeChannelEvent event,
                                const gchar *peer);
void floe_manager_emit_channels_listed (FloeManager *self, const gchar *domain_id,
                                        const gchar *const *peers);
void floe_manager_emit_host_measured (FloeManager *self, const FloeHostCapacity *capacity);

G_END_DECLS
