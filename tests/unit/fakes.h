/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/directory.h"
#include "core/error.h"
#include "fake-manager.h"

G_BEGIN_DECLS

/* A clock that stands still until a test moves it. */
#define FAKE_TYPE_CLOCK (fake_clock_get_type ())
G_DECLARE_FINAL_TYPE (FakeClock, fake_clock, FAKE, CLOCK, GObject)
FakeClock *fake_clock_new (void);
void fake_clock_set (FakeClock *self, gint64 microseconds); /* the calendar alone */
void fake_clock_set_unseen (FakeClock *self, gint64 microseconds);
void fake_clock_advance (FakeClock *self, gint64 microseconds);

/* When its locks end. */
#define FAKE_DIRECTORY_UNLOCKS ((gint64)1800000000 * G_USEC_PER_SEC)

/* A directory of one password for all, "secret", until they change it. It refuses new ones that are
 * "weak". */
#define FAKE_TYPE_DIRECTORY (fake_directory_get_type ())
G_DECLARE_FINAL_TYPE (FakeDirectory, fake_directory, FAKE, DIRECTORY, GObject)
FakeDirectory *fake_directory_new (void);
void fake_directory_add (FakeDirectory *self, const gchar *name, const gchar *group);
void fake_directory_remove (FakeDirectory *self, const gchar *name);
void fake_directory_set_group (FakeDirectory *self, const gchar *name, const gchar *ids);
void fake_directory_set_expiry (FakeDirectory *self, const gchar *name, gint64 when);
void fake_directory_set_must_change (FakeDirectory *self, const gchar *name);
void fake_directory_set_reason (FakeDirectory *self, const gchar *name, const gchar *reason);
void fake_directory_hold (FakeDirectory *self, gboolean hold);
void fake_directory_set_lockout (FakeDirectory *self, guint tries, guint window);
void fake_directory_set_down (FakeDirectory *self, gboolean down);

G_END_DECLS
