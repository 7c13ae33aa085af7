/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trail-check.h"

#include <string.h>

#include "core/helpdesk-parts.h"

/* So much is looked at before somebody else gets the reading thread. */
#define SEALS_AT_ONCE 50
/* Of rows that were added by hand there may be very many. */
#define MAX_FINDINGS 1000

void
floe_trail_check_free (FloeTrailCheck *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  floe_trail_seal_free (self->head);
  g_free (self);
}

static void
find (FloeTrailCheck *self, const gchar *what, gint64 row, gint64 seal)
{
  FloeTrailFinding *finding;

  if (self->findings->len >= MAX_FINDINGS)
    return;
  finding = g_new (FloeTrailFinding, 1);
  *finding = (FloeTrailFinding){ what, row, seal };
  g_ptr_array_add (self->findings, finding);
}

/* One row that is there, against the marks that are left. */
static void
check_row (FloeTrailCheck *self, const FloeTrailKey *key, GHashTable *marks, const FloeAudit *row,
           gint64 seal)
{
  const gchar *mark = g_hash_table_lookup (marks, &row->id);
  g_autofree gchar *right = floe_trail_key_mark (key, row);

  if (mark == NULL)
    find (self, "added", row->id, seal);
  else if (strcmp (mark, right) != 0)
    find (self, "altered", row->id, seal);
  g_hash_table_remove (marks, &row->id);
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *)a;
  gint64 y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

static void
find_removed (FloeTrailCheck *self, GHashTable *marks, gint64 seal)
{
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (marks), compare_ids);

  for (const GList *id = ids; id != NULL; id = id->next)
    find (self, "removed", *(const gint64 *)id->data, seal);
}

static GHashTable *
read_marks (const FloeTrailSeal *seal)
{
  GHashTable *marks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_auto (GStrv) parts = g_strsplit (seal->marks, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      gchar *colon = strchr (parts[i], ':');
      gint64 *id;

      if (colon == NULL)
        continue;
      id = g_new (gint64, 1);
      *id = g_ascii_strtoll (parts[i], NULL, 10);
      g_hash_table_replace (marks, id, g_strdup (colon + 1));
    }
  return marks;
}

static gboolean
check_rows (FloeTrailCheck *self, FloeTx *tx, const FloeTrailKey *key, const FloeTrailSeal *seal,
            GError **error)
{
  g_autoptr (GHashTable) marks = read_marks (seal);
  gint64 after = seal->first - 1;

  self->rows += g_hash_table_size (marks);
  while (after < seal->last)
    {
      g_autoptr (GPtrArray) rows =
          floe_tx_list_trail (tx, after, seal->last, FLOE_TRAIL_BATCH, error);

      if (rows == NULL)
        return FALSE;
      for (guint i = 0; i < rows->len; i++)
        check_row (self, key, marks, rows->pdata[i], seal->number);
      after =
          rows->len < FLOE_TRAIL_BATCH ? seal->last : ((FloeAudit *)rows->pdata[rows->len - 1])->id;
    }
  find_removed (self, marks, seal->number);
  return TRUE;
}

/* What an older seal was made without may be without a key; what follows one with it may not. */
static const FloeTrailKey *
choose_key (const FloeTrailKey *key, const FloeTrailKey *none, const FloeTrailSeal *seal)
{
  return seal->keyed ? key : none;
}

static gboolean
check_seal (FloeTrailCheck *self, FloeTx *tx, const FloeTrailKey *key, const FloeTrailSeal *before,
            const FloeTrailSeal *seal, GError **error)
{
  g_autofree gchar *right = floe_trail_key_hash (key, seal, before != NULL ? before->hash : NULL);
  gint64 first = before != NULL ? before->last + 1 : 1;

  for (gint64 n = before != NULL ? before->number + 1 : 1;
       n < seal->number && self->findings->len < MAX_FINDINGS; n++)
    find (self, "seal-missing", 0, n);
  if (strcmp (right, seal->hash) != 0 || seal->first != first)
    find (self, "seal-broken", 0, seal->number);
  if (before != NULL && before->keyed && !seal->keyed)
    find (self, "seal-unkeyed", 0, seal->number);
  self->seals++;
  self->keyed += seal->keyed;
  return check_rows (self, tx, key, seal, error);
}

