#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The HTTP interface from outside: who gets in, what is answered, and that it is as described."""

import csv
import gzip
import io
import json
import re
import socket
import ssl
import subprocess
import urllib.parse

import dwelltest
import onvif_camera
from dwelltest import ROOT
from httpsite import PASSWORD, USERS, Client, Events, Site, routes, simulated_store

try:
    import jsonschema
    import yaml
except ImportError:
    yaml = None

LEVELS = ["none", "viewer", "editor", "admin"]
CHANGES = ("POST", "PUT", "PATCH", "DELETE")


def path_of(route):
    return route["pattern"].replace("{}", "entrance")


class SharedSite(dwelltest.Case):
    """One claimed site for all tests of a class."""

    @classmethod
    def setUpClass(cls):
        cls.site = Site(simulated_store())

    @classmethod
    def tearDownClass(cls):
        code = cls.site.stop()
        assert code == 0, code


class Doors(SharedSite):
    """Every route of the table, and everybody who must not pass."""

    def refused(self, route, client, why, wanted=(401, 403, 421), **headers):
        # Without a body, what passed by mistake can do no harm to the tests after it.
        answer = client.ask(route["method"], path_of(route), **headers)
        self.assertIn(answer.status, wanted, f"{route['method']} {route['pattern']}: {why}")

    def closed(self):
        return [route for route in routes() if route["role"] != "none"]

    def test_nobody_gets_in_without_credentials(self):
        for route in self.closed():
            self.refused(route, self.site.nobody, "nobody", (401,))

    def test_bad_credentials_do_not_get_in(self):
        bad = {
            "cookie": {"Cookie": "dwell_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
            "empty cookie": {"Cookie": "dwell_session="},
            "token": {"Authorization": "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
            "password": {"Authorization": "Basic YW5uYTpmb3VyIHdvcmRzIGFyZSBnb29k"},
        }
        for route in self.closed():
            for why, headers in bad.items():
                self.refused(route, Client(self.site.port, **headers), why, (401,))

    def test_a_bad_token_beside_a_good_cookie_does_not_get_in(self):
        for route in self.closed():
            admin = self.site.users["admin"]
            self.refused(route, admin, "both", (401,), Authorization="Bearer nonsense")

    def test_expired_tokens_do_not_get_in(self):
        for route in self.closed():
            self.refused(route, self.site.expired, "expired token", (401,))

    def test_sessions_that_ended_do_not_get_in(self):
        self.site.add_user("former", "admin")
        former = self.site.sign_in("former")
        self.assertEqual(former.get("/api/v1/users").status, 200)
        self.assertEqual(former.ask("DELETE", "/api/v1/session").status, 204)
        changed = self.site.sign_in("former")
        body = {"password": PASSWORD + "!"}
        answer = self.site.users["admin"].ask("PATCH", "/api/v1/users/former", body)
        self.assertEqual(answer.status, 204)
        for route in self.closed():
            self.refused(route, former, "signed out", (401,))
            self.refused(route, changed, "password changed", (401,))

    def test_lesser_roles_do_not_get_in(self):
        for route in self.closed():
            for role, client in self.site.users.items():
                if LEVELS.index(role) < LEVELS.index(route["role"]):
                    self.refused(route, client, role, (403,))

    def test_tokens_without_the_scope_do_not_get_in(self):
        for route in self.closed():
            for scope, client in self.site.tokens.items():
                if scope != route["scope"]:
                    self.refused(route, client, f"scope {scope}", (403,))

    def test_a_foreign_host_gets_nothing(self):
        clients = [self.site.nobody, self.site.users["admin"], *self.site.tokens.values()]
        for route in routes():
            for client in clients:
                for host in ("evil.example", "localhost.evil.example", "127.0.0.1.nip.io", ""):
                    self.refused(route, client, f"host {host}", (400, 421), Host=host)
        self.assertEqual(self.site.nobody.get("/", Host="evil.example").status, 421)

    def test_names_of_the_site_are_heard(self):
        for host in ("localhost:1", "127.0.0.1", "[::1]:80", "dwell.test", "DWELL.test:8080"):
            self.assertEqual(self.site.nobody.get("/healthz", Host=host).status, 200, host)

    def test_changes_want_the_csrf_token(self):
        admin = self.site.users["admin"]
        changes = [route for route in self.closed() if route["method"] in CHANGES]
        self.assertGreater(len(changes), 10)
        for route in changes:
            for token in (None, "", "wrong", self.site.users["viewer"].headers["X-CSRF-Token"]):
                self.refused(route, admin, f"csrf {token}", (403,), X_CSRF_Token=token)

    def test_changes_from_pages_of_others_are_refused(self):
        for route in [route for route in routes() if route["method"] in CHANGES]:
            for origin in ("https://evil.example", "null", "http://localhost:1"):
                self.refused(route, self.site.users["admin"], origin, (403,), Origin=origin)

    def test_those_who_may_get_in(self):
        """The other side of it: else all of the above could pass by refusing everybody."""
        for route in self.closed():
            if route["method"] != "GET" or route["pattern"].endswith("/events"):
                continue
            answer = self.site.users[route["role"]].get(path_of(route))
            self.assertNotIn(answer.status, (401, 403), route)
            answer = self.site.tokens[route["scope"]].get(path_of(route))
            self.assertNotIn(answer.status, (401, 403), route)

    def test_two_hosts_are_none(self):
        with socket.create_connection(("127.0.0.1", self.site.port)) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
            self.assertIn(line.recv(20)[9:12], (b"400", b"421"))


class Description(SharedSite):
    """docs/openapi.yaml, the table of routes and what is really answered agree."""

    def setUp(self):
        super().setUp()
        if yaml is None:
            self.skipTest("no python3-yaml, python3-jsonschema")
        self.document = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())

    def described(self):
        """Method and pattern to (operation, names in the query)."""
        found = {}
        for path, item in self.document["paths"].items():
            pattern = re.sub(r"\{[^}]*\}", "{}", path)
            for method in ("get", "post", "put", "patch", "delete"):
                if method in item:
                    both = item.get("parameters", []) + item[method].get("parameters", [])
                    names = {p["name"] for p in map(self.resolve, both) if p["in"] == "query"}
                    found[method.upper(), pattern] = item[method], names
        return found

    def resolve(self, value):
        while "$ref" in value:
            place = self.document
            for word in value["$ref"].removeprefix("#/").split("/"):
                place = place[word]
            value = place
        return value

    def test_description_and_table_agree(self):
        described = self.described()
        table = {(route["method"], route["pattern"]): route for route in routes()}
        self.assertEqual(sorted(described), sorted(table))
        for key, route in table.items():
            operation, names = described[key]
            self.assertEqual(operation["x-role"], route["role"], key)
            self.assertEqual(operation.get("x-scope", ""), route["scope"], key)
            if route["query"] is not None:
                self.assertEqual(names, set(route["query"].split()), key)

    def test_the_server_hands_the_description_out(self):
        answer = self.site.nobody.get("/api/v1/openapi.yaml")
        self.assertEqual(answer.body, (ROOT / "docs/openapi.yaml").read_bytes())

    def check(self, answer, method, pattern):
        operation, _ = self.described()[method, pattern]
        responses = operation["responses"]
        said = self.resolve(responses.get(str(answer.status)) or responses["default"])
        kind = answer.headers["Content-Type"].split(";")[0]
        self.assertIn(kind, said["content"], f"{pattern}: {answer.status}")
        schema = {**said["content"][kind].get("schema", {}), "components": self.document["components"]}
        try:
            jsonschema.Draft7Validator(schema).validate(answer.json())
        except jsonschema.ValidationError as wrong:
            self.fail(f"{method} {pattern}: {wrong.message} at {list(wrong.absolute_path)}")

    def test_answers_are_as_described(self):
        self.site.publish("moment", "entrance", MOMENT)
        dwelltest.wait_for(
            lambda: self.site.users["viewer"].get("/api/v1/cameras/entrance/live").status == 200
        )
        promotion = {"name": "Sale", "from": "2026-01-05", "to": "2026-01-11", "days": ["monday"]}
        self.site.users["editor"].ask("POST", "/api/v1/promotions", promotion)
        checked = 0
        for method, pattern in self.described():
            if pattern.endswith(("/tile", "/preview")):
                continue  # nobody was seen, nothing learnt
            path = pattern.replace("/reports/{}", "/reports/displays").replace("{}", "entrance")
            answer = self.site.users["admin"].get(path) if method == "GET" and "/events" not in path else None
            if answer and "json" in answer.headers["Content-Type"]:
                self.assertEqual(answer.status, 200, f"{path}: {answer.body}")
                self.check(answer, method, pattern)
                checked += 1
        self.assertGreater(checked, 14)

    def test_the_privacy_statement_names_masks_and_what_is_kept_for_how_long(self):
        editor = self.site.users["editor"]
        etag = editor.get("/api/v1/cameras/till/layout").headers["ETag"]
        corners = [[0, 0], [0.2, 0], [0.2, 0.2], [0, 0]]
        layout = {"zones": [], "masks": [{"name": "keypad", "polygon": corners}]}
        answer = editor.ask("PUT", "/api/v1/cameras/till/layout", layout, If_Match=etag)
        self.assertEqual(answer.status, 200, answer.body)
        said = self.site.users["viewer"].get("/api/v1/privacy").json()
        self.assertEqual(said["cameras"][1]["masks"], ["keypad"])
        self.assertEqual(said["kept"][0], {"kind": "visits", "days": 90})
        self.assertEqual(said["kept"][3], {"kind": "feet", "days": None})
        self.assertEqual(said["pictures"], {"shown": "on", "stored": False})
        self.assertEqual(said["staff"], {"sets": 0, "models": 0})
        (self.site.folder / "staff/sets/monday").mkdir(parents=True)
        said = self.site.users["viewer"].get("/api/v1/privacy").json()
        self.assertEqual([said[what]["stored"] for what in ("pictures", "looks")], [True, True])
        self.assertEqual(said["staff"], {"sets": 1, "models": 0})

    def test_answers_to_changes_are_as_described(self):
        admin, editor = self.site.users["admin"], self.site.users["editor"]
        etag = editor.get("/api/v1/cameras/till/layout").headers["ETag"]
        layout = {"zones": [{"name": "a", "polygon": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.1]]}]}
        cases = [
            (200, editor, "PUT", "/api/v1/cameras/till/layout", layout, {"If_Match": etag}),
            (409, editor, "PUT", "/api/v1/cameras/till/layout", layout, {"If_Match": etag}),
            (428, editor, "PUT", "/api/v1/cameras/till/layout", layout, {}),
            (422, editor, "PUT", "/api/v1/cameras/till/layout", {"zones": 1}, {"If_Match": '"r1"'}),
            (422, admin, "PUT", "/api/v1/config", {"text": "sitte: B"}, {"If_Match": '"r0"'}),
            (200, admin, "PUT", "/api/v1/config", {"text": "site: B"}, {"If_Match": '"r0"'}),
            (422, admin, "POST", "/api/v1/users", {"name": "x", "role": "admin"}, {}),
            (422, admin, "POST", "/api/v1/users", {"name": "x", "password": "short", "role": "admin"}, {}),
            (422, admin, "POST", "/api/v1/users", {"nam": "x"}, {}),
            (400, admin, "POST", "/api/v1/users", b"{", {"Content_Type": "application/json"}),
            (415, admin, "POST", "/api/v1/users", b"{}", {"Content_Type": "text/plain"}),
            (409, admin, "POST", "/api/v1/cameras", {"name": "till", "source": "x"}, {}),
            (201, admin, "POST", "/api/v1/tokens", {"name": "t", "scopes": ["read"]}, {}),
            (422, admin, "POST", "/api/v1/tokens", {"name": "t", "scopes": ["reed"]}, {}),
            (201, editor, "POST", "/api/v1/promotions", {"name": "x", "from": "2026-01-05", "to": "2026-01-05"}, {}),
            (422, editor, "POST", "/api/v1/promotions", {"name": "x", "from": "2026-01-05", "to": "2026-01-04"}, {}),
        ]
        for status, client, method, path, body, headers in cases:
            answer = client.ask(method, path, body, **headers)
            self.assertEqual(answer.status, status, f"{method} {path} {body}: {answer.body}")
            self.check(answer, method, path.replace("/till/", "/{}/"))

    def test_metrics_of_the_board_exist(self):
        self.site.publish("visit", "entrance", {"zone": "shelf", "dwell_s": 4, "role": "shopper"})
        self.site.publish("visit", "entrance", {"zone": "shelf", "dwell_s": 90, "role": "staff"})
        self.site.publish("pass", "entrance", {"zone": 'a"b', "dwell_s": 0.5, "role": "unknown"})
        ask = self.site.tokens["metrics"].get
        dwelltest.wait_for(lambda: b'a\\"b' in ask("/metrics").body, what="the pass")
        text = ask("/metrics").body.decode()
        self.assertIn('dwell_zone_visits_total{camera="entrance",zone="shelf"} 1\n', text)
        self.assertIn('dwell_zone_dwell_seconds_bucket{camera="entrance",zone="shelf",le="3"} 0\n', text)
        self.assertIn('dwell_zone_dwell_seconds_bucket{camera="entrance",zone="shelf",le="5"} 1\n', text)
        self.assertIn('dwell_zone_dwell_seconds_sum{camera="entrance",zone="shelf"} 4\n', text)
        self.assertNotIn("person", text)
        names = set(re.findall(r"^([a-z_]+)[{ ]", text, re.MULTILINE))
        board = json.loads((ROOT / "contrib/grafana/dwell.json").read_text())
        expressions = [t["expr"] for panel in board["panels"] for t in panel.get("targets", [])]
        used = {name for text in expressions for name in re.findall(r"\b(?:dwell|process)_\w+", text)}
        self.assertGreater(len(used), 8)
        self.assertLessEqual(used, names)


