/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "api/url.h"
#include "ctl/desktop-calls.h"
#include "ctl/listing.h"
#include "ctl/output.h"

/* What is known of one desktop, or of one person. */

/* A label, and where in an answer it stands. */
typedef struct
{
  const gchar *label;
  const gchar *path;
} Line;

static void
print_lines (JsonNode *answer, const Line *lines, guint n)
{
  g_autoptr (FloeTable) table = floe_table_new ("", "", NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *shown = floe_json_get_shown_at (answer, lines[i].path);

      floe_table_add (table, _ (lines[i].label));
      floe_table_add (table, shown);
    }
  floe_table_print (table);
}

/* One of an answer's lists, under a heading; nothing when it is empty. */
static void
print_part (JsonNode *answer, const gchar *heading, const gchar *name, const FloeListing *listing)
{
  if (floe_json_get_length (answer, name) == 0)
    return;
  g_print ("\n%s\n", _ (heading));
  floe_ctl_print_listing (listing, answer, name);
}

static const FloeListing trail = {
  NULL,
  (const gchar *const[]){ N_ ("AT"), N_ ("ACTOR"), N_ ("ACTION"), N_ ("OBJECT"), N_ ("OUTCOME"),
                          N_ ("DETAIL"), NULL },
  (const gchar *const[]){ "at", "actor", "action", "object", "outcome", "detail", NULL },
  NULL,
};

static const FloeListing planned = {
  NULL,
  (const gchar *const[]){ N_ ("AT"), N_ ("WHAT"), NULL },
  (const gchar *const[]){ "at", "what", NULL },
  NULL,
};

static const FloeListing entitlements = {
  NULL,
  (const gchar *const[]){ N_ ("POOL"), N_ ("KIND"), N_ ("CLOSED"), N_ ("THROUGH"), NULL },
  (const gchar *const[]){ "pool", "kind", "closed", "through", NULL },
  NULL,
};

static const FloeListing held = {
  NULL,
  (const gchar *const[]){ N_ ("NAME"), N_ ("POOL"), N_ ("HOST"), N_ ("STATE"), N_ ("SINCE"),
                          N_ ("TERMINAL"), N_ ("ADDRESS"), NULL },
  (const gchar *const[]){ "name", "pool", "host", "state", "since", "terminal", "address", NULL },
  NULL,
};

static const FloeListing connections = {
  NULL,
  (const gchar *const[]){ N_ ("DESKTOP"), N_ ("QUALITY"), N_ ("ROUND TRIP MS"), N_ ("SENT AGAIN"),
                          N_ ("BYTES/S"), N_ ("AT"), NULL },
  (const gchar *const[]){ "desktop", "quality", "rtt_ms", "retransmits", "bytes_per_second", "at",
                          NULL },
  NULL,
};

static const FloeListing phases = {
  NULL,
  (const gchar *const[]){ N_ ("PHASE"), N_ ("MS"), NULL },
  (const gchar *const[]){ "phase", "ms", NULL },
  NULL,
};

static void
print_desktop (JsonNode *desktop)
{
  static const Line lines[] = {
    { N_ ("name"), "name" },
    { N_ ("id"), "id" },
    { N_ ("pool"), "pool" },
    { N_ ("host"), "host" },
    { N_ ("state"), "state" },
    { N_ ("holder"), "lease.holder.name" },
    { N_ ("since"), "lease.since" },
    { N_ ("address"), "lease.address" },
    { N_ ("terminal"), "lease.terminal" },
    { N_ ("power"), "facts.power.value" },
    { N_ ("guest"), "facts.guest.value" },
    { N_ ("console"), "facts.console.value" },
    { N_ ("clean"), "facts.clean.value" },
    { N_ ("under way"), "facts.intent.value" },
    { N_ ("wanted by"), "intent_by" },
    { N_ ("refusal"), "refusal" },
    { N_ ("problem"), "problem" },
  };

  print_lines (desktop, lines, G_N_ELEMENTS (lines));
  print_part (desktop, N_ ("Planned:"), "planned", &planned);
  print_part (desktop, N_ ("What went wrong last:"), "failures", &trail);
  print_part (desktop, N_ ("What was done last:"), "trail", &trail);
}

static gboolean
run_desktop (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *id = NULL;
  g_autofree gchar *path = NULL;
  g_autoptr (JsonNode) answer = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 1, 1, error)
      || (id = floe_ctl_find_desktop (self, NULL, args[1], error)) == NULL
      || (path = floe_url_join (error, "admin", "desktops", id, NULL)) == NULL
      || (answer = floe_ctl_call_as_user (self, "GET", path, NULL, error)) == NULL)
    return FALSE;
  if (self->json)
    floe_print_json (answer);
  else
    print_desktop (answer);
  return TRUE;
}

