/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/host-domains.h"

struct _FloeHostDomains
{
  FloeHostDomainsFuncs funcs;
  gpointer data;
  GHashTable *records; /* id -> Record */
  guint64 last;        /* events and looks are numbered together */
};

typedef struct
{
  FloeDomain *domain;
  guint64 event;   /* the last event that said something about the domain */
  guint64 channel; /* the last event of its display's channels */
} Record;

static void
record_free (gpointer data)
{
  Record *record = data;

  floe_domain_free (record->domain);
  g_free (record);
}

/**
 * floe_host_domains_new:
 * @funcs: what to do about changes; may be called in each of the functions below
 * @data: for @funcs
 *
 * Returns: (transfer full): nothing is known yet
 */
FloeHostDomains *
floe_host_domains_new (const FloeHostDomainsFuncs *funcs, gpointer data)
{
  FloeHostDomains *self = g_new0 (FloeHostDomains, 1);

  self->funcs = *funcs;
  self->data = data;
  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, record_free);
  return self;
}

void
floe_host_domains_free (FloeHostDomains *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->records);
  g_free (self);
}

/**
 * floe_host_domains_clear:
 *
 * The host was lost: nothing is known of its domains.
 */
void
floe_host_domains_clear (FloeHostDomains *self)
{
  g_hash_table_remove_all (self->records);
}

/**
 * floe_host_domains_begin:
 *
 * Returns: the token for a look that begins now
 */
guint64
floe_host_domains_begin (FloeHostDomains *self)
{
  return ++self->last;
}

static gboolean
equal (const FloeDomain *a, const FloeDomain *b)
{
  return g_strcmp0 (a->name, b->name) == 0 && g_strcmp0 (a->pool, b->pool) == 0
         && a->power == b->power && a->has_agent == b->has_agent
         && a->agent_connected == b->agent_connected && a->made == b->made
         && g_strcmp0 (a->installation, b->installation) == 0 && a->revision == b->revision
         && a->memory_mib == b->memory_mib && g_strcmp0 (a->refusal, b->refusal) == 0
         && g_strcmp0 (a->floating_refusal, b->floating_refusal) == 0
         && g_strcmp0 (a->vnc_refusal, b->vnc_refusal) == 0
         && floe_openings_equal (a->openings, b->openings)
         && floe_openings_equal (a->live_openings, b->live_openings);
}

static Record *
find (FloeHostDomains *self, const gchar *id)
{
  return g_hash_table_lookup (self->records, id);
}

/* Returns TRUE if that changed anything. */
static gboolean
adopt (FloeHostDomains *self, const FloeDomain *seen, guint64 token)
{
  Record *record = find (self, seen->id);
  FloeDomain *domain;
  gboolean same;

  if (record == NULL)
    {
      record = g_new0 (Record, 1);
      record->domain = floe_domain_copy (seen);
      g_hash_table_insert (self->records, g_strdup (seen->id), record);
      return TRUE;
    }
  domain = floe_domain_copy (seen);
  if (record->event > token)
    {
      domain->power = record->domain->power;
      domain->agent_connected = record->domain->agent_connected;
      self->funcs.look (seen->id, self->data);
    }
  same = equal (record->domain, domain);
  floe_domain_free (record->domain);
  record->domain = domain;
  return !same;
}

static void
forget_unseen (FloeHostDomains *self, GHashTable *seen, guint64 token)
{
  GHashTableIter iter;
  gpointer id, value;

  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, &id, &value))
    {
      Record *record = value;

      if (g_hash_table_contains (seen, id))
        continue;
      if (record->event > token)
        self->funcs.look (id, self->data);
      else
        g_hash_table_iter_remove (&iter);
    }
}

/**
 * floe_host_domains_take_all:
 * @seen: (element-type FloeDomain): all domains of the host
 * @token: of that look
 *
 * Returns: (transfer container) (element-type FloeDomain): all domains as they are now; owned by
 *   @self until its next change
 */
