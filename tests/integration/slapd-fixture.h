/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SlapdFixture:
 * @directory: where its files are
 * @uri: `ldap://`, StartTLS
 * @tls_uri: `ldaps://`
 * @address: what both are on
 * @ca: the CA file
 * @base: the suffix
 * @people: where people are
 * @groups: where groups are
 * @service_dn: the broker's account; its password is "secret", as everybody's
 * @pid: the server's, while it runs
 *
 * A private OpenLDAP server of tests/fixtures/slapd-up.sh, which lists the accounts. It ends with
 * the test, even when that crashes.
 */
typedef struct
{
  gchar *directory;
  gchar *uri;
  gchar *tls_uri;
  gchar *address;
  gchar *ca;
  gchar *base;
  gchar *people;
  gchar *groups;
  gchar *service_dn;
  GPid pid;
} SlapdFixture;

SlapdFixture *slapd_fixture_new (const gchar *environment, guint n_users);
void slapd_fixture_free (SlapdFixture *self);
void slapd_fixture_stop (SlapdFixture *self);
void slapd_fixture_start (SlapdFixture *self);
void slapd_fixture_signal (SlapdFixture *self, gint number);
void slapd_fixture_modify (SlapdFixture *self, const gchar *ldif);
gchar *slapd_fixture_read (SlapdFixture *self, const gchar *dn, const gchar *attribute);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlapdFixture, slapd_fixture_free)

G_END_DECLS
