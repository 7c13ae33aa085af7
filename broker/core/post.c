/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/post.h"

#include "core/error.h"

#define LOOK_EVERY      (250 * 1000)
#define LOOK_EVERY_BUSY (40 * 1000)
#define BUSY_FOR        (15 * G_USEC_PER_SEC)
/* Two looks that are further apart have something between them that nobody saw. */
#define LOOK_SURELY G_USEC_PER_SEC
#define DEAF_AFTER  (3 * G_USEC_PER_SEC)
/* What a broker left that is gone; longer than clocks differ. */
#define KEEP_FOR (10 * 60 * G_USEC_PER_SEC)
/* How long one may take from its id to its commit: what is older is not looked for again, since the
 * database steps over all that was there until it is cleaned up. */
#define ON_ITS_WAY (15 * G_USEC_PER_SEC)

#define UNTAKEN "letters between brokers that nobody takes are still kept"

G_DEFINE_INTERFACE (FloePostKeys, floe_post_keys, G_TYPE_OBJECT)

struct _FloePost
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  FloePostKeys *keys;
  gboolean stopped;
  gboolean listening;
  gboolean looking;
  gboolean failing; /* the last look */
  gint64 busy_until;
  gint64 every; /* how often is looked now; 0 for not */
  guint look;
  GHashTable *taken;  /* ids of letters that were taken and may still be seen */
  GHashTable *unread; /* recipient to Unread: of ours */
  gint64 after;       /* all letters up to here are history */
  gint64 last;        /* the largest id that was seen by @last_at */
  gint64 last_at;
  gint64 looked_at; /* when the last look succeeded; all these are elapsed microseconds */
};

/* The oldest letter of ours that somebody has not taken. */
typedef struct
{
  gint64 id;
  gint64 since; /* when it was first seen so, elapsed microseconds */
} Unread;

typedef struct
{
  gchar *address;
  gint64 after;
} LookInput;

typedef struct
{
  GPtrArray *letters; /* FloeLetter */
  GPtrArray *unread;  /* likewise, of ours */
} Seen;

/* Deaf: somebody whose letters are thrown away first */
typedef struct
{
  FloePost *post;
  gchar *recipient;
} Deaf;

static guint letter_signal;
static guint deaf_signal;

G_DEFINE_FINAL_TYPE (FloePost, floe_post, G_TYPE_OBJECT)

/* Keys. */

static void
floe_post_keys_default_init (FloePostKeysInterface *iface)
{
}

/**
 * floe_post_keys_get_address:
 *
 * Returns: (transfer none): one of this run of a broker; a line of text
 */
const gchar *
floe_post_keys_get_address (FloePostKeys *self)
{
  return FLOE_POST_KEYS_GET_IFACE (self)->get_address (self);
}

/**
 * floe_post_keys_seal:
 * @recipient: an address
 *
 * Returns: (transfer full): what only @recipient can open, who can tell that it is from here; or
 *   %NULL with %FLOE_ERROR_INVALID for what is no address, or %FLOE_ERROR_INTERNAL
 */
gchar *
floe_post_keys_seal (FloePostKeys *self, const gchar *recipient, const FloeSecret *text,
                     GError **error)
{
  return FLOE_POST_KEYS_GET_IFACE (self)->seal (self, recipient, text, error);
}

/**
 * floe_post_keys_open:
 * @sender: whose it should be
 *
 * Returns: (transfer full): what was sealed; or %NULL with %FLOE_ERROR_INVALID for what is not from
 *   there, not for here, or was changed
 */
FloeSecret *
floe_post_keys_open (FloePostKeys *self, const gchar *sender, const gchar *sealed, GError **error)
{
  return FLOE_POST_KEYS_GET_IFACE (self)->open (self, sender, sealed, error);
}

/* Transactions. */

static void
look_input_free (gpointer data)
{
  LookInput *input = data;

  g_free (input->address);
  g_free (input);
}

static void
seen_free (gpointer data)
{
  Seen *seen = data;

  g_ptr_array_unref (seen->letters);
  g_ptr_array_unref (seen->unread);
  g_free (seen);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Seen, seen_free)

static gpointer
read_letters (FloeTx *tx, gconstpointer data, GError **error)
{
  const LookInput *input = data;
  g_autoptr (GPtrArray) letters = floe_tx_list_letters (tx, input->address, input->after, error);
  GPtrArray *unread =
      letters != NULL ? floe_tx_list_unread (tx, input->address, input->after, error) : NULL;
  Seen *seen;

  if (unread == NULL)
    return NULL;
  seen = g_new0 (Seen, 1);
  seen->letters = g_steal_pointer (&letters);
  seen->unread = unread;
  return seen;
}

