/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/lifecycle.h"

G_BEGIN_DECLS

/* A set of values of one fact, as bits; 0 stands for any. */
#define ONE(value) (1u << (value))
#define NOT(value) (~(1u << (value)) & 0xffu)
#define ANY        0u
/* What a fact becomes: a value plus one, so that 0 stands for "stays as it is". */
#define TO(value) ((value) + 1)
#define KEEP      0

/**
 * FloeLifecycleRow:
 *
 * What fits and what follows: sets of values that each fact may have, and what each becomes.
 */
typedef struct
{
  FloeEvent event;
  guint8 nature;
  guint8 power;
  guint8 guest;
  guint8 console;
  guint8 lease;
  guint8 clean;
  guint8 intent;
  guint8 to_power;
  guint8 to_guest;
  guint8 to_console;
  guint8 to_lease;
  guint8 to_clean;
  guint8 to_intent;
  FloeActions actions;
  const gchar *why;
} FloeLifecycleRow;

extern const FloeLifecycleRow floe_lifecycle_rows[];
extern const guint floe_lifecycle_rows_length;

G_END_DECLS
