/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "spice-storm-words.h"

#include <spice/enums.h>

/* Mostly a place on the screen, so that something is drawn. */
static void
put_rectangle (GRand *dice, GByteArray *body)
{
  gboolean odd = spice_storm_chance (dice, 4);

  for (gint i = 0; i < 4; i++)
    spice_storm_put32 (body, odd ? spice_storm_odd (dice)
                                 : (guint32)g_rand_int_range (dice, 0, 200) + (i >= 2 ? 200 : 0));
}

static void
put_base (GRand *dice, GByteArray *body)
{
  spice_storm_put32 (body, spice_storm_chance (dice, 6) ? spice_storm_odd (dice)
                                                        : (guint32)g_rand_int_range (dice, 0, 3));
  put_rectangle (dice, body);
  if (spice_storm_chance (dice, 5))
    {
      guint32 n = (guint32)g_rand_int_range (dice, 0, 20);

      spice_storm_put8 (body, SPICE_CLIP_TYPE_RECTS);
      spice_storm_put32 (body, spice_storm_chance (dice, 3) ? spice_storm_odd (dice) : n);
      while (n-- > 0)
        put_rectangle (dice, body);
    }
  else
    spice_storm_put8 (body, spice_storm_chance (dice, 10) ? spice_storm_odd (dice) : 0);
}

static void
put_no_mask (GByteArray *body)
{
  spice_storm_put8 (body, 0);
  for (gint i = 0; i < 3; i++)
    spice_storm_put32 (body, 0);
}

/* --- pictures --- */

/* One that can be drawn: 32 bits a pixel, and all of them there. */
static void
put_good_image (GRand *dice, GByteArray *body)
{
  guint32 width = (guint32)g_rand_int_range (dice, 1, 40);
  guint32 height = (guint32)g_rand_int_range (dice, 1, 40);

  spice_storm_put64 (body, 0);
  spice_storm_put8 (body, SPICE_IMAGE_TYPE_BITMAP);
  spice_storm_put8 (body, 0);
  spice_storm_put32 (body, width);
  spice_storm_put32 (body, height);
  spice_storm_put8 (body, SPICE_BITMAP_FMT_32BIT);
  spice_storm_put8 (body, SPICE_BITMAP_FLAGS_TOP_DOWN);
  spice_storm_put32 (body, width);
  spice_storm_put32 (body, height);
  spice_storm_put32 (body, width * 4);
  spice_storm_put32 (body, 0);
  spice_storm_noise (dice, body, width * height * 4);
}

static void
put_bitmap (GRand *dice, guint32 width, guint32 height, GByteArray *body)
{
  spice_storm_put8 (body, (guint32)g_rand_int_range (dice, 1, 11));
  spice_storm_put8 (body, spice_storm_chance (dice, 4) ? spice_storm_odd (dice)
                                                       : SPICE_BITMAP_FLAGS_TOP_DOWN);
  spice_storm_put32 (body, width);
  spice_storm_put32 (body, height);
  spice_storm_put32 (body, spice_storm_chance (dice, 3) ? spice_storm_odd (dice) : width * 4);
  spice_storm_put32 (body, 0); /* no palette */
}

/* As far as the decoders' own heads, so that they begin. */
static void
put_lz (GRand *dice, guint32 width, guint32 height, GByteArray *body)
{
  guint32 start = body->len + 4;

  spice_storm_put32 (body, 0);                                   /* the size, below */
  g_byte_array_append (body, (const guint8 *)"  ZL\0\0\0\1", 8); /* big endian from here on */
  for (gint i = 0; i < 3; i++)
    spice_storm_put8 (body, 0);
  spice_storm_put8 (body, (guint32)g_rand_int_range (dice, 1, 11));
  for (gint i = 0; i < 2; i++)
    spice_storm_put32 (body, GUINT32_SWAP_LE_BE (i == 0 ? width : height));
  spice_storm_put32 (body, GUINT32_SWAP_LE_BE (width * 4));
  spice_storm_put32 (body, GUINT32_SWAP_LE_BE (1));
  spice_storm_noise (dice, body, (guint32)g_rand_int_range (dice, 0, 2000));
  *(guint32 *)(gpointer)(body->data + start - 4) = GUINT32_TO_LE (body->len - start);
}

