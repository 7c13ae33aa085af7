/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool-pass.h"

#include <string.h>

#include "core/error.h"
#include "core/foreign-names.h"
#include "core/made.h"
#include "core/stuck.h"

/* An image whose way was begun is not sent again before this, unless its outcome is known. */
#define CARRY_AGAIN (30 * 60 * (gint64)G_USEC_PER_SEC)

FloePassInput *
floe_pass_input_new (const gchar *pool, gint64 now)
{
  FloePassInput *self = g_new0 (FloePassInput, 1);

  self->pool = g_strdup (pool);
  self->now = now;
  self->steps = g_array_new (FALSE, FALSE, sizeof (FloeStep));
  self->names = g_string_chunk_new (256);
  self->late = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * floe_pass_input_add:
 * @step: copied with its names
 */
void
floe_pass_input_add (FloePassInput *self, const FloeStep *step)
{
  FloeStep copy = *step;

  if (copy.host != NULL)
    copy.host = g_string_chunk_insert_const (self->names, copy.host);
  if (copy.target != NULL)
    copy.target = g_string_chunk_insert_const (self->names, copy.target);
  g_array_append_val (self->steps, copy);
}

void
floe_pass_input_free (FloePassInput *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  g_array_unref (self->steps);
  g_string_chunk_free (self->names);
  g_ptr_array_unref (self->late);
  g_free (self->note);
  g_clear_pointer (&self->foreign, g_hash_table_unref);
  g_free (self);
}

/* Recording. */

typedef struct
{
  FloeTx *tx;
  const FloePassInput *in;
  const FloePool *pool;
  GPtrArray *changes; /* FloeChange */
  guint number;       /* the last one that was given */
} Record;

/* A version 8 UUID (RFC 9562) of pool, number and time: the same input makes the same desktop, so
 * that a transaction that is run again, and a simulated year, are repeatable. */
static gchar *
make_id (const gchar *pool, guint number, gint64 now)
{
  g_autofree gchar *seed = g_strdup_printf ("%s/%u/%" G_GINT64_FORMAT, pool, number, now);
  g_autofree gchar *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);

  sum[12] = '8';
  sum[16] = "89ab"[g_ascii_xdigit_value (sum[16]) & 3];
  return g_strdup_printf ("%.8s-%.4s-%.4s-%.4s-%.12s", sum, sum + 8, sum + 12, sum + 16, sum + 20);
}

static gboolean
put_audit (Record *record, const gchar *action, const gchar *object, const gchar *outcome,
           const gchar *detail, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (record->in->now, action, object, outcome);

  row->detail = g_strdup (detail);
  return floe_tx_put_audit (record->tx, row, error);
}

static gchar *
make_name (const Record *record)
{
  return g_strdup_printf ("%s-%03u", record->pool->template->prefix, record->number);
}

static FloeDesktop *
new_desktop (const Record *record, const FloeStep *step, const FloeRevision *revision)
{
  const FloeTemplate *template = record->pool->template;
  g_autofree gchar *name = make_name (record);
  g_autofree gchar *id = make_id (record->pool->name, record->number, record->in->now);
  FloeDesktop *desktop = floe_desktop_new (id, name, record->pool->name);

  desktop->kind = record->pool->kind;
  desktop->host = g_strdup (step->host);
  desktop->made = TRUE;
  desktop->present = TRUE;
  desktop->has_agent = TRUE; /* until its host tells: nobody takes it for ready before that */
  desktop->prepared = template->personality == FLOE_PERSONALITY_NONE;
  desktop->number = record->number;
  desktop->revision = revision->number;
  desktop->memory_mib = revision->memory_mib;
  desktop->facts.power = FLOE_POWER_OFF;
  desktop->facts.clean = FLOE_CLEAN_DIRTY;
  desktop->facts.intent = FLOE_INTENT_CREATE;
  desktop->intent_by = g_strdup ("broker");
  for (guint i = 0; i < FLOE_N_FACTS; i++)
    desktop->times[i] = record->in->now;
  return desktop;
}

/* The next number whose name nobody has, in this pool or on this host. */
static gboolean
find_number (Record *record, const gchar *host, GError **error)
{
  gboolean taken = TRUE;

  while (taken)
    {
      g_autofree gchar *name = NULL;

      if (!floe_tx_find_free_number (record->tx, record->pool->name, record->number,
                                     &record->number, error))
        return FALSE;
      name = make_name (record);
      taken = floe_foreign_names_has (record->in->foreign, host, name);
    }
  return TRUE;
}

static gboolean
create_one (Record *record, const FloeStep *step, const FloeRevision *revision, GError **error)
{
  FloeChange *change;

  if (!find_number (record, step->host, error))
    return FALSE;
  change = floe_change_new (new_desktop (record, step, revision));
  g_ptr_array_add (record->changes, change);
  change->actions = FLOE_ACTION_CREATE;
  return floe_change_save (change, record->tx, error)
         && put_audit (record, "create", change->desktop->name, "intent", NULL, error);
}

