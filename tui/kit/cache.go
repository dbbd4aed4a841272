package kit

// Cache keeps one composed part of a screen, since Bubble Tea v2 calls View after every message. K is everything
// the part depends on: revision numbers, the size, the [Look]; a part whose key forgets something goes stale. The
// zero Cache is empty and ready.
type Cache[K comparable] struct {
	key  K
	full bool
	part string
}

// Get gives the part kept under the key, or makes and keeps it.
func (c *Cache[K]) Get(key K, compose func() string) string {
	if !c.full || c.key != key {
		c.part = compose()
		c.key, c.full = key, true
	}
	return c.part
}

// Drop forgets the part: what it showed must not stay in memory either, as when the desk is locked.
func (c *Cache[K]) Drop() { *c = Cache[K]{} }
