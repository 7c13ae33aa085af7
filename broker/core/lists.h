/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/page.h"
#include "core/session-quality.h"
#include "core/user.h"

G_BEGIN_DECLS

/**
 * FloeDesktopRow:
 * @state: floe_desktop_state_name()
 * @console_at: since when @console is so; all times in microseconds since 1970 UTC
 * @holder: (nullable): the holder's id, and with it the next four
 * @terminal: (nullable): where it was opened: the terminal's name, or the fingerprint of one that
 *   has none
 * @quality: how good the connection to its display was last, of whoever sits there
 * @word: (nullable): in a search, the word by which it was found
 *
 * A desktop in a list: facts by their names. Strings are the page's.
 */
typedef struct
{
  const gchar *id;
  const gchar *name;
  const gchar *pool;
  const gchar *host;
  const gchar *state;
  const gchar *power;
  const gchar *guest;
  const gchar *console;
  const gchar *clean;
  const gchar *intent;
  const gchar *refusal;
  const gchar *problem;
  gint64 console_at;
  const gchar *holder;
  const gchar *holder_name;
  gint64 since;
  const gchar *address;
  const gchar *terminal;
  FloeQualityLevel quality;
  const gchar *word;
} FloeDesktopRow;

/**
 * FloePerson:
 * @user: as the directory last told
 * @seen: when; to the hour
 * @word: (nullable): in a search, the word by which they were found
 *
 * Somebody who logged in here once.
 */
typedef struct
{
  FloeUser *user;
  gint64 seen;
  gchar *word;
} FloePerson;

void floe_person_free (FloePerson *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePerson, floe_person_free)

/**
 * FloeRangeKind:
 * @FLOE_RANGE_ALL: all, by pool, name and id, which are the key of all but the last two
 * @FLOE_RANGE_HOST: those on a host
 * @FLOE_RANGE_STATE: those of which people are told a state
 * @FLOE_RANGE_OPEN: those that somebody is connected to
 * @FLOE_RANGE_HOLDER: those that somebody has
 * @FLOE_RANGE_TERMINAL: those that were opened at a terminal: by its fingerprint
 * @FLOE_RANGE_WORD: those with a word that begins so; the key is the word and the id
 *
 * What an index of the store leads to without looking at anything else.
 */
typedef enum
{
  FLOE_RANGE_ALL,
  FLOE_RANGE_HOST,
  FLOE_RANGE_STATE,
  FLOE_RANGE_OPEN,
  FLOE_RANGE_HOLDER,
  FLOE_RANGE_TERMINAL,
  FLOE_RANGE_WORD,
  FLOE_N_RANGES
} FloeRangeKind;

/**
 * FloeRange:
 * @kind: what is in it
 * @value: (nullable): host, state, holder, fingerprint or folded prefix
 * @pool: (nullable): with the first four kinds, only those of this pool
 * @after: the key behind which it begins; empty strings for its beginning. Of words, the first and
 *   the last are looked at
 * @limit: so many rows at most
 */
typedef struct
{
  FloeRangeKind kind;
  const gchar *value;
  const gchar *pool;
  const gchar *after[3];
  guint limit;
} FloeRange;

/**
 * FloeDesktopQuery:
 * @pool: (nullable): only desktops of it
 * @host: (nullable): on it
 * @state: (nullable): of which people are told this
 * @holder: (nullable): that this person has: a log-in name that was seen here, or an id
 * @terminal: (nullable): that were opened at it, by its name
 * @assigned: 1 for those that somebody has, 0 for the others, -1 for all
 * @text: (nullable): whose names have words that begin so
 * @open: only those that somebody is connected to
 * @after: (nullable) (array zero-terminated=1): the place behind the page before, see #FloePage
 * @limit: so many at most
 */
typedef struct
{
  gchar *pool;
  gchar *host;
  gchar *state;
  gchar *holder;
  gchar *terminal;
  gint assigned;
  gchar *text;
  gboolean open;
  GStrv after;
  guint limit;
} FloeDesktopQuery;

FloeDesktopQuery *floe_desktop_query_copy (const FloeDesktopQuery *self);
void floe_desktop_query_free (FloeDesktopQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDesktopQuery, floe_desktop_query_free)

G_END_DECLS
