/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool.h"

#include <fnmatch.h>
#include <string.h>

#include "core/error.h"

#define MAX_NAME        64
#define MAX_DESCRIPTION 256
#define MAX_SUBJECTS    1000
#define MAX_SUBJECT     512
#define MAX_SECONDS     (30 * 24 * 3600)

/**
 * floe_pool_new:
 * @name: its name
 * @kind: what becomes of its desktops
 *
 * Returns: (transfer full): a pool of "libvirt" with the usual times and nobody entitled; the maker
 *   fills it before it lets go of it
 */
FloePool *
floe_pool_new (const gchar *name, FloePoolKind kind)
{
  FloePool *self = g_new0 (FloePool, 1);

  self->name = g_strdup (name);
  self->kind = kind;
  self->manager = g_strdup ("libvirt");
  self->groups = g_new0 (gchar *, 1);
  self->users = g_new0 (gchar *, 1);
  self->grace_seconds = FLOE_POOL_GRACE_SECONDS;
  self->ready_seconds = FLOE_POOL_READY_SECONDS;
  self->host_loss_seconds = FLOE_POOL_HOST_LOSS_SECONDS;
  self->per_user = 1;
  self->windows = g_array_new (FALSE, FALSE, sizeof (FloeSpareWindow));
  self->on_disconnect = kind == FLOE_POOL_FLOATING ? FLOE_ACT_RESET : FLOE_ACT_KEEP;
  self->on_limit = FLOE_ACT_LOG_OFF;
  self->on_idle = FLOE_ACT_LOCK;
  return self;
}

FloePool *
floe_pool_copy (const FloePool *self)
{
  FloePool *copy = g_new0 (FloePool, 1);

  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->description = g_strdup (self->description);
  copy->manager = g_strdup (self->manager);
  copy->pattern = g_strdup (self->pattern);
  copy->groups = g_strdupv (self->groups);
  copy->users = g_strdupv (self->users);
  copy->template = self->template != NULL ? floe_template_copy (self->template) : NULL;
  copy->windows = g_array_copy (self->windows);
  copy->message = g_strdup (self->message);
  return copy;
}

void
floe_pool_free (FloePool *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->description);
  g_free (self->manager);
  g_free (self->pattern);
  g_strfreev (self->groups);
  g_strfreev (self->users);
  floe_template_free (self->template);
  g_array_unref (self->windows);
  g_free (self->message);
  g_free (self);
}

/**
 * floe_pool_name_is_valid:
 *
 * Returns: whether @name fits [a-z0-9][a-z0-9-]{0,63}, which can stand in a URL and a file name
 */
gboolean
floe_pool_name_is_valid (const gchar *name)
{
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-");

  return length > 0 && length <= MAX_NAME && name[length] == '\0' && name[0] != '-';
}

static gboolean
subjects_are_valid (GStrv subjects, const gchar *what, GError **error)
{
  guint n = g_strv_length (subjects);

  if (n > MAX_SUBJECTS)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                   "entitlements.%s: %u names, expected at most %u", what, n, MAX_SUBJECTS);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (*subjects[i] == '\0' || strlen (subjects[i]) > MAX_SUBJECT
        || !g_utf8_validate (subjects[i], -1, NULL) || strpbrk (subjects[i], "\n\r") != NULL)
      {
        g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                     "entitlements.%s[%u]: expected a name or DN of 1 to %u bytes on one line",
                     what, i, MAX_SUBJECT);
        return FALSE;
      }
  return TRUE;
}

static gboolean
invalid (GError **error, const gchar *text)
{
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, text);
  return FALSE;
}

/**
 * floe_pool_validate:
 *
 * Returns: %TRUE; or %FALSE with %FLOE_ERROR_INVALID naming the field and what is expected
 */
