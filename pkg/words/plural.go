package words

// The categories of plurals, as Unicode's CLDR and the browsers' Intl.PluralRules name them.
const (
	pluralZero  = "zero"
	pluralOne   = "one"
	pluralTwo   = "two"
	pluralFew   = "few"
	pluralMany  = "many"
	pluralOther = "other"
)

// plural is the category of a count, from 0 up to where languages speak of millions.
func plural(lang string, n int) string {
	switch lang {
	case "zh":
		return pluralOther
	case "fr":
		if n < 2 {
			return pluralOne
		}
	case "ro":
		return romanian(n)
	case "uk":
		return ukrainian(n)
	case "ar":
		return arabic(n)
	default:
		if n == 1 {
			return pluralOne
		}
	}
	return pluralOther
}

func romanian(n int) string {
	switch {
	case n == 1:
		return pluralOne
	case n == 0, n%100 >= 1 && n%100 <= 19:
		return pluralFew
	}
	return pluralOther
}

func ukrainian(n int) string {
	switch ones, teen := n%10, n%100 >= 11 && n%100 <= 14; {
	case ones == 1 && !teen:
		return pluralOne
	case ones >= 2 && ones <= 4 && !teen:
		return pluralFew
	}
	return pluralMany
}

func arabic(n int) string {
	switch {
	case n == 0:
		return pluralZero
	case n == 1:
		return pluralOne
	case n == 2:
		return pluralTwo
	case n%100 >= 3 && n%100 <= 10:
		return pluralFew
	case n%100 >= 11:
		return pluralMany
	}
	return pluralOther
}