/* How long it took, and where the time went. heading: untranslated */
static void
print_visit (JsonNode *visit, const gchar *heading)
{
  g_autofree gchar *at = NULL;
  g_autofree gchar *ms = NULL;

  if (visit == NULL || !JSON_NODE_HOLDS_OBJECT (visit))
    return;
  at = floe_json_get_shown (visit, "at");
  ms = floe_json_get_shown (visit, "ms");
  /* Translators: what took how long, such as "The last log-in:"; a time; milliseconds */
  g_print (_ ("\n%s %s, %s ms\n"), _ (heading), at, ms);
  floe_ctl_print_listing (&phases, visit, "phases");
}

static const gchar *
reason_words (const gchar *reason)
{
  static const struct
  {
    const gchar *reason;
    const gchar *words;
  } known[] = {
    { "disabled", N_ ("the account is disabled") },
    { "account-expired", N_ ("the account has expired") },
    { "locked", N_ ("the account is locked") },
    { "not-now", N_ ("the directory does not let it in at this hour") },
    { "not-here", N_ ("the directory does not let it in from the broker") },
    { "must-change", N_ ("the password has to be changed first") },
    { "expired", N_ ("the password has expired") },
    { "gone", N_ ("the directory does not know this person") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].reason, reason))
      return _ (known[i].words);
  return NULL;
}

/* All that keeps somebody out, in the reader's language where we have words for it. */
static void
word_account (JsonNode *account)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (account) ? json_node_get_object (account) : NULL;
  const gchar *state = floe_json_get_text (account, "state");
  const gchar *words = state != NULL ? reason_words (state) : NULL;
  g_autoptr (GString) text = g_string_new (words);

  if (object == NULL || words == NULL)
    return;
  for (gsize i = 0; i < floe_json_get_length (account, "also"); i++)
    {
      JsonArray *also = json_object_get_array_member (object, "also");
      JsonNode *node = json_array_get_element (also, (guint)i);
      const gchar *reason = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
      const gchar *more = reason != NULL ? reason_words (reason) : NULL;

      if (more != NULL)
        g_string_append_printf (text, "; %s", more);
    }
  json_object_set_string_member (object, "text", text->str);
}

static void
print_user (JsonNode *user)
{
  static const Line lines[] = {
    { N_ ("name"), "name" },
    { N_ ("display name"), "display_name" },
    { N_ ("id"), "id" },
    { N_ ("seen"), "seen_at" },
    { N_ ("role"), "role" },
    { N_ ("second factor"), "second_factor" },
    { N_ ("groups"), "groups" },
    { N_ ("account"), "account.state" },
    { N_ ("because"), "account.text" },
    { N_ ("locked until"), "account.locked_until" },
    { N_ ("account expires"), "account.account_expires" },
    { N_ ("password expires"), "account.password_expires" },
  };

  word_account (floe_json_get (user, "account"));
  print_lines (user, lines, G_N_ELEMENTS (lines));
  print_part (user, N_ ("May open:"), "entitlements", &entitlements);
  print_part (user, N_ ("Has:"), "desktops", &held);
  print_part (user, N_ ("Connections:"), "connections", &connections);
  print_part (user, N_ ("What went wrong last:"), "failures", &trail);
  print_visit (floe_json_get (user, "last_login"), N_ ("The last log-in:"));
  print_visit (floe_json_get (user, "last_connect"), N_ ("The last desktop opened:"));
}

/* What the directory says now is a question of its own. */
static gboolean
run_user (FloeCtl *self, GStrv args, GError **error)
{
  g_autofree gchar *path = NULL;
  g_autofree gchar *account_path = NULL;
  g_autoptr (JsonNode) user = NULL;
  g_autoptr (JsonNode) account = NULL;

  if (!floe_ctl_parse (self, &args, NULL, 1, 1, error)
      || (path = floe_url_join (error, "admin", "users", args[1], NULL)) == NULL
      || (account_path = floe_url_join (error, "admin", "users", args[1], "account", NULL)) == NULL
      || (user = floe_ctl_call_as_user (self, "GET", path, NULL, error)) == NULL
      || (account = floe_ctl_call_as_user (self, "GET", account_path, NULL, error)) == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (user))
    json_object_set_member (json_node_get_object (user), "account", json_node_copy (account));
  if (self->json)
    floe_print_json (user);
  else
    print_user (user);
  return TRUE;
}

const FloeCtlCommand floe_ctl_detail_commands[] = {
  { "desktop show", N_ ("DESKTOP"), N_ ("Show all that is known of a desktop"), run_desktop },
  { "user show", N_ ("USER"),
    N_ ("Show somebody's account, what they may open and have, and what went wrong for them"),
    run_user },
  { NULL },
};
