"""The inputs of eligibility: what is right to say of them and how they stand on a day (pure), and their lists."""
