"""What is kept about people: residents, conversations, questions, the outbox. Plain functions over a session."""
