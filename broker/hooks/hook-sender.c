/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hooks/hook-sender.h"

#include <libsoup/soup.h>
#include <string.h>

#include "core/date.h"
#include "core/error.h"
#include "hooks/hook-body.h"

#define TICK       G_TIME_SPAN_SECOND
#define AT_ONCE    100 /* rows */
#define PATIENCE_S 10

/* Where several brokers write, a row may be seen after others that have later places: for so long
 * at most, which is how long a transaction may take. */
#define SETTLING (15 * G_TIME_SPAN_SECOND)

struct _FloeHookSender
{
  GObject parent_instance;

  FloeStore *store;
  FloeWebhooks *hooks;
  FloeClock *clock;
  FloeGuard guard; /* NULL where no other broker can be */
  gpointer guard_data;
  SoupSession *session;
  GCancellable *cancellable; /* of what is under way; NULL while stopped */
  guint tick;
  guint busy; /* how much is under way */
};

G_DEFINE_FINAL_TYPE (FloeHookSender, floe_hook_sender, G_TYPE_OBJECT)

/* One of those who are to be told, and what. */
typedef struct
{
  FloeHookSender *sender;
  FloeWebhook *hook; /* as it will be once it was told */
  gint64 told;       /* as these are until then */
  gint64 heard;
  GPtrArray *rows;
  SoupMessage *message;
} Delivery;

static void
delivery_free (Delivery *delivery)
{
  g_clear_object (&delivery->sender);
  floe_webhook_free (delivery->hook);
  g_clear_pointer (&delivery->rows, g_ptr_array_unref);
  g_clear_object (&delivery->message);
  g_free (delivery);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Delivery, delivery_free)

/* What came of it. */

static gpointer
record_note (FloeTx *tx, gconstpointer hook, GError **error)
{
  return floe_tx_note_webhook (tx, hook, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
noted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeHookSender) self = data;
  g_autoptr (GError) error = NULL;

  self->busy--;
  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_info ("what a webhook was told is not recorded, and may be told again: %s", error->message);
}

/* note: takes @delivery */
static void
note (Delivery *delivery)
{
  g_autoptr (Delivery) owned = delivery;
  FloeHookSender *self = owned->sender;

  floe_store_write_async (self->store, record_note, g_steal_pointer (&owned->hook),
                          (GDestroyNotify)floe_webhook_free, NULL, noted, g_object_ref (self));
}

/* fail: takes @delivery; what it is told it is told again */
static void
fail (Delivery *delivery, const gchar *reason, const gchar *why)
{
  FloeWebhook *hook = delivery->hook;

  if (hook->failures == 0)
    g_warning ("webhook %s is not told what happens: %s; it is tried again", hook->name, why);
  hook->told = delivery->told;
  hook->heard = delivery->heard;
  hook->failures++;
  hook->not_before = floe_clock_now (delivery->sender->clock) + floe_webhook_pause (hook->failures);
  g_free (hook->reason);
  hook->reason = g_strdup (reason);
  g_free (hook->problem);
  hook->problem = g_strdup (why);
  note (delivery);
}

static const struct
{
  GTlsCertificateFlags flag;
  const gchar *wrong;
} flaws[] = {
  { G_TLS_CERTIFICATE_UNKNOWN_CA,
    "its certificate is signed by no authority that is trusted here" },
  { G_TLS_CERTIFICATE_BAD_IDENTITY, "its certificate is for another name" },
  { G_TLS_CERTIFICATE_EXPIRED, "its certificate has expired" },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, "its certificate is not valid yet" },
  { G_TLS_CERTIFICATE_REVOKED, "its certificate is revoked" },
  { G_TLS_CERTIFICATE_INSECURE, "its certificate is too weak" },
};

static const gchar *
find_flaw (SoupMessage *message, const GError *error)
{
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (message);

  for (guint i = 0; i < G_N_ELEMENTS (flaws); i++)
    if ((flags & flaws[i].flag) != 0)
      return flaws[i].wrong;
  return error->message;
}

/* fail_to_reach: takes @delivery; nothing came back */
static void
fail_to_reach (Delivery *delivery, const GError *error)
{
  if (error->domain == G_TLS_ERROR)
    fail (delivery, "certificate", find_flaw (delivery->message, error));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    fail (delivery, "silent", "it does not answer in time");
  else
    fail (delivery, "unreachable", error->message);
}

