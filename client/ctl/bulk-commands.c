/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "ctl/body.h"
#include "ctl/desktop-calls.h"
#include "ctl/listing.h"
#include "ctl/output.h"
#include "ctl/table.h"

#define MOST 500

/* What is done to several desktops or people at once. */

typedef struct
{
  gchar *reason;
  gchar *text;
  gchar *message;
  gchar *desktops;
  gint minutes;
  gboolean dry_run;
} Wish;

static void
wish_clear (Wish *wish)
{
  g_free (wish->reason);
  g_free (wish->text);
  g_free (wish->message);
  g_free (wish->desktops);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

static gchar *
make_body (const gchar *action, const gchar *subjects, const gchar *const *names, const Wish *wish)
{
  g_autoptr (JsonBuilder) body = floe_body_new ();

  floe_body_add_text (body, "action", action);
  floe_body_add_texts (body, subjects, names);
  floe_body_add_text (body, "their_desktops", wish->desktops);
  floe_body_add_text (body, "text", wish->text);
  floe_body_add_text (body, "message", wish->message);
  floe_body_add_number (body, "minutes", wish->minutes);
  floe_body_add_text (body, "reason", wish->reason);
  if (wish->dry_run)
    floe_body_add_flag (body, "dry_run", TRUE);
  return floe_body_end (body);
}

static const gchar *
outcome_of (JsonNode *item)
{
  const gchar *outcome = floe_json_get_text (item, "outcome");

  if (g_strcmp0 (outcome, "done") == 0)
    return _ ("done");
  return g_strcmp0 (outcome, "would-be-done") == 0 ? _ ("would be done") : _ ("refused");
}

/* add_items: a row for each, and below a person one for each of their desktops; how many were
 * refused */
static guint
add_items (FloeTable *table, JsonNode *answer, const gchar *field)
{
  guint n_refused = 0;

  for (guint i = 0; i < floe_json_get_length (answer, field); i++)
    {
      JsonNode *item = floe_json_get_element (answer, field, i);
      const gchar *name = floe_json_get_text (item, "name");
      g_autofree gchar *holder = floe_json_get_shown (item, "holder");
      g_autofree gchar *state = floe_json_get_shown (item, "state");
      g_autofree gchar *why = floe_json_get_shown_at (item, "problem.detail");

      floe_table_add (table, name != NULL ? name : floe_json_get_text (item, "id"));
      floe_table_add (table, holder);
      floe_table_add (table, outcome_of (item));
      floe_table_add (table, state);
      floe_table_add (table, why);
      n_refused += g_strcmp0 (floe_json_get_text (item, "outcome"), "refused") == 0;
      add_items (table, item, "desktops");
    }
  return n_refused;
}

static gboolean
print_answer (FloeCtl *self, JsonNode *answer, GError **error)
{
  g_autoptr (FloeTable) table =
      floe_table_new (_ ("NAME"), _ ("HOLDER"), _ ("OUTCOME"), _ ("STATE"), _ ("WHY NOT"), NULL);
  guint n_refused = add_items (table, answer, "items");

  if (self->json)
    floe_print_json (answer);
  else
    floe_table_print (table);
  if (n_refused == 0)
    return TRUE;
  floe_ctl_set_failed (
      error,
      g_dngettext (GETTEXT_PACKAGE, "%u of them was refused", "%u of them were refused", n_refused),
      n_refused);
  return FALSE;
}

static gboolean
post (FloeCtl *self, const gchar *body, GError **error)
{
  g_autoptr (JsonNode) answer = floe_ctl_call_as_user (self, "POST", "admin/bulk", body, error);

  return answer != NULL && print_answer (self, answer, error);
}

static gboolean
parse (FloeCtl *self, GStrv *args, Wish *wish, guint least, GError **error)
{
  const GOptionEntry entries[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &wish->reason, NULL, NULL },
    { "text", 0, 0, G_OPTION_ARG_STRING, &wish->text, NULL, NULL },
    { "message", 0, 0, G_OPTION_ARG_STRING, &wish->message, NULL, NULL },
    { "minutes", 0, 0, G_OPTION_ARG_INT, &wish->minutes, NULL, NULL },
    { "desktops", 0, 0, G_OPTION_ARG_STRING, &wish->desktops, NULL, NULL },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &wish->dry_run, NULL, NULL },
    { NULL }
  };

  return floe_ctl_parse (self, args, entries, least, MOST, error);
}

