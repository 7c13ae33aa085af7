/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaks of GTK and GLib that the leak check must not see. A line in lsan.supp would have to name
   functions that only stacks which are unwound in full show, at each allocation: a test of windows
   then takes ten times as long. */
#include "config.h"

#include <gtk/gtk.h>

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sanitizer/lsan_interface.h>

/* GLib reserves its first table of quarks in its constructor, and leaves it behind when GTK makes
   it grow. This array runs before the constructors of libraries, ours after them. */
static void (*const before_libraries[]) (void)
    __attribute__ ((section (".preinit_array"), used)) = { __lsan_disable };

static void __attribute__ ((constructor)) after_libraries (void)
{
  __lsan_enable ();
}

/* Whether gtk_widget_register_window() goes on at @address. */
static gboolean
registers_window (gconstpointer address)
{
  static gsize begin;
  static gsize size;
  ElfW (Sym) *symbol = NULL;
  Dl_info info;

  if (g_once_init_enter (&begin))
    {
      g_assert_cmpint (dladdr1 ((gpointer)gtk_widget_register_window, &info, (gpointer *)&symbol,
                                RTLD_DL_SYMENT),
                       !=, 0);
      size = symbol->st_size;
      g_once_init_leave (&begin, (gsize)info.dli_saddr);
    }
  return (gsize)address - begin < size;
}

/* GTK calls this one instead of GLib's. A window has a list of the windows of its popovers, which
   GTK does not take out when a popover goes, and does not free when the window goes. */
GList *
g_list_prepend (GList *list, gpointer data)
{
  static GList *(*glibs) (GList *, gpointer);
  static gsize found;
  GList *item;

  if (g_once_init_enter (&found))
    {
      glibs = (GList * (*)(GList *, gpointer)) dlsym (RTLD_NEXT, "g_list_prepend");
      g_once_init_leave (&found, 1);
    }
  item = glibs (list, data);
  if (registers_window (__builtin_return_address (0)))
    __lsan_ignore_object (item);
  return item;
}
