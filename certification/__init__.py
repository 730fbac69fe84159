"""What is achieved and how: stages, rules, applications, achievements, totals."""
