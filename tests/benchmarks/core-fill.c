/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>

#include "core-loop.h"

/* A company's desktops and people, for a broker to be started on. Every second desktop is lent, and
 * somebody is connected to it. */

#define BATCH 500

typedef struct
{
  guint first;
  guint n;
} Part;

static gpointer
put_desktops (FloeTx *tx, gconstpointer data, GError **error)
{
  const Part *part = data;

  for (guint i = part->first; i < part->first + part->n; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("office-%06u", i);
      g_autofree gchar *id = g_strdup_printf ("0b9e6a52-7d0c-4f3e-8f5d-%012u", i);
      g_autofree gchar *holder = g_strdup_printf ("uuid-%05u", i / 2);
      g_autofree gchar *user = g_strdup_printf ("u%05u", i / 2);
      g_autoptr (FloeDesktop) desktop = floe_desktop_new (id, name, "office");

      desktop->host = g_strdup_printf ("host-%03u", i % 200);
      desktop->facts.power = FLOE_POWER_ON;
      desktop->facts.guest = FLOE_GUEST_READY;
      desktop->facts.clean = FLOE_CLEAN_DIRTY;
      desktop->memory_mib = 2048;
      if (i % 2 == 0)
        {
          desktop->facts.lease = FLOE_LEASE_HELD;
          desktop->facts.console = FLOE_CONSOLE_CONNECTED;
          desktop->lease = floe_lease_new (holder, user, 1000);
          desktop->lease->address = g_strdup ("192.0.2.1");
        }
      if (!floe_tx_put_desktop (tx, desktop, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

/**
 * bench_fill:
 * @path: as for the other loops
 * @n_desktops: in one pool of an administrator's domains, on 200 hosts that no broker has
 * @n_users: who have logged in once
 */
void
bench_fill (const gchar *path, guint n_desktops, guint n_users)
{
  Bench bench = { 0 };
  g_autoptr (FloePool) pool = bench_new_pool ();

  pool->pattern = g_strdup ("office-*");
  bench_open (&bench, path, pool);
  bench_fill_users (&bench, n_users);
  for (Part part = { 0, 0 }; part.first < n_desktops; part.first += BATCH)
    {
      part.n = MIN (BATCH, n_desktops - part.first);
      bench_write (&bench, put_desktops, &part);
    }
  printf ("{\"done\":%u,\"failed\":0}\n", n_desktops);
}
