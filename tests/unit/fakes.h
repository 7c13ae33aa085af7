/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/directory.h"
#include "core/error.h"
#include "core/manager.h"

G_BEGIN_DECLS

/* A clock that stands still until a test moves it. */
#define FAKE_TYPE_CLOCK (fake_clock_get_type ())
G_DECLARE_FINAL_TYPE (FakeClock, fake_clock, FAKE, CLOCK, GObject)
FakeClock *fake_clock_new (void);
void fake_clock_set (FakeClock *self, gint64 microseconds); /* the time of day alone */
void fake_clock_advance (FakeClock *self, gint64 microseconds);

/* A manager whose domains do what a test says. Power calls wait until fake_manager_answer(). */
#define FAKE_TYPE_MANAGER (fake_manager_get_type ())
G_DECLARE_FINAL_TYPE (FakeManager, fake_manager, FAKE, MANAGER, GObject)
FakeManager *fake_manager_new (const gchar *host);
FloeDomain *fake_manager_add (FakeManager *self, const gchar *name, FloePower power);
void fake_manager_list (FakeManager *self);
void fake_manager_lose_host (FakeManager *self);
void fake_manager_set_power (FakeManager *self, const gchar *id, FloePower power);
void fake_manager_hold (FakeManager *self, gboolean hold);
void fake_manager_answer (FakeManager *self, const GError *error);
void fake_manager_fail_next_start (FakeManager *self, FloeError code, const gchar *text);
void fake_manager_fail_tickets (FakeManager *self, FloeError code, const gchar *reason);
guint fake_manager_get_pending (FakeManager *self);
const gchar *fake_manager_get_log (FakeManager *self);
void fake_manager_clear_log (FakeManager *self);

/* A directory of one password for all, "secret". */
#define FAKE_TYPE_DIRECTORY (fake_directory_get_type ())
G_DECLARE_FINAL_TYPE (FakeDirectory, fake_directory, FAKE, DIRECTORY, GObject)
FakeDirectory *fake_directory_new (void);
void fake_directory_add (FakeDirectory *self, const gchar *name, const gchar *group);
void fake_directory_remove (FakeDirectory *self, const gchar *name);
void fake_directory_hold (FakeDirectory *self, gboolean hold);
void fake_directory_set_down (FakeDirectory *self, gboolean down);

G_END_DECLS