/* The desktops are @args from @first on. */
static gboolean
act_on (FloeCtl *self, const gchar *action, GStrv args, guint first, const Wish *wish,
        GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree gchar *body = NULL;

  for (guint i = first; args[i] != NULL; i++)
    {
      gchar *id = floe_ctl_find_desktop (self, NULL, args[i], error);

      if (id == NULL)
        return FALSE;
      g_ptr_array_add (ids, id);
    }
  g_ptr_array_add (ids, NULL);
  body = make_body (action, "desktops", (const gchar *const *)ids->pdata, wish);
  return post (self, body, error);
}

static gboolean
run_many (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (Wish) wish = { NULL };

  return parse (self, &args, &wish, 2, error) && act_on (self, args[1], args, 2, &wish, error);
}

static gboolean
run_maintain (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (Wish) wish = { NULL };

  return parse (self, &args, &wish, 1, error)
         && act_on (self, "maintenance", args, 1, &wish, error);
}

static gboolean
run_open (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (Wish) wish = { NULL };

  return parse (self, &args, &wish, 1, error) && act_on (self, "open", args, 1, &wish, error);
}

static gboolean
run_log_off (FloeCtl *self, GStrv args, GError **error)
{
  g_auto (Wish) wish = { NULL };
  g_autofree gchar *body = NULL;

  if (!parse (self, &args, &wish, 1, error))
    return FALSE;
  body = make_body ("log-off", "users", (const gchar *const *)args + 1, &wish);
  return post (self, body, error);
}

/* Moves. */

typedef struct
{
  gchar *from;
  gchar *to;
  gboolean release;
} Way;

static void
way_clear (Way *way)
{
  g_free (way->from);
  g_free (way->to);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Way, way_clear)

static gchar *
make_move (const gchar *subjects, const gchar *const *names, const Way *way, const Wish *wish)
{
  g_autoptr (JsonBuilder) body = floe_body_new ();

  floe_body_add_texts (body, subjects, names);
  floe_body_add_text (body, "from", way->from);
  floe_body_add_text (body, "to", way->to);
  floe_body_add_text (body, "reason", wish->reason);
  floe_body_add_flag (body, "release", way->release);
  floe_body_add_flag (body, "dry_run", wish->dry_run);
  return floe_body_end (body);
}

static gboolean
run_move (FloeCtl *self, GStrv args, const gchar *subjects, GError **error)
{
  g_auto (Wish) wish = { NULL };
  g_auto (Way) way = { NULL };
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &way.from, NULL, NULL },
    { "to", 0, 0, G_OPTION_ARG_STRING, &way.to, NULL, NULL },
    { "release", 0, 0, G_OPTION_ARG_NONE, &way.release, NULL, NULL },
    { "reason", 0, 0, G_OPTION_ARG_STRING, &wish.reason, NULL, NULL },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &wish.dry_run, NULL, NULL },
    { NULL }
  };
  g_autofree gchar *body = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, entries, 1, MOST, error))
    return FALSE;
  if (way.from == NULL || way.to == NULL)
    {
      floe_ctl_set_usage (error, _ ("from which pool, and to which? Give --from and --to"));
      return FALSE;
    }
  body = make_move (subjects, (const gchar *const *)args + 1, &way, &wish);
  answer = floe_ctl_call_as_user (self, "POST", "admin/moves", body, error);
  return answer != NULL && print_answer (self, answer, error);
}

static gboolean
run_move_users (FloeCtl *self, GStrv args, GError **error)
{
  return run_move (self, args, "users", error);
}

static gboolean
run_move_groups (FloeCtl *self, GStrv args, GError **error)
{
  return run_move (self, args, "groups", error);
}

const FloeCtlCommand floe_ctl_bulk_commands[] = {
  { "desktop many", N_ ("ACTION DESKTOP... [--text TEXT] [--dry-run] [--reason TEXT]"),
    N_ ("Do the same with several desktops: release, message, log-off, restart, shut-down, "
        "force-off, reset"),
    run_many },
  { "desktop maintain",
    N_ ("DESKTOP... [--message TEXT] [--minutes N] [--dry-run] [--reason TEXT]"),
    N_ ("Put desktops into maintenance: nobody gets them, and who has one leaves in N minutes"),
    run_maintain },
  { "desktop open", N_ ("DESKTOP... [--dry-run] [--reason TEXT]"),
    N_ ("End desktops' maintenance, also before its time"), run_open },
  { "user log-off", N_ ("USER... [--desktops keep|log-off|release] [--dry-run] [--reason TEXT]"),
    N_ ("End people's log-ins, and what they have open"), run_log_off },
  { "user move", N_ ("USER... --from POOL --to POOL [--release] [--dry-run] [--reason TEXT]"),
    N_ ("Move people from one pool to another"), run_move_users },
  { "group move", N_ ("GROUP... --from POOL --to POOL [--release] [--dry-run] [--reason TEXT]"),
    N_ ("Move groups from one pool to another"), run_move_groups },
  { NULL },
};
