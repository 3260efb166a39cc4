"""Names of programme types and languages as redsea prints them: IEC 62106 annexes F and J, and RBDS annex F."""

PROGRAMME_TYPES = (
    "No PTY", "News", "Current affairs", "Information", "Sport", "Education", "Drama", "Culture",
    "Science", "Varied", "Pop music", "Rock music", "Easy listening", "Light classical", "Serious classical",
    "Other music", "Weather", "Finance", "Children's programmes", "Social affairs", "Religion", "Phone-in", "Travel",
    "Leisure", "Jazz music", "Country music", "National music", "Oldies music", "Folk music", "Documentary",
    "Alarm test", "Alarm",
)  # fmt: skip
PROGRAMME_TYPES_AMERICA = (
    "No PTY", "News", "Information", "Sports", "Talk", "Rock", "Classic rock", "Adult hits",
    "Soft rock", "Top 40", "Country", "Oldies", "Soft", "Nostalgia", "Jazz", "Classical",
    "Rhythm and blues", "Soft rhythm and blues", "Language", "Religious music", "Religious talk", "Personality",
    "Public", "College", "Spanish talk", "Spanish music", "Hip hop", "", "", "Weather", "Emergency test", "Emergency",
)  # fmt: skip
AMERICA = frozenset({"US", "CA", "MX"})
_EUROPE = (
    "Unknown", "Albanian", "Breton", "Catalan", "Croatian", "Welsh", "Czech", "Danish", "German", "English",
    "Spanish", "Esperanto", "Estonian", "Basque", "Faroese", "French", "Frisian", "Irish", "Gaelic", "Galician",
    "Icelandic", "Italian", "Lappish", "Latin", "Latvian", "Luxembourgian", "Lithuanian", "Hungarian", "Maltese",
    "Dutch", "Norwegian", "Occitan", "Polish", "Portuguese", "Romanian", "Romansh", "Serbian", "Slovak", "Slovene",
    "Finnish", "Swedish", "Turkish", "Flemish", "Walloon",
)  # fmt: skip
_WORLD = {
    0x7F: "Amharic", 0x7E: "Arabic", 0x7D: "Armenian", 0x7C: "Assamese", 0x7B: "Azerbaijan", 0x7A: "Bambora",
    0x79: "Belorussian", 0x78: "Bengali", 0x77: "Bulgarian", 0x76: "Burmese", 0x75: "Chinese", 0x74: "Churash",
    0x73: "Dari", 0x72: "Fulani", 0x71: "Georgian", 0x70: "Greek", 0x6F: "Gujurati", 0x6E: "Gurani", 0x6D: "Hausa",
    0x6C: "Hebrew", 0x6B: "Hindi", 0x6A: "Indonesian", 0x69: "Japanese", 0x68: "Kannada", 0x67: "Kazakh",
    0x66: "Khmer", 0x65: "Korean", 0x64: "Laotian", 0x63: "Macedonian", 0x62: "Malagasay", 0x61: "Malaysian",
    0x60: "Moldovian", 0x5F: "Marathi", 0x5E: "Ndebele", 0x5D: "Nepali", 0x5C: "Oriya", 0x5B: "Papamiento",
    0x5A: "Persian", 0x59: "Punjabi", 0x58: "Pushtu", 0x57: "Quechua", 0x56: "Russian", 0x55: "Ruthenian",
    0x54: "Serbo-Croat", 0x53: "Shona", 0x52: "Sinhalese", 0x51: "Somali", 0x50: "SrananTongo", 0x4F: "Swahili",
    0x4E: "Tadzhik", 0x4D: "Tamil", 0x4C: "Tatar", 0x4B: "Telugu", 0x4A: "Thai", 0x49: "Ukrainian", 0x48: "Urdu",
    0x47: "Uzbek", 0x46: "Vietnamese", 0x45: "Zulu", 0x40: "Background",
}  # fmt: skip


def language_name(code: int) -> str | None:
    """None: not allotted."""
    return _EUROPE[code] if code < len(_EUROPE) else _WORLD.get(code)


def programme_type_name(pty: int, country: str | None) -> str:
    """The American table where the station says it is there, else the world's."""
    return (PROGRAMME_TYPES_AMERICA if country in AMERICA else PROGRAMME_TYPES)[pty]
