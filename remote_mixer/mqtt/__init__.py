"""MQTT: brokers and their addresses, one connection to a broker, and the topics of a mixer."""
