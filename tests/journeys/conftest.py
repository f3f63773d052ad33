import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "demo: runs the whole demo, three times; `-m 'not demo'` leaves it out"
    )
