/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/principal.h"
#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeAcceptor:
 *
 * Looks at tokens, on any thread. Nothing of the key is kept: a keytab that was replaced counts at
 * once.
 */
typedef struct _FloeAcceptor FloeAcceptor;

FloeAcceptor *floe_acceptor_new (const gchar *keytab, const gchar *used,
                                 const gchar *const *host_names);
void floe_acceptor_free (FloeAcceptor *self);
FloePrincipal *floe_acceptor_run (FloeAcceptor *self, const FloeSecret *token, GError **error);

G_END_DECLS
