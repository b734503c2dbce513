"""The cloud API: signatures, parameters, actions, and the forms of its answers."""
