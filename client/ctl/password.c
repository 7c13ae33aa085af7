/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/password.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ctl/command.h"

/* More than any directory takes; the broker's own limit on a body is 64 KiB. */
#define LIMIT 4096

/* Reads into @text until its end, or until a line's where @line is set, and cuts the line's end
 * off.
 * @line is the signal mask to wait with: signals that are blocked outside come while it waits, and
 * at no other moment, or one between a look at what came and the next read would be slept over. -1
 * with errno; E2BIG for more than LIMIT. */
static gssize
read_text (gint fd, gchar *text, const sigset_t *line)
{
  struct pollfd ready = { .fd = fd, .events = POLLIN };
  gsize length = 0;

  while (line == NULL || length == 0 || text[length - 1] != '\n')
    {
      gssize n = line != NULL ? ppoll (&ready, 1, NULL, line) : 1;

      if (n > 0)
        n = read (fd, text + length, LIMIT + 2 - length);
      if (n < 0)
        return -1;
      if (n == 0)
        break;
      length += (gsize)n;
      if (length == LIMIT + 2)
        {
          errno = E2BIG;
          return -1;
        }
    }
  if (length > 0 && text[length - 1] == '\n')
    length--;
  if (length > 0 && text[length - 1] == '\r')
    length--;
  return (gssize)length;
}

/* Returns: (transfer full) (nullable): what is in @file; empty when there is nothing, %NULL with
 * errno */
static FloeSecret *
read_file (const gchar *file)
{
  gint fd = open (file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  gchar text[LIMIT + 2];
  gssize length = fd >= 0 ? read_text (fd, text, NULL) : -1;
  FloeSecret *secret = length >= 0 ? floe_secret_new (text, length) : NULL;
  gint why = errno;

  if (fd >= 0)
    close (fd);
  floe_wipe (text, sizeof text);
  errno = why;
  return secret;
}

/**
 * floe_password_from_file:
 * @file: a file or a pipe; an end of line at its end is not part of the password
 * @error: unreadable, empty or too long
 *
 * Returns: (transfer full) (nullable): the password
 */
FloeSecret *
floe_password_from_file (const gchar *file, GError **error)
{
  g_autoptr (FloeSecret) password = read_file (file);

  if (password == NULL)
    floe_ctl_set_failed (error, _ ("cannot read the password file %s: %s"), file,
                         g_strerror (errno));
  else if (floe_secret_is_empty (password))
    floe_ctl_set_failed (error, _ ("the password file %s is empty"), file);
  else
    return g_steal_pointer (&password);
  return NULL;
}

/**
 * floe_code_from_file:
 * @file: a file or a pipe
 * @error: unreadable, empty or too long
 *
 * Returns: (transfer full) (nullable): a code of the second factor
 */
FloeSecret *
floe_code_from_file (const gchar *file, GError **error)
{
  g_autoptr (FloeSecret) code = read_file (file);

  if (code == NULL)
    floe_ctl_set_failed (error, _ ("cannot read the code file %s: %s"), file, g_strerror (errno));
  else if (floe_secret_is_empty (code))
    floe_ctl_set_failed (error, _ ("the code file %s is empty"), file);
  else
    return g_steal_pointer (&code);
  return NULL;
}

/* Set by the handler below and read once the terminal is as it was. */
static volatile sig_atomic_t caught;

static void
on_signal (int number)
{
  caught = number;
}

/* A signal must not leave a terminal behind that shows nothing that is typed. */
static gssize
read_silently (gint fd, const gchar *prompt, gchar *text)
{
  const gint numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
  struct sigaction old[G_N_ELEMENTS (numbers)];
  struct sigaction mine = { .sa_handler = on_signal };
  struct termios before, silent;
  sigset_t mask, without;
  gssize length = -1;

  if (tcgetattr (fd, &before) != 0)
    return -1;
  caught = 0;
  sigemptyset (&mask);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    sigaddset (&mask, numbers[i]);
  pthread_sigmask (SIG_BLOCK, &mask, &without);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    sigaction (numbers[i], &mine, &old[i]);
  silent = before;
  silent.c_lflag &= ~(tcflag_t)ECHO;
  silent.c_lflag |= ECHONL;
  /* First silent, then the prompt: what is typed at once is neither shown nor thrown away. */
  if (tcsetattr (fd, TCSAFLUSH, &silent) == 0
      && write (fd, prompt, strlen (prompt)) == (gssize)strlen (prompt))
    length = read_text (fd, text, &without);
  tcsetattr (fd, TCSAFLUSH, &before);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    sigaction (numbers[i], &old[i], NULL);
  pthread_sigmask (SIG_SETMASK, &without, NULL);
  if (caught != 0)
    {
      floe_wipe (text, LIMIT + 2);
      raise (caught);
      errno = EINTR;
      return -1;
    }
  return length;
}

/**
 * floe_password_from_terminal:
 * @prompt: what to ask
 * @error: there is no terminal, or nothing was typed
 *
 * Asks at the controlling terminal, whatever the standard streams are, and shows nothing.
 *
 * Returns: (transfer full) (nullable): the password
 */
FloeSecret *
floe_password_from_terminal (const gchar *prompt, GError **error)
{
  gint fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  gchar text[LIMIT + 2];
  FloeSecret *password = NULL;
  gssize length;

  if (fd < 0)
    {
      floe_ctl_set_usage (error, _ ("there is no terminal to ask for the password; "
                                    "give --password-file FILE"));
      return NULL;
    }
  length = read_silently (fd, prompt, text);
  if (length < 0)
    floe_ctl_set_failed (error, _ ("cannot read the password: %s"), g_strerror (errno));
  else if (length == 0)
    floe_ctl_set_failed (error, _ ("no password was given"));
  else
    password = floe_secret_new (text, length);
  close (fd);
  floe_wipe (text, sizeof text);
  return password;
}

static gboolean
write_all (gint fd, const gchar *text, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, text, length);

      if (n < 0 && errno != EINTR)
        return FALSE;
      if (n > 0)
        {
          text += n;
          length -= (gsize)n;
        }
    }
  return TRUE;
}

