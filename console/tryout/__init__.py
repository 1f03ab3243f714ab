"""``/try``: a telephone on the screen, for trying the assistant as a plain phone or as a chat.

What is typed here goes through the code of the real channels, into a database in memory of its own: nothing is
kept, nobody's data can be reached, and nothing is sent.
"""

from console.tryout.page import blueprint

__all__ = ["blueprint"]
