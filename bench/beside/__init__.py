"""The outbox beside Celery and Procrastinate: messages through the one, no-op tasks through the others."""
