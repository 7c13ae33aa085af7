/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/notice.h"

G_BEGIN_DECLS

/**
 * FloeWords:
 * @code: (nullable): a stable keyword
 * @icon: a symbolic icon's name
 * @title: what happened, English, to be translated
 * @body: what it means and what to do, likewise
 * @remedy: the first thing to offer
 *
 * A row of the tables that every message to a person comes from.
 */
typedef struct
{
  const gchar *code;
  const gchar *icon;
  const gchar *title;
  const gchar *body;
  FloeRemedy remedy;
} FloeWords;

FloeWords floe_words_for_error (const GError *error);
const FloeWords *floe_words_for_end (FloeEndReason reason);
const FloeWords *floe_words_for_cause (FloeEndCause cause);

G_END_DECLS