/* answered: takes @delivery */
static void
answered (Delivery *delivery, guint status)
{
  FloeWebhook *hook = delivery->hook;
  g_autofree gchar *answer = g_strdup_printf ("it answers %u", status);

  if (status < 200 || status > 299)
    {
      fail (delivery, "status", answer);
      return;
    }
  hook->failures = 0;
  hook->not_before = 0;
  hook->delivered = floe_clock_now (delivery->sender->clock);
  g_clear_pointer (&hook->reason, g_free);
  g_clear_pointer (&hook->problem, g_free);
  note (delivery);
}

static void
sent (GObject *source, GAsyncResult *result, gpointer data)
{
  Delivery *delivery = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream =
      soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      delivery->sender->busy--;
      delivery_free (delivery);
    }
  else if (stream == NULL)
    fail_to_reach (delivery, error);
  else
    answered (delivery, soup_message_get_status (delivery->message));
}

static SoupMessage *
make_message (Delivery *delivery, const gchar *body, const FloeSecret *secret)
{
  SoupMessage *message = soup_message_new ("POST", delivery->hook->url);
  g_autofree gchar *signature =
      floe_hook_signature (secret, floe_date_of (floe_clock_now (delivery->sender->clock)), body);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  if (message == NULL)
    return NULL;
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Floe-Signature",
                                signature);
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  return message;
}

static gboolean
may_go_on (FloeHookSender *self)
{
  return self->cancellable != NULL && (self->guard == NULL || self->guard (self->guard_data));
}

/* deliver: takes @delivery */
static void
deliver (Delivery *delivery)
{
  FloeHookSender *self = delivery->sender;
  g_autofree gchar *body = floe_hook_body (delivery->rows, delivery->hook);
  g_autoptr (FloeSecret) secret = NULL;
  g_autoptr (GError) error = NULL;

  if (body == NULL)
    {
      note (delivery);
      return;
    }
  secret = floe_webhooks_open (self->hooks, delivery->hook, &error);
  delivery->message = secret != NULL ? make_message (delivery, body, secret) : NULL;
  if (secret == NULL)
    fail (delivery, "key", error->message);
  else if (delivery->message == NULL)
    fail (delivery, "address", "its address is malformed");
  else
    soup_session_send_async (self->session, delivery->message, G_PRIORITY_DEFAULT,
                             self->cancellable, sent, delivery);
}

/* Looking who is to be told what. */

typedef struct
{
  gint64 now;
  gint64 settled;
} Look;

static void
free_row (gpointer row)
{
  if (row != NULL)
    floe_audit_free (row);
}

/* keep: takes @rows: those of them that are settled and not too old; @place: of the last one that
 * was looked at, up to which the hook is told then */
static void
keep (GPtrArray *rows, const Look *look, GPtrArray *kept, gint64 *place)
{
  g_ptr_array_set_free_func (rows, free_row);
  for (guint i = 0; i < rows->len; i++)
    {
      FloeAudit *row = rows->pdata[i];

      if (row->at > floe_date_of (look->settled)
          && row->at < floe_date_of (look->now) + FLOE_DATE_SET_BACK)
        break;
      *place = row->id;
      if (row->at >= floe_date_of (look->now) - FLOE_HOOK_TOO_LATE)
        g_ptr_array_add (kept, g_steal_pointer (&rows->pdata[i]));
    }
  g_ptr_array_unref (rows);
}

/* Returns: (transfer full): without its sender yet */
static Delivery *
read_one (FloeTx *tx, const Look *look, const FloeWebhook *hook, GError **error)
{
  g_autoptr (Delivery) delivery = g_new0 (Delivery, 1);
  GPtrArray *trail = floe_tx_list_trail (tx, hook->told, G_MAXINT64, AT_ONCE, error);
  GPtrArray *more = NULL;

  delivery->hook = floe_webhook_copy (hook);
  delivery->told = hook->told;
  delivery->heard = hook->heard;
  delivery->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_audit_free);
  if (trail == NULL)
    return NULL;
  keep (trail, look, delivery->rows, &delivery->hook->told);
  more = floe_tx_list_happenings (tx, hook->heard, AT_ONCE, error);
  if (more == NULL)
    return NULL;
  keep (more, look, delivery->rows, &delivery->hook->heard);
  return g_steal_pointer (&delivery);
}

