/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in what brokers tell each other. */

void
floe_letter_free (FloeLetter *self)
{
  if (self == NULL)
    return;
  g_free (self->sender);
  g_free (self->recipient);
  g_free (self->body);
  g_free (self);
}

/**
 * floe_tx_put_letter:
 * @letter: one that is new
 */
gboolean
floe_tx_put_letter (FloeTx *self, const FloeLetter *letter, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_letter (self, letter, error);
}

/**
 * floe_tx_list_letters:
 * @recipient: for whom
 * @after: only those whose id is larger
 *
 * Returns: (transfer full) (element-type FloeLetter): the oldest first, 32 at most; or %NULL
 */
GPtrArray *
floe_tx_list_letters (FloeTx *self, const gchar *recipient, gint64 after, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_letters (self, recipient, after, error);
}

/**
 * floe_tx_list_unread:
 * @sender: whose letters
 * @after: only those whose id is larger
 *
 * Returns: (transfer full) (element-type FloeLetter): for each recipient the oldest that was not
 *   taken: its id and its recipient, and nothing else; or %NULL
 */
GPtrArray *
floe_tx_list_unread (FloeTx *self, const gchar *sender, gint64 after, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->list_unread (self, sender, after, error);
}

gboolean
floe_tx_delete_letter (FloeTx *self, gint64 id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_letter (self, id, error);
}

/**
 * floe_tx_prune_letters:
 * @sender: (nullable): whose; %NULL for anybody's
 * @recipient: (nullable): for whom; %NULL for anybody
 * @before: those that were written earlier are gone
 */
gboolean
floe_tx_prune_letters (FloeTx *self, const gchar *sender, const gchar *recipient, gint64 before,
                       GError **error)
{
  return FLOE_TX_GET_IFACE (self)->prune_letters (self, sender, recipient, before, error);
}
