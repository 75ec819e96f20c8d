package regex

// lock is nothing where there is one thread, and no goroutine gives way in a search.
type lock struct{}

func (lock) Lock()   {}
func (lock) Unlock() {}