static void
put_quic (GRand *dice, guint32 width, guint32 height, GByteArray *body)
{
  guint32 start = body->len + 4;

  spice_storm_put32 (body, 0);
  g_byte_array_append (body, (const guint8 *)"QUIC\0\0\0\0", 8);
  spice_storm_put32 (body, (guint32)g_rand_int_range (dice, 0, 6));
  spice_storm_put32 (body, width);
  spice_storm_put32 (body, height);
  spice_storm_noise (dice, body, (guint32)g_rand_int_range (dice, 0, 2000));
  *(guint32 *)(gpointer)(body->data + start - 4) = GUINT32_TO_LE (body->len - start);
}

static void
put_blob (GRand *dice, GByteArray *body)
{
  guint32 size = (guint32)g_rand_int_range (dice, 0, 2000);

  spice_storm_put32 (body, spice_storm_chance (dice, 3) ? spice_storm_odd (dice) : size);
  if (spice_storm_chance (dice, 3))
    spice_storm_put32 (body, spice_storm_odd (dice));
  spice_storm_noise (dice, body, size);
}

static void
put_image (GRand *dice, GByteArray *body)
{
  static const guint8 types[] = { SPICE_IMAGE_TYPE_BITMAP,
                                  SPICE_IMAGE_TYPE_QUIC,
                                  SPICE_IMAGE_TYPE_LZ_PLT,
                                  SPICE_IMAGE_TYPE_LZ_RGB,
                                  SPICE_IMAGE_TYPE_GLZ_RGB,
                                  SPICE_IMAGE_TYPE_FROM_CACHE,
                                  SPICE_IMAGE_TYPE_SURFACE,
                                  SPICE_IMAGE_TYPE_JPEG,
                                  SPICE_IMAGE_TYPE_FROM_CACHE_LOSSLESS,
                                  SPICE_IMAGE_TYPE_ZLIB_GLZ_RGB,
                                  SPICE_IMAGE_TYPE_JPEG_ALPHA,
                                  SPICE_IMAGE_TYPE_LZ4 };
  guint8 type = types[g_rand_int_range (dice, 0, G_N_ELEMENTS (types))];
  gboolean odd = spice_storm_chance (dice, 4);
  guint32 width = odd ? spice_storm_odd (dice) : (guint32)g_rand_int_range (dice, 1, 200);
  guint32 height = odd ? spice_storm_odd (dice) : (guint32)g_rand_int_range (dice, 1, 200);

  spice_storm_put64 (body, (guint64)g_rand_int_range (dice, 0, 5));
  spice_storm_put8 (body, type);
  spice_storm_put8 (body, (guint32)g_rand_int_range (dice, 0, 8)); /* whether it is to be kept */
  spice_storm_put32 (body, width);
  spice_storm_put32 (body, height);
  if (type == SPICE_IMAGE_TYPE_BITMAP)
    put_bitmap (dice, width, height, body);
  else if (type == SPICE_IMAGE_TYPE_LZ_RGB || type == SPICE_IMAGE_TYPE_LZ_PLT
           || type == SPICE_IMAGE_TYPE_GLZ_RGB)
    put_lz (dice, width, height, body);
  else if (type == SPICE_IMAGE_TYPE_QUIC)
    put_quic (dice, width, height, body);
  else if (type == SPICE_IMAGE_TYPE_SURFACE)
    spice_storm_put32 (body, (guint32)g_rand_int_range (dice, 0, 4));
  else
    put_blob (dice, body);
  spice_storm_noise (dice, body, (guint32)g_rand_int_range (dice, 0, 500));
}

/* --- what is drawn --- */

static void
put_copy (GRand *dice, void (*put_picture) (GRand *dice, GByteArray *body), GByteArray *body)
{
  guint32 place;

  put_base (dice, body);
  place = body->len;
  spice_storm_put32 (body, 0); /* where in the message the picture is, below */
  put_rectangle (dice, body);
  spice_storm_put16 (body,
                     spice_storm_chance (dice, 3) ? spice_storm_odd (dice) : SPICE_ROPD_OP_PUT);
  spice_storm_put8 (body, (guint32)g_rand_int_range (dice, 0, 2)); /* how it is scaled */
  put_no_mask (body);
  *(guint32 *)(gpointer)(body->data + place) =
      GUINT32_TO_LE (spice_storm_chance (dice, 12) ? spice_storm_odd (dice) : body->len);
  put_picture (dice, body);
}

