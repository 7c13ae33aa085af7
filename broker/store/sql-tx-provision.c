/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#include <string.h>

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

/* Revisions and their images. */

#define REVISION                                                                                   \
  "SELECT pool, number, state, host, volume, sha256, xml, memory_mib, since, tries, failures,"     \
  " problem FROM revisions WHERE pool = $1"

static gpointer
read_revision (FloeSqlRows *rows)
{
  FloeRevision *revision =
      floe_revision_new (floe_sql_rows_get_text (rows, 0), (guint)floe_sql_rows_get_int (rows, 1));

  revision->state = floe_revision_state_from_name (floe_sql_rows_get_text (rows, 2));
  revision->host = floe_sql_rows_dup_text (rows, 3);
  revision->volume = floe_sql_rows_dup_text (rows, 4);
  revision->sha256 = floe_sql_rows_dup_text (rows, 5);
  revision->xml = floe_sql_rows_dup_text (rows, 6);
  revision->memory_mib = (guint)floe_sql_rows_get_int (rows, 7);
  revision->since = floe_sql_rows_get_int (rows, 8);
  revision->tries = (guint)floe_sql_rows_get_int (rows, 9);
  revision->failures = (guint)floe_sql_rows_get_int (rows, 10);
  revision->problem = floe_sql_rows_dup_text (rows, 11);
  return revision;
}

static gboolean
put_revision (FloeTx *tx, const FloeRevision *r, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO revisions (pool, number, state, host, volume, sha256, xml, memory_mib, since,"
      " tries, failures, problem) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
      " ON CONFLICT (pool, number) DO UPDATE SET state = $3, host = $4, volume = $5, sha256 = $6,"
      " xml = $7, memory_mib = $8, since = $9, tries = $10, failures = $11, problem = $12",
      "sisssssiiiis", r->pool, (gint64)r->number, floe_revision_state_name (r->state), r->host,
      r->volume, r->sha256, r->xml, (gint64)r->memory_mib, r->since, (gint64)r->tries,
      (gint64)r->failures, r->problem);
}

static FloeRevision *
get_revision (FloeTx *tx, const gchar *pool, guint number, GError **error)
{
  return floe_sql_read_one (floe_sql_db_query (DB (tx), error,
                                               FLOE_SQL_LOCKED (tx, REVISION " AND number = $2"),
                                               "si", pool, (gint64)number),
                            read_revision, "revision", error);
}

static GPtrArray *
list_revisions (FloeTx *tx, const gchar *pool, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error, REVISION " ORDER BY number DESC", "s", pool),
      read_revision, (GDestroyNotify)floe_revision_free, error);
}

static gboolean
delete_revision (FloeTx *tx, const gchar *pool, guint number, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM revisions WHERE pool = $1 AND number = $2",
                          "si", pool, (gint64)number);
}

static gpointer
read_image (FloeSqlRows *rows)
{
  FloeImage *image =
      floe_image_new (floe_sql_rows_get_text (rows, 0), (guint)floe_sql_rows_get_int (rows, 1),
                      floe_sql_rows_get_text (rows, 2));

  image->there = floe_sql_rows_get_int (rows, 3) != 0;
  image->not_before = floe_sql_rows_get_int (rows, 4);
  image->problem = floe_sql_rows_dup_text (rows, 5);
  return image;
}

static gboolean
put_image (FloeTx *tx, const FloeImage *image, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO images (pool, revision, host, there, not_before, problem)"
      " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (pool, revision, host) DO UPDATE SET"
      " there = $4, not_before = $5, problem = $6",
      "sisiis", image->pool, (gint64)image->revision, image->host, (gint64)image->there,
      image->not_before, image->problem);
}

static GPtrArray *
list_images (FloeTx *tx, const gchar *pool, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT pool, revision, host, there, not_before, problem"
                         " FROM images WHERE pool = $1 ORDER BY revision, host",
                         "s", pool),
      read_image, (GDestroyNotify)floe_image_free, error);
}

/* Hosts. */

static gpointer
read_host (FloeSqlRows *rows)
{
  FloeHostNote *host = floe_host_note_new (floe_sql_rows_get_text (rows, 0));

  host->draining = floe_sql_rows_get_int (rows, 1) != 0;
  host->since = floe_sql_rows_get_int (rows, 2);
  host->by = floe_sql_rows_dup_text (rows, 3);
  host->message = floe_sql_rows_dup_text (rows, 4);
  host->ends = floe_sql_rows_get_int (rows, 5);
  host->lost_since = floe_sql_rows_get_int (rows, 6);
  return host;
}

