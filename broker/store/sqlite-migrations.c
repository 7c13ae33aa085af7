/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-migrations.h"

#include "core/error.h"

/* "Floe" in the file's header tells our files from others' (PRAGMA application_id). */
#define APPLICATION_ID 0x466c6f65

/* Times are microseconds since 1970 UTC; facts are stored by name, so that an administrator can
 * read them. A step is never changed once it was released: the next change is a further step. */
static const gchar *const steps[] = {
  /* 1: the foundation */
  "CREATE TABLE users ("
  " id TEXT PRIMARY KEY, name TEXT NOT NULL, display_name TEXT NOT NULL,"
  " groups TEXT NOT NULL, seen INTEGER NOT NULL) STRICT;" /* groups: a JSON array, case-folded */
  "CREATE TABLE tokens ("
  " hash TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('access', 'reconnect')),"
  " login_id TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
  " role TEXT NOT NULL CHECK (role IN ('user', 'admin')), desktop_id TEXT, address TEXT,"
  " terminal TEXT, issued INTEGER NOT NULL, last_used INTEGER NOT NULL, ends INTEGER NOT NULL"
  ") STRICT, WITHOUT ROWID;"
  /* Each index is a page more to write at each log-in: only what a request waits for has one. */
  "CREATE INDEX tokens_login ON tokens (login_id);"
  "CREATE INDEX tokens_desktop ON tokens (desktop_id) WHERE desktop_id IS NOT NULL;"
  "CREATE TABLE pools ("
  " name TEXT PRIMARY KEY, description TEXT,"
  " kind TEXT NOT NULL CHECK (kind IN ('floating', 'dedicated')), manager TEXT NOT NULL,"
  " pattern TEXT, grace_seconds INTEGER NOT NULL, ready_seconds INTEGER NOT NULL,"
  " closed INTEGER NOT NULL) STRICT;"
  "CREATE TABLE entitlements ("
  " pool TEXT NOT NULL REFERENCES pools (name) ON DELETE CASCADE,"
  " kind TEXT NOT NULL CHECK (kind IN ('group', 'user')), position INTEGER NOT NULL,"
  " subject TEXT NOT NULL, folded TEXT NOT NULL, PRIMARY KEY (pool, kind, position)) STRICT;"
  "CREATE INDEX entitlements_subject ON entitlements (kind, folded);"
  "CREATE TABLE desktops ("
  " id TEXT PRIMARY KEY, name TEXT NOT NULL,"
  " pool TEXT NOT NULL REFERENCES pools (name), host TEXT NOT NULL,"
  " power TEXT NOT NULL, power_at INTEGER NOT NULL, guest TEXT NOT NULL,"
  " guest_at INTEGER NOT NULL, console TEXT NOT NULL, console_at INTEGER NOT NULL,"
  " lease_at INTEGER NOT NULL, clean TEXT NOT NULL, clean_at INTEGER NOT NULL,"
  " intent TEXT NOT NULL, intent_at INTEGER NOT NULL, intent_by TEXT,"
  " held INTEGER NOT NULL, present INTEGER NOT NULL, has_agent INTEGER NOT NULL, refusal TEXT, "
  "problem TEXT,"
  " not_before INTEGER NOT NULL, end_reason TEXT, end_at INTEGER NOT NULL, end_by TEXT,"
  " end_where TEXT, end_user TEXT) STRICT;"
  "CREATE INDEX desktops_pool ON desktops (pool, name);"
  "CREATE INDEX desktops_host ON desktops (host);"
  /* held repeats whether there is a lease, which alone decides, so that those that are lent stay
   * out of the index by which a claim looks for one that is not. */
  "CREATE INDEX desktops_free ON desktops (pool, clean, power, not_before) WHERE held = 0"
  " AND present = 1 AND refusal IS NULL AND intent = 'none' AND console = 'none';"
  /* Rule 1: one lease a desktop, one desktop a holder and pool. The last guard. */
  "CREATE TABLE leases ("
  " desktop_id TEXT PRIMARY KEY REFERENCES desktops (id) ON DELETE CASCADE,"
  " pool TEXT NOT NULL, holder TEXT NOT NULL, holder_name TEXT NOT NULL,"
  " slot INTEGER NOT NULL DEFAULT 1, since INTEGER NOT NULL, login_id TEXT, address TEXT,"
  " terminal TEXT, UNIQUE (pool, holder, slot)) STRICT;"
  "CREATE INDEX leases_holder ON leases (holder);"
  "CREATE INDEX leases_login ON leases (login_id);"
  "CREATE TABLE timers ("
  " kind TEXT NOT NULL, subject TEXT NOT NULL, due INTEGER NOT NULL,"
  " PRIMARY KEY (kind, subject)) STRICT;"
  "CREATE INDEX timers_due ON timers (due);"
  "CREATE TABLE audit ("
  " id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL,"
  " action TEXT NOT NULL, object TEXT, outcome TEXT NOT NULL, detail TEXT, address TEXT,"
  " terminal TEXT, request TEXT) STRICT;"
  "CREATE INDEX audit_actor ON audit (actor, id);"
  "CREATE INDEX audit_object ON audit (object, id) WHERE object IS NOT NULL;",
  /* 2: pools that run themselves. SQLite cannot change a CHECK, so pools is made anew. */
  "CREATE TABLE pools_2 ("
  " name TEXT PRIMARY KEY, description TEXT,"
  " kind TEXT NOT NULL CHECK (kind IN ('floating', 'dedicated', 'static')), manager TEXT NOT NULL,"
  " pattern TEXT, grace_seconds INTEGER NOT NULL, ready_seconds INTEGER NOT NULL,"
  " closed INTEGER NOT NULL, data_gib INTEGER NOT NULL DEFAULT 0,"
  " settings TEXT NOT NULL DEFAULT '') STRICT;"
  "INSERT INTO pools_2 SELECT name, description, kind, manager, pattern, grace_seconds,"
  " ready_seconds, closed, 0, '' FROM pools;"
  "DROP TABLE pools;"
  "ALTER TABLE pools_2 RENAME TO pools;"
  "ALTER TABLE desktops ADD COLUMN made INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE desktops ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE desktops ADD COLUMN number INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE desktops ADD COLUMN memory_mib INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE desktops ADD COLUMN target TEXT;"
  "ALTER TABLE desktops ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE desktops ADD COLUMN prepared INTEGER NOT NULL DEFAULT 1;"
  "CREATE UNIQUE INDEX desktops_number ON desktops (pool, number) WHERE number > 0;"
  "CREATE TABLE revisions ("
  " pool TEXT NOT NULL REFERENCES pools (name) ON DELETE CASCADE, number INTEGER NOT NULL,"
  " state TEXT NOT NULL, host TEXT, volume TEXT, sha256 TEXT, xml TEXT,"
  " memory_mib INTEGER NOT NULL, since INTEGER NOT NULL, tries INTEGER NOT NULL,"
  " failures INTEGER NOT NULL, problem TEXT, PRIMARY KEY (pool, number)) STRICT;"
  "CREATE TABLE images ("
  " pool TEXT NOT NULL, revision INTEGER NOT NULL, host TEXT NOT NULL, there INTEGER NOT NULL,"
  " not_before INTEGER NOT NULL, problem TEXT, PRIMARY KEY (pool, revision, host),"
  " FOREIGN KEY (pool, revision) REFERENCES revisions (pool, number) ON DELETE CASCADE) STRICT;"
  "CREATE TABLE hosts ("
  " name TEXT PRIMARY KEY, draining INTEGER NOT NULL, since INTEGER NOT NULL, by TEXT,"
  " message TEXT, ends INTEGER NOT NULL, lost_since INTEGER NOT NULL) STRICT;"
  "CREATE TABLE waits ("
  " pool TEXT NOT NULL REFERENCES pools (name) ON DELETE CASCADE,"
  " user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE, user_name TEXT NOT NULL,"
  " login_id TEXT NOT NULL, since INTEGER NOT NULL, seen INTEGER NOT NULL,"
  " PRIMARY KEY (pool, user_id)) STRICT;"
  "CREATE INDEX waits_since ON waits (pool, since);"
  /* A data disk is on one desktop at most. It outlives its pool: what people made is deleted by an
   * administrator only. */
  "CREATE TABLE disks ("
  " pool TEXT NOT NULL, user_id TEXT NOT NULL, volume TEXT NOT NULL, host TEXT,"
  " gib INTEGER NOT NULL, desktop_id TEXT UNIQUE, made INTEGER NOT NULL,"
  " PRIMARY KEY (pool, user_id)) STRICT;"
  "CREATE TABLE pool_states ("
  " pool TEXT PRIMARY KEY REFERENCES pools (name) ON DELETE CASCADE, failures INTEGER NOT NULL,"
  " not_before INTEGER NOT NULL, problem TEXT, note TEXT, renew INTEGER NOT NULL) STRICT;"
  "CREATE TABLE lead ("
  " id INTEGER PRIMARY KEY CHECK (id = 1), broker TEXT NOT NULL, epoch INTEGER NOT NULL) STRICT;",
  /* 3: wrong passwords */
  "CREATE TABLE tries ("
  " person TEXT PRIMARY KEY, n INTEGER NOT NULL, strangers INTEGER NOT NULL, last_at INTEGER NOT "
  "NULL"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE network_tries ("
  " network TEXT PRIMARY KEY, n INTEGER NOT NULL, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE known_names (name TEXT PRIMARY KEY, user_id TEXT NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE known_networks ("
  " user_id TEXT NOT NULL, network TEXT NOT NULL, seen INTEGER NOT NULL,"
  " PRIMARY KEY (user_id, network)) STRICT, WITHOUT ROWID;",
  /* 4: second factors */
  "CREATE TABLE challenges ("
  " hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
  " address TEXT NOT NULL, terminal TEXT, ends INTEGER NOT NULL,"
  " password_expires INTEGER NOT NULL, codes INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE INDEX challenges_of ON challenges (user_id);"
  "CREATE TABLE second_factors ("
  " user_id TEXT PRIMARY KEY, sealed TEXT NOT NULL, confirmed INTEGER NOT NULL,"
  " last_step INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE recovery_codes ("
  " user_id TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (user_id, hash)) STRICT, WITHOUT ROWID;",
  /* 5: which installation this is */
  "CREATE TABLE installation ("
  " one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;",
  /* 6: terminals */
  "CREATE TABLE terminals ("
  " name TEXT PRIMARY KEY, description TEXT, groups TEXT NOT NULL, is_public INTEGER NOT NULL,"
  " fingerprint TEXT UNIQUE, enrolled INTEGER NOT NULL, seen INTEGER NOT NULL, code TEXT UNIQUE,"
  " code_ends INTEGER NOT NULL) STRICT;",
  /* 7: clones that were lent before their guests' agents had prepared them, as they were then, and
   * that somebody works in: they are not late ones that nobody was in */
  "UPDATE desktops SET prepared = 1 WHERE held = 1 AND intent <> 'create';",
  /* 8: what terminals are told, and tell */
  "ALTER TABLE terminals ADD COLUMN unlock_secret TEXT;"
  "ALTER TABLE terminals ADD COLUMN reported INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE terminals ADD COLUMN version TEXT;"
  "ALTER TABLE terminals ADD COLUMN uptime INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE terminals ADD COLUMN monitors TEXT;"
  "ALTER TABLE terminals ADD COLUMN problem TEXT;"
  "ALTER TABLE terminals ADD COLUMN address TEXT;"
  "ALTER TABLE terminals ADD COLUMN settings_revision INTEGER NOT NULL DEFAULT 0;"
  "CREATE TABLE terminal_settings ("
  " of_group INTEGER NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, settings TEXT NOT "
  "NULL,"
  " PRIMARY KEY (of_group, name)) STRICT;"
  "CREATE TABLE settings_revision ("
  " one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL) STRICT;"
  "INSERT INTO settings_revision (one, revision) VALUES (1, 0);"
  "CREATE TABLE sealed_keys (name TEXT PRIMARY KEY, sealed TEXT NOT NULL) STRICT;",
  /* 9: what the helpdesk told people */
  "CREATE TABLE messages ("
  " id TEXT PRIMARY KEY,"
  " desktop_id TEXT NOT NULL REFERENCES desktops (id) ON DELETE CASCADE,"
  " holder TEXT NOT NULL, sender TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
  "CREATE INDEX messages_at ON messages (desktop_id, at);",
  /* 10: lists and searches of what is many. What was there before is found by words that are made
   * again, with more care, when its name is written next. */
  "ALTER TABLE desktops ADD COLUMN state TEXT NOT NULL DEFAULT 'off';"
  "ALTER TABLE desktops ADD COLUMN folded TEXT NOT NULL DEFAULT '';"
  "ALTER TABLE users ADD COLUMN folded TEXT NOT NULL DEFAULT '';"
  "DROP INDEX desktops_pool;"
  "DROP INDEX desktops_host;"
  "CREATE INDEX desktops_pool ON desktops (pool, name, id);"
  "CREATE INDEX desktops_host ON desktops (host, pool, name, id);"
  "CREATE INDEX desktops_state ON desktops (state, pool, name, id);"
  "CREATE INDEX desktops_open ON desktops (pool, name, id) WHERE console = 'connected';"
  "CREATE INDEX leases_terminal ON leases (terminal) WHERE terminal IS NOT NULL;"
  "CREATE INDEX users_name ON users (name, id);"
  "CREATE TABLE desktop_words ("
  " word TEXT NOT NULL, subject TEXT NOT NULL REFERENCES desktops (id) ON DELETE CASCADE,"
  " PRIMARY KEY (word, subject)) STRICT, WITHOUT ROWID;"
  "CREATE INDEX desktop_words_subject ON desktop_words (subject);"
  "CREATE TABLE user_words ("
  " word TEXT NOT NULL, subject TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE"
  " DEFERRABLE INITIALLY DEFERRED,"
  " PRIMARY KEY (word, subject)) STRICT, WITHOUT ROWID;"
  "CREATE INDEX user_words_subject ON user_words (subject);"
  "INSERT INTO desktop_words (word, subject) SELECT lower (name), id FROM desktops;"
  "INSERT INTO user_words (word, subject) SELECT lower (name), id FROM users;"
  "INSERT INTO user_words (word, subject) SELECT lower (display_name), id FROM users"
  " WHERE true ON CONFLICT DO NOTHING;"
  /* The words that people are told, as floe_desktop_state_name() has them. */
  "UPDATE desktops SET state = CASE WHEN power = 'unknown' THEN 'host-lost'"
  " WHEN clean = 'broken' AND intent = 'none' THEN 'broken' WHEN intent = 'create' THEN 'making'"
  " WHEN intent IN ('reset', 'remove') THEN 'resetting' WHEN intent = 'stop' THEN 'stopping'"
  " WHEN intent = 'move' THEN 'moving' WHEN intent = 'start' OR power = 'starting' THEN 'starting'"
  " WHEN power <> 'on' THEN 'off' WHEN console = 'connected' THEN 'in-use'"
  " WHEN guest = 'booting' THEN 'starting' ELSE 'ready' END;",
  /* 11: what everybody is told before they log in */
  "CREATE TABLE announcements ("
  " id TEXT PRIMARY KEY, severity INTEGER NOT NULL, text TEXT NOT NULL, begins INTEGER NOT NULL,"
  " ends INTEGER NOT NULL, terminal_groups TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL)"
  " STRICT;",
  /* 12: what is planned is found by whose it is */
  "CREATE TABLE timers_of ("
  " subject TEXT NOT NULL, kind TEXT NOT NULL, due INTEGER NOT NULL,"
  " PRIMARY KEY (subject, kind)) STRICT;"
  "INSERT INTO timers_of (subject, kind, due) SELECT subject, kind, due FROM timers;"
  "DROP TABLE timers;"
  "ALTER TABLE timers_of RENAME TO timers;"
  "CREATE INDEX timers_due ON timers (due);",
  /* 13: pools with a helpdesk of their own, which each log-in asks for */
  "CREATE INDEX pools_helpdesk ON pools (name) WHERE settings LIKE '%helpdesk_groups=%';",
  /* 14: tokens of the API */
  "CREATE TABLE api_tokens ("
  " name TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, role TEXT NOT NULL, pools TEXT,"
  " by TEXT NOT NULL, created INTEGER NOT NULL, ends INTEGER NOT NULL, last_used INTEGER NOT NULL,"
  " last_address TEXT) STRICT;",
  /* 15: acts that are done once */
  "CREATE TABLE acts_once ("
  " actor TEXT NOT NULL, key TEXT NOT NULL, print TEXT NOT NULL, at INTEGER NOT NULL,"
  " status INTEGER NOT NULL, type TEXT, body TEXT, secret INTEGER NOT NULL,"
  " PRIMARY KEY (actor, key)) STRICT;"
  "CREATE INDEX acts_once_at ON acts_once (at);",
  /* 16: who is told what happens */
  "CREATE TABLE webhooks ("
  " name TEXT PRIMARY KEY, url TEXT NOT NULL, events INTEGER NOT NULL, sealed TEXT NOT NULL,"
  " by TEXT NOT NULL, created INTEGER NOT NULL, told INTEGER NOT NULL, failures INTEGER NOT NULL,"
  " not_before INTEGER NOT NULL, delivered INTEGER NOT NULL, problem TEXT) STRICT;",
  /* 17: what is being worked on: desktops, and pools that are closed for it */
  "ALTER TABLE desktops ADD COLUMN maintenance INTEGER NOT NULL DEFAULT 0;"
  "CREATE TABLE maintenance ("
  " desktop_id TEXT UNIQUE REFERENCES desktops (id) ON DELETE CASCADE,"
  " pool TEXT UNIQUE REFERENCES pools (name) ON DELETE CASCADE,"
  " since INTEGER NOT NULL, by TEXT, message TEXT, ends INTEGER NOT NULL) STRICT;",
  /* 18: how the audit trail was */
  "CREATE TABLE audit_seals ("
  " number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, at INTEGER NOT NULL,"
  " keyed INTEGER NOT NULL, marks TEXT NOT NULL, hash TEXT NOT NULL) STRICT;",
  /* 19: what people's log-ins got at engines */
  "CREATE TABLE engine_tokens ("
  " user_id TEXT NOT NULL, manager TEXT NOT NULL,"
  " sealed TEXT NOT NULL, fresh INTEGER NOT NULL, PRIMARY KEY (user_id, manager)) STRICT;"
  "CREATE INDEX engine_tokens_fresh ON engine_tokens (fresh);",
  /* 20: how pools are used over time */
  "CREATE TABLE capacity ("
  " pool TEXT NOT NULL REFERENCES pools (name) ON DELETE CASCADE, step INTEGER NOT NULL,"
  " at INTEGER NOT NULL, looks INTEGER NOT NULL, size INTEGER NOT NULL, used INTEGER NOT NULL,"
  " demand INTEGER NOT NULL, spares INTEGER NOT NULL, at_once INTEGER NOT NULL,"
  " later INTEGER NOT NULL, own INTEGER NOT NULL, left_line INTEGER NOT NULL,"
  " failed INTEGER NOT NULL, nothing_left INTEGER NOT NULL, closed INTEGER NOT NULL,"
  " waited INTEGER NOT NULL, wait_sum INTEGER NOT NULL, wait_longest INTEGER NOT NULL,"
  " PRIMARY KEY (pool, step, at)) STRICT, WITHOUT ROWID;",
  /* 21: what webhooks are told that is in no audit trail, and why they are not */
  "CREATE TABLE happenings ("
  " id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT NOT NULL,"
  " action TEXT NOT NULL, object TEXT NOT NULL, detail TEXT) STRICT;"
  "CREATE INDEX happenings_at ON happenings (at);"
  "ALTER TABLE webhooks ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE webhooks ADD COLUMN reason TEXT;",
  /* 22: how people's last log-ins went */
  "CREATE TABLE visits ("
  " user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE, kind INTEGER NOT NULL,"
  " at INTEGER NOT NULL, pool TEXT, desktop TEXT, took TEXT NOT NULL,"
  " PRIMARY KEY (user_id, kind)) STRICT, WITHOUT ROWID;",
  /* 23: who looks at whose screen */
  "CREATE TABLE shadows ("
  " id TEXT PRIMARY KEY,"
  " desktop_id TEXT NOT NULL REFERENCES desktops (id) ON DELETE CASCADE,"
  " desktop TEXT NOT NULL, pool TEXT NOT NULL, holder TEXT NOT NULL, holder_name TEXT NOT NULL,"
  " login_id TEXT, helper TEXT NOT NULL, helper_login TEXT NOT NULL, helper_name TEXT NOT NULL,"
  " reason TEXT, state TEXT NOT NULL, control TEXT NOT NULL, asked INTEGER NOT NULL,"
  " due INTEGER NOT NULL, granted INTEGER NOT NULL, ended INTEGER NOT NULL, ended_by TEXT) STRICT;"
  "CREATE INDEX shadows_desktop ON shadows (desktop_id, asked);",
  /* 24: how good the connections of sessions are */
  "CREATE TABLE session_quality ("
  " desktop_id TEXT PRIMARY KEY REFERENCES desktops (id) ON DELETE CASCADE,"
  " user_id TEXT NOT NULL, at INTEGER NOT NULL, level INTEGER NOT NULL, rtt_ms INTEGER NOT NULL,"
  " retransmits INTEGER NOT NULL, rate INTEGER NOT NULL) STRICT;"
  "CREATE INDEX session_quality_user ON session_quality (user_id);",
  /* 25: whose desktops that stay with their users are at their engines */
  "ALTER TABLE desktops ADD COLUMN engine_user TEXT;",
  /* 26: what brokers tell each other: of one file's broker nothing, but the schema is the same */
  "ALTER TABLE shadows ADD COLUMN broker TEXT;"
  "CREATE TABLE letters ("
  " id INTEGER PRIMARY KEY AUTOINCREMENT, sender TEXT NOT NULL, recipient TEXT NOT NULL,"
  " body TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
  "CREATE INDEX letters_recipient ON letters (recipient, id);"
  "CREATE INDEX letters_sender ON letters (sender, id);",
  /* 27: how time goes on when the broker is started again */
  "CREATE TABLE kept_time ("
  " one INTEGER PRIMARY KEY CHECK (one = 1), ahead INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;"
  "CREATE TABLE boots (boot TEXT PRIMARY KEY, base INTEGER NOT NULL, seen INTEGER NOT NULL) "
  "STRICT;",
};

/**
 * floe_sqlite_newest_version:
 *
 * Returns: the schema version that this program makes and needs
 */
gint64
floe_sqlite_newest_version (void)
{
  return G_N_ELEMENTS (steps);
}

static gboolean
take_step (FloeSqliteDb *db, gint64 step, GError **error)
{
  g_autofree gchar *sql = g_strdup_printf ("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; %s"
                                           "PRAGMA user_version = "
                                           "%" G_GINT64_FORMAT "; PRAGMA application_id = %d; "
                                           "COMMIT; PRAGMA foreign_keys = ON",
                                           steps[step], step + 1, APPLICATION_ID);

  if (floe_sqlite_db_exec (db, sql, error))
    return TRUE;
  if (floe_sqlite_db_is_in_transaction (db))
    floe_sqlite_db_exec (db, "ROLLBACK", NULL);
  floe_sqlite_db_exec (db, "PRAGMA foreign_keys = ON", NULL);
  g_prefix_error (error, "step %" G_GINT64_FORMAT " of the schema: ", step + 1);
  return FALSE;
}

static gboolean
check_ours (const gchar *path, gint64 application, gint64 version, gint64 tables, GError **error)
{
  if (application != APPLICATION_ID && (application != 0 || tables > 0))
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                   "database %s: this SQLite file is not Floe's; nothing was changed in it", path);
      return FALSE;
    }
  if (version > floe_sqlite_newest_version ())
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                   "database %s: it has schema %" G_GINT64_FORMAT
                   ", this floe-broker knows schemas up to %" G_GINT64_FORMAT
                   "; install the newer floe-broker that made it, nothing was changed",
                   path, version, floe_sqlite_newest_version ());
      return FALSE;
    }
  return TRUE;
}

/**
 * floe_sqlite_migrate:
 * @db: a connection that may write
 * @path: for messages
 *
 * Brings the schema up to date, each step in a transaction of its own. A step that fails leaves the
 * file as it was before that step, and deletes nothing.
 */
gboolean
floe_sqlite_migrate (FloeSqliteDb *db, const gchar *path, GError **error)
{
  gint64 version, application, tables;

  if (!floe_sqlite_db_get_int (db, "PRAGMA user_version", &version, error)
      || !floe_sqlite_db_get_int (db, "PRAGMA application_id", &application, error)
      || !floe_sqlite_db_get_int (db, "SELECT count(*) FROM sqlite_schema", &tables, error)
      || !check_ours (path, application, version, tables, error))
    return FALSE;
  for (gint64 step = version; step < floe_sqlite_newest_version (); step++)
    if (!take_step (db, step, error))
      return FALSE;
  return TRUE;
}
