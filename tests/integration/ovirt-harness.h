/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-fixture.h"
#include "manager/ovirt/engine-manager.h"

G_BEGIN_DECLS

/**
 * OvirtTest:
 *
 * The manager of an engine that the broker knows as "one", against the stand-in for one. It has
 * the pool "office" of three VMs, and knows alice; its service account is svc.
 */
typedef struct
{
  EngineFixture *engine;
  FloeClock *clock;
  FloeManager *manager;
  GHashTable *domains; /* id to FloeDomain, as core would know them */
  GHashTable *peers;   /* id to their addresses, with commas between them */
  guint listings;
  guint losses;
  guint gone;
  gboolean follows;         /* another broker leads */
  const gchar *engine_user; /* that the tests of holders know of */
  const gchar *request;     /* for which all is done; NULL where nobody asked for it */
} OvirtTest;

/* Runs the main loop while @condition is not met. */
#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint limit_ = g_timeout_add_seconds (60, ovirt_test_give_up, NULL);                           \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (limit_);                                                                      \
  }                                                                                                \
  G_STMT_END

FloeManager *ovirt_test_new_manager (OvirtTest *test, const gchar *password);
void ovirt_test_set_up (OvirtTest *test, gconstpointer data);
void ovirt_test_tear_down (OvirtTest *test, gconstpointer data);
gboolean ovirt_test_give_up (gpointer data);
FloeDomain *ovirt_test_find (OvirtTest *test, const gchar *name);
gboolean ovirt_test_is_ready (OvirtTest *test, const gchar *name);
void ovirt_test_start (OvirtTest *test);
void ovirt_test_keep_result (GObject *source, GAsyncResult *result, gpointer data);
FloeDomain *ovirt_test_ask (OvirtTest *test, const FloeAllocation *wish, GError **error);
FloeDomain *ovirt_test_allocate (OvirtTest *test, FloeAssignWay way, const gchar *person,
                                 GError **error);
FloeDomain *ovirt_test_must_allocate (OvirtTest *test, FloeAssignWay way, const gchar *person);
FloeDomain *ovirt_test_get_ready (OvirtTest *test);
FloeDisplay *ovirt_test_set_ticket_with (OvirtTest *test, const gchar *id, const FloePolicy *policy,
                                         const FloeVmHolder *holder, GError **error);
FloeDisplay *ovirt_test_set_ticket (OvirtTest *test, const gchar *id, GError **error);
gboolean ovirt_test_power_on (OvirtTest *test, const gchar *id, GError **error);
gboolean ovirt_test_run_job (OvirtTest *test, const FloeJob *job, GError **error);
gboolean ovirt_test_power_off (OvirtTest *test, const gchar *id, GError **error);
void ovirt_test_assert_count (OvirtTest *test, const gchar *what, guint expected);
void ovirt_test_assert_json (OvirtTest *test, const gchar *vm, const gchar *member,
                             const gchar *expected);

G_END_DECLS
