"""A centre's conference hall: its rules, its calendar, the life of a booking, the waiting list.

Functions over a session; no words and no channel. Whoever must be told of a change is told by ``Tell``, which the
caller passes in. The rules are those of http://centri.gov.ge/en/terms.

Locks are taken in one order, so that nobody waits in a circle: the contact, then the hall, then the booking.
"""
