"""Our name on the network: `remote-mixer.local`, and a service that browsers of `_http._tcp` list."""