static void
make_copy (GRand *dice, GByteArray *body)
{
  put_copy (dice, put_good_image, body);
}

static void
make_odd_copy (GRand *dice, GByteArray *body)
{
  put_copy (dice, put_image, body);
}

static void
make_fill (GRand *dice, GByteArray *body)
{
  put_base (dice, body);
  spice_storm_put8 (body, (guint32)g_rand_int_range (dice, 0, 4));
  spice_storm_put32 (body, spice_storm_odd (dice));
  spice_storm_put16 (body, spice_storm_odd (dice));
  put_no_mask (body);
}

static void
make_drawing (GRand *dice, GByteArray *body)
{
  put_base (dice, body);
  for (gint n = g_rand_int_range (dice, 0, 20); n > 0; n--)
    spice_storm_put32 (body, spice_storm_chance (dice, 2) ? (guint32)g_rand_int_range (dice, 0, 200)
                                                          : spice_storm_odd (dice));
}

static void
make_copy_bits (GRand *dice, GByteArray *body)
{
  put_base (dice, body);
  spice_storm_put32 (body, spice_storm_odd (dice));
  spice_storm_put32 (body, spice_storm_odd (dice));
}

/* --- surfaces and monitors --- */

static void
make_surface (GRand *dice, GByteArray *body)
{
  gboolean primary = spice_storm_chance (dice, 3);
  static const guint32 formats[] = { SPICE_SURFACE_FMT_1_A,     SPICE_SURFACE_FMT_8_A,
                                     SPICE_SURFACE_FMT_16_555,  SPICE_SURFACE_FMT_16_565,
                                     SPICE_SURFACE_FMT_32_xRGB, SPICE_SURFACE_FMT_32_ARGB };

  spice_storm_put32 (body, primary ? 0 : (guint32)g_rand_int_range (dice, 1, 5));
  spice_storm_put32 (body, (guint32)g_rand_int_range (dice, 1, 3000));
  spice_storm_put32 (body, (guint32)g_rand_int_range (dice, 1, 3000));
  spice_storm_put32 (body, formats[g_rand_int_range (dice, 0, G_N_ELEMENTS (formats))]);
  spice_storm_put32 (body, primary);
}

static void
make_odd_surface (GRand *dice, GByteArray *body)
{
  for (gint i = 0; i < 5; i++)
    spice_storm_put32 (body, spice_storm_odd (dice));
}

static void
make_mode (GRand *dice, GByteArray *body)
{
  spice_storm_put32 (body, (guint32)g_rand_int_range (dice, 1, 3000));
  spice_storm_put32 (body, (guint32)g_rand_int_range (dice, 1, 3000));
  spice_storm_put32 (body, spice_storm_chance (dice, 2) ? 16 : 32);
}

static void
make_surface_id (GRand *dice, GByteArray *body)
{
  spice_storm_put32 (body, spice_storm_chance (dice, 2) ? (guint32)g_rand_int_range (dice, 0, 5)
                                                        : spice_storm_odd (dice));
}

static void
make_monitors (GRand *dice, GByteArray *body)
{
  gint n = spice_storm_chance (dice, 10) ? 20000 : g_rand_int_range (dice, 0, 20);

  spice_storm_put16 (body, spice_storm_chance (dice, 3) ? spice_storm_odd (dice) : (guint32)n);
  spice_storm_put16 (body, spice_storm_chance (dice, 2) ? spice_storm_odd (dice) : (guint32)n);
  for (; n > 0; n--)
    for (gint i = 0; i < 7; i++) /* monitor, surface, width, height, x, y, flags */
      spice_storm_put32 (body, spice_storm_odd (dice));
}

static void
make_scanout (GRand *dice, GByteArray *body)
{
  for (gint i = 0; i < 6; i++)
    spice_storm_put32 (body, spice_storm_odd (dice));
}

/* --- video --- */

