"""GET /license-ledger and GET /license-ledger.csv."""

import csv
import io

from tests.api import Api
from tests.cast import Cast
from tests.licensing.orders import placed


def test_every_change_has_a_line_newest_first(api: Api, cast: Cast) -> None:
    order = placed(api, cast, 2, 1)
    api.post(f"/license-orders/{order['id']}/cancel", token=cast.site_admin.token)
    lines = api.get("/license-ledger", cast.site_admin.token).json_body["items"]
    assert [line["kind"] for line in lines] == ["cancel", "order", "trial"]
    assert lines[0]["active"] == {"physician": -2, "midlevel": -1}
    assert (lines[1]["amount_cents"], lines[1]["subject"]) == (order["total_cents"], order["id"])
    assert lines[2]["in_use"] == {"physician": 1, "midlevel": 0}


def test_it_is_read_page_by_page(api: Api, cast: Cast) -> None:
    placed(api, cast)
    first = api.get("/license-ledger?limit=1", cast.site_admin.token).json_body
    second = api.get(f"/license-ledger?limit=1&cursor={first['next_cursor']}", cast.site_admin.token).json_body
    assert [first["items"][0]["kind"], second["items"][0]["kind"], second["next_cursor"]] == ["order", "trial", None]


def test_a_month_comes_as_a_file_oldest_first(api: Api, cast: Cast) -> None:
    order = placed(api, cast, 2, 1)
    answer = api.get("/license-ledger.csv?month=2026-07", cast.site_admin.token)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="license-ledger-2026-07.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    assert [row["kind"] for row in rows] == ["trial", "order"]
    assert (rows[1]["physician_active"], rows[1]["amount_cents"]) == ("2", str(order["total_cents"]))
    assert api.get("/license-ledger.csv?month=2026-06", cast.site_admin.token).body.count(b"\n") == 1


def test_bad_months_are_refused(api: Api, cast: Cast) -> None:
    for month in ("2026-13", "july", "2026-08", "2026-07-01"):
        answer = api.get(f"/license-ledger.csv?month={month}", cast.site_admin.token)
        assert (answer.status_code, answer.json_body["errors"][0]["field"]) == (422, "month"), month


def test_another_practices_lines_are_not_in_it(api: Api, cast: Cast) -> None:
    placed(api, cast)
    assert len(api.get("/license-ledger", cast.outsider.token).json_body["items"]) == 1
