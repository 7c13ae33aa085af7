/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/pool-schedule.h"
#include "core/pool.h"
#include "core/tag.h"

/* What people are told of a change, and what the audit trail keeps of it. */

static void add (GStrvBuilder *out, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static void
add (GStrvBuilder *out, const gchar *format, ...)
{
  g_autofree gchar *line = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  g_strv_builder_add (out, line);
}

static void
diff_text (GStrvBuilder *out, const gchar *key, const gchar *before, const gchar *after)
{
  if (g_strcmp0 (before, after) != 0)
    add (out, "%s: %s -> %s", key, before != NULL ? before : "(none)",
         after != NULL ? after : "(none)");
}

static void
diff_number (GStrvBuilder *out, const gchar *key, guint before, guint after)
{
  if (before != after)
    add (out, "%s: %u -> %u", key, before, after);
}

static void
diff_flag (GStrvBuilder *out, const gchar *key, gboolean before, gboolean after)
{
  diff_text (out, key, before ? "yes" : "no", after ? "yes" : "no");
}

static void
diff_act (GStrvBuilder *out, const gchar *key, FloePoolAct before, FloePoolAct after)
{
  diff_text (out, key, floe_pool_act_name (before), floe_pool_act_name (after));
}

/* A script may be long, and is nothing to be read in an audit trail. */
static void
diff_script (GStrvBuilder *out, const gchar *key, const gchar *before, const gchar *after)
{
  if (g_strcmp0 (before, after) == 0)
    return;
  if (after == NULL)
    add (out, "%s: removed", key);
  else
    add (out, "%s: %s, %" G_GSIZE_FORMAT " bytes", key, before == NULL ? "new" : "changed",
         strlen (after));
}

static void
diff_set (GStrvBuilder *out, const gchar *key, GStrv before, GStrv after)
{
  for (guint i = 0; after[i] != NULL; i++)
    if (!g_strv_contains ((const gchar *const *)before, after[i]))
      add (out, "%s: + %s", key, after[i]);
  for (guint i = 0; before[i] != NULL; i++)
    if (!g_strv_contains ((const gchar *const *)after, before[i]))
      add (out, "%s: - %s", key, before[i]);
}

static GStrv
describe_windows (const GArray *windows)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; i < windows->len; i++)
    {
      g_autofree gchar *line =
          floe_spare_window_describe (&g_array_index (windows, FloeSpareWindow, i));

      g_strv_builder_add (list, line);
    }
  return g_strv_builder_end (list);
}

/* Windows do not contradict each other, so that their order means nothing. */
static void
diff_windows (GStrvBuilder *out, const GArray *before, const GArray *after)
{
  g_auto (GStrv) old = describe_windows (before);
  g_auto (GStrv) new = describe_windows (after);

  diff_set (out, "schedule", old, new);
}

static void
diff_template (GStrvBuilder *out, const FloeTemplate *before, const FloeTemplate *after)
{
  g_autoptr (FloeTemplate) none = floe_template_new (NULL, NULL, NULL);

  if (after == NULL && before != NULL)
    add (out, "template: %s -> (none)", before->domain);
  if (after == NULL)
    return;
  if (before == NULL)
    before = none;
  diff_text (out, "template.domain", before->domain, after->domain);
  diff_text (out, "template.storage", before->storage, after->storage);
  diff_flag (out, "template.shared", before->shared, after->shared);
  diff_text (out, "template.prefix", before->prefix, after->prefix);
  diff_number (out, "template.minimum", before->minimum, after->minimum);
  diff_number (out, "template.maximum", before->maximum, after->maximum);
  diff_number (out, "template.canary_percent", before->canary_percent, after->canary_percent);
  diff_text (out, "template.personality", floe_personality_name (before->personality),
             floe_personality_name (after->personality));
  diff_script (out, "template.first_boot", before->first_boot, after->first_boot);
  diff_script (out, "template.last_words", before->last_words, after->last_words);
}

static const gchar *
domains_of (const FloePool *pool)
{
  if (floe_pool_is_engine (pool))
    return "by its engine";
  if (pool->template != NULL)
    return "by template";
  return pool->pattern != NULL ? pool->pattern : "by metadata";
}

static void
diff_times (GStrvBuilder *out, const FloePool *before, const FloePool *after)
{
  diff_number (out, "grace_seconds", before->grace_seconds, after->grace_seconds);
  diff_number (out, "ready_seconds", before->ready_seconds, after->ready_seconds);
  diff_number (out, "host_loss_seconds", before->host_loss_seconds, after->host_loss_seconds);
  diff_act (out, "on_disconnect", before->on_disconnect, after->on_disconnect);
  diff_act (out, "on_log_off", before->on_log_off, after->on_log_off);
  diff_act (out, "on_shut_down", before->on_shut_down, after->on_shut_down);
  diff_act (out, "on_account_end", before->on_account_end, after->on_account_end);
  diff_number (out, "idle_seconds", before->idle_seconds, after->idle_seconds);
  diff_act (out, "on_idle", before->on_idle, after->on_idle);
  diff_number (out, "limit_seconds", before->limit_seconds, after->limit_seconds);
  diff_act (out, "on_limit", before->on_limit, after->on_limit);
}

