"""What a ranked batch says besides, for the digest of its entries: terms, late entries, recommendations, copies,
settings, the seal. Nothing of a batch that has none of them, so that other batches keep the digest that they have.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from ledger.canonical import timestamp, to_milliseconds
from ledger.contents import content_digest

from ..models import BatchTerms, FrozenCopy, LateEntry, Recommended, Seal, TriedSetting

Parts = dict[int, dict[str, list[Any]]]


def selection_parts(batches: list[int] | None = None) -> Parts:
    """By the key of the batch; None: of all. A copy is digested anew, whatever its row says of its digest."""
    found: Parts = defaultdict(lambda: defaultdict(list))
    of = {} if batches is None else {"batch__in": batches}
    for terms in BatchTerms.objects.filter(**of).order_by("pk"):
        said = [terms.version, terms.content, terms.reason, terms.made_by_id, _moment(terms.made_at)]
        found[terms.batch_id]["terms"].append(said)
    for late in LateEntry.objects.filter(**of).select_related("enterprise").order_by("pk"):
        granted = [str(late.until), late.granted_by_id, _moment(late.granted_at)]
        found[late.batch_id]["late"].append([late.enterprise.uscc, late.reason, *granted])
    for place in Recommended.objects.filter(**of).select_related("application").order_by("unit", "rank"):
        ranked = [place.unit_id, place.rank, place.application.number, place.ranked_by_id, _moment(place.ranked_at)]
        found[place.batch_id]["recommended"].append(ranked)
    for copy in FrozenCopy.objects.filter(**of).order_by("pk"):
        made = [copy.digest, content_digest(copy.content), copy.made_by_id, _moment(copy.made_at)]
        found[copy.batch_id]["copies"].append(made)
    tried_of = {f"copy__{name}": value for name, value in of.items()}
    for tried in TriedSetting.objects.filter(**tried_of).select_related("copy").order_by("pk"):
        kept = [tried.copy.digest, tried.copy_id, tried.content, tried.kept_by_id, _moment(tried.kept_at)]
        found[tried.copy.batch_id]["settings"].append([tried.name, *kept])
    for sealed in Seal.objects.filter(**of).order_by("pk"):
        chosen = [sealed.setting_id, sealed.chosen, sealed.salt, sealed.sealed_by_id, _moment(sealed.sealed_at)]
        found[sealed.batch_id]["seal"].append(chosen)
    return found


def _moment(at: datetime) -> str:
    return timestamp(to_milliseconds(at))