static gboolean
check_expected (FloeTrailCheck *self, FloeTx *tx, const FloeTrailQuestion *question, GError **error)
{
  g_autoptr (GPtrArray) seals = NULL;
  const FloeTrailSeal *seal;

  if (question->expected == NULL)
    return TRUE;
  seals = floe_tx_list_seals (tx, question->expected_number - 1, 1, error);
  if (seals == NULL)
    return FALSE;
  seal = seals->len > 0 ? seals->pdata[0] : NULL;
  if (seal == NULL || seal->number != question->expected_number)
    find (self, "seal-missing", 0, question->expected_number);
  else if (strcmp (seal->hash, question->expected) != 0)
    find (self, "seal-broken", 0, question->expected_number);
  return TRUE;
}

static gboolean
read_tail (FloeTrailCheck *self, FloeTx *tx, GError **error)
{
  return floe_tx_find_last_seal (tx, &self->head, error)
         && floe_tx_count_trail (tx, self->head != NULL ? self->head->last : 0, &self->tail_rows,
                                 &self->tail_first, &self->tail_last, error);
}

/* The seal behind which it goes on: whoever asked has had it looked at. */
static gboolean
find_before (FloeTx *tx, gint64 number, FloeTrailSeal **before, GError **error)
{
  g_autoptr (GPtrArray) seals =
      number > 0 ? floe_tx_list_seals (tx, number - 1, 1, error) : g_ptr_array_new ();

  *before = NULL;
  if (seals == NULL)
    return FALSE;
  if (seals->len > 0 && ((FloeTrailSeal *)seals->pdata[0])->number == number)
    *before = g_ptr_array_steal_index (seals, 0);
  return TRUE;
}

/**
 * floe_trail_check:
 * @question: a #FloeTrailQuestion
 *
 * Looks at some seals and at what is under them.
 *
 * Returns: (transfer full): a #FloeTrailCheck
 */
gpointer
floe_trail_check (FloeTx *tx, gconstpointer question, GError **error)
{
  const FloeTrailQuestion *in = question;
  g_autoptr (FloeTrailCheck) self = g_new0 (FloeTrailCheck, 1);
  g_autoptr (FloeTrailKey) none = floe_trail_key_new (NULL, NULL);
  g_autoptr (FloeTrailSeal) first = NULL;
  g_autoptr (GPtrArray) seals = NULL;
  const FloeTrailSeal *before;

  self->findings = g_ptr_array_new_with_free_func (g_free);
  if (!find_before (tx, in->after, &first, error) || !check_expected (self, tx, in, error))
    return NULL;
  seals = floe_tx_list_seals (tx, in->after, SEALS_AT_ONCE, error);
  before = first;
  for (guint i = 0; seals != NULL && i < seals->len; i++)
    {
      const FloeTrailSeal *seal = seals->pdata[i];

      if (!check_seal (self, tx, choose_key (in->key, none, seal), before, seal, error))
        return NULL;
      before = seal;
    }
  if (seals == NULL || !read_tail (self, tx, error))
    return NULL;
  if (seals->len == SEALS_AT_ONCE)
    self->next = before->number;
  return g_steal_pointer (&self);
}

/* For whoever asks. */

static void
question_free (gpointer data)
{
  FloeTrailQuestion *question = data;

  floe_trail_key_unref (question->key);
  g_free (question->expected);
  g_free (question);
}

/**
 * floe_helpdesk_set_trail_key:
 * @key: what the trail is sealed with
 */
void
floe_helpdesk_set_trail_key (FloeHelpdesk *self, FloeTrailKey *key)
{
  g_clear_pointer (&self->trail_key, floe_trail_key_unref);
  self->trail_key = floe_trail_key_ref (key);
}

/**
 * floe_helpdesk_check_trail_async:
 * @after: see #FloeTrailQuestion
 *
 * Looks whether the trail is as it was sealed: fifty thousand rows, then whoever asked goes on.
 */
void
floe_helpdesk_check_trail_async (FloeHelpdesk *self, gint64 after, gint64 expected_number,
                                 const gchar *expected, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_trail_check_free, cancellable,
                                        callback, user_data);
  FloeTrailQuestion *question = g_new0 (FloeTrailQuestion, 1);

  g_task_set_source_tag (task, floe_helpdesk_check_trail_async);
  question->key = floe_trail_key_ref (self->trail_key);
  question->after = after;
  question->expected = g_strdup (expected);
  question->expected_number = expected_number;
  floe_store_read_async (self->store, floe_trail_check, question, question_free,
                         (GDestroyNotify)floe_trail_check_free, cancellable, floe_helpdesk_answered,
                         task);
}

FloeTrailCheck *
floe_helpdesk_check_trail_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
