/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/factor-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "api/qr.h"

/* Black on white, whatever the terminal's own colours are: not every reader takes the opposite. */
#define INK   "\033[30;47m"
#define PLAIN "\033[0m\n"

/* A half block is three bytes. */
#define CELL 3

/* A text that is secret: its room is taken at once, since one that grows leaves copies. */
typedef struct
{
  gchar *start;
  gsize used;
  gsize room;
} Text;

static Text
text_of (gsize room)
{
  return (Text){ .start = g_malloc (room + 1), .room = room };
}

static void
add (Text *text, const gchar *bytes)
{
  gsize n = MIN (strlen (bytes), text->room - text->used);

  memcpy (text->start + text->used, bytes, n);
  text->used += n;
}

static FloeSecret *
text_end (Text *text)
{
  return floe_secret_new_take (text->start, text->used);
}

static gsize
room_for_picture (const FloeQr *qr)
{
  gsize n = (gsize)floe_qr_get_size (qr);

  return (n / 2 + 1) * (CELL * n + strlen (INK PLAIN)) + 1;
}

/* Two rows of modules are one line. */
static void
add_picture (Text *text, const FloeQr *qr)
{
  static const gchar *const cells[] = { " ", "▄", "▀", "█" };
  gint n = floe_qr_get_size (qr);

  for (gint y = 0; y < n; y += 2)
    {
      add (text, INK);
      for (gint x = 0; x < n; x++)
        add (text, cells[2 * floe_qr_is_dark (qr, x, y) + floe_qr_is_dark (qr, x, y + 1)]);
      add (text, PLAIN);
    }
  add (text, "\n");
}

/**
 * floe_factor_offer_to_text:
 * @offer: what makes a second factor
 * @with_picture: the terminal shows UTF-8 and obeys ANSI's colours
 *
 * Returns: (transfer full): what somebody puts into their app
 */
FloeSecret *
floe_factor_offer_to_text (const FloeFactorOffer *offer, gboolean with_picture)
{
  const gchar *scan =
      _ ("Scan this with an authenticator app on your phone, or type the key into it:");
  const gchar *type = _ ("Type this key into an authenticator app on your phone:");
  g_autoptr (FloeQr) qr = with_picture ? floe_qr_new (offer->uri) : NULL;
  g_autoptr (FloeSecret) key = floe_secret_in_groups (offer->secret);
  gsize length;
  Text text;

  floe_secret_get (key, &length);
  text = text_of (strlen (scan) + strlen (type) + (qr != NULL ? room_for_picture (qr) : 0) + length
                  + 16);
  add (&text, qr != NULL ? scan : type);
  add (&text, "\n\n");
  if (qr != NULL)
    add_picture (&text, qr);
  add (&text, "  ");
  add (&text, floe_secret_get (key, NULL));
  add (&text, "\n\n");
  return text_end (&text);
}

/**
 * floe_factor_receipt_to_text:
 * @receipt: a new second factor
 *
 * Returns: (transfer full): its recovery codes, and what they are for
 */
FloeSecret *
floe_factor_receipt_to_text (const FloeFactorReceipt *receipt)
{
  const gchar *what = _ ("These recovery codes log you in without the app, each once. They are not "
                         "shown again:");
  gsize room = strlen (what) + 8;
  Text text;

  for (guint i = 0; i < receipt->recovery_codes->len; i++)
    {
      gsize length;

      floe_secret_get (receipt->recovery_codes->pdata[i], &length);
      room += length + 4;
    }
  text = text_of (room);
  add (&text, "\n");
  add (&text, what);
  add (&text, "\n\n");
  for (guint i = 0; i < receipt->recovery_codes->len; i++)
    {
      add (&text, "  ");
      add (&text, floe_secret_get (receipt->recovery_codes->pdata[i], NULL));
      add (&text, "\n");
    }
  add (&text, "\n");
  return text_end (&text);
}