static gboolean
put_host (FloeTx *tx, const FloeHostNote *host, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO hosts (name, draining, since, by, message, ends, lost_since)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET"
      " draining = $2, since = $3, by = $4, message = $5, ends = $6, lost_since = $7",
      "siissii", host->name, (gint64)host->draining, host->since, host->by, host->message,
      host->ends, host->lost_since);
}

/* By the bytes of their names, whatever the database's collation. */
static gint
compare_hosts (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const FloeHostNote *const *)a)->name, (*(const FloeHostNote *const *)b)->name);
}

static GPtrArray *
list_hosts (FloeTx *tx, GError **error)
{
  GPtrArray *list =
      floe_sql_read_all (floe_sql_db_query (DB (tx), error,
                                            "SELECT name, draining, since, by, message, ends,"
                                            " lost_since FROM hosts",
                                            ""),
                         read_host, (GDestroyNotify)floe_host_note_free, error);

  if (list != NULL)
    g_ptr_array_sort (list, compare_hosts);
  return list;
}

/* People who wait. */

static gpointer
read_wait (FloeSqlRows *rows)
{
  FloeWait *wait =
      floe_wait_new (floe_sql_rows_get_text (rows, 0), floe_sql_rows_get_text (rows, 1),
                     floe_sql_rows_get_text (rows, 2), floe_sql_rows_get_text (rows, 3),
                     floe_sql_rows_get_int (rows, 4));

  wait->seen = floe_sql_rows_get_int (rows, 5);
  wait->data_host = floe_sql_rows_dup_text (rows, 6);
  wait->data_lost = floe_sql_rows_get_int (rows, 7) != 0;
  return wait;
}

static gboolean
put_wait (FloeTx *tx, const FloeWait *wait, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO waits AS w (pool, user_id, user_name, login_id, since, seen)"
      " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (pool, user_id) DO UPDATE SET"
      " user_name = $3, login_id = $4, seen = CASE WHEN w.seen > $6 THEN w.seen ELSE $6 END",
      "ssssii", wait->pool, wait->user_id, wait->user_name, wait->login_id, wait->since,
      wait->seen);
}

static gboolean
delete_wait (FloeTx *tx, const gchar *pool, const gchar *user_id, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM waits WHERE pool = $1 AND user_id = $2",
                          "ss", pool, user_id);
}

#define WAIT                                                                                       \
  "SELECT w.pool, w.user_id, w.user_name, w.login_id, w.since, w.seen, k.host,"                    \
  " CASE WHEN h.lost_since <> 0 THEN 1 ELSE 0 END FROM waits w LEFT JOIN disks k"                  \
  " ON k.pool = w.pool AND k.user_id = w.user_id AND k.made <> 0"                                  \
  " LEFT JOIN hosts h ON h.name = k.host"

/* Of those who came in the same microsecond, SQLite has who was noted first: the index has them in
 * this order, and nothing is sorted. */
FloeSqlRows *
floe_sql_query_waits (FloeTx *tx, const gchar *pool, guint limit, GError **error)
{
  return floe_sql_db_query (
      DB (tx), error,
      floe_sql_db_choose (DB (tx), WAIT " WHERE w.pool = $1 ORDER BY w.since, w.rowid LIMIT $2",
                          WAIT " WHERE w.pool = $1 ORDER BY w.since, w.user_id LIMIT $2"),
      "si", pool, (gint64)limit);
}

static FloeSqlRows *
query_all_waits (FloeTx *tx, guint limit, GError **error)
{
  return floe_sql_db_query (
      DB (tx), error,
      floe_sql_db_choose (DB (tx), WAIT " ORDER BY w.pool, w.since, w.rowid LIMIT $1",
                          WAIT " ORDER BY w.pool, w.since, w.user_id LIMIT $1"),
      "i", (gint64)limit);
}

static GPtrArray *
list_waits (FloeTx *tx, const gchar *pool, guint limit, GError **error)
{
  FloeSqlRows *rows = pool != NULL ? floe_sql_query_waits (tx, pool, limit, error)
                                   : query_all_waits (tx, limit, error);

  return floe_sql_read_all (rows, read_wait, (GDestroyNotify)floe_wait_free, error);
}

/* Data disks. */

#define DISK "SELECT pool, user_id, volume, host, gib, desktop_id, made FROM disks WHERE "

static gpointer
read_disk (FloeSqlRows *rows)
{
  FloeDataDisk *disk =
      floe_data_disk_new (floe_sql_rows_get_text (rows, 0), floe_sql_rows_get_text (rows, 1),
                          floe_sql_rows_get_text (rows, 2));

  disk->host = floe_sql_rows_dup_text (rows, 3);
  disk->gib = (guint)floe_sql_rows_get_int (rows, 4);
  disk->desktop_id = floe_sql_rows_dup_text (rows, 5);
  disk->made = floe_sql_rows_get_int (rows, 6) != 0;
  return disk;
}

