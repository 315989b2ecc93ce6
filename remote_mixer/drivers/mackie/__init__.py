"""Any DAW, by playing it a Mackie Control surface with up to three extenders."""

from remote_mixer.drivers.mackie.driver import Mackie as Mackie
