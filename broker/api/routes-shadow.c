/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/bodies.h"
#include "api/json-read.h"
#include "api/routes-parts.h"
#include "core/error.h"
#include "core/helpdesk-screenshot.h"

#define MAX_QUESTION_BYTES 16
#define MOST_NUMBER        G_GUINT64_CONSTANT (0x1fffffffffffff) /* what JavaScript counts to */

static FloeShadows *
get_shadows (FloeCall *call)
{
  return floe_api_get_parts (call->api)->shadows;
}

/* What is asked and answered. */

static void
answer_shadow (FloeExchange *exchange, guint status, const FloeShadow *shadow)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();

  floe_body_write_shadow (writer, NULL, shadow);
  floe_exchange_answer_json (exchange, status, writer);
}

static void
on_shadow (GObject *source, GAsyncResult *result, gpointer data, guint status)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeShadow) shadow = floe_shadows_finish (FLOE_SHADOWS (source), result, &error);

  if (shadow == NULL)
    floe_exchange_answer_error (call->exchange, error);
  else if (status == 204)
    floe_exchange_answer (call->exchange, status, NULL, NULL);
  else
    answer_shadow (call->exchange, status, shadow);
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  on_shadow (source, result, data, 201);
}

static void
on_got (GObject *source, GAsyncResult *result, gpointer data)
{
  on_shadow (source, result, data, 200);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  on_shadow (source, result, data, 204);
}

