# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who is told what happens: an HTTP server of the test's own that keeps what webhooks post to it."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """status: what it answers with. events: all that it took, in order."""

    def __init__(self, work):
        self.status, self.posts, self.events = 200, 0, []
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # pylint: disable=invalid-name
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                told.posts += 1
                if told.status < 300:
                    told.events += body["events"]
                self.send_response(told.status)
                self.end_headers()

            def log_message(self, *_arguments):  # pylint: disable=arguments-differ
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        work.at_end.append(self.server.shutdown)

    def of(self, action):
        """What it was told of this action."""
        return [event for event in self.events if event["action"] == action]
