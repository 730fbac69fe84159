"""The API's views, by what they are about. Each method asks a queryset or a service, and answers."""
