/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "any-store.h"
#include "core/fold.h"
#include "core/network.h"
#include "fakes.h"
#include "login/throttle.h"

#define HOME   "192.0.2.7"
#define OFFICE "198.51.100.20"
#define AWAY   "203.0.113.5"

#define MINUTES (60 * (gint64)G_USEC_PER_SEC)

static const FloeThrottlePolicy policy = {
  .seconds = 1800, .person_tries = 4, .network_tries = 6, .heeds_lockout = TRUE, .shared = TRUE
};

/* Two brokers on one store. */
typedef struct
{
  AnyPlace *place;
  FloeStore *store;
  FakeClock *clock;
  FloeThrottle *brokers[2];
  const gchar *terminal; /* with which certificate tries come, or NULL */
} Fixture;

typedef struct
{
  FloeAdmission *admission;
  GError *error;
  gboolean answered;
} Leave;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->place = any_place_new ();
  f->store = any_place_open (f->place, &error);
  g_assert_no_error (error);
  f->clock = fake_clock_new ();
  fake_clock_set (f->clock, 1000 * MINUTES);
  for (guint i = 0; i < G_N_ELEMENTS (f->brokers); i++)
    f->brokers[i] = floe_throttle_new (f->store, FLOE_CLOCK (f->clock), &policy);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (f->brokers); i++)
    g_object_unref (f->brokers[i]);
  g_object_unref (f->clock);
  any_store_close (f->store);
  g_object_unref (f->store);
  any_place_free (f->place);
}

static void
admitted (GObject *source, GAsyncResult *result, gpointer data)
{
  Leave *leave = data;

  leave->admission = floe_throttle_admit_finish (FLOE_THROTTLE (source), result, &leave->error);
  leave->answered = TRUE;
}

static void
ask (Fixture *f, guint broker, const gchar *name, const gchar *address, Leave *leave)
{
  g_autoptr (FloeCaller) caller = floe_caller_new (address, f->terminal, NULL);

  *leave = (Leave){ NULL, NULL, FALSE };
  floe_throttle_admit_async (f->brokers[broker], name, caller, NULL, admitted, leave);
  g_assert_false (leave->answered);
}

static void
wait_for (Leave *leave)
{
  while (!leave->answered)
    g_main_context_iteration (NULL, TRUE);
}

/* Until it is recorded. */
static void
settle (Fixture *f, guint broker, FloeAdmission *admission, FloeTryOutcome outcome,
        const gchar *user_id)
{
  guint before = floe_throttle_get_under_way (f->brokers[broker]);

  floe_throttle_settle (f->brokers[broker], admission, outcome, user_id);
  while (floe_throttle_get_under_way (f->brokers[broker]) == before)
    g_main_context_iteration (NULL, TRUE);
}

/* try: whether a password was let through to the directory, which said this of it */
static gboolean
try (Fixture *f, const gchar *name, const gchar *address, FloeTryOutcome outcome,
     const gchar *user_id)
{
  static guint turn;
  guint broker = turn++ % 2;
  Leave leave;

  ask (f, broker, name, address, &leave);
  wait_for (&leave);
  if (leave.admission == NULL)
    {
      g_assert_error (leave.error, FLOE_ERROR, FLOE_ERROR_BUSY);
      g_assert_cmpstr (floe_error_reason (leave.error), ==, "too-many-tries");
      g_clear_error (&leave.error);
      return FALSE;
    }
  settle (f, broker, leave.admission, outcome, user_id);
  return TRUE;
}

static guint
guess (Fixture *f, const gchar *name, const gchar *address, const gchar *user_id, guint n)
{
  guint n_let_through = 0;

  for (guint i = 0; i < n; i++)
    n_let_through += try (f, name, address, FLOE_TRY_WRONG, user_id);
  return n_let_through;
}

