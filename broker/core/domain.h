/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/policy.h"

G_BEGIN_DECLS

typedef enum
{
  FLOE_POWER_UNKNOWN,
  FLOE_POWER_OFF,
  FLOE_POWER_STARTING,
  FLOE_POWER_ON,
  FLOE_POWER_PAUSED,
  FLOE_POWER_STOPPING,
  FLOE_POWER_CRASHED,
} FloePower;

const gchar *floe_power_name (FloePower power);
FloePower floe_power_from_name (const gchar *name);

/**
 * FloeDomain:
 * @id: the manager's own, lasting identifier (libvirt's UUID)
 * @name: the domain's name
 * @host: the configured name of the host that it is on
 * @pool: (nullable): the pool that the domain's own metadata names; with @engine, its engine's name
 *   for its pool
 * @engine: an engine runs it, whose name is in @host
 * @given: for minutes its engine has had it given to the broker's own account
 * @engine_user: (nullable): with what it was just given: the id of whose it is at its engine, where
 *   that is known and it stays theirs
 * @found: with what it was just given: they had it before, and nobody here knew
 * @asked: when its manager was asked for this, by floe_clock_now(); 0 for what it tells by itself
 * @power: as of now
 * @has_agent: a guest agent is configured, so that "ready" can wait for it
 * @agent_connected: the guest agent answers
 * @seeded: cloud-init makes it its own, and @agent_connected is told only once that has ended
 * @boot_problem: (nullable): why its first boot will never end well, in words
 * @made: a broker of this house made it, says its metadata
 * @installation: (nullable): the Floe whose broker wrote that metadata, see
 *   floe_tx_get_installation(); %NULL for what was written before there were ids, and by hand
 * @revision: the template revision that its metadata names; 0 for none
 * @memory_mib: what it takes when it runs; 0 when nobody knows
 * @logged_in: how many are logged in to its guest; -1 when nobody knows
 * @refusal: (nullable): why it cannot be lent at all, and how to mend that, in words
 * @floating_refusal: (nullable): why it cannot be lent in a floating pool, and how to mend that
 * @kept_refusal: (nullable): why it cannot be somebody's for good, and how to mend that
 * @vnc_refusal: (nullable): why it cannot be lent in a pool that does not allow VNC, likewise
 * @openings: (nullable): what its definition lets go between its guest and a client
 * @live_openings: (nullable): what it was started with, if it runs
 *
 * A VM as its manager describes it. Immutable.
 */
typedef struct
{
  gchar *id;
  gchar *name;
  gchar *host;
  gchar *pool;
  gboolean engine;
  gboolean given;
  gchar *engine_user;
  gboolean found;
  gint64 asked;
  FloePower power;
  gboolean has_agent;
  gboolean agent_connected;
  gboolean seeded;
  gchar *boot_problem;
  gboolean made;
  gchar *installation;
  guint revision;
  guint memory_mib;
  gint logged_in;
  gchar *refusal;
  gchar *floating_refusal;
  gchar *kept_refusal;
  gchar *vnc_refusal;
  FloeOpenings *openings;
  FloeOpenings *live_openings;
} FloeDomain;

FloeDomain *floe_domain_new (const gchar *id, const gchar *name, const gchar *host);
FloeDomain *floe_domain_copy (const FloeDomain *self);
void floe_domain_free (FloeDomain *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDomain, floe_domain_free)

G_END_DECLS
