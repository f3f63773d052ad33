"""Database roles for programs that only read, such as Retool: they see the views made for them and nothing
else.
"""

import secrets

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

VIEWS = ("retool_payments", "retool_channels", "retool_videos")

PATIENCE = "30s"
"""After that a question of a reader is given up, so that none holds the service up."""


@transaction.atomic
def make_reader(name: str, password: str | None = None) -> str:
    """Make the role, or give it what it may have and a new password. Returns the password.

    Needs a database user that may create roles.
    """
    password = password or secrets.token_urlsafe(24)
    role = sql.Identifier(name)
    database = sql.Identifier(str(connection.settings_dict["NAME"]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        verb = sql.SQL("ALTER ROLE" if cursor.fetchone() else "CREATE ROLE")
        attributes = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD"
        statements = [
            sql.SQL("{} {} {} {}").format(verb, role, sql.SQL(attributes), sql.Literal(password)),
            sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(role),
            sql.SQL("ALTER ROLE {} SET statement_timeout = {}").format(role, sql.Literal(PATIENCE)),
            sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role),
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
            *(sql.SQL("GRANT SELECT ON {} TO {}").format(sql.Identifier(view), role) for view in VIEWS),
        ]
        for statement in statements:
            cursor.execute(statement.as_string(cursor.connection))
    return password


def address(name: str, password: str) -> dict[str, str]:
    """What the reading program has to be told."""
    facts = settings.DATABASES["default"]
    return {
        "host": str(connection.settings_dict.get("HOST") or "localhost"),
        "port": str(facts.get("PORT") or 5432),
        "database": str(connection.settings_dict["NAME"]),
        "user": name,
        "password": password,
    }
