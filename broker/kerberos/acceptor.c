/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kerberos/acceptor.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "kerberos/gss-error.h"
#include "kerberos/pac.h"

#define SERVICE "HTTP"

#define KEYTAB_TYPE "FILE:"
#define USED_TYPE   "file2:"

/* Longer than any principal that a directory would be asked for. */
#define NAME_MAX_BYTES 512

/* A client that is set up wrongly sends a bad token with each start. */
#define COMPLAINT_PAUSE (60 * G_USEC_PER_SEC)

struct _FloeAcceptor
{
  gchar *keytab;
  gchar *used; /* NULL for the library's choice */
  GStrv host_names;
  GMutex lock;
  gint64 next_complaint; /* guarded by @lock */
};

/* RFC 4178's SPNEGO: 1.3.6.1.5.5.2. */
static gss_OID_desc spnego = { 6, (void *)"\x2b\x06\x01\x05\x05\x02" };

/* One call's state. */
typedef struct
{
  gss_cred_id_t key;
  gss_ctx_id_t context;
  gss_name_t client;
  gss_OID mech; /* static */
  OM_uint32 flags;
} Call;

static void
call_clear (Call *call)
{
  OM_uint32 minor;

  gss_release_cred (&minor, &call->key);
  gss_delete_sec_context (&minor, &call->context, GSS_C_NO_BUFFER);
  gss_release_name (&minor, &call->client);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

/**
 * floe_acceptor_new:
 * @keytab: the path of our keys
 * @used: (nullable): the path of a file in which tokens that were used are noted; %NULL for one of
 *   the library's choice, of which systemd keeps one only for as long as the broker runs
 * @host_names: (array zero-terminated=1): which hosts we are
 *
 * Returns: (transfer full): the acceptor
 */
FloeAcceptor *
floe_acceptor_new (const gchar *keytab, const gchar *used, const gchar *const *host_names)
{
  FloeAcceptor *self = g_new0 (FloeAcceptor, 1);

  self->keytab = g_strconcat (KEYTAB_TYPE, keytab, NULL);
  self->used = used != NULL ? g_strconcat (USED_TYPE, used, NULL) : NULL;
  self->host_names = g_strdupv ((gchar **)host_names);
  g_mutex_init (&self->lock);
  return self;
}

void
floe_acceptor_free (FloeAcceptor *self)
{
  g_mutex_clear (&self->lock);
  g_strfreev (self->host_names);
  g_free (self->keytab);
  g_free (self->used);
  g_free (self);
}

static gboolean
may_complain (FloeAcceptor *self)
{
  gint64 now = g_get_monotonic_time ();
  gboolean may;

  g_mutex_lock (&self->lock);
  may = now >= self->next_complaint;
  if (may)
    self->next_complaint = now + COMPLAINT_PAUSE;
  g_mutex_unlock (&self->lock);
  return may;
}

static void
set_wrong (GError **error)
{
  floe_gss_set_refusal (error, 0, "");
}

/* Every key for HTTP, whatever the host: which host it was is looked at afterwards. Kerberos only,
 * by itself or inside of SPNEGO. */
static OM_uint32
open_key (FloeAcceptor *self, Call *call, OM_uint32 *minor)
{
  gss_buffer_desc service = { strlen (SERVICE), (void *)SERVICE };
  gss_key_value_element_desc elements[] = { { "keytab", self->keytab }, { "rcache", self->used } };
  gss_key_value_set_desc store = { self->used != NULL ? 2 : 1, elements };
  gss_OID_desc both[2] = { *gss_mech_krb5, spnego };
  gss_OID_set_desc mechs = { 2, both };
  gss_OID_set_desc inner = { 1, both };
  gss_name_t name = GSS_C_NO_NAME;
  OM_uint32 ignored;
  OM_uint32 major = gss_import_name (minor, &service, GSS_C_NT_HOSTBASED_SERVICE, &name);

  if (!GSS_ERROR (major))
    major = gss_acquire_cred_from (minor, name, GSS_C_INDEFINITE, &mechs, GSS_C_ACCEPT, &store,
                                   &call->key, NULL, NULL);
  if (!GSS_ERROR (major))
    major = gss_set_neg_mechs (minor, call->key, &inner);
  gss_release_name (&ignored, &name);
  return major;
}

/* require_key: whether the file is there is looked at before, since the library leaks a little with
 * each one that is not */
static gboolean
require_key (FloeAcceptor *self, Call *call, GError **error)
{
  OM_uint32 minor = 0;
  OM_uint32 major = GSS_S_NO_CRED;
  g_autofree gchar *description = NULL;

  if (g_access (self->keytab + strlen (KEYTAB_TYPE), R_OK) != 0)
    description = g_strdup (g_strerror (errno));
  else
    major = open_key (self, call, &minor);
  if (!GSS_ERROR (major))
    return TRUE;
  if (description == NULL)
    description = floe_gss_describe (major, minor, gss_mech_krb5);
  if (may_complain (self))
    g_warning ("%s has no key for HTTP that can be used: %s", self->keytab, description);
  floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "kerberos-key",
                         "the broker's Kerberos key cannot be used");
  return FALSE;
}

