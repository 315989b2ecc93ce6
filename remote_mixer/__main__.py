"""`python -m remote_mixer`, and the start script of a frozen build; relative imports would fail in both."""

import sys

from remote_mixer.command.main import main

if __name__ == "__main__":
    sys.exit(main())
