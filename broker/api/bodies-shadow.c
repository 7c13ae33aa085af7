/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/bodies.h"

/* Of one request; whoever moves a pointer sends several of these a second. */
#define MOST_EVENTS 64

#define MAX_KIND_BYTES 16
#define MOST_CODE      0x1ff
#define MOST_BUTTON    3

static const gchar *const kinds[] = { "key", "move", "button", "wheel" };

/**
 * floe_body_write_told_shadow:
 *
 * For whoever sits there: who looks, or asks to.
 */
void
floe_body_write_told_shadow (FloeJsonWriter *writer, const gchar *name, const FloeShadow *shadow)
{
  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "id", shadow->id);
  floe_json_writer_string (writer, "desktop", shadow->desktop_id);
  floe_json_writer_string (writer, "from", shadow->helper_name);
  floe_json_writer_string (writer, "reason", shadow->reason);
  floe_json_writer_string (writer, "state", floe_shadow_state_name (shadow->state));
  floe_json_writer_string (writer, "control", floe_shadow_control_name (shadow->control));
  floe_json_writer_end_object (writer);
}

/**
 * floe_body_write_shadow:
 *
 * For the staff.
 */
void
floe_body_write_shadow (FloeJsonWriter *writer, const gchar *name, const FloeShadow *shadow)
{
  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "id", shadow->id);
  floe_json_writer_string (writer, "desktop", shadow->desktop_id);
  floe_json_writer_string (writer, "desktop_name", shadow->desktop);
  floe_json_writer_string (writer, "pool", shadow->pool);
  floe_json_writer_string (writer, "holder", shadow->holder_name);
  floe_json_writer_string (writer, "by", shadow->helper_name);
  floe_json_writer_string (writer, "reason", shadow->reason);
  floe_json_writer_string (writer, "state", floe_shadow_state_name (shadow->state));
  floe_json_writer_string (writer, "control", floe_shadow_control_name (shadow->control));
  floe_json_writer_time (writer, "asked_at", shadow->asked);
  floe_json_writer_moment (writer, "granted_at", shadow->granted);
  floe_json_writer_moment (writer, "ended_at", shadow->ended);
  floe_json_writer_string (writer, "ended_by", shadow->ended_by);
  floe_json_writer_end_object (writer);
}

static void
write_event (FloeJsonWriter *writer, const FloeInput *event)
{
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_string (writer, "kind", kinds[event->kind]);
  if (event->kind == FLOE_INPUT_MOVE)
    {
      floe_json_writer_int (writer, "x", event->x);
      floe_json_writer_int (writer, "y", event->y);
    }
  else
    floe_json_writer_int (writer, "code", event->code);
  if (event->kind == FLOE_INPUT_KEY || event->kind == FLOE_INPUT_BUTTON)
    floe_json_writer_bool (writer, "down", event->down);
  floe_json_writer_end_object (writer);
}

void
floe_body_write_inputs (FloeJsonWriter *writer, const FloeInputs *inputs)
{
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_bool (writer, "all", inputs->all);
  floe_json_writer_begin_array (writer, "events");
  for (guint i = 0; i < inputs->n_events; i++)
    write_event (writer, &inputs->events[i]);
  floe_json_writer_end_array (writer);
  floe_json_writer_end_object (writer);
}

static guint
read_int (FloeJsonReader *reader, const gchar *name, gint64 least, gint64 most)
{
  if (!floe_json_reader_has (reader, name))
    floe_json_reader_refuse (reader, name, "expected a number");
  return (guint)floe_json_reader_get_int_or (reader, name, least, most, least);
}

static gboolean
read_down (FloeJsonReader *reader)
{
  if (!floe_json_reader_has (reader, "down"))
    floe_json_reader_refuse (reader, "down", "expected true or false");
  return floe_json_reader_get_bool_or (reader, "down", FALSE);
}

static void
read_event (FloeJsonReader *reader, FloeInput *event)
{
  g_autofree gchar *kind = floe_json_reader_get_string (reader, "kind", MAX_KIND_BYTES);
  guint found = 0;

  while (found < G_N_ELEMENTS (kinds) && g_strcmp0 (kinds[found], kind) != 0)
    found++;
  switch (found)
    {
    case FLOE_INPUT_KEY:
      event->code = read_int (reader, "code", 1, MOST_CODE);
      event->down = read_down (reader);
      break;
    case FLOE_INPUT_MOVE:
      event->x = read_int (reader, "x", 0, FLOE_PICTURE_MOST);
      event->y = read_int (reader, "y", 0, FLOE_PICTURE_MOST);
      break;
    case FLOE_INPUT_BUTTON:
      event->code = read_int (reader, "code", 1, MOST_BUTTON);
      event->down = read_down (reader);
      break;
    case FLOE_INPUT_WHEEL:
      event->code = read_int (reader, "code", 1, 2);
      break;
    default:
      floe_json_reader_refuse (reader, "kind",
                               "expected \"key\", \"move\", \"button\" or \"wheel\"");
      return;
    }
  event->kind = (FloeInputKind)found;
}

/**
 * floe_body_read_inputs:
 *
 * Returns: (transfer full): what somebody did who looks; whether it makes sense, @reader says
 */
FloeInputs *
floe_body_read_inputs (FloeJsonReader *reader)
{
  FloeInputs *inputs = g_new0 (FloeInputs, 1);

  if (!floe_json_reader_has (reader, "events"))
    floe_json_reader_refuse (reader, "events", "expected a list");
  inputs->n_events = floe_json_reader_count (reader, "events", MOST_EVENTS);
  inputs->events = g_new0 (FloeInput, MAX (inputs->n_events, 1));
  for (guint i = 0; i < inputs->n_events; i++)
    {
      floe_json_reader_enter_element (reader, "events", i);
      read_event (reader, &inputs->events[i]);
      floe_json_reader_leave (reader);
    }
  return inputs;
}
