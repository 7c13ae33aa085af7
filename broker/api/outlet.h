/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/link.h"
#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeOutlet:
 * @length: how many bytes wait
 *
 * What has to go out on a link, in its order and without copies. All zero at first.
 */
typedef struct
{
  gsize length;

  GQueue pieces; /* of FloeSecret */
  gsize sent;    /* of the first */
} FloeOutlet;

void floe_outlet_add (FloeOutlet *self, FloeSecret *bytes);
gboolean floe_outlet_flush (FloeOutlet *self, FloeLink *link);
void floe_outlet_clear (FloeOutlet *self);

G_END_DECLS