MOMENT = {
    "camera": "entrance",
    "time": "2026-11-22T09:15:00.250Z",
    "people": [
        {"person": 1, "box": [0.1, 0.2, 0.05, 0.3], "anchor": [0.12, 0.5], "zones": []},
    ],
    "occupancy": [{"zone": "display 1", "count": 3}],
}


class Discovery(SharedSite):
    """Cameras of the network, asked for by the page; more of it in tests/e2e/discover.test.mjs."""

    PASSWORD = "s3cret &"

    def post(self, path, body, status=200):
        answer = self.site.users["admin"].ask("POST", f"/api/v1/discovery{path}", body)
        self.assertEqual(answer.status, status, answer.body)
        self.assertNotIn(b"s3cret", answer.body)
        return answer

    def test_a_camera_is_found_and_tells_its_streams(self):
        with onvif_camera.Camera(password=self.PASSWORD) as camera:
            camera.uri = "rtsp://127.0.0.1/{token}"
            (device,) = self.post("", {"host": camera.discovery}).json()["devices"]
            self.assertEqual((device["name"], device["host"]), ("Front door", "127.0.0.1"))
            said = {"service": device["service"], "user": "shop"}
            answer = self.post("/streams", {**said, "password": "wrong"}, 422)
            self.assertIn("not Authorized", answer.json()["detail"])
            said["password"] = self.PASSWORD
            streams = self.post("/streams", said).json()["streams"]
            self.assertEqual([s["best"] for s in streams], [False, True, False])
            self.assertEqual([s["elsewhere"] for s in streams], [False] * 3)
            camera.uri = "rtsp://192.0.2.7/{token}"
            streams = self.post("/streams", said).json()["streams"]
            self.assertEqual([s["elsewhere"] for s in streams], [True] * 3)

    def test_a_picture_is_got_with_the_user_and_neither_is_told(self):
        said = {"source": "rtsp://127.0.0.1/sub", "user": "shop", "password": self.PASSWORD}
        answer = self.post("/still", said)
        self.assertEqual(answer.headers["Content-Type"], "image/jpeg")
        self.post("/still", {**said, "password": "s3cret"}, 403)
        audit = self.site.users["admin"].get("/api/v1/audit").body
        self.assertIn(b"picture of rtsp://shop:***@127.0.0.1/sub", audit)
        self.assertNotIn(b"s3cret", audit)

    def test_hostile_answers_and_wrong_questions_are_refused(self):
        self.post("", {"host": "front door"}, 422)
        self.post("/streams", {"service": "file:///etc/passwd"}, 422)
        for fault in ("flood", "redirect"):
            with onvif_camera.Camera(fault=fault) as camera:
                self.post("/streams", {"service": camera.service}, 422)
        with onvif_camera.Camera(fault="elsewhere") as camera:
            said = self.post("", {"host": camera.discovery}).json()
        self.assertEqual((said["devices"], said["strange"]), ([], 2))


