/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "house.h"

/* A house whose only host is an engine, and which lends a pool of its. */

FloePool *engine_house_new_pool (const gchar *name, FloePoolKind kind, const gchar *engine_pool);
void engine_house_add_vm (House *house, const gchar *engine_pool, const gchar *name,
                          FloePower power);
House *engine_house_new (const FloePool *pool, const gchar *running, const gchar *off);
