#!/usr/bin/env python3
"""Makes the two embedded fonts from the full BIZ UDPGothic (see README.md).

in:   REGULAR.ttf BOLD.ttf (the full fonts), output folder
out:  UtsushiGothic-Regular.ttf  every character of the full font, without hinting and layout tables
      UtsushiGothic-Bold.ttf     the same without the kanji beyond JIS level 1 (drawn in Regular when needed)
Needs fonttools; the same input gives the same bytes.
"""
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont


def is_kanji(code: int) -> bool:
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or code >= 0x20000


def level1_kanji() -> set[int]:
    """Kanji of JIS level 1: rows 16 to 47 of JIS X 0208, read through EUC-JP."""
    found = set()
    for row in range(16, 48):
        for cell in range(1, 95):
            try:
                found.add(ord(bytes([0xA0 + row, 0xA0 + cell]).decode("euc_jp")))
            except UnicodeDecodeError:
                continue
    return found


def make(source: str, target: Path, style: str, all_kanji: bool) -> None:
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "meta", "vhea", "vmtx", "gasp"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    font = subset.load_font(source, options)
    wanted = subset.Subsetter(options)
    kept = level1_kanji()
    codes = font.getBestCmap()
    wanted.populate(unicodes=[c for c in codes if all_kanji or not is_kanji(c) or c in kept])
    wanted.subset(font)
    names = {1: "Utsushi Gothic", 3: f"UtsushiGothic-{style};subset", 4: f"Utsushi Gothic {style}", 6: f"UtsushiGothic-{style}"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(target)
    print(target, target.stat().st_size, len(TTFont(target).getBestCmap()))


if __name__ == "__main__":
    regular, bold, out = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    make(regular, out / "UtsushiGothic-Regular.ttf", "Regular", all_kanji=True)
    make(bold, out / "UtsushiGothic-Bold.ttf", "Bold", all_kanji=False)
