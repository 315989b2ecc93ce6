"""`python -m remote_mixer`, and the script that a frozen build starts: absolute imports alone work in both."""

import sys

from remote_mixer.command.main import main

if __name__ == "__main__":
    sys.exit(main())
