/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-values.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-comment.h"
#include "manager/ovirt/engine-json.h"

#define MIB          (1024 * 1024)
#define MAX_SESSIONS 32

/* What an engine's words for a VM's state mean to us. A migration, an agent that is silent, a host
 * that does not answer: it runs as far as anybody knows. Whatever else there may be is unknown. */
static const struct
{
  const gchar *status;
  FloePower power;
} powers[] = {
  { "up", FLOE_POWER_ON },
  { "down", FLOE_POWER_OFF },
  { "powering_up", FLOE_POWER_ON },
  { "powering_down", FLOE_POWER_STOPPING },
  { "wait_for_launch", FLOE_POWER_STARTING },
  { "reboot_in_progress", FLOE_POWER_ON },
  { "migrating", FLOE_POWER_ON },
  { "not_responding", FLOE_POWER_ON },
  { "paused", FLOE_POWER_PAUSED },
  { "saving_state", FLOE_POWER_PAUSED },
  { "restoring_state", FLOE_POWER_STARTING },
  { "suspended", FLOE_POWER_OFF },
  { "image_locked", FLOE_POWER_OFF },
};

static guint
small_number (JsonObject *object, const gchar *name)
{
  return (guint)CLAMP (floe_engine_json_number (object, name, 0), 0, G_MAXINT);
}

/**
 * floe_engine_pool_new:
 *
 * Returns: (transfer full) (nullable): the pool; %NULL for what is none
 */
FloeEnginePool *
floe_engine_pool_new (JsonObject *object)
{
  const gchar *id = floe_engine_json_id (object);
  const gchar *name = floe_engine_json_text (object, "name");
  FloeEnginePool *self;

  if (id == NULL || name == NULL)
    return NULL;
  self = g_new0 (FloeEnginePool, 1);
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->size = small_number (object, "size");
  self->prestarted = small_number (object, "prestarted_vms");
  self->per_user = small_number (object, "max_user_vms");
  self->manual = g_strcmp0 (floe_engine_json_text (object, "type"), "manual") == 0;
  self->stateful = floe_engine_json_flag (object, "stateful");
  return self;
}

/**
 * floe_engine_pool_refuse:
 *
 * Returns: (nullable): why none of its VMs is lent, and how to mend that
 */
const gchar *
floe_engine_pool_refuse (const FloeEnginePool *self)
{
  if (self->stateful && !self->manual)
    return "its pool at the engine is stateful, so that the next one would find what the last one "
           "left: make it anew there, not stateful";
  return NULL;
}

/**
 * floe_engine_pool_misfit:
 * @keeps: whether a VM is to stay its user's
 *
 * Returns: (nullable): why a pool of ours that does so, or does not, has none of its VMs, and how
 *   to mend that
 */
const gchar *
floe_engine_pool_misfit (const FloeEnginePool *self, gboolean keeps)
{
  if (self->manual && !keeps)
    return "its pool at the engine is of the type manual, whose VMs stay with their user: make "
           "the pool here a dedicated one";
  if (!self->manual && keeps)
    return "its pool at the engine is of the type automatic, which takes a VM back when it goes "
           "down: make the pool here a floating one";
  return NULL;
}

/**
 * floe_engine_pool_fit:
 * @domain: one of its VMs; gets what its pool has against it
 */
void
floe_engine_pool_fit (const FloeEnginePool *self, FloeDomain *domain)
{
  domain->floating_refusal = g_strdup (floe_engine_pool_misfit (self, FALSE));
  domain->kept_refusal = g_strdup (floe_engine_pool_misfit (self, TRUE));
}

