/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim.h"

G_BEGIN_DECLS

/*
 * SimDomain:
 * @facts: as its manager would describe it
 * @own: an administrator made it; its disk forgets when it is switched off, if it is @transient
 * @foreign: nobody's desktop: no call may ever be about it
 * @bad: its guest never gets ready
 * @raw: it is to have a personality, and its first boot has not ended
 * @touched: (nullable): who was in it, since it was made or last forgot everything
 * @viewer: (nullable): whose client is connected
 * @volume: (nullable): the data disk that is plugged in
 * @boot: how often it was started
 * @free_at: when the last call about it that was given has had its effect
 *
 * A domain as it really is.
 */
typedef struct
{
  FloeDomain *facts;
  gboolean own;
  gboolean transient;
  gboolean foreign;
  gboolean bad;
  gboolean raw;
  gboolean defined;
  gchar *touched;
  gchar *viewer;
  gchar *peer;
  gint64 viewer_since;
  gchar *volume;
  guint boot;
  gint64 free_at;
  gchar *ticket;
  gint64 ticket_until;
} SimDomain;

/*
 * SimHost:
 * @up: the broker reaches it
 * @known: the broker was told so in this life
 * @full: its storage is
 */
typedef struct
{
  gchar *name;
  gboolean up;
  gboolean known;
  gboolean full;
  gboolean draining;
  guint starting;
  gint64 changed;
} SimHost;

/* How often what goes wrong, per mille of the calls. */
typedef struct
{
  guint fails;
  guint is_lost;
  guint is_slow;
} SimFaults;

struct _SimWorld
{
  Sim *sim;
  SimHost hosts[N_HOSTS];
  GPtrArray *domains; /* SimDomain, in the order in which they came */
  GHashTable *by_id;
  GHashTable *images;        /* "host volume" */
  GHashTable *bad_revisions; /* "pool number" */
  GPtrArray *calls;          /* SimCall, under way */
  SimFaults faults;
  gint64 last_fault; /* elapsed: when something last went wrong */
  guint64 n_calls;
  guint64 n_sessions;
  guint last_peer;
};

SimWorld *sim_world_new (Sim *sim);
void sim_world_free (SimWorld *self);
SimDomain *sim_world_add (SimWorld *self, const gchar *id, const gchar *name, const gchar *host);
void sim_world_remove (SimWorld *self, SimDomain *domain);
SimDomain *sim_world_find (SimWorld *self, const gchar *id);
SimDomain *sim_world_find_name (SimWorld *self, const gchar *host, const gchar *name);
SimDomain *sim_world_pick (SimWorld *self);
SimHost *sim_world_get_host (SimWorld *self, const gchar *name);
const gchar *sim_world_get_touched (SimWorld *self, const gchar *id);
void sim_world_blame (SimWorld *self);

void sim_world_switch_on (SimWorld *self, SimDomain *domain);
void sim_world_switch_off (SimWorld *self, SimDomain *domain, FloePower to);
void sim_world_tell (SimWorld *self, SimDomain *domain);
void sim_world_tell_channel (SimWorld *self, const SimDomain *domain, gboolean opened,
                             const gchar *peer);
void sim_world_cut (SimWorld *self, SimDomain *domain);
gboolean sim_world_open_console (SimWorld *self, const gchar *id, const gchar *ticket,
                                 const gchar *user);
void sim_world_close_console (SimWorld *self, const gchar *id, const gchar *user);

void sim_world_list (SimWorld *self, SimHost *host, gboolean gap);
void sim_world_lose (SimWorld *self, SimHost *host, gboolean dead);
void sim_world_recover (SimWorld *self, SimHost *host);
void sim_world_greet (SimWorld *self); /* a broker that began to listen */

/* sim-manager.c: the port */
#define SIM_TYPE_MANAGER (sim_manager_get_type ())
G_DECLARE_FINAL_TYPE (SimManager, sim_manager, SIM, MANAGER, GObject)
FloeManager *sim_manager_new (Sim *sim);
void sim_manager_abandon (SimWorld *self);
void sim_manager_forget (SimWorld *self);
void sim_manager_refuse (SimWorld *self, const gchar *host);
gboolean sim_manager_is_busy_with (SimWorld *self, const gchar *id);
gboolean sim_manager_is_full (SimWorld *self, const gchar *host);

/* sim-jobs.c: what calls do */
typedef enum
{
  SIM_CALL_ON,
  SIM_CALL_OFF,
  SIM_CALL_TICKET,
  SIM_CALL_JOB,
} SimCallKind;

typedef enum
{
  SIM_FATE_GOOD,
  SIM_FATE_FAILS,
  SIM_FATE_ANSWER_LOST, /* it happens, and nobody hears of it */
  SIM_FATE_CALL_LOST,   /* it never happens, and nobody knows */
} SimFate;

typedef struct
{
  SimWorld *world;
  SimCallKind kind;
  GTask *task; /* NULL once nobody waits for it */
  gchar *host;
  gchar *id;
  FloeJob *job;
  FloeTicket *ticket;
  FloeTicketMode mode;
  SimFate fate;
  gint64 answer_after;
  gboolean done;
  FloeJobResult *result;
  GError *error;
  guint timeout;
} SimCall;

void sim_job_do (SimCall *call);
gint64 sim_job_duration (SimCall *call);

G_END_DECLS