/* A stranger's guesses end well below the directory's own lockout, and leave some to the person. */
static void
test_stranger (Fixture *f, gconstpointer data)
{
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  g_assert_cmpuint (guess (f, "alice", AWAY, "id-a", 100), ==, 2);
  g_assert_cmpuint (guess (f, "alice", HOME, "id-a", 100), ==, 0);
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_WRONG, "id-a"));
  g_assert_true (try (f, "alice", "198.51.100.99", FLOE_TRY_RIGHT, "id-a"));
  g_assert_cmpuint (guess (f, "alice", AWAY, "id-a", 100), ==, 2);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 2);
}

/* The same for a name that nobody has. */
static void
test_nobody (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (guess (f, "alice", AWAY, "id-a", 100), ==, 2);
  g_assert_cmpuint (guess (f, "mallory", AWAY, NULL, 100), ==, 2);
}

/* All names of one person count together, once the directory has told whose they are. */
static void
test_names (Fixture *f, gconstpointer data)
{
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  g_assert_true (try (f, "a.archer", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 2), ==, 2);
  g_assert_cmpuint (guess (f, "a.archer", OFFICE, "id-a", 100), ==, 2);
  g_assert_false (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  g_assert_cmpuint (guess (f, "bob", OFFICE, "id-b", 100), ==, 2);
}

/* What a directory may take for one name, in how many spellings there are. */
static const gchar *const spellings[] = { "\u00e0lice", "\u00e1lice", "al\u012bce",
                                          "ali\u00e7e", "alic\u00eb", "a\u0301lice",
                                          "a\u0142ice", "\u00c0LICE", "\u00e0l\u00efce" };

/* A directory that compares loosely locks one account, however its name was spelled. */
static void
test_spellings (Fixture *f, gconstpointer data)
{
  guint n = 0;

  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    n += try (f, spellings[i], AWAY, FLOE_TRY_WRONG, "id-a");
  g_assert_cmpuint (n, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    n += try (f, spellings[i], OFFICE, FLOE_TRY_WRONG, "id-a");
  g_assert_cmpuint (n, ==, 4);
  g_assert_false (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
}

/* The same where nobody was ever seen by that name, or has it. */
static void
test_spellings_of_nobody (Fixture *f, gconstpointer data)
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    n += try (f, spellings[i], AWAY, FLOE_TRY_WRONG, "id-a");
  g_assert_cmpuint (n, ==, 2);
  n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      g_autofree gchar *name = g_strconcat (spellings[i], "x", NULL);

      n += try (f, name, HOME, FLOE_TRY_WRONG, NULL);
    }
  g_assert_cmpuint (n, ==, 2);
}

static void
test_spellings_at_once (Fixture *f, gconstpointer data)
{
  Leave leaves[G_N_ELEMENTS (spellings)];
  guint n = 0;

  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    ask (f, i % 2, spellings[i], AWAY, &leaves[i]);
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    {
      wait_for (&leaves[i]);
      n += leaves[i].admission != NULL;
      g_clear_error (&leaves[i].error);
    }
  g_assert_cmpuint (n, <=, 2);
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    if (leaves[i].admission != NULL)
      settle (f, i % 2, leaves[i].admission, FLOE_TRY_WRONG, "id-a");
  g_assert_cmpuint (n + guess (f, "alice", AWAY, "id-a", 100), ==, 2);
}

/* Elsewhere they are two people: neither shuts the other out, or gives them new tries. */
static void
test_like_names (Fixture *f, gconstpointer data)
{
  g_assert_true (try (f, "m\u00fcller", OFFICE, FLOE_TRY_RIGHT, "id-1"));
  g_assert_true (try (f, "muller", OFFICE, FLOE_TRY_RIGHT, "id-2"));
  g_assert_cmpuint (guess (f, "m\u00fcller", OFFICE, "id-1", 100), ==, 4);
  g_assert_true (try (f, "muller", OFFICE, FLOE_TRY_RIGHT, "id-2"));
  g_assert_cmpuint (guess (f, "muller", OFFICE, "id-2", 100), ==, 4);
  g_assert_false (try (f, "m\u00fcller", OFFICE, FLOE_TRY_RIGHT, "id-1"));
  fake_clock_advance (FAKE_CLOCK (f->clock), 31 * MINUTES);

  /* Whoever is new is taken for the other one once, and leaves what counts for them. */
  g_assert_cmpuint (guess (f, "muller", OFFICE, "id-2", 1), ==, 1);
  g_assert_true (try (f, "m\u016bller", OFFICE, FLOE_TRY_RIGHT, "id-3"));
  g_assert_cmpuint (guess (f, "muller", OFFICE, "id-2", 100), ==, 3);
  g_assert_cmpuint (guess (f, "m\u016bller", OFFICE, "id-3", 100), ==, 4);
}

static void
test_loosely (void)
{
  static const struct
  {
    const gchar *text;
    const gchar *folded;
  } rows[] = {
    { "Alice", "alice" },
    { "\u00e0l\u00edc\u0119", "alice" },
    { "a\u0300\u0323lice", "alice" },
    { "\uff21lice", "alice" },
    { "\u0141ukasz S\u00f8rensen", "lukasz sorensen" },
    { "Gro\u00df", "gross" },
    { "\u0130pek \u0131\u015f\u0131k", "ipek isik" },
    { "\u0386\u03bd\u03bd\u03b1\u03c2", "\u03b1\u03bd\u03bd\u03b1\u03c3" }, /* Άννας */
    { "\u0451\u0439", "\u0435\u0438" },                                     /* ёй */
    { "\u304b\u304c", "\u30ab\u30ab" },                                     /* かが */
    { "\u0e01\u0e34", "\u0e01\u0e34" },                                     /* กิ */
    { "\u0e01\u0e38", "\u0e01\u0e38" },                                     /* กุ */
    { "\u0915\u0941\u092e\u093e\u0930", "\u0915\u0941\u092e\u093e\u0930" }, /* कुमार */
    { "\u5c71\u7530", "\u5c71\u7530" },                                     /* 山田 */
    { "\u0301\u0300", "\u0301\u0300" }, /* nothing but marks is not nothing */
    { "a\xff", "a\ufffd" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *folded = floe_fold_loosely (rows[i].text);
      g_autofree gchar *again = floe_fold_loosely (folded);

      g_assert_cmpstr (folded, ==, rows[i].folded);
      g_assert_cmpstr (again, ==, folded);
    }
}

static void
set_lockout (Fixture *f, guint tries, guint window)
{
  const FloeLockout lockout = { .n_policies = 1, .tries = tries, .window = window };

  for (guint i = 0; i < G_N_ELEMENTS (f->brokers); i++)
    floe_throttle_set_lockout (f->brokers[i], &lockout);
}

static void
add_terminal (Fixture *f, const gchar *name, const gchar *fingerprint)
{
  g_autofree gchar *sql = g_strdup_printf (
      "INSERT INTO terminals (name, groups, is_public, fingerprint, enrolled, seen,"
      " code_ends) VALUES ('%s', '', 0, '%s', 1, 1, 0)",
      name, fingerprint);

  any_place_exec (f->place, sql);
}

/* Whoever sits beside somebody does not shut them out of the terminal at which they log in; and it
 * is never more than reach the directory. */
static void
test_terminal (Fixture *f, gconstpointer data)
{
  add_terminal (f, "desk-1", "f1");
  add_terminal (f, "desk-2", "f2");
  f->terminal = "f1";
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  f->terminal = NULL;
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 3);
  f->terminal = "f2";
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 0);
  f->terminal = "f1";
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  f->terminal = "f2";
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 3);
  f->terminal = "f1";
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 1);
  g_assert_false (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
}

