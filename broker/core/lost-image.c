/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lost-image.h"

#include "core/error.h"

/**
 * floe_image_record_lost:
 * @host: where a revision's image was found missing
 * @problem: how that showed, in words
 *
 * From now on the image counts as one that has to be brought there; where hosts share their storage
 * there is nowhere to bring it from, and the next try finds it or not.
 */
gboolean
floe_image_record_lost (FloeTx *tx, const gchar *pool, guint revision, const gchar *host,
                        const gchar *problem, GError **error)
{
  g_autoptr (FloePool) its_pool = floe_tx_get_pool (tx, pool, error);
  g_autoptr (FloeImage) image = NULL;

  if (its_pool == NULL)
    return FALSE;
  if (its_pool->template == NULL || its_pool->template->shared)
    return TRUE;
  image = floe_image_new (pool, revision, host);
  image->problem = g_strdup (problem);
  return floe_tx_put_image (tx, image, error);
}

/**
 * floe_image_record_no_clone:
 * @input: a #FloeKeeperEvent, of a clone that was not made because its image is not there
 */
gpointer
floe_image_record_no_clone (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeKeeperEvent *in = input;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, in->desktop_id, error);

  if (desktop == NULL
      || !floe_image_record_lost (tx, desktop->pool, desktop->revision, desktop->host, in->problem,
                                  error))
    return NULL;
  return floe_keeper_record_event (tx, input, error);
}
