"""Before and after of an enterprise's file and of an application: kept, compared, put into words."""
