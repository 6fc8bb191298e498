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
	if tooLarge, ok := errors.AsType[*queue.Refusal](err); ok {
		return tooLarge
	}
	if err != nil {
		return invalid("", reasonBodyCutOff)
	}
	if field, found := unwritable(body); found {
		return invalid(field, queue.ReasonUnwritable, "field", field)
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
			return invalid("", reasonNotAnObject)
		}
		return invalid(typed.Field, reasonWrongType, "field", typed.Field, "type", typed.Value)
	}
	if field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		field = strings.Trim(field, `"`)
		return invalid(field, reasonUnknownField, "field", field)
	}
	var tree any
	if json.Unmarshal(body, &tree) == nil {
		if field, want := misread(tree, reflect.TypeOf(v), ""); want != nil {
			return invalid(field, fixes[want], "field", field)
		}
	}
	return invalid("", reasonNotJSON, "error", err)
}

// fixes say how to write values that read themselves, whose errors don't name their field.
var fixes = map[reflect.Type]queue.Reason{
	reflect.TypeFor[calendar.Clock](): reasonWriteClock,
	reflect.TypeFor[time.Time]():      reasonWriteTime,
}

// misread finds the first value in a JSON tree that a type with a fix can't read, with its path,
// such as "hours.mon[0].from".
func misread(v any, t reflect.Type, path string) (field string, want reflect.Type) {
	if t.Kind() == reflect.Pointer {
		return misread(v, t.Elem(), path)
	}
	if fixes[t] != "" {
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
