/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

G_DEFINE_INTERFACE (FloeStore, floe_store, G_TYPE_OBJECT)

static void
floe_store_default_init (FloeStoreInterface *iface)
{
}

/**
 * floe_store_write_async:
 * @self: a store
 * @func: runs in one transaction
 * @input: (transfer full) (nullable): its arguments
 * @input_free: (nullable): frees @input
 * @result_free: (nullable): frees a result that nobody took
 * @callback: called once, on the main thread, after the commit is durable
 * @user_data: for @callback
 *
 * Runs a transaction that may write. It cannot be cancelled: what is recorded is recorded.
 */
void
floe_store_write_async (FloeStore *self, FloeTransaction func, gpointer input,
                        GDestroyNotify input_free, GDestroyNotify result_free,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_STORE_GET_IFACE (self)->run_async (self, FLOE_STORE_WRITE, func, input, input_free,
                                          result_free, NULL, callback, user_data);
}

/**
 * floe_store_note_async:
 *
 * As floe_store_write_async(), but does not wait for the disk, see %FLOE_STORE_NOTE: for what
 * nothing outside the store rests on, such as a log-in. A token that a power cut takes back asks
 * somebody for their password again; an assignment that depends on it is written, and makes it
 * durable.
 */
void
floe_store_note_async (FloeStore *self, FloeTransaction func, gpointer input,
                       GDestroyNotify input_free, GDestroyNotify result_free,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_STORE_GET_IFACE (self)->run_async (self, FLOE_STORE_NOTE, func, input, input_free,
                                          result_free, NULL, callback, user_data);
}

/**
 * floe_store_read_async:
 *
 * Runs a transaction that only reads; it sees one moment of the store, and every write whose answer
 * was given before the call.
 */
void
floe_store_read_async (FloeStore *self, FloeTransaction func, gpointer input,
                       GDestroyNotify input_free, GDestroyNotify result_free,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_STORE_GET_IFACE (self)->run_async (self, FLOE_STORE_READ, func, input, input_free,
                                          result_free, cancellable, callback, user_data);
}

/**
 * floe_store_look_async:
 *
 * As floe_store_read_async(), for a short look that each log-in begins with: where one thread
 * writes, it looks, too. What it wrote last is in its memory, where a reader has to fetch anew
 * whatever was written since it read last, and at a busy time the thread is awake. The look waits
 * for what is being written, which is what whoever looks waits for next in any case.
 */
void
floe_store_look_async (FloeStore *self, FloeTransaction func, gpointer input,
                       GDestroyNotify input_free, GDestroyNotify result_free,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_STORE_GET_IFACE (self)->run_async (self, FLOE_STORE_LOOK, func, input, input_free,
                                          result_free, NULL, callback, user_data);
}

/**
 * floe_store_finish:
 *
 * Returns: (transfer full): what the transaction returned; or %NULL with its error, or with
 *   %FLOE_ERROR_UNAVAILABLE (the database cannot be written or reached; nothing was recorded),
 *   %FLOE_ERROR_BUSY, %FLOE_ERROR_TIMED_OUT (whether it was recorded is unknown),
 *   %FLOE_ERROR_CANCELLED (reads only) or %FLOE_ERROR_INTERNAL
 */
gpointer
floe_store_finish (FloeStore *self, GAsyncResult *result, GError **error)
{
  return FLOE_STORE_GET_IFACE (self)->run_finish (self, result, error);
}
