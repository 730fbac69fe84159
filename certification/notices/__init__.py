"""Notices (通知): what concerns a person is told to them, in the application and by e-mail."""
