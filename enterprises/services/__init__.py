"""The only functions that change an enterprise's file or an account."""
