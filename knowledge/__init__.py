"""What is known: centres, services, places and hours; scripts, spelling, matching and the nearest centre."""
