/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"

G_BEGIN_DECLS

/**
 * Krb5Fixture:
 * @directory: where its files are
 * @keytab: the keys of HTTP/localhost, HTTP/broker.floe.test and HTTP/elsewhere.floe.test
 * @password: everybody's
 *
 * A private key distribution centre of tests/fixtures/krb5-up.sh, with the realms FLOE.TEST and
 * OTHER.TEST; or a domain controller's. The process's environment is set for it, so there has to be
 * no other thread yet. It ends with the test, even when that crashes.
 */
typedef struct
{
  gchar *directory;
  gchar *keytab;
  gchar *password;
} Krb5Fixture;

/**
 * Krb5Mechanism:
 *
 * How a token is wrapped.
 */
typedef enum
{
  KRB5_PLAIN,
  KRB5_SPNEGO,
} Krb5Mechanism;

Krb5Fixture *krb5_fixture_new (void);
Krb5Fixture *krb5_fixture_new_for_domain (const gchar *domain_controller, const gchar *password);
void krb5_fixture_free (Krb5Fixture *self);
gchar *krb5_fixture_log_in (Krb5Fixture *self, const gchar *principal);
FloeSecret *krb5_fixture_token (const gchar *ccache, const gchar *host, Krb5Mechanism mechanism);
void krb5_fixture_renew_key (Krb5Fixture *self, const gchar *principal, const gchar *keytab);

G_END_DECLS
