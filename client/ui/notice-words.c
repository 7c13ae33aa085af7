/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/notice-words.h"

#include <glib/gi18n.h>

#include "api/error.h"

#define ICON_NETWORK "network-error-symbolic"
#define ICON_TRUST   "channel-insecure-symbolic"
#define ICON_WARNING "dialog-warning-symbolic"
#define ICON_PERSON  "avatar-default-symbolic"
#define ICON_DESKTOP "computer-symbolic"
#define ICON_SERVER  "network-server-symbolic"
#define ICON_OFF     "system-shutdown-symbolic"
#define ICON_TIME    "document-open-recent-symbolic"

/* What the broker's "reason" says, whatever the problem's type: the same one comes with several.
 * Those of the log-in are shown without their title, beside the fields. */
static const FloeWords reason_words[] = {
  { "bad-file", ICON_WARNING, N_ ("This connection file cannot be used"),
    N_ ("Something in it is not as it should be; the details say in which line. Ask for a new one "
        "where you got it."),
    FLOE_REMEDY_RETRY },
  { "newer-file", ICON_WARNING, N_ ("This connection file is too new"),
    N_ ("It was made for a newer program than this one. The details say what it wants."),
    FLOE_REMEDY_RETRY },
  { "no-file", ICON_WARNING, N_ ("The connection file cannot be read"),
    N_ ("It may have been used already: many are deleted when they are opened. Ask for a new one "
        "where you got it."),
    FLOE_REMEDY_RETRY },
  { "file-password", ICON_TIME, N_ ("The desktop did not let you in"),
    N_ ("The password in the connection file is wrong or too old. Most are good for less than a "
        "minute: ask for a new file where you got it."),
    FLOE_REMEDY_RETRY },
  { "file-closed", ICON_DESKTOP, N_ ("The desktop was closed"),
    N_ ("It was shut down, or somebody opened it at another place."), FLOE_REMEDY_RETRY },
  { "bad-link", ICON_WARNING, N_ ("This link leads nowhere"),
    N_ ("Floe does not understand it. Tell whoever gave it to you."), FLOE_REMEDY_RETRY },
  { "other-server", ICON_TRUST, N_ ("This link leads to another server"),
    N_ ("This computer may open desktops of one server only, and the link leads to another."),
    FLOE_REMEDY_RETRY },
  { "wrong-credentials", ICON_PERSON, N_ ("The log-in failed"),
    N_ ("The user name or the password is wrong."), FLOE_REMEDY_LOG_IN },
  { "unknown-domain", ICON_SERVER, N_ ("The domain is unknown"),
    N_ ("The server does not know the domain that you log in to. Choose another one, or ask your "
        "helpdesk."),
    FLOE_REMEDY_LOG_IN },
  { "no-ticket", ICON_PERSON, N_ ("There is no ticket"),
    N_ ("You have no valid ticket of Kerberos for this server. Log in with your password."),
    FLOE_REMEDY_LOG_IN },
  { "wrong-ticket", ICON_PERSON, N_ ("The ticket was refused"),
    N_ ("The server does not take your ticket of Kerberos. Log in with your password."),
    FLOE_REMEDY_LOG_IN },
  { "too-many-tries", ICON_TIME, N_ ("Too many wrong passwords"),
    N_ ("There were too many wrong passwords for this name. Wait a while before you try again, "
        "or ask your helpdesk."),
    FLOE_REMEDY_LOG_IN },
  { "wrong-code", ICON_PERSON, N_ ("The code is wrong"),
    N_ ("The code is wrong, or was used before. Wait until your app shows the next one."),
    FLOE_REMEDY_LOG_IN },
  { "expired-challenge", ICON_TIME, N_ ("The log-in took too long"),
    N_ ("The log-in took too long, or there were too many wrong codes. Log in again."),
    FLOE_REMEDY_LOG_IN },
  { "already-enrolled", ICON_PERSON, N_ ("Your second factor has changed"),
    N_ ("Your second factor has changed meanwhile. Log in again."), FLOE_REMEDY_LOG_IN },
  { "not-enrolled", ICON_PERSON, N_ ("Your second factor has changed"),
    N_ ("Your second factor has changed meanwhile. Log in again."), FLOE_REMEDY_LOG_IN },
  { "second-factor-key", ICON_SERVER, N_ ("The server cannot check your code"),
    N_ ("A key that it needs for that is missing. Tell your helpdesk."), FLOE_REMEDY_RETRY },
  { "must-change", ICON_PERSON, N_ ("Your password has to be changed"),
    N_ ("Your password has to be changed before you can log in. Change it the way your company "
        "has for this, then log in with the new one."),
    FLOE_REMEDY_LOG_IN },
  { "expired", ICON_TIME, N_ ("Your password has expired"),
    N_ ("Your password has expired. Change it the way your company has for this, then log in with "
        "the new one."),
    FLOE_REMEDY_LOG_IN },
  { "disabled", ICON_PERSON, N_ ("Your account is disabled"),
    N_ ("Your account is disabled. Your helpdesk can tell you why, and enable it again."),
    FLOE_REMEDY_LOG_IN },
  { "account-expired", ICON_TIME, N_ ("Your account has expired"),
    N_ ("Your account has expired. Your helpdesk can extend it."), FLOE_REMEDY_LOG_IN },
  { "not-now", ICON_TIME, N_ ("You cannot log in at this time"),
    N_ ("You cannot log in at this time of day. Your helpdesk knows your hours."),
    FLOE_REMEDY_LOG_IN },
  { "not-here", ICON_PERSON, N_ ("You cannot log in from here"),
    N_ ("You cannot log in from this computer. Use another one, or ask your helpdesk."),
    FLOE_REMEDY_LOG_IN },
  { "directory-down", ICON_SERVER, N_ ("Nobody can log in right now"),
    N_ ("The server cannot reach your company's directory, so that it can check no password. "
        "Yours may well be right. Try again in a few minutes."),
    FLOE_REMEDY_RETRY },
  { "not-entitled", ICON_PERSON, N_ ("You have no access to this"),
    N_ ("It was not given to you, or was taken back. Your helpdesk can change that."),
    FLOE_REMEDY_POOLS },
  { "not-from-here", ICON_PERSON, N_ ("Not from this computer"),
    N_ ("These desktops are opened from other computers only. Your helpdesk knows from which."),
    FLOE_REMEDY_POOLS },
  { "action-not-allowed", ICON_PERSON, N_ ("This is not allowed here"),
    N_ ("Your helpdesk decides what you may do with these desktops."), FLOE_REMEDY_POOLS },
  { "no-desktop-free", ICON_DESKTOP, N_ ("No desktop is free"),
    N_ ("All of these desktops are in use. Try again in a while, or ask your helpdesk."),
    FLOE_REMEDY_RETRY },
  { "pool-closed", ICON_DESKTOP, N_ ("These desktops are closed"),
    N_ ("Nobody is given a new one of them for the time being. Your helpdesk knows when they open "
        "again."),
    FLOE_REMEDY_POOLS },
  { "maintenance", ICON_DESKTOP, N_ ("Your desktop is in maintenance"),
    N_ ("Somebody works on it. It is still yours; your helpdesk knows when it opens again."),
    FLOE_REMEDY_POOLS },
  { "limit-reached", ICON_DESKTOP, N_ ("You have as many as you may have"),
    N_ ("Give one of these desktops back before you ask for another one."), FLOE_REMEDY_POOLS },
  { "not-assigned", ICON_PERSON, N_ ("No desktop was given to you yet"),
    N_ ("Your helpdesk gives out these desktops. Ask there for yours."), FLOE_REMEDY_POOLS },
  { "not-held", ICON_DESKTOP, N_ ("That desktop is not yours any more"),
    N_ ("It was given back or taken away. The list shows those that you have."),
    FLOE_REMEDY_POOLS },
  { "desktop-gone", ICON_DESKTOP, N_ ("Your desktop is gone"),
    N_ ("It is still yours, but its host does not know it any more. Tell your helpdesk."),
    FLOE_REMEDY_RETRY },
  { "not-running", ICON_OFF, N_ ("The desktop stops again and again"),
    N_ ("It was switched off each time before it could be opened. Try again; if it stays, tell "
        "your helpdesk."),
    FLOE_REMEDY_RETRY },
  { "start-failed", ICON_DESKTOP, N_ ("The desktop did not start"),
    N_ ("Try again: you may get another one. If it happens once more, tell your helpdesk."),
    FLOE_REMEDY_RETRY },
  { "data-failed", ICON_DESKTOP, N_ ("Your data cannot be reached"),
    N_ ("The disk that holds it could not be plugged in, and nobody works here without their data. "
        "Try again; if it happens once more, tell your helpdesk."),
    FLOE_REMEDY_RETRY },
  { "host-down", ICON_SERVER, N_ ("The desktop's host does not answer"),
    N_ ("The machine that your desktop runs on cannot be reached. Try again in a few minutes, or "
        "ask your helpdesk."),
    FLOE_REMEDY_RETRY },
  { "console-taken", ICON_DESKTOP, N_ ("The desktop must be restarted first"),
    N_ ("Somebody else has looked at its screen, and nobody may come after them before it has been "
        "restarted. Tell your helpdesk."),
    FLOE_REMEDY_POOLS },
  { "engine-login", ICON_PERSON, N_ ("The system behind your desktop does not know you"),
    N_ ("It has not let you in, or has forgotten you. Log in again with your password; if that "
        "does not help, tell your helpdesk."),
    FLOE_REMEDY_LOG_IN },
  { "engine-rights", ICON_PERSON, N_ ("The system behind the desktop refuses this"),
    N_ ("You may not have it there, or this server may not give it to you. Tell your helpdesk."),
    FLOE_REMEDY_POOLS },
  { "engine-busy", ICON_SERVER, N_ ("The system behind the desktop is busy"),
    N_ ("It is doing something else for these desktops right now. Try again in a minute."),
    FLOE_REMEDY_RETRY },
  { "no-host", ICON_SERVER, N_ ("No machine has room for the desktop"),
    N_ ("All machines that could run it are full or switched off. Try again in a while, or ask "
        "your helpdesk."),
    FLOE_REMEDY_RETRY },
  { "quota", ICON_SERVER, N_ ("There is no more room for desktops"),
    N_ ("As many of them run as may run at once, or their storage is used up. Try again in a "
        "while, or ask your helpdesk."),
    FLOE_REMEDY_RETRY },
  { "host-clock", ICON_TIME, N_ ("The desktop's host is refused"),
    N_ ("Its clock is wrong, which makes it unsafe to connect to. Tell your helpdesk."),
    FLOE_REMEDY_RETRY },
  { "plain-display", ICON_TRUST, N_ ("The desktop's display is not encrypted"),
    N_ ("Your administrator allows only encrypted displays. Tell your helpdesk."),
    FLOE_REMEDY_POOLS },
  { "no-ticketing", ICON_TRUST, N_ ("The desktop is not protected"),
    N_ ("Anybody could look at it, so the server does not hand it out. Tell your helpdesk."),
    FLOE_REMEDY_POOLS },
  { "policy-not-enforced", ICON_TRUST, N_ ("The desktop is not set up for its rules"),
    N_ ("It would let through what your administrator forbids here, so the server does not hand it "
        "out. Tell your helpdesk."),
    FLOE_REMEDY_POOLS },
  { "database-full", ICON_SERVER, N_ ("The server has run out of room"),
    N_ ("Its disk is full, so that it can do nothing for anybody. Tell your helpdesk."),
    FLOE_REMEDY_RETRY },
  { "database-read-only", ICON_SERVER, N_ ("The server cannot write to its disk"),
    N_ ("Until it can, it does nothing for anybody. Tell your helpdesk."), FLOE_REMEDY_RETRY },
  { "database-down", ICON_SERVER, N_ ("The server has lost its database"),
    N_ ("Until it is back, it does nothing for anybody. Try again in a few minutes, or tell your "
        "helpdesk."),
    FLOE_REMEDY_RETRY },
};

