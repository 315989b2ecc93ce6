"""Any DAW as a console, by emulating a Mackie Control surface with up to three extenders."""

from remote_mixer.drivers.mackie.driver import Mackie as Mackie
