/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLOE_BACKOFF_LIMIT 15.0

/**
 * FloeBackoff:
 * @failures: how often it failed in a row
 */
typedef struct
{
  guint failures;
} FloeBackoff;

gdouble floe_backoff_next (FloeBackoff *self, gdouble dice);
void floe_backoff_reset (FloeBackoff *self);

G_END_DECLS
