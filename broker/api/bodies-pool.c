/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies.h"
#include "core/pool-schedule.h"

static void
write_minute (FloeJsonWriter *writer, const gchar *name, guint minute)
{
  g_autofree gchar *text = g_strdup_printf ("%02u:%02u", minute / 60, minute % 60);

  floe_json_writer_string (writer, name, text);
}

static void
write_schedule (FloeJsonWriter *writer, const gchar *name, const GArray *windows)
{
  floe_json_writer_begin_array (writer, name);
  for (guint i = 0; i < windows->len; i++)
    {
      const FloeSpareWindow *window = &g_array_index (windows, FloeSpareWindow, i);

      floe_json_writer_begin_object (writer, NULL);
      floe_json_writer_begin_array (writer, "days");
      for (guint day = 0; day < 7; day++)
        if (window->days & 1u << day)
          floe_json_writer_string (writer, NULL, floe_weekday_name (day));
      floe_json_writer_end_array (writer);
      write_minute (writer, "from", window->from_minute);
      write_minute (writer, "to", window->to_minute);
      floe_json_writer_int (writer, "spares", window->spares);
      floe_json_writer_end_object (writer);
    }
  floe_json_writer_end_array (writer);
}

static void
write_template (FloeJsonWriter *writer, const gchar *name, const FloeTemplate *template)
{
  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "domain", template->domain);
  floe_json_writer_string (writer, "storage", template->storage);
  floe_json_writer_bool (writer, "shared", template->shared);
  floe_json_writer_string (writer, "prefix", template->prefix);
  floe_json_writer_int (writer, "minimum", template->minimum);
  floe_json_writer_int (writer, "maximum", template->maximum);
  floe_json_writer_int (writer, "canary_percent", template->canary_percent);
  floe_json_writer_string (writer, "personality", floe_personality_name (template->personality));
  floe_json_writer_string (writer, "first_boot", template->first_boot);
  floe_json_writer_string (writer, "last_words", template->last_words);
  floe_json_writer_end_object (writer);
}

/* Where its desktops come from: the one or the other, as in a pool file. */
static void
write_source (FloeJsonWriter *writer, const FloePool *pool)
{
  if (floe_pool_is_engine (pool))
    {
      floe_json_writer_begin_object (writer, "engine");
      floe_json_writer_string (writer, "pool", pool->engine_pool);
      floe_json_writer_string (writer, "assign", floe_assign_way_name (pool->assign));
      floe_json_writer_end_object (writer);
      return;
    }
  if (pool->template != NULL)
    {
      write_template (writer, "template", pool->template);
      return;
    }
  floe_json_writer_begin_object (writer, "domains");
  if (pool->pattern != NULL)
    floe_json_writer_string (writer, "pattern", pool->pattern);
  else
    floe_json_writer_bool (writer, "metadata", TRUE);
  floe_json_writer_end_object (writer);
}

static void
write_ends (FloeJsonWriter *writer, const FloePool *pool)
{
  floe_json_writer_int (writer, "grace_seconds", pool->grace_seconds);
  floe_json_writer_int (writer, "ready_seconds", pool->ready_seconds);
  floe_json_writer_int (writer, "host_loss_seconds", pool->host_loss_seconds);
  floe_json_writer_string (writer, "on_disconnect", floe_pool_act_name (pool->on_disconnect));
  floe_json_writer_string (writer, "on_log_off", floe_pool_act_name (pool->on_log_off));
  floe_json_writer_string (writer, "on_shut_down", floe_pool_act_name (pool->on_shut_down));
  floe_json_writer_string (writer, "on_account_end", floe_pool_act_name (pool->on_account_end));
  floe_json_writer_int (writer, "idle_seconds", pool->idle_seconds);
  floe_json_writer_string (writer, "on_idle", floe_pool_act_name (pool->on_idle));
  floe_json_writer_int (writer, "limit_seconds", pool->limit_seconds);
  floe_json_writer_string (writer, "on_limit", floe_pool_act_name (pool->on_limit));
}

static void
write_from (FloeJsonWriter *writer, const FloePool *pool)
{
  floe_json_writer_begin_object (writer, "from");
  floe_json_writer_strings (writer, "terminals", (const gchar *const *)pool->from_terminals);
  floe_json_writer_strings (writer, "terminal_groups",
                            (const gchar *const *)pool->from_terminal_groups);
  floe_json_writer_strings (writer, "networks", (const gchar *const *)pool->from_networks);
  floe_json_writer_end_object (writer);
}

static void
write_definition (FloeJsonWriter *writer, const FloePool *pool)
{
  floe_json_writer_string (writer, "name", pool->name);
  floe_json_writer_string (writer, "description",
                           pool->description != NULL ? pool->description : "");
  floe_json_writer_string (writer, "kind", floe_pool_kind_name (pool->kind));
  floe_json_writer_string (writer, "manager", pool->manager);
  write_source (writer, pool);
  floe_json_writer_begin_object (writer, "entitlements");
  floe_json_writer_strings (writer, "groups", (const gchar *const *)pool->groups);
  floe_json_writer_strings (writer, "users", (const gchar *const *)pool->users);
  floe_json_writer_end_object (writer);
  floe_json_writer_strings (writer, "helpdesk_groups", (const gchar *const *)pool->helpdesk_groups);
  write_from (writer, pool);
  floe_json_writer_int (writer, "per_user", pool->per_user);
  floe_json_writer_int (writer, "spares", pool->spares);
  write_schedule (writer, "schedule", pool->windows);
  floe_json_writer_int (writer, "data_gib", pool->data_gib);
  write_ends (writer, pool);
  floe_json_writer_strings (writer, "actions", (const gchar *const *)pool->actions);
  floe_json_writer_bool (writer, "vnc", pool->vnc);
  floe_json_writer_bool (writer, "screenshots", pool->screenshots);
  floe_body_write_policy (writer, "policy", pool->policy);
  floe_json_writer_bool (writer, "closed", pool->closed);
  floe_json_writer_string (writer, "message", pool->message);
  floe_json_writer_bool (writer, "drain", pool->drain);
}