class Visits(SharedSite):
    def pages(self, query):
        found, cursor = [], None
        while cursor is None or cursor:
            more = f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""
            page = self.site.users["viewer"].get(f"/api/v1/visits?{query}{more}").json()
            found += page["visits"]
            cursor = page["next"] or ""
        return found

    def rows(self, query):
        text = self.site.users["viewer"].get(f"/api/v1/visits.csv?{query}").body.decode()
        return list(csv.DictReader(io.StringIO(text)))

    def test_pages_and_csv_hold_the_same_visits(self):
        for query in ("", "zone=display+2&min_dwell_s=20", "role=staff", "pass=1&zone=display%201"):
            visits, rows = self.pages(query + "&limit=997"), self.rows(query)
            self.assertGreater(len(visits), 5)
            self.assertEqual(sorted(v["id"] for v in visits), sorted(r["id"] for r in rows), query)
            self.assertAlmostEqual(
                sum(v["dwell_s"] for v in visits), sum(float(r["dwell_s"]) for r in rows), delta=len(rows) / 1000
            )

    def test_the_newest_come_first_and_none_twice(self):
        visits = self.pages("zone=display%203&limit=50&min_dwell_s=10")
        self.assertEqual(visits, sorted(visits, key=lambda v: v["enter"], reverse=True))
        self.assertEqual(len({v["id"] for v in visits}), len(visits))

    def test_a_period_is_kept_to(self):
        day = self.pages("limit=1")[0]["enter"][:10]
        inside = self.pages(f"from={day}T10:00Z&to={day}T12:00Z")
        self.assertTrue(all(f"{day}T10" <= v["enter"] < f"{day}T12" for v in inside), inside[:1])

    def test_wrong_questions_are_said_to_be_wrong(self):
        for query in ("cursor=x", "limit=0", "limit=1e3", "from=yesterday", "role=boss", "zone=a&zone=b",
                      "min_dwell_s=nan", "pass=maybe", "%zz", "zon=a", "cursor=99999999999999999999-"):
            answer = self.site.users["viewer"].get(f"/api/v1/visits?{query}")
            self.assertEqual(answer.status, 400, query)

    def test_a_report_has_three_forms(self):
        ask = self.site.users["viewer"].get
        sheet = ask("/api/v1/reports/displays").json()
        rows = list(csv.DictReader(io.StringIO(ask("/api/v1/reports/displays?format=csv").body.decode())))
        self.assertEqual(sum(z["visits"] for z in sheet["zones"]), sum(int(r["visits"]) for r in rows))
        page = ask("/api/v1/reports/displays?format=html")
        self.assertIn(b"<html", page.body)
        self.assertIn("sandbox", page.headers["Content-Security-Policy"])
        chosen = ask("/api/v1/reports/displays?format=html&camera=entrance&zone=a%3Cb")
        self.assertIn(b", camera entrance, zone a&lt;b</p>", chosen.body)
        self.assertEqual(ask("/api/v1/reports/displays?format=pdf").status, 400)
        self.assertEqual(ask("/api/v1/reports/displays?from=2026-01-02&to=2026-01-02").status, 400)

    def test_no_report_reads_or_writes_a_file_for_who_asks(self):
        ask = self.site.users["admin"].get
        out = self.site.folder / "map.png"
        for query in (f"png={out}", f"png={out}&still=/etc/hostname", "still=/etc/hostname",
                      "ground=/etc/hostname", "floor=0,0,4,3"):
            answer = ask(f"/api/v1/reports/heat-map?{query}")
            self.assertEqual(answer.status, 400, query)
            self.assertIn("is not known here", answer.json()["detail"], query)
        self.assertFalse(out.exists())
        options = [o for r in ask("/api/v1/reports").json()["reports"] for o in r["options"]]
        self.assertIn("grid", {o["name"] for o in options})
        self.assertNotIn("FILE", {o["value"] for o in options})
        self.assertFalse({o["name"] for o in options} & {"png", "still", "ground", "floor"})

    def test_places_are_the_zones_of_the_days_asked_for(self):
        ask = self.site.users["viewer"].get
        places = ask("/api/v1/places").json()["places"]
        zones = ask("/api/v1/reports/displays").json()["zones"]
        self.assertEqual({p["zone"] for p in places}, {z["zone"] for z in zones})
        self.assertEqual({p["camera"] for p in places}, {"entrance"})
        self.assertEqual(ask("/api/v1/places?from=2001-01-01&to=2001-01-02").json()["places"], [])
        self.assertEqual(ask("/api/v1/places?to=soon").status, 400)

    def test_today_counts_what_the_pages_hold(self):
        today = self.site.users["viewer"].get("/api/v1/today").json()
        visits = [v for v in self.pages(f"from={today['day']}") if v["role"] != "staff"]
        for zone in today["zones"]:
            count = sum(v["zone"] == zone["zone"] for v in visits)
            self.assertLessEqual(zone["visits"], count)

    def test_today_as_csv_holds_what_it_holds_as_json(self):
        ask = self.site.users["viewer"].get
        today = ask("/api/v1/today").json()
        answer = ask("/api/v1/today?format=csv")
        self.assertIn("dwell-today.csv", answer.headers["content-disposition"])
        rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
        self.assertEqual(len(rows), len(today["zones"]))
        for row, zone in zip(rows, today["zones"]):
            for key in ("camera", "zone", "visits", "passes", "usual_days"):
                self.assertEqual(row[key], str(zone[key]), key)
            for key, value in (("usual", "usual_visits"), ("usual_low", "usual_least")):
                self.assertEqual(bool(row[key]), zone[value] is not None, key)
            self.assertEqual(row["simulated"], str(int(today["simulated"])))
        self.assertEqual(ask("/api/v1/today?camera=nowhere").json()["zones"], [])
        for query in ("format=html", "format=xml", "zone=shelf"):
            self.assertEqual(ask(f"/api/v1/today?{query}").status, 400, query)


