"""The country of a station, from its extended country code and the first digit of its PI. IEC 62106 annex D.

One digit alone names no country: it is used again in every part of the world.
"""

# ISO 3166-1 by ECC, for the first digits 1 … F; "--" is not allotted.
_COUNTRIES = {
    0xA0: "US US US US US US US US US US US -- US US --",
    0xA1: "-- -- -- -- -- -- -- -- -- -- CA CA CA CA GL",
    0xA2: "AI AG EC FK BB BZ KY CR CU AR BR BM AN GP BS",
    0xA3: "BO CO JM MQ GF PY NI -- PA DM DO CL GD TC GY",
    0xA4: "GT HN AW -- MS TT PE SR UY KN LC SV HT VE --",
    0xA5: "-- -- -- -- -- -- -- -- -- -- MX VC MX MX MX",
    0xA6: "-- -- -- -- -- -- -- -- -- -- -- -- -- -- PM",
    0xD0: "CM CF DJ MG ML AO GQ GA GN ZA BF CG TG BJ MW",
    0xD1: "NA LR GH MR ST CV SN GM BI -- BW KM TZ ET NG",
    0xD2: "SL ZW MZ UG SZ KE SO NE TD GW CD CI TZ ZM --",
    0xD3: "-- -- EH -- RW LS -- SC -- MU -- SD -- -- --",
    0xE0: "DE DZ AD IL IT BE RU PS AL AT HU MT DE -- EG",
    0xE1: "GR CY SM CH JO FI LU BG DK GI IQ GB LY RO FR",
    0xE2: "MA CZ PL VA SK SY TN -- LI IS MC LT RS ES NO",
    0xE3: "ME IE TR MK TJ -- -- NL LV LB AZ HR KZ SE BY",
    0xE4: "MD EE KG -- -- UA XK PT SI AM UZ GE -- TM BA",
    0xF0: "AU AU AU AU AU AU AU AU SA AF MM CN KP BH MY",
    0xF1: "KI BT BD PK FJ OM NR IR NZ SB BN LK TW KR HK",
    0xF2: "KW QA KH WS IN MO VN PH JP SG MV ID AE NP VU",
    0xF3: "LA TH TO -- -- -- -- -- PG -- YE -- -- FM MN",
}


def country(ecc: int | None, pi: int | None) -> str | None:
    """ISO 3166-1 letters, capital; None where the pair is not allotted or one of the two is not known."""
    digit = 0 if pi is None else pi >> 12
    if ecc not in _COUNTRIES or digit == 0:
        return None
    found = _COUNTRIES[ecc].split()[digit - 1]
    return None if found == "--" else found