/* Before the first clone there is nothing that would have to be told from another house's. */
static gboolean
name_installation (Record *record, GError **error)
{
  g_autofree gchar *id = NULL;
  g_autofree gchar *fresh = NULL;

  if (!floe_tx_get_installation (record->tx, &id, error))
    return FALSE;
  fresh = g_uuid_string_random ();
  return id != NULL || floe_tx_put_installation (record->tx, fresh, error);
}

static gboolean
create (Record *record, const FloeStep *step, GError **error)
{
  g_autoptr (FloeRevision) revision = NULL;

  if (record->pool->template == NULL)
    return TRUE;
  revision = floe_tx_get_revision (record->tx, record->pool->name, step->revision, error);
  if (revision == NULL || !name_installation (record, error))
    return FALSE;
  for (guint i = 0; i < step->n; i++)
    if (!create_one (record, step, revision, error))
      return FALSE;
  return TRUE;
}

static const struct
{
  FloeStepKind kind;
  FloeEvent event;
  guint powers;
  guint leases;
} picks[] = {
  { FLOE_STEP_START, FLOE_EVENT_START_DUE, 1u << FLOE_POWER_OFF | 1u << FLOE_POWER_CRASHED,
    1u << FLOE_LEASE_NONE },
  { FLOE_STEP_STOP, FLOE_EVENT_STOP_DUE, 1u << FLOE_POWER_ON, 1u << FLOE_LEASE_NONE },
  { FLOE_STEP_REMOVE, FLOE_EVENT_REMOVE_DUE, 1u << FLOE_POWER_OFF | 1u << FLOE_POWER_CRASHED,
    1u << FLOE_LEASE_NONE },
  { FLOE_STEP_MOVE, FLOE_EVENT_MOVE_DUE, 1u << FLOE_POWER_OFF, 0 },
};

static guint
cleans_for (const Record *record, FloeStepKind kind)
{
  guint sound = 1u << FLOE_CLEAN_CLEAN;

  if (kind == FLOE_STEP_REMOVE)
    return 0;
  return record->pool->kind == FLOE_POOL_FLOATING ? sound : sound | 1u << FLOE_CLEAN_DIRTY;
}

/* Runs @event on up to @left desktops that fit; one that does not fit any more is left alone. */
static gboolean
pick_some (Record *record, const FloeStep *step, FloeEvent event, FloeDesktopFilter *filter,
           guint *left, GError **error)
{
  const FloeCause cause = { .now = record->in->now };
  g_autoptr (GPtrArray) list = NULL;

  filter->limit = *left;
  list = *left > 0 ? floe_tx_list_desktops (record->tx, filter, error) : g_ptr_array_new ();
  while (list != NULL && list->len > 0)
    {
      FloeChange *change = floe_change_new (g_ptr_array_steal_index (list, 0));

      g_ptr_array_add (record->changes, change);
      if (event == FLOE_EVENT_MOVE_DUE)
        {
          g_free (change->desktop->target);
          change->desktop->target = g_strdup (step->target);
        }
      if (!floe_change_event (change, record->tx, event, &cause, error)
          || !floe_change_save (change, record->tx, error))
        return FALSE;
      (*left)--;
    }
  return list != NULL;
}

static gboolean
pick (Record *record, const FloeStep *step, guint i, GError **error)
{
  FloeDesktopFilter filter = { .pool = record->pool->name,
                               .host = step->host,
                               .powers = picks[i].powers,
                               .cleans = cleans_for (record, step->kind),
                               .intents = 1u << FLOE_INTENT_NONE,
                               .leases = picks[i].leases,
                               .made = step->kind == FLOE_STEP_REMOVE,
                               .usable = step->kind != FLOE_STEP_REMOVE,
                               .not_revision = step->not_revision,
                               .now = step->kind == FLOE_STEP_START ? record->in->now : 0 };
  guint left = step->n;

  if (!pick_some (record, step, picks[i].event, &filter, &left, error))
    return FALSE;
  filter.powers = 1u << FLOE_POWER_ON;
  return !step->running || pick_some (record, step, picks[i].event, &filter, &left, error);
}

/* Revisions. */

static gboolean
set_state (Record *record, guint number, FloeRevisionState to, const gchar *action, GError **error)
{
  g_autoptr (FloeRevision) revision =
      floe_tx_get_revision (record->tx, record->pool->name, number, error);
  g_autofree gchar *detail = g_strdup_printf ("revision %u", number);

  if (revision == NULL)
    return FALSE;
  revision->state = to;
  revision->since = record->in->now;
  return floe_tx_put_revision (record->tx, revision, error)
         && put_audit (record, action, record->pool->name, "done", detail, error);
}

