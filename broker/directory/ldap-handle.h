/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"
#include "directory/ldap-guard.h"
#include "directory/ldap-outcome.h"
#include "directory/ldap-settings.h"

#include <gio/gio.h>
#include <ldap.h>

G_BEGIN_DECLS

/**
 * FloeLdapLimit:
 * @until: monotonic time at which the answer is no longer wanted
 * @cancellable: (nullable): cancelled when nobody waits for it
 * @doubt_at: monotonic time from which on @is_alive is asked, once, whether to wait on
 * @is_alive: (nullable): whether the server does anything at all; %NULL to wait in any case
 * @data: for @is_alive
 *
 * How long something may take.
 */
typedef struct
{
  gint64 until;
  GCancellable *cancellable;
  gint64 doubt_at;
  gboolean (*is_alive) (gpointer data);
  gpointer data;
} FloeLdapLimit;

FloeLdapLimit floe_ldap_limit_new (guint seconds, gint64 until, GCancellable *cancellable);

/**
 * FloeLdapHandle:
 *
 * One connection to one server: encrypted, its certificate checked, never reconnecting by itself.
 * For one thread at a time. Once anything failed on it, it is good for nothing but being freed.
 */
typedef struct _FloeLdapHandle FloeLdapHandle;

FloeLdapHandle *floe_ldap_handle_open (const FloeLdapSettings *settings, const gchar *uri,
                                       FloeLdapGuard *guard, const FloeLdapLimit *limit,
                                       GError **error);
void floe_ldap_handle_free (FloeLdapHandle *self);
LDAP *floe_ldap_handle_get (FloeLdapHandle *self);
gboolean floe_ldap_handle_is_usable (FloeLdapHandle *self);
void floe_ldap_handle_bind (FloeLdapHandle *self, const gchar *dn, const FloeSecret *password,
                            const FloeLdapLimit *limit, FloeLdapReply *reply);
gboolean floe_ldap_handle_may_send (FloeLdapHandle *self);
void floe_ldap_handle_spoil (FloeLdapHandle *self);
gint floe_ldap_handle_send_search (FloeLdapHandle *self, const gchar *base, gint scope,
                                   const gchar *filter, const gchar *const *attributes,
                                   gint max_entries);
gint floe_ldap_handle_send_list (FloeLdapHandle *self, const gchar *base, const gchar *filter,
                                 const gchar *const *attributes, gint page, struct berval *cookie);
gboolean floe_ldap_handle_read_cookie (FloeLdapHandle *self, LDAPMessage *message,
                                       struct berval *cookie);
LDAPMessage *floe_ldap_handle_receive (FloeLdapHandle *self, gint id, const FloeLdapLimit *limit,
                                       FloeLdapReply *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapHandle, floe_ldap_handle_free)

typedef LDAPMessage FloeLdapMessage;
static inline void
floe_ldap_message_free (FloeLdapMessage *message)
{
  ldap_msgfree (message);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapMessage, floe_ldap_message_free)

G_END_DECLS
