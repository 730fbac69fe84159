"""Every list that can be taken away. A new list is a Listing in one of these modules, named in LISTINGS."""

from ..listing import LIST_NAMES, Listing
from . import (
    bench,
    casework,
    certificates,
    credit,
    facts,
    figures,
    findings,
    histories,
    ledger,
    officers,
    panels,
    papers,
    places,
    priorities,
    register,
    titles,
    yearly,
)

LISTINGS: dict[str, Listing] = {
    listing.kind: listing
    for listing in (
        *register.LISTINGS,
        *casework.LISTINGS,
        *certificates.LISTINGS,
        *titles.LISTINGS,
        *credit.LISTINGS,
        *priorities.LISTINGS,
        *yearly.LISTINGS,
        *facts.LISTINGS,
        *findings.LISTINGS,
        *figures.LISTINGS,
        *places.LISTINGS,
        *officers.LISTINGS,
        *ledger.LISTINGS,
        *histories.LISTINGS,
        *bench.LISTINGS,
        *panels.LISTINGS,
        *papers.LISTINGS,
    )
}
LIST_NAMES.update({kind: listing.name for kind, listing in LISTINGS.items()})
