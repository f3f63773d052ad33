"""Django's PostgreSQL engine over the embedded server: `ENGINE = "ytsynch.db.embedded"`, `FOLDER = …`."""
