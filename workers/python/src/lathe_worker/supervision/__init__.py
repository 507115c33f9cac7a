"""The parent: it takes jobs, watches over the child, and reports."""
