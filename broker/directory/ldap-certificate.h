/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-guard.h"
#include "directory/ldap-settings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FloeLdapCertificate:
 * @subject: (nullable): whose it is
 * @issuer: (nullable): who signed it
 * @names: for which names and addresses it is, with ", " between them; "" for none
 * @begins: (nullable): from when on it is valid
 * @ends: (nullable): and until when
 * @problems: what is wrong with it, as far as GIO looks
 *
 * What a server's certificate says of itself.
 */
typedef struct
{
  gchar *subject;
  gchar *issuer;
  gchar *names;
  GDateTime *begins;
  GDateTime *ends;
  GTlsCertificateFlags problems;
} FloeLdapCertificate;

FloeLdapCertificate *floe_ldap_certificate_fetch (const FloeLdapSettings *settings,
                                                  const gchar *uri, FloeLdapGuard *guard,
                                                  gint64 until, GError **error);
void floe_ldap_certificate_free (FloeLdapCertificate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapCertificate, floe_ldap_certificate_free)

G_END_DECLS
