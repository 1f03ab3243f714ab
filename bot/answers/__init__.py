"""What is answered: one module a subject, each from a turn to a reply."""
