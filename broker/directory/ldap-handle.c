/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-handle.h"

#include "core/error.h"
#include "directory/ldap-peer.h"
#include "directory/ldap-socket.h"

#include <openldap.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ldap_result() sleeps no longer than this before it looks whether anybody still waits. */
#define SLICE (G_USEC_PER_SEC / 4)

/* What the guard gives libldap on top of its own time-out. */
#define GUARD_SLACK (G_USEC_PER_SEC / 2)

/* Seconds that a server may take less for a long list: it counts whole ones. */
#define LIST_SLACK 2

struct _FloeLdapHandle
{
  LDAP *ld;
  gint fd; /* libldap closes it */
  FloeLdapGuard *guard;
  gint seconds; /* for one answer; told the server, too */
  gboolean broken;
  gboolean restricted; /* the server lets it do nothing but change the password */
};

/* liblber writes a request from its own buffer and frees that as it is, password and all. This
 * layer above TLS overwrites what has been sent; nobody reads it again, since referrals are never
 * followed and a handle never reconnects. */
static ber_slen_t
wiping_write (Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
  ber_slen_t written = LBER_SBIOD_WRITE_NEXT (layer, bytes, length);

  if (written > 0)
    floe_wipe (bytes, (gsize)written);
  return written;
}

static ber_slen_t
wiping_read (Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
  return LBER_SBIOD_READ_NEXT (layer, bytes, length);
}

static int
wiping_ctrl (Sockbuf_IO_Desc *layer, int option, void *argument)
{
  return LBER_SBIOD_CTRL_NEXT (layer, option, argument);
}

static Sockbuf_IO wiping_layer = {
  .sbi_ctrl = wiping_ctrl,
  .sbi_read = wiping_read,
  .sbi_write = wiping_write,
};

static gboolean
set_plain_options (LDAP *ld, gint seconds)
{
  int version = LDAP_VERSION3;
  int never = LDAP_DEREF_NEVER;
  struct timeval timeout = { seconds, 0 };

  return ldap_set_option (ld, LDAP_OPT_PROTOCOL_VERSION, &version) == LDAP_OPT_SUCCESS
         && ldap_set_option (ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS
         && ldap_set_option (ld, LDAP_OPT_RESTART, LDAP_OPT_ON) == LDAP_OPT_SUCCESS
         && ldap_set_option (ld, LDAP_OPT_DEREF, &never) == LDAP_OPT_SUCCESS
         && ldap_set_option (ld, LDAP_OPT_TIMEOUT, &timeout) == LDAP_OPT_SUCCESS;
}

static gboolean
set_tls_options (LDAP *ld, const gchar *ca_file)
{
  int demand = LDAP_OPT_X_TLS_DEMAND;
  int oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
  int client = 0;

  /* NEWCTX takes over what is set so far: it must come last. */
  return ldap_set_option (ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand) == LDAP_OPT_SUCCESS
         && ldap_set_option (ld, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest) == LDAP_OPT_SUCCESS
         && ldap_set_option (ld, LDAP_OPT_X_TLS_CACERTFILE, ca_file) == LDAP_OPT_SUCCESS
         && ldap_set_option (ld, LDAP_OPT_X_TLS_NEWCTX, &client) == LDAP_OPT_SUCCESS;
}

static gboolean
set_wiping (LDAP *ld)
{
  Sockbuf *buffer = NULL;

  return ldap_get_option (ld, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS && buffer != NULL
         && ber_sockbuf_add_io (buffer, &wiping_layer, LBER_SBIOD_LEVEL_APPLICATION, NULL) == 0;
}

static FloeLdapHandle *
handle_new (const FloeLdapSettings *settings, const gchar *uri, gint fd, GError **error)
{
  FloeLdapHandle *self;
  LDAP *ld = NULL;

  if (ldap_init_fd (fd, LDAP_PROTO_TCP, uri, &ld) != LDAP_SUCCESS)
    {
      close (fd);
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "libldap takes no socket");
      return NULL;
    }
  self = g_new0 (FloeLdapHandle, 1);
  self->ld = ld;
  self->fd = fd;
  self->seconds = (gint)settings->operation_timeout;
  if (set_plain_options (ld, self->seconds) && set_tls_options (ld, settings->ca_file)
      && set_wiping (ld))
    return self;
  floe_ldap_handle_free (self);
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "libldap takes no options; is \"%s\" fine?",
               settings->ca_file);
  return NULL;
}

/* The socket blocks during the handshake, and only the guard ends that. libldap's own time-outs
 * either spin in the handshake or start anew with each byte that a slow server sends. */
