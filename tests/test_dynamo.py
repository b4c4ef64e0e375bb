"""The connection to DynamoDB."""

from typing import Any

import app  # noqa: F401 (imports every room's rows)
from chalicelib.dynamo import ExpiringRow, Key, Row, connection, query_kinds
from chalicelib.licensing.tables import ClaimRow, DecreaseRow, LedgerRow, PoolRow
from tests.world import World

HELD = {"license_type": "physician"}


def test_all_rows_share_one_client_with_few_retries() -> None:
    kinds = [kind for base in (Row, ExpiringRow) for kind in base.__subclasses__() if kind is not ExpiringRow]
    assert len(kinds) > 5
    assert {kind._get_connection().connection.client for kind in kinds} == {connection().client}
    config: Any = connection().client.meta.config
    assert config.retries["total_max_attempts"] == 3
    assert (config.connect_timeout, config.read_timeout) == (1, 3)


def test_rows_of_several_kinds_are_read_at_once_whatever_stands_between_them(world: World) -> None:
    rows = [PoolRow.key("prc_1").row(), PoolRow.key("prc_2").row(), ClaimRow.key("prc_2", "prv_9").row(**HELD)]
    for number in range(3):
        large = {"filler": "x" * 390_000}
        rows.append(ClaimRow.key("prc_1", f"prv_{number}").row(**HELD))
        rows.append(DecreaseRow.key("prc_1", f"dec_{number}").row(decrease=large, status="requested"))
    for row in rows:
        row.save()
    claims, ledger, pools = query_kinds(
        "prc_1",
        Key(ClaimRow, "prc_1", ClaimRow.PREFIX),
        Key(LedgerRow, "prc_1", LedgerRow.PREFIX),
        PoolRow.key("prc_1"),
    )
    assert [row.provider_id for row in claims] == ["prv_0", "prv_1", "prv_2"]
    assert ledger == []
    assert [row.pk for row in pools] == ["prc_1"]  # behind more than a page of requests, each of 390 KB
    for row in rows:  # no practice's books add up so
        row.delete()
