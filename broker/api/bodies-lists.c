/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/bodies-lists.h"

#include "api/bodies.h"

static void
write_person_ref (FloeJsonWriter *writer, const gchar *name, const gchar *id, const gchar *user)
{
  if (id == NULL)
    {
      floe_json_writer_null (writer, name);
      return;
    }
  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "id", id);
  floe_json_writer_string (writer, "name", user);
  floe_json_writer_end_object (writer);
}

static void
write_place (FloeJsonWriter *writer, const FloeDesktopRow *row)
{
  floe_json_writer_string (writer, "id", row->id);
  floe_json_writer_string (writer, "name", row->name);
  floe_json_writer_string (writer, "pool", row->pool);
  floe_json_writer_string (writer, "host", row->host);
  floe_json_writer_string (writer, "state", row->state);
}

void
floe_body_write_desktop_row (FloeJsonWriter *writer, gconstpointer data)
{
  const FloeDesktopRow *row = data;

  floe_json_writer_begin_object (writer, NULL);
  write_place (writer, row);
  floe_json_writer_string (writer, "power", row->power);
  floe_json_writer_string (writer, "guest", row->guest);
  floe_json_writer_string (writer, "console", row->console);
  floe_json_writer_string (writer, "clean", row->clean);
  floe_json_writer_string (writer, "intent", row->intent);
  write_person_ref (writer, "holder", row->holder, row->holder_name);
  floe_json_writer_moment (writer, "since", row->since);
  floe_json_writer_string (writer, "address", row->address);
  floe_json_writer_string (writer, "terminal", row->terminal);
  floe_json_writer_string (writer, "refusal", row->refusal);
  floe_json_writer_string (writer, "problem", row->problem);
  floe_json_writer_end_object (writer);
}

void
floe_body_write_session_row (FloeJsonWriter *writer, gconstpointer data)
{
  const FloeDesktopRow *row = data;

  floe_json_writer_begin_object (writer, NULL);
  write_person_ref (writer, "user", row->holder, row->holder_name);
  floe_json_writer_begin_object (writer, "desktop");
  write_place (writer, row);
  floe_json_writer_end_object (writer);
  floe_json_writer_string (writer, "terminal", row->terminal);
  floe_json_writer_string (writer, "address", row->address);
  floe_json_writer_moment (writer, "since", row->console_at);
  floe_json_writer_string (writer, "quality",
                           row->quality != FLOE_LEVEL_NONE ? floe_quality_level_name (row->quality)
                                                           : NULL);
  floe_json_writer_end_object (writer);
}

void
floe_body_write_person (FloeJsonWriter *writer, gconstpointer data)
{
  const FloePerson *person = data;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "id", person->user->id);
  floe_json_writer_string (writer, "name", person->user->name);
  floe_json_writer_string (writer, "display_name", person->user->display_name);
  floe_json_writer_moment (writer, "seen_at", person->seen);
  floe_json_writer_end_object (writer);
}

static void
write_all (FloeJsonWriter *writer, const gchar *name, GPtrArray *rows, FloeJsonWriteRow write)
{
  floe_json_writer_rows (writer, name, rows, rows->len, write);
}

/* One desktop. */

static void
write_fact (FloeJsonWriter *writer, const gchar *name, const gchar *value, gint64 since)
{
  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "value", value);
  floe_json_writer_moment (writer, "since", since);
  floe_json_writer_end_object (writer);
}

static void
write_facts (FloeJsonWriter *writer, const FloeDesktop *desktop)
{
  const FloeFacts *facts = &desktop->facts;
  const gint64 *times = desktop->times;

  floe_json_writer_begin_object (writer, "facts");
  write_fact (writer, "power", floe_power_name (facts->power), times[0]);
  write_fact (writer, "guest", floe_guest_name (facts->guest), times[1]);
  write_fact (writer, "console", floe_console_name (facts->console), times[2]);
  write_fact (writer, "lease", facts->lease == FLOE_LEASE_HELD ? "held" : "none", times[3]);
  write_fact (writer, "clean", floe_clean_name (facts->clean), times[4]);
  write_fact (writer, "intent", floe_intent_name (facts->intent), times[5]);
  floe_json_writer_end_object (writer);
  floe_json_writer_string (writer, "intent_by", desktop->intent_by);
}

static void
write_lease (FloeJsonWriter *writer, const FloeDesktopDetail *detail)
{
  const FloeLease *lease = detail->desktop->lease;

  if (lease == NULL)
    {
      floe_json_writer_null (writer, "lease");
      return;
    }
  floe_json_writer_begin_object (writer, "lease");
  write_person_ref (writer, "holder", lease->holder, lease->holder_name);
  floe_json_writer_moment (writer, "since", lease->since);
  floe_json_writer_string (writer, "address", lease->address);
  floe_json_writer_string (writer, "terminal", detail->terminal);
  floe_json_writer_int (writer, "slot", lease->slot);
  floe_json_writer_end_object (writer);
}

static void
write_timer (FloeJsonWriter *writer, gconstpointer data)
{
  const FloeTimer *timer = data;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "what", timer->kind);
  floe_json_writer_moment (writer, "at", timer->due);
  floe_json_writer_end_object (writer);
}

static void
write_made (FloeJsonWriter *writer, const FloeDesktop *desktop)
{
  if (!desktop->made)
    {
      floe_json_writer_null (writer, "made");
      return;
    }
  floe_json_writer_begin_object (writer, "made");
  floe_json_writer_int (writer, "number", desktop->number);
  floe_json_writer_int (writer, "revision", desktop->revision);
  floe_json_writer_bool (writer, "prepared", desktop->prepared);
  floe_json_writer_end_object (writer);
}

