/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Reads Prometheus' text format as strictly as it is written down: what is not right fails the
 * test.
 */

typedef struct
{
  gchar *name;
  GPtrArray *labels; /* gchar *: name and value by turns, in the order in which they came */
  gdouble value;
} ReadSample;

typedef struct
{
  GHashTable *types; /* metric to type */
  GHashTable *helps;
  GPtrArray *samples; /* ReadSample */
} Exposition;

Exposition *exposition_read (const gchar *text);
void exposition_free (Exposition *self);
const gchar *exposition_label (const ReadSample *sample, const gchar *name);

/* The value of a series, which must be there; its labels are given as {a="b",c="d"} or "". */
gdouble exposition_get (const Exposition *self, const gchar *name, const gchar *labels);
gboolean exposition_has (const Exposition *self, const gchar *name, const gchar *labels);

/* The metric that a sample belongs to. */
gchar *exposition_metric_of (const Exposition *self, const ReadSample *sample);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Exposition, exposition_free)

G_END_DECLS