static const gchar *
filter_of (const FloePolicy *policy)
{
  return policy->usb_filter != NULL ? policy->usb_filter : "all devices";
}

static const gchar *
connect_of (const FloePolicy *policy)
{
  return policy->usb_connect != NULL ? policy->usb_connect : "no devices";
}

static void
diff_policy (GStrvBuilder *out, const FloePolicy *before, const FloePolicy *after)
{
  diff_text (out, "policy.clipboard", floe_way_name (before->clipboard),
             floe_way_name (after->clipboard));
  diff_text (out, "policy.files", floe_way_name (before->files), floe_way_name (after->files));
  diff_text (out, "policy.folder", floe_folder_name (before->folder),
             floe_folder_name (after->folder));
  diff_flag (out, "policy.usb.allowed", before->usb, after->usb);
  diff_text (out, "policy.usb.filter", filter_of (before), filter_of (after));
  diff_text (out, "policy.usb.connect", connect_of (before), connect_of (after));
  diff_flag (out, "policy.playback", before->playback, after->playback);
  diff_flag (out, "policy.record", before->record, after->record);
  diff_flag (out, "policy.smartcard", before->smartcard, after->smartcard);
}

/**
 * floe_pool_diff:
 * @before: (nullable): the pool as it was, or %NULL for one that is new
 * @after: as it is to be
 *
 * Returns: (transfer full): what changes, a line each, for people; empty when nothing does
 */
GStrv
floe_pool_diff (const FloePool *before, const FloePool *after)
{
  g_autoptr (GStrvBuilder) out = g_strv_builder_new ();
  g_autoptr (FloePool) none = NULL;

  if (before == NULL)
    {
      add (out, "new %s pool", floe_pool_kind_name (after->kind));
      before = none = floe_pool_new (after->name, after->kind);
    }
  diff_text (out, "kind", floe_pool_kind_name (before->kind), floe_pool_kind_name (after->kind));
  diff_text (out, "description", before->description, after->description);
  diff_text (out, "manager", before->manager, after->manager);
  diff_text (out, "engine.pool", before->engine_pool, after->engine_pool);
  if (after->engine_pool != NULL)
    diff_text (out, "engine.assign", floe_assign_way_name (before->assign),
               floe_assign_way_name (after->assign));
  diff_text (out, "domains", none != NULL ? NULL : domains_of (before), domains_of (after));
  diff_template (out, before->template, after->template);
  diff_set (out, "entitlements.groups", before->groups, after->groups);
  diff_set (out, "entitlements.users", before->users, after->users);
  diff_set (out, "helpdesk_groups", before->helpdesk_groups, after->helpdesk_groups);
  diff_set (out, "from.terminals", before->from_terminals, after->from_terminals);
  diff_set (out, "from.terminal_groups", before->from_terminal_groups, after->from_terminal_groups);
  diff_set (out, "from.networks", before->from_networks, after->from_networks);
  diff_number (out, "per_user", before->per_user, after->per_user);
  diff_number (out, "spares", before->spares, after->spares);
  diff_windows (out, before->windows, after->windows);
  diff_number (out, "data_gib", before->data_gib, after->data_gib);
  diff_times (out, before, after);
  diff_set (out, "actions", before->actions, after->actions);
  diff_flag (out, "vnc", before->vnc, after->vnc);
  diff_flag (out, "screenshots", before->screenshots, after->screenshots);
  diff_policy (out, before->policy, after->policy);
  diff_flag (out, "closed", before->closed, after->closed);
  diff_text (out, "message", before->message, after->message);
  diff_flag (out, "drain", before->drain, after->drain);
  return g_strv_builder_end (out);
}

/**
 * floe_pool_tag:
 *
 * Returns: (transfer full): the entity tag of its definition, see floe_tag_new(); what its desktops
 *   do is no part of that
 */
gchar *
floe_pool_tag (const FloePool *self)
{
  g_auto (GStrv) lines = floe_pool_diff (NULL, self);
  g_autofree gchar *words = g_strjoinv ("\n", lines);
  /* With the scripts, which the lines only count. */
  g_autofree gchar *settings = floe_pool_pack (self);
  g_autofree gchar *text = g_strconcat (words, "\n", settings, NULL);

  return floe_tag_new (text, -1);
}
