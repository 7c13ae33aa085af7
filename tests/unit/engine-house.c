/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-house.h"

/* One that neither locks nor logs off, as an engine's must not. */
FloePool *
engine_house_new_pool (const gchar *name, FloePoolKind kind, const gchar *engine_pool)
{
  FloePool *pool = house_new_pool (name, kind, NULL);

  g_free (pool->manager);
  pool->manager = g_strdup ("host1");
  pool->engine_pool = g_strdup (engine_pool);
  pool->on_account_end = kind == FLOE_POOL_FLOATING ? FLOE_ACT_RESET : FLOE_ACT_SHUT_DOWN;
  return pool;
}

void
engine_house_add_vm (House *house, const gchar *engine_pool, const gchar *name, FloePower power)
{
  FloeDomain *domain = fake_manager_add (house->manager, name, power);

  domain->engine = TRUE;
  g_free (domain->pool);
  domain->pool = g_strdup (engine_pool);
}

/* With two VMs of the pool. */
House *
engine_house_new (const FloePool *pool, const gchar *running, const gchar *off)
{
  House *house = house_new ();

  engine_house_add_vm (house, pool->engine_pool, running, FLOE_POWER_ON);
  engine_house_add_vm (house, pool->engine_pool, off, FLOE_POWER_OFF);
  fake_manager_list (house->manager);
  house_put_pool (house, pool);
  fake_manager_list (house->manager);
  house_settle (house);
  fake_manager_clear_log (house->manager);
  return house;
}