GPtrArray *
floe_host_domains_take_all (FloeHostDomains *self, GPtrArray *seen, guint64 token)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *all = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < seen->len; i++)
    {
      FloeDomain *domain = g_ptr_array_index (seen, i);

      g_hash_table_add (ids, domain->id);
      adopt (self, domain, token);
    }
  forget_unseen (self, ids, token);
  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (all, ((Record *)value)->domain);
  return all;
}

/**
 * floe_host_domains_take:
 * @seen: one domain
 * @token: of that look
 */
void
floe_host_domains_take (FloeHostDomains *self, const FloeDomain *seen, guint64 token)
{
  if (adopt (self, seen, token))
    self->funcs.changed (find (self, seen->id)->domain, self->data);
}

/**
 * floe_host_domains_take_gone:
 * @id: a domain that a look did not find
 * @token: of that look
 */
void
floe_host_domains_take_gone (FloeHostDomains *self, const gchar *id, guint64 token)
{
  Record *record = find (self, id);

  if (record == NULL)
    return;
  if (record->event > token)
    {
      self->funcs.look (id, self->data);
      return;
    }
  g_hash_table_remove (self->records, id);
  self->funcs.gone (id, self->data);
}

/**
 * floe_host_domains_power:
 * @id: a domain
 * @power: what an event says, or %FLOE_POWER_UNKNOWN if it only says that something changed
 */
void
floe_host_domains_power (FloeHostDomains *self, const gchar *id, FloePower power)
{
  Record *record = find (self, id);

  self->funcs.look (id, self->data);
  if (record == NULL)
    return;
  record->event = ++self->last;
  if (power == FLOE_POWER_UNKNOWN || power == record->domain->power)
    return;
  record->domain->power = power;
  if (power == FLOE_POWER_OFF || power == FLOE_POWER_CRASHED)
    record->domain->agent_connected = FALSE;
  self->funcs.changed (record->domain, self->data);
}

/**
 * floe_host_domains_agent:
 * @id: a domain
 * @connected: whether its guest agent answers
 */
void
floe_host_domains_agent (FloeHostDomains *self, const gchar *id, gboolean connected)
{
  Record *record = find (self, id);

  if (record == NULL)
    {
      self->funcs.look (id, self->data);
      return;
    }
  record->event = ++self->last;
  if (record->domain->agent_connected == connected)
    return;
  record->domain->agent_connected = connected;
  self->funcs.changed (record->domain, self->data);
}

/**
 * floe_host_domains_channel:
 * @id: a domain of whose display a channel came or went
 */
void
floe_host_domains_channel (FloeHostDomains *self, const gchar *id)
{
  Record *record = find (self, id);

  if (record != NULL)
    record->channel = ++self->last;
}

/**
 * floe_host_domains_channels_are_current:
 * @id: a domain whose channels were listed
 * @token: of that look
 *
 * Returns: %TRUE if no channel came or went since the look began
 */
gboolean
floe_host_domains_channels_are_current (FloeHostDomains *self, const gchar *id, guint64 token)
{
  Record *record = find (self, id);

  return record != NULL && record->channel <= token;
}

/**
 * floe_host_domains_get:
 *
 * Returns: (transfer none) (nullable): a domain as it is now
 */
const FloeDomain *
floe_host_domains_get (FloeHostDomains *self, const gchar *id)
{
  Record *record = find (self, id);

  return record != NULL ? record->domain : NULL;
}

/**
 * floe_host_domains_runs:
 *
 * Returns: %TRUE if the domain is known and has a QEMU
 */
gboolean
floe_host_domains_runs (FloeHostDomains *self, const gchar *id)
{
  Record *record = find (self, id);

  return record != NULL && record->domain->power != FLOE_POWER_OFF
         && record->domain->power != FLOE_POWER_CRASHED;
}
