/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-world.h"

G_BEGIN_DECLS

typedef enum
{
  SIM_AWAY,    /* not logged in */
  SIM_WANTS,   /* logged in, and wants their desktop */
  SIM_WAITS,   /* for a request */
  SIM_WORKS,   /* in front of it */
  SIM_DROPPED, /* the network broke, or they went for lunch without logging out */
} SimMood;

/*
 * SimPerson:
 * @asking: something was asked of the broker, in life @life, and is not answered
 * @seat: where they sit; changes when they roam
 */
typedef struct
{
  Sim *sim;
  gchar *name;
  gchar *group;
  const gchar *pool;
  SimMood mood;
  gboolean asking;
  guint life;
  guint seat;
  FloeGrant *grant;
  FloeConnectRequest *request;
  gint64 request_since;
  gchar *desktop;
  gchar *ticket;
  FloeSecret *reconnect;
  guint tries;
  gint64 day_ends;
  gint64 rests_until; /* after a refusal */
  guint timer;
} SimPerson;

struct _SimPeople
{
  Sim *sim;
  GPtrArray *people;
  guint64 connects;
  guint64 denied;
};

SimPeople *sim_people_new (Sim *sim);
void sim_people_free (SimPeople *self);
void sim_people_add (SimPeople *self, const gchar *name, const gchar *group, const gchar *pool);
SimPerson *sim_people_pick (SimPeople *self);
void sim_people_begin_day (SimPeople *self);

/* sim-wishes.c: what a person asks of the broker */
void sim_wish_log_in (SimPerson *person);
void sim_wish_connect (SimPerson *person);
void sim_wish_release (SimPerson *person);
void sim_wish_log_out (SimPerson *person);
void sim_wish_come_back (SimPerson *person);
void sim_wish_beat (SimPerson *person, guint idle_seconds);
void sim_person_forget_desktop (SimPerson *person);

G_END_DECLS
