/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-standing-private.h"

#include "directory/ldap-values.h"

#include <string.h>

#define AD_LOCKED_AT  "lockoutTime"
#define AD_SET        "pwdLastSet"
#define AD_HOURS      "logonHours"
#define AD_PLACES     "userWorkstations"
#define AD_OWN        "msDS-ResultantPSO"
#define AD_TOO_OLD    0x800000
#define AD_HOURS_SIZE (7 * 24 / 8)

/* A span counts backwards; 0 and the smallest number are for ever. */
static gint64
span_at (const FloeLdapReading *self, const gchar *dn, const gchar *attribute)
{
  g_autofree gchar *text = floe_ldap_reading_text_at (self, dn, attribute);
  gint64 span = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;

  return span < 0 && span > G_MININT64 ? -(span / FLOE_LDAP_AD_TICKS) : 0;
}

/* By the policy that is theirs: a fine-grained one, or the domain's. */
static gint64
lock_span (const FloeLdapReading *self)
{
  g_autofree gchar *own = floe_ldap_read_text (self->ld, self->entry, AD_OWN);
  g_autofree gchar *domain = NULL;

  if (own != NULL)
    return span_at (self, own, "msDS-LockoutDuration");
  domain = floe_ldap_reading_text_at (self, "", "defaultNamingContext");
  return domain != NULL ? span_at (self, domain, "lockoutDuration") : 0;
}

/* A bit for each hour of the week in UTC, Sunday's first; as text, for floe_ldap_read_first(). */
static gchar *
hours_text (const gchar *attribute, const struct berval *value)
{
  GString *text;

  if (value->bv_len != AD_HOURS_SIZE)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < AD_HOURS_SIZE * 8; i++)
    g_string_append_c (text, ((guchar)value->bv_val[i / 8] >> (i % 8) & 1) != 0 ? '1' : '0');
  return g_string_free (text, FALSE);
}

static gboolean
is_out_of_hours (const FloeLdapReading *self)
{
  g_autofree gchar *hours = floe_ldap_read_first (self->ld, self->entry, AD_HOURS, hours_text);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (self->now);

  return hours != NULL
         && hours[g_date_time_get_day_of_week (now) % 7 * 24 + g_date_time_get_hour (now)] == '0';
}

/* To a domain controller, a password that the broker tries comes from itself: where computers are
 * listed, that one has to be among them. */
static gboolean
is_out_of_place (const FloeLdapReading *self)
{
  g_autofree gchar *listed = floe_ldap_read_text (self->ld, self->entry, AD_PLACES);
  g_autofree gchar *host =
      listed != NULL ? floe_ldap_reading_text_at (self, "", "dnsHostName") : NULL;
  g_auto (GStrv) places = NULL;

  if (host == NULL)
    return FALSE;
  host[strcspn (host, ".")] = '\0';
  places = g_strsplit (listed, ",", -1);
  for (guint i = 0; places[i] != NULL; i++)
    if (g_ascii_strcasecmp (g_strstrip (places[i]), host) == 0)
      return FALSE;
  return TRUE;
}

const gchar *const *
floe_ldap_reading_ad_attributes (void)
{
  static const gchar *const names[] = { FLOE_LDAP_AD_STATE, AD_LOCKED_AT, AD_SET, AD_HOURS,
                                        AD_PLACES,          AD_OWN,       NULL };

  return names;
}

/**
 * floe_ldap_reading_ad:
 * @self: of an entry of Active Directory
 *
 * Adds what its attributes say beside those that a log-in reads.
 */
void
floe_ldap_reading_ad (FloeLdapReading *self)
{
  gint64 state = floe_ldap_reading_number (self, FLOE_LDAP_AD_STATE);
  gint64 locked_at = floe_ldap_read_ticks (self->ld, self->entry, AD_LOCKED_AT);
  gint64 span;

  if ((state & FLOE_LDAP_AD_LOCKED) != 0)
    {
      span = lock_span (self);
      floe_ldap_reading_note_lock (self, locked_at > 0 && span > 0 ? locked_at + span : 0);
    }
  self->must_change = (state & AD_TOO_OLD) != 0 && floe_ldap_reading_number (self, AD_SET) == 0;
  self->password_expired = (state & AD_TOO_OLD) != 0 && !self->must_change;
  self->not_now = is_out_of_hours (self);
  self->not_here = is_out_of_place (self);
}