static gboolean
start_tls (FloeLdapHandle *self, gboolean extended, const FloeLdapLimit *limit, GError **error)
{
  g_autofree gchar *own_text = NULL;
  char *text = NULL;
  gboolean in_time;
  int rc;

  floe_ldap_socket_set_blocking (self->fd, TRUE);
  floe_ldap_guard_arm (self->guard, self->fd, limit->until);
  rc = extended ? ldap_start_tls_s (self->ld, NULL, NULL) : ldap_install_tls (self->ld);
  in_time = floe_ldap_guard_disarm (self->guard, self->fd);
  if (rc == LDAP_SUCCESS && in_time && ldap_tls_inplace (self->ld) == 1
      && floe_ldap_socket_set_blocking (self->fd, FALSE))
    return TRUE;
  ldap_get_option (self->ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text);
  own_text = g_strdup (text != NULL && *text != '\0' ? text : ldap_err2string (rc));
  ldap_memfree (text);
  if (!in_time)
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down",
                           "the TLS handshake got no answer in time");
  else if (extended && rc > 0)
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down",
                           "the server refuses StartTLS (%s)", own_text);
  else
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down",
                           "no TLS: check the CA file, and the certificate's name and dates (%s)",
                           own_text);
  return FALSE;
}

/**
 * floe_ldap_limit_new:
 * @seconds: for this
 * @until: monotonic time at which all of it is no longer wanted; %G_MAXINT64 for never
 * @cancellable: (nullable): cancelled when nobody waits for it
 *
 * Returns: how long something may take that begins now, and waits in any case
 */
FloeLdapLimit
floe_ldap_limit_new (guint seconds, gint64 until, GCancellable *cancellable)
{
  gint64 end = g_get_monotonic_time () + (gint64)seconds * G_USEC_PER_SEC;

  return (FloeLdapLimit){ MIN (end, until), cancellable };
}

/**
 * floe_ldap_handle_open:
 * @settings: the directory's
 * @uri: one of its servers
 * @guard: outlives the handle
 * @limit: for TCP and TLS together
 *
 * Returns: (transfer full): an encrypted connection to the server that its certificate names; or
 *   %NULL with %FLOE_ERROR_UNAVAILABLE, or %FLOE_ERROR_INTERNAL for trouble of our own
 */
