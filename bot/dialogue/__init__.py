"""The conversation: what was being talked about, and what a message means in it."""