static gboolean
put_disk (FloeTx *tx, const FloeDataDisk *disk, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO disks (pool, user_id, volume, host, gib, desktop_id, made)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (pool, user_id) DO UPDATE SET"
      " volume = $3, host = $4, gib = $5, desktop_id = $6, made = $7",
      "ssssisi", disk->pool, disk->user_id, disk->volume, disk->host, (gint64)disk->gib,
      disk->desktop_id, (gint64)disk->made);
}

static FloeDataDisk *
get_disk (FloeTx *tx, const gchar *pool, const gchar *user_id, GError **error)
{
  return floe_sql_read_one (
      floe_sql_db_query (DB (tx), error, FLOE_SQL_LOCKED (tx, DISK "pool = $1 AND user_id = $2"),
                         "ss", pool, user_id),
      read_disk, "data disk", error);
}

static gboolean
delete_disk (FloeTx *tx, const gchar *pool, const gchar *user_id, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM disks WHERE pool = $1 AND user_id = $2",
                          "ss", pool, user_id);
}

static FloeDataDisk *
find_disk_of_desktop (FloeTx *tx, const gchar *desktop_id, GError **error)
{
  return floe_sql_read_one (floe_sql_db_query (DB (tx), error,
                                               FLOE_SQL_LOCKED (tx, DISK "desktop_id = $1"), "s",
                                               desktop_id),
                            read_disk, "data disk", error);
}

/* What is remembered of a pool. */

static gpointer
read_pool_state (FloeSqlRows *rows)
{
  FloePoolState *state = floe_pool_state_new (floe_sql_rows_get_text (rows, 0));

  state->failures = (guint)floe_sql_rows_get_int (rows, 1);
  state->not_before = floe_sql_rows_get_int (rows, 2);
  state->problem = floe_sql_rows_dup_text (rows, 3);
  state->renew = floe_sql_rows_get_int (rows, 4) != 0;
  state->note = floe_sql_rows_dup_text (rows, 5);
  return state;
}

static FloePoolState *
get_pool_state (FloeTx *tx, const gchar *pool, GError **error)
{
  gpointer state;

  if (!floe_sql_find_one (
          floe_sql_db_query (DB (tx), error,
                             FLOE_SQL_LOCKED (tx, "SELECT pool, failures, not_before, problem, "
                                                  "renew, note FROM pool_states WHERE pool = $1"),
                             "s", pool),
          read_pool_state, &state, error))
    return NULL;
  return state != NULL ? state : floe_pool_state_new (pool);
}

static gboolean
put_pool_state (FloeTx *tx, const FloePoolState *state, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO pool_states (pool, failures, not_before, problem, renew, note)"
      " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (pool) DO UPDATE SET failures = $2,"
      " not_before = $3, problem = $4, renew = $5, note = $6",
      "siisis", state->pool, (gint64)state->failures, state->not_before, state->problem,
      (gint64)state->renew, state->note);
}

/* Which installation this is. */

static gboolean
get_installation (FloeTx *tx, gchar **id, GError **error)
{
  g_autoptr (FloeSqlRows) rows =
      floe_sql_db_query (DB (tx), error, "SELECT id FROM installation WHERE one = 1", "");
  gboolean has;

  *id = NULL;
  if (rows == NULL || !floe_sql_rows_next (rows, &has, error))
    return FALSE;
  if (has)
    *id = floe_sql_rows_dup_text (rows, 0);
  return TRUE;
}

static gboolean
put_installation (FloeTx *tx, const gchar *id, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO installation (one, id) VALUES (1, $1)"
                          " ON CONFLICT (one) DO NOTHING",
                          "s", id);
}

void
floe_sql_tx_provision_iface_init (FloeTxInterface *iface)
{
  iface->put_revision = put_revision;
  iface->get_revision = get_revision;
  iface->list_revisions = list_revisions;
  iface->delete_revision = delete_revision;
  iface->put_image = put_image;
  iface->list_images = list_images;
  iface->put_host = put_host;
  iface->list_hosts = list_hosts;
  iface->put_wait = put_wait;
  iface->delete_wait = delete_wait;
  iface->list_waits = list_waits;
  iface->put_disk = put_disk;
  iface->get_disk = get_disk;
  iface->delete_disk = delete_disk;
  iface->find_disk_of_desktop = find_disk_of_desktop;
  iface->get_installation = get_installation;
  iface->put_installation = put_installation;
  iface->get_pool_state = get_pool_state;
  iface->put_pool_state = put_pool_state;
}
