package auth

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// User is a member of the staff.
type User struct {
	Name      string // to sign in with: lower-case letters, digits, '.', '_' and '-', 2-32 of them, a letter first
	FullName  string // may be empty: the system needs no personal data
	Role      Role
	Offices   []string // where the user acts; none means everywhere
	Disabled  bool
	CreatedAt time.Time
}

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,31}$`)

const (
	maxFullName = 100 // characters
	maxOffices  = 100
)

var officeForm = regexp.MustCompile(`^[^\s\pC]{1,64}$`)

// storedOffices is how the database keeps offices: in order, each once, with spaces between them.
func storedOffices(offices []string) (string, error) {
	offices = slices.Compact(slices.Sorted(slices.Values(offices)))
	if len(offices) > maxOffices {
		return "", invalid("offices", TooLong)
	}
	for _, office := range offices {
		if !utf8.ValidString(office) || !officeForm.MatchString(office) {
			return "", invalid("offices", Malformed)
		}
	}
	return strings.Join(offices, " "), nil
}

// readOffices reads what storedOffices wrote.
func readOffices(stored string) []string {
	if stored == "" {
		return nil
	}
	return strings.Split(stored, " ")
}

// NormalName is a name as it is stored, however it was typed.
func NormalName(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func validName(name string) bool { return nameForm.MatchString(name) }

// Users lists all users by name.
func (s *Service) Users(ctx context.Context) (users []User, err error) {
	defer wrap(&err, "list users")
	rows, err := s.db.QueryContext(ctx, `
		SELECT
			name,
			full_name,
			role,
			offices,
			disabled,
			created_at
		FROM users
		ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	users = []User{}
	for rows.Next() {
		var u User
		var offices string
		var disabled, created int64
		if err := rows.Scan(&u.Name, &u.FullName, &u.Role, &offices, &disabled, &created); err != nil {
			return nil, err
		}
		u.Offices = readOffices(offices)
		u.Disabled, u.CreatedAt = disabled != 0, time.UnixMicro(created).UTC()
		users = append(users, u)
	}
	return users, rows.Err()
}

// AddUser makes a user of u's Name, FullName, Role and Offices, and gives it as it is stored. It
// returns Invalid of "name", "full_name", "role", "offices" or "password".
func (s *Service) AddUser(ctx context.Context, u User, password string) (added User, err error) {
	defer wrap(&err, "add a user")
	u.Name = NormalName(u.Name)
	u.FullName = strings.TrimSpace(u.FullName)
	switch {
	case !validName(u.Name):
		return User{}, invalid("name", Malformed)
	case utf8.RuneCountInString(u.FullName) > maxFullName:
		return User{}, invalid("full_name", TooLong)
	case !storable(u.FullName):
		return User{}, invalid("full_name", Malformed)
	case !u.Role.valid():
		return User{}, invalid("role", Malformed)
	}
	offices, err := storedOffices(u.Offices)
	if err != nil {
		return User{}, err
	}
	if err := checkPassword(password, slices.Concat(u.Offices, []string{u.Name, u.FullName})...); err != nil {
		return User{}, err
	}
	phc, err := s.hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	u.Offices = readOffices(offices)
	u.Disabled, u.CreatedAt = false, s.opts.Now().Truncate(time.Microsecond).UTC()
	res, err := s.db.ExecContext(ctx, `
		INSERT INTO users (
			name,
			full_name,
			role,
			offices,
			password,
			disabled,
			created_at
		) VALUES ($1, $2, $3, $4, $5, 0, $6)
		ON CONFLICT (name) DO NOTHING`, u.Name, u.FullName, string(u.Role), offices, phc, u.CreatedAt.UnixMicro())
	if err := affected(res, err, invalid("name", Taken)); err != nil {
		return User{}, err
	}
	return u, nil
}

