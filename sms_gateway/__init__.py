"""Text messages: Twilio and the Android phone, their webhooks and receipts, and fitting words into segments."""
