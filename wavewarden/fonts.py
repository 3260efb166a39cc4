"""Which font on this machine can write Chinese into a picture."""

from functools import cache

CHINESE = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Micro Hei"),
    *("WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "SimHei", "Heiti SC", "Droid Sans Fallback"),
    *("Noto Serif CJK SC", "Noto Serif SC", "SimSun", "AR PL UMing CN"),
)
LATIN = "DejaVu Sans"  # comes with matplotlib


@cache
def chinese_font() -> str | None:
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE if name in there), None)