gboolean
floe_pool_validate (const FloePool *self, GError **error)
{
  if (!floe_pool_name_is_valid (self->name))
    return invalid (error, "name: expected 1 to 64 of a-z, 0-9 and -, not beginning with -");
  if (self->description != NULL
      && (strlen (self->description) > MAX_DESCRIPTION
          || !g_utf8_validate (self->description, -1, NULL)))
    return invalid (error, "description: expected at most 256 bytes of text");
  if (g_strcmp0 (self->manager, "libvirt") != 0)
    return invalid (error, "manager: expected \"libvirt\"");
  if (self->pattern != NULL && (*self->pattern == '\0' || strlen (self->pattern) > MAX_DESCRIPTION))
    return invalid (error, "domains.pattern: expected a name pattern such as \"office-*\"");
  if (self->grace_seconds > MAX_SECONDS)
    return invalid (error, "grace_seconds: expected 0 to 2592000 (30 days)");
  if (self->ready_seconds < 1 || self->ready_seconds > 3600)
    return invalid (error, "ready_seconds: expected 1 to 3600");
  return subjects_are_valid (self->groups, "groups", error)
         && subjects_are_valid (self->users, "users", error);
}

/**
 * floe_pool_has_domain:
 *
 * Returns: whether @domain belongs to the pool. A domain whose metadata names a pool belongs to
 * that pool only, whatever patterns say
 */
gboolean
floe_pool_has_domain (const FloePool *self, const FloeDomain *domain)
{
  if (domain->pool != NULL)
    return self->pattern == NULL && strcmp (domain->pool, self->name) == 0;
  return self->pattern != NULL && fnmatch (self->pattern, domain->name, 0) == 0;
}

/**
 * floe_pool_entitles:
 *
 * Returns: whether @user may have a desktop of this pool: named by log-in name, or in a group
 */
gboolean
floe_pool_entitles (const FloePool *self, const FloeUser *user)
{
  g_autofree gchar *name = g_utf8_casefold (user->name, -1);

  for (guint i = 0; self->users[i] != NULL; i++)
    {
      g_autofree gchar *folded = g_utf8_casefold (self->users[i], -1);

      if (strcmp (folded, name) == 0)
        return TRUE;
    }
  for (guint i = 0; self->groups[i] != NULL; i++)
    if (floe_user_in_group (user, self->groups[i]))
      return TRUE;
  return FALSE;
}

static void
diff_text (GStrvBuilder *out, const gchar *key, const gchar *before, const gchar *after)
{
  g_autofree gchar *line = NULL;

  if (g_strcmp0 (before, after) == 0)
    return;
  line = g_strdup_printf ("%s: %s -> %s", key, before != NULL ? before : "(none)",
                          after != NULL ? after : "(none)");
  g_strv_builder_add (out, line);
}

static void
diff_number (GStrvBuilder *out, const gchar *key, guint before, guint after)
{
  g_autofree gchar *line = NULL;

  if (before == after)
    return;
  line = g_strdup_printf ("%s: %u -> %u", key, before, after);
  g_strv_builder_add (out, line);
}

static void
diff_set (GStrvBuilder *out, const gchar *key, GStrv before, GStrv after)
{
  for (guint i = 0; after[i] != NULL; i++)
    if (!g_strv_contains ((const gchar *const *)before, after[i]))
      {
        g_autofree gchar *line = g_strdup_printf ("%s: + %s", key, after[i]);

        g_strv_builder_add (out, line);
      }
  for (guint i = 0; before[i] != NULL; i++)
    if (!g_strv_contains ((const gchar *const *)after, before[i]))
      {
        g_autofree gchar *line = g_strdup_printf ("%s: - %s", key, before[i]);

        g_strv_builder_add (out, line);
      }
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
      g_autofree gchar *line = g_strdup_printf ("new %s pool", floe_pool_kind_name (after->kind));

      g_strv_builder_add (out, line);
      before = none = floe_pool_new (after->name, after->kind);
    }
  diff_text (out, "kind", floe_pool_kind_name (before->kind), floe_pool_kind_name (after->kind));
  diff_text (out, "description", before->description, after->description);
  diff_text (out, "manager", before->manager, after->manager);
  diff_text (out, "domains",
             before->pattern != NULL || none != NULL ? before->pattern : "by metadata",
             after->pattern != NULL ? after->pattern : "by metadata");
  diff_set (out, "entitlements.groups", before->groups, after->groups);
  diff_set (out, "entitlements.users", before->users, after->users);
  diff_number (out, "grace_seconds", before->grace_seconds, after->grace_seconds);
  diff_number (out, "ready_seconds", before->ready_seconds, after->ready_seconds);
  diff_text (out, "closed", before->closed ? "yes" : "no", after->closed ? "yes" : "no");
  return g_strv_builder_end (out);
}
