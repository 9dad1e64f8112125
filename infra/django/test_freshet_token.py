"""Runs the middleware in a real Django on a real PostgreSQL: DATABASE_URL names a database of its own. `python3 -m unittest`."""

import os
import threading
import unittest
from urllib.parse import urlsplit

import django
from django.conf import settings

url = urlsplit(os.environ["DATABASE_URL"])
DATABASE = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": url.path.lstrip("/"),
    "USER": url.username or "postgres",
    "PASSWORD": url.password or "",
    "HOST": url.hostname,
    "PORT": str(url.port or 5432),
}
settings.configure(
    DATABASES={"default": DATABASE},
    ROOT_URLCONF=__name__,
    SECRET_KEY="tests",
    ALLOWED_HOSTS=["testserver"],
    MIDDLEWARE=["freshet_token.FreshetTokenMiddleware"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.db import IntegrityError, connection, models, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402

from freshet_token import note_transaction  # noqa: E402


class Note(models.Model):
    text = models.CharField(max_length=50, unique=True)

    class Meta:
        app_label = "notes"


class BlacklistedToken(models.Model):
    class Meta:
        app_label = "notes"
        db_table = "token_blacklist_blacklistedtoken"


view = None


def run(request):
    result = view()
    return HttpResponse(str(result or ""))


urlpatterns = [path("run/", run)]


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def xid_of(text):
    """The transaction that wrote the row; of a young cluster the 32 bits are the whole id."""
    return str(rows("SELECT xmin::text::bigint FROM notes_note WHERE text = %s", text)[0][0])


class FreshetToken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with connection.schema_editor() as editor:
            editor.create_model(Note)
            editor.create_model(BlacklistedToken)

    @classmethod
    def tearDownClass(cls):
        with connection.schema_editor() as editor:
            editor.delete_model(Note)
            editor.delete_model(BlacklistedToken)

    def setUp(self):
        Note.objects.all().delete()

    def ask(self, work, method="post"):
        global view
        view = work
        response = getattr(Client(), method)("/run/")
        self.assertEqual(response.status_code, 200)
        return response

    def token(self, work, method="post"):
        response = self.ask(work, method)
        cookie = response.cookies.get("freshet_token")
        self.assertEqual(response.get("Freshet-Token"), cookie and cookie.value)
        return response.get("Freshet-Token")

    def test_a_write_that_commits_alone_is_handed_out(self):
        self.assertEqual(self.token(lambda: Note.objects.create(text="a")), xid_of("a"))

    def test_the_cookie_is_for_the_whole_site_and_short_lived(self):
        cookie = self.ask(lambda: Note.objects.create(text="a")).cookies["freshet_token"]
        self.assertEqual((cookie["path"], cookie["max-age"], cookie["samesite"]), ("/", 60, "Lax"))
        self.assertTrue(cookie["httponly"])

    def test_of_several_commits_the_last_is_handed_out(self):
        def work():
            for text in "abc":
                Note.objects.create(text=text)

        token = self.token(work)
        self.assertEqual(token, xid_of("c"))
        self.assertEqual(len({xid_of(text) for text in "abc"}), 3)

    def test_every_way_of_writing_counts(self):
        def raw(sql, *params):
            def work():
                with connection.cursor() as cursor:
                    cursor.execute(sql, params)

            return work

        def many():
            with connection.cursor() as cursor:
                cursor.executemany("UPDATE notes_note SET text = %s WHERE text = %s", [("b", "a"), ("a", "b")])

        ways = [
            lambda: Note.objects.filter(text="a").update(text="a"),
            lambda: Note.objects.get(text="a").save(),
            lambda: Note.objects.bulk_update(Note.objects.all(), ["text"]),
            raw("UPDATE notes_note SET text = %s", "a"),
            raw("  -- a remark\n /* another */ update notes_note SET text = %s", "a"),
            raw("WITH x AS (UPDATE notes_note SET text = %s RETURNING 1) SELECT * FROM x", "a"),
            many,
        ]
        for number, way in enumerate(ways):
            with self.subTest(way=number):
                Note.objects.all().delete()
                Note.objects.create(text="a")
                self.assertEqual(self.token(way), xid_of("a"))
        self.assertIsNotNone(self.token(lambda: Note.objects.get(text="a").delete()))
        self.assertIsNotNone(self.token(lambda: Note.objects.bulk_create([Note(text="c")])))

    def test_a_transaction_is_asked_once(self):
        asked = []

        def count(execute, sql, params, many, context):
            asked.append("pg_current_xact_id_if_assigned" in sql)
            return execute(sql, params, many, context)

        def work():
            with connection.execute_wrapper(count), transaction.atomic():
                for text in "abc":
                    with transaction.atomic():
                        Note.objects.create(text=text)
                # Rows written inside a savepoint carry an id of the savepoint's own; snapshots and the log know the transaction's.
                return rows("SELECT pg_current_xact_id()::text")[0][0]

        response = self.ask(work)
        self.assertEqual(response["Freshet-Token"], response.content.decode())
        self.assertEqual(sum(asked), 1)

    def test_a_second_transaction_is_asked_again(self):
        def work():
            for text in "ab":
                with transaction.atomic():
                    Note.objects.create(text=text)

        self.assertEqual(self.token(work), xid_of("b"))

    def test_a_request_in_one_transaction_is_handed_out_after_its_commit(self):
        connection.settings_dict["ATOMIC_REQUESTS"] = True
        try:
            self.assertEqual(self.token(lambda: Note.objects.create(text="a")), xid_of("a"))
        finally:
            connection.settings_dict["ATOMIC_REQUESTS"] = False

    def test_what_was_rolled_back_is_not_handed_out(self):
        def work():
            with transaction.atomic():
                Note.objects.create(text="a")
                transaction.set_rollback(True)

        self.assertIsNone(self.token(work))

    def test_a_rolled_back_transaction_does_not_hide_the_one_before(self):
        def after():
            Note.objects.create(text="b")
            work_rolled_back()

        def work_rolled_back():
            with transaction.atomic():
                Note.objects.create(text="a")
                transaction.set_rollback(True)

        self.assertEqual(self.token(after), xid_of("b"))

    def test_a_savepoint_that_is_rolled_back_loses_no_write_around_it(self):
        def work():
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        Note.objects.create(text="a")
                        raise ValueError
                except ValueError:
                    pass
                Note.objects.create(text="b")

        self.assertEqual(self.token(work), xid_of("b"))

    def test_a_refused_write_is_not_handed_out(self):
        Note.objects.create(text="a")

        def work():
            try:
                Note.objects.create(text="a")
            except IntegrityError:
                pass

        self.assertIsNone(self.token(work))

    def test_a_write_in_a_hook_after_the_commit_counts(self):
        def work():
            with transaction.atomic():
                Note.objects.create(text="a")
                transaction.on_commit(lambda: Note.objects.create(text="b"))

        self.assertEqual(self.token(work), xid_of("b"))

    def test_no_write_no_token(self):
        self.assertIsNone(self.token(lambda: list(Note.objects.all())))
        self.assertIsNone(self.token(lambda: Note.objects.filter(text="nobody").update(text="x")))

    def test_a_read_hands_out_nothing(self):
        self.assertIsNone(self.token(lambda: Note.objects.create(text="a"), "get"))

    def test_tables_that_no_view_reads_count_for_nothing(self):
        self.assertIsNone(self.token(lambda: BlacklistedToken.objects.create()))

    def test_a_write_on_the_drivers_cursor_can_be_noted(self):
        def work():
            with transaction.atomic():
                connection.connection.cursor().execute("INSERT INTO notes_note (text) VALUES ('a')")
                note_transaction()

        self.assertEqual(self.token(work), xid_of("a"))

    def test_commands_that_refuse_a_transaction_still_run(self):
        def work():
            with connection.cursor() as cursor:
                cursor.execute("VACUUM notes_note")

        self.assertIsNone(self.token(work))

    def test_the_result_of_a_wrapped_write_can_be_read(self):
        def work():
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO notes_note (text) VALUES ('a') RETURNING text")
                return cursor.fetchone()[0]

        self.assertEqual(self.ask(work).content, b"a")

    def test_a_snapshot_that_sees_the_token_sees_every_write_of_the_request(self):
        seen, done = [], threading.Event()

        def look():
            while not done.is_set():
                seen.append(rows("SELECT pg_current_snapshot()::text, array_agg(text) FROM notes_note")[0])
            connection.close()

        watcher = threading.Thread(target=look)
        watcher.start()
        written = {}
        try:
            for number in range(30):
                texts = [f"{number}-{part}" for part in range(3)]
                written[self.token(lambda: [Note.objects.create(text=text) for text in texts])] = set(texts)
        finally:
            done.set()
            watcher.join()
        judged = 0
        for snapshot, texts in seen:
            visible = rows("SELECT x FROM unnest(%s) x WHERE pg_visible_in_snapshot(x::xid8, %s::pg_snapshot)", list(written), snapshot)
            for (token,) in visible:
                judged += 1
                self.assertLessEqual(written[token], set(texts or []))
        self.assertGreater(judged, 0)


if __name__ == "__main__":
    unittest.main()