/* Problems by their type where the reason says nothing, and failures that were met on this side. */
typedef struct
{
  FloeClientError code;
  const gchar *reason; /* NULL: any other reason of this code; such a row comes last */
  const gchar *icon;
  const gchar *title;
  const gchar *body;
  FloeRemedy remedy;
} ErrorWords;

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
  { FLOE_CLIENT_ERROR_INVALID, "key-file", ICON_TRUST, N_ ("The terminal's key cannot be used"),
    N_ ("The key file of this terminal is missing or damaged, or others than its owner may read "
        "it. "
        "Tell your helpdesk."),
    FLOE_REMEDY_SERVER },
  { FLOE_CLIENT_ERROR_INVALID, NULL, ICON_WARNING, N_ ("The server refused this"),
    N_ ("It did not understand what it was asked. Tell your helpdesk."), FLOE_REMEDY_RETRY },
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

static const FloeWords end_words[] = {
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
  [FLOE_END_REASON_IDLE] = { "desktop/idle", ICON_TIME, N_ ("Nobody has used the desktop for long"),
                             N_ ("So its session was ended. You can open it again."),
                             FLOE_REMEDY_RETRY },
  [FLOE_END_REASON_LIMIT] = { "desktop/limit", ICON_TIME, N_ ("Your session has reached its limit"),
                              N_ ("It lasted as long as one may last here. You can open a desktop "
                                  "again."),
                              FLOE_REMEDY_RETRY },
  [FLOE_END_REASON_LOGGED_OFF] = { "desktop/logged-off", ICON_DESKTOP, N_ ("You have logged off"),
                                   N_ ("Choose a desktop from the list to go on."),
                                   FLOE_REMEDY_POOLS },
  [FLOE_END_REASON_DRAINED] = { "desktop/drained", ICON_SERVER,
                                N_ ("The desktop was closed for maintenance"),
                                N_ ("Work is being done on the machine that it ran on. You can "
                                    "open a desktop again; it runs elsewhere."),
                                FLOE_REMEDY_RETRY },
};

