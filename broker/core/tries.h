/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeTry:
 * @person: whose password it was to be: their id, or where nobody has that name, what is common to
 *   all that are like it
 * @stranger: that person had not logged in from there before
 * @at: microseconds since 1970 UTC
 * @since: tries do not count any more when the newest of them is not after this
 * @most: so many of a person may count, or it is not taken; 0 for any number
 * @most_of_strangers: likewise, of those by strangers
 *
 * A log-in that a directory refused, or is being asked about.
 */
typedef struct
{
  const gchar *person;
  gboolean stranger;
  gint64 at;
  gint64 since;
  guint most;
  guint most_of_strangers;
} FloeTry;

/**
 * FloeTryQuery:
 * @name: as floe_directory_fold_name() has it
 * @like: what names that are like it have in common
 * @network: from where the next try comes
 * @terminal: (nullable): with which certificate, as in #FloeCaller
 * @since: microseconds since 1970 UTC: from when on they count, see #FloeTryCounts
 *
 * Whose tries, and from where.
 */
typedef struct
{
  const gchar *name;
  const gchar *like;
  const gchar *network;
  const gchar *terminal;
  gint64 since;
} FloeTryQuery;

/**
 * FloeTryCounts:
 * @person: for #FloeTry's, of whoever has the name
 * @met: the name, and whoever spells it loosely, is known to be somebody's
 * @loosely: nobody is known by the name itself, and @person is whoever is by a like one
 * @seen: when they logged in from that network last; 0 for never
 * @place: (nullable): the terminal that it is, to be known as a network is; %NULL where it is none
 * @seen_there: when they logged in at it last; 0 for never
 * @has_terminal: there is a terminal at which they log in
 * @n_of_person: wrong tries of that person, none after a pause that was longer than what counts, as
 *   directories count them
 * @n_of_strangers: those of them that came from where that person had never logged in
 * @last_of_person: when the newest of them was
 * @n_of_network: wrong tries from that network, whoever they were to be, since @first_of_network
 * @first_of_network: when the count of the network began
 *
 * What counts against one more try.
 */
typedef struct
{
  gchar *person;
  gboolean met;
  gboolean loosely;
  gint64 seen;
  gchar *place;
  gint64 seen_there;
  gboolean has_terminal;
  guint n_of_person;
  guint n_of_strangers;
  gint64 last_of_person;
  guint n_of_network;
  gint64 first_of_network;
} FloeTryCounts;

void floe_try_counts_clear (FloeTryCounts *self);
gboolean floe_try_counts_is_stranger (const FloeTryCounts *self);

/**
 * FloeTryLimits:
 * @most: so many wrong tries of a person are too many
 * @most_elsewhere: likewise, of whoever logs in at terminals, where it is none of them
 * @most_of_strangers: likewise, of those by strangers
 * @since: as in #FloeTry
 * @most_of_network: so many of a network are too many
 * @network_since: its count does not count any more when it began no later than this
 *
 * From when on somebody is held back.
 */
typedef struct
{
  guint most;
  guint most_elsewhere;
  guint most_of_strangers;
  gint64 since;
  guint most_of_network;
  gint64 network_since;
} FloeTryLimits;

/**
 * FloeHeldBack:
 * @people: for whom no password is passed on to a directory, at least of strangers; also names that
 *   nobody has
 * @networks: from where only those may try who logged in from there before
 *
 * How many are held back.
 */
typedef struct
{
  gint64 people;
  gint64 networks;
} FloeHeldBack;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FloeTryCounts, floe_try_counts_clear)

G_END_DECLS
