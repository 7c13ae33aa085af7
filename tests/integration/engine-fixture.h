/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/clock.h"

G_BEGIN_DECLS

/**
 * EngineFixture:
 * @url: of the engine
 * @ca: the path of its CA
 *
 * A stand-in for an oVirt engine, see tests/ovirt/engine.
 */
typedef struct
{
  gchar *directory;
  gchar *url;
  gchar *ca;
  GSubprocess *process;
  GDataInputStream *answers;
} EngineFixture;

EngineFixture *engine_fixture_new (void);
void engine_fixture_free (EngineFixture *self);
gchar *engine_fixture_tell (EngineFixture *self, const gchar *command);
void engine_fixture_do (EngineFixture *self, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
guint engine_fixture_count (EngineFixture *self, const gchar *what);
GPtrArray *engine_fixture_list_calls (EngineFixture *self);
guint engine_fixture_peak (EngineFixture *self);
gchar *engine_fixture_get (EngineFixture *self, const gchar *vm, const gchar *member);

/* A clock that runs ten times as fast as the world's. */
FloeClock *fast_clock_new (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineFixture, engine_fixture_free)

G_END_DECLS
