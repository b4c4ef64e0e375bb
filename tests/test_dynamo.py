"""The connection to DynamoDB."""

from typing import Any

import app  # noqa: F401 (imports every room's rows)
from chalicelib.dynamo import ExpiringRow, Row, connection


def test_all_rows_share_one_client_with_few_retries() -> None:
    kinds = [kind for base in (Row, ExpiringRow) for kind in base.__subclasses__() if kind is not ExpiringRow]
    assert len(kinds) > 5
    assert {kind._get_connection().connection.client for kind in kinds} == {connection().client}
    config: Any = connection().client.meta.config
    assert config.retries["total_max_attempts"] == 3
    assert (config.connect_timeout, config.read_timeout) == (1, 3)
