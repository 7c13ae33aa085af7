/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ticket-loop: what libvirt itself takes to set a SPICE ticket, call after call on one connection.
 * Prints one JSON object; see samples.c.
 */
#include "samples.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
die (const gchar *what)
{
  const virError *error = virGetLastError ();

  fprintf (stderr, "ticket-loop: %s: %s\n", what, error != NULL ? error->message : "failed");
  exit (1);
}

/* The graphics element of a running domain, cut after its first word. */
static gchar *
graphics_without_ticket (virDomain *domain)
{
  char *xml = virDomainGetXMLDesc (domain, 0);
  const gchar *start = xml != NULL ? strstr (xml, "<graphics type='spice'") : NULL;
  const gchar *end = start != NULL ? strstr (start, "</graphics>") : NULL;
  gchar *graphics;

  if (end == NULL)
    die ("the domain's SPICE display");
  start += strlen ("<graphics");
  graphics = g_strndup (start, end + strlen ("</graphics>") - start);
  free (xml);
  return graphics;
}

/* Attributes of an earlier ticket would stand there twice. */
static void
drop_attribute (gchar *xml, const gchar *name)
{
  g_autofree gchar *begin = g_strdup_printf (" %s='", name);
  gchar *at = strstr (xml, begin);
  gchar *end = at != NULL ? strchr (at + strlen (begin), '\'') : NULL;

  if (end != NULL)
    memmove (at, end + 1, strlen (end + 1) + 1);
}

int
main (int argc, char **argv)
{
  FloeSamples samples;
  g_autofree gchar *graphics = NULL;
  virConnect *connection;
  virDomain *domain;
  gint64 begun;
  gint count;

  if (argc != 4 || (count = atoi (argv[3])) < 1)
    {
      fputs ("usage: ticket-loop URI DOMAIN COUNT\n", stderr);
      return 2;
    }
  connection = virConnectOpen (argv[1]);
  if (connection == NULL)
    die (argv[1]);
  domain = virDomainLookupByName (connection, argv[2]);
  if (domain == NULL)
    die (argv[2]);
  graphics = graphics_without_ticket (domain);
  drop_attribute (graphics, "passwd");
  drop_attribute (graphics, "passwdValidTo");
  drop_attribute (graphics, "connected");
  floe_samples_init (&samples);
  begun = g_get_monotonic_time ();
  for (gint i = 0; i < count; i++)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
      g_autoptr (GDateTime) later = g_date_time_add_seconds (now, 30);
      g_autofree gchar *valid_to = g_date_time_format (later, "%Y-%m-%dT%H:%M:%S");
      g_autofree gchar *xml =
          g_strdup_printf ("<graphics passwd='bench%08x%08x' passwdValidTo='%s' connected='keep'%s",
                           g_random_int (), g_random_int (), valid_to, graphics);
      gint64 from = g_get_monotonic_time ();

      if (virDomainUpdateDeviceFlags (domain, xml, VIR_DOMAIN_AFFECT_LIVE) != 0)
        die ("set the ticket");
      floe_samples_add (&samples, g_get_monotonic_time () - from);
    }
  floe_samples_print (&samples, g_get_monotonic_time () - begun, count, 0, 0);
  floe_samples_clear (&samples);
  virDomainFree (domain);
  virConnectClose (connection);
  return 0;
}
