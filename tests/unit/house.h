/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "any-store.h"
#include "core/assigner.h"
#include "core/helpdesk-trail.h"
#include "core/pool-keeper.h"
#include "core/shadows.h"
#include "fakes.h"
#include "login/fleet.h"
#include "login/login.h"

G_BEGIN_DECLS

/* What the fleet seals with. */
#define HOUSE_SEAL_KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* The broker's inside on a real database, with a fake manager, directory and clock. */
typedef struct
{
  AnyPlace *place;
  FakeClock *clock;
  FakeManager *manager; /* NULL where the house has another one */
  FloeManager *outer;   /* which is that */
  FakeDirectory *directory;
  FloeStore *store;
  FloeStore *counted; /* what the rooms use: knows what is not answered yet */
  FloeKeeper *keeper;
  FloePoolKeeper *pool_keeper;
  FloeAssigner *assigner;
  FloeHelpdesk *helpdesk;
  FloeLogin *login;
  FloeFleet *fleet;
} House;

House *house_new (void);
House *house_new_at (FloeManager *manager, FakeClock *clock);
void house_free (House *self);
void house_crash (House *self);
void house_start (House *self);
void house_settle (House *self);
void house_answered (GObject *source, GAsyncResult *result, gpointer slot);
void house_wait (House *self, GAsyncResult **slot);
void house_assert_on_grid (House *self, const gboolean *done);
void house_advance (House *self, gint64 seconds);
void house_pass_ms (House *self, guint ms); /* in steps of ten, each to its rest */

FloeLogin *house_new_login (House *self, FloeFactorPolicy *factors);
gpointer house_write (House *self, FloeTransaction func, gpointer input, GError **error);
gboolean house_try_put_pool (House *self, const FloePool *pool, GError **error);
void house_put_pool (House *self, const FloePool *pool);
void house_add_pool (House *self, const gchar *name, FloePoolKind kind, const gchar *pattern);
FloePool *house_new_pool (const gchar *name, FloePoolKind kind, const gchar *pattern);
void house_set_grace (House *self, guint seconds);
FloeGrant *house_log_in_at (House *self, const FloeTypedName *who, const gchar *password,
                            const gchar *address, GError **error);
FloeGrant *house_log_in (House *self, const gchar *name, const gchar *password,
                         const gchar *address, GError **error);
gboolean house_change_password (House *self, const gchar *name, const gchar *old, const gchar *new,
                                GError **error);
FloeConnectAnswer *house_wish (House *self, const FloeIdentity *identity, const gchar *pool,
                               const FloeConnectWish *wish, GError **error);
FloeConnectAnswer *house_connect (House *self, const FloeIdentity *identity, const gchar *pool,
                                  GError **error);
FloeDesktop *house_get_desktop (House *self, const gchar *id);
FloeIdentity *house_present (House *self, FloeSecret *token, GError **error);
gboolean house_log_out (House *self, const FloeIdentity *identity, GError **error);
gboolean house_take_away (House *self, const gchar *id, GError **error);
gboolean house_assign (House *self, const gchar *id, const gchar *user, GError **error);
gboolean house_release (House *self, const FloeIdentity *identity, const gchar *id, GError **error);
FloeGrant *house_reconnect (House *self, FloeSecret *token, const gchar *terminal, GError **error);
FloeIdentity *house_helen (void);
GPtrArray *house_audit (House *self);
FloePage *house_search_trail (House *self, const FloeIdentity *actor, const FloeTrailQuery *query);
GPtrArray *house_audit_for (House *self, const FloeIdentity *actor);
guint house_count_audit (House *self, const gchar *action, const gchar *outcome);
GPtrArray *house_hear_login (House *self);
void house_assert_heard (GPtrArray *heard, const gchar *expected);
FloePoolReport *house_get_pool (House *self, const gchar *name);
FloeShadows *house_shadows_new (House *self);

/* A floating pool "office" of clean desktops office-1 and so on, id-office-1: first those that are
 * off, then those that run. */
House *house_office (guint n_off, guint n_on);
FloeGrant *house_enter (House *self, const gchar *name);
FloeConnectAnswer *house_get_in (House *self, const FloeGrant *grant);
void house_open_console (House *self, const gchar *id);
void house_close_console (House *self, const gchar *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (House, house_free)

G_END_DECLS
