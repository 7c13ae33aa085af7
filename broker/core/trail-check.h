/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"
#include "core/trail-seal.h"

G_BEGIN_DECLS

/**
 * FloeTrailFinding:
 * @what: "removed", "altered" or "added", of a row; "seal-missing", "seal-broken" or
 * "seal-unkeyed", of a seal
 * @row: the row's id; 0 for none
 * @seal: under which seal, or which seal
 */
typedef struct
{
  const gchar *what;
  gint64 row;
  gint64 seal;
} FloeTrailFinding;

/**
 * FloeTrailCheck:
 * @findings: (element-type FloeTrailFinding): what is not as it was sealed
 * @seals: how many were looked at
 * @rows: how many rows are under these
 * @keyed: how many of these were made with the key
 * @next: behind which seal to go on; 0 when that was the last one
 * @head: (nullable): the last seal of all
 * @tail_rows: how many rows are not sealed yet
 * @tail_first: the first of them; 0 for none
 * @tail_last: and the last
 *
 * What came of looking at some seals and what is under them.
 */
typedef struct
{
  GPtrArray *findings;
  guint seals;
  guint rows;
  guint keyed;
  gint64 next;
  FloeTrailSeal *head;
  gint64 tail_rows;
  gint64 tail_first;
  gint64 tail_last;
} FloeTrailCheck;

void floe_trail_check_free (FloeTrailCheck *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTrailCheck, floe_trail_check_free)

/**
 * FloeTrailQuestion:
 * @key: what seals are made with
 * @after: behind which seal to begin; 0 for the first one
 * @expected: (nullable): a seal's hash that somebody noted
 * @expected_number: of which seal
 */
typedef struct
{
  FloeTrailKey *key;
  gint64 after;
  gchar *expected;
  gint64 expected_number;
} FloeTrailQuestion;

gpointer floe_trail_check (FloeTx *tx, gconstpointer question, GError **error);

void floe_helpdesk_set_trail_key (FloeHelpdesk *self, FloeTrailKey *key);
void floe_helpdesk_check_trail_async (FloeHelpdesk *self, gint64 after, gint64 expected_number,
                                      const gchar *expected, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
FloeTrailCheck *floe_helpdesk_check_trail_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                  GError **error);

G_END_DECLS
