"""The local engine keeps what it is told, whatever happens to it, and keeps to itself."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from local.engine import Engine, EngineError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

PROJECT = Path(__file__).parents[2]
SESSION = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")

NewEngine = Callable[..., Engine]


@pytest.fixture
def new_engine(tmp_path: Path) -> Iterator[NewEngine]:
    """Makes engines on this test's home, and stops at its end those that still run."""
    made: list[Engine] = []

    def make(port: int = 0) -> Engine:
        made.append(Engine(tmp_path, port))
        return made[-1]

    yield make
    for engine in made:
        engine.stop()


def client(service: Any, engine: Engine) -> Any:
    return SESSION.client(service, endpoint_url=engine.url)


def dynamodb(url: str) -> "DynamoDBClient":
    return SESSION.client("dynamodb", endpoint_url=url)


def create_table(url: str) -> None:
    dynamodb(url).create_table(
        TableName="rows",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "owner", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-owner",
                "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def put(url: str, row_id: str) -> None:
    dynamodb(url).put_item(TableName="rows", Item={"id": {"S": row_id}, "owner": {"S": "somebody"}})


def rows(url: str) -> set[str]:
    return {item["id"]["S"] for item in dynamodb(url).scan(TableName="rows")["Items"]}


def wait_until_saved(home: Path, text: str, seconds: float = 10) -> None:
    """Watch the snapshot until it holds this text."""
    snapshot, deadline, seen = home / "state" / "snapshot.json", time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):  # for an instant while one snapshot takes the place of another
            changed = snapshot.stat().st_mtime_ns
            if changed != seen and text in snapshot.read_text():
                return
            seen = changed
    raise AssertionError(f"{text} was not saved within {seconds} s")


def peek(engine: Engine, path: str) -> Any:
    with urllib.request.urlopen(f"{engine.url}/_ministack/{path}") as response:
        return json.load(response)["messages"]["000000000000"]


def test_keeps_rows_after_a_clean_stop(new_engine: NewEngine) -> None:
    with new_engine() as engine:
        create_table(engine.url)
        put(engine.url, "kept")
    with new_engine() as engine:
        assert rows(engine.url) == {"kept"}


