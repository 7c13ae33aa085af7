/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/error.h"
#include "directory/ldap-directory.h"
#include "slapd-fixture.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * DirectoryAnswer:
 *
 * What a call came to; to be cleared.
 */
typedef struct
{
  FloeUser *user;
  GError *error;
  guint answers;
} DirectoryAnswer;

void directory_answer_clear (DirectoryAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DirectoryAnswer, directory_answer_clear)

FloeDirectory *directory_for (SlapdFixture *slapd);
FloeDirectory *directory_with (SlapdFixture *slapd, const gchar *uris,
                               void (*change) (FloeLdapSettings *settings));
void directory_free (FloeDirectory *directory);

void directory_begin (FloeDirectory *directory, const gchar *name, const gchar *password,
                      GCancellable *cancellable, DirectoryAnswer *answer);
void directory_begin_look_up (FloeDirectory *directory, const gchar *id, DirectoryAnswer *answer);
void directory_wait (DirectoryAnswer *answer);

void directory_assert_in (FloeDirectory *directory, const gchar *name, const gchar *password);
void directory_assert_out (FloeDirectory *directory, const gchar *name, const gchar *password,
                           FloeError code, const gchar *reason);
void directory_assert_no_password_out (FloeDirectory *directory, const gchar *name,
                                       const gchar *password);
void directory_assert_down (FloeDirectory *directory);
gdouble directory_seconds_since (gint64 began);
gdouble directory_cpu_seconds (void);
void directory_vouch (FloeDirectory *directory, const FloePrincipal *principal,
                      DirectoryAnswer *answer);
void directory_assert_vouch_for (FloeDirectory *directory, const FloePrincipal *principal,
                                 const gchar *reason, const gchar *id);
void directory_assert_vouch (FloeDirectory *directory, const gchar *principal, const gchar *reason,
                             const gchar *id);
void directory_assert_look_up (FloeDirectory *directory, const gchar *id, gint code,
                               const gchar *reason);
void directory_change (FloeDirectory *directory, const gchar *name, const gchar *old,
                       const gchar *new, DirectoryAnswer *answer);
void directory_assert_change (FloeDirectory *directory, const gchar *name, const gchar *old,
                              const gchar *new, const gchar *reason, const gchar *words);
void directory_assert_lockout (FloeDirectory *directory, guint tries, guint window);
gchar *directory_id (FloeDirectory *directory, const gchar *name);
gchar *directory_id_of (FloeDirectory *directory, const gchar *name, const gchar *password);
FloeStanding *directory_examine (FloeDirectory *directory, const gchar *id, GError **error);
gchar *directory_find_group (FloeDirectory *directory, const gchar *name);
void directory_assert_standing (FloeDirectory *directory, const gchar *id, const gchar *reasons);
void directory_assert_locked (FloeDirectory *directory, const gchar *id, gint64 until);
void directory_assert_wrong (FloeDirectory *directory, const gchar *name, const gchar *password,
                             const gchar *cause);

void directory_log_init (void);
void directory_log_expect (const gchar *pattern);
guint directory_log_seen (const gchar *pattern);

G_END_DECLS