/* At it nobody is a stranger, wherever it stands; as long as it is enrolled. */
static void
test_terminal_elsewhere (Fixture *f, gconstpointer data)
{
  add_terminal (f, "desk-1", "f1");
  f->terminal = "f1";
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  f->terminal = "f2"; /* of nobody's */
  g_assert_true (try (f, "bob", OFFICE, FLOE_TRY_RIGHT, "id-b"));
  g_assert_cmpuint (guess (f, "alice", AWAY, "id-a", 100), ==, 2);
  g_assert_cmpuint (guess (f, "bob", AWAY, "id-b", 100), ==, 2);
  g_assert_cmpuint (guess (f, "bob", OFFICE, "id-b", 100), ==, 2);
  f->terminal = "f1";
  g_assert_cmpuint (guess (f, "alice", HOME, "id-a", 100), ==, 2);
  fake_clock_advance (FAKE_CLOCK (f->clock), 31 * MINUTES);
  any_place_exec (f->place, "DELETE FROM terminals");
  g_assert_cmpuint (guess (f, "alice", HOME, "id-a", 100), ==, 2);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 2);
}

/* A ticket makes it known as a password does. */
static void
test_terminal_by_ticket (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeCaller) caller = floe_caller_new (OFFICE, "f1", NULL);

  add_terminal (f, "desk-1", "f1");
  floe_throttle_greet_person (f->brokers[0], "alice", caller, "id-a");
  g_assert_cmpuint (guess (f, "alice", AWAY, "id-a", 100), ==, 2);
  f->terminal = "f1";
  g_assert_cmpuint (guess (f, "alice", AWAY, "id-a", 100), ==, 2);
}

