package displays

// OpeningWords are held to what lib/opening.js says.
var OpeningWords = openingWords
