"""Files that come in as evidence, and (later) papers that the registry issues."""
