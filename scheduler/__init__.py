"""The clock: what is due goes from the outbox to its sender."""