void
floe_body_write_desktop_detail (FloeJsonWriter *writer, const FloeDesktopDetail *detail)
{
  const FloeDesktop *desktop = detail->desktop;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "id", desktop->id);
  floe_json_writer_string (writer, "name", desktop->name);
  floe_json_writer_string (writer, "pool", desktop->pool);
  floe_json_writer_string (writer, "kind", floe_pool_kind_name (desktop->kind));
  floe_json_writer_string (writer, "host", desktop->host);
  floe_json_writer_string (writer, "state", floe_desktop_state_name (desktop));
  write_facts (writer, desktop);
  write_lease (writer, detail);
  floe_body_write_end (writer, "end", desktop->end);
  floe_json_writer_bool (writer, "present", desktop->present);
  floe_json_writer_int (writer, "memory_mib", desktop->memory_mib);
  write_made (writer, desktop);
  floe_json_writer_string (writer, "refusal", desktop->refusal);
  floe_json_writer_string (writer, "problem", desktop->problem);
  floe_json_writer_bool (writer, "in_maintenance", desktop->maintenance);
  floe_body_write_maintenance (writer, "maintenance", detail->maintenance);
  floe_body_write_policy (writer, "policy", detail->pool->policy);
  write_all (writer, "planned", detail->timers, write_timer);
  write_all (writer, "failures", detail->failures, floe_body_write_audit_row);
  write_all (writer, "trail", detail->trail, floe_body_write_audit_row);
  floe_json_writer_end_object (writer);
}

/* One person. */

static void
write_entitlement (FloeJsonWriter *writer, gconstpointer data)
{
  const FloeEntitlement *one = data;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "pool", one->pool->name);
  floe_json_writer_string (writer, "kind", floe_pool_kind_name (one->pool->kind));
  floe_json_writer_bool (writer, "closed", one->pool->closed);
  floe_json_writer_strings (writer, "through", (const gchar *const *)one->through);
  floe_json_writer_end_object (writer);
}

static void
write_quality (FloeJsonWriter *writer, gconstpointer row)
{
  const FloeSessionQuality *quality = row;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "desktop", quality->desktop_id);
  floe_json_writer_time (writer, "at", quality->at);
  floe_json_writer_string (writer, "quality", floe_quality_level_name (quality->level));
  floe_json_writer_int (writer, "rtt_ms", quality->rtt_ms);
  floe_json_writer_int (writer, "retransmits", quality->retransmits);
  floe_json_writer_int (writer, "bytes_per_second", quality->rate);
  floe_json_writer_end_object (writer);
}

static void
write_phases (FloeJsonWriter *writer, const FloeVisit *visit)
{
  floe_json_writer_begin_array (writer, "phases");
  for (guint i = 0; i < FLOE_N_PHASES; i++)
    if (i != FLOE_PHASE_TOTAL && visit->took[i] > 0)
      {
        floe_json_writer_begin_object (writer, NULL);
        floe_json_writer_string (writer, "phase", floe_visit_phase_name ((FloeVisitPhase)i));
        floe_json_writer_int (writer, "ms", (visit->took[i] + 500) / 1000);
        floe_json_writer_end_object (writer);
      }
  floe_json_writer_end_array (writer);
}

static void
write_visit (FloeJsonWriter *writer, const gchar *name, GPtrArray *visits, FloeVisitKind kind)
{
  const FloeVisit *visit = NULL;

  for (guint i = 0; i < visits->len; i++)
    if (((const FloeVisit *)visits->pdata[i])->kind == kind)
      visit = visits->pdata[i];
  if (visit == NULL)
    {
      floe_json_writer_null (writer, name);
      return;
    }
  floe_json_writer_begin_object (writer, name);
  floe_json_writer_time (writer, "at", visit->at);
  floe_json_writer_string (writer, "pool", visit->pool);
  floe_json_writer_string (writer, "desktop", visit->desktop);
  floe_json_writer_int (writer, "ms", (visit->took[FLOE_PHASE_TOTAL] + 500) / 1000);
  write_phases (writer, visit);
  floe_json_writer_end_object (writer);
}

void
floe_body_write_person_detail (FloeJsonWriter *writer, const FloePersonDetail *detail)
{
  const FloePerson *person = detail->person;

  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "id", person->user->id);
  floe_json_writer_string (writer, "name", person->user->name);
  floe_json_writer_string (writer, "display_name", person->user->display_name);
  floe_json_writer_moment (writer, "seen_at", person->seen);
  floe_json_writer_string (writer, "role", detail->role);
  floe_json_writer_bool (writer, "second_factor", detail->second_factor);
  floe_json_writer_strings (writer, "groups", (const gchar *const *)detail->groups);
  write_all (writer, "entitlements", detail->entitlements, write_entitlement);
  write_all (writer, "desktops", detail->desktops->items, floe_body_write_desktop_row);
  write_all (writer, "failures", detail->failures, floe_body_write_audit_row);
  write_all (writer, "connections", detail->qualities, write_quality);
  write_visit (writer, "last_login", detail->visits, FLOE_VISIT_LOGIN);
  write_visit (writer, "last_connect", detail->visits, FLOE_VISIT_CONNECT);
  floe_json_writer_end_object (writer);
}
