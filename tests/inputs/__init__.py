"""The inputs of eligibility: credit checks, priorities, yearly figures."""
