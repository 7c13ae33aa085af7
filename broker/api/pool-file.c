/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/pool-file.h"

#include <string.h>

#include "api/json-read.h"
#include "core/pool-schedule.h"

#define MAX_TEXT_BYTES   256
#define MAX_SCRIPT_BYTES (16 * 1024)
#define MAX_FILTER_BYTES 4096
#define MAX_GROUPS       256
#define MAX_USERS        1024
#define MAX_SECONDS      2592000
#define MAX_DESKTOPS     100000
#define MAX_WINDOWS      64
#define MAX_PLACES       256
#define MAX_ACTIONS      16

static guint
read_number (FloeJsonReader *reader, const gchar *name, guint min, guint max, guint fallback)
{
  return (guint)floe_json_reader_get_int_or (reader, name, min, max, fallback);
}

/* Where its desktops come from: domains that there are, or a template. */
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

static FloePersonality
read_personality (FloeJsonReader *reader)
{
  g_autofree gchar *name =
      floe_json_reader_get_string_or (reader, "personality", MAX_TEXT_BYTES, NULL);
  FloePersonality personality = FLOE_PERSONALITY_NONE;

  if (name != NULL && !floe_personality_from_name (name, &personality))
    floe_json_reader_refuse (reader, "personality",
                             "expected \"none\", \"cloud-init\" or \"agent\"");
  return personality;
}

static FloeTemplate *
read_template (FloeJsonReader *reader)
{
  FloeTemplate *template;
  g_autofree gchar *domain = NULL;
  g_autofree gchar *storage = NULL;
  g_autofree gchar *prefix = NULL;

  floe_json_reader_enter (reader, "template");
  domain = floe_json_reader_get_string (reader, "domain", MAX_TEXT_BYTES);
  storage = floe_json_reader_get_string (reader, "storage", MAX_TEXT_BYTES);
  prefix = floe_json_reader_get_string (reader, "prefix", MAX_TEXT_BYTES);
  template = floe_template_new (domain, storage, prefix);
  template->shared = floe_json_reader_get_bool_or (reader, "shared", FALSE);
  template->minimum = read_number (reader, "minimum", 0, MAX_DESKTOPS, template->minimum);
  template->maximum = read_number (reader, "maximum", 1, MAX_DESKTOPS, template->maximum);
  template->canary_percent =
      read_number (reader, "canary_percent", 0, 100, template->canary_percent);
  template->personality = read_personality (reader);
  template->first_boot =
      floe_json_reader_get_string_or (reader, "first_boot", MAX_SCRIPT_BYTES, NULL);
  template->last_words =
      floe_json_reader_get_string_or (reader, "last_words", MAX_SCRIPT_BYTES, NULL);
  floe_json_reader_leave (reader);
  return template;
}

/* What an engine calls the pool, and who asks it for desktops. */
static void
read_engine (FloeJsonReader *reader, FloePool *pool)
{
  g_autofree gchar *assign = NULL;

  if (!floe_json_reader_has (reader, "engine"))
    {
      floe_json_reader_refuse (
          reader, "manager", "expected \"libvirt\", or the name of an engine beside an \"engine\"");
      return;
    }
  floe_json_reader_enter (reader, "engine");
  pool->engine_pool = floe_json_reader_get_string (reader, "pool", MAX_TEXT_BYTES);
  assign = floe_json_reader_get_string (reader, "assign", MAX_TEXT_BYTES);
  if (assign != NULL && !floe_assign_way_from_name (assign, &pool->assign))
    floe_json_reader_refuse (reader, "assign",
                             "expected \"as-user\", \"on-behalf\" or \"service-account\"");
  floe_json_reader_leave (reader);
}

static void
read_source (FloeJsonReader *reader, FloePool *pool)
{
  if (pool->manager != NULL && floe_pool_is_engine (pool))
    {
      read_engine (reader, pool);
      /* It neither locks nor logs off. */
      pool->on_account_end = pool->kind == FLOE_POOL_FLOATING ? FLOE_ACT_RESET : FLOE_ACT_SHUT_DOWN;
      return;
    }
  if (!floe_json_reader_has (reader, "template"))
    {
      pool->pattern = read_domains (reader);
      return;
    }
  if (floe_json_reader_has (reader, "domains"))
    floe_json_reader_refuse (reader, "template",
                             "expected either \"domains\" or \"template\", not both");
  pool->template = read_template (reader);
}

static FloePoolKind
read_kind (FloeJsonReader *reader)
{
  g_autofree gchar *name = floe_json_reader_get_string (reader, "kind", MAX_TEXT_BYTES);
  FloePoolKind kind = FLOE_POOL_FLOATING;

  if (name != NULL && !floe_pool_kind_from_name (name, &kind))
    floe_json_reader_refuse (reader, "kind", "expected \"floating\", \"dedicated\" or \"static\"");
  return kind;
}

