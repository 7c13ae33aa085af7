/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kerberos/pac.h"

#include <gssapi/gssapi_ext.h>
#include <string.h>

/* Who logged on (MS-PAC 2.5, KERB_VALIDATION_INFO), as NDR writes it, little-endian: a head, the
 * structure, and behind it what its pointers point to, in their order. The account's SID is its
 * domain's with the account's own number behind it. Every domain controller writes this. */
#define LOGON_INFO "urn:mspac:logon-info"

/* Where the structure begins, and what of it is looked at. */
#define BEGINNING    20
#define STRINGS      (BEGINNING + 48)
#define N_STRINGS    6
#define USER_ID      (BEGINNING + 100)
#define GROUP_IDS    (BEGINNING + 112)
#define LOGON_SERVER (BEGINNING + 136)
#define DOMAIN_NAME  (BEGINNING + 144)
#define DOMAIN_ID    (BEGINNING + 152)
#define END          (BEGINNING + 216)

#define STRING_POINTER 4 /* of the eight bytes that a string has in the structure */

/* A SID: its version, how many numbers, the authority, the numbers. */
#define SID_HEAD    8
#define SID_NUMBERS 15

typedef struct
{
  const guint8 *bytes;
  gsize length;
  gsize at; /* never beyond @length */
} Reader;

static guint32
read_32 (const guint8 *bytes)
{
  return bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 | (guint32)bytes[3] << 24;
}

/* take: the next bytes, and what makes them whole words; NULL when there are not so many */
static const guint8 *
take (Reader *reader, gsize length)
{
  gsize whole = (length + 3) & ~(gsize)3;
  const guint8 *taken = reader->bytes + reader->at;

  if (length > reader->length - reader->at)
    return NULL;
  reader->at += MIN (whole, reader->length - reader->at);
  return taken;
}

/* pass_string: goes by what a string of the structure points to, if it does */
static gboolean
pass_string (Reader *reader, gsize string)
{
  const guint8 *sizes;

  if (read_32 (reader->bytes + string + STRING_POINTER) == 0)
    return TRUE;
  sizes = take (reader, 12); /* room for, begins at, has so many characters */
  return sizes != NULL && take (reader, (gsize)read_32 (sizes + 8) * 2) != NULL;
}

static gboolean
pass_groups (Reader *reader)
{
  const guint8 *n;

  if (read_32 (reader->bytes + GROUP_IDS) == 0)
    return TRUE;
  n = take (reader, 4);
  return n != NULL && take (reader, (gsize)read_32 (n) * 8) != NULL;
}

/* find_domain: its SID, whose numbers are counted once more before it */
static const guint8 *
find_domain (Reader *reader, guint *n_numbers)
{
  const guint8 *n = NULL, *sid;
  gboolean there = read_32 (reader->bytes + DOMAIN_ID) != 0;

  for (guint i = 0; there && i < N_STRINGS; i++)
    there = pass_string (reader, STRINGS + i * 8);
  if (there && pass_groups (reader) && pass_string (reader, LOGON_SERVER)
      && pass_string (reader, DOMAIN_NAME))
    n = take (reader, 4);
  if (n == NULL || read_32 (n) >= SID_NUMBERS)
    return NULL;
  *n_numbers = read_32 (n);
  sid = take (reader, SID_HEAD + *n_numbers * 4);
  return sid != NULL && sid[0] == 1 && sid[1] == *n_numbers ? sid : NULL;
}

/**
 * floe_pac_parse_sid:
 * @bytes: the PAC's part about who logged on
 *
 * Returns: (transfer full) (nullable): the account's SID; %NULL where there is none, as of an
 *   account of another domain, whose number is 0
 */
GBytes *
floe_pac_parse_sid (const guint8 *bytes, gsize length)
{
  Reader reader = { bytes, length, END };
  const guint8 *domain;
  guint n_numbers;
  gsize size;
  guint8 *sid;

  if (length < END || read_32 (bytes + USER_ID) == 0)
    return NULL;
  domain = find_domain (&reader, &n_numbers);
  if (domain == NULL)
    return NULL;
  size = SID_HEAD + n_numbers * 4;
  sid = g_malloc (size + 4);
  memcpy (sid, domain, size);
  memcpy (sid + size, bytes + USER_ID, 4);
  sid[1]++;
  return g_bytes_new_take (sid, size + 4);
}

/**
 * floe_pac_read_sid:
 * @name: the client's, as a token that was accepted told it
 *
 * Only what the centre has signed with our key counts.
 *
 * Returns: (transfer full) (nullable): the account's SID as Active Directory stores it; %NULL where
 *   the centre is none of its kind
 */
GBytes *
floe_pac_read_sid (gss_name_t name)
{
  gss_buffer_desc attribute = { strlen (LOGON_INFO), (void *)LOGON_INFO };
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
