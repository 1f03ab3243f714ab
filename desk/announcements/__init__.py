"""Announcements: a text that staff send to many people at once, each of whom gets it once.

Functions over a session; no channel and no words of the assistant's own. An announcement is written (``editing``),
counted (``resolving``), sent or approved by a second person (``life``), and carried out by sweeps of the tick
(``sending``): its recipients are frozen, then become rows of the outbox, batch by batch (``desk.fan_out``).

The announcement is locked before anything else is; no contact is ever locked.
"""
