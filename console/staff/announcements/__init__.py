"""Announcements: written beside their preview, sent, approved, followed, stopped.

``views`` has the routes, ``forms`` reads what was written, ``showing`` makes what the pages show of it, ``map``
draws the centres that are reached, ``words`` says whom it is for and why something was refused.
"""

from console.staff.announcements.views import pages

__all__ = ["pages"]
