"""The actions of the cloud API: what is asked becomes work of the store and the runner."""
