/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim.h"

G_BEGIN_DECLS

/* What a transaction wrote, in its order. */
typedef enum
{
  SIM_WROTE_DESKTOP,
  SIM_WROTE_DESKTOP_AWAY,
  SIM_WROTE_POOL,
  SIM_WROTE_POOL_AWAY,
  SIM_WROTE_USER,
  SIM_WROTE_AUDIT,
  SIM_WROTE_TIMER,
  SIM_WROTE_TIMER_AWAY,
  SIM_WROTE_WAIT,
  SIM_WROTE_WAIT_AWAY,
  SIM_WROTE_STATE,
  SIM_WROTE_DISK,
} SimWrote;

typedef struct
{
  SimWrote what;
  gpointer value; /* by what it is; of what is away, its key, or NULL */
  gchar *second;  /* of a timer or a wait that is away, the other half of its key */
} SimEntry;

struct _SimBook
{
  Sim *sim;
  gboolean in_tx;
  GArray *journal;      /* SimEntry, of this transaction */
  GHashTable *desktops; /* id to FloeDesktop, and so on: as committed */
  GHashTable *pools;
  GHashTable *users;
  GHashTable *timers;      /* "kind subject" to FloeTimer */
  GHashTable *waits;       /* "pool user" to FloeWait */
  GHashTable *disks;       /* "pool user" to FloeDataDisk */
  GHashTable *states;      /* pool to its not_before */
  GHashTable *wrong_since; /* see sim-quiet.c */
  GHashTable *intents;     /* "name action" to how many intents without an outcome there are */
};

const gchar *sim_book_find_data_host (SimBook *self, const gchar *pool, const gchar *user);

/* sim-rules.c */
void sim_rules_check (SimBook *self, const FloeDesktop *before, const FloeDesktop *after);
void sim_rules_check_audit (SimBook *self, const FloeAudit *row);
void sim_rules_check_end (SimBook *self, GPtrArray *changed);

G_END_DECLS
