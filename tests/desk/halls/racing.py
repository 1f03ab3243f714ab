"""Many people who want the same half-hour at once, from the threads of one process. Spawned by the tests."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import app.tables  # noqa: F401
from desk.halls import making
from desk.halls.bookings import Booking
from desk.halls.making import Taken
from store import clock
from store.database import Database
from tests.desk.halls.people import CHAKVI, MONDAY, Told, person, request


def race(url: str, first: int, people: int, threads: int) -> Counter[str]:
    """What became of each attempt: booked (and told how often), taken with how many free times, or an error."""
    database = Database(url, pool_size=threads)
    gate = threading.Barrier(threads)

    def attempt(number: int) -> str:
        if number < first + threads:
            gate.wait(60)
        told = Told()
        try:
            with database.write() as session:
                answer = making.book(session, CHAKVI, request(), told, contact=person(session, number))
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:200]
        if isinstance(answer, Booking):
            return f"booked, told {len(told.all)}"
        return f"taken, {len(answer.free)} free" if isinstance(answer, Taken) else str(answer)

    with clock.fixed(MONDAY), ThreadPoolExecutor(threads) as pool:
        outcome = Counter(pool.map(attempt, range(first, first + people)))
    database.close()
    return outcome
