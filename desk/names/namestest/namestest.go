// Package namestest makes people's names for tests and benchmarks: as many as are
// wanted, of several scripts, some names very common and most of them rare, as in a
// real library. It also makes the mistakes with which names are typed.
//
// It knows syllables. It does not know people: a name that somebody has is chance.
package namestest

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// Script is one way of writing names.
type Script struct {
	Name    string
	Share   int // of 100 people
	letters string
	parts   []string
	given   []string
	least   int // parts of a family name
	most    int
	rare    int // how many family names there are
}

// Scripts are those in which names are made.
func Scripts() []Script {
	return []Script{
		{Name: "Latin", Share: 48, letters: "abcdefghijklmnopqrstuvwxyz", least: 2, most: 4, rare: 110_000,
			parts: strings.Fields("an ber cor del en fa gar hol in jan ka lin mar nov ol per qui ro sen ta ur ver wil xa yo zan berg son man stein ford ley dale ski sti mor gal ter der hau schmi kle brau kro lam pel rich ston wor bel"),
			given: strings.Fields("Ana Maria Jan Peter Lena Paul Eva Tom Nina Max Lucy Mark Ida Leo Rosa Karl Ella Hugo Vera Otto")},
		{Name: "Latin with marks", Share: 24, letters: "abcdefghijklmnopqrstuvwxyzäöüéèčšžłñåøß", least: 2, most: 4, rare: 70_000,
			parts: strings.Fields("mü ler žan čer šek něm ků ła go wał dź ñez rí ñó çal çã ão ør ås bjø strö gré né ÿe ßen grö hä fö kő szű ğlu şah ı̇n ți ră ův ňa ľub đor viễ trầ nguy"),
			given: strings.Fields("Zoë José Łukasz Søren Béla Çağla Žofie Jürgen Ñusta Åsa Ștefan Đorđe Zdeněk François Jiří Ümit")},
		{Name: "Cyrillic", Share: 10, letters: "абвгдежзийклмнопрстуфхцчшщыьэюя", least: 2, most: 4, rare: 25_000,
			parts: strings.Fields("ива пет сид оре мих ник але кси вол гра дми же зай кри лёв мор нов пав род сер тих уша фё хар цве чер шев яко ов ев ин ская енко чук"),
			given: strings.Fields("Анна Иван Мария Пётр Ольга Юрий Елена Олег Нина Андрей")},
		{Name: "Greek", Share: 4, letters: "αβγδεζηθικλμνξοπρστυφχψω", least: 2, most: 4, rare: 8_000,
			parts: strings.Fields("πα δό που λος γε ωρ γί νι κό μα κρή θε οδ ώρ αν τώ χρι στό ευ λά ζα βε ρό δη μη τρί ίδης άκης"),
			given: strings.Fields("Γιώργος Μαρία Νίκος Ελένη Κώστας Άννα Δημήτρης Σοφία")},
		{Name: "Arabic", Share: 5, letters: "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", least: 2, most: 4, rare: 8_000,
			parts: strings.Fields("ال مح مد عل ي حس ين خا لد سع يد نا صر با را هي م يو سف جم ال قا سم طا هر"),
			given: strings.Fields("محمد فاطمة علي مريم يوسف زينب عمر ليلى")},
		{Name: "Hebrew", Share: 1, letters: "אבגדהוזחטיכלמנסעפצקרשת", least: 2, most: 4, rare: 3_000,
			parts: strings.Fields("כה לו מז רא בן דו גל שפ יר פר ץ ני סי מו ור אב הם"),
			given: strings.Fields("דוד שרה משה רחל יעל נועם")},
		{Name: "CJK", Share: 6, letters: "山田川村木林中本上下石井高橋藤佐伊加小大松竹青赤白黒金銀水火土月日星空", least: 1, most: 2, rare: 900,
			parts: strings.Split("山 田 川 村 木 林 中 本 上 下 石 井 高 橋 藤 佐 伊 加 小 大 松 竹 青 王 李 张 刘 陈 杨 黄 赵 吴 周 徐", " "),
			given: strings.Fields("太郎 花子 健 美咲 伟 芳 娜 秀英 敏 静")},
		{Name: "Hangul", Share: 2, letters: "가나다라마바사아자차카타파하", least: 2, most: 3, rare: 1_500,
			parts: strings.Fields("김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권"),
			given: strings.Fields("민준 서연 지우 하은 도윤 수아")},
	}
}

// Person is somebody's name.
type Person struct {
	Family, Given string
	Script        string
}

// People makes n names, the same for the same seed.
func People(seed uint64, n int) []Person {
	r := rand.New(rand.NewPCG(seed, 1))
	scripts := Scripts()
	var pools [][]string
	var zipfs []*rand.Zipf
	for i := range scripts {
		s := scripts[i]
		pools = append(pools, s.families(rand.New(rand.NewPCG(seed, uint64(i)+2))))
		zipfs = append(zipfs, rand.NewZipf(r, 1.07, 40, uint64(len(pools[i])-1)))
	}
	out := make([]Person, n)
	for k := range out {
		at, i := r.IntN(100), 0
		for ; at >= scripts[i].Share; i++ {
			at -= scripts[i].Share
		}
		s := scripts[i]
		given := s.given[r.IntN(len(s.given))]
		if r.IntN(4) == 0 {
			given += " " + s.given[r.IntN(len(s.given))]
		}
		out[k] = Person{pools[i][zipfs[i].Uint64()], given, s.Name}
	}
	return out
}

// families makes the family names of a script, each once.
func (s Script) families(r *rand.Rand) []string {
	seen := make(map[string]bool, s.rare)
	out := make([]string, 0, s.rare)
	for tries := 0; len(out) < s.rare && tries < 20*s.rare; tries++ {
		var b strings.Builder
		for range s.least + r.IntN(s.most-s.least+1) {
			b.WriteString(s.parts[r.IntN(len(s.parts))])
		}
		name := b.String()
		if first := []rune(name); true {
			name = strings.ToUpper(string(first[:1])) + string(first[1:])
		}
		if r.IntN(30) == 0 && s.Name == "Latin" {
			name = "van der " + name
		}
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}

// Mistake makes one mistake in a family name: a letter of its script more, one fewer,
// another one, or two neighbours that change places. It gives the name unchanged where
// it has no letter to make one in.
func Mistake(r *rand.Rand, p Person) string {
	all := Scripts()
	s := all[slices.IndexFunc(all, func(s Script) bool { return s.Name == p.Script })]
	letters := []rune(s.letters)
	name := []rune(p.Family)
	for range 100 {
		i := r.IntN(len(name))
		if name[i] == ' ' {
			continue
		}
		out := slices.Clone(name)
		switch r.IntN(4) {
		case 0:
			out = slices.Insert(out, i, letters[r.IntN(len(letters))])
		case 1:
			if len(name) == 1 {
				continue
			}
			out = slices.Delete(out, i, i+1)
		case 2:
			out[i] = letters[r.IntN(len(letters))]
		case 3:
			if i+1 >= len(name) || name[i+1] == ' ' {
				continue
			}
			out[i], out[i+1] = out[i+1], out[i]
		}
		if string(out) != p.Family {
			return string(out)
		}
	}
	return p.Family
}