static gpointer
write_letter (FloeTx *tx, gconstpointer letter, GError **error)
{
  return floe_tx_put_letter (tx, letter, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* data: the ids of letters */
static gpointer
delete_letters (FloeTx *tx, gconstpointer data, GError **error)
{
  const GArray *ids = data;

  for (guint i = 0; i < ids->len; i++)
    if (!floe_tx_delete_letter (tx, g_array_index (ids, gint64, i), error))
      return NULL;
  return GINT_TO_POINTER (TRUE);
}

/* data: whose, for whom, and until when, as in a letter */
static gpointer
prune (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeLetter *like = data;

  return floe_tx_prune_letters (tx, like->sender, like->recipient, like->at, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

static void
written (GObject *source, GAsyncResult *result, gpointer what)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_message ("%s: %s", (const gchar *)what, error->message);
}

static void
prune_like (FloePost *self, const gchar *sender, const gchar *recipient, gint64 before,
            GAsyncReadyCallback callback, gpointer user_data)
{
  FloeLetter *like = g_new0 (FloeLetter, 1);

  like->sender = g_strdup (sender);
  like->recipient = g_strdup (recipient);
  like->at = before;
  floe_store_write_async (self->store, prune, like, (GDestroyNotify)floe_letter_free, NULL,
                          callback, user_data);
}

/* Looking. */

static void take_up (FloePost *self);

static void
tell (FloePost *self, const FloeLetter *letter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) text =
      floe_post_keys_open (self->keys, letter->sender, letter->body, &error);

  if (text == NULL)
    g_warning ("a letter from broker %s is thrown away: %s", letter->sender, error->message);
  else
    g_signal_emit (self, letter_signal, 0, letter->sender, text);
}

/* take: each once, though it may still be seen after it was taken */
static void
take (FloePost *self, GPtrArray *letters)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&self->taken);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  self->taken = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < letters->len && !self->stopped; i++)
    {
      const FloeLetter *letter = letters->pdata[i];

      g_array_append_val (ids, letter->id);
      g_hash_table_add (self->taken, g_memdup2 (&letter->id, sizeof letter->id));
      if (!g_hash_table_contains (before, &letter->id))
        tell (self, letter);
    }
  if (ids->len == 0 || self->stopped)
    return;
  self->busy_until = floe_clock_elapsed (self->clock) + BUSY_FOR;
  floe_store_write_async (self->store, delete_letters, g_steal_pointer (&ids),
                          (GDestroyNotify)g_array_unref, NULL, written,
                          (gpointer) "letters that were read are still there");
}

static void
pruned (GObject *source, GAsyncResult *result, gpointer data)
{
  Deaf *deaf = data;
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_message (UNTAKEN ": %s", error->message);
  if (!deaf->post->stopped)
    g_signal_emit (deaf->post, deaf_signal, 0, deaf->recipient);
  g_object_unref (deaf->post);
  g_free (deaf->recipient);
  g_free (deaf);
}

/* By what was seen, and not by clocks: a database that stood still makes nobody deaf. */
static void
note_unread (FloePost *self, const FloeLetter *letter, GHashTable *before)
{
  const Unread *known = g_hash_table_lookup (before, letter->recipient);
  Unread *now = g_new (Unread, 1);
  Deaf *deaf;

  now->id = letter->id;
  now->since =
      known != NULL && known->id == letter->id ? known->since : floe_clock_elapsed (self->clock);
  if (floe_clock_elapsed (self->clock) < now->since + DEAF_AFTER)
    {
      g_hash_table_insert (self->unread, g_strdup (letter->recipient), now);
      return;
    }
  g_free (now);
  deaf = g_new (Deaf, 1);
  deaf->post = g_object_ref (self);
  deaf->recipient = g_strdup (letter->recipient);
  prune_like (self, floe_post_get_address (self), letter->recipient, G_MAXINT64, pruned, deaf);
}

static void
note_all_unread (FloePost *self, GPtrArray *unread)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&self->unread);

  self->unread = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < unread->len; i++)
    note_unread (self, unread->pdata[i], before);
}

