"""What is answered: rows and files as plain dictionaries, codes with their wording beside them."""