def test_keeps_the_state_of_every_service(new_engine: NewEngine) -> None:
    context = {"practice": "p1"}
    with new_engine() as engine:
        create_table(engine.url)
        put(engine.url, "kept")
        dynamodb(engine.url).update_time_to_live(
            TableName="rows", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
        )
        client("sqs", engine).create_queue(QueueName="mailbox")
        topic = client("sns", engine).create_topic(Name="events")["TopicArn"]
        client("sns", engine).subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:000000000000:mailbox"
        )
        client("sns", engine).publish(TopicArn=topic, Message="first")
        key = client("kms", engine).create_key()["KeyMetadata"]["KeyId"]
        encrypted = client("kms", engine).encrypt(KeyId=key, Plaintext=b"plain", EncryptionContext=context)
        client("secretsmanager", engine).create_secret(Name="pepper", SecretString="hot")
        client("sesv2", engine).create_email_identity(EmailIdentity="from@practice.example")
        client("sesv2", engine).send_email(
            FromEmailAddress="from@practice.example",
            Destination={"ToAddresses": ["to@practice.example"]},
            Content={"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "text"}}}},
        )
        client("s3", engine).create_bucket(Bucket="files")
        client("s3", engine).put_object(Bucket="files", Key="a/b.txt", Body=b"content")

    with new_engine() as engine:  # on another port than before
        by_owner = dynamodb(engine.url).query(
            TableName="rows",
            IndexName="by-owner",
            KeyConditionExpression="#owner = :owner",
            ExpressionAttributeNames={"#owner": "owner"},
            ExpressionAttributeValues={":owner": {"S": "somebody"}},
        )
        assert [item["id"]["S"] for item in by_owner["Items"]] == ["kept"]
        ttl = dynamodb(engine.url).describe_time_to_live(TableName="rows")["TimeToLiveDescription"]
        assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
        client("sns", engine).publish(TopicArn=topic, Message="second")
        (queue,) = peek(engine, "sqs/messages")["us-east-1"].values()
        assert [json.loads(message["Body"])["Message"] for message in queue] == ["first", "second"]
        decrypted = client("kms", engine).decrypt(CiphertextBlob=encrypted["CiphertextBlob"], EncryptionContext=context)
        assert decrypted["Plaintext"] == b"plain"
        assert client("secretsmanager", engine).get_secret_value(SecretId="pepper")["SecretString"] == "hot"
        assert [mail["Subject"] for mail in peek(engine, "ses/messages")] == ["Hello"]
        assert client("s3", engine).get_object(Bucket="files", Key="a/b.txt")["Body"].read() == b"content"


def test_loses_nothing_that_was_saved_when_it_is_killed(new_engine: NewEngine, tmp_path: Path) -> None:
    engine = new_engine()
    engine.start()
    create_table(engine.url)
    put(engine.url, "saved-by-itself")
    wait_until_saved(tmp_path, "saved-by-itself")
    assert engine.pid
    os.kill(engine.pid, signal.SIGKILL)
    engine.stop()
    with new_engine() as engine:
        assert rows(engine.url) == {"saved-by-itself"}


def test_saves_and_ends_when_its_parent_is_killed(new_engine: NewEngine, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from local.engine import Engine\n"
        "engine = Engine(Path(sys.argv[1])); engine.start()\n"
        "print(engine.url, flush=True); input()"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        url = parent.stdout.readline().strip()
        create_table(url)
        put(url, "of-an-orphan")
        parent.kill()
    with new_engine() as engine:  # possible only once the orphan has ended, as it holds the lock
        assert rows(engine.url) == {"of-an-orphan"}


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda good: good[: len(good) // 2], id="truncated"),
        pytest.param(lambda good: b"", id="empty"),
        pytest.param(lambda good: b"\x00\xff" * 100, id="garbage"),
        pytest.param(lambda good: b'{"services": {"sns": 1}}', id="json of another shape"),
    ],
)
def test_goes_back_to_the_previous_state_when_the_newest_is_damaged(
    new_engine: NewEngine, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[bytes], bytes]
) -> None:
    with new_engine() as engine:
        create_table(engine.url)
        put(engine.url, "older")
    with new_engine() as engine:
        put(engine.url, "newer")
    snapshot = tmp_path / "state" / "snapshot.json"
    damaged = damage(snapshot.read_bytes())
    snapshot.write_bytes(damaged)

    with new_engine() as engine:
        assert rows(engine.url) == {"older"}
    (kept,) = snapshot.parent.glob("snapshot.json.damaged-*")
    assert kept.read_bytes() == damaged
    assert f"engine: {snapshot} is damaged" in capsys.readouterr().err


def test_starts_empty_when_no_state_can_be_read(new_engine: NewEngine, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    for name in ("snapshot.json", "snapshot.previous.json", "snapshot.unfinished"):
        (state / name).write_text('{"services": {"dyn')
    with new_engine() as engine:
        assert dynamodb(engine.url).list_tables()["TableNames"] == []
    assert len(list(state.glob("*.damaged-*"))) == 2


def test_refuses_a_taken_port(new_engine: NewEngine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(EngineError, match=f"Port {port} on 127.0.0.1 can't be used .* Choose another one"):
            new_engine(port).start()


def test_refuses_a_home_that_another_engine_uses(new_engine: NewEngine, tmp_path: Path) -> None:
    with new_engine(), pytest.raises(EngineError, match=f"An engine already runs on {tmp_path}. Stop it first"):
        new_engine().start()


def test_says_what_the_log_says_when_the_engine_does_not_start(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho something is broken\nexit 3\n")
    python.chmod(0o700)
    with pytest.raises(EngineError, match=r"(?s)ended as soon as it was started\..*something is broken"):
        Engine(tmp_path, python=python).start()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_listens_on_loopback_only(new_engine: NewEngine) -> None:
    with new_engine() as engine:
        process = Path(f"/proc/{engine.pid}")
        open_files = set()
        for file in (process / "fd").iterdir():
            with suppress(FileNotFoundError):  # closed while we looked
                open_files.add(str(file.readlink()))
        sockets = [
            line.split() for table in ("tcp", "tcp6") for line in (process / "net" / table).read_text().splitlines()[1:]
        ]
        listening = [fields[1] for fields in sockets if fields[3] == "0A" and f"socket:[{fields[9]}]" in open_files]
        port = int(engine.url.rsplit(":", 1)[1])
        assert listening == [f"0100007F:{port:04X}"]


def test_is_out_of_reach_of_ctrl_c_at_the_terminal(new_engine: NewEngine) -> None:
    with new_engine() as engine:
        assert engine.pid
        assert os.getpgid(engine.pid) != os.getpgid(0)