/* One message is all there is: whatever wants to go on is refused. */
static gboolean
accept_token (FloeAcceptor *self, Call *call, const FloeSecret *token, GError **error)
{
  gsize length;
  const gchar *bytes = floe_secret_get (token, &length);
  gss_buffer_desc input = { length, (void *)bytes };
  gss_buffer_desc reply = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor = 0, ignored;
  OM_uint32 major =
      gss_accept_sec_context (&minor, &call->context, call->key, &input, GSS_C_NO_CHANNEL_BINDINGS,
                              &call->client, &call->mech, &reply, &call->flags, NULL, NULL);
  g_autofree gchar *description = NULL;

  gss_release_buffer (&ignored, &reply);
  if (major == GSS_S_COMPLETE)
    return TRUE;
  description = floe_gss_describe (major, minor, call->mech);
  if (may_complain (self))
    g_message ("a Kerberos token was not accepted: %s", description);
  floe_gss_set_refusal (error, minor, description);
  return FALSE;
}

static gchar *
name_to_text (gss_name_t name)
{
  gss_buffer_desc words = GSS_C_EMPTY_BUFFER;
  gss_OID type = GSS_C_NO_OID;
  OM_uint32 minor;
  gchar *text = NULL;

  if (GSS_ERROR (gss_display_name (&minor, name, &words, &type)))
    return NULL;
  if (type != GSS_C_NO_OID && gss_oid_equal (type, GSS_KRB5_NT_PRINCIPAL_NAME)
      && words.length < NAME_MAX_BYTES && memchr (words.value, '\0', words.length) == NULL
      && g_utf8_validate (words.value, (gssize)words.length, NULL))
    text = g_strndup (words.value, words.length);
  gss_release_buffer (&minor, &words);
  return text;
}

/* `HTTP/HOST@REALM`, of one of our hosts. */
static gboolean
is_for_us (FloeAcceptor *self, const gchar *service)
{
  const gchar *host;
  gsize length;

  if (service == NULL || !g_str_has_prefix (service, SERVICE "/"))
    return FALSE;
  host = service + strlen (SERVICE "/");
  length = strcspn (host, "@");
  for (guint i = 0; self->host_names[i] != NULL; i++)
    if (strlen (self->host_names[i]) == length
        && g_ascii_strncasecmp (self->host_names[i], host, length) == 0)
      return TRUE;
  return FALSE;
}

static FloePrincipal *
find_client (const Call *call)
{
  g_autofree gchar *name = name_to_text (call->client);
  g_autoptr (GBytes) sid = floe_pac_read_sid (call->client);

  return name != NULL ? floe_principal_new (name, sid) : NULL;
}

static gchar *
find_service (const Call *call)
{
  gss_name_t name = GSS_C_NO_NAME;
  OM_uint32 minor;
  gchar *service = NULL;

  if (!GSS_ERROR (
          gss_inquire_context (&minor, call->context, NULL, &name, NULL, NULL, NULL, NULL, NULL))
      && name != GSS_C_NO_NAME)
    service = name_to_text (name);
  gss_release_name (&minor, &name);
  return service;
}

/**
 * floe_acceptor_run:
 * @token: a client's first and only message
 *
 * Blocks on the keytab and on the cache of tokens that were used.
 *
 * Returns: (transfer full): who sent it; or %NULL with the errors of
 *   floe_negotiator_accept_finish()
 */
FloePrincipal *
floe_acceptor_run (FloeAcceptor *self, const FloeSecret *token, GError **error)
{
  g_auto (Call) call = { GSS_C_NO_CREDENTIAL, GSS_C_NO_CONTEXT, GSS_C_NO_NAME, GSS_C_NO_OID, 0 };
  g_autofree gchar *service = NULL;
  FloePrincipal *principal = NULL;

  if (floe_secret_is_empty (token))
    {
      set_wrong (error);
      return NULL;
    }
  if (!require_key (self, &call, error) || !accept_token (self, &call, token, error))
    return NULL;
  service = find_service (&call);
  if (is_for_us (self, service) && (call.flags & GSS_C_ANON_FLAG) == 0
      && gss_oid_equal (call.mech, gss_mech_krb5))
    principal = find_client (&call);
  else if (may_complain (self))
    g_message ("a Kerberos token was for \"%s\", which is none of host_names",
               service != NULL ? service : "");
  if (principal == NULL)
    set_wrong (error);
  return principal;
}
