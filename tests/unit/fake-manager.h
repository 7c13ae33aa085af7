/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/error.h"
#include "core/guard.h"
#include "core/manager.h"
#include "fake-faults.h"

G_BEGIN_DECLS

/* A manager whose domains do what a test says. Power calls and jobs are answered in their order, at
 * the next turn of the main loop, or, while it holds, by fake_manager_answer(). Each is logged when
 * it is given, "on NAME;", or KIND and what it is about: "create office-001;", "remove
 * office-001;", "publish TEMPLATE;", "carry VOLUME TARGET;", "move NAME TARGET;", "attach NAME
 * VOLUME;" (with " kept" where the disk must exist), "drop-image VOLUME;", with "(SCRIPT)" at its
 * end if there is one. A clone that is to have a personality has an agent, which does not answer by
 * itself. */
#define FAKE_TYPE_MANAGER (fake_manager_get_type ())
G_DECLARE_FINAL_TYPE (FakeManager, fake_manager, FAKE, MANAGER, GObject)
FakeManager *fake_manager_new (const gchar *host);
void fake_manager_add_host (FakeManager *self, const gchar *host);
FloeDomain *fake_manager_add (FakeManager *self, const gchar *name, FloePower power);
FloeDomain *fake_manager_find (FakeManager *self, const gchar *id);
void fake_manager_undefine (FakeManager *self, const gchar *id);
void fake_manager_list (FakeManager *self); /* all hosts; none is lost from then on */
void fake_manager_lose_host (FakeManager *self);
void fake_manager_lose (FakeManager *self, const gchar *host);
void fake_manager_measure (FakeManager *self, const gchar *host, guint memory_mib, guint free_mib);
void fake_manager_set_power (FakeManager *self, const gchar *id, FloePower power);
void fake_manager_boot (FakeManager *self); /* the agents of all that run answer now */
void fake_manager_hold (FakeManager *self, gboolean hold);
void fake_manager_answer (FakeManager *self, const GError *error);
void fake_manager_fail_next_start (FakeManager *self, FloeError code, const gchar *text);
void fake_manager_fail_next_job (FakeManager *self, FloeJobKind kind, FloeError code,
                                 const gchar *reason, const gchar *text);
FakeFaults *fake_manager_get_faults (FakeManager *self);
void fake_manager_fail_tickets (FakeManager *self, FloeError code, const gchar *reason);
void fake_manager_mend_tickets (FakeManager *self);
void fake_manager_set_guard (FakeManager *self, FloeGuard guard, gpointer guard_data);
guint fake_manager_get_pending (FakeManager *self);
/* Its hosts are an engine's, which gives domain @id to who asks next; %NULL when none is left. */
void fake_manager_be_engine (FakeManager *self, const gchar *id);
const gchar *fake_manager_get_log (FakeManager *self);
void fake_manager_clear_log (FakeManager *self);
/* For which the last job, power-off or ticket was; NULL for none. */
const gchar *fake_manager_get_request (FakeManager *self);

G_END_DECLS
