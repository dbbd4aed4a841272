package names

import (
	"slices"
	"sync"
)

// Index is an index of names. The zero Index knows nobody and is not whole. It is safe
// for concurrent use; searches wait for nobody and nobody for them.
type Index struct {
	putting sync.Mutex // one Put at a time; before mu

	mu     sync.Mutex // what follows
	turn   int        // of the filling that is under way
	whole  bool
	blocks []*block
	fresh  []person // put since, not in a block yet; only appended to
	put    int      // how many were put since the last filling began
}

// mostFresh is how many people are looked at one by one, before they become a block.
const mostFresh = 1 << 9

// merged is how many people a block has at most that the next ones are put into.
const merged = 1 << 13

// Filler fills an index from its beginning.
type Filler struct {
	x    *Index
	turn int
	all  []person
}

// Fill begins to fill the index anew: it knows nobody, and what is put from now on
// stays. Another filling that is under way comes to nothing.
func (x *Index) Fill() *Filler {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.turn++
	x.whole, x.blocks, x.fresh, x.put = false, nil, nil, 0
	return &Filler{x: x, turn: x.turn}
}

// Add adds a person by the folded name. It is false when the index is filled anew by
// another by now.
func (f *Filler) Add(name, id string) bool {
	if name = clip(name); name == "" || id == "" {
		return true
	}
	if f.all == nil {
		f.all = make([]person, 0, perBlock)
	}
	f.all = append(f.all, person{name, id})
	return len(f.all) < perBlock || f.flush()
}

func (f *Filler) flush() bool {
	var b *block
	if len(f.all) > 0 {
		b = newBlock(f.all)
		clear(f.all)
		f.all = f.all[:0]
	}
	f.x.mu.Lock()
	defer f.x.mu.Unlock()
	if f.x.turn != f.turn {
		return false
	}
	if b != nil {
		f.x.blocks = append(slices.Clip(f.x.blocks), b)
	}
	return true
}

// Done says that all were added: the index is whole. It is false when the index is
// filled anew by another by now.
func (f *Filler) Done() bool {
	if !f.flush() {
		return false
	}
	f.all = nil
	f.x.mu.Lock()
	defer f.x.mu.Unlock()
	f.x.whole = f.x.turn == f.turn
	return f.x.whole
}

// Put adds a person, or one who has another name now: the old one is still found, see
// the package.
func (x *Index) Put(name, id string) {
	if name = clip(name); name == "" || id == "" {
		return
	}
	x.putting.Lock()
	defer x.putting.Unlock()
	x.mu.Lock()
	x.put++
	x.fresh = append(x.fresh, person{name, id})
	turn, all := x.turn, x.fresh
	var last *block
	if n := len(x.blocks); n > 0 && len(x.blocks[n-1].at) < merged {
		last = x.blocks[n-1]
	}
	x.mu.Unlock()
	if len(all) < mostFresh {
		return
	}
	all = slices.Clone(all)
	if last != nil {
		for i := range last.at {
			all = append(all, person{string(last.name(i)), last.id(i)})
		}
	}
	made := newBlock(all)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.turn != turn {
		return // forgotten meanwhile
	}
	blocks := slices.Clone(x.blocks)
	if last != nil {
		blocks = slices.DeleteFunc(blocks, func(b *block) bool { return b == last })
	}
	x.blocks, x.fresh = append(blocks, made), nil
}

// Puts says how many people were put since the last filling began: when there are very
// many it is time to fill the index anew.
func (x *Index) Puts() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.put
}

// Whole reports whether the index was filled to its end.
func (x *Index) Whole() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.whole
}

// Forget forgets everybody: the index is not whole any more, and a filling that is
// under way comes to nothing.
func (x *Index) Forget() { x.Fill() }

// Size is about how many bytes the index takes, and how many names it has.
func (x *Index) Size() (bytes, people int) {
	s := x.look()
	for _, b := range s.blocks {
		bytes += b.size()
		people += len(b.at)
	}
	return bytes, people + len(s.fresh)
}

// sight is what a search looks at: it never changes.
type sight struct {
	blocks []*block
	fresh  []person
	whole  bool
}

func (x *Index) look() sight {
	x.mu.Lock()
	defer x.mu.Unlock()
	return sight{x.blocks, x.fresh[:len(x.fresh):len(x.fresh)], x.whole}
}
