"""What was paged and assigned in one look, counted, into the value that sensors report."""

from dsp.gsm.look import Reception
from dsp.gsm.values import PagingCounts


def paging_counts(each: Reception, *, neci: bool | None) -> PagingCounts:
    """The reference of a location update is 0000xxxx, and 0001xxxx too where NECI is 0: 3GPP TS 44.018 §9.1.8."""
    counts = each.subscribers
    location_updates = counts.reference_0000 + (counts.reference_0001 if neci is False else 0)
    return PagingCounts(
        blocks_read=each.ccch_blocks_read,
        imsi=counts.imsi,
        tmsi=counts.tmsi,
        no_identity=counts.no_identity,
        assignments=counts.assignments,
        assignments_location_update=location_updates,
        assignments_hopping=counts.assignments_hopping,
        groups=counts.groups,
        assignments_packet=counts.assignments_packet,
        assignments_answer=counts.answers,
        assignments_call=counts.calls,
        assignments_emergency=counts.emergencies,
        assignments_reestablishment=counts.reestablishments,
        assignments_rejected=counts.rejected,
        rejected_wait_s=counts.reject_wait_s,
    )