class Live(dwelltest.Case):
    def setUp(self):
        super().setUp()
        self.site = Site()
        self.addCleanup(self.site.stop)

    def test_events_come_at_once_and_resume_where_they_broke_off(self):
        viewer = Events(self.site.users["viewer"])
        self.addCleanup(viewer.close)
        for number in range(3):
            self.site.publish("visit", "entrance", {"zone": "shelf", "number": number})
        events = [viewer.next("visit") for _ in range(3)]
        self.assertEqual([data["number"] for _, _, data in events], [0, 1, 2])
        ids = [int(event[0]) for event in events]
        self.assertEqual(ids, sorted(ids))
        again = Events(self.site.tokens["read"], Last_Event_ID=events[0][0])
        self.addCleanup(again.close)
        self.assertEqual([again.next("visit", "lost")[2].get("number") for _ in range(2)], [1, 2])
        third = Events(self.site.users["viewer"], query=f"?after={events[1][0]}&camera=entrance")
        self.addCleanup(third.close)
        self.assertEqual(third.next()[2]["number"], 2)

    def test_who_comes_from_too_long_ago_is_told(self):
        viewer = Events(self.site.users["viewer"], Last_Event_ID="12")
        self.addCleanup(viewer.close)
        self.assertEqual(viewer.next()[1], "lost")

    def test_a_viewer_of_one_camera_sees_no_other(self):
        viewer = Events(self.site.users["viewer"], query="?camera=till")
        self.addCleanup(viewer.close)
        self.site.publish("visit", "entrance", {"zone": "shelf"})
        self.site.publish("visit", "till", {"zone": "queue"})
        self.assertEqual(viewer.next("visit")[2]["zone"], "queue")

    def test_moments_have_no_number(self):
        self.site.publish("moment", "entrance", MOMENT)
        viewer = Events(self.site.users["viewer"])
        self.addCleanup(viewer.close)
        self.assertEqual(viewer.next("moment"), (None, "moment", MOMENT))

    def test_a_viewer_that_does_not_read_stops_nobody(self):
        deaf = Events(self.site.users["viewer"])
        self.addCleanup(deaf.close)
        viewer = Events(self.site.users["viewer"])
        self.addCleanup(viewer.close)
        text = "x" * 4000
        for number in range(2000):  # more than any buffer between takes
            self.site.publish("visit", "entrance", {"number": number, "text": text})
        seen = 0
        while seen < 1999:
            seen = viewer.next("visit")[2]["number"]

    def viewers(self):
        text = self.site.tokens["metrics"].get("/metrics").body.decode()
        return int(re.search(r"^dwell_http_viewers (\d+)$", text, re.MULTILINE).group(1))

    def test_viewers_who_have_left_are_let_go_though_nothing_happens(self):
        viewers = [Events(self.site.users["viewer"]) for _ in range(20)]
        self.addCleanup(viewers[0].close)
        self.assertEqual(self.viewers(), 20)
        for viewer in viewers[1:]:
            viewer.close()
        dwelltest.wait_for(lambda: self.viewers() == 1, what="19 viewers to be let go")

    def test_a_silent_stream_beats(self):
        viewer = Events(self.site.users["viewer"])
        self.addCleanup(viewer.close)
        while viewer.file.readline() != b":\n":  # or the time-out of 20 s
            pass