/* POST /admin/desktops/{}/shadow */
void
floe_route_admin_shadow_ask (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *reason = NULL;
  FloeCall *call;

  if (!floe_call_take_reason (exchange, &reason, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  call = floe_call_new (api, exchange);
  floe_shadows_ask_async (get_shadows (call), floe_exchange_get_identity (exchange),
                          floe_exchange_get_segment (exchange), reason, on_asked, call);
}

static void
on_screenshot (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) png =
      floe_helpdesk_screenshot_finish (FLOE_HELPDESK (source), result, &error);

  if (png == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  floe_exchange_set_secret (call->exchange); /* whoever asks twice gets no old one */
  floe_exchange_answer (call->exchange, 200, "image/png", png);
}

/* POST /admin/desktops/{}/screenshot */
void
floe_route_admin_screenshot (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *reason = NULL;

  if (!floe_call_take_reason (exchange, &reason, &error))
    floe_exchange_answer_error (exchange, error);
  else
    floe_helpdesk_screenshot_async (
        floe_api_get_helpdesk (api), floe_exchange_get_identity (exchange),
        floe_exchange_get_segment (exchange), reason, on_screenshot, floe_call_new (api, exchange));
}

/* GET /admin/shadows/{} */
void
floe_route_admin_shadow (FloeExchange *exchange, gpointer api)
{
  FloeCall *call = floe_call_new (api, exchange);

  floe_shadows_get_async (get_shadows (call), floe_exchange_get_identity (exchange),
                          floe_exchange_get_segment (exchange), on_got, call);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  g_autoptr (GPtrArray) all = floe_shadows_list_finish (FLOE_SHADOWS (source), result, &error);

  if (all == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_begin_array (writer, "items");
  for (guint i = 0; i < all->len; i++)
    floe_body_write_shadow (writer, NULL, all->pdata[i]);
  floe_json_writer_end_array (writer);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* GET /admin/shadows: there are few at a time */
void
floe_route_admin_shadows (FloeExchange *exchange, gpointer api)
{
  FloeCall *call = floe_call_new (api, exchange);

  floe_shadows_list_async (get_shadows (call), floe_exchange_get_identity (exchange), on_listed,
                           call);
}

static void
step (FloeExchange *exchange, FloeApi *api, FloeShadowStep what, GAsyncReadyCallback callback)
{
  FloeCall *call = floe_call_new (api, exchange);

  floe_shadows_step_async (get_shadows (call), floe_exchange_get_identity (exchange),
                           floe_exchange_get_segment (exchange), what, callback, call);
}

static gboolean
read_wanted (FloeExchange *exchange, gboolean *wanted, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);

  if (reader == NULL)
    return FALSE;
  if (!floe_json_reader_has (reader, "wanted"))
    floe_json_reader_refuse (reader, "wanted", "expected true or false");
  *wanted = floe_json_reader_get_bool_or (reader, "wanted", FALSE);
  return floe_json_reader_end (reader, error);
}

/* POST /admin/shadows/{}/control */
void
floe_route_admin_shadow_control (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  gboolean wanted;

  if (read_wanted (exchange, &wanted, &error))
    step (exchange, api, wanted ? FLOE_SHADOW_WANT_CONTROL : FLOE_SHADOW_DROP_CONTROL, on_got);
  else
    floe_exchange_answer_error (exchange, error);
}

/* DELETE /admin/shadows/{} */
void
floe_route_admin_shadow_leave (FloeExchange *exchange, gpointer api)
{
  step (exchange, api, FLOE_SHADOW_LEAVE, on_done);
}

/* DELETE /shadows/{} */
void
floe_route_shadow_stop (FloeExchange *exchange, gpointer api)
{
  step (exchange, api, FLOE_SHADOW_STOP, on_done);
}

static gboolean
read_answer (FloeExchange *exchange, FloeShadowStep *answer, GError **error)
{
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, error);
  g_autofree gchar *question = NULL;
  gboolean allow;

  if (reader == NULL)
    return FALSE;
  question = floe_json_reader_get_string (reader, "question", MAX_QUESTION_BYTES);
  if (!floe_json_reader_has (reader, "allow"))
    floe_json_reader_refuse (reader, "allow", "expected true or false");
  allow = floe_json_reader_get_bool_or (reader, "allow", FALSE);
  if (g_strcmp0 (question, "look") == 0)
    *answer = allow ? FLOE_SHADOW_ALLOW : FLOE_SHADOW_REFUSE;
  else if (g_strcmp0 (question, "control") == 0)
    *answer = allow ? FLOE_SHADOW_ALLOW_CONTROL : FLOE_SHADOW_DENY_CONTROL;
  else
    floe_json_reader_refuse (reader, "question", "expected \"look\" or \"control\"");
  return floe_json_reader_end (reader, error);
}

/* POST /shadows/{}/answer */
void
floe_route_shadow_answer (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  FloeShadowStep answer = FLOE_SHADOW_REFUSE;

  if (read_answer (exchange, &answer, &error))
    step (exchange, api, answer, on_done);
  else
    floe_exchange_answer_error (exchange, error);
}

/* What passes. */

static gboolean
read_number (FloeExchange *exchange, const gchar *name, guint64 most, guint64 *number,
             GError **error)
{
  const gchar *text = floe_exchange_get_query (exchange, name);

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, most, number, NULL))
    return TRUE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
               "%s: expected a whole number from 0 to %" G_GUINT64_FORMAT, name, most);
  return FALSE;
}

/* read_place: where a picture belongs on a screen of which size */
static gboolean
read_place (FloeExchange *exchange, FloePicture *picture, GError **error)
{
  guint64 first, x, y, width, height;

  if (!read_number (exchange, "first", 1, &first, error)
      || !read_number (exchange, "x", FLOE_PICTURE_MOST, &x, error)
      || !read_number (exchange, "y", FLOE_PICTURE_MOST, &y, error)
      || !read_number (exchange, "width", FLOE_PICTURE_MOST, &width, error)
      || !read_number (exchange, "height", FLOE_PICTURE_MOST, &height, error))
    return FALSE;
  picture->first = first == 1;
  picture->x = (guint)x;
  picture->y = (guint)y;
  picture->width = (guint)width;
  picture->height = (guint)height;
  if (x < width && y < height)
    return TRUE;
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                       "x and y: expected within the screen");
  return FALSE;
}

static FloePicture *
read_picture (FloeExchange *exchange, GError **error)
{
  static const gchar start[] = { '\xff', '\xd8', '\xff' };
  g_autoptr (FloePicture) picture = g_new0 (FloePicture, 1);
  gsize length;
  const gchar *bytes;

  if (!read_place (exchange, picture, error))
    return NULL;
  picture->bytes = floe_exchange_steal_body (exchange);
  bytes = floe_secret_get (picture->bytes, &length);
  if (length > sizeof start && memcmp (bytes, start, sizeof start) == 0)
    return g_steal_pointer (&picture);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "the body is no JPEG");
  return NULL;
}

