"""Borrowing a centre's hall in words: the form that is filled in, one's own bookings, and the news of them."""