void
floe_engine_pool_free (FloeEnginePool *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

/* A session of a console with an address is a client that is connected, without one a ticket that
 * somebody asked for; any other is somebody who is logged in to the guest. */
static void
read_sessions (FloeEngineVm *self, JsonObject *object)
{
  JsonArray *list = floe_engine_json_list (floe_engine_json_object (object, "sessions"), "session");
  g_autoptr (GStrvBuilder) peers = g_strv_builder_new ();
  guint n = MIN (floe_engine_json_length (list), MAX_SESSIONS);

  for (guint i = 0; i < n; i++)
    {
      JsonObject *session = floe_engine_json_item (list, i);
      const gchar *address = floe_engine_json_text_in (session, "ip", "address");

      if (!floe_engine_json_flag (session, "console_user"))
        self->logged_in += session != NULL;
      else if (address != NULL)
        g_strv_builder_add (peers, address);
    }
  self->peers = g_strv_builder_end (peers);
}

/* What is on when nothing is said of it. */
static gboolean
is_left_on (JsonObject *object, const gchar *name)
{
  return object != NULL
         && (!json_object_has_member (object, name) || floe_engine_json_flag (object, name));
}

/**
 * floe_engine_openings_new:
 * @vm: a VM
 *
 * Returns: (transfer full): what it lets through. Of folders and sound its engine does not tell
 */
FloeOpenings *
floe_engine_openings_new (JsonObject *vm)
{
  JsonObject *display = floe_engine_json_object (vm, "display");
  FloeOpenings *self = g_new0 (FloeOpenings, 1);

  if (is_left_on (display, "copy_paste_enabled"))
    self->how[FLOE_DEVICE_CLIPBOARD] = "disable its clipboard copy and paste at its engine";
  if (is_left_on (display, "file_transfer_enabled"))
    self->how[FLOE_DEVICE_FILES] = "disable its file transfer at its engine";
  if (floe_engine_json_flag (floe_engine_json_object (vm, "usb"), "enabled"))
    self->how[FLOE_DEVICE_USB] = "disable USB for it at its engine";
  if (floe_engine_json_flag (display, "smartcard_enabled"))
    self->how[FLOE_DEVICE_SMARTCARD] = "disable smartcards for it at its engine";
  self->how_filter = "disable USB for it at its engine, which has no rules for single devices";
  return self;
}

static void
read_power (FloeEngineVm *self)
{
  self->power = FLOE_POWER_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (powers); i++)
    if (g_str_equal (self->status, powers[i].status))
      self->power = powers[i].power;
  self->restoring = g_str_equal (self->status, "image_locked");
}

/**
 * floe_engine_vm_new:
 *
 * Returns: (transfer full) (nullable): the VM; %NULL for what is none, or only half of one
 */
FloeEngineVm *
floe_engine_vm_new (JsonObject *object)
{
  const gchar *id = floe_engine_json_id (object);
  const gchar *name = floe_engine_json_text (object, "name");
  const gchar *status = floe_engine_json_text (object, "status");
  const gchar *comment = floe_engine_json_text (object, "comment");
  FloeEngineVm *self;

  if (id == NULL || name == NULL || status == NULL)
    return NULL;
  self = g_new0 (FloeEngineVm, 1);
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->status = g_strdup (status);
  self->pool_id = g_strdup (floe_engine_json_id (floe_engine_json_object (object, "vm_pool")));
  self->graphics = g_strdup (floe_engine_json_text_in (object, "display", "type"));
  self->memory_mib =
      (guint)CLAMP (floe_engine_json_number (object, "memory", 0) / MIB, 0, G_MAXINT);
  /* Told by the agent, and forgotten by the engine when the VM goes down. */
  self->agent = floe_engine_json_object (object, "guest_operating_system") != NULL
                || floe_engine_json_text (object, "fqdn") != NULL;
  if (comment != NULL && g_str_has_prefix (comment, FLOE_ENGINE_COMMENT))
    self->mark = g_strdup (comment);
  self->openings = floe_engine_openings_new (object);
  read_power (self);
  read_sessions (self, object);
  return self;
}

void
floe_engine_vm_free (FloeEngineVm *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->pool_id);
  g_free (self->status);
  g_free (self->mark);
  g_free (self->graphics);
  g_strfreev (self->peers);
  floe_openings_free (self->openings);
  g_free (self);
}

/**
 * floe_engine_vms_new:
 * @root: the engine's list of VMs
 *
 * A #FloeEngineRead.
 *
 * Returns: (transfer full) (element-type FloeEngineVm): those that are whole, as a GPtrArray
 */
