/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeMark:
 * @FLOE_MARK_OK: nothing stands in the way here
 * @FLOE_MARK_NO: this stands in the way
 * @FLOE_MARK_INFO: good to know
 */
typedef enum
{
  FLOE_MARK_OK,
  FLOE_MARK_NO,
  FLOE_MARK_INFO,
} FloeMark;

const gchar *floe_mark_name (FloeMark mark);

/**
 * FloeExplanationStep:
 * @code: stable, lower case with hyphens; see docs/api/openapi.yaml
 * @text: English, for people
 */
typedef struct
{
  FloeMark mark;
  gchar *code;
  gchar *text;
} FloeExplanationStep;

/**
 * FloeExplanation:
 * @user: who was asked about: their log-in name, or what was asked for when nobody is known by it
 * @pool: for a desktop of which pool
 * @steps: (element-type FloeExplanationStep): in the order in which a connect decides
 * @conclusion: what a connect would come to now, in one sentence
 *
 * Why somebody gets a desktop, or none.
 */
typedef struct
{
  gchar *user;
  gchar *pool;
  GPtrArray *steps;
  gchar *conclusion;
} FloeExplanation;

void floe_explanation_free (FloeExplanation *self);

/**
 * FloeExplainInput:
 * @user: a log-in name or an id
 * @pool: a pool's name
 * @now: microseconds since 1970 UTC
 */
typedef struct
{
  const gchar *user;
  const gchar *pool;
  gint64 now;
} FloeExplainInput;

gpointer floe_explain (FloeTx *tx, gconstpointer input, GError **error);

/* For the parts of it. */
void floe_explanation_add (FloeExplanation *self, FloeMark mark, const gchar *code,
                           const gchar *format, ...) G_GNUC_PRINTF (4, 5);
gchar *floe_explain_time (gint64 at);
gboolean floe_explain_candidates (FloeExplanation *self, FloeTx *tx, const FloePool *pool,
                                  const gchar *data_host, gint64 now, guint *n_free,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeExplanation, floe_explanation_free)

G_END_DECLS
