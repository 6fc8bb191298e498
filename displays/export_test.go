package displays

// OpeningSentences lists what openingWords is made of.
func OpeningSentences() []string {
	var all []string
	for _, table := range []map[string]map[string]string{told, fates} {
		for _, phrases := range table {
			for _, phrase := range phrases {
				all = append(all, phrase)
			}
		}
	}
	return all
}
