"""`make bench`: what the registry costs beside the least that it could cost, measured in one run.

Each row sets a piece of the product's own code against its limit (the bare SQL, the bare view, the bare
hash), by turns in one process, and prints both medians and their ratio. Machines differ, ratios hardly.
"""
