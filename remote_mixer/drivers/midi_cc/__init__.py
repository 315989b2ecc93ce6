"""A DAW or any MIDI gear as a console, by control changes and a map file."""

from remote_mixer.drivers.midi_cc.driver import MidiCc as MidiCc