/* Returns: (transfer full) (element-type Delivery): of those for whom there is something */
static gpointer
read_due (FloeTx *tx, gconstpointer data, GError **error)
{
  const Look *look = data;
  g_autoptr (GPtrArray) hooks = floe_tx_list_webhooks (tx, error);
  g_autoptr (GPtrArray) due = g_ptr_array_new_with_free_func ((GDestroyNotify)delivery_free);

  for (guint i = 0; hooks != NULL && i < hooks->len; i++)
    {
      const FloeWebhook *hook = hooks->pdata[i];
      g_autoptr (Delivery) delivery = NULL;

      if (hook->not_before > look->now)
        continue;
      delivery = read_one (tx, look, hook, error);
      if (delivery == NULL)
        return NULL;
      if (delivery->hook->told != hook->told || delivery->hook->heard != hook->heard)
        g_ptr_array_add (due, g_steal_pointer (&delivery));
    }
  return hooks != NULL ? g_steal_pointer (&due) : NULL;
}

static void
found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeHookSender) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) due = floe_store_finish (FLOE_STORE (source), result, &error);

  self->busy--;
  if (due == NULL)
    g_info ("who is to be told what happens is not known: %s", error->message);
  if (due == NULL || !may_go_on (self))
    return;
  for (guint i = due->len; i > 0; i--)
    {
      Delivery *delivery = g_ptr_array_steal_index (due, i - 1);

      delivery->sender = g_object_ref (self);
      self->busy++;
      deliver (delivery);
    }
}

/* One look at a time: what is told is in order. */
static gboolean
look_due (gpointer data)
{
  FloeHookSender *self = data;
  Look *look;

  if (self->busy > 0 || !may_go_on (self))
    return G_SOURCE_CONTINUE;
  look = g_new0 (Look, 1);
  look->now = floe_clock_now (self->clock);
  look->settled = self->guard != NULL ? look->now - SETTLING : look->now;
  self->busy++;
  floe_store_read_async (self->store, read_due, look, g_free, (GDestroyNotify)g_ptr_array_unref,
                         NULL, found, g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

/**
 * floe_hook_sender_set_guard:
 *
 * From now on there may be other brokers: what they wrote is told when it has settled, and only
 * while @guard says so.
 */
void
floe_hook_sender_set_guard (FloeHookSender *self, FloeGuard guard, gpointer data)
{
  self->guard = guard;
  self->guard_data = data;
}

void
floe_hook_sender_start (FloeHookSender *self)
{
  if (self->tick != 0)
    return;
  self->cancellable = g_cancellable_new ();
  self->tick = floe_clock_add_timeout (self->clock, TICK, look_due, self, NULL);
}

void
floe_hook_sender_stop (FloeHookSender *self)
{
  floe_clock_clear_timeout (self->clock, &self->tick);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
floe_hook_sender_finalize (GObject *object)
{
  FloeHookSender *self = FLOE_HOOK_SENDER (object);

  floe_hook_sender_stop (self);
  g_object_unref (self->session);
  g_object_unref (self->store);
  g_object_unref (self->hooks);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_hook_sender_parent_class)->finalize (object);
}

static void
floe_hook_sender_class_init (FloeHookSenderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_hook_sender_finalize;
}

static void
floe_hook_sender_init (FloeHookSender *self)
{
  self->session =
      soup_session_new_with_options ("timeout", PATIENCE_S, "user-agent", "floe-broker", NULL);
}

/**
 * floe_hook_sender_new:
 * @store: where the trail is, and what was told is written down: that of the leader
 *
 * Returns: (transfer full): one that is stopped
 */
FloeHookSender *
floe_hook_sender_new (FloeStore *store, FloeWebhooks *hooks, FloeClock *clock)
{
  FloeHookSender *self = g_object_new (FLOE_TYPE_HOOK_SENDER, NULL);

  self->store = g_object_ref (store);
  self->hooks = g_object_ref (hooks);
  self->clock = g_object_ref (clock);
  return self;
}
