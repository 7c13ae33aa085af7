/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/network.h"
#include "core/own-act.h"
#include "core/pool-schedule.h"
#include "core/pool.h"
#include "core/terminal.h"

#define MAX_TEXT     256
#define MAX_SUBJECTS 1024
#define MAX_SUBJECT  512
#define MAX_SECONDS  (30 * 24 * 3600)
#define MAX_DESKTOPS 100000
#define MAX_PER_USER 100
#define MAX_GIB      16384
#define MAX_SCRIPT   (16 * 1024)
#define MAX_PREFIX   41

static gboolean invalid (GError **error, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
invalid (GError **error, const gchar *format, ...)
{
  va_list args;
  g_autofree gchar *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, text);
  return FALSE;
}

/* One line for people. */
static gboolean
is_line (const gchar *text, gsize max_bytes)
{
  if (strlen (text) > max_bytes || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const gchar *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

/* What libvirt takes for the name of a domain or a storage pool. */
static gboolean
is_libvirt_name (const gchar *text)
{
  return text != NULL && *text != '\0' && is_line (text, MAX_TEXT) && strchr (text, '/') == NULL;
}

static gboolean
check_subjects (GStrv subjects, const gchar *what, GError **error)
{
  guint n = g_strv_length (subjects);

  if (n > MAX_SUBJECTS)
    return invalid (error, "%s: %u names, expected at most %u", what, n, MAX_SUBJECTS);
  for (guint i = 0; i < n; i++)
    if (*subjects[i] == '\0' || strlen (subjects[i]) > MAX_SUBJECT
        || !g_utf8_validate (subjects[i], -1, NULL) || strpbrk (subjects[i], "\n\r") != NULL)
      return invalid (error, "%s[%u]: expected a name of 1 to %u bytes on one line", what, i,
                      MAX_SUBJECT);
  return TRUE;
}

/* An entry of the entitlements may be a terminal group. */
static gboolean
check_groups (GStrv groups, GError **error)
{
  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], FLOE_TERMINAL_GROUPS)
        && !floe_pool_name_is_valid (groups[i] + strlen (FLOE_TERMINAL_GROUPS)))
      return invalid (error,
                      "entitlements.groups[%u]: expected a terminal group's name after "
                      "\"terminals:\": 1 to 64 of a-z, 0-9 and -",
                      i);
  return check_subjects (groups, "entitlements.groups", error);
}

/* Staff are people: a terminal that nobody logged in to helps nobody. */
static gboolean
check_helpdesk (GStrv groups, GError **error)
{
  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], FLOE_TERMINAL_GROUPS))
      return invalid (error, "helpdesk_groups[%u]: expected a directory's group, not terminals", i);
  return check_subjects (groups, "helpdesk_groups", error);
}

static gboolean
check_names (GStrv names, const gchar *what, GError **error)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (!floe_pool_name_is_valid (names[i]))
      return invalid (error, "%s[%u]: expected 1 to 64 of a-z, 0-9 and -, not beginning with -",
                      what, i);
  return check_subjects (names, what, error);
}

static gboolean
check_from (const FloePool *self, GError **error)
{
  for (guint i = 0; self->from_networks[i] != NULL; i++)
    if (!floe_network_is_valid (self->from_networks[i]))
      return invalid (error, "from.networks[%u]: expected a network such as \"192.0.2.0/24\"", i);
  return check_names (self->from_terminals, "from.terminals", error)
         && check_names (self->from_terminal_groups, "from.terminal_groups", error)
         && check_subjects (self->from_networks, "from.networks", error);
}

static gboolean
check_actions (const FloePool *self, GError **error)
{
  for (guint i = 0; self->actions[i] != NULL; i++)
    {
      FloeOwnAct act;

      if (!floe_own_act_from_name (self->actions[i], &act))
        return invalid (
            error, "actions[%u]: expected \"restart\", \"shut-down\", \"force-off\" or \"fresh\"",
            i);
      if (act == FLOE_OWN_FRESH && self->kind != FLOE_POOL_FLOATING)
        return invalid (error, "actions[%u]: \"fresh\" is for floating pools only", i);
    }
  return check_subjects (self->actions, "actions", error);
}