static void
note_last (FloePost *self, const GPtrArray *letters)
{
  gint64 now = floe_clock_elapsed (self->clock);

  if (letters->len == 0 || now < self->last_at + ON_ITS_WAY)
    return;
  self->after = self->last;
  self->last = MAX (self->last, ((const FloeLetter *)letters->pdata[letters->len - 1])->id);
  self->last_at = now;
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloePost) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Seen) seen = floe_store_finish (FLOE_STORE (source), result, &error);
  gint64 now = floe_clock_elapsed (self->clock);

  self->looking = FALSE;
  if (self->stopped)
    return;
  if (seen == NULL && !self->failing)
    g_warning ("what other brokers write is not heard: %s", error->message);
  self->failing = seen == NULL;
  if (seen == NULL)
    self->after = self->last = 0; /* what comes back may count from somewhere else */
  /* Whoever could not look may have kept nobody else from reading. */
  if (seen == NULL || now > self->looked_at + LOOK_SURELY)
    g_hash_table_remove_all (self->unread);
  if (seen == NULL)
    return;
  self->looked_at = now;
  note_last (self, seen->letters);
  note_all_unread (self, seen->unread);
  take (self, seen->letters);
  take_up (self);
}

static gboolean
look_due (gpointer data)
{
  FloePost *self = data;
  LookInput *input;

  take_up (self);
  if (self->looking || self->every == 0)
    return G_SOURCE_CONTINUE;
  self->looking = TRUE;
  input = g_new (LookInput, 1);
  input->address = g_strdup (floe_post_get_address (self));
  input->after = self->after;
  floe_store_read_async (self->store, read_letters, input, look_input_free, seen_free, NULL, looked,
                         g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

/* take_up: looks as often as is called for now */
static void
take_up (FloePost *self)
{
  gint64 every = 0;

  if (!self->stopped && floe_clock_elapsed (self->clock) < self->busy_until)
    every = LOOK_EVERY_BUSY;
  else if (!self->stopped && self->listening)
    every = LOOK_EVERY;
  if (every == self->every)
    return;
  self->every = every;
  floe_clock_clear_timeout (self->clock, &self->look);
  if (every > 0)
    self->look = floe_clock_add_timeout (self->clock, every, look_due, self, NULL);
}

/**
 * floe_post_set_listening:
 * @listening: whether another broker may write without being written to first
 */
void
floe_post_set_listening (FloePost *self, gboolean listening)
{
  if (listening == self->listening)
    return;
  self->listening = listening;
  if (listening)
    prune_like (self, NULL, NULL, floe_clock_now (self->clock) - KEEP_FOR, written,
                (gpointer)UNTAKEN);
  take_up (self);
}

/* Writing. */

/**
 * floe_post_send:
 * @recipient: an address
 * @text: what is told
 *
 * What the store does not take is said in the log, and is lost like a letter to nobody.
 *
 * Returns: whether it was sealed; or %FALSE with the errors of floe_post_keys_seal()
 */
gboolean
floe_post_send (FloePost *self, const gchar *recipient, const FloeSecret *text, GError **error)
{
  gchar *body = floe_post_keys_seal (self->keys, recipient, text, error);
  FloeLetter *letter;

  if (body == NULL)
    return FALSE;
  letter = g_new0 (FloeLetter, 1);
  letter->sender = g_strdup (floe_post_get_address (self));
  letter->recipient = g_strdup (recipient);
  letter->body = body;
  letter->at = floe_clock_now (self->clock);
  self->busy_until = floe_clock_elapsed (self->clock) + BUSY_FOR;
  floe_store_write_async (self->store, write_letter, letter, (GDestroyNotify)floe_letter_free, NULL,
                          written, (gpointer) "a letter to another broker was not written");
  take_up (self);
  return TRUE;
}

const gchar *
floe_post_get_address (FloePost *self)
{
  return floe_post_keys_get_address (self->keys);
}

/**
 * floe_post_stop:
 *
 * Nothing is told any more.
 */
void
floe_post_stop (FloePost *self)
{
  self->stopped = TRUE;
  take_up (self);
}

static void
floe_post_finalize (GObject *object)
{
  FloePost *self = FLOE_POST (object);

  floe_post_stop (self);
  g_hash_table_unref (self->taken);
  g_hash_table_unref (self->unread);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  g_object_unref (self->keys);
  G_OBJECT_CLASS (floe_post_parent_class)->finalize (object);
}

static void
floe_post_class_init (FloePostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_post_finalize;
  letter_signal = g_signal_new ("letter", FLOE_TYPE_POST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_POINTER);
  deaf_signal = g_signal_new ("deaf", FLOE_TYPE_POST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
floe_post_init (FloePost *self)
{
  self->taken = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->unread = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * floe_post_new:
 * @store: which the other brokers use, too
 */
FloePost *
floe_post_new (FloeStore *store, FloeClock *clock, FloePostKeys *keys)
{
  FloePost *self = g_object_new (FLOE_TYPE_POST, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->keys = g_object_ref (keys);
  return self;
}
