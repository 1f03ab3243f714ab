"""Web pages: the telephone on the screen, calendars, and the staff console."""
