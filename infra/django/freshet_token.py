"""
Django middleware (Django 3.2, PostgreSQL 13, and later): hands out the id of a request's last write, so that whoever wrote sees
the write in the very next read, however far the cache is behind.

    MIDDLEWARE = ["freshet_token.FreshetTokenMiddleware", ...]      # first: whatever else writes is inside

After POST, PUT, PATCH and DELETE that changed rows the answer carries

    Freshet-Token: 48213
    Set-Cookie: freshet_token=48213; Max-Age=60; Path=/; HttpOnly; SameSite=Lax

The rule. A read that names token X is served from the cache only if transaction X is visible in the snapshot the entry was read at, or is known
to be applied to the cache; otherwise from the database. In general "X is visible" says nothing of a smaller id that was still running. It does
here: without ATOMIC_REQUESTS a request is a row of transactions T1 < T2 < ... < Tn on one connection, each over before the next gets its id.
A snapshot that sees Tn was taken after Tn ended, so after all of them, and sees them all; and the log applies commits in their order, so when
Tn is applied the others are. The highest id of the request is therefore the whole truth, for one transaction or for many.

Why not one statement at the end? The id has to be asked for inside the writing transaction: PostgreSQL forgets it with the commit. A new id drawn
after the request would be safe too (all of the request's own are over by then), but no change in the log carries it: the cache could never know
it as applied, and everything stored before the write would be read from the database until the cookie ends. And the newest id *somebody* has
completed is not safe at all: an entry may see that one and miss ours.

How. Every statement that may write passes `_Writes`. Inside `atomic` one more statement per transaction asks for its id. A statement that would
commit alone is put into a transaction of its own for that: the same commit, three short round trips more. Transactions that were rolled back
are left out at the end.

What it does not see: COPY and procedures called on the driver's own cursor, functions that write when called by SELECT in autocommit, other threads
and processes (a task queue), and writes after the answer is made. Call `note_transaction()` inside their transaction where it matters.

Of writes sent in parallel by one browser the cookie that arrives last counts, which need not be the highest. A page that reads at once
after several parallel writes should send the highest `Freshet-Token` itself.

Settings: FRESHET_TOKEN_SECONDS (60), how long a cookie lives: longer than MAX_STALENESS of the read API, which stops serving anything older than
that by itself. FRESHET_DATABASE ("default"). FRESHET_UNREAD_TABLES: tables that no view reads and the log does not carry; their transactions
are never known as applied, and would only cost hits.
"""

import contextvars
import re

from django.conf import settings
from django.db import DatabaseError, connections, transaction

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
UNREAD_TABLES = (
    r"token_blacklist_\w+",
    r"django_session",
    r"django_admin_log",
    r"billing_historicalinvoice",
)

_NEXT_WORD = re.compile(r"(?:\s+|--[^\n]*\n|/\*.*?\*/|\()*(\w+)", re.DOTALL)
_WRITING = {"INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE"}
_WRITE_INSIDE = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE)
_TARGET = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?\"?(\w+)\"?(?!\"?\.)", re.IGNORECASE)
_CANNOT_WRITE = {"SELECT", "SHOW", "SET", "RESET", "SAVEPOINT", "RELEASE", "ROLLBACK", "DECLARE", "FETCH", "CLOSE", "EXPLAIN", "VALUES"}

_current = contextvars.ContextVar("freshet_writes", default=None)


class FreshetTokenMiddleware:
    sync_capable = True
    async_capable = False

    def __init__(self, get_response):
        self.get_response = get_response
        self.seconds = getattr(settings, "FRESHET_TOKEN_SECONDS", 60)
        self.database = getattr(settings, "FRESHET_DATABASE", "default")
        self.unread = re.compile("|".join(getattr(settings, "FRESHET_UNREAD_TABLES", UNREAD_TABLES)))

    def __call__(self, request):
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        writes = _Writes(connections[self.database], self.unread)
        outer = _current.set(writes)
        try:
            with connections[self.database].execute_wrapper(writes):
                response = self.get_response(request)
        finally:
            _current.reset(outer)
        token = writes.token()
        if token is not None:
            self.hand_out(request, response, str(token))
        return response

    def hand_out(self, request, response, token):
        response["Freshet-Token"] = token
        response.set_cookie(
            "freshet_token", token, max_age=self.seconds, path="/", secure=request.is_secure(), httponly=True, samesite="Lax"
        )


def note_transaction():
    """Notes the transaction that is open now, for writes that the middleware cannot see."""
    writes = _current.get()
    if writes is not None:
        writes.note()


class _Writes:
    """The transactions in which one request wrote."""

    def __init__(self, connection, unread):
        self.connection = connection
        self.unread = unread
        self.ids = set()

    def __call__(self, execute, sql, params, many, context):
        kind = self.kind(sql)
        if kind == "read":
            return execute(sql, params, many, context)
        if self.connection.in_atomic_block or not self.connection.get_autocommit():
            result = execute(sql, params, many, context)
            self.note()
            return result
        if kind == "other":
            return execute(sql, params, many, context)
        with transaction.atomic(using=self.connection.alias, savepoint=False):
            result = execute(sql, params, many, context)
            self.note()
        return result

    def kind(self, sql):
        """`write`: may be put into a transaction; `other`: may write, but not every such command can be."""
        text = sql if isinstance(sql, str) else sql.as_string(self.connection.connection)
        first = _NEXT_WORD.match(text)
        word = first.group(1).upper() if first else ""
        if word in _WRITING:
            target = _TARGET.match(text)
            return "read" if target and self.unread.fullmatch(target.group(1)) else "write"
        if word == "WITH":
            return "write" if _WRITE_INSIDE.search(text) else "read"
        return "read" if word in _CANNOT_WRITE else "other"

    def note(self):
        if self.is_noted():
            return
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id_if_assigned()::text")
            (xid,) = cursor.fetchone()
        if xid is None:
            return
        self.ids.add(int(xid))
        if self.connection.in_atomic_block:
            self.connection.on_commit(self.mark)

    # Django empties the list of hooks when a transaction ends, so our mark in it means: still the same one, and noted.
    def is_noted(self):
        return any(self.mark in hook for hook in self.connection.run_on_commit)

    def mark(self):
        pass

    def token(self):
        """The highest id that was not rolled back; where that cannot be asked, the highest of all, which only costs hits."""
        if not self.ids:
            return None
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT max(id::bigint) FROM unnest(%s::text[]) AS id WHERE pg_xact_status(id::xid8) <> 'aborted'",
                    [[str(xid) for xid in self.ids]],
                )
                return cursor.fetchone()[0]
        except DatabaseError:
            return max(self.ids)
