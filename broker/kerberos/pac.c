/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kerberos/pac.h"

#include <gssapi/gssapi_ext.h>
#include <string.h>

/* UPN_DNS_INFO (MS-PAC 2.10): pairs of a length and an offset, of two bytes each and little-endian:
 * the principal name, the domain; flags; and, where a flag says so, the account's name and SID. */
#define UPN_DNS_INFO "urn:mspac:upn-dns-info"
#define FLAGS        8
#define SID_LENGTH   16
#define SID_OFFSET   18
#define HEAD         20
#define HAS_SID      0x2

static guint
read_16 (const guint8 *bytes)
{
  return bytes[0] | (guint)bytes[1] << 8;
}

/**
 * floe_pac_parse_sid:
 * @bytes: the PAC's part about names
 *
 * Returns: (transfer full) (nullable): the SID in it, not looked into; %NULL where there is none
 */
GBytes *
floe_pac_parse_sid (const guint8 *bytes, gsize length)
{
  guint sid_length, sid_offset;

  if (length < HEAD || (bytes[FLAGS] & HAS_SID) == 0)
    return NULL;
  sid_length = read_16 (bytes + SID_LENGTH);
  sid_offset = read_16 (bytes + SID_OFFSET);
  if (sid_length == 0 || sid_offset < HEAD || (gsize)sid_offset + sid_length > length)
    return NULL;
  return g_bytes_new (bytes + sid_offset, sid_length);
}

/**
 * floe_pac_read_sid:
 * @name: the client's, as a token that was accepted told it
 *
 * Only what the centre has signed with our key counts.
 *
 * Returns: (transfer full) (nullable): the account's SID as Active Directory stores it; %NULL where
 *   the centre is none of its kind, or older than the end of 2021
 */
GBytes *
floe_pac_read_sid (gss_name_t name)
{
  gss_buffer_desc attribute = { strlen (UPN_DNS_INFO), (void *)UPN_DNS_INFO };
  gss_buffer_desc value = GSS_C_EMPTY_BUFFER;
  gss_buffer_desc words = GSS_C_EMPTY_BUFFER;
  int is_authentic = 0, is_complete = 0, more = -1;
  OM_uint32 minor;
  OM_uint32 major = gss_get_name_attribute (&minor, name, &attribute, &is_authentic, &is_complete,
                                            &value, &words, &more);
  GBytes *sid = NULL;

  if (!GSS_ERROR (major) && is_authentic)
    sid = floe_pac_parse_sid (value.value, value.length);
  gss_release_buffer (&minor, &value);
  gss_release_buffer (&minor, &words);
  return sid;
}
