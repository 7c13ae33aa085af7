/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FLOE_EXPOSITION_TYPE:
 *
 * The media type of what these functions write: Prometheus' text exposition format 0.0.4.
 */
#define FLOE_EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

/**
 * FloeSample:
 * @name: of the metric
 * @suffix: what follows it, such as "_sum"; may be empty
 * @labels: (nullable) (array zero-terminated=1): names of labels
 * @values: (nullable): as many values; an empty one is the same as no label
 * @bucket: (nullable): the upper bound of a histogram's bucket, as
 *   floe_exposition_format_number() writes it
 *
 * What one line of the format is about.
 */
typedef struct
{
  const gchar *name;
  const gchar *suffix;
  const gchar *const *labels;
  const gchar *const *values;
  const gchar *bucket;
} FloeSample;

#define FLOE_NUMBER_BYTES 32

void floe_exposition_format_number (gdouble value, gchar text[FLOE_NUMBER_BYTES]);
void floe_exposition_write_head (GString *out, const gchar *name, const gchar *type,
                                 const gchar *help);
void floe_exposition_write_sample (GString *out, const FloeSample *sample, gdouble value);

G_END_DECLS
