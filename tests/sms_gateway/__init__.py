"""Tests of the text-message front."""
