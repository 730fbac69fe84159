"""The shapes of what comes in and goes out: checked on the way in, described for both ways."""
