/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-error.h"

#include <errno.h>
#include <libvirt/virterror.h>
#include <string.h>

typedef struct
{
  gint code;
  FloeError error;
} Mapping;

/* Everything else is %FLOE_ERROR_INTERNAL: libvirt or QEMU failed, and its own words say how. */
static const Mapping mappings[] = {
  { VIR_ERR_INVALID_ARG, FLOE_ERROR_INVALID },
  { VIR_ERR_XML_ERROR, FLOE_ERROR_INVALID },
  { VIR_ERR_XML_DETAIL, FLOE_ERROR_INVALID },
  { VIR_ERR_XML_INVALID_SCHEMA, FLOE_ERROR_INVALID },
  { VIR_ERR_CONFIG_UNSUPPORTED, FLOE_ERROR_INVALID },
  { VIR_ERR_NO_DOMAIN, FLOE_ERROR_NOT_FOUND },
  { VIR_ERR_NO_STORAGE_POOL, FLOE_ERROR_NOT_FOUND },
  { VIR_ERR_NO_STORAGE_VOL, FLOE_ERROR_NOT_FOUND },
  { VIR_ERR_STORAGE_VOL_EXIST, FLOE_ERROR_CONFLICT },
  { VIR_ERR_OPERATION_INVALID, FLOE_ERROR_CONFLICT },
  { VIR_ERR_RESOURCE_BUSY, FLOE_ERROR_BUSY },
  { VIR_ERR_OPERATION_TIMEOUT, FLOE_ERROR_TIMED_OUT },
  { VIR_ERR_OPERATION_ABORTED, FLOE_ERROR_CANCELLED },
  { VIR_ERR_OPERATION_DENIED, FLOE_ERROR_DENIED },
  { VIR_ERR_ACCESS_DENIED, FLOE_ERROR_DENIED },
  { VIR_ERR_AGENT_UNRESPONSIVE, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_AGENT_UNSYNCED, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_AUTH_FAILED, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_AUTH_CANCELLED, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_AUTH_UNAVAILABLE, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_NO_CONNECT, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_INVALID_CONN, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_UNKNOWN_HOST, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_RPC, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_GNUTLS_ERROR, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_SSH, FLOE_ERROR_UNAVAILABLE },
  { VIR_ERR_LIBSSH, FLOE_ERROR_UNAVAILABLE },
};

static gboolean
is_transport (gint domain)
{
  return domain == VIR_FROM_RPC || domain == VIR_FROM_REMOTE;
}

/**
 * floe_libvirt_error_map:
 * @domain: a virErrorDomain
 * @code: a virErrorNumber
 * @reason: (out) (optional) (nullable) (transfer none): the keyword for floe_set_error_reason()
 *
 * libvirt uses VIR_ERR_SYSTEM_ERROR and VIR_ERR_INTERNAL_ERROR both for a broken connection and for
 * a domain whose disk is missing; the domain of the error tells them apart.
 *
 * Returns: our code
 */
FloeError
floe_libvirt_error_map (gint domain, gint code, const gchar **reason)
{
  FloeError mapped = FLOE_ERROR_INTERNAL;
  gboolean broken = is_transport (domain)
                    && (code == VIR_ERR_SYSTEM_ERROR || code == VIR_ERR_INTERNAL_ERROR
                        || code == VIR_ERR_OPERATION_FAILED);

  for (gsize i = 0; i < G_N_ELEMENTS (mappings); i++)
    if (mappings[i].code == code)
      mapped = mappings[i].error;
  if (broken)
    mapped = FLOE_ERROR_UNAVAILABLE;
  if (reason != NULL)
    *reason = mapped != FLOE_ERROR_UNAVAILABLE                                       ? NULL
              : code == VIR_ERR_AGENT_UNRESPONSIVE || code == VIR_ERR_AGENT_UNSYNCED ? "agent-down"
                                                                                     : "host-down";
  return mapped;
}

/**
 * floe_libvirt_error_is_full:
 * @code: a virErrorNumber
 * @number: the error's int1, an errno where @code says so
 * @text: (nullable): its message, which quotes qemu-img's in English, since libvirt runs it so
 *
 * Returns: %TRUE if there was no room for what should be written
 */
gboolean
floe_libvirt_error_is_full (gint code, gint number, const gchar *text)
{
  if (code == VIR_ERR_SYSTEM_ERROR && (number == ENOSPC || number == EDQUOT))
    return TRUE;
  return text != NULL
         && (strstr (text, "No space left on device") != NULL
             || strstr (text, "Disk quota exceeded") != NULL
             || strstr (text, "Not enough free space in pool") != NULL);
}

/* An XML error quotes the line that it is about, and ours may hold a ticket. */
static gboolean
may_quote_xml (gint code)
{
  return code == VIR_ERR_XML_ERROR || code == VIR_ERR_XML_DETAIL
         || code == VIR_ERR_XML_INVALID_SCHEMA;
}

/**
 * floe_libvirt_set_error:
 * @error: (out) (optional): where the error goes
 * @what: what was tried, lower case: the error's prefix
 *
 * Makes a #FLOE_ERROR of this thread's last libvirt error, and forgets that one.
 */
void
floe_libvirt_set_error (GError **error, const gchar *what)
{
  virErrorPtr last = virGetLastError ();
  const gchar *text = last != NULL && last->message != NULL ? last->message : "no reason given";
  g_autofree gchar *line = g_strchomp (g_strdup (text)); /* a program's words end in a line break */
  gint code = last != NULL ? last->code : VIR_ERR_INTERNAL_ERROR;
  const gchar *reason;
  FloeError mapped = floe_libvirt_error_map (last != NULL ? last->domain : 0, code, &reason);

  if (last != NULL && floe_libvirt_error_is_full (code, last->int1, text))
    {
      mapped = FLOE_ERROR_EXHAUSTED;
      reason = "storage-full";
    }
  if (may_quote_xml (code))
    floe_set_error_reason (error, mapped, reason, "%s: libvirt does not accept the XML", what);
  else
    floe_set_error_reason (error, mapped, reason, "%s: %s", what, line);
  virResetLastError ();
}
