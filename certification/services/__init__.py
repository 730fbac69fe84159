"""The office's verbs: the only functions that change an official fact."""
