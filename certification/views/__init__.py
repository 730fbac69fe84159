"""Pages, by audience. A view reads the request, calls one query or service, and renders."""
