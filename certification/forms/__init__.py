"""Forms of the pages: they read what was typed and show why it was refused; the rules are in the services."""
