/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory-client.h"

G_BEGIN_DECLS

/**
 * DirectoryServer:
 * @directory: where its files are
 * @uri: `ldap://`, StartTLS
 * @tls_uri: `ldaps://`
 * @ca: the CA file
 * @base: the suffix
 * @people: where people are
 * @service_dn: the broker's account
 * @password: everybody's
 * @admin_dn: who may change everything
 * @admin_password: and their password
 *
 * A private directory server of a script in tests/fixtures, which lists the accounts. It ends with
 * the test, even when that crashes.
 */
typedef struct
{
  gchar *directory;
  gchar *uri;
  gchar *tls_uri;
  gchar *ca;
  gchar *base;
  gchar *people;
  gchar *service_dn;
  gchar *password;
  gchar *admin_dn;
  gchar *admin_password;
} DirectoryServer;

DirectoryServer *directory_server_new (const gchar *script, const gchar *owner_variable,
                                       guint n_users);
void directory_server_free (DirectoryServer *self);
FloeDirectory *directory_server_open (DirectoryServer *self, const gchar *profile,
                                      void (*change) (FloeLdapSettings *settings));
FloeDirectory *directory_server_open_as_admin (DirectoryServer *self, const gchar *profile);
void directory_server_modify (DirectoryServer *self, const gchar *ldif);
gchar *directory_server_read (DirectoryServer *self, const gchar *dn, const gchar *attribute);

/**
 * DirectoryState:
 * @name: an account
 * @right: what a log-in with the right password comes to: "" for success
 *
 * A row of what is known of real servers. With a wrong password it is always "wrong-credentials".
 */
typedef struct
{
  const gchar *name;
  const gchar *right;
} DirectoryState;

void directory_server_assert_states (DirectoryServer *self, FloeDirectory *directory,
                                     const DirectoryState *states, guint n_states);
void directory_server_assert_starttls (DirectoryServer *self, const gchar *profile);
void directory_server_assert_wrong_ca (DirectoryServer *self, const gchar *profile);
void directory_server_assert_no_plain (DirectoryServer *self, const gchar *profile, gint code,
                                       const gchar *words);
gchar *directory_server_id (DirectoryServer *self, FloeDirectory *directory, const gchar *name);
void directory_server_look_up (FloeDirectory *directory, const gchar *id, DirectoryAnswer *answer);
void directory_server_log_in (DirectoryServer *self, FloeDirectory *directory, const gchar *name,
                              DirectoryAnswer *answer);
void directory_server_assert_find_group (DirectoryServer *self, FloeDirectory *directory,
                                         const gchar *prefix);

G_END_DECLS
