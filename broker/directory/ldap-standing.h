/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/standing.h"
#include "directory/ldap-call.h"
#include "directory/ldap-person.h"

G_BEGIN_DECLS

FloeLdapVerdict floe_ldap_standing_read (const FloeLdapCall *call, const FloeLdapPerson *person,
                                         FloeStanding **standing, GError **error);

G_END_DECLS
