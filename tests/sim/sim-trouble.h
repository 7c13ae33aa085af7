/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim-people.h"

G_BEGIN_DECLS

struct _SimTrouble
{
  Sim *sim;
  gint64 last_jump; /* elapsed: when everything last woke up */
  gint64 last_set;  /* and when the calendar was last set */
  guint64 kills;
  guint64 losses;
};

SimTrouble *sim_trouble_new (Sim *sim);
void sim_trouble_free (SimTrouble *self);

/* sim-desk.c: the helpdesk */
void sim_desk_new (Sim *sim);
void sim_desk_set_up (Sim *sim);

G_END_DECLS