class FirstStart(dwelltest.Case):
    def bound_to(self, port):
        """Addresses in hex that something listens at with this port."""
        lines = open("/proc/net/tcp", encoding="ascii").read().splitlines()[1:]
        words = [line.split() for line in lines]
        return {w[1].split(":")[0] for w in words if w[3] == "0A" and w[1].endswith(f":{port:04X}")}

    def test_only_this_machine_can_reach_it_until_it_is_claimed(self):
        port = dwelltest.free_port()
        site = Site(listen=f"0.0.0.0:{port}", claimed=False)
        self.addCleanup(site.stop)
        self.assertEqual(self.bound_to(port), {"0100007F"})
        site.claim()
        self.assertEqual(self.bound_to(port), {"00000000"})
        self.assertEqual(site.users["viewer"].get("/api/v1/site").status, 200)

    def test_the_claim_link_works_once(self):
        site = Site(claimed=False)
        self.addCleanup(site.stop)
        self.assertFalse(site.nobody.get("/api/v1/session").json()["claimed"])
        body = {"token": "wrong", "name": "eve", "password": PASSWORD}
        self.assertEqual(site.nobody.ask("POST", "/api/v1/claim", body).status, 401)
        site.claim()
        body["token"] = site.link.split("#")[1]
        self.assertEqual(site.nobody.ask("POST", "/api/v1/claim", body).status, 409)
        self.assertTrue(site.nobody.get("/api/v1/session").json()["claimed"])

    def test_guessing_is_made_slow(self):
        site = Site()
        self.addCleanup(site.stop)
        body = {"name": USERS["admin"], "password": "guess number one"}
        for _ in range(5):
            self.assertEqual(site.nobody.ask("POST", "/api/v1/session", body).status, 401)
        answer = site.nobody.ask("POST", "/api/v1/session", body)
        self.assertEqual(answer.status, 429)
        self.assertGreater(int(answer.headers["Retry-After"]), 5)
        body["password"] = PASSWORD  # the right one comes too early, too
        self.assertEqual(site.nobody.ask("POST", "/api/v1/session", body).status, 429)
        # Others are not locked out, and neither is who is signed in already.
        self.assertEqual(site.sign_in(USERS["viewer"]).get("/api/v1/site").status, 200)
        self.assertEqual(site.users["admin"].get("/api/v1/users").status, 200)

    def test_an_address_that_tries_many_names_is_made_slow(self):
        site = Site()
        self.addCleanup(site.stop)
        statuses = []
        for number in range(25):
            body = {"name": f"name {number}", "password": "guess number one"}
            answer = site.nobody.ask("POST", "/api/v1/session", body, source="127.0.0.9")
            statuses.append(answer.status)
        self.assertEqual(statuses, [401] * 20 + [429] * 5)

    def test_secrets_are_kept_as_hashes_and_by_their_owner_alone(self):
        site = Site()
        self.addCleanup(site.stop)
        for name in ("access.json", "audit.jsonl"):
            path = site.folder / name
            self.assertEqual(path.stat().st_mode & 0o777, 0o600, name)
            text = path.read_text()
            self.assertNotIn(PASSWORD, text)
            for client in [*site.users.values(), *site.tokens.values()]:
                secret = client.headers.get("Authorization", client.headers.get("Cookie", ""))
                self.assertNotIn(re.split("[ =]", secret)[1], text)
        self.assertIn("$argon2id$", (site.folder / "access.json").read_text())

    def test_the_audit_log_says_who_did_what(self):
        site = Site()
        self.addCleanup(site.stop)
        admin = site.users["admin"]
        admin.ask("DELETE", f"/api/v1/users/{USERS['admin']}")
        site.nobody.ask("POST", "/api/v1/session", {"name": "eve", "password": "let me in please"})
        page = admin.get("/api/v1/audit?limit=2").json()
        newest, before = page["entries"]
        self.assertEqual((newest["user"], newest["status"], newest["detail"]), ("", 401, "refused: eve"))
        self.assertEqual((before["user"], before["status"]), (USERS["admin"], 409))
        self.assertEqual(before["action"], "DELETE /api/v1/users/anna")
        older = admin.get(f"/api/v1/audit?limit=1000&before={page['next']}").json()
        self.assertEqual(older["next"], None)
        self.assertEqual(older["entries"][-1]["action"], "POST /api/v1/claim")

    def test_cookies_are_for_this_site_and_no_script(self):
        site = Site()
        self.addCleanup(site.stop)
        body = {"name": USERS["viewer"], "password": PASSWORD}
        cookie = site.nobody.ask("POST", "/api/v1/session", body).headers["Set-Cookie"]
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Strict", cookie)
        self.assertNotIn("Secure", cookie)
        answer = site.nobody.ask("POST", "/api/v1/session", body, X_Forwarded_Proto="https")
        self.assertIn("Secure", answer.headers["Set-Cookie"])

    def test_tls_by_a_certificate_of_ones_own(self):
        dwelltest.skip_without(dwelltest.shutil.which("openssl"), "openssl")
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        make += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
        subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)
        environment = {"DWELL_TEST_CERTIFICATE": str(certificate), "DWELL_TEST_KEY": str(key)}
        site = Site(claimed=False, environment=environment)
        self.addCleanup(site.stop)
        self.assertTrue(site.link.startswith("https://"))
        context = ssl.create_default_context(cafile=certificate)
        with socket.create_connection(("127.0.0.1", site.port)) as line:
            with context.wrap_socket(line, server_hostname="localhost") as secure:
                body = json.dumps({"token": site.link.split("#")[1], "name": "anna", "password": PASSWORD})
                head = "POST /api/v1/claim HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                secure.sendall((head + body).encode())
                text = b"".join(iter(lambda: secure.recv(4096), b"")).decode()
        self.assertTrue(text.startswith("HTTP/1.1 200"), text)
        self.assertIn("; Secure", text)


