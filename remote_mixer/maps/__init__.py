"""Maps of MIDI controls as files that people write too: edited line by line, and saved whole or not at all."""