static void
on_given (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  gboolean all;

  if (!floe_shadows_put_picture_finish (FLOE_SHADOWS (source), result, &all, &error))
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  floe_json_writer_begin_object (writer, NULL);
  floe_json_writer_bool (writer, "all", all);
  floe_json_writer_end_object (writer);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* PUT /shadows/{}/picture */
void
floe_route_shadow_give (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  FloePicture *picture = read_picture (exchange, &error);
  FloeCall *call;

  if (picture == NULL)
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  call = floe_call_new (api, exchange);
  floe_shadows_put_picture_async (get_shadows (call), floe_exchange_get_identity (exchange),
                                  floe_exchange_get_segment (exchange), picture,
                                  floe_exchange_get_cancellable (exchange), on_given, call);
}

static void
on_taken (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePicture) picture = NULL;
  g_autofree gchar *place = NULL;

  if (!floe_shadows_take_picture_finish (FLOE_SHADOWS (source), result, &picture, &error))
    floe_exchange_answer_error (call->exchange, error);
  else if (picture == NULL)
    floe_exchange_answer (call->exchange, 204, NULL, NULL);
  else
    {
      place = g_strdup_printf ("number=%" G_GUINT64_FORMAT ", x=%u, y=%u, width=%u, height=%u",
                               picture->number, picture->x, picture->y, picture->width,
                               picture->height);
      floe_exchange_add_header (call->exchange, "Floe-Picture", place);
      floe_exchange_answer (call->exchange, 200, "image/jpeg", picture->bytes);
    }
}

/* GET /admin/shadows/{}/picture */
void
floe_route_admin_shadow_picture (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  guint64 after;
  FloeCall *call;

  if (!read_number (exchange, "after", MOST_NUMBER, &after, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  call = floe_call_new (api, exchange);
  floe_shadows_take_picture_async (get_shadows (call), floe_exchange_get_identity (exchange),
                                   floe_exchange_get_segment (exchange), after,
                                   floe_exchange_get_cancellable (exchange), on_taken, call);
}

static void
on_input_put (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  gboolean done = floe_shadows_put_inputs_finish (FLOE_SHADOWS (source), result, &error);

  floe_call_answer_done (call, done, error);
}

/* POST /admin/shadows/{}/input */
void
floe_route_admin_shadow_input (FloeExchange *exchange, gpointer api)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeJsonReader) reader = floe_call_take_body (exchange, &error);
  g_autoptr (FloeInputs) inputs = reader != NULL ? floe_body_read_inputs (reader) : NULL;
  FloeCall *call;

  if (reader == NULL || !floe_json_reader_end (reader, &error))
    {
      floe_exchange_answer_error (exchange, error);
      return;
    }
  call = floe_call_new (api, exchange);
  floe_shadows_put_inputs_async (get_shadows (call), floe_exchange_get_identity (exchange),
                                 floe_exchange_get_segment (exchange), g_steal_pointer (&inputs),
                                 on_input_put, call);
}

static void
on_heard (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  g_autoptr (FloeInputs) inputs =
      floe_shadows_take_inputs_finish (FLOE_SHADOWS (source), result, &error);

  if (inputs == NULL)
    {
      floe_exchange_answer_error (call->exchange, error);
      return;
    }
  floe_body_write_inputs (writer, inputs);
  floe_exchange_answer_json (call->exchange, 200, writer);
}

/* GET /shadows/{}/input */
void
floe_route_shadow_listen (FloeExchange *exchange, gpointer api)
{
  FloeCall *call = floe_call_new (api, exchange);

  floe_shadows_take_inputs_async (get_shadows (call), floe_exchange_get_identity (exchange),
                                  floe_exchange_get_segment (exchange),
                                  floe_exchange_get_cancellable (exchange), on_heard, call);
}
