/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain.h"

#include <string.h>

#include "core/claim.h"
#include "core/date.h"
#include "core/error.h"
#include "core/seat.h"
#include "core/service.h"

#define MAX_PLACES 100000

const gchar *
floe_mark_name (FloeMark mark)
{
  static const gchar *const names[] = { "ok", "no", "info" };

  return names[mark];
}

static void
step_free (gpointer data)
{
  FloeExplanationStep *step = data;

  g_free (step->code);
  g_free (step->text);
  g_free (step);
}

void
floe_explanation_free (FloeExplanation *self)
{
  if (self == NULL)
    return;
  g_free (self->user);
  g_free (self->pool);
  g_ptr_array_unref (self->steps);
  g_free (self->conclusion);
  g_free (self);
}

void
floe_explanation_add (FloeExplanation *self, FloeMark mark, const gchar *code, const gchar *format,
                      ...)
{
  FloeExplanationStep *step = g_new0 (FloeExplanationStep, 1);
  va_list args;

  step->mark = mark;
  step->code = g_strdup (code);
  va_start (args, format);
  step->text = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->steps, step);
}

/**
 * floe_explain_time:
 * @at: a time
 *
 * Returns: (transfer full): its date in UTC, to the second
 */
gchar *
floe_explain_time (gint64 at)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (floe_date_of (at) / G_USEC_PER_SEC);

  return time != NULL ? g_date_time_format (time, "%F %T UTC") : g_strdup ("an unknown time");
}