static gboolean
check_texts (const FloePool *self, GError **error)
{
  if (!floe_pool_name_is_valid (self->name))
    return invalid (error, "name: expected 1 to 64 of a-z, 0-9 and -, not beginning with -");
  if (self->description != NULL
      && (strlen (self->description) > MAX_TEXT || !g_utf8_validate (self->description, -1, NULL)))
    return invalid (error, "description: expected at most 256 bytes of text");
  if (floe_pool_is_engine (self)
      && (self->engine_pool == NULL || !floe_pool_name_is_valid (self->manager)))
    return invalid (error, "manager: expected \"libvirt\", or the name of an engine");
  if (self->pattern != NULL && (*self->pattern == '\0' || strlen (self->pattern) > MAX_TEXT))
    return invalid (error, "domains.pattern: expected a name pattern such as \"office-*\"");
  if (self->message != NULL && !is_line (self->message, MAX_TEXT))
    return invalid (error, "message: expected at most 256 bytes of text on one line");
  return check_groups (self->groups, error)
         && check_subjects (self->users, "entitlements.users", error)
         && check_helpdesk (self->helpdesk_groups, error) && check_from (self, error)
         && check_actions (self, error);
}

static gboolean
check_number (const gchar *key, guint value, guint min, guint max, GError **error)
{
  return (value >= min && value <= max)
         || invalid (error, "%s: expected a whole number from %u to %u", key, min, max);
}

static gboolean
check_seconds (const gchar *key, guint value, guint min, GError **error)
{
  return (value >= min && value <= MAX_SECONDS)
         || invalid (error, "%s: expected %u to %u (30 days)", key, min, MAX_SECONDS);
}

static gboolean
check_numbers (const FloePool *self, GError **error)
{
  if (self->ready_seconds < 1 || self->ready_seconds > 3600)
    return invalid (error, "ready_seconds: expected 1 to 3600");
  return check_seconds ("grace_seconds", self->grace_seconds, 0, error)
         && check_seconds ("host_loss_seconds", self->host_loss_seconds, 1, error)
         && check_seconds ("idle_seconds", self->idle_seconds, 0, error)
         && check_seconds ("limit_seconds", self->limit_seconds, 0, error)
         && check_number ("per_user", self->per_user, 1, MAX_PER_USER, error)
         && check_number ("spares", self->spares, 0, MAX_DESKTOPS, error)
         && check_number ("data_gib", self->data_gib, 0, MAX_GIB, error);
}

/* When nobody is logged in there is nothing to lock, and a guest that is down cannot be shut
 * down. */