gpointer
floe_engine_vms_new (JsonObject *root)
{
  GPtrArray *vms = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_engine_vm_free);
  JsonArray *list = floe_engine_json_list (root, "vm");
  guint n = floe_engine_json_length (list);

  for (guint i = 0; i < n; i++)
    {
      FloeEngineVm *vm = floe_engine_vm_new (floe_engine_json_item (list, i));

      if (vm != NULL)
        g_ptr_array_add (vms, vm);
    }
  return vms;
}

/**
 * floe_engine_vm_equal:
 *
 * Returns: whether nothing is different that anybody is told
 */
gboolean
floe_engine_vm_equal (const FloeEngineVm *a, const FloeEngineVm *b)
{
  return g_str_equal (a->name, b->name) && g_str_equal (a->status, b->status)
         && g_strcmp0 (a->pool_id, b->pool_id) == 0 && g_strcmp0 (a->graphics, b->graphics) == 0
         && a->agent == b->agent && a->memory_mib == b->memory_mib && a->logged_in == b->logged_in
         && floe_openings_equal (a->openings, b->openings);
}

/**
 * floe_engine_vm_to_domain:
 * @engine: its name, which stands for the host: where the VM runs is the engine's business
 * @pool: the name of its pool at the engine
 *
 * Returns: (transfer full): the VM as core knows it
 */
FloeDomain *
floe_engine_vm_to_domain (const FloeEngineVm *self, const gchar *engine, const gchar *pool)
{
  FloeDomain *domain = floe_domain_new (self->id, self->name, engine);

  domain->pool = g_strdup (pool);
  domain->engine = TRUE;
  domain->power = self->power;
  domain->has_agent = TRUE;
  domain->agent_connected = self->agent;
  domain->memory_mib = self->memory_mib;
  domain->logged_in = (gint)self->logged_in;
  domain->openings = floe_openings_copy (self->openings);
  if (self->graphics == NULL)
    domain->refusal = g_strdup ("it has no console: give it SPICE at its engine");
  else if (!g_str_equal (self->graphics, "spice"))
    domain->vnc_refusal =
        g_strdup ("it only speaks VNC, which its pool does not allow: allow that, "
                  "or give it SPICE at its engine");
  return domain;
}

static guint16
read_port (JsonObject *display, const gchar *name)
{
  gint64 port = floe_engine_json_number (display, name, 0);

  return port > 0 && port <= G_MAXUINT16 ? (guint16)port : 0;
}

/**
 * floe_engine_display_new:
 * @vm: a VM that was read alone, with its certificate
 *
 * Returns: (transfer full): how its console is reached; or %NULL with %FLOE_ERROR_CONFLICT (reason
 *   "not-running" or "no-display")
 */
FloeDisplay *
floe_engine_display_new (JsonObject *vm, GError **error)
{
  JsonObject *display = floe_engine_json_object (vm, "display");
  JsonObject *certificate = floe_engine_json_object (display, "certificate");
  const gchar *address = floe_engine_json_text (display, "address");
  const gchar *type = floe_engine_json_text (display, "type");
  /* The pool's, or else the cluster's, or else the engine's. */
  const gchar *proxy = floe_engine_json_text (display, "proxy");
  guint16 port = read_port (display, "port");
  guint16 tls_port = read_port (display, "secure_port");
  FloeDisplay *self;

  if (display == NULL)
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "no-display", "it has no console");
      return NULL;
    }
  if (address == NULL || (port == 0 && tls_port == 0))
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-running",
                             "its console is not open yet");
      return NULL;
    }
  /* What can be encrypted is, and nothing else is offered then. */
  self = floe_display_new (address, tls_port != 0 ? 0 : port, tls_port,
                           tls_port != 0 ? floe_engine_json_text (certificate, "content") : NULL,
                           tls_port != 0 ? floe_engine_json_text (certificate, "subject") : NULL);
  self->kind = g_strcmp0 (type, "vnc") == 0 ? FLOE_DISPLAY_VNC : FLOE_DISPLAY_SPICE;
  if (proxy == NULL || floe_display_set_proxy (self, proxy))
    return self;
  floe_set_error_reason (
      error, FLOE_ERROR_CONFLICT, "no-display",
      "the engine names the proxy of its console as \"%s\", and http://HOST:PORT "
      "is expected",
      proxy);
  floe_display_free (self);
  return NULL;
}
