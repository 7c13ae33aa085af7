/* SPDX-License-Identifier: GPL-3.0-or-later */

/* screen-watch picture|no-picture|log-in SECONDS [KEY]: when an X screen shows what it is to show.
 *
 * picture: the blue of a small guest; no-picture: none of it any more; log-in: a page that takes a
 * name and a password, which is seen by the colour of its button, since that wakes with both.
 *
 * Looks every two milliseconds, at a few rows of pixels, so that it sees any program alike and
 * costs none of them much. KEY is pressed first. Prints one JSON object with two times of
 * CLOCK_MONOTONIC in seconds: "from", when the key was pressed or the look-out began, and "at".
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_US  2000
#define ROW_STEP 12 /* between rows that are looked at: a button is higher than two of them */
#define CLOSE    48 /* how far a colour may be off */

typedef struct
{
  guint red, green, blue;
  guint pixels; /* in a row, for it to count */
  guint rows;   /* that have so many */
} Sight;

/* What nano-guest.sh makes of its screen; and the button that is meant, on the theme that the tests
 * use, whose colour nothing else has over such a width. */
static const Sight guest_sight = { 0, 0, 170, 200, 3 };
static const Sight button_sight = { 53, 132, 228, 80, 2 };

static gint64
now_us (void)
{
  return g_get_monotonic_time ();
}

static gboolean
is_near (gulong pixel, const Sight *sight)
{
  gint red = (gint)(pixel >> 16 & 255) - (gint)sight->red;
  gint green = (gint)(pixel >> 8 & 255) - (gint)sight->green;
  gint blue = (gint)(pixel & 255) - (gint)sight->blue;

  return ABS (red) < CLOSE && ABS (green) < CLOSE && ABS (blue) < CLOSE;
}

static gboolean
row_has (Display *display, guint width, gint y, const Sight *sight)
{
  XImage *image =
      XGetImage (display, DefaultRootWindow (display), 0, y, width, 1, AllPlanes, ZPixmap);
  guint near = 0;

  if (image == NULL)
    return FALSE;
  for (guint x = 0; x < width && near < sight->pixels; x++)
    near += is_near (XGetPixel (image, (int)x, 0), sight);
  XDestroyImage (image);
  return near >= sight->pixels;
}

static gboolean
is_seen (Display *display, const Sight *sight)
{
  guint width = (guint)DisplayWidth (display, DefaultScreen (display));
  gint height = DisplayHeight (display, DefaultScreen (display));
  guint rows = 0;

  for (gint y = 0; y < height && rows < sight->rows; y += ROW_STEP)
    rows += row_has (display, width, y, sight);
  return rows >= sight->rows;
}

static gboolean
press (Display *display, const gchar *name)
{
  KeyCode code = XKeysymToKeycode (display, XStringToKeysym (name));

  if (code == 0)
    return FALSE;
  XTestFakeKeyEvent (display, code, True, CurrentTime);
  XTestFakeKeyEvent (display, code, False, CurrentTime);
  XFlush (display);
  return TRUE;
}

/* There is no window manager: whatever window comes is given the keyboard. */
static gboolean
focus_window (Display *display)
{
  Window root, parent, *children = NULL;
  guint n_children = 0;
  gboolean found = FALSE;

  if (!XQueryTree (display, DefaultRootWindow (display), &root, &parent, &children, &n_children))
    return FALSE;
  for (guint i = 0; i < n_children && !found; i++)
    {
      XWindowAttributes attributes;

      found = XGetWindowAttributes (display, children[i], &attributes)
              && attributes.map_state == IsViewable && attributes.width > 200
              && attributes.height > 200;
      if (found)
        XSetInputFocus (display, children[i], RevertToPointerRoot, CurrentTime);
    }
  if (children != NULL)
    XFree (children);
  return found;
}

/* Types a letter into both fields as soon as there is a window, as somebody in a hurry would. */
static gboolean
is_log_in_usable (Display *display)
{
  static gboolean typed;

  if (!typed && focus_window (display))
    typed = press (display, "x") && press (display, "Tab") && press (display, "x");
  return typed && is_seen (display, &button_sight);
}

static gboolean
is_there (Display *display, const gchar *what)
{
  if (g_str_equal (what, "log-in"))
    return is_log_in_usable (display);
  return is_seen (display, &guest_sight) == g_str_equal (what, "picture");
}

/* Windows come and go while one looks. */
static int
ignore_error (Display *display, XErrorEvent *event)
{
  return 0;
}

int
main (int argc, char **argv)
{
  Display *display = XOpenDisplay (NULL);
  gint64 from, limit;

  if (argc < 3 || argc > 4 || display == NULL)
    {
      fputs (display == NULL ? "screen-watch: no display\n"
                             : "usage: screen-watch picture|no-picture|log-in SECONDS [KEY]\n",
             stderr);
      return 2;
    }
  XSetErrorHandler (ignore_error);
  from = now_us ();
  limit = from + (gint64)(g_ascii_strtod (argv[2], NULL) * G_USEC_PER_SEC);
  if (argc == 4 && !press (display, argv[3]))
    {
      fprintf (stderr, "screen-watch: there is no key %s\n", argv[3]);
      return 2;
    }
  while (!is_there (display, argv[1]))
    {
      if (now_us () > limit)
        {
          fprintf (stderr, "screen-watch: not seen: %s\n", argv[1]);
          return 1;
        }
      g_usleep (LOOK_US);
    }
  printf ("{\"done\": 1, \"failed\": 0, \"from\": %.6f, \"at\": %.6f}\n",
          (gdouble)from / G_USEC_PER_SEC, (gdouble)now_us () / G_USEC_PER_SEC);
  XCloseDisplay (display);
  return 0;
}
