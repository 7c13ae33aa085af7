/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/pool-file.h"

#include "api/json-read.h"

#define MAX_TEXT_BYTES 256
#define MAX_GROUPS     256
#define MAX_USERS      1024
#define MAX_SECONDS    2592000

static gchar *
read_domains (FloeJsonReader *reader)
{
  gchar *pattern;
  gboolean metadata;

  floe_json_reader_enter (reader, "domains");
  pattern = floe_json_reader_get_string_or (reader, "pattern", MAX_TEXT_BYTES, NULL);
  metadata = floe_json_reader_get_bool_or (reader, "metadata", FALSE);
  floe_json_reader_leave (reader);
  if ((pattern != NULL) == metadata)
    floe_json_reader_refuse (reader, "domains",
                             "expected either a \"pattern\" or \"metadata\": true");
  return pattern;
}

static FloePoolKind
read_kind (FloeJsonReader *reader)
{
  g_autofree gchar *name = floe_json_reader_get_string (reader, "kind", MAX_TEXT_BYTES);
  FloePoolKind kind = FLOE_POOL_FLOATING;

  if (name != NULL && !floe_pool_kind_from_name (name, &kind))
    floe_json_reader_refuse (reader, "kind", "expected \"floating\" or \"dedicated\"");
  return kind;
}

static void
read_entitlements (FloeJsonReader *reader, FloePool *pool)
{
  floe_json_reader_enter (reader, "entitlements");
  g_strfreev (pool->groups);
  g_strfreev (pool->users);
  pool->groups = floe_json_reader_get_strings (reader, "groups", MAX_GROUPS, 2 * MAX_TEXT_BYTES);
  pool->users = floe_json_reader_get_strings (reader, "users", MAX_USERS, MAX_TEXT_BYTES);
  floe_json_reader_leave (reader);
}

/**
 * floe_pool_file_read:
 * @text: a POOLFILE of the wire contract
 * @length: its bytes
 *
 * Returns: (transfer full) (nullable): the pool, validated; or %NULL with %FLOE_ERROR_INVALID that
 *   names the member
 */
FloePool *
floe_pool_file_read (const gchar *text, gsize length, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_json_reader_new (text, length, error);
  g_autoptr (FloePool) pool = NULL;
  g_autofree gchar *name = NULL;

  if (reader == NULL)
    return NULL;
  name = floe_json_reader_get_string (reader, "name", MAX_TEXT_BYTES);
  pool = floe_pool_new (name, read_kind (reader));
  pool->description = floe_json_reader_get_string_or (reader, "description", MAX_TEXT_BYTES, NULL);
  g_free (pool->manager);
  pool->manager = floe_json_reader_get_string (reader, "manager", MAX_TEXT_BYTES);
  pool->pattern = read_domains (reader);
  read_entitlements (reader, pool);
  pool->grace_seconds = (guint)floe_json_reader_get_int_or (reader, "grace_seconds", 0, MAX_SECONDS,
                                                            FLOE_POOL_GRACE_SECONDS);
  pool->ready_seconds = (guint)floe_json_reader_get_int_or (reader, "ready_seconds", 1, 3600,
                                                            FLOE_POOL_READY_SECONDS);
  pool->closed = floe_json_reader_get_bool_or (reader, "closed", FALSE);
  if (!floe_json_reader_end (reader, error) || !floe_pool_validate (pool, error))
    return NULL;
  return g_steal_pointer (&pool);
}
