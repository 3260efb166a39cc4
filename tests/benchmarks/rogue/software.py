"""What open-source base-station software broadcasts when nobody changes anything."""

from recordings.gsm.spec import GsmBroadcast

OSMO = GsmBroadcast(
    cell_reselect_hysteresis_db=4,
    rxlev_access_min=0,
    tx_integer=9,
    max_retrans=7,
    bs_pa_mfrms=5,
    bs_ag_blks_res=1,
    t3212=5,
    ncc_permitted=0xFF,
    combined=True,
    gprs=None,
    access_classes_barred=0x0400,
    ms_txpwr_max_cch=7,
    radio_link_timeout=7,
    neci=True,
    mscr=1,
)
OPEN = GsmBroadcast(
    cell_reselect_hysteresis_db=6,
    rxlev_access_min=0,
    tx_integer=32,
    max_retrans=2,
    bs_pa_mfrms=2,
    bs_ag_blks_res=2,
    t3212=0,
    ncc_permitted=0,
    combined=True,
    gprs=None,
    access_classes_barred=0x0400,
    ms_txpwr_max_cch=0,
    radio_link_timeout=15,
    neci=True,
    mscr=1,
)