static void
write_admin_desktop (FloeJsonWriter *writer, const FloeDesktop *desktop)
{
  const FloeFacts *facts = &desktop->facts;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "id", desktop->id);
  floe_json_writer_string (writer, "name", desktop->name);
  floe_json_writer_string (writer, "host", desktop->host);
  floe_json_writer_string (writer, "power", floe_power_name (facts->power));
  floe_json_writer_string (writer, "guest", floe_guest_name (facts->guest));
  floe_json_writer_string (writer, "console", floe_console_name (facts->console));
  floe_json_writer_string (writer, "clean", floe_clean_name (facts->clean));
  floe_json_writer_string (writer, "intent",
                           facts->intent != FLOE_INTENT_NONE ? floe_intent_name (facts->intent)
                                                             : NULL);
  floe_json_writer_string (writer, "holder",
                           desktop->lease != NULL ? desktop->lease->holder_name : NULL);
  floe_json_writer_string (writer, "terminal",
                           desktop->lease != NULL ? desktop->lease->terminal : NULL);
  if (desktop->revision > 0)
    floe_json_writer_int (writer, "revision", desktop->revision);
  else
    floe_json_writer_null (writer, "revision");
  floe_json_writer_string (writer, "refusal", desktop->refusal);
  floe_json_writer_string (writer, "problem", desktop->problem);
  floe_json_writer_end_object (writer);
}

static void
write_revision (FloeJsonWriter *writer, const FloeRevision *revision)
{
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_int (writer, "number", revision->number);
  floe_json_writer_string (writer, "state", floe_revision_state_name (revision->state));
  floe_json_writer_time (writer, "since", revision->since);
  floe_json_writer_int (writer, "tries", revision->tries);
  floe_json_writer_int (writer, "failures", revision->failures);
  floe_json_writer_string (writer, "problem", revision->problem);
  floe_json_writer_end_object (writer);
}

/* What the keeper is about. */
static void
write_progress (FloeJsonWriter *writer, const FloePoolReport *report)
{
  const FloePoolState *state = report->state;

  floe_json_writer_begin_object (writer, "keeper");
  floe_json_writer_int (writer, "spares_wanted", report->wanted);
  floe_json_writer_int (writer, "spares_ready", report->ready);
  floe_json_writer_int (writer, "starting", report->starting);
  floe_json_writer_int (writer, "making", report->making);
  floe_json_writer_string (writer, "note", state != NULL ? state->note : NULL);
  floe_json_writer_int (writer, "failures", state != NULL ? state->failures : 0);
  floe_json_writer_moment (writer, "not_before", state != NULL ? state->not_before : 0);
  floe_json_writer_bool (writer, "renew", state != NULL && state->renew);
  floe_json_writer_begin_array (writer, "revisions");
  for (guint i = 0; report->revisions != NULL && i < report->revisions->len; i++)
    write_revision (writer, report->revisions->pdata[i]);
  floe_json_writer_end_array (writer);
  floe_json_writer_end_object (writer);
}

/* What the engine decides, beside what is defined here. */
static void
write_engine_facts (FloeJsonWriter *writer, const FloeEngineFacts *facts)
{
  floe_json_writer_begin_object (writer, "engine_says");
  floe_json_writer_int (writer, "size", facts->size);
  floe_json_writer_int (writer, "prestarted", facts->prestarted);
  floe_json_writer_int (writer, "per_user", facts->per_user);
  floe_json_writer_string (writer, "type", facts->manual ? "manual" : "automatic");
  floe_json_writer_bool (writer, "stateful", facts->stateful);
  floe_json_writer_end_object (writer);
}

void
floe_body_write_pool_report (FloeJsonWriter *writer, const gchar *name,
                             const FloePoolReport *report)
{
  g_autofree gchar *tag = floe_pool_tag (report->pool);

  floe_json_writer_begin_object (writer, name);
  write_definition (writer, report->pool);
  floe_json_writer_begin_object (writer, "counts");
  floe_json_writer_int (writer, "total", report->total);
  floe_json_writer_int (writer, "free", report->free);
  floe_json_writer_int (writer, "held", report->held);
  floe_json_writer_int (writer, "dirty", report->dirty);
  floe_json_writer_int (writer, "broken", report->broken);
  floe_json_writer_int (writer, "refused", report->refused);
  floe_json_writer_end_object (writer);
  floe_json_writer_string (writer, "problem", report->problem);
  floe_json_writer_string (writer, "tag", tag);
  floe_body_write_maintenance (writer, "maintenance", report->maintenance);
  write_progress (writer, report);
  if (report->has_engine)
    write_engine_facts (writer, &report->engine);
  if (report->desktops != NULL)
    {
      floe_json_writer_begin_array (writer, "desktops");
      for (guint i = 0; i < report->desktops->len; i++)
        write_admin_desktop (writer, report->desktops->pdata[i]);
      floe_json_writer_end_array (writer);
    }
  floe_json_writer_end_object (writer);
}
