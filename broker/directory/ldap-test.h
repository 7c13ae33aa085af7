/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/directories.h"
#include "core/roles.h"
#include "directory/ldap-settings.h"
#include "util/report.h"

G_BEGIN_DECLS

/**
 * FloeLdapTest:
 * @settings: the directory's
 * @user: (nullable): a log-in name, as somebody would type it; no password
 * @directories: (nullable): where it stands beside others, which changes what is called how
 * @nth: which of those it is
 * @section: (nullable): what it is called there; %NULL for the first
 * @roles: (nullable): whose members are what
 * @pools: (nullable) (element-type FloePool): what there is to be entitled to; %NULL where no store
 *   was read
 * @pools_problem: (nullable): why not
 * @person_tries: wrong passwords of one person that reach the directory
 * @pause: seconds after which they are forgotten
 * @heeds_lockout: where the directory is stricter than these two, so is the broker
 * @needs_clock: something is set up that does not work with clocks that are wrong
 * @now: (nullable): this machine's clock, in microseconds since 1970; g_get_real_time() when %NULL
 *
 * What is tested.
 */
typedef struct
{
  const FloeLdapSettings *settings;
  const gchar *user;
  FloeDirectories *directories;
  guint nth;
  const gchar *section;
  const FloeRoleGroups *roles;
  GPtrArray *pools;
  const gchar *pools_problem;
  guint person_tries;
  guint pause;
  gboolean heeds_lockout;
  gboolean needs_clock;
  gint64 (*now) (void);
} FloeLdapTest;

gboolean floe_ldap_test_run (const FloeLdapTest *test, FloeReportPrint print, gpointer data);

G_END_DECLS
