package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// decode reads the JSON body into v, and says what is wrong with it by its field.
// An empty body leaves v as it is.
func (s *Server) decode(c echo.Context, v any) error {
	body, err := s.readBody(c)
	if tooLarge, ok := errors.AsType[*echo.HTTPError](err); ok {
		return tooLarge
	}
	if err != nil {
		return invalid("", "La richiesta è arrivata incompleta: ripeterla.", "The request arrived incomplete: send it again.")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	err = dec.Decode(v)
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		if _, end := dec.Token(); errors.Is(end, io.EOF) {
			return nil
		}
		err = errors.New("more than one JSON value")
	}
	if typed, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if typed.Field == "" {
			return invalid("", `Il corpo della richiesta dev'essere un oggetto JSON, come {"campo":"valore"}.`, `The body of the request must be a JSON object, such as {"field":"value"}.`)
		}
		return invalid(typed.Field, "Il campo «"+typed.Field+"» è del tipo sbagliato ("+typed.Value+").", "The field “"+typed.Field+"” is of the wrong type ("+typed.Value+").")
	}
	if field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		field = strings.Trim(field, `"`)
		return invalid(field, "Il campo «"+field+"» non esiste: controllare come si scrive.", "There is no field “"+field+"”: check the spelling.")
	}
	var tree any
	if json.Unmarshal(body, &tree) == nil {
		if field, want := misread(tree, reflect.TypeOf(v), ""); want != nil {
			return invalid(field, "Il campo «"+field+"» non va bene: "+fixes[want]["it"]+".", "The field “"+field+"” won't do: "+fixes[want]["en"]+".")
		}
	}
	return invalid("", "Il corpo della richiesta non è JSON valido: "+err.Error(), "The body of the request is not valid JSON: "+err.Error())
}

// fixes say how to write values that read themselves, whose errors don't name their field.
var fixes = map[reflect.Type]queue.Text{
	reflect.TypeFor[calendar.Clock](): {"it": "scrivere l'ora come 08:30", "en": "write the time such as 08:30"},
	reflect.TypeFor[time.Time]():      {"it": "scrivere data, ora e fuso come 2026-03-02T10:30:00+01:00", "en": "write date, time and offset such as 2026-03-02T10:30:00+01:00"},
}

// misread finds the first value in a JSON tree that a type with a fix can't read, with its path, such as "hours.mon[0].from".
func misread(v any, t reflect.Type, path string) (field string, want reflect.Type) {
	if t.Kind() == reflect.Pointer {
		return misread(v, t.Elem(), path)
	}
	if fixes[t] != nil {
		if b, err := json.Marshal(v); err != nil || json.Unmarshal(b, reflect.New(t).Interface()) == nil {
			return "", nil
		}
		return path, t
	}
	switch v := v.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			break
		}
		for i, item := range v {
			if field, want = misread(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i)); want != nil {
				return field, want
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if inner := typeOf(key, t); inner != nil {
				if field, want = misread(v[key], inner, strings.TrimPrefix(path+"."+key, ".")); want != nil {
					return field, want
				}
			}
		}
	}
	return "", nil
}

// typeOf is the type of an object's value; nil if it has none of this key.
func typeOf(key string, t reflect.Type) reflect.Type {
	switch t.Kind() {
	case reflect.Map:
		return t.Elem()
	case reflect.Struct:
		for f := range t.Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); strings.EqualFold(name, key) {
				return f.Type
			}
		}
	}
	return nil
}
