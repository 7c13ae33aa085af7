/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/user.h"
#include "directory/ldap-handle.h"
#include "directory/ldap-person.h"
#include "directory/ldap-test.h"

G_BEGIN_DECLS

/* A test is one struct in several files: servers (ldap-test.c), the base and what a server tells of
 * itself (ldap-test-server.c), the person (ldap-test-person.c) and their groups (ldap-paths.c). */

/**
 * FloeLdapTrial:
 * @test: what is tested
 * @settings: with every default filled in
 * @report: where it is said
 * @guard: ends what hangs
 * @handle: (nullable): a connection to the server whose turn it is, as the service account
 * @found_id: (nullable): who @test's user is, as the first server that knew had it
 */
typedef struct
{
  const FloeLdapTest *test;
  FloeLdapSettings *settings;
  FloeReport *report;
  FloeLdapGuard *guard;
  FloeLdapHandle *handle;
  gchar *found_id;
} FloeLdapTrial;

/**
 * FloeLdapPath:
 * @path: how a person comes to be in a group: "alice → vdi-users → staff"
 * @name: the group's, as the directory spells it
 * @names: by what an entitlement may name it
 */
typedef struct
{
  gchar *path;
  gchar *name;
  GStrv names;
} FloeLdapPath;

/* ldap-test.c */
LDAPMessage *floe_ldap_trial_search (FloeLdapTrial *self, const gchar *base, gint scope,
                                     const gchar *filter, const gchar *const *attributes, gint max,
                                     FloeLdapReply *reply);
LDAPMessage *floe_ldap_trial_read (FloeLdapTrial *self, const gchar *dn,
                                   const gchar *const *attributes);

/* ldap-test-server.c */
void floe_ldap_trial_base (FloeLdapTrial *self);
void floe_ldap_trial_clock (FloeLdapTrial *self);
void floe_ldap_trial_lockout (FloeLdapTrial *self);

/* ldap-test-person.c */
void floe_ldap_trial_person (FloeLdapTrial *self);

/* ldap-paths.c */
GPtrArray *floe_ldap_paths_read (FloeLdapTrial *trial, const FloeLdapPerson *person);
GPtrArray *floe_ldap_paths_read_members (FloeLdapTrial *trial, const FloeLdapPerson *person);

G_END_DECLS