FloeLdapHandle *
floe_ldap_handle_open (const FloeLdapSettings *settings, const gchar *uri, FloeLdapGuard *guard,
                       const FloeLdapLimit *limit, GError **error)
{
  g_autoptr (FloeLdapHandle) self = NULL;
  gint fd = floe_ldap_socket_connect (uri, limit->until, error);

  if (fd < 0)
    return NULL;
  self = handle_new (settings, uri, fd, error);
  if (self == NULL)
    return NULL;
  self->guard = guard;
  if (!start_tls (self, !ldap_is_ldaps_url (uri), limit, error)
      || !floe_ldap_peer_check (self->ld, uri, error))
    {
      self->broken = TRUE;
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
floe_ldap_handle_free (FloeLdapHandle *self)
{
  if (self == NULL)
    return;
  /* Nothing more may be sent, and nobody waited for, on a connection that failed. */
  if (self->broken)
    shutdown (self->fd, SHUT_RDWR);
  ldap_unbind_ext (self->ld, NULL, NULL);
  g_free (self);
}

/**
 * floe_ldap_handle_get:
 *
 * Returns: (transfer none): libldap's handle, for taking results apart
 */
LDAP *
floe_ldap_handle_get (FloeLdapHandle *self)
{
  return self->ld;
}

/**
 * floe_ldap_handle_is_usable:
 *
 * Returns: whether a kept handle may be used again. Asked before each use, so that a connection
 *   which the server has closed meanwhile costs nobody a log-in
 */
gboolean
floe_ldap_handle_is_usable (FloeLdapHandle *self)
{
  return !self->broken && !self->restricted && floe_ldap_socket_is_quiet (self->fd);
}

static gint
failure_code (FloeLdapHandle *self)
{
  int code = LDAP_SERVER_DOWN;

  ldap_get_option (self->ld, LDAP_OPT_RESULT_CODE, &code);
  return code < 0 ? code : LDAP_SERVER_DOWN;
}

static LDAPMessage *
await (FloeLdapHandle *self, gint id, const FloeLdapLimit *limit, gint *code)
{
  gboolean doubted = limit->is_alive == NULL;

  for (;;)
    {
      gint64 now = g_get_monotonic_time ();
      gint64 left = limit->until - now;
      gint64 slice = CLAMP (doubted ? left : MIN (left, limit->doubt_at - now), 0, SLICE);
      struct timeval timeout = { slice / G_USEC_PER_SEC, slice % G_USEC_PER_SEC };
      LDAPMessage *message = NULL;
      int rc = ldap_result (self->ld, id, LDAP_MSG_ALL, &timeout, &message);

      if (rc > 0 && message != NULL)
        return message;
      if (rc < 0)
        *code = failure_code (self);
      else if (g_cancellable_is_cancelled (limit->cancellable))
        *code = LDAP_USER_CANCELLED;
      else if (left <= 0 || (!doubted && now >= limit->doubt_at && !limit->is_alive (limit->data)))
        *code = LDAP_TIMEOUT;
      doubted |= now >= limit->doubt_at;
      if (*code != LDAP_SUCCESS)
        return NULL;
    }
}

static void
read_ppolicy (FloeLdapHandle *self, LDAPControl **controls, FloeLdapReply *reply)
{
  LDAPControl *control = ldap_control_find (LDAP_CONTROL_PASSWORDPOLICYRESPONSE, controls, NULL);
  LDAPPasswordPolicyError problem = PP_noError;
  ber_int_t expires = -1;
  ber_int_t grace = -1;

  if (control == NULL
      || ldap_parse_passwordpolicy_control (self->ld, control, &expires, &grace, &problem)
             != LDAP_SUCCESS)
    return;
  reply->ppolicy = problem == PP_noError ? -1 : (gint)problem;
  reply->grace = grace;
  reply->expires = expires;
}

static void
read_reply (FloeLdapHandle *self, LDAPMessage *message, FloeLdapReply *reply)
{
  LDAPControl **controls = NULL;
  char *text = NULL;
  int rc;

  /* Never LDAP_OPT_DIAGNOSTIC_MESSAGE, which is of the answer before when libldap itself failed. */
  rc = ldap_parse_result (self->ld, message, &reply->code, NULL, &text, NULL, &controls, 0);
  if (rc != LDAP_SUCCESS)
    reply->code = rc < 0 ? rc : LDAP_DECODING_ERROR;
  else if (controls != NULL)
    read_ppolicy (self, controls, reply);
  reply->text = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
  ldap_memfree (text);
  ldap_controls_free (controls);
}

/**
 * floe_ldap_handle_receive:
 * @self: a handle
 * @id: what was sent
 * @limit: how long to wait for the answer
 * @reply: (out caller-allocates): the result
 *
 * Returns: (transfer full) (nullable): everything that came with the result
 */
LDAPMessage *
floe_ldap_handle_receive (FloeLdapHandle *self, gint id, const FloeLdapLimit *limit,
                          FloeLdapReply *reply)
{
  LDAPMessage *message;

  floe_ldap_guard_arm (self->guard, self->fd, limit->until + GUARD_SLACK);
  message = await (self, id, limit, &reply->code);
  if (!floe_ldap_guard_disarm (self->guard, self->fd) && message == NULL)
    reply->code = LDAP_TIMEOUT;
  if (message != NULL)
    read_reply (self, message, reply);
  if (reply->code < 0)
    self->broken = TRUE;
  return message;
}

/**
 * floe_ldap_handle_bind:
 * @self: a handle
 * @dn: whom to become; not empty
 * @password: not empty, without a NUL
 * @limit: how long to wait
 * @reply: (out caller-allocates): the result
 *
 * A simple bind with the password policy control, without which a server lets somebody in whose
 * password has to be changed first.
 */
void
floe_ldap_handle_bind (FloeLdapHandle *self, const gchar *dn, const FloeSecret *password,
                       const FloeLdapLimit *limit, FloeLdapReply *reply)
{
  g_autoptr (FloeLdapMessage) message = NULL;
  LDAPControl policy = { (char *)LDAP_CONTROL_PASSWORDPOLICYREQUEST, { 0, NULL }, 0 };
  LDAPControl *controls[] = { &policy, NULL };
  struct berval credentials;
  gsize length;
  int id = -1;

  credentials.bv_val = (char *)floe_secret_get (password, &length);
  credentials.bv_len = length;
  /* The last gate before the wire, whatever was checked above: never an anonymous or
   * unauthenticated bind, never a password in the clear. */
  if (*dn == '\0' || length == 0 || memchr (credentials.bv_val, '\0', length) != NULL
      || ldap_tls_inplace (self->ld) != 1)
    {
      self->broken = TRUE;
      reply->code = LDAP_PARAM_ERROR;
      return;
    }
  reply->code = ldap_sasl_bind (self->ld, dn, LDAP_SASL_SIMPLE, &credentials, controls, NULL, &id);
  if (reply->code != LDAP_SUCCESS)
    {
      self->broken = TRUE;
      reply->code = reply->code < 0 ? reply->code : LDAP_SERVER_DOWN;
      return;
    }
  message = floe_ldap_handle_receive (self, id, limit, reply);
  /* A locked account leaves the connection as it was. */
  if (reply->ppolicy >= 0 && reply->ppolicy != PP_accountLocked)
    self->restricted = TRUE;
}

/**
 * floe_ldap_handle_may_send:
 *
 * Returns: whether a password may go out: over TLS, and on a connection on which nothing failed.
 * One that may only be used for changing the password is good enough
 */
gboolean
floe_ldap_handle_may_send (FloeLdapHandle *self)
{
  return !self->broken && ldap_tls_inplace (self->ld) == 1;
}

/**
 * floe_ldap_handle_spoil:
 *
 * Notes that a request did not go out as it should: nothing more is sent.
 */
void
floe_ldap_handle_spoil (FloeLdapHandle *self)
{
  self->broken = TRUE;
}

/**
 * floe_ldap_handle_send_search:
 * @self: a handle that is bound as the service account
 * @base: where
 * @scope: %LDAP_SCOPE_SUBTREE or %LDAP_SCOPE_BASE
 * @filter: what
 * @attributes: (array zero-terminated=1): which attributes
 * @max_entries: entries at most
 *
 * Sends a search without waiting, so that several can be under way together.
 *
 * Returns: what to give floe_ldap_handle_receive(), or a negative LDAP result
 */
gint
floe_ldap_handle_send_search (FloeLdapHandle *self, const gchar *base, gint scope,
                              const gchar *filter, const gchar *const *attributes, gint max_entries)
{
  struct timeval timeout = { self->seconds, 0 };
  int id = -1;
  int rc;

  rc = ldap_search_ext (self->ld, base, scope, filter, (char **)attributes, 0, NULL, NULL, &timeout,
                        max_entries, &id);
  if (rc == LDAP_SUCCESS)
    return id;
  self->broken = TRUE;
  return rc < 0 ? rc : LDAP_SERVER_DOWN;
}

/**
 * floe_ldap_handle_send_list:
 * @self: a handle that is bound as the service account
 * @base: below which
 * @filter: what
 * @attributes: (array zero-terminated=1): which attributes
 * @page: how many entries at once (RFC 2696); 0 for all. On one connection a server follows one
 *   search by pages at a time; one that has no pages answers as to any search
 * @cookie: (nullable): which page: empty for the first
 *
 * Sends a search for many entries. The server is given less time than we wait, so that one for
 * which it is too much says so, and is not taken for one that is silent.
 *
 * Returns: as for floe_ldap_handle_send_search()
 */
gint
floe_ldap_handle_send_list (FloeLdapHandle *self, const gchar *base, const gchar *filter,
                            const gchar *const *attributes, gint page, struct berval *cookie)
{
  struct timeval timeout = { MAX (self->seconds - LIST_SLACK, 1), 0 };
  LDAPControl *controls[] = { NULL, NULL };
  int rc = LDAP_SUCCESS;
  int id = -1;

  if (page > 0)
    rc = ldap_create_page_control (self->ld, page, cookie, FALSE, &controls[0]);
  if (rc == LDAP_SUCCESS)
    rc = ldap_search_ext (self->ld, base, LDAP_SCOPE_SUBTREE, filter, (char **)attributes, 0,
                          controls, NULL, &timeout, LDAP_NO_LIMIT, &id);
  ldap_control_free (controls[0]);
  if (rc == LDAP_SUCCESS)
    return id;
  self->broken = TRUE;
  return rc < 0 ? rc : LDAP_SERVER_DOWN;
}

/**
 * floe_ldap_handle_read_cookie:
 * @message: the answer to floe_ldap_handle_send_list()
 * @cookie: (inout): of that page; gets that of the next, to be freed by ber_memfree()
 *
 * Returns: whether there is another page
 */
gboolean
floe_ldap_handle_read_cookie (FloeLdapHandle *self, LDAPMessage *message, struct berval *cookie)
{
  LDAPControl **controls = NULL;
  LDAPControl *control = NULL;
  ber_int_t n = 0;

  ber_memfree (cookie->bv_val);
  *cookie = (struct berval){ 0, NULL };
  if (ldap_parse_result (self->ld, message, NULL, NULL, NULL, NULL, &controls, 0) == LDAP_SUCCESS)
    control = ldap_control_find (LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
  if (control != NULL)
    ldap_parse_pageresponse_control (self->ld, control, &n, cookie);
  ldap_controls_free (controls);
  return cookie->bv_len > 0;
}
