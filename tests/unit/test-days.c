/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "house.h"
#include "logs.h"

/*
 * Days of an office, simulated: people log in, connect, lose their network, walk away, log out;
 * guests die, starts fail, the host goes away, the broker is killed at any moment. After each step
 * the rules of the design are checked, above all the second: nobody ever gets a desktop in which
 * somebody else was since it was last switched off.
 *
 * FLOE_DAYS says how many days; the seed is printed, and --seed repeats it.
 */

#define N_DESKTOPS     4
#define N_PEOPLE       5
#define STEPS_A_DAY    150
#define SECONDS_A_STEP (24 * 3600 / STEPS_A_DAY)

static const gchar *const people[N_PEOPLE] = { "alice", "bob", "carol", "dave", "erin" };

typedef struct
{
  FloeGrant *grant;
  gchar *desktop; /* whose console is open here, or NULL */
} Person;

typedef struct
{
  House *house;
  FloeDomain *domains[N_DESKTOPS]; /* the manager's own */
  const gchar *inside[N_DESKTOPS]; /* who was in it since it was last off */
  Person person[N_PEOPLE];
  gboolean host_lost;
  guint lent;
} Office;

static guint
find_domain (const Office *office, const gchar *id)
{
  for (guint i = 0; i < N_DESKTOPS; i++)
    if (strcmp (office->domains[i]->id, id) == 0)
      return i;
  g_assert_not_reached ();
}

static void
note_switched_off (Office *office)
{
  for (guint i = 0; i < N_DESKTOPS; i++)
    if (office->domains[i]->power == FLOE_POWER_OFF
        || office->domains[i]->power == FLOE_POWER_CRASHED)
      office->inside[i] = NULL;
}

static void
close_console (Office *office, Person *person)
{
  if (person->desktop == NULL || person->grant == NULL)
    return;
  if (!office->host_lost)
    floe_manager_emit_channel (FLOE_MANAGER (office->house->manager), person->desktop,
                               FLOE_CHANNEL_CLOSED, person->grant->identity->login_id);
  g_clear_pointer (&person->desktop, g_free);
}

/* Whoever looked at it is cut off by the new ticket. */
static void
cut_others (Office *office, const gchar *id)
{
  for (guint i = 0; i < N_PEOPLE; i++)
    if (g_strcmp0 (office->person[i].desktop, id) == 0)
      close_console (office, &office->person[i]);
}

static void
open_console (Office *office, guint who, const gchar *id)
{
  Person *person = &office->person[who];
  guint which = find_domain (office, id);

  /* Rule 2, as the person in front of the screen would put it. */
  g_assert_true (office->inside[which] == NULL || office->inside[which] == people[who]);
  office->inside[which] = people[who];
  office->lent++;
  cut_others (office, id);
  person->desktop = g_strdup (id);
  floe_manager_emit_channel (FLOE_MANAGER (office->house->manager), id, FLOE_CHANNEL_AUTHENTICATED,
                             person->grant->identity->login_id);
}

static void
step_log_in (Office *office, guint who)
{
  Person *person = &office->person[who];

  close_console (office, person);
  g_clear_pointer (&person->grant, floe_grant_free);
  person->grant = house_log_in (office->house, people[who], "secret", "192.0.2.1", NULL);
}

static void
step_connect (Office *office, guint who)
{
  Person *person = &office->person[who];
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;

  if (person->grant == NULL)
    step_log_in (office, who);
  if (person->grant == NULL)
    return;
  answer = house_connect (office->house, person->grant->identity, "office", &error);
  if (answer == NULL)
    {
      /* Nothing but these may come of it, whatever happened before. */
      g_test_message ("connect: %s", error->message);
      if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED))
        step_log_in (office, who); /* away for too long */
      else
        g_assert_true (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED)
                       || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE));
      return;
    }
  if (answer->connection != NULL && g_random_int_range (0, 10) > 0)
    open_console (office, who, answer->connection->desktop->id);
}