static gboolean
check_acts (const FloePool *self, GError **error)
{
  const struct
  {
    const gchar *key;
    FloePoolAct act;
    guint possible;
    const gchar *expected;
  } rows[] = {
    { "on_disconnect", self->on_disconnect, 0x1f, "keep, lock, log-off, shut-down or reset" },
    { "on_log_off", self->on_log_off,
      1 << FLOE_ACT_KEEP | 1 << FLOE_ACT_SHUT_DOWN | 1 << FLOE_ACT_RESET,
      "keep, shut-down or reset" },
    { "on_shut_down", self->on_shut_down, 1 << FLOE_ACT_KEEP | 1 << FLOE_ACT_RESET,
      "keep or reset" },
    { "on_account_end", self->on_account_end, 0x1f, "keep, lock, log-off, shut-down or reset" },
    { "on_idle", self->on_idle, 0x1f, "keep, lock, log-off, shut-down or reset" },
    { "on_limit", self->on_limit, 0x1f, "keep, lock, log-off, shut-down or reset" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if ((guint)rows[i].act > FLOE_ACT_RESET || !(rows[i].possible & 1u << rows[i].act))
        return invalid (error, "%s: expected %s", rows[i].key, rows[i].expected);
      if (rows[i].act == FLOE_ACT_RESET && self->kind != FLOE_POOL_FLOATING)
        return invalid (error,
                        "%s: reset is for floating pools only; a %s desktop is its user's own",
                        rows[i].key, floe_pool_kind_name (self->kind));
    }
  return TRUE;
}

static gboolean
check_prefix (const gchar *prefix, GError **error)
{
  gsize length = prefix != NULL ? strspn (prefix, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;

  return (length > 0 && length <= MAX_PREFIX && prefix[length] == '\0' && prefix[0] != '-')
         || invalid (error,
                     "template.prefix: expected 1 to %u of a-z, 0-9 and -, not beginning with "
                     "-: host names are made of it",
                     MAX_PREFIX);
}

static gboolean
check_script (const FloeTemplate *template, const gchar *key, const gchar *script, GError **error)
{
  if (script == NULL)
    return TRUE;
  if (strlen (script) > MAX_SCRIPT || !g_utf8_validate (script, -1, NULL))
    return invalid (error, "template.%s: expected a script of at most 16 KiB of text", key);
  return template->personality != FLOE_PERSONALITY_NONE
         || invalid (error,
                     "template.%s: expected a \"personality\" of cloud-init or agent, which "
                     "runs it",
                     key);
}

static gboolean
check_template (const FloePool *self, const FloeTemplate *template, GError **error)
{
  if (self->pattern != NULL)
    return invalid (error, "template: expected either \"domains\" or \"template\", not both");
  if (!is_libvirt_name (template->domain))
    return invalid (error, "template.domain: expected the name of a domain");
  if (!is_libvirt_name (template->storage))
    return invalid (error, "template.storage: expected the name of a storage pool");
  if (!check_prefix (template->prefix, error)
      || !check_number ("template.maximum", template->maximum, 1, MAX_DESKTOPS, error)
      || !check_number ("template.canary_percent", template->canary_percent, 0, 100, error))
    return FALSE;
  if (template->minimum > template->maximum)
    return invalid (error, "template.minimum: %u, expected at most the maximum, %u",
                    template->minimum, template->maximum);
  if (self->spares > template->maximum)
    return invalid (error, "spares: %u, expected at most the template's maximum, %u", self->spares,
                    template->maximum);
  if ((guint) template->personality > FLOE_PERSONALITY_AGENT)
    return invalid (error, "template.personality: expected none, cloud-init or agent");
  return check_script (template, "first_boot", template->first_boot, error)
         && check_script (template, "last_words", template->last_words, error);
}

static gboolean
check_data (const FloePool *self, GError **error)
{
  if (self->data_gib > 0 && self->per_user > 1)
    return invalid (error, "data_gib: expected \"per_user\": 1: a data disk is on one desktop at a "
                           "time");
  if (self->data_gib == 0)
    return TRUE;
  if (self->kind != FLOE_POOL_FLOATING)
    return invalid (error, "data_gib: expected 0: a %s desktop keeps its own disk anyway",
                    floe_pool_kind_name (self->kind));
  return self->template != NULL
         || invalid (error, "data_gib: expected a \"template\": data disks are for desktops that "
                            "the broker makes");
}

/* What an engine decides by itself is not defined here, and what it cannot do is not promised. */
static gboolean
check_engine (const FloePool *self, GError **error)
{
  const FloePoolAct acts[] = { self->on_disconnect,
                               self->on_log_off,
                               self->on_shut_down,
                               self->on_account_end,
                               self->idle_seconds > 0 ? self->on_idle : FLOE_ACT_KEEP,
                               self->limit_seconds > 0 ? self->on_limit : FLOE_ACT_KEEP };

  if (!floe_pool_is_engine (self))
    return self->engine_pool == NULL || invalid (error, "engine: expected an engine as manager");
  if (self->kind == FLOE_POOL_STATIC)
    return invalid (error, "kind: expected floating, or dedicated for an engine's pool of the type "
                           "manual: it is the engine that gives out its desktops");
  if (*self->engine_pool == '\0' || !is_line (self->engine_pool, MAX_TEXT)
      || strchr (self->engine_pool, '"') != NULL)
    return invalid (error, "engine.pool: expected the name of a pool at the engine");
  if (self->pattern != NULL || self->template != NULL)
    return invalid (error, "engine: expected neither \"domains\" nor \"template\" with it");
  if (self->spares > 0 || self->windows->len > 0)
    return invalid (error, "spares: expected 0: the engine keeps its own");
  for (guint i = 0; self->actions[i] != NULL; i++)
    if (g_str_equal (self->actions[i], "fresh"))
      return invalid (error,
                      "actions[%u]: \"fresh\" is not for an engine's pool: which desktop they get "
                      "is the engine's choice",
                      i);
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    if (acts[i] == FLOE_ACT_LOCK || acts[i] == FLOE_ACT_LOG_OFF)
      return invalid (error,
                      "on_...: expected keep, shut-down or reset: an engine neither locks nor "
                      "logs off");
  return TRUE;
}

/**
 * floe_pool_validate:
 *
 * Returns: %TRUE; or %FALSE with %FLOE_ERROR_INVALID naming the field and what is expected
 */
gboolean
floe_pool_validate (const FloePool *self, GError **error)
{
  guint limit = self->template != NULL ? self->template->maximum : MAX_DESKTOPS;

  if (!check_texts (self, error) || !check_numbers (self, error) || !check_engine (self, error)
      || (self->template != NULL && !check_template (self, self->template, error))
      || !floe_pool_check_schedule (self, limit, error) || !check_data (self, error)
      || !check_acts (self, error) || !floe_policy_validate (self->policy, error))
    return FALSE;
  return !self->drain || self->closed
         || invalid (error,
                     "drain: expected \"closed\": true with it: only a closed pool is drained");
}
