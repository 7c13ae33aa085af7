/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/store.h"
#include "samples.h"

G_BEGIN_DECLS

/* A store with a pool "office" and people, and what is under way in it. */
typedef struct
{
  FloeStore *store;
  FloeClock *clock;
  GMainLoop *loop;
  guint n_users;
  guint next_user;
  guint open;
  guint done;
  gint64 ends;
  gint64 began;
  FloeSamples samples;
} Bench;

void bench_die (const gchar *what, const GError *error) G_GNUC_NORETURN;
FloePool *bench_new_pool (void);
void bench_open (Bench *bench, const gchar *path, const FloePool *pool);
void bench_write (Bench *bench, FloeTransaction func, gpointer input);
void bench_fill_users (Bench *bench, guint n);
void bench_fill_desktops (Bench *bench, guint n, guint n_running, gboolean made);
void bench_claim (Bench *bench, guint at_once, gdouble seconds);

/* core-keeper.c */
void bench_keeper (const gchar *path, guint n, gdouble seconds);

/* core-fill.c */
void bench_fill (const gchar *path, guint n_desktops, guint n_users);

G_END_DECLS
