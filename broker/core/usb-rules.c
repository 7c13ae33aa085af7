/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/usb-rules.h"

#include <string.h>

#include "core/error.h"

static gboolean
parse_number (const gchar *text, gint max, gint *number)
{
  gboolean hex = g_str_has_prefix (text, "0x") || g_str_has_prefix (text, "0X");
  guint64 value = 0;

  if (strcmp (text, "-1") == 0)
    {
      *number = -1;
      return TRUE;
    }
  if (!g_ascii_string_to_unsigned (hex ? text + 2 : text, hex ? 16 : 10, 0, (guint64)max, &value,
                                   NULL))
    return FALSE;
  *number = (gint)value;
  return TRUE;
}

/* A version is four decimal digits; libvirt cannot say others. */
static gboolean
is_version (gint version)
{
  if (version == -1)
    return TRUE;
  for (; version > 0; version >>= 4)
    if ((version & 0xf) > 9)
      return FALSE;
  return TRUE;
}

static gboolean
parse_rule (const gchar *text, FloeUsbRule *rule)
{
  g_auto (GStrv) part = g_strsplit (text, ",", -1);

  if (g_strv_length (part) != 5)
    return FALSE;
  for (guint i = 0; i < 5; i++)
    g_strstrip (part[i]);
  if (strcmp (part[4], "0") != 0 && strcmp (part[4], "1") != 0)
    return FALSE;
  rule->allow = *part[4] == '1';
  return parse_number (part[0], G_MAXUINT8, &rule->class)
         && parse_number (part[1], G_MAXUINT16, &rule->vendor)
         && parse_number (part[2], G_MAXUINT16, &rule->product)
         && parse_number (part[3], G_MAXUINT16, &rule->version) && is_version (rule->version);
}

/**
 * floe_usb_rules_parse:
 * @text: rules as usbredir writes them: CLASS,VENDOR,PRODUCT,VERSION,ALLOW, the next one after a
 *   "|"; numbers are decimal, or hexadecimal after "0x"
 *
 * Returns: (transfer full) (element-type FloeUsbRule): at least one rule; or %NULL
 *   with %FLOE_ERROR_INVALID
 */
GArray *
floe_usb_rules_parse (const gchar *text, GError **error)
{
  g_autoptr (GArray) rules = g_array_new (FALSE, FALSE, sizeof (FloeUsbRule));
  g_auto (GStrv) list = g_strsplit (text, "|", FLOE_USB_RULES_MAX + 1);

  for (guint i = 0; list[i] != NULL; i++)
    {
      FloeUsbRule rule;

      if (i == FLOE_USB_RULES_MAX)
        {
          g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "expected %d rules at most",
                       FLOE_USB_RULES_MAX);
          return NULL;
        }
      if (!parse_rule (list[i], &rule))
        {
          g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                       "rule %u: expected CLASS,VENDOR,PRODUCT,VERSION,ALLOW such as "
                       "\"0x08,-1,-1,-1,1\"",
                       i + 1);
          return NULL;
        }
      g_array_append_val (rules, rule);
    }
  if (rules->len > 0)
    return g_steal_pointer (&rules);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "expected at least one rule");
  return NULL;
}

static void
print_number (GString *out, gint number, guint digits)
{
  if (number < 0)
    g_string_append (out, "-1,");
  else
    g_string_append_printf (out, "0x%0*x,", (gint)digits, (guint)number);
}

/**
 * floe_usb_rules_print:
 *
 * Returns: (transfer full): the one text that stands for these rules
 */
gchar *
floe_usb_rules_print (const GArray *rules)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < rules->len; i++)
    {
      const FloeUsbRule *rule = &g_array_index (rules, FloeUsbRule, i);

      if (i > 0)
        g_string_append_c (out, '|');
      print_number (out, rule->class, 2);
      print_number (out, rule->vendor, 4);
      print_number (out, rule->product, 4);
      print_number (out, rule->version, 4);
      g_string_append_c (out, rule->allow ? '1' : '0');
    }
  return g_string_free (out, FALSE);
}
