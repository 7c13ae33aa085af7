/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/notice.h"

#include <glib/gi18n.h>

#include "api/error.h"

typedef struct
{
  FloeClientError code;
  const gchar *reason; /* NULL: any other reason of this code; such a row comes last */
  const gchar *icon;
  const gchar *title;
  const gchar *body;
  FloeRemedy remedy;
} ErrorWords;

#define ICON_NETWORK "network-error-symbolic"
#define ICON_TRUST   "channel-insecure-symbolic"
#define ICON_WARNING "dialog-warning-symbolic"
#define ICON_PERSON  "avatar-default-symbolic"
#define ICON_DESKTOP "computer-symbolic"
#define ICON_SERVER  "network-server-symbolic"
#define ICON_OFF     "system-shutdown-symbolic"
#define ICON_TIME    "document-open-recent-symbolic"

static const ErrorWords error_words[] = {
  { FLOE_CLIENT_ERROR_INVALID, "bad-url", ICON_SERVER, N_ ("This is not a server's address"),
    N_ ("An address looks like desktops.example.org. Check what you typed."), FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_INVALID, "plain-http", ICON_TRUST, N_ ("This address is not encrypted"),
    N_ ("Your password travels encrypted or not at all: the address must begin with https://."),
    FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_INVALID, "ca-file", ICON_TRUST, N_ ("The certificate file cannot be used"),
    N_ ("The file is missing, or it holds no certificates. Choose it again, or ask your "
        "administrator for it."),
    FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_INVALID, NULL, ICON_WARNING, N_ ("The server refused this"),
    N_ ("It did not understand what it was asked. Tell your helpdesk."), FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAUTHENTICATED, "wrong-credentials", ICON_PERSON, N_ ("The log-in failed"),
    N_ ("The user name or the password is wrong."), FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_UNAUTHENTICATED, NULL, ICON_PERSON, N_ ("You have been logged out"),
    N_ ("Your log-in is no longer valid. Log in again to go on."), FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_EXPIRED_TOKEN, NULL, ICON_TIME, N_ ("Your log-in has run out"),
    N_ ("Log in again to go on. What was open on your desktop is still there."),
    FLOE_REMEDY_LOG_IN },
  { FLOE_CLIENT_ERROR_DENIED, NULL, ICON_PERSON, N_ ("You have no access to this"),
    N_ ("It was not given to you, or was taken back. Your helpdesk can change that."),
    FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_NOT_FOUND, NULL, ICON_DESKTOP, N_ ("This desktop is no longer there"),
    N_ ("It is not offered any more, or it is no longer yours. Choose one from the list."),
    FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_CONFLICT, NULL, ICON_DESKTOP, N_ ("The desktop is busy with itself"),
    N_ ("Something else is being done with it right now. Try again in a minute."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_EXHAUSTED, NULL, ICON_DESKTOP, N_ ("No desktop is free"),
    N_ ("All of these desktops are in use. Try again in a while, or ask your helpdesk."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_BUSY, NULL, ICON_SERVER, N_ ("The server is busy"),
    N_ ("Too many people want something from it at this moment. Try again in a minute."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "directory-down", ICON_SERVER,
    N_ ("Nobody can log in right now"),
    N_ ("The server cannot reach your company's directory, so that it can check no password. "
        "Yours may well be right. Try again in a few minutes."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "host-down", ICON_SERVER,
    N_ ("The desktop's host does not answer"),
    N_ ("The machine that your desktop runs on cannot be reached. Try again in a few minutes, or "
        "ask your helpdesk."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "host-clock", ICON_TIME, N_ ("The desktop's host is refused"),
    N_ ("Its clock is wrong, which makes it unsafe to connect to. Tell your helpdesk."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "start-failed", ICON_DESKTOP, N_ ("The desktop did not start"),
    N_ ("Try again: you may get another one. If it happens once more, tell your helpdesk."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "plain-display", ICON_TRUST,
    N_ ("The desktop's display is not encrypted"),
    N_ ("Your administrator allows only encrypted displays. Tell your helpdesk."),
    FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, "no-ticketing", ICON_TRUST, N_ ("The desktop is not protected"),
    N_ ("Anybody could look at it, so the server does not hand it out. Tell your helpdesk."),
    FLOE_REMEDY_POOLS },
  { FLOE_CLIENT_ERROR_UNAVAILABLE, NULL, ICON_SERVER, N_ ("The server cannot do this right now"),
    N_ ("Something that it needs does not answer. Try again in a few minutes."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_TIMED_OUT, NULL, ICON_TIME, N_ ("It took too long"),
    N_ ("The server gave up waiting. Try again; if it happens once more, tell your helpdesk."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_INTERNAL, NULL, ICON_SERVER, N_ ("The server has a fault"),
    N_ ("It is not your doing. Try again, and tell your helpdesk if it stays."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_TOO_LARGE, NULL, ICON_WARNING, N_ ("That is too long"),
    N_ ("The server takes no text of this length. Make it shorter."), FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_METHOD_NOT_ALLOWED, NULL, ICON_WARNING,
    N_ ("Floe and the server do not fit together"),
    N_ ("One of the two is too old for the other. Tell your helpdesk."), FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_UNSUPPORTED_MEDIA_TYPE, NULL, ICON_WARNING,
    N_ ("Floe and the server do not fit together"),
    N_ ("One of the two is too old for the other. Tell your helpdesk."), FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_NETWORK, "dns", ICON_NETWORK, N_ ("The server was not found"),
    N_ ("Nobody knows a server of this name. Check the address, and whether this computer is in "
        "the right network."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_NETWORK, "refused", ICON_NETWORK, N_ ("No server answers there"),
    N_ ("The computer is there, but no Floe server runs on it. Check the address, or try again "
        "later."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_NETWORK, "timeout", ICON_NETWORK, N_ ("The server does not answer"),
    N_ ("Nothing came back from it in time. Check the network, or try again later."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_NETWORK, "proxy", ICON_NETWORK, N_ ("The proxy refused the connection"),
    N_ ("The way to the server leads through a proxy, which did not let it pass. Tell your "
        "helpdesk."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_NETWORK, "tls-untrusted", ICON_TRUST, N_ ("This server cannot be trusted"),
    N_ ("No authority that this computer knows vouches for it. If your company has an authority "
        "of its own, choose its certificate file together with the server. Otherwise somebody may "
        "be listening: do not go on."),
    FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_NETWORK, "tls-expired", ICON_TRUST,
    N_ ("The server's certificate has expired"),
    N_ ("It was not renewed in time, so that nobody vouches for the server any more. Tell your "
        "helpdesk."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_NETWORK, "tls-not-yet-valid", ICON_TIME,
    N_ ("Is this computer's clock right?"),
    N_ ("The server's certificate begins in the future. Set the date and the time of this "
        "computer, then try again."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_NETWORK, "tls-name", ICON_TRUST, N_ ("This is a different server"),
    N_ ("What answers proves itself under another name than the one you gave. Check the address; "
        "if it is right, tell your helpdesk."),
    FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_NETWORK, "tls-protocol", ICON_TRUST,
    N_ ("The server does not speak a safe language"),
    N_ ("It offers no encryption, or only an outdated one. Check the address and its port, or "
        "tell your helpdesk."),
    FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_NETWORK, NULL, ICON_NETWORK, N_ ("The server cannot be reached"),
    N_ ("Check this computer's network connection, then try again."), FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_PROTOCOL, "malformed", ICON_WARNING,
    N_ ("Floe and the server do not fit together"),
    N_ ("The server's answer makes no sense to this version of Floe. Tell your helpdesk."),
    FLOE_REMEDY_RETRY },
  { FLOE_CLIENT_ERROR_PROTOCOL, NULL, ICON_SERVER, N_ ("There is no Floe server at this address"),
    N_ ("Something answers there, but it does not hand out desktops. Check the address."),
    FLOE_REMEDY_SERVER },
};

typedef struct
{
  const gchar *code;
  const gchar *icon;
  const gchar *title;
  const gchar *body;
  FloeRemedy remedy;
} Words;

static const Words end_words[] = {
  [FLOE_END_REASON_UNKNOWN] = { "desktop/unknown", ICON_DESKTOP, N_ ("The desktop was closed"),
                                N_ ("The server does not know why. You can open it again."),
                                FLOE_REMEDY_RETRY },
  [FLOE_END_REASON_TAKEN_OVER] = { "desktop/taken-over", ICON_DESKTOP,
                                   N_ ("Your desktop is open somewhere else"),
                                   N_ ("It was opened at another place and has moved there, with "
                                       "everything on it."),
                                   FLOE_REMEDY_BRING },
  [FLOE_END_REASON_POWERED_OFF] = { "desktop/powered-off", ICON_OFF,
                                    N_ ("The desktop was shut down"),
                                    N_ ("It was switched off. You can start it again."),
                                    FLOE_REMEDY_START },
  [FLOE_END_REASON_CRASHED] = { "desktop/crashed", ICON_WARNING, N_ ("The desktop has crashed"),
                                N_ ("It stopped by itself, and what was not saved may be lost. You "
                                    "can start it again."),
                                FLOE_REMEDY_START },
  [FLOE_END_REASON_RELEASED] = { "desktop/released", ICON_DESKTOP,
                                 N_ ("You have given this desktop back"),
                                 N_ ("It is no longer reserved for you. Choose one from the list "
                                     "to go on."),
                                 FLOE_REMEDY_POOLS },
  [FLOE_END_REASON_ADMIN] = { "desktop/admin", ICON_PERSON,
                              N_ ("An administrator ended your session"),
                              N_ ("Ask your helpdesk why, if you do not know. You may open a "
                                  "desktop again."),
                              FLOE_REMEDY_POOLS },
  [FLOE_END_REASON_HOST_LOST] = { "desktop/host-lost", ICON_SERVER,
                                  N_ ("The desktop's host cannot be reached"),
                                  N_ ("The machine that it runs on does not answer. Your desktop "
                                      "may still be running there. "
                                      "Try again in a few minutes."),
                                  FLOE_REMEDY_RETRY },
  [FLOE_END_REASON_NETWORK] = { "desktop/network", ICON_NETWORK,
                                N_ ("The connection to the desktop was lost"),
                                N_ ("The desktop is still there. Check this computer's network "
                                    "connection, then try again."),
                                FLOE_REMEDY_RETRY },
};

static const Words cause_words[] = {
  [FLOE_END_NONE] = { "display/none", ICON_DESKTOP, N_ ("The desktop was closed"),
                      N_ ("You can open it again."), FLOE_REMEDY_RETRY },
  [FLOE_END_ASKED] = { "display/asked", ICON_DESKTOP, N_ ("The desktop was closed"),
                       N_ ("You can open it again."), FLOE_REMEDY_RETRY },
  [FLOE_END_CLOSED] = { "display/closed", ICON_DESKTOP, N_ ("The desktop was closed"),
                        N_ ("Its host closed the connection again and again. Try it later, or ask "
                            "your helpdesk."),
                        FLOE_REMEDY_RETRY },
  [FLOE_END_NETWORK] = { "display/network", ICON_NETWORK,
                         N_ ("The connection to the desktop was lost"),
                         N_ ("The desktop is still there. Check this computer's network "
                             "connection, then try again."),
                         FLOE_REMEDY_RETRY },
  [FLOE_END_REFUSED] = { "display/refused", ICON_DESKTOP,
                         N_ ("The desktop's display does not answer"),
                         N_ ("Its host is there, but nobody listens. Try again; if it stays, tell "
                             "your helpdesk."),
                         FLOE_REMEDY_RETRY },
  [FLOE_END_UNREACHABLE] = { "display/unreachable", ICON_NETWORK,
                             N_ ("The desktop's host cannot be reached"),
                             N_ ("The server is there, but the way to the desktop itself is "
                                 "blocked. Tell your helpdesk "
                                 "which network you are in."),
                             FLOE_REMEDY_RETRY },
  [FLOE_END_NAME] = { "display/name", ICON_NETWORK, N_ ("The desktop's host was not found"),
                      N_ ("This computer's network does not know the host's name. Tell your "
                          "helpdesk."),
                      FLOE_REMEDY_RETRY },
  [FLOE_END_ADDRESS] = { "display/address", ICON_WARNING,
                         N_ ("The desktop's address cannot be used"),
                         N_ ("The host wants another kind of connection than the server named. "
                             "Tell your helpdesk."),
                         FLOE_REMEDY_RETRY },
  [FLOE_END_PROXY] = { "display/proxy", ICON_NETWORK, N_ ("The proxy refused the connection"),
                       N_ ("The way to the desktop leads through a proxy, which did not let it "
                           "pass. Tell your "
                           "helpdesk."),
                       FLOE_REMEDY_RETRY },
  [FLOE_END_LINK] = { "display/link", ICON_WARNING, N_ ("The desktop's display cannot be opened"),
                      N_ ("What answers there is no display, or one that this program does not "
                          "understand. Try "
                          "again; if it stays, tell your helpdesk."),
                      FLOE_REMEDY_RETRY },
  [FLOE_END_AUTH] = { "display/auth", ICON_TIME, N_ ("The desktop did not let you in"),
                      N_ ("The host refused a fresh ticket twice, most likely since its clock is "
                          "wrong. Tell your "
                          "helpdesk."),
                      FLOE_REMEDY_RETRY },
  [FLOE_END_TLS] = { "display/tls", ICON_TRUST, N_ ("The desktop's host cannot be trusted"),
                     N_ ("Its certificate is not the one that the server vouches for, so that "
                         "somebody may be "
                         "listening. Nothing was sent. Tell your helpdesk."),
                     FLOE_REMEDY_POOLS },
  [FLOE_END_NO_ANSWER] = { "display/no-answer", ICON_DESKTOP,
                           N_ ("The desktop's display does not answer"),
                           N_ ("Its host took the connection and then said nothing. Try again; if "
                               "it stays, tell your "
                               "helpdesk."),
                           FLOE_REMEDY_RETRY },
  [FLOE_END_NO_PICTURE] = { "display/no-picture", ICON_DESKTOP, N_ ("The desktop shows no picture"),
                            N_ ("The connection stands, but nothing came to be shown. Try again; "
                                "if it stays, tell your "
                                "helpdesk."),
                            FLOE_REMEDY_RETRY },
};

static FloeNotice *
notice_from (const Words *words, const gchar *detail)
{
  FloeNotice *self = g_new0 (FloeNotice, 1);

  self->icon = words->icon;
  self->title = g_strdup (_ (words->title));
  self->body = g_strdup (_ (words->body));
  self->remedy = words->remedy;
  self->code = g_strdup (words->code);
  self->detail = detail != NULL && *detail != '\0' ? g_strdup (detail) : NULL;
  return self;
}

static const ErrorWords *
find_words (const GError *error)
{
  if (error->domain != FLOE_CLIENT_ERROR)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (error_words); i++)
    if ((gint)error_words[i].code == error->code
        && (error_words[i].reason == NULL
            || floe_client_error_has_reason (error, error_words[i].reason)))
      return &error_words[i];
  return NULL;
}

static gchar *
code_of (const GError *error)
{
  const gchar *name = floe_client_error_name (error->code);
  const gchar *reason = floe_client_error_reason (error);

  return reason != NULL ? g_strdup_printf ("%s/%s", name, reason) : g_strdup (name);
}

/**
 * floe_notice_new_for_error:
 * @error: a failed call's error
 *
 * Returns: (transfer full): the words for it
 */
FloeNotice *
floe_notice_new_for_error (const GError *error)
{
  static const Words fault = { "client/fault", ICON_WARNING, N_ ("Something went wrong"),
                               N_ ("Try again, and tell your helpdesk if it stays."),
                               FLOE_REMEDY_RETRY };
  const ErrorWords *found = find_words (error);
  FloeNotice *self;

  if (found == NULL)
    return notice_from (&fault, error->message);
  self = g_new0 (FloeNotice, 1);
  self->icon = found->icon;
  self->title = g_strdup (_ (found->title));
  self->body = g_strdup (_ (found->body));
  self->remedy = found->remedy;
  self->code = code_of (error);
  self->detail = g_strdup (error->message);
  return self;
}

static gchar *
time_of (gint64 at)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  /* TRANSLATORS: a time of day in GDateTime's format, hours and minutes */
  return local != NULL ? g_date_time_format (local, _ ("%H:%M")) : NULL;
}

static gchar *
tell_where (const FloeDesktopEnd *end)
{
  g_autofree gchar *at = end->at > 0 ? time_of (end->at) : NULL;

  if (end->where == NULL || *end->where == '\0')
    return NULL;
  if (at == NULL)
    /* TRANSLATORS: the argument is a terminal's name or address */
    return g_strdup_printf (_ ("It was opened at %s, with everything on it."), end->where);
  /* TRANSLATORS: a terminal's name or address, and a time like 10:41 */
  return g_strdup_printf (
      _ ("It was opened at %s at %s and has moved there, with everything on it."), end->where, at);
}

static FloeEndReason
reason_of (const FloeDesktop *desktop)
{
  if (desktop->end != NULL && desktop->end->reason != FLOE_END_REASON_UNKNOWN)
    return desktop->end->reason;
  if (desktop->state == FLOE_DESKTOP_STATE_OFF)
    return FLOE_END_REASON_POWERED_OFF;
  if (desktop->state == FLOE_DESKTOP_STATE_HOST_LOST)
    return FLOE_END_REASON_HOST_LOST;
  if (desktop->state == FLOE_DESKTOP_STATE_RESETTING)
    return FLOE_END_REASON_RELEASED;
  return FLOE_END_REASON_UNKNOWN;
}

/**
 * floe_notice_new_for_desktop:
 * @desktop: what the broker says about a desktop whose session has ended
 *
 * Returns: (transfer full): the words for it
 */
FloeNotice *
floe_notice_new_for_desktop (const FloeDesktop *desktop)
{
  FloeEndReason reason = reason_of (desktop);
  FloeNotice *self = notice_from (&end_words[reason], NULL);

  if (reason == FLOE_END_REASON_TAKEN_OVER && desktop->end != NULL)
    {
      gchar *where = tell_where (desktop->end);

      if (where != NULL)
        {
          g_free (self->body);
          self->body = where;
        }
    }
  self->detail = g_strdup_printf ("desktop %s, power %s, console %s", desktop->id, desktop->power,
                                  desktop->console);
  if (!desktop->can_reconnect)
    self->remedy = FLOE_REMEDY_POOLS;
  return self;
}

FloeNotice *
floe_notice_new_for_cause (FloeEndCause cause, const gchar *detail)
{
  return notice_from (&cause_words[cause <= FLOE_END_LAST ? cause : FLOE_END_NONE], detail);
}

/**
 * floe_notice_new_for_stop:
 * @stop: why a desk stopped
 *
 * Returns: (transfer full): the words for it
 */
FloeNotice *
floe_notice_new_for_stop (const FloeStop *stop)
{
  if (stop->desktop != NULL)
    return floe_notice_new_for_desktop (stop->desktop);
  if (stop->error != NULL)
    return floe_notice_new_for_error (stop->error);
  return floe_notice_new_for_cause (stop->cause, stop->detail);
}

void
floe_notice_free (FloeNotice *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->body);
  g_free (self->code);
  g_free (self->detail);
  g_free (self);
}

/**
 * floe_remedy_label:
 * @remedy: something to do
 *
 * Returns: (transfer none): the label of its button, with a mnemonic
 */
const gchar *
floe_remedy_label (FloeRemedy remedy)
{
  switch (remedy)
    {
    case FLOE_REMEDY_BRING:
      return _ ("_Bring It Here");
    case FLOE_REMEDY_START:
      return _ ("_Start It Again");
    case FLOE_REMEDY_LOG_IN:
      return _ ("_Log In Again");
    case FLOE_REMEDY_POOLS:
      return _ ("Back to the _Desktops");
    case FLOE_REMEDY_SERVER:
      return _ ("Choose Another _Server");
    case FLOE_REMEDY_RETRY:
    default:
      return _ ("_Try Again");
    }
}
