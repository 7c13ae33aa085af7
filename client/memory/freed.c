/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* What the program and its libraries give back to the C library is wiped first. A token goes out in
 * a header, of which libsoup makes several copies and GnuTLS one more, and a password through
 * GTK's entries and JSON; none of them wipes what it lets go, and whether something else comes to
 * lie there is chance. These definitions come before the C library's for all that is in the
 * process, as its manual describes under "Replacing malloc"; what they do not define stays as it
 * is. */

/* Larger blocks are pictures, which would take longer to wipe than to draw. Whoever puts a secret
 * into one wipes it. */
#define LARGEST (64 * 1024)

typedef void (*Free) (void *memory);
typedef void *(*Realloc) (void *memory, size_t size);

/* The C library's own, or what a checker of memory has put before them. Threads that come here at
 * once find the same. */
static void *next_free;
static void *next_realloc;

static void *
find_next (void **next, const char *name)
{
  void *found = __atomic_load_n (next, __ATOMIC_RELAXED);

  if (found != NULL)
    return found;
  found = dlsym (RTLD_NEXT, name);
  __atomic_store_n (next, found, __ATOMIC_RELAXED);
  return found;
}

void
free (void *memory)
{
  size_t size = memory != NULL ? malloc_usable_size (memory) : 0;

  if (size > 0 && size <= LARGEST)
    explicit_bzero (memory, size);
  ((Free)find_next (&next_free, "free")) (memory);
}

/* One that moves is wiped where it was, which the C library's would not do. */
void *
realloc (void *memory, size_t size)
{
  size_t room = memory != NULL ? malloc_usable_size (memory) : 0;
  void *moved;

  if (room == 0 || room > LARGEST)
    return ((Realloc)find_next (&next_realloc, "realloc")) (memory, size);
  if (size == 0)
    {
      free (memory);
      return NULL;
    }
  if (size <= room && size >= room / 2)
    return memory;
  moved = malloc (size);
  if (moved == NULL)
    return NULL;
  memcpy (moved, memory, size < room ? size : room);
  free (memory);
  return moved;
}
