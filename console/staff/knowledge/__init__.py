"""Knowledge: centres with their halls and served villages, services, places; files in and out."""
