package virtual

import "image"

// Draw draws what a job prints on the usual printer of 203 dpi with so many dots across. An error
// says which byte isn't understood.
func Draw(job []byte, dots int) (*image.Gray, error) {
	p, err := Parse(job, Plain(dots))
	if err != nil {
		return nil, err
	}
	return p.Image(), nil
}