static void
step_log_out (Office *office, guint who)
{
  Person *person = &office->person[who];

  if (person->grant == NULL)
    return;
  close_console (office, person);
  house_log_out (office->house, person->grant->identity, NULL);
  g_clear_pointer (&person->grant, floe_grant_free);
}

/* From inside, from outside, or because QEMU died. */
static void
step_power (Office *office)
{
  guint which = g_random_int_range (0, N_DESKTOPS);
  FloeDomain *domain = office->domains[which];
  FloePower power = g_random_boolean () ? FLOE_POWER_OFF : FLOE_POWER_CRASHED;

  if (office->host_lost)
    return;
  if (domain->power != FLOE_POWER_ON)
    power = FLOE_POWER_ON; /* somebody starts it by hand */
  else
    for (guint i = 0; i < N_PEOPLE; i++)
      if (g_strcmp0 (office->person[i].desktop, domain->id) == 0)
        g_clear_pointer (&office->person[i].desktop, g_free); /* no event tells of its channels */
  fake_manager_set_power (office->house->manager, domain->id, power);
}

/* After each gap the manager says who is connected now. */
static void
list_channels (Office *office)
{
  for (guint i = 0; i < N_DESKTOPS; i++)
    {
      g_autoptr (GStrvBuilder) peers = g_strv_builder_new ();
      g_auto (GStrv) list = NULL;

      for (guint k = 0; k < N_PEOPLE; k++)
        if (g_strcmp0 (office->person[k].desktop, office->domains[i]->id) == 0)
          g_strv_builder_add (peers, office->person[k].grant->identity->login_id);
      list = g_strv_builder_end (peers);
      if (office->domains[i]->power == FLOE_POWER_ON)
        floe_manager_emit_channels_listed (FLOE_MANAGER (office->house->manager),
                                           office->domains[i]->id, (const gchar *const *)list);
    }
}

static void
step_host (Office *office)
{
  office->host_lost = !office->host_lost;
  if (office->host_lost)
    {
      logs_expect ("host host1 is lost*");
      fake_manager_lose_host (office->house->manager);
      return;
    }
  fake_manager_list (office->house->manager);
  list_channels (office);
}

/* In the middle of something: a start or a reset that it began has no answer. */
static void
step_kill_broker (Office *office)
{
  gboolean lost = office->host_lost;

  fake_manager_hold (office->house->manager, TRUE);
  step_connect (office, g_random_int_range (0, N_PEOPLE));
  step_log_out (office, g_random_int_range (0, N_PEOPLE));
  house_crash (office->house);
  fake_manager_hold (office->house->manager, FALSE);
  note_switched_off (office);
  house_start (office->house);
  list_channels (office);
  office->host_lost = FALSE;
  if (lost)
    step_host (office);
}

static void
step_fail_start (Office *office)
{
  fake_manager_fail_next_start (office->house->manager, FLOE_ERROR_INTERNAL, "no such disk");
}

static void
take_step (Office *office)
{
  guint who = g_random_int_range (0, N_PEOPLE);
  gint dice = g_random_int_range (0, 100);

  if (dice < 45)
    step_connect (office, who);
  else if (dice < 60)
    close_console (office, &office->person[who]);
  else if (dice < 75)
    step_log_out (office, who);
  else if (dice < 80)
    step_log_in (office, who);
  else if (dice < 88)
    step_power (office);
  else if (dice < 92)
    step_host (office);
  else if (dice < 96)
    step_kill_broker (office);
  else
    step_fail_start (office);
}

