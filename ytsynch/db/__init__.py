"""Database engines of the project's own."""