static const FloeWords cause_words[] = {
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

static const FloeWords *
find_reason (const GError *error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reason_words); i++)
    if (floe_client_error_has_reason (error, reason_words[i].code))
      return &reason_words[i];
  return NULL;
}

/**
 * floe_words_for_error:
 * @error: a failed call's error
 *
 * Returns: the words for it, without a code, since the error has its own
 */
FloeWords
floe_words_for_error (const GError *error)
{
  const FloeWords *found = NULL;

  if (error->domain == FLOE_CLIENT_ERROR && error->code < FLOE_CLIENT_ERROR_NETWORK)
    found = find_reason (error);
  if (found != NULL)
    return (FloeWords){ NULL, found->icon, found->title, found->body, found->remedy };
  for (gsize i = 0; error->domain == FLOE_CLIENT_ERROR && i < G_N_ELEMENTS (error_words); i++)
    {
      const ErrorWords *row = &error_words[i];

      if ((gint)row->code == error->code
          && (row->reason == NULL || floe_client_error_has_reason (error, row->reason)))
        return (FloeWords){ NULL, row->icon, row->title, row->body, row->remedy };
    }
  return (FloeWords){ "client/fault", ICON_WARNING, N_ ("Something went wrong"),
                      N_ ("Try again, and tell your helpdesk if it stays."), FLOE_REMEDY_RETRY };
}

const FloeWords *
floe_words_for_end (FloeEndReason reason)
{
  return &end_words[reason];
}

const FloeWords *
floe_words_for_cause (FloeEndCause cause)
{
  return &cause_words[cause <= FLOE_END_LAST ? cause : FLOE_END_NONE];
}
