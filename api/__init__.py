"""The HTTP API (`/api/v1/`): the only room that knows the REST framework. No rule lives here."""