// FirstAdmin makes the user "admin" with a random password when there is no user at all.
func (s *Service) FirstAdmin(ctx context.Context) (password string, created bool, err error) {
	defer wrap(&err, "make the first admin")
	var users int64
	if err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM users`).Scan(&users); err != nil || users > 0 {
		return "", false, err
	}
	password = readablePassword()
	_, err = s.AddUser(ctx, User{Name: "admin", Role: Admin}, password)
	if CodeOf(err) == Invalid {
		// Another server on the same database was quicker.
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	return password, true, nil
}

// ResetAdmin gives an admin a new random password and lets it in again, ending its sessions. It
// returns Unknown if there is no such user.
func (s *Service) ResetAdmin(ctx context.Context, name string) (password string, err error) {
	password = readablePassword()
	return password, s.ChangeUser(ctx, name, Change{Role: new(Admin), Offices: new([]string), Password: &password, Disabled: new(false)})
}

// Change is what to change of a user; nil leaves it as it is.
type Change struct {
	Role     *Role     // at once, for the sessions there are as well
	Offices  *[]string // likewise
	Password *string   // ends the sessions
	Disabled *bool     // true keeps the user out, ending the sessions; false lets the user in again
}

// ChangeUser makes all of a change or nothing of it. It returns Unknown, or Invalid of "role" for a
// word that is no role, of "offices" or "password", and of "role", "offices" or "disabled" for a
// change that would leave no enabled admin of all offices.
func (s *Service) ChangeUser(ctx context.Context, name string, c Change) (err error) {
	defer wrap(&err, "change a user")
	defer s.recent.forget()
	name = NormalName(name)
	if !validName(name) {
		return &Error{Code: Unknown}
	}
	if c.Role != nil && !c.Role.valid() {
		return invalid("role", Malformed)
	}
	var offices *string
	if c.Offices != nil {
		stored, err := storedOffices(*c.Offices)
		if err != nil {
			return err
		}
		offices = &stored
	}
	var phc *string
	if c.Password != nil {
		if err := checkPassword(*c.Password, name); err != nil {
			return err
		}
		hashed, err := s.hash(ctx, *c.Password)
		if err != nil {
			return err
		}
		phc = &hashed
	}
	return s.inTx(ctx, func(tx *sql.Tx) error {
		demotes := c.Role != nil || c.Offices != nil || c.Disabled != nil
		if demotes {
			// Changes nothing, but locks: of two admins who disable each other at the same moment
			// the second must see what the first did.
			if _, err := tx.ExecContext(ctx, `UPDATE users SET role = role WHERE role = 'admin'`); err != nil {
				return err
			}
		}
		res, err := tx.ExecContext(ctx, updateUser, (*string)(c.Role), offices, phc, flag(c.Disabled), name)
		if err := affected(res, err, &Error{Code: Unknown}); err != nil {
			return err
		}
		if demotes {
			if err := anAdminIsLeft(ctx, tx, c); err != nil {
				return err
			}
		}
		if c.Password == nil && (c.Disabled == nil || !*c.Disabled) {
			return nil
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM sessions WHERE user_name = $1`, name)
		return err
	})
}

const updateUser = `
	UPDATE users
	SET role = COALESCE($1, role),
		offices = COALESCE($2, offices),
		password = COALESCE($3, password),
		disabled = COALESCE($4, disabled)
	WHERE name = $5`

// flag is how the database keeps a bool.
func flag(b *bool) *int64 {
	switch {
	case b == nil:
		return nil
	case *b:
		return new(int64(1))
	}
	return new(int64(0))
}

// anAdminIsLeft refuses a change after which nobody can manage users.
func anAdminIsLeft(ctx context.Context, tx *sql.Tx, c Change) error {
	var admins int64
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM users WHERE role = 'admin' AND offices = '' AND disabled = 0`).Scan(&admins); err != nil || admins > 0 {
		return err
	}
	switch {
	case c.Role != nil && *c.Role != Admin:
		return invalid("role", LastAdmin)
	case c.Offices != nil && len(*c.Offices) > 0:
		return invalid("offices", LastAdmin)
	}
	return invalid("disabled", LastAdmin)
}

// ChangePassword gives users who ask for it themselves a new password, which ends their sessions.
// They must know the old one. A wrong old password is Invalid of "old_password" and counts as a
// failed sign-in; too many are RateLimited.
func (s *Service) ChangePassword(ctx context.Context, name, oldPassword, newPassword string, from From) (err error) {
	defer wrap(&err, "change a password")
	if err := checkPassword(newPassword, NormalName(name)); err != nil {
		return err
	}
	switch _, err := s.checkLogin(ctx, NormalName(name), oldPassword, from); {
	case CodeOf(err) == Unauthenticated:
		return invalid("old_password", Wrong)
	case err != nil:
		return err
	}
	return s.ChangeUser(ctx, name, Change{Password: &newPassword})
}

func (s *Service) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// affected turns "no row" into a refusal.
func affected(res sql.Result, err, none error) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return none
	}
	return nil
}
