package auth

import (
	"context"
	"encoding/base64"
)

// Secret is what the servers of a database share under a name, and show nobody: 256 random bits,
// made when they are wanted first.
func (s *Service) Secret(ctx context.Context, name string) (secret []byte, err error) {
	defer wrap(&err, "read a secret")
	if known, ok := s.secrets.Load(name); ok {
		return known.([]byte), nil
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO secrets (
			name,
			value
		) VALUES ($1, $2)
		ON CONFLICT (name) DO NOTHING`, // another server may have been faster
		name, newToken(""))
	if err != nil {
		return nil, err
	}
	var value string
	if err := s.db.QueryRowContext(ctx, `SELECT value FROM secrets WHERE name = $1`, name).Scan(&value); err != nil {
		return nil, err
	}
	if secret, err = base64.RawURLEncoding.DecodeString(value); err != nil {
		return nil, err
	}
	s.secrets.Store(name, secret)
	return secret, nil
}