/* Where the directory locks after three, there is none to keep. */
static void
test_terminal_of_two (Fixture *f, gconstpointer data)
{
  set_lockout (f, 3, 3600);
  add_terminal (f, "desk-1", "f1");
  f->terminal = "f1";
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  f->terminal = NULL;
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 2);
  f->terminal = "f1";
  g_assert_false (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
}

/* Directories forget after a pause, and not one try at a time. */
static void
test_pause (Fixture *f, gconstpointer data)
{
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  for (guint i = 0; i < 4; i++)
    {
      g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_WRONG, "id-a"));
      fake_clock_advance (FAKE_CLOCK (f->clock), 29 * MINUTES);
      floe_throttle_prune (f->brokers[0]);
    }
  g_assert_false (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  fake_clock_advance (FAKE_CLOCK (f->clock), 2 * MINUTES);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 4);
}

/* One password for all: people who are known there still get in. */
static void
test_network (Fixture *f, gconstpointer data)
{
  guint n = 0;

  g_assert_true (try (f, "alice", AWAY, FLOE_TRY_RIGHT, "id-a"));
  for (guint i = 0; i < 20; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("user%u", i);

      n += try (f, name, AWAY, FLOE_TRY_WRONG, NULL);
    }
  g_assert_cmpuint (n, ==, 6);
  g_assert_false (try (f, "bob", AWAY, FLOE_TRY_RIGHT, "id-b"));
  g_assert_true (try (f, "bob", HOME, FLOE_TRY_RIGHT, "id-b"));
  g_assert_true (try (f, "alice", AWAY, FLOE_TRY_RIGHT, "id-a"));
}

/* What no directory has answered is no try. */
static void
test_unasked (Fixture *f, gconstpointer data)
{
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_WRONG, "id-a"));
  for (guint i = 0; i < 20; i++)
    g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_UNASKED, NULL));
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 3);
}

/* Of fifty at once, at two brokers, no more reach the directory than one after the other. */
static void
test_at_once (Fixture *f, gconstpointer data)
{
  Leave leaves[50];
  guint n = 0;

  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    ask (f, i % 2, "alice", OFFICE, &leaves[i]);
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    {
      wait_for (&leaves[i]);
      n += leaves[i].admission != NULL;
      g_clear_error (&leaves[i].error);
    }
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, 4);
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    if (leaves[i].admission != NULL)
      settle (f, i % 2, leaves[i].admission, FLOE_TRY_WRONG, "id-a");
  g_assert_cmpuint (n + guess (f, "alice", OFFICE, "id-a", 100), ==, 4);
}

