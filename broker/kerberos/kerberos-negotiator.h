/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/negotiator.h"
#include "util/workers.h"

G_BEGIN_DECLS

/**
 * FloeKerberosNegotiator:
 *
 * Single sign-on with MIT Kerberos: tokens of the mechanisms Kerberos 5 and SPNEGO for the service
 * HTTP of one of the broker's hosts. Each can be used once, as long as the same file
 * of used ones is looked at.
 */
#define FLOE_TYPE_KERBEROS_NEGOTIATOR (floe_kerberos_negotiator_get_type ())
G_DECLARE_FINAL_TYPE (FloeKerberosNegotiator, floe_kerberos_negotiator, FLOE, KERBEROS_NEGOTIATOR,
                      GObject)

FloeNegotiator *floe_kerberos_negotiator_new (const gchar *keytab, const gchar *used,
                                              const gchar *const *host_names);
void floe_kerberos_negotiator_get_load (FloeKerberosNegotiator *self, FloeLoad *load);

G_END_DECLS
