/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-outcome.h"

G_BEGIN_DECLS

gchar *floe_ldap_refusal_words (const FloeLdapReply *reply);

G_END_DECLS