class Page(SharedSite):
    def test_the_page_comes_once_and_is_known_again(self):
        first = self.site.nobody.get("/")
        self.assertEqual(first.status, 200)
        self.assertIn(b"<html", first.body)
        again = self.site.nobody.get("/", If_None_Match=first.headers["ETag"])
        self.assertEqual((again.status, again.body), (304, b""))

    def test_every_file_that_it_names_is_there_compressed_and_kept(self):
        page = self.site.nobody.get("/").body.decode()
        files = re.findall(r'(?:src|href)="(/[^"]*\.[a-z0-9]+)"', page)
        self.assertTrue(files)
        for name in files:
            plain = self.site.nobody.get(name)
            packed = self.site.nobody.get(name, Accept_Encoding="gzip, br")
            self.assertEqual(plain.status, 200, name)
            if packed.headers["Content-Encoding"] == "gzip":
                self.assertEqual(gzip.decompress(packed.body), plain.body)
            if re.search(r"-\w{8,}\.", name):
                self.assertIn("immutable", plain.headers["Cache-Control"])

    def test_views_are_the_page_and_files_are_not(self):
        self.assertEqual(self.site.nobody.get("/claim").body, self.site.nobody.get("/").body)
        self.assertEqual(self.site.nobody.get("/zones/entrance?x=1").status, 200)
        self.assertEqual(self.site.nobody.get("/assets/none.js").status, 404)
        self.assertEqual(self.site.nobody.get("/api/v1/none").status, 404)

    def test_nothing_from_elsewhere_is_let_in(self):
        for path in ("/", "/api/v1/session", "/api/v1/none", "/healthz"):
            answer = self.site.nobody.get(path)
            policy = answer.headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")

    def test_methods_and_sizes(self):
        nobody = self.site.nobody
        answer = nobody.ask("PUT", "/api/v1/users")
        self.assertEqual((answer.status, answer.headers["Allow"]), (405, "GET, HEAD, POST"))
        self.assertEqual(nobody.ask("BREW", "/").status, 405)
        head = nobody.ask("HEAD", "/api/v1/session")
        self.assertEqual((head.status, head.body), (200, b""))
        viewer = self.site.users["viewer"]
        self.assertEqual(viewer.ask("HEAD", "/api/v1/events").status, 200)
        big = b" " * (1024 * 1024 + 1)
        with socket.create_connection(("127.0.0.1", self.site.port), timeout=20) as line:
            line.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(big))
            self.assertEqual(line.recv(12)[9:], b"413")
        with socket.create_connection(("127.0.0.1", self.site.port), timeout=20) as line:
            line.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            with self.assertRaises((ConnectionError, BrokenPipeError)):
                for _ in range(100):
                    line.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


if __name__ == "__main__":
    dwelltest.main()
