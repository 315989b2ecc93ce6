"""`python -m remote_mixer.engine`: the engine's own process. See `process`."""

import sys

from remote_mixer.engine.process import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