static void
make_stream (GRand *dice, GByteArray *body)
{
  spice_storm_put32 (body, 0);
  spice_storm_put32 (body, (guint32)g_rand_int_range (dice, 0, 70));
  spice_storm_put8 (body, spice_storm_odd (dice));
  spice_storm_put8 (body, (guint32)g_rand_int_range (dice, 0, 8)); /* the codec */
  spice_storm_put64 (body, spice_storm_odd (dice));
  for (gint i = 0; i < 4; i++)
    spice_storm_put32 (body, spice_storm_chance (dice, 3) ? spice_storm_odd (dice) : 64);
  put_rectangle (dice, body);
  spice_storm_put8 (body, 0);
}

static void
make_stream_data (GRand *dice, GByteArray *body)
{
  spice_storm_put32 (body, (guint32)g_rand_int_range (dice, 0, 70));
  spice_storm_put32 (body, spice_storm_odd (dice));
  put_blob (dice, body);
}

static void
make_stream_id (GRand *dice, GByteArray *body)
{
  spice_storm_put32 (body, spice_storm_odd (dice) & 127);
  for (gint n = g_rand_int_range (dice, 0, 6); n > 0; n--)
    spice_storm_put32 (body, spice_storm_odd (dice));
}

static void
make_nothing (GRand *dice, GByteArray *body)
{
}

static void
make_list (GRand *dice, GByteArray *body)
{
  gint n = g_rand_int_range (dice, 0, 100);

  spice_storm_put16 (body, spice_storm_chance (dice, 3) ? spice_storm_odd (dice) : (guint32)n);
  for (; n > 0; n--)
    {
      spice_storm_put8 (body, spice_storm_odd (dice));
      spice_storm_put64 (body, (guint64)g_rand_int_range (dice, 0, 5));
    }
}

const SpiceStormWord spice_storm_display_words[] = {
  { SPICE_MSG_DISPLAY_MODE, make_mode, SPICE_STORM_CUT },
  { SPICE_MSG_DISPLAY_MODE, make_stream_id, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_MARK, make_nothing },
  { SPICE_MSG_DISPLAY_RESET, make_nothing },
  { SPICE_MSG_DISPLAY_COPY_BITS, make_copy_bits, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_INVAL_LIST, make_list },
  { SPICE_MSG_DISPLAY_INVAL_ALL_PIXMAPS, make_list },
  { SPICE_MSG_DISPLAY_INVAL_PALETTE, make_list },
  { SPICE_MSG_DISPLAY_INVAL_ALL_PALETTES, make_nothing },
  { SPICE_MSG_DISPLAY_STREAM_CREATE, make_stream, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_STREAM_DATA, make_stream_data, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_STREAM_CLIP, make_stream_id, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_STREAM_DESTROY, make_stream_id, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_STREAM_DESTROY_ALL, make_nothing, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_FILL, make_fill, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_OPAQUE, make_drawing, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_COPY, make_copy, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_COPY, make_odd_copy, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_BLEND, make_odd_copy, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_BLACKNESS, make_drawing, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_WHITENESS, make_drawing, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_INVERS, make_drawing, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_STROKE, make_drawing, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_TEXT, make_drawing, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_TRANSPARENT, make_drawing, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_ALPHA_BLEND, make_drawing, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_DRAW_COMPOSITE, make_drawing, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_SURFACE_CREATE, make_surface, SPICE_STORM_CUT },
  { SPICE_MSG_DISPLAY_SURFACE_CREATE, make_odd_surface, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_SURFACE_DESTROY, make_surface_id },
  { SPICE_MSG_DISPLAY_STREAM_DATA_SIZED, make_stream_data, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_MONITORS_CONFIG, make_monitors },
  { SPICE_MSG_DISPLAY_STREAM_ACTIVATE_REPORT, make_stream_id, SPICE_STORM_DEADLY },
  { SPICE_MSG_DISPLAY_GL_SCANOUT_UNIX, make_scanout },
  { SPICE_MSG_DISPLAY_GL_DRAW, make_scanout },
  { SPICE_MSG_DISPLAY_QUALITY_INDICATOR, make_stream_id },
  { 0, NULL, 0 },
};
