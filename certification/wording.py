"""Words in the reader's language, as `enterprises.language` has them; and one that is put into words when shown."""

from django.utils.functional import lazy

from enterprises.language import in_words as in_words
from enterprises.language import named as named
from enterprises.language import reads_english as reads_english
from enterprises.language import worded as worded

worded_later = lazy(worded, str)