/* A DN names nobody: it changes when somebody moves the group, and can be another one's then. */
static void
refuse_dns (FloeJsonReader *reader, const gchar *name, GStrv groups)
{
  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    if (strchr (groups[i], '=') != NULL)
      floe_json_reader_refuse (reader, name, "expected names, \"sid:...\" or \"uuid:...\", no DN");
}

static void
read_entitlements (FloeJsonReader *reader, FloePool *pool)
{
  floe_json_reader_enter (reader, "entitlements");
  g_strfreev (pool->groups);
  g_strfreev (pool->users);
  pool->groups = floe_json_reader_get_strings (reader, "groups", MAX_GROUPS, 2 * MAX_TEXT_BYTES);
  refuse_dns (reader, "groups", pool->groups);
  pool->users = floe_json_reader_get_strings (reader, "users", MAX_USERS, MAX_TEXT_BYTES);
  floe_json_reader_leave (reader);
}

static void
read_helpdesk (FloeJsonReader *reader, FloePool *pool)
{
  GStrv groups;

  if (!floe_json_reader_has (reader, "helpdesk_groups"))
    return;
  groups = floe_json_reader_get_strings (reader, "helpdesk_groups", MAX_GROUPS, 2 * MAX_TEXT_BYTES);
  refuse_dns (reader, "helpdesk_groups", groups);
  g_strfreev (pool->helpdesk_groups);
  pool->helpdesk_groups = groups;
}

static void
read_places (FloeJsonReader *reader, const gchar *name, GStrv *list)
{
  if (!floe_json_reader_has (reader, name))
    return;
  g_strfreev (*list);
  *list = floe_json_reader_get_strings (reader, name, MAX_PLACES, MAX_TEXT_BYTES);
}

static void
read_from (FloeJsonReader *reader, FloePool *pool)
{
  if (!floe_json_reader_has (reader, "from"))
    return;
  floe_json_reader_enter (reader, "from");
  read_places (reader, "terminals", &pool->from_terminals);
  read_places (reader, "terminal_groups", &pool->from_terminal_groups);
  read_places (reader, "networks", &pool->from_networks);
  floe_json_reader_leave (reader);
}

static void
read_actions (FloeJsonReader *reader, FloePool *pool)
{
  if (!floe_json_reader_has (reader, "actions"))
    return;
  g_strfreev (pool->actions);
  pool->actions = floe_json_reader_get_strings (reader, "actions", MAX_ACTIONS, MAX_TEXT_BYTES);
}

static guint8
read_days (FloeJsonReader *reader)
{
  g_auto (GStrv) names = floe_json_reader_get_strings (reader, "days", 7, 16);
  guint8 days = 0;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree gchar *element = g_strdup_printf ("days[%u]", i);
      guint day = 0;

      if (!floe_weekday_from_name (names[i], &day))
        floe_json_reader_refuse (reader, element, "expected mon, tue, wed, thu, fri, sat or sun");
      days |= (guint8)(1u << day);
    }
  return days;
}

static guint
read_time (FloeJsonReader *reader, const gchar *name)
{
  g_autofree gchar *text = floe_json_reader_get_string (reader, name, 16);
  guint hour, minute;

  if (text == NULL)
    return 0;
  hour =
      strlen (text) == 5 && text[2] == ':' && g_ascii_isdigit (text[0]) && g_ascii_isdigit (text[1])
          ? (guint)(text[0] - '0') * 10 + (guint)(text[1] - '0')
          : 24;
  minute = hour < 24 && g_ascii_isdigit (text[3]) && g_ascii_isdigit (text[4])
               ? (guint)(text[3] - '0') * 10 + (guint)(text[4] - '0')
               : 60;
  if (minute < 60)
    return hour * 60 + minute;
  floe_json_reader_refuse (reader, name, "expected a time from \"00:00\" to \"23:59\"");
  return 0;
}

static void
read_schedule (FloeJsonReader *reader, GArray *windows)
{
  guint n = floe_json_reader_count (reader, "schedule", MAX_WINDOWS);

  for (guint i = 0; i < n; i++)
    {
      FloeSpareWindow window = { 0 };

      floe_json_reader_enter_element (reader, "schedule", i);
      window.days = read_days (reader);
      window.from_minute = read_time (reader, "from");
      window.to_minute = read_time (reader, "to");
      if (!floe_json_reader_has (reader, "spares"))
        floe_json_reader_refuse (reader, "spares", "missing");
      window.spares = read_number (reader, "spares", 0, MAX_DESKTOPS, 0);
      floe_json_reader_leave (reader);
      g_array_append_val (windows, window);
    }
}

