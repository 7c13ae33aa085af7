/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/sessions.h"
#include "house.h"

G_BEGIN_DECLS

#define DESK "id-office-1"

/* A house of one desktop with an agent in its guest, of a pool that does what the test says, and
 * alice, who is logged in. */
typedef struct
{
  House *house;
  FloePool *pool; /* change it, and apply */
  FloeDomain *domain;
  FloeGrant *alice;
  FloeSessions *sessions;
} OneDesk;

void one_desk_set_up (OneDesk *self, gconstpointer data);
void one_desk_tear_down (OneDesk *self, gconstpointer data);
void one_desk_apply (OneDesk *self);
FloeDesktop *one_desk_get (OneDesk *self);
void one_desk_get_in (OneDesk *self); /* and open the console */
void one_desk_assert_held (OneDesk *self, gboolean held);
void one_desk_assert_ended (OneDesk *self, const gchar *reason);
FloeOutlook *one_desk_look (OneDesk *self);
gboolean one_desk_close_pool (OneDesk *self, const gchar *name, const gchar *message,
                              gboolean drain, guint minutes, GError **error);
gboolean one_desk_open_pool (OneDesk *self);
gboolean one_desk_was_asked (OneDesk *self, const gchar *call);

G_END_DECLS