static gboolean
promote (Record *record, guint number, GError **error)
{
  g_autoptr (GPtrArray) revisions = floe_tx_list_revisions (record->tx, record->pool->name, error);

  for (guint i = 0; revisions != NULL && i < revisions->len; i++)
    {
      const FloeRevision *one = revisions->pdata[i];

      if (one->state == FLOE_REVISION_CURRENT
          && !set_state (record, one->number, FLOE_REVISION_OLD, "revision-old", error))
        return FALSE;
    }
  return revisions != NULL
         && set_state (record, number, FLOE_REVISION_CURRENT, "revision-current", error);
}

static gboolean
is_begun (Record *record, guint number, gboolean *begun, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeRevision) revision =
      floe_tx_get_revision (record->tx, record->pool->name, number, &local_error);

  *begun = revision != NULL;
  if (revision != NULL || g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
begin_revision (Record *record, guint number, GError **error)
{
  g_autoptr (FloePoolState) state = floe_tx_get_pool_state (record->tx, record->pool->name, error);
  g_autoptr (FloeRevision) revision = floe_revision_new (record->pool->name, number);
  g_autofree gchar *detail = g_strdup_printf ("revision %u", number);
  gboolean begun;

  if (state == NULL || !is_begun (record, number, &begun, error))
    return FALSE;
  if (begun)
    return TRUE; /* its job goes on, or begins again after a crash */
  state->renew = FALSE;
  revision->state = FLOE_REVISION_MAKING;
  revision->since = record->in->now;
  return floe_tx_put_pool_state (record->tx, state, error)
         && floe_tx_put_revision (record->tx, revision, error)
         && put_audit (record, "revision-make", record->pool->name, "intent", detail, error);
}

static gboolean
begin_carry (Record *record, const FloeStep *step, GError **error)
{
  g_autoptr (FloeImage) image = floe_image_new (record->pool->name, step->revision, step->target);

  image->not_before = record->in->now + CARRY_AGAIN;
  return floe_tx_put_image (record->tx, image, error);
}

static gboolean
take_step (Record *record, const FloeStep *step, GError **error)
{
  switch (step->kind)
    {
    case FLOE_STEP_CREATE:
      return create (record, step, error);
    case FLOE_STEP_PUBLISH:
      return begin_revision (record, step->revision, error);
    case FLOE_STEP_CARRY:
      return begin_carry (record, step, error);
    case FLOE_STEP_PROMOTE:
      return promote (record, step->revision, error);
    case FLOE_STEP_FAIL:
      return set_state (record, step->revision, FLOE_REVISION_FAILED, "revision-failed", error)
             && floe_made_forget_failures (record->tx, record->pool->name, error);
    case FLOE_STEP_FORGET:
      return TRUE; /* when its images are gone */
    default:
      for (guint i = 0; i < G_N_ELEMENTS (picks); i++)
        if (picks[i].kind == step->kind)
          return pick (record, step, i, error);
      return TRUE;
    }
}

/* It is looked at once more: it may have become ready meanwhile, and somebody may be in it. */
static gboolean
fail_late (Record *record, const gchar *id, GError **error)
{
  g_autofree gchar *problem =
      g_strdup_printf ("its guest was not ready after %u s", record->pool->ready_seconds);
  const FloeCause cause = { .now = record->in->now, .problem = problem };
  g_autoptr (GError) local_error = NULL;
  FloeDesktop *desktop = floe_tx_get_desktop (record->tx, id, &local_error);
  FloeChange *change;

  if (desktop == NULL && g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return TRUE;
  if (desktop == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  change = floe_change_new (desktop);
  g_ptr_array_add (record->changes, change);
  if (!floe_made_is_late (desktop, record->pool, desktop->revision == record->in->canary,
                          record->in->now))
    return TRUE;
  return floe_made_give_up (change, record->tx, &cause, error)
         && floe_change_save (change, record->tx, error);
}

static gboolean
put_note (Record *record, GError **error)
{
  g_autoptr (FloePoolState) state = floe_tx_get_pool_state (record->tx, record->pool->name, error);

  if (state == NULL)
    return FALSE;
  if (g_strcmp0 (state->note, record->in->note) == 0)
    return TRUE;
  g_free (state->note);
  state->note = g_strdup (record->in->note);
  return floe_tx_put_pool_state (record->tx, state, error);
}

/**
 * floe_pass_record:
 * @input: a #FloePassInput
 *
 * Records what is about to be done: rows of desktops that are to be made, intents of those that are
 * to be started, stopped, moved or removed, revisions.
 *
 * Returns: (transfer full) (element-type FloeChange): what the keeper must handle; or %NULL
 */
gpointer
floe_pass_record (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloePassInput *in = input;
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, in->pool, error);
  Record record = { .tx = tx, .in = in, .pool = pool, .changes = changes };

  if (pool == NULL || !put_note (&record, error))
    return NULL;
  for (guint i = 0; i < in->late->len; i++)
    if (!fail_late (&record, in->late->pdata[i], error))
      return NULL;
  for (guint i = 0; i < in->steps->len; i++)
    if (!take_step (&record, &g_array_index (in->steps, FloeStep, i), error))
      return NULL;
  return g_steal_pointer (&changes);
}
