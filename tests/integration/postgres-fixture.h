/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PostgresFixture:
 * @directory: where its files are
 * @uri: of the database "postgres", by Unix socket
 * @address: (nullable): where it listens with TLS
 *
 * A private PostgreSQL server of tests/fixtures/postgres-up.sh. It ends with the test, even when
 * that crashes.
 */
typedef struct
{
  gchar *directory;
  gchar *uri;
  gchar *address;
} PostgresFixture;

PostgresFixture *postgres_fixture_new (void);
PostgresFixture *postgres_fixture_new_tls (void);
void postgres_fixture_free (PostgresFixture *self);
void postgres_fixture_stop (PostgresFixture *self, const gchar *signal);
void postgres_fixture_start (PostgresFixture *self);
gchar *postgres_fixture_ask (PostgresFixture *self, const gchar *sql);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostgresFixture, postgres_fixture_free)

G_END_DECLS
