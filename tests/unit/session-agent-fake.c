/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-agent-fake.h"

#include <spice/enums.h>
#include <spice/vd_agent.h>
#include <string.h>

#define TOKENS 100

struct _FakeAgent
{
  GMutex mutex;
  GOutputStream *main;
  GOutputStream *display;
  GString *screens;
  guint n_asked;
  guint32 left_out; /* of VD_AGENT_DISPLAY_CONFIG_FLAG_* */
};

static void
put (GOutputStream *out, guint16 type, gconstpointer body, guint32 length)
{
  guint8 header[18] = { 1 }; /* serial, type, size, sub list */

  if (out == NULL)
    return;
  memcpy (header + 8, &type, 2);
  memcpy (header + 10, &length, 4);
  g_output_stream_write_all (out, header, sizeof header, NULL, NULL, NULL);
  g_output_stream_write_all (out, body, length, NULL, NULL, NULL);
}

/* announce: that the agent knows where screens are, beside one another */
static void
announce (FakeAgent *self)
{
  const VDAgentMessage head = { .protocol = VD_AGENT_PROTOCOL,
                                .type = VD_AGENT_ANNOUNCE_CAPABILITIES,
                                .size = sizeof (guint32) * 2 };
  const guint32 body[2] = { 0, 1u << VD_AGENT_CAP_MONITORS_CONFIG
                                   | 1u << VD_AGENT_CAP_MONITORS_CONFIG_POSITION
                                   | 1u << VD_AGENT_CAP_DISPLAY_CONFIG };
  guint8 message[sizeof head + sizeof body];

  memcpy (message, &head, sizeof head);
  memcpy (message + sizeof head, body, sizeof body);
  put (self->main, SPICE_MSG_MAIN_AGENT_DATA, message, sizeof message);
}

/* show: the card has these screens */
static void
show (FakeAgent *self, const VDAgentMonConfig *monitors, guint16 n)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  const guint16 counts[2] = { n, FAKE_AGENT_MOST };

  g_byte_array_append (body, (const guint8 *)counts, sizeof counts);
  for (guint32 i = 0; i < n; i++)
    {
      const guint32 head[7] = {
        i, 0, monitors[i].width, monitors[i].height, (guint32)monitors[i].x, (guint32)monitors[i].y,
        0
      };

      g_byte_array_append (body, (const guint8 *)head, sizeof head);
    }
  put (self->display, SPICE_MSG_DISPLAY_MONITORS_CONFIG, body->data, body->len);
}

static void
take_screens (FakeAgent *self, const VDAgentMonitorsConfig *config)
{
  g_string_truncate (self->screens, 0);
  for (guint32 i = 0; i < config->num_of_monitors; i++)
    g_string_append_printf (self->screens, "%s%ux%u+%d+%d", i > 0 ? " " : "",
                            config->monitors[i].width, config->monitors[i].height,
                            config->monitors[i].x, config->monitors[i].y);
  self->n_asked++;
  show (self, config->monitors, (guint16)config->num_of_monitors);
}

void
fake_agent_hear (FakeAgent *self, const guint8 *data, gsize length)
{
  VDAgentMessage head;

  if (length < sizeof head)
    return;
  memcpy (&head, data, sizeof head);
  if (length < sizeof head + head.size)
    return;
  g_mutex_lock (&self->mutex);
  if (head.type == VD_AGENT_MONITORS_CONFIG)
    take_screens (self, (const VDAgentMonitorsConfig *)(data + sizeof head));
  else if (head.type == VD_AGENT_DISPLAY_CONFIG && head.size >= sizeof self->left_out)
    memcpy (&self->left_out, data + sizeof head, sizeof self->left_out);
  g_mutex_unlock (&self->mutex);
}

void
fake_agent_take_main (FakeAgent *self, GOutputStream *out)
{
  g_mutex_lock (&self->mutex);
  self->main = out;
  announce (self);
  g_mutex_unlock (&self->mutex);
}

void
fake_agent_take_display (FakeAgent *self, GOutputStream *out)
{
  const VDAgentMonConfig first = { .width = 64, .height = 48 };

  g_mutex_lock (&self->mutex);
  self->display = out;
  show (self, &first, 1);
  g_mutex_unlock (&self->mutex);
}

void
fake_agent_drop (FakeAgent *self, GOutputStream *out)
{
  g_mutex_lock (&self->mutex);
  if (self->main == out)
    self->main = NULL;
  if (self->display == out)
    self->display = NULL;
  g_mutex_unlock (&self->mutex);
}

void
fake_agent_restart (FakeAgent *self)
{
  const guint32 nothing = 0, tokens = TOKENS;

  g_mutex_lock (&self->mutex);
  put (self->main, SPICE_MSG_MAIN_AGENT_DISCONNECTED, &nothing, sizeof nothing);
  put (self->main, SPICE_MSG_MAIN_AGENT_CONNECTED_TOKENS, &tokens, sizeof tokens);
  announce (self);
  g_mutex_unlock (&self->mutex);
}

gchar *
fake_agent_dup_screens (FakeAgent *self)
{
  gchar *screens;

  g_mutex_lock (&self->mutex);
  screens = g_strdup (self->screens->str);
  g_mutex_unlock (&self->mutex);
  return screens;
}

guint
fake_agent_n_asked (FakeAgent *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->n_asked;
  g_mutex_unlock (&self->mutex);
  return n;
}

FakeAgent *
fake_agent_new (void)
{
  FakeAgent *self = g_new0 (FakeAgent, 1);

  g_mutex_init (&self->mutex);
  self->screens = g_string_new (NULL);
  return self;
}

void
fake_agent_free (FakeAgent *self)
{
  g_string_free (self->screens, TRUE);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

guint32
fake_agent_get_left_out (FakeAgent *self)
{
  guint32 left_out;

  g_mutex_lock (&self->mutex);
  left_out = self->left_out;
  g_mutex_unlock (&self->mutex);
  return left_out;
}
