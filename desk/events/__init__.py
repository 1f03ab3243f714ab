"""What goes on at the centres: events and who comes to them, subscriptions, reminders.

Functions over a session; no words and no channel. Whatever somebody must be told of is a row first (``EventNews``,
``Reminder``), and sweeps of the tick carry the rows out, outside the quiet hours.

Locks are taken in one order, so that nobody waits in a circle: the contact, then the event, then the occurrence.
Events and occurrences are locked without their keys (``FOR NO KEY UPDATE``): whoever writes a row that refers to
them need not wait.
"""
