"""Web pages: the telephone on the screen, and (to come) the staff console."""
