/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/error.h"
#include "core/negotiator.h"

G_BEGIN_DECLS

/**
 * KerberosAnswer:
 *
 * What came of a token; to be zeroed before.
 */
typedef struct
{
  guint answers;
  FloePrincipal *principal;
  GError *error;
} KerberosAnswer;

void kerberos_answer_clear (KerberosAnswer *self);
void kerberos_begin (FloeNegotiator *negotiator, FloeSecret *token, KerberosAnswer *answer);
void kerberos_wait (KerberosAnswer *answer);
FloePrincipal *kerberos_accept (FloeNegotiator *negotiator, FloeSecret *token);
void kerberos_assert_in (FloeNegotiator *negotiator, FloeSecret *token, const gchar *principal);
void kerberos_assert_out (FloeNegotiator *negotiator, FloeSecret *token, FloeError code,
                          const gchar *reason);
void kerberos_assert_wrong (FloeNegotiator *negotiator, FloeSecret *token);
void kerberos_assert_replayed (FloeNegotiator *negotiator, FloeSecret *token);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KerberosAnswer, kerberos_answer_clear)

G_END_DECLS