/* Nor when they come one by one, each after the one before was let through and before a directory
 * has answered it; by any of their names, or a like one that nobody is known by. */
static guint
ask_in_turn (Fixture *f, guint n_brokers)
{
  const gchar *const names[] = { "alice", "\u00e0lice", "alice.archer" };
  Leave leaves[12];
  guint n = 0;

  g_assert_true (try (f, names[0], OFFICE, FLOE_TRY_RIGHT, "id-a"));
  g_assert_true (try (f, names[2], OFFICE, FLOE_TRY_RIGHT, "id-a"));
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    {
      ask (f, i % n_brokers, names[i / 2 % 3], OFFICE, &leaves[i]);
      wait_for (&leaves[i]);
      n += leaves[i].admission != NULL;
      g_clear_error (&leaves[i].error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    if (leaves[i].admission != NULL)
      settle (f, i % n_brokers, leaves[i].admission, FLOE_TRY_WRONG, "id-a");
  return n;
}

static void
test_in_turn (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (ask_in_turn (f, 2), ==, 4);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 0);
}

/* As if no other broker had the store. */
static void
be_alone (Fixture *f)
{
  FloeThrottlePolicy alone = policy;

  alone.shared = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (f->brokers); i++)
    {
      g_object_unref (f->brokers[i]);
      f->brokers[i] = floe_throttle_new (f->store, FLOE_CLOCK (f->clock), &alone);
    }
}

/* One broker that need not look out for others lets no more through. */
static void
test_alone (Fixture *f, gconstpointer data)
{
  be_alone (f);
  g_assert_cmpuint (ask_in_turn (f, 1), ==, 4);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 0);
}

/* A directory that locks sooner than the configuration thinks, and one that locks nobody again. */
static void
test_lockout (Fixture *f, gconstpointer data)
{
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  set_lockout (f, 3, 3600);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 2);
  fake_clock_advance (FAKE_CLOCK (f->clock), 59 * MINUTES);
  floe_throttle_prune (f->brokers[0]);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 0);
  fake_clock_advance (FAKE_CLOCK (f->clock), 2 * MINUTES);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 2);
  set_lockout (f, 0, 0);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 2);
  fake_clock_advance (FAKE_CLOCK (f->clock), 31 * MINUTES);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 100), ==, 4);
}

/* A directory that counts for longer counts for people, and not for networks. */
static void
test_lockout_of_networks (Fixture *f, gconstpointer data)
{
  set_lockout (f, 3, 24 * 3600);
  for (guint i = 0; i < 6; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("user%u", i);

      g_assert_true (try (f, name, AWAY, FLOE_TRY_WRONG, NULL));
    }
  g_assert_false (try (f, "bob", AWAY, FLOE_TRY_RIGHT, "id-b"));
  fake_clock_advance (FAKE_CLOCK (f->clock), 31 * MINUTES);
  floe_throttle_prune (f->brokers[0]);
  g_assert_true (try (f, "bob", AWAY, FLOE_TRY_RIGHT, "id-b"));
}

/* A broker that knows of no lockout yet forgets nothing that another one counts. */
static void
test_lockout_prune (Fixture *f, gconstpointer data)
{
  const FloeLockout lockout = { .n_policies = 1, .tries = 3, .window = 12 * 3600 };
  Leave leave;

  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  floe_throttle_set_lockout (f->brokers[0], &lockout);
  for (guint i = 0; i < 2; i++)
    {
      ask (f, 0, "alice", OFFICE, &leave);
      wait_for (&leave);
      settle (f, 0, leave.admission, FLOE_TRY_WRONG, "id-a");
      fake_clock_advance (FAKE_CLOCK (f->clock), 60 * MINUTES);
      floe_throttle_prune (f->brokers[1]);
    }
  ask (f, 0, "alice", OFFICE, &leave);
  wait_for (&leave);
  g_assert_error (leave.error, FLOE_ERROR, FLOE_ERROR_BUSY);
  g_clear_error (&leave.error);
}

