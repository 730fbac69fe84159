"""Who and where: accounts, places, enterprises (一企一档)."""