/* Rules 1 and 2 as the store has them. */
static void
check_desktops (Office *office)
{
  g_autoptr (FloePoolReport) report = house_get_pool (office->house, "office");

  for (guint i = 0; i < report->desktops->len; i++)
    {
      const FloeDesktop *desktop = report->desktops->pdata[i];
      guint which = find_domain (office, desktop->id);

      g_assert_true ((desktop->lease != NULL) == (desktop->facts.lease == FLOE_LEASE_HELD));
      if (desktop->lease != NULL)
        g_assert_cmpint (desktop->facts.clean, !=, FLOE_CLEAN_CLEAN);
      if (desktop->facts.clean == FLOE_CLEAN_CLEAN)
        g_assert_null (office->inside[which]);
      for (guint k = 0; k < i; k++)
        {
          const FloeDesktop *other = report->desktops->pdata[k];

          if (desktop->lease != NULL && other->lease != NULL)
            g_assert_cmpstr (desktop->lease->holder, !=, other->lease->holder);
        }
    }
}

/* Seen at once: whoever waits in line gets a desktop that was reset in the same moment. */
static void
on_domain_changed (FloeManager *manager, const FloeDomain *domain, Office *office)
{
  if (domain->power == FLOE_POWER_OFF || domain->power == FLOE_POWER_CRASHED)
    office->inside[find_domain (office, domain->id)] = NULL;
}

static void
set_up (Office *office)
{
  office->house = house_new ();
  g_signal_connect (office->house->manager, "domain-changed", G_CALLBACK (on_domain_changed),
                    office);
  for (guint i = 0; i < N_PEOPLE; i++)
    fake_directory_add (office->house->directory, people[i], "office");
  for (guint i = 0; i < N_DESKTOPS; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("office-%u", i);

      office->domains[i] = fake_manager_add (office->house->manager, name, FLOE_POWER_OFF);
    }
  fake_manager_list (office->house->manager);
  house_add_pool (office->house, "office", FLOE_POOL_FLOATING, "office-*");
}

static void
go_home (Office *office)
{
  if (office->host_lost)
    step_host (office);
  for (guint i = 0; i < N_PEOPLE; i++)
    step_log_out (office, i);
  /* A broken desktop is tried again after a minute, one that is half way needs a moment. */
  for (guint i = 0; i < 5; i++)
    house_advance (office->house, 70);
  house_advance (office->house, FLOE_POOL_GRACE_SECONDS + 60);
  for (guint i = 0; i < 5; i++)
    house_advance (office->house, 70);
  note_switched_off (office);
}

/* At night nobody is there, and every desktop is free again: nothing was lost on the way. */
static void
check_night (Office *office)
{
  g_autoptr (FloePoolReport) report = house_get_pool (office->house, "office");

  for (guint i = 0; i < report->desktops->len; i++)
    {
      const FloeDesktop *desktop = report->desktops->pdata[i];
      const FloeFacts *facts = &desktop->facts;

      if (desktop->lease != NULL || facts->clean != FLOE_CLEAN_CLEAN)
        g_test_message ("%s: power %s, console %s, held by %s, %s, intent %s, %s", desktop->name,
                        floe_power_name (facts->power), floe_console_name (facts->console),
                        desktop->lease != NULL ? desktop->lease->holder_name : "nobody",
                        floe_clean_name (facts->clean), floe_intent_name (facts->intent),
                        desktop->problem != NULL ? desktop->problem : "no problem");
    }
  g_assert_cmpuint (report->total, ==, N_DESKTOPS);
  g_assert_cmpuint (report->free, ==, N_DESKTOPS);
}

static void
test_days (void)
{
  const gchar *wanted = g_getenv ("FLOE_DAYS");
  guint days = wanted != NULL ? (guint)atoi (wanted) : 1;
  guint32 seed = g_test_rand_int ();
  Office office = { 0 };

  g_test_message ("%u days, seed %u", days, seed);
  g_random_set_seed (seed);
  set_up (&office);
  for (guint day = 0; day < days; day++)
    {
      for (guint step = 0; step < STEPS_A_DAY; step++)
        {
          take_step (&office);
          house_advance (office.house, g_random_int_range (0, 2 * SECONDS_A_STEP) / 10);
          note_switched_off (&office);
          check_desktops (&office);
        }
      go_home (&office);
      check_night (&office);
    }
  g_assert_cmpuint (office.lent, >, 0);
  house_free (office.house);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/days/office", test_days);
  return g_test_run ();
}
