/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/line-members.h"

#include "core/rate.h"

struct _FloeLineMembers
{
  GHashTable *requests; /* user id to a GPtrArray of their requests here */
  GHashTable *places;   /* user id to Place */
  guint length;
  guint joined;  /* how many ever did here */
  FloeRate rate; /* of desktops that became free for it; elapsed */
};

typedef struct
{
  guint number;
  gchar *data_host; /* as in FloeWait */
  gboolean data_lost;
} Place;

static Place *
place_new (guint number)
{
  Place *place = g_new0 (Place, 1);

  place->number = number;
  return place;
}

static void
place_free (gpointer data)
{
  Place *place = data;

  g_free (place->data_host);
  g_free (place);
}

FloeLineMembers *
floe_line_members_new (void)
{
  FloeLineMembers *self = g_new0 (FloeLineMembers, 1);

  self->requests =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, place_free);
  return self;
}

void
floe_line_members_free (FloeLineMembers *self)
{
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->places);
  g_free (self);
}

static const gchar *
user_of (FloeConnectRequest *request)
{
  return floe_connect_request_get_identity (request)->user->id;
}

static void
tell_place (FloeLineMembers *self, const gchar *user_id, GPtrArray *requests, gint64 now)
{
  const Place *place = g_hash_table_lookup (self->places, user_id);

  for (guint i = 0; place != NULL && i < requests->len; i++)
    {
      floe_connect_request_set_data_host (requests->pdata[i], place->data_host, place->data_lost);
      /* When a host comes back nobody knows. */
      floe_connect_request_queue (
          requests->pdata[i], place->number,
          place->data_lost ? 0 : floe_rate_estimate (&self->rate, place->number, now));
    }
}

/**
 * floe_line_members_add:
 * @request: of somebody who stands in the line; it is told their place
 * @now: elapsed microseconds
 */
void
floe_line_members_add (FloeLineMembers *self, FloeConnectRequest *request, gint64 now)
{
  const gchar *user_id = user_of (request);
  GPtrArray *requests = g_hash_table_lookup (self->requests, user_id);

  if (requests == NULL)
    {
      requests = g_ptr_array_new_with_free_func (g_object_unref);
      g_hash_table_insert (self->requests, g_strdup (user_id), requests);
    }
  if (!g_ptr_array_find (requests, request, NULL))
    g_ptr_array_add (requests, g_object_ref (request));
  floe_line_members_add_place (self, user_id);
  self->joined++;
  tell_place (self, user_id, requests, now);
}

/**
 * floe_line_members_remove:
 *
 * Returns: whether another request of theirs still waits
 */
gboolean
floe_line_members_remove (FloeLineMembers *self, FloeConnectRequest *request)
{
  const gchar *user_id = user_of (request);
  GPtrArray *requests = g_hash_table_lookup (self->requests, user_id);

  if (requests == NULL || !g_ptr_array_remove (requests, request) || requests->len > 0)
    return requests != NULL && requests->len > 0;
  g_hash_table_remove (self->requests, user_id);
  return FALSE;
}

/**
 * floe_line_members_take:
 *
 * Returns: (transfer full) (nullable) (element-type FloeConnectRequest): the requests of somebody,
 *   who stands in this line no more
 */
GPtrArray *
floe_line_members_take (FloeLineMembers *self, const gchar *user_id)
{
  gpointer key, requests;

  g_hash_table_remove (self->places, user_id);
  if (!g_hash_table_steal_extended (self->requests, user_id, &key, &requests))
    return NULL;
  g_free (key);
  return requests;
}

gboolean
floe_line_members_has (FloeLineMembers *self, const gchar *user_id)
{
  return g_hash_table_contains (self->requests, user_id);
}

/**
 * floe_line_members_add_place:
 * @user_id: who stands last in the line, unless their place is known
 */
void
floe_line_members_add_place (FloeLineMembers *self, const gchar *user_id)
{
  if (!g_hash_table_contains (self->places, user_id))
    g_hash_table_insert (self->places, g_strdup (user_id), place_new (++self->length));
}

/**
 * floe_line_members_set_places:
 * @waits: (element-type FloeWait): the whole line in its order
 */
void
floe_line_members_set_places (FloeLineMembers *self, GPtrArray *waits)
{
  g_hash_table_remove_all (self->places);
  for (guint i = 0; i < waits->len; i++)
    {
      const FloeWait *wait = waits->pdata[i];
      Place *place = place_new (i + 1);

      place->data_host = g_strdup (wait->data_host);
      place->data_lost = wait->data_host != NULL && wait->data_lost;
      g_hash_table_insert (self->places, g_strdup (wait->user_id), place);
    }
  self->length = waits->len;
}

static GStrv
list_users (FloeLineMembers *self)
{
  g_autoptr (GStrvBuilder) users = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer user_id;

  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, &user_id, NULL))
    g_strv_builder_add (users, user_id);
  return g_strv_builder_end (users);
}

/**
 * floe_line_members_tell:
 * @now: elapsed microseconds
 *
 * Tells everybody here their place. Whoever hears it may leave or join meanwhile.
 *
 * Returns: (transfer full): the ids of those who have none
 */
GStrv
floe_line_members_tell (FloeLineMembers *self, gint64 now)
{
  g_auto (GStrv) users = list_users (self);
  g_autoptr (GStrvBuilder) without = g_strv_builder_new ();

  for (guint i = 0; users[i] != NULL; i++)
    {
      GPtrArray *requests = g_hash_table_lookup (self->requests, users[i]);

      if (requests == NULL)
        continue;
      if (g_hash_table_contains (self->places, users[i]))
        tell_place (self, users[i], requests, now);
      else
        g_strv_builder_add (without, users[i]);
    }
  return g_strv_builder_end (without);
}

/**
 * floe_line_members_list_heard:
 * @since: elapsed microseconds
 *
 * Returns: (transfer full) (element-type utf8): the ids of those here who were heard of since then
 */
GHashTable *
floe_line_members_list_heard (FloeLineMembers *self, gint64 since)
{
  GHashTable *heard = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer user_id, requests;

  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, &user_id, &requests))
    for (guint i = 0; i < ((GPtrArray *)requests)->len; i++)
      if (floe_connect_request_is_heard (((GPtrArray *)requests)->pdata[i], since))
        g_hash_table_add (heard, g_strdup (user_id));
  return heard;
}

/**
 * floe_line_members_note_served:
 * @now: elapsed microseconds
 *
 * Somebody in the line got a desktop: what is estimated follows.
 */
void
floe_line_members_note_served (FloeLineMembers *self, gint64 now)
{
  floe_rate_note (&self->rate, now);
}

/**
 * floe_line_members_get_length:
 *
 * Returns: how many stand in the line, by whatever broker
 */
guint
floe_line_members_get_length (FloeLineMembers *self)
{
  return self->length;
}

/**
 * floe_line_members_get_joined:
 *
 * Returns: how many ever joined here
 */
guint
floe_line_members_get_joined (FloeLineMembers *self)
{
  return self->joined;
}

/**
 * floe_line_members_is_known:
 *
 * Returns: whether anybody stands in the line, as far as is known here
 */
gboolean
floe_line_members_is_known (FloeLineMembers *self)
{
  return self->length > 0 || g_hash_table_size (self->requests) > 0;
}
