#!/usr/bin/env python
"""Django's command line for ytsynch."""

import sys

from ytsynch.command_line import main

if __name__ == "__main__":
    main(sys.argv)
