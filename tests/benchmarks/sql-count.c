/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sql-count: preloaded into a program, counts the SQL statements that it has SQLite run.
 *
 * The number stands in the file named by FLOE_SQL_COUNT, as eight bytes in the machine's order,
 * which is mapped, so that it can be read at any time. A statement counts when its first step is
 * taken. Debian's SQLite calls itself by its public names, so those of sqlite3_exec() pass here
 * too, and so does what SQLite asks of its own schema.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t nowhere;
static uint64_t *count = &nowhere;

__attribute__ ((constructor)) static void
map_count (void)
{
  const char *path = getenv ("FLOE_SQL_COUNT");
  int fd = path != NULL ? open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
  void *page;

  if (fd < 0)
    return;
  if (ftruncate (fd, sizeof *count) == 0)
    {
      page = mmap (NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
      if (page != MAP_FAILED)
        count = page;
    }
  close (fd);
}

int
sqlite3_step (sqlite3_stmt *statement)
{
  static int (*step) (sqlite3_stmt *);

  if (step == NULL)
    step = (int (*) (sqlite3_stmt *))dlsym (RTLD_NEXT, "sqlite3_step");
  if (!sqlite3_stmt_busy (statement))
    __atomic_add_fetch (count, 1, __ATOMIC_RELAXED);
  return step (statement);
}
