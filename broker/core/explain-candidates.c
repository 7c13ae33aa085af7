/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain.h"

#include <string.h>

/* Of all desktops that are no candidates so many are named. */
#define MAX_NAMED 10

/* Why a desktop cannot be lent now, the first reason that holds. */
typedef enum
{
  FREE,
  LENT,
  ABSENT,
  REFUSED,
  MAINTENANCE,
  HOST_LOST,
  DRAINING,
  BUSY,
  BROKEN,
  DIRTY,
  RESTING,
  ELSEWHERE,
  POWER,
  N_WHYS
} Why;

static const struct
{
  const gchar *code;
  const gchar *words;
} whys[] = {
  [FREE] = { "free", "can be lent now" },
  [LENT] = { "lent", "are lent" },
  [ABSENT] = { "not-present", "are not defined at their host" },
  [REFUSED] = { "refused", "are not fit to be lent" },
  [MAINTENANCE] = { "maintenance", "are in maintenance" },
  [HOST_LOST] = { "host-lost", "are on a host that does not answer" },
  [DRAINING] = { "host-draining", "are on a host that is being drained" },
  [BUSY] = { "busy", "have something under way" },
  [BROKEN] = { "broken", "are broken" },
  [DIRTY] = { "dirty", "wait for their reset" },
  [ELSEWHERE] = { "elsewhere", "are on another host than their data" },
  [RESTING] = { "left-alone", "are left alone for a while" },
  [POWER] = { "power", "are in no state to be lent" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (whys) == N_WHYS);

typedef struct
{
  const FloePool *pool;
  GPtrArray *hosts; /* FloeHostNote */
  const gchar *data_host;
  gint64 now;
  guint n[N_WHYS];
  GString *named[N_WHYS];
  guint n_named[N_WHYS];
  guint n_starting;
  guint n_creating;
} Count;

static gboolean
is_draining (const Count *count, const gchar *host)
{
  for (guint i = 0; i < count->hosts->len; i++)
    {
      const FloeHostNote *note = count->hosts->pdata[i];

      if (note->draining && strcmp (note->name, host) == 0)
        return TRUE;
    }
  return FALSE;
}

static Why
why_not (const Count *count, const FloeDesktop *desktop)
{
  const FloeFacts *facts = &desktop->facts;

  if (desktop->lease != NULL)
    return LENT;
  if (!desktop->present && facts->intent == FLOE_INTENT_NONE)
    return ABSENT;
  if (desktop->refusal != NULL)
    return REFUSED;
  if (desktop->maintenance)
    return MAINTENANCE;
  if (facts->power == FLOE_POWER_UNKNOWN)
    return HOST_LOST;
  if (is_draining (count, desktop->host))
    return DRAINING;
  if (facts->intent != FLOE_INTENT_NONE)
    return BUSY;
  if (facts->clean == FLOE_CLEAN_BROKEN && floe_desktop_get_nature (desktop) != FLOE_NATURE_ENGINE)
    return BROKEN;
  if (desktop->engine)
    return FREE; /* as far as is known here */
  if (facts->clean == FLOE_CLEAN_RESETTING
      || (desktop->kind == FLOE_POOL_FLOATING && facts->clean == FLOE_CLEAN_DIRTY))
    return DIRTY;
  if (desktop->not_before > count->now)
    return RESTING;
  if (count->data_host != NULL && strcmp (count->data_host, desktop->host) != 0)
    return ELSEWHERE;
  if (facts->power == FLOE_POWER_ON || facts->power == FLOE_POWER_OFF
      || (facts->power == FLOE_POWER_CRASHED && desktop->kind != FLOE_POOL_FLOATING))
    return FREE;
  return POWER;
}

/* What there is to say of one, beside its reason. */
static gchar *
detail_of (const FloeDesktop *desktop, Why why)
{
  g_autofree gchar *time = NULL;

  switch (why)
    {
    case LENT:
      time = floe_explain_time (desktop->lease->since);
      return g_strdup_printf ("to %s since %s", desktop->lease->holder_name, time);
    case REFUSED:
      return g_strdup (desktop->refusal);
    case ABSENT:
    case HOST_LOST:
    case DRAINING:
    case ELSEWHERE:
      return g_strdup (desktop->host);
    case BUSY:
      time = floe_explain_time (desktop->times[5]);
      return g_strdup_printf ("%s since %s", floe_intent_name (desktop->facts.intent), time);
    case BROKEN:
      return g_strdup (desktop->problem != NULL ? desktop->problem : "nobody knows why");
    case RESTING:
      time = floe_explain_time (desktop->not_before);
      return g_strdup_printf ("until %s", time);
    case POWER:
      return g_strdup (floe_power_name (desktop->facts.power));
    case FREE:
    case DIRTY:
    case MAINTENANCE:
    default:
      return NULL;
    }
}

/* Each reason gets its share of the names. */
static void
count_one (Count *count, const FloeDesktop *desktop)
{
  Why why = why_not (count, desktop);
  g_autofree gchar *detail = detail_of (desktop, why);
  GString *named = count->named[why];

  count->n[why]++;
  count->n_starting += desktop->facts.intent == FLOE_INTENT_START;
  count->n_creating += desktop->facts.intent == FLOE_INTENT_CREATE;
  if (why == FREE || count->n_named[why] == MAX_NAMED)
    return;
  count->n_named[why]++;
  g_string_append_printf (named, "%s%s", named->len > 0 ? "; " : "", desktop->name);
  if (detail != NULL)
    g_string_append_printf (named, " (%s)", detail);
}

static void
tell_counts (FloeExplanation *self, const Count *count)
{
  for (guint why = FREE; why < N_WHYS; why++)
    {
      const gchar *named = count->named[why]->str;
      gboolean more = count->n[why] > count->n_named[why];

      if (why == FREE && floe_pool_is_engine (count->pool))
        continue; /* only the engine knows */
      if (count->n[why] > 0 || why == FREE)
        floe_explanation_add (self,
                              why == FREE && count->n[why] > 0 ? FLOE_MARK_OK
                              : why == FREE                    ? FLOE_MARK_NO
                                                               : FLOE_MARK_INFO,
                              whys[why].code, "%u %s%s%s%s", count->n[why], whys[why].words,
                              *named != '\0' ? ": " : "", named,
                              *named != '\0' && more ? "; and others" : "");
    }
}

/* The keeper of pools. */

static gboolean
explain_keeper (FloeExplanation *self, FloeTx *tx, const Count *count, GError **error)
{
  g_autoptr (FloePoolState) state = floe_tx_get_pool_state (tx, count->pool->name, error);
  g_autofree gchar *until = NULL;

  if (state == NULL)
    return FALSE;
  until = floe_explain_time (state->not_before);
  if (count->n_starting + count->n_creating > 0)
    floe_explanation_add (self, FLOE_MARK_INFO, "on-their-way",
                          "%u are being started and %u are being made", count->n_starting,
                          count->n_creating);
  if (state->not_before > count->now)
    floe_explanation_add (self, FLOE_MARK_NO, "keeper-backs-off",
                          "after %u failures nothing is made or started for spares before %s: %s",
                          state->failures, until,
                          state->problem != NULL ? state->problem : "nobody knows why");
  else if (state->problem != NULL || state->note != NULL)
    floe_explanation_add (self, FLOE_MARK_INFO, "keeper-problem", "the pool's last problem: %s",
                          state->problem != NULL ? state->problem : state->note);
  return TRUE;
}

/**
 * floe_explain_candidates:
 * @data_host: (nullable): the only host whose desktops are any use, because their data is there
 * @n_free: (out): how many could be lent now
 *
 * Tells of the pool's desktops, and of what is done about them.
 */
gboolean
floe_explain_candidates (FloeExplanation *self, FloeTx *tx, const FloePool *pool,
                         const gchar *data_host, gint64 now, guint *n_free, GError **error)
{
  g_autoptr (GPtrArray) hosts = floe_tx_list_hosts (tx, error);
  g_autoptr (GPtrArray) desktops =
      hosts != NULL ? floe_tx_list_desktops_of_pool (tx, pool->name, error) : NULL;
  Count count = { .pool = pool, .hosts = hosts, .data_host = data_host, .now = now };
  gboolean done;

  if (desktops == NULL)
    return FALSE;
  for (guint why = FREE; why < N_WHYS; why++)
    count.named[why] = g_string_new (NULL);
  for (guint i = 0; i < desktops->len; i++)
    count_one (&count, desktops->pdata[i]);
  *n_free = count.n[FREE];
  tell_counts (self, &count);
  done = explain_keeper (self, tx, &count, error);
  for (guint why = FREE; why < N_WHYS; why++)
    g_string_free (count.named[why], TRUE);
  return done;
}
