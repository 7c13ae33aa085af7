/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "util/png.h"

#include <string.h>

#include "core/error.h"

/* A screen is compressed fast rather than well. */
#define LEVEL 3
#define PIXEL 3 /* bytes of red, green and blue */

typedef struct
{
  guint width;
  guint height;
  const guint8 *pixels;
} Picture;

static gboolean
refuse (GError **error)
{
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                       "the picture of the screen is no PPM that can be read");
  return FALSE;
}

/* read_number: at @at, which it moves behind the one space that follows */
static gboolean
read_number (const guint8 *ppm, gsize length, gsize *at, guint most, guint *number)
{
  *number = 0;
  while (*at < length && g_ascii_isspace (ppm[*at]))
    (*at)++;
  while (*at < length && g_ascii_isdigit (ppm[*at]) && *number <= most)
    *number = 10 * *number + (guint)(ppm[(*at)++] - '0');
  return *number > 0 && *number <= most && *at < length && g_ascii_isspace (ppm[(*at)++]);
}

/* A raw PPM of 255 levels, as QEMU writes it: "P6 width height 255" and the pixels. */
static gboolean
read_ppm (const guint8 *ppm, gsize length, Picture *picture, GError **error)
{
  gsize at = 2;
  guint levels;

  if (length < at || memcmp (ppm, "P6", at) != 0
      || !read_number (ppm, length, &at, FLOE_PNG_MOST, &picture->width)
      || !read_number (ppm, length, &at, FLOE_PNG_MOST, &picture->height)
      || !read_number (ppm, length, &at, 255, &levels) || levels != 255
      || length - at < (gsize)picture->width * picture->height * PIXEL)
    return refuse (error);
  picture->pixels = ppm + at;
  return TRUE;
}

/* By the polynomial of ISO 3309, which PNG takes (RFC 2083, 15). */
static guint32
crc (const guint8 *bytes, gsize length)
{
  guint32 value = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      value ^= bytes[i];
      for (guint bit = 0; bit < 8; bit++)
        value = value & 1 ? 0xedb88320 ^ (value >> 1) : value >> 1;
    }
  return ~value;
}

static void
append_number (GByteArray *png, guint32 number)
{
  const guint32 wire = GUINT32_TO_BE (number);

  g_byte_array_append (png, (const guint8 *)&wire, sizeof wire);
}

static void
append_chunk (GByteArray *png, const gchar *name, const guint8 *bytes, gsize length)
{
  guint begin;

  append_number (png, (guint32)length);
  begin = png->len;
  g_byte_array_append (png, (const guint8 *)name, 4);
  if (length > 0)
    g_byte_array_append (png, bytes, (guint)length);
  append_number (png, crc (png->data + begin, png->len - begin));
}

/* Each row begins with the number of its filter, here none. */
static GByteArray *
filter (const Picture *picture)
{
  gsize row = (gsize)picture->width * PIXEL;
  GByteArray *raw = g_byte_array_sized_new ((guint)((row + 1) * picture->height));

  for (guint y = 0; y < picture->height; y++)
    {
      g_byte_array_append (raw, (const guint8 *)"", 1);
      g_byte_array_append (raw, picture->pixels + y * row, (guint)row);
    }
  return raw;
}

static GBytes *
compress (const GByteArray *raw, GError **error)
{
  g_autoptr (GConverter) converter =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, LEVEL));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, converter);

  if (!g_output_stream_write_all (stream, raw->data, raw->len, NULL, NULL, error)
      || !g_output_stream_close (stream, NULL, error))
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

/**
 * floe_png_from_ppm:
 * @ppm: (array length=length): a raw one
 *
 * To be called on a thread that may take its time.
 *
 * Returns: (transfer full): the same picture as a PNG; or %NULL with %FLOE_ERROR_INTERNAL
 */
GByteArray *
floe_png_from_ppm (const guint8 *ppm, gsize length, GError **error)
{
  static const guint8 signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  static const guint8 kind[] = { 8, 2, 0, 0, 0 }; /* eight bits each of red, green and blue */
  g_autoptr (GByteArray) png = g_byte_array_new ();
  g_autoptr (GByteArray) header = g_byte_array_new ();
  g_autoptr (GByteArray) raw = NULL;
  g_autoptr (GBytes) packed = NULL;
  Picture picture;
  gsize packed_length;
  const guint8 *bytes;

  if (!read_ppm (ppm, length, &picture, error))
    return NULL;
  raw = filter (&picture);
  packed = compress (raw, error);
  if (packed == NULL)
    return NULL;
  append_number (header, picture.width);
  append_number (header, picture.height);
  g_byte_array_append (header, kind, sizeof kind);
  g_byte_array_append (png, signature, sizeof signature);
  append_chunk (png, "IHDR", header->data, header->len);
  bytes = g_bytes_get_data (packed, &packed_length);
  append_chunk (png, "IDAT", bytes, packed_length);
  append_chunk (png, "IEND", NULL, 0);
  return g_steal_pointer (&png);
}