/**
 * floe_code_from_terminal:
 * @shown: (nullable): what to show first, which may be secret
 * @prompt: what to ask
 * @error: there is no terminal, or nothing was typed
 *
 * Asks at the controlling terminal. What is typed can be seen: it is good once.
 *
 * Returns: (transfer full) (nullable): a code of the second factor
 */
FloeSecret *
floe_code_from_terminal (const FloeSecret *shown, const gchar *prompt, GError **error)
{
  gint fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  gchar text[LIMIT + 2];
  FloeSecret *code = NULL;
  gssize length = -1;
  gsize n = 0;
  const gchar *first = shown != NULL ? floe_secret_get (shown, &n) : "";
  sigset_t mask;

  if (fd < 0)
    {
      floe_ctl_set_usage (error, _ ("there is no terminal to ask at for the second factor"));
      return NULL;
    }
  pthread_sigmask (SIG_BLOCK, NULL, &mask);
  if (write_all (fd, first, n) && write_all (fd, prompt, strlen (prompt)))
    length = read_text (fd, text, &mask);
  if (length < 0)
    floe_ctl_set_failed (error, _ ("cannot read the code: %s"), g_strerror (errno));
  else if (length == 0)
    floe_ctl_set_failed (error, _ ("no code was given"));
  else
    code = floe_secret_new (text, length);
  close (fd);
  floe_wipe (text, sizeof text);
  return code;
}

/**
 * floe_line_from_terminal:
 * @prompt: what to ask
 *
 * Asks at the controlling terminal for what is no secret.
 *
 * Returns: (transfer full) (nullable): what was typed, without blanks around it; %NULL when there
 * is no terminal to ask at
 */
gchar *
floe_line_from_terminal (const gchar *prompt)
{
  gint fd = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  gchar text[LIMIT + 2];
  gssize length = -1;
  sigset_t mask;

  if (fd < 0)
    return NULL;
  pthread_sigmask (SIG_BLOCK, NULL, &mask);
  if (write_all (fd, prompt, strlen (prompt)))
    length = read_text (fd, text, &mask);
  close (fd);
  return length >= 0 ? g_strstrip (g_strndup (text, (gsize)length)) : NULL;
}

/**
 * floe_code_ask:
 * @file: (nullable): where it is read from instead
 * @prompt: what to ask
 * @missing: what to say where there is no terminal
 * @error: there is none to be had
 *
 * Returns: (transfer full) (nullable): a code, as it was given
 */
FloeSecret *
floe_code_ask (const gchar *file, const gchar *prompt, const gchar *missing, GError **error)
{
  g_autoptr (GError) why = NULL;
  FloeSecret *code;

  if (file != NULL)
    return floe_code_from_file (file, error);
  code = floe_code_from_terminal (NULL, prompt, &why);
  if (code == NULL && floe_ctl_exit_code (why) == FLOE_CTL_EXIT_USAGE)
    floe_ctl_set_usage (error, "%s", missing);
  else if (code == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return code;
}

/**
 * floe_show_at_terminal:
 * @shown: what nobody but the person at the terminal may see
 * @error: there is none
 *
 * Returns: whether it was shown
 */
gboolean
floe_show_at_terminal (const FloeSecret *shown, GError **error)
{
  gint fd = open ("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY);
  gsize length;
  const gchar *text = floe_secret_get (shown, &length);
  gboolean done = fd >= 0 && write_all (fd, text, length);

  if (!done)
    floe_ctl_set_failed (error, _ ("cannot write to the terminal: %s"), g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return done;
}
