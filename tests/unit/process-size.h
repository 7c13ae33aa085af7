/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a program holds of what it should hold no more of after a day's work. */
typedef struct
{
  gsize memory;  /* bytes that were allocated; 0 where a sanitizer allocates */
  gsize pss;     /* bytes of it that are this process's own, or its share of */
  guint files;   /* descriptors */
  guint sources; /* of the main context: timers, idle functions, watches */
} ProcessSize;

ProcessSize process_size_take (void);

G_END_DECLS