static void conclude (FloeExplanation *self, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static void
conclude (FloeExplanation *self, const gchar *format, ...)
{
  va_list args;

  if (self->conclusion != NULL)
    return;
  va_start (args, format);
  self->conclusion = g_strdup_vprintf (format, args);
  va_end (args);
}

static gchar *
join (GStrv names)
{
  return names[0] != NULL ? g_strjoinv (", ", names) : g_strdup ("none");
}

/* The person. */

static gboolean
explain_user (FloeExplanation *self, FloeTx *tx, FloeUser **user, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree gchar *when = NULL;
  g_autofree gchar *groups = NULL;
  gint64 seen;

  *user = floe_tx_find_user (tx, self->user, &seen, &local_error);
  if (*user == NULL && !g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (*user == NULL)
    {
      floe_explanation_add (self, FLOE_MARK_NO, "user-unknown",
                            "nobody of the name or id %s has logged in here yet", self->user);
      conclude (self, "Nobody is known here as %s: they must log in once.", self->user);
      return TRUE;
    }
  g_free (self->user);
  self->user = g_strdup ((*user)->name);
  when = floe_explain_time (seen);
  groups = join ((*user)->groups);
  floe_explanation_add (self, FLOE_MARK_OK, "user-known", "%s was last seen about %s",
                        (*user)->name, when);
  floe_explanation_add (self, FLOE_MARK_INFO, "groups", "groups, as the directory last told: %s",
                        groups);
  return TRUE;
}

/* Where they sit is not known here: what depends on it is told. */

static gboolean
explain_terminal_groups (FloeExplanation *self, const FloePool *pool)
{
  gboolean any = FALSE;

  for (guint i = 0; pool->groups[i] != NULL; i++)
    {
      if (!g_str_has_prefix (pool->groups[i], FLOE_TERMINAL_GROUPS))
        continue;
      floe_explanation_add (self, FLOE_MARK_INFO, "entitled-terminals",
                            "whoever is at a terminal of group %s is entitled",
                            pool->groups[i] + strlen (FLOE_TERMINAL_GROUPS));
      any = TRUE;
    }
  return any;
}

/* A terminal is where it is, but for its network. */
static FloeSeat *
find_seat (FloeTx *tx, const FloeUser *user, GError **error)
{
  g_autoptr (FloeSeat) seat = g_new0 (FloeSeat, 1);
  g_autoptr (GError) why = NULL;

  if (user == NULL || !floe_user_is_terminal (user))
    return g_steal_pointer (&seat);
  seat->terminal = floe_tx_get_terminal (tx, user->id + strlen (FLOE_TERMINAL_USER), &why);
  if (seat->terminal != NULL || g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return g_steal_pointer (&seat);
  g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

static void
explain_from (FloeExplanation *self, const FloePool *pool, const FloeSeat *seat)
{
  g_autofree gchar *terminals = join (pool->from_terminals);
  g_autofree gchar *groups = join (pool->from_terminal_groups);
  g_autofree gchar *networks = join (pool->from_networks);

  if (!floe_pool_is_bound (pool))
    return;
  if (seat->terminal != NULL && floe_seat_opens (seat, pool))
    floe_explanation_add (self, FLOE_MARK_OK, "from", "its desktops are opened from terminal %s",
                          seat->terminal->name);
  else
    floe_explanation_add (self, FLOE_MARK_INFO, "from",
                          "its desktops are opened only from these terminals: %s; terminal groups: "
                          "%s; networks: %s",
                          terminals, groups, networks);
}

/* Entitlement. */

static void
tell_rules (FloeExplanation *self, const FloePool *pool)
{
  g_autofree gchar *groups = join (pool->groups);
  g_autofree gchar *users = join (pool->users);

  if (pool->groups[0] == NULL && pool->users[0] == NULL)
    floe_explanation_add (self, FLOE_MARK_NO, "not-entitled", "nobody is entitled to pool %s",
                          pool->name);
  else
    floe_explanation_add (self, FLOE_MARK_NO, "not-entitled",
                          "none of the pool's entries is about %s; groups: %s; users: %s",
                          self->user, groups, users);
}

/* A name that was found to be a group's stands for that one, whatever is called so today. */
static gboolean
explain_group (FloeExplanation *self, const FloePool *pool, const gchar *group,
               const FloeUser *here)
{
  const gchar *bound = floe_pool_get_bound (pool, group);
  gboolean is_in = floe_user_in_group (here, floe_pool_get_key (pool, group));

  if (is_in && bound != NULL)
    floe_explanation_add (self, FLOE_MARK_OK, "entitled-group", "entitled by group: %s (%s)", group,
                          bound);
  else if (is_in)
    floe_explanation_add (self, FLOE_MARK_OK, "entitled-group", "entitled by group: %s", group);
  else if (floe_user_in_group (here, group))
    floe_explanation_add (
        self, FLOE_MARK_NO, "another-group",
        "they are in a group %s that is not the one the pool was given to, which is "
        "%s: to give it to this one, take %s out of the pool and put it in again",
        group, bound, group);
  return is_in;
}

static gboolean
explain_entitlement (FloeExplanation *self, const FloePool *pool, const FloeSeat *seat,
                     const FloeUser *user)
{
  g_autoptr (FloeUser) here = floe_seat_fill (seat, user);
  g_autofree gchar *name = g_utf8_casefold (user->name, -1);
  gboolean somewhere = explain_terminal_groups (self, pool);
  gboolean entitled = FALSE;

  for (guint i = 0; pool->users[i] != NULL; i++)
    {
      g_autofree gchar *folded = g_utf8_casefold (pool->users[i], -1);

      if (strcmp (folded, name) != 0)
        continue;
      floe_explanation_add (self, FLOE_MARK_OK, "entitled-user", "entitled by name: %s",
                            pool->users[i]);
      entitled = TRUE;
    }
  for (guint i = 0; pool->groups[i] != NULL; i++)
    {
      entitled |= explain_group (self, pool, pool->groups[i], here);
    }
  if (entitled)
    return TRUE;
  if (somewhere)
    {
      conclude (self, "%s gets a desktop of pool %s only at a terminal of the groups it names.",
                self->user, pool->name);
      return FALSE;
    }
  tell_rules (self, pool);
  conclude (self, "%s gets no desktop of pool %s: they are not entitled to it.", self->user,
            pool->name);
  return FALSE;
}

/* The pool. */

static void
explain_engine (FloeExplanation *self, const FloePool *pool)
{
  static const gchar *const asked_by[] = {
    [FLOE_ASSIGN_SERVICE] = "by the broker's own account, which all of them are given to there",
    [FLOE_ASSIGN_ON_BEHALF] = "by the broker in the person's name, whose they are there, too",
    [FLOE_ASSIGN_USER] = "by the person, whom the broker has logged in there",
  };

  floe_explanation_add (self, FLOE_MARK_INFO, "engine",
                        "engine %s decides which desktop of its pool \"%s\" somebody gets, and "
                        "whether there is one; it is asked %s",
                        pool->manager, pool->engine_pool, asked_by[pool->assign]);
}

static gboolean
explain_end (FloeExplanation *self, FloeTx *tx, const FloePool *pool, GError **error)
{
  g_autoptr (FloeMaintenance) found = NULL;
  g_autofree gchar *ends = NULL;

  if (!floe_tx_find_maintenance (tx, NULL, pool->name, &found, error))
    return FALSE;
  if (found == NULL)
    return TRUE;
  ends = floe_explain_time (found->ends);
  floe_explanation_add (self, FLOE_MARK_NO, "pool-maintenance",
                        "the pool is in maintenance, by %s: sessions end at %s",
                        found->by != NULL ? found->by : "nobody knows whom", ends);
  return TRUE;
}

static void
explain_pool (FloeExplanation *self, const FloePool *pool)
{
  if (floe_pool_is_engine (pool))
    explain_engine (self, pool);
  if (pool->closed)
    floe_explanation_add (self, FLOE_MARK_NO, "pool-closed", "the pool is closed%s%s",
                          pool->message != NULL ? ": " : "",
                          pool->message != NULL ? pool->message : "");
  else
    floe_explanation_add (self, FLOE_MARK_OK, "pool-open", "the pool is open");
  if (pool->kind == FLOE_POOL_STATIC)
    floe_explanation_add (self, FLOE_MARK_INFO, "static",
                          "the pool is static: an administrator assigns its desktops");
}

/* Returns: %FALSE only with an error */
static gboolean
explain_lost_engine (FloeExplanation *self, FloeTx *tx, const FloePool *pool, GError **error)
{
  g_autoptr (GPtrArray) hosts = floe_pool_is_engine (pool) ? floe_tx_list_hosts (tx, error) : NULL;

  if (!floe_pool_is_engine (pool))
    return TRUE;
  for (guint i = 0; hosts != NULL && i < hosts->len; i++)
    {
      const FloeHostNote *note = hosts->pdata[i];
      g_autofree gchar *since = floe_explain_time (note->lost_since);

      if (strcmp (note->name, pool->manager) != 0 || note->lost_since == 0)
        continue;
      floe_explanation_add (self, FLOE_MARK_NO, "engine-lost",
                            "engine %s has not answered since %s", pool->manager, since);
      conclude (self, "%s gets no desktop of pool %s while engine %s does not answer.", self->user,
                pool->name, pool->manager);
    }
  return hosts != NULL;
}

/* Their own desktops. */

static void
explain_held_one (FloeExplanation *self, const FloeDesktop *desktop)
{
  g_autofree gchar *since = floe_explain_time (desktop->lease->since);

  floe_explanation_add (self, desktop->present ? FLOE_MARK_OK : FLOE_MARK_NO, "held",
                        "has %s on host %s as number %u since %s; it is %s%s%s", desktop->name,
                        desktop->host, desktop->lease->slot, since,
                        desktop->present ? floe_desktop_state_name (desktop)
                                         : "not defined at its host any more",
                        desktop->problem != NULL ? "; its last problem: " : "",
                        desktop->problem != NULL ? desktop->problem : "");
}

/* It is theirs, and yet its display may not open. */
static void
explain_refusal (FloeExplanation *self, const FloeDesktop *desktop)
{
  if (desktop->refusal != NULL)
    floe_explanation_add (self, FLOE_MARK_NO, "held-refused", "%s is not fit to be lent: %s",
                          desktop->name, desktop->refusal);
}

/* It is theirs, and they have to leave it, or may not come back to it. */
static gboolean
explain_maintenance (FloeExplanation *self, FloeTx *tx, const FloePool *pool,
                     const FloeDesktop *desktop, gint64 now, GError **error)
{
  g_autoptr (FloeMaintenance) found = NULL;
  g_autoptr (GError) closed = NULL;
  g_autofree gchar *ends = NULL;
  const gchar *message;

  if (!floe_service_find_maintenance (tx, desktop, &found, error))
    return FALSE;
  if (found == NULL)
    return TRUE;
  ends = floe_explain_time (found->ends);
  message = found->message != NULL ? found->message : "without a message";
  floe_explanation_add (self, FLOE_MARK_NO, "held-maintenance",
                        "%s, its pool or its host is in maintenance (%s, %s); %s%s", desktop->name,
                        found->by != NULL ? found->by : "nobody knows by whom", message,
                        found->ends == 0                        ? "sessions are not ended"
                        : floe_maintenance_is_over (found, now) ? "sessions were ended at "
                                                                : "sessions are ended at ",
                        found->ends != 0 ? ends : "");
  if (floe_service_check (tx, pool, desktop, now, &closed))
    return TRUE;
  if (g_strcmp0 (floe_error_reason (closed), "maintenance") != 0)
    {
      g_propagate_error (error, g_steal_pointer (&closed));
      return FALSE;
    }
  conclude (self, "%s gets no desktop of pool %s until the maintenance of %s ends.", self->user,
            self->pool, desktop->name);
  return TRUE;
}

static gboolean
explain_held (FloeExplanation *self, FloeTx *tx, const FloePool *pool, const FloeUser *user,
              gint64 now, guint *n_held, GError **error)
{
  g_autoptr (GPtrArray) held = floe_claim_list_held (tx, pool, user->id, error);

  if (held == NULL)
    return FALSE;
  *n_held = held->len;
  for (guint i = 0; i < held->len; i++)
    {
      explain_held_one (self, held->pdata[i]);
      explain_refusal (self, held->pdata[i]);
      if (!explain_maintenance (self, tx, pool, held->pdata[i], now, error))
        return FALSE;
    }
  if (held->len > 0)
    conclude (self, "%s gets back the desktop that they have: %s.", self->user,
              ((FloeDesktop *)held->pdata[0])->name);
  floe_explanation_add (self, FLOE_MARK_INFO, "slots", "has %u of the %u that a user may have",
                        held->len, MAX (pool->per_user, 1));
  return TRUE;
}

/* Their data. */

static gboolean
explain_data (FloeExplanation *self, FloeTx *tx, const FloePool *pool, const FloeUser *user,
              gchar **data_host, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeDataDisk) disk = NULL;

  if (!floe_pool_binds_data (pool))
    return TRUE;
  disk = floe_tx_get_disk (tx, pool->name, user->id, &local_error);
  if (disk == NULL && !g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (disk == NULL || !disk->made || disk->host == NULL)
    return TRUE;
  *data_host = g_strdup (disk->host);
  floe_explanation_add (self, FLOE_MARK_INFO, "data-host",
                        "their data disk is on host %s, whose storage is not shared: only its "
                        "desktops are candidates",
                        disk->host);
  return TRUE;
}

/* The line. */

static gboolean
explain_line (FloeExplanation *self, FloeTx *tx, const FloePool *pool, const FloeUser *user,
              guint *n_waiting, GError **error)
{
  g_autoptr (GPtrArray) waits = floe_tx_list_waits (tx, pool->name, MAX_PLACES, error);

  if (waits == NULL)
    return FALSE;
  *n_waiting = waits->len;
  floe_explanation_add (self, FLOE_MARK_INFO, "line", "%u wait in the pool's line", waits->len);
  for (guint i = 0; i < waits->len; i++)
    {
      const FloeWait *wait = waits->pdata[i];
      g_autofree gchar *since = floe_explain_time (wait->since);
      g_autofree gchar *seen = floe_explain_time (wait->seen);

      if (strcmp (wait->user_id, user->id) == 0)
        floe_explanation_add (self, FLOE_MARK_INFO, "place",
                              "is number %u in line since %s; last heard of %s", i + 1, since,
                              seen);
    }
  return TRUE;
}

/* The end. */

static void
conclude_free (FloeExplanation *self, const FloePool *pool, const gchar *data_host, guint n_free,
               guint n_waiting)
{
  if (pool->closed)
    conclude (self, "%s gets no desktop of pool %s: it is closed.", self->user, pool->name);
  else if (pool->kind == FLOE_POOL_STATIC)
    conclude (self, "%s gets no desktop of pool %s before an administrator assigns them one.",
              self->user, pool->name);
  else if (floe_pool_is_engine (pool))
    conclude (self, "%s gets a desktop of pool %s if engine %s has one left for them.", self->user,
              pool->name, pool->manager);
  else if (n_free == 0 && data_host != NULL)
    conclude (self,
              "%s waits in the line of pool %s: their data is on host %s, and no desktop there is "
              "free.",
              self->user, pool->name, data_host);
  else if (n_free == 0)
    conclude (self, "%s waits in the line of pool %s: no desktop of it is free.", self->user,
              pool->name);
  else if (n_waiting > 0)
    conclude (self, "%s gets a desktop of pool %s when those before them in line have theirs.",
              self->user, pool->name);
  else
    conclude (self, "%s gets a free desktop of pool %s.", self->user, pool->name);
}

/**
 * floe_explain:
 * @input: a #FloeExplainInput
 * @error: %FLOE_ERROR_NOT_FOUND when there is no such pool, or a store's error
 *
 * Goes the way that a connect goes, and tells at each step what it finds, without doing anything.
 *
 * Returns: (transfer full): a #FloeExplanation
 */
gpointer
floe_explain (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeExplainInput *in = input;
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, in->pool, error);
  g_autoptr (FloeExplanation) self = NULL;
  g_autoptr (FloeUser) user = NULL;
  g_autofree gchar *data_host = NULL;
  g_autoptr (FloeSeat) seat = NULL;
  guint n_held = 0, n_waiting = 0, n_free = 0;

  if (pool == NULL)
    return NULL;
  self = g_new0 (FloeExplanation, 1);
  self->user = g_strdup (in->user);
  self->pool = g_strdup (pool->name);
  self->steps = g_ptr_array_new_with_free_func (step_free);
  if (!explain_user (self, tx, &user, error) || (seat = find_seat (tx, user, error)) == NULL)
    return NULL;
  if (user != NULL)
    explain_entitlement (self, pool, seat, user);
  explain_from (self, pool, seat);
  explain_pool (self, pool);
  if (!explain_end (self, tx, pool, error))
    return NULL;
  if (user != NULL
      && (!explain_held (self, tx, pool, user, in->now, &n_held, error)
          || !explain_data (self, tx, pool, user, &data_host, error)
          || !explain_line (self, tx, pool, user, &n_waiting, error)))
    return NULL;
  if (!floe_explain_candidates (self, tx, pool, data_host, in->now, &n_free, error)
      || (!pool->closed && !explain_lost_engine (self, tx, pool, error)))
    return NULL;
  conclude_free (self, pool, data_host, n_free, n_waiting);
  return g_steal_pointer (&self);
}