/* The strictest of several policies, against what is configured. */
static void
test_tighten (void)
{
  static const struct
  {
    gint64 policies[2][2]; /* tries, window */
    guint tries, seconds;
    gboolean tightened, for_ever;
  } rows[] = {
    { { { 10, 600 }, { 20, 900 } }, 4, 1800, FALSE, FALSE },
    { { { 5, 600 }, { 20, 1800 } }, 4, 1800, FALSE, FALSE },
    { { { 10, 600 }, { 4, 300 } }, 3, 1800, TRUE, FALSE },
    { { { 10, 3600 }, { 0, 7200 } }, 4, 3600, TRUE, FALSE },
    { { { 1, 60 }, { 0, 0 } }, 1, 1800, TRUE, FALSE },
    { { { 3, 0 }, { 5, 60 } }, 2, 1800, TRUE, TRUE },
    { { { 10, G_MAXINT64 }, { -1, -1 } }, 4, 24 * 3600, TRUE, FALSE },
    { { { 0, 0 }, { -1, 3600 } }, 4, 1800, FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      FloeLockout lockout = { 0 };
      guint tries = 4, seconds = 1800;

      for (guint j = 0; j < 2; j++)
        floe_lockout_note (&lockout, rows[i].policies[j][0], rows[i].policies[j][1]);
      g_assert_cmpuint (lockout.n_policies, ==, 2);
      g_assert_cmpint (floe_lockout_tighten (&lockout, &tries, &seconds), ==, rows[i].tightened);
      g_assert_cmpuint (tries, ==, rows[i].tries);
      g_assert_cmpuint (seconds, ==, rows[i].seconds);
      g_assert_cmpint (lockout.for_ever, ==, rows[i].for_ever);
    }
}

/* Somebody who makes no mistakes costs no write where there is one broker. */
static void
test_cost (Fixture *f, gconstpointer data)
{
  g_autofree gchar *before = NULL;
  g_autofree gchar *after = NULL;

  be_alone (f);
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  before = any_place_get (f->place, "SELECT sum (seen) FROM known_networks");
  fake_clock_advance (FAKE_CLOCK (f->clock), 60 * MINUTES);
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  after = any_place_get (f->place, "SELECT sum (seen) FROM known_networks");
  g_assert_cmpstr (before, ==, after);
  fake_clock_advance (FAKE_CLOCK (f->clock), 24 * 60 * MINUTES);
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  g_free (after);
  after = any_place_get (f->place, "SELECT sum (seen) FROM known_networks");
  g_assert_cmpstr (before, !=, after);
}

static gpointer
count_held (FloeTx *tx, gconstpointer input, GError **error)
{
  FloeHeldBack *held = g_new0 (FloeHeldBack, 1);

  g_assert_true (floe_tx_count_held_back (tx, input, held, error));
  return held;
}

static void
counted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(FloeHeldBack **)data = floe_store_finish (FLOE_STORE (source), result, &error);
  g_assert_no_error (error);
}