static void
read_act (FloeJsonReader *reader, const gchar *name, FloePoolAct *act)
{
  g_autofree gchar *text = floe_json_reader_get_string_or (reader, name, MAX_TEXT_BYTES, NULL);

  if (text != NULL && (!floe_pool_act_from_name (text, act) || *act == FLOE_ACT_RESTART))
    floe_json_reader_refuse (reader, name, "expected keep, lock, log-off, shut-down or reset");
}

static void
read_ends (FloeJsonReader *reader, FloePool *pool)
{
  pool->grace_seconds = read_number (reader, "grace_seconds", 0, MAX_SECONDS, pool->grace_seconds);
  pool->ready_seconds = read_number (reader, "ready_seconds", 1, 3600, pool->ready_seconds);
  pool->host_loss_seconds =
      read_number (reader, "host_loss_seconds", 1, MAX_SECONDS, pool->host_loss_seconds);
  read_act (reader, "on_disconnect", &pool->on_disconnect);
  read_act (reader, "on_log_off", &pool->on_log_off);
  read_act (reader, "on_shut_down", &pool->on_shut_down);
  read_act (reader, "on_account_end", &pool->on_account_end);
  pool->idle_seconds = read_number (reader, "idle_seconds", 0, MAX_SECONDS, pool->idle_seconds);
  read_act (reader, "on_idle", &pool->on_idle);
  pool->limit_seconds = read_number (reader, "limit_seconds", 0, MAX_SECONDS, pool->limit_seconds);
  read_act (reader, "on_limit", &pool->on_limit);
}

static void
read_way (FloeJsonReader *reader, const gchar *name, FloeWay *way)
{
  g_autofree gchar *text = floe_json_reader_get_string_or (reader, name, MAX_TEXT_BYTES, NULL);

  if (text != NULL && !floe_way_from_name (text, way))
    floe_json_reader_refuse (reader, name, "expected both, to-guest, from-guest or none");
}

static void
read_folder (FloeJsonReader *reader, FloePolicy *policy)
{
  g_autofree gchar *text = floe_json_reader_get_string_or (reader, "folder", MAX_TEXT_BYTES, NULL);

  if (text != NULL && !floe_folder_from_name (text, &policy->folder))
    floe_json_reader_refuse (reader, "folder", "expected none, read-only or read-write");
}

static void
read_usb (FloeJsonReader *reader, FloePolicy *policy)
{
  if (!floe_json_reader_has (reader, "usb"))
    return;
  floe_json_reader_enter (reader, "usb");
  policy->usb = floe_json_reader_get_bool_or (reader, "allowed", policy->usb);
  policy->usb_filter = floe_json_reader_get_string_or (reader, "filter", MAX_FILTER_BYTES, NULL);
  policy->usb_connect = floe_json_reader_get_string_or (reader, "connect", MAX_FILTER_BYTES, NULL);
  floe_json_reader_leave (reader);
}

static void
read_policy (FloeJsonReader *reader, FloePolicy *policy)
{
  if (!floe_json_reader_has (reader, "policy"))
    return;
  floe_json_reader_enter (reader, "policy");
  read_way (reader, "clipboard", &policy->clipboard);
  read_way (reader, "files", &policy->files);
  read_folder (reader, policy);
  read_usb (reader, policy);
  policy->playback = floe_json_reader_get_bool_or (reader, "playback", policy->playback);
  policy->record = floe_json_reader_get_bool_or (reader, "record", policy->record);
  policy->smartcard = floe_json_reader_get_bool_or (reader, "smartcard", policy->smartcard);
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
  read_source (reader, pool);
  read_entitlements (reader, pool);
  read_helpdesk (reader, pool);
  read_from (reader, pool);
  pool->per_user = read_number (reader, "per_user", 1, 100, pool->per_user);
  pool->spares = read_number (reader, "spares", 0, MAX_DESKTOPS, pool->spares);
  read_schedule (reader, pool->windows);
  pool->data_gib = read_number (reader, "data_gib", 0, 16384, pool->data_gib);
  read_ends (reader, pool);
  read_actions (reader, pool);
  pool->vnc = floe_json_reader_get_bool_or (reader, "vnc", FALSE);
  pool->screenshots = floe_json_reader_get_bool_or (reader, "screenshots", FALSE);
  read_policy (reader, pool->policy);
  pool->closed = floe_json_reader_get_bool_or (reader, "closed", FALSE);
  pool->message = floe_json_reader_get_string_or (reader, "message", MAX_TEXT_BYTES, NULL);
  pool->drain = floe_json_reader_get_bool_or (reader, "drain", FALSE);
  if (!floe_json_reader_end (reader, error) || !floe_pool_validate (pool, error))
    return NULL;
  return g_steal_pointer (&pool);
}
