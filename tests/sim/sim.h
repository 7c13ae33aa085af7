/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assigner.h"
#include "core/error.h"
#include "core/helpdesk.h"
#include "core/pool-keeper.h"
#include "core/sessions.h"
#include "fakes.h"
#include "login/login.h"
#include "sim-clock.h"
#include "store/sqlite-db.h"

G_BEGIN_DECLS

#define SECOND ((gint64)G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

#define N_HOSTS        3
#define STARTS_AT_ONCE 4
#define N_EVENTS       40
#define EVENT_LENGTH   200

typedef struct _SimStore SimStore;
typedef struct _SimBook SimBook;
typedef struct _SimWorld SimWorld;
typedef struct _SimPeople SimPeople;
typedef struct _SimTrouble SimTrouble;
typedef struct _SimSecrets SimSecrets;

/* When the broker is to be killed: at so many further steps of a kind; 0 for not at all. */
typedef struct
{
  guint commits; /* after a commit, before its answer */
  guint calls;   /* after a call to the manager was given */
  guint answers; /* with an answer of the manager that is not recorded any more */
} SimDoom;

/*
 * Sim:
 * @life: which life of the broker this is; 0 while there is none
 * @doomed: it is dead, and only has not been taken apart yet
 *
 * A company on the broker's real core. What happens is decided by @seed alone.
 */
typedef struct
{
  guint64 seed;
  guint64 dice;
  guint64 operations;
  guint64 violations;
  guint days;
  gboolean trace; /* each event is printed */
  SimClock *clock;
  FakeDirectory *directory;
  SimStore *store_keeper; /* what outlives the broker */
  SimBook *book;
  SimWorld *world;
  SimPeople *people;
  SimTrouble *trouble;
  SimSecrets *secrets;

  guint life;
  guint lives;
  gboolean doomed;
  SimDoom doom;
  FloeStore *store;
  FloeManager *manager;
  FloeKeeper *keeper;
  FloePoolKeeper *pool_keeper;
  FloeAssigner *assigner;
  FloeHelpdesk *helpdesk;
  FloeSessions *sessions;
  FloeLogin *login;
  gint64 began; /* this life; elapsed */

  guint n_events;
  gchar events[N_EVENTS][EVENT_LENGTH];
} Sim;

guint sim_below (Sim *sim, guint n);
gboolean sim_chance (Sim *sim, guint per_mille);
gint64 sim_between (Sim *sim, gint64 from, gint64 to);
gint64 sim_elapsed_now (Sim *sim);
gint64 sim_time (Sim *sim);
guint sim_minute_of_day (Sim *sim);
gboolean sim_is_workday (Sim *sim);
guint sim_at (Sim *sim, gint64 delay, GSourceFunc func, gpointer data, GDestroyNotify notify);
void sim_note (Sim *sim, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
void sim_say (Sim *sim, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
void sim_violation (Sim *sim, const gchar *rule, const gchar *format, ...) G_GNUC_PRINTF (3, 4);

/* Whatever must be repeatable and is random elsewhere: see sim-chance.c. */
void sim_chance_set_seed (guint64 seed);
void sim_chance_set_clock (SimClock *clock);

/* Secrets, and where they must not be. */
SimSecrets *sim_secrets_new (void);
void sim_secrets_free (SimSecrets *self);
void sim_secrets_learn (Sim *sim, const FloeSecret *secret);
void sim_secrets_check (Sim *sim, const gchar *text);

/* The broker. */
void sim_broker_start (Sim *sim);
void sim_broker_kill (Sim *sim);
void sim_settle (Sim *sim);
gboolean sim_run_until_broker (Sim *sim);
void sim_doom (Sim *sim);

/* The store. */
SimStore *sim_store_new (Sim *sim);
void sim_store_free (SimStore *self);
FloeStore *sim_store_open (SimStore *self); /* for one life of the broker */
void sim_store_close (SimStore *self);
gboolean sim_store_step (SimStore *self);
gboolean sim_store_is_busy (SimStore *self);
gpointer sim_store_run (SimStore *self, FloeTransaction func, gconstpointer input, GError **error);
void sim_store_prune (SimStore *self);

/* The book: what was committed, and what must hold of it. */
SimBook *sim_book_new (Sim *sim);
void sim_book_free (SimBook *self);
void sim_book_spy_on (SimBook *self, FloeTx *tx);
void sim_book_begin (SimBook *self);
void sim_book_undo (SimBook *self);
void sim_book_commit (SimBook *self);
const FloeDesktop *sim_book_find (SimBook *self, const gchar *id);
FloePool *sim_book_find_pool (SimBook *self, const gchar *name);
GPtrArray *sim_book_list (SimBook *self); /* (transfer container), in the order of their ids */
guint sim_book_count_held (SimBook *self);
const FloeDesktop *sim_book_pick (SimBook *self, gboolean held);
gboolean sim_book_next_timer (SimBook *self, const gchar **kind, const gchar **subject,
                              gint64 *due);
void sim_book_compare (SimBook *self);
void sim_check_quiet (Sim *sim);

G_END_DECLS
