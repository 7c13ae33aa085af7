/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory-server.h"
#include "directory/ldap-test.h"

G_BEGIN_DECLS

/**
 * DirectorySaid:
 * @lines: (element-type utf8): what was said, in order
 * @fine: and what it came to
 *
 * What a test of the directory says; to be cleared.
 */
typedef struct
{
  GPtrArray *lines;
  gboolean fine;
} DirectorySaid;

void directory_said_run (const FloeLdapTest *test, DirectorySaid *said);
void directory_said_ask (DirectoryServer *server, const gchar *profile, const gchar *user,
                         DirectorySaid *said);
guint directory_said_count (const DirectorySaid *said, const gchar *pattern);
void directory_said_clear (DirectorySaid *said);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DirectorySaid, directory_said_clear)

#define assert_said(said, pattern)  g_assert_cmpuint (directory_said_count (said, pattern), >, 0)
#define assert_quiet(said, pattern) g_assert_cmpuint (directory_said_count (said, pattern), ==, 0)

G_END_DECLS
