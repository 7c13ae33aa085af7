/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/user.h"

G_BEGIN_DECLS

/**
 * FloeChallenge:
 * @hash: SHA-256 of its token, lower hex
 * @user: whose password was right, as the directory told then
 * @address: from where; nobody else may answer it
 * @terminal: (nullable): by which terminal, as in #FloeCaller
 * @ends: microseconds since 1970 UTC
 * @password_expires: see #FloeUser, which does not keep it in the store
 *
 * A log-in that waits for a code.
 */
typedef struct
{
  gchar *hash;
  FloeUser *user;
  gchar *address;
  gchar *terminal;
  gint64 ends;
  gint64 password_expires;
} FloeChallenge;

void floe_challenge_free (FloeChallenge *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeChallenge, floe_challenge_free)

/**
 * FloeFactor:
 * @sealed: the secret, sealed; the store cannot read it
 * @confirmed: since when it is asked for, microseconds since 1970 UTC; 0 while its owner has not
 *   shown yet that they have it
 *
 * Somebody's second factor.
 */
typedef struct
{
  gchar *sealed;
  gint64 confirmed;
} FloeFactor;

void floe_factor_free (FloeFactor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeFactor, floe_factor_free)

G_END_DECLS
