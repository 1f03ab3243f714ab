"""Centre staff in the chat: requests for the hall, and their answers."""
