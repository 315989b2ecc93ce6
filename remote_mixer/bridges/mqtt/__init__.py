"""MQTT bridge: every param of the desk is a topic on a broker, for home automation, scripts and other mixers."""
