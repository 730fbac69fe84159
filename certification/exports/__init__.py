"""Exports (导出): every list as CSV or xlsx, with the filters, the columns and the sight of the list itself."""
