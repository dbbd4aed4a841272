package screen

import (
	"strings"
	"unicode"
)

// BannerHeight is how many lines a banner has.
const BannerHeight = 3

// Banner is a word in letters of three lines, to be read at arm's length. ok is
// false when it has a character that is not drawn here; then it is shown as any
// other text. It has nothing beside it, since terminals differ in how wide they
// draw a block.
func Banner(word string) (lines []string, ok bool) {
	rows := make([]strings.Builder, BannerHeight)
	for i, r := range word {
		glyph, known := glyphs[unicode.ToUpper(r)]
		if !known {
			return nil, false
		}
		pixels := strings.Fields(glyph)
		for y := range rows {
			if i > 0 {
				rows[y].WriteByte(' ')
			}
			for x := range len(pixels[0]) {
				upper := pixels[2*y][x] == '#'
				lower := 2*y+1 < len(pixels) && pixels[2*y+1][x] == '#'
				rows[y].WriteString(half(upper, lower))
			}
		}
	}
	for y := range rows {
		lines = append(lines, rows[y].String())
	}
	return lines, word != ""
}

// half is the character for two pixels, one above the other.
func half(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}

// glyphs are the letters, five pixels high.
var glyphs = map[rune]string{
	'A': ".###. #...# ##### #...# #...#",
	'B': "####. #...# ####. #...# ####.",
	'C': ".#### #.... #.... #.... .####",
	'D': "####. #...# #...# #...# ####.",
	'E': "##### #.... ####. #.... #####",
	'F': "##### #.... ####. #.... #....",
	'G': ".#### #.... #..## #...# .####",
	'H': "#...# #...# ##### #...# #...#",
	'I': "### .#. .#. .#. ###",
	'J': "..### ...#. ...#. #..#. .##..",
	'K': "#..#. #.#.. ##... #.#.. #..#.",
	'L': "#.... #.... #.... #.... #####",
	'M': "#...# ##.## #.#.# #...# #...#",
	'N': "#...# ##..# #.#.# #..## #...#",
	'O': ".###. #...# #...# #...# .###.",
	'P': "####. #...# ####. #.... #....",
	'Q': ".###. #...# #.#.# #..#. .##.#",
	'R': "####. #...# ####. #..#. #...#",
	'S': ".#### #.... .###. ....# ####.",
	'T': "##### ..#.. ..#.. ..#.. ..#..",
	'U': "#...# #...# #...# #...# .###.",
	'V': "#...# #...# #...# .#.#. ..#..",
	'W': "#...# #...# #.#.# ##.## #...#",
	'X': "#...# .#.#. ..#.. .#.#. #...#",
	'Y': "#...# .#.#. ..#.. ..#.. ..#..",
	'Z': "##### ...#. ..#.. .#... #####",
	'…': "..... ..... ..... ..... #.#.#",
}