static void
assert_held (Fixture *f, gint64 people, gint64 networks)
{
  FloeTryLimits *limits = g_new0 (FloeTryLimits, 1);
  FloeHeldBack *held = NULL;

  floe_throttle_get_limits (f->brokers[0], limits);
  floe_store_read_async (f->store, count_held, limits, g_free, g_free, NULL, counted, &held);
  while (held == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (held->people, ==, people);
  g_assert_cmpint (held->networks, ==, networks);
  g_free (held);
}

/* Whoever would be refused now is counted, and nobody else. */
static void
test_held (Fixture *f, gconstpointer data)
{
  assert_held (f, 0, 0);
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 3), ==, 3);
  assert_held (f, 0, 0);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 1), ==, 1);
  assert_held (f, 1, 0);
  g_assert_cmpuint (guess (f, "bob", AWAY, "id-b", 1), ==, 1);
  assert_held (f, 1, 0);
  g_assert_cmpuint (guess (f, "bob", AWAY, "id-b", 1), ==, 1); /* as many as strangers have */
  assert_held (f, 2, 0);
  g_assert_cmpuint (guess (f, "mallory", AWAY, NULL, 2), ==, 2);
  g_assert_cmpuint (guess (f, "trudy", AWAY, NULL, 1), ==, 1);
  assert_held (f, 3, 0);
  g_assert_cmpuint (guess (f, "trudy", AWAY, NULL, 1), ==, 1);
  assert_held (f, 4, 1);
  fake_clock_advance (FAKE_CLOCK (f->clock), 31 * MINUTES);
  assert_held (f, 0, 0);
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 2), ==, 2);
  assert_held (f, 0, 0);
  set_lockout (f, 3, 3600); /* a directory turns out to be stricter */
  assert_held (f, 4, 0);    /* and what is half an hour old counts on */
}

/* Likewise where the last one is kept for a terminal. */
static void
test_held_terminal (Fixture *f, gconstpointer data)
{
  add_terminal (f, "desk-1", "f1");
  f->terminal = "f1";
  g_assert_true (try (f, "alice", OFFICE, FLOE_TRY_RIGHT, "id-a"));
  f->terminal = NULL;
  g_assert_true (try (f, "bob", HOME, FLOE_TRY_RIGHT, "id-b"));
  g_assert_cmpuint (guess (f, "bob", HOME, "id-b", 3), ==, 3);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 2), ==, 2);
  assert_held (f, 0, 0);
  g_assert_cmpuint (guess (f, "alice", OFFICE, "id-a", 1), ==, 1);
  assert_held (f, 1, 0);
}

static void
test_networks (void)
{
  static const struct
  {
    const gchar *address;
    const gchar *network;
  } rows[] = { { "192.0.2.17", "192.0.2.0/24" },
               { "::ffff:192.0.2.17", "192.0.2.0/24" },
               { "2001:db8:1:2fe:3::4", "2001:db8:1:200::/56" },
               { "nonsense", "unknown" },
               { NULL, "unknown" } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *network = floe_network_of (rows[i].address);

      g_assert_cmpstr (network, ==, rows[i].network);
    }
}

#define ADD(name, func) g_test_add ("/throttle/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/throttle/networks", test_networks);
  ADD ("stranger", test_stranger);
  ADD ("nobody", test_nobody);
  ADD ("names", test_names);
  ADD ("spellings", test_spellings);
  ADD ("spellings/nobody", test_spellings_of_nobody);
  ADD ("spellings/at-once", test_spellings_at_once);
  ADD ("like-names", test_like_names);
  g_test_add_func ("/throttle/loosely", test_loosely);
  ADD ("terminal", test_terminal);
  ADD ("terminal/elsewhere", test_terminal_elsewhere);
  ADD ("terminal/by-ticket", test_terminal_by_ticket);
  ADD ("terminal/of-two", test_terminal_of_two);
  ADD ("pause", test_pause);
  ADD ("network", test_network);
  ADD ("unasked", test_unasked);
  ADD ("held", test_held);
  ADD ("held/terminal", test_held_terminal);
  ADD ("at-once", test_at_once);
  ADD ("in-turn", test_in_turn);
  ADD ("alone", test_alone);
  ADD ("lockout", test_lockout);
  ADD ("lockout/networks", test_lockout_of_networks);
  ADD ("lockout/prune", test_lockout_prune);
  g_test_add_func ("/throttle/tighten", test_tighten);
  ADD ("cost", test_cost);
  return g_test_run ();
}
